"""From what a user names (a file, a download, ``geonames:UA``) to an added gazetteer."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from geomap.errors import GazetteerError
from geomap.gazetteer.adding import Added, SourceFile, add_source
from geomap.gazetteer.download import download
from geomap.gazetteer.formats.detecting import FORMATS, detect_format, open_lines
from geomap.gazetteer.formats.geonames import read_alternate_names, read_geonames
from geomap.gazetteer.formats.gns import read_gns
from geomap.gazetteer.formats.osm import read_overpass
from geomap.gazetteer.formats.tables import read_table, read_vector
from geomap.gazetteer.formats.wikidata import read_wikidata
from geomap.gazetteer.library import added_path, data_folder
from geomap.gazetteer.store import builtin_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from geomap.gazetteer.incoming import IncomingName, IncomingPlace, RowFault

__all__ = ["GEONAMES_URL", "add_from"]

GEONAMES_URL = "https://download.geonames.org/export/dump/{}.zip"
_GEONAMES = re.compile(r"geonames:([A-Za-z]{2}|allCountries|cities\d+|no-country)")
_ATTRIBUTIONS = {
    "geonames": "Places: GeoNames (geonames.org), CC BY 4.0.",
    "gns": "Places: NGA GEOnet Names Server, public domain.",
    "overpass": "Places: © OpenStreetMap contributors, ODbL 1.0.",
    "wikidata": "Places: Wikidata, CC0.",
}


def add_from(  # noqa: PLR0913 - one option of the command each, keyword-only
    source: str,
    *,
    name: str | None = None,
    form: str | None = None,
    mapping: Mapping[str, str] | None = None,
    alternate_names: Path | None = None,
    attribution: str | None = None,
    sha256: str | None = None,
    on_fault: Callable[[RowFault], None] | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> Added:
    """Add a source to the gazetteers that are searched.

    Parameters
    ----------
    source
        A file, an http(s) address, or ``geonames:UA``, ``geonames:allCountries``.
    name
        Name of the added gazetteer; ``None`` takes that of the file.
    form
        One of ``geonames``, ``gns``, ``overpass``, ``wikidata``, ``csv``,
        ``vector``; ``None`` tells it from the content.
    mapping
        Our field -> the file's column, for tables and layers.
    alternate_names
        GeoNames' ``alternateNamesV2`` for a GeoNames dump.
    attribution
        The line that outputs must carry; ``None`` takes the source's own.
    sha256
        Digest that a download must have.
    on_fault
        Takes rows that cannot be used, which are then left out; ``None`` stops
        at the first.
    on_rows
        Called with the number of rows written so far.

    Returns
    -------
    Added
        What was written.

    Raises
    ------
    GazetteerError
        When the source cannot be fetched or read, or a row not be used. An
        added gazetteer of that name is then as it was.
    """
    path = _fetched(source, sha256=sha256)
    if form is not None and form not in FORMATS:
        msg = f"format {form!r} is unknown; expected one of {', '.join(FORMATS)}"
        raise GazetteerError(msg)
    form = form or detect_format(path)
    target = added_path(name or _plain_stem(path))
    if mapping and form not in {"csv", "vector"}:
        raise GazetteerError(f"format {form} has fixed columns; leave --map out")
    if alternate_names is not None and form != "geonames":
        raise GazetteerError(f"alternate names belong to a GeoNames dump, not to {form}")
    about = SourceFile(
        name=path.name,
        digest=_digest(path, alternate_names, form=form, mapping=mapping),
        attribution=attribution or _ATTRIBUTIONS.get(form, f"Places: {path.name}."),
    )

    def names() -> Iterator[tuple[int, int, IncomingName]]:
        if alternate_names is not None:
            with open_lines(alternate_names) as lines:
                yield from read_alternate_names(
                    lines, source=alternate_names.name, on_fault=on_fault
                )

    return add_source(
        lambda: _places(path, form, mapping, on_fault),
        target,
        source=about,
        builtin=builtin_path(),
        names=names if alternate_names is not None else None,
        on_rows=on_rows,
        on_fault=on_fault,
    )


def _fetched(source: str, *, sha256: str | None) -> Path:
    known = _GEONAMES.fullmatch(source)
    if known is not None:
        code = known[1].upper() if len(known[1]) == 2 else known[1]  # noqa: PLR2004 - a country
        source = GEONAMES_URL.format(code)
    if urlsplit(source).scheme in {"http", "https"}:
        file = PurePosixPath(urlsplit(source).path).name
        if not re.fullmatch(r"\w[\w.-]*", file):
            raise GazetteerError(f"{source!r} names no file; give the address of one")
        return download(source, data_folder() / "downloads" / file, sha256=sha256).path
    path = Path(source)
    if not path.is_file():
        msg = f"{source}: no such file; give a file, an http(s) address, or e.g. geonames:UA"
        raise GazetteerError(msg)
    if sha256 is not None and _file_digest(path) != sha256.lower():
        raise GazetteerError(f"{source}: SHA-256 is {_file_digest(path)}, expected {sha256}")
    return path


def _plain_stem(path: Path) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.name.split(".")[0]).strip("-._") or "own"


def _digest(path: Path, names: Path | None, *, form: str, mapping: Mapping[str, str] | None) -> str:
    parts = [form, json.dumps(dict(mapping or {}), sort_keys=True), _file_digest(path)]
    if names is not None:
        parts.append(_file_digest(names))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as err:
        raise GazetteerError(f"{path}: cannot be read ({err.strerror}); give a file") from err


def _places(
    path: Path,
    form: str,
    mapping: Mapping[str, str] | None,
    on_fault: Callable[[RowFault], None] | None,
) -> Iterator[IncomingPlace]:
    if form == "vector":
        yield from read_vector(path, mapping=mapping, on_fault=on_fault)
        return
    with open_lines(path) as lines:
        if form == "csv":
            yield from read_table(lines, source=path.name, mapping=mapping, on_fault=on_fault)
        elif form == "geonames":
            yield from read_geonames(lines, source=path.name, on_fault=on_fault)
        elif form == "gns":
            yield from read_gns(lines, source=path.name, on_fault=on_fault)
        elif form == "overpass":
            yield from read_overpass(lines, source=path.name, on_fault=on_fault)
        else:
            yield from read_wikidata(b"".join(lines), source=path.name, on_fault=on_fault)
