"""What the words of a text say of a span: the recogniser's features."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toponym_builders import (
    Lookup,
    candidate,
    country,
    place,
    proposal,
    region,
    tokens,
    towns,
)

from geomap.toponyms.evidence import document_evidence, features_of
from geomap.toponyms.proposals import propose

TOWN = (candidate(place("Vyhadka"), 0.4),)


def features(
    text: str,
    name: str,
    *,
    known: Lookup | None = None,
    entities: list[tuple[str, str]] | None = None,
    candidates: tuple[Any, ...] = TOWN,
) -> dict[str, float]:
    made = tokens(text, entities or [])
    everything = propose(made, known or towns(name))  # type: ignore[arg-type]
    return features_of(proposal(made, name, candidates), made, document_evidence(made, everything))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shells fell in Vyhadka.", {"left_locative", "left_in", "left_lower", "right_stop"}),
        ("They went to Vyhadka", {"left_to", "left_locative", "right_none"}),
        ("Vyhadka fell.", {"left_none", "first_in_sentence"}),
        ("the town of Vyhadka", {"left_of", "left_place_noun"}),
        ("the mayor of Vyhadka", {"left_of", "left_place_noun"}),
        ("the parliament of Vyhadka", {"left_of", "left_institution"}),
        ("a report by Vyhadka", {"left_by"}),
        ("said General Vyhadka", {"left_title"}),
        ("with John Vyhadka", {"left_given_name", "left_capital"}),
        ("by J. Vyhadka", {"left_initial"}),
        ("near the Vyhadka", {"article", "left_locative"}),
        ("fire (Vyhadka) out", {"left_bracket"}),
        ("twelve Vyhadka (east)", {"right_bracket"}),
        ("fire in Vyhadka’s east", {"right_possessive"}),
        ("in the Vyhadka region", {"right_geographic", "right_place_noun"}),
        ("the Vyhadka council met", {"right_institution"}),
        ("Vyhadka University opened", {"right_organisation", "right_capital", "run_organisation"}),
        ("“Fire,” Vyhadka said", {"right_speech"}),
        ("Vyhadka, who left", {"left_none"}),
        ("Vyhadka, 47, left", {"right_comma_number", "right_age"}),
        ("on Vyhadka Street", {"run_road", "run_begins"}),
        ("met President Vyhadka there", {"left_title", "run_title", "run_ends"}),
    ],
)
def test_words_around(text: str, expected: set[str]) -> None:
    assert expected <= features(text, "Vyhadka").keys()


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("Vyhadka, Texas", Lookup({"Texas": (candidate(region("Texas")),)}),
         {"right_comma_capital", "right_comma_region", "right_comma_known"}),
        ("Vyhadka and Sumy", towns("Sumy"), {"right_and_known"}),
        ("Sumy and Vyhadka", towns("Sumy"), {"left_and_known", "left_and"}),
        ("Sumy, Vyhadka", towns("Sumy"), {"left_comma_known", "left_comma_capital"}),
        ("Vyhadka Ukraine", Lookup({"Ukraine": (candidate(country("Ukraine", "UA")),)}),
         {"right_known", "right_region"}),
    ],
)  # fmt: skip
def test_known_names_beside(text: str, known: Lookup, expected: set[str]) -> None:
    assert expected <= features(text, "Vyhadka", known=known).keys()


@pytest.mark.parametrize(
    ("text", "entity", "label", "expected"),
    [
        ("in Vyhadka today", "Vyhadka", "GPE", "ner_gpe_whole"),
        ("in Vyhadka’s east", "Vyhadka’s", "GPE", "ner_gpe_whole"),
        ("with Ivan Vyhadka", "Ivan Vyhadka", "PERSON", "ner_person_inside"),
        ("the Vyhadka Post wrote", "the Vyhadka Post", "ORG", "ner_org_inside"),
        ("the Vyhadka people", "Vyhadka", "NORP", "ner_norp_whole"),
        ("on Vyhadka Day", "Vyhadka Day", "DATE", "ner_other_inside"),
    ],
)
def test_what_ner_says(text: str, entity: str, label: str, expected: str) -> None:
    found = features(text, "Vyhadka", entities=[(entity, label)])
    assert found[expected] == 1
    assert "ner_none" not in found
    assert "ner_none" in features(text, "Vyhadka")


def test_what_ner_says_elsewhere_in_the_text() -> None:
    text = "Vyhadka fell. In Vyhadka fires burned. Vyhadka wrote."
    labels = [("Vyhadka", "GPE"), ("Vyhadka", "PERSON"), ("Vyhadka", "GPE")]
    found = features(text, "Vyhadka", entities=labels)
    assert found["labelled"] == found["repeated"] == 3
    assert found["labelled_place"] == pytest.approx(2 / 3)
    assert found["labelled_person"] == pytest.approx(1 / 3)
    person = features("Ivan Vyhadka came. Vyhadka left.", "Vyhadka",
                      entities=[("Ivan Vyhadka", "PERSON")])  # fmt: skip
    assert person["person_part"] == 1


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ((), {"unknown"}),
        ((candidate(country("Ukraine", "UA")),), {"country", "spelled_exactly", "prior"}),
        ((candidate(region("Sumy Oblast")),), {"region"}),
        ((candidate(place("Kyiv", feature_code="PPLC")),), {"capital", "settlement"}),
        ((candidate(place("Dnipro", feature_class="H")),), {"water"}),
        ((candidate(place("Lyman", reviewed=True), match="alias"),), {"reviewed", "alias"}),
        ((candidate(place("Balakliia"), match="mt"),), {"mistranslation"}),
        ((candidate(region("Donetsk Oblast"), match="stem"),), {"stem"}),
    ],
)
def test_what_the_gazetteer_says(candidates: tuple[Any, ...], expected: set[str]) -> None:
    found = features("in Vyhadka today", "Vyhadka", candidates=candidates)
    assert expected <= found.keys()
    assert "region" not in found or candidates[0].match != "stem"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Reading", {"common_word", "english_word"}),
        ("John", {"given_name"}),
        ("Putin", {"public_figure"}),
        ("DNR", {"capitals_short"}),
        ("MARIUPOL", {"capitals_long"}),
        ("Łódź", {"foreign"}),
        ("Highway 114", {"digits"}),
        ("Ust-Kut", {"hyphen"}),
        ("Main Street", {"ends_in_road"}),
    ],
)
def test_what_the_name_itself_says(name: str, expected: set[str]) -> None:
    found = features(f"saw {name} then", name, candidates=())
    assert expected <= found.keys()


def test_a_run_of_capitals_is_described_from_each_of_its_parts() -> None:
    text = "saw The Grand Vyhadka Hotel & Spa there"
    whole = features(text, "Grand Vyhadka Hotel")
    assert whole["run_longer"] == 3  # The, &, Spa
    assert "run_whole" not in whole
    assert "run_whole" in features("saw Vyhadka there", "Vyhadka")


def test_capitals_throughout_are_told() -> None:
    assert features("SHELLS REACHED VYHADKA", "VYHADKA")["upper_document"] == 1
    assert "upper_document" not in features("Shells reached Vyhadka", "Vyhadka")


@given(st.text("Kyiv Lviv.,’'s-()\n& 12", max_size=60))
def test_features_are_numbers_for_any_text(text: str) -> None:
    made = tokens(text)
    proposals = propose(made, towns("Kyiv", "Lviv"))  # type: ignore[arg-type]
    document = document_evidence(made, proposals)
    assert len(document.runs) == len(made)
    for each in proposals:
        found = features_of(each, made, document)
        assert all(isinstance(value, float) and value for value in found.values())
