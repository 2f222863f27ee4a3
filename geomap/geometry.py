"""Shapes from language: rings, sectors, discs, lines and chains as GeoJSON geometries.

Every function takes ``lon, lat`` in EPSG:4326 degrees and kilometres, measures
along geodesics of the WGS 84 ellipsoid (pyproj's ``Geod``; Karney 2013), rounds
to five decimals (about one metre) and gives a GeoJSON geometry (RFC 7946):
``lon, lat`` order, outer rings counterclockwise, cut at the antimeridian.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomap.errors import GeometryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyproj import Geod

__all__ = [
    "arc",
    "bearing_between",
    "bearing_of",
    "centre",
    "chain",
    "check",
    "circle",
    "distance_km",
    "line",
    "offset",
    "point",
    "polygon",
    "ring",
    "sector",
]

DECIMALS = 5
# Vertices of a full circle: the chord leaves the arc by less than 0.3 % of the radius.
CIRCLE_VERTICES = 72
# An encircling front stands outside the built-up area, whose radius is the
# settlement's; the band of 30 % is a drawing convention that says "around".
RING_WIDTH_SHARE = 0.3
# A compass word covers an eighth of the circle (rhumb "south-west" = 225 ± 22.5°).
HALF_WIND_DEG = 22.5
MAX_LAT = 89.9
_FULL_DEG = 360.0
_HALF_DEG = 180.0
_KM = 1000.0

_WINDS = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0,
    "south": 180.0, "southwest": 225.0, "west": 270.0, "northwest": 315.0,
}  # fmt: skip
_TYPES = {
    "Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2,
    "MultiPolygon": 3,
}  # fmt: skip


@lru_cache(maxsize=1)
def _geod() -> Geod:
    from pyproj import Geod  # noqa: PLC0415 - loads PROJ, a tenth of a second

    return Geod(ellps="WGS84")


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Give the geodesic distance of two points.

    Parameters
    ----------
    lon, lat, other_lon, other_lat
        EPSG:4326 degrees.

    Returns
    -------
    float
        Kilometres.

    Examples
    --------
    >>> round(distance_km(30.5238, 50.4547, 36.2304, 49.9935))  # Kyiv to Kharkiv
    410
    """
    return float(_geod().inv(lon, lat, other_lon, other_lat)[2]) / _KM


def offset(
    lon: float, lat: float, *, distance_km: float, bearing_deg: float
) -> tuple[float, float]:
    """Go a distance in a direction.

    Parameters
    ----------
    lon, lat
        Where to start, EPSG:4326 degrees.
    distance_km
        How far, along the geodesic.
    bearing_deg
        Clockwise from north.

    Returns
    -------
    tuple of (lon, lat)
        EPSG:4326 degrees, five decimals.
    """
    end_lon, end_lat, _ = _geod().fwd(lon, lat, bearing_deg, distance_km * _KM)
    return round(float(end_lon), DECIMALS), round(float(end_lat), DECIMALS)


def bearing_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Give the direction in which the geodesic to another point sets out.

    Parameters
    ----------
    lon, lat, other_lon, other_lat
        EPSG:4326 degrees.

    Returns
    -------
    float
        Degrees clockwise from north, 0 to 360.

    Examples
    --------
    >>> round(bearing_between(30.5238, 50.4547, 36.2304, 49.9935))  # Kyiv to Kharkiv
    95
    """
    return float(_geod().inv(lon, lat, other_lon, other_lat)[0]) % _FULL_DEG


def point(lon: float, lat: float) -> dict[str, Any]:
    """Give a GeoJSON Point.

    Parameters
    ----------
    lon, lat
        EPSG:4326 degrees.
    """
    return _checked({"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]})


def line(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Give a line from a place to another.

    Parameters
    ----------
    points
        Two ``(lon, lat)``; the direction is the order.

    Returns
    -------
    dict
        A LineString; a MultiLineString where it crosses the antimeridian.
    """
    return chain(points)


