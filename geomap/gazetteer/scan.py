"""Find every known name in a running text, fast: no parser, no model.

One pass of a regular expression gives the runs of capitalised words; their
parts are looked up together, each spelling once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.gazetteer.normalise import key
from geomap.gazetteer.schema import GENERIC_WORDS

if TYPE_CHECKING:
    from geomap.gazetteer.store import Gazetteer

__all__ = ["Found", "scan"]

_LONGEST_NAME_WORDS = 6
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĜĞĠĢĤĪĮİĶĹĻĽŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŲŹŻŽЀ-Я"
_WORD = rf"[{_UPPER}][\w'’ʼ]*"
_GENERIC = "|".join(sorted(GENERIC_WORDS, key=lambda word: (-len(word), word)))
_PARTICLES = "of the|of|the|on|de|del|da|di|du|al|el|an der|am|sur|upon|na"
_RUN = re.compile(
    rf"(?<!\w){_WORD}(?:[ -]+(?:(?:{_PARTICLES})[ -])?{_WORD})*(?: (?:{_GENERIC})\b)?"
)
_PART = re.compile(r"[\w'’ʼ]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A known name in a text: half-open character offsets, and the name as it stands there."""

    start: int
    end: int
    text: str


def scan(text: str, *, gazetteer: Gazetteer) -> tuple[Found, ...]:
    """Find the longest known names in a text.

    Whether a name means a place there is not judged: "Reading" at the start of
    a sentence is found. :func:`geomap.extract` judges.

    Parameters
    ----------
    text
        Any text; names must begin with a capital.
    gazetteer
        Whose names are looked for.

    Returns
    -------
    tuple of Found
        In the order of the text, not overlapping; empty when there is none.

    Examples
    --------
    >>> from geomap.gazetteer import open_gazetteer
    >>> with open_gazetteer() as gazetteer:
    ...     [found.text for found in scan("From Kryvyi Rih to Odesa.", gazetteer=gazetteer)]
    ['Kryvyi Rih', 'Odesa']
    """
    runs = [(match.start(), match.group()) for match in _RUN.finditer(text)]
    parts = {run: _parts(run) for run in {run for _, run in runs}}
    keys = {run[a:b]: "" for run, spans in parts.items() for a, b in spans}
    for name in keys:
        keys[name] = key(name)
    known = gazetteer.knows(set(keys.values()))
    names = {name for name, found in keys.items() if found in known}
    chosen = {run: _longest(run, spans, names) for run, spans in parts.items()}
    return tuple(
        Found(start + a, start + b, run[a:b]) for start, run in runs for a, b in chosen[run]
    )


def _parts(run: str) -> list[tuple[int, int]]:
    """Give the spans of a run that may be a name, the longest of each start first."""
    if run.isalpha():
        return [(0, len(run))] if len(run) > 1 else []
    words = [_without_possessive(run, *match.span()) for match in _PART.finditer(run)]
    spans = []
    for first, (start, _) in enumerate(words):
        if run[start].isupper():
            last = min(len(words), first + _LONGEST_NAME_WORDS)
            spans += [(start, words[n][1]) for n in range(last - 1, first - 1, -1)]
    return [(a, b) for a, b in spans if b - a > 1]


def _without_possessive(run: str, start: int, end: int) -> tuple[int, int]:
    return start, end - 2 if run[:end].endswith(("'s", "’s")) else end


def _longest(run: str, spans: list[tuple[int, int]], names: set[str]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    end = 0
    for a, b in spans:
        name = run[a:b]
        if a >= end and name in names:
            kept.append((a, b))
            end = b
    return kept
