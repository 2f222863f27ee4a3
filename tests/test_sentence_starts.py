"""Where the layout of a text starts a sentence. All sentences are our own."""

from __future__ import annotations

from typing import Any

import pytest
import spacy

from geomap.sentences import mark_sentence_starts


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
