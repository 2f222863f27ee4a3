"""What the real pipeline makes of names, by phenomenon. All sentences are our own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.pipeline import extract
from geomap.records import Article


def read(text: str, nlp: Any) -> Any:
    return extract(Article(id="a", text=text, language="en"), nlp=nlp)


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("Shells fell on Kharkov.", "Kharkov", "Kharkiv"),
        ("They went to Krasny Liman.", "Krasny Liman", "Lyman"),
        ("The talks were held in Belovezhskaya Pushcha.", "Belovezhskaya Pushcha", None),
        ("The enemy stopped near Korosten (Zhytomyr region).", "Korosten", "Korosten"),
        ("They hold Artemovsk in the Donetsk region.", "Artemovsk", "Bakhmut"),
    ],
)
def test_names_find_their_places(text: str, name: str, place: str | None, nlp: Any) -> None:
    (found,) = [t for t in read(text, nlp).toponyms if t.text == name]
    assert found.place is not None
    assert place is None or found.place.name == place


def test_a_hill_in_a_city_is_not_the_village_of_its_name(nlp: Any) -> None:
    (hill, _) = read("A centre in the Lysaya Gora area in Kyiv was hit.", nlp).toponyms
    assert (round(hill.place.lat, 1), round(hill.place.lon, 1)) == (50.4, 30.5)


def test_a_mistranslation_needs_its_context(nlp: Any) -> None:
    (town, _) = read("The city of Grocery (Kharkov region) was liberated.", nlp).toponyms
    assert town.place.name == "Balakliia"
    assert "machine" in town.reason
    assert read("The Grocery store in the street was closed.", nlp).toponyms == ()


@pytest.mark.parametrize(
    ("text", "name", "reading"),
    [
        ("Moscow believes that time is short.", "Moscow", "metonymic"),
        ("Washington hopes for more.", "Washington", "metonymic"),
        ("It began at 17:50 Moscow time.", "Moscow", "modifier"),
        ("The attaché works at the Croatian Embassy in Moscow.", "Moscow", "literal"),
        ("Troops stand at the Kherson direction.", "Kherson", "literal"),
        ("Israeli jets bombed the Jabalia refugee camp.", "Jabalia refugee camp", "literal"),
    ],
)
def test_readings(text: str, name: str, reading: str, nlp: Any) -> None:
    (found,) = [t for t in read(text, nlp).toponyms if t.text == name]
    assert found.reading == reading


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=200) | st.text("KyivMaru pol.,()’-\n\u202e\U0001f4a5", max_size=200))
def test_offsets_hold_for_any_text(text: str, nlp: Any) -> None:
    for toponym in read(text, nlp).toponyms:
        assert text[toponym.start : toponym.end] == toponym.text


@pytest.mark.parametrize(
    "text",
    [
        "RUSSIAN TROOPS SURROUNDED MARIUPOL ON THURSDAY",
        "russian troops surrounded mariupol",
        "\n\n \t\n",
        "Kyiv " * 3000,
        "كييف Kyiv \U0001f4a5\U0001f4a5 Київ",
        "(((((Kyiv))))) — “Kyiv” -Kyiv- Kyiv’s",
    ],
)
def test_rough_text_does_not_break_it(text: str, nlp: Any) -> None:
    found = read(text, nlp)
    assert all(text[t.start : t.end] == t.text for t in found.toponyms)


def test_a_towns_own_name_beats_the_other_name_of_another(nlp: Any) -> None:
    # "Sloviansk" is among the former names of Nikopol, which is larger and nearer to Kherson.
    text = "Troops stand between Izium and Sloviansk, and on the left bank at Kherson."
    named = {t.text: t.place for t in read(text, nlp).toponyms}
    assert named["Sloviansk"].name == "Sloviansk"
