"""Where the words in question stand in a parsed text: what looking at them again needs to know."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

from geomap.events.tellings import FAR, FARTHEST, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.records import Toponym

__all__ = ["Standings", "line_breaks"]


def line_breaks(doc: Doc) -> list[int]:
    """Give the indices of the tokens that hold a line break."""
    spaces = doc.to_array(["IS_SPACE"]).ravel().nonzero()[0].tolist()
    return [place for place in spaces if "\n" in doc[place].text]


class Standings:
    """Where words stand among the sentences, paragraphs and toponyms of a text.

    Parameters
    ----------
    doc
        A parsed text.
    places
        Its toponyms with their spans, in the order of the text.
    """

    def __init__(self, doc: Doc, places: Sequence[tuple[Span, Toponym]]) -> None:
        self._sentences = [sentence.start for sentence in doc.sents]
        self._breaks = line_breaks(doc)
        self._places = [(span.start, span.end) for span, _ in places]
        self._literal = [(s.start, s.end) for s, t in places if t.reading == "literal"]
        self._literal_ends = [end for _, end in self._literal]

    def of(self, token: Token, start: int, end: int) -> Standing:
        """Give where a word stands.

        Parameters
        ----------
        token
            The word.
        start, end
            The half-open range of the tokens of its sentence.
        """
        own, head = token.i, token.head.i
        children = [(child.i, child.dep_) for child in token.children]
        earlier = bisect.bisect_right(self._literal_ends, own)
        last = own - self._literal_ends[earlier - 1] if earlier else FARTHEST
        return Standing(
            token=own,
            head=None if head == own else head,
            children=tuple(place for place, _ in children),
            conjuncts=tuple(place for place, dependency in children if dependency == "conj"),
            part=token.pos_,
            dependency=token.dep_,
            sentence=bisect.bisect_right(self._sentences, own),
            start=start,
            end=end,
            paragraph=bisect.bisect_left(self._breaks, own),
            places=_around(own, start, end, self._places),
            literal=_around(own, start, end, self._literal),
            last=min(last, FARTHEST),
        )


def _around(
    own: int, start: int, end: int, spans: Sequence[tuple[int, int]]
) -> tuple[int, int, int]:
    """Give how far the spans of a sentence before and behind a word stand, and their number."""
    first = bisect.bisect_left(spans, (start, 0))
    inside = spans[first : bisect.bisect_left(spans, (end, 0), first)]
    before = min((own - b for _, b in inside if b <= own), default=FAR)
    behind = min((a - own for a, _ in inside if a > own), default=FAR)
    count = sum(b <= own or a > own for a, b in inside)
    return min(before, FAR), min(behind, FAR), count
