"""Countries, regions and settlements out of the build's sources: points, extents and names."""

from __future__ import annotations

from typing import Any

import pytest

from geomap.gazetteer.importers import _districts, _skeleton, _table, import_all
from geomap.gazetteer.regions import _extent_km
from geomap.gazetteer.schema import ALIAS, PRIMARY, STEM
from geomap.gazetteer.sources import Sources


def city(
    number: int, name: str, country: str, people: int, *more: str, **changes: Any
) -> dict[str, Any]:
    values = {"geonameid": number, "name": name, "latitude": 50.0, "longitude": 30.0 + number,
              "countrycode": country, "population": people, "admin1code": "01",
              "alternatenames": list(more)}  # fmt: skip
    return {**values, **changes}


def row(
    name: str, code: str, number: str, kind: str = "Region", more: str = "", iso: str = ""
) -> list[str]:
    return [name, iso, code, number, kind, more]


def gathered(cities: list[dict[str, Any]], subdivisions: list[list[str]], **changes: Any) -> Any:
    codes = {c["countrycode"] for c in cities}
    countries = {
        code: {"geonameid": 900 + n, "name": f"Land {code}", "capital": "Capital", "areakm2": 1000,
               "population": 5}
        for n, code in enumerate(sorted(codes))
    }  # fmt: skip
    values = {"cities": {str(c["geonameid"]): c for c in cities}, "countries": countries,
              "subdivisions": subdivisions}  # fmt: skip
    return import_all(Sources(**{**values, **changes}))[0]


def kinds_of(gathering: Any, number: int) -> dict[str, int]:
    return {name: kind for (name, place), kind in gathering.names.items() if place == number}


def test_a_region_without_a_point_stands_amid_its_settlements() -> None:
    towns = [city(n, f"Town{n}", "XX", 100) for n in range(1, 5)]
    found = gathered(towns, [row("Middle", "XX.01", "500"), row("Nowhere", "XX.02", "501")])
    region = found.places[500]
    assert (region.lon, region.lat, region.approximate) == (32.5, 50.0, True)
    assert region.population == 400
    # What has neither point nor settlement is dropped.
    assert 501 not in found.places
    assert found.codes["XX.01"] == 500


def test_a_region_with_a_point_keeps_it() -> None:
    points = {
        "XX": {
            "XX-A": {
                "latLng": [49.0, 29.0],
                "localOtherName": "Mitte (deu), The Mid (eng), Middlia (eng)",
            }
        }
    }
    found = gathered(
        [city(1, "Town", "XX", 9)], [row("Middle", "XX.01", "", iso="XX-A")], points=points
    )
    number = found.refs["iso:XX-A"]
    region = found.places[number]
    assert (region.lon, region.lat, region.approximate) == (29.0, 49.0, False)
    names = kinds_of(found, number)
    # Names in English and its neighbours, no nicknames, no other languages.
    assert names["middlia"] == ALIAS
    assert "mitte" not in names
    assert "the mid" not in names


def test_nicknames_of_states_are_no_names() -> None:
    points = {"US": {"US-MD": {"latLng": [39.0, -76.0], "localOtherName": "Free State (eng)"}}}
    found = gathered(
        [city(1, "Town", "US", 9)], [row("Maryland", "US.MD", "500", iso="US-MD")], points=points
    )
    assert "free state" not in kinds_of(found, 500)


@pytest.mark.parametrize(("km", "count", "extent"), [(10, 2, 50.0), (0, 3, 5.0), (10, 3, 10.0)])
def test_the_extent_holds_most_of_the_settlements(km: float, count: int, extent: float) -> None:
    spots = [(30.0, 50.0 + km / 111.195 * min(n, 1)) for n in range(count)]
    assert _extent_km((30.0, 50.0), spots) == pytest.approx(extent, abs=0.1)
    far = [*[(30.0, 50.0)] * 40, (30.0, 59.0)]
    assert _extent_km((30.0, 50.0), far) == 5.0


def test_a_region_is_named_after_its_seat() -> None:
    cities = [city(1, "Sumy", "UA", 260_000, "Суми"), city(2, "Romny", "UA", 40_000)]
    found = gathered(cities, [row("Sumska oblast", "UA.01", "500", more="Sumy|Сумська область")])
    assert found.places[500].name == "Sumy Oblast"
    names = kinds_of(found, 500)
    assert (names["sumy oblast"], names["sumska oblast"], names["sumy"]) == (PRIMARY, ALIAS, STEM)
    assert found.places[1].feature_code == "PPLA"
    assert found.places[2].feature_code == "PPL"


