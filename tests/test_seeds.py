"""The seeds and their gold hold together: offsets, keys, ranges, vocabularies."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path
from typing import Any, get_args

import pytest

from geomap.records import (
    ActorRole,
    DatePrecision,
    Factuality,
    PlaceRole,
    Reading,
)

ROOT = Path(__file__).resolve().parents[1]
QUALITY = ROOT / "tests" / "quality"
FOLDERS = [
    ROOT / "seeds",
    *(QUALITY / name for name in ("development", "briefs", "wires", "locked", "sealed")),
]
CORE_TYPES = {"encirclement", "corridor", "strike", "talks"}
TYPES = CORE_TYPES | {
    "aid_delivery",
    "air_defence",
    "assault",
    "ceasefire",
    "civilian_casualties",
    "control_change",
    "evacuation",
    "explosion",
    "infrastructure_damage",
    "prisoner_exchange",
    "protest",
    "troop_movement",
    "withdrawal",
}
# The plain shapes; gold does not tell the finer ones of relative places apart.
GEOMETRIES = {"point", "line", "chain", "ring", "sector", "offset", "region", "none"}
KINDS = {
    "area",
    "country",
    "facility",
    "natural",
    "neighbourhood",
    "region",
    "road",
    "settlement",
    "supranational",
}
TOPONYM_KEYS = ["doc", "start", "end", "text", "reading", "kind", "place", "country"]
TOPONYM_KEYS += ["lat", "lon", "radius_km"]
EVENT_KEYS = ["doc", "type", "subtype", "trigger", "start", "end", "places", "date"]
EVENT_KEYS += ["date_precision", "factuality", "attribution", "geometry"]
# Given where the text says them plainly; never scored as missing.
OPTIONAL_KEYS = {"actors", "counts", "weapon"}
COUNTS = {"killed", "injured", "evacuated", "exchanged"}


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "gold" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def text_of(folder: Path, doc: str) -> str:
    return (folder / f"{doc}.txt").read_bytes().decode("utf-8")


def check_point(row: dict[str, Any]) -> None:
    assert -90 <= row["lat"] <= 90, row
    assert -180 <= row["lon"] <= 180, row
    assert 0 < row["radius_km"] <= 6000, row


def folder_id(folder: Path) -> str:
    return folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_toponyms(folder: Path) -> None:
    mentions = rows(folder, "toponyms.jsonl")
    for row in mentions:
        assert list(row) == TOPONYM_KEYS
        assert text_of(folder, row["doc"])[row["start"] : row["end"]] == row["text"], row
        assert row["reading"] in get_args(Reading), row
        assert row["kind"] in KINDS, row
        assert row["country"] is None or len(row["country"]) == 2, row
        check_point(row)
    spans = [(row["doc"], row["start"], row["end"]) for row in mentions]
    assert spans == sorted(set(spans))
    for (doc, _, end), (other, start, _) in itertools.pairwise(spans):
        assert doc != other or end <= start, (doc, end, start)


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_one_place_has_one_point(folder: Path) -> None:
    points: dict[tuple[str, str], set[tuple[float, float]]] = {}
    for row in rows(folder, "toponyms.jsonl"):
        points.setdefault((row["place"], row["kind"]), set()).add((row["lat"], row["lon"]))
    assert [place for place, found in points.items() if len(found) > 1] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_events(folder: Path) -> None:
    for row in rows(folder, "events.jsonl"):
        assert list(row)[: len(EVENT_KEYS)] == EVENT_KEYS
        assert set(row) - set(EVENT_KEYS) <= OPTIONAL_KEYS, row
        assert text_of(folder, row["doc"])[row["start"] : row["end"]] == row["trigger"], row
        assert row["type"] in TYPES, row
        assert row["factuality"] in get_args(Factuality), row
        assert row["date_precision"] in get_args(DatePrecision), row
        assert (row["date"] is None) == (row["date_precision"] == "unknown"), row
        if row["date"]:
            dt.date.fromisoformat(row["date"])
        assert row["geometry"] in GEOMETRIES, row
        # Who claims or denies must be said; what the text itself says has no speaker.
        if row["factuality"] in {"claimed", "denied"}:
            assert row["attribution"], row
        if row["factuality"] == "asserted":
            assert row["attribution"] is None, row
        if row["geometry"] != "none":
            assert row["places"], row
        for place in row["places"]:
            assert list(place) == ["role", "place", "lat", "lon", "radius_km"]
            assert place["role"] in get_args(PlaceRole), row
            check_point(place)


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_what_events_say_beyond_the_columns_is_in_the_text(folder: Path) -> None:
    for row in rows(folder, "events.jsonl"):
        text = text_of(folder, row["doc"])
        for actor in row.get("actors", ()):
            assert list(actor) == ["text", "role", "side"]
            assert actor["text"] in text, row
            assert actor["role"] in get_args(ActorRole), row
        assert row.get("weapon", "") in text, row
        counts = row.get("counts", {})
        assert set(counts) <= COUNTS, row
        assert all(isinstance(count, int) and count > 0 for count in counts.values()), row


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_places_of_events_are_annotated_as_literal_toponyms(folder: Path) -> None:
    literal = {
        (row["doc"], row["place"])
        for row in rows(folder, "toponyms.jsonl")
        if row["reading"] == "literal"
    }
    for row in rows(folder, "events.jsonl"):
        for place in row["places"]:
            assert (row["doc"], place["place"]) in literal, row


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_dispatches(folder: Path) -> None:
    files = sorted(folder.glob("*.txt"))
    assert {row["doc"] for row in rows(folder, "toponyms.jsonl")} == {f.stem for f in files}
    assert {row["doc"] for row in rows(folder, "events.jsonl")} <= {f.stem for f in files}
    for file in files:
        text = text_of(folder, file.stem)
        dt.date.fromisoformat(file.stem[:10])
        assert 80 <= len(text.split()) <= 350, file.name
        assert "\r" not in text
        title, blank, *_ = text.split("\n")
        assert title
        assert not blank


def test_seeds_cover_the_core_types_and_the_ways_of_saying() -> None:
    events = rows(FOLDERS[0], "events.jsonl")
    for type_ in CORE_TYPES:
        assert len({row["trigger"] for row in events if row["type"] == type_}) >= 3, type_
    assert {row["factuality"] for row in events} == set(get_args(Factuality))
    docs = {row["doc"] for row in rows(FOLDERS[0], "toponyms.jsonl")}
    assert docs - {row["doc"] for row in events}, "one dispatch must hold no event at all"


def test_seeds_hold_only_dispatches() -> None:
    # ``geomap map seeds/`` reads every text file in the folder.
    others = [p.name for p in (ROOT / "seeds").iterdir() if p.suffix in {".md", ".html", ".rst"}]
    assert others == []


@pytest.mark.parametrize("name", ["development.txt", "locked.txt"])
def test_sentences_without_conflict(name: str) -> None:
    file = QUALITY / "nonconflict" / name
    lines = [line for line in file.read_text(encoding="utf-8").split("\n") if line]
    sentences = [line for line in lines if not line.startswith("#")]
    assert len(sentences) >= 100
    assert len(set(sentences)) == len(sentences)
    assert all(line[-1] in '.?!"' and line == line.strip() for line in sentences)


@pytest.mark.parametrize("folder", FOLDERS[1:], ids=folder_id)
def test_the_further_sets_cover_types_and_ways_of_saying(folder: Path) -> None:
    events = rows(folder, "events.jsonl")
    assert {row["type"] for row in events} == TYPES
    assert {row["factuality"] for row in events} == set(get_args(Factuality))
    assert {row["date_precision"] for row in events} == set(get_args(DatePrecision))
    # "chain" is a line with more than two places.
    assert {row["geometry"] for row in events} == GEOMETRIES


@pytest.mark.parametrize("folder", FOLDERS[1:], ids=folder_id)
def test_a_quarter_of_the_further_sets_holds_no_core_event(folder: Path) -> None:
    docs = {file.stem for file in folder.glob("*.txt")}
    core = {row["doc"] for row in rows(folder, "events.jsonl") if row["type"] in CORE_TYPES}
    assert 4 * len(docs - core) >= len(docs)
