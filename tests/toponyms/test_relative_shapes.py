"""Where a place told by others may lie, drawn from phrases and places made by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from shapely.geometry import Point, box, mapping, shape
from toponym_builders import place, region

from geomap import areas
from geomap.geometry import bearing_between, check, distance_km, offset
from geomap.toponyms import relative_shapes as drawing
from geomap.toponyms.distances import Distance
from geomap.toponyms.ground import Drawn, Scene
from geomap.toponyms.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import Place

TOWN = place("Sumy", 30.0, 50.0, radius_km=10.0)
OTHER = place("Lubny", 31.0, 50.0, radius_km=4.0)
HUGE = place("Middle East", 30.0, 50.0, radius_km=301.0)
OBLAST = region("Sumy Oblast", 31.0, 51.0, radius_km=90.0)
RAION = region("Sumy raion", 30.0, 50.0, radius_km=40.0)
ROD = {"type": "Polygon", "coordinates": mapping(box(30, 50, 32, 52))["coordinates"]}


@dataclass
class OneOutline:
    """Ground on which one region has an outline."""

    asked: list[str] = field(default_factory=list)

    def boundary(self, place_id: str) -> Mapping[str, Any] | None:
        """Give the outline of the oblast."""
        self.asked.append(place_id)
        return ROD if place_id == OBLAST.id else None

    def country_place(self, code: str) -> Place | None:
        """Give none."""
        return None

    def regions_at(self, lon: float, lat: float) -> tuple[Place, ...]:
        """Give none."""
        return ()


def km(value: float, precision: float = 0.5, bound: Any = "about") -> Distance:
    return Distance(km=value, precision_km=precision, bound=bound)


def scene(*places: Place, origin: Place | None = None, **said: Any) -> Scene:
    values: dict[str, Any] = {"start": 0, "end": 9, "relation": "offset", "anchors": (0,)}
    return Scene(
        phrase=Phrase(**{**values, **said}), places=places, names=tuple(p.name for p in places),
        toponyms=(), origin=origin, ground=OneOutline(),
    )  # fmt: skip


def far(drawn: Drawn, lon: float = 30.0, lat: float = 50.0) -> tuple[float, float]:
    """Give how near and how far the vertices of an area are from a point, km."""
    many = drawn.geometry["type"] == "MultiPolygon"
    polygons = drawn.geometry["coordinates"] if many else [drawn.geometry["coordinates"]]
    found = [distance_km(lon, lat, *p) for rings in polygons for ring in rings for p in ring]
    return min(found), max(found)


def angles(drawn: Drawn, lon: float = 30.0, lat: float = 50.0) -> tuple[float, float]:
    """Give the least and greatest bearing of an area's vertices that are not the point itself."""
    ring = drawn.geometry["coordinates"][0]
    found = [bearing_between(lon, lat, *p) for p in ring if distance_km(lon, lat, *p) > 0.01]
    return min(found), max(found)


def corner(distance: float, spread: float, angle: float = 22.5) -> float:
    """Give how far the outer corner of an arc lies from its middle, by the plane."""
    turned = math.radians(angle)
    reach = distance + spread
    return math.hypot(reach * math.sin(turned), reach * math.cos(turned) - distance)


@pytest.mark.parametrize(
    ("stated", "spread"),
    [(km(20, 5), 5), (km(20, 0.5), 4), (km(2, 0.5), 0.5), (km(25, 5), 5)],
)
def test_a_distance_is_as_good_as_its_wording_and_no_better_than_a_fifth(
    stated: Distance, spread: float
) -> None:
    assert drawing.spread_km(stated) == pytest.approx(spread)


def test_an_offset_is_a_point_with_the_radius_of_the_point_radius_method() -> None:
    found = drawing.draw_offset(scene(TOWN, distance=km(20), bearings_deg=(90.0,)))
    spot = offset(30, 50, distance_km=20, bearing_deg=90)
    assert (found.lon, found.lat, found.method) == (*spot, "offset")
    assert found.geometry == {"type": "Point", "coordinates": list(spot)}
    assert found.uncertainty_km == pytest.approx(corner(20, 4) + 10, abs=0.001)
    assert found.uncertainty_km == round(found.uncertainty_km, 3)
    assert found.reason == "20 km east of Sumy: ±9 km by the wording, ±10 km by its size"


def test_an_offset_within_the_town_stands_at_its_edge() -> None:
    found = drawing.draw_offset(scene(TOWN, distance=km(3), bearings_deg=(0.0,)))
    assert distance_km(30, 50, found.lon, found.lat) == pytest.approx(10, abs=0.002)
    assert found.reason.startswith("3 km north of Sumy")


