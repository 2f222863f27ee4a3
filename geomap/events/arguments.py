"""Which places belong to a trigger, and in which role."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.relations import (
    clause_breaks,
    is_list_joint,
    is_object_by_order,
    preposition_of,
    steps_between,
)
from geomap.geometry import distance_km
from geomap.lexicons import rules
from geomap.records import PlaceArgument
from geomap.toponyms.candidates import contains

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.events.triggers import FoundTrigger
    from geomap.records import PlaceRole, Toponym

__all__ = ["Arguments", "find_places"]

# A place tied less firmly than this belongs to something else in the sentence.
# Measured on the seeds: right places 0.25 and up, wrong ones mostly below 0.2.
FEWEST_TIE = 0.2
# Each clause boundary between trigger and place halves the tie.
CLAUSE_FACTOR = 0.5
STEP_SCALE = 4.0
# How far back "the city" may point, in characters: about one paragraph of a wire report.
CARRY_CHARACTERS = 700

# Verbs that only carry the trigger: "villages that rebels have kept under siege".
_LIGHT = frozenset({"keep", "hold", "put", "place", "lay", "remain", "be", "have", "use", "come"})
# Between a place and the one that holds it; "from X in Y" too, but not "from X to Y".
_EXPLAINS = re.compile(
    r"^(?: area| district| suburb| neighbou?rhood| hill| airport)?(?: ?\(|,| in| of)(?: in| of)?(?: the)?(?: \w+ern)? ?$"
)
_CHAIN = re.compile(r"^ ?[-–—―→>]+ ?$|^ ?-> ?$")
_DIRECTIONS = re.compile(
    r"\bfrom (?:the )?((?:north|south|east|west)[\w-]*(?:(?:,|,? and) (?:the )?(?:north|south|east|west)[\w-]*)*)"
    r"|\bon (three|all|both|two) sides|\bfrom (three|all|all four) (?:sides|directions)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """The places of a trigger.

    ``groups`` holds one tuple of places for each event that the trigger makes:
    "around Kyiv, Kharkov and Mariupol" makes three.
    """

    groups: tuple[tuple[PlaceArgument, ...], ...]
    directions: tuple[str, ...]
    tied: float
    carried: bool


@dataclass(frozen=True, slots=True)
class _Tied:
    span: Span
    toponym: Toponym
    preposition: str | None
    tie: float


def find_places(found: FoundTrigger, places: Sequence[tuple[Span, Toponym]], doc: Doc) -> Arguments:
    """Find the places of a trigger.

    Parameters
    ----------
    found
        The trigger.
    places
        All toponyms of the text with their spans, in order.
    doc
        The text.

    Returns
    -------
    Arguments
        Without groups when the text gives the event no place; metonymic
        toponyms never do.
    """
    trigger = found.token
    sentence = trigger.sent
    tied = _tied_places(trigger, [p for p in places if sentence.start <= p[0].start < sentence.end])
    directions = _directions(sentence.text) if found.type.name == "encirclement" else ()
    carried = False
    groups = _select(found, tied) or _only_place(found, tied)
    if not groups:
        groups = _carried(found, places, doc)
        carried = bool(groups)
    ids = {argument.toponym for group in groups for argument in group}
    tie = max((t.tie for t in tied if t.toponym.id in ids), default=0.3 if carried else 0.0)
    return Arguments(groups, directions, round(tie, 3), carried)


def _select(found: FoundTrigger, tied: Sequence[_Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    if found.type.selection == "route":
        return _routes(tied)
    if found.type.selection in {"venue", "area", "arrival"}:
        return _venue(tied)
    return _targets(found, tied)


def _only_place(
    found: FoundTrigger, tied: Sequence[_Tied]
) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Take the one place of a short sentence whose parse does not tie it: "School in X shelled"."""
    if found.type.name not in {"strike", "encirclement"}:
        return ()
    places = [
        t for t in tied
        if t.preposition in {"at", "on", "near", "around", None} and not _is_country(t)
        and t.tie > 0 and not _is_attacker(found.token, t.span)
    ]  # fmt: skip
    return ((_argument("target", places[0]),),) if len(places) == 1 else ()


