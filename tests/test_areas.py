"""Areas from language: valid everywhere, on the right side, of the right size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box, mapping, shape

from geomap import areas
from geomap.geometry import bearing_between, check, distance_km, offset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONS = st.floats(-180, 180)
LATS = st.floats(-80, 80)
BEARINGS = st.floats(0, 359.99)
SQUARE = mapping(box(30, 50, 32, 52))
EAST_OF_IT = mapping(box(32, 50, 34, 52))


def is_sound(geometry: Mapping[str, Any]) -> bool:
    check(geometry)
    return shape(geometry).is_valid and geometry["type"] in {"Polygon", "MultiPolygon"}


def near(lon: float, other: float) -> float:
    return abs((lon - other + 180) % 360 - 180)


@given(LONS, LATS, BEARINGS, st.floats(0, 40), st.floats(1, 200), st.floats(5, 90))
def test_a_wedge_is_valid_and_lies_in_its_direction(
    lon: float, lat: float, bearing: float, inner: float, more: float, half: float
) -> None:
    wedge = areas.wedge(
        lon, lat, inner_km=inner, outer_km=inner + more, bearing_deg=bearing, half_angle_deg=half
    )
    assert is_sound(wedge)
    assert areas.farthest_km(wedge, lon, lat) <= (inner + more) * 1.001 + 0.01
    spot = areas.middle(wedge)
    apart = abs((bearing_between(lon, lat, *spot) - bearing + 180) % 360 - 180)
    assert apart < half + 5


@given(LONS, LATS, st.floats(0, 50), st.floats(1, 100))
def test_an_annulus_is_valid_and_leaves_its_middle_free(
    lon: float, lat: float, inner: float, more: float
) -> None:
    ring = areas.annulus(lon, lat, inner_km=inner, outer_km=inner + more)
    assert is_sound(ring)
    if inner > 1 and abs(lon) < 179:
        assert not shape(ring).contains(Point(lon, lat))


@settings(deadline=None, max_examples=60)
@given(LONS, LATS, BEARINGS, st.floats(1, 900), st.floats(0.5, 60))
def test_a_corridor_is_valid_and_holds_its_ends(
    lon: float, lat: float, bearing: float, length: float, width: float
) -> None:
    end = offset(lon, lat, distance_km=length, bearing_deg=bearing)
    corridor = areas.corridor([(lon, lat), end], half_width_km=width)
    assert is_sound(corridor)
    for x, y in ((lon, lat), end):
        if abs(x) < 179.9 and abs(y) < 85:
            assert shape(corridor).distance(Point(x, y)) < 1e-3


def test_a_corridor_over_the_antimeridian_is_cut_there() -> None:
    corridor = areas.corridor([(179.5, 60), (-179.5, 61)], half_width_km=5)
    assert corridor["type"] == "MultiPolygon"
    assert near(areas.middle(corridor)[0], 180) < 0.1


@pytest.mark.parametrize(
    ("bearings", "inside", "outside"),
    [
        ([0], (31, 51.5), (31, 50.5)),
        ([90], (31.5, 51), (30.5, 51)),
        ([225], (30.5, 50.5), (31.5, 51.5)),
        ([0, 90], (30.5, 51.5), (30.5, 50.5)),
    ],
)
def test_a_part_is_the_half_or_quarter_on_that_side(
    bearings: Sequence[float], inside: tuple[float, float], outside: tuple[float, float]
) -> None:
    part = areas.part_of(SQUARE, bearings)
    assert shape(part).contains(Point(inside))
    assert not shape(part).contains(Point(outside))


def test_the_part_of_an_area_over_the_antimeridian_is_cut_there_too() -> None:
    whole = {
        "type": "MultiPolygon",
        "coordinates": [
            mapping(box(170, 60, 180, 70))["coordinates"],
            mapping(box(-180, 60, -174, 70))["coordinates"],
        ],
    }
    east = areas.part_of(whole, [90])
    assert is_sound(east)
    assert shape(east).contains(Point(-177, 65))
    assert not shape(east).contains(Point(171, 65))


def test_the_shared_border_is_the_common_edge() -> None:
    (line,) = areas.shared_border(SQUARE, EAST_OF_IT)
    assert {lon for lon, _ in line} == {32.0}
    assert areas.shared_border(SQUARE, mapping(box(40, 50, 41, 51))) == ()
    # Areas that touch in one corner share no line.
    assert areas.shared_border(SQUARE, mapping(box(32, 52, 33, 53))) == ()


def test_what_is_left_and_what_is_common() -> None:
    half = mapping(box(31, 50, 33, 52))
    assert shape(areas.without(SQUARE, half)).equals(box(30, 50, 31, 52))
    assert shape(areas.common(SQUARE, half)).equals(box(31, 50, 32, 52))
    assert areas.without(SQUARE, SQUARE) is None
    assert areas.common(SQUARE, mapping(box(40, 50, 41, 51))) is None


def test_a_hole_stays_a_hole() -> None:
    ring = areas.without(SQUARE, mapping(box(30.5, 50.5, 31.5, 51.5)))
    assert is_sound(ring)
    assert len(ring["coordinates"]) == 2
    assert shape(ring).contains(Point(areas.middle(ring)))


def test_the_edge_of_an_area_is_measured_in_the_direction() -> None:
    corner = distance_km(31, 51, 32, 52)
    assert areas.edge_km(SQUARE, 31, 51, bearing_deg=45) == pytest.approx(corner, rel=0.01)
    straight = areas.edge_km(SQUARE, 31, 51, bearing_deg=90)
    assert distance_km(31, 51, 32, 51) <= straight < corner
    assert areas.edge_km(SQUARE, 20, 51, bearing_deg=270) == 0  # nothing of it lies that way
