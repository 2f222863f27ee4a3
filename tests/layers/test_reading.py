"""Whatever is written in a lossless format is read back equal."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import POLTAVA, SUMY, TEXT, event, extracted, toponym

from geomap.cli import main
from geomap.contract import from_dict, to_dict
from geomap.errors import InputError
from geomap.geometry import chain, circle, point, ring
from geomap.layers import (
    Tables,
    extractions_of,
    join,
    read_layers,
    read_tables,
    tables_of,
    write_layers,
)
from geomap.records import Actor, Attribution, DateRange, PlaceArgument, RelativePlace, Sentence

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = ("gpkg", "parquet")
EVENTS = ("geojson", "jsonfg")
PLACED = ("flatgeobuf",)

# Anything that a text may hold and a file can: the rest is replaced by U+FFFD, see cleaning.
words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00\r"),
    min_size=1,
    max_size=30,
)
lons = st.floats(-179.9, 179.9).map(lambda x: round(x, 5))
lats = st.floats(-89, 89).map(lambda y: round(y, 5))
places = st.tuples(lons, lats)
SHAPES = st.one_of(
    st.none(),
    st.builds(lambda at: point(*at), places),
    st.sampled_from([point(0, 90), point(0, -90), point(180, 0), point(-180, 0)]),
    st.builds(chain, st.lists(places, min_size=2, max_size=4, unique=True)),
    st.builds(lambda at, km: circle(*at, radius_km=km), st.tuples(lons, st.floats(-70, 70)),
              st.floats(1, 200)),
    st.builds(lambda at: ring(*at, radius_km=30), st.tuples(lons, st.floats(-70, 70))),
)  # fmt: skip
days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
dates = st.builds(
    lambda first, length, text: DateRange(
        start=first, end=first + dt.timedelta(days=length), precision="day", text=text
    ),
    days,
    st.integers(0, 400),
    st.none() | words,
)
events = st.builds(
    event,
    type=st.sampled_from(["strike", "talks"]) | words,
    subtype=st.none() | words,
    geometry=SHAPES,
    uncertainty_km=st.none() | st.floats(0, 1000),
    date=st.none() | dates,
    factuality=st.sampled_from(["asserted", "claimed", "denied", "planned", "possible"]),
    attribution=st.none() | st.builds(Attribution, speaker=words, verb=st.none() | words),
    actors=st.lists(st.builds(Actor, text=words, role=st.just("by"), side=st.none() | words),
                    max_size=2).map(tuple),
    counts=st.dictionaries(st.sampled_from(["killed", "injured"]), st.integers(0, 10**6)),
    codes=st.dictionaries(st.sampled_from(["acled", "cameo"]), words),
    weapon=st.none() | words,
    confidence=st.floats(0, 1),
    reason=words,
)  # fmt: skip


def numbered(found: list[Any]) -> tuple[Any, ...]:
    return tuple(dataclasses.replace(one, id=f"e{n}") for n, one in enumerate(found))


articles = st.builds(
    lambda told, title: extracted("ä/1", events=numbered(told), article=dataclasses.replace(
        extracted().article, id="ä/1", title=title)),
    st.lists(events, max_size=6), st.none() | words,
)  # fmt: skip


def normal(frame: Any) -> Any:
    """Multi-geometries of one part become that part, as they do when they are read."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    shapes = frame.geometry.to_numpy()
    single = (shapely.get_num_geometries(shapes) == 1) & (shapely.get_type_id(shapes) > 3)
    parts = [
        shapely.get_geometry(s, 0) if one else s for s, one in zip(shapes, single, strict=True)
    ]
    return frame.set_geometry(gpd.GeoSeries(parts, index=frame.index, crs=frame.crs))


def same(left: Any, right: Any, *, decimals: int | None = None) -> None:
    """Compare two frames, value by value; geometries exactly, or to some decimals."""
    left, right = normal(left), normal(right)
    assert list(left.columns) == list(right.columns)
    plain = [name for name in left.columns if name != "geometry"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(left[plain]), pd.DataFrame(right[plain]), check_exact=True
    )
    if "geometry" not in left.columns:
        return
    if decimals is None:
        assert_geodataframe_equal(left[["geometry"]], right[["geometry"]])
        return
    for one, other in zip(left.geometry, right.geometry, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            # Rings may be turned, and cut at the antimeridian: what is covered is the same.
            assert one.hausdorff_distance(other) < 10**-decimals


def written(tables: Tables, name: str) -> Tables:
    with tempfile.TemporaryDirectory() as folder:
        return read_tables(write_layers(tables, folder, formats=[name])[name])


@pytest.mark.parametrize("name", WHOLE)
@given(article=articles)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_all_layers_come_back_equal(article: Any, name: str) -> None:
    tables = tables_of([article, extracted("b", events=())])
    back = written(tables, name)
    for layer in ("events", "toponyms", "claims", "articles"):
        same(getattr(back, layer), getattr(tables, layer))


@pytest.mark.parametrize("name", EVENTS)
@given(article=articles)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_events_come_back_to_five_decimals(article: Any, name: str) -> None:
    tables = tables_of(article)
    same(written(tables, name).events, tables.events, decimals=4)


@pytest.mark.parametrize("name", PLACED)
@given(article=articles)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_placed_events_come_back_equal(article: Any, name: str) -> None:
    tables = tables_of(article)
    placed = tables.events[tables.events.geometry.notna()].reset_index(drop=True)
    same(written(tables, name).events, placed)


FOREIGN = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": 1}, '
    b'"geometry": {"type": "Point", "coordinates": [1, 2]}}]}'
)


