"""Which places belong to a trigger, and in which role."""

from __future__ import annotations

import bisect
import calendar
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.locations import holds_place, is_attacker, is_country
from geomap.events.relations import preposition_of
from geomap.events.routes import FEWEST_REACH, are_one_list, argument, chains_of, routes_of
from geomap.events.ties import Asked, Tied, ties_of
from geomap.lexicons import rules
from geomap.records import PlaceArgument
from geomap.sentences import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.events.focus import Focus
    from geomap.events.triggers import FoundTrigger
    from geomap.records import PlaceRole, Toponym

__all__ = ["FEWEST_TIE", "Arguments", "find_places", "ties_in"]

# A place tied less firmly than this belongs to something else in the sentence: where
# precision and recall of benchmarks/fit_ties.py weigh most together.
FEWEST_TIE = 0.4
# A whole country is the place of an event only when nothing else can be.
FEWEST_TIE_OF_COUNTRY = 0.5
# What hangs on a verb itself belongs to it, whatever the model says.
SURE_REACH = 0.75
# Where the text makes another place this likely, one of the sentence must be tied firmly.
LIKELIER, LOOSE_TIE = 0.45, 0.6
# How likely a place must be to hold the part of a town where it happened.
FEWEST_TOWN = 0.05
# How likely a place must be to be the start of a journey that names only its end.
FEWEST_START = 0.3
# A venue without a preposition, or behind "of", must be sure.
FEWEST_REACH_OF_BARE_VENUE = 0.8
# How sure a place is that was carried over.
TIE_OF_POINTER = 0.6
# How likely a place must be to be carried over, by what the taxonomy lets a type do and
# whether a word points back: the best events of gold and marked dispatches, fifths left out.
FEWEST_CARRIED = {
    ("paragraph", True): 0.2, ("paragraph", False): 0.3,
    ("pointer", True): 0.15, ("pointer", False): 0.35,
    ("none", True): 0.2, ("none", False): 0.4,
}  # fmt: skip

