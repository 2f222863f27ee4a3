"""Reading: the partitions come back as the tables that layers and maps are made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geomap.cluster.partitions import UNKNOWN
from geomap.errors import InputError
from geomap.layers.reading import tables_from

if TYPE_CHECKING:
    from geomap.layers import Tables

__all__ = ["read_partitions"]

# Claims follow from the events.
_READ = ("events", "toponyms", "articles")


def read_partitions(output: str | Path) -> Tables:
    """Read a folder of partitions as tables, all of it, into memory.

    For parts of it, read the files with geopandas, Dask or DuckDB (``docs/cluster.md``).

    Parameters
    ----------
    output
        The folder that :func:`geomap.cluster.extract_on_cluster` wrote.

    Returns
    -------
    Tables
        In the order of the articles' ids; EPSG:4326. ``write_layers`` takes them,
        ``extractions_of`` makes articles of them, which ``draw_map`` takes.

    Raises
    ------
    InputError
        When the folder holds no partitions, or they cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from geomap.cluster import extract_to_partitions, read_partitions
    >>> folder = tempfile.mkdtemp()
    >>> _ = extract_to_partitions([], folder)
    >>> len(read_partitions(folder).events)
    0
    """
    root = Path(output)
    if not (root / "_geomap").is_dir():
        msg = (
            f"{root}: is a folder without partitions; give a file in it, a folder that geomap "
            "batch --scheduler wrote, or a store with --store"
        )
        raise InputError(msg)
    try:
        there = [name for name in _READ if (root / name).is_dir()]
        return tables_from({name: _layer(root / name, name) for name in there})
    # Arrow's errors are OSErrors and ValueErrors, a column that is missing a KeyError.
    except (OSError, ValueError, KeyError) as err:
        msg = f"{root}: cannot be read as partitions ({err}); run the command that made it again"
        raise InputError(msg) from err


def _layer(folder: Path, name: str) -> Any:
    if name == "articles":
        return pd.read_parquet(folder).sort_values("article_id", ignore_index=True)
    frame = gpd.read_parquet(folder)
    country = frame["country"].astype(object)
    return frame.assign(country=country.where(country != UNKNOWN, None))
