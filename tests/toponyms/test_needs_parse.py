"""Which names need the parse before their reading is known: a look at the words beside."""

from __future__ import annotations

import pytest
import spacy
from toponym_builders import country, place

from geomap.toponyms.reading import acts, needs_parse

BLANK = spacy.blank("en")
KYIV = place("Kyiv", feature_code="PPLC")
MARIUPOL = place("Mariupol")


def asks(text: str, name: str, where: object) -> bool:
    doc = BLANK.make_doc(text)
    start = text.index(name)
    span = doc.char_span(start, start + len(name))
    return needs_parse(span, where)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("Kyiv believes so", True),
        ("He saw Kyiv’s offer", True),
        ("the talks between Kyiv", True),
        ("the blame on Kyiv", True),
        ("an offer of Kyiv", True),
        ("a deal with Kyiv", True),
        ("The strike on the outskirts of Kyiv", True),
        ("They stayed in Kyiv.", False),
        ("They stayed in Kyiv and left", False),
    ],
)
def test_a_seat_of_government(text: str, *, needed: bool) -> None:
    assert asks(text, "Kyiv", KYIV) is needed


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("the Mariupol council met", True),
        ("Mariupol’s council met", True),
        ("the mayor and council of Mariupol", True),
        ("Mariupol beat Sumy", True),
        ("Mariupol believes so", False),
        ("a deal with Mariupol", False),
        ("They stayed in Mariupol.", False),
    ],
)
def test_another_town(text: str, *, needed: bool) -> None:
    assert asks(text, "Mariupol", MARIUPOL) is needed


def test_who_acts() -> None:
    assert acts(KYIV)
    assert acts(country("Ukraine", "UA"))
    assert not acts(MARIUPOL)
    assert not acts(None)
