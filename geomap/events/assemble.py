"""From event mentions to events: merging within the article, shape, confidence, reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.bundles import Bundle, bundle_mentions
from geomap.events.confidence import confidence_of, reason_of
from geomap.events.mentions import PHRASE_CHARACTERS
from geomap.events.shapes import relative_shape, shape_of
from geomap.events.taxonomy import load_taxonomy
from geomap.records import Event, PlaceArgument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from geomap.events.mentions import EventMention
    from geomap.events.taxonomy import Taxonomy
    from geomap.records import RelativePlace, Toponym

__all__ = ["assemble_events"]


def assemble_events(
    mentions: Sequence[EventMention],
    toponyms: Sequence[Toponym],
    *,
    boundary: Callable[[str], Mapping[str, Any] | None],
    relative_places: Sequence[RelativePlace] = (),
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
    relative_places
        An event whose place is the anchor of one of them takes its geometry.
    taxonomy
        The event types; the built-in ones when ``None``.

    Returns
    -------
    tuple of Event
        In the order of their first mention; their ids are ``"e0"``, ``"e1"``, ….
    """
    by_id = {t.id: t for t in toponyms}
    taxonomy = taxonomy or load_taxonomy()
    relative = {anchor: place for place in relative_places for anchor in place.anchors}
    placed = [_placed_by_phrase(mention, by_id, relative_places, taxonomy) for mention in mentions]
    bundles = bundle_mentions(placed, by_id)
    return tuple(
        _event(number, bundle, by_id, boundary, relative, taxonomy)
        for number, bundle in enumerate(bundles)
    )


def _event(
    number: int,
    bundle: Bundle,
    toponyms: Mapping[int, Toponym],
    boundary: Callable[[str], Mapping[str, Any] | None],
    relative: Mapping[int, RelativePlace],
    taxonomy: Taxonomy,
) -> Event:
    mention, placed = bundle.first, bundle.placed
    kind = taxonomy.types[mention.type]
    hung = _relative(placed, toponyms, relative)
    shape = relative_shape(kind.geometry, hung) or shape_of(
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
        reason=reason_of(bundle, toponyms, has_shape=shape.geometry is not None)
        + (f"; “{hung.text}”: {hung.reason}" if hung and shape.method == hung.method else ""),
    )


def _placed_by_phrase(
    mention: EventMention,
    toponyms: Mapping[int, Toponym],
    places: Sequence[RelativePlace],
    taxonomy: Taxonomy,
) -> EventMention:
    """Give a mention without places of its own the anchors of the phrase close behind it.

    "Struck a convoy between X and Y" happens at neither of them, so neither is its
    place by its preposition.
    """
    is_line = taxonomy.types[mention.type].geometry == "line"
    if is_line or (mention.places and not mention.carried):
        return mention
    for place in places:
        gap = place.start - mention.trigger.end
        inside = 0 < gap <= PHRASE_CHARACTERS and place.end <= mention.sentence.end
        if not inside or place.geometry is None or not place.anchors:
            continue
        if any(mention.trigger.end <= t.start < place.start for t in toponyms.values()):
            continue
        near = tuple(PlaceArgument(role="near", toponym=anchor) for anchor in place.anchors)
        return replace(mention, places=near, carried=None)
    return mention


def _relative(
    placed: EventMention, toponyms: Mapping[int, Toponym], relative: Mapping[int, RelativePlace]
) -> RelativePlace | None:
    """Give the relative place that hangs on the first known place, in the mention's sentence."""
    known = [a.toponym for a in placed.places if toponyms[a.toponym].place is not None]
    found = relative.get(known[0]) if known else None
    if found is None or not placed.sentence.start <= found.start < placed.sentence.end:
        return None
    return found
