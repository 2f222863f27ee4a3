"""Shapes from language: where their vertices lie, how they are wound, what is refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from geomap import geometry
from geomap.errors import GeometryError
from geomap.geometry import bearing_between, distance_km

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KYIV = (30.5238, 50.4547)
KHARKIV = (36.2304, 49.9935)
SUMY = (34.8, 50.9)
LONS = st.floats(-180, 180)
LATS = st.floats(-80, 80)
BEARINGS = st.floats(0, 359.9)


def rings_of(made: Mapping[str, Any]) -> list[list[list[float]]]:
    """Give the rings of a Polygon."""
    assert made["type"] == "Polygon"
    return list(made["coordinates"])


def radii(ring: Sequence[Sequence[float]], lon: float, lat: float) -> list[float]:
    return [distance_km(lon, lat, *position) for position in ring]


def is_counterclockwise(ring: Sequence[Sequence[float]]) -> bool:
    return bool(shape({"type": "LinearRing", "coordinates": ring}).is_ccw)


def apart(bearing: float, other: float) -> float:
    return abs((bearing - other + 180) % 360 - 180)


def test_a_distance_is_that_of_the_ellipsoid() -> None:
    # A degree of the equator, and of a meridian from it: WGS 84.
    assert distance_km(0, 0, 1, 0) == pytest.approx(111.31949, abs=1e-4)
    assert distance_km(0, 0, 0, 1) == pytest.approx(110.57439, abs=1e-4)
    assert distance_km(*KYIV, *KYIV) == 0


@given(LONS, LATS, BEARINGS, st.floats(1, 2000))
def test_who_goes_a_distance_in_a_direction_arrives_there(
    lon: float, lat: float, bearing: float, far: float
) -> None:
    end = geometry.offset(lon, lat, distance_km=far, bearing_deg=bearing)
    assert distance_km(lon, lat, *end) == pytest.approx(far, abs=0.002)
    assert apart(bearing_between(lon, lat, *end), bearing) < 0.2
    assert end == (round(end[0], 5), round(end[1], 5))


def test_a_bearing_is_told_from_north_clockwise() -> None:
    there = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    assert [bearing_between(0, 0, *p) for p in there] == pytest.approx([0, 90, 180, 270])


def test_a_point_stands_on_the_grid_of_five_decimals() -> None:
    made = geometry.point(30.12345678, 50.98765432)
    assert made == {"type": "Point", "coordinates": [30.12346, 50.98765]}


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(180.001, 0), (-180.001, 0), (0, 90.001), (0, -90.001), (math.nan, 0), (0, math.inf)],
)
def test_a_point_off_the_globe_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(GeometryError, match="in this order"):
        geometry.point(lon, lat)


@pytest.mark.parametrize(("lon", "lat"), [(180, 90), (-180, -90)])
def test_the_ends_of_the_globe_are_on_it(lon: float, lat: float) -> None:
    assert geometry.point(lon, lat)["coordinates"] == [lon, lat]


def test_a_line_goes_from_the_first_to_the_second() -> None:
    made = geometry.line([KYIV, KHARKIV])
    assert made == {"type": "LineString", "coordinates": [list(KYIV), list(KHARKIV)]}
    back = geometry.line([KHARKIV, KYIV])
    assert back["coordinates"] == made["coordinates"][::-1]


def test_a_chain_passes_its_places_in_order_and_may_come_back() -> None:
    stops = [KYIV, SUMY, KHARKIV, KYIV]
    assert geometry.chain(stops)["coordinates"] == [list(p) for p in stops]
    there_and_back = geometry.chain([KYIV, KHARKIV, KYIV])
    assert len(there_and_back["coordinates"]) == 3


@pytest.mark.parametrize("points", [[], [KYIV], [KYIV, KYIV], [KYIV, (30.5238001, 50.4547001)]])
def test_one_point_is_no_line(points: list[tuple[float, float]]) -> None:
    with pytest.raises(GeometryError, match="draw a point instead"):
        geometry.chain(points)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_line_over_the_antimeridian_is_cut_there(sign: int) -> None:
    made = geometry.line([(179.0 * sign, 10.0), (-177.0 * sign, 14.0)])
    # A quarter of the way lies before the line of date, so a quarter of the climb does.
    assert made == {
        "type": "MultiLineString",
        "coordinates": [
            [[179.0 * sign, 10.0], [180.0 * sign, 11.0]],
            [[-180.0 * sign, 11.0], [-177.0 * sign, 14.0]],
        ],
    }


def test_a_line_may_cross_the_antimeridian_twice_and_go_half_around_without() -> None:
    twice = geometry.chain([(179, 0), (-179, 0), (179, 2)])
    assert [part[0][0] for part in twice["coordinates"]] == [179, -180, 180]
    assert [part[-1][0] for part in twice["coordinates"]] == [180, -180, 179]
    assert geometry.line([(-90, 0), (90, 1)])["type"] == "LineString"
    # Between the two names of one meridian nothing is gone.
    same = geometry.chain([(180, 0), (-180, 5), (-179, 6)])
    assert same["coordinates"][1] == [[-180, 0], [-180, 5], [-179, 6]]


@settings(max_examples=25, deadline=None)
@given(LONS, LATS, st.floats(0.5, 300))
def test_all_vertices_of_a_disc_are_at_its_radius(lon: float, lat: float, radius: float) -> None:
    made = geometry.circle(lon, lat, radius_km=radius)
    assert shape(made).is_valid
    if made["type"] == "Polygon":
        (ring,) = rings_of(made)
        assert radii(ring, lon, lat) == pytest.approx([radius] * len(ring), abs=0.002)
        assert is_counterclockwise(ring)


def test_a_disc_has_seventy_two_corners_and_is_closed() -> None:
    (ring,) = rings_of(geometry.circle(*KYIV, radius_km=10))
    assert len(ring) == 73
    assert ring[0] == ring[-1]
    assert len({tuple(p) for p in ring}) == 72
    steps = sorted(bearing_between(*KYIV, *p) for p in ring[:-1])
    assert steps == pytest.approx([5 * n for n in range(72)], abs=0.01)


@pytest.mark.parametrize("radius", [0, -1, math.nan])
def test_no_disc_without_a_radius(radius: float) -> None:
    with pytest.raises(GeometryError, match="more than 0"):
        geometry.circle(*KYIV, radius_km=radius)


def test_a_ring_leaves_the_town_free_and_is_three_tenths_of_its_radius_wide() -> None:
    outer, inner = rings_of(geometry.ring(*KYIV, radius_km=10))
    assert radii(outer, *KYIV) == pytest.approx([13] * 73, abs=0.002)
    assert radii(inner, *KYIV) == pytest.approx([10] * 73, abs=0.002)
    assert is_counterclockwise(outer)
    assert not is_counterclockwise(inner)


@given(BEARINGS)
def test_a_sector_lies_half_a_wind_to_both_sides_of_its_direction(bearing: float) -> None:
    made = geometry.sector(*KYIV, radius_km=10, bearings_deg=[bearing])
    (ring,) = rings_of(made)
    assert is_counterclockwise(ring)
    far = radii(ring, *KYIV)
    assert (min(far), max(far)) == pytest.approx((10, 13), abs=0.002)
    sides = [apart(bearing_between(*KYIV, *p), bearing) for p in ring]
    assert max(sides) == pytest.approx(22.5, abs=0.05)
    assert shape(made).is_valid


@pytest.mark.parametrize(
    ("bearings", "spans"),
    [
        ([90], [(67.5, 112.5)]),
        ([90, 90, 450], [(67.5, 112.5)]),
        ([135, 90], [(67.5, 157.5)]),
        ([90, 270], [(67.5, 112.5), (247.5, 292.5)]),
        ([0], [(-22.5, 22.5)]),
        ([315, 0], [(292.5, 382.5)]),
        ([0, 45, 315], [(292.5, 427.5)]),
        # A gap of a degree is none, one of two degrees is.
        ([90, 136], [(67.5, 158.5)]),
        ([90, 137], [(67.5, 112.5), (114.5, 159.5)]),
        ([314, 0], [(291.5, 382.5)]),
        ([313, 0], [(-22.5, 22.5), (290.5, 335.5)]),
    ],
)
def test_neighbouring_directions_are_one_span(
    bearings: list[float], spans: list[tuple[float, float]]
) -> None:
    assert geometry._spans(bearings) == spans


def test_a_sector_without_directions_or_with_all_of_them_is_the_ring() -> None:
    ring = geometry.ring(*KYIV, radius_km=10)
    assert geometry.sector(*KYIV, radius_km=10, bearings_deg=[]) == ring
    everywhere = [n * 45.0 for n in range(8)]
    assert geometry.sector(*KYIV, radius_km=10, bearings_deg=everywhere) == ring
    assert geometry.sector(*KYIV, radius_km=10, bearings_deg=everywhere[:7]) != ring


def test_directions_apart_are_parts_of_one_shape() -> None:
    made = geometry.sector(*KYIV, radius_km=10, bearings_deg=[90, 270])
    east, west = (
        geometry.sector(*KYIV, radius_km=10, bearings_deg=[b])["coordinates"] for b in (90, 270)
    )
    assert made == {"type": "MultiPolygon", "coordinates": [east, west]}


def test_a_part_that_crosses_the_antimeridian_is_two_beside_the_other() -> None:
    made = geometry.sector(179.95, 0, radius_km=10, bearings_deg=[90, 270])
    assert made["type"] == "MultiPolygon"
    assert all(len(polygon) == 1 for polygon in made["coordinates"])
    assert shape(made).is_valid
    sides = {polygon[0][0][0] > 0 for polygon in made["coordinates"]}
    assert sides == {True, False}


@pytest.mark.parametrize(
    ("words", "bearings"),
    [
        ("north", (0.0,)), ("North-East", (45.0,)), ("east", (90.0,)), ("southeasterly", (135.0,)),
        ("southward", (180.0,)), ("southwestern", (225.0,)), ("westwards", (270.0,)),
        ("north-western", (315.0,)), ("north and west", (0.0, 270.0)),
        ("south, east", (180.0, 90.0)), ("centre", ()), ("", ()), ("the far north", (0.0,)),
    ],
)  # fmt: skip
def test_compass_words(words: str, bearings: tuple[float, ...]) -> None:
    assert geometry.bearing_of(words) == bearings


def test_the_centre_is_that_of_the_box() -> None:
    made = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 1], [0, 10], [0, 0]]]}
    assert geometry.centre(made) == (2, 5)
    assert geometry.centre(geometry.point(30, 50)) == (30, 50)
    assert geometry.centre(geometry.line([(10, 20), (14, 26)])) == (12, 23)


OPEN = [[0, 0], [1, 0], [1, 1], [0, 1]]
HOLE = [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.2, 0.2]]


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "Circle", "coordinates": [0, 0]},
        {"coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": [OPEN]},
        {"type": "Polygon", "coordinates": [[*OPEN, OPEN[0]], HOLE[:-1]]},
        {"type": "MultiPolygon", "coordinates": [[[*OPEN, OPEN[0]]], [OPEN]]},
        {"type": "LineString", "coordinates": [[0, 0], [0, 91]]},
    ],
)
def test_what_is_no_geometry_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(GeometryError):
        geometry.check(bad)


def test_an_unknown_type_names_those_that_are_known() -> None:
    with pytest.raises(GeometryError, match=r"'Circle'.*LineString.*Polygon"):
        geometry.check({"type": "Circle", "coordinates": [0, 0]})


@pytest.mark.parametrize(
    "good",
    [
        {"type": "Polygon", "coordinates": [[*OPEN, OPEN[0]], HOLE]},
        {"type": "MultiPolygon", "coordinates": [[[*OPEN, OPEN[0]], HOLE]]},
        {"type": "Polygon", "coordinates": [[(0, 0), [1, 0], [1, 1], [0, 0]]]},
        {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]},
        {"type": "LineString", "coordinates": []},
        {"type": "Point"},
    ],
)
def test_what_is_a_geometry_passes(good: dict[str, Any]) -> None:
    geometry.check(good)


@pytest.mark.parametrize(("start", "end", "bearings"), [
    (0, 45, [0, 5, 10, 15, 20, 25, 30, 35, 40, 45]),
    (350, 370, [350, 355, 0, 5, 10]),
    (0, 1, [0, 0.5, 1]),
])  # fmt: skip
def test_an_arc_goes_clockwise_from_its_start_to_its_end(
    start: float, end: float, bearings: list[float]
) -> None:
    found = geometry.arc(*KYIV, 20, start, end)
    gone = [bearing_between(*KYIV, *p) for p in found]
    assert [apart(b, told) for b, told in zip(gone, bearings, strict=True)] == pytest.approx(
        [0] * len(bearings), abs=0.01
    )


@pytest.mark.parametrize(("lon", "east"), [(179.99, True), (-179.99, False)])
def test_an_arc_runs_on_beyond_the_antimeridian(lon: float, east: bool) -> None:  # noqa: FBT001
    lons = [p[0] for p in geometry.arc(lon, 0, 10, 0, 360)]
    assert max(lons) - min(lons) < 1
    assert (max(lons) > 180) == east
    assert (min(lons) < -180) == (not east)


def test_an_arc_stays_off_the_poles() -> None:
    assert max(lat for _, lat in geometry.arc(0, 89.89, 5, 0, 360)) == 89.9
    assert min(lat for _, lat in geometry.arc(0, -89.89, 5, 0, 360)) == -89.9


def test_a_polygon_winds_its_rings_by_the_right_hand_rule_whatever_it_is_given() -> None:
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    hole = [(0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4)]
    for outer in (square, square[::-1]):
        for inner in (hole, hole[::-1]):
            first, second = rings_of(geometry.polygon(outer, inner))
            assert is_counterclockwise(first)
            assert not is_counterclockwise(second)
            assert first[0] == first[-1]
            assert {tuple(p) for p in first} == set(square)
            assert {tuple(p) for p in second} == set(hole)
    assert len(rings_of(geometry.polygon(square, []))) == 1


def test_a_polygon_that_ends_at_the_antimeridian_is_not_cut() -> None:
    for lon in (178.0, -180.0):
        box = [(lon, 0.0), (lon + 2, 0.0), (lon + 2, 1.0), (lon, 1.0)]
        assert geometry.polygon(box, [])["type"] == "Polygon"


@settings(max_examples=25)
@given(st.sampled_from([1, -1]), st.floats(0.1, 1.9))
def test_a_polygon_over_the_antimeridian_is_cut_and_loses_nothing(sign: int, over: float) -> None:
    west = 180 * sign - over
    box = [(west, 10.0), (west + 2, 10.0), (west + 2, 11.0), (west, 11.0)]
    made = geometry.polygon(box, [])
    assert made["type"] == "MultiPolygon"
    assert len(made["coordinates"]) == 2
    assert shape(made).area == pytest.approx(2, abs=1e-4)
    for polygon in made["coordinates"]:
        assert is_counterclockwise(polygon[0])
    lons = sorted(abs(p[0]) for polygon in made["coordinates"] for p in polygon[0])
    assert lons[-1] == 180
    assert shape(made).covers(Point(-179.95, 10.5) if over < 1.9 else Point(179.95, 10.5))


def test_a_hole_over_the_antimeridian_stays_a_hole() -> None:
    made = geometry.ring(179.99, 10, radius_km=50)
    assert made["type"] == "MultiPolygon"
    for lon in (179.9, -179.9):
        assert not shape(made).covers(Point(lon, 10))
    assert shape(made).covers(Point(179.99, 10.5))
    assert shape(made).covers(Point(-179.9, 10.5))


def test_a_polygon_wholly_beyond_the_antimeridian_is_moved_back() -> None:
    box = [(181.0, 0.0), (182.0, 0.0), (182.0, 1.0), (181.0, 1.0)]
    made = geometry.polygon(box, [])
    assert made["type"] == "Polygon"
    assert {tuple(p) for p in made["coordinates"][0]} == {
        (-179, 0),
        (-178, 0),
        (-178, 1),
        (-179, 1),
    }


@pytest.mark.parametrize("lat", [-75.0, 75.0])
def test_far_north_and_south_it_is_cut_as_well(lat: float) -> None:
    box = [(179.0, lat), (181.0, lat), (181.0, lat + 1), (179.0, lat + 1)]
    made = geometry.polygon(box, [])
    assert shape(made).area == pytest.approx(2, abs=1e-4)
