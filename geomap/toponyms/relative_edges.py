"""Where a place told by a border, a coast or a river may lie."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomap import areas
from geomap import geometry as shapes
from geomap.lexicons import rules
from geomap.toponyms.ground import Drawn
from geomap.toponyms.relations import bearings_of
from geomap.toponyms.relative_shapes import LARGEST_KM, draw_part, spread_km, winds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomap.records import GeometryMethod, Place
    from geomap.toponyms.ground import Scene

__all__ = ["draw_bank", "draw_border", "draw_coast", "is_river"]

# "Near the border": a drawing convention, and the precision of the polygons.
NEAR_KM = 15.0
BOUNDARY_KM = 5.0
# A border is cut to this much around the place beside it, when that is not far from it.
LEAST_PART_KM = 30.0
PART_FACTOR = 1.5
FAR_FROM_BORDER_KM = 200.0
# A whole border of this extent still says where something is.
LONGEST_KM = 500.0
# "Off the coast": the territorial sea of 12 nautical miles (UNCLOS article 3).
COAST_KM = 22.224
# The coast of a larger country says too little (Libya, with a radius of 973 km, is drawn).
LONGEST_COAST_KM = 1000.0
# "The left bank at X": the land across from X, a drawing convention.
BANK_KM = 10.0
SAMPLES = 24
# News names the same few borders again and again. So many bands take about 5 MB.
MOST_BANDS = 64
# "Across the border" leaves the side open.
_ACROSS = ("across", "over", "beyond", "past", "cross")

Positions = list[tuple[float, float]]


def draw_border(scene: Scene) -> Drawn | None:
    """Draw "near the border with X": the land along the part nearest to what stands beside it."""
    sides = [*scene.places, *_countries(scene)]
    named = [(place, polygon) for place in sides if (polygon := _polygon(scene, place))]
    if not named:
        return None
    first, polygon = named[0]
    other = named[1] if len(named) > 1 else _other_side(scene, first, polygon)
    if other is None and first.radius_km > LONGEST_KM / 2:
        return None  # which of its borders, the text does not say
    lines: Sequence[Positions] = areas.shared_border(polygon, other[1] if other else None)
    reference = _reference(scene, first)
    lines, clip = _nearest(lines, reference)
    if not lines:
        return None
    band = _along(scene, lines, clip)
    across = scene.phrase.distance is None and _crosses(scene)
    if band is not None and len(named) == 1 and not across:
        band = areas.without(band, polygon) or band
    if band is None:
        return None
    lon, lat = areas.middle(band)
    radius = areas.farthest_km(band, lon, lat)
    if radius > LONGEST_KM and clip is None:
        return None
    names = first.name + (f" and {other[0].name}" if other else "")
    where = f", near {reference.name}" if clip is not None and reference else ""
    return Drawn(band, "border", lon, lat, round(radius, 3), f"along the border of {names}{where}")


def _crosses(scene: Scene) -> bool:
    return scene.phrase.lead.startswith(_ACROSS)


def _countries(scene: Scene) -> Iterator[Place]:
    for code in scene.phrase.countries:
        place = scene.ground.country_place(code)
        if place is not None:
            yield place


def _polygon(scene: Scene, place: Place) -> Mapping[str, Any] | None:
    """Give the polygon of an area; of the country around a settlement ("the Gaza border")."""
    found = scene.ground.boundary(place.id)
    if found is None and place.feature_class == "P":
        regions = scene.ground.regions_at(place.lon, place.lat)
        found = scene.ground.boundary(regions[0].id) if regions else None
    return found


def _other_side(
    scene: Scene, first: Place, polygon: Mapping[str, Any]
) -> tuple[Place, Mapping[str, Any]] | None:
    """Find the neighbour from which the border is seen: a country that the text names beside."""
    seen = {first.country}
    for place in scene.beside():
        if place.country is None or place.country in seen:
            continue
        seen.add(place.country)
        country = scene.ground.country_place(place.country)
        found = scene.ground.boundary(country.id) if country else None
        if country is not None and found is not None and areas.shared_border(polygon, found):
            return country, found
    return None


def _reference(scene: Scene, first: Place) -> Place | None:
    """Give the settlement beside the phrase, outside the named country before inside it."""
    towns = [place for place in scene.beside() if place.feature_class == "P"]
    outside = [place for place in towns if place.country != first.country]
    return next(iter(outside or towns), None)


def _nearest(
    lines: Sequence[Positions], reference: Place | None
) -> tuple[Sequence[Positions], dict[str, Any] | None]:
    """Give the lines, and the disc around the reference that cuts them, if it is near them."""
    if reference is None or not lines:
        return lines, None
    gap = min(shapes.distance_km(reference.lon, reference.lat, *p) for line in lines for p in line)
    if gap > FAR_FROM_BORDER_KM:
        return lines, None
    radius = max(LEAST_PART_KM, PART_FACTOR * gap + BOUNDARY_KM)
    near = [
        line
        for line in lines
        if any(
            shapes.distance_km(reference.lon, reference.lat, *p) <= radius + FAR_FROM_BORDER_KM
            for p in line
        )
    ]
    return near, areas.annulus(reference.lon, reference.lat, inner_km=0, outer_km=radius)


def _along(
    scene: Scene, lines: Sequence[Positions], clip: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    distance = scene.phrase.distance
    inner, outer = 0.0, NEAR_KM
    if distance is not None:
        spread = spread_km(distance) + BOUNDARY_KM
        inner = 0.0 if distance.bound == "at most" else distance.km - spread
        outer = distance.km + spread
    band: dict[str, Any] | None = _widened(lines, outer)
    if inner > 0 and band is not None:
        band = areas.without(band, _widened(lines, inner))
    if clip is not None and band is not None:
        # A band farther away than the disc reaches stays as it is.
        band = areas.common(band, clip) or band
    return band


def _widened(lines: Sequence[Positions], km: float) -> dict[str, Any]:
    return _band(tuple(map(tuple, lines)), km)


@lru_cache(maxsize=MOST_BANDS)
def _band(lines: tuple[tuple[tuple[float, float], ...], ...], km: float) -> dict[str, Any]:
    """Give the land on both sides of some lines; nobody changes what it gives."""
    return areas.united(areas.corridor(line, half_width_km=km) for line in lines)


def draw_coast(scene: Scene) -> Drawn | None:
    """Draw "off the coast of X": the sea near X, or along the shore of the area X."""
    place, distance = scene.places[0], scene.phrase.distance
    inner, outer = 0.0, COAST_KM
    if distance is not None:
        inner, outer = distance.km - spread_km(distance), distance.km + spread_km(distance)
    polygon = scene.ground.boundary(place.id) if place.feature_class == "A" else None
    if place.radius_km > LONGEST_COAST_KM or (polygon is None and place.radius_km > LARGEST_KM):
        return None
    if polygon is None:
        area = _about(place, scene.phrase.bearings_deg, inner, outer)
    else:
        lines = _facing(polygon, scene.phrase.bearings_deg)
        band = areas.without(_widened(lines, outer), polygon) if lines else None
        if band is not None and inner > 0:
            band = areas.without(band, _widened(lines, inner))
        if band is None:
            return None
        area = band
    land = _land(scene, area)
    sea = areas.without(area, *land) if land else area
    lon, lat = areas.middle(sea or area)
    radius = round(areas.farthest_km(sea or area, lon, lat), 3)
    reason = f"the sea off {place.name}" if sea else f"no sea is known off {place.name}"
    return Drawn(sea or area, "coast", lon, lat, radius, reason)


def _about(place: Place, bearings: Sequence[float], inner: float, outer: float) -> dict[str, Any]:
    far = outer + place.radius_km
    if not bearings:
        return areas.annulus(place.lon, place.lat, inner_km=inner, outer_km=far)
    return areas.united(
        areas.wedge(
            place.lon, place.lat, inner_km=inner, outer_km=far, bearing_deg=bearing,
            half_angle_deg=90.0,
        )
        for bearing in bearings
    )  # fmt: skip


def _facing(polygon: Mapping[str, Any], bearings: Sequence[float]) -> list[Positions]:
    """Give the stretches of a boundary that face the named directions; all without any."""
    lines = areas.shared_border(polygon, None)
    if not bearings:
        return [line for line in lines if len(line) > 1]
    lon, lat = areas.middle(polygon)
    found: list[Positions] = []
    for line in lines:
        stretch: Positions = []
        for position in line:
            bearing = shapes.bearing_between(lon, lat, *position)
            if any(abs((bearing - b + 180.0) % 360.0 - 180.0) <= 90.0 for b in bearings):  # noqa: PLR2004
                stretch.append(position)
            elif len(stretch) > 1:
                found.append(stretch)
                stretch = []
            else:
                stretch = []
        if len(stretch) > 1:
            found.append(stretch)
    return found


def _land(scene: Scene, area: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the polygons of the countries on whose land an area lies in part."""
    many = area["type"] == "MultiPolygon"
    rings = [rings[0] for rings in (area["coordinates"] if many else [area["coordinates"]])]
    positions = [tuple(p) for ring in rings for p in ring]
    step = max(1, len(positions) // (2 * SAMPLES))
    spots = [*positions[::step], areas.middle(area)]
    spots += [(place.lon, place.lat) for place in scene.places]
    ids = {regions[0].id for lon, lat in spots if (regions := scene.ground.regions_at(lon, lat))}
    return [found for one in sorted(ids) if (found := scene.ground.boundary(one)) is not None]


def is_river(place: Place, name: str) -> bool:
    """Tell whether an anchor is a river, by its code or because a river bears its name."""
    return place.feature_code in {"STM", "STMI", "CNL", "STMX"} or _river_key(name) is not None


def _river_key(name: str) -> str | None:
    plain = name.lower().removesuffix(" river").removeprefix("river ").replace("’", "'")
    return plain if plain in rules("relative")["rivers"] else None


def draw_bank(scene: Scene) -> Drawn | None:
    """Draw "the left bank of X at Y": half of a disc around Y, on the side of that bank."""
    river, phrase = scene.places[0], scene.phrase
    bearings = phrase.bearings_deg or _bank_side(scene)
    if len(scene.places) == 1:
        if is_river(river, scene.names[0]) or not bearings:
            return None  # which stretch of the river, or which side, the text does not say
        return draw_part(scene)
    place = scene.places[1]
    if place.radius_km > LARGEST_KM:
        return None
    outer = place.radius_km + BANK_KM
    if not bearings:
        disc = areas.annulus(place.lon, place.lat, inner_km=0, outer_km=outer)
        reason = f"the {phrase.side} bank at {place.name}; its side is not known"
        return Drawn(disc, "bank", place.lon, place.lat, round(outer, 3), reason)
    area = areas.wedge(
        place.lon, place.lat, inner_km=0, outer_km=outer, bearing_deg=bearings[0],
        half_angle_deg=90.0,
    )  # fmt: skip
    lon, lat = areas.middle(area)
    method: GeometryMethod = "bank"
    radius = round(areas.farthest_km(area, lon, lat), 3)
    return Drawn(area, method, lon, lat, radius, f"the bank {winds(bearings)} of {place.name}")


def _bank_side(scene: Scene) -> tuple[float, ...]:
    """Give the compass side of a left or right bank, from the courses of rivers."""
    for name in (scene.names[0], scene.places[0].name):
        key = _river_key(name)
        if key is not None and scene.phrase.side is not None:
            left = bearings_of(rules("relative")["rivers"][key])[0]
            return (left if scene.phrase.side == "left" else (left + 180.0) % 360.0,)
    return ()
