"""Maps: extracted articles as one interactive page that needs no network.

The only room that imports folium, and the only one that escapes text for HTML.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium

from geomap.errors import OutputError, SettingsError
from geomap.escape import escape, visible
from geomap.files import replacing
from geomap.maps.basemap import basemap_detail, basemap_features
from geomap.maps.canvas import Canvas, Page, number_elements
from geomap.maps.extractions import page_data
from geomap.maps.strings import check_language, strings
from geomap.palette import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from geomap.maps.data import PageData
    from geomap.records import ExtractedArticle

__all__ = ["draw_map", "write_map"]


def draw_map(
    extractions: ExtractedArticle | Iterable[ExtractedArticle] | gpd.GeoDataFrame,
    *,
    title: str | None = None,
    draw_negated: bool = False,
    language: str = "en",
    tiles: str | folium.TileLayer | None = None,
) -> folium.Map:
    """Draw articles, or a frame of events.

    Parameters
    ----------
    extractions
        One extracted article, many, or a frame as of :func:`geomap.events_to_gdf`
        (EPSG:4326), which shows its sentences in place of whole articles.
    title
        Title of the map; ``None`` takes the article's own, or counts the articles.
    draw_negated
        Whether negated and denied events are drawn from the start; they are always
        listed, and the page draws them when asked.
    language
        Of the page's own words: ``"en"``, ``"uk"`` or ``"ru"``. A reader may change it.
    tiles
        An online background as of :class:`folium.TileLayer`, with its attribution.
        ``None``, the default: the page makes no request at all.

    Returns
    -------
    folium.Map
        With a feature group for each event type (``groups``); more can be added to
        it. What is added may link scripts and tiles: the page's policy allows them.

    Raises
    ------
    GeometryError
        When a frame is not in EPSG:4326.
    SettingsError
        When the page does not speak the language.

    Examples
    --------
    >>> draw_map([]).get_root().title
    'geomap: 0 articles'
    """
    data = page_data(extractions)
    shown = title or _title(data)
    drawn = Canvas(title=escape(shown), language=check_language(language))
    if tiles is not None:
        _tile_layer(tiles).add_to(drawn)
    for kind in data.types:
        drawn.groups[kind] = group = folium.FeatureGroup(name=escape(label_of(kind)), control=False)
        group.add_to(drawn)
    folium.LayerControl().add_to(drawn)
    value = {
        **_with_basemap(data),
        "title": visible(shown),
        "negated": draw_negated,
        "language": language,
    }
    Page(data=value, strings=strings(), groups=list(drawn.groups.values())).add_to(drawn)
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
            draft.write_text(drawn.get_root().render(), encoding="utf-8", newline="\n")
    except UnicodeEncodeError as err:
        msg = f"{target}: holds text that is no Unicode ({err}); escape what was added to the map"
        raise OutputError(msg) from err
    return target


def _tile_layer(tiles: str | folium.TileLayer) -> folium.TileLayer:
    if isinstance(tiles, folium.TileLayer):
        return tiles
    try:
        return folium.TileLayer(tiles, overlay=True)
    except ValueError as err:
        msg = f"tiles {tiles!r}: {err}; name a set that folium knows, or give a folium.TileLayer"
        raise SettingsError(msg) from err


def _title(data: PageData) -> str:
    titles = [one.get("title") or one["id"] for one in data.articles]
    return titles[0] if len(titles) == 1 else f"geomap: {len(titles)} articles"


def _with_basemap(data: PageData) -> dict[str, Any]:
    value = data.to_dict()
    view = value["view"]
    box = (view[0][1], view[0][0], view[1][1], view[1][0]) if view else None
    land, borders = basemap_features(box)
    regions, towns = basemap_detail(box)
    return {**value, "land": land, "borders": borders, "regions": regions, "towns": towns}
