"""Borders in words: "near the Polish border", "15 km from the border with Belarus"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules
from geomap.toponyms.distances import DISTANCE, Distance, alternatives, read_distance
from geomap.toponyms.relations import GLUE, bearings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomap.records import Toponym

__all__ = ["Border", "find_borders"]

BEFORE_CHARACTERS = 130
_JOINT = re.compile(r"(?: ?[-–—‑/] ?| and )\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """A border that a text uses to tell a place.

    Parameters
    ----------
    start, end
        Half-open character offsets.
    anchors
        Ids of the toponyms that name its sides; may be empty.
    countries
        ISO alpha-2 codes of sides named by an adjective; may be empty. One side at
        least is named by either.
    distance, bearings_deg
        How far and in which direction from it; ``None`` and empty when not said.
    """

    start: int
    end: int
    anchors: tuple[int, ...]
    countries: tuple[str, ...]
    distance: Distance | None
    bearings_deg: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Sides:
    start: int
    end: int
    anchors: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()


def find_borders(text: str, toponyms: Sequence[Toponym]) -> Iterator[Border]:
    """Find the borders that tell where something is.

    Parameters
    ----------
    text
        The text.
    toponyms
        Its toponyms in order.

    Yields
    ------
    Border
        In the order of the text; a border that is closed, guarded or spoken of
        is none, nor one whose sides are not named.
    """
    starts = {t.start: t for t in toponyms}
    ends = {t.end: t for t in toponyms}
    for noun in _noun().finditer(text):
        before = _sides_before(text, noun.start(), ends)
        behind = _sides_behind(text, noun.end(), starts)
        anchors = tuple(dict.fromkeys((*before.anchors, *behind.anchors)))
        countries = (*before.countries, *behind.countries)
        if not anchors and not countries:
            continue
        window = text[max(0, before.start - BEFORE_CHARACTERS) : before.start]
        lead = _lead().search(window)
        reaches = lead is not None and lead[0].lower().startswith("from ")
        if reaches and text.startswith(" to ", behind.end):
            continue  # "from the Kentucky border to the coast" is a reach
        if lead is not None:
            groups = lead.groupdict()
            yield Border(
                start=before.start - len(window) + lead.start(),
                end=behind.end,
                anchors=anchors,
                countries=countries,
                distance=read_distance(lead) if groups["number"] else None,
                bearings_deg=bearings_of(groups["compass"]),
            )


@lru_cache(maxsize=1)
def _noun() -> re.Pattern[str]:
    table = rules("relative")["border"]
    never = alternatives(table["not_before"])
    return re.compile(
        rf"(?<![\w-])(?:{alternatives(table['nouns'])})\b(?![- ](?:{never})\b)", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    """Make what must stand before the named border: a distance, a direction, a preposition."""
    prepositions = alternatives(rules("relative")["border"]["prepositions"])
    compass = r"(?P<compass>(?:north|south|east|west)(?:[- ]?(?:north|south|east|west))?) of"
    return re.compile(
        rf"(?<![\w-])(?:(?:within )?{DISTANCE} ?(?:away |short |inside )?(?:from|of|off|{compass})"
        rf"|{prepositions}) (?:the |its |their |a )?(?:\w+ern )?\Z",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _adjectives() -> Mapping[str, str]:
    return {word: code for code, found in rules("demonyms")["countries"].items() for word in found}


@lru_cache(maxsize=1)
def _demonym() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])({alternatives(_adjectives())})\Z", re.IGNORECASE)


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    words = alternatives(rules("relative")["border"]["adjectives"])
    return re.compile(rf"(?:(?:['’]s?)? (?:{words}))?(?:['’]s?)? \Z", re.IGNORECASE)


def _sides_before(text: str, noun: int, ends: Mapping[int, Toponym]) -> _Sides:
    """Read the names directly before "border", from right to left."""
    window = text[max(0, noun - BEFORE_CHARACTERS) : noun]
    filler = _fillers().search(window)
    if filler is None:
        return _Sides(noun, noun)
    start = noun - (len(window) - filler.start())
    anchors: list[int] = []
    countries: list[str] = []
    position = start
    while True:
        name = ends.get(position)
        adjective = _demonym().search(text[max(0, position - 24) : position])
        if name is not None:
            anchors.insert(0, name.id)
            start = name.start
        elif adjective is not None:
            countries.insert(0, _adjectives()[adjective[1].lower().replace("-", " ")])
            start = position - len(adjective[1])
        else:
            break
        joint = _JOINT.search(text[max(0, start - 5) : start])
        if joint is None:
            break
        position = start - len(joint[0])
    if not anchors and not countries:
        return _Sides(start + 1, noun)  # "the administrative border with X"
    return _Sides(start, noun, tuple(anchors), tuple(countries))


def _sides_behind(text: str, end: int, starts: Mapping[int, Toponym]) -> _Sides:
    """Read "with X", "between X and Y", "of X" behind "border"."""
    joint = _with().match(text, end)
    if joint is None:
        return _Sides(end, end)
    first = starts.get(joint.end()) or starts.get(joint.end("bare"))
    if first is None:
        return _Sides(end, end)
    anchors, last = [first.id], first.end
    follow = _and().match(text, last)
    if follow is not None and (joint["word"].lower() in {"between", "of"}):
        second = starts.get(follow.end()) or starts.get(follow.end("bare"))
        if second is not None:
            anchors.append(second.id)
            last = second.end
    return _Sides(end, last, tuple(anchors))


@lru_cache(maxsize=1)
def _with() -> re.Pattern[str]:
    return re.compile(
        rf" (?P<word>with|between|of)(?P<bare> (?:the )?){GLUE}",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _and() -> re.Pattern[str]:
    return re.compile(rf",? and(?P<bare> (?:the )?){GLUE}", re.IGNORECASE)
