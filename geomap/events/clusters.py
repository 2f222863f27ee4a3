"""Reports of one event as one cluster, kept up to date while articles come and go.

What clusters there are depends on the reports alone, never on the order in
which they arrived: reports are taken in their own order (day of publication,
article, place in it), and each joins the nearest cluster whose first report it
agrees with, or opens one. When a report arrives that would have come earlier,
the later ones whose answer may change are asked again, in order, and nobody
else. What is asked stands in the blocks around, so that clusters which were kept
somewhere need not be had at once: they are taken in, whole, as their blocks are
looked into, and what is never looked into stays as it is kept.
"""

from __future__ import annotations

import datetime as dt
import heapq
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from geomap.events.blocks import apart_km, blocks_around, blocks_of, put_in, take_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.events.blocks import Block, Kept
    from geomap.events.reports import Key, Report

__all__ = ["NEGATIVE", "Clusters"]

NEGATIVE = frozenset({"denied", "negated"})


class _Told(NamedTuple):
    """What the members of a cluster up to one of them leave open: shared days, subtypes."""

    start: dt.date
    end: dt.date
    subtypes: frozenset[str]


_NOTHING = _Told(dt.date.min, dt.date.max, frozenset())


@dataclass(slots=True)
class _Cluster:
    """Members in order, the first one at the head, and what is told up to each."""

    members: list[Key]
    told: list[_Told]


