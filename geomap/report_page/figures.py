"""Figures: what a report counts, as plain numbers and tables, without a word of the page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from geomap.report_page.lost import correction_lines, lost_names
from geomap.report_page.stories import STANDINGS, stories_of
from geomap.report_page.tallies import (
    by_day,
    by_place,
    by_region,
    by_source,
    by_speaker,
    by_type,
    told_by,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.events.merge import MergedEvent
    from geomap.records import ExtractedArticle, Factuality, Provenance
    from geomap.report_page.lost import LostName
    from geomap.report_page.stories import Story
    from geomap.report_page.tallies import PlaceTally, SourceTally, SpeakerTally, Tally

__all__ = ["Failed", "Figures", "figures_of"]

FACTUALITIES: tuple[Factuality, ...] = (
    "asserted",
    "claimed",
    "planned",
    "possible",
    "denied",
    "negated",
)


class Failed(Protocol):
    """An article that could not be read or extracted: where, at which stage, why, what to do."""

    @property
    def origin(self) -> str:
        """Where it is."""

    @property
    def stage(self) -> str:
        """What was being done."""

    @property
    def reason(self) -> str:
        """What went wrong, one line."""

    @property
    def hint(self) -> str:
        """What to do, one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that a report counts; tables hold the most frequent first.

    Parameters
    ----------
    articles, copies
        Read; those among them that repeat another.
    events, reports, claims
        Different events; how often articles tell them; what is said of them by
        different speakers, at different factuality.
    retold, contested, placed
        Events told more than once; told and denied; with a place on the map.
    longer, undated
        Events that are dated to more than one day; that are not dated.
    days
        Of the events that are dated to one day, in order.
    told_by
        How many events have so many (reports, independent sources).
    """

    articles: int
    copies: int
    events: int
    reports: int
    claims: int
    retold: int
    contested: int
    placed: int
    longer: int
    undated: int
    first: dt.date | None
    last: dt.date | None
    types: Mapping[str, Tally]
    places: Mapping[str, PlaceTally]
    regions: Mapping[tuple[str | None, str | None], Tally]
    days: Mapping[dt.date, Tally]
    sources: Mapping[str, SourceTally]
    factuality: Mapping[str, int]
    own_word: int
    speakers: Mapping[str, SpeakerTally]
    told_by: Mapping[tuple[int, int], int]
    names: tuple[LostName, ...]
    failures: tuple[Failed, ...]
    provenance: tuple[Provenance, ...]
    stories: tuple[Story, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the numbers as JSON values; days are ISO 8601."""
        heads = (
            "articles", "copies", "events", "reports", "claims", "retold", "contested", "placed",
            "longer", "undated", "own_word",
        )  # fmt: skip
        return {
            **{name: getattr(self, name) for name in heads},
            "sources": len(self.sources),
            "failed": len(self.failures),
            "first": _iso(self.first),
            "last": _iso(self.last),
            "factuality": dict(self.factuality),
            "by_type": [{"type": kind, **_row(one)} for kind, one in self.types.items()],
            "by_place": [_place_row(one) for one in self.places.values()],
            "by_region": [
                {"country": country, "admin1": region, **_row(one)}
                for (country, region), one in self.regions.items()
            ],
            "by_day": [{"day": day.isoformat(), **_row(one)} for day, one in self.days.items()],
            "by_source": [_source_row(name, one) for name, one in self.sources.items()],
            "by_speaker": [_speaker_row(one) for one in self.speakers.values()],
            "told_by": [
                {"reports": reports, "independent": independent, "events": events}
                for (reports, independent), events in self.told_by.items()
            ],
            "names": [_name_row(one) for one in self.names],
            "failures": [
                {"origin": f.origin, "stage": f.stage, "reason": f.reason, "hint": f.hint}
                for f in self.failures
            ],
        }


def figures_of(
    extractions: Sequence[ExtractedArticle],
    *,
    merged: Sequence[MergedEvent] | None = None,
    failures: Iterable[Failed] = (),
    copies: int = 0,
) -> Figures:
    """Count what articles tell.

    Parameters
    ----------
    extractions
        The articles.
    merged
        Their merged events, where they are known; else they are made here.
    failures
        Articles that could not be read.
    copies
        How many of the articles repeat another.

    Returns
    -------
    Figures
        All zero for no articles.
    """
    stories = stories_of(extractions, merged)
    dated = [one.merged.date for one in stories if one.merged.date is not None]
    reports = [one for story in stories for one in story.reports]
    counted = Counter(one.event.factuality for one in reports)
    return Figures(
        articles=len(extractions),
        copies=copies,
        events=len(stories),
        reports=len(reports),
        claims=sum(len(one.merged.claims) for one in stories),
        retold=sum(len(one.reports) > 1 for one in stories),
        contested=sum(one.merged.contested for one in stories),
        placed=sum(one.merged.geometry is not None for one in stories),
        longer=sum(one.start != one.end for one in dated),
        undated=len(stories) - len(dated),
        first=min((one.start for one in dated), default=None),
        last=max((one.end for one in dated), default=None),
        types=by_type(stories),
        places=by_place(stories),
        regions=by_region(stories),
        days=by_day(stories),
        sources=by_source(extractions),
        factuality={name: counted[name] for name in FACTUALITIES},
        own_word=sum(one.event.attribution is None for one in reports),
        speakers=by_speaker(stories),
        told_by=told_by(stories),
        names=lost_names(extractions),
        failures=tuple(failures),
        provenance=tuple(dict.fromkeys(one.provenance for one in extractions)),
        stories=stories,
    )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _row(one: Tally) -> dict[str, Any]:
    return {
        "events": one.events,
        **{name: getattr(one, name) for name in STANDINGS},
        "reports": one.reports,
        "first": _iso(one.first),
        "last": _iso(one.last),
    }


def _place_row(one: PlaceTally) -> dict[str, Any]:
    place = one.place
    names = ("id", "name", "country", "admin1", "lon", "lat")
    return {
        **({} if place is None else {name: getattr(place, name) for name in names}),
        **_row(one),
        "types": dict(one.types.most_common()),
    }


def _source_row(name: str, one: SourceTally) -> dict[str, Any]:
    return {
        "source": name,
        "articles": one.articles,
        "reports": one.reports,
        "attributed": one.attributed,
        "first_published": _iso(one.first),
        "last_published": _iso(one.last),
        "factuality": dict(one.factuality.most_common()),
    }


def _speaker_row(one: SpeakerTally) -> dict[str, Any]:
    return {
        "speaker": one.name,
        "side": one.side,
        "reports": one.reports,
        **{name: getattr(one, name) for name in STANDINGS},
        "sources": len(one.sources),
    }


def _name_row(one: LostName) -> dict[str, Any]:
    return {
        "name": one.name,
        "mentions": one.mentions,
        "articles": one.articles,
        "candidates": [
            {"id": c.place.id, "name": c.place.name, "country": c.place.country, "score": c.score}
            for c in one.candidates
        ],
        "corrections": list(correction_lines(one)),
    }
