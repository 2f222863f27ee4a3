"""The store: one folder that holds what was read from many articles."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from geomap.errors import StoreError
from geomap.records import Failure
from geomap.store import asking
from geomap.store.adding import add_article, add_failure, source_key
from geomap.store.asking import where_merged
from geomap.store.copies import Copy, copies, find_copies
from geomap.store.merging import bring_up_to_date, merged
from geomap.store.opening import connect, guarded, lock, prepared

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from types import TracebackType

    from filelock import BaseFileLock

    from geomap.events.merge import MergedEvent
    from geomap.records import ExtractedArticle
    from geomap.selection import Selection
    from geomap.store.packing import Packed

__all__ = ["Store", "open_store"]


def open_store(path: str | Path, *, write: bool = False) -> Store:
    """Open a store of extracted articles.

    Parameters
    ----------
    path
        Its folder. When it is written it is made where it is missing, and an
        older store is brought up to date.
    write
        Whether to write. One process may write at a time; any number may read,
        also meanwhile.

    Returns
    -------
    Store
        To be closed, or used in a ``with`` block.

    Raises
    ------
    StoreError
        When it is missing, is written by another process, is no store or one
        of a newer version, or cannot be read or written.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> with open_store(folder, write=True) as store:
    ...     store.counts().articles
    0
    """
    folder = Path(path)
    if not write:
        return Store(folder, connect(folder, write=False), held=None)
    held = lock(prepared(folder))
    try:
        return Store(folder, connect(folder, write=True), held=held)
    except BaseException:
        held.release()
        raise


class Store:
    """Articles with what was read from them, in one SQLite file.

    Every change is a transaction: a process that is killed loses what it had in
    hand, never what was kept. Made by :func:`open_store`.

    Parameters
    ----------
    folder
        Where it lies.
    base
        The open file, in autocommit mode.
    held
        The lock of a writer; ``None`` for a reader.
    """

    def __init__(
        self, folder: Path, base: sqlite3.Connection, *, held: BaseFileLock | None
    ) -> None:
        self.folder = folder
        self.base = base
        self.run = 0
        self._held = held

    def __enter__(self) -> Self:
        """Give the store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file and let another process write; closing twice does nothing."""
        # The last connection moves the log into the file: on a full disk it cannot.
        with contextlib.suppress(StoreError), guarded(self.folder):
            self.base.close()
        if self._held is not None:
            self._held.release()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Change the store: all of the block is kept, or nothing.

        Yields
        ------
        sqlite3.Connection
            Within a transaction.

        Raises
        ------
        StoreError
            When it cannot be written, or was opened to be read.
        """
        if self._held is None:
            msg = f"{self.folder}: the store was opened to be read; open it with write=True"
            raise StoreError(msg)
        with guarded(self.folder):
            self.base.execute("BEGIN IMMEDIATE")
            try:
                yield self.base
                self.base.execute("COMMIT")
            except BaseException:
                if self.base.in_transaction:  # A full disk ends it by itself.
                    self.base.execute("ROLLBACK")
                raise

    def add(self, packed: Packed, *, source: str | None = None) -> None:
        """Keep an article, instead of the one of the same name and origin.

        Parameters
        ----------
        packed
            What :func:`~geomap.store.packing.pack` gave.
        source
            Origin of the file it is from; its own origin when left out.

        Raises
        ------
        StoreError
            When the store cannot be written; what was kept before stays.
        """
        with self.transaction() as base:
            key = source_key(base, source or packed.origin, run=self.run)
            add_article(base, packed, source=key, run=self.run)
            base.execute(
                "DELETE FROM stored_failures WHERE source_key = ? AND origin = ?",
                (key, packed.origin),
            )

    def fail(self, failure: Failure, *, source: str | None = None) -> None:
        """Keep what could not be read, instead of what was said of it before.

        Parameters
        ----------
        failure
            What and why.
        source
            Origin of the file; its own origin when left out.
        """
        with self.transaction() as base:
            # What cannot be found is no file to be read.
            state = "removed" if failure.stage == "find" else "open"
            key = source_key(base, source or failure.origin, run=self.run, state=state)
            add_failure(base, failure, source=key, run=self.run)

    def forget_failures(self, *, stage: str) -> None:
        """Forget the failures of one stage, which will be found again where they last."""
        with self.transaction() as base:
            base.execute("DELETE FROM stored_failures WHERE stage = ?", (stage,))

    def finish(self) -> None:
        """Find copies of articles and merge events, as far as articles changed.

        It costs what stands around the changes, and comes to what all articles at
        once would give. To be called after adding. A killed process leaves what
        was before, and the next call does it.
        """
        find_copies(self)
        bring_up_to_date(self)

    def extractions(self, selection: Selection | None = None) -> Iterator[ExtractedArticle]:
        """Read articles back, one after another.

        Parameters
        ----------
        selection
            Which events. With one that leaves something out, only articles that
            have such events are given, with those alone; without one, all.

        Yields
        ------
        ExtractedArticle
            Ordered by id and origin, whatever the order in which they came; the
            same bytes in :func:`geomap.contract.to_line`. The second article of
            an id is ``"id-2"``, and so on. What was removed is left out.
        """
        with guarded(self.folder):
            yield from asking.extractions(self.base, selection)

    def copies(self) -> Iterator[Copy]:
        """List the articles that repeat another, as of the last :meth:`finish`."""
        with guarded(self.folder):
            yield from copies(self.base)

    def merged(self, selection: Selection | None = None) -> Iterator[MergedEvent]:
        """Read the merged events back, as of the last :meth:`finish`.

        Parameters
        ----------
        selection
            Which: type, days, box and confidence are those of the merged event, and
            one of its claims has the factuality.

        Yields
        ------
        MergedEvent
            In the order of their first reports; copies of an article count as one source.
        """
        condition, values = where_merged(selection) if selection else ("1", [])
        with guarded(self.folder):
            yield from merged(self.base, condition, values)

    def counts(self) -> asking.Counts:
        """Count what is kept."""
        with guarded(self.folder):
            return asking.counts(self.base)

    def failures(self) -> Iterator[Failure]:
        """List what could not be read or extracted.

        Yields
        ------
        Failure
            Ordered by origin.
        """
        for row in self.query(
            "SELECT origin, stage, reason, hint, article_id AS id FROM failures "
            "ORDER BY origin, article_id"
        ):
            yield Failure(**row)

    def failures_of_run(self, run: int, *, most: int) -> Iterator[Failure]:
        """List the first failures of a run, ordered by origin.

        Parameters
        ----------
        run
            Its number; 0 for one that found nothing to read. Inputs that could not be found are
            those of the latest.
        most
            How many.
        """
        for row in self.query(
            "SELECT origin, stage, reason, hint, article_id AS id FROM stored_failures "
            "WHERE run = ? OR stage = 'find' ORDER BY origin, article_id LIMIT ?",
            (run, most),
        ):
            yield Failure(**row)

    def query(self, sql: str, parameters: Any = ()) -> Iterator[dict[str, Any]]:
        """Ask the store in SQL; ``docs/store.md`` lists its views.

        Parameters
        ----------
        sql
            One statement; it cannot change a store that was opened to be read.
        parameters
            Values for ``?`` or ``:name`` in it.

        Yields
        ------
        dict
            One a row, by the names of the columns.

        Raises
        ------
        StoreError
            When SQLite does not understand it.
        """
        with guarded(self.folder):
            cursor = self.base.execute(sql, parameters)
            names = [column[0] for column in cursor.description or ()]
            for row in cursor:
                yield dict(zip(names, row, strict=True))
