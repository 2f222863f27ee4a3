"""Which polygon holds a point."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geomap.gazetteer.single import GazetteerFile
    from geomap.records import Place

__all__ = ["Boundaries", "is_listed_in"]


class Boundaries:
    """The polygons of a gazetteer file, read at the first question (0.3 s, 30 MB).

    Parameters
    ----------
    file
        The file that holds them.
    """

    def __init__(self, file: GazetteerFile) -> None:
        self._file = file
        self._layers: dict[str, tuple[Any, list[str]]] = {}

    def at(self, lon: float, lat: float) -> tuple[Place, ...]:
        """Give the country and the first-level region that hold a point (degrees)."""
        found: list[Place] = []
        for code in self._codes("country", lon, lat)[:1]:
            country = self._file.country_place(code)
            if country is not None:
                found.append(country)
        for code in self._codes("admin1", lon, lat)[:1]:
            region = self._file.coded_place(code)
            if region is not None:
                found.append(region)
        return tuple(found)

    def holds(self, container: Place, lon: float, lat: float) -> bool | None:
        """Tell whether a place's polygon holds a point; ``None`` where it has no polygon."""
        import shapely  # noqa: PLC0415 - costs 0.1 s, needed by few questions
        from shapely.geometry import shape  # noqa: PLC0415

        polygon = self._file.boundary(container.id)
        if polygon is None:
            return None
        return bool(shapely.intersects_xy(shape(polygon), lon, lat))

    def _codes(self, kind: str, lon: float, lat: float) -> list[str]:
        import shapely  # noqa: PLC0415 - costs 0.1 s, needed by few questions
        from shapely.geometry import shape  # noqa: PLC0415

        if kind not in self._layers:
            texts = self._file.boundaries(kind)
            shapes = [shape(json.loads(text)) for text in texts.values()]
            self._layers[kind] = (shapely.STRtree(shapes), list(texts))
        tree, codes = self._layers[kind]
        hits = tree.query(shapely.Point(lon, lat), predicate="intersects")
        return sorted(codes[int(hit)] for hit in hits)


def is_listed_in(container: Place, place: Place) -> bool | None:
    """Tell whether a place is listed in a region, by the names of regions it carries.

    Parameters
    ----------
    container
        A region of the first to third level.
    place
        Any place.

    Returns
    -------
    bool or None
        ``None`` where the place's own region of that level is not known.
    """
    own = {"ADM1": place.admin1, "ADM2": place.admin2, "ADM3": place.admin3}
    listed = own.get(container.feature_code)
    if listed is None:
        return None
    # Washington County is in thirty states: the levels above must agree too.
    above = ("country", "admin1", "admin2")[: int(container.feature_code[-1])]
    agree = all(getattr(container, level) == getattr(place, level) for level in above)
    return listed == container.name and agree
