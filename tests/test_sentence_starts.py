"""Where the layout of a text starts a sentence. All sentences are our own."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from geomap import sentences
from geomap.sentences import mark_sentence_starts, words_of


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("08:10 Blasts heard in Lviv\n09:35 Troops leave Trostianets", True),
        ("Blasts heard in Lviv\n• Troops leave Trostianets", True),
        ("Blasts heard in Lviv\n❌ Troops leave Trostianets", True),
        ("Blasts were heard in\nLviv at dawn", None),
        ("Nine people of\n4512 were counted", None),
    ],
)
def test_an_entry_of_a_live_blog_starts_a_sentence(text: str, starts: Any) -> None:
    doc = mark_sentence_starts(spacy.blank("en")(text))
    newline = next(t.i for t in doc if "\n" in t.text)
    assert doc[newline + 1].is_sent_start is starts


_BLANK = spacy.blank("en")


@given(text=st.text(max_size=60))
def test_words_are_those_of_the_tokens(text: str) -> None:
    doc = _BLANK(text)
    assert words_of(doc) == [token.text for token in doc]


def test_words_are_the_same_when_the_memory_of_words_starts_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sentences, "MOST_KNOWN", 2)
    texts = ("Shells fell on Sumy.", "Troops left Sumy on Monday.", "Shells fell on Sumy.")
    for text in texts:
        assert words_of(_BLANK(text)) == [token.text for token in _BLANK(text)]
