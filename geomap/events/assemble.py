"""From event mentions to events: merging within the article, shape, confidence, reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.events.bundles import Bundle, bundle_mentions
from geomap.events.confidence import confidence_of, reason_of
from geomap.events.shapes import shape_of
from geomap.events.taxonomy import load_taxonomy
from geomap.records import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from geomap.events.mentions import EventMention
    from geomap.events.taxonomy import Taxonomy
    from geomap.records import Toponym

__all__ = ["assemble_events"]


def assemble_events(
    mentions: Sequence[EventMention],
    toponyms: Sequence[Toponym],
    *,
    boundary: Callable[[str], Mapping[str, Any] | None],
    taxonomy: Taxonomy | None = None,
) -> tuple[Event, ...]:
    """Make the events of one article.

    Parameters
    ----------
    mentions
        In the order of the text.
    toponyms
        The toponyms that the mentions' places refer to by id.
    boundary
        Gives the polygon of a place by its id, or ``None``.
    taxonomy
        The event types; the built-in ones when ``None``.

    Returns
    -------
    tuple of Event
        In the order of their first mention; their ids are ``"e0"``, ``"e1"``, ….
    """
    by_id = {t.id: t for t in toponyms}
    bundles = bundle_mentions(mentions, by_id)
    taxonomy = taxonomy or load_taxonomy()
    return tuple(
        _event(number, bundle, by_id, boundary, taxonomy) for number, bundle in enumerate(bundles)
    )


def _event(
    number: int,
    bundle: Bundle,
    toponyms: Mapping[int, Toponym],
    boundary: Callable[[str], Mapping[str, Any] | None],
    taxonomy: Taxonomy,
) -> Event:
    mention, placed = bundle.first, bundle.placed
    kind = taxonomy.types[mention.type]
    shape = shape_of(
        kind.geometry,
        [(a.role, toponyms[a.toponym].place) for a in placed.places],
        directions=placed.directions,
        boundary=boundary,
    )
    return Event(
        id=f"e{number}",
        type=mention.type,
        subtype=bundle.subtype,
        trigger=mention.trigger,
        sentence=mention.sentence,
        places=placed.places,
        geometry=shape.geometry,
        geometry_method=shape.method,
        uncertainty_km=shape.uncertainty_km,
        date=bundle.date,
        actors=bundle.actors,
        factuality=mention.factuality,
        attribution=mention.attribution,
        weapon=bundle.weapon,
        counts=bundle.counts,
        codes=kind.codes_of(bundle.subtype),
        confidence=confidence_of(bundle, toponyms),
        reason=reason_of(bundle, toponyms, has_shape=shape.geometry is not None),
    )
