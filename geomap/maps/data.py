"""Data: what the page's script reads, as one JSON value of plain texts, numbers and offsets.

Events are kept by column and texts by number (:class:`geomap.maps.pool.Pool`), which keeps
100,000 of them small. Nothing in here is HTML: the script shows every text as text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.maps.features import DECIMALS, Bounds, Seam, bounds_of, box_of, lons_of, mark_spot
from geomap.maps.pool import Pool
from geomap.maps.symbols import FACTUALITIES, colour_of
from geomap.palette import label_of
from geomap.signs import sign_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.records import Factuality

__all__ = ["COLUMNS", "PageData", "PageEvent", "article_row"]

EPOCH = dt.date(1970, 1, 1).toordinal()
FACTUALITY_ORDER = tuple(FACTUALITIES)

COLUMNS = (
    "id", "type", "subtype", "fact", "article", "lon", "lat", "shape", "uncertainty", "d0", "d1",
    "precision", "dateText", "trigger", "sentence", "where", "places", "actors", "said",
    "confidence", "reason", "weapon", "counts",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvent:
    """One event as the page knows it.

    Parameters
    ----------
    trigger, sentence
        Half-open offsets into the shown text of the article, in units of UTF-16.
    places
        ``(role, number of the name in the article)``.
    actors
        ``(role, text, side)``.
    said
        ``(speaker, organisation, side, verb)``, or ``None``.
    dates
        First and last day, both included; ``None`` without a date.
    """

    id: str
    type: str
    factuality: Factuality
    article: int
    geometry: Mapping[str, Any] | None
    trigger: tuple[int, int]
    sentence: tuple[int, int]
    where: str
    confidence: float
    reason: str | None
    subtype: str | None = None
    uncertainty_km: float | None = None
    dates: tuple[dt.date, dt.date] | None = None
    precision: str | None = None
    date_text: str | None = None
    places: tuple[tuple[str, int], ...] = ()
    actors: tuple[tuple[str, str, str | None], ...] = ()
    said: tuple[str | None, str | None, str | None, str | None] | None = None
    weapon: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


def article_row(**known: Any) -> dict[str, Any]:
    """Give an article as the page knows it, what is not known left out."""
    return {name: value for name, value in known.items() if value is not None}


@dataclass(slots=True)
class PageData:
    """All that a page shows; made by ``extractions.py`` or ``frame.py``.

    Parameters
    ----------
    events
        In the order of the articles.
    articles
        Rows of :func:`article_row`; ``names`` in it holds ``[start, end, place,
        reading, confidence, reason]`` with texts by number.
    places
        ``(name, country, admin1, lon, lat, radius_km, feature_class)``.
    groups
        Numbers of events that tell one event, with the reason.
    pool
        Of the texts in rows and columns.
    """

    events: list[PageEvent] = field(default_factory=list)
    articles: list[dict[str, Any]] = field(default_factory=list)
    places: list[tuple[Any, ...]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    worldviews: tuple[str, ...] = ()
    pool: Pool = field(default_factory=Pool)

    @property
    def types(self) -> tuple[str, ...]:
        """The types of the events, the most frequent first."""
        count: dict[str, int] = {}
        for one in self.events:
            count[one.type] = count.get(one.type, 0) + 1
        return tuple(sorted(count, key=lambda kind: (-count[kind], kind)))

    def seam(self) -> Seam:
        """Say where the world is cut."""
        return Seam(lon for one in self.events for lon in lons_of(one.geometry))

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON value, without the basemap.

        Returns
        -------
        dict
            ``view`` is ``((south, west), (north, east))`` in Leaflet's order, or ``None``.
        """
        seam, kinds = self.seam(), self.types
        shapes: list[dict[str, Any]] = []
        boxes: list[Bounds] = []
        columns = self._columns(seam, shapes, boxes)
        places = [(*row[:3], round(seam.lon(row[3]), DECIMALS), *row[4:]) for row in self.places]
        view = bounds_of(boxes, [(row[3], row[4]) for row in places])
        return {
            "types": [_type_row(kind, self.pool) for kind in kinds],
            "looks": [_look_row(name) for name in FACTUALITY_ORDER],
            "articles": self.articles,
            "places": [_place_row(row, self.pool) for row in places],
            "events": columns,
            "shapes": shapes,
            "groups": self.groups,
            "worldviews": list(self.worldviews),
            "view": [[view[1], view[0]], [view[3], view[2]]] if view else None,
            # Last: the pool is complete only now.
            "texts": self.pool.texts,
        }

    def _columns(
        self, seam: Seam, shapes: list[dict[str, Any]], boxes: list[Bounds]
    ) -> dict[str, list[Any]]:
        number = {kind: index for index, kind in enumerate(self.types)}
        rows = (self._row(one, number[one.type], (seam, shapes, boxes)) for one in self.events)
        columns = [list(column) for column in zip(*rows, strict=True)]
        return dict(zip(COLUMNS, columns or [[] for _ in COLUMNS], strict=True))

    def _row(
        self, one: PageEvent, kind: int, ground: tuple[Seam, list[dict[str, Any]], list[Bounds]]
    ) -> tuple[Any, ...]:
        text, (seam, shapes, boxes) = self.pool.number, ground
        lon = lat = None
        shape = -1
        if one.geometry is not None:
            moved = seam.moved(one.geometry)
            lon, lat = mark_spot(moved)
            box = box_of(moved)
            boxes += [box] if box is not None else []
            if moved["type"] != "Point":
                shape = len(shapes)
                shapes.append(moved)
        days = [day.toordinal() - EPOCH for day in one.dates] if one.dates else [None, None]
        return (
            text(one.id), kind, text(one.subtype), FACTUALITY_ORDER.index(one.factuality),
            one.article, _rounded(lon), _rounded(lat), shape, one.uncertainty_km, *days,
            text(one.precision), text(one.date_text), one.trigger, one.sentence, text(one.where),
            [(text(role), name) for role, name in one.places],
            [(text(role), text(name), text(side)) for role, name, side in one.actors],
            [text(part) for part in one.said] if one.said else 0,
            round(one.confidence, 3), text(one.reason), text(one.weapon),
            dict(one.counts) if one.counts else 0,
        )  # fmt: skip


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DECIMALS)


def _type_row(kind: str, pool: Pool) -> dict[str, Any]:
    return {
        "id": pool.texts[pool.number(kind)] if kind else "",
        "label": pool.texts[pool.number(label_of(kind))] if kind else "",
        "colour": colour_of(kind),
        "path": sign_of(kind),
    }


def _look_row(name: Factuality) -> dict[str, Any]:
    look = FACTUALITIES[name]
    return {
        "id": name,
        "dash": look.dash,
        "opacity": look.opacity,
        "fill": look.fill_opacity,
        "over": look.over,
    }


def _place_row(row: Sequence[Any], pool: Pool) -> list[Any]:
    name, country, admin1, lon, lat, radius, kind = row
    return [pool.number(name), pool.number(country), pool.number(admin1), lon, lat, radius, kind]
