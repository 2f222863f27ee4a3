"""Merging: the events of all articles as one list of what happened, kept in the store."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.events.clusters import Clusters
from geomap.events.merge import Claim, Member, MergedEvent, merged_from
from geomap.events.reports import reports_of
from geomap.records import Attribution, DateRange
from geomap.store.asking import keyed_extractions
from geomap.store.packing import bounds

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from geomap.events.reports import Report
    from geomap.store.base import Store

__all__ = ["Memory", "bring_up_to_date", "merged"]

_TABLES = ("stored_merges", "stored_merge_claims", "stored_merge_members")


@dataclass(slots=True)
class Memory:
    """The clusters of a store that stays open, so that the next merge asks for changes only."""

    clusters: Clusters = field(default_factory=Clusters)
    names: dict[int, str] = field(default_factory=dict)


def bring_up_to_date(store: Store, memory: Memory | None) -> Memory | None:
    """Merge the events of all kept articles, if an article changed since the last time.

    Parameters
    ----------
    store
        Opened to be written; its copies are up to date.
    memory
        What this gave the last time, in the same process; ``None`` for the first.

    Returns
    -------
    Memory or None
        For the next time.
    """
    with store.transaction() as base:
        changed = [row[0] for row in base.execute("SELECT article_key FROM stored_changes")]
        if not changed:
            return memory
        memory = _remembered(base, changed, memory)
        for table in _TABLES:
            base.execute(f"DELETE FROM {table}")
        _write(base, merged_from(memory.clusters, counted_as=_counted_as(base)))
        base.execute("DELETE FROM stored_changes")
    return memory


def _remembered(base: sqlite3.Connection, changed: list[int], memory: Memory | None) -> Memory:
    """Bring the clusters up to date: with what changed, or with all where nothing is known."""
    if memory is None:
        memory = Memory()
        rows = ((key, one) for key, one in keyed_extractions(base, None))
    else:
        memory.clusters.discard(memory.names.pop(key) for key in changed if key in memory.names)
        rows = ((key, one) for key, one in keyed_extractions(base, changed))
    names = memory.names

    def reports() -> Iterator[Report]:
        for key, one in rows:
            names[key] = one.article.id
            yield from reports_of(one)

    memory.clusters.add(reports())
    return memory


def _counted_as(base: sqlite3.Connection) -> dict[str, str]:
    """Give the source of its original by the identifier of a copy."""
    rows = base.execute(
        "SELECT k.article_id, coalesce(a.source, a.url, a.article_id) FROM copies k "
        "JOIN stored_articles a ON a.article_id = k.copy_of AND a.kept"
    )
    return dict(rows)


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
        marks = ", ".join("?" * len(rows[0]))
        base.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


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
