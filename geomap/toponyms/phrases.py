"""Phrases that tell a place by others: found in the text beside its toponyms.

Pure text and offsets: no parse, no gazetteer. What a phrase means on the ground
is decided in :mod:`geomap.toponyms.relative`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules
from geomap.toponyms.borders import find_borders
from geomap.toponyms.distances import Distance, alternatives, read_distance
from geomap.toponyms.relations import GLUE, bearings_of, relation_rules
from geomap.toponyms.windows import BEHIND_CHARACTERS, words_before, words_behind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.records import Relation, Toponym
    from geomap.toponyms.relations import Rule

__all__ = ["Phrase", "find_phrases"]

# How far before "between" the word may stand that makes it no place ("talks on … between").
TOPIC_CHARACTERS = 40
_DASH = re.compile(r" ?[-–—‑] ?\Z")
_AND = re.compile(rf"^,? (?:and|to) {GLUE}\Z", re.IGNORECASE)
_COMMA = re.compile(rf"^, {GLUE}\Z", re.IGNORECASE)
_LIST = re.compile(r"^(?:, (?:and )?| and |, as well as | or )(?:the )?\Z")
_CLOSER = frozenset({"offset", "within", "distance"})
_ROUTE = re.compile(r"^ (?:to|towards?|until) (?:the )?[A-Z]")
_NAMED_SUBURB = re.compile(r"^(?:['’]s?)? (?:[\w-]+ )?suburb of ", re.IGNORECASE)
_OWNS = re.compile(r"^['’]s? \w")
_ORIGIN = re.compile(rf"\bfrom {GLUE}\Z", re.IGNORECASE)
_TO_DIRECTION = re.compile(rf"^ (?:in the direction of|in the general direction of) {GLUE}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A wording that tells a place by others.

    Parameters
    ----------
    start, end
        Half-open character offsets, from the first word of the relation to the
        end of the last anchor or word.
    relation
        What it says of the place.
    anchors
        Ids of the toponyms it hangs on, in the order of the text.
    countries
        ISO alpha-2 codes of countries named by an adjective ("the Polish border").
    distance
        As stated, or ``None``.
    bearings_deg
        Clockwise from north; empty when the text gives none.
    side
        ``"left"`` or ``"right"`` of a river, or ``None``.
    lead
        The first word of the phrase, lower case.
    halfway
        Whether it says the middle between its anchors.
    origin
        Id of the toponym from which a direction is taken, or ``None``.
    """

    start: int
    end: int
    relation: Relation
    anchors: tuple[int, ...]
    countries: tuple[str, ...] = ()
    distance: Distance | None = None
    bearings_deg: tuple[float, ...] = ()
    side: str | None = None
    lead: str = ""
    halfway: bool = False
    origin: int | None = None


def find_phrases(text: str, toponyms: Sequence[Toponym]) -> tuple[Phrase, ...]:
    """Find the phrases that tell a place by others.

    Parameters
    ----------
    text
        The text of the article.
    toponyms
        Its toponyms, in the order of the text.

    Returns
    -------
    tuple of Phrase
        In the order of the text; a toponym anchors one phrase at most. Empty
        when the text has none.
    """
    toponyms = sorted(toponyms, key=lambda t: (t.start, t.end))
    found = [
        Phrase(
            start=b.start, end=b.end, relation="border", anchors=b.anchors,
            countries=b.countries, distance=b.distance, bearings_deg=b.bearings_deg,
            lead=text[b.start : b.end].partition(" ")[0].lower(),
        )
        for b in find_borders(text, toponyms)
    ]  # fmt: skip
    taken = {anchor for phrase in found for anchor in phrase.anchors}
    for search in (_lines, _between, _fronts, _single):
        for phrase in search(text, toponyms):
            if not taken & set(phrase.anchors):
                found.append(phrase)
                taken |= set(phrase.anchors)
    return tuple(sorted(found, key=lambda p: (p.start, p.end)))


