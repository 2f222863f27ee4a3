"""Pool: texts and offsets on their way into the page, as JavaScript counts them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from geomap.escape import visible

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pool", "offsets_in"]

# The last character that one unit of UTF-16 holds.
LAST_OF_PLANE = "\uffff"


class Pool:
    """Texts by number, each kept once: a page of 100,000 events repeats most of them.

    Examples
    --------
    >>> pool = Pool()
    >>> pool.number("Kyiv"), pool.number(None), pool.number("Kyiv"), pool.texts
    (0, -1, 0, ['Kyiv'])
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, text: object) -> int:
        """Give the number of a text; -1 for ``None`` and the empty text."""
        if text is None or text == "":
            return -1
        known = str(text)
        found = self._numbers.get(known)
        if found is None:
            found = self._numbers[known] = len(self.texts)
            self.texts.append(visible(known))
        return found


def offsets_in(text: str) -> Callable[[int], int]:
    r"""Give what turns an offset into a text into one into its form that is shown.

    Parameters
    ----------
    text
        As read.

    Returns
    -------
    callable
        From a character offset of Python to an offset in units of UTF-16, in
        which JavaScript counts, after :func:`geomap.escape.visible`.

    Examples
    --------
    >>> at = offsets_in("\U0001f600 Kyiv")
    >>> at(2), at(6)
    (3, 7)
    """
    if not text or (max(text) <= LAST_OF_PLANE and visible(text) == text):
        return lambda offset: min(max(offset, 0), len(text))
    lengths = (len(visible(char)) + (char > LAST_OF_PLANE) for char in text)
    places = list(itertools.accumulate(lengths, initial=0))
    return lambda offset: places[min(max(offset, 0), len(text))]
