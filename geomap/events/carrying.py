"""Which place of the text an event has when nothing in its own clause names one.

A reader takes the place that the paragraph or the article is about, or the one
where the last thing happened, not merely the one named last. Boosted trees over
such signs (``weights/carrier.json``) rank the places named so far;
``benchmarks/fit_carrying.py`` fits and measures them. The signs are those of
pronoun resolution (Lappin & Leass 1994, "An Algorithm for Pronominal Anaphora
Resolution": recency, frequency, grammatical role, parallel), what the type of
the event wants, and how far the places lie apart.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.locations import is_country
from geomap.geometry import distance_km
from geomap.toponyms.candidates import contains
from geomap.weights import load_trees

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from spacy.tokens import Span, Token

    from geomap.events.taxonomy import EventType
    from geomap.records import Place, Toponym

__all__ = ["Moment", "Named", "Noted", "carrying_features", "likelihoods"]

_DEPENDENCIES = frozenset({"pobj", "nsubj", "nsubjpass", "dobj", "compound", "poss", "appos"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
# Nouns that any place may be meant by.
_ANY = frozenset({"there", "here"})
# A place that is named in the first words of a block opens it.
_OPENING_TOKENS = 2
# Rather far away, whatever the place it is measured from: no distance is known.
_UNKNOWN_KM = -1.0


@dataclass(frozen=True, slots=True)
class Named:
    """A place of the text and the spans that name it, in order."""

    toponym: Toponym
    key: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """A place of an event that was told before: its key, the type, the index of the trigger."""

    key: str
    type: str
    token: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reader has in mind at a trigger.

    Parameters
    ----------
    trigger
        The trigger.
    kind
        Its type.
    pointer
        The noun or adverb that points back ("the city", "there"), lower-case; ``None``
        without one.
    wanted
        GeoNames feature class that the pointer asks for.
    block
        Token index where the paragraph, or the list item, begins.
    sentences, paragraphs
        Token indices where sentences, and paragraphs, begin.
    namings
        How often each place is named in the whole text, by key.
    title
        Keys of the places in the title.
    dateline
        Key of the place of the dateline; ``None`` without one.
    grammar
        Gives the class of the preposition before a span, and whether somebody speaks there.
    noted
        The places of the events before the trigger, in order.
    """

    trigger: Token
    kind: EventType
    pointer: str | None
    wanted: str | None
    block: int
    sentences: Sequence[int]
    paragraphs: Sequence[int]
    namings: Counter[str]
    title: frozenset[str]
    dateline: str | None
    grammar: Callable[[Span], tuple[str, bool]]
    noted: Sequence[Noted]


@dataclass(frozen=True, slots=True)
class _Counted:
    """The number of the trigger's sentence, of all namings, and of those of the most named."""

    sentence: int
    namings: int
    most: int


@dataclass(frozen=True, slots=True, eq=False)
class _Option:
    """A place to choose, with where it was named last before the trigger."""

    named: Named
    rank: int
    span: Span
    sentence: int


