"""Events of many articles as one: who reports it, who claims it, who denies it.

The article-level records stay as they are: a merged event only lists them, so
merging can be taken back, and every member can be looked up. Two reports meet
in a block of type, day and cell of the grid before they are compared, so the
work grows with the number of events, not with its square.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.geometry import distance_km
from geomap.records import DateRange

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from geomap.records import Attribution, Event, ExtractedArticle, Factuality, Place

__all__ = ["Claim", "Member", "MergedEvent", "merge_events"]

# Two points within it may stand for one event: the least tolerance of the scorer, less than
# the distance of neighbouring towns in the development corpora.
LEAST_TOLERANCE_KM = 10.0
LARGEST_TOLERANCE_KM = 40.0
# A cell of half a degree is 56 km high, wider than the largest tolerance between 45° S and N;
# further north the neighbours of the neighbours are looked at.
CELL_DEG = 0.5
NARROW_LATITUDE = 45.0
# A range of more days than this is told of no day in particular.
LONGEST_RANGE_DAYS = 7
HIGHEST_CONFIDENCE = 0.99
_NEGATIVE = frozenset({"denied", "negated"})
_ROUTE_ENDS = ("from", "to", "toward")


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
        ``"m0"``, ``"m1"``, …, in the order of the first report.
    type, subtype
        As in the members; the first subtype that one gives.
    members
        The article-level events, in the order of the input.
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
        denied = {claim.factuality in _NEGATIVE for claim in self.claims}
        return len(denied) > 1


@dataclass(frozen=True, slots=True)
class _Report:
    order: int
    article: ExtractedArticle
    event: Event
    places: tuple[tuple[str, Place], ...]

    @property
    def member(self) -> Member:
        return Member(article=self.article.article.id, event=self.event.id)

    @property
    def source(self) -> str:
        article = self.article.article
        return article.source or article.url or article.id

    @property
    def originator(self) -> str:
        """Who the report goes back to: the speaker's organisation or name, else the source."""
        said = self.event.attribution
        if said is None:
            return f"source: {self.source}"
        return (said.organisation or said.speaker or said.side or self.source).casefold()


def merge_events(extracted: Iterable[ExtractedArticle]) -> tuple[MergedEvent, ...]:
    """Put the reports of one event together.

    Two events are one when the type is the same, the places are (the same row
    of the gazetteer, or points within the tolerance; for a route both ends),
    the dates share a day, subtypes and doers do not contradict each other. What
    has no place or no date joins nothing.

    Parameters
    ----------
    extracted
        The extracted articles; they are not changed.

    Returns
    -------
    tuple of MergedEvent
        In the order of the first report; each article-level event is a member
        of exactly one.

    Examples
    --------
    >>> merge_events([])
    ()
    """
    groups: list[list[_Report]] = []
    blocks: dict[tuple[str, int, int, int], list[int]] = {}
    for report in _reports(extracted):
        keys = list(_keys(report))
        group = _fitting(report, keys, blocks, groups)
        if group is None:
            group = len(groups)
            groups.append([])
        groups[group].append(report)
        for key in keys:
            numbers = blocks.setdefault(key, [])
            if group not in numbers:
                numbers.append(group)
    return tuple(_merged(number, group) for number, group in enumerate(groups))


def _reports(extracted: Iterable[ExtractedArticle]) -> Iterator[_Report]:
    order = 0
    for article in extracted:
        places = {t.id: t.place for t in article.toponyms}
        for event in article.events:
            found = [(a.role, places.get(a.toponym)) for a in event.places]
            known = tuple((role, place) for role, place in found if place is not None)
            yield _Report(order, article, event, known)
            order += 1


def _keys(report: _Report) -> Iterator[tuple[str, int, int, int]]:
    """Give the blocks of a report: its type, its days, the cell of its first place."""
    date = report.event.date
    if date is None or not report.places or report.event.geometry is None:
        return
    place = report.places[0][1]
    row, column = _cell(place.lon, place.lat)
    for day in _days(date):
        yield report.event.type, day, row, column


def _days(date: DateRange) -> range:
    first = date.start.toordinal()
    return range(first, min(date.end.toordinal(), first + LONGEST_RANGE_DAYS - 1) + 1)


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return math.floor(lat / CELL_DEG), math.floor(lon / CELL_DEG)


