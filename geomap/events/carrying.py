"""Which place of the text an event has when nothing in its own clause names one.

A reader takes the place that the paragraph or the article is about, or the one
where the last thing happened, not merely the one named last. A logistic
regression over such signs, with weights in ``lexicons/carrying.toml``, ranks the
places named so far; ``benchmarks/fit_carrying.py`` fits and measures it. The
signs are those of pronoun resolution (Lappin & Leass 1994, "An Algorithm for
Pronominal Anaphora Resolution": recency, frequency, grammatical role, parallel).
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.ties import is_country
from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping, Sequence

    from spacy.tokens import Span, Token

    from geomap.records import Toponym

__all__ = ["Moment", "Named", "carrying_features", "likelihood"]

_SENTENCES = (0, 1, 2, 4, 8)
_RANKS = 4
_SHARES = (0.15, 0.33, 0.5)
_DEPENDENCIES = frozenset({"pobj", "nsubj", "nsubjpass", "dobj", "compound", "poss", "appos"})
# Nouns that any place may be meant by.
_ANY = frozenset({"there", "here"})


@dataclass(frozen=True, slots=True)
class Named:
    """A place of the text and the spans that name it, in order."""

    toponym: Toponym
    key: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reader has in mind at a trigger.

    Parameters
    ----------
    trigger
        The trigger.
    pointer
        The noun or adverb that points back ("the city", "there"), lower-case; ``None``
        without one.
    wanted
        GeoNames feature class that the pointer asks for.
    block
        Token index where the paragraph, or the list item, begins.
    sentences
        Token indices where sentences begin.
    namings
        How often each place is named in the whole text, by key.
    title
        Keys of the places in the title.
    dateline
        Key of the place of the dateline; ``None`` without one.
    grammar
        Gives the class of the preposition before a span, and whether somebody speaks there.
    noted
        Keys of the places of the events before the trigger, in order.
    noted_in_block
        Those of them in its paragraph or list item.
    """

    trigger: Token
    pointer: str | None
    wanted: str | None
    block: int
    sentences: Sequence[int]
    namings: Counter[str]
    title: frozenset[str]
    dateline: str | None
    noted: Sequence[str]
    noted_in_block: Sequence[str]
    grammar: Callable[[Span], tuple[str, bool]]


def carrying_features(named: Named, rank: int, moment: Moment) -> dict[str, float]:
    """Give what the model looks at.

    Parameters
    ----------
    named
        A place.
    rank
        How many other places were named since.
    moment
        What a reader has in mind.

    Returns
    -------
    dict
        Name to value; what is not named is 0.
    """
    trigger = moment.trigger
    span = _latest(named.spans, trigger)
    here = bisect.bisect_right(moment.sentences, trigger.i)
    there = bisect.bisect_right(moment.sentences, span.start)
    apart = sum(here - there > limit for limit in _SENTENCES)
    share = moment.namings[named.key] / max(1, moment.namings.total())
    most = max(moment.namings.values(), default=0)
    title = next(iter(moment.title)) if len(moment.title) == 1 else None
    place = named.toponym.place
    kind = place.feature_class if place is not None else "unknown"
    preposition, reporting = moment.grammar(span)
    dep = span.root.dep_ if span.root.dep_ in _DEPENDENCIES else "other"
    pointed = "pointed" if moment.pointer else "open"
    near = "same sentence" if here == there else "earlier"
    names = [
        "bias",
        f"{pointed}",
        f"sentences={apart}",
        f"{pointed}&rank={min(rank, _RANKS)}",
        f"share={sum(share > limit for limit in _SHARES)}",
        f"preposition={preposition}&{near}",
        f"dep={dep}&{near}",
        f"class={kind}",
    ]
    before, block = moment.noted, moment.noted_in_block
    first = named.spans[0]
    flags = {
        "most named": moment.namings[named.key] == most and most > 1,
        "only place in title": named.key == title,
        "in title": named.key in moment.title,
        "dateline": named.key == moment.dateline,
        "only in dateline": named.key == moment.dateline and len(named.spans) == 1,
        "in block": span.start >= moment.block and span.start < trigger.i,
        "behind": span.start > trigger.i,
        "reporting": reporting,
        "last event": bool(before) and before[-1] == named.key,
        "last event of block": bool(block) and block[-1] == named.key,
        "an event": named.key in before,
        "an event of block": named.key in block,
        "opens block": abs(first.start - moment.block) <= 2,  # noqa: PLR2004
        "here is dateline": moment.pointer == "here" and named.key == moment.dateline,
        "right class": moment.wanted is not None
        and moment.pointer not in _ANY
        and kind == moment.wanted,
        "wrong class": moment.wanted is not None
        and moment.pointer not in _ANY
        and kind not in {moment.wanted, "unknown"},
        "capital": moment.pointer == "capital"
        and place is not None
        and place.feature_code == "PPLC",
        "no capital": moment.pointer == "capital"
        and place is not None
        and place.feature_code not in {"PPLC", "PPLA"},
        "country": is_country(named.toponym),
    }
    names += [name for name, holds in flags.items() if holds]
    return dict.fromkeys(names, 1.0)


def _latest(spans: Sequence[Span], trigger: Token) -> Span:
    before = [s for s in spans if s.start <= trigger.i]
    return before[-1] if before else spans[0]


def likelihood(features: Mapping[str, float]) -> float:
    """Weigh the features of a place: 0..1."""
    weights = _weights()
    score = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1.0 / (1.0 + math.exp(-score))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    return dict(rules("carrying")["weights"])
