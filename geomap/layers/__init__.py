"""Layers: extracted articles as files that a GIS opens, styled where the format can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomap.errors import OutputError
from geomap.files import output_folder, staging
from geomap.frames import CRS
from geomap.layers.filters import parse_filters
from geomap.layers.formats import FORMATS
from geomap.layers.reading import extractions_of, read_layers, read_tables
from geomap.layers.tables import Tables, join, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geomap.records import ExtractedArticle

__all__ = [
    "FORMATS",
    "Tables",
    "extractions_of",
    "join",
    "parse_filters",
    "read_layers",
    "read_tables",
    "tables_of",
    "write_layers",
]


def write_layers(
    extractions: ExtractedArticle | Iterable[ExtractedArticle] | Tables,
    folder: str | Path,
    *,
    formats: Iterable[str] = ("geojson", "gpkg"),
    crs: str = CRS,
) -> dict[str, Path]:
    """Write the layers of articles.

    Parameters
    ----------
    extractions
        One extracted article, many, or their tables.
    folder
        Where the files go; made when it is not there.
    formats
        Of :data:`FORMATS`: ``"geojson"``, ``"gpkg"`` (GeoPackage with a QGIS project
        in it, and beside it as ``geomap.qgz``), ``"jsonfg"``, ``"parquet"``,
        ``"flatgeobuf"``, ``"kml"``, ``"csv"``, ``"acled"``, ``"hxl"``.
    crs
        CRS of the geometries, for the formats that can have one.

    Returns
    -------
    dict
        Format to the path of its main file.

    Raises
    ------
    OutputError
        For a format or CRS that is not known or that do not go together, before
        anything is written; or when a file cannot be written: every format that
        failed is named and keeps its old files, the others have been written. All files
        appear together, when they are whole.

    Examples
    --------
    >>> import tempfile
    >>> sorted(write_layers([], tempfile.mkdtemp()))
    ['geojson', 'gpkg']
    """
    wanted = list(dict.fromkeys(formats))
    _check(wanted, crs)
    tables = extractions if isinstance(extractions, Tables) else tables_of(extractions)
    _check_bounds(tables, crs)
    target = output_folder(folder)
    written: dict[str, Path] = {}
    faults: list[str] = []
    # All formats of one run, or of the one before; and of each, all its files.
    with staging(target) as run:
        for name in wanted:
            path = target / FORMATS[name].files[0]
            try:
                with staging(run) as stage:
                    FORMATS[name].write(tables, stage, crs)
            except OutputError as err:
                faults.append(str(err).replace(str(run), str(target)))
            except (RuntimeError, ValueError, OSError, ImportError) as err:
                # GDAL's errors (pyogrio.errors) are RuntimeErrors, those of its arguments
                # and Arrow's ValueErrors; a full disk is an OSError.
                faults.append(f"{path}: cannot be written ({err}); try another format")
            else:
                written[name] = path
    if faults:
        raise OutputError("; ".join(faults))
    return written


def _check(wanted: list[str], crs: str) -> None:
    from pyproj import CRS as ProjCRS  # noqa: PLC0415, N811 - a name of ours
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        msg = f"{', '.join(map(repr, unknown))} is no format; expected {', '.join(FORMATS)}"
        raise OutputError(msg)
    try:
        is_ours = ProjCRS(crs) == ProjCRS(CRS)
    except CRSError as err:
        msg = f"{crs!r} is no CRS; expected a code such as EPSG:3857"
        raise OutputError(msg) from err
    fixed = [name for name in wanted if not FORMATS[name].has_crs]
    if fixed and not is_ours:
        able = ", ".join(name for name, one in FORMATS.items() if one.has_crs)
        msg = f"{', '.join(fixed)}: always {CRS}, not {crs}; leave out the CRS, or choose {able}"
        raise OutputError(msg)


def _check_bounds(tables: Tables, crs: str) -> None:
    """Refuse a CRS that cannot hold the places, e.g. a pole in Mercator."""
    for frame in (tables.events, tables.toponyms):
        placed = frame.geometry[frame.geometry.notna()]
        if crs != CRS and len(placed) and not np.isfinite(placed.to_crs(crs).total_bounds).all():
            msg = f"{crs} cannot hold all places; expected one made for them, such as {CRS}"
            raise OutputError(msg)
