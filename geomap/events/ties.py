"""How firmly a place is tied to a trigger: the light model where rules of grammar stop.

A logistic regression over relations of the parse and the order of words, with
weights in ``lexicons/ties.toml``. ``benchmarks/fit_ties.py`` fits them on
sentences in which readers marked the place of one verb (Halterman 2019,
"Geolocating political events in text", arXiv:1905.12713), and measures them on
a part held out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.relations import (
    breaks_of,
    is_list_joint,
    is_object_by_order,
    paths_between,
    preposition_of,
    steps_of,
    text_between,
)
from geomap.geometry import distance_km
from geomap.lexicons import rules
from geomap.toponyms.candidates import contains

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from spacy.tokens import Span, Token

    from geomap.records import Toponym

__all__ = [
    "Tied",
    "as_location",
    "holds_place",
    "is_attacker",
    "is_country",
    "is_reporting_place",
    "tie_features",
    "tied_places",
]

# Between a place and the one that holds it; "from X in Y" too, but not "from X to Y".
_EXPLAINS = re.compile(
    r"^(?: area| district| suburb| neighbou?rhood| hill| airport)?(?: ?\(|,| in| of)(?: in| of)?"
    r"(?: the)?(?: \w+ern)? ?$"
)
_CORE_DEPENDENCIES = frozenset(
    {"dobj", "nsubjpass", "nsubj", "compound", "poss", "appos", "conj", "pobj"}
)
# Each clause boundary between trigger and place halves the reach.
CLAUSE_FACTOR = 0.5
STEP_SCALE = 4.0
_LOCATIVE = frozenset({"at", "on", "beside", "near", "around", "from", "to", "toward", "via"})
_FAR_STEPS, _FAR_BREAKS = 6, 3
_LONGEST_PATH = 6
# An area of a larger radius (the Middle East, Europe) says no more than a country does.
LARGEST_AREA_KM = 300.0
_LOWEST_RANK = 3
_MANY_NAMES = 5
_GAPS = (2, 5, 10, 20)
# The furthest that a place may stand from its verb of speech: "reporters at a briefing in X".
_LONGEST_REPORT = 4


@dataclass(frozen=True, slots=True)
class Tied:
    """A literal place of the trigger's sentence and how firmly the trigger holds it, 0..1.

    ``tie`` is the model's answer for the place where it happens, ``reach`` what
    the parse alone says, whatever the preposition: for the stops of routes.
    """

    span: Span
    toponym: Toponym
    preposition: str | None
    tie: float
    reach: float


def tied_places(trigger: Token, places: Sequence[tuple[Span, Toponym]]) -> list[Tied]:
    """Measure how firmly each literal place of the sentence is tied to the trigger.

    Parameters
    ----------
    trigger
        The trigger.
    places
        The toponyms of its sentence, in order.

    Returns
    -------
    list of Tied
        In the order of the text. Metonymic names are left out, and names that
        only say where the one before lies ("Borodianka (Kyiv region)").
    """
    tied: list[Tied] = []
    before: Span | None = None
    preposition: str | None = None
    for span, toponym in places:
        if span.start <= trigger.i < span.end:
            # The name holds the trigger itself: "the Lachin corridor".
            tied.append(Tied(span, toponym, "via", 1.0, 1.0))
            continue
        joint = before is not None and is_list_joint(before, span)
        preposition = preposition if joint else preposition_of(span)
        before = span
        if not _may_be_place(trigger, span, toponym) or _holds_an_earlier_one(span, toponym, tied):
            continue
        tie = _tie(trigger, span, toponym, preposition, places)
        reach = min(_reach(trigger, span, preposition), math.ceil(tie))
        if tied and is_list_joint(tied[-1].span, span):
            tie, reach = max(tied[-1].tie, tie), max(tied[-1].reach, reach)
        tied.append(Tied(span, toponym, preposition, tie, reach))
    return tied


def as_location(span: Span, toponym: Toponym, *, ground_verbs: Collection[str] = ()) -> Toponym:
    """Read a name as literal where only a place on the ground makes sense, for the events' sake.

    "In El Geneina militias attacked": a parse that makes one noun phrase of it
    makes a modifier of the name; the preposition without an article says where.
    "Troops tried to block Kyiv": no government is blocked by troops.

    Parameters
    ----------
    span, toponym
        A name as read.
    ground_verbs
        Lemmas of verbs whose object is a place on the ground, not who acts for it.

    Returns
    -------
    Toponym
        The same, or a copy whose reading is literal.
    """
    root = span.root
    if toponym.reading == "metonymic" and not is_country(toponym):
        held = root.dep_ in {"dobj", "nsubjpass"} and root.head.lemma_.lower() in ground_verbs
        return replace(toponym, reading="literal") if held else toponym
    if toponym.reading != "modifier" or span.start == span.sent.start or is_country(toponym):
        return toponym
    before = span.doc[span.start - 1]
    located = preposition_of(span) in _LOCATIVE and before.pos_ == "ADP"
    return replace(toponym, reading="literal") if located else toponym


def _is_aside(trigger: Token, span: Span) -> bool:
    """Tell whether the speech only interrupts what happens there: "In X, he recalled, troops met"."""
    speech = span.root.head.head
    return span.start - span.sent.start <= 1 and trigger in speech.ancestors


def _is_direct(trigger: Token, span: Span) -> bool:
    """Tell whether the name stands before a noun: "the Mariupol siege"."""
    return span.root.head == trigger and span.root.dep_ in {"compound", "poss", "nmod", "amod"}


def _may_be_place(trigger: Token, span: Span, toponym: Toponym) -> bool:
    if toponym.reading == "metonymic":
        return False
    direct = _is_direct(trigger, span) and toponym.place is not None
    return toponym.reading == "literal" or direct


def _tie(
    trigger: Token,
    span: Span,
    toponym: Toponym,
    preposition: str | None,
    places: Sequence[tuple[Span, Toponym]],
) -> float:
    if is_reporting_place(span) and not _is_aside(trigger, span):
        return 0.0
    if _is_antecedent(trigger, span) or is_object_by_order(trigger, span):
        return 1.0
    if _is_direct(trigger, span) and toponym.place is not None:
        return 1.0
    weights = _weights()
    features = tie_features(trigger, span, toponym, preposition, places)
    score = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-score))


def _reach(trigger: Token, span: Span, preposition: str | None) -> float:
    """Measure the way through the parse: each clause boundary halves it."""
    if _is_antecedent(trigger, span) or is_object_by_order(trigger, span):
        return 1.0
    down, up = paths_between(trigger, span.root)
    steps, breaks = steps_of([*down, *up]), breaks_of([*down, *up])
    reach = math.exp(-max(0, steps - 2) / STEP_SCALE) * CLAUSE_FACTOR**breaks
    bare = preposition is None and span.root.dep_ not in _CORE_DEPENDENCIES - {"pobj"}
    return reach * CLAUSE_FACTOR if bare else reach


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    return dict(rules("ties")["weights"])


def tie_features(
    trigger: Token,
    span: Span,
    toponym: Toponym,
    preposition: str | None,
    places: Sequence[tuple[Span, Toponym]],
) -> dict[str, float]:
    """Give what the model looks at.

    Parameters
    ----------
    trigger
        A verb or noun.
    span, toponym
        A place of its sentence.
    preposition
        What :func:`~geomap.events.relations.preposition_of` gives for it.
    places
        All toponyms of the sentence, its rivals.

    Returns
    -------
    dict
        Name to value; what is not named is 0.
    """
    root = span.root
    down, up = paths_between(trigger, root)
    steps = min(steps_of([*down, *up]), _FAR_STEPS)
    breaks = min(breaks_of([*down, *up]), _FAR_BREAKS)
    behind = root.i > trigger.i
    gap = abs(root.i - trigger.i)
    size = sum(gap > limit for limit in _GAPS)
    side = "behind" if behind else "before"
    between = span.doc[min(trigger.i, span.start) : max(trigger.i, span.end)]
    names = [
        "bias",
        f"preposition={preposition or 'none'}",
        f"preposition={preposition or 'none'}&{side}",
        f"dep={root.dep_}" if root.dep_ in _CORE_DEPENDENCIES else "dep=other",
        f"steps={steps}",
        f"breaks={breaks}&{side}",
        f"gap={size}&{side}",
        f"pos={trigger.pos_}&{side}",
        f"reading={toponym.reading}",
        f"path={_path(up, down)}",
        f"rank={_rank(trigger, span, places)}",
        f"names={min(len(places), _MANY_NAMES)}",
        *_neighbours(span),
    ]
    flags = {
        "prepositional": root.dep_ == "pobj" and root.head.head == trigger,
        "same clause": breaks == 0 and steps <= len(("preposition", "noun", "verb")),
        "attacker": is_attacker(trigger, span),
        "in brackets": _is_in_brackets(span),
        "semicolon between": any(t.text in {";", ":", "–", "—"} for t in between),
        "country": is_country(toponym),
        "settlement": toponym.place is not None and toponym.place.feature_class == "P",
        "unknown": toponym.place is None,
        "starts sentence": span.start - span.sent.start <= 1,
        "holds a rival": any(holds_place(toponym, other) for _, other in places),
        "lies in a rival": any(holds_place(other, toponym) for _, other in places),
        "bracket behind": span.end < len(span.doc) and span.doc[span.end].text == "(",
    }  # fmt: skip
    names += [name for name, holds in flags.items() if holds]
    return dict.fromkeys(names, 1.0)


def _neighbours(span: Span) -> list[str]:
    """Name the words around a place name, as far as they are words of grammar."""
    root, doc = span.root, span.doc
    if root.dep_ == "pobj":
        word, governor = root.head.lower_, root.head.head.pos_
    else:
        word, governor = "none", root.head.pos_
    behind = doc[span.end] if span.end < len(doc) else None
    grammar = behind is not None and (behind.is_punct or behind.is_stop)
    return [
        f"word={word}",
        f"governor={governor}",
        f"next={behind.lower_ if behind is not None and grammar else 'word'}",
    ]


def _is_in_brackets(span: Span) -> bool:
    """Tell whether a bracket is open before the name: "Odesa (Black Sea coast)"."""
    for token in reversed(span.doc[span.sent.start : span.start]):
        if token.text in {"(", ")"}:
            return token.text == "("
    return False


def _path(up: Sequence[Token], down: Sequence[Token]) -> str:
    """Give the labels of the arcs from the name up and down to the trigger."""
    if len(up) + len(down) > _LONGEST_PATH:
        return "far"
    arcs = [token.dep_ for token in up] + [f"{token.dep_}-" for token in reversed(down)]
    return " ".join(arcs) or "self"


def _rank(trigger: Token, span: Span, places: Sequence[tuple[Span, Toponym]]) -> int:
    """Count the names on the same side that stand nearer to the trigger, up to 3."""
    gap = span.root.i - trigger.i
    nearer = sum(
        abs(other.root.i - trigger.i) < abs(gap) and (other.root.i > trigger.i) == (gap > 0)
        for other, _ in places
    )
    return min(nearer, _LOWEST_RANK)


def is_country(toponym: Toponym) -> bool:
    """Tell whether a name stands for a whole country or for several."""
    place = toponym.place
    return place is not None and (
        place.feature_code.startswith(("PCL", "CONT"))
        or (place.feature_class == "L" and place.radius_km > LARGEST_AREA_KM)
    )


def is_attacker(trigger: Token, span: Span) -> bool:
    """Tell whether the name stands in the subject of an active verb: it strikes, it is not struck."""
    if trigger.pos_ == "NOUN" and trigger.dep_ == "dobj":
        # "Seismologists in Norway registered a blast": they did not sit in it.
        observes = trigger.head.lemma_.lower() in rules("roles")["observers"]["verbs"]
        watchers = [c for c in trigger.head.children if c.dep_ == "nsubj"]
        return observes and any(span.root in set(w.subtree) for w in watchers)
    if trigger.pos_ != "VERB" or any(c.dep_ in {"nsubjpass", "auxpass"} for c in trigger.children):
        return False
    subjects = [c for c in trigger.children if c.dep_ == "nsubj"]
    objects = [c for c in trigger.children if c.dep_ == "dobj"]
    undergoes = trigger.lemma_.lower() in rules("roles")["undergoers"]["verbs"]
    if not objects and (trigger.tag_ == "VBN" or undergoes or span.root in subjects):
        # A place read as one, not as who acts there: "Kramatorsk followed on Sunday".
        return False
    return any(span.root in set(s.subtree) for s in subjects) and not _is_antecedent(trigger, span)


def _holds_an_earlier_one(span: Span, toponym: Toponym, tied: Sequence[Tied]) -> bool:
    """Tell whether the name only says where the one before lies: "Borodianka (Kyiv region)"."""
    if not tied:
        return False
    inner = tied[-1]
    gap = text_between(inner.span, span)
    if _EXPLAINS.match(gap) is None or not holds_place(toponym, inner.toponym):
        return False
    # "Rubizhne, Sievierodonetsk": neighbours in a list, however near; a quarter lies in its town.
    return "," not in gap or not (_is_settlement(toponym) and _is_settlement(inner.toponym))


def _is_settlement(toponym: Toponym) -> bool:
    place = toponym.place
    return place is not None and place.feature_class == "P" and place.feature_code != "PPLX"


def holds_place(outer: Toponym, inner: Toponym) -> bool:
    """Tell whether the place of one name contains that of the other."""
    place, container = inner.place, outer.place
    if place is None or container is None:
        return False
    apart = distance_km(place.lon, place.lat, container.lon, container.lat)
    return contains(container, place, distance_km=apart)


def is_reporting_place(span: Span) -> bool:
    """Tell whether somebody speaks there: "told reporters in Geneva"."""
    root = span.root
    if root.dep_ != "pobj":
        return False
    lexicon = rules("claims")
    governor = root.head.head
    carriers = lexicon["words"]["audience"]
    for _ in range(_LONGEST_REPORT):
        if governor.pos_ not in {"NOUN", "PROPN", "ADP"} or governor.lower_ not in carriers:
            break
        governor = governor.head
    spoken = governor.pos_ == "VERB" and governor.lemma_.lower() in lexicon["verbs"]["spoken"]
    return spoken or (governor.pos_ in {"NOUN", "PROPN"} and _is_speaker(governor, lexicon))


def _is_speaker(noun: Token, lexicon: Mapping[str, Mapping[str, list[str]]]) -> bool:
    """Tell whether a noun is the source: "a hospital in Deir al-Balah says"."""
    if any(c.dep_ == "dobj" for c in noun.head.children):
        # "The shelling of X claimed five lives."
        return False
    return (
        noun.dep_ in {"nsubj", "pobj"}
        and noun.head.pos_ in {"VERB", "ADP"}
        and (
            noun.head.lemma_.lower() in lexicon["verbs"]["spoken"]
            or (noun.head.lower_ == "to" and noun.head.head.lower_ == "according")
        )
    )


def _is_antecedent(trigger: Token, span: Span) -> bool:
    """Tell whether a clause with the trigger hangs on the name: "cities that X surrounded"."""
    light = rules("roles")["verbs"]["light"]
    verb = trigger
    while verb.dep_ in {"pobj", "prep", "dobj", "xcomp", "oprd", "acomp"} and verb.head != verb:
        verb = verb.head
    if verb.dep_ not in {"relcl", "acl"} or (verb != trigger and verb.lemma_ not in light):
        return False
    noun = verb.head
    heads = {noun, *noun.conjuncts}
    if noun.dep_ == "appos":
        heads |= {noun.head, *noun.head.conjuncts}
    return span.root in heads
