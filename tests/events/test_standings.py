"""Where words stand in a parsed text."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from geomap.events.standings import Standings
from geomap.events.tellings import FAR, FARTHEST


@pytest.fixture
def doc() -> Doc:
    """Two paragraphs: "Guns shelled Izium and hit Lyman" and "They left"."""
    words = ["Guns", "shelled", "Izium", "and", "hit", "Lyman", ".", "\n\n", "They", "left", "."]
    return Doc(
        spacy.blank("en").vocab,
        words=words,
        spaces=[True] * len(words),
        heads=[1, 1, 1, 1, 1, 4, 1, 6, 9, 9, 9],
        deps=["nsubj", "ROOT", "dobj", "cc", "conj", "dobj", "punct", "", "nsubj", "ROOT", "punct"],
        pos=["NOUN", "VERB", "PROPN", "CCONJ", "VERB", "PROPN", "PUNCT", "SPACE", "PRON", "VERB",
             "PUNCT"],
        sent_starts=[True, *[False] * 7, True, False, False],
    )  # fmt: skip


@pytest.fixture
def standings(doc: Doc) -> Standings:
    """Izium as a place, Lyman as one that acts."""
    readings: list[Any] = [SimpleNamespace(reading=r) for r in ("literal", "metonymic")]
    return Standings(doc, [(doc[2:3], readings[0]), (doc[5:6], readings[1])])


def test_a_word_among_its_toponyms(doc: Doc, standings: Standings) -> None:
    at = standings.of(doc[4], 0, 8)
    assert (at.token, at.head, at.part, at.dependency) == (4, 1, "VERB", "conj")
    assert at.places == (1, 1, 2)
    assert at.literal == (1, FAR, 1)
    assert at.last == 1
    assert (at.sentence, at.paragraph) == (1, 0)


def test_the_root_of_a_sentence(doc: Doc, standings: Standings) -> None:
    at = standings.of(doc[1], 0, 8)
    assert at.head is None
    assert at.conjuncts == (4,)
    assert set(at.children) >= {0, 2, 4}
    assert at.last == FARTHEST


def test_toponyms_of_other_sentences_are_far(doc: Doc, standings: Standings) -> None:
    at = standings.of(doc[9], 8, 11)
    assert at.places == (FAR, FAR, 0)
    assert at.last == 6
    assert (at.sentence, at.paragraph) == (2, 1)
