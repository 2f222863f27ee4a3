"""Events of many articles as one: who reports it, who claims it, who denies it.

The article-level records stay as they are: a merged event only lists them, so
merging can be taken back, and every member can be looked up. Which reports are
one is decided in :mod:`geomap.events.clusters`.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from geomap.events.clusters import NEGATIVE, Clusters
from geomap.events.reports import reports_of
from geomap.records import DateRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from geomap.events.reports import Key, Report
    from geomap.records import Attribution, ExtractedArticle, Factuality

__all__ = [
    "RULES_VERSION", "Claim", "Member", "MergedEvent", "identity_of", "merge_events", "merged_from",
]  # fmt: skip

# Raised when a change here, in clusters, blocks or reports makes other merged events of the same
# articles: stores, which keep the clusters, then merge everything anew.
RULES_VERSION = 1
HIGHEST_CONFIDENCE = 0.99
# 64 bits: among 100 million merged events two share an id with a chance of 1 in 3,700.
_ID_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article-level event: the ids of its article and of the event in it."""

    article: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one speaker, or the articles themselves, say of an event, and which members say it."""

    factuality: Factuality
    attribution: Attribution | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedEvent:
    """One event as several articles tell it.

    Parameters
    ----------
    id
        After the first report: the same as long as no earlier one joins.
    type, subtype
        As in the members; the first subtype that one gives.
    members
        The article-level events, the earliest published first.
    claims
        What is said, one entry a speaker and factuality; opposing claims stand
        side by side.
    sources
        Names of the sources of the articles: source, else address, else id.
    independent
        How many of the reports go back to different originators: two papers
        that quote one General Staff count once.
    date
        The days that all dated members share.
    geometry
        That of the member with the highest confidence among the most exact.
    confidence
        0..1: that at least one independent report is right.
    reason
        Why they are one, in a sentence.
    """

    id: str
    type: str
    subtype: str | None
    members: tuple[Member, ...]
    claims: tuple[Claim, ...]
    sources: tuple[str, ...]
    independent: int
    date: DateRange | None
    geometry: Mapping[str, Any] | None
    confidence: float
    reason: str

    @property
    def contested(self) -> bool:
        """Whether one says it happened and another that it did not."""
        denied = {claim.factuality in NEGATIVE for claim in self.claims}
        return len(denied) > 1


def merge_events(
    extracted: Iterable[ExtractedArticle], *, counted_as: Mapping[str, str] | None = None
) -> tuple[MergedEvent, ...]:
    """Put the reports of one event together.

    Two events are one when the type is the same, the places are (the same row
    of the gazetteer, or points within the tolerance; for a route both ends),
    the dates share a day, subtypes and doers do not contradict each other. What
    has no place or no date joins nothing.

    Parameters
    ----------
    extracted
        The extracted articles, read one at a time; they are not changed.
    counted_as
        For an article that is a copy of another, by its id, the name of the
        source that both are counted as. Articles that are not in it count as
        their own source.

    Returns
    -------
    tuple of MergedEvent
        In the order of the first report: by day of publication, then by the id
        of the article. The same for any order of the input. Each article-level
        event is a member of exactly one.

    Examples
    --------
    >>> merge_events([])
    ()
    """
    reports = (report for article in extracted for report in reports_of(article))
    return merged_from(Clusters(reports), counted_as=counted_as)


def merged_from(
    clusters: Iterable[Sequence[Report]], *, counted_as: Mapping[str, str] | None = None
) -> tuple[MergedEvent, ...]:
    """Give the merged events of clusters.

    Parameters
    ----------
    clusters
        As :class:`~geomap.events.clusters.Clusters` gives them, all or some.
    counted_as
        As for :func:`merge_events`.

    Returns
    -------
    tuple of MergedEvent
        One a cluster: of those of all articles, what :func:`merge_events` gives for them.

    Examples
    --------
    >>> from geomap.events.clusters import Clusters
    >>> merged_from(Clusters())
    ()
    """
    sources = counted_as or {}
    return tuple(_merged([_Heard(r, _originator(r, sources)) for r in group]) for group in clusters)


class _Heard(NamedTuple):
    """A report, and who it goes back to."""

    report: Report
    originator: str


def _originator(report: Report, counted_as: Mapping[str, str]) -> str:
    """Give the speaker's organisation, name or side; of the article's own voice the source."""
    said = report.attribution
    source = counted_as.get(report.key.article, report.source)
    if said is None:
        return f"source: {source}"
    return (said.organisation or said.speaker or said.side or source).casefold()


def _member(report: Report) -> Member:
    return Member(article=report.key.article, event=report.event)


def identity_of(first: Key) -> bytes:
    """Give what names a merged event.

    Parameters
    ----------
    first
        Of its first report, so that it keeps its name when others join.

    Returns
    -------
    bytes
        Eight; the id is ``"m"`` and their hexadecimal digits.
    """
    return hashlib.blake2b(repr(tuple(first)).encode(), digest_size=_ID_BYTES).digest()


def _merged(group: Sequence[_Heard]) -> MergedEvent:
    reports = [heard.report for heard in group]
    best = max(reports, key=lambda r: (r.geometry is not None, -_inexact(r), r.confidence))
    originators = {heard.originator for heard in group}
    claims = _claims(group)
    return MergedEvent(
        id=f"m{identity_of(reports[0].key).hex()}",
        type=reports[0].type,
        subtype=next((r.subtype for r in reports if r.subtype), None),
        members=tuple(_member(r) for r in reports),
        claims=claims,
        sources=tuple(dict.fromkeys(r.source for r in reports)),
        independent=len(originators),
        date=_date(reports),
        geometry=best.geometry,
        confidence=_confidence(group),
        reason=_reason(reports, len(originators), claims),
    )


def _inexact(report: Report) -> float:
    return report.uncertainty_km if report.uncertainty_km is not None else math.inf


def _date(reports: Sequence[Report]) -> DateRange | None:
    dates = [r.date for r in reports if r.date is not None]
    if not dates:
        return None
    start, end = max(d.start for d in dates), min(d.end for d in dates)
    finest = min(dates, key=lambda d: (d.end - d.start, d.text is None))
    if start > end:
        return finest
    return DateRange(start=start, end=end, precision=finest.precision, text=finest.text)


def _claims(group: Sequence[_Heard]) -> tuple[Claim, ...]:
    found: dict[tuple[str, str], list[Report]] = {}
    for report, originator in group:
        who = originator if report.attribution is not None else ""
        found.setdefault((report.factuality, who), []).append(report)
    return tuple(
        Claim(
            factuality=reports[0].factuality,
            attribution=reports[0].attribution,
            members=tuple(_member(r) for r in reports),
        )
        for reports in found.values()
    )


def _confidence(group: Sequence[_Heard]) -> float:
    """Give the chance that at least one originator is right, each at its best report."""
    best: dict[str, float] = {}
    for report, originator in group:
        best[originator] = max(best.get(originator, 0.0), report.confidence)
    wrong = math.prod(1.0 - value for value in best.values())
    return round(min(1.0 - wrong, HIGHEST_CONFIDENCE), 3)


def _reason(reports: Sequence[Report], independent: int, claims: Sequence[Claim]) -> str:
    articles = len({r.key[:3] for r in reports})
    if len(reports) == 1:
        return "1 report"
    counted = f"{articles} report{'s' * (articles > 1)}"
    parts = [f"{counted}, {independent} independent source{'s' * (independent > 1)}"]
    names = ", ".join(dict.fromkeys(spot.name for r in reports for _, spot in r.places))
    parts.append(f"one {reports[0].type.replace('_', ' ')} at {names}")
    denied = [c for c in claims if c.factuality in NEGATIVE]
    if denied and len(denied) < len(claims):
        parts.append(f"denied in {len(denied)} of {len(claims)} claims")
    return "; ".join(parts)