@pytest.mark.parametrize(
    ("country", "kind", "names", "shown"),
    [
        ("UA", "Region", ["Sumska oblast", "Sumy Oblast", "Sumy"], "Sumy Oblast"),
        ("UA", "Region", ["Donetska oblast"], "Donetska oblast"),  # no seat is known
        ("SY", "Governorate", ["Sumy", "Sumy Governorate"], "Sumy Governorate"),
        ("SY", "Governorate", ["Sumy"], "Sumy"),
        ("SY", "Governorate", ["Idlib", "Sumy"], "Idlib"),
    ],
)
def test_the_name_that_is_shown(country: str, kind: str, names: list[str], shown: str) -> None:
    cities = [city(1, "Sumy", country, 260_000)]
    found = gathered(cities, [row(names[0], f"{country}.01", "500", kind, "|".join(names[1:]))])
    assert found.places[500].name == shown


def test_a_city_that_is_a_region_does_not_take_the_name_of_the_city() -> None:
    cities = [city(1, "Kyiv", "UA", 3_000_000)]
    found = gathered(cities, [row("Kyiv City", "UA.01", "500", "City", "Kyiv|Misto Kyiv")])
    names = kinds_of(found, 500)
    assert {"kyiv city", "misto kyiv"} <= set(names)
    assert "kyiv" not in names


def test_the_seat_may_lie_outside_of_its_region_when_it_is_large() -> None:
    cities = [city(1, "Kyiv", "UA", 3_000_000, admin1code="02"), city(2, "Bucha", "UA", 30_000)]
    found = gathered(cities, [row("Kyivska oblast", "UA.01", "500", more="Kyiv")])
    assert found.places[500].name == "Kyiv Oblast"
    assert found.places[1].feature_code == "PPL"  # the seat of no region of its own
    small = [city(1, "Kyiv", "UA", 3_000, admin1code="02"), cities[1]]
    assert (
        gathered(small, [row("Kyivska oblast", "UA.01", "500", more="Kyiv")]).places[500].name
        == "Kyivska oblast"
    )


def test_the_largest_of_the_capitals_name_is_the_capital() -> None:
    cities = [
        city(1, "Capital", "XX", 10),
        city(2, "Capital City", "XX", 500),
        city(3, "Other", "XX", 900),
    ]
    found = gathered(cities, [])
    assert [found.places[n].feature_code for n in (1, 2, 3)] == ["PPL", "PPLC", "PPL"]


def test_a_country_stands_amid_its_settlements_with_names_that_texts_use() -> None:
    cities = [city(1, "Capital", "XX", 10), city(3, "Other", "XX", 900)]
    found = gathered(
        cities, [], territories={"XX": ["Exland"]}, country_aliases={"XX": ["Ex 7", "Exia"]}
    )
    land = found.places[900]
    assert (land.lon, land.feature_code, land.radius_km) == (32.0, "PCLI", 23.2)
    assert set(kinds_of(found, 900)) == {"land xx", "exland", "exia"}
    # Without settlements, or without a number, there is none.
    lone = {"YY": {"geonameid": 7, "name": "Y", "capital": "", "areakm2": 0, "population": 0}}
    assert 7 not in gathered(cities, [], countries=lone).places


@pytest.mark.parametrize(
    ("name", "alternates", "shown"),
    [
        ("Slovyansk", ["Слов'янськ", "Sloviansk"], "Sloviansk"),
        ("Mykolayiv", ["Миколаїв"], "Mykolaiv"),
        ("Sumy", ["Суми"], "Sumy"),
        ("Kharkiv", ["Харьков"], "Kharkiv"),
        ("Lyman", [], "Lyman"),
    ],
)
def test_settlements_of_ukraine_are_romanised_as_the_state_does(
    name: str, alternates: list[str], shown: str
) -> None:
    found = gathered([city(1, name, "UA", 10, *alternates)], [])
    assert found.places[1].name == shown
    assert kinds_of(found, 1)[shown.lower()] == PRIMARY
    assert _skeleton("Mykolayiv") == _skeleton("Mykolaiv")


def test_districts_are_joined_with_their_settlements_by_line() -> None:
    subdivisions = [
        ["Region", "XX-A", "XX.01", "10", "Region", "", "1", ""],
        ["District", "", "XX.01.1", "11", "District", "Dis|Distr", "2", "1"],
        ["No number", "", "XX.01.2", "", "District", "", "2", "1"],
        ["Lone", "", "XX.01.3", "13", "District", "", "2", ""],
    ]
    cities = [["Town", "1", "2"], ["Village", "2", "1|2"]]
    one, lone = _districts(subdivisions, cities)
    assert (one.geonames_id, one.name, one.parent) == (11, "District", "01")
    assert (one.aliases, one.cities) == (("Dis", "Distr"), (1, 2))
    assert (lone.parent, lone.cities) == ("01.3", ())
    assert _table("a\tb\n\tc") == [["a", "b"], ["", "c"]]
