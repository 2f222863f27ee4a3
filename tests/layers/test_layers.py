from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pyogrio
import pytest
from samples import event, extracted

import geomap.layers
from geomap.errors import OutputError
from geomap.frames import EVENT_COLUMNS, SCHEMA_VERSION, TOPONYM_COLUMNS
from geomap.geometry import circle, point, ring
from geomap.layers import FORMATS, tables_of, write_layers
from geomap.layers.cleaning import clean_text
from geomap.layers.formats import Format
from geomap.layers.qgis import LAYER_STYLES, event_style, toponym_style
from geomap.layers.sheets import ACLED_COLUMNS, HXL_COLUMNS
from geomap.layers.tables import ARTICLE_COLUMNS, CLAIM_COLUMNS
from geomap.palette import EVENT_COLOURS
from geomap.signs import EVENT_SIGNS

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "{{7*7}} ${x} <b>&amp; \x00\x1b \ud800 \u202e « » \U0001f4a5 `"


def mixed() -> list[Any]:
    shapes = [None, point(30, 50), ring(30, 50, radius_km=5), circle(179.99, 50, radius_km=30)]
    events = [event(id=f"e{n}", geometry=shape) for n, shape in enumerate(shapes)]
    hostile = event(id="h", type="unheard-of", subtype=HOSTILE, reason=HOSTILE)
    return [extracted("a", events=(*events, event(id="line"), hostile)), extracted("b", events=())]


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    "columns",
    [EVENT_COLUMNS, TOPONYM_COLUMNS, CLAIM_COLUMNS, ARTICLE_COLUMNS, ACLED_COLUMNS, HXL_COLUMNS],
    ids=["events", "toponyms", "claims", "articles", "acled", "hxl"],
)
def test_the_schema_is_documented(columns: Any, root_dir: Path) -> None:
    text = (root_dir / "docs" / "schema.md").read_text(encoding="utf-8")
    assert f"\nVersion {SCHEMA_VERSION}." in text
    for name, meaning in columns.items():
        assert f"| `{name}` | {meaning} |" in text


def test_document_and_data_name_the_same_files_and_layers(root_dir: Path, tmp_path: Path) -> None:
    text = (root_dir / "docs" / "schema.md").read_text(encoding="utf-8")
    for name, one in FORMATS.items():
        assert f"| `{name}` | {', '.join(f'`{file}`' for file in one.files)} |" in text
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    for layer, _ in pyogrio.list_layers(path):
        assert f"| `{layer}` |" in text
    tables = tables_of(mixed())
    assert list(tables.events.columns) == list(EVENT_COLUMNS)
    assert list(tables.toponyms.columns) == list(TOPONYM_COLUMNS)
    assert list(tables.claims.columns) == list(CLAIM_COLUMNS)
    assert list(tables.articles.columns) == list(ARTICLE_COLUMNS)


def test_geojson_features(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["geojson"])["geojson"]
    data = json.loads(path.read_bytes())
    assert "crs" not in data
    ids = [feature["id"] for feature in data["features"]]
    assert ids == ["a/e0", "a/e1", "a/e2", "a/e3", "a/line", "a/h"]
    unplaced, first, *_ = data["features"]
    assert unplaced["geometry"] is None
    assert "bbox" not in unplaced
    assert first["geometry"]["coordinates"] == [30.0, 50.0]
    assert first["bbox"] == [30.0, 50.0, 30.0, 50.0]
    # What crosses the antimeridian is cut there.
    parts = data["features"][3]["geometry"]["coordinates"]
    assert len(parts) == 2
    assert {max(abs(x) for x, _ in part[0]) for part in parts} == {180.0}


@pytest.mark.parametrize("extractions", [[], [extracted(events=(), toponyms=())]])
def test_nothing_to_draw_is_written_all_the_same(extractions: list[Any], tmp_path: Path) -> None:
    written = write_layers(extractions, tmp_path, formats=FORMATS)
    # Seen before GDAL opens the files, which may leave notes beside them.
    assert {one.name for one in tmp_path.iterdir()} == {
        f for x in FORMATS.values() for f in x.files
    }
    assert json.loads(written["geojson"].read_bytes())["features"] == []
    assert len(pyogrio.read_dataframe(written["gpkg"], layer="events_point")) == 0
    metadata = rows(written["gpkg"], "SELECT metadata FROM gpkg_metadata")
    assert any("GeoNames" in text for (text,) in metadata)


