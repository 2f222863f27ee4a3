"""Features: where the shapes of events lie: the seam of the world, the mark, the first view."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = ["Seam", "bounds_of", "box_of", "lons_of", "mark_spot"]

DECIMALS = 5
# An area wider or higher than this does not set the first view when smaller ones do.
WIDE_DEG = 3.0
# A single place is shown with this much around it.
LEAST_SPAN_DEG = 0.6
FULL_DEG = 360.0
# Of a shape narrower than this the two ends tell where the world may be cut.
SMALL_DEG = 10.0
# How deep the lists of coordinates are: lists of positions at 1.
DEPTHS = {"MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}

Bounds = tuple[float, float, float, float]


class Seam:
    """Where the world is cut open, so that events on both sides of 180° stand together.

    Parameters
    ----------
    lons
        Longitudes of what is drawn.
    """

    def __init__(self, lons: Iterable[float]) -> None:
        self.west = -180.0
        seen = sorted({round(lon, 3) for lon in lons})
        if len(seen) > 1 and seen[-1] - seen[0] > FULL_DEG / 2:
            gaps = [(b - a, b) for a, b in itertools.pairwise(seen)]
            width, east_of_gap = max(gaps)
            if width > FULL_DEG - (seen[-1] - seen[0]):
                self.west = east_of_gap - 1.0

    def lon(self, lon: float) -> float:
        """Give a longitude east of the seam."""
        return lon + FULL_DEG if lon < self.west else lon

    def moved(self, geometry: Mapping[str, Any]) -> dict[str, Any]:
        """Give a GeoJSON geometry with its longitudes east of the seam, rounded."""
        kind = geometry["type"]
        if kind == "GeometryCollection":
            return {"type": kind, "geometries": [self.moved(one) for one in geometry["geometries"]]}
        coordinates = geometry["coordinates"]
        if kind == "Point":
            lon, lat = float(coordinates[0]), float(coordinates[1])
            return {
                "type": kind,
                "coordinates": [round(self.lon(lon), DECIMALS), round(lat, DECIMALS)],
            }
        return {"type": kind, "coordinates": self._moved(coordinates, DEPTHS[kind])}

    def _moved(self, coordinates: Sequence[Any], depth: int) -> list[Any]:
        if depth > 1:
            return [self._moved(one, depth - 1) for one in coordinates]
        if not coordinates:
            return []
        spots = np.array(coordinates, dtype=float)[:, :2]
        spots[:, 0] += FULL_DEG * (spots[:, 0] < self.west)
        found: list[Any] = spots.round(DECIMALS).tolist()
        return found


def _shape(geometry: Mapping[str, Any]) -> BaseGeometry:
    from shapely.geometry import shape  # noqa: PLC0415 - loads GEOS

    return shape(geometry)


def mark_spot(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Say where the mark stands: on the point, amid the line, on top of the ring or area.

    Parameters
    ----------
    geometry
        GeoJSON, ``lon, lat``.

    Returns
    -------
    tuple of (lon, lat)
    """
    if geometry["type"] == "Point":
        lon, lat = geometry["coordinates"][:2]
        return lon, lat
    if geometry["type"] == "Polygon" and len(geometry["coordinates"]) > 1:
        # A ring is hollow: its mark stands on its edge and leaves the place itself free.
        lon, lat = max(geometry["coordinates"][0], key=lambda spot: spot[1])[:2]
        return lon, lat
    shape = _shape(geometry)
    if geometry["type"].endswith("LineString"):
        middle = shape.interpolate(0.5, normalized=True)
        return middle.x, middle.y
    if geometry["type"].endswith("Polygon"):
        parts = getattr(shape, "geoms", [shape])
        lon, lat = max((xy for part in parts for xy in part.exterior.coords), key=lambda xy: xy[1])
        if any(part.interiors for part in parts):
            return lon, lat
    inside = shape.representative_point()
    return inside.x, inside.y


def lons_of(geometry: Mapping[str, Any] | None) -> Iterator[float]:
    """Walk the longitudes of a GeoJSON geometry, of a small one its ends; of ``None`` none.

    Parameters
    ----------
    geometry
        ``lon, lat``.
    """
    if geometry and geometry["type"] == "Point":
        yield float(geometry["coordinates"][0])
        return
    lines = list(_lines(geometry))
    if not lines:
        return
    lons = np.concatenate([line[:, 0] for line in lines])
    west, east = float(lons.min()), float(lons.max())
    if east - west > SMALL_DEG:
        yield from lons.tolist()
    else:
        yield west
        yield east


def box_of(geometry: Mapping[str, Any]) -> Bounds | None:
    """Give west, south, east, north of a GeoJSON geometry; ``None`` of an empty one."""
    if geometry["type"] == "Point":
        lon, lat = geometry["coordinates"][:2]
        return lon, lat, lon, lat
    lines = list(_lines(geometry))
    if not lines:
        return None
    spots = np.concatenate(lines)
    (west, south), (east, north) = spots.min(axis=0).tolist(), spots.max(axis=0).tolist()
    return west, south, east, north


def _lines(geometry: Mapping[str, Any] | None) -> Iterator[Any]:
    """Give the lines and rings of a geometry as arrays of ``lon, lat``."""
    if not geometry:
        return
    for part in geometry.get("geometries", ()):
        yield from _lines(part)
    coordinates = geometry.get("coordinates")
    if not coordinates:
        return
    waiting = [
        ([coordinates], 1)
        if geometry["type"] == "Point"
        else (coordinates, DEPTHS[geometry["type"]])
    ]
    while waiting:
        found, depth = waiting.pop()
        if depth > 1:
            waiting += [(one, depth - 1) for one in found]
        elif found:
            yield np.array(found, dtype=float)[:, :2]


def bounds_of(boxes: Sequence[Bounds], spots: Sequence[tuple[float, float]]) -> Bounds | None:
    """Give the box of the first view.

    Parameters
    ----------
    boxes
        Of the events, east of the seam.
    spots
        ``(lon, lat)`` of places, taken when there is no event.

    Returns
    -------
    tuple of (west, south, east, north) or None
        EPSG:4326 degrees, ``east`` beyond 180 across the antimeridian;
        ``None`` when there is nothing to see.
    """
    small = [box for box in boxes if box[2] - box[0] <= WIDE_DEG and box[3] - box[1] <= WIDE_DEG]
    found = small or boxes or [(lon, lat, lon, lat) for lon, lat in spots]
    if not found:
        return None
    west, south = min(box[0] for box in found), min(box[1] for box in found)
    east, north = max(box[2] for box in found), max(box[3] for box in found)
    spare_x = max(0.0, LEAST_SPAN_DEG - (east - west)) / 2
    spare_y = max(0.0, LEAST_SPAN_DEG - (north - south)) / 2
    return west - spare_x, south - spare_y, east + spare_x, north + spare_y
