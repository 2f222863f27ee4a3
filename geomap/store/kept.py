"""Kept clusters: which reports tell one event, read as far as they are asked for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from geomap.events.blocks import blocks_of
from geomap.events.merge import identity_of
from geomap.store.reports import block_number, dump, load

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geomap.events.blocks import Block
    from geomap.events.reports import Key, Report

__all__ = ["KeptClusters", "drop_cluster", "keep_cluster", "number_of"]


class KeptClusters:
    """The clusters of a store as they were merged the last time.

    Parameters
    ----------
    base
        The store; the caller holds the transaction.
    """

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        # What was given, by number; and the reports in it, by the key of their article.
        self.given: dict[int, tuple[Report, ...]] = {}
        self.reports: defaultdict[int, list[Key]] = defaultdict(list)

    def with_head_in(self, block: Block) -> Iterator[tuple[Report, ...]]:
        """Give the clusters whose first report stands in a block, and were not given before."""
        return self._clusters(
            "SELECT number FROM stored_blocks WHERE block = ? AND is_head", block_number(block)
        )

    def in_block(self, block: Block) -> Iterator[tuple[Report, ...]]:
        """Give the clusters that have a report in a block, and were not given before."""
        return self._clusters(
            "SELECT number FROM stored_blocks WHERE block = ?", block_number(block)
        )

    def of_article(self, article: str) -> Iterator[tuple[Report, ...]]:
        """Give those of an article that did not change, by its id, and were not given before."""
        return self._clusters(
            "SELECT r.number FROM stored_articles a JOIN stored_reports r USING (article_key) "
            "WHERE a.article_id = ? AND a.kept",
            article,
        )

    def of_articles(self, keys: Iterable[int]) -> Iterator[tuple[Report, ...]]:
        """Give those of articles as they were, by their keys, and were not given before."""
        for key in keys:
            yield from self._clusters(
                "SELECT number FROM stored_reports WHERE article_key = ?", key
            )

    def _clusters(self, sql: str, value: int | str) -> Iterator[tuple[Report, ...]]:
        for (number,) in self._base.execute(sql, (value,)).fetchall():
            if number not in self.given:
                self.given[number] = tuple(self._cluster(number))
                yield self.given[number]

    def _cluster(self, number: int) -> Iterator[Report]:
        rows = self._base.execute(
            "SELECT r.article_key, r.event_number, r.report, e.geometry FROM stored_reports r "
            "LEFT JOIN stored_events e USING (article_key, event_number) "
            "WHERE r.number = ? ORDER BY r.position",
            (number,),
        )
        for article, event, data, geometry in rows:
            report = load(data, number=event, geometry=geometry)
            self.reports[article].append(report.key)
            yield report


def number_of(first: Key) -> int:
    """Give the number of a cluster: like its id, a function of its first report.

    Parameters
    ----------
    first
        The key of that report.

    Returns
    -------
    int
        Of 64 bits, as SQLite has them.
    """
    return int.from_bytes(identity_of(first), signed=True)


def keep_cluster(
    base: sqlite3.Connection, cluster: Sequence[Report], *, articles: Mapping[str, int]
) -> None:
    """Keep a cluster; the caller holds the transaction.

    Parameters
    ----------
    base
        The store, which holds no other one of its number.
    cluster
        Its reports, in order.
    articles
        Keys of articles by their ids.
    """
    number = number_of(cluster[0].key)
    base.executemany(
        "INSERT INTO stored_reports VALUES (?, ?, ?, ?, ?)",
        (
            (number, position, articles[report.key.article], report.key.number, dump(report))
            for position, report in enumerate(cluster)
        ),
    )
    base.executemany("INSERT INTO stored_blocks VALUES (?, ?, ?)", _blocks(cluster, number))


def drop_cluster(base: sqlite3.Connection, cluster: Sequence[Report]) -> None:
    """Let go of a cluster that was kept; the caller holds the transaction."""
    number = number_of(cluster[0].key)
    base.execute("DELETE FROM stored_reports WHERE number = ?", (number,))
    base.executemany(
        "DELETE FROM stored_blocks WHERE block = ? AND is_head = ? AND number = ?",
        _blocks(cluster, number),
    )


def _blocks(cluster: Sequence[Report], number: int) -> list[tuple[int, int, int]]:
    heads = {block_number(block) for block in blocks_of(cluster[0])}
    found = {block_number(block) for report in cluster[1:] for block in blocks_of(report)}
    return [(block, int(block in heads), number) for block in sorted(heads | found)]