def _tied_places(trigger: Token, places: Sequence[tuple[Span, Toponym]]) -> list[_Tied]:
    """Measure how firmly each literal place of the sentence is tied to the trigger."""
    tied: list[_Tied] = []
    before: Span | None = None
    preposition: str | None = None
    for span, toponym in places:
        if span.start <= trigger.i < span.end:
            # The name holds the trigger itself: "the Lachin corridor".
            tied.append(_Tied(span, toponym, "via", 1.0))
            continue
        joint = before is not None and is_list_joint(before, span)
        preposition = preposition if joint else preposition_of(span)
        before = span
        direct = (
            span.root.head == trigger
            and span.root.dep_ in {"compound", "poss", "nmod", "amod"}
            and toponym.place is not None
        )
        if toponym.reading == "metonymic" or (toponym.reading == "modifier" and not direct):
            continue
        if _holds_an_earlier_one(toponym, tied):
            continue
        last = tied[-1] if tied else None
        if last is not None and is_list_joint(last.span, span):
            tie = max(last.tie, _tie(trigger, span, preposition))
        else:
            tie = 1.0 if direct else _tie(trigger, span, preposition)
        tied.append(_Tied(span, toponym, preposition, tie))
    return tied


def _holds_an_earlier_one(toponym: Toponym, tied: Sequence[_Tied]) -> bool:
    """Tell whether the name only says where the one before lies: "Borodianka (Kyiv region)"."""
    if not tied:
        return False
    inner = tied[-1]
    gap = inner.span.doc.text[inner.span.end_char : toponym.start]
    place, outer = inner.toponym.place, toponym.place
    if place is None or outer is None:
        return False
    apart = distance_km(place.lon, place.lat, outer.lon, outer.lat)
    return _EXPLAINS.match(gap) is not None and contains(outer, place, distance_km=apart)


def _tie(trigger: Token, span: Span, preposition: str | None) -> float:
    if _is_reporting_place(span):
        return 0.0
    if _is_antecedent(trigger, span) or is_object_by_order(trigger, span):
        return 1.0
    steps = steps_between(trigger, span.root)
    breaks = clause_breaks(trigger, span.root)
    tie = math.exp(-max(0, steps - 2) / STEP_SCALE) * CLAUSE_FACTOR**breaks
    if preposition is None and span.root.dep_ not in {
        "dobj",
        "nsubjpass",
        "nsubj",
        "compound",
        "poss",
        "appos",
        "conj",
    }:
        tie *= CLAUSE_FACTOR
    return tie


def _is_reporting_place(span: Span) -> bool:
    """Tell whether somebody speaks there: "told reporters in Geneva"."""
    verbs = rules("claims")["verbs"]
    spoken = {*verbs["claim"], *verbs["deny"]} - {"show", "confirm", "report"}
    token = span.root
    if token.dep_ != "pobj":
        return False
    governor = token.head.head
    while governor.pos_ in {"NOUN", "PROPN", "ADP"} and governor.head != governor and governor.lower_ in {
        "reporters", "journalists", "conference", "briefing", "interview", "statement", "parliament", "at", "in",
    }:  # fmt: skip
        governor = governor.head
    return governor.lemma_.lower() in spoken and governor.pos_ == "VERB"


def _is_antecedent(trigger: Token, span: Span) -> bool:
    """Tell whether a relative clause with the trigger hangs on the name: "cities that X surrounded"."""
    verb = trigger
    while verb.dep_ in {"pobj", "prep", "dobj", "xcomp", "oprd", "acomp"} and verb.head != verb:
        verb = verb.head
    if verb.dep_ not in {"relcl", "acl"} or (verb != trigger and verb.lemma_ not in _LIGHT):
        return False
    noun = verb.head
    heads = {noun, *noun.conjuncts}
    if noun.dep_ == "appos":
        heads |= {noun.head, *noun.head.conjuncts}
    return span.root in heads


def _argument(role: PlaceRole, tied: _Tied) -> PlaceArgument:
    return PlaceArgument(role=role, toponym=tied.toponym.id)