def test_an_offset_from_a_region_starts_at_its_edge() -> None:
    found = drawing.draw_offset(scene(OBLAST, distance=km(30), bearings_deg=(0.0,)))
    edge = areas.edge_km(ROD, 31, 51, bearing_deg=0)
    assert distance_km(31, 51, found.lon, found.lat) == pytest.approx(edge + 30, abs=0.002)
    # By its radius where it has no outline.
    found = drawing.draw_offset(scene(RAION, distance=km(30), bearings_deg=(0.0,)))
    assert distance_km(30, 50, found.lon, found.lat) == pytest.approx(70, abs=0.002)


@pytest.mark.parametrize("large", [HUGE, region("Siberia", radius_km=301.0)])
def test_what_is_too_large_says_too_little(large: Place) -> None:
    told = {"distance": km(20), "bearings_deg": (90.0,)}
    assert drawing.draw_offset(scene(large, **told)) is None
    assert drawing.draw_distance(scene(large, distance=km(20))) is None
    assert drawing.draw_within(scene(large, distance=km(20))) is None
    assert drawing.draw_bearing(scene(large, bearings_deg=(90.0,))) is None
    assert drawing.draw_part(scene(large, bearings_deg=(90.0,))) is None
    assert drawing.draw_outskirts(scene(large)) is None
    assert drawing.draw_outskirts(scene(large, bearings_deg=(90.0,))) is None
    assert drawing.draw_countryside(scene(large)) is None
    assert drawing.draw_between(scene(large, OTHER)) is None
    assert drawing.draw_between(scene(OTHER, large)) is None
    assert drawing.draw_toward(scene(large)) is None


def test_what_is_just_not_too_large_is_drawn() -> None:
    limit = place("Land", radius_km=300.0)
    assert drawing.draw_offset(scene(limit, distance=km(400), bearings_deg=(90.0,)))
    assert drawing.draw_distance(scene(limit, distance=km(20)))
    assert drawing.draw_within(scene(limit, distance=km(20)))
    assert drawing.draw_bearing(scene(limit, bearings_deg=(90.0,)))
    assert drawing.draw_part(scene(limit, bearings_deg=(90.0,)))
    assert drawing.draw_outskirts(scene(limit))
    assert drawing.draw_between(scene(limit, OTHER))
    assert drawing.draw_toward(scene(limit))
    area = region("Land", radius_km=300.0)
    assert drawing.draw_offset(scene(area, distance=km(20), bearings_deg=(90.0,)))


@pytest.mark.parametrize("bearings", [(), (0.0, 90.0)])
def test_a_distance_without_one_direction_is_all_around(bearings: tuple[float, ...]) -> None:
    found = drawing.draw_offset(scene(TOWN, distance=km(20), bearings_deg=bearings))
    assert found == drawing.draw_distance(scene(TOWN, distance=km(20)))
    assert (found.method, found.lon, found.lat) == ("ring", 30, 50)
    # From a fifth less than stated to a fifth more, beyond the edge of the town.
    assert far(found) == pytest.approx((16, 34), abs=0.01)
    assert found.uncertainty_km == 34
    assert found.reason == "20 km from Sumy; the text does not say in which direction"


def test_more_than_a_distance_reaches_half_as_far_again() -> None:
    found = drawing.draw_distance(scene(TOWN, distance=km(20, bound="at least")))
    assert far(found) == pytest.approx((16, 44), abs=0.01)
    assert found.uncertainty_km == 44


def test_at_most_a_distance_is_a_disc_counted_from_the_edge() -> None:
    found = drawing.draw_distance(scene(TOWN, distance=km(5, bound="at most")))
    assert found == drawing.draw_within(scene(TOWN, distance=km(5)))
    assert (found.method, found.lon, found.lat) == ("disc", 30, 50)
    assert far(found) == pytest.approx((15.5, 15.5), abs=0.01)
    assert found.uncertainty_km == 15.5
    assert len(found.geometry["coordinates"]) == 1
    assert found.reason == "at most 5 km from Sumy, counted from its edge"


@pytest.mark.parametrize(
    ("bearing", "least", "most"), [(90.0, 45, 135), (45.0, 22.5, 67.5), (67.5, 45, 90)]
)
def test_a_bare_direction_is_a_wedge_outwards(bearing: float, least: float, most: float) -> None:
    found = drawing.draw_bearing(scene(TOWN, bearings_deg=(bearing,)))
    assert found.method == "sector"
    # From half of its radius to twice its radius beyond its edge.
    assert far(found) == pytest.approx((5, 30), abs=0.01)
    assert angles(found) == pytest.approx((least, most), abs=0.1)
    assert shape(found.geometry).contains(Point(found.lon, found.lat))
    assert found.uncertainty_km == pytest.approx(far(found, found.lon, found.lat)[1], abs=0.001)


