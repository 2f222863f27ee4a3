"""Adding: one packed article becomes rows, in the place of what was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.store.packing import storable

if TYPE_CHECKING:
    import sqlite3

    from geomap.records import Failure
    from geomap.store.packing import Packed

__all__ = [
    "add_article",
    "add_failure",
    "drop_articles",
    "mark_changed",
    "number_names",
    "provenance_key",
    "source_key",
]

# The tables that hold what is in an article.
PARTS = ("stored_toponyms", "stored_events", "stored_event_places", "stored_actors")
_ARTICLE_COLUMNS = (
    "name", "article_id", "origin", "source_key", "run", "input_digest", "title", "source", "url",
    "published", "language", "text_sha256", "warnings", "provenance_key", "text", "record", "kept",
)  # fmt: skip
# Where Packed.meta has it.
TEXT_SHA256 = 5
_PROVENANCE_COLUMNS = ("version", "gazetteer", "model", "settings_sha256", "worldview", "contract")


def _insert(table: str, count: int, *, verb: str = "INSERT") -> str:
    return f"{verb} INTO {table} VALUES ({', '.join('?' * count)})"


def add_article(base: sqlite3.Connection, packed: Packed, *, source: int, run: int) -> int:
    """Put an article in; the caller holds the transaction.

    Parameters
    ----------
    base
        The store.
    packed
        What :func:`geomap.store.pack` gave.
    source
        Key of the file it is from.
    run
        Number of the run, which tells what a later run no longer finds.

    Returns
    -------
    int
        The key of the article: that of the one of this name and origin, if there was one.
    """
    key = _forgotten(base, packed)
    values = (
        *(packed.name, packed.name, packed.origin, source, run, packed.digest),
        *packed.meta,
        provenance_key(base, packed.provenance),
        *(packed.text, packed.record, 1),
    )
    names = ", ".join(_ARTICLE_COLUMNS)
    marks = ", ".join("?" * len(_ARTICLE_COLUMNS))
    cursor = base.execute(
        f"INSERT INTO stored_articles (article_key, {names}) VALUES (?, {marks})",
        (key, *values),
    )
    key = int(cursor.lastrowid or 0)
    base.executemany(_insert("places", 9, verb="INSERT OR REPLACE"), packed.places)
    for table, rows in zip(
        PARTS, (packed.toponyms, packed.events, packed.event_places, packed.actors), strict=True
    ):
        if rows:
            base.executemany(_insert(table, len(rows[0]) + 1), ((key, *row) for row in rows))
    base.execute(
        "INSERT OR IGNORE INTO stored_signatures (text_sha256, minhash) VALUES (?, ?)",
        (packed.meta[TEXT_SHA256], packed.minhash),
    )
    mark_changed(base, key)
    number_names(base, packed.name, since=packed.origin)
    return key


def mark_changed(base: sqlite3.Connection, key: int) -> None:
    """Note that copies and merges are to be brought up to date, see Store.finish."""
    base.execute("INSERT OR IGNORE INTO stored_changes VALUES (?)", (key,))


def _forgotten(base: sqlite3.Connection, packed: Packed) -> int | None:
    """Take out what stands under this name and origin; give its key, to be used again."""
    row = base.execute(
        "SELECT article_key FROM stored_articles WHERE name = ? AND origin = ?",
        (packed.name, packed.origin),
    ).fetchone()
    if row is None:
        return None
    key = int(row[0])
    _drop_parts(base, key)
    base.execute("DELETE FROM stored_articles WHERE article_key = ?", (key,))
    return key


def _drop_parts(base: sqlite3.Connection, key: int) -> None:
    for table in PARTS:
        base.execute(f"DELETE FROM {table} WHERE article_key = ?", (key,))


def number_names(base: sqlite3.Connection, name: str, *, since: str) -> None:
    """Give the kept articles of one name ids of their own, in the order of their origins.

    Parameters
    ----------
    base
        The store; the caller holds the transaction.
    name
        Their common name.
    since
        The first origin that came or went; before it, and behind the first one whose id is
        right after it, all are. So that the thousandth copy of a page costs as much as the first.
    """
    before = base.execute(
        "SELECT article_id FROM stored_articles WHERE name = ? AND kept AND origin < ? "
        "ORDER BY origin DESC LIMIT 1",
        (name, since),
    ).fetchone()
    number = _number(before[0], name) if before else 0
    changed = []
    for key, known, origin in base.execute(
        "SELECT article_key, article_id, origin FROM stored_articles "
        "WHERE name = ? AND kept AND origin >= ? ORDER BY origin",
        (name, since),
    ):
        number += 1
        wanted = name if number == 1 else f"{name}-{number}"
        if wanted != known:
            changed.append((wanted, key))
        elif origin != since:
            break
    for wanted, key in changed:
        base.execute(
            "UPDATE stored_articles SET article_id = ? WHERE article_key = ?", (wanted, key)
        )
        mark_changed(base, key)


def _number(article_id: str, name: str) -> int:
    return 1 if article_id == name else int(article_id.removeprefix(f"{name}-"))


def drop_articles(base: sqlite3.Connection, condition: str, parameters: tuple[Any, ...]) -> int:
    """Mark articles as removed: they stay, and nothing asks for them.

    Parameters
    ----------
    base
        The store; the caller holds the transaction.
    condition, parameters
        Which, as SQL over the table of articles.

    Returns
    -------
    int
        How many were kept before.
    """
    rows = base.execute(
        f"SELECT article_key, name, origin FROM stored_articles WHERE kept AND ({condition})",
        parameters,
    ).fetchall()
    firsts: dict[str, str] = {}
    for key, name, origin in rows:
        firsts[name] = min(origin, firsts.get(name, origin))
        base.execute("UPDATE stored_articles SET kept = 0 WHERE article_key = ?", (key,))
        mark_changed(base, key)
    for name in sorted(firsts):
        number_names(base, name, since=firsts[name])
    return len(rows)


def add_failure(base: sqlite3.Connection, failure: Failure, *, source: int, run: int) -> None:
    """Put a failure in; the caller holds the transaction."""
    origin, reason = storable(failure.origin), storable(failure.reason)
    base.execute(
        "DELETE FROM stored_failures WHERE source_key = ? AND origin = ? AND article_id IS ?",
        (source, origin, failure.id),
    )
    base.execute(
        "INSERT INTO stored_failures (origin, source_key, article_id, stage, reason, hint, run) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (origin, source, failure.id, failure.stage, reason, failure.hint, run),
    )


def provenance_key(base: sqlite3.Connection, values: tuple[Any, ...]) -> int:
    """Give the key of what made a record; a new one when it is the first."""
    names = ", ".join(_PROVENANCE_COLUMNS)
    where = " AND ".join(f"{name} = ?" for name in _PROVENANCE_COLUMNS)
    found = base.execute(
        f"SELECT provenance_key FROM provenance WHERE {where}",
        values,
    ).fetchone()
    if found is None:
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO provenance ({names}) VALUES ({marks}) RETURNING provenance_key"
        found = base.execute(statement, values).fetchone()
    return int(found[0])


def source_key(base: sqlite3.Connection, origin: str, *, run: int, state: str = "open") -> int:
    """Give the key of a file; a new row when it is the first that is heard of it."""
    origin = storable(origin)
    found = base.execute(
        "SELECT source_key FROM stored_sources WHERE origin = ?", (origin,)
    ).fetchone()
    if found is None:
        found = base.execute(
            "INSERT INTO stored_sources (origin, name, state, run) VALUES (?, ?, ?, ?) "
            "RETURNING source_key",
            (origin, origin, state, run),
        ).fetchone()
    return int(found[0])
