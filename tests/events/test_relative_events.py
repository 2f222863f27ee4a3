"""Events whose place the text tells by another one."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from shapely.geometry import Point, shape
from spacy.tokens import Doc, DocBin

from geomap.contract import from_dict, to_dict
from geomap.frames import events_to_gdf
from geomap.maps import draw_map
from geomap.pipeline import extract
from geomap.records import Article
from geomap.report import report
from geomap.toponyms.annotations import relative_places_of

if TYPE_CHECKING:
    from geomap.records import ExtractedArticle

KYIV = (30.5238, 50.4547)


def read(text: str, nlp: Any) -> ExtractedArticle:
    article = Article(id="a", text=text, published=dt.date(2022, 3, 20), language="en")
    return extract(article, nlp=nlp)


@pytest.mark.parametrize(
    ("text", "method", "kind"),
    [
        ("Missiles struck a depot 20 km east of Kharkiv on Tuesday.", "offset", "Point"),
        ("Artillery shelled the southern outskirts of Bakhmut.", "outskirts", "Polygon"),
        ("Rockets hit the south-western part of the Donetsk region.", "part", "Polygon"),
        ("A drone struck a ship off the coast of Odesa.", "coast", "Polygon"),
        ("A missile struck a depot in Kharkiv.", "point", "Point"),
        ("Missiles struck Poltava; 2 km of road burned.", "point", "Point"),
    ],
)
def test_an_event_takes_the_geometry_of_the_phrase(
    text: str, method: str, kind: str, nlp: Any
) -> None:
    (event,) = (found for found in read(text, nlp).events if found.type == "strike")
    assert (event.geometry_method, event.geometry["type"]) == (method, kind)
    assert event.uncertainty_km > 0


def test_what_happens_between_two_places_is_one_event(nlp: Any) -> None:
    (event,) = read("Missiles struck positions between Izium and Sloviansk.", nlp).events
    assert event.geometry_method == "between"
    assert [a.role for a in event.places] == ["near", "near"]


def test_an_offset_event_says_why_it_is_there(nlp: Any) -> None:
    found = read("Missiles struck a depot 20 km east of Kharkiv on Tuesday.", nlp)
    (event,), (place,) = found.events, found.relative_places
    assert event.geometry == place.geometry
    assert event.uncertainty_km == place.uncertainty_km
    assert "“20 km east of Kharkiv”: 20 km east of Kharkiv: ±" in event.reason
    assert place.anchors == (event.places[0].toponym,)


def test_an_event_is_named_by_its_phrase_not_by_its_anchor(nlp: Any) -> None:
    text = "Rockets hit a village 15 km from the border with Belarus. Kharkiv was shelled."
    found = read(text, nlp)
    first, second = found.events
    phrase = "15 km from the border with Belarus"
    assert (found.phrase_of(first), found.phrase_of(second)) == (phrase, None)
    assert list(events_to_gdf(found)["places"]) == [phrase, "Kharkiv"]
    assert f"strike: {phrase};" in report([found])
    page = draw_map(found).get_root().render()
    assert phrase in page


def test_a_phrase_of_another_sentence_does_not_move_an_event(nlp: Any) -> None:
    text = "A missile struck a plant in Kharkiv. Soldiers camp 20 km east of Kharkiv."
    found = read(text, nlp)
    assert [e.geometry_method for e in found.events] == ["point"]
    assert len(found.relative_places) == 1


def test_a_corridor_keeps_its_line(nlp: Any) -> None:
    text = "A humanitarian corridor was opened from Mariupol in the direction of Zaporizhzhia."
    (event,) = read(text, nlp).events
    assert event.geometry_method == "line"


def test_what_lies_north_of_a_city_does_not_contain_a_region(nlp: Any) -> None:
    found = read("A missile hit a plant in Korosten (Zhytomyr region, north of Kiev).", nlp)
    names = {t.text: t.place.name for t in found.toponyms if t.place}
    assert names["Korosten"] == "Korosten"
    assert names["Zhytomyr region"] == "Zhytomyr Oblast"
    (place,) = found.relative_places
    assert place.text == "north of Kiev"
    assert found.toponyms[place.locates].text == "Korosten"
    assert not shape(place.geometry).contains(Point(KYIV))


def test_relative_places_survive_storing_a_doc(nlp: Any) -> None:
    doc = nlp("Missiles struck a depot 20 km east of Kharkiv, near the Russian border.")
    expected = relative_places_of(doc)
    assert [p.relation for p in expected] == ["offset", "border"]
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (third,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert relative_places_of(again) == relative_places_of(third) == expected
    assert [s.label_ for s in again.spans["relative_places"]] == ["offset", "border"]


def test_relative_places_survive_the_contract(nlp: Any) -> None:
    text = "Missiles struck a depot 20 km east of Kharkiv. Troops stood north of Kyiv."
    found = read(text, nlp)
    row = json.loads(json.dumps(to_dict(found)))
    assert from_dict(row).relative_places == found.relative_places
    assert row["relative_places"][0]["relation"] == "offset"
