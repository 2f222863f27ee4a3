from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from samples import POLTAVA, event, extracted, toponym

from geomap.errors import GeometryError
from geomap.frames import (
    EVENT_COLUMNS,
    TOPONYM_COLUMNS,
    check_frame,
    events_to_gdf,
    toponyms_to_gdf,
)
from geomap.map_frame import MapFrame
from geomap.palette import EVENT_COLOURS
from geomap.records import PlaceArgument


def test_event_row() -> None:
    frame = events_to_gdf(extracted())
    check_frame(frame, EVENT_COLUMNS)
    assert list(frame.columns) == list(EVENT_COLUMNS)
    row = frame.iloc[0]
    assert row["event_id"] == "sumy/sumy-e1"
    assert row["places"] == "Sumy → Poltava"
    assert (row["place_ids"], row["place_roles"]) == (
        "geonames:poltava; geonames:sumy",
        "to; from",
    )
    assert (row["date_start"], row["date_precision"]) == ("2022-03-08", "day")
    assert row["actors"] == "by Kyiv (UA)"
    assert row["sentence"][row["trigger_start"] : row["trigger_end"]] == "corridor"
    assert row["geometry"].geom_type == "LineString"


def test_what_is_absent_is_none() -> None:
    bare = event(
        places=(), geometry=None, geometry_method=None, uncertainty_km=None, date=None,
        actors=(), attribution=None, codes={},
    )  # fmt: skip
    row = events_to_gdf([extracted(events=(bare,))]).iloc[0]
    for name in ("geometry", "places", "date_start", "speaker", "actors", "acled"):
        assert row[name] is None, name


def test_an_unknown_place_keeps_its_spelling() -> None:
    article = extracted(
        toponyms=(toponym(0, "Sumy", None), toponym(1, "Poltava", POLTAVA)),
        events=(event(places=(PlaceArgument(role="at", toponym=0),), geometry=None),),
    )
    assert events_to_gdf(article).iloc[0]["places"] == "Sumy"


def test_toponym_rows() -> None:
    frame = toponyms_to_gdf([extracted()])
    check_frame(frame, TOPONYM_COLUMNS)
    assert list(frame["toponym_id"]) == ["sumy/t0", "sumy/t1", "sumy/t2"]
    assert (frame.geometry.iloc[0].x, frame.geometry.iloc[0].y) == (34.8, 50.9)
    assert frame.geometry.iloc[2] is None


def test_empty_frames_have_columns_and_crs() -> None:
    check_frame(events_to_gdf([]), EVENT_COLUMNS)
    check_frame(toponyms_to_gdf([]), TOPONYM_COLUMNS)


def test_check_refuses_crs_and_columns() -> None:
    frame = events_to_gdf(extracted())
    with pytest.raises(GeometryError, match="EPSG:3857"):
        check_frame(frame.to_crs(3857), EVENT_COLUMNS)
    with pytest.raises(GeometryError, match="reason"):
        check_frame(frame.drop(columns="reason"), EVENT_COLUMNS)


def test_ids_are_unique_over_articles() -> None:
    frame = events_to_gdf(
        [extracted("a"), extracted("b", events=(event(), replace(event(), id="x")))]
    )
    assert frame["event_id"].is_unique


HOSTILE = "{{ 6*7 }}<img src=x onerror=alert(1)>${alert(2)}</script><script>alert(3)</script>"


def test_frames_explore_without_a_word() -> None:
    pytest.importorskip("mapclassify", reason="pip install mapclassify")
    events = events_to_gdf([extracted(), extracted("b", events=(event(geometry=None),))])
    page = events.explore().get_root().render()
    assert "Sumy → Poltava" in page or "Sumy \\u2192 Poltava" in page
    assert 'settings_sha256"]' not in page
    assert EVENT_COLOURS["corridor"].lower() in page.lower()
    names = toponyms_to_gdf(extracted()).explore().get_root().render()
    assert "Poltava" in names
    assert str(events.crs) == "EPSG:4326"


def test_what_is_taken_from_a_frame_explores_alike() -> None:
    events = events_to_gdf([extracted()])
    corridors = events[events["type"] == "corridor"]
    parts = (corridors, events.head(1), events.copy(), events.to_crs(3857))
    assert [type(part) for part in parts] == [MapFrame] * 4
    assert type(events[["type", "sentence"]]) is pd.DataFrame


@pytest.mark.parametrize("field", ["title", "source"])
def test_explore_runs_nothing_of_an_article(field: str) -> None:
    pytest.importorskip("mapclassify", reason="pip install mapclassify")
    hostile = replace(extracted().article, **{field: HOSTILE})
    page = events_to_gdf([extracted(article=hostile)]).explore().get_root().render()
    assert "&amp;lt;img" not in page
    assert "<img src=x" not in page
    assert "{{ 6*7 }}" not in page
    assert "${alert" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page or "\\u0026lt;img src=x" in page
