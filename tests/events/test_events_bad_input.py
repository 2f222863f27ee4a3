"""Texts that hold no event, or hold it badly: no crash, no invention."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.pipeline import extract
from geomap.records import Article

WORDS = [
    "troops",
    "shelled",
    "bombed",
    "Kyiv",
    "Kharkiv",
    "the",
    "city",
    "there",
    "on",
    "Thursday",
    "said",
    "denied",
    "“",
    "”",
    '"',
    "(",
    ")",
    ":",
    ";",
    ",",
    ".",
    "\n",
    "\n\n",
    "-",
    "•",
    "12:30",
    "talks",
    "corridor",
    "from",
    "to",
    "surrounded",
    "not",
    "will",
    "killed",
    "12",
    "people",
    ",",
    "according",
    "to",
]


def events_of(text: str, nlp: Any, day: dt.date | None = None) -> tuple[Any, ...]:
    return extract(Article(id="a", text=text, published=day), nlp=nlp).events


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "The council repaired the roof of the library.",
        "Bread 1.20\nMilk 0.90\nEggs 2.10",
        "| town | people |\n|---|---|\n| Kyiv | 3,000,000 |\n| Lviv | 700,000 |",
        "Kyiv, Lviv, Odesa, Dnipro, Kharkiv, Sumy, Poltava, Lutsk, Rivne",
        "10:05 Coffee.\n10:20 The minister arrives.\n11:00 He speaks.",
    ],
)
def test_nothing_is_invented(text: str, nlp: Any) -> None:
    assert events_of(text, nlp) == ()


def test_an_event_without_a_place_is_listed_with_a_warning(nlp: Any) -> None:
    text = "Tanks, drones and artillery were used. An air strike killed two soldiers of the army."
    found = extract(Article(id="a", text=text), nlp=nlp)
    (strike,) = [e for e in found.events if e.type == "strike"]
    assert strike.geometry is None
    assert strike.places == ()
    assert any("listed, not drawn" in warning for warning in found.warnings)


def test_an_event_without_a_date_has_none(nlp: Any) -> None:
    (event,) = events_of("An air strike hit Sumy.", nlp)
    assert event.date is None


def test_a_live_blog_keeps_its_entries_apart(nlp: Any) -> None:
    text = (
        "LIVE: drones and missiles over Ukraine, air force and army on alert\n\n"
        "14:30 A missile hit Dnipro.\n\n12:05 Artillery shelled Nikopol.\n\n"
        "09:00 Drones were shot down over Odesa."
    )
    found = extract(Article(id="a", text=text, published=dt.date(2024, 5, 5)), nlp=nlp)
    names = {t.id: t.text for t in found.toponyms}
    told = {(e.type, names[a.toponym]) for e in found.events for a in e.places}
    assert {("strike", "Dnipro"), ("strike", "Nikopol"), ("air_defence", "Odesa")} <= told
    assert {e.date.start for e in found.events} == {dt.date(2024, 5, 5)}


def test_quotes_in_quotes(nlp: Any) -> None:
    text = (
        "“The commander told us, ‘We have surrounded Izium’, and we believed him,” said the "
        "resident. “They said: “The army shelled Sumy”.”"
    )
    for event in events_of(text, nlp):
        assert event.factuality in {"claimed", "asserted"}


def test_a_sentence_of_a_hundred_clauses(nlp: Any) -> None:
    text = "The army said that " + ", and that ".join(
        f"rockets hit village number {n} near Kharkiv" for n in range(100)
    )
    assert all(e.type for e in events_of(text + ".", nlp))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_order_of_words(nlp: Any, words: list[str]) -> None:
    text = " ".join(words)
    found = extract(Article(id="a", text=text, published=dt.date(2022, 3, 4)), nlp=nlp)
    known = {t.id for t in found.toponyms}
    for event in found.events:
        assert text[event.trigger.start : event.trigger.end] == event.trigger.text
        assert text[event.sentence.start : event.sentence.end] == event.sentence.text
        assert {a.toponym for a in event.places} <= known
        assert 0 <= event.confidence <= 1
