"""Who is named at the top of a text: in its title, and in a short line below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Span

    from geomap.events.spoken import SpokenText
    from geomap.records import Attribution

__all__ = ["named_in_head"]

_NAMED = frozenset({"PERSON", "ORG"})
# Words and marks around a name that tell its part in a title: "Statement by X", "X: …", "(X)".
_BEFORE = frozenset({"of", "by", "the", "from", "(", "on", ":", ","})
_BEHIND = frozenset({":", ",", ")", "on", "(", "'s", "’s"})
# A second line of more words is the first sentence of the text.
LONGEST_SECOND_LINE = 16
# "UN: …", "Vereshchuk: …" also where no name is recognised.
LONGEST_LABEL = 6


def named_in_head(text: SpokenText) -> Iterator[tuple[int, str, str, Attribution]]:
    """Give the people and bodies at the top.

    Parameters
    ----------
    text
        A text with its names.

    Yields
    ------
    tuple of (place, kind, word, attribution)
        The index of the last token of the name; "title" or "second"; what kind of name it is and
        what stands around it; who it is.
    """
    for kind, span in _lines(text):
        taken: set[int] = set()
        for entity in span.ents:
            if entity.label_ in _NAMED:
                taken.update(range(entity.start, entity.end))
                yield from _named(text, span, (entity.start, entity.end), kind, entity.label_)
        for token in span:
            if token.i not in taken and text.names.is_body(token):
                first = max(token.left_edge.i, span.start)
                yield from _named(text, span, (first, token.i + 1), kind, "body")
        colon = next((t.i for t in span if t.text == ":"), span.start)
        if 0 < colon - span.start <= LONGEST_LABEL and taken.isdisjoint(range(span.start, colon)):
            yield from _named(text, span, (span.start, colon), kind, "label")


def _lines(text: SpokenText) -> Iterator[tuple[str, Span]]:
    """Give the title, and the second line if it is short."""
    offset, kind = 0, "title"
    for line in text.text.split("\n"):
        start, offset = offset, offset + len(line) + 1
        if not line.strip():
            continue
        if kind == "second" and len(line.split()) > LONGEST_SECOND_LINE:
            return
        end = start + len(line.rstrip())
        span = text.doc.char_span(start, end, alignment_mode="contract")
        if span is not None:
            yield kind, span
        if kind == "second":
            return
        kind = "second"


def _named(
    text: SpokenText, line: Span, name: tuple[int, int], kind: str, label: str
) -> Iterator[tuple[int, str, str, Attribution]]:
    first, end = name
    words = text.doc[first:end]
    said = text.names.attribution(words[-1], verb=None, phrase=words.text)
    if said is None:
        return
    before = text.lowers[first - 1] if first > line.start else "^"
    behind = text.words[end] if end < line.end else "$"
    before = before if before in _BEFORE or before == "^" else "…"
    behind = behind if behind in _BEHIND or behind == "$" else "…"
    yield end - 1, kind, f"{label} {before} {behind}", said
