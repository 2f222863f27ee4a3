"""Read the hand-written overlays (CSV) and the boundaries (GeoJSON)."""

from __future__ import annotations

import csv
import itertools
import json
import math
from typing import TYPE_CHECKING, Any

from geomap.errors import GazetteerError
from geomap.gazetteer.rows import Gathering, PlaceRow, equal_area_radius_km
from geomap.gazetteer.schema import ALIAS, MT, PRIMARY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["COLUMNS", "apply_boundaries", "apply_overlays", "read_boundaries"]

COLUMNS = (
    "id", "name", "aliases", "mt", "country", "admin1", "lat", "lon", "feature_class",
    "feature_code", "radius_km", "source", "note", "approximate",
)  # fmt: skip
_OVERLAY_BASE = 1_000_000_000
_KM_PER_DEGREE = 111.195


def apply_overlays(gathering: Gathering, paths: Iterable[Path]) -> dict[str, int]:
    """Add the rows of the overlay files, or extend places that are there.

    A row whose id is ``overlay:…`` and that has a point is a new place and
    needs a name, a class and a radius. Every other row extends the place of
    its id (``geonames:…``, ``iso:UA``, ``iso:UA-63``, or an ``overlay:…`` of any
    file): its aliases are added, and every filled column replaces what was
    there. New places come first, so that the order of files does not matter.

    Parameters
    ----------
    gathering
        What the bulk sources gave.
    paths
        CSV files with the columns :data:`COLUMNS`, UTF-8.

    Returns
    -------
    dict
        Rows read, by file name.

    Raises
    ------
    GazetteerError
        When a row cannot be used; the message lists every faulty row.
    """
    files = {path.name: _read_rows(path) for path in paths}
    faults: list[str] = []
    numbers = itertools.count(_OVERLAY_BASE)
    for new in (True, False):
        for name, rows in files.items():
            for number, row in enumerate(rows, start=2):
                if _is_new(row) == new:
                    fault = _check_row(row) or _apply_row(
                        gathering, row, next(numbers) if new else None
                    )
                    if fault:
                        faults.append(f"{name} line {number} ({row['id']}): {fault}")
    if faults:
        raise GazetteerError("overlays: " + "; ".join(faults))
    return {name: len(rows) for name, rows in files.items()}


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            msg = f"{path.name}: columns are {reader.fieldnames}; expected {list(COLUMNS)}"
            raise GazetteerError(msg)
        return list(reader)


def _is_new(row: dict[str, str]) -> bool:
    return row["id"].startswith("overlay:") and bool(row["lat"])


def _check_row(row: dict[str, str]) -> str | None:
    if len(row) != len(COLUMNS) or any(value is None for value in row.values()):
        return f"has not {len(COLUMNS)} columns"
    return None if row["source"] else "has no source"


def _apply_row(gathering: Gathering, row: dict[str, str], own: int | None) -> str | None:
    """Apply a row; ``own`` is the number of a new place."""
    number = gathering.refs.get(row["id"])
    if own is not None:
        needed = ("name", "lon", "feature_class", "feature_code", "radius_km")
        missing = [column for column in needed if not row[column]]
        if missing:
            return f"{', '.join(missing)} missing"
        if number is not None:
            return "id is used twice"
        number = own
        gathering.add_place(_new_place(number, row))
    if number is None:
        return "no such place to extend"
    place = gathering.places[number]
    # Of the bulk rows, only those too small for GeoNames become reviewed ones by an overlay.
    place.reviewed = place.reviewed or own is not None or row["id"].startswith("katottg:")
    fault = _fill(gathering, place, row)
    gathering.add_aliases(number, _split(row["aliases"]), ALIAS)
    gathering.add_aliases(number, _split(row["mt"]), MT)
    return fault


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _new_place(number: int, row: dict[str, str]) -> PlaceRow:
    return PlaceRow(
        id=number, name=row["name"], country=None, lat=0.0, lon=0.0,
        feature_class="", feature_code="", radius_km=0.0, ref=row["id"],
    )  # fmt: skip


def _fill(gathering: Gathering, place: PlaceRow, row: dict[str, str]) -> str | None:
    try:
        for column in ("lat", "lon", "radius_km"):
            if row[column]:
                setattr(place, column, float(row[column]))
    except ValueError as err:
        return str(err)
    if not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180 and place.radius_km > 0):  # noqa: PLR2004
        return f"point ({place.lat}, {place.lon}) or radius {place.radius_km} out of range"
    for column in ("country", "feature_class", "feature_code", "note"):
        if row[column]:
            setattr(place, column, row[column])
    if row["admin1"]:
        region = gathering.refs.get(f"iso:{row['admin1']}")
        if region is None:
            return f"admin1 {row['admin1']!r} is no ISO 3166-2 code of a region"
        place.admin1 = region
    place.approximate = place.approximate or bool(row["approximate"])
    if row["name"]:
        place.name = row["name"]
        gathering.add_aliases(place.id, [row["name"]], PRIMARY)
    return None


def read_boundaries(path: Path) -> dict[str, dict[str, Any]]:
    """Read country or region polygons.

    Parameters
    ----------
    path
        A GeoJSON FeatureCollection, EPSG:4326. Features of ``countries.geojson``
        carry ``country`` (ISO alpha-2), those of any other file ``iso_3166_2``.

    Returns
    -------
    dict
        GeoJSON geometries by ``admin1:UA-63`` or ``country:UA``.
    """
    kind, code_of = ("admin1", "iso_3166_2")
    if path.stem == "countries":
        kind, code_of = ("country", "country")
    found: dict[str, dict[str, Any]] = {}
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        code, geometry = feature["properties"].get(code_of), feature["geometry"]
        if code and geometry is not None:
            found.setdefault(f"{kind}:{code}", geometry)
    return found


def apply_boundaries(gathering: Gathering, boundaries: Iterable[tuple[str, Any]]) -> None:
    """Give regions that have a polygon the radius of their area."""
    for name, geometry in boundaries:
        kind, _, code = name.partition(":")
        number = gathering.refs.get(f"iso:{code}")
        if kind == "admin1" and number is not None and number in gathering.places:
            gathering.places[number].radius_km = max(5.0, equal_area_radius_km(_area_km2(geometry)))


def _area_km2(geometry: dict[str, Any]) -> float:
    """Measure a polygon by the shoelace rule on a local equirectangular plane (within 2 %)."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return sum(
        (-1 if hole else 1) * _ring_km2(ring)
        for polygon in polygons
        for hole, ring in enumerate(polygon)
    )


def _ring_km2(ring: list[list[float]]) -> float:
    scale = math.cos(math.radians(sum(point[1] for point in ring) / len(ring)))
    total = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
    return abs(total) / 2 * scale * _KM_PER_DEGREE**2
