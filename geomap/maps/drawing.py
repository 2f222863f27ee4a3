"""Drawing: which events of which articles are drawn, in what order, and why some are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.records import ExtractedArticle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.records import Event, Place, Toponym

__all__ = ["Drawing", "Listed", "NamedPlace", "plan"]

ROUTE = ("from", "via", "to", "toward")
NOT_HAPPENED = frozenset({"negated", "denied"})


@dataclass(frozen=True, slots=True)
class Listed:
    """An event in the list; ``number`` is its only name inside the page."""

    number: int
    event: Event
    extracted: ExtractedArticle
    why_not: str | None

    def places(self) -> tuple[tuple[str, Toponym], ...]:
        """Give roles and toponyms, a route in its direction."""
        names = {toponym.id: toponym for toponym in self.extracted.toponyms}
        found = [
            (one.role, names[one.toponym]) for one in self.event.places if one.toponym in names
        ]
        if any(role in ROUTE for role, _ in found):
            found.sort(key=lambda one: ROUTE.index(one[0]) if one[0] in ROUTE else -1)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place that articles name, with their spellings."""

    number: int
    place: Place
    spellings: tuple[str, ...]
    mentions: int
    of_event: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a page shows."""

    extractions: tuple[ExtractedArticle, ...]
    events: tuple[Listed, ...]

    @property
    def drawn(self) -> tuple[Listed, ...]:
        """The events on the map."""
        return tuple(one for one in self.events if one.why_not is None)

    @property
    def not_drawn(self) -> tuple[Listed, ...]:
        """The events beside the map."""
        return tuple(one for one in self.events if one.why_not is not None)

    @property
    def types(self) -> tuple[str, ...]:
        """The event types drawn, the most frequent first."""
        count: dict[str, int] = {}
        for one in self.drawn:
            count[one.event.type] = count.get(one.event.type, 0) + 1
        return tuple(sorted(count, key=lambda kind: (-count[kind], kind)))

    @property
    def places(self) -> tuple[NamedPlace, ...]:
        """The places that the articles name literally, by name."""
        mentions: dict[str, list[Toponym]] = {}
        for extracted in self.extractions:
            for toponym in extracted.toponyms:
                if toponym.place is not None and toponym.reading == "literal":
                    mentions.setdefault(toponym.place.id, []).append(toponym)
        used = {
            toponym.place.id
            for one in self.drawn
            for _, toponym in one.places()
            if toponym.place is not None
        }
        rows = sorted(mentions.items(), key=lambda row: (_place(row[1]).name, row[0]))
        return tuple(
            NamedPlace(
                number=number,
                place=_place(found),
                spellings=tuple(sorted({one.text for one in found})),
                mentions=len(found),
                of_event=place_id in used,
            )
            for number, (place_id, found) in enumerate(rows)
        )


def _place(found: list[Toponym]) -> Place:
    place = found[0].place
    if place is None:  # pragma: no cover - only toponyms with a place are gathered
        raise ValueError(found[0].text)
    return place


def plan(
    extractions: ExtractedArticle | Iterable[ExtractedArticle], *, draw_negated: bool
) -> Drawing:
    """Decide what is drawn.

    Parameters
    ----------
    extractions
        One article or several.
    draw_negated
        Whether negated and denied events are drawn.

    Returns
    -------
    Drawing
        Events in the order of the articles, numbered from 0.
    """
    if isinstance(extractions, ExtractedArticle):
        extractions = (extractions,)
    articles = tuple(extractions)
    rows = [(event, extracted) for extracted in articles for event in extracted.events]
    return Drawing(
        extractions=articles,
        events=tuple(
            Listed(number, event, extracted, _why_not(event, draw_negated=draw_negated))
            for number, (event, extracted) in enumerate(rows)
        ),
    )


def _why_not(event: Event, *, draw_negated: bool) -> str | None:
    if event.geometry is None:
        return event.reason or "no place found"
    if event.factuality in NOT_HAPPENED and not draw_negated:
        return f"{event.factuality}: drawn only when asked for"
    return None
