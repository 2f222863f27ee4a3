"""Shapes of events that no sentence is needed for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geomap import geometry
from geomap.events.shapes import LARGEST_DISC_KM, Shape, relative_shape, shape_of
from geomap.records import RelativePlace
from tests.samples import POLTAVA, SUMY, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import Place

KYIV = place("Kyiv", 30.5, 50.4, radius_km=20.0)
OUTLINE = {"type": "Polygon", "coordinates": [[[34, 50], [36, 50], [36, 52], [34, 50]]]}
OBLAST = place("Sumy Oblast", 34, 51, feature_class="A", feature_code="ADM1", radius_km=100.0)
UKRAINE = place("Ukraine", 31, 49, feature_class="A", feature_code="PCLI", radius_km=600.0)
POINT_OF_SUMY = {"type": "Point", "coordinates": [SUMY.lon, SUMY.lat]}
NOTHING = Shape(None, None, None)


def outlines(place_id: str) -> Mapping[str, Any] | None:
    """Give the outline of the one place that has one."""
    return OUTLINE if place_id == OBLAST.id else None


def drawn(kind: str, *places: Place | None, directions: tuple[str, ...] = ()) -> Shape:
    return shape_of(kind, [("at", p) for p in places], directions=directions, boundary=outlines)


def test_a_line_between_two_rows_at_one_point_is_a_point() -> None:
    commune = place("Sumy commune", SUMY.lon, SUMY.lat, radius_km=9.0)
    assert drawn("line", SUMY, commune) == Shape(POINT_OF_SUMY, "point", SUMY.radius_km)


def test_only_rows_at_one_point_beside_each_other_are_one_stop() -> None:
    north = place("north", SUMY.lon, SUMY.lat + 1)
    east = place("east", SUMY.lon + 1, SUMY.lat)
    assert drawn("line", SUMY, north).method == "line"
    assert drawn("line", SUMY, east).method == "line"
    assert len(drawn("line", SUMY, POLTAVA, SUMY).geometry["coordinates"]) == 3


def test_a_point_is_as_uncertain_as_its_place_is_large() -> None:
    assert drawn("point", SUMY) == Shape(POINT_OF_SUMY, "point", SUMY.radius_km)


def test_places_that_are_not_known_are_passed_over() -> None:
    assert drawn("point", None, SUMY).geometry == POINT_OF_SUMY
    assert drawn("point", None, None) == drawn("line") == NOTHING


def test_a_route_is_as_uncertain_as_its_largest_stop() -> None:
    found = drawn("line", SUMY, KYIV)
    line = {"type": "LineString", "coordinates": [[34.8, 50.9], [30.5, 50.4]]}
    assert found == Shape(line, "line", 20.0)
    assert drawn("line", KYIV, SUMY).geometry["coordinates"] == line["coordinates"][::-1]


def test_a_route_of_three_is_a_chain() -> None:
    found = drawn("line", SUMY, POLTAVA, KYIV)
    stops = [[34.8, 50.9], [34.55, 49.59], [30.5, 50.4]]
    assert found == Shape({"type": "LineString", "coordinates": stops}, "chain", 20.0)


def test_a_town_is_ringed_or_in_the_named_directions() -> None:
    ring = geometry.ring(KYIV.lon, KYIV.lat, radius_km=20.0)
    assert drawn("ring", KYIV) == Shape(ring, "ring", 20.0)
    part = geometry.sector(KYIV.lon, KYIV.lat, radius_km=20.0, bearings_deg=[0, 270])
    assert drawn("ring", KYIV, directions=("north", "west")) == Shape(part, "sector", 20.0)
    assert drawn("ring", KYIV, directions=("nearby",)).method == "ring"


@pytest.mark.parametrize("kind", ["ring", "point", "line"])
def test_an_area_is_its_outline_whatever_the_event(kind: str) -> None:
    assert drawn(kind, OBLAST) == Shape(OUTLINE, "region", 100.0)
    # Whatever else is told, a whole country says nothing of where in it.
    assert drawn(kind, UKRAINE) == NOTHING


@pytest.mark.parametrize(
    ("radius", "known"), [(1.0, True), (LARGEST_DISC_KM, True), (LARGEST_DISC_KM + 1, False)]
)
def test_an_area_without_outline_is_a_disc_up_to_a_size(radius: float, *, known: bool) -> None:
    area = place("Raion", 34, 51, feature_class="A", feature_code="ADM2", radius_km=radius)
    if known:
        disc = geometry.circle(34, 51, radius_km=radius)
        assert drawn("point", area) == Shape(disc, "region", radius)
    else:
        assert drawn("point", area) == NOTHING


@pytest.mark.parametrize(
    ("code", "radius", "method"),
    [
        ("RGN", 30.0, "point"),  # as small as a park
        ("RGN", 31.0, "region"),
        ("MILB", 31.0, "point"),
        ("RGN", 301.0, None),
        ("MILB", 301.0, "point"),
    ],
)
def test_a_stretch_of_land_is_an_area_when_it_is_large(
    code: str, radius: float, method: str | None
) -> None:
    land = place("Donbas", 38, 48, feature_class="L", feature_code=code, radius_km=radius)
    found = drawn("point", land)
    assert (found.method, found.uncertainty_km) == (method, radius if method else None)


def test_a_town_is_a_point_however_large() -> None:
    city = place("City", 34, 51, radius_km=400.0)
    assert drawn("point", city).method == "point"


def relative(**changes: Any) -> RelativePlace:
    values: dict[str, Any] = {
        "start": 0, "end": 18, "text": "20 km east of Sumy", "anchors": (0,), "relation": "offset",
        "distance_km": 20.0, "bearing_deg": 90.0, "geometry": POINT_OF_SUMY, "method": "offset",
        "lon": SUMY.lon, "lat": SUMY.lat, "uncertainty_km": 7.0, "reason": "by the wording",
    }  # fmt: skip
    return RelativePlace(**{**values, **changes})


def test_a_place_told_by_another_is_drawn_where_it_is_told() -> None:
    told = relative()
    assert relative_shape("point", told) == Shape(POINT_OF_SUMY, "offset", 7.0)
    assert relative_shape("ring", told) == Shape(POINT_OF_SUMY, "offset", 7.0)
    assert relative_shape("line", told) is None
    assert relative_shape("point", None) is None
    assert relative_shape("point", relative(geometry=None)) is None
