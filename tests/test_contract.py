from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import hashlib
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import PROVENANCE, SUMY, TEXT, event, extracted, place, toponym

from geomap.contract import from_dict, read_extractions, to_dict, write_extractions
from geomap.errors import ContractError, InputError, OutputError
from geomap.records import (
    Actor,
    Article,
    Attribution,
    Candidate,
    DateRange,
    Event,
    ExtractedArticle,
    Place,
    PlaceArgument,
    RelativePlace,
    Sentence,
    Toponym,
    Trigger,
)

if TYPE_CHECKING:
    from pathlib import Path

# Texts as they are read: no halves of surrogate pairs, all else.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
maybe_texts = st.none() | texts
scores = st.floats(0, 1).map(lambda x: round(x, 3))
lons = st.floats(-180, 180).map(lambda x: round(x, 5))
lats = st.floats(-90, 90).map(lambda x: round(x, 5))
kilometres = st.floats(0, 5000).map(lambda x: round(x, 3))
positions = st.tuples(lons, lats).map(list)
dates = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))

places = st.builds(
    Place,
    id=texts,
    name=texts,
    country=maybe_texts,
    admin1=maybe_texts,
    lat=lats,
    lon=lons,
    feature_class=texts,
    feature_code=texts,
    radius_km=kilometres,
)
candidates = st.builds(
    Candidate,
    place=st.builds(
        Place,
        id=texts,
        name=texts,
        country=maybe_texts,
        admin1=st.none(),
        lat=lats,
        lon=lons,
        feature_class=st.just(""),
        feature_code=st.just(""),
        radius_km=st.just(0.0),
    ),
    score=scores,
    match=st.just("exact"),
    reason=st.just(""),
)
geometries = st.one_of(
    st.none(),
    positions.map(lambda p: {"type": "Point", "coordinates": p}),
    st.lists(positions, min_size=2, max_size=4).map(
        lambda p: {"type": "LineString", "coordinates": p}
    ),
    st.lists(positions, min_size=3, max_size=5).map(
        lambda p: {"type": "Polygon", "coordinates": [[*p, p[0]]]}
    ),
    positions.map(
        lambda p: {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": p}],
        }
    ),
)


