"""Where a place told by others may lie: points with a radius, wedges, rings, corridors, parts.

The point-radius method is that of Wieczorek, Guo & Hijmans (2004, IJGIS
18:745-767): the error of an offset grows with its distance, by the imprecision
of the distance and of the direction, and the extent of the anchor is added.
Where they give no rule, or ours was measured, the constant says so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from geomap import areas
from geomap import geometry as shapes
from geomap.toponyms.ground import Drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.records import GeometryMethod, Place
    from geomap.toponyms.distances import Distance
    from geomap.toponyms.ground import Scene

__all__ = [
    "LARGEST_KM",
    "draw_bearing",
    "draw_between",
    "draw_countryside",
    "draw_distance",
    "draw_offset",
    "draw_outskirts",
    "draw_part",
    "draw_toward",
    "draw_within",
    "spread_km",
    "winds",
]

# Measured with benchmarks/offsets.py on 49 pairs of located places in the development
# corpora: stated distances are off by 9 % (median) and 33 % (p90), since people count
# roads; directions by 9 and 30 degrees. With these two the radius covers 96 % of the pairs.
DISTANCE_SHARE = 0.2
HALF_ANGLE_DEG = shapes.HALF_WIND_DEG
# A bare "north of X" without a distance is any way between north-east and north-west,
# "north-east of" half of that (Wieczorek et al. 2004).
BARE_HALF_ANGLE_DEG = 45.0
# How far "north of X" reaches beyond its edge, when no distance is said. A drawing
# convention: twice the radius of the settlement, at least this.
REACH_KM = 15.0
REACH_RADII = 2.0
# The band of the outskirts begins here: six of eight located descriptions of the
# development corpora lie within it, with half of the radius four (benchmarks/covered.py).
OUTSKIRTS_SHARE = 1 / 3
# How far "in the X direction" reaches around X: a drawing convention.
FRONT_KM = 25.0
# "Between X and Y" strays from the straight line by this share of its length: roads do.
BETWEEN_SHARE = 0.15
LINE_SHARE = 0.05
LEAST_WIDTH_KM = 2.0
# An anchor with a larger radius says too little for a distance or direction from it.
LARGEST_KM = 300.0
_CARDINAL_STEP = 90.0
_WIND_NAMES = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip


def draw_offset(scene: Scene) -> Drawn | None:
    """Draw "20 km east of X": a point, with the radius of the point-radius method."""
    place, distance = scene.places[0], _distance(scene)
    bearings = scene.phrase.bearings_deg
    if len(bearings) != 1:
        return draw_distance(scene)
    edge = _edge(scene, place, bearings[0])
    if edge is None:
        return None
    reach = edge + distance.km if edge else max(distance.km, place.radius_km)
    lon, lat = shapes.offset(place.lon, place.lat, distance_km=reach, bearing_deg=bearings[0])
    wording = _corner_km(reach, spread_km(distance), HALF_ANGLE_DEG)
    reason = (
        f"{distance.km:.3g} km {winds(bearings)} of {place.name}: ±{wording:.0f} km by the "
        f"wording, ±{place.radius_km:.0f} km by its size"
    )
    return Drawn(
        shapes.point(lon, lat), "offset", lon, lat, round(wording + place.radius_km, 3), reason
    )


def spread_km(distance: Distance) -> float:
    """Give how far the real distance may lie from the stated one, in km."""
    return max(distance.precision_km, DISTANCE_SHARE * distance.km)


def _corner_km(distance: float, spread: float, half_angle_deg: float) -> float:
    """Give the distance from the point to the outer corner of the arc it may lie on."""
    far = distance + spread
    angle = math.cos(math.radians(half_angle_deg))
    return math.sqrt(far**2 + distance**2 - 2 * far * distance * angle)


def _distance(scene: Scene) -> Distance:
    distance = scene.phrase.distance
    if distance is None:  # pragma: no cover - the relations that come here have one
        msg = f"{scene.phrase!r} has no distance"
        raise ValueError(msg)
    return distance


def _edge(scene: Scene, place: Place, bearing: float) -> float | None:
    """Give how far an area reaches that way, km; 0 for a point, ``None`` when not known."""
    if place.feature_class != "A":
        return 0.0 if place.radius_km <= LARGEST_KM else None
    polygon = scene.ground.boundary(place.id)
    if polygon is None:
        return place.radius_km if place.radius_km <= LARGEST_KM else None
    return areas.edge_km(polygon, place.lon, place.lat, bearing_deg=bearing)


def draw_distance(scene: Scene) -> Drawn | None:
    """Draw "10 miles outside X": all around it, at that distance from its edge or centre."""
    place, distance = scene.places[0], _distance(scene)
    if distance.bound == "at most":
        return draw_within(scene)
    if place.radius_km > LARGEST_KM:
        return None
    spread = spread_km(distance)
    inner = distance.km - spread
    outer = distance.km * (1.5 if distance.bound == "at least" else 1.0) + spread + place.radius_km
    ring = areas.annulus(place.lon, place.lat, inner_km=inner, outer_km=outer)
    reason = f"{distance.km:.3g} km from {place.name}; the text does not say in which direction"
    return Drawn(ring, "ring", place.lon, place.lat, round(outer, 3), reason)


def draw_within(scene: Scene) -> Drawn | None:
    """Draw "within 5 km of X": a disc around it, counted from its edge."""
    place, distance = scene.places[0], _distance(scene)
    if place.radius_km > LARGEST_KM:
        return None
    outer = distance.km + distance.precision_km + place.radius_km
    disc = areas.annulus(place.lon, place.lat, inner_km=0, outer_km=outer)
    reason = f"at most {distance.km:.3g} km from {place.name}, counted from its edge"
    return Drawn(disc, "disc", place.lon, place.lat, round(outer, 3), reason)


def draw_bearing(scene: Scene) -> Drawn | None:
    """Draw "north of X": a wedge from X outwards, without the area X itself."""
    place, bearings = scene.places[0], scene.phrase.bearings_deg
    polygon = scene.ground.boundary(place.id) if place.feature_class == "A" else None
    if polygon is None and place.radius_km > LARGEST_KM:
        return None
    wedges = []
    for bearing in bearings:
        edge = _edge(scene, place, bearing) or place.radius_km
        wedges.append(
            areas.wedge(
                place.lon, place.lat, inner_km=place.radius_km / 2 if polygon is None else 0,
                outer_km=_reach_km(edge), bearing_deg=bearing,
                half_angle_deg=_half_angle(bearing),
            )
        )  # fmt: skip
    area = areas.united(wedges)
    if polygon is not None:
        outside = areas.without(area, polygon)
        if outside is None:
            return None
        area = outside
    words = winds(bearings)
    return _area(area, "sector", f"{words} of {place.name}; the text gives no distance")


def _reach_km(radius: float) -> float:
    return radius + max(REACH_KM, min(REACH_RADII * radius, LARGEST_KM / 3))


def _half_angle(bearing: float) -> float:
    return BARE_HALF_ANGLE_DEG if bearing % _CARDINAL_STEP == 0 else HALF_ANGLE_DEG


def winds(bearings: Sequence[float]) -> str:
    """Give bearings (degrees) in words; those between the eight winds in degrees.

    Examples
    --------
    >>> winds([0, 225]), winds([67.5])
    ('north and south-west', '67.5°')
    """
    names = {n * 45.0: name for n, name in enumerate(_WIND_NAMES)}
    return " and ".join(names.get(bearing % 360.0, f"{bearing:g}°") for bearing in bearings)


def _area(area: Mapping[str, Any], method: GeometryMethod, reason: str) -> Drawn:
    lon, lat = areas.middle(area)
    radius = round(areas.farthest_km(area, lon, lat), 3)
    return Drawn(area, method, lon, lat, radius, reason)


def draw_part(scene: Scene) -> Drawn | None:
    """Draw "the northern part of X": the half or quarter of its polygon, or of its disc."""
    place, bearings = scene.places[0], scene.phrase.bearings_deg
    polygon = scene.ground.boundary(place.id) if place.feature_class == "A" else None
    words = winds(bearings)
    if polygon is not None:
        part = areas.part_of(polygon, bearings)
        return _area(part, "part", f"the {words} of {place.name}") if part is not None else None
    if place.radius_km > LARGEST_KM:
        return None
    part = areas.united(
        areas.wedge(
            place.lon, place.lat, inner_km=0, outer_km=place.radius_km, bearing_deg=bearing,
            half_angle_deg=2 * _half_angle(bearing),
        )
        for bearing in bearings
    )  # fmt: skip
    return _area(part, "part", f"the {words} of {place.name}, by its radius")


def draw_outskirts(scene: Scene) -> Drawn | None:
    """Draw "the southern outskirts of X": the band about its edge, or the named part of it."""
    place = scene.places[0]
    inner = OUTSKIRTS_SHARE * place.radius_km
    outer = place.radius_km * (1 + shapes.RING_WIDTH_SHARE)
    return _band(scene, inner, outer, f"from within the edge of {place.name} to just out of it")


def draw_countryside(scene: Scene) -> Drawn | None:
    """Draw "the northern X countryside": the land around X, or the named part of it."""
    place = scene.places[0]
    polygon = scene.ground.boundary(place.id) if place.feature_class == "A" else None
    if polygon is None:
        outer = _reach_km(place.radius_km)
        return _band(scene, place.radius_km / 2, outer, f"the land around {place.name}")
    if scene.phrase.bearings_deg:
        return draw_part(scene)
    return _area(polygon, "region", f"the land of {place.name}")


def _band(scene: Scene, inner: float, outer: float, reason: str) -> Drawn | None:
    place, bearings = scene.places[0], scene.phrase.bearings_deg
    if place.radius_km > LARGEST_KM:
        return None
    if not bearings:
        ring = areas.annulus(place.lon, place.lat, inner_km=inner, outer_km=outer)
        return Drawn(ring, "outskirts", place.lon, place.lat, round(outer, 3), reason)
    area = areas.united(
        areas.wedge(
            place.lon, place.lat, inner_km=inner, outer_km=outer, bearing_deg=bearing,
            half_angle_deg=_half_angle(bearing),
        )
        for bearing in bearings
    )  # fmt: skip
    return _area(area, "outskirts", f"{reason}, {winds(bearings)}")


def draw_between(scene: Scene) -> Drawn | None:
    """Draw "between X and Y", "halfway", "the X–Y line": a corridor, or the middle of one."""
    places = scene.places
    if any(place.radius_km > LARGEST_KM for place in places):
        return None
    points = [(place.lon, place.lat) for place in places]
    if len(set(points)) < len(points):
        return None
    names = " and ".join(place.name for place in places)
    (lon, lat), length = _midpoint(points)
    if scene.phrase.halfway and len(points) == len(("one", "other")):
        radius = max(LEAST_WIDTH_KM, BETWEEN_SHARE * length + max(p.radius_km for p in places))
        disc = areas.annulus(lon, lat, inner_km=0, outer_km=radius)
        return Drawn(disc, "between", lon, lat, round(radius, 3), f"the middle between {names}")
    line = scene.phrase.relation == "line"
    width = max(LEAST_WIDTH_KM, (LINE_SHARE if line else BETWEEN_SHARE) * length)
    closed = [*points, points[0]] if len(points) > len(("one", "other")) and not line else points
    area = areas.corridor(closed, half_width_km=width)
    reason = f"along {names}" if line else f"between {names}"
    return _area(area, "between", f"{reason}, {width:.0f} km to both sides")


def _midpoint(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], float]:
    """Give the middle of the way from the first to the last point, and its length in km."""
    first, last = points[0], points[-1]
    length = shapes.distance_km(*first, *last)
    bearing = shapes.bearing_between(*first, *last)
    return shapes.offset(*first, distance_km=length / 2, bearing_deg=bearing), length


def draw_toward(scene: Scene) -> Drawn | None:
    """Draw "in the direction of X": the way there from an origin, or the surroundings of X."""
    place, origin = scene.places[0], scene.origin
    if place.radius_km > LARGEST_KM:
        return None
    if origin is not None and origin.id != place.id and origin.radius_km <= LARGEST_KM:
        bearing = shapes.bearing_between(origin.lon, origin.lat, place.lon, place.lat)
        length = shapes.distance_km(origin.lon, origin.lat, place.lon, place.lat)
        area = areas.wedge(
            origin.lon, origin.lat, inner_km=0, outer_km=length, bearing_deg=bearing,
            half_angle_deg=HALF_ANGLE_DEG,
        )  # fmt: skip
        return _area(area, "direction", f"from {origin.name} toward {place.name}")
    outer = place.radius_km + FRONT_KM
    disc = areas.annulus(place.lon, place.lat, inner_km=0, outer_km=outer)
    reason = f"on the way to {place.name}; the text does not say from which side"
    return Drawn(disc, "direction", place.lon, place.lat, round(outer, 3), reason)
