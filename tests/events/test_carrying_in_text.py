"""Which place an event has when its own sentence names none, or another one loosely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.events.arguments import find_places, ties_in
from geomap.events.focus import Focus
from geomap.events.taxonomy import load_taxonomy
from geomap.events.triggers import FoundTrigger
from geomap.pipeline import extract, load_pipeline
from geomap.records import Article
from geomap.toponyms.annotations import toponyms_of

if TYPE_CHECKING:
    from spacy.language import Language


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


def _events(nlp: Language, text: str) -> dict[str, list[tuple[str, str]]]:
    """Give role and name of the places of the last event of each type."""
    extracted = extract(Article(id="a", text=text, published=None, language="en"), nlp=nlp)
    names = {t.id: t.text for t in extracted.toponyms}
    return {e.type: [(a.role, names[a.toponym]) for a in e.places] for e in extracted.events}


TOWN = (
    "Kherson under fire\n\nMYKOLAIV, 3 March. Kherson was quiet in the morning. Russian artillery and "
    "soldiers stood across the river. A doctor had come from Odesa to Kherson.\n\n"
)


@pytest.mark.parametrize(
    ("sentence", "kind", "place"),
    [
        ("In the evening shells hit a school.", "strike", "Kherson"),
        ("In the evening the Russian army shelled the city.", "strike", "Kherson"),
        ("Odesa, Lviv and Poltava were shelled.", "strike", "Poltava"),
    ],
)
def test_the_text_says_where(nlp: Language, sentence: str, kind: str, place: str) -> None:
    assert place in [name for _, name in _events(nlp, TOWN + sentence)[kind]]


def test_an_unknown_village_takes_no_other_place(nlp: Language) -> None:
    text = TOWN + "Russian troops shelled the village of Qwyzhgrad in the evening."
    places = _events(nlp, text).get("strike", [])
    assert "Kherson" not in [name for _, name in places]


def test_a_journey_begins_where_the_text_is(nlp: Language) -> None:
    doc = nlp(TOWN + "Russian troops shelled the city; 500 civilians were evacuated to Lviv.")
    places = [(doc.char_span(t.start, t.end), t) for t in toponyms_of(doc)]
    trigger = next(token for token in doc if token.text == "evacuated")
    kind = load_taxonomy().types["evacuation"]
    found = FoundTrigger(trigger, kind, ordinal=None, placed=False)
    names = {t.id: t.text for _, t in places}
    [tied] = ties_in([found], places)
    [group] = find_places(found, tied, places, doc, Focus(doc, places)).groups
    assert [(a.role, names[a.toponym]) for a in group] == [("from", "Kherson"), ("to", "Lviv")]


def test_no_place_is_given_where_none_is_named(nlp: Language) -> None:
    doc = nlp("Shells hit a school in the evening.")
    kind = load_taxonomy().types["strike"]
    assert Focus(doc, []).ranked(FoundTrigger(doc[1], kind, ordinal=None, placed=False)) == []


def test_neighbours_in_a_list_are_events_of_their_own(nlp: Language) -> None:
    text = "Russian troops shelled Rubizhne, Sievierodonetsk and Lysychansk on Monday."
    extracted = extract(Article(id="a", text=text, published=None, language="en"), nlp=nlp)
    assert len([e for e in extracted.events if e.type == "strike"]) == len(["R", "S", "L"])
