"""Where sentences start: what the layout of an article says before the parser speaks.

A blank line ends a sentence, also after a headline without a full stop; so does
a line that opens with a clock time, a bullet or an emoji, as in live blogs. An
open bracket does not: editors' notes such as "(Kyiv region. — Ed.)" would
otherwise cut a sentence in two and part an event from its place.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc

__all__ = [
    "TEXT", "mark_sentence_starts", "sents_remembered", "set_sentence_starts", "text_of",
    "words_of",
]  # fmt: skip

# Where the pipeline keeps the text of an article while it goes through.
TEXT = "geomap_text"
# Where its words are kept then.
WORDS = "geomap_words"

# A bracket that stays open longer than this is a typing error, not a note.
# Measured: the longest bracket in the development news corpora holds 58 tokens.
LONGEST_BRACKET_TOKENS = 60
# As spaCy stores them: unsigned, minus one for "no".
_SENT_START = {True: 1, None: 0, False: 2**64 - 1}
# Words by spaCy's number for them, which is a hash and thus the same in all vocabularies. So many
# take 3 MB.
_KNOWN: dict[int, str] = {}
MOST_KNOWN = 15_000
# "09:14" at the start of a line: an entry of a live blog, which has no full stop before it.
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d")


def mark_sentence_starts(doc: Doc) -> Doc:
    """Preset sentence starts from line breaks and brackets.

    Parameters
    ----------
    doc
        A tokenised text. The parser keeps what is set here and decides the rest.

    Returns
    -------
    Doc
        The same object.
    """
    if not len(doc):
        return doc
    # Read at once: looking at each token costs ten times as much as all of the rest.
    values = np.asarray(doc.to_array(["SENT_START", "IS_SPACE", "ORTH"]), dtype=np.uint64)
    starts = values[:, 0].copy()
    spaces = [int(place) for place in np.flatnonzero(values[:, 1])]
    newlines = {place for place in spaces if "\n" in doc[place].text}
    begun = {place + 1 for place in newlines} - set(spaces)
    within = _bracketed(doc, values[:, 2], newlines)
    for place in within.union(spaces) - begun - {0, len(doc)}:
        starts[place] = _SENT_START[False]
    for place in begun - {len(doc)}:
        newline = place - 1
        opens = _opens_entry(doc[place].text)
        if opens or _ends_line(doc, newline) or doc[newline].text.count("\n") > 1:
            starts[place] = _SENT_START[True]
    doc.from_array(["SENT_START"], starts)  # type: ignore[arg-type]
    return doc


def set_sentence_starts(doc: Doc, starts: Sequence[bool | None] | NDArray[np.bool_]) -> None:
    """Set all sentence starts at once.

    Token by token spaCy looks through the whole text each time (for a parse that
    forbids it), which takes the square of its length.

    Parameters
    ----------
    doc
        A tokenised text that is not parsed.
    starts
        For each token whether it starts a sentence; ``None`` leaves it to the parser.
    """
    if len(doc):
        if isinstance(starts, np.ndarray):
            values = np.where(starts, np.uint64(_SENT_START[True]), np.uint64(_SENT_START[False]))
        else:
            values = np.array([_SENT_START[start] for start in starts], dtype=np.uint64)
        doc.from_array(["SENT_START"], values)  # type: ignore[arg-type]


def text_of(doc: Doc) -> str:
    """Give the text of a document, which spaCy puts together anew each time it is asked.

    Parameters
    ----------
    doc
        Any; where ``doc.user_data`` holds its text (:data:`TEXT`), that is given.
    """
    text: str | None = doc.user_data.get(TEXT)
    return doc.text if text is None else text


def words_of(doc: Doc) -> list[str]:
    """Give the words of a text, equal ones as one object.

    Each word is looked up once: the property of a token takes five times as long. While an
    article goes through the pipeline its words are kept beside its text: do not change them.

    Parameters
    ----------
    doc
        A tokenised text.

    Examples
    --------
    >>> import spacy
    >>> words_of(spacy.blank("en")("A town, a bridge."))
    ['A', 'town', ',', 'a', 'bridge', '.']
    """
    words: list[str] | None = doc.user_data.get(WORDS)
    if words is not None and len(words) == len(doc):
        return words
    numbers: list[Any] = doc.to_array(["ORTH"]).ravel().tolist()
    new = set(numbers).difference(_KNOWN)
    if new:
        if len(_KNOWN) > MOST_KNOWN:
            _KNOWN.clear()
            new = set(numbers)
        strings = doc.vocab.strings
        _KNOWN.update((number, strings[number]) for number in new)
    words = [_KNOWN[number] for number in numbers]
    if TEXT in doc.user_data:
        doc.user_data[WORDS] = words
    return words


@contextmanager
def sents_remembered(doc: Doc) -> Iterator[None]:
    """Let ``token.sent`` and ``span.sent`` be looked up within a ``with`` block.

    spaCy looks through the whole text for a sentence start each time it is asked, and then
    for both ends of the sentence: 13 microseconds in an article of 200 words.

    Parameters
    ----------
    doc
        A text with sentences, which do not change within the block.
    """
    spans = [sentence for sentence in doc.sents for _ in range(len(sentence))]
    hooks = (
        (doc.user_token_hooks, lambda t: spans[t.i]),
        (doc.user_span_hooks, lambda s: spans[s.start]),
    )
    own = [(table, hook) for table, hook in hooks if "sent" not in table]
    for table, hook in own:
        table["sent"] = hook
    try:
        yield
    finally:
        for table, _ in own:
            del table["sent"]


def _opens_entry(text: str) -> bool:
    """Tell whether a line starts an entry of a live blog or list: a clock time, bullet or emoji."""
    return (
        _CLOCK.fullmatch(text) is not None
        or unicodedata.category(text[0]) == "So"
        or text[0] == "•"
    )


def _ends_line(doc: Doc, newline: int) -> bool:
    """Tell whether the line before a line break ends like a sentence, not like a wrapped line."""
    last = newline - 1
    while last > 0 and (doc[last].is_space or doc[last].is_quote):
        last -= 1
    return last >= 0 and doc[last].text[-1] in ".!?:…"


def _bracketed(doc: Doc, orths: NDArray[np.uint64], newlines: set[int]) -> set[int]:
    """Collect the tokens inside balanced round brackets, the closing one included."""
    inside: set[int] = set()
    opening, closing = (doc.vocab.strings.add(mark) for mark in "()")
    brackets = np.flatnonzero((orths == opening) | (orths == closing))
    if not brackets.size:
        return inside
    opened: int | None = None
    for place in sorted({*brackets.tolist(), *newlines}):
        if place in newlines:
            opened = None
        elif orths[place] == opening:
            opened = place
        elif opened is not None:
            if place - opened <= LONGEST_BRACKET_TOKENS:
                # The token after the bracket goes on with the sentence unless
                # the bracket itself stood between two sentences.
                inside.update(range(opened + 1, place + 1))
                if opened > 0 and doc[opened - 1].text not in {".", "!", "?"}:
                    inside.update({opened, place + 1})
            opened = None
    return inside
