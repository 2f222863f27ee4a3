"""The errors geomap raises for what a user can put right.

::

    GeomapError
    ├── InputError          (ValueError)         an article cannot be read or used
    ├── OutputError         (OSError)            a result cannot be written
    ├── StoreError          (OSError)            a store cannot be opened, read or written
    ├── SettingsError       (ValueError)         a settings file or option is wrong
    ├── GazetteerError      (LookupError)        the gazetteer is missing or corrupt
    │   └── OnlineError     (LookupError)        a service that was asked does not answer
    ├── ModelError          (LookupError)        the spaCy pipeline is missing or altered
    ├── ContractError       (ValueError)         a saved extraction is not of the contract
    ├── GeometryError       (ValueError)         a geometry or its CRS is not what it must be
    ├── ClusterError        (RuntimeError)       a cluster cannot be used, or was lost
    └── GoldError           (ValueError)         a gold file cannot be scored against

Each is a :class:`GeomapError` *and* a builtin, so that a caller who knows
nothing of geomap can still catch it. Each message names the value, says what
was expected and what to do.
"""

from __future__ import annotations

__all__ = [
    "ClusterError",
    "ContractError",
    "GazetteerError",
    "GeomapError",
    "GeometryError",
    "GoldError",
    "InputError",
    "ModelError",
    "OnlineError",
    "OutputError",
    "SettingsError",
    "StoreError",
]


class GeomapError(Exception):
    """Base of every error that geomap raises on purpose."""


class InputError(GeomapError, ValueError):
    """An article cannot be read, or holds nothing that can be used."""


class OutputError(GeomapError, OSError):
    """A result cannot be written where it was asked for."""


class StoreError(GeomapError, OSError):
    """A store is missing, in use, full, of another version, or no store at all."""


class SettingsError(GeomapError, ValueError):
    """A settings file or an option holds a value that cannot be used."""


class GazetteerError(GeomapError, LookupError):
    """The gazetteer file is missing, corrupt or of another version."""


class OnlineError(GazetteerError):
    """A geocoding service, or the cache of its answers, fails; work goes on without it."""


class ModelError(GeomapError, LookupError):
    """The spaCy pipeline is missing, or is not the one that was asked for."""


class ContractError(GeomapError, ValueError):
    """A saved extraction does not follow the contract."""


class GeometryError(GeomapError, ValueError):
    """A geometry, or its coordinate reference system, is not what it must be."""


class ClusterError(GeomapError, RuntimeError):
    """A Dask cluster cannot be reached, differs from the client, or was lost on the way."""


class GoldError(GeomapError, ValueError):
    """A gold file is missing, or does not follow the gold format."""
