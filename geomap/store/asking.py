"""Asking: events by type, time, place and certainty; articles as they were extracted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from geomap.contract import from_dict
from geomap.store.packing import unpack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from geomap.records import ExtractedArticle
    from geomap.selection import Selection

__all__ = ["Counts", "asks", "counts", "extractions", "keyed_extractions", "where", "where_merged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a store holds; of articles that are kept only, but for ``removed``."""

    sources: int
    articles: int
    copies: int
    removed: int
    toponyms: int
    events: int
    merged: int
    failures: int


def counts(base: sqlite3.Connection) -> Counts:
    """Count what a store holds."""
    asked = {
        "sources": "SELECT count(*) FROM stored_sources WHERE state <> 'removed'",
        "articles": "SELECT count(*) FROM stored_articles WHERE kept",
        "copies": "SELECT count(*) FROM copies",
        "merged": "SELECT count(*) FROM stored_merges",
        "removed": "SELECT count(*) FROM stored_articles WHERE NOT kept",
        "toponyms": "SELECT count(*) FROM toponyms",
        "events": "SELECT count(*) FROM events",
        "failures": "SELECT count(*) FROM stored_failures",
    }
    return Counts(**{name: int(base.execute(sql).fetchone()[0]) for name, sql in asked.items()})


def asks(selection: Selection | None) -> bool:
    """Tell whether a selection leaves anything out."""
    return selection is not None and where(selection)[0] != "1"


def where(selection: Selection) -> tuple[str, list[Any]]:
    """Give a selection as a condition of SQL over the events.

    Parameters
    ----------
    selection
        What to keep.

    Returns
    -------
    tuple of (condition, parameters)
        With the meaning of :meth:`geomap.selection.Selection.keeps`; ``"1"`` when all is kept.

    Examples
    --------
    >>> from geomap.selection import Selection
    >>> where(Selection(types=frozenset({"strike"}), min_confidence=0.5))
    ('type IN (?) AND confidence >= ?', ['strike', 0.5])
    """
    parts: list[str] = []
    values: list[Any] = []

    def ask(part: str, *given: Any) -> None:
        parts.append(part)
        values.extend(given)

    for column, chosen in (("type", selection.types), ("factuality", selection.factuality)):
        if chosen:
            ask(f"{column} IN ({', '.join('?' * len(chosen))})", *sorted(chosen))
    if selection.min_confidence > 0:
        ask("confidence >= ?", selection.min_confidence)
    if selection.since is not None:
        ask("date_end >= ?", selection.since.isoformat())
    if selection.until is not None:
        ask("date_start <= ?", selection.until.isoformat())
    if selection.bbox is not None:
        west, south, east, north = selection.bbox
        ask("north >= ? AND south <= ?", south, north)
        # West of east crosses the antimeridian.
        joint = "OR" if west > east else "AND"
        ask(f"(east >= ? {joint} west <= ?)", west, east)
    return " AND ".join(parts) or "1", values


def where_merged(selection: Selection) -> tuple[str, list[Any]]:
    """Give a selection as a condition of SQL over the merged events, as :func:`where` does."""
    plain = replace(selection, factuality=frozenset())
    condition, values = where(plain)
    if selection.factuality:
        marks = ", ".join("?" * len(selection.factuality))
        condition += (
            f" AND number IN (SELECT number FROM stored_merge_claims WHERE factuality IN ({marks}))"
        )
        values += sorted(selection.factuality)
    return condition, values


def extractions(
    base: sqlite3.Connection, selection: Selection | None = None
) -> Iterator[ExtractedArticle]:
    """Read the kept articles back, ordered by id and origin.

    Parameters
    ----------
    base
        The store.
    selection
        Which events; see :meth:`geomap.store.Store.extractions`.

    Yields
    ------
    ExtractedArticle
        With the ids that are unique in the store.
    """
    if selection is None or not asks(selection):
        rows = base.execute(
            "SELECT article_id, text, record FROM stored_articles WHERE kept "
            "ORDER BY article_id, origin"
        )
        for name, text, record in rows:
            yield _extraction(name, text, record)
        return
    condition, values = where(selection)
    chosen = base.execute(
        "SELECT a.article_id, a.origin, e.article_key, e.event_number FROM stored_events e "
        f"JOIN stored_articles a USING (article_key) WHERE a.kept AND {condition} "
        "ORDER BY a.article_id, a.origin, e.event_number",
        values,
    )
    for key, events in groupby(chosen, key=itemgetter(2)):
        yield _one(base, key, (event[3] for event in events))


def keyed_extractions(
    base: sqlite3.Connection, keys: Iterable[int] | None
) -> Iterator[tuple[int, ExtractedArticle]]:
    """Read kept articles that have events, with their keys.

    Parameters
    ----------
    base
        The store.
    keys
        Of which articles; ``None`` for all.

    Yields
    ------
    tuple of (key, ExtractedArticle)
        In no order that matters.
    """
    sql = (
        "SELECT article_key, article_id, text, record FROM stored_articles WHERE kept AND "
        "EXISTS (SELECT 1 FROM stored_events e WHERE e.article_key = stored_articles.article_key)"
    )
    if keys is None:
        rows: Iterable[tuple[int, str, str, bytes]] = base.execute(sql)
    else:
        each = (base.execute(f"{sql} AND article_key = ?", (key,)).fetchone() for key in keys)
        rows = (row for row in each if row is not None)
    for key, name, text, record in rows:
        yield key, _extraction(name, text, record)


def _one(base: sqlite3.Connection, key: int, numbers: Iterable[int]) -> ExtractedArticle:
    name, text, record = base.execute(
        "SELECT article_id, text, record FROM stored_articles WHERE article_key = ?", (key,)
    ).fetchone()
    extracted = _extraction(name, text, record)
    return replace(extracted, events=tuple(extracted.events[number] for number in numbers))


def _extraction(name: str, text: str, record: bytes) -> ExtractedArticle:
    return from_dict({**unpack(record, text=text), "id": name}, where=f"store: {name}")