def test_directions_are_told_in_words() -> None:
    found = drawing.draw_bearing(scene(TOWN, bearings_deg=(90.0, 225.0)))
    assert found.reason == "east and south-west of Sumy; the text gives no distance"
    assert drawing.winds([0, 45, 90, 135, 180, 225, 270, 315, 360]) == (
        "north and north-east and east and south-east and south and south-west and west and "
        "north-west and north"
    )
    assert drawing.winds([67.5]) == "67.5°"


def test_a_direction_reaches_fifteen_kilometres_at_least_and_a_hundred_at_most() -> None:
    small = drawing.draw_bearing(scene(place("Hamlet", radius_km=1.0), bearings_deg=(90.0,)))
    assert far(small) == pytest.approx((0.5, 16), abs=0.01)
    large = drawing.draw_bearing(scene(place("City", radius_km=80.0), bearings_deg=(90.0,)))
    assert far(large)[1] == pytest.approx(180, abs=0.1)


def test_north_of_a_region_is_outside_of_it() -> None:
    found = drawing.draw_bearing(scene(OBLAST, bearings_deg=(0.0,)))
    assert shape(found.geometry).intersection(shape(ROD)).area == pytest.approx(0, abs=1e-3)
    assert shape(found.geometry).contains(Point(31, 52.3))
    edge = areas.edge_km(ROD, 31, 51, bearing_deg=0)
    assert far(found, 31, 51)[1] == pytest.approx(edge + 100, abs=1)
    assert found.reason.startswith("north of Sumy Oblast")
    # Without an outline, from half of its radius as from a town's.
    assert far(drawing.draw_bearing(scene(RAION, bearings_deg=(0.0,))))[0] == pytest.approx(
        20, abs=0.01
    )


def test_the_north_of_a_region_is_its_half() -> None:
    found = drawing.draw_part(scene(OBLAST, bearings_deg=(0.0,)))
    assert (found.method, found.reason) == ("part", "the north of Sumy Oblast")
    assert shape(found.geometry).bounds == (30, 51, 32, 52)
    assert (found.lon, found.lat) == (31, 51.5)


def test_the_north_of_a_town_is_half_of_its_disc() -> None:
    found = drawing.draw_part(scene(TOWN, bearings_deg=(90.0,)))
    assert (found.method, found.reason) == ("part", "the east of Sumy, by its radius")
    assert far(found) == pytest.approx((0, 10), abs=0.01)
    assert angles(found) == pytest.approx((0, 180), abs=0.1)
    quarter = drawing.draw_part(scene(TOWN, bearings_deg=(45.0,)))
    assert angles(quarter) == pytest.approx((0, 90), abs=0.1)


def test_the_outskirts_are_the_band_about_the_edge() -> None:
    found = drawing.draw_outskirts(scene(TOWN))
    assert (found.method, found.lon, found.lat, found.uncertainty_km) == ("outskirts", 30, 50, 13)
    assert far(found) == pytest.approx((10 / 3, 13), abs=0.01)
    assert found.reason == "from within the edge of Sumy to just out of it"
    south = drawing.draw_outskirts(scene(TOWN, bearings_deg=(180.0,)))
    assert south.method == "outskirts"
    assert far(south) == pytest.approx((10 / 3, 13), abs=0.01)
    assert angles(south) == pytest.approx((135, 225), abs=0.1)
    assert south.reason == "from within the edge of Sumy to just out of it, south"


def test_the_countryside_is_the_land_around() -> None:
    found = drawing.draw_countryside(scene(TOWN))
    assert (found.method, found.uncertainty_km) == ("outskirts", 30)
    assert far(found) == pytest.approx((5, 30), abs=0.01)
    assert found.reason == "the land around Sumy"
    whole = drawing.draw_countryside(scene(OBLAST))
    assert (whole.geometry, whole.method) == (ROD, "region")
    assert whole.reason == "the land of Sumy Oblast"
    part = drawing.draw_countryside(scene(OBLAST, bearings_deg=(0.0,)))
    assert part == drawing.draw_part(scene(OBLAST, bearings_deg=(0.0,)))
    assert drawing.draw_countryside(scene(RAION)).method == "outskirts"


