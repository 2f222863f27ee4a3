"""Recall of war places in three spellings, and words that are no places."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from geomap.gazetteer import Gazetteer, open_gazetteer
from geomap.gazetteer.rows import distance_km
from geomap.pipeline import extract
from geomap.records import Article

HERE = Path(__file__).parent / "places"
# The bars; development is where rules are worked on, set_aside is only measured.
BARS = {"modern": 0.97, "russian_style": 0.93, "cyrillic": 0.93}
WITHIN_KM = 12.0
SENTENCES = (
    "The old man said that {} had come home.",
    "They spoke about {} for an hour.",
    "On Monday she met {} again.",
)
MOST_SPURIOUS = 3  # of 100 words

pytestmark = pytest.mark.quality


def is_found(gazetteer: Gazetteer, name: str, point: tuple[float, float]) -> bool:
    return any(
        distance_km(point, (c.place.lon, c.place.lat))
        <= max(WITHIN_KM, c.place.radius_km if c.place.approximate else 0)
        for c in gazetteer.find(name, limit=500)
    )


@pytest.mark.parametrize("spelling", list(BARS))
@pytest.mark.parametrize("listed", ["development", "set_aside"])
def test_recall(listed: str, spelling: str) -> None:
    with (HERE / f"{listed}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) >= 85
    with open_gazetteer() as gazetteer:
        lost = [
            row[spelling]
            for row in rows
            if not is_found(gazetteer, row[spelling], (float(row["lon"]), float(row["lat"])))
        ]
    recall = 1 - len(lost) / len(rows)
    print(f"{listed} {spelling}: {recall:.3f} of {len(rows)}")  # noqa: T201 - pytest -s shows it
    assert recall >= BARS[spelling], lost if listed == "development" else len(lost)


def test_words_and_surnames_are_no_places(nlp: Any) -> None:
    lines = (HERE / "nil_words.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]
    assert len(words) >= 100
    placed = set()
    for word in words:
        text = " ".join(sentence.format(word) for sentence in SENTENCES)
        extracted = extract(Article(id=word, text=text), nlp=nlp)
        if any(t.place is not None and t.reading == "literal" for t in extracted.toponyms):
            placed.add(word)
    print("given a place:", sorted(placed))  # noqa: T201 - pytest -s shows it
    assert len(placed) <= MOST_SPURIOUS, sorted(placed)
