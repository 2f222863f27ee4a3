"""Endings: what the names of files say of what is in them, known without loading a library."""

from __future__ import annotations

__all__ = ["LAYER_ENDINGS"]

# Of layers that can be read back (geomap.layers.reading), the ``events`` file of each format.
LAYER_ENDINGS = (".gpkg", ".parquet", ".fgb", ".geojson", ".fg.json")
