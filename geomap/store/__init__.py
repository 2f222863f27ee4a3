"""The store: what was read from many articles, in one folder that outlives any process.

One SQLite file (``docs/decisions/016-a-store-in-sqlite.md`` says why), one
writer at a time, any number of readers.
"""

from __future__ import annotations

from geomap.store.asking import Counts, where
from geomap.store.base import Store, open_store
from geomap.store.copies import Copy
from geomap.store.packing import Packed, pack

__all__ = ["Copy", "Counts", "Packed", "Store", "open_store", "pack", "where"]
