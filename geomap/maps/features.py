"""Features: the shapes of the drawn events as GeoJSON for folium, numbers and styles only.

No text of an article gets in here: a feature knows its event by number, and
the page finds the evidence by that number.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from geomap.maps.symbols import style_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from geomap.maps.drawing import Listed, NamedPlace

__all__ = ["Seam", "bounds_of", "event_features", "place_features"]

DECIMALS = 5
# An area wider or higher than this does not set the first view when smaller ones do.
WIDE_DEG = 3.0
# A single place is shown with this much around it.
LEAST_SPAN_DEG = 0.6
# Marks on one spot stand side by side, this many pixels apart.
MARK_STEP_PX = 26
FULL_DEG = 360.0

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
        """Give a GeoJSON geometry with its longitudes east of the seam."""
        if geometry["type"] == "GeometryCollection":
            parts = [self.moved(one) for one in geometry["geometries"]]
            return {"type": "GeometryCollection", "geometries": parts}
        return {"type": geometry["type"], "coordinates": self._moved(geometry["coordinates"])}

    def _moved(self, coordinates: Sequence[Any]) -> list[Any]:
        if coordinates and isinstance(coordinates[0], int | float):
            return [
                round(self.lon(float(coordinates[0])), DECIMALS),
                round(float(coordinates[1]), DECIMALS),
            ]
        return [self._moved(one) for one in coordinates]


def event_features(drawn: Sequence[Listed], seam: Seam) -> dict[str, list[dict[str, Any]]]:
    """Give the features of each event type.

    Parameters
    ----------
    drawn
        Events with a geometry.
    seam
        Where the world is cut.

    Returns
    -------
    dict
        Lists of GeoJSON features by event type: large areas first, marks last.
        Properties: ``event`` (number), ``kind`` (``shape``, ``uncertainty``,
        ``arrow`` or ``mark``), ``style``, ``angle``, ``shift``.
    """
    spots: Counter[tuple[float, float]] = Counter()
    found: dict[str, list[tuple[float, dict[str, Any]]]] = {}
    for one in drawn:
        geometry = seam.moved(one.event.geometry or {})
        rows = found.setdefault(one.event.type, [])
        rows += _shapes(one, geometry)
        spot = _mark_spot(geometry)
        # About a kilometre: near enough to lie on each other in the first view.
        near = (round(spot[0], 2), round(spot[1], 2))
        rows.append((1.0, _feature(one, "mark", _point(spot), shift=spots[near] * MARK_STEP_PX)))
        spots[near] += 1
    return {
        kind: [feature for _, feature in sorted(rows, key=lambda row: row[0])]
        for kind, rows in found.items()
    }


def _shapes(one: Listed, geometry: dict[str, Any]) -> list[tuple[float, dict[str, Any]]]:
    """Give ``(order, feature)`` of all but the mark."""
    style = style_of(one.event.type, one.event.factuality)
    radius_km = one.event.uncertainty_km
    if geometry["type"] == "Point":
        if not radius_km:
            return []
        faint = {**style, "weight": 1, "opacity": 0.6, "fillOpacity": 0.10}
        metres = round(radius_km * 1000)
        return [
            (-math.pi * radius_km**2,
             _feature(one, "uncertainty", geometry, style=faint, radius=metres))
        ]  # fmt: skip
    shape = _shape(geometry)
    if geometry["type"].endswith("LineString"):
        style = {**style, "weight": 4, "fill": False}
        lines = (
            geometry["coordinates"]
            if geometry["type"] == "MultiLineString"
            else [geometry["coordinates"]]
        )
        end = _point(lines[-1][-1])
        angle = _angle(lines[-1][-2], lines[-1][-1])
        return [
            (0.0, _feature(one, "shape", geometry, style=style)),
            (0.5, _feature(one, "arrow", end, angle=angle)),
        ]
    # Square degrees as square kilometres, near enough to sort by.
    return [(-shape.area * 8000, _feature(one, "shape", geometry, style=style))]


def _feature(one: Listed, kind: str, geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"event": one.number, "kind": kind, **properties},
        "geometry": geometry,
    }


def _point(spot: Sequence[float]) -> dict[str, Any]:
    return {
        "type": "Point",
        "coordinates": [round(spot[0], DECIMALS), round(spot[1], DECIMALS)],
    }


def _shape(geometry: Mapping[str, Any]) -> BaseGeometry:
    from shapely.geometry import shape  # noqa: PLC0415 - loads GEOS

    return shape(geometry)


def _mark_spot(geometry: dict[str, Any]) -> tuple[float, float]:
    """Say where the mark stands: on the point, amid the line, on top of the ring or area."""
    if geometry["type"] == "Point":
        lon, lat = geometry["coordinates"][:2]
        return lon, lat
    shape = _shape(geometry)
    if geometry["type"].endswith("LineString"):
        middle = shape.interpolate(0.5, normalized=True)
        return middle.x, middle.y
    if geometry["type"].endswith("Polygon"):
        parts = getattr(shape, "geoms", [shape])
        # A ring is hollow: its mark stands on its edge and leaves the place itself free.
        lon, lat = max((xy for part in parts for xy in part.exterior.coords), key=lambda xy: xy[1])
        if any(part.interiors for part in parts):
            return lon, lat
    inside = shape.representative_point()
    return inside.x, inside.y


def _angle(start: Sequence[float], end: Sequence[float]) -> int:
    """Give the direction on the screen, degrees clockwise from east."""

    def northing(lat: float) -> float:
        return math.degrees(math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat))))))

    rise = northing(end[1]) - northing(start[1])
    return round(-math.degrees(math.atan2(rise, end[0] - start[0])))


def place_features(places: Sequence[NamedPlace], seam: Seam) -> list[dict[str, Any]]:
    """Give a point for each place that the articles name.

    Parameters
    ----------
    places
        The places.
    seam
        Where the world is cut.

    Returns
    -------
    list of dict
        GeoJSON features; properties: ``place`` (number), ``label`` (whether
        its name always stands beside it), ``kind`` ``"place"``.
    """
    return [
        {
            "type": "Feature",
            "properties": {
                "place": one.number,
                "kind": "place",
                "label": one.of_event and one.place.feature_class != "A",
            },
            "geometry": _point((seam.lon(one.place.lon), one.place.lat)),
        }
        for one in places
    ]


def bounds_of(drawn: Sequence[Listed], places: Sequence[NamedPlace], seam: Seam) -> Bounds | None:
    """Give the box of the first view.

    Parameters
    ----------
    drawn
        The events drawn.
    places
        Taken when no event is drawn.
    seam
        Where the world is cut.

    Returns
    -------
    tuple of (west, south, east, north) or None
        EPSG:4326 degrees, ``east`` beyond 180 across the antimeridian;
        ``None`` when there is nothing to see.
    """
    boxes: list[Bounds] = [
        _shape(seam.moved(one.event.geometry)).bounds for one in drawn if one.event.geometry
    ]
    small = [box for box in boxes if box[2] - box[0] <= WIDE_DEG and box[3] - box[1] <= WIDE_DEG]
    boxes = small or boxes
    if not boxes:
        boxes = [(lon, one.place.lat, lon, one.place.lat)
                 for one in places for lon in [seam.lon(one.place.lon)]]  # fmt: skip
    if not boxes:
        return None
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    spare_x = max(0.0, LEAST_SPAN_DEG - (east - west)) / 2
    spare_y = max(0.0, LEAST_SPAN_DEG - (north - south)) / 2
    return west - spare_x, south - spare_y, east + spare_x, north + spare_y
