"""Toponyms as spaCy span groups: plain values only, so that a Doc can be stored and sent.

``doc.spans["toponyms"]`` holds one span a toponym; its label is the reading,
its ``kb_id_`` the identifier of the place. The rest lies in the group's
``attrs["records"]`` as plain dicts. (Dataclasses in extension attributes would
break ``Doc.to_bytes``, ``DocBin`` and ``n_process=2``.)

``doc.spans["relative_places"]`` holds the phrases that tell a place by others,
in the same way; its label is the relation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.records import Candidate, Place, RelativePlace, Toponym, fields_of, made_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

__all__ = [
    "KEY",
    "RELATIVE_KEY",
    "annotate_relative_places",
    "annotate_toponyms",
    "relative_places_of",
    "toponyms_of",
]

KEY = "toponyms"
RELATIVE_KEY = "relative_places"


def annotate_toponyms(doc: Doc, toponyms: Sequence[Toponym]) -> None:
    """Write toponyms into ``doc.spans``.

    Parameters
    ----------
    doc
        The text the offsets refer to.
    toponyms
        In the order of the text.
    """
    from spacy.tokens import SpanGroup  # noqa: PLC0415 - pure callers must not load spaCy

    spans = []
    for toponym in toponyms:
        span = doc.char_span(
            toponym.start,
            toponym.end,
            label=toponym.reading,
            kb_id=toponym.place.id if toponym.place else "",
        )
        if span is not None:  # offsets between tokens cannot come from our own finder
            spans.append(span)
    # The namings of one place share its candidates.
    known: dict[int, tuple[dict[str, Any], ...]] = {}
    doc.spans[KEY] = SpanGroup(
        doc, name=KEY, spans=spans, attrs={"records": [_plain(t, known) for t in toponyms]}
    )


def _plain(toponym: Toponym, known: dict[int, tuple[dict[str, Any], ...]]) -> dict[str, Any]:
    plain = fields_of(toponym)
    if toponym.place is not None:
        plain["place"] = fields_of(toponym.place)
    key = id(toponym.candidates)
    if key not in known:
        known[key] = tuple(
            {**fields_of(c), "place": fields_of(c.place)} for c in toponym.candidates
        )
    plain["candidates"] = known[key]
    return plain


def toponyms_of(doc: Doc) -> tuple[Toponym, ...]:
    """Read the toponyms back.

    Parameters
    ----------
    doc
        A text that went through ``geomap_toponyms_v1``.

    Returns
    -------
    tuple of Toponym
        Empty when the component has not run or found nothing.
    """
    if KEY not in doc.spans:
        return ()
    known: dict[int, tuple[Candidate, ...]] = {}
    return tuple(_toponym(record, known) for record in doc.spans[KEY].attrs["records"])


def _toponym(record: dict[str, Any], known: dict[int, tuple[Candidate, ...]]) -> Toponym:
    place, key = record["place"], id(record["candidates"])
    if key not in known:
        known[key] = tuple(
            made_of(Candidate, {**c, "place": made_of(Place, c["place"])})
            for c in record["candidates"]
        )
    return made_of(
        Toponym,
        {
            **record,
            "place": made_of(Place, place) if place else None,
            "candidates": known[key],
        },
    )


def annotate_relative_places(doc: Doc, places: Sequence[RelativePlace]) -> None:
    """Write relative places into ``doc.spans``.

    Parameters
    ----------
    doc
        The text the offsets refer to.
    places
        In the order of the text.
    """
    from spacy.tokens import SpanGroup  # noqa: PLC0415 - pure callers must not load spaCy

    spans = [
        span
        for place in places
        if (
            span := doc.char_span(
                place.start, place.end, label=place.relation, alignment_mode="expand"
            )
        )
    ]
    doc.spans[RELATIVE_KEY] = SpanGroup(
        doc, name=RELATIVE_KEY, spans=spans, attrs={"records": [fields_of(p) for p in places]}
    )


def relative_places_of(doc: Doc) -> tuple[RelativePlace, ...]:
    """Read the relative places back.

    Parameters
    ----------
    doc
        A text that went through ``geomap_toponyms_v1``.

    Returns
    -------
    tuple of RelativePlace
        Empty when the component has not run or found nothing.
    """
    if RELATIVE_KEY not in doc.spans:
        return ()
    return tuple(
        RelativePlace(**{**record, "anchors": tuple(record["anchors"])})
        for record in doc.spans[RELATIVE_KEY].attrs["records"]
    )
