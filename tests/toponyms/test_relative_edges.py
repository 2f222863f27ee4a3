"""Borders, coasts and banks, on a made-up ground of two countries beside a sea."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shapely import segmentize
from shapely.geometry import Point, box, mapping, shape
from toponym_builders import country, place, region

from geomap.geometry import bearing_between, distance_km
from geomap.records import Toponym
from geomap.toponyms.distances import Distance
from geomap.toponyms.ground import Drawn, Scene
from geomap.toponyms.phrases import Phrase
from geomap.toponyms.relative_edges import draw_bank, draw_border, draw_coast, is_river

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import Place

# West and East share the meridian of 32°; the sea lies around them. East is large.
WEST = country("West", "WW", 31.0, 51.0)
EAST = country("East", "EE", 34.0, 51.0)
# As outlines have it, a vertex every few kilometres.
OUTLINES = {
    WEST.id: segmentize(box(30, 50, 32, 52), 0.1),
    EAST.id: segmentize(box(32, 50, 36, 52), 0.1),
}
SMALL_WEST = place("West", 31, 51, id=WEST.id, country="WW", feature_class="A", radius_km=120.0)
TOWN = place("Town", 31.8, 51.0, country="WW")
PORT = place("Port", 30.0, 51.0, country="WW", radius_km=5.0)
RIVER = place("Dnipro", 31.0, 51.0, feature_class="H", feature_code="STM", radius_km=300.0)


class Ground:
    """The two countries."""

    def boundary(self, place_id: str) -> Mapping[str, Any] | None:
        """Give the outline of a country."""
        return mapping(OUTLINES[place_id]) if place_id in OUTLINES else None

    def country_place(self, code: str) -> Place | None:
        """Give a country by its code."""
        return {"WW": WEST, "EE": EAST}.get(code)

    def regions_at(self, lon: float, lat: float) -> tuple[Place, ...]:
        """Give the country of a point on land."""
        found = [c for c in (WEST, EAST) if OUTLINES[c.id].contains(Point(lon, lat))]
        return tuple(found)


def scene(*places: Place, beside: tuple[Place, ...] = (), **said: Any) -> Scene:
    values: dict[str, Any] = {
        "start": 50, "end": 60, "relation": "border", "anchors": tuple(range(len(places))),
    }  # fmt: skip
    toponyms = [
        Toponym(
            id=100 + n, start=20 * n, end=20 * n + 5, text=p.name, reading="literal", place=p,
            confidence=1.0, reason="",
        )
        for n, p in enumerate(beside)
    ]  # fmt: skip
    names = said.pop("names", tuple(p.name for p in places))
    return Scene(
        phrase=Phrase(**{**values, **said}), places=places, names=names, toponyms=toponyms,
        origin=None, ground=Ground(),
    )  # fmt: skip


def covers(drawn: Drawn, lon: float, lat: float) -> bool:
    return bool(shape(drawn.geometry).contains(Point(lon, lat)))


def km(value: float, bound: Any = "about") -> Distance:
    return Distance(km=value, precision_km=0.5, bound=bound)


def test_a_border_of_two_is_the_land_along_what_they_share() -> None:
    found = draw_border(scene(WEST, countries=("EE",)))
    assert (found.method, found.reason) == ("border", "along the border of West and East")
    assert covers(found, 31.9, 51)
    assert covers(found, 32.1, 51)
    assert not covers(found, 31.7, 51)
    assert not covers(found, 30.1, 51)
    assert found.lon == pytest.approx(32, abs=0.01)
    assert draw_border(scene(countries=("WW", "EE"))).geometry == found.geometry


def test_what_has_no_outline_has_no_border() -> None:
    assert draw_border(scene(region("Oblast", 31, 51))) is None
    assert draw_border(scene(countries=("XX",))) is None
    # A settlement stands for the country around it, and at sea for none.
    assert draw_border(scene(TOWN, countries=("EE",))).reason == "along the border of Town and East"
    assert draw_border(scene(place("Buoy", 20, 20))) is None


def test_the_text_must_say_which_border_of_a_large_country() -> None:
    assert draw_border(scene(WEST)) is None
    # The country that is named beside is the other side; a neighbour far off is none.
    found = draw_border(scene(WEST, beside=(place("Village", 32.3, 51, country="EE"),)))
    assert found.reason == "along the border of West and East, near Village"
    assert draw_border(scene(WEST, beside=(place("Island", 31, 51, country="XX"),))) is None


def test_a_small_area_may_have_all_of_its_border() -> None:
    found = draw_border(scene(SMALL_WEST))
    assert found.reason == "along the border of West"
    # Outside, unless it is crossed.
    assert covers(found, 29.9, 51)
    assert not covers(found, 30.1, 51)
    crossed = draw_border(scene(SMALL_WEST, lead="across"))
    assert covers(crossed, 29.9, 51)
    assert covers(crossed, 30.1, 51)


def test_a_border_is_cut_to_what_lies_near_the_place_beside() -> None:
    found = draw_border(scene(WEST, countries=("EE",), beside=(TOWN,)))
    assert found.reason == "along the border of West and East, near Town"
    assert covers(found, 32.05, 51)
    assert not covers(found, 32.05, 50.1)
    far = place("Far", 20.0, 40.0, country="WW")
    assert draw_border(scene(WEST, countries=("EE",), beside=(far,))).reason.endswith("East")


def test_a_distance_from_the_border_is_a_strip() -> None:
    found = draw_border(scene(WEST, countries=("EE",), distance=km(40)))
    gap = distance_km(32, 51, 32.5, 51)
    assert 30 < gap < 45
    assert covers(found, 32.55, 51)
    assert covers(found, 31.45, 51)
    assert not covers(found, 32.1, 51)
    within = draw_border(scene(WEST, countries=("EE",), distance=km(40, "at most")))
    assert covers(within, 32.1, 51)


def test_off_a_town_is_the_sea_about_it() -> None:
    found = draw_coast(scene(PORT, relation="coast"))
    assert (found.method, found.reason) == ("coast", "the sea off Port")
    assert covers(found, 29.8, 51)
    assert not covers(found, 30.1, 51)
    west = draw_coast(scene(PORT, relation="coast", bearings_deg=(0.0,)))
    assert not covers(west, 29.8, 50.95)
    assert covers(west, 29.9, 51.05)
    far = draw_coast(scene(PORT, relation="coast", distance=km(30)))
    assert not covers(far, 29.9, 51)
    assert covers(far, 29.57, 51)


def test_off_a_country_is_the_sea_along_its_shore() -> None:
    found = draw_coast(scene(WEST, relation="coast"))
    assert covers(found, 29.9, 51)
    assert covers(found, 31, 52.1)
    assert not covers(found, 30.1, 51)
    assert not covers(found, 32.1, 51)  # that is land, too
    west = draw_coast(scene(WEST, relation="coast", bearings_deg=(270.0,)))
    assert covers(west, 29.9, 51)
    far = draw_coast(scene(WEST, relation="coast", distance=km(50)))
    assert not covers(far, 29.9, 51)
    assert covers(far, 29.3, 51)


def test_inland_there_is_no_sea_and_the_reason_says_so() -> None:
    inland = place("Inland", 31.0, 51.0, country="WW", radius_km=2.0)
    assert draw_coast(scene(inland, relation="coast")).reason == "no sea is known off Inland"


def test_the_coast_of_what_is_too_large_says_too_little() -> None:
    assert draw_coast(scene(place("Ocean", radius_km=301.0), relation="coast")) is None
    whole = place("West", 31, 51, id=WEST.id, feature_class="A", radius_km=1001.0)
    assert draw_coast(scene(whole, relation="coast")) is None


@pytest.mark.parametrize(
    ("side", "bearing"), [("left", 90.0), ("right", 270.0)]
)  # the Dnipro flows south
def test_a_bank_is_half_of_a_disc_on_its_side(side: str, bearing: float) -> None:
    found = draw_bank(scene(RIVER, PORT, relation="bank", side=side))
    assert found.method == "bank"
    assert abs(bearing_between(30, 51, found.lon, found.lat) - bearing) < 5
    assert covers(found, 30 + (0.1 if side == "left" else -0.1), 51)
    assert not covers(found, 30 - (0.1 if side == "left" else -0.1), 51)
    assert found.uncertainty_km < 25


def test_the_bank_that_is_told_by_the_compass_needs_no_river() -> None:
    stream = place("Stream", feature_class="H", feature_code="STM")
    found = draw_bank(scene(stream, PORT, relation="bank", bearings_deg=(0.0,)))
    assert found.reason == "the bank north of Port"
    assert covers(found, 30, 51.05)


def test_a_bank_without_a_known_side_is_all_around() -> None:
    stream = place("Stream", feature_class="H", feature_code="STM")
    found = draw_bank(scene(stream, PORT, relation="bank", side="left"))
    assert found.reason == "the left bank at Port; its side is not known"
    assert found.uncertainty_km == 15
    assert draw_bank(scene(stream, place("Land", radius_km=301.0), relation="bank")) is None


def test_the_bank_of_a_river_alone_is_nowhere_and_that_of_a_town_its_part() -> None:
    assert draw_bank(scene(RIVER, relation="bank", side="left")) is None
    assert draw_bank(scene(PORT, relation="bank")) is None
    assert draw_bank(scene(PORT, relation="bank", bearings_deg=(90.0,))).method == "part"


@pytest.mark.parametrize(
    ("where", "name", "river"),
    [
        (RIVER, "anything", True), (PORT, "Port", False), (PORT, "Dnieper", True),
        (PORT, "the Dnipro", False), (PORT, "Dnipro River", True), (PORT, "River Dnipro", True),
        (place("Canal", feature_code="CNL"), "Canal", True),
    ],
)  # fmt: skip
def test_rivers_are_known_by_code_or_by_name(where: Place, name: str, *, river: bool) -> None:
    assert is_river(where, name) == river
