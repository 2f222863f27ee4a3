"""What merging looks at: one article-level event, small, without the text it is from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from typing import Any

    from geomap.records import Attribution, DateRange, Event, ExtractedArticle, Factuality, Place

__all__ = ["Key", "Report", "Spot", "reports_of"]

# Places and days recur from report to report: one object serves all that name them.
_SHARED = 100_000
# Of an article without a day of publication: behind all others.
_NO_DAY = 10_000_000
_DIGEST_BYTES = 8


class Key(NamedTuple):
    """What a report is known and ordered by: its article, and its number there.

    ``published`` is the ordinal of the day, so that the earliest report comes
    first; ``digest`` is of the text, so that two articles under one id stay two.
    """

    published: int
    article: str
    digest: str
    number: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as far as merging needs it; ``lon``, ``lat`` in EPSG:4326 degrees."""

    id: str
    name: str
    lon: float
    lat: float
    radius_km: float
    is_area: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article-level event for merging; picklable, some 700 bytes.

    Parameters
    ----------
    key
        Its place in the order of all reports.
    event
        :attr:`Event.id <geomap.records.Event.id>`.
    source
        Who printed it: the article's source, else its address, else its id.
    places
        Role and place of what the gazetteer knows.
    doers
        Codes of the sides that do it.
    trigger
        Half-open offsets of its word in the article.
    """

    key: Key
    event: str
    source: str
    type: str
    subtype: str | None
    factuality: Factuality
    attribution: Attribution | None
    date: DateRange | None
    places: tuple[tuple[str, Spot], ...]
    doers: frozenset[str]
    trigger: tuple[int, int]
    geometry: Mapping[str, Any] | None
    uncertainty_km: float | None
    confidence: float

    @property
    def joins(self) -> bool:
        """Whether it has the place and the date that it takes to be one with another."""
        return self.date is not None and bool(self.places) and self.geometry is not None


def reports_of(extracted: ExtractedArticle) -> tuple[Report, ...]:
    """Give what merging needs of an article.

    Parameters
    ----------
    extracted
        The extracted article; it is not changed and not held.

    Returns
    -------
    tuple of Report
        One an event, in their order; empty for an article without events.
    """
    if not extracted.events:
        return ()
    article = extracted.article
    digest = hashlib.blake2b(article.text.encode("utf-8", "replace"), digest_size=_DIGEST_BYTES)
    key = (_day_of(article.published), article.id, digest.hexdigest())
    source = article.source or article.url or article.id
    places = {t.id: _spot_of(t.place) for t in extracted.toponyms if t.place is not None}
    return tuple(
        _report(event, Key(*key, number), source, places)
        for number, event in enumerate(extracted.events)
    )


def _report(event: Event, key: Key, source: str, places: Mapping[int, Spot]) -> Report:
    found = [(a.role, places.get(a.toponym)) for a in event.places]
    return Report(
        key=key,
        event=event.id,
        source=source,
        type=event.type,
        subtype=event.subtype,
        factuality=event.factuality,
        attribution=event.attribution,
        date=_same(event.date) if event.date is not None else None,
        places=tuple((role, spot) for role, spot in found if spot is not None),
        doers=_sides(tuple(a.side for a in event.actors if a.role == "by" and a.side)),
        trigger=(event.trigger.start, event.trigger.end),
        geometry=event.geometry,
        uncertainty_km=event.uncertainty_km,
        confidence=event.confidence,
    )


def _day_of(published: dt.date | None) -> int:
    return published.toordinal() if published is not None else _NO_DAY


def _spot_of(place: Place) -> Spot:
    is_area = place.feature_class == "A"
    return _spot(place.id, place.name, place.lon, place.lat, place.radius_km, is_area)


@lru_cache(maxsize=_SHARED)
def _spot(id_: str, name: str, lon: float, lat: float, radius_km: float, is_area: bool) -> Spot:  # noqa: FBT001 - a key of the memory
    return Spot(id_, name, lon, lat, radius_km, is_area)


@lru_cache(maxsize=_SHARED)
def _same(date: DateRange) -> DateRange:
    return date


@lru_cache(maxsize=4096)
def _sides(sides: tuple[str, ...]) -> frozenset[str]:
    return frozenset(sides)
