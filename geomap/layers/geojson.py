"""GeoJSON: the placed events, by RFC 7946."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio

from geomap.frames import events_to_gdf
from geomap.layers.cleaning import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geomap.records import ExtractedArticle

__all__ = ["write_geojson"]

# Five decimals are about one metre (RFC 7946, section 11.2, advises no more than needed).
DECIMALS = 5


def write_geojson(extractions: Sequence[ExtractedArticle], path: Path) -> None:
    """Write the events that have a geometry.

    Parameters
    ----------
    extractions
        The articles.
    path
        The file to write.
    """
    frame = clean(events_to_gdf(extractions))
    placed = frame[frame.geometry.notna()]
    pyogrio.write_dataframe(
        placed,
        path,
        driver="GeoJSON",
        layer="events",
        geometry_type="Unknown",
        RFC7946="YES",
        COORDINATE_PRECISION=str(DECIMALS),
        WRITE_BBOX="YES" if len(placed) else "NO",
        WRITE_NAME="NO",
        ID_FIELD="event_id",
        ID_TYPE="String",
    )
