"""The committed boundaries: worldview, codes, and the seats of regions in their regions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, shape
from shapely.geometry.polygon import LinearRing

from geomap.gazetteer import open_gazetteer
from geomap.gazetteer.overlays import read_boundaries

FOLDER = Path(__file__).resolve().parents[2] / "gazetteers" / "boundaries"

UKRAINE_REGIONS = 27
# Seats that lie outside the region they govern, or are regions of their own.
KYIV_OBLAST = "UA-32"


@pytest.fixture(scope="module")
def shapes() -> dict[str, Any]:
    found = {}
    for name in ("countries", "admin1"):
        found |= read_boundaries(FOLDER / f"{name}.geojson")
    return {code: shape(geometry) for code, geometry in found.items()}


@pytest.mark.parametrize(
    ("name", "lon", "lat", "country"),
    [
        ("Sevastopol", 33.55, 44.6, "UA"), ("Kerch", 36.43, 45.36, "UA"),
        ("Simferopol", 34.1, 44.95, "UA"), ("Donetsk", 37.8, 48.0, "UA"),
        ("Belgorod", 36.58, 50.6, "RU"), ("Homyel", 31.0, 52.43, "BY"),
        ("Pristina", 21.16, 42.66, "XK"), ("Quneitra", 35.8, 33.1, "SY"),
        ("Sukhumi", 41.05, 43.03, "GE"), ("Tiraspol", 29.63, 46.84, "MD"),
        ("Hargeisa", 44.06, 9.56, "SO"), ("Stepanakert", 46.75, 39.82, "AZ"),
        ("Laayoune", -13.15, 27.12, "EH"), ("Gaza", 34.45, 31.48, "PS"),
    ],
)  # fmt: skip
def test_worldview(name: str, lon: float, lat: float, country: str, shapes: dict[str, Any]) -> None:
    found = [
        code.removeprefix("country:")
        for code, polygon in shapes.items()
        if code.startswith("country:") and polygon.contains(Point(lon, lat))
    ]
    assert found == [country], name


def test_polygons_are_valid_and_counterclockwise(shapes: dict[str, Any]) -> None:
    for code, polygon in shapes.items():
        assert polygon.is_valid, code
        for part in getattr(polygon, "geoms", [polygon]):
            assert LinearRing(part.exterior).is_ccw, code


def test_ukraine_and_belarus_are_whole(shapes: dict[str, Any]) -> None:
    assert sum(code.startswith("admin1:UA-") for code in shapes) == UKRAINE_REGIONS
    assert sum(code.startswith("admin1:BY-") for code in shapes) == 7


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("UA-14", 37.54, 47.1),
        ("UA-18", 28.64, 50.95),
        ("BY-HO", 31.0, 52.43),
        ("PL-06", 22.57, 51.25),
    ],
)
def test_towns_lie_in_their_regions(
    code: str, lon: float, lat: float, shapes: dict[str, Any]
) -> None:
    assert shapes[f"admin1:{code}"].contains(Point(lon, lat))


def test_sizes_fit_the_package() -> None:
    assert (FOLDER / "countries.geojson").stat().st_size < 600_000
    assert (FOLDER / "admin1.geojson").stat().st_size < 4_000_000
    for path in FOLDER.glob("*.geojson"):
        assert json.loads(path.read_bytes())["type"] == "FeatureCollection"


def test_the_gazetteer_gives_them() -> None:
    with open_gazetteer() as gazetteer:
        for name in ("Kharkov region", "Gomel region", "Ukraine", "Poland"):
            (place, *_) = (candidate.place for candidate in gazetteer.find(name))
            geometry = gazetteer.boundary(place.id)
            assert geometry is not None, name
            assert shape(geometry).buffer(0.5).contains(Point(place.lon, place.lat)), name
        assert gazetteer.info().boundaries > 4_500
