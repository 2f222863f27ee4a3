from __future__ import annotations

import hashlib
import json
import re
import time
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import folium
import pytest
from samples import event, extracted

from geomap.errors import OutputError
from geomap.geometry import circle, point, ring
from geomap.maps import draw_map, write_map
from geomap.maps.assets import FOLDER
from geomap.maps.basemap import basemap_features
from geomap.maps.symbols import FACTUALITIES, SYMBOLS, colour_of, style_of, symbol_of
from geomap.palette import EVENT_COLOURS
from geomap.records import Attribution

if TYPE_CHECKING:
    from pathlib import Path


def html_of(*args: Any, **kwargs: Any) -> str:
    return str(draw_map(*args, **kwargs).get_root().render())


def data_of(page: str) -> dict[str, Any]:
    (found,) = re.findall(r'id="geomap-data">(.*?)</script>', page)
    return json.loads(found)  # type: ignore[no-any-return]


def test_a_map_is_a_folium_map_to_which_can_be_added() -> None:
    drawn = draw_map(extracted())
    assert isinstance(drawn, folium.Map)
    folium.Marker([50, 30]).add_to(drawn)
    assert "L.marker" in drawn.get_root().render()
    assert "<iframe" in drawn._repr_html_()


def test_nothing_is_fetched() -> None:
    page = html_of(extracted())
    assert not re.findall(r"""\bsrc=["']?(?:https?:)?//|<link\b""", page)
    assert not re.findall(r"@import|url\((?!data:|#)", page)
    assert "default-src 'none'" in page
    assert '<html lang="en">' in page
    assert len(page) < 700_000


def test_the_same_input_gives_the_same_bytes() -> None:
    assert html_of([extracted()]) == html_of([extracted()])


def test_rendering_again_gives_the_same_bytes() -> None:
    page = draw_map(extracted()).get_root()
    assert page.render() == page.render()


def test_evidence_says_what_an_analyst_asks() -> None:
    page = html_of(extracted())
    evidence = data_of(page)["events"]["0"]["evidence"]
    assert '<mark class="trigger">corridor</mark>' in evidence
    assert '<mark class="place">Sumy</mark>' in evidence
    for word in ("Claimed", "Kyiv", "8 March 2022", "80&#37;", "within 5 km", "<em>from</em>"):
        assert word.replace("&#37;", "%") in evidence, word


@pytest.mark.parametrize("count", [0, 1])
def test_negated_events_are_listed_and_drawn_when_asked(count: int) -> None:
    drawn = bool(count)
    page = html_of(extracted(events=(event(factuality="negated"),)), draw_negated=drawn)
    assert len(data_of(page)["events"]) == count
    assert ("Listed, not drawn" in page) is not drawn


def test_unplaced_events_are_listed_with_the_reason() -> None:
    page = html_of(extracted(events=(event(geometry=None, reason="no place in it"),)))
    assert data_of(page)["events"] == {}
    assert "no place in it" in page
    assert "Nothing: no event with a known place" in page


def test_an_empty_map_is_a_map() -> None:
    assert data_of(html_of([]))["view"] is None


def test_events_on_both_sides_of_the_antimeridian_stand_together() -> None:
    events = (event(id="a", geometry=point(179.5, 65)), event(id="b", geometry=point(-179.5, 65)))
    view = data_of(html_of(extracted(events=events)))["view"]
    assert view[1][1] - view[0][1] < 10
    html_of(extracted(events=(event(geometry=circle(180, 10, radius_km=50)),)))


def test_a_title_of_the_user_and_of_the_article() -> None:
    assert "<title>Mine &lt;b&gt;</title>" in html_of(extracted(), title="Mine <b>")
    article = replace(extracted().article, title="Its own")
    assert "<title>Its own</title>" in html_of(extracted(article=article))


def test_types_to_come_are_drawn_in_grey() -> None:
    page = html_of(extracted(events=(event(type="parade", geometry=point(30, 50)),)))
    assert data_of(page)["types"]["parade"]["colour"] == EVENT_COLOURS["other"]
    assert symbol_of("parade") is SYMBOLS["other"]
    assert set(SYMBOLS) == set(EVENT_COLOURS)
    assert len({symbol.path for symbol in SYMBOLS.values()}) == len(SYMBOLS)


def test_claims_differ_from_assertions_in_stroke() -> None:
    strokes = {name: style_of("strike", name).get("dashArray") for name in FACTUALITIES}
    assert strokes["asserted"] is None
    assert (
        len({strokes["asserted"], strokes["claimed"], strokes["planned"], strokes["denied"]}) == 4
    )
    assert colour_of("strike") == style_of("strike", "claimed")["color"]


@pytest.mark.parametrize("said", [None, Attribution(organisation="the council", verb="say")])
def test_who_says_so(said: Attribution | None) -> None:
    page = html_of(extracted(events=(event(attribution=said),)))
    assert ("the council" if said else "nobody named") in data_of(page)["events"]["0"]["evidence"]


def test_a_thousand_events_are_quick() -> None:
    shapes = [point(30, 50), ring(31, 49, radius_km=8)]
    events = tuple(event(id=f"e{n}", geometry=shapes[n % 2]) for n in range(1000))
    start = time.perf_counter()
    page = html_of(extracted(events=events))
    assert time.perf_counter() - start < 10
    assert len(data_of(page)["events"]) == 1000


def test_write_map_replaces_or_leaves(tmp_path: Path) -> None:
    target = write_map(draw_map(extracted()), tmp_path / "map.html")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(OutputError, match="cannot be written"):
        write_map(draw_map([]), tmp_path / "none" / "map.html")


def test_assets_are_the_recorded_ones() -> None:
    registry = tomllib.loads((FOLDER / "registry.toml").read_text(encoding="utf-8"))
    for library in registry.values():
        for name, digest in library["sha256"].items():
            assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name
        assert (FOLDER / library["licence_file"]).is_file()


def test_the_basemap_covers_the_view(tmp_path: Path) -> None:
    land, borders = basemap_features((29.0, 49.0, 32.0, 51.0))
    assert land
    assert borders
    assert basemap_features(None, path=tmp_path / "none.geojson") == ([], [])
