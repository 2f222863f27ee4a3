"""The project in real QGIS: a finished map from the file alone, wherever its folder is moved."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from samples import event, extracted

from geomap.frames import EVENT_COLUMNS
from geomap.geometry import chain, point, ring
from geomap.layers import write_layers
from geomap.palette import EVENT_COLOURS
from geomap.records import DateRange, Sentence

pytestmark = [pytest.mark.qgis, pytest.mark.slow]

DRAWN = ("events_point", "events_line", "events_polygon")
SCRIPT = str(Path(__file__).with_name("open_project.py"))
HOSTILE = "<script>alert(1)</script> & [% 1 + 1 %]"


def on(first: int, last: int) -> DateRange:
    return DateRange(start=dt.date(2022, 3, first), end=dt.date(2022, 3, last), precision="day")


def told() -> list[Any]:
    sentence = Sentence(start=0, end=len(HOSTILE), text=HOSTILE)
    events = (
        event(id="e1", type="strike", geometry=point(33.5, 50.5), date=on(1, 2), sentence=sentence),
        event(id="e2", type="talks", geometry=point(34.0, 50.5), date=None),
        event(id="e3", type="encirclement", geometry=ring(33.5, 50, radius_km=10), date=on(3, 9)),
        event(id="e4", geometry=chain([(33.5, 49.6), (33.6, 49.9)]), date=on(20, 20)),
        event(id="e5", geometry=None),
    )
    return [extracted(events=events)]


@pytest.fixture(scope="module", params=["geomap.qgz", "geomap.gpkg"])
def seen(
    request: pytest.FixtureRequest, qgis_python: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Path]:
    made, moved = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("moved") / "ö x"
    write_layers(told(), made, formats=["gpkg"])
    shutil.move(made, moved)
    address = str(moved / request.param)
    if request.param == "geomap.gpkg":
        (moved / "geomap.qgz").unlink()
        address = f"geopackage:{address}?projectName=geomap"
    done = subprocess.run(
        [qgis_python, SCRIPT, address, str(moved)],
        capture_output=True, text=True, timeout=180, check=False,
        env={"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen", "HOME": str(moved)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), moved


def test_it_opens_without_a_word(seen: tuple[dict[str, Any], Path]) -> None:
    found, _ = seen
    assert found["opened"]
    assert (found["error"], found["errors"]) == ("", [])
    assert found["hears"]
    assert found["log"] == []
    assert all(layer["valid"] for layer in found["layers"].values())


def test_layers_stand_in_groups(seen: tuple[dict[str, Any], Path]) -> None:
    found, _ = seen
    assert [group for group, _ in found["tree"]] == [
        "Events", "Names of places", "Tables", "Basemap",
    ]  # fmt: skip
    counts = {name: layer["features"] for name, layer in found["layers"].items()}
    assert counts.pop("basemap") > 200
    assert counts == {
        "events_point": 2, "events_line": 1, "events_polygon": 1, "events_unplaced": 1,
        "toponyms": 3, "claims": 5, "articles": 1,
    }  # fmt: skip


def test_layers_are_styled(seen: tuple[dict[str, Any], Path]) -> None:
    layers = seen[0]["layers"]
    for name in DRAWN:
        layer = layers[name]
        assert layer["categories"] == [*[kind for kind in EVENT_COLOURS if kind != "other"], ""]
        assert layer["labels"]
        assert layer["crs"] == "EPSG:4326"
        assert layer["aliases"]["reason"] == f"reason: {EVENT_COLUMNS['reason']}"
        assert layer["widgets"]["factuality"] == layer["widgets"]["type"] == "ValueMap"
        assert "GeoNames" in layer["rights"][0]
    assert layers["events_point"]["symbol_layers"] == ["SimpleMarker", "SvgMarker"]
    assert layers["events_line"]["symbol_layers"] == ["SimpleLine", "MarkerLine"]


def test_map_tips_show_the_sentence_escaped(seen: tuple[dict[str, Any], Path]) -> None:
    tip = seen[0]["layers"]["events_point"]["map_tip"]
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; [% 1 + 1 %]</p>" in tip


def test_time_is_set(seen: tuple[dict[str, Any], Path]) -> None:
    found, _ = seen
    assert found["range"] == ["2022-03-01T00:00:00Z", "2022-03-21T00:00:00Z"]
    # All of them within the range, the one without a date too.
    assert found["in_range"] == {"events_point": 2, "events_line": 1, "events_polygon": 1}
    # On 4 March: the encirclement lasts, the strike is over, the undated talks stay.
    assert found["on_4_march"] == {"events_point": 1, "events_line": 0, "events_polygon": 1}
    for name in DRAWN:
        assert found["layers"][name]["temporal"] == [True, "date_start", "date_end"]


def test_relations_hold(seen: tuple[dict[str, Any], Path]) -> None:
    relations = seen[0]["relations"]
    assert all(relations.values())
    wanted = {"events_point_of_articles", "claims_of_events_line", "claims_of_articles"}
    assert wanted <= set(relations)


def test_it_is_drawn_and_printed(seen: tuple[dict[str, Any], Path]) -> None:
    found, folder = seen
    assert found["bookmarks"] == ["Events from news text: extent"]
    assert found["layouts"] == {
        "Map of events": [
            "title", "map", "legend", "scale bar", "north arrow", "attribution", "key to lines",
        ]
    }  # fmt: skip
    assert found["printed"] == [0, 0]
    assert (folder / "layout.pdf").read_bytes().startswith(b"%PDF")
    for picture in ("map.png", "layout.png"):
        assert (folder / picture).stat().st_size > 10_000
