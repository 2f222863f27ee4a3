"""Words are let go after the text, and nothing else changes by it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from geomap import vocabulary
from geomap.pipeline import extract, extract_many, read_toponyms
from geomap.records import Article

TEXT = (
    "Missiles struck a depot in Kharkiv on Tuesday, governor {name} said. Shells fell on "
    "{name}ka. Talks in Istanbul were put off."
)


def articles(stem: str, count: int = 20) -> list[Article]:
    published = dt.date(2022, 3, 20)
    return [
        Article(id=f"a{i}", text=TEXT.format(name=f"{stem}{'ab' * i}ov"), published=published)
        for i in range(count)
    ]


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_WORDS", 1)


@pytest.mark.usefixtures("passing")
def test_words_are_let_go(nlp: Any) -> None:
    before = set(nlp.vocab.strings)
    found = list(extract_many(articles("Zhryk"), nlp=nlp))
    assert found[3].toponyms[0].place.name == "Kharkiv"
    assert set(nlp.vocab.strings) == before
    assert "Zhrykabov" not in nlp.vocab.strings


def test_what_is_found_is_the_same(nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_WORDS", 1)
    passing = list(extract_many(articles("Qwelm"), nlp=nlp))
    again = [extract(article, nlp=nlp) for article in articles("Qwelm")]
    toponyms = [read_toponyms(article, nlp=nlp)[0] for article in articles("Qwelm")]
    monkeypatch.setattr(vocabulary, "MOST_WORDS", 10**9)
    kept = list(extract_many(articles("Qwelm"), nlp=nlp))
    assert passing == again == kept
    assert toponyms == [found.toponyms for found in kept]
    assert all(found.events for found in kept)


@pytest.mark.usefixtures("passing")
def test_within_a_zone_of_the_caller(nlp: Any) -> None:
    with nlp.memory_zone():
        assert extract(articles("Vurt", 1)[0], nlp=nlp).events