LENGTH = distance_km(30, 50, 31, 50)


def test_between_two_is_a_corridor_as_wide_as_roads_stray() -> None:
    found = drawing.draw_between(scene(TOWN, OTHER, relation="between"))
    width = 0.15 * LENGTH
    assert found.method == "between"
    assert found.reason == f"between Sumy and Lubny, {width:.0f} km to both sides"
    assert far(found, 31, 50)[1] == pytest.approx(LENGTH + width, abs=0.1)
    assert shape(found.geometry).contains(Point(30.5, 50.08))
    assert not shape(found.geometry).contains(Point(30.5, 50.12))


def test_a_line_is_narrower_and_a_short_way_two_kilometres_wide() -> None:
    line = drawing.draw_between(scene(TOWN, OTHER, relation="line"))
    assert line.reason == f"along Sumy and Lubny, {0.05 * LENGTH:.0f} km to both sides"
    near = place("near", 30.05, 50.0)
    short = drawing.draw_between(scene(TOWN, near, relation="line"))
    assert "2 km to both sides" in short.reason
    assert far(short, 30.05, 50)[1] == pytest.approx(distance_km(30, 50, 30.05, 50) + 2, abs=0.01)


def test_halfway_is_a_disc_about_the_middle() -> None:
    found = drawing.draw_between(scene(TOWN, OTHER, relation="between", halfway=True))
    assert distance_km(30, 50, found.lon, found.lat) == pytest.approx(LENGTH / 2, abs=0.01)
    assert distance_km(31, 50, found.lon, found.lat) == pytest.approx(LENGTH / 2, abs=0.01)
    radius = 0.15 * LENGTH + 10
    assert found.uncertainty_km == pytest.approx(radius, abs=0.001)
    assert far(found, found.lon, found.lat) == pytest.approx((radius, radius), abs=0.01)
    assert (found.method, found.reason) == ("between", "the middle between Sumy and Lubny")
    assert len(found.geometry["coordinates"]) == 1
    tiny = [place(n, 30 + i / 100, radius_km=0.1) for i, n in enumerate(("A", "B"))]
    assert drawing.draw_between(scene(*tiny, halfway=True)).uncertainty_km == 2


def test_between_three_is_around_them_and_a_line_through_three_stays_open() -> None:
    third = place("third", 30.5, 51.0)
    for halfway in (False, True):
        ring = drawing.draw_between(scene(TOWN, OTHER, third, relation="between", halfway=halfway))
        assert shape(ring.geometry).contains(Point(30.25, 50.5))
    line = drawing.draw_between(scene(TOWN, OTHER, third, relation="line"))
    assert not shape(line.geometry).contains(Point(30.25, 50.5))
    assert shape(line.geometry).contains(Point(30.75, 50.5))


def test_between_a_place_and_itself_is_nowhere() -> None:
    assert drawing.draw_between(scene(TOWN, TOWN)) is None
    assert drawing.draw_between(scene(TOWN, OTHER, TOWN)) is None


def test_toward_a_place_from_another_is_the_way_there() -> None:
    found = drawing.draw_toward(scene(OTHER, origin=TOWN))
    assert (found.method, found.reason) == ("direction", "from Sumy toward Lubny")
    assert far(found) == pytest.approx((0, LENGTH), abs=0.01)
    way = bearing_between(30, 50, 31, 50)
    assert angles(found) == pytest.approx((way - 22.5, way + 22.5), abs=0.1)


@pytest.mark.parametrize("origin", [None, OTHER, HUGE])
def test_toward_a_place_from_anywhere_is_around_it(origin: Place | None) -> None:
    found = drawing.draw_toward(scene(OTHER, origin=origin))
    assert (found.method, found.lon, found.lat) == ("direction", 31, 50)
    assert found.uncertainty_km == 29
    assert far(found, 31, 50) == pytest.approx((29, 29), abs=0.01)
    assert found.reason == "on the way to Lubny; the text does not say from which side"
    check(found.geometry)


def test_an_origin_of_the_largest_size_still_says_from_where() -> None:
    origin = place("Land", 30.0, 50.0, radius_km=300.0)
    assert drawing.draw_toward(scene(OTHER, origin=origin)).reason.startswith("from Land")


def test_the_outline_of_a_town_is_not_asked_for() -> None:
    told = scene(TOWN, bearings_deg=(90.0,))
    for draw in (drawing.draw_bearing, drawing.draw_part, drawing.draw_countryside):
        draw(told)
    assert told.ground.asked == []  # type: ignore[attr-defined]
