"""Conditions of triggers: what must stand around a word for it to start an event.

The taxonomy names them; :data:`geomap.events.taxonomy_file.CONDITIONS` lists the names.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.arcs import carried_by, governor_of, phrase_of
from geomap.events.relations import is_object_by_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from spacy.tokens import Token

    from geomap.events.scenes import Scene
    from geomap.events.taxonomy import Taxonomy

__all__ = ["holds", "occurs", "ordinal_of"]

_TARGET_PREPOSITIONS = frozenset(
    {"on", "at", "in", "against", "near", "into", "across", "of", "outside", "around", "over"}
)
_FEWEST_PARTIES = 2
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
# Endings of English nouns for people (Quirk et al. 1985, appendix I.32, nouns of agent).
_HUMAN_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "person", "ant", "ee")


def holds(need: Sequence[str], scene: Scene) -> bool:
    """Tell whether all conditions of a row hold.

    Parameters
    ----------
    need
        Names as in the taxonomy: ``("near:weapon", "place", "no:compound")``.
    scene
        The trigger and its surroundings.
    """
    known = scene.known
    for part in need:
        found = known.get(part)
        if found is None:
            found = known[part] = _part_holds(part, scene)
        if not found:
            return False
    return True


def _part_holds(part: str, scene: Scene) -> bool:
    name, kind, wanted = _read(part)
    if kind:
        found = _CLASS_CONDITIONS[name](scene, kind)
    elif name in scene.taxonomy.conditions:
        found = any(holds(row, scene) for row in scene.taxonomy.conditions[name])
    else:
        found = _CONDITIONS[name](scene)
    return found == wanted


@lru_cache(maxsize=4096)
def _read(part: str) -> tuple[str, str, bool]:
    """Cut "no:near:weapon" into name, word class and whether it is to hold."""
    bare = part.removeprefix("no:")
    name, _, kind = bare.partition(":")
    return name, kind, bare == part


def _near(scene: Scene, kind: str) -> bool:
    words = scene.taxonomy.words[kind] & scene.setting.words
    if not words:
        return False
    return bool(words.difference(scene.own)) or scene.has(scene.setting.tokens, kind)


def _around(scene: Scene, kind: str) -> bool:
    return _near(scene, kind) or not scene.taxonomy.words[kind].isdisjoint(scene.setting.before)


def _governed(scene: Scene, kind: str) -> bool:
    verb = governor_of(scene.token)
    return verb != scene.token and scene.has([verb], kind)


def _predicated(scene: Scene, kind: str) -> bool:
    """Tell whether an adjective or verb said of the noun is of a class: "the crossing is open"."""
    head = scene.token.head
    if scene.token.dep_ not in {"nsubj", "nsubjpass"}:
        return False
    return scene.has(
        [head, *(c for c in head.children if c.dep_ in {"acomp", "attr", "oprd"})], kind
    )


def _in_phrases(nouns: Iterable[Token], scene: Scene, kind: str) -> bool:
    return any(scene.has(phrase_of(noun), kind) for noun in nouns)


def _argument(scene: Scene, kind: str) -> bool:
    arguments = [c for c, dep in scene.arcs if dep in {"dobj", "nsubjpass", "nsubj"}]
    words = scene.taxonomy.words[kind]
    return any(
        d.lemma_.lower() in words and d.pos_ in {"NOUN", "PROPN"}
        for c in arguments
        for d in (c, *c.conjuncts, *(x for x in c.children if x.dep_ in {"compound", "amod"}))
    )


_CLASS_CONDITIONS: Mapping[str, Callable[[Scene, str], bool]] = {
    "near": _near,
    "around": _around,
    "before": lambda scene, kind: not scene.taxonomy.words[kind].isdisjoint(scene.setting.before),
    "article": lambda scene, kind: not scene.taxonomy.words[kind].isdisjoint(scene.setting.article),
    "subject": lambda scene, kind: _in_phrases(scene.subjects, scene, kind),
    "object": lambda scene, kind: _in_phrases(scene.objects, scene, kind),
    "subject_head": lambda scene, kind: scene.has(scene.subjects, kind),
    "object_head": lambda scene, kind: scene.has(scene.objects, kind),
    "of": lambda scene, kind: _in_phrases(scene.behind, scene, kind),
    "modifier": lambda scene, kind: scene.has(scene.modifiers, kind),
    "named": lambda scene, kind: (
        scene.has(scene.modifiers, kind)
        or _in_phrases([*scene.behind, *carried_by(scene.token)], scene, kind)
    ),
    "below": lambda scene, kind: scene.has(scene.token.subtree, kind),
    "argument": _argument,
    "passive": lambda scene, kind: scene.has(
        [c for c in scene.token.children if c.dep_ == "nsubjpass"], kind
    ),
    "governor": _governed,
    "predicate": _predicated,
    "subject_of": lambda scene, kind: (
        scene.token.dep_ in {"nsubj", "nsubjpass"} and scene.has([scene.token.head], kind)
    ),
}


def _tied(scene: Scene) -> bool:
    """Tell whether a literal toponym hangs below the trigger or beside it under one verb."""
    if not scene.places:
        return False
    token = scene.token
    tops = {token.i}
    if token.head.pos_ in {"VERB", "AUX"} or token.dep_ in {"pobj", "relcl", "acl"}:
        tops.add(token.head.i)
        if token.dep_ == "pobj":
            # "the third round of negotiations will take place in X": the round's verb.
            governor = token.head.head
            governor = governor.head if governor.pos_ == "NOUN" else governor
            if governor.pos_ in {"VERB", "AUX"}:
                tops.add(governor.i)
    return any(
        _hangs_below(root, tops) or is_object_by_order(token, span)
        for span, root in scene.setting.acted_on
    )


def _hangs_below(token: Token, tops: set[int]) -> bool:
    """Tell whether a token is one of some others, by index, or hangs on one."""
    return token.i in tops or any(ancestor.i in tops for ancestor in token.ancestors)


def _has_target(scene: Scene) -> bool:
    """Tell whether a building, town word or place is the object, passive subject or aim."""
    token = scene.token
    words = scene.taxonomy.words["target"]
    named = {root.i for _, root in scene.setting.acted_on}
    nouns = [c for c, dep in scene.arcs if dep in {"dobj", "nsubjpass"}]
    if token.dep_ in {"acl", "relcl"}:
        nouns.append(token.head)
    for child, dep in scene.arcs:
        if dep in {"prep", "agent"} and child.lower_ in _TARGET_PREPOSITIONS:
            nouns += [c for c in child.children if c.dep_ == "pobj"]
    heads = [t for noun in nouns for t in (noun, *noun.conjuncts)]
    return any(
        t.lemma_.lower() in words
        or t.lower_ in words
        or t.i in named
        or any((d.i in named or d.lower_ in words) and d.i != token.i for d in t.subtree)
        for t in heads
    )


def _impact(scene: Scene) -> bool:
    """Tell whether a weapon comes down: "a missile tore a hole in the building"."""
    words = scene.taxonomy.words
    token, head = scene.token, scene.token.head
    other = any(
        t.lemma_.lower() in words["fire_words"] and t.i != token.i and t.head.i == token.i
        for t in scene.setting.tokens
    )
    lemma = head.lemma_.lower()
    return (
        token.dep_ == "nsubj"
        and lemma in words["impact"]
        and lemma not in words["fire_words"]
        and not other
    )


def _two_states(scene: Scene) -> bool:
    states = {
        toponym.place.country or toponym.place.id
        for _, toponym in scene.places
        if toponym.place is not None and toponym.place.feature_code.startswith(("PCL", "PPLC"))
    }
    peoples = {t.lower_ for t in scene.setting.tokens if t.ent_type_ == "NORP"}
    return len(states) + len(peoples) >= _FEWEST_PARTIES


def _parties(scene: Scene) -> bool:
    return _two_states(scene) or _near(scene, "parties")


def _war_here(scene: Scene) -> bool:
    """Tell whether a sentence on its own speaks of war more than of sport, trade or the like."""
    place, own = scene.token.i, scene.own
    of_war = scene.setting.of_war
    war = {lemma for i, lower, lemma in of_war if i != place and lower not in own}
    peaceful = (len(words.difference(own)) for words in scene.setting.of_peace)
    return len(war) > max(peaceful, default=0)


def _on_place(scene: Scene) -> bool:
    preps = [c for c, dep in scene.arcs if dep == "prep" and c.lower_ in {"on", "over"}]
    return any(c.i in scene.literal for p in preps for c in p.children)


def _round_of_talks(scene: Scene) -> bool:
    words = scene.taxonomy.words["talks_words"]
    if ordinal_of(scene.token, scene.taxonomy) is None or not words & scene.setting.article:
        return False
    # "round of negotiations" is found by "negotiations" itself.
    return not any(t.lower_ in words for t in scene.token.subtree)


def _is_number(token: Token) -> bool:
    return token.pos_ == "NUM" or token.like_num


def _counted(scene: Scene) -> bool:
    token = scene.token
    near = [*token.lefts, *(t for c in token.conjuncts for t in c.lefts)]
    # "Seven dead": the number is the head.
    near += [token.head] if token.dep_ in {"amod", "acl"} else []
    return any(_is_number(t) or t.lower_ in {"several", "dozens", "many"} for t in near)


def occurs(token: Token, taxonomy: Taxonomy) -> bool:
    """Tell whether the sentence says that something takes place (or does not, or will).

    Parameters
    ----------
    token
        The trigger; a verb always does.
    taxonomy
        Its word class ``occur`` holds the verbs.
    """
    if token.pos_ == "VERB":
        return True
    words = taxonomy.words["occur"]
    head = token
    while head.dep_ in {"pobj", "prep", "compound", "conj", "appos"} and head.head != head:
        head = head.head
        if head.pos_ in {"VERB", "AUX"}:
            break
    verb = head if head.pos_ in {"VERB", "AUX"} else head.head
    direct = head.dep_ in {"nsubj", "nsubjpass", "dobj", "attr", "ROOT"} or verb == head
    relative = any(
        c.dep_ == "relcl" and c.lemma_.lower() in words for c in (*token.children, *head.children)
    )
    return relative or (direct and verb.pos_ in {"VERB", "AUX"} and verb.lemma_.lower() in words)


def _modified_place(scene: Scene) -> bool:
    """Tell whether a place stands before the noun: "the Kherson liberation", "Kherson's fall"."""
    return any(t.i in scene.literal for t in scene.token.lefts)


def _ends_in_colon(sentence: Sequence[Token]) -> bool:
    last = next((t for t in reversed(sentence) if not t.is_space), None)
    return last is not None and last.text == ":"


def _is_human(noun: Token, taxonomy: Taxonomy) -> bool:
    """Tell whether a noun stands for people, by its kind of name or its ending."""
    if noun.ent_type_ in {"PERSON", "NORP"} or noun.lower_ in taxonomy.words["nobody"]:
        return True
    things = (
        taxonomy.words["infrastructure"] | taxonomy.words["weapon"] | taxonomy.words["hardware"]
    )
    lemma = noun.lemma_.lower()
    return noun.pos_ == "NOUN" and lemma not in things and lemma.endswith(_HUMAN_ENDINGS)


def _is_it(noun: Token) -> bool:
    return noun.lower_ in {"it", "which", "that"}


def _here(scene: Scene) -> bool:
    """Tell whether a place is tied to the trigger, or known from the text before it."""
    return (
        _tied(scene)
        or scene.setting.focus.pointed_at(scene.token) is not None
        or scene.setting.focus.of_paragraph(scene.token) is not None
        or scene.setting.focus.main is not None
    )


def _object_place(scene: Scene) -> bool:
    """Tell whether the object is a literal toponym, by the parse or by the order of words."""
    return any(n.i in scene.literal for n in scene.objects if n.dep_ != "oprd") or any(
        is_object_by_order(scene.token, span) for span, t in scene.places if t.reading == "literal"
    )


_CONDITIONS: Mapping[str, Callable[[Scene], bool]] = {
    "place": _tied,
    "target": _has_target,
    "object_place": _object_place,
    "subject_place": lambda scene: any(n.i in scene.literal for n in scene.subjects),
    "of_place": lambda scene: any(n.i in scene.literal for n in scene.behind),
    "modified_place": _modified_place,
    "parties": _parties,
    "two_states": _two_states,
    "war_here": _war_here,
    "on_place": _on_place,
    "round": lambda scene: ordinal_of(scene.token, scene.taxonomy) is not None,
    "object_number": lambda scene: any(_is_number(n) for n in scene.objects),
    "object_counted": lambda scene: any(
        d.dep_ == "nummod" for n in scene.objects for d in n.lefts
    ),
    "subject_number": lambda scene: any(_is_number(n) for n in scene.subjects),
    "counted": _counted,
    "occurs": lambda scene: occurs(scene.token, scene.taxonomy),
    "compound": lambda scene: scene.token.dep_ in {"compound", "amod", "nmod"},
    "proper": lambda scene: (
        scene.token.pos_ == "PROPN" or any(t.pos_ == "PROPN" for t in scene.token.lefts)
    ),
    "headline": lambda scene: not any(t.tag_ in _FINITE for t in scene.setting.tokens),
    "colon": lambda scene: _ends_in_colon(scene.setting.tokens),
    "impact": _impact,
    "round_of_talks": _round_of_talks,
    "here": _here,
    "object_it": lambda scene: any(_is_it(n) for n in scene.objects),
    "subject_it": lambda scene: any(_is_it(n) for n in scene.subjects),
    "subject_pronoun": lambda scene: any(n.pos_ == "PRON" for n in scene.subjects),
    "object_human": lambda scene: any(
        _is_human(n, scene.taxonomy) for n in scene.objects
    ),
    "aimed": lambda scene: any(
        c.dep_ == "prep" and c.lower_ in {"at", "on", "upon", "into", "towards"}
        for c in scene.token.children
    ),
    "subject_state": lambda scene: any(
        n.ent_type_ in {"GPE", "NORP"} for n in scene.subjects
    ),
    "war": lambda scene: scene.war,
}  # fmt: skip


def ordinal_of(token: Token, taxonomy: Taxonomy) -> str | None:
    """Give the ordinal of "the second round of talks" or "a third round"; ``None`` without one."""
    chain = [token]
    if token.dep_ == "pobj" and token.head.lower_ == "of":
        chain.append(token.head.head)
    for noun in chain:
        for left in noun.lefts:
            if left.lower_ in taxonomy.words["ordinals"]:
                return left.lower_
    return None
