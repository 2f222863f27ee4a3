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
# Looking behind after the first letter, not before it, lets the engine skip to the capitals.
_RUN = re.compile(
    rf"[{_UPPER}](?<!\w[{_UPPER}])[\w'’ʼ]*"
    rf"(?:[ -]+(?:(?:{_PARTICLES})[ -])?{_WORD})*(?: (?:{_GENERIC})\b)?"
)
_PART = re.compile(r"[\w'’ʼ]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A known name in a text: half-open character offsets, and the name as it stands there."""

    start: int
    end: int
    text: str


# Offsets in a run, and what stands there.
_Span = tuple[int, int, str]
_set_start, _set_end, _set_text = (
    getattr(Found, field).__set__ for field in ("start", "end", "text")
)


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
    ...     [found.text for found in scan("Troops left Kryvyi Rih for Odesa.", gazetteer=gazetteer)]
    ['Kryvyi Rih', 'Odesa']
    """
    runs = [(match.start(), match[0]) for match in _RUN.finditer(text)]
    parts = {run: _parts(run) for run in {run for _, run in runs}}
    keys = {name: key(name) for name in {name for spans in parts.values() for _, _, name in spans}}
    known = gazetteer.knows(set(keys.values()))
    names = {name for name, found in keys.items() if found in known}
    chosen = {run: kept for run, spans in parts.items() if (kept := _longest(spans, names))}
    return tuple(
        _found(start + a, start + b, name)
        for start, run in runs
        if run in chosen
        for a, b, name in chosen[run]
    )


def _found(start: int, end: int, text: str) -> Found:
    """Make a found name by its slots: half the time of its own constructor."""
    found = Found.__new__(Found)
    _set_start(found, start)
    _set_end(found, end)
    _set_text(found, text)
    return found


def _parts(run: str) -> list[_Span]:
    """Give the spans of a run that may be a name, the longest of each start first."""
    if run.isalpha():
        return [(0, len(run), run)] if len(run) > 1 else []
    words = [match.span() for match in _PART.finditer(run)]
    if "'s" in run or "’s" in run:
        words = [(a, b - 2 if run.endswith(("'s", "’s"), a, b) else b) for a, b in words]
    spans = []
    for first, (start, _) in enumerate(words):
        if run[start].isupper():
            ends = [end for _, end in words[first : first + _LONGEST_NAME_WORDS]]
            spans += [(start, end, run[start:end]) for end in reversed(ends) if end - start > 1]
    return spans


def _longest(spans: list[_Span], names: set[str]) -> list[_Span]:
    if len(spans) == 1:  # one plain word, as most runs are
        return spans if spans[0][2] in names else []
    kept: list[_Span] = []
    end = 0
    for span in spans:
        if span[0] >= end and span[2] in names:
            kept.append(span)
            end = span[1]
    return kept
