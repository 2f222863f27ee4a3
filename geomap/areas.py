"""Areas from language: wedges, corridors, parts of regions, land along borders, sea off coasts.

As in :mod:`geomap.geometry`, everything takes ``lon, lat`` in EPSG:4326 degrees
and kilometres along geodesics, and gives valid GeoJSON cut at the antimeridian.
Sets of areas (union, cut, difference) are worked out by shapely in degrees,
which is exact for what is inside and what is outside.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from geomap.geometry import (
    DECIMALS,
    HALF_WIND_DEG,
    arc,
    bearing_between,
    distance_km,
    offset,
    polygon,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = [
    "annulus",
    "common",
    "corridor",
    "edge_km",
    "farthest_km",
    "middle",
    "part_of",
    "shared_border",
    "united",
    "wedge",
    "without",
]

Positions = list[tuple[float, float]]

# A longer stretch of a line is widened piece by piece, each along its own geodesic.
PIECE_KM = 100.0
_FULL_DEG = 360.0
_HALF_DEG = 180.0
_QUARTER_DEG = 90.0
# What is left of rounding: a ten-thousandth of a square degree is about 1 km².
SLIVER_DEG2 = 1e-4
# About 500 km: Crete is Greek land, French Guiana is not in France's south.
OVERSEAS_DEG = 5.0
# A hole or tip smaller than this is lost on the grid of five decimals.
LEAST_KM = 0.05
# Vertices at least this near to one another say how far a straight edge is.
STEP_DEG = 0.2


def annulus(lon: float, lat: float, *, inner_km: float, outer_km: float) -> dict[str, Any]:
    """Give all points within a range of distances from a point.

    Parameters
    ----------
    lon, lat
        The centre.
    inner_km, outer_km
        The range; a disc when ``inner_km`` is less than 50 m.

    Returns
    -------
    dict
        A Polygon; a MultiPolygon where it crosses the antimeridian.
    """
    outer = arc(lon, lat, outer_km, 0.0, _FULL_DEG)
    inner = arc(lon, lat, inner_km, 0.0, _FULL_DEG) if inner_km > LEAST_KM else []
    return polygon(outer, inner)


def wedge(
    lon: float,
    lat: float,
    *,
    inner_km: float,
    outer_km: float,
    bearing_deg: float,
    half_angle_deg: float = HALF_WIND_DEG,
) -> dict[str, Any]:
    """Give the part of an annulus that lies in a direction.

    Parameters
    ----------
    lon, lat
        The centre.
    inner_km, outer_km
        Range of distances; the tip is the centre when ``inner_km`` is less than 50 m.
    bearing_deg
        The direction, clockwise from north.
    half_angle_deg
        How far it reaches to both sides; 90 gives half of a disc.

    Returns
    -------
    dict
        A Polygon; a MultiPolygon where it crosses the antimeridian.
    """
    start, end = bearing_deg - half_angle_deg, bearing_deg + half_angle_deg
    outer = arc(lon, lat, outer_km, start, end)
    inner = arc(lon, lat, inner_km, start, end) if inner_km > LEAST_KM else [(lon, lat)]
    return polygon([*outer, *reversed(inner)], [])


def corridor(points: Sequence[tuple[float, float]], *, half_width_km: float) -> dict[str, Any]:
    """Give all points within a distance of a line.

    Parameters
    ----------
    points
        ``(lon, lat)`` of the line, two or more.
    half_width_km
        Greater than 0.

    Returns
    -------
    dict
        A Polygon or MultiPolygon.
    """
    return united(
        _capsule(one, other, half_width_km)
        for start, end in itertools.pairwise(points)
        for one, other in itertools.pairwise(_pieces(start, end))
    )


def _pieces(start: tuple[float, float], end: tuple[float, float]) -> Positions:
    whole = distance_km(*start, *end)
    count = max(1, math.ceil(whole / PIECE_KM))
    bearing = bearing_between(*start, *end)
    inner = [
        offset(*start, distance_km=whole * step / count, bearing_deg=bearing)
        for step in range(1, count)
    ]
    return [start, *inner, end]


def _capsule(start: tuple[float, float], end: tuple[float, float], km: float) -> dict[str, Any]:
    if distance_km(*start, *end) == 0:
        return annulus(*start, inner_km=0, outer_km=km)
    ahead = bearing_between(*start, *end)
    back = bearing_between(*end, *start)
    first = arc(*start, km, ahead + _QUARTER_DEG, ahead + _HALF_DEG + _QUARTER_DEG)
    last = arc(*end, km, back + _QUARTER_DEG, back + _HALF_DEG + _QUARTER_DEG)
    shift = _FULL_DEG * round((start[0] - end[0]) / _FULL_DEG)
    return polygon([*first, *((lon + shift, lat) for lon, lat in last)], [])


def part_of(region: Mapping[str, Any], bearings_deg: Iterable[float]) -> dict[str, Any] | None:
    """Give the part of an area that lies in the named directions.

    A cardinal direction takes the half on that side of the area's centroid, an
    intermediate one the quarter between two of them: the least that "the
    northern part" commits to (nobody says where the middle ends). Parts overseas
    do not count: the south of France is not in the Indian Ocean.

    Parameters
    ----------
    region
        GeoJSON Polygon or MultiPolygon.
    bearings_deg
        Clockwise from north; the parts are joined.

    Returns
    -------
    dict or None
        ``None`` when nothing of the area lies there.
    """
    from shapely.geometry import box  # noqa: PLC0415 - loads GEOS
    from shapely.ops import unary_union  # noqa: PLC0415

    whole = _mainland(_unwrapped(_shape(region)))
    lon, lat = whole.centroid.x, whole.centroid.y
    west, south, east, north = whole.bounds
    halves = {
        0.0: box(west, lat, east, north), 90.0: box(lon, south, east, north),
        180.0: box(west, south, east, lat), 270.0: box(west, south, lon, north),
    }  # fmt: skip
    parts = []
    for bearing in bearings_deg:
        part = whole
        for wind, half in halves.items():
            apart = abs((bearing - wind + _HALF_DEG) % _FULL_DEG - _HALF_DEG)
            # 67.5 (east-northeast) is still the quarter in the north-east.
            if apart < _QUARTER_DEG - 1:
                part = part.intersection(half)
        parts.append(part)
    return _geojson(unary_union(parts))


def shared_border(one: Mapping[str, Any], other: Mapping[str, Any] | None) -> tuple[Positions, ...]:
    """Give the lines that two areas have in common.

    Parameters
    ----------
    one, other
        GeoJSON areas of one coverage, whose common edges are identical; without
        the other the whole boundary of the one.

    Returns
    -------
    tuple of list of (lon, lat)
        Empty for areas that do not touch.
    """
    from shapely import line_merge  # noqa: PLC0415 - loads GEOS

    line = _shape(one).boundary
    if other is not None:
        line = line.intersection(_shape(other).boundary)
    parts = [
        part
        for part in getattr(line, "geoms", [line])
        if part.geom_type == "LineString" and not part.is_empty
    ]
    if not parts:
        return ()
    from shapely.geometry import MultiLineString  # noqa: PLC0415

    merged = line_merge(MultiLineString(parts))
    return tuple(
        [(float(x), float(y)) for x, y in part.coords]
        for part in getattr(merged, "geoms", [merged])
    )


def edge_km(region: Mapping[str, Any], lon: float, lat: float, *, bearing_deg: float) -> float:
    """Give how far an area reaches from a point in a direction.

    Parameters
    ----------
    region
        GeoJSON area.
    lon, lat
        A point, EPSG:4326 degrees.
    bearing_deg
        Clockwise from north.

    Returns
    -------
    float
        Kilometres to the last crossing of its boundary within 22.5° of the
        direction; 0 when there is none.
    """
    from shapely import get_coordinates, segmentize  # noqa: PLC0415 - loads GEOS

    positions = get_coordinates(segmentize(_shape(region).boundary, STEP_DEG)).tolist()
    reach = 0.0
    for other_lon, other_lat in positions:
        bearing = bearing_between(lon, lat, other_lon, other_lat)
        if abs((bearing - bearing_deg + _HALF_DEG) % _FULL_DEG - _HALF_DEG) <= HALF_WIND_DEG:
            reach = max(reach, distance_km(lon, lat, other_lon, other_lat))
    return reach


def united(areas: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give areas as one; at least one must be given."""
    from shapely.ops import unary_union  # noqa: PLC0415 - loads GEOS

    found = _geojson(unary_union([_shape(area) for area in areas]), least=0.0)
    if found is None:
        msg = "no area to unite; give at least one"
        raise ValueError(msg)
    return found


