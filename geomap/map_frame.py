"""Map frame: a GeoDataFrame whose ``explore()`` shows what matters, and runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geomap.escape import escape
from geomap.palette import EVENT_COLOURS

if TYPE_CHECKING:
    import folium

__all__ = ["MapFrame"]

# What a reader asks of a mark, in this order; the first few stand in the tooltip.
_SHOWN = (
    "type", "places", "factuality", "date_start", "speaker", "organisation", "side", "sentence",
    "text", "name", "reading", "confidence", "uncertainty_km", "reason", "title", "source",
)  # fmt: skip
_TOOLTIP = 4
# The column that colours the map: of events, of toponyms.
_COLOURED = ("type", "reading")
# As on the other layers: round, and large enough to be hit by a finger.
_MARKER = {"radius": 6, "fill": True}


class MapFrame(gpd.GeoDataFrame):  # type: ignore[misc]  # geopandas has no types
    """Events or toponyms as a GeoDataFrame: all of geopandas, with another ``explore()``.

    geopandas puts every column into the tooltip, and its texts into HTML as they are;
    texts of articles may hold scripts. A part of the frame (``frame[frame.type ==
    "strike"]``) is a map frame, too.
    """

    @property
    def _constructor(self) -> Any:
        def construct(*args: Any, **kwargs: Any) -> Any:
            made = gpd.GeoDataFrame(*args, **kwargs)
            return MapFrame(made) if "geometry" in set(made.dtypes.map(str)) else pd.DataFrame(made)

        return construct

    def _constructor_from_mgr(self, mgr: Any, axes: Any) -> Any:
        made = super()._constructor_from_mgr(mgr, axes)
        if isinstance(made, gpd.GeoDataFrame):
            made.__class__ = MapFrame
        return made

    def explore(self, *args: Any, **kwargs: Any) -> folium.Map:
        """Show the rows that have a place on a folium map.

        Parameters
        ----------
        *args, **kwargs
            As for :meth:`geopandas.GeoDataFrame.explore`. Unless told otherwise events
            are coloured by type, the tooltip is short and the popup holds the claim,
            the sentence, and how exact the place is. All texts are escaped.

        Returns
        -------
        folium.Map
            With background tiles from the network, as geopandas has it; ``tiles=None``
            for none. Where no row has a place, geopandas warns that nothing is displayed.

        Examples
        --------
        >>> from geomap.frames import events_to_gdf
        >>> frame = events_to_gdf([])
        >>> type(frame[frame["type"] == "strike"]).__name__
        'MapFrame'
        """
        placed = self[self.geometry.notna()]
        shown = [name for name in _SHOWN if name in self.columns]
        wanted = {"tooltip": shown[:_TOOLTIP], "popup": shown, "marker_kwds": dict(_MARKER)}
        if not args and "column" not in kwargs and len(placed):
            wanted |= _colours(placed)
        plain = gpd.GeoDataFrame(placed)
        for name in plain.select_dtypes(object).columns:
            plain[name] = [escape(cell) if isinstance(cell, str) else cell for cell in plain[name]]
        if not shown or not len(placed):
            wanted = {}
        page: folium.Map = plain.explore(*args, **(wanted | kwargs))
        return page


def _colours(placed: gpd.GeoDataFrame) -> dict[str, Any]:
    """Colour by type in the palette's colours, or by reading."""
    column = next((name for name in _COLOURED if name in placed.columns), None)
    if column is None:
        return {}
    values = sorted(placed[column].dropna().unique())
    if column != "type":
        return {"column": column, "categorical": True}
    colours = [EVENT_COLOURS.get(value, EVENT_COLOURS["other"]) for value in values]
    return {"column": column, "categories": values, "categorical": True, "cmap": colours}
