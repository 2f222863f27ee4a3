"""Hand-built extractions: scoring needs no model and no gazetteer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from geomap.records import (
    Article,
    Attribution,
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

KYIV = (30.5238, 50.4547)
KHARKIV = (36.2548, 49.9818)
BROVARY = (30.7909, 50.5117)  # 20 km from Kyiv


def place(name: str, lon: float, lat: float) -> Place:
    return Place(
        id=f"test:{name}",
        name=name,
        country="UA",
        admin1=None,
        lat=lat,
        lon=lon,
        feature_class="P",
        feature_code="PPL",
        radius_km=5,
    )


def toponym(id_: int, text: str, start: int, at: Place | None, **more: Any) -> Toponym:
    values = {"reading": "literal", "confidence": 1.0, "reason": "test", **more}
    return Toponym(id=id_, start=start, end=start + len(text), text=text, place=at, **values)


def event(type_: str, trigger: tuple[int, int], toponyms: tuple[int, ...], **more: Any) -> Event:
    values: dict[str, Any] = {
        "id": f"{type_}-{trigger[0]}",
        "subtype": None,
        "sentence": Sentence(start=0, end=1000, text=""),
        "places": tuple(PlaceArgument(role="target", toponym=id_) for id_ in toponyms),
        "geometry": {"type": "Point", "coordinates": [0, 0]} if toponyms else None,
        "geometry_method": "point" if toponyms else None,
        "uncertainty_km": None,
        "date": DateRange(start=dt.date(2022, 3, 3), end=dt.date(2022, 3, 3), precision="day"),
        "actors": (),
        "factuality": "asserted",
        "attribution": None,
        "codes": {},
        "confidence": 1.0,
        "reason": "test",
        **more,
    }
    return Event(type=type_, trigger=Trigger(start=trigger[0], end=trigger[1], text=""), **values)


def extracted(
    text: str,
    toponyms: tuple[Toponym, ...] = (),
    events: tuple[Event, ...] = (),
    *,
    id_: str = "a",
) -> ExtractedArticle:
    return ExtractedArticle(
        article=Article(id=id_, text=text),
        toponyms=toponyms,
        events=events,
        provenance=Provenance(
            version="0", gazetteer="0", model="0", settings_sha256="0", worldview="un-68-262"
        ),
    )


def said(speaker: str | None, organisation: str | None = None) -> Attribution:
    return Attribution(speaker=speaker, organisation=organisation)


def gold_toponym(text: str, start: int, point: tuple[float, float] | None, **more: Any) -> dict:
    lon, lat = point or (None, None)
    row = {"doc": "a", "start": start, "end": start + len(text), "text": text}
    return {**row, "reading": "literal", "lat": lat, "lon": lon, "radius_km": 5, **more}


def gold_event(type_: str, span: tuple[int, int], places: list[dict], **more: Any) -> dict:
    row = {"doc": "a", "type": type_, "subtype": None, "trigger": "x"}
    row |= {"start": span[0], "end": span[1], "places": places, "date": "2022-03-03"}
    row |= {"date_precision": "day", "factuality": "asserted", "attribution": None}
    return {**row, "geometry": "point", **more}


def gold_place(name: str, point: tuple[float, float] | None, *, role: str = "target") -> dict:
    lon, lat = point or (None, None)
    return {"role": role, "place": name, "lat": lat, "lon": lon, "radius_km": 5}
