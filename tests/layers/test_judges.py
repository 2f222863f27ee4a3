"""Judges that we did not write: each reads what the formats write, and finds no fault."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fetch_geojsonhint import PROGRAM as GEOJSONHINT
from samples import event, extracted

from geomap.geometry import chain, circle, point, ring
from geomap.layers import FORMATS, write_layers
from geomap.layers.sheets import safe_cell

# GDAL's own judge of GeoPackages, of Debian's python3-gdal.
VALIDATE_GPKG = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")
SYSTEM_PYTHON = "/usr/bin/python3"
FORMULAS = ("=1+1", "+1", "-cmd|x", "@SUM(1)", "\t=1", " =1", "＝1")


@pytest.fixture(scope="module", params=["events", "nothing"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp(request.param)
    shapes = [
        None, point(30, 50), point(0, 90), ring(30, 50, radius_km=5),
        circle(179.99, 50, radius_km=30), chain([(30, 50), (31, 51), (32, 50)]),
    ]  # fmt: skip
    events = [event(id=f"e{n}", geometry=shape) for n, shape in enumerate(shapes)]
    events += [event(id=f"f{n}", reason=text, weapon=text) for n, text in enumerate(FORMULAS)]
    articles = [extracted(events=tuple(events))] if request.param == "events" else []
    write_layers(articles, made, formats=FORMATS)
    return made


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("name", ["events.geojson", "toponyms.geojson", "events.fg.json"])
def test_geojson_validator(name: str, folder: Path) -> None:
    judge = pytest.importorskip("geojson_validator", reason="pip install geojson-validator")
    data = json.loads((folder / name).read_bytes())
    assert judge.validate_structure(data) == {}
    faults = judge.validate_geometries(
        {**data, "features": [one for one in data["features"] if one["geometry"]]}
    )
    assert faults["invalid"] == {}


@pytest.mark.parametrize("name", ["events.geojson", "toponyms.geojson", "events.fg.json"])
def test_geojsonhint(name: str, folder: Path) -> None:
    if not GEOJSONHINT.is_file():
        pytest.skip("geojsonhint is not here: python tests/layers/fetch_geojsonhint.py")
    done = run(GEOJSONHINT, folder / name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("layer", ["events", "toponyms"])
def test_geoparquet_validator(layer: str, folder: Path) -> None:
    judge = shutil.which("geoparquet-validator", path=str(Path(sys.executable).parent))
    if judge is None:
        pytest.skip("pip install geoparquet-validator")
    path = folder / f"{layer}.parquet"
    kinds = ("core", "covering") if folder.name.startswith("nothing") else ("all",)
    for kind in kinds:
        # Nothing has no statistics, which the class of distribution asks for.
        done = run(judge, "check", path, "--class", kind)
        assert done.returncode == 0, done.stdout


def test_gdal_validates_the_geopackage(folder: Path) -> None:
    if not VALIDATE_GPKG.is_file():
        pytest.skip("apt-get install python3-gdal")
    done = run(SYSTEM_PYTHON, VALIDATE_GPKG, "-k", folder / "geomap.gpkg")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not re.search("fail|error|not conform", done.stdout + done.stderr, re.IGNORECASE)


def test_kml_follows_its_schema(folder: Path) -> None:
    fastkml = pytest.importorskip("fastkml", reason="pip install fastkml")
    etree = pytest.importorskip("lxml.etree", reason="pip install lxml")
    path = Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"
    schema = etree.XMLSchema(etree.parse(str(path)))
    found = etree.parse(str(folder / "events.kml"))
    assert schema.validate(found), schema.error_log
    spans = found.findall(".//{http://www.opengis.net/kml/2.2}TimeSpan")
    assert len(spans) == (0 if folder.name.startswith("nothing") else 12)


@pytest.mark.parametrize("table", ["events", "toponyms", "claims", "articles"])
def test_duckdb_reads_parquet_and_csv(table: str, folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="pip install duckdb")
    counts = [
        duckdb.sql(f"SELECT count(*) FROM '{folder}/{table}.{suffix}'").fetchall()  # noqa: S608
        for suffix in ("parquet", "csv")
    ]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["events.geojson", "events.fgb", "events.kml", "geomap.gpkg"])
def test_gdal_tools_read(name: str, folder: Path) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.skip("apt-get install gdal-bin")
    done = run("ogrinfo", "-ro", "-al", "-so", folder / name)
    assert done.returncode == 0
    assert not re.search(r"^(ERROR|Warning)", done.stdout + done.stderr, re.MULTILINE)


def test_no_cell_is_a_formula(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    is_number = re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)
                    assert is_number or not cell.lstrip(" ").startswith(tuple("=+-@\t\r＝＋－＠"))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_hxl_has_hashtags_under_the_headings(folder: Path) -> None:
    with (folder / "hxl.csv").open(encoding="utf-8-sig", newline="") as stream:
        heads, tags, *rows = csv.reader(stream)
    # HXL 1.1: a tag, then attributes with plus signs, letters and digits.
    assert all(re.fullmatch(r"#[a-z]\w*(\+[a-z]\w*)*", tag) for tag in tags)
    assert len(heads) == len(tags)
    assert all(len(row) == len(tags) for row in rows)


def test_acled_holds_what_is_said_to_have_happened(tmp_path: Path) -> None:
    shape: Any = point(30, 50)
    kinds = ("asserted", "claimed", "denied", "planned", "possible", "negated")
    events = tuple(event(id=kind, factuality=kind, geometry=shape) for kind in kinds)
    path = write_layers([extracted(events=events)], tmp_path, formats=["acled"])["acled"]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["event_id_cnty"] for row in rows] == ["sumy/asserted", "sumy/claimed"]
    assert (rows[0]["event_type"], rows[0]["actor1"]) == ("Strategic developments", "Kyiv")
    assert (rows[0]["latitude"], rows[0]["longitude"], rows[0]["year"]) == ("50.0", "30.0", "2022")
