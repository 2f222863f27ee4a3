"""Partitions: the layers of a batch as Parquet files in folders by day and country.

``events/day=2022-03-03/country=UA/part-<digest of the batch>.parquet`` and so on, as Hive
names them, which geopandas, Dask, DuckDB, Spark and QGIS read as one table. The columns are
those of ``docs/schema.md``; ``country`` stands in the folder's name alone, because Arrow
refuses a column that is in both.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from geomap.frames import CRS, SCHEMA_VERSION
from geomap.layers.cleaning import is_number
from geomap.layers.notice import ATTRIBUTION, LICENCE
from geomap.layers.tables import Tables, tables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from geomap.records import ExtractedArticle

__all__ = ["LAYERS", "UNKNOWN", "Part", "parts_of"]

# Stands for an empty day or country in the name of a folder. Hive's own word for it,
# __HIVE_DEFAULT_PARTITION__, stops geopandas ("Cannot yet unify dictionaries with nulls").
UNKNOWN = "unknown"

# Layer to the names of its folders. Articles have a day and no country.
LAYERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "events": ("day", "country"),
        "toponyms": ("day", "country"),
        "claims": ("day", "country"),
        "articles": ("day",),
    }
)
_WITH_GEOMETRY = ("events", "toponyms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a batch.

    Parameters
    ----------
    path
        Below the output folder, with slashes.
    rows
        How many it holds.
    size_bytes, sha256
        Of the file.
    content
        The file; ``None`` where it lies on disk.
    """

    path: str
    rows: int
    size_bytes: int
    sha256: str
    content: bytes | None = None


def parts_of(extractions: Iterable[ExtractedArticle], *, digest: str) -> Iterator[Part]:
    """Make the files of a batch.

    Parameters
    ----------
    extractions
        The extracted articles.
    digest
        That of the batch, which names the files.

    Yields
    ------
    Part
        With content, the same bytes for the same articles; none for a layer without rows.
    """
    tables = tables_of(extractions)
    days = _days(tables)
    for layer, keys in LAYERS.items():
        frame = getattr(tables, layer)
        if not len(frame):
            continue
        where = pd.DataFrame({"day": days[layer], "country": _countries(tables, layer)})
        whole = _arrow(frame, layer)
        # In the order of names, so that the same batch gives the same list.
        for names, rows in sorted(where.groupby(list(keys), sort=True).indices.items()):
            values = names if isinstance(names, tuple) else (names,)
            folders = [f"{k}={quote(v, safe='')}" for k, v in zip(keys, values, strict=True)]
            path = "/".join([layer, *folders, f"part-{digest}.parquet"])
            table = whole.take(np.sort(rows))
            yield _part(path, table, _notes(table, layer))


def _days(tables: Tables) -> dict[str, list[str]]:
    """Give the day of each row: of an event when it happens, of all else when it was told."""
    published = dict(zip(tables.articles["article_id"], tables.articles["published"], strict=True))
    dated = dict(zip(tables.events["event_id"], tables.events["date_start"], strict=True))
    days = {
        "events": list(tables.events["date_start"]),
        "toponyms": [published.get(one) for one in tables.toponyms["article_id"]],
        "claims": [dated.get(one) for one in tables.claims["event_id"]],
        "articles": list(tables.articles["published"]),
    }
    return {layer: [day or UNKNOWN for day in values] for layer, values in days.items()}


def _countries(tables: Tables, layer: str) -> list[str]:
    if layer == "articles":
        return [UNKNOWN] * len(tables.articles)
    if layer == "claims":
        held = dict(zip(tables.events["event_id"], tables.events["country"], strict=True))
        return [held.get(one) or UNKNOWN for one in tables.claims["event_id"]]
    return [country or UNKNOWN for country in getattr(tables, layer)["country"]]


def _arrow(frame: Any, layer: str) -> pa.Table:
    """Make an Arrow table whose columns have the same types in every file."""
    import pyarrow as pa  # noqa: PLC0415 - takes a third of a second
    import shapely  # noqa: PLC0415 - same

    rows = pd.DataFrame(frame.drop(columns=["geometry", "country"], errors="ignore"))
    schema = pa.schema([(name, _type(name)) for name in rows.columns])
    table = pa.Table.from_pandas(rows, schema=schema, preserve_index=False)
    if layer not in _WITH_GEOMETRY:
        return table
    shapes = frame.geometry.to_numpy()
    sides = shapely.bounds(shapes).T
    # GeoParquet 1.1, "Bounding Box Columns": null where the geometry is.
    boxes = pa.StructArray.from_arrays(
        [pa.array(side) for side in sides], _SIDES, mask=pa.array(np.isnan(sides[0]))
    )
    wkb = pa.array(shapely.to_wkb(shapes, flavor="iso"), pa.binary())
    return table.append_column("geometry", wkb).append_column("bbox", boxes)


_SIDES = ("xmin", "ymin", "xmax", "ymax")


def _type(column: str) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    if not is_number(column):
        return pa.string()
    return pa.float64() if column.endswith(("_km", "confidence")) else pa.int64()


def _notes(table: pa.Table, layer: str) -> dict[str, str]:
    """Give what GeoParquet says of the geometries, and licence and schema version."""
    note = {"schema": SCHEMA_VERSION, "attribution": ATTRIBUTION, "licence": LICENCE}
    geo = {"geo": json.dumps(_geo(table))} if layer in _WITH_GEOMETRY else {}
    return {"geomap": json.dumps(note), **geo}


def _geo(table: pa.Table) -> dict[str, Any]:
    """Describe the geometries as GeoParquet 1.1 wants it."""
    import shapely  # noqa: PLC0415

    shapes = shapely.from_wkb(table.column("geometry").to_numpy(zero_copy_only=False))
    placed = shapes[~shapely.is_missing(shapes)]
    column: dict[str, Any] = {
        "encoding": "WKB",
        "crs": _crs(),
        "geometry_types": sorted({shape.geom_type for shape in placed}),
        "covering": {"bbox": {side: ["bbox", side] for side in _SIDES}},
    }
    if len(placed):
        column["bbox"] = [float(side) for side in shapely.total_bounds(placed)]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


@cache
def _crs() -> dict[str, Any]:
    from pyproj import CRS as ProjCRS  # noqa: PLC0415, N811 - a name of ours

    described: dict[str, Any] = ProjCRS(CRS).to_json_dict()
    return described


def _part(path: str, table: pa.Table, notes: Mapping[str, str]) -> Part:
    import pyarrow.parquet as pq  # noqa: PLC0415

    stream = io.BytesIO()
    # Without what Arrow and pandas would note of types, which Parquet's own say as well:
    # 13 KB for four events, not 35.
    with pq.ParquetWriter(stream, table.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(notes)
    content = stream.getvalue()
    return Part(
        path=path,
        rows=table.num_rows,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