def _single(text: str, toponyms: Sequence[Toponym]) -> Iterator[Phrase]:
    for number in range(len(toponyms)):
        start, before = words_before(text, toponyms, number)
        behind = words_behind(text, toponyms, number)
        words = f"{before}\n{behind}".lower()
        for rule in relation_rules():
            if not any(need in words for need in rule.needs):
                continue
            phrase = _applied(
                rule, text, toponyms, number, start=start, before=before, behind=behind
            )
            if phrase is not None:
                yield phrase
                break


def _applied(
    rule: Rule, text: str, toponyms: Sequence[Toponym], number: int,
    *, start: int, before: str, behind: str,
) -> Phrase | None:  # fmt: skip
    toponym = toponyms[number]
    first = rule.before.search(before) if rule.before else None
    second = rule.behind.search(behind) if rule.behind else None
    if (rule.before and not first) or (rule.behind and not second):
        return None
    groups = {**(first.groupdict() if first else {})}
    groups |= {k: v for k, v in (second.groupdict() if second else {}).items() if v}
    distance = read_distance(first) if first and groups.get("number") else None
    if not _holds(rule, groups, distance, text[toponym.end : toponym.end + BEHIND_CHARACTERS]):
        return None
    if first and _NAMED_SUBURB.match(before) and number and start == toponyms[number - 1].end:
        return None  # "Beirut's southern suburb of X": the suburb is X itself
    origin = _origin(text, toponyms, number) if rule.relation == "toward" else None
    end = toponym.end + (second.end() if second else 0)
    anchors: tuple[int, ...] = (toponym.id,)
    if rule.relation == "bank":
        anchors, end = _at_settlement(text, toponyms, number, end)
    return Phrase(
        start=start + first.start() if first else toponym.start,
        end=end,
        relation=rule.relation,
        anchors=anchors,
        distance=distance,
        bearings_deg=bearings_of(groups.get("compass")),
        side=(groups.get("side") or "").lower() or None,
        origin=origin,
    )


def _holds(
    rule: Rule, groups: dict[str, str | None], distance: Distance | None, behind: str
) -> bool:
    """Judge what a pattern alone cannot: a possessive, a route, a bare "of"."""
    if rule.behind is None and rule.relation != "part" and _OWNS.match(behind):
        # "150 km north of Pakistan's largest city" hangs on the city.
        return False
    if rule.relation in _CLOSER and rule.behind is None and _ROUTE.match(behind):
        # "109 miles from Paredes to Baltanas" is a way.
        return bool(groups.get("compass"))
    if rule.relation == "within" and distance is not None:
        return bool(groups.get("within") or groups.get("radius")) or distance.bound == "at most"
    return True


def _origin(text: str, toponyms: Sequence[Toponym], number: int) -> int | None:
    """Give the toponym of "from X" in "from X in the direction of Y"."""
    if not number:
        return None
    previous = toponyms[number - 1]
    if not _TO_DIRECTION.match(text[previous.end : toponyms[number].start]):
        return None
    _, before = words_before(text, toponyms, number - 1)
    return previous.id if _ORIGIN.search(before) else None


def _at_settlement(
    text: str, toponyms: Sequence[Toponym], number: int, end: int
) -> tuple[tuple[int, ...], int]:
    """Join "… at Kherson" to "the left bank of the Dnipro"."""
    river = toponyms[number]
    if number + 1 < len(toponyms):
        following = toponyms[number + 1]
        between = text[max(end, river.end) : following.start]
        if _at().match(between):
            return (river.id, following.id), following.end
    return (river.id,), end


@lru_cache(maxsize=1)
def _at() -> re.Pattern[str]:
    return re.compile(
        rf"^(?: River)?,? (?:at|near|in|opposite|outside|across from|by) {GLUE}\Z", re.IGNORECASE
    )


def _between(text: str, toponyms: Sequence[Toponym]) -> Iterator[Phrase]:
    """Find "between X and Y" where both are places on the ground, not sides."""
    for number in range(len(toponyms) - 1):
        start, before = words_before(text, toponyms, number)
        found = _between_word().search(before)
        if found is None or _not_between().search(before[: found.start()][-TOPIC_CHARACTERS:]):
            continue
        members = _members(text, toponyms, number)
        if len(members) < len(("one", "other")) or any(_is_side(t) for t in members):
            continue
        yield Phrase(
            start=start + found.start(),
            end=members[-1].end,
            relation="between",
            anchors=tuple(t.id for t in members),
            halfway=bool(found["middle"]),
        )