def common(area: Mapping[str, Any], *others: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give what areas have in common; ``None`` when nothing."""
    shape = _shape(area)
    for other in others:
        shape = shape.intersection(_shape(other))
    return _geojson(shape)


def without(area: Mapping[str, Any], *others: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give an area less others; ``None`` when nothing is left."""
    shape = _shape(area)
    for other in others:
        shape = shape.difference(_shape(other))
    return _geojson(shape)


def middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Give a point amid an area, always inside it.

    Parameters
    ----------
    geometry
        GeoJSON Polygon or MultiPolygon.

    Returns
    -------
    tuple of (lon, lat)
        The centroid where it lies inside, else a point inside that is near it.
    """
    shape = _unwrapped(_shape(geometry))
    spot = shape.centroid
    if not shape.contains(spot):
        gap = shape.distance(spot)
        spot = shape.intersection(spot.buffer(1.2 * gap + 1e-3)).representative_point()
    lon = (spot.x + _HALF_DEG) % _FULL_DEG - _HALF_DEG
    return round(lon, DECIMALS), round(spot.y, DECIMALS)


def farthest_km(geometry: Mapping[str, Any], lon: float, lat: float) -> float:
    """Give the distance in km from a point to the farthest vertex of a polygon."""
    many = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if many else [geometry["coordinates"]]
    return max(distance_km(lon, lat, *p) for rings in polygons for p in rings[0])


def _shape(geometry: Mapping[str, Any]) -> BaseGeometry:
    import numpy as np  # noqa: PLC0415 - as shapely
    from shapely import make_valid  # noqa: PLC0415 - loads GEOS
    from shapely.geometry import shape  # noqa: PLC0415

    many = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if many else [geometry["coordinates"]]
    # shapely looks at each position of a list for itself, but takes an array as a whole.
    arrays = [[np.asarray(ring, dtype=float) for ring in rings] for rings in polygons]
    found = shape({"type": geometry["type"], "coordinates": arrays if many else arrays[0]})
    return found if found.is_valid else make_valid(found)


def _mainland(shape: BaseGeometry) -> BaseGeometry:
    """Give the largest part of an area and what lies not far from it."""
    from shapely.ops import unary_union  # noqa: PLC0415 - loads GEOS

    parts = list(getattr(shape, "geoms", [shape]))
    largest = max(parts, key=lambda part: part.area)
    return unary_union([part for part in parts if part.distance(largest) <= OVERSEAS_DEG])


def _unwrapped(shape: BaseGeometry) -> BaseGeometry:
    """Move what lies west of the antimeridian behind what lies east of it, where both do."""
    from shapely.affinity import translate  # noqa: PLC0415 - loads GEOS
    from shapely.ops import unary_union  # noqa: PLC0415

    parts = list(getattr(shape, "geoms", [shape]))
    if shape.bounds[2] - shape.bounds[0] <= _HALF_DEG:
        return shape
    return unary_union(
        [translate(p, xoff=_FULL_DEG) if p.bounds[0] < 0 and p.bounds[2] <= 0 else p for p in parts]
    )


def _geojson(shape: BaseGeometry, *, least: float = SLIVER_DEG2) -> dict[str, Any] | None:
    """Give the polygons of a shape, valid on the grid of five decimals, cut at ±180."""
    from shapely import set_precision  # noqa: PLC0415 - loads GEOS

    shape = set_precision(shape, 10.0**-DECIMALS)
    parts = [
        part
        for part in getattr(shape, "geoms", [shape])
        if part.geom_type == "Polygon" and not part.is_empty and part.area >= least
    ]
    found: list[Any] = []
    for part in parts:
        rings = [list(ring.coords)[:-1] for ring in (part.exterior, *part.interiors)]
        one = _with_holes(rings)
        found += one["coordinates"] if one["type"] == "MultiPolygon" else [one["coordinates"]]
    if not found:
        return None
    if len(found) == 1:
        return {"type": "Polygon", "coordinates": found[0]}
    return {"type": "MultiPolygon", "coordinates": found}


def _with_holes(rings: list[Any]) -> dict[str, Any]:
    """Give a polygon with any number of holes, each wound by the right-hand rule."""
    whole = polygon(rings[0], [])
    if len(rings) == 1:
        return whole
    if whole["type"] == "MultiPolygon":  # crosses the antimeridian: cut each hole out
        from shapely.geometry import mapping  # noqa: PLC0415 - rare case

        cut = _shape(whole)
        for hole in rings[1:]:
            cut = cut.difference(_shape(polygon(hole, [])))
        return _listed(mapping(cut))
    # A hole winds the other way; made with its outer ring, that would be made anew for each.
    holes = [polygon(hole, [])["coordinates"][0][::-1] for hole in rings[1:]]
    return {"type": "Polygon", "coordinates": [*whole["coordinates"], *holes]}


def _listed(geometry: Mapping[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return [plain(one) for one in value]
        return round(float(value), DECIMALS)

    return {"type": geometry["type"], "coordinates": plain(geometry["coordinates"])}
