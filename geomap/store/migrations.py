"""Migrations: a store of an older schema becomes one of this, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.store.minhash import minhash
from geomap.store.schema import (
    APPLICATION_ID,
    COPIES_AND_MERGES,
    INDEXES,
    KEPT_CLUSTERS,
    SCHEMA_VERSION,
    TABLES,
    VIEWS,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

__all__ = ["MIGRATIONS", "create", "migrate"]


def create(base: sqlite3.Connection) -> None:
    """Make the tables of a new store; a killed process leaves none of them.

    Parameters
    ----------
    base
        A connection in autocommit mode.
    """
    _in_one(base, lambda: _run(base, TABLES + COPIES_AND_MERGES + KEPT_CLUSTERS + INDEXES))


def migrate(base: sqlite3.Connection) -> None:
    """Bring an older store up to date, or leave it as it is when that fails.

    Parameters
    ----------
    base
        A connection in autocommit mode.
    """

    def steps() -> None:
        version = base.execute("PRAGMA user_version").fetchone()[0]
        for name, kind in base.execute(
            "SELECT name, type FROM sqlite_master WHERE type = 'view'"
        ).fetchall():
            base.execute(f'DROP {kind} "{name}"')
        while version < SCHEMA_VERSION:
            MIGRATIONS[version](base)
            version += 1

    _in_one(base, steps)


def _in_one(base: sqlite3.Connection, work: Callable[[], None]) -> None:
    base.execute("BEGIN EXCLUSIVE")
    try:
        work()
        _run(base, VIEWS)
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        base.execute("COMMIT")
    except BaseException:
        base.execute("ROLLBACK")
        raise


def _run(base: sqlite3.Connection, statements: str) -> None:
    """Run statements one by one: ``executescript`` would commit first."""
    for statement in statements.split(";\n"):
        if statement.strip():
            base.execute(statement)


def _to_2(base: sqlite3.Connection) -> None:
    """Add copies and merges; every article is new to both, and they are made at the next run."""
    _run(base, COPIES_AND_MERGES)
    base.execute("ALTER TABLE stored_sources ADD COLUMN how TEXT NOT NULL DEFAULT ''")
    texts = base.execute("SELECT text_sha256, text FROM stored_articles GROUP BY text_sha256")
    base.executemany(
        "INSERT INTO stored_signatures (text_sha256, minhash) VALUES (?, ?)",
        ((digest, minhash(text)) for digest, text in texts),
    )
    base.execute("INSERT INTO stored_changes SELECT article_key FROM stored_articles WHERE kept")


def _to_3(base: sqlite3.Connection) -> None:
    """Add kept clusters; the merges stay, in their order, until the next run merges anew."""
    _run(base, KEPT_CLUSTERS)
    base.execute("UPDATE stored_merges SET first_day = number")


# From each older version the step to the next. A step uses plain SQL and tables as they
# were at its version: what later versions change must not change it.
MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {1: _to_2, 2: _to_3}
