"""Extractions: extracted articles as the data of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.escape import visible, web_address
from geomap.events.merge import merge_events
from geomap.maps.data import PageData, PageEvent, article_row
from geomap.maps.drawing import plan
from geomap.maps.pool import offsets_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import geopandas as gpd

    from geomap.maps.drawing import Drawing, Listed
    from geomap.records import ExtractedArticle, Place

__all__ = ["data_of_extractions", "page_data"]

# Merging takes 0.1 s for 2,000 events of all places and days, but grows with the square of
# those of one place and day; with more a page shows the reports one by one.
MOST_MERGED = 2000


def page_data(
    extractions: ExtractedArticle | Iterable[ExtractedArticle] | gpd.GeoDataFrame,
) -> PageData:
    """Give the data of a page from whatever is drawn.

    Parameters
    ----------
    extractions
        One extracted article, many, or a frame of events in EPSG:4326.

    Raises
    ------
    GeometryError
        When a frame is not in EPSG:4326.
    """
    if hasattr(extractions, "crs"):
        from geomap.maps.frame import data_of_frame  # noqa: PLC0415 - not always needed

        return data_of_frame(extractions)
    return data_of_extractions(extractions)


def data_of_extractions(extractions: ExtractedArticle | Iterable[ExtractedArticle]) -> PageData:
    """Give the data of a page from extracted articles.

    Parameters
    ----------
    extractions
        One extracted article, or many.
    """
    drawing = plan(extractions)
    data = PageData(worldviews=_worldviews(drawing))
    places: dict[str, int] = {}
    converters = []
    for extracted in drawing.extractions:
        at = offsets_in(extracted.article.text)
        converters.append(at)
        data.articles.append(_article(extracted, at, data, places))
    number_of = {id(one): number for number, one in enumerate(drawing.extractions)}
    order = [
        {toponym.id: number for number, toponym in enumerate(one.toponyms)}
        for one in drawing.extractions
    ]
    for one in drawing.events:
        article = number_of[id(one.extracted)]
        data.events.append(_event(one, article, converters[article], order[article]))
    data.groups = _groups(drawing, data)
    return data


def _worldviews(drawing: Drawing) -> tuple[str, ...]:
    return tuple(sorted({visible(one.provenance.worldview) for one in drawing.extractions}))


def _article(
    extracted: ExtractedArticle, at: Callable[[int], int], data: PageData, places: dict[str, int]
) -> dict[str, Any]:
    article, text = extracted.article, data.pool.number
    names = [
        (
            at(one.start), at(one.end), _place(one.place, data, places),
            text(one.reading), round(one.confidence, 3), text(one.reason),
        )
        for one in extracted.toponyms
    ]  # fmt: skip
    return article_row(
        id=visible(article.id),
        title=visible(article.title) if article.title else None,
        source=visible(article.source) if article.source else None,
        link=web_address(article.url),
        address=visible(article.url) if article.url and not web_address(article.url) else None,
        published=article.published.isoformat() if article.published else None,
        language=article.language,
        text=visible(article.text),
        names=names,
    )


def _place(place: Place | None, data: PageData, places: dict[str, int]) -> int:
    if place is None:
        return -1
    found = places.get(place.id)
    if found is None:
        found = places[place.id] = len(data.places)
        data.places.append(
            (
                place.name, place.country, place.admin1, place.lon, place.lat,
                place.radius_km, place.feature_class,
            )
        )  # fmt: skip
    return found


def _event(one: Listed, article: int, at: Callable[[int], int], order: dict[int, int]) -> PageEvent:
    event = one.event
    said, date = event.attribution, event.date
    return PageEvent(
        id=event.id,
        type=event.type,
        subtype=event.subtype,
        factuality=event.factuality,
        article=article,
        geometry=event.geometry,
        uncertainty_km=event.uncertainty_km,
        trigger=(at(event.trigger.start), at(event.trigger.end)),
        sentence=(at(event.sentence.start), at(event.sentence.end)),
        where=one.where(),
        places=tuple((role, order[toponym.id]) for role, toponym in one.places()),
        actors=tuple((actor.role, actor.text, actor.side) for actor in event.actors),
        said=(said.speaker, said.organisation, said.side, said.verb) if said else None,
        dates=(date.start, date.end) if date else None,
        precision=date.precision if date else None,
        date_text=date.text if date else None,
        confidence=event.confidence,
        reason=event.reason,
        weapon=event.weapon,
        counts=event.counts,
    )


def _groups(drawing: Drawing, data: PageData) -> list[dict[str, Any]]:
    """Say which events tell one event, where several articles do."""
    one_article = len(drawing.extractions) == 1
    if one_article or len(drawing.events) > MOST_MERGED:
        return []
    numbers = {(one.extracted.article.id, one.event.id): one.number for one in drawing.events}
    return [
        {
            "events": [numbers[member.article, member.event] for member in merged.members],
            "independent": merged.independent,
            "reason": data.pool.number(merged.reason),
        }
        for merged in merge_events(drawing.extractions)
        if len(merged.members) > 1
    ]
