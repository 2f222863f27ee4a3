"""Merging: the events of all articles as one list of what happened, kept in the store.

With the merged events the store keeps the clusters they were made of, so that
articles which come, change or go cost the clusters around them, whatever else
the store holds.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.events.clusters import Clusters
from geomap.events.merge import RULES_VERSION, Claim, Member, MergedEvent, merged_from
from geomap.events.reports import reports_of
from geomap.records import Attribution, DateRange
from geomap.store.asking import keyed_extractions
from geomap.store.kept import KeptClusters, drop_cluster, keep_cluster, number_of
from geomap.store.packing import bounds

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Sequence

    from geomap.events.reports import Key, Report
    from geomap.store.base import Store

    Cluster = Sequence[Report]

__all__ = ["bring_up_to_date", "merged"]

_TABLES = ("stored_merges", "stored_merge_claims", "stored_merge_members")
_KEPT_TABLES = ("stored_reports", "stored_blocks", "stored_rules")


def bring_up_to_date(store: Store) -> None:
    """Merge the events of all kept articles, as far as articles changed since the last time.

    Parameters
    ----------
    store
        Opened to be written; its copies are up to date.
    """
    with store.transaction() as base:
        if not _has_rules(base):
            _forget_all(base)
            _renew(base, Clusters(), KeptClusters(base), None)
        elif changed := [row[0] for row in base.execute("SELECT article_key FROM stored_changes")]:
            kept = KeptClusters(base)
            _renew(base, Clusters(kept=kept), kept, changed)
        base.execute("DELETE FROM stored_changes")


def _has_rules(base: sqlite3.Connection) -> bool:
    """Tell whether what is kept was made by the rules of today."""
    return base.execute("SELECT rules FROM stored_rules").fetchall() == [(RULES_VERSION,)]


def _forget_all(base: sqlite3.Connection) -> None:
    for table in (*_TABLES, *_KEPT_TABLES):
        base.execute(f"DELETE FROM {table}")
    base.execute("INSERT INTO stored_rules VALUES (?)", (RULES_VERSION,))


def _renew(
    base: sqlite3.Connection, clusters: Clusters, kept: KeptClusters, changed: list[int] | None
) -> None:
    """Bring clusters up to date with articles, by their keys or all, and write what is new."""
    clusters.take(kept.of_articles(changed or ()))
    before = {key for article in changed or () for key in kept.reports.get(article, ())}
    now: list[Report] = []
    names: set[str] = set()
    for _, extracted in keyed_extractions(base, changed):
        names.add(extracted.article.id)
        now += reports_of(extracted)
    clusters.forget(before.difference(report.key for report in now))
    clusters.add(now)
    is_same = {
        cluster[0].key
        for cluster in clusters
        if kept.given.get(number_of(cluster[0].key)) == cluster
        and not any(report.key.article in names for report in cluster)
    }
    for cluster in kept.given.values():
        if cluster[0].key not in is_same:
            _drop(base, cluster)
    _write(base, clusters, but=is_same)


def _drop(base: sqlite3.Connection, cluster: Cluster) -> None:
    drop_cluster(base, cluster)
    number = number_of(cluster[0].key)
    for table in _TABLES:
        base.execute(f"DELETE FROM {table} WHERE number = ?", (number,))


@dataclass(slots=True)
class _Names:
    """Articles by their ids: keys, and of copies the source of the original."""

    base: sqlite3.Connection
    keys: dict[str, int] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def look_up(self, article: str) -> None:
        if article in self.keys:
            return
        self.keys[article], source = self.base.execute(
            "SELECT a.article_key, coalesce(o.source, o.url, o.article_id) FROM stored_articles a "
            "LEFT JOIN stored_copies c USING (article_key) "
            "LEFT JOIN stored_copies r ON r.rank = c.original "
            "LEFT JOIN stored_articles o ON o.article_key = r.article_key AND o.kept "
            "WHERE a.article_id = ? AND a.kept",
            (article,),
        ).fetchone()
        if source is not None:
            self.sources[article] = source


def _write(base: sqlite3.Connection, clusters: Clusters, *, but: Collection[Key]) -> None:
    """Write clusters, but for some, and the merged events they make."""
    names = _Names(base)
    new = [cluster for cluster in clusters if cluster[0].key not in but]
    # In the order of the tables: pages are written once.
    for cluster in sorted(new, key=lambda one: number_of(one[0].key)):
        for report in cluster:
            names.look_up(report.key.article)
        keep_cluster(base, cluster, articles=names.keys)
        (event,) = merged_from([cluster], counted_as=names.sources)
        _write_event(base, event, first=cluster[0].key)


def _write_event(base: sqlite3.Connection, event: MergedEvent, *, first: Key) -> None:
    number = number_of(first)
    _insert(base, "stored_merges", [(number, *_merge(event), *first)])
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
        In the order of their first reports.
    """
    rows = base.execute(
        "SELECT number, merged_id, type, subtype, date_start, date_end, date_precision, date_text, "
        f"geometry, confidence, independent, sources, reason FROM stored_merges WHERE {condition} "
        "ORDER BY first_day, first_article, first_digest, first_event",
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
