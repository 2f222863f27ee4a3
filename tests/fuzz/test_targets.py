"""Spoilt and random input for all that reads what comes from outside: an answer, or our error."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from fuzzing import EDITS, ODD_TEXT, TREE_EDITS, TRIED, fuzz, mutated, spoilt
from hypothesis import given
from hypothesis import strategies as st
from targets import TARGETS, Target

from geomap.errors import GeomapError

# GDAL warns of each ring that is not closed, through a handler that cannot raise.
pytestmark = pytest.mark.filterwarnings("ignore")

CORPUS = Path(__file__).with_name("corpus")
# Inputs that once broke something, by target: corpus/TARGET/*.
KEPT = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
LONGEST_S = 10.0
FUZZ = fuzz(examples=12)
WITH_TREE = [name for name, target in TARGETS.items() if target.tree is not None]
OF_WORDS = [name for name, target in TARGETS.items() if target.words]


def tried(name: str, data: bytes) -> object:
    TRIED[name] += 1
    started = time.monotonic()
    try:
        found = TARGETS[name].run(data)
    except BaseException:
        # What broke it, as small as hypothesis makes it: to be put into corpus/.
        if folder := os.environ.get("GEOMAP_FUZZ_SAVE"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            Path(folder, name).write_bytes(data)
        raise
    assert time.monotonic() - started < LONGEST_S
    return found


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_broke_it(path: Path) -> None:
    tried(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_whole_input_is_read(name: str) -> None:
    for seed in TARGETS[name].seeds:
        assert not isinstance(tried(name, seed), GeomapError)


@pytest.mark.parametrize("name", TARGETS)
@FUZZ
@given(edits=EDITS, which=st.integers(0, 5))
def test_spoilt_bytes(name: str, edits: list[Any], which: int) -> None:
    seeds = TARGETS[name].seeds
    tried(name, mutated(seeds[which % len(seeds)], edits))


@pytest.mark.parametrize("name", TARGETS)
@FUZZ
@given(
    keep=st.integers(0, 64),
    data=st.binary(max_size=500) | st.text(max_size=200).map(str.encode)
    | st.text(st.sampled_from(ODD_TEXT + "[]{}\"',:=\n\t\\<>$%"), max_size=200).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
)  # fmt: skip
def test_random_bytes(name: str, data: bytes, keep: int) -> None:
    # Behind a true beginning, so that the reader gets to it.
    tried(name, TARGETS[name].seeds[0][:keep] + data)


@pytest.mark.parametrize("name", WITH_TREE)
@FUZZ
@given(edits=TREE_EDITS)
def test_spoilt_values(name: str, edits: list[Any]) -> None:
    target: Target = TARGETS[name]
    assert target.write is not None
    tried(name, target.write(spoilt(target.tree, edits)))


@pytest.mark.parametrize("name", OF_WORDS)
@FUZZ
@given(data=st.data())
def test_words_at_random(name: str, data: st.DataObject) -> None:
    words = st.sampled_from(TARGETS[name].words) | st.text(max_size=4)
    text = " ".join(data.draw(st.lists(words, max_size=15)))
    tried(name, data.draw(st.binary(min_size=1, max_size=1)) + text.encode("utf-8", "replace"))
