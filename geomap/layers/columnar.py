"""GeoParquet and FlatGeobuf: the formats of analysis and of the web, binary and indexed."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING, Any

import pyogrio

from geomap.frames import SCHEMA_VERSION
from geomap.layers.notice import ATTRIBUTION, LICENCE

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geomap.layers.tables import Tables

__all__ = ["write_flatgeobuf", "write_geoparquet"]


def write_geoparquet(tables: Tables, folder: Path, crs: str) -> None:
    """Write ``events``, ``toponyms``, ``claims`` and ``articles`` as Parquet.

    The first two are GeoParquet 1.1 with a bbox column as covering, which lets
    readers skip what lies elsewhere; all are compressed with Zstandard.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the files go.
    crs
        CRS of the geometries, e.g. ``"EPSG:4326"``.
    """
    for name in ("events", "toponyms"):
        path = folder / f"{name}.parquet"
        frame = getattr(tables, name).to_crs(crs)
        frame.to_parquet(
            path,
            index=False,
            compression="zstd",
            schema_version="1.1.0",
            write_covering_bbox=True,
        )
        _finish(path)
    for name in ("claims", "articles"):
        frame = getattr(tables, name)
        _typed(frame).to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")


def write_flatgeobuf(tables: Tables, folder: Path, crs: str) -> None:
    """Write ``events.fgb`` and ``toponyms.fgb``, spatially indexed: what has a place.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the files go.
    crs
        CRS of the geometries.
    """
    for name in ("events", "toponyms"):
        frame = getattr(tables, name)
        placed = frame[frame.geometry.notna()].to_crs(crs)
        pyogrio.write_dataframe(
            placed,
            folder / f"{name}.fgb",
            driver="FlatGeobuf",
            layer=name,
            geometry_type="Unknown",
            # An index of nothing cannot be built.
            SPATIAL_INDEX="YES" if len(placed) else "NO",
            TITLE=f"geomap: {name}",
            DESCRIPTION=f"{ATTRIBUTION} Licence: {LICENCE} Schema {SCHEMA_VERSION}.",
        )
        _check_last(folder / f"{name}.fgb", len(placed))


def _check_last(path: Path, count: int) -> None:
    """Refuse a file without its last feature: GDAL's driver says nothing of a full disk."""
    read = pyogrio.read_dataframe(path, columns=[], skip_features=count - 1) if count else [None]
    if len(read) != 1:
        raise OSError(errno.ENOSPC, "the file was cut short; is the disk full?", str(path))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Make text columns text also where all is absent: Parquet has a type for each column."""
    return frame.astype("string")


def _finish(path: Path) -> None:
    """Add licence, attribution and schema version, and leave no box around what has no place.

    The specification asks that the covering is null where the geometry is (section
    "Bounding Box Columns"); geopandas writes a box of NaN.
    """
    # Loaded here: a third of a second that the other formats need not wait.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(path)
    at = table.schema.get_field_index("bbox")
    boxes = table.column(at).combine_chunks()
    empty = pc.is_null(table.column("geometry").combine_chunks())
    fields = [boxes.type.field(number) for number in range(boxes.type.num_fields)]
    boxes = pa.StructArray.from_arrays(
        [boxes.field(number) for number in range(len(fields))], fields=fields, mask=empty
    )
    noted: dict[Any, Any] = {
        **(table.schema.metadata or {}),
        b"geomap": json.dumps(
            {"schema": SCHEMA_VERSION, "attribution": ATTRIBUTION, "licence": LICENCE}
        ).encode(),
    }
    done = table.set_column(at, table.schema.field(at), boxes).replace_schema_metadata(noted)
    pq.write_table(done, path, compression="zstd")
