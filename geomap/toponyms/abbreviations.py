"""Abbreviations that a text declares itself: "the Donetsk People's Republic (DNR)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["declared_abbreviations"]

# Two to six capitals in brackets directly behind a name, as news style books have it.
_DECLARED = re.compile(r" ?\(([A-Z][A-Z.]{1,6})\)")


def declared_abbreviations(
    text: str, names: Iterable[tuple[int, int]]
) -> Mapping[str, tuple[int, int]]:
    """Find the abbreviations that stand in brackets behind names.

    Parameters
    ----------
    text
        The text.
    names
        Half-open character offsets of names.

    Returns
    -------
    Mapping
        Abbreviation to the offsets of its name. The letters must occur in the
        name in their order, the first one as its first letter.

    Examples
    --------
    >>> text = "In the Kurdistan Region of Iraq (KRI) and in Kirkuk (AFP)."
    >>> dict(declared_abbreviations(text, [(7, 31), (45, 51)]))
    {'KRI': (7, 31)}
    """
    found: dict[str, tuple[int, int]] = {}
    for start, end in names:
        match = _DECLARED.match(text, end)
        if match and _stands_for(match.group(1), text[start:end]):
            found.setdefault(match.group(1), (start, end))
    return found


def _stands_for(abbreviation: str, name: str) -> bool:
    letters = abbreviation.replace(".", "").lower()
    rest = iter(name.lower().removeprefix("the "))
    return name.lower().removeprefix("the ").startswith(letters[0]) and all(
        letter in rest for letter in letters
    )
