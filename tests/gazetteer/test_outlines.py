from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.gazetteer.outlines import region_lines, write_detail

if TYPE_CHECKING:
    from pathlib import Path


def square(code: str, west: float, south: float = 0) -> dict[str, Any]:
    east, north = west + 1, south + 1
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"properties": {"iso_3166_2": code}, "geometry": geometry}


def test_borders_of_regions_are_drawn_once_and_joined() -> None:
    rows = [square("UA-1", 0), square("UA-2", 1), square("UA-3", 0, 1), square("UA-4", 1, 1)]
    lines = region_lines(rows)
    assert sorted(map(len, lines)) == [2, 2, 2, 2]
    assert all((1, 1) in line for line in lines)
    assert region_lines([square("UA-1", 0), square("UA-2", 1)]) == [[(1, 0), (1, 1)]]


def test_a_border_of_two_countries_is_not_one_of_regions() -> None:
    assert region_lines([square("UA-1", 0), square("PL-1", 1)]) == []


def test_without_boundaries_nothing_is_written(tmp_path: Path) -> None:
    assert write_detail(tmp_path / "none.geojson", tmp_path / "gazetteer.sqlite") is None
