"""The quality gate: the real pipeline over the gold, held to floors.toml."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import pytest
from gate import Measured, faults, measure, read_floors

from geomap.score import read_gold

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

pytestmark = pytest.mark.quality

CORPORA = ("lgl-dev", "geovirus-dev", "ua-cir-dev", "ua-acled-namesakes-dev")


def hold(name: str, *, root: Path, shared: Path, nlp: Any) -> None:
    expected = read_floors(root)[name]
    measured = measure(name, root=root, shared=shared, nlp=nlp)
    assert measured.gold_sha256 == expected["gold_sha256"], (
        "the gold is not the one that the floors were measured on; "
        "say why it changed and put the new digest into floors.toml"
    )
    found = faults(measured, expected)
    # The message is the work list: every figure, every mention that went wrong.
    assert not found, "\n".join([*found, "", measured.report])


@pytest.mark.slow
def test_seeds(root_dir: Path, nlp: Any) -> None:
    hold("seeds", root=root_dir, shared=root_dir, nlp=nlp)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["development", "nonconflict"])
def test_development(name: str, root_dir: Path, nlp: Any) -> None:
    hold(name, root=root_dir, shared=root_dir, nlp=nlp)


@pytest.mark.shared
def test_seed_article(root_dir: Path, shared_dir: Path, nlp: Any) -> None:
    hold("seed_article", root=root_dir, shared=shared_dir, nlp=nlp)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("corpus", CORPORA)
def test_corpus(corpus: str, root_dir: Path, shared_dir: Path, nlp: Any) -> None:
    if not (shared_dir / "corpora" / f"{corpus}.jsonl").is_file():
        pytest.skip(f"{corpus} has an owner and is not in the project; it is not in {shared_dir}")
    hold(f"corpora.{corpus}", root=root_dir, shared=shared_dir, nlp=nlp)


def test_every_corpus_of_the_floors_is_measured(root_dir: Path) -> None:
    named = {name for name in read_floors(root_dir) if name.startswith("corpora.")}
    assert named == {f"corpora.{corpus}" for corpus in CORPORA}


@pytest.mark.parametrize("name", ["locked", "sealed"])
def test_gold_that_nobody_tunes_on_is_untouched(name: str, root_dir: Path) -> None:
    gold = read_gold(root_dir / "tests" / "quality" / name / "gold")
    assert gold.sha256 == read_floors(root_dir)[name]["gold_sha256"]


TOML = """\
# a comment that stays
[corpora.x]
gold_sha256 = "d"

[corpora.x.floors]
"a.f1" = 0.50
"a.recall" = 0.90

[corpora.x.ceilings]
"a.error" = 0.20

[corpora.y.floors]
"a.f1" = 0.10
"""


@pytest.fixture(scope="module")
def floors_script(root_dir: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "measure_floors", root_dir / "benchmarks" / "measure_floors.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_floors_are_raised_and_never_lowered(floors_script: ModuleType) -> None:
    figures = {"a": {"f1": 0.639, "recall": 0.87, "error": 0.141}}
    raised = floors_script.raised(TOML, "corpora.x", Measured("d", figures, ""))
    assert '"a.f1" = 0.63' in raised
    assert '"a.recall" = 0.90' in raised
    assert '"a.error" = 0.15' in raised
    assert raised.startswith("# a comment that stays")
    assert raised.endswith('[corpora.y.floors]\n"a.f1" = 0.10\n')


def test_figures_are_rounded_to_the_safe_side(floors_script: ModuleType) -> None:
    assert floors_script.rounded_down(0.29) == 0.29  # 0.29 * 100 is 28.999…
    assert floors_script.rounded_down(0.2999) == 0.29
    assert floors_script.rounded_up(0.1401) == 0.15
    assert floors_script.rounded_up(0.14) == 0.14


def test_missing_and_low_figures_are_faults() -> None:
    measured = Measured("d", {"a": {"f1": 0.5, "none": None}}, "")
    expected = {"floors": {"a.f1": 0.6, "a.none": 0.1}, "ceilings": {"a.f1": 0.4}}
    assert faults(measured, expected) == [
        "a.f1 is 0.5, floor 0.6",
        "a.none is None, floor 0.1",
        "a.f1 is 0.5, ceiling 0.4",
    ]
    assert faults(measured, {"floors": {"a.f1": 0.5}}) == []
