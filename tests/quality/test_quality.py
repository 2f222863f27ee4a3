"""The quality gate: the real pipeline over the gold, held to floors.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from geomap.records import Article
from geomap.score import evaluate, read_gold

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.score import Scores

pytestmark = [pytest.mark.quality, pytest.mark.slow]


@pytest.fixture(scope="module")
def floors(root_dir: Path) -> dict[str, Any]:
    text = (root_dir / "tests" / "quality" / "floors.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@pytest.fixture(scope="module")
def nlp() -> Any:
    from geomap.pipeline import load_pipeline  # noqa: PLC0415 - loads spaCy
    from geomap.settings import Settings  # noqa: PLC0415

    return load_pipeline(Settings())


def score(files: list[Path], gold_dir: Path, nlp: Any) -> Scores:
    from geomap.pipeline import extract  # noqa: PLC0415 - loads spaCy

    articles = [
        Article(id=f.stem, text=f.read_bytes().decode("utf-8"), published=date_of(f), language="en")
        for f in files
    ]
    return evaluate([extract(article, nlp=nlp) for article in articles], read_gold(gold_dir))


def date_of(file: Path) -> dt.date | None:
    try:
        return dt.date.fromisoformat(file.stem[:10])
    except ValueError:
        return None


def hold(scores: Scores, expected: dict[str, Any]) -> None:
    assert scores.gold_sha256 == expected["gold_sha256"], (
        "the gold is not the one that the floors were measured on; "
        "say why it changed and put the new digest into floors.toml"
    )
    faults = []
    for path, floor in expected["floors"].items():
        value: Any = scores.to_dict()
        for key in path.split("."):
            value = value[key]
        if value is None or value < floor:
            faults.append(f"{path} is {value}, floor {floor}")
    # The message is the work list: every figure, every mention that went wrong.
    assert not faults, "\n".join([*faults, "", scores.table()])


def test_seeds(root_dir: Path, floors: dict[str, Any], nlp: Any) -> None:
    seeds = root_dir / "seeds"
    hold(score(sorted(seeds.glob("*.txt")), seeds / "gold", nlp), floors["seeds"])


@pytest.mark.shared
def test_seed_article(shared_dir: Path, floors: dict[str, Any], nlp: Any) -> None:
    seed = shared_dir / "seed"
    hold(score([seed / "article.txt"], seed / "gold", nlp), floors["seed_article"])


def test_locked_gold_is_untouched(root_dir: Path, floors: dict[str, Any]) -> None:
    gold = read_gold(root_dir / "tests" / "quality" / "locked" / "gold")
    assert gold.sha256 == floors["locked"]["gold_sha256"]
