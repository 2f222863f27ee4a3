"""How firmly a place is tied to a trigger: the light model where rules of grammar stop.

Boosted trees over relations of the parse and the order of words (``weights/ties.json``).
``benchmarks/fit_ties.py`` fits them on the marked dispatches, on the gold of dispatches, and
on sentences in which readers marked the place of one verb (Halterman 2019, "Geolocating
political events in text", arXiv:1905.12713), and measures them on parts held out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.locations import (
    holds_place,
    is_antecedent,
    is_aside,
    is_attacker,
    is_country,
    is_direct,
    is_reporting_place,
    is_settlement,
)
from geomap.events.relations import (
    breaks_of,
    is_list_joint,
    is_object_by_order,
    paths_between,
    preposition_of,
    steps_of,
    text_between,
)
from geomap.weights import load_trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Span, Token

    from geomap.events.taxonomy import EventType
    from geomap.records import Toponym

__all__ = ["Asked", "Tied", "tie_features", "ties_of"]

# Between a place and the one that holds it; "from X in Y" too, but not "from X to Y".
_EXPLAINS = re.compile(
    r"^(?: area| district| suburb| neighbou?rhood| hill| airport)?(?: ?\(|,| in| of)(?: in| of)?"
    r"(?: the)?(?: \w+ern)? ?$"
)
_SEMICOLONS = frozenset({";", ":", "–", "—"})
_CORE_DEPENDENCIES = frozenset(
    {"dobj", "nsubjpass", "nsubj", "compound", "poss", "appos", "conj", "pobj"}
)
# Each clause boundary between trigger and place halves the reach.
CLAUSE_FACTOR = 0.5
STEP_SCALE = 4.0
_LONGEST_PATH = 6


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A trigger whose places are asked for.

    Parameters
    ----------
    trigger
        A verb or noun.
    kind
        Its type; ``None`` where no type is known.
    places
        The toponyms of its sentence with their spans, in order.
    """

    trigger: Token
    kind: EventType | None
    places: Sequence[tuple[Span, Toponym]]


class _Known:
    """What the places of a text are whatever the trigger, worked out once each, by their starts."""

    def __init__(self) -> None:
        self._prepositions: dict[int, str | None] = {}
        self._rows: dict[int, dict[str, float]] = {}

    def preposition(self, span: Span) -> str | None:
        """Give what :func:`~geomap.events.relations.preposition_of` gives."""
        if span.start not in self._prepositions:
            self._prepositions[span.start] = preposition_of(span)
        return self._prepositions[span.start]

    def row(
        self, span: Span, toponym: Toponym, places: Sequence[tuple[Span, Toponym]]
    ) -> dict[str, float]:
        """Give what the model looks at of a place of a sentence."""
        if span.start not in self._rows:
            self._rows[span.start] = dict(_of_place(span, toponym, places))
        return self._rows[span.start]


@dataclass(frozen=True, slots=True)
class _Option:
    """A name that may be the place; ``features`` is ``None`` where it holds the trigger itself."""

    span: Span
    toponym: Toponym
    preposition: str | None
    reach: float
    features: dict[str, float] | None


def ties_of(asked: Sequence[Asked]) -> list[list[Tied]]:
    """Measure how firmly each literal place of a sentence is tied to the trigger.

    Parameters
    ----------
    asked
        The triggers; all those of an article are weighed in one table.

    Returns
    -------
    list of list of Tied
        For each trigger, in the order of the text. Metonymic names are left out, and
        names that only say where the one before lies ("Borodianka (Kyiv region)").
    """
    model, known = load_trees("ties"), _Known()
    options = [list(_options(one, known)) for one in asked]
    rows = [o.features for own in options for o in own if o.features is not None]
    chances = iter(model.probabilities(model.table(rows)).tolist())
    return [_joined(own, chances) for own in options]


