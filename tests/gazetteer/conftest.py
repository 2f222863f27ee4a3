"""The installed gazetteer, and a tiny one made from a few real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.gazetteer import Gazetteer, open_gazetteer
from geomap.gazetteer.building import build
from geomap.gazetteer.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# ruff: noqa: E501 -- the header line of an overlay is one line.
OVERLAY = """\
id,name,aliases,mt,country,admin1,lat,lon,feature_class,feature_code,radius_km,source,note,approximate
overlay:lysa-hora-kyiv,"Lysa Hora, Kyiv",Lysaya Gora|DNR,,UA,UA-63,50.3947,30.547,T,HLL,6,test,hill,1
geonames:706483,,Charkow|KHE,Grocery,,,,,,,,test,why,
iso:UA,,UKR|The Ukraine,,,,49,32,,,650,test,,
"""
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[35.0, 49.0], [38.0, 49.0], [38.0, 50.0], [35.0, 50.0], [35.0, 49.0]]],
}


def _city(number: int, name: str, point: tuple[float, float], people: int, *more: str) -> dict:
    return {
        "geonameid": number,
        "name": name,
        "latitude": point[0],
        "longitude": point[1],
        "countrycode": "UA",
        "population": people,
        "admin1code": "07",
        "alternatenames": list(more),
    }


@pytest.fixture(scope="session")
def sources() -> Sources:
    """Give three towns of one region of one country."""
    cities = [
        _city(706483, "Kharkiv", (49.98, 36.25), 1_430_000, "Kharkov", "HRK", "Харків", "khrkyf"),
        _city(703656, "Kupyansk", (49.71, 37.62), 30_000, "Куп'янськ", "Kupiansk", "http://x"),
        _city(1, "Us", (49.5, 36.9), 900, "Usa 7"),
    ]
    return Sources(
        cities={str(city["geonameid"]): city for city in cities},
        countries={
            "UA": {
                "geonameid": 690791,
                "name": "Ukraine",
                "capital": "Kyiv",
                "areakm2": 603_700,
                "population": 40_000_000,
            }
        },
        subdivisions=[
            ["Kharkivska oblast", "UA-63", "UA.07", "706482", "Region", "Kharkiv|Kharkiv Oblast"]
        ],
        points={"UA": {"UA-63": {"latLng": [49.6, 36.5], "localOtherName": "Слобода (ukr)"}}},
        territories={"UA": ["Ukraine", "Україна"]},
    )


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a ``gazetteers`` folder with one overlay and one boundary."""
    root = tmp_path_factory.mktemp("gazetteers")
    (root / "overlays").mkdir()
    (root / "boundaries").mkdir()
    (root / "overlays" / "test.csv").write_text(OVERLAY, encoding="utf-8")
    feature = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        '{"iso_3166_2":"UA-63","country":"UA","name":"x"},"geometry":%s}]}'
    )
    geometry = str(SQUARE).replace("'", '"')
    (root / "boundaries" / "admin1.geojson").write_text(feature % geometry, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def small_path(folder: Path, sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the path of the tiny gazetteer."""
    return build(folder, tmp_path_factory.mktemp("built") / "small.sqlite", sources=sources)


@pytest.fixture
def small(small_path: Path) -> Iterator[Gazetteer]:
    """Open the tiny gazetteer."""
    with Gazetteer(small_path) as gazetteer:
        yield gazetteer


@pytest.fixture(scope="session")
def installed() -> Iterator[Gazetteer]:
    """Open the gazetteer of the install."""
    with open_gazetteer() as gazetteer:
        yield gazetteer
