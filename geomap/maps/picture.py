"""Picture: the map as a still PNG or SVG for a report, through geopandas and matplotlib.

matplotlib is no dependency: ``pip install 'geomap[picture]'`` brings it.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import OutputError
from geomap.files import replacing
from geomap.maps.basemap import basemap_detail, basemap_features
from geomap.maps.extractions import page_data
from geomap.maps.features import bounds_of, box_of, mark_spot
from geomap.maps.symbols import FACTUALITIES, colour_of
from geomap.palette import label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import geopandas as gpd

    from geomap.maps.data import PageData, PageEvent
    from geomap.maps.features import Bounds
    from geomap.records import ExtractedArticle

__all__ = ["PICTURE_FORMATS", "draw_picture"]

PICTURE_FORMATS = ("png", "svg")
NOT_HAPPENED = frozenset({"denied", "negated"})
WIDTH_INCHES = 10.0
DPI = 150
MARGIN = 0.12
MOST_NAMES = 60
SEA, LAND, REGION, BORDER = "#d5e3ec", "#fbfaf6", "#d3cfc4", "#8f98a1"
INK, QUIET = "#1b1f24", "#4a535c"
# Room for a name, as a share of the view.
LABEL_WIDTH, LABEL_HEIGHT = 0.09, 0.025
# A mark for each type, told apart without colour; a type without its own has the diamond.
MARKERS = {
    "encirclement": "o", "corridor": ">", "strike": "*", "talks": "s", "control_change": "P",
    "assault": "^", "withdrawal": "<", "evacuation": "h", "aid_delivery": "X", "ceasefire": "8",
    "air_defence": "v", "explosion": "*", "troop_movement": "d", "civilian_casualties": "p",
    "infrastructure_damage": "H", "prisoner_exchange": "D", "protest": "p",
}  # fmt: skip


def draw_picture(
    extractions: ExtractedArticle | Iterable[ExtractedArticle] | gpd.GeoDataFrame,
    path: str | Path,
    *,
    title: str | None = None,
    draw_negated: bool = False,
) -> Path:
    """Draw articles, or a frame of events, into a file of one still map with its legend.

    Parameters
    ----------
    extractions
        As of :func:`geomap.draw_map`.
    path
        A file that ends in ``.png`` or ``.svg``; replaced when all is written. The same
        input writes the same bytes with the same matplotlib.
    title
        Written above; ``None`` takes the article's own, or counts the events.
    draw_negated
        Whether negated and denied events are drawn.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        When matplotlib is not installed, the file has another ending, or cannot be
        written.
    GeometryError
        When a frame is not in EPSG:4326.
    """
    target = Path(path)
    kind = target.suffix.lstrip(".").lower()
    if kind not in PICTURE_FORMATS:
        msg = f"{target}: no picture of this ending is drawn; give .png or .svg"
        raise OutputError(msg)
    matplotlib = _matplotlib()
    data = page_data(extractions)
    drawn = [
        one
        for one in data.events
        if one.geometry is not None and (draw_negated or one.factuality not in NOT_HAPPENED)
    ]
    # Ids in an SVG are random but for this, and texts stay texts.
    with matplotlib.rc_context({"svg.hashsalt": "geomap", "svg.fonttype": "none"}):
        figure = _figure(data, drawn, title=title)
        with replacing(target) as draft:
            quiet = {"Software": None} if kind == "png" else {"Date": None, "Creator": "geomap"}
            figure.savefig(draft, format=kind, dpi=DPI, metadata=quiet)
    return target


def _matplotlib() -> Any:
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as err:
        msg = "matplotlib is not installed; pictures need it: pip install 'geomap[picture]'"
        raise OutputError(msg) from err
    return mpl


def _figure(data: PageData, drawn: Sequence[PageEvent], *, title: str | None) -> Any:
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    seam = data.seam()
    shapes = [seam.moved(one.geometry or {}) for one in drawn]
    boxes = [box for shape in shapes if (box := box_of(shape)) is not None]
    spots = [(seam.lon(row[3]), float(row[4])) for row in data.places]
    west, south, east, north = bounds_of(boxes, spots) or (-170.0, -60.0, 180.0, 75.0)
    spare = MARGIN * max(east - west, north - south)
    view = (west - spare, max(south - spare, -85.0), east + spare, min(north + spare, 85.0))
    # Degrees of longitude are shorter away from the equator.
    aspect = 1 / max(math.cos(math.radians((view[1] + view[3]) / 2)), 0.1)
    ratio = (view[3] - view[1]) * aspect / (view[2] - view[0])
    figure = Figure(
        figsize=(WIDTH_INCHES, min(max(WIDTH_INCHES * ratio, 4.0), 14.0)), layout="tight"
    )
    axes = figure.add_subplot()
    axes.set(xlim=(view[0], view[2]), ylim=(view[1], view[3]), facecolor=SEA, xticks=[], yticks=[])
    axes.set_aspect(aspect)
    towns = _draw_basemap(axes, view)
    for one, shape in zip(drawn, shapes, strict=True):
        _draw_event(axes, one, shape)
    used = {name for one in drawn for name in _place_numbers(data, one)}
    own = [
        (str(data.places[n][0]), *spots[n], True) for n in sorted(used) if data.places[n][6] != "A"
    ]
    _label(axes, [*own, *((name, lon, lat, False) for name, lon, lat, _ in towns)], view)
    _legend(axes, drawn)
    # A dollar sign would start a formula.
    axes.set_title(_plain(title or _title(data, len(drawn))), color=INK, fontsize=13, loc="left")
    axes.set_ylabel("")
    axes.set_xlabel(_plain(_notes(data)), fontsize=6.5, color=QUIET, loc="left")
    return figure


def _place_numbers(data: PageData, one: PageEvent) -> Iterator[int]:
    names = data.articles[one.article]["names"]
    for _, name in one.places:
        if names[name][2] >= 0:
            yield names[name][2]


def _plain(text: str) -> str:
    return text.replace("$", r"\$")


def _title(data: PageData, count: int) -> str:
    titles = [one.get("title") or one["id"] for one in data.articles]
    return titles[0] if len(titles) == 1 else f"{count} events of {len(titles)} articles"


def _notes(data: PageData) -> str:
    view = " ".join(data.worldviews)
    return (
        "A mark shows what a text says, not what is true. Places: GeoNames, CC BY 4.0. "
        f"Boundaries: Natural Earth{f'; worldview {view}' if view else ''}. Made with geomap."
    )


def _frame(rows: Sequence[dict[str, Any]]) -> Any:
    import geopandas as gpd  # noqa: PLC0415 - loads GEOS and GDAL

    return gpd.GeoDataFrame.from_features(rows, crs="EPSG:4326")


def _draw_basemap(axes: Any, view: Bounds) -> list[list[Any]]:
    """Draw land and borders; give the towns."""
    land, borders = basemap_features(view)
    regions, towns = basemap_detail(view)
    if land:
        _frame(land).plot(ax=axes, color=LAND, linewidth=0, aspect=None)
    if regions:
        lines = {"type": "MultiLineString", "coordinates": regions}
        row = {"type": "Feature", "properties": {}, "geometry": lines}
        _frame([row]).plot(ax=axes, color=REGION, linewidth=0.5, aspect=None)
    if borders:
        _frame(borders).plot(ax=axes, color=BORDER, linewidth=1.0, aspect=None)
    axes.set(xlim=(view[0], view[2]), ylim=(view[1], view[3]))
    return towns


def _label(axes: Any, names: Sequence[tuple[str, float, float, bool]], view: Bounds) -> None:
    """Write names ``(name, lon, lat, bold)`` that have room, the first ones first."""
    wide, high = LABEL_WIDTH * (view[2] - view[0]), LABEL_HEIGHT * (view[3] - view[1])
    taken: list[tuple[float, float]] = []
    for name, lon, lat, bold in names:
        inside = view[0] < lon < view[2] - wide / 2 and view[1] < lat < view[3] - high
        if not inside or any(abs(lon - x) < wide and abs(lat - y) < high for x, y in taken):
            continue
        if len(taken) == MOST_NAMES:
            break
        taken.append((lon, lat))
        axes.annotate(
            _plain(name), (lon, lat), xytext=(7, -3), textcoords="offset points", zorder=6,
            fontsize=8 if bold else 7, fontweight="bold" if bold else "normal",
            color=INK if bold else QUIET,
        )  # fmt: skip
        if not bold:
            axes.plot(lon, lat, ".", color=QUIET, markersize=3)


def _dashes(look: Any) -> Any:
    return (0, tuple(float(part) / 3 for part in look.dash.split())) if look.dash else "-"


def _draw_event(axes: Any, one: PageEvent, shape: dict[str, Any]) -> None:
    look, colour = FACTUALITIES[one.factuality], colour_of(one.type)
    dashes = _dashes(look)
    if shape["type"] != "Point":
        row = _frame([{"type": "Feature", "properties": {}, "geometry": shape}])
        if shape["type"].endswith("LineString"):
            row.plot(ax=axes, color=colour, linewidth=2.5, linestyle=dashes, aspect=None)
            lines = (
                shape["coordinates"]
                if shape["type"] == "MultiLineString"
                else [shape["coordinates"]]
            )
            start, end = lines[-1][-2:]
            axes.annotate(
                "", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2}
            )
        else:
            row.plot(ax=axes, facecolor=colour, alpha=look.fill_opacity, aspect=None)
            row.boundary.plot(ax=axes, color=colour, linewidth=1.8, linestyle=dashes, aspect=None)
    lon, lat = mark_spot(shape)
    axes.scatter(
        lon, lat, s=70, marker=MARKERS.get(one.type, "D"), zorder=5, linewidths=1.4,
        facecolor=colour if one.factuality == "asserted" else "white", edgecolor=colour,
    )  # fmt: skip


def _legend(axes: Any, drawn: Sequence[PageEvent]) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - an extra

    kinds = dict.fromkeys(one.type for one in drawn)
    rows = [
        Line2D(
            [], [], marker=MARKERS.get(kind, "D"), color=colour_of(kind), linestyle="",
            label=_plain(label_of(kind)),
        )
        for kind in kinds
    ]  # fmt: skip
    used = {one.factuality for one in drawn}
    rows += [
        Line2D([], [], color=INK, linestyle=_dashes(look), label=name.capitalize())
        for name, look in FACTUALITIES.items()
        if name in used
    ]
    if rows:
        axes.legend(
            handles=rows, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False
        )
