"""GeoJSON by RFC 7946, and JSON-FG, which adds the time."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING, Any

import pyogrio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from geomap.layers.tables import Tables

__all__ = ["write_geojson", "write_jsonfg"]

# Five decimals are about one metre (RFC 7946, section 11.2, advises no more than needed).
DECIMALS = 5
# OGC Features and Geometries JSON, part 1, version 0.3 (OGC 21-045r1), section 7.
CONFORMS_TO = [
    "http://www.opengis.net/spec/json-fg-1/0.3/conf/core",
    "http://www.opengis.net/spec/json-fg-1/0.3/conf/types-schemas",
]

# How the driver ends a file: the list of features and the collection are closed.
_TAIL, _TAIL_BYTES = [b"]", b"}"], 5
_PROPERTIES = ', "properties": {'


def write_geojson(tables: Tables, folder: Path, _crs: str) -> None:
    """Write ``events.geojson`` and ``toponyms.geojson``.

    What has no place is a feature without geometry, as section 3.2 of RFC 7946
    allows. The CRS is always OGC:CRS84; rings follow the right-hand rule, and what
    crosses the antimeridian is cut there.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the files go.
    """
    _write(tables.events, folder / "events.geojson", "event_id")
    _write(tables.toponyms, folder / "toponyms.geojson", "toponym_id")


def write_jsonfg(tables: Tables, folder: Path, _crs: str) -> None:
    """Write ``events.fg.json``: GeoJSON whose features have a ``time`` (OGC 21-045).

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the file goes.
    """
    plain = folder / "plain.geojson"
    _write(tables.events, plain, "event_id")
    days = tables.events[["date_start", "date_end"]].itertuples(index=False)
    # The driver writes one feature a line, in the order of the frame.
    with (
        plain.open(encoding="utf-8") as lines,
        (folder / "events.fg.json").open("w", encoding="utf-8", newline="\n") as stream,
    ):
        stream.writelines(_with_time(lines, days))
    plain.unlink()


def _write(frame: gpd.GeoDataFrame, path: Path, id_field: str) -> None:
    pyogrio.write_dataframe(
        frame,
        path,
        driver="GeoJSON",
        layer=path.stem,
        geometry_type="Unknown",
        RFC7946="YES",
        COORDINATE_PRECISION=str(DECIMALS),
        WRITE_BBOX="YES" if frame.geometry.notna().any() else "NO",
        WRITE_NAME="NO",
        ID_FIELD=id_field,
        ID_TYPE="String",
        # JSON in a column stays text, as in the other formats.
        AUTODETECT_JSON_STRINGS="NO",
    )
    _check_end(path)


def _check_end(path: Path) -> None:
    """Refuse a file without its end: GDAL's driver says nothing of a disk that was full."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        if stream.read().split() != _TAIL:
            raise OSError(errno.ENOSPC, "the file was cut short; is the disk full?", str(path))


def _with_time(lines: Iterator[str], days: Iterator[Any]) -> Iterator[str]:
    """Add the members of JSON-FG to GeoJSON that has one feature a line."""
    added = json.dumps({"conformsTo": CONFORMS_TO, "featureType": "event"})[1:-1]
    for line in lines:
        body = line.rstrip("\n")
        if body.startswith('{ "type": "Feature",'):
            time = json.dumps(_time(*next(days)))
            # A quote within the id is escaped, so this is the member of the feature.
            yield (
                body.replace(_PROPERTIES, f', "time": {time}, "place": null{_PROPERTIES}', 1) + "\n"
            )
        elif body.startswith('"type": "FeatureCollection"'):
            yield f"{body}\n{added},\n"
        else:
            yield body + "\n"


def _time(start: str | None, end: str | None) -> dict[str, Any] | None:
    """Give the time of a feature: a date, an interval of dates, or none (section 7.3)."""
    if start is None:
        return None
    if end is None or start == end:
        return {"date": start}
    return {"interval": [start, end]}
