"""How many were killed, injured, brought out, exchanged, and with what weapon.

Read from the words of the sentence: a number beside a word of counting. A
number is a lower bound where the text says "at least" or "more than".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Token

    from geomap.events.taxonomy import Taxonomy

__all__ = ["counts_in", "weapon_of"]

# Words between a number and what is counted: "35 people, two of them children, were killed".
_BETWEEN = r"(?:[ ,]+(?!and\b|but\b)[\w’'-]+){0,5}?[ ,]+"
# No count of people in one event is larger; larger numbers are money, years or distances.
LARGEST_COUNT = 2_000_000
_UNITS = r"(?![.,:]?\d)(?!\s*(?:km|kilomet|mile|metre|meter|per cent|percent|%|o'clock|a\.m|p\.m|hours?|days?|weeks?|months?|years?|January|February|March|April|May|June|July|August|September|October|November|December))"


@lru_cache(maxsize=1)
def _number() -> str:
    words = "|".join(sorted(rules("quantities")["numbers"], key=len, reverse=True))
    return rf"(?<![\d.,:/-])(?<!no )(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|(?:{words})(?:-(?:{words}))?)\b{_UNITS}"


def _words(kind: str) -> str:
    return "|".join(
        sorted(map(re.escape, rules("quantities")["counted"][kind]), key=len, reverse=True)
    )


@lru_cache(maxsize=16)
def _counted(kind: str) -> re.Pattern[str]:
    """Match the words of which each of the slower patterns needs one."""
    return re.compile(_words(kind), re.IGNORECASE)


@lru_cache(maxsize=16)
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    words, number = _words(kind), _number()
    more = r"(?:at least|more than|over|about|around|some|nearly|almost|up to|as many as|another|only|the|of|all)"
    return (
        re.compile(rf"\b(?:{words})\b(?: {more}){{0,3}} {number}", re.IGNORECASE),
        re.compile(rf"{number}(?:{_BETWEEN}| )(?:{words})\b", re.IGNORECASE),
        # "the number of dead has risen to eleven", "puts the dead at 61".
        re.compile(
            rf"\b(?:{words})\b(?: [\w’'-]+){{0,5}}? (?:to|at|is|are) {number}", re.IGNORECASE
        ),
        # "a volunteer was hurt", "injured a girl".
        re.compile(
            rf"\b(?P<n>an?) (?:[\w’'-]+ ){{1,5}}?(?:was|is|has been) (?:\w+ )?(?:{words})\b",
            re.IGNORECASE,
        ),
        re.compile(
            rf"\b(?:{words}) (?P<n>an?)\b(?! (?:number|dozen|hundred|few|total))", re.IGNORECASE
        ),
    )


def counts_in(sentence: str, kind: str) -> dict[str, int]:
    """Read the counts that a sentence gives for an event of a type.

    Parameters
    ----------
    sentence
        Its text.
    kind
        Name of the event type; ``[types]`` of ``lexicons/quantities.toml``
        says what it counts.

    Returns
    -------
    dict
        ``killed``, ``injured``, ``evacuated``, ``exchanged`` to whole numbers;
        what the sentence does not say is left out.

    Examples
    --------
    >>> counts_in("The strike killed at least 21 people and wounded thirty-five.", "strike")
    {'killed': 21, 'injured': 35}
    """
    found = {}
    for name in rules("quantities")["types"].get(kind, ()):
        if _counted(name).search(sentence) is None:
            continue
        matches = (m for p in _patterns(name) for m in p.finditer(sentence))
        value = next((v for m in matches if (v := _value(m["n"])) is not None), None)
        if value is not None:
            found[name] = value
    return found


def _value(text: str) -> int | None:
    numbers: Mapping[str, int] = rules("quantities")["numbers"]
    digits = text.replace(",", "")
    if text.lower() in {"a", "an"}:
        return 1
    if digits.isdigit():
        value = int(digits)
        return value if 0 < value <= LARGEST_COUNT and not _is_year(digits) else None
    parts = text.lower().split("-")
    return sum(numbers[part] for part in parts) if all(p in numbers for p in parts) else None


def _is_year(digits: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", digits) is not None


def weapon_of(trigger: Token, kind: str, taxonomy: Taxonomy) -> str | None:
    """Give the word for the weapon of an event.

    Parameters
    ----------
    trigger
        The trigger.
    kind
        Name of the event type.
    taxonomy
        Its word classes hold the weapons.

    Returns
    -------
    str or None
        The word of the text nearest to the trigger in its sentence, in lower
        case; ``None`` when the sentence names none.
    """
    lexicon = rules("quantities")["weapons"]
    if kind not in lexicon["types"]:
        return None
    words = _weapons(taxonomy)
    found = [
        t for t in trigger.sent
        if (t.lower_ in words or t.lemma_.lower() in words) and t.pos_ in {"NOUN", "PROPN"}
    ]  # fmt: skip
    nearest = min(found, key=lambda t: abs(t.i - trigger.i), default=None)
    return nearest.lower_ if nearest is not None else None


@lru_cache(maxsize=8)
def _weapons(taxonomy: Taxonomy) -> frozenset[str]:
    classes = rules("quantities")["weapons"]["classes"]
    return frozenset().union(*(taxonomy.words.get(name, frozenset()) for name in classes))
