"""Whether a text tells of an armed conflict, by all its words.

Words of war do not make a text one of war: shares tumble under bombardment, a museum shows a
siege, an exercise ends with a capture. A logistic model over the words of a few paragraphs tells
them apart (``weights/matters.json``; ``benchmarks/fit_matters.py`` fits and measures it). It
looks at the words in lower case and those that open a sentence, so that no name decides.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.weights.linear import load_linear

if TYPE_CHECKING:
    from collections.abc import Iterator, KeysView, Sequence

    from geomap.weights.linear import Linear

__all__ = [
    "CONFLICT", "MESSAGE_TOKENS", "conflict_likelihood", "is_of_conflict", "likelihood_by",
    "matter_features", "matter_words", "paragraphs_of", "reaches_of", "stretches",
]  # fmt: skip

# The class of the model that is asked for.
CONFLICT = "conflict"
# Paragraphs are read with those around them until there are so many words: fewer say little. With
# 50, 80, 150 and 400 the area under the curve is .969, .982, .973 and .976 on the gold, .979, .982,
# .984 and .983 across folds of the marked dispatches (benchmarks/fit_matters.py, STRENGTH 2.7).
FEWEST_WORDS = 80
# So many different known words at least share the weight of one text: a line of two is no proof.
LEAST_SHARED = 8
# How likely a text must tell of a conflict that has words of weapons and troops, or has none, to
# count as one. Across folds the first, with words of war, lets 90 % of the texts with events pass
# and 5.5 % of the others, the second alone 92 and 1.6 %. The trees see the likelihood itself too.
LEAST_WITH_WORDS, LEAST_WITHOUT_WORDS = 0.6, 0.9
# A text of so many tokens is a message, which may well not tell what it is about: nearly all marked
# dispatches are longer.
MESSAGE_TOKENS = 100
_PARAGRAPH = re.compile(r"[^\n]+")
_PIECE = re.compile(r"[A-Za-z]+|\b1[0-9]{3}\b|[.!?:;\"“”]")
# The years of wars that are history by now, by their first digits.
_LATEST_HISTORY = "1949"


def is_of_conflict(likelihood: float, *, worded: bool) -> bool:
    """Decide whether a text counts as one on an armed conflict.

    Parameters
    ----------
    likelihood
        What :func:`conflict_likelihood` says of it.
    worded
        Whether the taxonomy finds more words of war in it than of another matter.

    Examples
    --------
    >>> is_of_conflict(0.8, worded=True), is_of_conflict(0.8, worded=False)
    (True, False)
    """
    return likelihood >= (LEAST_WITH_WORDS if worded else LEAST_WITHOUT_WORDS)


# An article is asked of twice: before its parse, and when its events are looked for.
@lru_cache(maxsize=2)
def conflict_likelihood(text: str) -> float:
    """Tell how likely a text tells of an armed conflict, in one of its stretches.

    Parameters
    ----------
    text
        The article, one paragraph a line.

    Returns
    -------
    float
        0..1, the highest of all stretches: a further one about another matter changes nothing.
        0 for a text without a word.

    Examples
    --------
    >>> conflict_likelihood("Shells hit the town at dawn; two soldiers were killed.") > 0.5
    True
    >>> conflict_likelihood("Their striker bombarded the goal in the second half.") > 0.5
    False
    """
    return likelihood_by(load_linear("matters"), text)


def likelihood_by(model: Linear, text: str) -> float:
    """Give what a model says of a text, as :func:`conflict_likelihood` does of the built-in one.

    Parameters
    ----------
    model
        With a class :data:`CONFLICT`, over the features of :func:`matter_features`.
    text
        The article, one paragraph a line.
    """
    rows = [matter_features(w, model.weights.keys()) for w in dict.fromkeys(stretches(text)) if w]
    return max((model.probabilities(row)[CONFLICT] for row in rows), default=0.0)


def stretches(text: str) -> Iterator[frozenset[str]]:
    """Give the words of each paragraph, of a short one together with those around it.

    Parameters
    ----------
    text
        The article, one paragraph a line.

    Yields
    ------
    frozenset of str
        As :func:`matter_words` gives them.
    """
    paragraphs = [text[start:end] for start, end in paragraphs_of(text)]
    words = [matter_words(paragraph) for paragraph in paragraphs]
    for first, end in reaches_of(paragraphs):
        yield frozenset().union(*words[first:end])


def paragraphs_of(text: str) -> list[tuple[int, int]]:
    """Give the half-open character offsets of the lines that are not blank."""
    return [m.span() for m in _PARAGRAPH.finditer(text) if not m[0].isspace()]


def reaches_of(paragraphs: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give for each paragraph which ones are read with it, as a half-open range.

    There are at least :data:`FEWEST_WORDS` words in them, unless the text has fewer.
    """
    sizes = [len(paragraph.split()) for paragraph in paragraphs]
    for number, own in enumerate(sizes):
        first, end, size = number, number + 1, own
        while size < FEWEST_WORDS and (first > 0 or end < len(sizes)):
            if end < len(sizes):
                size += sizes[end]
                end += 1
            if size < FEWEST_WORDS and first > 0:
                first -= 1
                size += sizes[first]
        yield first, end


def matter_words(paragraph: str) -> frozenset[str]:
    """Give the words of a paragraph that may say what it is about, and years long past.

    Examples
    --------
    >>> sorted(matter_words("Tanks entered Grozny in 1941. They left."))
    ['#194', 'entered', 'in', 'left', 'tanks', 'they']
    """
    found: set[str] = set()
    shouted, opens = paragraph.isupper(), True
    for piece in _PIECE.findall(paragraph):
        if piece.isdigit():
            if piece <= _LATEST_HISTORY:
                found.add(f"#{piece[:3] if piece >= '1900' else piece[:2]}")
        elif piece.isalpha():
            if opens or shouted or piece.islower():
                found.add(piece.lower())
            opens = False
        else:
            opens = True
    return frozenset(found)


def matter_features(
    words: frozenset[str], known: frozenset[str] | KeysView[str]
) -> dict[str, float]:
    """Give the known words, each with its share: what is not known changes nothing.

    Parameters
    ----------
    words
        As :func:`stretches` gives them.
    known
        The words of the model.
    """
    own = words & known
    # In order, so that sums are the same in each process.
    share = max(len(own), LEAST_SHARED) ** -0.5
    return dict.fromkeys(sorted(own), share)
