"""GeoPackage 1.2: events by geometry, names, claims, articles; styles and a QGIS project in it.

Version 1.2 because QGIS 3.22 warns at later ones. The same extraction gives the
same bytes: no clock is read.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from geomap.frames import CRS, SCHEMA_VERSION
from geomap.layers.notice import ATTRIBUTION, LICENCE, TITLE
from geomap.layers.qgis import (
    ProjectLayer,
    View,
    layer_metadata,
    project_archive,
    project_xml,
    style_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.layers.tables import Tables

__all__ = ["write_geopackage"]

FILE = "geomap.gpkg"
PROJECT = "geomap"
# Written as the moment of every change; a clock would make two runs differ.
NO_CLOCK = "2000-01-01T00:00:00.000Z"
# Layer, its geometry type, and the shapely types that go into it.
EVENT_LAYERS = (
    ("events_point", "Point", ("Point",)),
    ("events_line", "MultiLineString", ("LineString", "MultiLineString")),
    ("events_polygon", "MultiPolygon", ("Polygon", "MultiPolygon")),
)
# What no map of ours draws, but files from elsewhere may hold.
OTHER_LAYER = "events_other"
DATES = ("date_start", "date_end")
BASEMAP = Path(__file__).resolve().parents[1] / "_data" / "basemap.geojson"
# Layer to what users read: title, and what it holds.
ABOUT = {
    "events_point": ("Events at points", "Events drawn as a point: strikes, talks and others."),
    "events_line": ("Events along lines", "Corridors and ways, in the order of the vertices."),
    "events_polygon": ("Events over areas", "Rings, sectors, regions and other areas."),
    "events_unplaced": ("Events without a place", "Events that the text gives no place."),
    "toponyms": ("Names", "Every mention of a place's name, with the place it stands for."),
    "claims": ("Claims", "Who says that an event happened, will, may, or did not."),
    "articles": ("Articles", "The articles read, and what could not be decided in them."),
    "basemap": ("Countries", "Outlines of countries, Natural Earth, for use offline."),
}
# The world's part that Web Mercator shows (EPSG:3857, area of use).
_MERCATOR = (-180.0, -85.06, 180.0, 85.06)
_WORLD = (-2.0e7, -1.5e7, 2.0e7, 1.5e7)
# Half a view of a single point, metres.
_LEAST = 30_000.0

# As QGIS itself creates them (QgsOgrProviderMetadata::saveStyle, qgsgeopackageprojectstorage).
_TABLES = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME);
CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)
"""
_CONTENTS = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
    "VALUES (?, 'attributes', ?, ?)"
)
_STYLE = (
    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
    "styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) "
    "VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)"
)
_ABOUT = "UPDATE gpkg_contents SET description = ?, identifier = ? WHERE table_name = ?"
_METADATA = (
    "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) "
    "VALUES ('dataset', 'http://mrcc.com/qgis.dtd', 'text/xml', ?)"
)
_REFERENCE = (
    "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) "
    "VALUES ('table', ?, ?, ?)"
)


def write_geopackage(tables: Tables, folder: Path, crs: str) -> None:
    """Write ``geomap.gpkg``, and its project once more as ``geomap.qgz``.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the files go; they must not be there.
    crs
        CRS of the geometries.
    """
    path = folder / FILE
    with _no_clock():
        layers = [
            ProjectLayer(
                name=name, title=ABOUT[name][0], abstract=ABOUT[name][1],
                geometry_type=geometry_type, crs=CRS if name == "basemap" else crs,
            )
            for name, geometry_type in _write_layers(tables, path, crs)
            if name in ABOUT
        ]  # fmt: skip
    xml = project_xml(layers, _view(tables), source=FILE, title=TITLE)
    archive = project_archive(xml, PROJECT)
    (folder / f"{PROJECT}.qgz").write_bytes(archive)
    _add_qgis(path, layers, archive)


