"""The embedded gazetteer: one SQLite file, built from open sources, read by name.

:func:`open_gazetteer` opens the file of the install; :meth:`Gazetteer.find`
looks one name up, :meth:`Gazetteer.find_many` and :meth:`Gazetteer.knows` many.
The modules that build the file (``importers``, ``overlays``, ``building``) are
not imported here: they need packages that are there at build time only.
"""

from __future__ import annotations

from geomap.gazetteer.constraints import Constraints
from geomap.gazetteer.corrections import Corrections, read_corrections
from geomap.gazetteer.library import added_files, data_folder
from geomap.gazetteer.normalise import key
from geomap.gazetteer.scan import Found, scan
from geomap.gazetteer.store import Gazetteer, GazetteerInfo, open_gazetteer

__all__ = [
    "Constraints",
    "Corrections",
    "Found",
    "Gazetteer",
    "GazetteerInfo",
    "added_files",
    "data_folder",
    "key",
    "open_gazetteer",
    "read_corrections",
    "scan",
]
