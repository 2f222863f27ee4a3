"""Distances in words: "some 20–30 km", "twenty miles", "a few hundred metres".

The words and the length of each unit stand in ``lexicons/relative.toml``. The
precision of a number follows Wieczorek, Guo & Hijmans (2004, section on
distance precision): half of the power of ten that the number is a multiple of,
so that 20 km says ±5 km and 12 km says ±0.5 km.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DISTANCE", "Distance", "alternatives", "read_distance"]

Bound = Literal["about", "at most", "at least"]

_DIGITS = r"\d{1,3}(?:,\d{3})+|\d{1,4}(?:[.,]\d{1,2})?"
_FRACTION = re.compile(r" and a half$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """A distance that a text states.

    Parameters
    ----------
    km
        What is stated, in kilometres; the middle of a range.
    precision_km
        How far the true distance may lie from ``km`` by the wording alone.
    bound
        ``"at most"`` for "less than", "within", "up to"; ``"at least"`` for "more than".
    """

    km: float
    precision_km: float
    bound: Bound = "about"


def alternatives(words: Iterable[str]) -> str:
    """Give a regular expression for any of some words, the longest first; spaces stretch.

    Examples
    --------
    >>> alternatives(["km", "nautical mile"])
    'nautical[ -]mile|km'
    """
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", "[ -]") for word in ordered)


def _number() -> str:
    table = rules("relative")
    exact = alternatives(word for word in table["numbers"] if word not in {"a", "an", "half"})
    vague = alternatives(table["vague_numbers"])
    spelled = rf"(?:a )?(?:{exact})(?:[ -](?:{exact})){{0,2}}(?: and a half)?"
    return rf"(?:{_DIGITS}|{vague}|{spelled}|half an?|an?(?= (?:mile|kilomet)))"


def _distance() -> str:
    table = rules("relative")
    unit = alternatives(word for group in table["units"].values() for word in group)
    hedge = alternatives(word for group in table["hedges"].values() for word in group)
    number = _number()
    joint = r" ?(?:-|–|—|‑|to|or|and) ?"
    # "(12 miles)" after the number says it again in another unit.
    return (
        rf"(?:(?P<hedge>{hedge})(?:[ -](?:{hedge}))? ?)?(?:an? |the )?"
        rf"(?P<number>(?<![\w.,]){number})(?:{joint}(?P<upper>{number}))?[  -]?"
        rf"(?P<unit>{unit})\b\.?(?: ?\([^()]{{1,24}}\))?"
    )


# A regular expression with the groups hedge, number, upper and unit; ignores case.
DISTANCE: str = _distance()


def read_distance(found: re.Match[str]) -> Distance:
    """Read what :data:`DISTANCE` matched.

    Parameters
    ----------
    found
        A match of an expression that holds :data:`DISTANCE` once.

    Returns
    -------
    Distance
        In kilometres, whatever the unit.

    Examples
    --------
    >>> read_distance(re.search(DISTANCE, "some 20-30 km east", re.IGNORECASE))
    Distance(km=25.0, precision_km=5.0, bound='about')
    >>> read_distance(re.search(DISTANCE, "less than two miles", re.IGNORECASE)).bound
    'at most'
    """
    unit_km = _unit_km()[found["unit"].lower()]
    least, taken, most = _value(found["number"])
    if found["upper"]:
        upper = _value(found["upper"])
        if upper[1] > taken:
            least, most = taken, upper[1]
            taken = (least + most) / 2
    hedge = re.sub(r"\s+", " ", (found["hedge"] or "").lower())
    hedges = rules("relative")["hedges"]
    bound: Bound = "about"
    if hedge in hedges["at_most"]:
        bound = "at most"
    elif hedge in hedges["at_least"]:
        bound = "at least"
    spread = max(taken - least, most - taken)
    return Distance(
        km=round(taken * unit_km, 3), precision_km=round(spread * unit_km, 4), bound=bound
    )


@lru_cache(maxsize=1)
def _unit_km() -> dict[str, float]:
    table = rules("relative")
    units = {
        word: float(table["unit_km"][name])
        for name, group in table["units"].items()
        for word in group
    }
    return units | {word.replace(" ", "-"): km for word, km in units.items()}


def _value(words: str) -> tuple[float, float, float]:
    """Give ``(least, taken, most)`` of a number in digits or words."""
    plain = " ".join(words.lower().replace("-", " ").split())
    vague = rules("relative")["vague_numbers"].get(plain)
    if vague is not None:
        least, taken, most = map(float, vague)
        return least, taken, most
    if plain[0].isdigit():
        taken = _digits(plain)
        spread = _precision(taken, decimals=_decimals(plain))
    else:
        taken = _spelled(plain)
        spread = _precision(taken, decimals=int(taken != int(taken)))
    return taken - spread, taken, taken + spread


def _digits(plain: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain):
        return float(plain.replace(",", ""))
    return float(plain.replace(",", "."))


def _decimals(plain: str) -> int:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain):
        return 0
    return len(plain.replace(",", ".").partition(".")[2])


def _spelled(plain: str) -> float:
    numbers = rules("relative")["numbers"]
    extra = 0.5 if _FRACTION.search(plain) else 0.0
    total = 0.0
    for word in _FRACTION.sub("", plain).split():
        value = float(numbers[word])
        if word in {"a", "an"} and plain not in {"a", "an"}:
            continue
        if word == "hundred":
            total = (total or 1.0) * value
        else:
            total += value
    return total + extra


def _precision(value: float, *, decimals: int) -> float:
    """Give half of the power of ten that a number is a multiple of."""
    if decimals:
        return 0.5 * 10.0**-decimals
    power = 1
    while value and value % (power * 10) == 0:
        power *= 10
    return 0.5 * power