class Clusters:
    """Reports and which of them tell one event.

    Two reports are one when the type is the same, the places are (the same row
    of the gazetteer, or points within the tolerance; for a route both ends),
    the dates share a day, subtypes and doers do not contradict each other. What
    has no place or no date joins nothing. A report is compared with the first
    one of a cluster in place and doer, with all of them in date and subtype.

    Parameters
    ----------
    reports
        What to begin with; more of them come by :meth:`add`.
    kept
        Clusters of before, taken in as far as reports that come or go may touch
        them; ``None`` where all reports are given here. What comes or goes must
        not be kept unless it was taken in before, see :meth:`take`.

    Examples
    --------
    >>> from geomap.events.clusters import Clusters
    >>> len(Clusters())
    0
    """

    def __init__(self, reports: Iterable[Report] = (), *, kept: Kept | None = None) -> None:
        self._kept = kept
        # Blocks and articles of which all that is kept was taken in; blocks of which the clusters
        # were that have their first report there.
        self._open: set[Block | str] = set()
        self._open_heads: set[Block] = set()
        self._reports: dict[Key, Report] = {}
        self._of_article: dict[str, list[Key]] = {}
        # The first report of the cluster that each belongs to, and the clusters by it.
        self._first: dict[Key, Key] = {}
        self._clusters: dict[Key, _Cluster] = {}
        # By block, in order: all reports that were asked, and the first ones of clusters.
        self._standing: defaultdict[Block, list[Key]] = defaultdict(list)
        self._heads: defaultdict[Block, list[Key]] = defaultdict(list)
        # Reports to be asked, the earliest first, and whether for the first time.
        self._queue: list[Key] = []
        self._is_new: dict[Key, bool] = {}
        self.add(reports)

    def __len__(self) -> int:
        """Give the number of clusters, of those that are kept the ones taken in."""
        return len(self._clusters)

    def __iter__(self) -> Iterator[tuple[Report, ...]]:
        """Give the reports of each cluster that ``len`` counts, by the order of the first ones."""
        for first in sorted(self._clusters):
            yield tuple(self._reports[key] for key in self._clusters[first].members)

    def add(self, reports: Iterable[Report]) -> None:
        """Take reports in; the more at once, the faster.

        Parameters
        ----------
        reports
            In any order; one that is known already is replaced.
        """
        for report in reports:
            known = self._reports.get(report.key)
            if known == report:
                continue
            if known is not None:
                self._forget(known)
            self._reports[report.key] = report
            self._of_article.setdefault(report.key.article, []).append(report.key)
            self._ask(report.key, is_new=True)
        self._settle()

    def discard(self, articles: Iterable[str]) -> None:
        """Let go of all reports of articles.

        Parameters
        ----------
        articles
            Their ids; one without reports is passed over.
        """
        self.forget([key for article in articles for key in self._keys_of(article)])

    def forget(self, keys: Iterable[Key]) -> None:
        """Let go of reports.

        Parameters
        ----------
        keys
            What they are known by; all of them must be known.
        """
        for key in keys:
            self._forget(self._reports[key])
        self._settle()

    def take(self, clusters: Iterable[tuple[Report, ...]]) -> None:
        """Take in clusters as they were kept; nobody is asked.

        Parameters
        ----------
        clusters
            None of which was taken in before.
        """
        for reports in clusters:
            told, first = _NOTHING, reports[0].key
            cluster = self._clusters[first] = _Cluster([], [])
            for block in blocks_of(reports[0]):
                put_in(self._heads[block], first)
            for report in reports:
                key = report.key
                told = _with(told, report)
                cluster.members.append(key)
                cluster.told.append(told)
                self._first[key] = first
                self._reports[key] = report
                self._of_article.setdefault(key.article, []).append(key)
                for block in blocks_of(report):
                    put_in(self._standing[block], key)

    def _standing_in(self, block: Block) -> Sequence[Key]:
        """Give all reports that stand in a block, when those that are kept were taken in."""
        if self._kept is not None and block not in self._open:
            self._open.add(block)
            self.take(self._kept.in_block(block))
        return self._standing.get(block, ())

    def _heads_in(self, block: Block) -> Sequence[Key]:
        """Give the first ones of clusters in a block, likewise."""
        if self._kept is not None and block not in self._open_heads:
            self._open_heads.add(block)
            self.take(self._kept.with_head_in(block))
        return self._heads.get(block, ())

    def _keys_of(self, article: str) -> list[Key]:
        """Give the reports of an article, those that are kept among them."""
        if self._kept is not None and article not in self._open:
            self._open.add(article)
            self.take(self._kept.of_article(article))
        return self._of_article.get(article, [])

    def _forget(self, report: Report) -> None:
        key = report.key
        if key in self._first:
            self._leave(report)
        if not self._is_new.pop(key, False):
            for block in blocks_of(report):
                take_out(self._standing, block, key)
        keys = self._of_article[key.article]
        keys.remove(key)
        if not keys:
            del self._of_article[key.article]
        del self._reports[key]

    def _ask(self, key: Key, *, is_new: bool = False) -> None:
        if key not in self._is_new:
            self._is_new[key] = is_new
            heapq.heappush(self._queue, key)

    def _ask_later(self, key: Key, near: Report) -> None:
        """Ask the reports behind a key that stand where they may be one with a report."""
        for block in blocks_around(near):
            standing = self._standing_in(block)
            if standing and standing[-1] > key:
                for other in standing[bisect_right(standing, key) :]:
                    self._ask(other)

    def _settle(self) -> None:
        """Ask the reports in the queue, the earliest first; an answer opens later ones only."""
        heapq.heapify(self._queue)
        while self._queue:
            key = heapq.heappop(self._queue)
            is_new = self._is_new.pop(key, None)
            if is_new is None:  # forgotten, or asked already
                continue
            report = self._reports[key]
            if is_new:
                for block in blocks_of(report):
                    put_in(self._standing[block], key)
            choice = self._choice(report)
            if self._first.get(key) == choice:
                continue
            if key in self._first:
                self._leave(report)
            self._join(report, choice)

    def _choice(self, report: Report) -> Key:
        """Give the nearest cluster that a report fits, the earliest of these; else its own."""
        best: tuple[float, Key] | None = None
        seen: set[Key] = set()
        for block in blocks_around(report):
            for first in self._heads_in(block):
                if first >= report.key:
                    break
                if first in seen:
                    continue
                seen.add(first)
                if not self._fits(report, first):
                    continue
                apart = apart_km(self._reports[first], report)
                if apart is not None and (best is None or (apart, first) < best):
                    best = (apart, first)
        return best[1] if best else report.key

    def _fits(self, report: Report, first: Key) -> bool:
        """Tell whether a report contradicts no earlier one of a cluster."""
        head, cluster = self._reports[first], self._clusters[first]
        contested = report.factuality in NEGATIVE or head.factuality in NEGATIVE
        if not contested and head.doers and report.doers and not head.doers & report.doers:
            return False
        members = cluster.members
        at = len(members) if members[-1] < report.key else bisect_left(members, report.key)
        told = _with(cluster.told[at - 1], report)
        if told.start > told.end or (len(told.subtypes) > 1 and not contested):
            return False
        # What an article tells twice by one word is two events.
        while at and members[at - 1][:3] == report.key[:3]:
            at -= 1
            if self._reports[members[at]].trigger == report.trigger:
                return False
        return True

    def _join(self, report: Report, first: Key) -> None:
        key = report.key
        self._first[key] = first
        if first == key:
            self._clusters[key] = _Cluster([key], [_with(_NOTHING, report)])
            for block in blocks_of(report):
                put_in(self._heads[block], key)
            # Whoever comes later and stands near may like it better.
            self._ask_later(key, report)
            return
        cluster = self._clusters[first]
        at = put_in(cluster.members, key)
        cluster.told.insert(at, _with(cluster.told[at - 1], report))
        # Those behind it may contradict it.
        narrowed = self._retell(cluster, at + 1)
        for other in cluster.members[at + 1 :] if narrowed else self._of_one_word(report):
            self._ask(other)

    def _leave(self, report: Report) -> None:
        key = report.key
        first = self._first.pop(key)
        cluster = self._clusters[first]
        if first == key:
            for block in blocks_of(report):
                take_out(self._heads, block, key)
            del self._clusters[key]
            for member in cluster.members[1:]:
                del self._first[member]
                self._ask(member)
            return
        at = bisect_left(cluster.members, key)
        del cluster.members[at]
        # Whom it kept out may come in now.
        if cluster.told.pop(at) != cluster.told[at - 1]:
            self._retell(cluster, at)
            self._ask_later(key, self._reports[first])
        else:
            for other in self._of_one_word(report):
                self._ask(other)

    def _retell(self, cluster: _Cluster, at: int) -> bool:
        """Bring what is told up to date from a member on; tell whether anything changed."""
        told, start = cluster.told, at
        while at < len(told):
            new = _with(told[at - 1], self._reports[cluster.members[at]])
            if new == told[at]:
                break
            told[at] = new
            at += 1
        return at > start

    def _of_one_word(self, report: Report) -> list[Key]:
        """Give the later reports that an article tells by the same word."""
        return [
            key
            for key in self._keys_of(report.key.article)
            if key > report.key and self._reports[key].trigger == report.trigger
        ]


def _with(told: _Told, report: Report) -> _Told:
    """Give what is left open after one more report; the same object when it narrows nothing."""
    if report.date is None:
        return told
    start, end = max(told.start, report.date.start), min(told.end, report.date.end)
    subtypes = told.subtypes
    if report.subtype is not None and report.subtype not in subtypes:
        subtypes |= {report.subtype}
    elif start == told.start and end == told.end:
        return told
    return _Told(start, end, subtypes)
