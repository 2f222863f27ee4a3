"""Which shape an event has on the ground, from its type and the roles of its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap import geometry as shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from geomap.records import GeometryMethod, Place, PlaceRole, RelativePlace

__all__ = ["Shape", "relative_shape", "shape_of"]

# An area without a boundary of its own is drawn as a disc up to this radius;
# a larger one (the Middle East) is no place to draw an event at.
LARGEST_DISC_KM = 300.0
_AREAS = frozenset({"A", "L"})


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry, how it came about, and how far the truth may lie from it."""

    geometry: Mapping[str, Any] | None
    method: GeometryMethod | None
    uncertainty_km: float | None


_NO_SHAPE = Shape(None, None, None)


def shape_of(
    kind: str,
    places: Sequence[tuple[PlaceRole, Place | None]],
    *,
    directions: Sequence[str],
    boundary: Callable[[str], Mapping[str, Any] | None],
) -> Shape:
    """Draw an event.

    Parameters
    ----------
    kind
        ``"ring"``, ``"line"`` or ``"point"``: what the taxonomy gives the type.
    places
        Roles and places; a place is ``None`` where the gazetteer does not know it.
    directions
        Compass words; a ring with directions becomes a sector.
    boundary
        Gives the polygon of a place by its id, or ``None``.

    Returns
    -------
    Shape
        Without a geometry when no place is known.
    """
    known = [(role, place) for role, place in places if place is not None]
    if not known:
        return _NO_SHAPE
    if kind == "line":
        return _line(known, boundary)
    place = known[0][1]
    if _is_area(place):
        return _area(place, boundary)
    if kind == "ring":
        return _ring(place, directions)
    return Shape(shapes.point(place.lon, place.lat), "point", place.radius_km)


def relative_shape(kind: str, relative: RelativePlace | None) -> Shape | None:
    """Draw an event whose place the text tells by another ("20 km east of Kharkiv").

    Parameters
    ----------
    kind
        What the taxonomy gives the type; a line keeps the places themselves.
    relative
        The relative place that hangs on the event's place, or ``None``.

    Returns
    -------
    Shape or None
        ``None`` when the place itself is to be drawn.
    """
    if kind == "line" or relative is None or relative.geometry is None:
        return None
    return Shape(relative.geometry, relative.method, relative.uncertainty_km)


def _is_area(place: Place) -> bool:
    return place.feature_class == "A" or (
        place.feature_class == "L" and place.radius_km > LARGEST_DISC_KM / 10
    )


def _area(place: Place, boundary: Callable[[str], Mapping[str, Any] | None]) -> Shape:
    if place.feature_code.startswith("PCL"):
        # The outline of a whole country says nothing about where in it.
        return _NO_SHAPE
    polygon = boundary(place.id)
    if polygon is not None:
        return Shape(polygon, "region", place.radius_km)
    if place.feature_class == "L" and place.feature_code != "RGN":
        return Shape(shapes.point(place.lon, place.lat), "point", place.radius_km)
    if place.radius_km <= LARGEST_DISC_KM:
        disc = shapes.circle(place.lon, place.lat, radius_km=place.radius_km)
        return Shape(disc, "region", place.radius_km)
    return _NO_SHAPE


def _ring(place: Place, directions: Sequence[str]) -> Shape:
    bearings = [b for word in directions for b in shapes.bearing_of(word)]
    if bearings:
        sector = shapes.sector(
            place.lon, place.lat, radius_km=place.radius_km, bearings_deg=bearings
        )
        return Shape(sector, "sector", place.radius_km)
    ring = shapes.ring(place.lon, place.lat, radius_km=place.radius_km)
    return Shape(ring, "ring", place.radius_km)


def _line(
    known: Sequence[tuple[PlaceRole, Place]], boundary: Callable[[str], Mapping[str, Any] | None]
) -> Shape:
    stops: list[Place] = []
    for _, place in known:
        # Two rows of the gazetteer may lie at one point: a town and the commune named after it.
        if not stops or (stops[-1].lon, stops[-1].lat) != (place.lon, place.lat):
            stops.append(place)
    uncertainty = max(place.radius_km for place in stops)
    if len(stops) == 1:
        if _is_area(stops[0]):
            return _area(stops[0], boundary)
        return Shape(shapes.point(stops[0].lon, stops[0].lat), "point", uncertainty)
    points = [(place.lon, place.lat) for place in stops]
    if len(points) == len(("from", "to")):
        return Shape(shapes.line(points), "line", uncertainty)
    return Shape(shapes.chain(points), "chain", uncertainty)
