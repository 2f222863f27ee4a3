from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from score_builders import KYIV, gold_event, gold_place, gold_toponym

from geomap.errors import GoldError
from geomap.score import read_gold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_folder(write_gold: Callable[..., Path]) -> None:
    folder = write_gold(
        [gold_toponym("Kyiv", 0, KYIV), gold_toponym("West", 9, None, doc="b")],
        [gold_event("strike", (5, 9), [gold_place("Kyiv", KYIV)])],
    )
    gold = read_gold(folder)
    assert [document.doc for document in gold.documents] == ["a", "b"]
    assert gold.complete
    assert gold.articles == ()
    first, second = gold.documents
    assert (first.toponyms[0].lon, first.toponyms[0].lat) == KYIV
    assert first.events is not None
    assert first.events[0].date == dt.date(2022, 3, 3)
    assert second.toponyms[0].lat is None
    assert second.events == ()


def test_optional_keys_of_events_are_left_aside(write_gold: Callable[..., Path]) -> None:
    event = gold_event("strike", (5, 9), [gold_place("Kyiv", KYIV)])
    actors = [{"text": "Russia", "role": "by", "side": "Russia"}]
    extra = {**event, "actors": actors, "counts": {"killed": 2}, "weapon": "missile"}
    plain, more = (
        read_gold(write_gold([gold_toponym("Kyiv", 0, KYIV)], [row])).documents[0].events
        for row in (event, extra)
    )
    assert plain == more


def test_folder_without_events_says_nothing_about_events(write_gold: Callable[..., Path]) -> None:
    gold = read_gold(write_gold([gold_toponym("Kyiv", 0, KYIV)]))
    assert gold.documents[0].events is None


def test_digest_changes_with_the_gold(write_gold: Callable[..., Path]) -> None:
    before = read_gold(write_gold([gold_toponym("Kyiv", 0, KYIV)])).sha256
    after = read_gold(write_gold([gold_toponym("Kyiv", 1, KYIV)])).sha256
    assert before != after
    assert len(before) == 64


@pytest.mark.parametrize(
    ("corpus", "complete"),
    [("lgl", True), ("ua-acled", False), ("halterman-event-location", False)],
)
def test_corpus(tmp_path: Path, corpus: str, *, complete: bool) -> None:
    # U+2028 separates lines for str.splitlines, not for JSON lines.
    row = {"id": "1", "corpus": corpus, "text": "In\u2028Kyiv", "date": "2022-03-03"}
    row["toponyms"] = [{"start": 3, "end": 7, "text": "Kyiv", "lat": 50.45, "lon": 30.52}]
    path = tmp_path / "corpus.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    gold = read_gold(path)
    assert gold.complete is complete
    assert gold.articles[0].text == "In\u2028Kyiv"
    assert gold.articles[0].published == dt.date(2022, 3, 3)
    assert gold.documents[0].toponyms[0].text == "Kyiv"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "expected one JSON object"),
        ('{"start": 1, "end": 2}', "doc is None"),
        ('{"doc": "a", "start": 5, "end": 5}', "expected 0 <= start < end"),
        ('{"doc": "a", "start": 0, "end": 1, "lat": 1, "lon": null}', "two numbers"),
        ('{"doc": "a", "start": 0, "end": 1, "lat": 91, "lon": 1}', "EPSG:4326"),
    ],
)
def test_faults_name_file_and_line(tmp_path: Path, row: str, fault: str) -> None:
    (tmp_path / "toponyms.jsonl").write_text(row + "\n", encoding="utf-8")
    with pytest.raises(GoldError, match=fault) as caught:
        read_gold(tmp_path)
    assert "toponyms.jsonl" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", [{"factuality": None}, {"date": "March"}])
def test_faults_of_events(write_gold: Callable[..., Path], change: dict) -> None:
    folder = write_gold(events=[gold_event("strike", (0, 1), [], **change)])
    with pytest.raises(GoldError, match=next(iter(change))):
        read_gold(folder)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="holds neither"):
        read_gold(tmp_path)
    with pytest.raises(GoldError, match="no gold there"):
        read_gold(tmp_path / "absent")


def test_not_text(tmp_path: Path) -> None:
    (tmp_path / "toponyms.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GoldError, match="UTF-8"):
        read_gold(tmp_path)
