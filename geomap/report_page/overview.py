"""Overview: where the events are, as a small inline SVG over the map's own basemap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.maps.basemap import basemap_detail, basemap_features
from geomap.maps.features import Seam, bounds_of
from geomap.report_page.markup import el

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.maps.features import Bounds
    from geomap.report_page.markup import Markup
    from geomap.report_page.tallies import PlaceTally
    from geomap.report_page.words import Words

__all__ = ["overview"]

WIDTH = 960.0
LOWEST, HIGHEST = 420.0, 640.0
# Of the view's longer side, around the outermost places.
MARGIN = 0.08
# Area of a circle is in proportion to the events there; the most have this radius.
LARGEST, SMALLEST = 26.0, 3.5
MOST_SPOTS = 1500
MOST_NAMES, MAIN_NAMES = 16, 6
LETTER, LINE = 7.4, 17.0
PHONE_SCALE = 2.1
# The view holds the events between these shares, and what lies within half their spread
# around them, when all together would make it half as large again or more.
TAILS = (0.05, 0.95)
AROUND, LEAST_AROUND_DEG = 0.5, 1.5
FAR = 1.5


@dataclass(frozen=True, slots=True)
class _View:
    """Plate carrée, true to scale at the middle latitude: degrees to units of the drawing."""

    west: float
    north: float
    scale: float
    stretch: float
    height: float

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.scale, (self.north - lat) * self.scale * self.stretch

    @property
    def bounds(self) -> Bounds:
        south = self.north - self.height / (self.scale * self.stretch)
        return self.west, south, self.west + WIDTH / self.scale, self.north


@dataclass(frozen=True, slots=True)
class _Spot:
    x: float
    y: float
    radius: float
    name: str
    tally: PlaceTally


def overview(
    places: Sequence[PlaceTally], words: Words, *, title: str
) -> tuple[Markup, int] | None:
    """Draw the places by how many events they have.

    Parameters
    ----------
    places
        The most frequent first.
    words
        For what a pointer reads on a place.
    title
        What the map shows, for those who do not see it.

    Returns
    -------
    tuple of (Markup, int) or None
        The drawing, and how many of the places lie beyond it or are too many to be drawn;
        ``None`` without places. Where most events lie close together, a few far away do
        not set the view.
    """
    seam = Seam(one.place.lon for one in places if one.place)
    view = _view(places, seam)
    if view is None:
        return None
    most = max(one.events for one in places)
    spots: list[_Spot] = []
    for one in places:
        if one.place is not None and len(spots) < MOST_SPOTS:
            x, y = view.spot(seam.lon(one.place.lon), one.place.lat)
            radius = max(LARGEST * math.sqrt(one.events / max(most, MAIN_NAMES)), SMALLEST)
            if 0 <= x <= WIDTH and 0 <= y <= view.height:
                spots.append(_Spot(x, y, radius, one.place.name, one))
    # Small ones on top, so that none is covered.
    drawn = [_circle(spot, words) for spot in sorted(spots, key=lambda one: -one.radius)]
    svg = el(
        "svg", el("title", title), *_ground(view), *drawn, *_names(spots, view),
        class_="overview", viewBox=f"0 0 {WIDTH:.0f} {view.height:.0f}", role="img",
        aria_label=title,
    )  # fmt: skip
    return svg, len(places) - len(spots)


def _view(places: Sequence[PlaceTally], seam: Seam) -> _View | None:
    # The middle of a country is far from what happens at its border.
    towns = [one for one in places if one.place and one.place.feature_class != "A"]
    rows = [
        (seam.lon(one.place.lon), one.place.lat, one.events) for one in towns or places if one.place
    ]
    box = bounds_of([], [(lon, lat) for lon, lat, _ in rows])
    if box is None:
        return None
    return _fitted(_core(rows, box))


def _core(rows: Sequence[tuple[float, float, int]], whole: Bounds) -> Bounds:
    """Give the box of most events and what is around it, where that is far smaller than all."""
    west, east = _middle([(lon, count) for lon, _, count in rows])
    south, north = _middle([(lat, count) for _, lat, count in rows])
    wide = max((east - west) * AROUND, LEAST_AROUND_DEG)
    high = max((north - south) * AROUND, LEAST_AROUND_DEG)
    near = [
        (lon, lat)
        for lon, lat, _ in rows
        if west - wide <= lon <= east + wide and south - high <= lat <= north + high
    ]
    core = bounds_of([], near) or whole
    is_small = (core[2] - core[0]) * FAR <= whole[2] - whole[0] or (
        (core[3] - core[1]) * FAR <= whole[3] - whole[1]
    )
    return core if is_small else whole


def _middle(rows: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """Give the degrees between which nine of ten events lie."""
    total, seen = sum(count for _, count in rows), 0
    found: list[float] = []
    for degrees, count in sorted(rows):
        seen += count
        while len(found) < len(TAILS) and seen >= TAILS[len(found)] * total:
            found.append(degrees)
    return found[0], found[-1]


def _fitted(box: Bounds) -> _View:
    west, south, east, north = box
    spare = MARGIN * max(east - west, north - south) + 0.3
    west, south, east, north = west - spare, south - spare, east + spare, north + spare
    stretch = 1 / max(math.cos(math.radians((south + north) / 2)), 0.1)
    wide, high = east - west, (north - south) * stretch
    scale = min(WIDTH / wide, HIGHEST / high)
    height = min(max(high * scale, LOWEST), HIGHEST)
    return _View(
        west=west - (WIDTH / scale - wide) / 2,
        north=north + (height / (scale * stretch) - (north - south)) / 2,
        scale=scale,
        stretch=stretch,
        height=height,
    )


def _ground(view: _View) -> Iterator[Markup]:
    """Draw sea, land, borders of regions and countries, cut to the view."""
    west, south, east, north = view.bounds
    box = (west, max(south, -85.0), east, min(north, 85.0))
    land, borders = basemap_features(box)
    regions, _ = basemap_detail(box)
    yield el("rect", class_="sea", width=f"{WIDTH:.0f}", height=f"{view.height:.0f}")
    lines = {"type": "MultiLineString", "coordinates": regions}
    for name, shapes in (
        ("land", [one["geometry"] for one in land]),
        ("region", [lines] if regions else []),
        ("border", [one["geometry"] for one in borders]),
    ):
        path = "".join(_path(shape, view) for shape in shapes)
        if path:
            yield el("path", d=path, class_=name)


def _path(geometry: Any, view: _View) -> str:
    from shapely import box, make_valid  # noqa: PLC0415 - loads GEOS
    from shapely.geometry import shape  # noqa: PLC0415

    west, south, east, north = view.bounds
    # A little beyond the edge, where the outline of what is cut off is not seen.
    spare = (east - west) * 0.01
    window = box(west - spare, south - spare, east + spare, north + spare)
    found = shape(geometry)
    cut = (found if found.is_valid else make_valid(found)).intersection(window)
    # Half a unit of the drawing is not seen.
    return "".join(_pen(part, view) for part in _parts(cut.simplify(0.5 / view.scale)))


def _parts(shape: Any) -> Iterator[tuple[Sequence[tuple[float, ...]], bool]]:
    for part in getattr(shape, "geoms", ()):
        yield from _parts(part)
    if shape.geom_type == "Polygon" and not shape.is_empty:
        yield shape.exterior.coords, True
        for hole in shape.interiors:
            yield hole.coords, True
    elif shape.geom_type == "LineString" and not shape.is_empty:
        yield shape.coords, False


def _pen(part: tuple[Sequence[tuple[float, ...]], bool], view: _View) -> str:
    spots, is_closed = part
    steps: list[str] = []
    for lon, lat in (spot[:2] for spot in spots):
        x, y = view.spot(lon, lat)
        step = f"{x:.1f} {y:.1f}"
        if not steps or steps[-1] != step:
            steps.append(step)
    return "M" + "L".join(steps) + ("Z" if is_closed else "")


def _circle(spot: _Spot, words: Words) -> Markup:
    place, tally = spot.tally.place, spot.tally
    is_area = place is not None and place.feature_class == "A"
    kinds = ", ".join(
        f"{words.kind(kind)} {words.number(count)}" for kind, count in tally.types.most_common(3)
    )
    said = f"{spot.name}: {words.counted('event', tally.events)} ({kinds})"
    return el(
        "circle", el("title", said), cx=f"{spot.x:.1f}", cy=f"{spot.y:.1f}",
        r=f"{spot.radius:.1f}", class_="spot area" if is_area else "spot",
    )  # fmt: skip


def _names(spots: Iterable[_Spot], view: _View) -> Iterator[Markup]:
    """Write the names that have room, those of the most events first."""
    taken: list[Bounds] = []
    written = 0
    for spot in spots:
        # The main names stay on a phone, where they need twice the room.
        scale = PHONE_SCALE if written < MAIN_NAMES else 1.0
        wide, high = len(spot.name) * LETTER * scale, LINE * scale
        is_left = spot.x + spot.radius + 4 + wide > WIDTH
        x = spot.x - spot.radius - 4 if is_left else spot.x + spot.radius + 4
        box = (x - wide if is_left else x, spot.y - high / 2, x if is_left else x + wide,
               spot.y + high / 2)  # fmt: skip
        is_outside = min(box) < 0 or box[2] > WIDTH or box[3] > view.height
        if is_outside or any(_meet(box, other) for other in taken):
            continue
        taken.append(box)
        style = ("main " if scale > 1 else "") + ("left" if is_left else "right")
        yield el("text", spot.name, x=f"{x:.1f}", y=f"{spot.y + 5:.1f}", class_=f"name {style}")
        written += 1
        if written == MOST_NAMES:
            return


def _meet(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
