"""What stands around a word: the signs by which a model tells triggers from look-alikes.

The signs are those of feature-based event detection (Ahn 2006, "The stages of event
extraction", section 4.1: the word, its neighbours, the parse around it, the kinds of
names it goes with), with names replaced by what they are, and with the word classes
and the verdicts of the taxonomy's own rules beside them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.arcs import (
    governor_of,
    modifiers_of,
    objects_of,
    phrases_behind,
    subjects_of,
)
from geomap.events.conditions import holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from geomap.events.conditions import Scene
    from geomap.events.taxonomy import Taxonomy
    from geomap.events.verdicts import Verdicts

__all__ = ["PARTS", "signs_of"]

# Parts of speech that a trigger may have: also what the tagger takes for a name or a number.
PARTS = frozenset({"VERB", "NOUN", "PROPN", "ADJ", "ADV", "NUM", "AUX", "ADP"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_OTHERS = frozenset({"PERSON", "ORG", "NORP", "DATE"})
_MODALS = frozenset(
    {"could", "may", "might", "would", "should", "will", "can", "must", "if", "unless"}
)
# Conditions of the taxonomy that are asked of every word.
_ASKED = (
    ("place",), ("target",), ("object_place",), ("on_place",), ("war_here",), ("occurs",),
    ("counted",), ("war",),
)  # fmt: skip
_NEXT = (-2, -1, 1, 2)
# So far the words around count without their order.
_WINDOW = 6


def signs_of(scene: Scene, verdicts: Verdicts) -> list[str]:
    """Give the signs of a word.

    Parameters
    ----------
    scene
        The word and what stands around it.
    verdicts
        What the rules of the taxonomy say of it.

    Returns
    -------
    list of str
        Those that hold; some may stand twice.
    """
    lemma = scene.token.lemma_.lower()
    joined = [*_beside(scene), *_arguments(scene), *_asked(scene)]
    return [
        *_word(scene.token, lemma),
        *_around(scene),
        *joined,
        *(f"{lemma}|{sign}" for sign in joined),
        *_ruled(verdicts, lemma),
    ]


def _word(token: Token, lemma: str) -> Iterator[str]:
    yield f"w={token.lower_}"
    for sign in ("", f"p={token.pos_}", f"t={token.tag_}", f"d={token.dep_}"):
        yield sign
        yield f"{lemma}|{sign}"


def _beside(scene: Scene) -> Iterator[str]:
    """Give the two words on either side, in order."""
    sentence, place = scene.sentence, scene.token.i
    for step in _NEXT:
        inside = sentence.start <= place + step < sentence.end
        yield f"n{step}={_kind(sentence.doc[place + step], scene) if inside else '#'}"


def _around(scene: Scene) -> Iterator[str]:
    """Give the words near by, and whether something may or will be, without their order."""
    sentence, place = scene.sentence, scene.token.i
    first, last = max(sentence.start, place - _WINDOW), min(sentence.end, place + _WINDOW + 1)
    for token in sentence.doc[first:last]:
        if token.i != place and not (token.is_punct or token.is_space):
            yield f"near={_kind(token, scene)}"
    if not _MODALS.isdisjoint(scene.words):
        yield "modal"
    if not sentence.start:
        yield "title"


def _arguments(scene: Scene) -> Iterator[str]:
    """Give subjects, objects, modifiers and the verb above, by word and by word class."""
    token = scene.token
    verb = governor_of(token)
    roles = (
        ("subject", subjects_of(token)),
        ("object", objects_of(token)),
        ("modifier", modifiers_of(token)),
        ("of", phrases_behind(token)),
        ("verb", [verb] if verb.i != token.i else []),
    )
    for role, nouns in roles:
        for noun in nouns:
            yield f"{role}={_kind(noun, scene)}"
            for name in _classes(scene.forms[noun.i], scene.taxonomy):
                yield f"{role}:{name}"
    head = token.head
    yield f"h={_kind(head, scene) if head.i != token.i else '#'}"
    for child in token.children:
        if child.dep_ in {"prep", "agent", "prt"}:
            for noun in child.children:
                yield f"{child.lower_}={_kind(noun, scene)}"
            yield f"{child.dep_}={child.lower_}"


def _asked(scene: Scene) -> Iterator[str]:
    """Give the word classes of the sentence and the conditions that hold."""
    yield from _classes_near(scene.words, scene.taxonomy)
    for need in _ASKED:
        yield f"{need[0]}={holds(need, scene)}"
    yield f"literal={bool(scene.literal)}"


def _ruled(verdicts: Verdicts, lemma: str) -> Iterator[str]:
    """Give which types the rules say that the word may tell of, does, and only seems to."""
    for said, names in (
        ("may", verdicts.possible),
        ("is", verdicts.fulfilled),
        ("seems", verdicts.countered),
    ):
        for name in names:
            yield f"{said}={name}"
            yield f"{lemma}|{said}={name}"
    if not verdicts.fulfilled:
        yield "is=none"


@lru_cache(maxsize=256)
def _classes_near(words: frozenset[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Give the classes of the words of a sentence; asked once for each word in it."""
    classes = taxonomy.words.items()
    return tuple(f"near:{name}" for name, members in classes if not members.isdisjoint(words))


@lru_cache(maxsize=65536)
def _classes(forms: tuple[str, ...], taxonomy: Taxonomy) -> tuple[str, ...]:
    return tuple(name for name, words in taxonomy.words.items() if not words.isdisjoint(forms))


def _kind(token: Token, scene: Scene) -> str:
    """Give what a word is: its lemma, or the kind of name or number."""
    if token.i in scene.literal:
        return "<place>"
    entity = token.ent_type_
    if entity in _PLACES:
        return "<name>"
    if entity in _OTHERS:
        return f"<{entity.lower()}>"
    if token.is_space:
        return "<space>"
    return "<number>" if token.like_num else str(token.lemma_.lower())
