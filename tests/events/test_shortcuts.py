"""What is looked for first, to save time, leaves nothing out that is looked for after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geomap.events.dates import _RULES
from geomap.events.taxonomy import EventType, load_taxonomy

DISPATCHES = Path(__file__).parents[1] / "quality" / "development"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(DISPATCHES.glob("*.txt"))]
WORDINGS = [
    "On the eighth day of the war, day 9 of the invasion.",
    "Two weeks earlier, three days later and a month ago, at the beginning of the week.",
    "On 2022-03-03, 8.4.2022, the 8th of April 2022 and MAY 9, 2022; in May; since 2014.",
    "The day before yesterday, YESTERDAY morning, last night, Tonight, tomorrow, Now.",
    "The same evening. A day after the army had left. On the 21st. Next weekend.",
]


def test_one_search_finds_where_each_phrase_begins() -> None:
    taxonomy = load_taxonomy()
    assert TEXTS
    for text in (*TEXTS, "CUT OFF. Troops Came Under Fire and UNDER SHELLING were pulled out."):
        starts = {m.start() for m in taxonomy.phrase_starts.finditer(text.lower())}
        singly = {m.start() for _, _, p in taxonomy.phrases for m in p.finditer(text)}
        assert singly <= starts


@pytest.mark.parametrize("kind", load_taxonomy().types.values(), ids=lambda kind: kind.name)
def test_one_search_finds_every_counter_pattern(kind: EventType) -> None:
    look = load_taxonomy().any_counter[kind.name]
    lines = [line for text in TEXTS for line in text.splitlines()]
    lines += ["A Heart Attack", "Peace Talks at the company", "under siege from critics"]
    for line in lines:
        if any(counter.search(line) for counter in kind.counters):
            assert look.search(line.lower())


def test_dates_hold_a_word_of_their_rule() -> None:
    found = 0
    for words, pattern, _ in _RULES:
        for text in (*TEXTS, *WORDINGS):
            for match in pattern.finditer(text):
                found += 1
                assert any(word in match.group().lower() for word in words), match.group()
    assert found > len(TEXTS)
