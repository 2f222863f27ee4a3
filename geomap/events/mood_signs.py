"""What tells whether something happened, did not, may or will: the signs of a trigger's mood.

Signs after the features of factuality detection (Saurí & Pustejovsky 2012, "Are you sure that this
happened?"; Lee et al. 2015): the word, its neighbours, auxiliaries, particles and adverbs of the
verbs above it, tense, speech, and what the rules say.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from geomap.events.relations import ancestors_of
from geomap.events.tenses import helpers_of, tense_at, verb_above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from geomap.events.speech import Spoken

__all__ = ["mood_signs"]

_NEXT = (-3, -2, -1, 1, 2, 3)
_CLOSE = 2
# So far the words around count without their order.
_WINDOW = 6
_STEPS = 4
_HELPING = frozenset(
    {"aux", "neg", "advmod", "mark", "prt", "acomp", "det", "nsubj", "attr", "auxpass"}
)
_OWN = _HELPING - {"nsubj", "attr"} | {"amod"}


def mood_signs(trigger: Token, *, kind: str, ruled: str, spoken: Spoken) -> list[str]:
    """Give the signs of a trigger.

    Parameters
    ----------
    trigger
        The trigger.
    kind
        Name of its event type.
    ruled
        The mood by the rules.
    spoken
        Who says it, by the rules.

    Returns
    -------
    list of str
        Those that hold; some may stand twice.
    """
    tense = tense_at(trigger)
    return [
        *_word(trigger, kind, tense),
        *_beside(trigger, kind),
        *_around(trigger),
        *_above(trigger),
        *_below(trigger, kind),
        *_of_verb(trigger, kind, ruled, tense),
        *_of_rules(trigger, kind, ruled, tense, spoken),
    ]


def _word(trigger: Token, kind: str, tense: str) -> Iterator[str]:
    yield from (
        "",
        kind,
        f"{kind}|{tense}",
        f"t={tense}",
        f"l={trigger.lemma_.lower()}",
        f"w={trigger.lower_}",
        f"p={trigger.pos_}",
        f"d={trigger.dep_}",
    )


def _beside(trigger: Token, kind: str) -> Iterator[str]:
    sentence, doc = trigger.sent, trigger.doc
    for step in _NEXT:
        place = trigger.i + step
        word = _kind(doc[place]) if sentence.start <= place < sentence.end else "#"
        yield f"{step}={word}"
        if abs(step) <= _CLOSE:
            yield f"{kind}{step}={word}"


def _around(trigger: Token) -> Iterator[str]:
    """Give the words near by without their order; those farther off added nothing across folds."""
    sentence, place = trigger.sent, trigger.i
    first, last = max(sentence.start, place - _WINDOW), min(sentence.end, place + _WINDOW + 1)
    for token in trigger.doc[first:last]:
        if token.i != place and not (token.is_punct or token.is_space):
            yield f"{'<' if token.i < place else '>'}={_kind(token)}"


def _above(trigger: Token) -> Iterator[str]:
    """Give the words above the trigger with what hangs on them: "is expected", "did not"."""
    pairs = itertools.pairwise(ancestors_of(trigger))
    for step, (below, above) in enumerate(itertools.islice(pairs, _STEPS)):
        yield f"up{step}={below.dep_}"
        yield f"up{step}={below.dep_}|{_kind(above)}"
        yield f"up={_kind(above)}"
        if above.pos_ in {"VERB", "AUX"}:
            yield f"up{step}t={tense_at(above)}"
        for child in above.children:
            if child.i != below.i and child.dep_ in _HELPING:
                yield f"up{step}{child.dep_}={_kind(child)}"


def _below(trigger: Token, kind: str) -> Iterator[str]:
    for child in trigger.children:
        yield f"{child.dep_}={_kind(child)}"
        if child.dep_ in _OWN:
            yield f"{kind}:{_kind(child)}"


def _of_verb(trigger: Token, kind: str, ruled: str, tense: str) -> Iterator[str]:
    verb = verb_above(trigger)
    if verb is None:
        return
    lemma = verb.lemma_.lower()
    yield f"v={lemma}"
    yield f"v={lemma}|{tense}"
    yield f"v={lemma}|{ruled}"
    yield from (f"h={helper}" for helper in helpers_of(verb))
    if any(child.dep_ == "neg" for child in verb.children):
        yield from ("not", f"not|{ruled}", f"not|{kind}")


def _of_rules(trigger: Token, kind: str, ruled: str, tense: str, spoken: Spoken) -> Iterator[str]:
    yield from (
        f"r={ruled}",
        f"r={ruled}|{spoken.way}",
        f"r={ruled}|{tense}",
        f"r={ruled}|{kind}",
        f"r={ruled}|{trigger.lemma_.lower()}",
        f"way={spoken.way}|{tense}",
    )
    if spoken.by is not None:
        verb = spoken.by.verb
        yield from ("said", f"said|{tense}", f"said|{ruled}", f"s={verb}", f"s={verb}|{ruled}")
    sentence = trigger.sent
    last = next((token.text for token in reversed(sentence) if not token.is_space), "")
    if last == "?":
        yield "?"
    if sentence.start == 0:
        yield from ("title", f"title|{tense}", f"title|{ruled}")


def _kind(token: Token) -> str:
    """Give what a word is: its lemma, or the kind of name or number."""
    if token.is_space:
        return "<space>"
    if token.ent_type_:
        return f"<{token.ent_type_}>"
    return "<number>" if token.like_num else token.lemma_.lower()
