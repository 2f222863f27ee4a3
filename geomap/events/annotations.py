"""Events as spaCy span groups: one group an event, plain values only.

``doc.spans["event:e0"]`` holds the trigger and the place arguments; the rest
lies in the group's ``attrs["record"]``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from geomap.records import (
    Actor,
    Attribution,
    DateRange,
    Event,
    PlaceArgument,
    Sentence,
    Trigger,
    fields_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from geomap.records import Toponym

__all__ = ["ANCHOR", "PREFIX", "anchor_of", "annotate_events", "events_of"]

PREFIX = "event:"
ANCHOR = "geomap_anchor"


def annotate_events(doc: Doc, events: Sequence[Event], toponyms: Sequence[Toponym]) -> None:
    """Write events into ``doc.spans``.

    Parameters
    ----------
    doc
        The text the offsets refer to.
    events
        The events.
    toponyms
        The toponyms that their places refer to.
    """
    from spacy.tokens import SpanGroup  # noqa: PLC0415 - pure callers must not load spaCy

    by_id = {t.id: t for t in toponyms}
    for event in events:
        trigger = doc.char_span(event.trigger.start, event.trigger.end, label="trigger")
        found = [trigger]
        for argument in event.places:
            toponym = by_id[argument.toponym]
            found.append(doc.char_span(toponym.start, toponym.end, label=argument.role))
        spans = [span for span in found if span is not None]
        name = f"{PREFIX}{event.id}"
        doc.spans[name] = SpanGroup(doc, name=name, spans=spans, attrs={"record": _plain(event)})


def _plain(event: Event) -> dict[str, Any]:
    date, attribution = event.date, event.attribution
    return {
        **fields_of(event),
        "trigger": fields_of(event.trigger),
        "sentence": fields_of(event.sentence),
        "places": tuple(fields_of(place) for place in event.places),
        "actors": tuple(fields_of(actor) for actor in event.actors),
        "attribution": fields_of(attribution) if attribution is not None else None,
        "date": {
            **fields_of(date),
            "start": date.start.isoformat(),
            "end": date.end.isoformat(),
        }
        if date is not None
        else None,
    }


def events_of(doc: Doc) -> tuple[Event, ...]:
    """Read the events back.

    Parameters
    ----------
    doc
        A text that went through ``geomap_events_v1``.

    Returns
    -------
    tuple of Event
        Empty when the component has not run or found nothing.
    """
    groups = [group for name, group in doc.spans.items() if name.startswith(PREFIX)]
    return tuple(_event(group.attrs["record"]) for group in groups)


def _event(record: dict[str, Any]) -> Event:
    date, attribution = record["date"], record["attribution"]
    if date is not None:
        date = DateRange(
            **{
                **date,
                "start": dt.date.fromisoformat(date["start"]),
                "end": dt.date.fromisoformat(date["end"]),
            }
        )
    return Event(
        **{
            **record,
            "trigger": Trigger(**record["trigger"]),
            "sentence": Sentence(**record["sentence"]),
            "places": tuple(PlaceArgument(**p) for p in record["places"]),
            "actors": tuple(Actor(**a) for a in record["actors"]),
            "attribution": Attribution(**attribution) if attribution is not None else None,
            "date": date,
        }
    )


def anchor_of(doc: Doc) -> tuple[str | None, str]:
    """Give the day that relative dates hang on, and where it comes from.

    Parameters
    ----------
    doc
        A text that went through ``geomap_events_v1``.

    Returns
    -------
    tuple of (ISO date or None, source in words)
    """
    day, why = doc.user_data.get(ANCHOR, (None, "nothing"))
    return day, why
