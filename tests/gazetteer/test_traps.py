"""Known traps, on the gazetteer of the install."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.gazetteer.rows import distance_km

if TYPE_CHECKING:
    from geomap.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("name", "expected", "country", "lat", "lon", "within_km"),
    [
        ("Sloviansk", "Sloviansk", "UA", 48.85, 37.60, 5),  # not Nikopol
        ("Slavyansk", "Sloviansk", "UA", 48.85, 37.60, 5),
        ("Kiev", "Kyiv", "UA", 50.45, 30.52, 5),
        ("Kharkov", "Kharkiv", "UA", 49.98, 36.25, 5),
        ("Krasny Liman", "Lyman", "UA", 48.99, 37.81, 5),
        ("Yarovaya", "Yarova", "UA", 49.06, 37.63, 5),
        ("Privolye", "Pryvillia", "UA", 49.01, 38.30, 5),
        ("Odessa", "Odesa", "UA", 46.49, 30.74, 5),  # not the one in Texas
        ("Artyomovsk", "Bakhmut", "UA", 48.59, 38.00, 5),
        ("Dnepropetrovsk", "Dnipro", "UA", 48.47, 35.04, 5),
        ("Nikolaev", "Mykolaiv", "UA", 46.97, 32.00, 5),
        ("Vinnitsa", "Vinnytsia", "UA", 49.23, 28.47, 5),
        ("Berestyanka", "Berestianka", "UA", 50.656, 30.08, 2),
        ("Belovezhskaya Pushcha", "Belovezhskaya Pushcha", "BY", 52.57, 23.8, 5),
        ("Washington", "Washington", "US", 38.90, -77.04, 5),
        ("Moscow", "Moscow", "RU", 55.75, 37.62, 5),
        ("Georgia", "Georgia", "GE", 42.0, 43.5, 60),
        ("US", "United States", "US", 39.76, -98.5, 1),
        ("U.S.", "United States", "US", 39.76, -98.5, 1),
        ("the United States", "United States", "US", 39.76, -98.5, 1),
        ("Russian Federation", "Russia", "RU", 60, 100, 1),
        ("Donbass", "Donbas", "UA", 48.6, 38.35, 1),
        ("Polissya", "Polissia", "UA", 51.23, 27.83, 1),
        ("DNR", "Donetsk People's Republic", "UA", 47.94, 38.06, 1),  # not Saint-Malo
        ("LNR", "Luhansk People's Republic", "UA", 48.25, 39.27, 1),  # not Lone Rock
        ("Luhansk People’s Republic", "Luhansk People's Republic", "UA", 48.25, 39.27, 1),
        ("Snake Island", "Snake Island", "UA", 45.256, 30.204, 2),
        ("Kharkov region", "Kharkiv Oblast", "UA", 49.6, 36.5, 60),
        ("Харківська область", "Kharkiv Oblast", "UA", 49.6, 36.5, 60),
        ("Kyiv region", "Kyiv Oblast", "UA", 50.3, 30.5, 60),
        ("Zaporozhye region", "Zaporizhzhia Oblast", "UA", 47.4, 35.7, 60),
        ("Luhansk regions", "Luhansk Oblast", "UA", 49.0, 39.0, 60),
        ("Gomel region", "Gomel Region", "BY", 52.2, 29.7, 60),
        ("Homs governorate", "Homs Governorate", "SY", 34.5, 38.1, 60),
        ("Idlib province", "Idlib Governorate", "SY", 35.87, 36.5, 60),
        ("North Darfur", "North Darfur", "SD", 16, 26, 60),
        ("Khartoum state", "Khartoum State", "SD", 15.9, 33.0, 60),
        ("Rakhine State", "Rakhine State", "MM", 19.5, 94.0, 60),
        ("Omdurman", "Omdurman", "SD", 15.64, 32.48, 5),
        ("El Fasher", "El Fasher", "SD", 13.63, 25.35, 5),
    ],
)
def test_best_candidate(
    installed: Gazetteer,
    name: str,
    expected: str,
    country: str,
    lat: float,
    lon: float,
    within_km: float,
) -> None:
    best = installed.find(name)[0]
    assert (best.place.name, best.place.country) == (expected, country)
    assert distance_km((best.place.lon, best.place.lat), (lon, lat)) <= within_km


def test_both_lysaya_goras_are_candidates(installed: Gazetteer) -> None:
    found = {c.place.id for c in installed.find("Lysaya Gora")}
    assert {"overlay:lysa-hora-kyiv", "geonames:702507"} <= found


def test_grocery_is_nothing_but_a_translation_error(installed: Gazetteer) -> None:
    (candidate,) = installed.find("Grocery")
    assert candidate.match == "mt"
    assert candidate.place.id == "geonames:712926"
    assert candidate.place.admin1 == "Kharkiv Oblast"


@pytest.mark.parametrize("name", ["Us", "us", "At", "In", "It", "Dnr", "dnr", "Xyzzyplugh"])
def test_words_are_no_places(installed: Gazetteer, name: str) -> None:
    assert installed.find(name) == ()


@pytest.mark.parametrize(
    "name", ["Crimea", "Sevastopol", "Simferopol", "Kerch", "Yalta", "Feodosia", "Dzhankoi"]
)
def test_crimea_is_in_ukraine(installed: Gazetteer, name: str) -> None:
    best = installed.find(name)[0].place
    assert best.country == "UA"


@pytest.mark.parametrize("name", ["DPR", "LPR", "South Ossetia", "Abkhazia", "Transnistria"])
def test_breakaway_areas_are_no_countries(installed: Gazetteer, name: str) -> None:
    best = installed.find(name)[0].place
    assert not best.feature_code.startswith("PCL")
    assert best.country in {"UA", "GE", "MD"}


@pytest.mark.parametrize(("name", "least"), [("Washington", 10), ("Moscow", 5), ("Andriivka", 10)])
def test_namesakes_are_kept(installed: Gazetteer, name: str, least: int) -> None:
    assert len(installed.find(name, limit=100)) >= least


def test_donetsk_may_be_the_region(installed: Gazetteer) -> None:
    found = {c.match: c.place.name for c in reversed(installed.find("Donetsk"))}
    assert found["exact"] == "Donetsk"
    assert found["stem"] == "Donetsk Oblast"


def test_radii_of_settlements_are_plausible(installed: Gazetteer) -> None:
    radii = {n: installed.find(n)[0].place.radius_km for n in ("Kyiv", "Mariupol", "Borodianka")}
    assert 18 <= radii["Kyiv"] <= 22
    assert 9 <= radii["Mariupol"] <= 13
    assert 3 <= radii["Borodianka"] <= 5


def test_file_is_small_and_attributed(installed: Gazetteer) -> None:
    info = installed.info()
    assert installed.path.stat().st_size < 60_000_000
    assert info.places > 230_000
    assert info.worldview == "un-68-262"
    assert "CC BY 4.0" in info.attribution
