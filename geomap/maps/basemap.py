"""Basemap: outlines of countries, borders of regions and main towns, without any tiles."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

__all__ = ["BASEMAP", "basemap_detail", "basemap_features"]

BASEMAP = Path(__file__).resolve().parents[1] / "_data" / "basemap.geojson"

DETAIL = BASEMAP.with_name("basemap_detail.json")
# In a view wider than this borders of regions are a tangle; around it they are drawn this far.
WIDEST_REGIONS_DEG = 40.0
REGION_MARGIN = 0.3
MOST_TOWNS = 400

# The world beyond the view is drawn with less detail: a degree is some 100 km.
COARSE_DEG = 0.35
COARSE_LEAST_AREA = 0.5
# Detail within the view: about one pixel of a screen that is 1,000 pixels wide.
PIXELS = 1500
# Share of the view's span that is drawn in detail around it.
MARGIN = 0.75
LEAST_MARGIN_DEG = 1.5
FULL_DEG = 360.0

Bounds = tuple[float, float, float, float]
WORLD: Bounds = (-180.0, -85.0, 180.0, 85.0)


def basemap_features(
    view: Bounds | None, *, path: Path = BASEMAP
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give land and borders to draw under a view.

    Parameters
    ----------
    view
        West, south, east, north of the first view, EPSG:4326 degrees; ``None``
        for the whole world.
    path
        GeoJSON FeatureCollection of country polygons.

    Returns
    -------
    tuple of (land, borders)
        GeoJSON features without properties of their own. Both empty when the
        file is not there: a map without outlines is still a map.
    """
    if not path.is_file():
        return [], []
    from shapely import box, unary_union  # noqa: PLC0415 - loads GEOS

    window, tolerance = _window(view)
    near = box(*window)
    land: list[BaseGeometry] = []
    borders: list[BaseGeometry] = []
    for shape in _countries(path):
        for shifted in _worlds(shape, window):
            if shifted.intersects(near):
                land.append(shifted.intersection(near).simplify(tolerance))
                borders.append(shifted.boundary.intersection(near).simplify(tolerance))
    far = [shape.difference(near) for shape in _coarse(path)]
    features = [_feature(shape, 2) for shape in far if not shape.is_empty]
    digits = 3 if tolerance < COARSE_DEG / 10 else 2
    features += [_feature(shape, digits) for shape in land if not shape.is_empty]
    # One border is the edge of two countries: drawn once.
    lines = unary_union(borders) if borders else None
    return features, [] if lines is None or lines.is_empty else [_feature(lines, digits)]


def basemap_detail(
    view: Bounds | None, *, path: Path = DETAIL
) -> tuple[list[list[list[float]]], list[list[Any]]]:
    """Give the borders of regions and the main towns in and around a view.

    Parameters
    ----------
    view
        As of :func:`basemap_features`.
    path
        What :func:`geomap.gazetteer.outlines.write_detail` wrote.

    Returns
    -------
    tuple of (lines, towns)
        Lines of ``[lon, lat]``; towns as ``[name, lon, lat, population]``, the
        largest first, at most :data:`MOST_TOWNS` in the view and 100 beyond it. Both
        empty when the file is not there.
    """
    if not path.is_file():
        return [], []
    detail = _detail(path)
    window, tolerance = _window(view)
    digits = 3 if tolerance < COARSE_DEG / 10 else 2
    shifts = (0.0, FULL_DEG) if window[2] > FULL_DEG / 2 else (0.0,)
    lines: list[list[list[float]]] = []
    towns: list[list[Any]] = []
    far: list[list[Any]] = []
    for shift in shifts:
        if view is not None and view[2] - view[0] <= WIDEST_REGIONS_DEG:
            spare = max(LEAST_MARGIN_DEG, REGION_MARGIN * (view[2] - view[0]))
            near = (view[0] - spare, view[1] - spare, view[2] + spare, view[3] + spare)
            lines += [
                [[round(lon + shift, digits), round(lat, digits)] for lon, lat in line]
                for line in detail["regions"]
                if _meets(line, near, shift)
            ]
        for name, lon, lat, count in detail["towns"]:
            row = [name, round(lon + shift, 3), round(lat, 3), count]
            inside = window[0] <= row[1] <= window[2] and window[1] <= lat <= window[3]
            (towns if inside else far).append(row)
    return lines, [*towns[:MOST_TOWNS], *far[:100]]


@lru_cache(maxsize=2)
def _detail(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _meets(line: list[list[float]], window: Bounds, shift: float) -> bool:
    west, south, east, north = window
    return any(west <= lon + shift <= east and south <= lat <= north for lon, lat in line)


def _window(view: Bounds | None) -> tuple[Bounds, float]:
    if view is None:
        return WORLD, COARSE_DEG
    west, south, east, north = view
    margin = max(LEAST_MARGIN_DEG, MARGIN * max(east - west, north - south))
    window = (
        max(west - margin, min(-180.0, west)),
        max(south - margin, -85.0),
        east + margin if east > WORLD[2] else min(east + margin, 180.0),
        min(north + margin, 85.0),
    )
    return window, max(east - west, north - south, LEAST_MARGIN_DEG) / PIXELS


def _worlds(shape: BaseGeometry, window: Bounds) -> list[BaseGeometry]:
    from shapely.affinity import translate  # noqa: PLC0415 - loads GEOS

    return [shape, translate(shape, FULL_DEG)] if window[2] > FULL_DEG / 2 else [shape]


@lru_cache(maxsize=2)
def _countries(path: Path) -> tuple[BaseGeometry, ...]:
    from shapely import make_valid  # noqa: PLC0415 - loads GEOS
    from shapely.geometry import shape  # noqa: PLC0415

    rows: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(make_valid(shape(row["geometry"])) for row in rows["features"] if row["geometry"])


@lru_cache(maxsize=2)
def _coarse(path: Path) -> tuple[BaseGeometry, ...]:
    from shapely import MultiPolygon  # noqa: PLC0415 - loads GEOS

    rough = []
    for country in _countries(path):
        parts = [
            part.simplify(COARSE_DEG)
            for part in getattr(country, "geoms", [country])
            if part.geom_type == "Polygon" and part.area >= COARSE_LEAST_AREA
        ]
        parts = [part for part in parts if part.geom_type == "Polygon" and part.is_valid]
        if parts:
            rough.append(MultiPolygon(parts).buffer(0))
    return tuple(rough)


def _feature(shape: BaseGeometry, digits: int) -> dict[str, Any]:
    from shapely.geometry import mapping  # noqa: PLC0415 - loads GEOS

    geometry = mapping(shape)
    return {"type": "Feature", "properties": {}, "geometry": _rounded(geometry, digits)}


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, dict):
        return {key: _rounded(one, digits) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one, digits) for one in value]
    return value