def test_geopackage_layers(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    counts = {
        name: pyogrio.read_info(path, layer=name)["features"]
        for name, _ in pyogrio.list_layers(path)
    }
    assert counts.pop("basemap") > 200
    assert counts == {
        "events_point": 1, "events_line": 2, "events_polygon": 2, "toponyms": 6,
        "events_unplaced": 1, "claims": 6, "articles": 2, "layer_styles": 8,
    }  # fmt: skip
    (found,) = rows(path, "SELECT date_start, published FROM events_point")
    assert found == ("2022-03-08T00:00:00.000Z", "2022-03-08")
    assert rows(path, "PRAGMA user_version") == [(10200,)]
    assert pyogrio.read_info(path, layer="events_line")["crs"] == "EPSG:4326"
    metadata = [text for (text,) in rows(path, "SELECT metadata FROM gpkg_metadata")]
    assert any("GeoNames" in text and f">{SCHEMA_VERSION}<" in text for text in metadata)
    assert all("CC BY 4.0" in text for text in metadata)
    sql = "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"
    indexed = {name for (name,) in rows(path, sql)}
    assert {"events_point", "events_line", "events_polygon", "toponyms"} <= indexed


def test_the_project_in_the_geopackage_is_the_one_beside_it(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    ((name, content),) = rows(path, "SELECT name, content FROM qgis_projects")
    archive = tmp_path / "geomap.qgz"
    assert name == "geomap"
    assert bytes.fromhex(content.decode()) == archive.read_bytes()
    with zipfile.ZipFile(archive) as packed:
        root = ET.fromstring(packed.read("geomap.qgs"))  # noqa: S314 - our own
    sources = {element.text for element in root.iter("datasource")}
    assert "./geomap.gpkg|layername=events_line" in sources
    assert all((source or "").startswith("./geomap.gpkg|") for source in sources)


def test_another_crs(tmp_path: Path) -> None:
    able = ("gpkg", "parquet", "flatgeobuf", "csv")
    write_layers(mixed(), tmp_path, formats=able, crs="EPSG:3857")
    for file, layer in (("geomap.gpkg", "events_point"), ("events.fgb", "events")):
        info = pyogrio.read_info(tmp_path / file, layer=layer)
        assert info["crs"] == "EPSG:3857"
    assert pyogrio.read_info(tmp_path / "geomap.gpkg", layer="basemap")["crs"] == "EPSG:4326"
    # The other side of the world is not in a view from above.
    with pytest.raises(OutputError, match="cannot hold all places"):
        write_layers(mixed(), tmp_path / "x", formats=["csv"], crs="+proj=gnom +lat_0=-50")


def test_values_come_back(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    frame = pyogrio.read_dataframe(path, layer="events_line").set_index("event_id")
    assert frame.loc["a/h", "subtype"] == clean_text(HOSTILE)
    assert frame.loc["a/line", "sentence"].startswith("A corridor opened")
    assert frame.loc["a/line", "uncertainty_km"] == 5.0


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    write_layers(mixed(), tmp_path / "1", formats=FORMATS)
    write_layers(mixed(), tmp_path / "2", formats=FORMATS)
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes(), path.name


def test_each_layer_has_its_default_style(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    styles = rows(path, "SELECT f_table_name, useAsDefault, styleQML FROM layer_styles")
    assert {name for name, _, _ in styles} == set(LAYER_STYLES)
    for name, default, qml in styles:
        assert default == 1
        renderer = ET.fromstring(qml).find("renderer-v2")  # noqa: S314 - our own
        kind = None if renderer is None else renderer.get("type")
        drawn = name in {"events_point", "events_line", "events_polygon", "toponyms"}
        assert kind == ("categorizedSymbol" if drawn else "singleSymbol" if renderer else None)


def test_each_type_has_a_sign() -> None:
    assert set(EVENT_SIGNS) == set(EVENT_COLOURS)
    assert len(set(EVENT_SIGNS.values())) == len(EVENT_SIGNS)


@pytest.mark.parametrize("kind", ["Point", "MultiLineString", "MultiPolygon"])
def test_event_style_has_a_category_for_each_colour(kind: str) -> None:
    root = ET.fromstring(event_style(kind))  # noqa: S314 - our own
    values = [c.get("value") for c in root.iter("category")]
    assert values == [*[k for k in EVENT_COLOURS if k != "other"], ""]
    assert len(root.findall("renderer-v2/symbols/symbol")) == len(values)
    assert "&lt;" in root.findtext("mapTip", "")
    assert {"type", "factuality"} <= {a.get("field") for a in root.iter("alias")}
    maps = {f.get("name") for f in root.iter("field") if f.find("editWidget[@type='ValueMap']")}
    assert maps == {"type", "factuality", "date_precision", "geometry_method"}


def test_toponym_style_hides_what_is_no_place() -> None:
    root = ET.fromstring(toponym_style())  # noqa: S314 - our own
    shown = {c.get("value"): c.get("render") for c in root.iter("category")}
    assert shown == {"literal": "true", "metonymic": "false", "modifier": "false"}


def test_an_unknown_format_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"'shp' is no format; expected geojson, gpkg"):
        write_layers([extracted()], tmp_path, formats=["geojson", "shp"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [RuntimeError("driver"), OSError(28, "driver: no space")])
def test_one_failure_leaves_the_other_formats(
    fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_tables: Any, folder: Path, _crs: str) -> None:
        (folder / "events.geojson").write_text("half")
        raise fault

    formats = {**FORMATS, "geojson": Format(("events.geojson",), fail)}
    monkeypatch.setattr(geomap.layers, "FORMATS", formats)
    (tmp_path / "events.geojson").write_text("old")
    with pytest.raises(OutputError, match="driver"):
        write_layers([extracted()], tmp_path)
    assert (tmp_path / "events.geojson").read_text() == "old"
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["events.geojson", "geomap.gpkg", "geomap.qgz"]


@pytest.mark.parametrize("text", ["plain", "é ї \U0001f4a5", "tab\tnewline\n"])
def test_clean_text_keeps_what_can_be_written(text: str) -> None:
    assert clean_text(text) == text
