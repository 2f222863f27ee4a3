"""Formats: their names, the files they consist of, and what each can hold."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from geomap.layers.columnar import write_flatgeobuf, write_geoparquet
from geomap.layers.geojson import write_geojson, write_jsonfg
from geomap.layers.geopackage import write_geopackage
from geomap.layers.kml import write_kml
from geomap.layers.sheets import write_acled, write_csv, write_hxl

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from geomap.layers.tables import Tables

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Parameters
    ----------
    files
        Names of the files it consists of, the main one first.
    write
        Writes them into a folder, given the tables and a CRS.
    has_crs
        Whether the CRS can be chosen; else it is that of the format, EPSG:4326.
    """

    files: tuple[str, ...]
    write: Callable[[Tables, Path, str], None]
    has_crs: bool = False


def _four(suffix: str) -> tuple[str, ...]:
    return tuple(f"{name}.{suffix}" for name in ("events", "toponyms", "claims", "articles"))


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "geojson": Format(("events.geojson", "toponyms.geojson"), write_geojson),
        "gpkg": Format(("geomap.gpkg", "geomap.qgz"), write_geopackage, has_crs=True),
        "jsonfg": Format(("events.fg.json",), write_jsonfg),
        "parquet": Format(_four("parquet"), write_geoparquet, has_crs=True),
        "flatgeobuf": Format(("events.fgb", "toponyms.fgb"), write_flatgeobuf, has_crs=True),
        "kml": Format(("events.kml",), write_kml),
        "csv": Format(_four("csv"), write_csv, has_crs=True),
        "acled": Format(("acled.csv",), write_acled),
        "hxl": Format(("hxl.csv",), write_hxl),
    }
)
