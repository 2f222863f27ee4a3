"""Dependencies of many sentences at once, by spaCy's own parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.tokens import Doc

from geomap.sentences import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["SentenceParser"]

_ARCS: list[int | str] = ["DEP", "HEAD"]


class SentenceParser:
    """A parser that takes all sentences of some texts side by side.

    The parser multiplies once for each step of all texts it is given, so that
    ten sentences cost little more than one; what it reads of the words around
    (the shared vectors) is that of the whole text.

    Parameters
    ----------
    parser
        spaCy's ``DependencyParser``, listening to vectors that are there already.
    """

    name = "parser"

    def __init__(self, parser: Any) -> None:
        self._parser = parser

    def pipe(self, docs: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:  # noqa: ARG002
        """Parse texts; as many at once as there are."""
        docs = list(docs)
        cut = [_sentences_of(doc) for doc in docs]
        parts = [part for sentences in cut for part in sentences]
        self._parser.set_annotations(parts, self._states(parts))
        for doc, sentences in zip(docs, cut, strict=True):
            arcs: Any = np.concatenate([part.to_array(_ARCS) for part in sentences])
            yield doc.from_array(_ARCS, arcs)

    def _states(self, parts: Sequence[Doc]) -> Any:
        """Do what the parser's ``predict`` does, with Python's lock in hand.

        ``predict`` lets go of the lock, and its rules fetch it anew for every question
        they are asked, which takes more than half of its time.
        """
        parser = self._parser
        if parser.cfg["beam_width"] != 1:
            return parser.predict(parts)
        states = parser.moves.init_batch(parts)
        steps = parser.model.predict(parts)
        unfinished = [state for state in states if not state.is_final()]
        while unfinished:
            unfinished = parser.transition_states(unfinished, steps.predict(unfinished))
        steps.clear_memory()
        return states


def _sentences_of(doc: Doc) -> list[Doc]:
    """Make a text of each sentence, with the vectors it has in the whole."""
    words = words_of(doc)
    marks = doc.to_array(["SENT_START"])
    starts = [0, *(place for place in (marks.ravel() == 1).nonzero()[0].tolist() if place)]
    parts = []
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        part = Doc(doc.vocab, words=words[start:end])
        part.from_array(["SENT_START"], marks[start:end])  # type: ignore[arg-type]
        part.tensor = doc.tensor[start:end]
        parts.append(part)
    return parts