def _options(asked: Asked, known: _Known) -> Iterator[_Option]:
    """Give the names of a sentence that may be a trigger's place."""
    trigger = asked.trigger
    before: Span | None = None
    earlier: tuple[Span, Toponym] | None = None
    preposition: str | None = None
    for span, toponym in asked.places:
        if span.start <= trigger.i < span.end:
            # The name holds the trigger itself: "the Lachin corridor".
            earlier = span, toponym
            yield _Option(span, toponym, "via", 1.0, None)
            continue
        joint = before is not None and is_list_joint(before, span)
        preposition = preposition if joint else known.preposition(span)
        before = span
        if not _may_be_place(trigger, span, toponym) or _holds_an_earlier_one(
            span, toponym, earlier
        ):
            continue
        earlier = span, toponym
        features = tie_features(asked, span, toponym, preposition, known=known)
        yield _Option(span, toponym, preposition, features["reach"], features)


def _joined(options: Sequence[_Option], chances: Iterator[float]) -> list[Tied]:
    """Give each option its tie; the members of a list have the firmest of theirs."""
    tied: list[Tied] = []
    for option in options:
        if option.features is None:
            tied.append(Tied(option.span, option.toponym, option.preposition, 1.0, 1.0))
            continue
        tie = next(chances)
        if option.features.get("reporting") and not option.features.get("aside"):
            tie = 0.0
        reach = min(option.reach, math.ceil(tie))
        if tied and is_list_joint(tied[-1].span, option.span):
            tie, reach = max(tied[-1].tie, tie), max(tied[-1].reach, reach)
        tied.append(Tied(option.span, option.toponym, option.preposition, tie, reach))
    return tied


def _may_be_place(trigger: Token, span: Span, toponym: Toponym) -> bool:
    if toponym.reading == "metonymic":
        return False
    direct = is_direct(trigger, span) and toponym.place is not None
    return toponym.reading == "literal" or direct


def tie_features(
    asked: Asked,
    span: Span,
    toponym: Toponym,
    preposition: str | None,
    *,
    known: _Known | None = None,
) -> dict[str, float]:
    """Give what the model looks at.

    Parameters
    ----------
    asked
        A trigger with all toponyms of its sentence, the rivals of this one.
    span, toponym
        A place of its sentence.
    preposition
        What :func:`~geomap.events.relations.preposition_of` gives for it.
    known
        What the places of the text are, where several triggers are asked of.

    Returns
    -------
    dict
        Name to value; what is not named is 0.
    """
    trigger, places = asked.trigger, asked.places
    row = dict((known or _Known()).row(span, toponym, places))
    row.update(_of_order(trigger, span, places))
    row.update(_of_parse(trigger, span, preposition))
    if asked.kind is not None:
        row[f"type={asked.kind.name}"] = 1.0
        row[f"role={asked.kind.place_role}"] = 1.0
        row[f"selection={asked.kind.selection}"] = 1.0
    return row


def _of_place(
    span: Span, toponym: Toponym, places: Sequence[tuple[Span, Toponym]]
) -> Iterator[tuple[str, float]]:
    """Give what holds for a name whatever the trigger."""
    sentence, doc, place = span.sent, span.doc, toponym.place
    yield "names", float(len(places))
    yield "words", float(len(sentence))
    yield "starts sentence", float(span.start - sentence.start <= 1)
    yield "in brackets", float(_is_in_brackets(span))
    yield "bracket behind", float(span.end < len(doc) and doc[span.end].text == "(")
    yield "reporting", float(is_reporting_place(span))
    dependency = span.root.dep_
    yield f"dep={dependency if dependency in _CORE_DEPENDENCIES else 'other'}", 1.0
    yield from dict.fromkeys(_neighbours(span), 1.0).items()
    yield f"reading={toponym.reading}", 1.0
    yield f"code={place.feature_code if place is not None else 'unknown'}", 1.0
    yield "digits", float(len(str(place.population or 0))) if place is not None else 0.0
    yield "country", float(is_country(toponym))
    yield "settlement", float(place is not None and place.feature_class == "P")
    yield "holds a rival", float(any(holds_place(toponym, other) for _, other in places))
    yield "lies in a rival", float(any(holds_place(other, toponym) for _, other in places))


