"""Where somebody else's words begin and end, nested and unbalanced quotation marks included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["is_quoted", "quoted_ranges"]

_OPEN = frozenset("“«„")
_CLOSE = frozenset("”»")
_STRAIGHT = frozenset('"')
_MARKS = re.compile(r"[\n“«„”»\"]")
# A quotation of fewer characters is a scare quote or a title ("special operation").
FEWEST_CHARACTERS = 30
# ... unless it ends as speech does: "We have the sea," says he.
_STOPS = frozenset({",", "!", "?"})


def quoted_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Find direct speech.

    A quotation that is not closed ends with its paragraph: newspapers leave
    the closing mark out where the speech goes on in the next one.

    Parameters
    ----------
    text
        The article.

    Returns
    -------
    tuple of (start, end)
        Half-open character offsets of the outermost quotations, in order.

    Examples
    --------
    >>> quoted_ranges("He said: “The whole city is surrounded by troops.” Then he left.")
    ((9, 50),)
    """
    ranges: list[tuple[int, int]] = []
    depth, start = 0, 0
    straight = False
    for mark in _MARKS.finditer(text):
        offset, letter = mark.start(), mark.group()
        if letter == "\n":
            if depth or straight:
                ranges.append((start, offset))
            depth, straight = 0, False
        elif letter in _OPEN:
            depth += 1
            start = offset if depth == 1 and not straight else start
        elif letter in _CLOSE and depth:
            depth -= 1
            if depth == 0 and not straight:
                ranges.append((start, offset + 1))
        elif letter in _STRAIGHT and not depth:
            straight = not straight
            if straight:
                start = offset
            else:
                ranges.append((start, offset + 1))
    if depth or straight:
        ranges.append((start, len(text)))
    return tuple(
        (start, end)
        for start, end in ranges
        if end - start >= FEWEST_CHARACTERS or text[max(start, end - 2) : end - 1] in _STOPS
    )


def is_quoted(offset: int, ranges: Sequence[tuple[int, int]]) -> bool:
    """Tell whether an offset lies in direct speech.

    Parameters
    ----------
    offset
        A character offset.
    ranges
        What :func:`quoted_ranges` gave.
    """
    return any(start <= offset < end for start, end in ranges)
