"""Writing the contract: records become plain values in the order of the contract."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import (
        Candidate,
        DateRange,
        Event,
        ExtractedArticle,
        Place,
        RelativePlace,
        Toponym,
    )

__all__ = [
    "CONTRACT_VERSION",
    "KEPT_CANDIDATES",
    "candidate_fields",
    "relative_place_fields",
    "to_dict",
]

# Raised when a field is added or changes. 1: toponyms and events. 2: relative_places,
# and the geometry methods of places told by others. Older files are always read.
CONTRACT_VERSION = 2

# 0.00001 degree is 1.1 m, finer than any place named in news; RFC 7946 section
# 11.2 warns against more.
COORDINATE_DIGITS = 5
SCORE_DIGITS = 3

# The contract keeps the best three, enough to see what was nearly chosen.
KEPT_CANDIDATES = 3


def to_dict(extracted: ExtractedArticle) -> dict[str, Any]:
    """Give an extracted article as the plain values of the contract.

    Parameters
    ----------
    extracted
        What :func:`geomap.extract` gave.

    Returns
    -------
    dict
        JSON-ready; keys in the order of the contract. Coordinates (EPSG:4326
        degrees) have 5 decimals, scores, confidences and kilometres 3; of the
        candidates the best three are kept, with id, name, country, point and
        score. ``text`` holds the article, so that a map can be redrawn.
    """
    article = extracted.article
    made = extracted.provenance
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "text": article.text,
        # Half a surrogate pair cannot come from a file, but may from a caller.
        "text_sha256": hashlib.sha256(article.text.encode(errors="surrogatepass")).hexdigest(),
        "geomap": {
            "version": made.version,
            "gazetteer": made.gazetteer,
            "model": made.model,
            "settings_sha256": made.settings_sha256,
            "worldview": made.worldview,
            "contract": CONTRACT_VERSION,
        },
        "toponyms": [_toponym(toponym) for toponym in extracted.toponyms],
        "relative_places": [relative_place_fields(place) for place in extracted.relative_places],
        "events": [_event(event) for event in extracted.events],
        "warnings": list(extracted.warnings),
    }


def _toponym(toponym: Toponym) -> dict[str, Any]:
    return {
        "id": toponym.id,
        "start": toponym.start,
        "end": toponym.end,
        "text": toponym.text,
        "reading": toponym.reading,
        "place": _place(toponym.place) if toponym.place else None,
        "confidence": round(toponym.confidence, SCORE_DIGITS),
        "reason": toponym.reason,
        "candidates": [candidate_fields(one) for one in toponym.candidates[:KEPT_CANDIDATES]],
    }


def candidate_fields(candidate: Candidate) -> dict[str, Any]:
    """Give what the contract keeps of a candidate.

    Parameters
    ----------
    candidate
        A place that a name may stand for.

    Returns
    -------
    dict
        id, name, country, lat, lon (EPSG:4326 degrees, 5 decimals) and score.
    """
    return {
        "id": candidate.place.id,
        "name": candidate.place.name,
        "country": candidate.place.country,
        "lat": round(candidate.place.lat, COORDINATE_DIGITS),
        "lon": round(candidate.place.lon, COORDINATE_DIGITS),
        "score": round(candidate.score, SCORE_DIGITS),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "country": place.country,
        "admin1": place.admin1,
        "lat": round(place.lat, COORDINATE_DIGITS),
        "lon": round(place.lon, COORDINATE_DIGITS),
        "feature_class": place.feature_class,
        "feature_code": place.feature_code,
        "radius_km": round(place.radius_km, SCORE_DIGITS),
    }


def relative_place_fields(place: RelativePlace) -> dict[str, Any]:
    """Give what the contract keeps of a relative place.

    Parameters
    ----------
    place
        A place told by others.

    Returns
    -------
    dict
        Its fields in the order of the contract; degrees have 5 decimals, km 3.
    """
    return {
        **_span(place),
        "anchors": list(place.anchors),
        "relation": place.relation,
        "distance_km": _rounded_or_none(place.distance_km, SCORE_DIGITS),
        "bearing_deg": _rounded_or_none(place.bearing_deg, SCORE_DIGITS),
        "geometry": _geometry(place.geometry),
        "method": place.method,
        "lat": _rounded_or_none(place.lat, COORDINATE_DIGITS),
        "lon": _rounded_or_none(place.lon, COORDINATE_DIGITS),
        "uncertainty_km": _rounded_or_none(place.uncertainty_km, SCORE_DIGITS),
        "reason": place.reason,
        "locates": place.locates,
    }


def _rounded_or_none(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _event(event: Event) -> dict[str, Any]:
    said = event.attribution
    uncertainty = event.uncertainty_km
    return {
        "id": event.id,
        "type": event.type,
        "subtype": event.subtype,
        "trigger": _span(event.trigger),
        "sentence": _span(event.sentence),
        "places": [{"role": place.role, "toponym": place.toponym} for place in event.places],
        "geometry": _geometry(event.geometry),
        "geometry_method": event.geometry_method,
        "uncertainty_km": None if uncertainty is None else round(uncertainty, SCORE_DIGITS),
        "date": _date(event.date),
        "actors": [
            {"text": actor.text, "role": actor.role, "side": actor.side} for actor in event.actors
        ],
        "factuality": event.factuality,
        "attribution": None
        if said is None
        else {
            "speaker": said.speaker,
            "organisation": said.organisation,
            "side": said.side,
            "verb": said.verb,
        },
        "weapon": event.weapon,
        "counts": dict(event.counts),
        "codes": dict(event.codes),
        "confidence": round(event.confidence, SCORE_DIGITS),
        "reason": event.reason,
    }


def _span(span: Any) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.text}


def _date(date: DateRange | None) -> dict[str, Any] | None:
    if date is None:
        return None
    return {
        "start": date.start.isoformat(),
        "end": date.end.isoformat(),
        "precision": date.precision,
        "text": date.text,
    }


def _geometry(geometry: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Round the positions of a GeoJSON geometry; keep all else as it is."""
    if geometry is None:
        return None
    rounded = {key: value for key, value in geometry.items() if key != "bbox"}
    if "coordinates" in rounded:
        rounded["coordinates"] = _rounded(rounded["coordinates"])
    if "geometries" in rounded:
        rounded["geometries"] = [_geometry(part) for part in rounded["geometries"]]
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return round(float(value), COORDINATE_DIGITS)
