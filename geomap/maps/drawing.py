"""Drawing: the events of articles in the order of the page, with their places in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.records import ExtractedArticle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geomap.records import Event, Toponym

__all__ = ["Drawing", "Listed", "plan"]

ROUTE = ("from", "via", "to", "toward")


@dataclass(frozen=True, slots=True)
class Listed:
    """An event in the list; ``number`` is its only name inside the page.

    ``names`` are the toponyms of the article by their id.
    """

    number: int
    event: Event
    extracted: ExtractedArticle
    names: Mapping[int, Toponym]

    def places(self) -> tuple[tuple[str, Toponym], ...]:
        """Give roles and toponyms, a route in its direction."""
        names = self.names
        found = [
            (one.role, names[one.toponym]) for one in self.event.places if one.toponym in names
        ]
        if any(role in ROUTE for role, _ in found):
            found.sort(key=lambda one: ROUTE.index(one[0]) if one[0] in ROUTE else -1)
        return tuple(found)

    def where(self) -> str:
        """Name the places in one line, a route with arrows; empty without a place.

        Where the text tells the place by another, its phrase: an event 15 km from
        the border with Belarus is not there.
        """
        phrase = self.extracted.phrase_of(self.event)
        if phrase is not None:
            return phrase
        places = self.places()
        names = [toponym.place.name if toponym.place else toponym.text for _, toponym in places]
        return (" → " if any(role in ROUTE for role, _ in places) else ", ").join(names)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that a page shows."""

    extractions: tuple[ExtractedArticle, ...]
    events: tuple[Listed, ...]


def plan(
    extractions: ExtractedArticle | Iterable[ExtractedArticle],
) -> Drawing:
    """Give the events of articles their numbers.

    Parameters
    ----------
    extractions
        One article or several.

    Returns
    -------
    Drawing
        Events in the order of the articles, numbered from 0.
    """
    if isinstance(extractions, ExtractedArticle):
        extractions = (extractions,)
    articles = tuple(extractions)
    names = [{toponym.id: toponym for toponym in one.toponyms} for one in articles]
    rows = [
        (event, extracted, known)
        for extracted, known in zip(articles, names, strict=True)
        for event in extracted.events
    ]
    return Drawing(
        extractions=articles,
        events=tuple(
            Listed(number, event, extracted, known)
            for number, (event, extracted, known) in enumerate(rows)
        ),
    )
