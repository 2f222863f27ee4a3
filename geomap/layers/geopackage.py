"""GeoPackage 1.2: events by geometry, toponyms and articles, with QGIS's default styles.

Version 1.2 because QGIS 3.22 warns at later ones. The same extraction gives the
same bytes: no clock is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio

from geomap.frames import SCHEMA_VERSION, events_to_gdf, toponyms_to_gdf
from geomap.layers.cleaning import clean
from geomap.layers.styles import event_style, toponym_style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geomap.records import ExtractedArticle

__all__ = ["write_geopackage"]

# Written as the moment of every change; a clock would make two runs differ.
NO_CLOCK = "2000-01-01T00:00:00.000Z"
ATTRIBUTION = (
    "Places: GeoNames (geonames.org), CC BY 4.0. Boundaries: Natural Earth, public domain. "
    "Overlays: the geomap developers, MIT."
)
# Layer, its geometry type, and the shapely types that go into it.
EVENT_LAYERS = (
    ("events_point", "Point", ("Point",)),
    ("events_line", "MultiLineString", ("LineString", "MultiLineString")),
    ("events_polygon", "MultiPolygon", ("Polygon", "MultiPolygon")),
)
DATES = ("date_start", "date_end")

# As QGIS itself creates it (QgsOgrProviderMetadata::saveStyle).
_STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""
_CONTENTS = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
    "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)"
)
_STYLE = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
    "styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) "
    "VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)"
)


def write_geopackage(extractions: Sequence[ExtractedArticle], path: Path) -> None:
    """Write events, toponyms and articles.

    Parameters
    ----------
    extractions
        The articles.
    path
        The file to write; it must not exist.
    """
    events = _dated(clean(events_to_gdf(extractions)))
    kinds = events.geometry.geom_type
    with _no_clock():
        for layer, geometry_type, types in EVENT_LAYERS:
            _write(events[kinds.isin(types)], path, layer, geometry_type)
        _write(clean(toponyms_to_gdf(extractions)), path, "toponyms", "Point")
        unplaced = pd.DataFrame(events[events.geometry.isna()].drop(columns="geometry"))
        _write(unplaced, path, "events_unplaced", None)
        _write(_articles(extractions), path, "articles", None)
    _add_styles(path)


def _write(
    frame: gpd.GeoDataFrame | pd.DataFrame, path: Path, layer: str, geometry_type: str | None
) -> None:
    spatial: dict[str, Any] = {}
    if geometry_type is not None:
        spatial = {
            "geometry_type": geometry_type,
            "promote_to_multi": geometry_type.startswith("Multi"),
        }
    pyogrio.write_dataframe(
        frame,
        path,
        driver="GPKG",
        layer=layer,
        dataset_options={"VERSION": "1.2"},
        layer_options={"GEOMETRY_NAME": "geom", "FID": "fid"} if geometry_type else {"FID": "fid"},
        dataset_metadata={"attribution": ATTRIBUTION, "schema_version": SCHEMA_VERSION},
        **spatial,
    )


def _dated(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make the days times, which QGIS's temporal controller reads."""
    for name in DATES:
        frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[ms, UTC]")
    return frame


def _articles(extractions: Sequence[ExtractedArticle]) -> pd.DataFrame:
    columns = ("article_id", "title", "source", "url", "published", "language", "text_sha256")
    rows = []
    for extracted in extractions:
        article = extracted.article
        digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
        published = article.published.isoformat() if article.published else None
        rows.append(
            (
                article.id, article.title, article.source, article.url, published,
                article.language, digest, "\n".join(extracted.warnings) or None,
            )
        )  # fmt: skip
    return clean(pd.DataFrame(rows, columns=[*columns, "warnings"], dtype=object))


@contextlib.contextmanager
def _no_clock() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": NO_CLOCK})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _add_styles(path: Path) -> None:
    styles = [(layer, event_style(geometry_type)) for layer, geometry_type, _ in EVENT_LAYERS]
    styles.append(("toponyms", toponym_style()))
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_STYLE_TABLE)
        connection.execute(_CONTENTS, (NO_CLOCK,))
        for layer, qml in styles:
            connection.execute(_STYLE, (layer, layer, qml, f"geomap: {layer}", NO_CLOCK))