def _of_order(
    trigger: Token, span: Span, places: Sequence[tuple[Span, Toponym]]
) -> Iterator[tuple[str, float]]:
    """Give how the name stands in the order of words."""
    first, last = min(trigger.i, span.start), max(trigger.i + 1, span.end)
    between = list(span.doc[min(trigger.i + 1, span.end) : max(trigger.i, span.start)])
    words = [t.text for t in between]
    yield "gap", float(span.root.i - trigger.i)
    yield "rank", float(_rank(trigger, span, places))
    yield "names between", float(sum(first < s.start < last for s, _ in places if s != span))
    yield "verbs between", float(sum(t.pos_ == "VERB" for t in between))
    yield "commas between", float(words.count(","))
    yield "semicolon between", float(not _SEMICOLONS.isdisjoint(words))


def _of_parse(trigger: Token, span: Span, preposition: str | None) -> Iterator[tuple[str, float]]:
    """Give how the name hangs on the trigger in the parse."""
    root = span.root
    down, up = paths_between(trigger, root)
    steps, breaks = steps_of([*down, *up]), breaks_of([*down, *up])
    antecedent, in_order = is_antecedent(trigger, span), is_object_by_order(trigger, span)
    # The way through the parse: each clause boundary halves it.
    reach = math.exp(-max(0, steps - 2) / STEP_SCALE) * CLAUSE_FACTOR**breaks
    if preposition is None and root.dep_ not in _CORE_DEPENDENCIES - {"pobj"}:
        reach *= CLAUSE_FACTOR
    yield "reach", 1.0 if antecedent or in_order else reach
    yield "steps", float(steps)
    yield "breaks", float(breaks)
    yield f"path={_path(up, down)}", 1.0
    yield f"preposition={preposition or 'none'}", 1.0
    yield f"trigger={trigger.pos_}", 1.0
    yield f"tag={trigger.tag_}", 1.0
    yield f"trigger is {trigger.dep_}", 1.0
    yield "prepositional", float(root.dep_ == "pobj" and root.head.head == trigger)
    yield "attacker", float(is_attacker(trigger, span))
    yield "antecedent", float(antecedent)
    yield "object by order", float(in_order)
    yield "direct", float(is_direct(trigger, span))
    yield "aside", float(is_aside(trigger, span))


def _neighbours(span: Span) -> list[str]:
    """Name the words around a place name, as far as they are words of grammar."""
    root, doc = span.root, span.doc
    if root.dep_ == "pobj":
        word, governor = root.head.lower_, root.head.head
    else:
        word, governor = "none", root.head
    behind = doc[span.end] if span.end < len(doc) else None
    grammar = behind is not None and (behind.is_punct or behind.is_stop)
    return [
        f"word={word}",
        f"governor={governor.pos_}",
        f"governor is {governor.ent_type_ or 'no name'}",
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
    """Count the names on the same side that stand nearer to the trigger."""
    gap = span.root.i - trigger.i
    return sum(
        abs(other.root.i - trigger.i) < abs(gap) and (other.root.i > trigger.i) == (gap > 0)
        for other, _ in places
    )


def _holds_an_earlier_one(
    span: Span, toponym: Toponym, earlier: tuple[Span, Toponym] | None
) -> bool:
    """Tell whether the name only says where the one before lies: "Borodianka (Kyiv region)"."""
    if earlier is None:
        return False
    gap = text_between(earlier[0], span)
    if _EXPLAINS.match(gap) is None or not holds_place(toponym, earlier[1]):
        return False
    # "Rubizhne, Sievierodonetsk": neighbours in a list, however near; a quarter lies in its town.
    return "," not in gap or not (is_settlement(toponym) and is_settlement(earlier[1]))