def _neighbours(key: tuple[str, int, int, int], lat: float) -> Iterator[tuple[str, int, int, int]]:
    kind, day, row, column = key
    reach = 1 if abs(lat) <= NARROW_LATITUDE else 2
    columns = round(360 / CELL_DEG)
    for step in (-1, 0, 1):
        for side in range(-reach, reach + 1):
            # The grid closes at the antimeridian.
            wrapped = (column + side + columns // 2) % columns - columns // 2
            yield kind, day, row + step, wrapped


def _fitting(
    report: _Report,
    keys: Sequence[tuple[str, int, int, int]],
    blocks: Mapping[tuple[str, int, int, int], list[int]],
    groups: Sequence[Sequence[_Report]],
) -> int | None:
    """Give the group whose first report, the one it is named after, the report fits."""
    seen: set[int] = set()
    best: tuple[float, int] | None = None
    for key in keys:
        for neighbour in _neighbours(key, report.places[0][1].lat):
            for number in blocks.get(neighbour, ()):
                if number in seen:
                    continue
                seen.add(number)
                apart = _distance(groups[number][0], report)
                if apart is not None and _compatible(groups[number], report):
                    best = min(best or (apart, number), (apart, number))
    return best[1] if best else None


def _distance(one: _Report, other: _Report) -> float | None:
    """Measure how far the places of two reports lie apart; ``None`` when they are not the same."""
    if any(role in _ROUTE_ENDS for role, _ in (*one.places, *other.places)):
        return _route_distance(one, other)
    return min(
        (d for _, a in one.places for _, b in other.places if (d := _apart(a, b)) is not None),
        default=None,
    )


def _apart(one: Place, other: Place) -> float | None:
    if one.id == other.id:
        return 0.0
    if {one.feature_class, other.feature_class} & {"A"}:
        return None
    tolerance = min(max(LEAST_TOLERANCE_KM, one.radius_km, other.radius_km), LARGEST_TOLERANCE_KM)
    apart = distance_km(one.lon, one.lat, other.lon, other.lat)
    return apart if apart <= tolerance else None


def _route_distance(one: _Report, other: _Report) -> float | None:
    """Compare the ends of two routes; an end that one does not give fits any."""
    total, shared = 0.0, 0
    for ends in (("from",), ("to", "toward")):
        first = next((p for role, p in one.places if role in ends), None)
        second = next((p for role, p in other.places if role in ends), None)
        if first is None or second is None:
            continue
        apart = _apart(first, second)
        if apart is None:
            return None
        total, shared = total + apart, shared + 1
    return total if shared else None


def _compatible(group: Sequence[_Report], report: _Report) -> bool:
    """Tell whether a report contradicts none of a group in date, subtype or doer."""
    if any(
        member.member.article == report.member.article
        and member.event.trigger == report.event.trigger
        for member in group
    ):
        return False
    first = group[0].event
    subtypes = {m.event.subtype for m in (*group, report)} - {None}
    contested = report.event.factuality in _NEGATIVE or first.factuality in _NEGATIVE
    if len(subtypes) > 1 and not contested:
        return False
    return _shared_days([m.event.date for m in (*group, report)]) is not None and (
        contested or _same_doers(first, report.event)
    )


def _same_doers(one: Event, other: Event) -> bool:
    first = {a.side for a in one.actors if a.role == "by" and a.side}
    second = {a.side for a in other.actors if a.role == "by" and a.side}
    return not first or not second or bool(first & second)


def _shared_days(dates: Sequence[DateRange | None]) -> tuple[dt.date, dt.date] | None:
    known = [d for d in dates if d is not None]
    start, end = max(d.start for d in known), min(d.end for d in known)
    return (start, end) if start <= end else None


def _merged(number: int, group: Sequence[_Report]) -> MergedEvent:
    first = group[0].event
    best = max(
        group, key=lambda r: (r.event.geometry is not None, -_inexact(r.event), r.event.confidence)
    )
    sources = tuple(dict.fromkeys(r.source for r in group))
    originators = dict.fromkeys(r.originator for r in group)
    claims = _claims(group)
    return MergedEvent(
        id=f"m{number}",
        type=first.type,
        subtype=next((r.event.subtype for r in group if r.event.subtype), None),
        members=tuple(r.member for r in group),
        claims=claims,
        sources=sources,
        independent=len(originators),
        date=_date(group),
        geometry=best.event.geometry,
        confidence=_confidence(group),
        reason=_reason(group, len(originators), claims),
    )


def _inexact(event: Event) -> float:
    return event.uncertainty_km if event.uncertainty_km is not None else math.inf


def _date(group: Sequence[_Report]) -> DateRange | None:
    dates = [r.event.date for r in group if r.event.date is not None]
    if not dates:
        return None
    shared = _shared_days(dates)
    finest = min(dates, key=lambda d: (d.end - d.start, d.text is None))
    if shared is None:
        return finest
    return DateRange(start=shared[0], end=shared[1], precision=finest.precision, text=finest.text)


def _claims(group: Sequence[_Report]) -> tuple[Claim, ...]:
    found: dict[tuple[str, str], list[_Report]] = {}
    for report in group:
        said = report.event.attribution
        who = report.originator if said is not None else ""
        found.setdefault((report.event.factuality, who), []).append(report)
    return tuple(
        Claim(
            factuality=reports[0].event.factuality,
            attribution=reports[0].event.attribution,
            members=tuple(r.member for r in reports),
        )
        for reports in found.values()
    )


def _confidence(group: Sequence[_Report]) -> float:
    """Give the chance that at least one originator is right, each at its best report."""
    best: dict[str, float] = {}
    for report in group:
        best[report.originator] = max(best.get(report.originator, 0.0), report.event.confidence)
    wrong = math.prod(1.0 - value for value in best.values())
    return round(min(1.0 - wrong, HIGHEST_CONFIDENCE), 3)


def _reason(group: Sequence[_Report], independent: int, claims: Sequence[Claim]) -> str:
    articles = len({r.member.article for r in group})
    if len(group) == 1:
        return "1 report"
    counted = f"{articles} report{'s' * (articles > 1)}"
    parts = [f"{counted}, {independent} independent source{'s' * (independent > 1)}"]
    names = ", ".join(dict.fromkeys(place.name for r in group for _, place in r.places))
    parts.append(f"one {group[0].event.type.replace('_', ' ')} at {names}")
    denied = [c for c in claims if c.factuality in _NEGATIVE]
    if denied and len(denied) < len(claims):
        parts.append(f"denied in {len(denied)} of {len(claims)} claims")
    return "; ".join(parts)
