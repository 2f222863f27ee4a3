"""Searches in the built-in gazetteer: limits, titles, near spellings, containment."""

from __future__ import annotations

import pickle

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer import Constraints, Gazetteer, open_gazetteer, scan


def ids(gazetteer: Gazetteer, name: str, **limits: object) -> set[str]:
    within = Constraints(**limits)  # type: ignore[arg-type]
    return {c.place.id for c in gazetteer.find(name, within=within, limit=500)}


def test_a_village_without_a_point_of_its_own_says_so(installed: Gazetteer) -> None:
    found = installed.find("Берхівка", within=Constraints(region="Bakhmutskyi Raion"))
    assert [c.place.id for c in found] == ["katottg:UA14020010040033862"]
    place = found[0].place
    assert (place.approximate, place.admin3) == (True, "Bakhmutska Hromada")
    assert 10 < place.radius_km < 60
    assert installed.place("katottg:UA14020010040033862") == place


def test_a_settlement_of_both_sources_is_one_place(installed: Gazetteer) -> None:
    places = [c.place for c in installed.find("Bakhmut") if c.place.feature_class == "P"]
    near = [p for p in places if p.admin1 == "Donetsk Oblast"]
    assert [p.id for p in near] == ["geonames:712454"] or len(near) == 1
    assert near[0].admin2 == "Bakhmutskyi Raion"
    assert not near[0].approximate


@pytest.mark.parametrize(
    "name", ["Bakhmutskyi raion", "Bakhmut district", "Бахмутський район", "Bakhmut raion"]
)
def test_a_raion_has_its_names(installed: Gazetteer, name: str) -> None:
    assert installed.find(name)[0].place.feature_code == "ADM2"


@pytest.mark.parametrize(
    ("name", "modern"),
    [
        ("Kharkov", "Kharkiv"), ("Rabotino", "Robotyne"), ("Харьков", "Kharkiv"),
        ("Kleshcheevka", "Klishchiivka"), ("Kreminna", "Kreminna"), ("Кременная", "Kreminna"),
        ("the city of Kharkiv", "Kharkiv"), ("м. Харків", "Kharkiv"), ("г. Харьков", "Kharkiv"),
        ("Kherson city", "Kherson"),
    ],
)  # fmt: skip
def test_spellings_and_titles(installed: Gazetteer, name: str, modern: str) -> None:
    assert installed.find(name)[0].place.name == modern


def test_limits(installed: Gazetteer) -> None:
    assert all(i.startswith(("geonames:", "katottg:")) for i in ids(installed, "Andriivka"))
    everywhere = ids(installed, "Andriivka", country="ua")
    kharkiv = ids(installed, "Andriivka", region="Kharkiv Oblast")
    boxed = ids(installed, "Andriivka", bbox=(35.0, 48.5, 38.5, 50.5))
    assert len(everywhere) > 50
    assert kharkiv < everywhere
    assert boxed < everywhere
    assert ids(installed, "Kharkiv", feature=("A",)) == {"geonames:706482"}
    by_distance = installed.find(
        "Andriivka", within=Constraints(near=(36.2, 50.0), max_km=150), limit=50
    )
    assert by_distance
    assert by_distance[0].place.admin1 == "Kharkiv Oblast"


def test_a_box_may_cross_the_antimeridian() -> None:
    with open_gazetteer() as gazetteer:
        found = gazetteer.find("Suva", within=Constraints(bbox=(170, -25, -170, -10)))
    assert found[0].place.country == "FJ"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"bbox": (1, 2, 3)}, "is no box"),
        ({"bbox": (0, 10, 5, 5)}, "is no box"),
        ({"feature": ("Q",)}, "feature 'Q' is unknown"),
        ({"max_km": 5}, "needs a point"),
    ],
)
def test_limits_that_make_no_sense(limits: dict[str, object], words: str) -> None:
    with pytest.raises(GazetteerError, match=words):
        Constraints(**limits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "modern"), [("Zaporizhxhia", "Zaporizhzhia"), ("Kramatosk", "Kramatorsk")]
)
def test_near_spellings_only_when_asked(installed: Gazetteer, name: str, modern: str) -> None:
    assert installed.find(name) == ()
    found = installed.find(name, fuzzy=True)
    assert (found[0].place.name, found[0].match) == (modern, "fuzzy")
    assert modern.lower()[:4] in found[0].reason


@pytest.mark.parametrize(
    "name", ["Monday", "Government", "Us", "At", "the", "kramatosk", "NATO", "Xqzvwy", "Soldiers"]
)
def test_common_words_and_codes_are_never_guessed(installed: Gazetteer, name: str) -> None:
    assert [c for c in installed.find(name, fuzzy=True) if c.match == "fuzzy"] == []


def test_regions_hold_their_places(installed: Gazetteer) -> None:
    zhytomyr = installed.find("Zhytomyr region")[0].place.id
    korosten = installed.find("Korosten")[0].place.id
    kharkiv = installed.find("Kharkiv")[0].place.id
    assert installed.contains(zhytomyr, korosten) is True
    assert installed.contains(zhytomyr, kharkiv) is False
    assert installed.contains("geonames:690791", korosten) is True
    assert installed.contains("geonames:690791", "overlay:nowhere") is None


@pytest.mark.parametrize(
    ("lon", "lat", "region"),
    [(34.10, 44.95, "Crimea"), (33.53, 44.60, "Sevastopol"), (28.64, 50.95, "Zhytomyr Oblast")],
)
def test_points_lie_in_ukraine_under_the_worldview(
    installed: Gazetteer, lon: float, lat: float, region: str
) -> None:
    country, first_level = installed.regions_at(lon, lat)
    assert country.country == "UA"
    assert first_level.name == region


def test_the_sea_lies_nowhere(installed: Gazetteer) -> None:
    assert installed.regions_at(-40.0, 30.0) == ()


def test_reverse_prefers_known_points(installed: Gazetteer) -> None:
    found = installed.reverse(37.99, 48.59, max_km=25, limit=50)
    flags = [place.approximate for place, _ in found]
    assert found[0][0].name == "Bakhmut"
    assert flags == sorted(flags)


def test_pickles_by_path(installed: Gazetteer) -> None:
    again = pickle.loads(pickle.dumps(installed))  # noqa: S301 - our own bytes
    assert again.find("Kyiv") == installed.find("Kyiv")
    again.close()


def test_scan_gives_the_longest_names_with_their_offsets(installed: Gazetteer) -> None:
    text = "Fighting near Kryvyi Rih’s edge and in the Kharkiv region; Nova Kakhovka’s dam fell."
    found = scan(text, gazetteer=installed)
    assert [f.text for f in found] == ["Kryvyi Rih", "Kharkiv region", "Nova Kakhovka"]
    assert all(text[f.start : f.end] == f.text for f in found)


def test_scan_of_nothing(installed: Gazetteer) -> None:
    assert scan("", gazetteer=installed) == ()
    assert scan("no capitals here at all", gazetteer=installed) == ()


def test_an_identifier_of_any_length_is_no_place(installed: Gazetteer) -> None:
    assert installed.place("geonames:" + "9" * 30) is None
    assert installed.boundary("geonames:" + "9" * 30) is None
