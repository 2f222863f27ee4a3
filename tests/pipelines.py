"""The real pipeline, loaded once a process, and texts it has read already."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# A paragraph of war, so that words are read as they are in such articles.
CONTEXT = "Tanks, artillery and drones of the army were in action as the war went on.\n\n"


@cache
def pipeline() -> Any:
    """Load the pipeline at the first call."""
    from geomap.pipeline import load_pipeline  # noqa: PLC0415 - loads spaCy

    return load_pipeline()


@cache
def read(text: str) -> Doc:
    """Read a text; the rules that tests ask afterwards change nothing of it."""
    doc: Doc = pipeline()(text)
    return doc


def read_for(word: str, sentence: str) -> Token:
    """Read a sentence behind a paragraph of war, and give the first token that is the word."""
    doc = read(CONTEXT + sentence)
    return next(t for t in doc if t.idx >= len(CONTEXT) and t.lower_ == word.lower())