def carrying_features(
    named: Sequence[Named], moment: Moment
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Give what the model looks at.

    Parameters
    ----------
    named
        The places to choose from, the latest named first.
    moment
        What a reader has in mind.

    Returns
    -------
    tuple of (dict, list of dict)
        What all places have, then for each place what it has besides: name to value; what is
        not named is 0.
    """
    options = []
    for rank, one in enumerate(named):
        span = _latest(one.spans, moment.trigger)
        options.append(_Option(one, rank, span, bisect.bisect_right(moment.sentences, span.start)))
    groups = _groups(options, moment)
    places = {o.named.key: o.named.toponym.place for o in options}
    most = moment.namings.most_common(1)
    marks = [(name, key, places.get(key)) for name, key in (
        ("most named", most[0][0] if most else None),
        ("last event", moment.noted[-1].key if moment.noted else None),
    ) if key is not None]  # fmt: skip
    inside = groups["block"]
    first = _first(inside, moment) if inside else None
    counted = _Counted(
        bisect.bisect_right(moment.sentences, moment.trigger.i),
        max(1, moment.namings.total()),
        max(moment.namings.values(), default=0),
    )
    rows = []
    for option in options:
        row = dict(_of_naming(option, moment, counted))
        row.update(_of_place(option, moment))
        row.update(_of_events(option.named.key, moment))
        for name, key, other in marks:
            row[f"km to {name}"] = _km(option.named, key, other)
        for name, members in groups.items():
            row[f"in {name}"] = float(option in members)
        row["first of block"] = float(option is first)
        row["holds one of block"] = float(any(_holds(option, other) for other in inside))
        rows.append(row)
    return dict(_of_moment(len(options), groups, moment)), rows


def _groups(options: Sequence[_Option], moment: Moment) -> dict[str, list[_Option]]:
    """Give the places of the paragraph so far, of the sentence, and of the one before."""
    here = bisect.bisect_right(moment.sentences, moment.trigger.i)
    return {
        "block": [o for o in options if moment.block <= o.span.start < moment.trigger.i],
        "sentence": [o for o in options if o.sentence == here],
        "sentence before": [o for o in options if o.sentence == here - 1],
    }


def _of_moment(
    places: int, groups: Mapping[str, Sequence[_Option]], moment: Moment
) -> Iterator[tuple[str, float]]:
    """Give what holds for all places alike, the trees ask it beside what does not."""
    trigger, kind = moment.trigger, moment.kind
    for name, members in groups.items():
        yield f"places of {name}", float(len(members))
    yield "places", float(places)
    yield f"type={kind.name}", 1.0
    yield f"role={kind.place_role}", 1.0
    yield f"carry={kind.carry}", 1.0
    yield f"pointer={moment.pointer}", 1.0
    yield f"trigger={trigger.pos_}", 1.0
    yield f"trigger is {trigger.dep_}", 1.0
    subject = next(
        (t for t in trigger.sent.root.children if t.dep_ in _SUBJECTS and t.i < trigger.sent.end),
        None,
    )
    if subject is not None:
        what = subject.lower_ if subject.pos_ == "PRON" else subject.pos_
        yield f"subject={what}", 1.0
    if moment.noted:
        last = moment.noted[-1]
        here = bisect.bisect_right(moment.sentences, trigger.i)
        yield f"last type={last.type}", 1.0
        yield "sentences since", float(here - bisect.bisect_right(moment.sentences, last.token))
    yield "same type before", float(any(n.type == kind.name for n in moment.noted))


def _of_naming(option: _Option, moment: Moment, counted: _Counted) -> Iterator[tuple[str, float]]:
    """Give where and how a place is named."""
    trigger, span, key = moment.trigger, option.span, option.named.key
    preposition, reporting = moment.grammar(span)
    root = span.root
    head = root.head.head if root.dep_ == "pobj" else root.head
    spans = option.named.spans
    namings = moment.namings[key]
    before = sum(s.start < trigger.i for s in spans)
    yield f"preposition={preposition}", 1.0
    yield f"dep={root.dep_ if root.dep_ in _DEPENDENCIES else 'other'}", 1.0
    yield f"head={head.pos_}", 1.0
    yield f"head is {head.ent_type_ or 'no name'}", 1.0
    yield "rank", float(option.rank)
    yield "sentences", float(counted.sentence - option.sentence)
    yield "paragraphs", float(_apart(moment.paragraphs, span.start, trigger.i))
    yield "tokens", float(trigger.i - span.start)
    yield "behind", float(span.start > trigger.i)
    yield "reporting", float(reporting)
    yield "share", namings / counted.namings
    yield "namings before", float(before)
    yield "namings later", float(namings - before)
    yield "most named", float(namings == counted.most > 1)
    yield "in title", float(key in moment.title)
    yield "only place in title", float(moment.title == {key})
    yield "dateline", float(key == moment.dateline)
    yield "only in dateline", float(key == moment.dateline and len(spans) == 1)
    yield "opens block", float(abs(spans[0].start - moment.block) <= _OPENING_TOKENS)
    yield "here is dateline", float(moment.pointer == "here" and key == moment.dateline)


def _of_place(option: _Option, moment: Moment) -> Iterator[tuple[str, float]]:
    """Give what kind of place it is, and whether a word that points back wants that kind."""
    toponym = option.named.toponym
    place = toponym.place
    kind = place.feature_class if place is not None else "unknown"
    code = place.feature_code if place is not None else "unknown"
    typed = moment.wanted is not None and moment.pointer not in _ANY
    yield f"class={kind}", 1.0
    yield f"code={code}", 1.0
    yield "country", float(is_country(toponym))
    yield "digits", float(len(str(place.population or 0))) if place is not None else 0.0
    yield "right class", float(typed and kind == moment.wanted)
    yield "wrong class", float(typed and kind not in {moment.wanted, "unknown"})


def _of_events(key: str, moment: Moment) -> Iterator[tuple[str, float]]:
    """Give what was told to have happened at a place before."""
    noted = moment.noted
    block = [n for n in noted if n.token >= moment.block]
    same = [n for n in noted if n.type == moment.kind.name]
    yield "an event", float(any(n.key == key for n in noted))
    yield "last event", float(bool(noted) and noted[-1].key == key)
    yield "an event of block", float(any(n.key == key for n in block))
    yield "last event of block", float(bool(block) and block[-1].key == key)
    yield "an event of type", float(any(n.key == key for n in same))
    yield "last event of type", float(bool(same) and same[-1].key == key)


def _km(named: Named, key: str, other: Place | None) -> float:
    place = named.toponym.place
    if named.key == key or place is None or other is None:
        return _UNKNOWN_KM
    return distance_km(place.lon, place.lat, other.lon, other.lat)


def _holds(option: _Option, other: _Option) -> bool:
    outer, inner = option.named.toponym.place, other.named.toponym.place
    if option is other or outer is None or inner is None:
        return False
    apart = distance_km(outer.lon, outer.lat, inner.lon, inner.lat)
    return contains(outer, inner, distance_km=apart)


def _first(options: Sequence[_Option], moment: Moment) -> _Option:
    """Give the place that is named first in the block."""
    return min(
        options, key=lambda o: min(s.start for s in o.named.spans if s.start >= moment.block)
    )


def _apart(starts: Sequence[int], one: int, other: int) -> int:
    return max(0, bisect.bisect_right(starts, other) - bisect.bisect_right(starts, one))


def _latest(spans: Sequence[Span], trigger: Token) -> Span:
    before = [s for s in spans if s.start <= trigger.i]
    return before[-1] if before else spans[0]


def likelihoods(shared: Mapping[str, float], rows: Sequence[Mapping[str, float]]) -> list[float]:
    """Weigh the features of places: 0..1 each.

    Parameters
    ----------
    shared, rows
        As :func:`carrying_features` gives them.
    """
    model = load_trees("carrier")
    chances: list[float] = model.probabilities(model.table(rows, shared)).tolist()
    return chances
