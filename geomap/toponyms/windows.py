"""The few words around a toponym in which a wording is looked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.records import Toponym

__all__ = ["BEHIND_CHARACTERS", "words_before", "words_behind"]

# The longest wording before a name seen in the development corpora is 71 characters
# ("some 240 kilometres (145 miles) to the north-west of the northern city of").
BEFORE_CHARACTERS = 110
BEHIND_CHARACTERS = 60
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-ZА-Я])|\n\s*\n|[;:]\s")
# A full stop that ends no sentence: "St. Petersburg", "approx. 20 km".
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|St|Mt|Ft|approx|ca|km|mi|Gen|Col|Lt|No)\.$")


def words_before(text: str, toponyms: Sequence[Toponym], number: int) -> tuple[int, str]:
    """Give the words of its sentence before a toponym, back to the toponym before it.

    Parameters
    ----------
    text
        The text.
    toponyms
        Its toponyms in order.
    number
        Index of the toponym in them.

    Returns
    -------
    tuple of (int, str)
        Character offset of the words, and the words.
    """
    end = toponyms[number].start
    start = max(0, end - BEFORE_CHARACTERS)
    if number:
        start = max(start, min(toponyms[number - 1].end, end))
    words = text[start:end]
    for stop in _SENTENCE_END.finditer(words):
        if not _ABBREVIATION.search(words[: stop.start() + 1]):
            start = end - len(words) + stop.end()
    return start, text[start:end]


def words_behind(text: str, toponyms: Sequence[Toponym], number: int) -> str:
    """Give the words behind a toponym, up to the next one; parameters as above."""
    end = toponyms[number].end
    stop = end + BEHIND_CHARACTERS
    if number + 1 < len(toponyms):
        stop = min(stop, max(end, toponyms[number + 1].start))
    return text[end:stop]
