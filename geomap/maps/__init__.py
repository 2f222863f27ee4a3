"""Maps: extracted articles as one interactive page that needs no network.

The only room that imports folium, and the only one that escapes text for HTML.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium

from geomap.errors import OutputError
from geomap.files import replacing
from geomap.maps.basemap import basemap_features
from geomap.maps.canvas import Canvas, number_elements
from geomap.maps.drawing import plan
from geomap.maps.escape import escape
from geomap.maps.features import Seam, bounds_of, event_features, place_features
from geomap.maps.panel import panel, sign
from geomap.maps.popups import evidence, where_words
from geomap.maps.symbols import colour_of
from geomap.palette import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geomap.maps.drawing import Drawing, Listed
    from geomap.records import ExtractedArticle

__all__ = ["draw_map", "write_map"]

# With more events than these, names of places are written only from this zoom on (a screen
# is then some 500 km wide): closer, they do not lie upon each other.
FEW_EVENTS = 3
LABELS_FROM_ZOOM = 7
SURE = frozenset({"asserted", "claimed"})


def draw_map(
    extractions: ExtractedArticle | Iterable[ExtractedArticle],
    *,
    title: str | None = None,
    draw_negated: bool = False,
) -> folium.Map:
    """Draw articles.

    Parameters
    ----------
    extractions
        One extracted article, or many.
    title
        Title of the map; ``None`` takes the article's own, or counts the articles.
    draw_negated
        Whether negated and denied events are drawn; they are always listed.

    Returns
    -------
    folium.Map
        With a feature group for each event type and one for the places that are
        named; more can be added to it. Nothing is fetched when it is opened.

    Examples
    --------
    >>> draw_map([]).get_root().title
    'geomap: 0 articles'
    """
    drawing = plan(extractions, draw_negated=draw_negated)
    shown = title or _title(drawing)
    drawn = Canvas(panel=panel(drawing, title=shown), data=_data(drawing), title=escape(shown))
    for kind in drawing.types:
        drawn.groups[kind] = group = folium.FeatureGroup(name=escape(label_of(kind)))
        group.add_to(drawn)
    drawn.places = folium.FeatureGroup(name="Places named")
    drawn.places.add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    number_elements(drawn)
    return drawn


def write_map(drawn: folium.Map, path: str | Path) -> Path:
    """Write a map as one HTML file.

    Parameters
    ----------
    drawn
        What :func:`draw_map` gave.
    path
        The file; replaced when all is written.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    target = Path(path)
    try:
        with replacing(target) as draft:
            draft.write_text(drawn.get_root().render(), encoding="utf-8")
    except UnicodeEncodeError as err:
        msg = f"{target}: holds text that is no Unicode ({err}); escape what was added to the map"
        raise OutputError(msg) from err
    return target


def _title(drawing: Drawing) -> str:
    titles = [one.article.title or one.article.id for one in drawing.extractions]
    return titles[0] if len(titles) == 1 else f"geomap: {len(titles)} articles"


def _data(drawing: Drawing) -> dict[str, Any]:
    seam = Seam(_lons(drawing))
    view = bounds_of(drawing.drawn, drawing.places, seam)
    land, borders = basemap_features(view)
    return {
        "land": land,
        "borders": borders,
        "features": event_features(drawing.drawn, seam),
        "events": {one.number: _event(one) for one in drawing.drawn},
        "types": {kind: {"colour": colour_of(kind), "sign": sign(kind)} for kind in drawing.types},
        "places": place_features(drawing.places, seam),
        "labelsFrom": LABELS_FROM_ZOOM if len(drawing.drawn) > FEW_EVENTS else 0,
        "names": {one.number: escape(one.place.name) for one in drawing.places},
        # Leaflet's order: latitude first.
        "view": [[view[1], view[0]], [view[3], view[2]]] if view else None,
    }


def _event(one: Listed) -> dict[str, Any]:
    return {
        "type": one.event.type,
        "sure": one.event.factuality in SURE,
        # An attribute set by script takes the text itself; the page never parses it.
        "label": f"{escape(one.event.type)}: {where_words(one)}",
        "evidence": evidence(one),
    }


def _lons(drawing: Drawing) -> Iterator[float]:
    for one in drawing.drawn:
        yield from _longitudes(one.event.geometry)


def _longitudes(value: Any) -> Iterator[float]:
    """Walk the longitudes of a GeoJSON geometry."""
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], int | float):
            yield float(value[0])
            return
        for part in value:
            yield from _longitudes(part)
    elif value:
        yield from _longitudes(value.get("coordinates", ()))
        for part in value.get("geometries", ()):
            yield from _longitudes(part)
