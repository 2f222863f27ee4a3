"""Selection: which events of saved extractions are drawn or exported again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from geomap.records import Event, ExtractedArticle

__all__ = ["Selection", "select_events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an event must be to be kept; what is left out asks nothing.

    Parameters
    ----------
    types, factuality
        Kept values; empty keeps all.
    since, until
        First and last day, both included. An event is kept when its date
        range touches them; one without a date is left out when either is given.
    bbox
        ``(west, south, east, north)`` in EPSG:4326 degrees; ``west > east``
        crosses the antimeridian. An event is kept when the bounds of its
        geometry touch it; one without geometry is left out.
    min_confidence
        Least confidence, 0..1.
    """

    types: frozenset[str] = frozenset()
    factuality: frozenset[str] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None
    bbox: tuple[float, float, float, float] | None = None
    min_confidence: float = 0.0

    def keeps(self, event: Event) -> bool:
        """Tell whether the event is kept."""
        return (
            (not self.types or event.type in self.types)
            and (not self.factuality or event.factuality in self.factuality)
            and event.confidence >= self.min_confidence
            and self._is_in_time(event)
            and (self.bbox is None or _touches(event, self.bbox))
        )

    def _is_in_time(self, event: Event) -> bool:
        if self.since is None and self.until is None:
            return True
        if event.date is None:
            return False
        return (self.since is None or event.date.end >= self.since) and (
            self.until is None or event.date.start <= self.until
        )


def select_events(
    extractions: Iterable[ExtractedArticle], selection: Selection
) -> Iterator[ExtractedArticle]:
    """Keep the events that are asked for.

    Parameters
    ----------
    extractions
        Extracted articles.
    selection
        What to keep.

    Yields
    ------
    ExtractedArticle
        Each article, its toponyms untouched, with the events that are kept;
        perhaps with none.
    """
    for extracted in extractions:
        kept = tuple(event for event in extracted.events if selection.keeps(event))
        yield dataclasses.replace(extracted, events=kept)


def _touches(event: Event, bbox: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bbox
    points = list(_positions(event.geometry)) if event.geometry else []
    if not points:
        return False
    lons = [point[0] for point in points]
    lats = [point[1] for point in points]
    if max(lats) < south or min(lats) > north:
        return False
    if west > east:
        return max(lons) >= west or min(lons) <= east
    return max(lons) >= west and min(lons) <= east


def _positions(geometry: Any) -> Iterator[tuple[float, ...]]:
    """Walk the positions (``lon, lat``) of a GeoJSON geometry."""
    if isinstance(geometry, list | tuple):
        if geometry and isinstance(geometry[0], int | float):
            yield tuple(geometry)
            return
        for part in geometry:
            yield from _positions(part)
        return
    yield from _positions(geometry.get("coordinates", ()))
    for part in geometry.get("geometries", ()):
        yield from _positions(part)
