"""Areas from language: valid everywhere, on the right side, of the right size."""

from __future__ import annotations

import itertools
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


def winds_right(geometry: Mapping[str, Any]) -> bool:
    """Tell whether outer rings run counterclockwise and holes clockwise (RFC 7946)."""
    many = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if many else [geometry["coordinates"]]
    return all(
        shape({"type": "LinearRing", "coordinates": ring}).is_ccw == (not number)
        for rings in polygons
        for number, ring in enumerate(rings)
    )


def test_holes_wind_the_other_way_however_many_there_are() -> None:
    holes = [mapping(box(30.2 + n, 50.2, 30.8 + n, 50.8)) for n in range(2)]
    found = areas.without(SQUARE, *holes)
    assert found["type"] == "Polygon"
    assert len(found["coordinates"]) == 3
    assert winds_right(found)
    assert winds_right(areas.annulus(30, 50, inner_km=5, outer_km=10))
    assert shape(found).area == pytest.approx(4 - 2 * 0.36)


def test_a_hole_over_the_antimeridian_is_cut_with_its_area() -> None:
    west, east = mapping(box(178, 10, 180, 14)), mapping(box(-180, 10, -178, 14))
    land = {"type": "MultiPolygon", "coordinates": [west["coordinates"], east["coordinates"]]}
    lake = [(179, 11), (181, 11), (181, 13), (179, 13)]
    whole = [(178, 10), (182, 10), (182, 14), (178, 14)]
    found = areas._with_holes([whole, lake])
    assert found["type"] == "MultiPolygon"
    assert shape(found).area == pytest.approx(16 - 4)
    assert not shape(found).contains(Point(179.5, 12))
    assert not shape(found).contains(Point(-179.5, 12))
    assert shape(found).contains(Point(-178.5, 12))
    assert shape(land).covers(shape(found))
    check(found)


def test_what_is_smaller_than_a_sliver_is_left_out() -> None:
    speck = mapping(box(31, 51, 31.005, 51.005))
    assert areas.common(SQUARE, speck) is None
    grain = mapping(box(31, 51, 31.02, 51.02))
    assert shape(areas.common(SQUARE, grain)).equals(shape(grain))
    # What is given is united whole.
    assert shape(areas.united([speck])).equals(shape(speck))
    with pytest.raises(ValueError, match="at least one"):
        areas.united([])


def test_parts_apart_stay_parts() -> None:
    far = mapping(box(40, 50, 41, 51))
    both = areas.united([SQUARE, far])
    assert both["type"] == "MultiPolygon"
    assert len(both["coordinates"]) == 2
    assert shape(areas.united([both, EAST_OF_IT])).area == pytest.approx(4 + 4 + 1)
    assert areas.farthest_km(both, 30, 50) == pytest.approx(distance_km(30, 50, 41, 51), rel=0.01)
    (line,) = areas.shared_border(both, EAST_OF_IT)
    assert {lon for lon, _ in line} == {32.0}
    assert areas.farthest_km(SQUARE, 30, 50) == distance_km(30, 50, 32, 52)


def test_a_border_of_one_is_all_of_its_boundary() -> None:
    (line,) = areas.shared_border(SQUARE, None)
    assert {tuple(p) for p in line} == {(30, 50), (30, 52), (32, 52), (32, 50)}
    assert line[0] == line[-1]
    neighbour = mapping(box(30, 48, 31, 50))
    other = mapping(box(31.5, 48, 32, 50))
    lines = areas.shared_border(SQUARE, areas.united([neighbour, other]))
    assert sorted(sorted(line) for line in lines) == [
        [(30, 50), (31, 50)], [(31.5, 50), (32, 50)],
    ]  # fmt: skip


def test_a_disc_has_no_hole_of_less_than_fifty_metres() -> None:
    assert len(areas.annulus(30, 50, inner_km=0.05, outer_km=1)["coordinates"]) == 1
    assert len(areas.annulus(30, 50, inner_km=0.06, outer_km=1)["coordinates"]) == 2
    tip = areas.wedge(30, 50, inner_km=0.05, outer_km=1, bearing_deg=90)
    assert [30, 50] in tip["coordinates"][0]
    blunt = areas.wedge(30, 50, inner_km=0.06, outer_km=1, bearing_deg=90)
    assert [30, 50] not in blunt["coordinates"][0]


def test_a_wedge_reaches_as_far_and_as_wide_as_it_is_told() -> None:
    (ring,) = areas.wedge(30, 50, inner_km=5, outer_km=20, bearing_deg=90)["coordinates"]
    assert winds_right({"type": "Polygon", "coordinates": [ring]})
    far = [distance_km(30, 50, *p) for p in ring]
    assert (min(far), max(far)) == pytest.approx((5, 20), abs=0.01)
    angles = [bearing_between(30, 50, *p) for p in ring]
    assert (min(angles), max(angles)) == pytest.approx((67.5, 112.5), abs=0.1)
    half = areas.wedge(30, 50, inner_km=5, outer_km=20, bearing_deg=90, half_angle_deg=90)
    angles = [bearing_between(30, 50, *p) % 359.9 for p in half["coordinates"][0]]
    assert (min(angles), max(angles)) == pytest.approx((0, 180), abs=0.1)