def _targets(found: FoundTrigger, tied: Sequence[_Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Give one event a target, for encirclements and strikes."""
    usable = [
        t for t in tied
        if t.tie >= FEWEST_TIE and t.preposition not in {"from", "via", "with", "toward", "between"}
        and not (t.preposition == "to" and found.type.name == "encirclement")
        and not _is_attacker(found.token, t.span)
        and not _is_country(t)
    ]  # fmt: skip
    if not usable:
        usable = [t for t in tied if t.tie >= 2 * FEWEST_TIE and _is_country(t) and t.preposition in {"at", "on", None}
                  and not _is_attacker(found.token, t.span)]  # fmt: skip
    if not usable:
        return ()
    best = max(usable, key=lambda t: (t.tie, -abs(t.span.start - found.token.i)))
    chosen = [t for t in usable if t is best or _same_list(t, best, tied)]
    chosen = _innermost(chosen, usable)
    role: PlaceRole = (
        "near" if best.preposition == "near" and found.type.name != "encirclement" else "target"
    )
    return tuple((_argument(role, t),) for t in chosen)


def _is_country(tied: _Tied) -> bool:
    place = tied.toponym.place
    return place is not None and place.feature_code.startswith("PCL")


def _is_attacker(trigger: Token, span: Span) -> bool:
    """Tell whether the name stands in the subject of an active verb: it strikes, it is not struck."""
    if trigger.pos_ != "VERB" or any(c.dep_ in {"nsubjpass", "auxpass"} for c in trigger.children):
        return False
    subjects = [c for c in trigger.children if c.dep_ == "nsubj"]
    objects = [c for c in trigger.children if c.dep_ == "dobj"]
    if trigger.tag_ == "VBN" and not objects:
        return False
    return any(span.root in set(s.subtree) for s in subjects) and not _is_antecedent(trigger, span)


def _same_list(one: _Tied, best: _Tied, tied: Sequence[_Tied]) -> bool:
    """Tell whether two places are members of one list in the text."""
    ordered = sorted(tied, key=lambda t: t.span.start)
    first, last = sorted((ordered.index(one), ordered.index(best)))
    return all(is_list_joint(ordered[i].span, ordered[i + 1].span) for i in range(first, last))


def _innermost(chosen: list[_Tied], usable: Sequence[_Tied]) -> list[_Tied]:
    """Prefer the place inside: Lysa Hora in "the Lysa Hora area in Kyiv"."""
    if len(chosen) != 1:
        return chosen
    outer = chosen[0]
    for inner in usable:
        gap = outer.span.start - inner.span.end
        if inner is outer or not 0 < gap <= len("area of the") // 2:
            continue
        between = inner.span.doc[inner.span.end : outer.span.start].text.lower()
        if re.fullmatch(
            r"(?:area|district|suburb|neighbou?rhood|hill|airport|,|\()? ?(?:in|of|,|\()? ?(?:the)?",
            between,
        ):
            return [inner]
    return chosen


def _venue(tied: Sequence[_Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Give talks their one venue."""
    usable = [
        t for t in tied
        if t.tie >= FEWEST_TIE and t.preposition in {"at", "near", "of", "on", None, "around"}
        and (t.preposition not in {None, "of"} or t.tie >= 4 * FEWEST_TIE or _on_territory(t.span))
    ]  # fmt: skip
    if not usable:
        return ()
    best = max(usable, key=lambda t: (round(t.tie, 1), not _is_country(t), t.tie))
    inner = _innermost([best], usable)[0]
    return ((_argument("at", inner),),)


def _on_territory(span: Span) -> bool:
    before = span.doc[max(0, span.start - 4) : span.start].text.lower()
    return "territory" in before or "city of" in before or "town of" in before


def _routes(tied: Sequence[_Tied]) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Give corridors their routes: "A - B - C", "between A and B", "from A via B to C"."""
    usable = [
        t
        for t in tied
        if t.tie >= FEWEST_TIE / 2 and t.preposition != "with" and not _is_country(t)
    ]
    chains = _chains(usable)
    if chains:
        return tuple(_stops(chain) for chain in chains)
    routes = [route for segment in _segments(usable) for route in _segment_routes(segment, tied)]
    if len(routes) > 1:
        # Beside full routes, a bare place is where somebody speaks or arrives.
        full = [r for r in routes if len(r) > 1]
        routes = full or routes
    return tuple(routes)


def _stops(chain: Sequence[_Tied]) -> tuple[PlaceArgument, ...]:
    roles: list[PlaceRole] = ["from", *["via"] * (len(chain) - 2), "to"]  # type: ignore[list-item]
    return tuple(_argument(r, t) for r, t in zip(roles, chain, strict=True))


def _segments(tied: Sequence[_Tied]) -> list[list[tuple[_Tied, PlaceRole]]]:
    """Cut "from A to B and from C to D" into its routes, in the order of the text."""
    segments: list[list[tuple[_Tied, PlaceRole]]] = [[]]
    for place in sorted(tied, key=lambda t: t.span.start):
        role = _route_role(place)
        arrived = any(r in {"to", "toward"} for _, r in segments[-1])
        if role == "from" and arrived and any(r == "from" for _, r in segments[-1]):
            segments.append([])
        segments[-1].append((place, role))
    return [s for s in segments if s]


def _segment_routes(
    segment: Sequence[tuple[_Tied, PlaceRole]], tied: Sequence[_Tied]
) -> list[tuple[PlaceArgument, ...]]:
    roles_of = list(segment)
    if any(role == "from" for _, role in roles_of):
        roles_of = [(t, r) for t, r in roles_of if r != "at"]
    elif any(role in {"to", "toward"} for _, role in roles_of):
        roles_of = [(t, "from" if r == "at" else r) for t, r in roles_of]
    if all(role == "at" for _, role in roles_of):
        best = max(roles_of, key=lambda pair: pair[0].tie)[0]
        return [
            (_argument("from", t),) for t, _ in roles_of if t is best or _same_list(t, best, tied)
        ]
    starts = [t for t, role in roles_of if role == "from"]
    rest = sorted(
        ((t, role) for t, role in roles_of if role != "from"),
        key=lambda pair: ("at", "via", "near", "to", "toward").index(pair[1]),
    )
    others = tuple(_argument(role, t) for t, role in rest)
    return [(_argument("from", t), *others) for t in starts] or [others]


def _route_role(tied: _Tied) -> PlaceRole:
    known: dict[str | None, PlaceRole] = {
        "from": "from", "to": "to", "toward": "toward", "via": "via", "near": "near", "around": "near",
    }  # fmt: skip
    if tied.preposition == "between":
        return "from"
    if tied.preposition == "of" and _people_of(tied.span):
        return "from"
    return known.get(tied.preposition, "at")


def _people_of(span: Span) -> bool:
    """Tell whether it is "residents of X", who leave X."""
    before = span.doc[max(0, span.start - 4) : span.start].text.lower()
    return bool(
        re.search(r"(?:residents?|people|population|civilians|inhabitants|evacuation) of", before)
    )


def _chains(tied: Sequence[_Tied]) -> list[list[_Tied]]:
    """Give all runs "A - B - C", or the two of "between A and B"."""
    runs: list[list[_Tied]] = []
    for current in tied:
        if runs and _CHAIN.match(_between(runs[-1][-1].span, current.span)):
            runs[-1].append(current)
        else:
            runs.append([current])
    chains = [run for run in runs if len(run) > 1]
    if chains:
        return chains
    pair = [t for t in tied if t.preposition == "between"]
    return [pair] if len(pair) == len(("from", "to")) else []


def _between(first: Span, second: Span) -> str:
    return first.doc.text[first.end_char : second.start_char]


def _directions(sentence: str) -> tuple[str, ...]:
    match = _DIRECTIONS.search(sentence)
    if match is None or match.group(1) is None:
        return ()
    return tuple(re.findall(r"(?:north|south|east|west)[\w-]*", match.group(1).lower()))


def _carried(
    found: FoundTrigger, places: Sequence[tuple[Span, Toponym]], doc: Doc
) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Take the place from the sentences around, where the sentence points there."""
    if found.type.name == "corridor" and found.token.pos_ != "PROPN":
        groups = _route_next_door(found, places, doc)
        if groups:
            return groups
    if found.type.name == "talks" or not _points_back(found.token):
        return ()
    start = found.token.idx
    earlier = [
        (span, toponym)
        for span, toponym in places
        if start - CARRY_CHARACTERS <= span.start_char < start
        and toponym.reading == "literal"
        and toponym.place is not None
        and toponym.place.feature_class == "P"
    ]
    if not earlier:
        return ()
    role: PlaceRole = "from" if found.type.name == "corridor" else "target"
    return ((PlaceArgument(role=role, toponym=earlier[-1][1].id),),)


def _points_back(trigger: Token) -> bool:
    """Tell whether "the city", "the town" or "there" is tied to the trigger."""
    anaphora = rules("roles")["anaphora"]
    scope = set(trigger.subtree) | (
        set(trigger.head.subtree)
        if trigger.head.pos_ in {"VERB", "AUX"} or trigger.dep_ == "pobj"
        else set()
    )
    for token in scope:
        if token.lower_ in anaphora["adverbs"] and token.dep_ == "advmod":
            return True
        if token.lower_ in anaphora["nouns"] and any(
            c.lower_ in anaphora["determiners"] for c in token.children
        ):
            return True
    return False


def _route_next_door(
    found: FoundTrigger, places: Sequence[tuple[Span, Toponym]], doc: Doc
) -> tuple[tuple[PlaceArgument, ...], ...]:
    """Take the route of a corridor from the sentence behind, where people go "from X to Y"."""
    sentence = found.token.sent
    if (
        sentence.end >= len(doc)
        or "\n\n" in doc.text[sentence.end_char - 2 : sentence.end_char + 2]
    ):
        return ()
    following = doc[sentence.end].sent
    inside = [p for p in places if following.start <= p[0].start < following.end]
    tied = [
        _Tied(span, toponym, preposition_of(span), 1.0)
        for span, toponym in inside
        if toponym.reading == "literal"
    ]
    routed = [t for t in tied if t.preposition in {"from", "to", "toward", "via"}]
    starts = any(t.preposition == "from" for t in routed)
    return _routes(routed or tied) if starts or _chains(tied) else ()
