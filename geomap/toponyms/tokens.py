"""A text as plain lists of words and entities: what recognition reads, without spaCy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.sentences import text_of, words_of
from geomap.toponyms.casing import truecase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

__all__ = ["Entity", "Tokens", "tokens_of"]

_SENTENCE_ENDS = frozenset(".!?…:;")
_OPENERS = frozenset("\"'“”‘«„([-–—•*·")


@dataclass(frozen=True, slots=True)
class Entity:
    """A name that NER found: half-open token offsets and NER's label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A tokenised text.

    Parameters
    ----------
    text
        The text that character offsets refer to.
    words, lowers
        Each token, with small letters where the text is in capitals, and in lower case.
    starts, ends
        Half-open character offsets of each token.
    entities
        What NER found, in the order of the text, not overlapping.
    entity_at
        For each token the index of its entity, or -1.
    first
        Whether each token begins a sentence or a line, by punctuation and layout.
    """

    text: str
    words: Sequence[str]
    lowers: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    entities: Sequence[Entity]
    entity_at: Sequence[int]
    first: Sequence[bool] = field(default=())

    def __len__(self) -> int:
        """Give the number of tokens."""
        return len(self.words)

    def slice(self, start: int, end: int) -> str:
        """Give the text of the tokens ``start`` to ``end``, half-open."""
        return self.text[self.starts[start] : self.ends[end - 1]]


def tokens_of(doc: Doc) -> Tokens:
    """Read a spaCy text into lists.

    Parameters
    ----------
    doc
        Tokenised; entities are read where they are.

    Returns
    -------
    Tokens
        Independent of ``doc``.
    """
    words = truecase(words_of(doc))
    starts: list[Any] = doc.to_array(["IDX"]).ravel().tolist()
    # Each word once: most stand in a text several times.
    lower = {word: word.lower() for word in set(words)}
    entities = [Entity(e.start, e.end, e.label_) for e in doc.ents]
    entity_at = [-1] * len(words)
    for number, entity in enumerate(entities):
        entity_at[entity.start : entity.end] = [number] * (entity.end - entity.start)
    return Tokens(
        text=text_of(doc),
        words=words,
        lowers=[lower[word] for word in words],
        starts=starts,
        ends=[start + len(word) for start, word in zip(starts, words, strict=True)],
        entities=entities,
        entity_at=entity_at,
        first=_first(words),
    )


def _first(words: Sequence[str]) -> list[bool]:
    """Tell which tokens begin a sentence: behind its end, a line break, and any opening marks."""
    first = []
    begins = True
    for word in words:
        first.append(begins)
        if word.isspace():
            begins = begins or "\n" in word
        elif word[-1] in _SENTENCE_ENDS and not word[0].isalnum():
            begins = True
        elif not (begins and word in _OPENERS):
            begins = False
    return first
