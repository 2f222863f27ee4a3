"""Merging: the events of all articles as one list of what happened, kept in the store."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geomap.events.merge import Claim, Member, MergedEvent, merge_events
from geomap.records import Attribution, DateRange
from geomap.store.asking import extractions
from geomap.store.copies import as_one_source, originals
from geomap.store.packing import bounds

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from geomap.records import ExtractedArticle
    from geomap.store.base import Store

__all__ = ["bring_up_to_date", "merged"]

_TABLES = ("stored_merges", "stored_merge_claims", "stored_merge_members")


def bring_up_to_date(store: Store) -> None:
    """Merge the events of all kept articles, if an article changed since the last time.

    Parameters
    ----------
    store
        Opened to be written; its copies are up to date.
    """
    with store.transaction() as base:
        if base.execute("SELECT 1 FROM stored_changes LIMIT 1").fetchone() is None:
            return
        for table in _TABLES:
            base.execute(f"DELETE FROM {table}")
        _write(base, merge_events(_reports(base)))
        base.execute("DELETE FROM stored_changes")


def _reports(base: sqlite3.Connection) -> Iterator[ExtractedArticle]:
    """Give what is merged: copies with the source of their originals, no texts."""
    known = originals(base)
    for extracted in extractions(base):
        if extracted.events:
            told = as_one_source(extracted, known.get(extracted.article.id))
            yield replace(told, article=replace(told.article, text=""))


def _write(base: sqlite3.Connection, found: Iterable[MergedEvent]) -> None:
    for number, event in enumerate(found):
        _insert(base, "stored_merges", [(number, *_merge(event))])
        claim_of = {m: c for c, claim in enumerate(event.claims) for m in claim.members}
        said = ((claim, claim.attribution or Attribution()) for claim in event.claims)
        _insert(
            base,
            "stored_merge_claims",
            [
                (number, c, claim.factuality, who.speaker, who.organisation, who.side, who.verb)
                for c, (claim, who) in enumerate(said)
            ],
        )
        _insert(
            base,
            "stored_merge_members",
            [
                (number, position, claim_of[member], member.article, member.event)
                for position, member in enumerate(event.members)
            ],
        )


def _insert(base: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        base.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _merge(event: MergedEvent) -> tuple[Any, ...]:
    date = event.date
    return (
        event.id,
        event.type,
        event.subtype,
        *((date.start.isoformat(), date.end.isoformat()) if date else (None, None)),
        *((date.precision, date.text) if date else (None, None)),
        json.dumps(event.geometry, separators=(",", ":")) if event.geometry else None,
        *bounds(event.geometry),
        event.confidence,
        event.independent,
        json.dumps(event.sources, ensure_ascii=False),
        int(event.contested),
        event.reason,
    )


def merged(base: sqlite3.Connection, condition: str, values: list[Any]) -> Iterator[MergedEvent]:
    """Read merged events back.

    Parameters
    ----------
    base
        The store.
    condition, values
        Which, as SQL over the table of merges; ``"1"`` for all.

    Yields
    ------
    MergedEvent
        In the order of their numbers.
    """
    rows = base.execute(
        "SELECT number, merged_id, type, subtype, date_start, date_end, date_precision, date_text, "
        f"geometry, confidence, independent, sources, reason FROM stored_merges WHERE {condition} "
        "ORDER BY number",
        values,
    )
    for number, name, kind, subtype, start, end, precision, text, geometry, *rest in rows:
        members = base.execute(
            "SELECT claim, article_id, id FROM stored_merge_members WHERE number = ? "
            "ORDER BY position",
            (number,),
        ).fetchall()
        date = None
        if start is not None:
            first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
            date = DateRange(start=first, end=last, precision=precision, text=text)
        yield MergedEvent(
            id=name,
            type=kind,
            subtype=subtype,
            members=tuple(Member(article=a, event=e) for _, a, e in members),
            claims=tuple(_claims(base, number, members)),
            sources=tuple(json.loads(rest[2])),
            independent=rest[1],
            date=date,
            geometry=json.loads(geometry) if geometry else None,
            confidence=rest[0],
            reason=rest[3],
        )


def _claims(base: sqlite3.Connection, number: int, members: list[Any]) -> Iterator[Claim]:
    for claim, factuality, *who in base.execute(
        "SELECT claim, factuality, speaker, organisation, side, verb FROM stored_merge_claims "
        "WHERE number = ? ORDER BY claim",
        (number,),
    ):
        names = ("speaker", "organisation", "side", "verb")
        said = Attribution(**dict(zip(names, who, strict=True))) if any(who) else None
        yield Claim(
            factuality=factuality,
            attribution=said,
            members=tuple(Member(article=a, event=e) for c, a, e in members if c == claim),
        )
