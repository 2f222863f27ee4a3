"""Tallies: events by type, place, region and day; reports by source and speaker."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from geomap.report_page.stories import source_of, standing_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from geomap.records import Attribution, ExtractedArticle, Place
    from geomap.report_page.stories import Standing, Story

__all__ = [
    "PlaceTally",
    "SourceTally",
    "SpeakerTally",
    "Tally",
    "by_day",
    "by_place",
    "by_region",
    "by_source",
    "by_speaker",
    "by_type",
    "speaker_of",
    "told_by",
]

Part = TypeVar("Part", bound="Hashable")


@dataclass(slots=True)
class Tally:
    """Events of one kind, place, region or day, and the reports that tell them.

    Parameters
    ----------
    happened, ahead, denied
        Events that one report at least tells as done; that are only planned or
        possible; that are only denied.
    reports
        How often articles tell them.
    first, last
        Days of the dated ones.
    """

    happened: int = 0
    ahead: int = 0
    denied: int = 0
    reports: int = 0
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def events(self) -> int:
        """How many events, whatever is said of them."""
        return self.happened + self.ahead + self.denied

    def add(self, story: Story, standing: Standing, reports: int) -> None:
        """Count one event, told so many times."""
        setattr(self, standing, getattr(self, standing) + 1)
        self.reports += reports
        if story.merged.date is not None:
            start, end = story.merged.date.start, story.merged.date.end
            self.first = min(self.first or start, start)
            self.last = max(self.last or end, end)


@dataclass(slots=True)
class PlaceTally(Tally):
    """A tally of a place; an event with two places counts at both."""

    place: Place | None = None
    types: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class SourceTally:
    """What a source published; ``attributed`` reports name who says so."""

    articles: int = 0
    reports: int = 0
    attributed: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    factuality: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class SpeakerTally:
    """What one speaker says, in the reports that name him, her or it."""

    name: str = ""
    side: str | None = None
    happened: int = 0
    ahead: int = 0
    denied: int = 0
    sources: set[str] = field(default_factory=set)

    @property
    def reports(self) -> int:
        """In how many reports."""
        return self.happened + self.ahead + self.denied


def by_type(stories: Iterable[Story]) -> dict[str, Tally]:
    """Count events by type."""
    return _tallied(stories, lambda story: {story.merged.type: len(story.reports)})


def by_region(stories: Iterable[Story]) -> dict[tuple[str | None, str | None], Tally]:
    """Count events by (country, first-level region); one of two regions counts in both."""
    return _tallied(stories, _regions)


def by_day(stories: Iterable[Story]) -> dict[dt.date, Tally]:
    """Count the events that are dated to one day, in the order of the days."""
    return dict(sorted(_tallied(stories, _day).items()))


def by_place(stories: Iterable[Story]) -> dict[str, PlaceTally]:
    """Count events by the identifier of their places."""
    found: dict[str, PlaceTally] = {}
    for story in stories:
        standing = story.standing
        for name, (place, reports) in story.places().items():
            tally = found.setdefault(name, PlaceTally(place=place))
            tally.add(story, standing, reports)
            tally.types[story.merged.type] += 1
    return _most_first(found)


def by_source(extractions: Iterable[ExtractedArticle]) -> dict[str, SourceTally]:
    """Count articles and their reports by source, as :func:`source_of` names it."""
    found: dict[str, SourceTally] = {}
    for extracted in extractions:
        tally = found.setdefault(source_of(extracted.article), SourceTally())
        tally.articles += 1
        tally.reports += len(extracted.events)
        tally.attributed += sum(event.attribution is not None for event in extracted.events)
        tally.factuality.update(event.factuality for event in extracted.events)
        day = extracted.article.published
        if day is not None:
            tally.first, tally.last = min(tally.first or day, day), max(tally.last or day, day)
    return dict(sorted(found.items(), key=lambda one: (-one[1].reports, -one[1].articles, one[0])))


def by_speaker(stories: Iterable[Story]) -> dict[str, SpeakerTally]:
    """Count the reports that somebody is named for, by the name whatever its capitals."""
    found: dict[str, SpeakerTally] = {}
    for story in stories:
        for report in story.reports:
            said = report.event.attribution
            name = speaker_of(said)
            if said is None or not name:
                continue
            tally = found.setdefault(name.casefold(), SpeakerTally(name=name))
            tally.side = tally.side or said.side
            standing = standing_of(report.event.factuality)
            setattr(tally, standing, getattr(tally, standing) + 1)
            tally.sources.add(source_of(report.extracted.article))
    return dict(sorted(found.items(), key=lambda one: (-one[1].reports, one[0])))


def told_by(stories: Iterable[Story]) -> dict[tuple[int, int], int]:
    """Count events by how many (reports, independent sources) tell them."""
    told = Counter((len(one.reports), one.merged.independent) for one in stories)
    return dict(sorted(told.items()))


def speaker_of(said: Attribution | None) -> str | None:
    """Name who says so: the organisation, else the person, else the side.

    Parameters
    ----------
    said
        Of a report.

    Returns
    -------
    str or None
        On one line; ``None`` when nobody is named.
    """
    if said is None:
        return None
    return " ".join((said.organisation or said.speaker or said.side or "").split()) or None


def _tallied(
    stories: Iterable[Story], parts: Callable[[Story], Mapping[Part, int]]
) -> dict[Part, Tally]:
    """Count the events by what they have: its name, with how many reports tell of it."""
    found: dict[Part, Tally] = {}
    for story in stories:
        standing = story.standing
        for part, reports in parts(story).items():
            found.setdefault(part, Tally()).add(story, standing, reports)
    return _most_first(found)


TallyType = TypeVar("TallyType", bound="Tally")


def _most_first(found: Mapping[Part, TallyType]) -> dict[Part, TallyType]:
    # Equal ones in the order of the articles.
    return dict(sorted(found.items(), key=lambda one: (-one[1].events, -one[1].reports)))


def _regions(story: Story) -> dict[tuple[str | None, str | None], int]:
    found: dict[tuple[str | None, str | None], int] = {}
    for place, reports in story.places().values():
        region = (place.country, place.admin1)
        found[region] = max(found.get(region, 0), reports)
    return found


def _day(story: Story) -> dict[dt.date, int]:
    date = story.merged.date
    if date is None or date.start != date.end:
        return {}
    return {date.start: len(story.reports)}
