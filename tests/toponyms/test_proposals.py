"""Which spans of a text are proposed as toponyms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toponym_builders import Lookup, proposal, proposed, tokens, towns

from geomap.toponyms.proposals import behind_dash, propose, starts_name

NOTHING = Lookup()


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("Shells fell on Kharkov.", ["Kharkov"], {"Kharkov"}),
        ("They left New York City.", ["New York", "New York City"], {"New York", "New York City"}),
        ("in the Republic of the Congo", ["Republic of the Congo"], {"Republic of the Congo"}),
        ("a fire at Bila Tserkva’s plant", ["Bila Tserkva"], {"Bila Tserkva"}),
        ("Lysychansk-Sievierodonetsk", ["Lysychansk", "Sievierodonetsk"],
         {"Lysychansk", "Sievierodonetsk"}),
        ("reading in bath", ["Reading", "Bath"], set()),  # no capitals
        ("Senator McAllen spoke", ["Allen"], set()),
        ("Kyiv2022", ["Kyiv"], set()),  # one word to the tokeniser
        ("The North was cold", ["North"], set()),  # on the list of words that are never places
        ("The Hague ruled", ["The Hague"], {"The Hague", "Hague"}),
        ("in The Sumy", ["Sumy"], {"The Sumy", "Sumy"}),  # its own article, in capitals
        ("The Sumy fire", ["Sumy"], {"Sumy"}),  # that of the sentence
        ("", ["Kyiv"], set()),
    ],
)  # fmt: skip
def test_names_of_the_gazetteer(text: str, known: list[str], expected: set[str]) -> None:
    assert proposed(text, towns(*known)) == expected


def test_all_spans_of_a_long_name_are_weighed_later() -> None:
    found = proposed("the Donetsk region", towns("Donetsk", "Donetsk region"))
    assert found == {"Donetsk", "Donetsk region"}


@pytest.mark.parametrize("label", ["GPE", "LOC", "FAC"])
def test_unknown_names_that_ner_takes_for_places_are_kept(label: str) -> None:
    assert proposed("Shells fell on Vyhadka.", NOTHING, [("Vyhadka", label)]) == {"Vyhadka"}


@pytest.mark.parametrize("label", ["PERSON", "ORG", "DATE", "NORP"])
def test_other_unknown_names_are_not(label: str) -> None:
    assert proposed("They met Vyhadka.", NOTHING, [("Vyhadka", label)]) == set()


def test_a_known_name_is_proposed_whatever_ner_calls_it() -> None:
    assert proposed("Mariupol held.", towns("Mariupol"), [("Mariupol", "ORG")]) == {"Mariupol"}


@pytest.mark.parametrize("people", ["Georgian", "Syrians"])
def test_words_for_peoples_are_left_out(people: str) -> None:
    text = f"The {people} left."
    assert proposed(text, towns(people), [(people, "NORP")]) == set()
    assert proposed(text, towns(people)) >= {people}


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        ("from Abava - Bebava – Cecava", "Abava - Bebava – Cecava", {"Abava", "Bebava", "Cecava"}),
        ("in Ust-Kut", "Ust-Kut", {"Ust-Kut"}),
        ("in the Abava’s", "the Abava’s", {"Abava"}),
        ("in Abava (Bebava)", "Abava (Bebava)", set()),  # brackets part two names
    ],
)
def test_entities_are_cut_and_trimmed(text: str, entity: str, expected: set[str]) -> None:
    assert proposed(text, NOTHING, [(entity, "GPE")]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the village of Nova Vyhadka.", {"Nova Vyhadka"}),
        ("the town Vyhadka fell", {"Vyhadka"}),
        ("the villages burned", set()),
        ("on North Main Street today", {"North Main Street"}),
        ("along Otter Creek", {"Otter Creek"}),
        ("on Highway 114 near", {"Highway 114"}),
        ("on County Road 43 near", {"County Road 43", "County Road", "Road 43"}),
        ("the street was empty", set()),
        ("Avava-Bebava-Cecava", {"Bebava"}),  # a stop between two dashes
    ],
)
def test_unknown_names_are_proposed_by_the_nouns_and_dashes_around(
    text: str, expected: set[str]
) -> None:
    assert proposed(text, NOTHING) == expected


def test_each_span_is_proposed_once_with_its_candidates() -> None:
    text = tokens("the town of Kharkov", [("Kharkov", "GPE")])
    (found,) = propose(text, towns("Kharkov"))  # type: ignore[arg-type]
    assert (found.start, found.end) == (3, 4)
    assert [c.place.name for c in found.candidates] == ["Kharkov"]


@pytest.mark.parametrize(
    ("word", "starts"),
    [("Kyiv", True), ("’Ain", True), ("'s", False), ("kyiv", False), ("’", False), ("7", False)],
)
def test_what_starts_a_name(word: str, *, starts: bool) -> None:
    assert starts_name(word) is starts


def test_what_stands_behind_a_dash() -> None:
    text = tokens("Sumy – Lubny-")
    assert [behind_dash(text, n) for n in range(5)] == [-1, 2, -1, -1, -1]
    assert proposal(text, "Lubny").start == 2


@given(st.text("Kyiv Lviv-–.,’'s()\n&/ of the St.", max_size=60))
def test_proposals_lie_in_the_text_and_hold_their_words(text: str) -> None:
    made = tokens(text)
    for found in propose(made, towns("Kyiv", "Lviv", "Kyiv Lviv")):  # type: ignore[arg-type]
        assert 0 <= found.start < found.end <= len(made)
        assert made.slice(found.start, found.end) == found.text