def _members(text: str, toponyms: Sequence[Toponym], number: int) -> list[Toponym]:
    """Give X and Y of "X and Y", or X, Y and Z of "X, Y and Z"; nothing without an "and"."""
    members = [toponyms[number]]
    for following in toponyms[number + 1 : number + 3]:
        between = text[members[-1].end : following.start]
        if _AND.match(between):
            return [*members, following]
        if not _COMMA.match(between):
            break
        members.append(following)
    return []


def _is_side(toponym: Toponym) -> bool:
    place = toponym.place
    is_country = place is not None and place.feature_code.startswith("PCL")
    return is_country or toponym.reading == "metonymic"


@lru_cache(maxsize=1)
def _between_word() -> re.Pattern[str]:
    middle = alternatives(rules("relative")["between"]["middle"])
    return re.compile(
        rf"(?<![\w-])(?:(?P<middle>{middle}) )?(?:in )?between {GLUE}\Z", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _not_between() -> re.Pattern[str]:
    words = alternatives(rules("relative")["between"]["not_after"])
    return re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE)


def _lines(text: str, toponyms: Sequence[Toponym]) -> Iterator[Phrase]:
    """Find "the X–Y line", "the X–Y–Z road" and "the line X–Y"."""
    number = 0
    while number < len(toponyms) - 1:
        members = [toponyms[number]]
        for following in toponyms[number + 1 :]:
            if not _DASH.fullmatch(text[members[-1].end : following.start]):
                break
            members.append(following)
        if len(members) > 1:
            start, before = words_before(text, toponyms, number)
            behind = text[members[-1].end : members[-1].end + BEHIND_CHARACTERS]
            noun, lead = _line_noun().match(behind), _line_before().search(before)
            if noun or lead:
                yield Phrase(
                    start=start + lead.start() if lead else members[0].start,
                    end=members[-1].end + (noun.end() if noun else 0),
                    relation="line",
                    anchors=tuple(t.id for t in members),
                )
        number += len(members)


@lru_cache(maxsize=1)
def _line_noun() -> re.Pattern[str]:
    nouns = alternatives(rules("relative")["line"]["nouns"])
    return re.compile(rf"^ (?:\w+ )?(?:{nouns})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _line_before() -> re.Pattern[str]:
    nouns = alternatives(rules("relative")["line"]["before"])
    return re.compile(rf"(?<![\w-])(?:the )?(?:{nouns})(?: between| of| from)? \Z", re.IGNORECASE)


def _fronts(text: str, toponyms: Sequence[Toponym]) -> Iterator[Phrase]:
    """Find "in the X direction" and "on the X, Y and Z axes"."""
    for number, toponym in enumerate(toponyms):
        noun = _front_noun().match(text[toponym.end : toponym.end + BEHIND_CHARACTERS])
        if noun is None:
            continue
        first = number
        if noun[1].lower().endswith(("s", "axes")):
            while first and _LIST.match(text[toponyms[first - 1].end : toponyms[first].start]):
                first -= 1
        start, before = words_before(text, toponyms, first)
        lead = _front_before().search(before)
        if lead is None:
            continue
        for position in range(first, number + 1):
            member = toponyms[position]
            yield Phrase(
                start=start + lead.start() if position == first else member.start,
                end=member.end + (noun.end() if position == number else 0),
                relation="toward",
                anchors=(member.id,),
            )


@lru_cache(maxsize=1)
def _front_noun() -> re.Pattern[str]:
    nouns = alternatives(rules("relative")["direction"]["nouns"])
    return re.compile(
        rf"^ (?:operational |tactical |front )?({nouns})\b(?! (?:of|guard))", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _front_before() -> re.Pattern[str]:
    words = alternatives(rules("relative")["direction"]["prepositions"])
    return re.compile(rf"(?<![\w-])(?:{words}) (?:the )?\Z|(?<![\w-])the \Z", re.IGNORECASE)
