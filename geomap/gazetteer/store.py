"""Look names up in the gazetteer file: read-only, exact, a few microseconds a name."""

from __future__ import annotations

import importlib.resources
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from geomap.errors import GazetteerError
from geomap.gazetteer.candidates import (
    COLUMNS,
    FROM,
    named_hits,
    place_of,
    ranked,
    region_hits,
    stem_of,
)
from geomap.gazetteer.normalise import key
from geomap.gazetteer.opening import REMEDY, GazetteerInfo, connect, describe
from geomap.gazetteer.rows import distance_km
from geomap.gazetteer.schema import ALIAS, PRIMARY, cell
from geomap.gazetteer.transliterate import from_cyrillic, has_cyrillic, variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from geomap.records import Candidate, Place

__all__ = ["Gazetteer", "GazetteerInfo", "open_gazetteer"]

_BATCH = 500  # SQLite's historical limit on bound parameters is 999


class Gazetteer:
    """A gazetteer file, open for reading.

    Safe to open many times and to pickle (by path); a connection belongs to
    the thread that opened it.

    Parameters
    ----------
    path
        The SQLite file.

    Raises
    ------
    GazetteerError
        When the file is missing, is no SQLite file, or is not of this version.

    Examples
    --------
    >>> with open_gazetteer() as gazetteer:
    ...     gazetteer.find("Kharkov")[0].place.name
    'Kharkiv'
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._connection = connect(self.path)

    def __reduce__(self) -> tuple[type[Gazetteer], tuple[str]]:
        """Pickle by path: the other process opens the file itself."""
        return (type(self), (str(self.path),))

    def __enter__(self) -> Self:
        """Give the gazetteer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; look-ups fail from then on."""
        self._connection.close()

    def find(
        self, name: str, *, limit: int = 30, country: str | None = None
    ) -> tuple[Candidate, ...]:
        """Look a name up.

        The spelling is normalised, never guessed: "Kharkov region" finds
        Kharkiv Oblast because Kharkov is a name of its seat; "Berestyanka"
        finds Berestianka by the transliteration rules, which are tried only
        when nothing else was found.

        Parameters
        ----------
        name
            The name as the text has it; capitals count for codes ("US", "DPR")
            and for names of up to three letters.
        limit
            Most candidates to give.
        country
            ISO alpha-2 code; others are left out.

        Returns
        -------
        tuple of Candidate
            The best first, one per place; empty for an unknown name.
            ``Candidate.match`` is ``"stem"`` for a region called by the bare
            name of its seat and ``"mt"`` for a known machine-translation error,
            which needs a matching context ("Grocery (Kharkov region)").
        """
        found = self.find_many((name,))[name]
        if not found:
            found = self._find_transliterated(name)
        if country is not None:
            found = tuple(c for c in found if c.place.country == country)
        return found[:limit]

    def find_many(self, names: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """Look many names up at once, without transliteration.

        Parameters
        ----------
        names
            Names as the text has them.

        Returns
        -------
        dict
            All candidates of each name, the best first; ``()`` for an unknown one.
        """
        names = list(dict.fromkeys(names))
        keys = {name: key(name) for name in names}
        wanted = {k for k in keys.values() if k}
        stems = {k: stem_of(k) for k in wanted}
        rows = self._rows(wanted | {s for s in stems.values() if s})
        return {
            name: ranked(
                name,
                [*named_hits(name, rows.get(k, ())), *region_hits(rows.get(stems.get(k, ""), ()))],
            )
            for name, k in keys.items()
        }

    def knows(self, keys: Iterable[str]) -> set[str]:
        """Tell which keys name any place: the fast first pass over all n-grams of a text.

        Parameters
        ----------
        keys
            Keys as :func:`geomap.gazetteer.normalise.key` makes them.

        Returns
        -------
        set of str
            Those with at least one row, or "… region" and the like where a
            region has that name. Capitals are judged later, by :meth:`find`.
        """
        wanted = {k for k in keys if k}
        stems = {k: s for k in wanted if (s := stem_of(k))}
        known: set[str] = set()
        for batch in _batches(sorted(wanted)):
            sql = f"SELECT DISTINCT key FROM name WHERE key IN ({_marks(batch)})"  # noqa: S608
            known.update(row[0] for row in self._execute(sql, batch))
        regional: set[str] = set()
        for batch in _batches(sorted(set(stems.values()))):
            sql = (
                "SELECT DISTINCT n.key FROM name n JOIN place p ON p.id = n.place WHERE n.key IN "  # noqa: S608
                f"({_marks(batch)}) AND p.feature_code = 'ADM1'"
            )
            regional.update(row[0] for row in self._execute(sql, batch))
        return known | {k for k, s in stems.items() if s in regional}

    def place(self, place_id: str) -> Place | None:
        """Give the place of an identifier, or ``None`` when there is none.

        Parameters
        ----------
        place_id
            E.g. ``"geonames:703448"`` or ``"overlay:lysa-hora-kyiv"``.
        """
        where, value = _by_id(place_id)
        row = self._execute(f"SELECT {COLUMNS} FROM {FROM} WHERE {where}", (value,)).fetchone()  # noqa: S608
        return None if row is None else place_of(row)

    def country_place(self, code: str) -> Place | None:
        """Give the place of a country by its ISO alpha-2 code, or ``None``."""
        sql = f"SELECT {COLUMNS} FROM {FROM} WHERE p.iso = ? AND p.feature_class = 'A'"  # noqa: S608
        row = self._execute(sql, (code,)).fetchone()
        return None if row is None else place_of(row)

    def reverse(
        self, lon: float, lat: float, *, max_km: float = 50.0, limit: int = 1
    ) -> tuple[tuple[Place, float], ...]:
        """Find the settlements nearest to a point.

        Parameters
        ----------
        lon, lat
            The point, EPSG:4326 degrees.
        max_km
            Farther places are left out. Cells of one degree around the point
            are searched, so at most 111 km.
        limit
            Most places to give.

        Returns
        -------
        tuple of (Place, float)
            Places with their distance in km, the nearest first.
        """
        reach = 1 if abs(lat) < 60 else 2 if abs(lat) < 75 else 5  # noqa: PLR2004
        cells = {
            cell(lon + dx, min(89.9, max(-89.9, lat + dy)))
            for dx in range(-reach, reach + 1)
            for dy in (-1, 0, 1)
        }
        sql = f"SELECT {COLUMNS} FROM {FROM} WHERE p.feature_class = 'P' AND p.cell IN ({_marks(cells)})"  # noqa: E501, S608
        found = [place_of(row) for row in self._execute(sql, tuple(cells))]
        near = sorted((distance_km((lon, lat), (p.lon, p.lat)), p.id, p) for p in found)
        return tuple((p, round(d, 3)) for d, _, p in near[:limit] if d <= max_km)

    def boundary(self, place_id: str) -> Mapping[str, Any] | None:
        """Give the polygon of a country or first-level region.

        Parameters
        ----------
        place_id
            Identifier of the place.

        Returns
        -------
        Mapping or None
            A GeoJSON Polygon or MultiPolygon (``lon, lat``); ``None`` when the
            place has none.
        """
        where, value = _by_id(place_id)
        row = self._execute(f"SELECT p.iso FROM place p WHERE {where}", (value,)).fetchone()  # noqa: S608
        if row is None or row[0] is None:
            return None
        name = f"{'admin1' if '-' in row[0] else 'country'}:{row[0]}"
        shape = self._execute("SELECT geojson FROM boundary WHERE key = ?", (name,)).fetchone()
        if shape is None:
            return None
        geometry: dict[str, Any] = json.loads(shape[0])
        return geometry

    def info(self) -> GazetteerInfo:
        """Describe the file: version, digest, rows, attribution, worldview."""
        rows = self._execute("SELECT key, value FROM meta").fetchall()
        return describe(self.path, dict(rows))

    @property
    def version(self) -> str:
        """First twelve digits of the digest of what the file was made from."""
        row = self._execute("SELECT value FROM meta WHERE key = 'inputs'").fetchone()
        return str(row[0])[:12]

    def _find_transliterated(self, name: str) -> tuple[Candidate, ...]:
        if name == name.lower():
            return ()
        romanised = from_cyrillic(name) if has_cyrillic(name) else ()
        tries = [key(form) for form in romanised] if romanised else list(variants(key(name)))
        if romanised and not self.knows(tries):
            tries = [other for form in tries for other in variants(form)]
        rows = self._rows(set(tries) | {s for t in tries if (s := stem_of(t))})
        for other in tries:
            hits = [
                *named_hits(name, rows.get(other, ())),
                *region_hits(rows.get(stem_of(other), ())),
            ]
            hits = [hit for hit in hits if hit[0] in (PRIMARY, ALIAS)]
            if hits:
                return ranked(name, hits, via=other)
        return ()

    def _rows(self, keys: set[str]) -> dict[str, list[tuple[Any, ...]]]:
        found: dict[str, list[tuple[Any, ...]]] = {}
        for batch in _batches(sorted(keys)):
            sql = (
                f"SELECT n.key, n.kind, {COLUMNS} FROM name n JOIN place p ON p.id = n.place "  # noqa: S608
                f"LEFT JOIN place a ON a.id = p.admin1 WHERE n.key IN ({_marks(batch)})"
            )
            for row in self._execute(sql, batch):
                found.setdefault(row[0], []).append(row[1:])
        return found

    def _execute(self, sql: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, tuple(values))
        except sqlite3.DatabaseError as err:
            msg = f"{self.path}: gazetteer cannot be read ({err}); {REMEDY}"
            raise GazetteerError(msg) from err


def open_gazetteer(path: str | Path | None = None) -> Gazetteer:
    """Open a gazetteer file.

    Parameters
    ----------
    path
        The file; ``None`` takes the one in the install.

    Returns
    -------
    Gazetteer
        Open for reading; close it or use it in a ``with`` block.

    Raises
    ------
    GazetteerError
        When the file is missing, corrupt, foreign or of another version.
    """
    if path is None:
        path = Path(str(importlib.resources.files("geomap") / "_data" / "gazetteer.sqlite"))
    return Gazetteer(path)


def _batches(values: list[str]) -> Iterable[tuple[str, ...]]:
    for start in range(0, len(values), _BATCH):
        yield tuple(values[start : start + _BATCH])


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _ in values)


def _by_id(place_id: str) -> tuple[str, object]:
    prefix, _, rest = place_id.partition(":")
    if prefix == "geonames" and rest.isdecimal():
        return "p.id = ? AND p.ref IS NULL", int(rest)
    return "p.ref = ?", place_id
