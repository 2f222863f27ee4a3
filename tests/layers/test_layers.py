from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pyogrio
import pytest
from geojson_validator import validate_structure
from samples import event, extracted

import geomap.layers
from geomap.errors import OutputError
from geomap.frames import SCHEMA_VERSION
from geomap.geometry import circle, point, ring
from geomap.layers import write_layers
from geomap.layers.cleaning import clean_text
from geomap.layers.styles import event_style, toponym_style
from geomap.palette import EVENT_COLOURS

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


def test_geojson_is_valid(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["geojson"])["geojson"]
    data = json.loads(path.read_bytes())
    assert validate_structure(data) == {}
    assert "crs" not in data
    ids = [feature["id"] for feature in data["features"]]
    assert ids == ["a/e1", "a/e2", "a/e3", "a/line", "a/h"]
    assert data["features"][0]["geometry"]["coordinates"] == [30.0, 50.0]


@pytest.mark.parametrize("extractions", [[], [extracted(events=(), toponyms=())]])
def test_nothing_to_draw_is_written_all_the_same(extractions: list[Any], tmp_path: Path) -> None:
    written = write_layers(extractions, tmp_path)
    assert json.loads(written["geojson"].read_bytes())["features"] == []
    assert len(pyogrio.read_dataframe(written["gpkg"], layer="events_point")) == 0


def test_geopackage_layers(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    counts = {
        name: pyogrio.read_info(path, layer=name)["features"]
        for name, _ in pyogrio.list_layers(path)
    }
    assert counts == {
        "events_point": 1, "events_line": 2, "events_polygon": 2, "toponyms": 6,
        "events_unplaced": 1, "articles": 2, "layer_styles": 4,
    }  # fmt: skip
    (found,) = rows(path, "SELECT date_start, published, schema FROM events_point, "
                          "(SELECT user_version FROM pragma_user_version) AS v, "
                          "(SELECT 1 AS schema)")  # fmt: skip
    assert found[:2] == ("2022-03-08T00:00:00.000Z", "2022-03-08")
    assert rows(path, "PRAGMA user_version") == [(10200,)]
    assert pyogrio.read_info(path, layer="events_line")["crs"] == "EPSG:4326"
    metadata = rows(path, "SELECT metadata FROM gpkg_metadata")
    assert any("GeoNames" in text and SCHEMA_VERSION in text for (text,) in metadata)


def test_values_come_back(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    frame = pyogrio.read_dataframe(path, layer="events_line").set_index("event_id")
    assert frame.loc["a/h", "subtype"] == clean_text(HOSTILE)
    assert frame.loc["a/line", "sentence"].startswith("A corridor opened")
    assert frame.loc["a/line", "uncertainty_km"] == 5.0


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_layers(mixed(), tmp_path / "1")
    second = write_layers(mixed(), tmp_path / "2")
    for name, path in first.items():
        assert path.read_bytes() == second[name].read_bytes()


def test_each_layer_has_its_default_style(tmp_path: Path) -> None:
    path = write_layers(mixed(), tmp_path, formats=["gpkg"])["gpkg"]
    styles = rows(path, "SELECT f_table_name, useAsDefault, styleQML FROM layer_styles")
    assert [name for name, _, _ in styles] == [
        "events_point", "events_line", "events_polygon", "toponyms",
    ]  # fmt: skip
    for _, default, qml in styles:
        assert default == 1
        assert ET.fromstring(qml).find("renderer-v2").get("type") == "categorizedSymbol"  # noqa: S314 - our own


@pytest.mark.parametrize("kind", ["Point", "MultiLineString", "MultiPolygon"])
def test_event_style_has_a_category_for_each_colour(kind: str) -> None:
    root = ET.fromstring(event_style(kind))  # noqa: S314 - our own
    values = [c.get("value") for c in root.iter("category")]
    assert values == [*[k for k in EVENT_COLOURS if k != "other"], ""]
    assert len(root.findall("renderer-v2/symbols/symbol")) == len(values)
    assert "&lt;" in root.findtext("mapTip", "")
    assert {"type", "factuality"} <= {a.get("field") for a in root.iter("alias")}


def test_toponym_style_hides_what_is_no_place() -> None:
    root = ET.fromstring(toponym_style())  # noqa: S314 - our own
    shown = {c.get("value"): c.get("render") for c in root.iter("category")}
    assert shown == {"literal": "true", "metonymic": "false", "modifier": "false"}


def test_an_unknown_format_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"'shp' is no format; expected geojson, gpkg"):
        write_layers([extracted()], tmp_path, formats=["geojson", "shp"])
    assert list(tmp_path.iterdir()) == []


def test_one_failure_leaves_the_other_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_done: Any, path: Path) -> None:
        path.write_text("half")
        raise RuntimeError("driver")

    formats = {**geomap.layers.FORMATS, "geojson": ("events.geojson", fail)}
    monkeypatch.setattr(geomap.layers, "FORMATS", formats)
    (tmp_path / "events.geojson").write_text("old")
    with pytest.raises(OutputError, match="driver"):
        write_layers([extracted()], tmp_path)
    assert (tmp_path / "events.geojson").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["events.geojson", "geomap.gpkg"]


@pytest.mark.parametrize("text", ["plain", "é ї \U0001f4a5", "tab\tnewline\n"])
def test_clean_text_keeps_what_can_be_written(text: str) -> None:
    assert clean_text(text) == text