_DIRECTIONS = re.compile(
    r"\bfrom (?:the )?((?:north|south|east|west)[\w-]*"
    r"(?:(?:,|,? and)(?: from)? (?:the )?(?:north|south|east|west)[\w-]*)*)"
    r"|\bon (three|all|both|two) sides|\bfrom (three|all|all four) (?:sides|directions)",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"(?:area|district|suburb|neighbou?rhood|hill|airport|,|\()? ?(?:in|of|,|\()? ?(?:the)?"
)
_LONGEST_PART = 8
_LOCATIVE = frozenset({"in", "at", "near", "outside"})
_DATES = frozenset(name.lower() for name in (*calendar.month_name, *calendar.day_name) if name)
# Prepositions after which a place is not where it happens.
_ELSEWHERE = frozenset({"from", "via", "with", "toward"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """The places of a trigger.

    ``groups`` holds one tuple of places for each event that the trigger makes:
    "around Kyiv, Kharkov and Mariupol" makes three. ``carried`` says how the
    places came from another sentence: by a word that points back, or as those
    the paragraph is about; ``None`` for places of the sentence itself.
    """

    groups: tuple[tuple[PlaceArgument, ...], ...]
    directions: tuple[str, ...]
    tied: float
    carried: str | None


def ties_in(
    triggers: Sequence[FoundTrigger], places: Sequence[tuple[Span, Toponym]]
) -> list[list[Tied]]:
    """Measure how firmly the places of each trigger's sentence are tied to it.

    Parameters
    ----------
    triggers
        The triggers of a text.
    places
        Its toponyms with their spans, in order.
    """
    starts = [span.start for span, _ in places]
    asked = []
    for found in triggers:
        sentence = found.token.sent
        first, last = (bisect.bisect_left(starts, i) for i in (sentence.start, sentence.end))
        asked.append(Asked(found.token, found.type, places[first:last]))
    return ties_of(asked)


def find_places(
    found: FoundTrigger,
    tied: Sequence[Tied],
    places: Sequence[tuple[Span, Toponym]],
    doc: Doc,
    focus: Focus,
) -> Arguments:
    """Find the places of a trigger.

    Parameters
    ----------
    found
        The trigger.
    tied
        The places of its sentence and how firmly it holds each, of :func:`ties_in`.
    places
        The toponyms of the text with their spans, in order.
    doc
        The text.
    focus
        The places of the text, for what the sentence does not name.

    Returns
    -------
    Arguments
        Without groups when the text gives the event no place; metonymic
        toponyms never do.
    """
    sentence = found.token.sent
    directions = _directions(sentence.text) if found.type.geometry == "ring" else ()
    groups = _select(found, tied) or _only_place(found, tied)
    carried = None
    tie = 0.0
    if groups and _points_elsewhere(found, groups, tied, focus):
        groups = ()
    if not groups:
        groups, carried, tie = _carried(found, places, doc, focus)
    if carried is None:
        groups = tuple(_with_town(found, group, focus, places) for group in groups)
    if found.type.selection in {"route", "arrival"} and carried is None:
        groups = tuple(_with_ends(found, group, focus, places) for group in groups)
    ids = {one.toponym for group in groups for one in group}
    tie = max((max(t.tie, t.reach) for t in tied if t.toponym.id in ids), default=tie)
    return Arguments(groups, directions, round(tie, 3), carried)


def _with_ends(
    found: FoundTrigger,
    group: tuple[PlaceArgument, ...],
    focus: Focus,
    places: Sequence[tuple[Span, Toponym]],
) -> tuple[PlaceArgument, ...]:
    """Give a way that names one end the other: where a noun points, or where the text is.

    "Brought out of Irpin to the capital"; "500 wounded are flown to Tuzla".
    """
    roles = {one.role for one in group}
    if not roles <= {"from", "via"} and not roles <= {"to", "toward", "via"}:
        return group
    ids = {one.toponym for one in group}
    named = [t for _, t in places if t.id in ids]
    taken = {t.place_key for t in named}
    if roles <= {"from", "via"}:
        end = focus.end_of_way(found.token, {"to", "toward"})
        if end is None or end.place_key in taken:
            return group
        return (*group, PlaceArgument(role="to", toponym=end.id))
    start = focus.end_of_way(found.token, {"from"})
    if start is None or start.place_key in taken:
        start = _likely_start(found, focus, named)
    return group if start is None else (PlaceArgument(role="from", toponym=start.id), *group)


def _likely_start(found: FoundTrigger, focus: Focus, named: Sequence[Toponym]) -> Toponym | None:
    """Give where a journey begins of which only the end is named; ``None`` for other ways."""
    if found.type.place_role != "from" or any(map(is_country, named)):
        return None
    taken = {t.place_key for t in named}
    return next(
        (t for p, t, _ in focus.ranked(found) if p >= FEWEST_START and t.place_key not in taken),
        None,
    )


def _with_town(
    found: FoundTrigger,
    group: tuple[PlaceArgument, ...],
    focus: Focus,
    places: Sequence[tuple[Span, Toponym]],
) -> tuple[PlaceArgument, ...]:
    """Put the town beside a part of it that the gazetteer does not know: "on Tripoli Street"."""
    by_id = {t.id: t for _, t in places}
    parts = tuple(rules("roles")["parts_of_towns"]["nouns"])
    named = [by_id[one.toponym] for one in group]
    if not named or not all(t.place is None and t.text.lower().endswith(parts) for t in named):
        return group
    towns = [t for p, t, _ in focus.ranked(found) if p >= FEWEST_TOWN and t.place is not None]
    return (*group, PlaceArgument(role=group[0].role, toponym=towns[0].id)) if towns else group


def _points_elsewhere(
    found: FoundTrigger,
    groups: Sequence[Sequence[PlaceArgument]],
    tied: Sequence[Tied],
    focus: Focus,
) -> bool:
    """Tell whether the places of the sentence give way: to "the town", to what the text is about."""
    if found.type.selection in {"route", "arrival"}:
        return False
    ids = {one.toponym for group in groups for one in group}
    chosen = [t for t in tied if t.toponym.id in ids]
    if all(_strength(found, t) < LOOSE_TIE for t in chosen):
        here = {t.toponym.place_key for t in chosen}
        best = next(iter(focus.ranked(found)), None)
        if best is not None and best[0] >= LIKELIER and best[1].place_key not in here:
            return True
    pointer = focus.pointer(found.token)
    if pointer is None or not _hangs_on(pointer, found.token):
        return False
    return all(t.reach < SURE_REACH for t in chosen)


def _hangs_on(pointer: Token, trigger: Token) -> bool:
    """Tell whether a noun is the object of a trigger, or of its preposition."""
    head = pointer.head
    if pointer.dep_ == "pobj":
        head = head.head
    elif pointer.dep_ not in {"dobj", "nsubjpass", "advmod"}:
        return False
    return head == trigger


def _select(found: FoundTrigger, tied: Sequence[Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    selection = found.type.selection
    if selection in {"route", "arrival"}:
        return routes_of(tied, bare=_bare_role(found))
    if selection == "venue":
        return _venue(tied)
    return _targets(found, tied)


def _bare_role(found: FoundTrigger) -> PlaceRole:
    """Give the role of a place without a preposition of motion: "left X", "reached X"."""
    if found.type.selection not in {"route", "arrival"}:
        return found.type.place_role
    lemma = found.token.lemma_.lower()
    motion = rules("roles")["motion"]
    if lemma in motion["leave"]:
        return "from"
    if lemma in motion["reach"]:
        return "to"
    return found.type.place_role


def _only_place(found: FoundTrigger, tied: Sequence[Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Take the one place of a short sentence whose parse does not tie it: "School in X shelled"."""
    if found.type.selection not in {"target", "area"}:
        return ()
    places = [
        t for t in tied
        if t.preposition in {"at", "on", "beside", "near", "around", None}
        and not is_country(t.toponym) and t.tie > 0 and not is_attacker(found.token, t.span)
    ]  # fmt: skip
    if len(places) != 1:
        return ()
    return ((argument(_role(found, places[0]), places[0]),),)


def _role(found: FoundTrigger, tied: Tied) -> PlaceRole:
    if found.type.geometry == "ring":
        return found.type.place_role
    if tied.preposition == "near":
        return "near"
    if tied.preposition == "toward" and found.type.name == "assault":
        return "toward"
    if found.type.name == "prisoner_exchange" and (
        tied.preposition == "from"
        or found.token.lemma_.lower() in rules("roles")["motion"]["leave"]
    ):
        # Those set free "left Ofer prison".
        return "from"
    return found.type.place_role


def _targets(found: FoundTrigger, tied: Sequence[Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Give one event a target; members of a list are events of their own."""
    elsewhere = _ELSEWHERE - ({"toward"} if found.type.name == "assault" else set())
    if found.type.selection == "target":
        # What happens between two places happens at neither.
        elsewhere |= {"between"}
    open_ = [
        t for t in tied
        if t.preposition not in elsewhere
        and not (t.preposition == "to" and found.type.geometry == "ring")
        and not is_attacker(found.token, t.span)
    ]  # fmt: skip
    usable = [t for t in open_ if _strength(found, t) >= FEWEST_TIE and not is_country(t.toponym)]
    if not usable:
        usable = [
            t for t in open_
            if is_country(t.toponym) and t.preposition in {"at", "on", None}
            and _strength(found, t) >= FEWEST_TIE_OF_COUNTRY
        ]  # fmt: skip
    if not usable:
        return ()
    solid = [t for t in usable if not _is_water(t)] or usable
    best = max(solid, key=lambda t: (_strength(found, t), -abs(t.span.start - found.token.i)))
    best = _place_within(best, solid)
    chosen = [t for t in usable if t is best or are_one_list(t, best, tied)]
    chosen = _innermost(chosen, usable)
    return tuple((argument(_role(found, best), t),) for t in chosen)


def _place_within(best: Tied, usable: Sequence[Tied]) -> Tied:
    """Take the town named beside its region: "in X region, a bridge came down near Y"."""
    place = best.toponym.place
    if place is None or place.feature_class not in {"A", "L"}:
        return best
    inner = [t for t in usable if _is_region_of(best, t)]
    return max(inner, key=lambda t: t.tie, default=best)


def _is_water(tied: Tied) -> bool:
    """Tell whether it is a river or sea, which says less than the town on its bank."""
    place = tied.toponym.place
    return place is not None and place.feature_class == "H"


def _strength(found: FoundTrigger, tied: Tied) -> float:
    """Weigh the model, fitted on verbs, with the parse, which knows nouns as well."""
    if found.token.pos_ == "VERB" and tied.reach < SURE_REACH:
        return tied.tie
    return max(tied.tie, (tied.tie + tied.reach) / 2)


def _innermost(chosen: list[Tied], usable: Sequence[Tied]) -> list[Tied]:
    """Prefer the place inside: Lysa Hora in "the Lysa Hora area in Kyiv"."""
    if len(chosen) > 1:
        return [t for t in chosen if not any(_is_region_of(t, u) for u in chosen)]
    outer = chosen[0]
    for inner in usable:
        gap = outer.span.start - inner.span.end
        if inner is outer or not 0 < gap <= _LONGEST_PART:
            continue
        between = inner.span.doc[inner.span.end : outer.span.start].text.lower()
        if _PART_OF.fullmatch(between):
            return [inner]
    return chosen


def _is_region_of(outer: Tied, inner: Tied) -> bool:
    place = outer.toponym.place
    is_region = place is not None and place.feature_class in {"A", "L"}
    return inner is not outer and is_region and holds_place(outer.toponym, inner.toponym)


def _venue(tied: Sequence[Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Give talks their one venue."""
    usable = [
        t for t in tied
        if t.reach >= 2 * FEWEST_REACH
        and t.preposition in {"at", "beside", "near", "of", "on", None, "around"}
        and (t.preposition not in {None, "of"} or t.reach >= FEWEST_REACH_OF_BARE_VENUE
             or _on_territory(t.span))
    ]  # fmt: skip
    if not usable:
        return ()
    best = max(usable, key=lambda t: (round(t.reach, 1), not is_country(t.toponym), t.reach))
    inner = _innermost([best], usable)[0]
    return ((argument("at", inner),),)


def _on_territory(span: Span) -> bool:
    before = span.doc[max(0, span.start - 4) : span.start].text.lower()
    return "territory" in before or "city of" in before or "town of" in before


def _directions(sentence: str) -> tuple[str, ...]:
    match = _DIRECTIONS.search(sentence)
    if match is None or match.group(1) is None:
        return ()
    return tuple(re.findall(r"(?:north|south|east|west)[\w-]*", match.group(1).lower()))


def _carried(
    found: FoundTrigger, places: Sequence[tuple[Span, Toponym]], doc: Doc, focus: Focus
) -> tuple[tuple[tuple[PlaceArgument, ...], ...], str | None, float]:
    """Take the place from the sentences around, where the text points there."""
    if found.type.name == "corridor" and not _is_named(found.token):
        groups = _route_next_door(found, places, doc)
        if groups:
            return groups, "route", TIE_OF_POINTER
    if not (ranked := focus.ranked(found)):
        return (), None, 0.0
    tie, toponym, pointed = ranked[0]
    if not pointed and _names_unknown(found.token, places):
        return (), None, 0.0
    if tie < FEWEST_CARRIED[found.type.carry, pointed]:
        return (), None, 0.0
    carried = (
        "pointer" if pointed else "paragraph" if focus.is_near(found.token, toponym) else "article"
    )
    role = _bare_role(found)
    return ((PlaceArgument(role=role, toponym=toponym.id),),), carried, tie


def _names_unknown(trigger: Token, places: Sequence[tuple[Span, Toponym]]) -> bool:
    """Tell whether it happens at a name that is no toponym here: "shelled the village of X"."""
    known = {t.i for span, _ in places for t in span}
    for prep in (t for t in trigger.subtree if t.dep_ == "prep"):
        of_place = (
            prep.lower_ == "of" and prep.head.lower_ in rules("roles")["anaphora"]["classes"]["P"]
        )
        if not of_place and (prep.lower_ not in _LOCATIVE or prep.head != trigger):
            continue
        for noun in (c for c in prep.children if c.dep_ == "pobj"):
            if noun.pos_ == "PROPN" and noun.i not in known and not noun.ent_type_:
                return noun.lower_ not in _DATES and noun.text[0].isupper()
    return False


def _is_named(token: Token) -> bool:
    """Tell whether a corridor has a name of its own: "the Lachin corridor"."""
    return token.pos_ == "PROPN" and not token.text.isupper()


def _ends_paragraph(sentence: Span) -> bool:
    last = sentence[-1]
    return last.is_space and last.text.count("\n") > 1


def _listed_routes(
    found: FoundTrigger, places: Sequence[tuple[Span, Toponym]], doc: Doc
) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Take the chains "A - B - C" of the lines behind an announcement that ends in a colon."""
    text = text_of(doc)
    line_end = text.find("\n", found.token.idx)
    if line_end < 0 or not text[found.token.idx : line_end].rstrip().endswith(":"):
        return ()
    stop = text.find("\n\n", line_end + 2)
    stop = len(text) if stop < 0 else stop
    tied = [
        Tied(span, toponym, None, 1.0, 1.0)
        for span, toponym in places
        if line_end <= span.start_char < stop and toponym.reading != "metonymic"
    ]
    return routes_of(tied) if chains_of(tied) else ()


def _route_next_door(
    found: FoundTrigger, places: Sequence[tuple[Span, Toponym]], doc: Doc
) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Take the routes from the list, or the sentence, behind: "CORRIDORS: • Sumy - Poltava"."""
    listed = _listed_routes(found, places, doc)
    if listed:
        return listed
    sentence = found.token.sent
    if sentence.end >= len(doc) or _ends_paragraph(sentence):
        return ()
    following = doc[sentence.end].sent
    inside = [p for p in places if following.start <= p[0].start < following.end]
    tied = [
        Tied(span, toponym, preposition_of(span), 1.0, 1.0)
        for span, toponym in inside
        if toponym.reading == "literal"
    ]
    routed = [t for t in tied if t.preposition in {"from", "to", "toward", "via"}]
    starts = any(t.preposition == "from" for t in routed)
    return routes_of(routed or tied) if starts or chains_of(tied) else ()
