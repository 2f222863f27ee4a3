"""One gazetteer file, open for reading: rows by key, by identifier, by place on the globe."""

from __future__ import annotations

import json
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from geomap.errors import GazetteerError
from geomap.gazetteer.candidates import (
    COLUMNS,
    FROM,
    NUMBERED,
    REGION_COLUMNS,
    levels_of,
    place_of,
    stem_of,
)
from geomap.gazetteer.opening import REMEDY, GazetteerInfo, connect, describe
from geomap.gazetteer.rows import distance_km
from geomap.gazetteer.schema import cell
from geomap.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from geomap.records import Place

__all__ = ["GazetteerFile"]

# Words and names recur from article to article; so many judged keys take some 3 MB.
_MEMO = 20_000
_REGIONS = tuple(2 + column for column in REGION_COLUMNS)  # behind key and kind
_Value = TypeVar("_Value")
# Identifiers of more digits fit into no column of SQLite.
MOST_DIGITS = 18
_BATCH = 500  # SQLite's historical limit on bound parameters is 999


class GazetteerFile:
    """One gazetteer file; :class:`~geomap.gazetteer.store.Gazetteer` searches several.

    Parameters
    ----------
    path
        The SQLite file.

    Raises
    ------
    GazetteerError
        When the file is missing, is no SQLite file, or is not of this version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = connect(path)
        self._judged: Recent[str, bool] = Recent(most=_MEMO)
        # At most the 30,000 regions of the world: joined in SQL they take half of a look-up's time.
        self._region_names: dict[int, str | None] = {}

    def close(self) -> None:
        """Close the file; look-ups fail from then on."""
        self._connection.close()

    def rows(self, keys: Collection[str]) -> dict[str, list[tuple[Any, ...]]]:
        """Give the rows (kind, then the columns of the place) of each key that has any."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        judged = self._judged.known(keys)
        # What was found to be in no row need not be asked for.
        for batch in _batches(sorted(k for k in keys if judged.get(k, True))):
            sql = (
                f"SELECT n.key, n.kind, {NUMBERED} FROM name n JOIN place p ON p.id = n.place "  # noqa: S608
                f"WHERE n.key IN ({_marks(batch)})"
            )
            rows = self.execute(sql, batch).fetchall()
            self._learn_regions(row[column] for row in rows for column in _REGIONS)
            for row in rows:
                found.setdefault(row[0], []).append(self._named(row))
        return found

    def _learn_regions(self, numbers: Iterable[int | None]) -> None:
        """Read the names of regions that are not known yet, many at once."""
        new = sorted({n for n in numbers if n is not None and n not in self._region_names})
        for batch in _batches(new):
            sql = f"SELECT id, name FROM place WHERE id IN ({_marks(batch)})"  # noqa: S608
            named = {row[0]: str(row[1]) for row in self.execute(sql, batch)}
            self._region_names |= {number: named.get(number) for number in batch}

    def _named(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Put the names of the regions where their numbers stand, and leave the key out."""
        named = list(row)
        for column in _REGIONS:
            number = named[column]
            if number is not None:
                named[column] = self._region_names[number]
        del named[0]
        return tuple(named)

    def knows(self, keys: set[str]) -> set[str]:
        """Give the keys that have a row, or that name a region by a generic word."""
        judged = self._judged.known(keys)
        asked = keys - judged.keys()
        if asked:
            stored = self._stored(asked)
            new = {k: k in stored for k in asked}
            self._judged.update(new)
            judged |= new
        return {k for k, is_known in judged.items() if is_known}

    def _stored(self, keys: set[str]) -> set[str]:
        stems = {k: s for k in keys if (s := stem_of(k))}
        known: set[str] = set()
        for batch in _batches(sorted(keys)):
            sql = f"SELECT DISTINCT key FROM name WHERE key IN ({_marks(batch)})"  # noqa: S608
            known.update(row[0] for row in self.execute(sql, batch))
        regional: set[tuple[str, str]] = set()
        for batch in _batches(sorted(set(stems.values()))):
            sql = (
                "SELECT DISTINCT n.key, p.feature_code FROM name n JOIN place p ON p.id = n.place "  # noqa: S608
                f"WHERE n.key IN ({_marks(batch)}) AND p.feature_code IN ('ADM1', 'ADM2', 'ADM3')"
            )
            regional.update((row[0], row[1]) for row in self.execute(sql, batch))
        return known | {
            k for k, s in stems.items() if any((s, level) in regional for level in levels_of(k))
        }

    def keys_between(self, low: str, high: str, *, limit: int) -> list[str]:
        """Give keys from ``low`` up to, not including, ``high``; at most ``limit``."""
        sql = "SELECT DISTINCT key FROM name WHERE key >= ? AND key < ? LIMIT ?"
        return [row[0] for row in self.execute(sql, (low, high, limit))]

    def place(self, place_id: str) -> Place | None:
        """Give the place of an identifier, or ``None`` when there is none."""
        where, values = _by_id(place_id)
        row = self.execute(f"SELECT {COLUMNS} FROM {FROM} WHERE {where}", values).fetchone()  # noqa: S608
        return self.coded_place(place_id) if row is None else place_of(row)

    def country_place(self, code: str) -> Place | None:
        """Give the place of a country by its ISO alpha-2 code, or ``None``."""
        return self._countries.get(code)

    @cached_property
    def _countries(self) -> dict[str, Place]:
        """All countries by code: there is no index by it, so that one costs as much as all."""
        sql = (
            f"SELECT p.iso, {COLUMNS} FROM {FROM} WHERE p.feature_class = 'A' "  # noqa: S608
            "AND length(p.iso) = 2 ORDER BY p.id DESC"
        )
        return {row[0]: place_of(row[1:]) for row in self.execute(sql)}

    def coded_place(self, code: str) -> Place | None:
        """Give a place by another code: GeoNames or ISO 3166-2 of a region, or ``None``."""
        sql = f"SELECT {COLUMNS} FROM {FROM} JOIN admin_code k ON k.place = p.id WHERE k.code = ?"  # noqa: S608
        row = self.execute(sql, (code,)).fetchone()
        return None if row is None else place_of(row)

    def near(self, lon: float, lat: float) -> list[tuple[Place, float]]:
        """Give the settlements of the cells around a point, with their distance in km."""
        reach = 1 if abs(lat) < 60 else 2 if abs(lat) < 75 else 5  # noqa: PLR2004
        cells = {
            cell(lon + dx, min(89.9, max(-89.9, lat + dy)))
            for dx in range(-reach, reach + 1)
            for dy in (-1, 0, 1)
        }
        sql = (
            f"SELECT {COLUMNS} FROM {FROM} WHERE p.feature_class = 'P' "  # noqa: S608
            f"AND p.cell IN ({_marks(cells)})"
        )
        found = (place_of(row) for row in self.execute(sql, tuple(cells)))
        return [(p, distance_km((lon, lat), (p.lon, p.lat))) for p in found]

    def places(self) -> Iterator[Place]:
        """Give every place, in the order of the file."""
        for row in self.execute(f"SELECT {COLUMNS} FROM {FROM} ORDER BY p.id"):  # noqa: S608
            yield place_of(row)

    def boundary(self, place_id: str) -> Mapping[str, Any] | None:
        """Give the polygon of a country or first-level region as GeoJSON, or ``None``."""
        where, values = _by_id(place_id)
        row = self.execute(f"SELECT p.iso FROM place p WHERE {where}", values).fetchone()  # noqa: S608
        if row is None or row[0] is None:
            return None
        name = f"{'admin1' if '-' in row[0] else 'country'}:{row[0]}"
        shape = self.execute("SELECT geojson FROM boundary WHERE key = ?", (name,)).fetchone()
        if shape is None:
            return None
        geometry: dict[str, Any] = json.loads(shape[0])
        return geometry

    def boundaries(self, kind: str) -> dict[str, str]:
        """Give all polygons of a kind (``"admin1"``, ``"country"``) as GeoJSON text by code."""
        low, high = f"{kind}:", f"{kind};"
        sql = "SELECT key, geojson FROM boundary WHERE key >= ? AND key < ?"
        return {row[0].partition(":")[2]: row[1] for row in self.execute(sql, (low, high))}

    def info(self) -> GazetteerInfo:
        """Describe the file: version, digest, rows, attribution, worldview."""
        return describe(self.path, dict(self.execute("SELECT key, value FROM meta").fetchall()))

    @property
    def version(self) -> str:
        """First twelve digits of the digest of what the file was made from."""
        row = self.execute("SELECT value FROM meta WHERE key = 'inputs'").fetchone()
        return str(row[0])[:12]

    def execute(self, sql: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        """Run one statement; a file that cannot be read raises a :class:`GazetteerError`."""
        try:
            return self._connection.execute(sql, tuple(values))
        except sqlite3.DatabaseError as err:
            msg = f"{self.path}: gazetteer cannot be read ({err}); {REMEDY}"
            raise GazetteerError(msg) from err


def _batches(values: list[_Value]) -> Iterator[tuple[_Value, ...]]:
    for start in range(0, len(values), _BATCH):
        yield tuple(values[start : start + _BATCH])


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _ in values)


def _by_id(place_id: str) -> tuple[str, tuple[object, ...]]:
    """Give a condition that holds for the place of an identifier, and its values."""
    prefix, _, rest = place_id.partition(":")
    if prefix == "geonames" and rest.isdecimal() and len(rest) <= MOST_DIGITS:
        # A mark for each value: numbered ones end with Python 3.14.
        return "(p.id = ? AND p.ref IS NULL OR p.ref = ?)", (int(rest), int(rest))
    return "p.ref = ?", (place_id,)
