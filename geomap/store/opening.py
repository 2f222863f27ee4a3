"""Opening: the one file of a store, who may write, and what its faults are called."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote

from geomap.errors import OutputError, StoreError
from geomap.files import output_folder
from geomap.store.migrations import create, migrate
from geomap.store.schema import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import BaseFileLock

__all__ = ["STORE_FILE", "check_there", "connect", "guarded", "lock", "prepared"]

STORE_FILE = "store.sqlite"
LOCK_FILE = "writer.lock"
# A reader waits so long while the file is being closed by its writer.
BUSY_S = 30.0
# Pages in memory, KB; with it 100,000 articles are kept as fast as the first.
CACHE_KB = 65_536


@contextlib.contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Turn SQLite's errors into one that says what to do.

    Parameters
    ----------
    folder
        The store.

    Raises
    ------
    StoreError
        For any error of SQLite in the block. What was committed before stays.
    """
    try:
        yield
    except sqlite3.Error as err:
        raise StoreError(f"{folder}: {_explained(err)}") from err


def _explained(err: sqlite3.Error) -> str:
    code = getattr(err, "sqlite_errorname", "") or ""
    if code == "SQLITE_FULL" or code.startswith("SQLITE_IOERR"):
        return (
            f"the store cannot be written ({err}); what was kept before is safe; "
            "free space on its disk and run the same command again"
        )
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return f"the store cannot be opened for this ({err}); give a folder you may write to"
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return f"{STORE_FILE} is damaged or no store ({err}); restore a copy, or choose another"
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"the store is in use ({err}); wait for the other process, or end it"
    return f"the store failed ({err})"


def lock(folder: Path) -> BaseFileLock:
    """Take the right to write, which ends with the process however it ends.

    Parameters
    ----------
    folder
        The store.

    Returns
    -------
    filelock.BaseFileLock
        Held; to be released.

    Raises
    ------
    StoreError
        When another process holds it.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only writers need it

    held = FileLock(folder / LOCK_FILE)
    try:
        held.acquire(blocking=False)
    except Timeout as err:
        msg = (
            f"{folder}: another process writes into this store; "
            "wait until it has ended, or choose another --store"
        )
        raise StoreError(msg) from err
    except OSError as err:
        msg = f"{folder}: cannot be locked ({err.strerror}); give a folder you may write to"
        raise StoreError(msg) from err
    return held


def connect(folder: Path, *, write: bool) -> sqlite3.Connection:
    """Open the file of a store, which is made and brought up to date when it is written.

    Parameters
    ----------
    folder
        The store.
    write
        Whether it will be written; the lock must be held.

    Returns
    -------
    sqlite3.Connection
        In autocommit mode: transactions are begun by hand.

    Raises
    ------
    StoreError
        When it is missing, no store, of another version, or cannot be opened.
    """
    with guarded(folder):
        return _for_writing(folder) if write else _for_reading(folder)


def prepared(folder: Path) -> Path:
    """Make the folder of a store to be written."""
    try:
        return output_folder(folder)
    except OutputError as err:
        raise StoreError(str(err)) from err


def check_there(folder: Path) -> None:
    """Make sure that a folder holds a store.

    Raises
    ------
    StoreError
        When it does not.
    """
    if not (folder / STORE_FILE).is_file():
        msg = f"{folder}: no store; expected a folder that geomap batch --store wrote"
        raise StoreError(msg)


def _for_writing(folder: Path) -> sqlite3.Connection:
    file = folder / STORE_FILE
    is_new = not file.exists() or file.stat().st_size == 0
    base = sqlite3.connect(file, isolation_level=None, timeout=BUSY_S)
    try:
        if not is_new:
            _check_mark(base, folder)
        # Readers go on while a batch writes; a killed writer loses no committed row.
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        version = base.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            create(base)
        elif version < SCHEMA_VERSION:
            migrate(base)
    except BaseException:
        base.close()
        raise
    return base


def _for_reading(folder: Path) -> sqlite3.Connection:
    check_there(folder)
    base = _open_to_read(folder / STORE_FILE)
    try:
        _check_mark(base, folder)
        _check_current(base, folder)
        base.execute("PRAGMA query_only = 1")
    except BaseException:
        base.close()
        raise
    return base


def _open_to_read(file: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(file.resolve()))}?mode=ro"
    # Each reader of a file in WAL mode writes into a file beside it. Where that is not
    # allowed, a store that nobody writes (no log beside it) is read as it lies.
    log = file.with_name(f"{file.name}-wal")
    if not _may_write(file.parent) and not (log.exists() and log.stat().st_size):
        address += "&immutable=1"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_S)


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK)


def _check_mark(base: sqlite3.Connection, folder: Path) -> None:
    mark = base.execute("PRAGMA application_id").fetchone()[0]
    version = base.execute("PRAGMA user_version").fetchone()[0]
    # A process that was killed while it made the file leaves it without mark and version.
    empty = mark == 0 and version == 0 and not _has_tables(base)
    if mark != APPLICATION_ID and not empty:
        msg = f"{folder}: {STORE_FILE} is no store of geomap's; choose another folder"
        raise StoreError(msg)
    if version > SCHEMA_VERSION:
        msg = (
            f"{folder}: the store has schema {version}, expected at most {SCHEMA_VERSION}; "
            "use the geomap that wrote it, or a newer one"
        )
        raise StoreError(msg)


def _check_current(base: sqlite3.Connection, folder: Path) -> None:
    version = base.execute("PRAGMA user_version").fetchone()[0]
    if version < SCHEMA_VERSION:
        msg = (
            f"{folder}: the store has schema {version}, expected {SCHEMA_VERSION}; "
            "bring it up to date with geomap store upgrade"
        )
        raise StoreError(msg)


def _has_tables(base: sqlite3.Connection) -> bool:
    return base.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