@pytest.mark.parametrize("end", [(31.0, 50.0), (30.0, 50.0), (30.0, 50.3)])
def test_a_corridor_is_as_wide_as_told_all_along(end: tuple[float, float]) -> None:
    found = areas.corridor([(30, 50), end], half_width_km=3)
    length = distance_km(30, 50, *end)
    for step in range(5):
        spot = offset(
            30, 50, distance_km=length * step / 4, bearing_deg=bearing_between(30, 50, *end)
        )
        for bearing in range(0, 360, 45):
            inside = offset(*spot, distance_km=2.6, bearing_deg=bearing)
            assert shape(found).contains(Point(inside))
    edge = [min(distance_km(30, 50, *p), distance_km(*end, *p)) for p in found["coordinates"][0]]
    assert min(edge) == pytest.approx(3, abs=0.01)
    assert areas.farthest_km(found, 30, 50) == pytest.approx(length + 3, abs=0.1)


def test_a_long_corridor_follows_the_geodesic() -> None:
    start, end = (0.0, 60.0), (40.0, 60.0)
    found = areas.corridor([start, end], half_width_km=5)
    length = distance_km(*start, *end)
    halfway = offset(*start, distance_km=length / 2, bearing_deg=bearing_between(*start, *end))
    assert halfway[1] > 61  # the great circle bends to the pole
    assert shape(found).contains(Point(halfway))
    assert not shape(found).contains(Point(20, 60))
    pieces = areas._pieces(start, end)
    steps = [distance_km(*a, *b) for a, b in itertools.pairwise(pieces)]
    assert max(steps) <= areas.PIECE_KM + 0.01
    assert steps == pytest.approx([steps[0]] * len(steps), abs=0.01)
    assert areas._pieces(start, start) == [start, start]


@pytest.mark.parametrize(
    ("bearing", "bounds"),
    [
        (0, (30, 51, 32, 52)), (45, (31, 51, 32, 52)), (90, (31, 50, 32, 52)),
        (135, (31, 50, 32, 51)), (180, (30, 50, 32, 51)), (225, (30, 50, 31, 51)),
        (270, (30, 50, 31, 52)), (315, (30, 51, 31, 52)), (67.5, (31, 51, 32, 52)),
        (359.5, (30, 51, 32, 52)),
    ],
)  # fmt: skip
def test_the_part_of_a_square_is_its_half_or_quarter(
    bearing: float, bounds: tuple[float, ...]
) -> None:
    assert shape(areas.part_of(SQUARE, [bearing])).bounds == bounds


def test_parts_overseas_do_not_count_and_islands_do() -> None:
    island, colony = box(33, 50, 34, 51), box(60, 10, 61, 11)
    land = {
        "type": "MultiPolygon",
        "coordinates": [
            mapping(part)["coordinates"] for part in (box(30, 50, 32, 52), island, colony)
        ],
    }
    south = shape(areas.part_of(land, [180]))
    assert south.bounds[0] == 30
    assert south.bounds[2] == 34
    assert not south.intersects(colony)
    at_the_limit = {
        **land,
        "coordinates": [land["coordinates"][0], mapping(box(37, 50, 38, 51))["coordinates"]],
    }
    assert shape(areas.part_of(at_the_limit, [180])).bounds[2] == 38
    beyond = {
        **land,
        "coordinates": [land["coordinates"][0], mapping(box(37.1, 50, 38, 51))["coordinates"]],
    }
    assert shape(areas.part_of(beyond, [180])).bounds[2] == 32


def test_the_middle_of_a_crescent_lies_in_it() -> None:
    horseshoe = areas.without(SQUARE, mapping(box(30.5, 50, 31.5, 51.9)))
    spot = Point(areas.middle(horseshoe))
    assert shape(horseshoe).contains(spot)
    # ... and near its centroid, not anywhere.
    assert spot.distance(shape(horseshoe).centroid) < 0.8
    assert areas.middle(SQUARE) == (31, 51)


def test_an_area_that_reaches_over_the_antimeridian_has_its_middle_there() -> None:
    parts = [box(178, 0, 180, 2), box(-180, 0, -178, 2)]
    land = {"type": "MultiPolygon", "coordinates": [mapping(p)["coordinates"] for p in parts]}
    lon, lat = areas.middle(land)
    assert (abs(lon), lat) == (180, 1)
    # Two halves of the world apart that touch no antimeridian are left as they are.
    wide = [box(-100, 0, -98, 2), box(85, 0, 87, 2)]
    spread = {"type": "MultiPolygon", "coordinates": [mapping(p)["coordinates"] for p in wide]}
    assert shape(spread).contains(Point(areas.middle(spread)))


def test_the_edge_is_looked_for_half_a_wind_to_both_sides() -> None:
    assert areas.edge_km(SQUARE, 31, 51, bearing_deg=0) == pytest.approx(
        distance_km(31, 51, 31, 52), rel=0.1
    )
    north_of_it = areas.edge_km(SQUARE, 31, 53, bearing_deg=180)
    assert north_of_it == pytest.approx(distance_km(31, 53, 31.9, 50), rel=0.05)
    assert areas.edge_km(SQUARE, 31, 53, bearing_deg=0) == 0


def test_a_crossed_ring_is_mended() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    assert shape(areas.united([bow])).area == pytest.approx(2)