@st.composite
def extractions(draw: st.DrawFn) -> ExtractedArticle:
    text = draw(texts)

    def span() -> dict[str, Any]:
        start = draw(st.integers(0, len(text)))
        return {"start": start, "end": draw(st.integers(start, len(text))), "text": draw(texts)}

    names = tuple(
        Toponym(
            id=number,
            **span(),
            reading=draw(st.sampled_from(["literal", "metonymic", "modifier"])),
            place=draw(st.none() | places),
            confidence=draw(scores),
            reason=draw(texts),
            candidates=tuple(draw(st.lists(candidates, max_size=3))),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    start = draw(dates)
    date = DateRange(
        start=start, end=start + dt.timedelta(draw(st.integers(0, 9))), precision="week", text=None
    )
    one = Event(
        id=draw(texts),
        type=draw(texts),
        subtype=draw(maybe_texts),
        trigger=Trigger(**span()),
        sentence=Sentence(**span()),
        places=tuple(PlaceArgument(role="via", toponym=name.id) for name in names),
        geometry=draw(geometries),
        geometry_method=draw(st.sampled_from([None, "ring", "region"])),
        uncertainty_km=draw(st.none() | kilometres),
        date=draw(st.none() | st.just(date)),
        actors=tuple(
            draw(st.lists(st.builds(Actor, text=texts, role=st.just("by"), side=maybe_texts)))
        ),
        factuality=draw(st.sampled_from(["asserted", "negated"])),
        attribution=draw(st.none() | st.builds(Attribution, speaker=texts, verb=maybe_texts)),
        codes=draw(st.dictionaries(texts, texts, max_size=3)),
        confidence=draw(scores),
        reason=draw(texts),
    )
    spot = draw(st.none() | st.tuples(st.integers(-180, 180), st.integers(-90, 90)))
    relative = RelativePlace(
        **span(),
        anchors=tuple(name.id for name in names),
        relation=draw(st.sampled_from(["offset", "border", "toward"])),
        distance_km=draw(st.none() | kilometres),
        bearing_deg=draw(st.none() | st.sampled_from([0.0, 67.5, 315.0])),
        geometry=draw(geometries),
        method=draw(st.sampled_from([None, "offset", "border"])),
        lon=None if spot is None else float(spot[0]),
        lat=None if spot is None else float(spot[1]),
        uncertainty_km=draw(st.none() | kilometres),
        reason=draw(texts),
        locates=names[0].id if names and draw(st.booleans()) else None,
    )
    return ExtractedArticle(
        article=Article(
            id=draw(texts), text=text, title=draw(maybe_texts), published=draw(st.none() | dates)
        ),
        toponyms=names,
        events=(one,),
        provenance=PROVENANCE,
        warnings=tuple(draw(st.lists(texts, max_size=2))),
        relative_places=draw(st.just(()) | st.just((relative,))),
    )


@given(extractions())
def test_what_is_read_is_what_was_written(record: ExtractedArticle) -> None:
    line = json.dumps(to_dict(record), allow_nan=False)
    assert from_dict(json.loads(line)) == record


@given(extractions())
def test_writing_again_changes_nothing(record: ExtractedArticle) -> None:
    once = to_dict(record)
    assert to_dict(from_dict(json.loads(json.dumps(once)))) == once


def test_keys_stand_in_the_order_of_the_contract() -> None:
    row = to_dict(extracted())
    assert " ".join(row) == (
        "id title source url published language text text_sha256 geomap toponyms "
        "relative_places events warnings"
    )
    assert " ".join(row["toponyms"][0]) == (
        "id start end text reading place confidence reason candidates"
    )
    assert " ".join(row["toponyms"][0]["place"]) == (
        "id name country admin1 lat lon feature_class feature_code radius_km"
    )
    assert " ".join(row["toponyms"][0]["candidates"][0]) == "id name country lat lon score"
    assert " ".join(row["events"][0]) == (
        "id type subtype trigger sentence places geometry geometry_method uncertainty_km date "
        "actors factuality attribution weapon counts codes confidence reason"
    )
    assert row["events"][0]["sentence"]["text"] == TEXT
    assert row["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert row["geomap"]["worldview"] == "un-68-262"
    assert row["published"] == "2022-03-08"


def test_numbers_are_rounded_and_candidates_cut() -> None:
    where = place("Sumy", 34.123456789, 50.987654321, radius_km=1.23456)
    many = tuple(
        Candidate(place=SUMY, score=score / 7, match="exact", reason="") for score in (5, 4, 3, 2)
    )
    name = toponym(0, "Sumy", where, confidence=2 / 3, candidates=many)
    geometry = {"type": "Point", "coordinates": (34.123456789, 50.987654321)}
    one = event(places=(), geometry=geometry, confidence=1 / 3, uncertainty_km=1 / 3)
    row = to_dict(extracted(toponyms=(name,), events=(one,)))
    found = row["toponyms"][0]
    assert (found["place"]["lon"], found["place"]["lat"]) == (34.12346, 50.98765)
    assert found["confidence"] == 0.667
    assert [candidate["score"] for candidate in found["candidates"]] == [0.714, 0.571, 0.429]
    assert row["events"][0]["geometry"]["coordinates"] == [34.12346, 50.98765]
    assert row["events"][0]["uncertainty_km"] == 0.333


RELATIVE = RelativePlace(
    start=23, end=33, text="to Poltava", anchors=(1,), relation="offset", distance_km=20.0,
    bearing_deg=90.0, geometry={"type": "Point", "coordinates": [34.8, 49.6]}, method="offset",
    lon=34.8, lat=49.6, uncertainty_km=12.0, reason="20 km east of Poltava", locates=0,
)  # fmt: skip


def test_a_file_from_before_relative_places_is_read() -> None:
    row = to_dict(extracted(relative_places=(RELATIVE,)))
    assert row["geomap"]["contract"] == 2
    del row["relative_places"], row["geomap"]["contract"]
    read = from_dict(row)
    assert read.relative_places == ()
    assert read.events == extracted().events


def test_a_file_of_a_later_contract_is_refused() -> None:
    row = to_dict(extracted())
    row["geomap"]["contract"] = 99
    with pytest.raises(ContractError, match=r"geomap.contract is 99; expected at most 2"):
        from_dict(row)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("anchors", [7], "relative_places[0].anchors is [7]; expected a list of ids"),
        ("locates", 9, "relative_places[0].locates is 9; expected the id of a toponym"),
        ("relation", "beside", "relative_places[0].relation is 'beside'; expected one of"),
        ("method", "guess", "relative_places[0].method is 'guess'; expected one of"),
        ("lat", 91, "relative_places[0].lat is 91; expected a number"),
        ("end", 9999, "relative_places[0].end is 9999; expected an offset"),
    ],
)
def test_faults_of_a_relative_place_are_named(key: str, value: Any, said: str) -> None:
    row = to_dict(extracted(relative_places=(RELATIVE,)))
    row["relative_places"][0][key] = value
    with pytest.raises(ContractError, match=re.escape(said)):
        from_dict(row)


def test_texts_may_be_missing() -> None:
    row = to_dict(extracted())
    del row["text"], row["events"][0]["sentence"]["text"], row["geomap"]["worldview"]
    record = from_dict(row)
    assert record.article.text == ""
    assert record.events[0].sentence.text == ""
    assert record.provenance.worldview == "un-68-262"


FAULTS: dict[str, tuple[list[Any], Any, str]] = {
    "no id": (["id"], ..., "id is missing; expected a string"),
    "date": (["published"], "March", "published is 'March'; expected a date such as"),
    "reading": (["toponyms", 1, "reading"], "figurative", "toponyms[1].reading is 'figurative'"),
    "offset": (["toponyms", 0, "end"], 9999, "toponyms[0].end is 9999; expected an offset"),
    "negative": (["toponyms", 0, "start"], -1, "toponyms[0].start is -1; expected a whole number"),
    "latitude": (["toponyms", 0, "place", "lat"], 91, "toponyms[0].place.lat is 91; expected"),
    "truth": (["toponyms", 0, "place", "lon"], True, "toponyms[0].place.lon is True; expected"),
    "no list": (["events"], {}, "events is {}; expected a list of objects"),
    "no object": (["events", 0, "trigger"], 1, "events[0].trigger is 1; expected an object"),
    "toponym": (["events", 0, "places", 1, "toponym"], 9, "events[0].places[1].toponym is 9"),
    "factuality": (["events", 0, "factuality"], None, "one of asserted, claimed, denied"),
    "confidence": (["events", 0, "confidence"], 1.5, "expected a number from 0 to 1"),
    "geometry": (["events", 0, "geometry", "type"], "Circle", "events[0].geometry.type"),
    "swapped": (["events", 0, "geometry", "coordinates"], [[50, 134.8]], "longitude and latitude"),
    "no numbers": (["events", 0, "geometry", "coordinates"], [["a", "b"]], "longitude"),
    "method": (["events", 0, "geometry_method"], "blob", "events[0].geometry_method is 'blob'"),
    "range": (["events", 0, "date", "end"], "2022-03-07", "expected a date from 2022-03-08"),
    "warnings": (["warnings"], "none", "warnings is 'none'; expected a list of strings"),
    "codes": (["events", 0, "codes"], {"acled": 5}, "events[0].codes.acled is 5"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_fault_names_line_and_field(case: str, tmp_path: Path) -> None:
    path, value, expected = FAULTS[case]
    row = copy.deepcopy(to_dict(extracted()))
    inner: Any = row
    for key in path[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    file = tmp_path / "extraction.jsonl"
    file.write_text(json.dumps(to_dict(extracted())) + "\n" + json.dumps(row) + "\n")
    with pytest.raises(ContractError) as caught:
        list(read_extractions(file))
    assert str(caught.value).startswith(f"{file}:2: ")
    assert expected in str(caught.value)


_NAN = float("nan")
_SQUARE = [[0, 0], [180, 0], [180.0, -90], [0.0, 0]]


@pytest.mark.parametrize(
    ("kind", "coordinates", "is_one"),
    [
        ("Polygon", [_SQUARE], True),
        ("Polygon", [[[*position, 120.5] for position in _SQUARE]], True),
        ("MultiPolygon", [[_SQUARE], [_SQUARE, _SQUARE]], True),
        ("Polygon", [_SQUARE[:3]], False),
        ("Polygon", [[*_SQUARE, [1, 1]]], False),
        ("Polygon", [_SQUARE, [[*position, 120.5] for position in _SQUARE]], False),
        ("Polygon", _SQUARE, False),
        ("LineString", [[0, 0], [180.1, 0]], False),
        ("LineString", [[0, 0], [0, -91]], False),
        ("LineString", [[0, 0], [0, _NAN]], False),
        ("LineString", [[_NAN, 0], [0, 0]], False),
        ("LineString", [[0, 0], [0, float("inf")]], False),
        ("LineString", [[0, 0], [10**400, 0]], False),
        ("LineString", [[_NAN, 0], [10**400, 0]], False),
        ("LineString", [[0, 0, 10**400], [0, 0, 1]], False),
        ("LineString", [[0, 0], [True, 0]], False),
        ("LineString", [[0, 0], ["1", 0]], False),
        ("LineString", [[0, 0], "12"], False),
        ("LineString", [[0, 0], [0]], False),
        ("LineString", [], False),
    ],
)
def test_geometry_is_within_the_world(kind: str, coordinates: list[Any], *, is_one: bool) -> None:
    row = to_dict(extracted())
    row["events"][0]["geometry"] = {"type": kind, "coordinates": coordinates}
    if is_one:
        assert from_dict(row).events[0].geometry == row["events"][0]["geometry"]
        return
    with pytest.raises(ContractError, match=rf"geometry\.coordinates is .*positions of a {kind}"):
        from_dict(row)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "holds no extraction"),
        (b"\n\n", "holds no extraction"),
        (b"{", ":1: is not JSON"),
        (b"\xff\xfe{}", ":1: is not JSON"),
        (b"[" * 100_000, ":1: is not JSON"),
        (b'{"id": NaN}', "NaN is no JSON"),
        (b"[]", "is a list; expected an object"),
    ],
)
def test_file_of_something_else(data: bytes, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(data)
    with pytest.raises(ContractError, match="geomap extract") as caught:
        list(read_extractions(file))
    assert expected in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read_extractions(tmp_path / "none.jsonl"))


def test_file_round_trip_with_strange_line_ends(tmp_path: Path) -> None:
    text = "one\u2028two\u0085three\r\nfour\x1b[31m"
    article = Article(id="x", text=text)
    records = [extracted(article=article, toponyms=(), events=()), extracted()]
    file = tmp_path / "x.jsonl"
    write_extractions(records, file)
    assert file.read_bytes().count(b"\n") == 2
    read = list(read_extractions(file))
    assert read[0].article == article
    assert [one.article.id for one in read] == ["x", "sumy"]


def test_each_line_is_flushed_when_done() -> None:
    stream = io.StringIO()
    seen = []

    def one_by_one() -> Any:
        for number in range(3):
            seen.append(stream.getvalue().count("\n"))
            yield extracted(str(number))

    write_extractions(one_by_one(), stream)
    assert seen == [0, 1, 2]


def test_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("old")

    def failing() -> Any:
        yield extracted()
        raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        write_extractions(failing(), file)
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_extractions([extracted()], tmp_path / "none" / "x.jsonl")


def test_rounding_does_not_change_the_record_given() -> None:
    record = extracted()
    before = copy.deepcopy(dataclasses.asdict(record))
    to_dict(record)
    assert dataclasses.asdict(record) == before