def full() -> list[Any]:
    phrase = "20 km east of Sumy"
    shape = point(35.08, 50.9)
    relative = RelativePlace(
        start=23, end=41, text=phrase, anchors=(0,), relation="offset", distance_km=20.0,
        bearing_deg=90.0, geometry=shape, method="offset", lon=35.08, lat=50.9,
        uncertainty_km=8.0, reason="as stated",
    )  # fmt: skip
    told = event(
        id="a-e1", geometry=shape, geometry_method="offset",
        places=(PlaceArgument(role="at", toponym=0),), counts={"killed": 3}, weapon="drone",
    )  # fmt: skip
    return [
        extracted("a", events=(told, event(id="a-e2", geometry=None)), relative_places=(relative,)),
        extracted("b", events=(), warnings=("one", "two")),
    ]


@pytest.mark.parametrize("name", WHOLE)
def test_articles_come_back_as_records(name: str, tmp_path: Path) -> None:
    back = read_layers(write_layers(full(), tmp_path, formats=[name])[name])
    for one, before in zip(back, full(), strict=True):
        wanted = to_dict(from_dict(to_dict(before)))
        found = to_dict(one)
        del wanted["text"], wanted["text_sha256"], found["text"], found["text_sha256"]
        assert found == wanted
    # The sentence is known, and stands where it stood.
    assert back[0].article.text == TEXT
    assert back[0].phrase_of(back[0].events[0]) == "20 km east of Sumy"


@pytest.mark.parametrize("name", ["geojson", "jsonfg", "flatgeobuf"])
def test_events_and_names_come_back_as_records(name: str, tmp_path: Path) -> None:
    written = write_layers(full(), tmp_path, formats=[name, "geojson"])
    (first, *_) = read_layers(written[name])
    assert first.events[0] == full()[0].events[0]
    assert [one.place for one in first.toponyms][:2] == [SUMY, POLTAVA]


def test_events_alone_bring_the_names_they_hang_on(tmp_path: Path) -> None:
    path = write_layers(full(), tmp_path, formats=["geojson"])["geojson"]
    (tmp_path / "toponyms.geojson").unlink()
    (first,) = read_layers(path)
    assert [(one.id, one.text) for one in first.toponyms] == [(0, "Sumy"), (1, "Poltava")]


def test_another_crs_comes_back_in_degrees(tmp_path: Path) -> None:
    path = write_layers(full(), tmp_path, formats=["gpkg"], crs="EPSG:32636")["gpkg"]
    same(read_tables(path).events, tables_of(full()).events, decimals=7)


def test_edited_text_between_names_stays_blank(tmp_path: Path) -> None:
    article = extracted(
        "a",
        toponyms=(toponym(0, "Sumy", SUMY, start=100, end=104),),
        events=(event(places=(), sentence=Sentence(start=0, end=len(TEXT), text=TEXT)),),
    )
    path = write_layers([article], tmp_path, formats=["gpkg"])["gpkg"]
    text = read_layers(path)[0].article.text
    assert text == TEXT + " " * (100 - len(TEXT)) + "Sumy"


def test_joined_tables_hold_each_event_once() -> None:
    first, second = tables_of(full()), tables_of([full()[0], extracted("c")])
    joined = join([first, second])
    assert list(joined.events["event_id"]) == ["a/a-e1", "a/a-e2", "c/sumy-e1"]
    assert len(joined.articles) == 3
    assert len(extractions_of(joined)) == 3
    kept = joined.keep(["c/sumy-e1"])
    assert list(kept.claims["event_id"]) == ["c/sumy-e1"]


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("x.gpkg", None, "there is no such file"),
        ("x.shp", b"", "cannot be read back; expected a file ending in .gpkg"),
        ("x.gpkg", b"no database", "cannot be read as layers"),
        ("events.parquet", b"no parquet", "cannot be read as layers"),
        ("x.geojson", FOREIGN, "no column event_id"),
        ("x.geojson", b"{", "cannot be read as layers"),
    ],
)
def test_what_is_no_layer_is_refused(
    name: str, body: bytes | None, told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    with pytest.raises(InputError, match=told):
        read_layers(path)


def test_nan_is_absent() -> None:
    frame = tables_of([extracted(events=(event(uncertainty_km=None),))]).events
    assert np.isnan(frame["uncertainty_km"].iloc[0])


@pytest.mark.parametrize("name", ["gpkg", "parquet", "geojson", "jsonfg", "flatgeobuf"])
def test_a_map_is_drawn_from_layers(name: str, tmp_path: Path) -> None:
    file = write_layers([extracted()], tmp_path / "layers", formats=[name])[name]
    result = CliRunner().invoke(main, ["draw", str(file), "-o", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert extracted().events[0].reason in (tmp_path / "map.html").read_text(encoding="utf-8")
