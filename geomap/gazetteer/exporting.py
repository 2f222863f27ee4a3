"""Write places out for other programs."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

from geomap.errors import GazetteerError
from geomap.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geomap.records import Place

__all__ = ["COLUMNS", "write_places"]

COLUMNS = (
    "id", "name", "country", "admin1", "admin2", "admin3", "lat", "lon", "feature_class",
    "feature_code", "radius_km", "population", "approximate", "note",
)  # fmt: skip
# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_places(places: Iterable[Place], output: Path | None) -> int:
    """Write places as CSV, JSON lines or GeoJSON, by the suffix of the file.

    Parameters
    ----------
    places
        What to write; streamed.
    output
        The file; ``None`` writes JSON lines to standard output.

    Returns
    -------
    int
        How many were written.

    Raises
    ------
    GazetteerError
        When the suffix is none of ``.csv``, ``.jsonl`` and ``.geojson``.
    """
    if output is None:
        return _write_jsonl(places, sys.stdout)
    writers = {".csv": _write_csv, ".jsonl": _write_jsonl, ".geojson": _write_geojson}
    writer = writers.get(output.suffix.lower())
    if writer is None:
        msg = f"{output}: {output.suffix!r} is no format of places; use {', '.join(writers)}"
        raise GazetteerError(msg)
    with replacing(output) as draft, draft.open("w", encoding="utf-8", newline="") as handle:
        return writer(places, handle)


def _row(place: Place) -> dict[str, Any]:
    whole = asdict(place)
    return {name: whole[name] for name in COLUMNS}


def _write_jsonl(places: Iterable[Place], handle: IO[str]) -> int:
    count = 0
    for count, place in enumerate(places, start=1):  # noqa: B007 - the last is the count
        handle.write(json.dumps(_row(place), ensure_ascii=False) + "\n")
    return count


def _write_csv(places: Iterable[Place], handle: IO[str]) -> int:
    writer = csv.writer(handle, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for count, place in enumerate(places, start=1):  # noqa: B007 - the last is the count
        writer.writerow([_cell(value) for value in _row(place).values()])
    return count


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_geojson(places: Iterable[Place], handle: IO[str]) -> int:
    handle.write('{"type": "FeatureCollection", "features": [')
    count = 0
    for count, place in enumerate(places, start=1):
        row = _row(place)
        point = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
        feature = {"type": "Feature", "id": row["id"], "geometry": point, "properties": row}
        handle.write(("\n" if count == 1 else ",\n") + json.dumps(feature, ensure_ascii=False))
    handle.write("\n]}\n")
    return count
