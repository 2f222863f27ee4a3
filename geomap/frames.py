"""Frames: extracted articles as GeoDataFrames, in one published column schema.

The CRS is always EPSG:4326 (``lon, lat``), also of an empty frame. The columns
are documented for users in ``docs/schema.md``, which a test holds to this module.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point, shape

from geomap.contract import KEPT_CANDIDATES, candidate_fields
from geomap.errors import GeometryError
from geomap.map_frame import MapFrame
from geomap.records import ExtractedArticle, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.records import Event, Provenance, Toponym

__all__ = [
    "CRS",
    "EVENT_COLUMNS",
    "SCHEMA_VERSION",
    "TOPONYM_COLUMNS",
    "as_list",
    "check_frame",
    "events_to_gdf",
    "toponyms_to_gdf",
]

CRS = "EPSG:4326"
# Raised when a column changes its name or meaning; written into the layers.
SCHEMA_VERSION = "2"

_COUNTS = ("killed", "injured", "evacuated", "exchanged")
_ROUTE = ("from", "via", "to", "toward")
_PROVENANCE = {
    "geomap_version": "version of geomap",
    "gazetteer": "digest of the gazetteer's inputs",
    "model": "name and version of the spaCy pipeline",
    "settings_sha256": "digest of the settings",
    "worldview": "declared view on disputed borders",
}

EVENT_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "event_id": "identifier, unique over the frame: article, then event",
        "article_id": "identifier of the article",
        "event_number": "place in the order of the article's events, from 0",
        "type": "event type",
        "subtype": "subtype, where the text gives one",
        "date_start": "first day, ISO 8601",
        "date_end": "last day, included, ISO 8601",
        "date_precision": "minute, day, week, month or unknown",
        "date_text": "the words that give the date",
        "factuality": "asserted, claimed, denied, planned, possible or negated",
        "speaker": "person who says so",
        "organisation": "organisation that says so",
        "side": "side that says so",
        "verb": "verb of speech",
        "places": "modern names of the places, with arrows for a route, or the phrase for them",
        "place_texts": "the text's own spellings, separated by semicolons",
        "place_ids": "gazetteer identifiers, separated by semicolons",
        "place_roles": "roles of the places, in the order of place_ids",
        "toponym_ids": "identifiers in the layer of toponyms, in the order of place_ids",
        "country": "ISO 3166-1 alpha-2 code of the first place, under the worldview",
        "admin1": "first-level region of the first place",
        "actors": "who does it, to whom, with whom",
        "weapon": "word of the text for the weapon",
        "killed": "how many were killed, as the text says",
        "injured": "how many were injured, as the text says",
        "evacuated": "how many were brought out, as the text says",
        "exchanged": "how many were exchanged or released, as the text says",
        "trigger": "the words that say that it happens",
        "trigger_start": "character offset of the trigger",
        "trigger_end": "end of the trigger, not included",
        "sentence": "the sentence that says so",
        "sentence_start": "character offset of the sentence",
        "sentence_end": "end of the sentence, not included",
        "geometry_method": "how the geometry was drawn, see below",
        "uncertainty_km": "radius within which the truth lies, km",
        "confidence": "0 to 1",
        "reason": "why this event, and why there",
        "acled": "ACLED event type",
        "plover": "PLOVER event type",
        "cameo": "CAMEO code",
        "arguments": "places, actors, counts and codes as in the extraction, JSON",
        "title": "title of the article",
        "source": "source of the article",
        "url": "address of the article",
        "published": "day of publication, ISO 8601",
        **_PROVENANCE,
        "geometry": "shape on the ground, EPSG:4326; none where no place is known",
    }
)

TOPONYM_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "toponym_id": "identifier, unique over the frame: article, then toponym",
        "article_id": "identifier of the article",
        "start": "character offset of the name",
        "end": "end of the name, not included",
        "text": "the name as the text spells it",
        "reading": "literal, metonymic or modifier",
        "confidence": "0 to 1",
        "reason": "why this place, or why none",
        "place_id": "gazetteer identifier",
        "name": "modern local name",
        "country": "ISO 3166-1 alpha-2 code under the worldview",
        "admin1": "first-level region",
        "feature_class": "GeoNames feature class",
        "feature_code": "GeoNames feature code",
        "radius_km": "radius within which the place lies, or half its extent, km",
        "candidates": "the best three candidates as in the extraction, JSON",
        **_PROVENANCE,
        "geometry": "representative point, EPSG:4326; none where no place is known",
    }
)


def as_list(
    extractions: ExtractedArticle | Iterable[ExtractedArticle],
) -> list[ExtractedArticle]:
    """Give one extracted article or many as a list.

    Parameters
    ----------
    extractions
        What :func:`geomap.extract` or :func:`geomap.extract_many` gave.
    """
    return [extractions] if isinstance(extractions, ExtractedArticle) else list(extractions)


def events_to_gdf(
    extractions: ExtractedArticle | Iterable[ExtractedArticle],
) -> MapFrame:
    """Give the events of articles as a frame.

    Parameters
    ----------
    extractions
        One extracted article, or many.

    Returns
    -------
    MapFrame
        A GeoDataFrame, one row an event, the columns of :data:`EVENT_COLUMNS`, EPSG:4326. An
        event without a place has no geometry; without events the frame is empty.

    Examples
    --------
    >>> frame = events_to_gdf([])
    >>> len(frame), str(frame.crs)
    (0, 'EPSG:4326')
    """
    rows = [
        _event_row(extracted, event, number)
        for extracted in as_list(extractions)
        for number, event in enumerate(extracted.events)
    ]
    return _frame(rows, EVENT_COLUMNS)


def toponyms_to_gdf(
    extractions: ExtractedArticle | Iterable[ExtractedArticle],
) -> MapFrame:
    """Give the toponyms of articles as a frame.

    Parameters
    ----------
    extractions
        One extracted article, or many.

    Returns
    -------
    MapFrame
        A GeoDataFrame, one row a mention, the columns of :data:`TOPONYM_COLUMNS`, EPSG:4326. A
        name without a place has no geometry.

    Examples
    --------
    >>> list(toponyms_to_gdf([]).columns)[:2]
    ['toponym_id', 'article_id']
    """
    rows = [
        _toponym_row(extracted, toponym)
        for extracted in as_list(extractions)
        for toponym in extracted.toponyms
    ]
    return _frame(rows, TOPONYM_COLUMNS)


def check_frame(frame: gpd.GeoDataFrame, columns: Mapping[str, str]) -> None:
    """Refuse a frame that is not of the published schema.

    Parameters
    ----------
    frame
        A frame.
    columns
        :data:`EVENT_COLUMNS` or :data:`TOPONYM_COLUMNS`.

    Raises
    ------
    GeometryError
        When the CRS is missing or not EPSG:4326, or a column is missing.
    """
    if frame.crs is None or frame.crs.to_epsg() != 4326:  # noqa: PLR2004 - the code itself
        msg = f"the CRS is {frame.crs}; expected {CRS}; use set_crs or to_crs({CRS!r})"
        raise GeometryError(msg)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        msg = f"columns {', '.join(missing)} are missing; expected those of docs/schema.md"
        raise GeometryError(msg)


def _frame(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> MapFrame:
    data: dict[str, Any] = {}
    for name in columns:
        if name == "geometry":
            continue
        values = [row[name] for row in rows]
        if name in _COUNTS:
            data[name] = pd.array(values, dtype="Int64")
        else:
            # Text as objects: absent stays None, and half a surrogate pair is no error.
            data[name] = pd.Series(values, dtype=None if _is_number(values) else object)
    geometry = gpd.GeoSeries([row["geometry"] for row in rows], crs=CRS)
    return MapFrame(data, geometry=geometry, crs=CRS)


def _is_number(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(value, int | float) for value in values)


def _event_row(extracted: ExtractedArticle, event: Event, number: int) -> dict[str, Any]:
    names = {toponym.id: toponym for toponym in extracted.toponyms}
    said, date, article = event.attribution, event.date, extracted.article
    return {
        "event_id": f"{article.id}/{event.id}",
        "article_id": article.id,
        "event_number": number,
        "type": event.type,
        "subtype": event.subtype,
        "date_start": date.start.isoformat() if date else None,
        "date_end": date.end.isoformat() if date else None,
        "date_precision": date.precision if date else None,
        "date_text": date.text if date else None,
        "factuality": event.factuality,
        "speaker": said.speaker if said else None,
        "organisation": said.organisation if said else None,
        "side": said.side if said else None,
        "verb": said.verb if said else None,
        **_place_columns(event, names, extracted),
        "actors": _actors(event),
        "weapon": event.weapon,
        **{name: event.counts.get(name) for name in _COUNTS},
        "trigger": event.trigger.text,
        "trigger_start": event.trigger.start,
        "trigger_end": event.trigger.end,
        "sentence": event.sentence.text,
        "sentence_start": event.sentence.start,
        "sentence_end": event.sentence.end,
        "geometry_method": event.geometry_method,
        "uncertainty_km": event.uncertainty_km,
        "confidence": event.confidence,
        "reason": event.reason,
        "acled": event.codes.get("acled"),
        "plover": event.codes.get("plover"),
        "cameo": event.codes.get("cameo"),
        "arguments": _arguments(event),
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        **_provenance_columns(extracted.provenance),
        "geometry": shape(event.geometry) if event.geometry else None,
    }


def _place_columns(
    event: Event, names: Mapping[int, Toponym], extracted: ExtractedArticle
) -> dict[str, str | None]:
    found = [(a.role, names[a.toponym]) for a in event.places if a.toponym in names]
    is_route = any(role in _ROUTE for role, _ in found)
    ordered = (
        sorted(found, key=lambda one: _ROUTE.index(one[0]) if one[0] in _ROUTE else -1)
        if is_route
        else found
    )
    shown = [t.place.name if t.place else t.text for _, t in ordered]
    first = next((t.place for _, t in ordered if t.place), None)
    return {
        "places": extracted.phrase_of(event) or (" → " if is_route else ", ").join(shown) or None,
        "place_texts": "; ".join(t.text for _, t in found) or None,
        "place_ids": "; ".join(t.place.id if t.place else "" for _, t in found) or None,
        "place_roles": "; ".join(role for role, _ in found) or None,
        "toponym_ids": "; ".join(f"{extracted.article.id}/t{t.id}" for _, t in found) or None,
        "country": first.country if first else None,
        "admin1": first.admin1 if first else None,
    }


def _actors(event: Event) -> str | None:
    parts = [
        f"{actor.role} {actor.text}" + (f" ({actor.side})" if actor.side else "")
        for actor in event.actors
    ]
    return "; ".join(parts) or None


def _toponym_row(extracted: ExtractedArticle, toponym: Toponym) -> dict[str, Any]:
    place = toponym.place
    return {
        "toponym_id": f"{extracted.article.id}/t{toponym.id}",
        "article_id": extracted.article.id,
        "start": toponym.start,
        "end": toponym.end,
        "text": toponym.text,
        "reading": toponym.reading,
        "confidence": toponym.confidence,
        "reason": toponym.reason,
        "place_id": place.id if place else None,
        "name": place.name if place else None,
        "country": place.country if place else None,
        "admin1": place.admin1 if place else None,
        "feature_class": place.feature_class if place else None,
        "feature_code": place.feature_code if place else None,
        "radius_km": place.radius_km if place else None,
        "candidates": _json(
            [candidate_fields(one) for one in toponym.candidates[:KEPT_CANDIDATES]]
        ),
        **_provenance_columns(extracted.provenance),
        "geometry": Point(place.lon, place.lat) if place else None,
    }


def _arguments(event: Event) -> str | None:
    """Give what the flat columns cannot hold without loss; ``None`` when there is nothing."""
    held = {
        "places": [fields_of(place) for place in event.places],
        "actors": [fields_of(actor) for actor in event.actors],
        "counts": dict(event.counts),
        "codes": dict(event.codes),
    }
    return _json({name: value for name, value in held.items() if value})


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None


def _provenance_columns(made: Provenance) -> dict[str, str]:
    return {
        "geomap_version": made.version,
        "gazetteer": made.gazetteer,
        "model": made.model,
        "settings_sha256": made.settings_sha256,
        "worldview": made.worldview,
    }
