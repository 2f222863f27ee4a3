"""The cluster room: the work of a batch on an existing Dask cluster, into partitioned Parquet.

Nothing here loads Dask before a cluster is asked for: ``pip install 'geomap[cluster]'``.
"""

from __future__ import annotations

from geomap.cluster.connecting import connect
from geomap.cluster.files import Files
from geomap.cluster.reading import read_partitions
from geomap.cluster.running import (
    Outcome,
    RunOptions,
    extract_on_cluster,
    extract_to_partitions,
)

__all__ = [
    "Files",
    "Outcome",
    "RunOptions",
    "connect",
    "extract_on_cluster",
    "extract_to_partitions",
    "read_partitions",
]
