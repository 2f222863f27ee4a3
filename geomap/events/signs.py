"""What stands around a word: the signs by which a model tells triggers from look-alikes.

The signs are those of feature-based event detection (Ahn 2006, "The stages of event
extraction", section 4.1: the word, its neighbours, the parse around it, the kinds of
names it goes with), with names replaced by what they are, and with the word classes
and the verdicts of the taxonomy's own rules beside them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from geomap.events.arcs import governor_of
from geomap.events.conditions import holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.events.scenes import Scene
    from geomap.events.taxonomy import Taxonomy
    from geomap.events.verdicts import Verdicts

__all__ = ["PARTS", "Signs", "about_war", "signs_of"]

# Parts of speech that a trigger may have: also what the tagger takes for a name or a number.
PARTS = frozenset({"VERB", "NOUN", "PROPN", "ADJ", "ADV", "NUM", "AUX", "ADP"})
_MODALS = frozenset(
    {"could", "may", "might", "would", "should", "will", "can", "must", "if", "unless"}
)
# Conditions of the taxonomy that are asked of every word, with the signs that they do and do not
# hold.
_ASKED = tuple(
    ((name,), f"{name}=True", f"{name}=False")
    for name in (
        "place", "target", "object_place", "on_place", "war_here", "occurs", "counted",
    )
)  # fmt: skip
_NEXT = (-2, -1, 1, 2)
# So far the words around count without their order.
_WINDOW = 6


class Signs(NamedTuple):
    """The signs of a word; some may stand twice.

    ``word`` is its lemma in lower case. Those ``alone`` say the same of every word; those
    ``paired`` count alone, and again for this word: a model may know "attack|near:troops".
    ``shared`` are such as well, the same for all words of a sentence.
    """

    word: str
    alone: list[str]
    paired: list[str]
    shared: tuple[str, ...]

    def names(self) -> list[str]:
        """Give all of them, as a model names them."""
        paired = [*self.paired, *self.shared]
        return [*self.alone, *paired, *(f"{self.word}|{sign}" for sign in paired)]


def signs_of(scene: Scene, verdicts: Verdicts) -> Signs:
    """Give the signs of a word.

    Parameters
    ----------
    scene
        The word and what stands around it.
    verdicts
        What the rules of the taxonomy say of it.

    Returns
    -------
    Signs
        Those that hold.
    """
    token = scene.token
    alone = [f"w={scene.own[0]}", *_around(scene)]
    if not verdicts.fulfilled:
        alone.append("is=none")
    paired = ["", f"p={token.pos_}", f"t={token.tag_}", f"d={token.dep_}"]
    paired += _beside(scene)
    paired += _arguments(scene)
    paired += [so if holds(need, scene) else not_so for need, so, not_so in _ASKED]
    paired += about_war(war=scene.war, message=scene.setting.message)
    paired.append(f"literal={bool(scene.literal)}")
    paired += _ruled(verdicts)
    shared = _classes_near(scene.setting.words, scene.taxonomy)
    return Signs(scene.own[1], alone, paired, shared)


def about_war(*, war: bool, message: bool) -> Iterator[str]:
    """Give the sign of what the text is about; a message often does not tell that it is about war.

    Parameters
    ----------
    war
        Whether it counts as about fighting.
    message
        Whether it is a message of a sentence or two.

    Examples
    --------
    >>> list(about_war(war=True, message=True)), list(about_war(war=False, message=True))
    (['war=True'], [])
    """
    if war or not message:
        yield f"war={war}"


def _beside(scene: Scene) -> Iterator[str]:
    """Give the two words on either side, in order."""
    setting, own = scene.setting, scene.token.i
    for step in _NEXT:
        inside = setting.start <= own + step < setting.end
        yield f"n{step}={setting.kinds[own + step] if inside else '#'}"


def _around(scene: Scene) -> Iterator[str]:
    """Give the words near by, and whether something may or will be, without their order."""
    setting, own = scene.setting, scene.token.i
    yield from filter(None, setting.near[max(setting.start, own - _WINDOW) : own])
    yield from filter(None, setting.near[own + 1 : min(setting.end, own + _WINDOW + 1)])
    if not _MODALS.isdisjoint(setting.words):
        yield "modal"
    if not setting.start:
        yield "title"


def _arguments(scene: Scene) -> Iterator[str]:
    """Give subjects, objects, modifiers and the verb above, by word and by word class."""
    token, setting = scene.token, scene.setting
    kinds = setting.kinds
    verb = governor_of(token)
    roles = (
        ("subject", scene.subjects),
        ("object", scene.objects),
        ("modifier", scene.modifiers),
        ("of", scene.behind),
        ("verb", [verb] if verb.i != token.i else []),
    )
    for role, nouns in roles:
        for noun in nouns:
            yield f"{role}={kinds[noun.i]}"
            for name in _classes(setting.forms[noun.i], scene.taxonomy):
                yield f"{role}:{name}"
    head = token.head
    yield f"h={kinds[head.i] if head.i != token.i else '#'}"
    for child in token.children:
        if child.dep_ in {"prep", "agent", "prt"}:
            for noun in child.children:
                yield f"{child.lower_}={kinds[noun.i]}"
            yield f"{child.dep_}={child.lower_}"


def _ruled(verdicts: Verdicts) -> Iterator[str]:
    """Give which types the rules say that the word may tell of, does, and only seems to."""
    for said, names in (
        ("may", verdicts.possible),
        ("is", verdicts.fulfilled),
        ("seems", verdicts.countered),
    ):
        for name in names:
            yield f"{said}={name}"


@lru_cache(maxsize=256)
def _classes_near(words: frozenset[str], taxonomy: Taxonomy) -> tuple[str, ...]:
    """Give the classes of the words of a sentence; asked once for each word in it."""
    known = taxonomy.classes_of
    found = {name for word in words if word in known for name in known[word]}
    return tuple(f"near:{name}" for name in found)


@lru_cache(maxsize=4096)
def _classes(forms: tuple[str, ...], taxonomy: Taxonomy) -> tuple[str, ...]:
    known = taxonomy.classes_of
    return tuple({name for word in forms for name in known.get(word, ())})
