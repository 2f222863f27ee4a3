"""Corpora run through the real pipeline. All texts are our own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from geomap.errors import GoldError
from geomap.evaluation import described, evaluate_corpora, read_corpora
from geomap.score import GoldToponym

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Shells fell on Kharkov, Ukraine.\u2028The Reading festival went on near Izyum."
POINTS = {"Kharkov": (49.98, 36.25), "Ukraine": (49.0, 32.0), "Izyum": (49.21, 37.25)}


def write(path: Path, *names: str, corpus: str = "own", text: str = TEXT) -> Path:
    toponyms = [
        {"start": text.index(n), "end": text.index(n) + len(n), "text": n,
         "lat": POINTS[n][0], "lon": POINTS[n][1], "geonameid": None}
        for n in names
    ]  # fmt: skip
    row = {"id": path.stem, "corpus": corpus, "text": text, "toponyms": toponyms}
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_given_spans_and_end_to_end(tmp_path: Path, nlp: Any) -> None:
    whole = write(tmp_path / "whole.jsonl", "Kharkov", "Ukraine", "Izyum")
    part = write(tmp_path / "part.jsonl", "Izyum", corpus="ua-own")
    texts: list[None] = []
    scores = evaluate_corpora(
        read_corpora([whole, part]), nlp=nlp, on_text=lambda: texts.append(None)
    )
    first, second = scores.corpora
    assert (first.name, second.name) == ("whole", "part")
    assert len(texts) == 2
    assert first.given.gold == 3
    assert first.given_narrow.gold == 2  # Ukraine is a country
    assert first.given.accuracy_km[161] == 1.0
    assert second.overlap.predicted is None
    assert second.given.gold == 1
    assert scores.micro.documents == 2
    # The pipeline is left as it was.
    assert "geomap_events" in nlp.pipe_names


def test_two_files_of_one_name_keep_apart(tmp_path: Path) -> None:
    paths = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        paths.append(write(tmp_path / folder / "a.jsonl", "Izyum"))
    assert list(read_corpora(paths)) == [str(path) for path in paths]


def test_faults_are_raised_or_reported(tmp_path: Path, nlp: Any) -> None:
    path = write(tmp_path / "a.jsonl", "Izyum")
    path.write_text(path.read_text(encoding="utf-8").replace("Izyum.", "Izium."), encoding="utf-8")
    corpora = read_corpora([path])
    with pytest.raises(GoldError, match="the gold has 'Izyum' at"):
        evaluate_corpora(corpora, nlp=nlp)
    faults: list[str] = []
    scores = evaluate_corpora(corpora, nlp=nlp, on_fault=lambda _err, doc: faults.append(doc))
    assert faults == ["a"]
    assert (scores.micro.documents, scores.micro.failed) == (0, 1)
    empty = tmp_path / "b.jsonl"
    empty.write_text('{"id": "b", "text": "No place.", "toponyms": []}\n')
    with pytest.raises(GoldError, match="no text with toponyms"):
        read_corpora([empty])


@pytest.mark.parametrize(
    ("name", "lat", "lon", "kind"),
    [
        ("Georgia", 42.0, 43.5, "country"),
        ("Georgia", 32.75, -83.5, None),
        ("Europe", 48.7, 9.1, "continent"),
        ("Qwxyz", 1.0, 1.0, None),
    ],
)
def test_countries_are_told_by_their_point(
    name: str, lat: float, lon: float, kind: str | None, nlp: Any
) -> None:
    gold = GoldToponym(start=0, end=len(name), text=name, lat=lat, lon=lon)
    gazetteer = nlp.get_pipe("geomap_toponyms").gazetteer
    assert described(gold, gazetteer).kind == kind


def test_gold_is_described_by_its_geonames_id(nlp: Any) -> None:
    gazetteer = nlp.get_pipe("geomap_toponyms").gazetteer
    gold = GoldToponym(start=0, end=1, text="?", lat=50.45, lon=30.5, geonameid=703448)
    assert described(gold, gazetteer).place.startswith("Kyiv")
    nowhere = GoldToponym(start=0, end=1, text="Kyiv")
    assert described(nowhere, gazetteer) is nowhere
