"""Frame: a GeoDataFrame of events as the data of a page.

A frame holds no article, only the sentences that tell an event: the text beside the
map consists of these.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, cast

from geomap.errors import GeometryError
from geomap.escape import visible, web_address
from geomap.maps.data import PageData, PageEvent, article_row
from geomap.maps.symbols import FACTUALITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from geomap.records import Factuality

__all__ = ["data_of_frame"]

CRS_CODE = 4326
COUNTS = ("killed", "injured", "evacuated", "exchanged")
GAP = "\n\n"


def data_of_frame(frame: gpd.GeoDataFrame) -> PageData:
    """Give the data of a page from a frame of events.

    Parameters
    ----------
    frame
        EPSG:4326. Columns as of :func:`geomap.events_to_gdf` are used where they are
        there; every other column, and a missing one, is no fault.

    Raises
    ------
    GeometryError
        When the CRS is missing or another.
    """
    if frame.crs is None or frame.crs.to_epsg() != CRS_CODE:
        msg = f"the CRS is {frame.crs}; expected EPSG:4326; use set_crs or to_crs('EPSG:4326')"
        raise GeometryError(msg)
    data = PageData()
    plain = frame.drop(columns=frame.geometry.name).astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    shapes = [None if one is None or one.is_empty else _geometry(one) for one in frame.geometry]
    articles: dict[str, int] = {}
    texts: list[dict[str, int]] = []
    for number, (row, geometry) in enumerate(zip(rows, shapes, strict=True)):
        key = str(row.get("article_id") or row.get("url") or "frame")
        article = articles.setdefault(key, len(articles))
        if article == len(data.articles):
            data.articles.append(_article(key, row))
            texts.append({})
        start = _place_sentence(
            _text(row, "sentence") or "", data.articles[article], texts[article]
        )
        data.events.append(_event(row, geometry, article, start, number))
    data.worldviews = tuple(
        sorted({visible(str(r["worldview"])) for r in rows if r.get("worldview")})
    )
    return data


def _geometry(shape: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(json.dumps(shape.__geo_interface__)))


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return None if value is None or value == "" else visible(str(value))


def _article(key: str, row: Mapping[str, Any]) -> dict[str, Any]:
    url = row.get("url")
    link = web_address(str(url)) if url else None
    return article_row(
        id=visible(key),
        title=_text(row, "title"),
        source=_text(row, "source"),
        link=link,
        address=_text(row, "url") if link is None else None,
        published=_text(row, "published"),
        text="",
        names=[],
        excerpts=True,
    )


def _place_sentence(sentence: str, article: dict[str, Any], known: dict[str, int]) -> int:
    """Give where a sentence starts in the article, in UTF-16, where it is put at need."""
    found = known.get(sentence)
    if found is None:
        before = article["text"] + GAP if article["text"] else ""
        found = known[sentence] = _units(before)
        article["text"] = before + sentence
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _event(
    row: Mapping[str, Any],
    geometry: Mapping[str, Any] | None,
    article: int,
    start: int,
    number: int,
) -> PageEvent:
    sentence, trigger = _text(row, "sentence") or "", _text(row, "trigger") or ""
    at = sentence.find(trigger) if trigger else -1
    first = start + _units(sentence[: max(at, 0)])
    factuality = row.get("factuality")
    said = tuple(_text(row, name) for name in ("speaker", "organisation", "side", "verb"))
    return PageEvent(
        id=_text(row, "event_id") or str(number),
        type=_text(row, "type") or "other",
        subtype=_text(row, "subtype"),
        factuality=cast("Factuality", factuality) if factuality in FACTUALITIES else "asserted",
        article=article,
        geometry=geometry,
        uncertainty_km=_number(row, "uncertainty_km"),
        trigger=(first, first + _units(trigger)) if at >= 0 else (start, start),
        sentence=(start, start + _units(sentence)),
        where=_text(row, "places") or "",
        actors=(("", actors, None),) if (actors := _text(row, "actors")) else (),
        said=cast("Any", said) if any(said) else None,
        dates=_dates(row),
        precision=_text(row, "date_precision"),
        date_text=_text(row, "date_text"),
        confidence=_number(row, "confidence") or 0.0,
        reason=_text(row, "reason"),
        weapon=_text(row, "weapon"),
        counts={name: int(row[name]) for name in COUNTS if row.get(name) is not None},
    )


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None else float(value)


def _dates(row: Mapping[str, Any]) -> tuple[dt.date, dt.date] | None:
    start = _day(row.get("date_start"))
    return None if start is None else (start, _day(row.get("date_end")) or start)


def _day(value: Any) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
