"""Relative places on the ground: drawn on the right side, honest about their radius."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from relative_sentences import marked
from shapely.geometry import Point, shape

from geomap.gazetteer import Gazetteer, open_gazetteer
from geomap.geometry import bearing_between, check, distance_km
from geomap.toponyms.relative import find_relative_places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.records import RelativePlace


@pytest.fixture(scope="module")
def gazetteer() -> Iterator[Gazetteer]:
    with open_gazetteer() as opened:
        yield opened


def relative(text: str, gazetteer: Gazetteer, **chosen: str) -> list[RelativePlace]:
    plain, toponyms = marked(text)
    placed = []
    for toponym in toponyms:
        found = gazetteer.find(toponym.text)
        place = found[0].place if found else None
        if toponym.text in chosen:
            place = gazetteer.place(chosen[toponym.text])
        placed.append(replace(toponym, place=place))
    return list(find_relative_places(plain, placed, ground=gazetteer))


def covers(place: RelativePlace, lon: float, lat: float) -> bool:
    if place.method == "offset":
        return distance_km(place.lon, place.lat, lon, lat) <= place.uncertainty_km
    return bool(shape(place.geometry).contains(Point(lon, lat)))


# Sentences, and points that the place must and must not cover (lon, lat).
SCENES: list[tuple[str, str, list[tuple[float, float]], list[tuple[float, float]]]] = [
    ("20 km east of [Kharkiv]", "offset", [(36.51, 49.99)], [(35.7, 49.99)]),
    ("10 miles outside [Poltava]", "ring", [(34.55, 49.75)], [(34.551, 49.589)]),
    ("within 5 km of [Sumy]", "disc", [(34.8, 50.91), (34.85, 50.95)], [(35.2, 50.9)]),
    ("north of [Kyiv]", "sector", [(30.52, 50.75)], [(30.52, 50.2), (30.52, 50.45)]),
    ("the southern outskirts of [Bakhmut]", "outskirts", [(38.0, 48.535)], [(38.0, 48.65)]),
    ("the northern [Aleppo] countryside", "outskirts", [(37.16, 36.5)], [(37.16, 36.0)]),
    ("between [Izium] and [Sloviansk]", "between", [(37.4, 49.03)], [(38.5, 49.0)]),
    ("halfway between [Izium] and [Sloviansk]", "between", [(37.43, 49.03)], [(37.27, 49.2)]),
    ("along the [Kupiansk]–[Svatove] line", "between", [(37.88, 49.56)], [(37.88, 49.9)]),
    ("in the [Kherson] direction", "direction", [(32.6, 46.7)], [(33.5, 46.6)]),
    ("from [Ovruch] in the direction of [Korosten]", "direction", [(28.7, 51.1)], [(29.5, 51.4)]),
    ("the south-western part of the [Donetsk region]", "part", [(37.2, 47.3)], [(38.0, 48.9)]),
    ("eastern [Ukraine]", "part", [(37.8, 48.0)], [(24.0, 49.8)]),
    ("the eastern bank of the [Oskil] at [Kupiansk]", "bank", [(37.7, 49.71)], [(37.5, 49.71)]),
    ("the left bank of the [Dnieper] near [Kherson]", "bank", [(32.72, 46.6)], [(32.5, 46.65)]),
    ("the right bank of the [Dnieper] near [Kherson]", "bank", [(32.5, 46.65)], [(32.72, 46.6)]),
    ("off the coast of [Odesa]", "coast", [(30.95, 46.4)], [(30.72, 46.48), (30.5, 46.5)]),
    ("30 km off the coast of [Libya]", "coast", [(15.0, 32.65)], [(15.0, 31.5), (15.0, 34.0)]),
    ("near the Polish border in [Yavoriv]", "border", [(23.25, 50.0)], [(30.5, 50.4), (22.5, 50)]),
    ("15 km from the border with [Belarus] near [Ovruch]", "border",
     [(28.75, 51.28)], [(28.75, 51.6)]),
    ("the Syrian-Turkish border", "border", [], []),
    ("along [Lebanon]'s border with [Israel]", "border", [(35.4, 33.08)], [(35.9, 34.3)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "method", "inside", "outside"), SCENES)
def test_a_place_covers_what_its_words_say(
    text: str,
    method: str,
    inside: list[tuple[float, float]],
    outside: list[tuple[float, float]],
    gazetteer: Gazetteer,
) -> None:
    lead = "at " if text.startswith("the Syrian") else ""
    (place,) = relative(lead + text, gazetteer)
    assert place.method == method
    check(place.geometry)
    assert shape(place.geometry).is_valid
    assert all(covers(place, *point) for point in inside)
    assert not any(covers(place, *point) for point in outside)


@pytest.mark.parametrize("text", [scene[0] for scene in SCENES if scene[1] != "border"])
def test_the_radius_holds_the_geometry(text: str, gazetteer: Gazetteer) -> None:
    (place,) = relative(text, gazetteer)
    rings: Any = place.geometry["coordinates"]
    if place.geometry["type"] == "Point":
        assert list(rings) == [place.lon, place.lat]
        return
    polygons = rings if place.geometry["type"] == "MultiPolygon" else [rings]
    far = max(distance_km(place.lon, place.lat, *p) for rings in polygons for p in rings[0])
    assert far <= place.uncertainty_km * 1.001 + 0.01


def test_the_error_of_an_offset_grows_with_its_distance(gazetteer: Gazetteer) -> None:
    radii = [
        relative(f"{km} km east of [Kharkiv]", gazetteer)[0].uncertainty_km
        for km in (5, 25, 45, 125, 305)
    ]
    assert radii == sorted(radii)
    assert radii[0] > 16  # the extent of the city itself


def test_an_offset_lies_at_its_distance_and_bearing(gazetteer: Gazetteer) -> None:
    (place,) = relative("35 km south-east of [Kharkiv]", gazetteer)
    kharkiv = gazetteer.find("Kharkiv")[0].place
    far = distance_km(kharkiv.lon, kharkiv.lat, place.lon, place.lat)
    assert far == pytest.approx(35, abs=0.1)
    angle = bearing_between(kharkiv.lon, kharkiv.lat, place.lon, place.lat)
    assert angle == pytest.approx(135, abs=0.2)


def test_an_offset_from_a_region_starts_at_its_edge(gazetteer: Gazetteer) -> None:
    (place,) = relative("30 km north of the [Crimea]", gazetteer)
    polygon = shape(gazetteer.boundary(gazetteer.find("Crimea")[0].place.id))
    assert not polygon.contains(Point(place.lon, place.lat))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[Chuhuiv], 35 km south-east of [Kharkiv], was hit.", "Chuhuiv"),
        ("[Manbij] city north of [Aleppo] fell.", "Manbij"),
        ("In [Korosten] ([Zhytomyr region], north of [Kyiv]) a plant was hit.", "Korosten"),
        ("[Syokimau], on the outskirts of [Nairobi], is quiet.", "Syokimau"),
        ("He left [Lviv]. North of [Kyiv] it was quiet.", None),
        ("In [Ukraine], north of [Kyiv], it was quiet.", None),
        ("They went from [Ovruch] in the direction of [Korosten].", None),
    ],
)
def test_a_phrase_may_tell_the_place_of_a_name(
    text: str, told: str | None, gazetteer: Gazetteer
) -> None:
    (place,) = relative(text, gazetteer)
    plain, toponyms = marked(text)
    assert (toponyms[place.locates].text if place.locates is not None else None) == told
    assert plain[place.start : place.end] == place.text


def test_north_of_a_country_beside_its_town_is_its_north(gazetteer: Gazetteer) -> None:
    (place,) = relative("Shells hit [Aleppo], north of [Syria].", gazetteer)
    assert place.method == "part"
    assert covers(place, 37.16, 36.2)


def test_a_line_holds_when_a_village_on_it_is_not_known(gazetteer: Gazetteer) -> None:
    (place,) = relative("on the [Kupiansk]–[Xyzzyville]–[Svatove] line", gazetteer)
    assert place.method == "between"
    assert place.anchors == (0, 1, 2)


def test_the_south_of_france_is_not_overseas(gazetteer: Gazetteer) -> None:
    (place,) = relative("in the south of [France]", gazetteer)
    assert place.uncertainty_km < 1000
    assert covers(place, 5.4, 43.5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("20 km east of [Xyzzyville]", "“Xyzzyville” has no place"),
        ("near the Russian border", "too little"),  # which of fourteen
        ("on the west bank of the [Euphrates]", "too little"),  # 2,800 km long
        ("eastern [Europe]", "too little"),
    ],
)
def test_what_the_text_leaves_open_has_no_geometry(
    text: str, why: str, gazetteer: Gazetteer
) -> None:
    (place,) = relative(text, gazetteer)
    assert place.geometry is None
    assert place.method is place.lon is place.lat is place.uncertainty_km is None
    assert why in place.reason
