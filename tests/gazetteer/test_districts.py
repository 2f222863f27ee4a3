"""Second-level regions, the bulk tables, and abbreviations, in the built gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer.bulk import add_bulk, read_counties
from geomap.gazetteer.districts import import_districts
from geomap.gazetteer.regions import Region
from geomap.gazetteer.rows import Gathering, PlaceRow, distance_km
from geomap.gazetteer.schema import BARE, PRIMARY, STEM
from geomap.gazetteer.sources import District

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.gazetteer import Gazetteer

BULK = (
    "id,name,aliases,country,admin1,admin2,lat,lon,feature_class,feature_code,radius_km,"
    "approximate\n"
)


@pytest.mark.parametrize(
    ("name", "place", "lon", "lat"),
    [
        ("Otter Tail County", "geonames:5040515", -95.71, 46.41),
        ("Rapides Parish", "geonames:4338356", -92.53, 31.20),
        ("the Becker counties", None, -95.67, 46.93),
        ("Sudzha district", "geonames:486813", 35.27, 51.19),
        ("Суджанский район", "geonames:486813", 35.27, 51.19),
        ("Mosul District", None, 43.1, 36.3),
        ("Heathrow Airport", "icao:EGLL", -0.46, 51.47),
        ("Bagram Airfield", "icao:OAIX", 69.26, 34.95),
        ("Prinsburg", "zip:56281", -95.19, 44.94),
        ("Lake Superior", None, -87.6, 47.7),
    ],
)
def test_finds_districts_and_bulk_rows(
    installed: Gazetteer, name: str, place: str | None, lon: float, lat: float
) -> None:
    best = installed.find(name)[0].place
    assert place in {None, best.id}
    assert distance_km((best.lon, best.lat), (lon, lat)) <= max(12.0, best.radius_km)


def test_says_in_which_county_a_town_lies(installed: Gazetteer) -> None:
    alexandria = installed.place("geonames:4314550")
    assert alexandria is not None
    assert alexandria.admin2 == "Rapides Parish"
    assert installed.contains("geonames:4338356", "geonames:4314550")


@pytest.mark.parametrize(
    ("container", "place", "held"),
    [
        ("Washington County", "geonames:4048388", {"Indiana"}),
        ("Washington County", "geonames:4054818", {"Alabama"}),
        ("Mykolaivska Hromada", "geonames:711635", set()),
    ],
)
def test_regions_of_one_name_are_told_apart_by_those_above(
    installed: Gazetteer, container: str, place: str, held: set[str]
) -> None:
    regions = [c.place for c in installed.find(container, limit=99) if c.place.name == container]
    assert len(regions) > 4
    assert {r.admin1 for r in regions if installed.contains(r.id, place)} == held


def test_bare_county_does_not_crowd_the_towns_of_its_name(installed: Gazetteer) -> None:
    codes = {c.place.feature_code for c in installed.find("Jackson")}
    assert "ADM2" not in codes
    assert {c.place.name for c in installed.find("Jefferson Parish")} == {"Jefferson Parish"}


def test_lake_does_not_take_the_name_of_a_town(installed: Gazetteer) -> None:
    assert installed.find("Jackson")[0].place.feature_class == "P"


@pytest.mark.parametrize(
    ("name", "iso"), [("Pa.", "US-PA"), ("W. Va.", "US-WV"), ("Kan.", "US-KS"), ("Ont.", "CA-ON")]
)
def test_reads_abbreviations_with_their_period(installed: Gazetteer, name: str, iso: str) -> None:
    found = installed.find(name)
    assert [installed.files[0].coded_place(iso)] == [c.place for c in found]


@pytest.mark.parametrize("name", ["Pa", "Kan", "Miss", "Mass", "Wash"])
def test_abbreviation_without_period_names_no_state(installed: Gazetteer, name: str) -> None:
    assert not [c for c in installed.find(name) if c.place.feature_code == "ADM1"]


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [
        ("United States", 39.76, -98.5), ("Russia", 60, 100), ("China", 35, 104),
        ("Canada", 60, -96), ("Brazil", -10, -53.45), ("Australia", -25, 134), ("India", 22, 79),
        ("Japan", 35.31, 137.7), ("Africa", 7.2, 21.1), ("Europe", 48.7, 9.1), ("Asia", 29.8, 89.3),
    ],
)  # fmt: skip
def test_large_areas_stand_at_their_customary_point(
    installed: Gazetteer, name: str, lat: float, lon: float
) -> None:
    # GeoNames'; China and Australia half way to Wikipedia's, Brazil and Japan nearer to it.
    place = installed.find(name)[0].place
    assert distance_km((place.lon, place.lat), (lon, lat)) < 25


def _town(number: int, name: str, lon: float, lat: float) -> PlaceRow:
    return PlaceRow(
        id=number, name=name, country="XX", lat=lat, lon=lon, feature_class="P",
        feature_code="PPL", radius_km=2.0, population=100, admin1=1,
    )  # fmt: skip


@pytest.fixture
def gathering() -> Gathering:
    """Give three towns of one region."""
    found = Gathering()
    found.add_place(PlaceRow(1, "Region", "XX", 50.0, 30.0, "A", "ADM1", 90.0))
    for row in (_town(2, "Alpha", 30, 50), _town(3, "Beta", 30.2, 50), _town(4, "Gamma", 30.4, 51)):
        found.add_place(row)
        found.add_name(row.id, row.name, PRIMARY)
    return found


REGIONS = {("XX", "01"): Region(1, "XX", "Region", ["Region"], None, is_city=False)}


def test_district_stands_at_the_median_of_its_towns(gathering: Gathering) -> None:
    row = District(10, "Middle County", "XX.01.1", "01", cities=(2, 3, 4))
    known = import_districts(gathering, [row], REGIONS)
    place = gathering.places[10]
    assert known == {"XX.01.1": 10}
    assert (place.lon, place.lat, place.approximate, place.population) == (30.2, 50.0, True, 300)
    assert place.radius_km >= 100
    assert all(gathering.places[n].admin2 == 10 for n in (2, 3, 4))
    assert gathering.names["middle county", 10] == PRIMARY
    assert gathering.names["middle", 10] == STEM


def test_bare_name_of_a_town_needs_its_generic_word(gathering: Gathering) -> None:
    import_districts(
        gathering, [District(10, "Alpha County", "XX.01.1", "01", (), (2, 3))], REGIONS
    )
    assert gathering.names["alpha", 10] == BARE


def test_outline_beats_the_median(gathering: Gathering) -> None:
    row = District(10, "Alpha County", "XX.01.1", "01", (), (2, 3))
    import_districts(gathering, [row], REGIONS, outlines={"XX.01.1": (31.0, 52.0, 20.0)})
    place = gathering.places[10]
    assert (place.lon, place.lat, place.radius_km, place.approximate) == (31.0, 52.0, 20.0, False)


def test_one_town_and_its_name_is_no_district(gathering: Gathering) -> None:
    assert (
        import_districts(gathering, [District(10, "Alpha", "XX.01.1", "01", (), (2,))], REGIONS)
        == {}
    )
    assert gathering.places[2].admin2 is None


def test_district_without_a_point_is_left_out(gathering: Gathering) -> None:
    assert (
        import_districts(gathering, [District(10, "Nowhere County", "XX.01.1", "01")], REGIONS)
        == {}
    )


def test_raion_stands_at_the_town_of_its_adjective(gathering: Gathering) -> None:
    row = District(10, "Gammskiy Rayon", "XX.01.1", "01", ("Gammsky District",))
    import_districts(gathering, [row], REGIONS)
    place = gathering.places[10]
    assert (place.lon, place.lat, place.radius_km) == (30.4, 51, 40.0)
    assert ("gamma district", 10) in gathering.names


def test_airport_of_the_overlays_takes_the_names_of_the_table(
    gathering: Gathering, tmp_path: Path
) -> None:
    gathering.add_place(PlaceRow(20, "Alpha field", "XX", 50.01, 30.0, "S", "AIRB", 4.0))
    path = tmp_path / "airports.csv"
    path.write_text(BULK + "icao:XXAA,Alpha Air Base,Alpha Airbase,XX,,,50,30,S,AIRB,4,\n", "utf-8")
    assert add_bulk(gathering, [path]) == {"airports.csv": 0}
    assert ("alpha airbase", 20) in gathering.names


def test_site_takes_the_region_of_the_nearest_town(gathering: Gathering, tmp_path: Path) -> None:
    path = tmp_path / "airports.csv"
    path.write_text(BULK + "icao:XXAA,Alpha Airport,,XX,,,50.1,30,S,AIRP,4,\n", "utf-8")
    add_bulk(gathering, [path])
    assert gathering.places[gathering.refs["icao:XXAA"]].admin1 == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("id,name\n", "columns are"),
        (BULK + "a:1,A,,XX,,,91,30,S,AIRP,4,\n", "line 2 (a:1): point (91.0, 30.0)"),
        (BULK + "a:1,A,,XX,,,x,30,S,AIRP,4,\n", "line 2 (a:1): could not convert"),
    ],
)
def test_faulty_table_stops_the_build(
    gathering: Gathering, tmp_path: Path, text: str, fault: str
) -> None:
    path = tmp_path / "faulty.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(GazetteerError) as caught:
        add_bulk(gathering, [path])
    assert fault in str(caught.value)


def test_reads_counties_by_geonames_code(tmp_path: Path) -> None:
    path = tmp_path / "us_counties.csv"
    path.write_text("fips,lat,lon,radius_km\n27111,46.4,-95.7,55.7\n72001,18,-66,5\n", "utf-8")
    assert read_counties(path) == {"US.MN.111": (-95.7, 46.4, 55.7)}


def test_a_district_without_a_number_or_of_the_register_is_left_out(gathering: Gathering) -> None:
    rows = [
        District(0, "No number", "XX.01.1", "01", cities=(2,)),
        District(3, "Known already", "XX.01.2", "01", cities=(2,)),
        District(11, "Raion", "UA.01.3", "01", cities=(2,)),
    ]
    assert import_districts(gathering, rows, REGIONS) == {}


def test_names_of_a_district_by_what_towns_are_called(gathering: Gathering) -> None:
    rows = [
        District(10, "District of Alpha", "XX.01.1", "01", ("Alpha", "Alfa"), (2, 3)),
        District(11, "Delta", "XX.01.2", "01", ("Deltaland",), (3, 4)),
    ]
    import_districts(gathering, rows, REGIONS)
    names = {
        place: {n: kind for (n, p), kind in gathering.names.items() if p == place}
        for place in (10, 11)
    }
    # "Alpha" is a town here: the district has that name in full only, or as its stem.
    assert names[10]["district of alpha"] == PRIMARY
    assert names[10]["alpha"] == BARE
    assert names[11]["delta"] == PRIMARY
    assert "deltaland" in names[11]


def test_a_town_and_a_district_of_one_name_among_others_are_two(gathering: Gathering) -> None:
    import_districts(gathering, [District(10, "Alpha", "XX.01.1", "01", (), (2, 3))], REGIONS)
    assert gathering.names["alpha", 10] == STEM
