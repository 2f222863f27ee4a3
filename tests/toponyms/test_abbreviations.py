"""Abbreviations that a text declares stand for the name before them."""

from __future__ import annotations

from typing import Any

import pytest

from geomap.pipeline import extract
from geomap.records import Article
from geomap.toponyms.abbreviations import declared_abbreviations


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("the Donetsk People's Republic (DNR)", "Donetsk People's Republic", {"DNR"}),
        ("the Kurdistan Region of Iraq (KRI)", "Kurdistan Region of Iraq", {"KRI"}),
        ("The Gambia (GAM)", "The Gambia", {"GAM"}),
        ("Kirkuk (AFP)", "Kirkuk", set()),
        ("Kirkuk (Iraq)", "Kirkuk", set()),
        ("Kirkuk, (K)", "Kirkuk", set()),
    ],
)
def test_declared(text: str, name: str, found: set[str]) -> None:
    start = text.index(name)
    declared = declared_abbreviations(text, [(start, start + len(name))])
    assert set(declared) == found
    assert all(span == (start, start + len(name)) for span in declared.values())


def test_the_abbreviation_has_the_place_of_its_name(nlp: Any) -> None:
    text = "Shells fell in South Kordofan (SKF) again. The governor of SKF denied it."
    toponyms = extract(Article(id="a", text=text), nlp=nlp).toponyms
    named = {t.text: t.place for t in toponyms}
    assert named["South Kordofan"] is not None
    assert named["SKF"] == named["South Kordofan"]
    assert [t.start for t in toponyms if t.text == "SKF"] == [text.index("SKF"), text.rindex("SKF")]
