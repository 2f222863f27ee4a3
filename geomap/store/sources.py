"""Sources: which files were read, and what a later run has to read again.

A file of the same size, time of change and provenance is not opened again. One
that changed is read again: its articles that did not change are kept, what it no
longer holds is marked as removed. So is what a file holds that its input (a
folder, a pattern) no longer gives.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from geomap.store.adding import drop_articles, mark_changed, number_names, provenance_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from geomap.settings import Settings
    from geomap.store.base import Store

__all__ = ["FoundSource", "OpenSource", "Sources"]

# Files that are noted in one transaction.
CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSource:
    """A file that an input gives.

    Parameters
    ----------
    origin
        Its absolute path, the key of the file.
    name
        How it was given, which opens it.
    input
        The input that gave it.
    size_bytes, modified_ns
        What tells whether it changed; ``None`` for what has neither, such as
        standard input: it is always read again, and nothing of it is removed.
    """

    origin: str
    name: str
    input: str
    size_bytes: int | None
    modified_ns: int | None


@dataclass(frozen=True, slots=True)
class OpenSource:
    """A file that is to be read: its key, how to open it, its size if it has one."""

    key: int
    origin: str
    name: str
    size_bytes: int | None


class Sources:
    """The files of one run over a store.

    Parameters
    ----------
    store
        Opened to be written; its ``run`` becomes that of the new run.
    inputs
        Files, folders and patterns as they were given.
    settings
        The settings of the run.
    provenance
        Version, gazetteer, model, digest of the settings, worldview, version of the
        contract: what is kept was made by the same, or is made again.
    how
        What else changes how files are read, such as the names of columns.
    """

    def __init__(
        self,
        store: Store,
        *,
        inputs: Sequence[str],
        settings: Settings,
        provenance: tuple[Any, ...],
        how: str = "",
    ) -> None:
        self._store = store
        self._how = how
        with store.transaction() as base:
            self._made = provenance_key(base, provenance)
            values = (
                _now(),
                json.dumps(list(inputs)),
                json.dumps(asdict(settings), sort_keys=True),
                self._made,
            )
            row = base.execute(
                "INSERT INTO runs (started, inputs, settings, provenance_key) "
                "VALUES (?, ?, ?, ?) RETURNING run",
                values,
            ).fetchone()
        store.run = int(row[0])

    def note(self, found: Iterable[FoundSource], *, retry: bool = False) -> Iterator[str]:
        """Note files, and which of them have to be read.

        Parameters
        ----------
        found
            Files that the inputs give.
        retry
            Whether files with failures are read again even though they did not change.

        Yields
        ------
        str
            For each file ``"new"``, ``"changed"``, ``"same"``, or ``"twice"`` when it
            was found before in this run.
        """
        chunk: list[FoundSource] = []
        for one in found:
            chunk.append(one)
            if len(chunk) == CHUNK:
                yield from self._note(chunk, retry=retry)
                chunk = []
        yield from self._note(chunk, retry=retry)

    def _note(self, chunk: list[FoundSource], *, retry: bool) -> list[str]:
        with self._store.transaction() as base:
            return [self._state(base, one, retry=retry) for one in chunk]

    def _state(self, base: sqlite3.Connection, one: FoundSource, *, retry: bool) -> str:
        run = self._store.run
        known = base.execute(
            "SELECT source_key, run, state, size_bytes, modified_ns, how, provenance_key "
            "FROM stored_sources WHERE origin = ?",
            (one.origin,),
        ).fetchone()
        if known is None:
            base.execute(
                "INSERT INTO stored_sources (origin, name, input, size_bytes, modified_ns, how, "
                "run, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'open')",
                (
                    *(one.origin, _held(one.name), one.input),
                    one.size_bytes,
                    one.modified_ns,
                    self._how,
                    run,
                ),
            )
            return "new"
        key, last, *before = known
        if last == run:
            return "twice"
        now = ["done", one.size_bytes, one.modified_ns, self._how, self._made]
        is_same = before == now and one.size_bytes is not None
        if is_same and not (retry and _has_failures(base, key)):
            base.execute(
                "UPDATE stored_sources SET run = ?, name = ?, input = ? WHERE source_key = ?",
                (run, _held(one.name), one.input, key),
            )
            return "same"
        base.execute(
            "UPDATE stored_sources SET run = ?, name = ?, input = ?, size_bytes = ?, "
            "modified_ns = ?, how = ?, state = 'open' WHERE source_key = ?",
            (
                *(run, _held(one.name), one.input),
                *(one.size_bytes, one.modified_ns, self._how, key),
            ),
        )
        return "changed"

    def remove_missing(self, inputs: Iterable[str], *, beside: Collection[str] = ()) -> int:
        """Mark files that these inputs gave before and give no more, with their articles.

        Parameters
        ----------
        inputs
            As :class:`FoundSource` has them. Of a folder also what another input gave last (the
            file by its own name, a pattern), where it is there no more.
        beside
            Absolute paths of files and folders that could not be listed: what they held stays.

        Returns
        -------
        int
            How many articles were marked.
        """
        count = 0
        for one in inputs:
            with self._store.transaction() as base:
                for key in list(self._gone(base, one, beside)):
                    count += drop_articles(base, "source_key = ?", (key,))
                    base.execute("DELETE FROM stored_failures WHERE source_key = ?", (key,))
                    base.execute(
                        "UPDATE stored_sources SET state = 'removed' WHERE source_key = ?", (key,)
                    )
        return count

    def _gone(self, base: sqlite3.Connection, given: str, beside: Collection[str]) -> Iterator[int]:
        """Give the keys of files that an input does not give in this run."""
        folder = given.rstrip("/\\") + os.sep
        rows = base.execute(
            "SELECT source_key, input, origin FROM stored_sources WHERE run < ? "
            "AND (input = ? OR substr(origin, 1, ?) = ?) "
            "AND state <> 'removed' AND size_bytes IS NOT NULL",
            (self._store.run, given, len(folder), folder),
        )
        for key, last, origin in rows:
            is_there = last != given and os.path.lexists(origin)
            if not is_there and not any(_is_within(origin, one) for one in beside):
                yield key

    def to_read(self) -> tuple[int, int]:
        """Give number and bytes of the files that are to be read in this run."""
        row = self._store.base.execute(
            "SELECT count(*), coalesce(sum(size_bytes), 0) FROM stored_sources "
            "WHERE state = 'open' AND run = ?",
            (self._store.run,),
        ).fetchone()
        return int(row[0]), int(row[1])

    def opened(self) -> Iterator[OpenSource]:
        """List the files that are to be read, in the order in which they were found.

        Yields
        ------
        OpenSource
            Read from the store a thousand at a time.
        """
        last = 0
        while True:
            rows = self._store.base.execute(
                "SELECT source_key, origin, name, size_bytes FROM stored_sources "
                "WHERE state = 'open' AND source_key > ? AND run = ? ORDER BY source_key LIMIT ?",
                (last, self._store.run, CHUNK),
            ).fetchall()
            if not rows:
                return
            for key, origin, name, size in rows:
                yield OpenSource(key, origin, os.fsdecode(name), size)
            last = rows[-1][0]

    def is_kept(self, *, name: str, origin: str, digest: bytes) -> bool:
        """Tell whether an article is in the store as it would be made now.

        Parameters
        ----------
        name, origin, digest
            Of the article as read; see :func:`geomap.store.packing.digest_of`.

        Returns
        -------
        bool
            If so it is noted as found in this run, and stands again if it was removed.
        """
        row = self._store.base.execute(
            "SELECT article_key, kept FROM stored_articles WHERE name = ? AND origin = ? "
            "AND input_digest = ? AND provenance_key = ?",
            (name, origin, digest, self._made),
        ).fetchone()
        if row is None:
            return False
        key, kept = row
        with self._store.transaction() as base:
            base.execute(
                "UPDATE stored_articles SET run = ?, kept = 1 WHERE article_key = ?",
                (self._store.run, key),
            )
            if not kept:
                mark_changed(base, key)
                number_names(base, name, since=origin)
        return True

    def finish(self, key: int, *, whole: bool = True) -> int:
        """Note that a file was read to its end and all its articles were worked on.

        Parameters
        ----------
        key
            Of the file.
        whole
            Whether its end was seen: what a file no longer holds is removed only then.

        Returns
        -------
        int
            How many articles were marked as removed.
        """
        run = self._store.run
        with self._store.transaction() as base:
            count = 0
            if whole and _has_size(base, key):
                count = drop_articles(base, "source_key = ? AND run < ?", (key, run))
            base.execute("DELETE FROM stored_failures WHERE source_key = ? AND run < ?", (key, run))
            base.execute(
                "UPDATE stored_sources SET state = 'done', provenance_key = ? WHERE source_key = ?",
                (self._made, key),
            )
        return count

    def end(self, outcome: str) -> None:
        """Note how the run ended."""
        with self._store.transaction() as base:
            base.execute(
                "UPDATE runs SET ended = ?, outcome = ? WHERE run = ?",
                (_now(), outcome, self._store.run),
            )


def _is_within(path: str, folder: str) -> bool:
    return f"{path}{os.sep}".startswith(f"{folder}{os.sep}")


def _held(name: str) -> str | bytes:
    """Give the name of a file as SQLite can hold it: text, or bytes that are no UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name)
    return name


def _has_failures(base: sqlite3.Connection, key: int) -> bool:
    sql = "SELECT 1 FROM stored_failures WHERE source_key = ? LIMIT 1"
    return base.execute(sql, (key,)).fetchone() is not None


def _has_size(base: sqlite3.Connection, key: int) -> bool:
    sql = "SELECT 1 FROM stored_sources WHERE source_key = ? AND size_bytes IS NOT NULL"
    return base.execute(sql, (key,)).fetchone() is not None


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
