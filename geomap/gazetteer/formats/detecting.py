"""Tell the format of a user's file, and open text that may be packed."""

from __future__ import annotations

import contextlib
import gzip
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from geomap.errors import GazetteerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FORMATS", "detect_format", "open_lines"]

FORMATS = ("geonames", "gns", "overpass", "wikidata", "csv", "vector")
_VECTOR = frozenset({".geojson", ".gpkg", ".fgb", ".shp", ".pbf", ".parquet", ".kml"})
_HEAD_BYTES = 65_536
_GEONAMES_COLUMNS = 19
# A damaged zip, one with a password (RuntimeError), one packed in a way that Python cannot.
_UNZIPPABLE = (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError)
_NOT_DATA = frozenset({"readme.txt", "disclaimer.txt", "copyright.txt"})


def detect_format(path: Path) -> str:
    """Tell the format of a file by its suffix and its first 64 KB.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    str
        One of :data:`FORMATS`.

    Raises
    ------
    GazetteerError
        When it cannot be told or the file not be read.
    """
    if path.suffix.lower() in _VECTOR:
        return "vector"
    head = _head(path)
    start = head.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return _json_format(path, start)
    line = start.split("\n", 1)[0].rstrip("\r")
    columns = [column.strip('"').lower() for column in line.split("\t")]
    if len(columns) == _GEONAMES_COLUMNS and columns[0].isdigit():
        return "geonames"
    if {"ufi", "lat_dd"} <= set(columns) or {"ufi", "lat"} <= set(columns):
        return "gns"
    named = [column.strip('"').lower() for column in line.replace("\t", ",").split(",")]
    if {"item", "coord"} <= set(named):
        return "wikidata"
    if any(mark in line for mark in ",;\t|"):
        return "csv"
    msg = f"{path}: its format cannot be told; give --format, one of {', '.join(FORMATS)}"
    raise GazetteerError(msg)


def _head(path: Path) -> str:
    lines: list[bytes] = []
    size = 0
    with open_lines(path) as handle:
        for line in handle:
            lines.append(line)
            size += len(line)
            if size >= _HEAD_BYTES:
                break
    return b"".join(lines)[:_HEAD_BYTES].decode("utf-8", errors="replace")


def _json_format(path: Path, start: str) -> str:
    if '"elements"' in start:
        return "overpass"
    if '"bindings"' in start or '"head"' in start:
        return "wikidata"
    if '"FeatureCollection"' in start or '"Feature"' in start:
        return "vector"
    msg = (
        f"{path}: JSON of an unknown kind; expected Overpass ('elements'), Wikidata results "
        "('bindings') or GeoJSON ('FeatureCollection')"
    )
    raise GazetteerError(msg)


@contextlib.contextmanager
def open_lines(path: Path) -> Iterator[Iterator[bytes]]:
    """Open a text file, packed by gzip or zip or not, line by line.

    Parameters
    ----------
    path
        The file. A zip holds one data file, or one named like the zip.

    Yields
    ------
    iterator of bytes
        Lines with their ends.

    Raises
    ------
    GazetteerError
        When the file is missing, its packing damaged, or a zip holds several
        data files.
    """
    try:
        with contextlib.ExitStack() as stack:
            yield _unpacked(path, _opened(path, stack))
    except OSError as err:
        msg = f"{path}: cannot be read ({err.strerror or err}); give the path of a file"
        raise GazetteerError(msg) from err


def _opened(path: Path, stack: contextlib.ExitStack) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        packed = gzip.open(path, "rb")  # noqa: SIM115 - the stack closes it
        stack.callback(packed.close)
        return packed  # type: ignore[return-value]
    if path.suffix.lower() != ".zip":
        return stack.enter_context(path.open("rb"))
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except _UNZIPPABLE as err:
        msg = f"{path}: no whole zip file ({err}); it looks truncated: fetch it again"
        raise GazetteerError(msg) from err
    members = [
        name
        for name in archive.namelist()
        if not name.endswith("/") and PurePosixPath(name).name.lower() not in _NOT_DATA
    ]
    same = [name for name in members if PurePosixPath(name).stem == path.stem]
    chosen = members if len(members) == 1 else same
    if len(chosen) != 1:
        msg = f"{path}: holds {len(members)} data files ({', '.join(members[:5])}); unpack one"
        raise GazetteerError(msg)
    try:
        return stack.enter_context(archive.open(chosen[0]))
    except _UNZIPPABLE as err:
        msg = f"{path}: {chosen[0]} cannot be unpacked ({err}); unpack it and give the file"
        raise GazetteerError(msg) from err


def _unpacked(path: Path, handle: IO[bytes]) -> Iterator[bytes]:
    try:
        yield from handle
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as err:
        msg = f"{path}: the packed file is damaged or truncated ({err}); fetch it again"
        raise GazetteerError(msg) from err
