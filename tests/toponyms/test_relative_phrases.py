"""Phrases that tell a place by others: which are found, and what they say."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from relative_sentences import FILE, marked, score

from geomap.toponyms.distances import DISTANCE, read_distance
from geomap.toponyms.phrases import find_phrases
from geomap.toponyms.relations import bearings_of, relation_rules
from geomap.toponyms.windows import words_before, words_behind

if TYPE_CHECKING:
    from geomap.toponyms.phrases import Phrase


def phrases(text: str) -> list[tuple[Phrase, str]]:
    plain, toponyms = marked(text)
    return [(p, plain[p.start : p.end]) for p in find_phrases(plain, toponyms)]


@pytest.mark.parametrize(
    ("words", "km", "precision", "bound"),
    [
        ("20 km", 20, 5, "about"),
        ("12 km", 12, 0.5, "about"),
        ("some 20–30 kilometres", 25, 5, "about"),
        ("twenty-five miles", 40.234, 0.805, "about"),
        ("2.5km", 2.5, 0.05, "about"),
        ("1,200 km", 1200, 50, "about"),
        ("a few hundred metres", 0.4, 0.4, "about"),
        ("half a mile", 0.805, 0.08, "about"),
        ("two and a half miles", 4.023, 0.08, "about"),
        ("a hundred kilometres", 100, 50, "about"),
        ("several dozen kilometers", 48, 36, "about"),
        ("15 nautical miles", 27.78, 0.926, "about"),
        ("60 kilometers (40 miles)", 60, 5, "about"),
        ("less than 3 km", 3, 0.5, "at most"),
        ("up to five kilometres", 5, 0.5, "at most"),
        ("more than 100 km", 100, 50, "at least"),
    ],
)
def test_distances_are_read_in_km(words: str, km: float, precision: float, bound: str) -> None:
    found = read_distance(re.fullmatch(DISTANCE, words, re.IGNORECASE))
    assert found.km == pytest.approx(km, abs=1e-3)
    assert found.precision_km == pytest.approx(precision, abs=1e-3)
    assert found.bound == bound


@pytest.mark.parametrize("words", ["km", "20 people", "3G m", "two hours", "12:30 mi"])
def test_other_numbers_are_no_distance(words: str) -> None:
    assert re.fullmatch(DISTANCE, words, re.IGNORECASE) is None


@pytest.mark.parametrize(
    ("words", "bearings"),
    [
        ("north", (0.0,)),
        ("north-western", (315.0,)),
        ("south east", (135.0,)),
        ("north-northwest", (337.5,)),
        ("east-southeast", (112.5,)),
        ("north and west", (0.0, 270.0)),
        (None, ()),
    ],
)
def test_compass_words_are_bearings(words: str | None, bearings: tuple[float, ...]) -> None:
    assert bearings_of(words) == bearings


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "It fell about 20 km east of the town of [Izium].",
            "about 20 km east of the town of Izium",
        ),
        ("He is in the [Bakhmut] direction now.", "in the Bakhmut direction"),
        ("It sank off [Crimea]'s western coast today.", "off Crimea's western coast"),
        ("Live on [Avdiivka]'s northern edge.", "Avdiivka's northern edge"),
        ("It is 12 km from [Kharkiv], to the north-east.", "12 km from Kharkiv, to the north-east"),
    ],
)
def test_a_phrase_holds_all_its_words(text: str, whole: str) -> None:
    assert [words for _, words in phrases(text)] == [whole]


@pytest.mark.parametrize(
    "text",
    [
        "30 km of road in [Kyiv] were repaired.",
        "A 2 km long column stood in [Ivankiv].",
        "Talks between [Russia] and [Ukraine] go on.",
        "They covered 109 miles from [Paredes] to [Baltanas].",
        "A city 150 km north of [Pakistan]'s largest city was hit.",
        "The bomb hit [Beirut]'s southern suburb of [Haret Hreik].",
        "They went north. Of [Kyiv] nothing was said.",
        "Polish border guards in [Lviv] met.",
        "Customers from the [Kentucky] border to the [Gulf of Mexico] had no power.",
    ],
)
def test_what_tells_no_place_is_left_alone(text: str) -> None:
    assert phrases(text) == []


def test_half_of_a_pair_is_not_taken_twice() -> None:
    text = "From [Izium], 20 km north of [Sloviansk] and south of [Balakliia], nothing moved."
    found = [(p.relation, p.anchors) for p, _ in phrases(text)]
    assert found == [("offset", (1,)), ("bearing", (2,))]


def test_the_development_sentences_are_read() -> None:
    scores = score("development")
    assert (scores.precision, scores.recall) == (1.0, 1.0), "\n".join(scores.faults)


def test_the_sentences_set_aside_are_read_nearly_as_well() -> None:
    scores = score("aside")
    assert scores.precision >= 0.95
    assert scores.recall >= 0.95


@given(st.text(alphabet="[]ab 0123456789kmnorthsuwebdl,.'’-–()", max_size=300))
def test_offsets_stay_within_any_text(text: str) -> None:
    plain, toponyms = marked(text)
    toponyms = [t for t in toponyms if t.end > t.start]
    ids = {t.id for t in toponyms}
    for phrase in find_phrases(plain, toponyms):
        assert 0 <= phrase.start < phrase.end <= len(plain)
        assert set(phrase.anchors) <= ids


@pytest.mark.parametrize(
    "unit",
    [
        "20 km north ", "the " * 5, "north-" * 8, "between ", "a few ", "0,000", "border ",
        "of of of ", "(((((", "[X], ", "[X]–", "from [X] to ",
    ],
)  # fmt: skip
def test_time_grows_with_the_length_only(unit: str) -> None:
    def seconds(times: int) -> float:
        plain, toponyms = marked(unit * times + "20 km east of [Kharkiv]")
        start = time.perf_counter()
        find_phrases(plain, toponyms)
        return time.perf_counter() - start

    seconds(10)
    short, long = min(seconds(400) for _ in range(3)), min(seconds(1600) for _ in range(3))
    # Four times the text: 16 times the time would be quadratic.
    assert long < max(10 * short, 0.1)


def test_wordings_hold_a_part_that_their_rule_needs() -> None:
    held = 0
    for row in map(json.loads, FILE.read_text(encoding="utf-8").splitlines()):
        text, toponyms = marked(row["text"])
        for number in range(len(toponyms)):
            before = words_before(text, toponyms, number)[1]
            behind = words_behind(text, toponyms, number)
            for rule in relation_rules():
                matches = (not rule.before or rule.before.search(before)) and (
                    not rule.behind or rule.behind.search(behind)
                )
                if matches:
                    held += 1
                    words = f"{before}\n{behind}".lower()
                    assert any(need in words for need in rule.needs), words
    assert held