def chain(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Give a line through several places in their order.

    Parameters
    ----------
    points
        Two or more ``(lon, lat)``.

    Returns
    -------
    dict
        A LineString; a MultiLineString where it crosses the antimeridian.

    Raises
    ------
    GeometryError
        With fewer than two different points.
    """
    rounded = [(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in points]
    if len(set(rounded)) < len(("from", "to")):
        msg = f"{rounded!r} is no line; expected two or more different points; draw a point instead"
        raise GeometryError(msg)
    parts: list[list[list[float]]] = [[list(rounded[0])]]
    for (lon, lat), (next_lon, next_lat) in itertools.pairwise(rounded):
        if abs(next_lon - lon) > _HALF_DEG:
            edge = math.copysign(_HALF_DEG, lon)
            unwrapped = next_lon + math.copysign(_FULL_DEG, lon)
            share = (edge - lon) / (unwrapped - lon) if unwrapped != lon else 0.0
            crossing = round(lat + share * (next_lat - lat), DECIMALS)
            parts[-1].append([edge, crossing])
            parts.append([[-edge, crossing]])
        parts[-1].append([next_lon, next_lat])
    if len(parts) == 1:
        return _checked({"type": "LineString", "coordinates": parts[0]})
    return _checked({"type": "MultiLineString", "coordinates": parts})


def circle(lon: float, lat: float, *, radius_km: float) -> dict[str, Any]:
    """Give a disc.

    Parameters
    ----------
    lon, lat
        Its centre.
    radius_km
        Greater than 0.
    """
    return polygon(arc(lon, lat, radius_km, 0.0, _FULL_DEG), [])


def ring(lon: float, lat: float, *, radius_km: float) -> dict[str, Any]:
    """Give the ring around a settlement.

    Parameters
    ----------
    lon, lat
        The settlement.
    radius_km
        Radius of its built-up area: the hole of the ring.

    Returns
    -------
    dict
        A Polygon with a hole, 30 % of the radius wide.
    """
    outer = arc(lon, lat, radius_km * (1 + RING_WIDTH_SHARE), 0.0, _FULL_DEG)
    inner = arc(lon, lat, radius_km, 0.0, _FULL_DEG)
    return polygon(outer, inner)


def sector(
    lon: float, lat: float, *, radius_km: float, bearings_deg: Sequence[float]
) -> dict[str, Any]:
    """Give the part of a ring that lies in the named directions.

    Parameters
    ----------
    lon, lat
        The settlement.
    radius_km
        Radius of its built-up area.
    bearings_deg
        Directions, clockwise from north; each covers 22.5° to both sides,
        neighbours are joined.

    Returns
    -------
    dict
        A Polygon, or a MultiPolygon for directions that do not touch; the full
        :func:`ring` without bearings or when they cover everything.
    """
    spans = _spans(bearings_deg)
    if not spans or spans[0][1] - spans[0][0] >= _FULL_DEG:
        return ring(lon, lat, radius_km=radius_km)
    polygons = []
    for start, end in spans:
        outer = arc(lon, lat, radius_km * (1 + RING_WIDTH_SHARE), start, end)
        inner = arc(lon, lat, radius_km, start, end)
        polygons.append(polygon([*outer, *reversed(inner)], []))
    if len(polygons) == 1:
        return polygons[0]
    coordinates: list[Any] = []
    for part in polygons:
        many = part["type"] == "MultiPolygon"
        coordinates += part["coordinates"] if many else [part["coordinates"]]
    return _checked({"type": "MultiPolygon", "coordinates": coordinates})


def _spans(bearings_deg: Iterable[float]) -> list[tuple[float, float]]:
    """Join the eighths of the circle that touch; a span may end beyond 360."""
    spans: list[tuple[float, float]] = []
    for bearing in sorted({b % _FULL_DEG for b in bearings_deg}):
        start, end = bearing - HALF_WIND_DEG, bearing + HALF_WIND_DEG
        if spans and start <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    if len(spans) > 1 and spans[0][0] + _FULL_DEG <= spans[-1][1] + 1:
        first = spans.pop(0)
        spans[-1] = (spans[-1][0], first[1] + _FULL_DEG)
    return spans


def bearing_of(words: str) -> tuple[float, ...]:
    """Read compass words.

    Parameters
    ----------
    words
        E.g. ``"south-west"``, ``"northern"``, ``"southeasterly"``.

    Returns
    -------
    tuple of float
        One bearing a word, clockwise from north; empty for other words.

    Examples
    --------
    >>> bearing_of("south"), bearing_of("north-western")
    ((180.0,), (315.0,))
    """
    found = []
    for word in words.lower().replace(" and ", " ").replace(",", " ").split():
        plain = word.replace("-", "").removesuffix("wards").removesuffix("ward")
        plain = plain.removesuffix("ern").removesuffix("erly")
        if plain in _WINDS:
            found.append(_WINDS[plain])
    return tuple(found)


def centre(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Give the middle of a geometry's bounding box.

    Parameters
    ----------
    geometry
        A GeoJSON geometry.

    Returns
    -------
    tuple of (lon, lat)
    """
    positions = list(_positions(geometry["coordinates"]))
    lons, lats = [p[0] for p in positions], [p[1] for p in positions]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def check(geometry: Mapping[str, Any]) -> None:
    """Refuse what is no GeoJSON geometry in EPSG:4326.

    Parameters
    ----------
    geometry
        A GeoJSON geometry.

    Raises
    ------
    GeometryError
        For an unknown type, coordinates out of range or not finite, and rings
        that are not closed.
    """
    kind = geometry.get("type")
    if kind not in _TYPES:
        msg = f"geometry type {kind!r}; expected one of {sorted(_TYPES)}"
        raise GeometryError(msg)
    if kind == "Polygon" and all(map(_is_plain, geometry["coordinates"])):
        return
    for lon, lat in _positions(geometry.get("coordinates", ())):
        in_range = abs(lon) <= _HALF_DEG and abs(lat) <= _HALF_DEG / 2
        if not (math.isfinite(lon) and math.isfinite(lat) and in_range):
            msg = f"position ({lon}, {lat}); expected lon -180..180, lat -90..90, in this order"
            raise GeometryError(msg)
    if kind in {"Polygon", "MultiPolygon"}:
        polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
        if any(list(part[0]) != list(part[-1]) for rings in polygons for part in rings):
            msg = "a ring of the polygon is not closed; repeat its first position at its end"
            raise GeometryError(msg)


def _is_plain(ring: Sequence[Sequence[float]]) -> bool:
    """Tell whether a ring is closed and within range: nearly all are, and this is soon said."""
    half = _HALF_DEG / 2
    return list(ring[0]) == list(ring[-1]) and all(
        -_HALF_DEG <= p[0] <= _HALF_DEG and -half <= p[1] <= half for p in ring
    )


def _checked(geometry: dict[str, Any]) -> dict[str, Any]:
    check(geometry)
    return geometry


def _positions(coordinates: Any) -> Iterable[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _positions(part)


def arc(
    lon: float, lat: float, radius_km: float, start_deg: float, end_deg: float
) -> list[tuple[float, float]]:
    """Give the positions of an arc.

    Parameters
    ----------
    lon, lat, radius_km
        The centre, EPSG:4326 degrees, and how far from it.
    start_deg, end_deg
        Bearings, clockwise from north; the end is left out of a full circle.

    Returns
    -------
    list of (lon, lat)
        Clockwise; longitudes run on beyond ±180 rather than jump.
    """
    if not radius_km > 0:
        msg = f"radius {radius_km!r} km; expected more than 0"
        raise GeometryError(msg)
    full = end_deg - start_deg >= _FULL_DEG
    steps = max(2, round(CIRCLE_VERTICES * (end_deg - start_deg) / _FULL_DEG))
    count = steps if full else steps + 1
    bearings = [start_deg + (end_deg - start_deg) * step / steps for step in range(count)]
    ends = _geod().fwd([lon] * count, [lat] * count, bearings, [radius_km * _KM] * count)
    positions = []
    for end_lon, end_lat in zip(*ends[:2], strict=True):
        east, north = round(float(end_lon), DECIMALS), round(float(end_lat), DECIMALS)
        east += _FULL_DEG * round((lon - east) / _FULL_DEG)
        positions.append((round(east, DECIMALS), max(-MAX_LAT, min(MAX_LAT, north))))
    return positions


def polygon(
    outer: Sequence[tuple[float, float]], inner: Sequence[tuple[float, float]]
) -> dict[str, Any]:
    """Close the rings, wind them by the right-hand rule, cut them at the antimeridian.

    Parameters
    ----------
    outer, inner
        ``(lon, lat)`` of the boundary and of a hole, which may be empty; longitudes
        run on beyond ±180 where the shape crosses the antimeridian.

    Returns
    -------
    dict
        A Polygon; a MultiPolygon where it crosses the antimeridian.
    """
    rings = [_wound(outer, clockwise=False)]
    if inner:
        rings.append(_wound(inner, clockwise=True))
    lons = [p[0] for p in rings[0]]
    if min(lons) >= -_HALF_DEG and max(lons) <= _HALF_DEG:
        return _checked({"type": "Polygon", "coordinates": rings})
    return _cut(rings)


def _wound(positions: Sequence[tuple[float, float]], *, clockwise: bool) -> list[list[float]]:
    closed = [list(p) for p in (*positions, positions[0])]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(closed))
    return closed if (area < 0) == clockwise else closed[::-1]


def _cut(rings: list[list[list[float]]]) -> dict[str, Any]:
    """Cut a polygon whose longitudes run over the antimeridian into its two halves."""
    from shapely import set_precision  # noqa: PLC0415 - rare case
    from shapely.affinity import translate  # noqa: PLC0415 - rare case
    from shapely.geometry import Polygon, box, mapping  # noqa: PLC0415 - rare case
    from shapely.geometry.polygon import orient  # noqa: PLC0415 - rare case

    shape = Polygon(rings[0], rings[1:]).buffer(0)
    parts: list[Any] = []
    for shift in (-_FULL_DEG, 0.0, _FULL_DEG):
        window = box(-_HALF_DEG + shift, -_HALF_DEG / 2, _HALF_DEG + shift, _HALF_DEG / 2)
        # On the grid of the output, so that no sliver collapses into an invalid ring.
        half = set_precision(shape.intersection(window), 10.0**-DECIMALS)
        parts += [
            mapping(orient(translate(part, xoff=-shift)))["coordinates"]
            for part in getattr(half, "geoms", [half])
            if not part.is_empty and part.geom_type == "Polygon"
        ]
    plain = [
        [[[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring_] for ring_ in part]
        for part in parts
    ]
    if len(plain) == 1:
        return _checked({"type": "Polygon", "coordinates": plain[0]})
    return _checked({"type": "MultiPolygon", "coordinates": plain})
