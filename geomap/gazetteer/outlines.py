"""Outlines: borders of regions and the main towns for the map's basemap, made at build time.

Needs the standard library only: the build hook runs it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sqlite3
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["DETAIL_FILE", "region_lines", "write_detail"]

DETAIL_FILE = "basemap_detail.json"
# The world's towns above some 40,000 people: every map of a country has its main places.
MOST_TOWNS = 12_000

Spot = tuple[float, float]


def write_detail(boundaries: Path, gazetteer: Path) -> Path | None:
    """Write the borders of regions and the main towns beside a gazetteer.

    Parameters
    ----------
    boundaries
        GeoJSON of first-level regions with the property ``iso_3166_2``.
    gazetteer
        The built gazetteer.

    Returns
    -------
    Path or None
        ``basemap_detail.json``: ``{"regions": [line, …], "towns": [[name, lon, lat,
        population], …]}``, EPSG:4326 degrees, the largest town first; ``None``
        without boundaries.
    """
    if not boundaries.is_file():
        return None
    rows = json.loads(boundaries.read_text(encoding="utf-8"))["features"]
    detail = {"regions": region_lines(rows), "towns": _towns(gazetteer)}
    text = json.dumps(detail, ensure_ascii=False, separators=(",", ":"))
    target = gazetteer.with_name(DETAIL_FILE)
    if not target.is_file() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")
    return target


def region_lines(rows: Iterable[dict[str, Any]]) -> list[list[Spot]]:
    """Give the borders between regions of one country, each once.

    Parameters
    ----------
    rows
        GeoJSON features of regions whose common edges share their vertices.

    Returns
    -------
    list of list of (lon, lat)
        Lines. Edges that only one region has (coasts) and edges of two countries
        are left out: the basemap draws them from the countries.

    Examples
    --------
    >>> def square(code, west):
    ...     ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
    ...     geometry = {"type": "Polygon", "coordinates": [ring]}
    ...     return {"properties": {"iso_3166_2": code}, "geometry": geometry}
    >>> region_lines([square("UA-30", 0), square("UA-32", 1)])
    [[(1, 0), (1, 1)]]
    """
    owners: dict[tuple[Spot, Spot], list[str]] = defaultdict(list)
    for row in rows:
        country = str(row["properties"].get("iso_3166_2", "")).partition("-")[0]
        for ring in _rings(row["geometry"]):
            for start, end in itertools.pairwise(ring):
                owners[(start, end) if start < end else (end, start)].append(country)
    inner = sorted(edge for edge, codes in owners.items() if codes[1:] == codes[:1])
    return _chained(inner)


def _rings(geometry: dict[str, Any] | None) -> Iterator[list[Spot]]:
    if geometry is None:
        return
    parts = geometry["coordinates"]
    for polygon in parts if geometry["type"] == "MultiPolygon" else [parts]:
        for ring in polygon:
            yield [(spot[0], spot[1]) for spot in ring]


def _chained(edges: list[tuple[Spot, Spot]]) -> list[list[Spot]]:
    """Join edges end to end, up to where three meet."""
    at: dict[Spot, set[Spot]] = defaultdict(set)
    for start, end in edges:
        at[start].add(end)
        at[end].add(start)
    left = dict.fromkeys(edges)
    lines = []
    ends = sorted(spot for spot, others in at.items() if len(others) != 2)  # noqa: PLR2004
    for start in [*ends, *(edge[0] for edge in edges)]:
        for other in sorted(at[start]):
            line = [start]
            while _take(left, line[-1], other):
                line.append(other)
                onward = at[other] - {line[-2]}
                if len(at[other]) != 2:  # noqa: PLR2004 - a line goes on where two edges meet
                    break
                other = next(iter(onward))  # noqa: PLW2901 - the walk's own step
            if len(line) > 1:
                lines.append(line)
    return lines


def _take(left: dict[tuple[Spot, Spot], None], start: Spot, end: Spot) -> bool:
    edge = (start, end) if start < end else (end, start)
    if edge not in left:
        return False
    del left[edge]
    return True


def _towns(gazetteer: Path) -> list[list[Any]]:
    address = f"{gazetteer.resolve().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        rows = connection.execute(
            "SELECT name, lon, lat, population FROM place WHERE feature_class = 'P' AND "
            "population > 0 AND feature_code != 'PPLX' ORDER BY population DESC, id LIMIT ?",
            (MOST_TOWNS,),
        )
        return [[name, lon / 1e5, lat / 1e5, count] for name, lon, lat, count in rows]