def _write_layers(tables: Tables, path: Path, crs: str) -> Iterator[tuple[str, str | None]]:
    events = _dated(tables.events).to_crs(crs)
    kinds = events.geometry.geom_type
    for layer, geometry_type, types in EVENT_LAYERS:
        _write(events[kinds.isin(types)], path, layer, geometry_type)
        yield layer, geometry_type
    known = [kind for _, _, types in EVENT_LAYERS for kind in types]
    other = events[events.geometry.notna() & ~kinds.isin(known)]
    if len(other):
        _write(other, path, OTHER_LAYER, "Unknown")
        yield OTHER_LAYER, None
    _write(tables.toponyms.to_crs(crs), path, "toponyms", "Point")
    yield "toponyms", "Point"
    unplaced = pd.DataFrame(events[events.geometry.isna()].drop(columns="geometry"))
    for name, frame in (
        ("events_unplaced", unplaced), ("claims", tables.claims), ("articles", tables.articles),
    ):  # fmt: skip
        _write(frame, path, name, None)
        yield name, None
    if BASEMAP.is_file():
        _write(gpd.read_file(BASEMAP), path, "basemap", "MultiPolygon")
        yield "basemap", "MultiPolygon"


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
        dataset_metadata={
            "attribution": ATTRIBUTION, "licence": LICENCE, "schema_version": SCHEMA_VERSION,
        },
        **spatial,
    )  # fmt: skip


def _dated(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make the days times, which QGIS's temporal controller reads."""
    dated = frame.copy()
    for name in DATES:
        dated[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601").astype(
            "datetime64[ms, UTC]"
        )
    return dated


def _view(tables: Tables) -> View:
    placed = next(
        (
            frame.geometry[frame.geometry.notna()]
            for frame in (tables.events, tables.toponyms)
            if frame.geometry.notna().any()
        ),
        None,
    )
    bounds = _WORLD if placed is None else _mercator(placed)
    starts = tables.events["date_start"].dropna()
    if not len(starts):
        return View(bounds=bounds, days=None)
    first = dt.date.fromisoformat(min(starts))
    last = dt.date.fromisoformat(max(tables.events["date_end"].dropna(), default=max(starts)))
    return View(bounds=bounds, days=(first, last))


def _mercator(shapes: gpd.GeoSeries) -> tuple[float, float, float, float]:
    """Give the bounds of shapes (EPSG:4326) in EPSG:3857 metres, never narrower than a town."""
    west, south, east, north = shapes.total_bounds
    limits = np.clip([west, south, east, north], [*_MERCATOR[:2]] * 2, [*_MERCATOR[2:]] * 2)
    corners = gpd.GeoSeries(gpd.points_from_xy(limits[::2], limits[1::2]), crs=CRS).to_crs(3857)
    left, bottom, right, top = (float(one) for one in corners.total_bounds)
    x, y = (left + right) / 2, (bottom + top) / 2
    width, height = max((right - left) / 2, _LEAST), max((top - bottom) / 2, _LEAST)
    return x - width, y - height, x + width, y + height


@contextlib.contextmanager
def _no_clock() -> Iterator[None]:
    # Without PAM no .aux.xml appears beside a file without features.
    wanted = {"OGR_CURRENT_DATE": NO_CLOCK, "GDAL_PAM_ENABLED": "NO"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _add_qgis(path: Path, layers: list[ProjectLayer], archive: bytes) -> None:
    """Add styles, metadata and the project: what QGIS keeps in tables of its own."""
    about = json.dumps({"last_modified_time": NO_CLOCK, "last_modified_user": "geomap"})
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        # Not the projects: no layer, and QGIS does not list them either.
        connection.execute(_CONTENTS, ("layer_styles", "layer_styles", NO_CLOCK))
        for layer in layers:
            name, column = layer.name, "geom" if layer.geometry_type else None
            description = f"geomap: {name}"
            values = (name, column, name, style_of(name), description, NO_CLOCK)
            connection.execute(_STYLE, values)
            connection.execute(_ABOUT, (layer.abstract, name, name))
            metadata = layer_metadata(name, layer.title, layer.abstract)
            row = connection.execute(_METADATA, (metadata,)).lastrowid
            connection.execute(_REFERENCE, (name, NO_CLOCK, row))
        # QGIS keeps the archive as the text of its hexadecimal digits.
        connection.execute(
            "INSERT INTO qgis_projects VALUES (?, ?, ?)",
            (PROJECT, about.encode(), archive.hex().encode()),
        )
