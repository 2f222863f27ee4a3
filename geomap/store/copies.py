"""Copies: articles that are, or nearly are, the text of an earlier one.

An article's nearest is the first, by rank, of all that are like it and come
before it; the original is where the chain of nearest ends. Rank is day of
publication, origin, name: so the result hangs on what is in the store, never on
the order in which it came.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.store.adding import mark_changed
from geomap.store.minhash import LEAST_SIMILARITY, bands, similarity

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from geomap.store.base import Store

__all__ = ["Copy", "copies", "find_copies"]

# Changes that go into one transaction: a killed process does so many again.
CHUNK = 500
# Stands between the parts of a rank, below all that may be in them.
MARK = "\x1f"
# Where the day of publication is not known.
LAST_DAY = "9999-12-31"
# The changes come first, which are few: SQLite cannot know.
_CHANGED_RANKS = "SELECT rank FROM stored_changes CROSS JOIN stored_copies USING (article_key)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article that repeats another.

    Parameters
    ----------
    article, copy_of
        Identifiers of it and of the original.
    kind
        ``"exact"`` when the texts are equal, else ``"near"``.
    similarity
        Share of word sequences it has in common with its nearest, 0..1.
    """

    article: str
    copy_of: str
    kind: str
    similarity: float


def copies(base: sqlite3.Connection) -> Iterator[Copy]:
    """List the copies that were found, ordered by identifier."""
    for row in base.execute(
        "SELECT article_id, copy_of, kind, similarity FROM copies ORDER BY article_id"
    ):
        yield Copy(article=row[0], copy_of=row[1], kind=row[2], similarity=row[3])


def find_copies(store: Store) -> None:
    """Bring the copies up to date with what changed since the last time.

    Parameters
    ----------
    store
        Opened to be written. The list of changes stays, for the merges.
    """
    with store.transaction() as base:
        base.execute(
            "INSERT OR IGNORE INTO stored_changes SELECT d.article_key FROM stored_copies d "
            "JOIN stored_copies c ON d.nearest = c.rank "
            "WHERE c.article_key IN (SELECT article_key FROM stored_changes)"
        )
        base.execute(
            "DELETE FROM stored_copies "
            "WHERE article_key IN (SELECT article_key FROM stored_changes)"
        )
    last = 0
    while True:
        with store.transaction() as base:
            chunk = base.execute(
                "SELECT a.article_key, coalesce(a.published, ?) || ? || a.origin || ? || a.name, "
                "s.signature_key, s.minhash, s.is_indexed FROM stored_changes "
                "JOIN stored_articles a USING (article_key) JOIN stored_signatures s "
                "USING (text_sha256) WHERE a.kept AND article_key > ? ORDER BY article_key LIMIT ?",
                (LAST_DAY, MARK, MARK, last, CHUNK),
            ).fetchall()
            for article, rank, signature, minhash, is_indexed in chunk:
                if not is_indexed:
                    _index(base, signature, minhash)
                _match(base, article, rank, signature, minhash)
        if not chunk:
            break
        last = chunk[-1][0]
    with store.transaction() as base:
        _trace(base)


def _index(base: sqlite3.Connection, signature: int, minhash: bytes) -> None:
    base.executemany(
        "INSERT OR IGNORE INTO stored_bands VALUES (?, ?)",
        ((band, signature) for band in bands(minhash)),
    )
    base.execute(
        "UPDATE stored_signatures SET is_indexed = 1 WHERE signature_key = ?", (signature,)
    )


def _match(
    base: sqlite3.Connection, article: int, rank: str, signature: int, minhash: bytes
) -> None:
    """Find an article's nearest, and make it the nearest of those that it comes before."""
    best: tuple[str, float] | None = None
    for like, alike in _alike(base, signature, minhash):
        first = base.execute(
            "SELECT rank FROM stored_copies WHERE signature_key = ? ORDER BY rank LIMIT 1", (like,)
        ).fetchone()
        if first is None:
            continue
        if first[0] < rank:
            best = min(best or (first[0], alike), (first[0], alike))
        elif first[0] > rank:
            # All of a signature have its first for nearest, or an earlier one.
            base.execute(
                "UPDATE stored_copies SET nearest = ?, similarity = ? "
                "WHERE signature_key = ? AND (nearest IS NULL OR nearest > ?)",
                (rank, alike, like, rank),
            )
    base.execute(
        "INSERT OR REPLACE INTO stored_copies VALUES (?, ?, ?, ?, ?, NULL)",
        (article, signature, rank, *(best or (None, None))),
    )


def _alike(base: sqlite3.Connection, signature: int, minhash: bytes) -> list[tuple[int, float]]:
    """Give the signatures that are like one, itself among them, and how like they are."""
    found = [(signature, 1.0)]
    numbers = bands(minhash)
    if numbers:
        marks = ", ".join("?" * len(numbers))
        rows = base.execute(
            "SELECT signature_key, minhash FROM stored_signatures WHERE signature_key IN (SELECT "
            f"signature_key FROM stored_bands WHERE band IN ({marks}) AND signature_key <> ?)",
            (*numbers, signature),
        )
        for other, its in rows:
            alike = similarity(minhash, its)
            if alike >= LEAST_SIMILARITY:
                found.append((other, alike))
    return found


def _trace(base: sqlite3.Connection) -> None:
    """Follow copies to their originals, and note whose source is counted as another's now."""
    waiting = _to_trace(base)
    first = set(waiting)
    # Whom an article repeats comes before it.
    heapq.heapify(waiting)
    seen: set[str] = set()
    while waiting:
        rank = heapq.heappop(waiting)
        if rank in seen:
            continue
        seen.add(rank)
        article, known, original = base.execute(
            "SELECT c.article_key, c.original, coalesce(n.original, c.nearest) "
            "FROM stored_copies c LEFT JOIN stored_copies n ON n.rank = c.nearest "
            "WHERE c.rank = ?",
            (rank,),
        ).fetchone()
        if original != known:
            base.execute(
                "UPDATE stored_copies SET original = ? WHERE article_key = ?", (original, article)
            )
            mark_changed(base, article)
        if original != known or rank in first:
            rows = base.execute("SELECT rank FROM stored_copies WHERE nearest = ?", (rank,))
            for (other,) in rows.fetchall():
                heapq.heappush(waiting, other)
    # The original says what they count as.
    base.execute(
        "INSERT OR IGNORE INTO stored_changes "
        f"SELECT article_key FROM stored_copies WHERE original IN ({_CHANGED_RANKS})"
    )


def _to_trace(base: sqlite3.Connection) -> list[str]:
    """Give the ranks of what changed, and of what has it for its nearest."""
    rows = base.execute(
        f"{_CHANGED_RANKS} UNION SELECT rank FROM stored_copies WHERE nearest IN ({_CHANGED_RANKS})"
    )
    return [row[0] for row in rows]
