"""Where sentences begin in a list of words, and what is read off a spaCy text."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Span
from toponym_builders import tokens

from geomap.toponyms.tokens import _first, tokens_of

BLANK = spacy.blank("en")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Kyiv fell .", "Kyiv"),
        ("Kyiv fell . Lviv stood !", "Kyiv Lviv"),
        ("KYIV : Sirens rang", "KYIV Sirens"),
        ("“ Kyiv ” fell", "“ Kyiv"),
        ("Sirens \n Kyiv fell", "Sirens Kyiv"),
        ("Sirens \n\n — Kyiv fell", "Sirens — Kyiv"),
        ("The U.S. Army left", "The"),  # a full stop inside a word ends nothing
        ("He ran ... Then he fell", "He Then"),
        ("", ""),
    ],
)
def test_where_sentences_begin(words: str, first: str) -> None:
    cut = words.split(" ") if words else []
    found = [word for word, begins in zip(cut, _first(cut), strict=True) if begins]
    assert found == (first.split(" ") if first else [])


@given(st.text("Kyiv Lviv.,’'s\n-()", max_size=80))
def test_built_tokens_keep_the_text(text: str) -> None:
    made = tokens(text)
    assert len(made) == len(made.first) == len(made.entity_at)
    assert all(made.slice(n, n + 1) == word for n, word in enumerate(made.words))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_tokens_of_a_doc_keep_the_text(text: str) -> None:
    doc = BLANK.make_doc(text)
    found = tokens_of(doc)
    assert found.text == text
    assert [found.text[s:e] for s, e in zip(found.starts, found.ends, strict=True)] == [
        token.text for token in doc
    ]
    assert set(found.entity_at) <= {-1}


def test_entities_are_found_from_their_tokens() -> None:
    doc = BLANK.make_doc("Shells fell on Krasny Liman again.")
    doc.ents = [Span(doc, 3, 5, label="GPE")]
    found = tokens_of(doc)
    assert [(e.start, e.end, e.label) for e in found.entities] == [(3, 5, "GPE")]
    assert found.entity_at == [-1, -1, -1, 0, 0, -1, -1]
    assert found.slice(3, 5) == "Krasny Liman"
