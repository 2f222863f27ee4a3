"""Geometries on their way onto the map: the seam, where a mark stands, the first view."""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import Point, box, mapping, shape

from geomap.geometry import circle, ring
from geomap.maps.features import LEAST_SPAN_DEG, Seam, bounds_of, box_of, lons_of, mark_spot

LINE = {"type": "LineString", "coordinates": [[30, 50], [34, 50]]}
EMPTY: list[Any] = [
    {"type": "Polygon", "coordinates": []},
    {"type": "GeometryCollection", "geometries": []},
    {"type": "LineString", "coordinates": []},
]
BOTH = {
    "type": "GeometryCollection",
    "geometries": [LINE, {"type": "Point", "coordinates": [35, 51]}],
}
HOLED = {"type": "MultiPolygon", "coordinates": [
    mapping(box(0, 0, 1, 1))["coordinates"],
    [*mapping(box(2, 0, 4, 5))["coordinates"], mapping(box(2.5, 1, 3, 2))["coordinates"][0]],
]}  # fmt: skip


def test_the_seam_lies_in_the_widest_gap() -> None:
    assert Seam([30, 31]).west == Seam([]).west == Seam([5]).west == -180
    pacific = Seam([179, -179, 170])
    assert pacific.lon(-179) == 181
    assert pacific.lon(170) == 170
    # All around the globe no gap is wider than the one behind them.
    assert Seam([-150, -60, 30, 120]).west == -180


def test_geometries_move_east_of_the_seam() -> None:
    seam = Seam([179, -179])
    assert seam.moved({"type": "Point", "coordinates": [-179, 1, 9]})["coordinates"] == [181, 1]
    moved = seam.moved({"type": "GeometryCollection", "geometries": [
        {"type": "LineString", "coordinates": [[179, 0], [-179, 1.0000004]]},
    ]})  # fmt: skip
    assert moved["geometries"][0]["coordinates"] == [[179, 0], [181, 1]]
    assert seam.moved({"type": "Polygon", "coordinates": [[]]})["coordinates"] == [[]]


def test_a_mark_stands_on_a_line_and_in_an_area() -> None:
    assert mark_spot(LINE) == (32, 50)
    disc = circle(30, 50, radius_km=10)
    assert shape(disc).contains(Point(mark_spot(disc)))
    around = ring(30, 50, radius_km=10)
    assert mark_spot(around)[1] == pytest.approx(50.117, abs=0.01)
    # Parts of which one is hollow: at the northern edge of the northernmost.
    assert mark_spot(HOLED)[1] == 5


def test_longitudes_of_what_is_drawn() -> None:
    assert list(lons_of(None)) == []
    assert list(lons_of({"type": "Point", "coordinates": [30, 50]})) == [30]
    assert set(lons_of(LINE)) == {30, 34}
    wide = {"type": "LineString", "coordinates": [[-170, 0], [0, 0], [170, 0]]}
    assert list(lons_of(wide)) == [-170, 0, 170]
    assert set(lons_of(BOTH)) == {30, 35}
    for empty in EMPTY:
        assert list(lons_of(empty)) == []


def test_the_box_of_a_geometry() -> None:
    assert box_of({"type": "Point", "coordinates": [30, 50, 1]}) == (30, 50, 30, 50)
    assert box_of(BOTH) == (30, 50, 35, 51)
    assert all(box_of(empty) is None for empty in EMPTY)


def test_the_first_view_leaves_out_what_is_wide_and_is_never_too_near() -> None:
    assert bounds_of([], []) is None
    west, south, east, north = bounds_of([], [(30, 50)])
    assert (east - west, north - south) == pytest.approx((LEAST_SPAN_DEG, LEAST_SPAN_DEG))
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((30, 50))
    world = (-180.0, -90.0, 180.0, 90.0)
    assert bounds_of([world, (30, 50, 32, 51)], []) == (30, 50, 32, 51)
    assert bounds_of([world], [(30, 50)]) == world
