from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from geopy.exc import GeocoderQueryError
from geopy.location import Location

from geomap.errors import GazetteerError
from geomap.geocoders import GazetteerGeocoder

if TYPE_CHECKING:
    from pathlib import Path


def test_geocode_gives_lat_lon() -> None:
    location = GazetteerGeocoder().geocode("Kharkov")
    assert isinstance(location, Location)
    assert location.address == "Kharkiv, Kharkiv Oblast, UA"
    assert (round(location.latitude, 1), round(location.longitude, 1)) == (50.0, 36.3)
    assert location.raw["id"] == "geonames:706483"


def test_geocode_many_and_by_country() -> None:
    geocoder = GazetteerGeocoder()
    many = geocoder.geocode("Moscow", exactly_one=False, limit=3)
    assert isinstance(many, list)
    assert len(many) == 3
    one = geocoder.geocode("Moscow", country="GB")
    assert one is None or one.address.endswith("GB")  # type: ignore[union-attr]


@pytest.mark.parametrize("query", ["Xyzzyplugh", "", "Grocery"])
def test_unknown_gives_none(query: str) -> None:
    assert GazetteerGeocoder().geocode(query) is None


@pytest.mark.parametrize("query", [(50.45, 30.52), "50.45, 30.52"])
def test_reverse_takes_lat_lon(query: object) -> None:
    location = GazetteerGeocoder().reverse(query)
    assert isinstance(location, Location)
    assert location.address.endswith("UA")
    assert location.raw["distance_km"] < 3


def test_reverse_far_out_at_sea() -> None:
    assert GazetteerGeocoder().reverse((-48.9, -123.4)) is None


@pytest.mark.parametrize("query", [None, "nowhere", (1, 2, 3, 4)])
def test_reverse_of_no_point(query: object) -> None:
    with pytest.raises(GeocoderQueryError, match="is no point"):
        GazetteerGeocoder().reverse(query)


def test_file_is_opened_at_the_first_query(tmp_path: Path) -> None:
    geocoder = GazetteerGeocoder(tmp_path / "none.sqlite")
    with pytest.raises(GazetteerError, match="no gazetteer file"):
        geocoder.geocode("Kyiv")
    geocoder.close()


def test_works_behind_geopys_rate_limiter() -> None:
    from geopy.extra.rate_limiter import RateLimiter  # noqa: PLC0415

    geocoder = GazetteerGeocoder()
    forward = RateLimiter(geocoder.geocode, min_delay_seconds=0.05)
    back = RateLimiter(geocoder.reverse, min_delay_seconds=0.05)
    start = time.monotonic()
    found = [forward(name) for name in ("Kyiv", "Lviv", "Odesa")]
    assert time.monotonic() - start >= 0.1
    assert [one.address.partition(",")[0] for one in found if one] == ["Kyiv", "Lviv", "Odesa"]
    assert "Kyiv" in back((50.45, 30.52)).address
