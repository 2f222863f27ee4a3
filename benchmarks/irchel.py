"""Look-ups against the SQLite tiers of the Irchel geoparser, over the same places and names.

    pip download --no-deps geoparser==0.6.2 && unzip -d irchel geoparser-0.6.2-*.whl
    pip install --no-deps --target irchel appdirs
    python benchmarks/irchel.py irchel
    python benchmarks/irchel.py irchel --build geomap.db     # the file alone, for peers.py

Irchel (PyPI: geoparser, MIT) needs torch, which geomap does not; its gazetteer is one module of
plain SQLite, so that module alone is loaded from the unpacked wheel, its file is made with its own
schema from our places and names, and its own search methods answer. Figures: size, first look-up,
median look-up per tier, and how many of 3,000 drawn names each finds, with ratios to geomap.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.gazetteer import open_gazetteer

if TYPE_CHECKING:
    from geomap.records import Place

ROUNDS = 3000
FUZZY_ROUNDS = 200  # its fuzzy tier is slow


def load_irchel(folder: Path) -> Any:
    """Load Irchel's artifact module without the packages around it, which load torch."""
    sys.path.insert(0, str(folder))
    for name in ("geoparser", "geoparser.gazetteer", "geoparser.db"):
        package = types.ModuleType(name)
        package.__path__ = [str(folder / name.replace(".", "/"))]
        sys.modules[name] = package
    import geoparser.gazetteer.artifact as artifact  # noqa: PLC0415, PLR0402 - after the stubs

    return artifact


def build(artifact: Any, path: Path) -> None:
    """Write Irchel's file: our places as features, each name as stored in ours."""
    with open_gazetteer() as gazetteer:
        file = gazetteer.files[0]
        places = [(n, p) for n, p in enumerate(gazetteer.places(), 1)]
        rows = file.execute(
            "SELECT coalesce(p.ref, 'geonames:' || p.id), n.key FROM name n "
            "JOIN place p ON p.id = n.place"
        ).fetchall()
    numbers = {place.id: number for number, place in places}
    connection = sqlite3.connect(path)
    artifact.register_functions(connection)
    for statement in artifact.BASE_SCHEMA:
        connection.execute(statement)
    meta = {"schema_version": artifact.SCHEMA_VERSION, "name": "geomap", "crs": "EPSG:4326"}
    connection.executemany("INSERT INTO metadata VALUES (?, ?)", meta.items())
    connection.executemany(
        "INSERT INTO feature VALUES (?, ?, 'geomap', ?, NULL)",
        ((n, p.id, json.dumps(_data(p))) for n, p in places),
    )
    names = [(p.id, p.name) for _, p in places] + rows
    connection.executemany(
        "INSERT INTO name (feature_id, text) VALUES (?, ?)",
        ((numbers[place], name) for place, name in names),
    )
    for statement in artifact.SEARCH_SCHEMA:
        connection.execute(statement)
    connection.commit()
    connection.close()


def _data(place: Place) -> dict[str, Any]:
    """Give what is told of a place in Irchel's file."""
    return {
        "name": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "population": place.population,
        "is_country": place.feature_code.startswith("PCL"),
    }


def measure(find: Any, names: list[str]) -> tuple[float, int]:
    """Give the median microseconds of a warm look-up, and how many names were found."""
    times, found = [], 0
    for warm in (False, True):
        for name in names:
            start = time.perf_counter()
            answer = find(name)
            if warm:
                times.append((time.perf_counter() - start) * 1e6)
                found += bool(answer)
    return statistics.median(times), found


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("irchel", type=Path, help="folder that holds the package geoparser")
    parser.add_argument("--build", type=Path, metavar="FILE", help="write its file and stop")
    options = parser.parse_args()
    artifact = load_irchel(options.irchel)
    if options.build:
        build(artifact, options.build)
        return
    compare(artifact)


def compare(artifact: Any) -> None:
    """Look the same names up in both and print the table."""
    draw = random.Random(4)  # noqa: S311 - no secret
    with open_gazetteer() as gazetteer, tempfile.TemporaryDirectory() as folder:
        names = draw.sample([p.name for p in gazetteer.places() if p.feature_class == "P"], ROUNDS)
        typos = [name[:2] + name[3:] for name in names if len(name) > 8][:FUZZY_ROUNDS]  # noqa: PLR2004
        path = Path(folder) / "geomap.db"
        start = time.perf_counter()
        build(artifact, path)
        built = time.perf_counter() - start
        start = time.perf_counter()
        theirs = artifact.GazetteerArtifact(path)
        theirs.search_exact("Kyiv")
        first = (time.perf_counter() - start) * 1e3
        own, own_found = measure(gazetteer.find, names)
        guess, guess_found = measure(lambda n: gazetteer.find(n, fuzzy=True), typos)
        print(f"irchel: file {path.stat().st_size / 1e6:.0f} MB, built in {built:.0f} s")
        print(f"irchel: open and first look-up {first:.1f} ms")
        print(f"geomap exact   p50 {own:9.1f} µs  {own_found}/{len(names)} found")
        for tier in ("exact", "phrase", "partial"):
            p50, found = measure(getattr(theirs, f"search_{tier}"), names)
            print(f"irchel {tier:7} p50 {p50:9.1f} µs  {found}/{len(names)}  {p50 / own:.1f}x")
        p50, found = measure(theirs.search_fuzzy, typos)
        print(f"geomap fuzzy   p50 {guess:9.1f} µs  {guess_found}/{len(typos)} found")
        print(f"irchel fuzzy   p50 {p50:9.1f} µs  {found}/{len(typos)}  {p50 / guess:.1f}x")


if __name__ == "__main__":
    main()
