"""Small records for tests that need an extraction and no model."""

from __future__ import annotations

import datetime as dt
from typing import Any

from geomap.records import (
    Actor,
    Article,
    Attribution,
    Candidate,
    DateRange,
    Event,
    ExtractedArticle,
    Place,
    PlaceArgument,
    Provenance,
    Sentence,
    Toponym,
    Trigger,
)

TEXT = "A corridor opened from Sumy to Poltava on 8 March, Kyiv said."
PROVENANCE = Provenance(
    version="0.1.0",
    gazetteer="abc",
    model="en 3.8.0",
    settings_sha256="0" * 64,
    worldview="un-68-262",
)


def place(name: str, lon: float, lat: float, **changes: Any) -> Place:
    values: dict[str, Any] = {
        "id": f"geonames:{name.lower()}",
        "name": name,
        "country": "UA",
        "admin1": None,
        "lon": lon,
        "lat": lat,
        "feature_class": "P",
        "feature_code": "PPLA",
        "radius_km": 5.0,
    }
    return Place(**{**values, **changes})


SUMY = place("Sumy", 34.8, 50.9)
POLTAVA = place("Poltava", 34.55, 49.59)


def toponym(number: int, text: str, where: Place | None, **changes: Any) -> Toponym:
    start = max(TEXT.find(text), 0)
    values: dict[str, Any] = {
        "id": number,
        "start": start,
        "end": start + len(text),
        "text": text,
        "reading": "literal",
        "place": where,
        "confidence": 0.9,
        "reason": "the largest place of that name",
        "candidates": (
            (Candidate(place=where, score=0.9, match="exact", reason="its name"),) if where else ()
        ),
    }
    return Toponym(**{**values, **changes})


def event(**changes: Any) -> Event:
    values: dict[str, Any] = {
        "id": "sumy-e1",
        "type": "corridor",
        "subtype": None,
        "trigger": Trigger(start=2, end=10, text="corridor"),
        "sentence": Sentence(start=0, end=len(TEXT), text=TEXT),
        "places": (
            PlaceArgument(role="to", toponym=1),
            PlaceArgument(role="from", toponym=0),
        ),
        "geometry": {"type": "LineString", "coordinates": [[34.8, 50.9], [34.55, 49.59]]},
        "geometry_method": "line",
        "uncertainty_km": 5.0,
        "date": DateRange(
            start=dt.date(2022, 3, 8),
            end=dt.date(2022, 3, 8),
            precision="day",
            text="8 March",
        ),
        "actors": (Actor(text="Kyiv", role="by", side="UA"),),
        "factuality": "claimed",
        "attribution": Attribution(speaker="Kyiv", side="UA", verb="said"),
        "codes": {"acled": "Strategic developments"},
        "confidence": 0.8,
        "reason": "a corridor from one place to another",
    }
    return Event(**{**values, **changes})


def extracted(article_id: str = "sumy", **changes: Any) -> ExtractedArticle:
    values: dict[str, Any] = {
        "article": Article(id=article_id, text=TEXT, published=dt.date(2022, 3, 8), language="en"),
        "toponyms": (
            toponym(0, "Sumy", SUMY),
            toponym(1, "Poltava", POLTAVA),
            toponym(2, "Kyiv", None, reading="metonymic", reason="a government"),
        ),
        "events": (event(),),
        "provenance": PROVENANCE,
        "warnings": (),
    }
    return ExtractedArticle(**{**values, **changes})
