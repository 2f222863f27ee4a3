"""From event mentions to events: merging within the article, shape, confidence, reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.events.merge import Bundle, bundle_mentions
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

# Confidence of a trigger whose place is certain; measured as the share of right
# events among placed ones on the seeds.
TRIGGER_CONFIDENCE = 0.9
CARRIED_FACTOR = 0.7
UNPLACED_CONFIDENCE = 0.5


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
        confidence=_confidence(placed, toponyms),
        reason=_reason(bundle, toponyms, has_shape=shape.geometry is not None),
    )


def _confidence(placed: EventMention, toponyms: Mapping[int, Toponym]) -> float:
    if not placed.places:
        return UNPLACED_CONFIDENCE
    weakest = min(toponyms[a.toponym].confidence for a in placed.places)
    confidence = TRIGGER_CONFIDENCE * (0.5 + placed.tied / 2) * (0.5 + weakest / 2)
    return round(confidence * (CARRIED_FACTOR if placed.carried else 1.0), 3)


def _reason(bundle: Bundle, toponyms: Mapping[int, Toponym], *, has_shape: bool) -> str:
    mention, placed = bundle.first, bundle.placed
    parts = [f"“{mention.trigger.text}” says {mention.type}"]
    if not placed.places:
        parts.append("the text gives it no place")
    else:
        names = ", ".join(f"{a.role} “{toponyms[a.toponym].text}”" for a in placed.places)
        parts.append(f"places: {names}")
        if not has_shape:
            parts.append("none of them is known to the gazetteer")
        if placed.carried:
            parts.append("the place is carried over from a sentence beside it")
        elif placed is not mention:
            parts.append(f"the place is that of “{placed.trigger.text}” elsewhere in the article")
    if bundle.size > 1:
        parts.append(f"{bundle.size} mentions in the article")
    return "; ".join(parts)
