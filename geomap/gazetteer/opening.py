"""Open a gazetteer file, and say what it is."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.errors import GazetteerError
from geomap.gazetteer.schema import APPLICATION_ID, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["REMEDY", "GazetteerInfo", "connect", "describe"]

REMEDY = "build it with `python -m pip install .` in the checkout, or give the path of another"


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerInfo:
    """What a gazetteer file is and whose data it holds.

    Parameters
    ----------
    path
        The file.
    version
        First twelve digits of ``inputs``: short enough to write into outputs.
    inputs
        SHA-256 of everything the file was made from.
    sha256
        SHA-256 of the file.
    places, names, boundaries
        Rows.
    worldview
        Declared view on disputed borders.
    attribution
        The line that outputs must carry.
    sources
        Packaged sources and their versions.
    """

    path: str
    version: str
    inputs: str
    sha256: str
    places: int
    names: int
    boundaries: int
    worldview: str
    attribution: str
    sources: Mapping[str, str]


def connect(path: Path) -> sqlite3.Connection:
    """Open a gazetteer file for reading and check that it is one.

    Parameters
    ----------
    path
        The SQLite file. It must not change while it is open.

    Returns
    -------
    sqlite3.Connection
        Read-only, memory-mapped.

    Raises
    ------
    GazetteerError
        When the file is missing, corrupt, foreign or of another version.
    """
    if not path.is_file():
        raise GazetteerError(f"{path}: there is no gazetteer file here; {REMEDY}")
    try:
        # immutable: no lock files beside a file in a read-only install.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True)
    except sqlite3.Error as err:
        raise GazetteerError(f"{path}: gazetteer cannot be opened ({err}); {REMEDY}") from err
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("SELECT value FROM meta WHERE key = 'inputs'").fetchone()
        connection.execute("PRAGMA mmap_size = 17179869184")
    except sqlite3.DatabaseError as err:
        connection.close()
        raise GazetteerError(f"{path}: not a geomap gazetteer ({err}); {REMEDY}") from err
    if (application, version) != (APPLICATION_ID, SCHEMA_VERSION):
        connection.close()
        msg = (
            f"{path}: gazetteer has application id {application:#x} and schema {version}; "
            f"expected {APPLICATION_ID:#x} and {SCHEMA_VERSION}; {REMEDY}"
        )
        raise GazetteerError(msg)
    return connection


def describe(path: Path, meta: Mapping[str, str]) -> GazetteerInfo:
    """Describe a gazetteer file from its ``meta`` table; the file is hashed whole (0.1 s)."""
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return GazetteerInfo(
        path=str(path),
        version=meta["inputs"][:12],
        inputs=meta["inputs"],
        sha256=digest,
        places=int(meta["places"]),
        names=int(meta["names"]),
        boundaries=int(meta["boundaries"]),
        worldview=meta["worldview"],
        attribution=meta["attribution"],
        sources=json.loads(meta["sources"]),
    )
