"""Write a user's source into a gazetteer file of its own: streaming, resumable, whole or not.

The draft beside the target keeps what was read, commit by commit; a run that
was interrupted is taken up where it stopped when the source is the same. The
target is replaced at the end only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.errors import GazetteerError
from geomap.files import output_folder, replacing
from geomap.gazetteer.incoming import RowFault
from geomap.gazetteer.normalise import is_code, key
from geomap.gazetteer.rows import keep_name, settlement_radius_km
from geomap.gazetteer.schema import (
    ALIAS,
    APPLICATION_ID,
    DDL,
    INDEXES,
    PRIMARY,
    SCHEMA_VERSION,
    WORLDVIEW,
    cell,
    stored_point,
    stored_radius,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from geomap.gazetteer.incoming import IncomingName, IncomingPlace

__all__ = ["Added", "SourceFile", "add_names", "add_source"]

_COMMIT_ROWS = 50_000
_OWN_BASE = 4_000_000_000  # ids of places that are not GeoNames'
_MIN_NAME_LETTERS = 3
_AREA_RADIUS_KM = 10.0  # of an area or feature whose source gives no extent
# The draft's places are numbered as the source numbers them; "own" is the key of their name.
_STAGING = """
ALTER TABLE place ADD COLUMN own TEXT;
CREATE TABLE raw_name (key TEXT NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL);
CREATE TABLE progress (source TEXT NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE own (ref TEXT PRIMARY KEY, place INTEGER NOT NULL);
"""
# Places are numbered by their names, so that the rows of one name lie side by side: each costs a
# page of its own otherwise, and with 13 million places a name has some fifteen.
_ORDERED = f"""
INSERT INTO place (id, name, lat, lon, feature_class, feature_code, radius, population, approximate,
    cell, reviewed) VALUES ({_OWN_BASE - 1}, '', 0, 0, '', '', 1, 0, 0, 0, 0);
INSERT INTO place SELECT NULL, coalesce(ref, id), name, country, admin1, lat, lon, feature_class,
    feature_code, radius, population, approximate, iso, note, cell, admin2, admin3, reviewed
    FROM draft.place ORDER BY own, id;
DELETE FROM place WHERE id = {_OWN_BASE - 1};
CREATE TEMP TABLE numbered (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
INSERT INTO numbered SELECT coalesce(o.place, p.ref) AS old, p.id FROM place p
    LEFT JOIN draft.own o ON o.ref = p.ref ORDER BY old;
INSERT INTO name SELECT r.key, n.new, min(r.kind) FROM draft.raw_name r
    JOIN numbered n ON n.old = r.place GROUP BY r.key, n.new ORDER BY r.key, n.new;
"""  # noqa: S608 - a number of ours
_REGIONS = """
INSERT INTO place SELECT * FROM builtin.place WHERE id IN (SELECT DISTINCT admin1 FROM place);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """What a gazetteer file is made from.

    Parameters
    ----------
    name
        As the user gave it.
    digest
        SHA-256 of the file and of the options that change its reading.
    attribution
        The line that outputs must carry.
    """

    name: str
    digest: str
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was written: rows, and whether a former run was taken up."""

    path: Path
    places: int
    names: int
    resumed_at: int


def add_source(
    places: Callable[[], Iterable[IncomingPlace]],
    target: Path,
    *,
    source: SourceFile,
    builtin: Path,
    names: Callable[[], Iterable[tuple[int, int, IncomingName]]] | None = None,
    on_rows: Callable[[int], None] | None = None,
    on_fault: Callable[[RowFault], None] | None = None,
) -> Added:
    """Write places into a gazetteer file.

    Parameters
    ----------
    places
        Gives the places from the first on, in the same order each time.
    target
        The file to write or replace.
    source
        What it is made from.
    builtin
        The built-in gazetteer, which knows the regions' codes.
    names
        Gives further names: row, GeoNames id, name; ids not in ``places`` are
        left out.
    on_rows
        Called with the number of rows written so far.
    on_fault
        Takes faults found while writing (a repeated identifier); ``None``
        raises the first.

    Returns
    -------
    Added
        What was written.

    Raises
    ------
    GazetteerError
        When a row cannot be used or the file not be written. The target is
        then as it was; what was read stays in the draft for the next run.
    OutputError
        When its folder cannot be written to.
    """
    output_folder(target.parent)
    draft = target.with_name(f".{target.stem}.draft")
    try:
        with contextlib.closing(_open_draft(draft, source)) as connection:
            done = connection.execute("SELECT rows FROM progress").fetchone()[0]
            writer = _Writer(connection, source, _codes(builtin), on_fault)
            written = writer.write(_behind(places(), done), start=done, on_rows=on_rows)
            if names is not None:
                add_names(connection, names())
            if not written and not connection.execute("SELECT 1 FROM place LIMIT 1").fetchone():
                raise GazetteerError(f"{source.name}: holds no place; the gazetteer is not written")
        with replacing(target) as final:
            counts = _finish(final, draft, builtin, source)
        _remove(draft)
    except sqlite3.DatabaseError as err:
        msg = f"{target}: cannot be written ({err}); free space, or remove {draft.name} beside it"
        raise GazetteerError(msg) from err
    return Added(path=target, places=counts[0], names=counts[1], resumed_at=done)


def add_names(
    connection: sqlite3.Connection, names: Iterable[tuple[int, int, IncomingName]]
) -> None:
    """Stage further names of GeoNames places; those of unknown places fall away at the end."""
    batch: list[tuple[str, int, int]] = []
    for _row, place, name in names:
        if keep_name(name.text):
            found = key(name.text)
            if len(found) >= _MIN_NAME_LETTERS:
                batch.append((found, place, ALIAS))
        if len(batch) >= _COMMIT_ROWS:
            connection.executemany("INSERT INTO raw_name VALUES (?, ?, ?)", batch)
            batch.clear()
    connection.executemany("INSERT INTO raw_name VALUES (?, ?, ?)", batch)
    connection.commit()


class _Writer:
    """Writes batches of places; each commit also says how far the source was read."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        source: SourceFile,
        codes: dict[str, int],
        on_fault: Callable[[RowFault], None] | None,
    ) -> None:
        self._connection = connection
        self._source = source
        self._codes = codes
        self._on_fault = on_fault
        sql = "SELECT max(id) FROM place WHERE id >= ?"
        last = connection.execute(sql, (_OWN_BASE,)).fetchone()[0]
        self._next = _OWN_BASE if last is None else last + 1

    def write(
        self, places: Iterable[IncomingPlace], *, start: int, on_rows: Callable[[int], None] | None
    ) -> int:
        """Write all, and give the number of rows."""
        done = start
        batch: list[IncomingPlace] = []
        for place in places:
            batch.append(place)
            if len(batch) == _COMMIT_ROWS:
                done = self._commit(batch, done)
                if on_rows is not None:
                    on_rows(done)
                batch.clear()
        done = self._commit(batch, done)
        if on_rows is not None:
            on_rows(done)
        return done

    def _commit(self, batch: list[IncomingPlace], done: int) -> int:
        rows: list[tuple[object, ...]] = []
        names: list[tuple[str, int, int]] = []
        for place in batch:
            number, is_new = self._number(place)
            if is_new:
                rows.append(self._row(place, number))
            names += _name_rows(place, number)
        insert = f"INSERT INTO place VALUES ({','.join('?' * 19)})"  # noqa: S608
        try:
            self._connection.executemany(insert, rows)
        except sqlite3.IntegrityError:
            self._connection.rollback()
            rows, names = self._one_by_one(batch)
            self._connection.executemany(insert, rows)
        self._connection.executemany("INSERT INTO raw_name VALUES (?, ?, ?)", names)
        self._connection.execute("UPDATE progress SET rows = ?", (done + len(batch),))
        self._connection.commit()
        return done + len(batch)

    def _one_by_one(
        self, batch: list[IncomingPlace]
    ) -> tuple[list[tuple[object, ...]], list[tuple[str, int, int]]]:
        """Find the repeated identifier of a batch that was refused."""
        rows: dict[int, tuple[object, ...]] = {}
        names: list[tuple[str, int, int]] = []
        for place in batch:
            number, _ = self._number(place)
            there = self._connection.execute("SELECT 1 FROM place WHERE id = ?", (number,))
            if number in rows or there.fetchone():
                msg = f"id {place.id} is used twice; expected one row a place; remove one of them"
                fault = RowFault(self._source.name, place.row, msg)
                if self._on_fault is None:
                    raise fault
                self._on_fault(fault)
                continue
            rows[number] = self._row(place, number)
            names += _name_rows(place, number)
        return list(rows.values()), names

    def _number(self, place: IncomingPlace) -> tuple[int, bool]:
        prefix, _, rest = place.id.partition(":")
        if prefix == "geonames" and rest.isdecimal():
            return int(rest), True
        sql = "SELECT place FROM own WHERE ref = ?"
        known = self._connection.execute(sql, (place.id,)).fetchone()
        if known is not None:
            return int(known[0]), False
        number, self._next = self._next, self._next + 1
        self._connection.execute("INSERT INTO own VALUES (?, ?)", (place.id, number))
        return number, True

    def _row(self, place: IncomingPlace, number: int) -> tuple[object, ...]:
        region = None
        if place.admin1:
            region = self._codes.get(place.admin1) or self._codes.get(
                f"{place.country}.{place.admin1}"
            )
        radius = place.radius_km
        if radius is None:
            radius = (
                settlement_radius_km(place.population)
                if place.feature_class == "P"
                else _AREA_RADIUS_KM
            )
        return (
            number, None if number < _OWN_BASE else place.id, place.name, place.country, region,
            *stored_point(place.lon, place.lat), place.feature_class, place.feature_code,
            stored_radius(radius), place.population, 0, None, None, cell(place.lon, place.lat),
            None, None, 0, key(place.name),
        )  # fmt: skip


def _name_rows(place: IncomingPlace, number: int) -> Iterator[tuple[str, int, int]]:
    own = key(place.name)
    if len(own) >= _MIN_NAME_LETTERS and not is_code(place.name):
        yield own, number, PRIMARY
    seen = {own}
    for name in place.names:
        if keep_name(name.text):
            found = key(name.text)
            if len(found) >= _MIN_NAME_LETTERS and found not in seen:
                seen.add(found)
                yield found, number, ALIAS


def _behind(places: Iterable[IncomingPlace], done: int) -> Iterator[IncomingPlace]:
    for number, place in enumerate(places):
        if number >= done:
            yield place


def _open_draft(draft: Path, source: SourceFile) -> sqlite3.Connection:
    """Open the draft of the same source, or begin a new one."""
    if draft.exists() and _drafted(draft) != source.digest:
        _remove(draft)
    fresh = not draft.exists()
    connection = sqlite3.connect(draft)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
    if fresh:
        connection.executescript(DDL + _STAGING)
        connection.execute("INSERT INTO progress VALUES (?, 0)", (source.digest,))
        connection.commit()
    return connection


def _drafted(draft: Path) -> str | None:
    try:
        with contextlib.closing(sqlite3.connect(draft)) as connection:
            row = connection.execute("SELECT source FROM progress").fetchone()
    except sqlite3.DatabaseError:
        return None
    return None if row is None else str(row[0])


def _remove(draft: Path) -> None:
    # The draft last: beside a new one, its old log would be taken for the new one's.
    for suffix in ("-shm", "-wal", "-journal", ""):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _codes(builtin: Path) -> dict[str, int]:
    uri = f"{builtin.resolve().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
        return dict(connection.execute("SELECT code, place FROM admin_code").fetchall())


def _finish(final: Path, draft: Path, builtin: Path, source: SourceFile) -> tuple[int, int]:
    """Write the file: places by name, names by key, the regions' rows, and what it is."""
    # As a URI, so that the other files can be attached for reading only.
    with contextlib.closing(sqlite3.connect(final.resolve().as_uri(), uri=True)) as connection:
        # Temporary sort files, so that memory stays small whatever the size.
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
        )
        connection.executescript(DDL)
        connection.execute("ATTACH ? AS draft", (draft.resolve().as_uri(),))
        connection.execute("ATTACH ? AS builtin", (f"{builtin.resolve().as_uri()}?mode=ro",))
        connection.executescript(f"BEGIN; {_ORDERED} COMMIT;")
        places = int(connection.execute("SELECT count(*) FROM main.place").fetchone()[0])
        names = int(connection.execute("SELECT count(*) FROM main.name").fetchone()[0])
        meta = {
            "schema": str(SCHEMA_VERSION), "worldview": WORLDVIEW,
            "attribution": source.attribution,
            "inputs": hashlib.sha256(f"{SCHEMA_VERSION} {source.digest}".encode()).hexdigest(),
            "sources": json.dumps({source.name: source.digest[:12]}), "places": str(places),
            "names": str(names), "boundaries": "0",
        }  # fmt: skip
        connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
        connection.commit()
        connection.executescript(f"{_REGIONS} {INDEXES}")
    return places, names
