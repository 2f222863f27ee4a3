"""What stands around a word: the signs by which a model tells triggers from look-alikes.

The signs are those of feature-based event detection (Ahn 2006, "The stages of event
extraction", section 4.1: the word, its neighbours, the parse around it, the kinds of
names it goes with), with names replaced by what they are, and with the word classes
and the verdicts of the taxonomy's own rules beside them.
"""

from __future__ import annotations

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
    from geomap.events.verdicts import Verdicts

__all__ = ["PARTS", "signs_of"]

# Parts of speech that a trigger may have: also what the tagger takes for a name or a number.
PARTS = frozenset({"VERB", "NOUN", "PROPN", "ADJ", "ADV", "NUM", "AUX", "ADP"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_OTHERS = frozenset({"PERSON", "ORG", "NORP", "DATE"})
_CONTENT = frozenset({"VERB", "NOUN", "PROPN", "ADJ"})
_MODALS = frozenset(
    {"could", "may", "might", "would", "should", "will", "can", "must", "if", "unless"}
)
# Conditions of the taxonomy that are asked of every word.
_ASKED = (
    "place", "target", "object_place", "on_place", "war_here", "occurs", "counted", "war",
)  # fmt: skip
_BESIDE = (-3, -2, -1, 1, 2, 3)
# Neighbours so near are taken together with the word.
_NEXT = 2
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
    plain = [*_of_word(scene), *_of_parse(scene), *_of_conditions(scene)]
    with_word = [*_beside(scene), *_of_arguments(scene)]
    return [
        *plain,
        *with_word,
        *(f"{lemma}|{sign}" for sign in (*_with_lemma(scene), *with_word)),
        *_of_verdicts(verdicts, lemma),
    ]
