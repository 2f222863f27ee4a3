"""What the words around a toponym say of it: lists, brackets, "X, Y", "X area in Y".

Spans are half-open character offsets of all toponyms of the text, in order.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Span", "containers_of", "lookup_of", "settlement_noun"]

Span = tuple[int, int]

# Between a name and the one that contains it: "X (Y", "X, Y", "X in the Y", "X district of Y".
_OPEN_BRACKET = re.compile(r" ?\((?:in |the |now |of )*")
_COMMA = re.compile(r", (?:in |the |in the )?")
_PLACE_NOUNS = (
    "areas?|district|neighbou?rhood|suburb|hill|street|square|airport|village|town|city"
    "|settlement|community|hromada|raion"
)
_IN = re.compile(
    rf"(?:,| (?:{_PLACE_NOUNS}))?,? (?:in|of|outside|near|inside) (?:the )?"
    r"(?:city of |town of |southern |northern |eastern |western |central |\w+ of |\w+-\w+ of )?"
)
# Between the members of a list whose last one carries the region noun.
_LIST = re.compile(r"(?:, (?:and )?| and | & |, as well as )(?:the )?")
_REPUBLICS = re.compile(r" (People[’'ʼ]s Republics?)\b")
_SETTLEMENT_BEFORE = re.compile(
    r"\b(?:city|town|village|settlement|hamlet|port)(?: of)?\s$", re.IGNORECASE
)
_NEXT_WORD = re.compile(r"\s(\w+)")
_BEFORE_CHARACTERS = 24
_POSSESSIVES = frozenset({"’s ", "'s "})


def settlement_noun(text: str, start: int) -> bool:
    """Tell whether the words before say that it is a settlement ("the city of X").

    Parameters
    ----------
    text
        The text.
    start
        Where the toponym starts.
    """
    before = text[max(0, start - _BEFORE_CHARACTERS) : start]
    return _SETTLEMENT_BEFORE.search(before) is not None


@lru_cache(maxsize=1)
def _plurals() -> frozenset[str]:
    return frozenset(rules("toponyms")["context"]["plural_regions"])


def lookup_of(text: str, spans: Sequence[Span], number: int) -> str:
    """Give what to look up for a toponym, with the region noun its list carries at the end.

    Parameters
    ----------
    text
        The text.
    spans
        All toponyms of the text.
    number
        Which of them.

    Returns
    -------
    str
        "Donetsk region" for the first name of "Donetsk and Luhansk regions";
        the name itself otherwise.
    """
    start, end = spans[number]
    name = text[start:end]
    last = number
    while last + 1 < len(spans) and _LIST.fullmatch(text, spans[last][1], spans[last + 1][0]):
        last += 1
    republics = _REPUBLICS.match(text, spans[last][1]) or _REPUBLICS.match(text, end)
    if republics:
        return f"{name} {republics.group(1).removesuffix('s')}"
    if last == number:
        return name
    noun = text[slice(*spans[last])].rpartition(" ")[2].lower()
    if noun not in _plurals():
        following = _NEXT_WORD.match(text, spans[last][1])
        noun = following.group(1).lower() if following else ""
    if noun in _plurals() and not name.lower().endswith(noun):
        return f"{name} {_singular(noun)}"
    return name


def _singular(noun: str) -> str:
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


def containers_of(text: str, spans: Sequence[Span], number: int) -> tuple[str, ...]:
    """Give the names that the text puts around this one.

    Parameters
    ----------
    text
        The text.
    spans
        All toponyms of the text.
    number
        Which of them.

    Returns
    -------
    tuple of str
        E.g. ``("Zhytomyr region",)`` for Korosten in "Korosten (Zhytomyr
        region, north of Kiev)"; empty when the text says nothing.
    """
    end = spans[number][1]
    found = []
    for other in range(number + 1, min(number + 3, len(spans))):
        start = spans[other][0]
        comma = _COMMA.fullmatch(text, end, start)
        bracket = _OPEN_BRACKET.fullmatch(text, end, start) or _IN.fullmatch(text, end, start)
        if bracket or (comma and not _is_list(text, spans, other)):
            found.append(text[slice(*spans[other])])
        if not comma:
            break
        end = spans[other][1]
    if not found and number:
        # "in the Kyiv region, Borodianka and …" is rare; "Kyiv's Lysa Hora" is not.
        before = spans[number - 1]
        if text[before[1] : spans[number][0]] in _POSSESSIVES:
            found.append(text[slice(*before)])
    return tuple(found)


def _is_list(text: str, spans: Sequence[Span], number: int) -> bool:
    """Tell whether a name behind a comma goes on to "and Z": then it is a list, not a container."""
    if number + 1 >= len(spans):
        return False
    return _LIST.fullmatch(text, spans[number][1], spans[number + 1][0]) is not None
