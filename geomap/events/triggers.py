"""Find the words that say that an event happens, and turn away those that only look alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.relations import is_object_by_order
from geomap.events.taxonomy import EventType, TriggerRule, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.records import Toponym

__all__ = ["FoundTrigger", "find_triggers"]

_ORDINALS = frozenset(
    {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "next", "new", "another",
     "further", "previous", "last", "final", "latest", "1st", "2nd", "3rd", "fresh"}
)  # fmt: skip
_OBJECTS = frozenset({"dobj", "nsubjpass", "pobj", "attr"})
_TARGET_PREPOSITIONS = frozenset(
    {"on", "at", "in", "against", "near", "into", "across", "of", "outside", "around", "over"}
)
_FEWEST_PARTIES = 2
# Different words of weapons and troops that make an article one about fighting.
# Local news of the development corpora holds two at the most in nine of ten articles.
_FEWEST_WAR_WORDS = 3


@dataclass(frozen=True, slots=True)
class FoundTrigger:
    """A trigger, its type, and the ordinal before it ("the second round").

    ``placed`` says that it counts only with a place ("the ministers met" alone does not).
    """

    token: Token
    type: EventType
    ordinal: str | None
    placed: bool


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the conditions look at: the trigger, its sentence, the toponyms in it."""

    token: Token
    sentence: Span
    before: Span | None
    places: Sequence[tuple[Span, Toponym]]
    article_talks: bool
    article_war: bool

    def says(self, kind: str, *, also_before: bool = False) -> bool:
        words = load_taxonomy().words[kind]
        spans = [self.sentence, self.before] if also_before and self.before else [self.sentence]
        return any(
            (t.lemma_.lower() in words or t.lower_ in words) and t.i != self.token.i
            for span in spans
            if span is not None
            for t in span
        )


def find_triggers(doc: Doc, places: Sequence[tuple[Span, Toponym]]) -> tuple[FoundTrigger, ...]:
    """Find the triggers of all types.

    Parameters
    ----------
    doc
        A parsed text.
    places
        Its toponyms with their spans.

    Returns
    -------
    tuple of FoundTrigger
        In the order of the text; at most one type a token.
    """
    taxonomy = load_taxonomy()
    talks = any(t.lower_ in {"talks", "negotiations", "negotiation"} for t in doc)
    armed = taxonomy.words["weapon"] | taxonomy.words["troops"]
    war = len({t.lemma_.lower() for t in doc} & armed) >= _FEWEST_WAR_WORDS
    found = []
    before: Span | None = None
    for sentence in doc.sents:
        inside = [p for p in places if sentence.start <= p[0].start < sentence.end]
        for kind in taxonomy.types.values():
            blocked = _blocked(sentence.text, kind)
            for token in sentence:
                rule = _rule(token, kind)
                if rule is None or any(
                    s <= token.idx - sentence.start_char < e for s, e in blocked
                ):
                    continue
                if _ringed_by_things(token) or (not war and _ringed_by_crowds(token)):
                    continue
                scene = _Scene(token, sentence, before, inside, talks, war)
                if not rule.needs or any(_holds(need, scene) for need in rule.needs):
                    placed = bool(rule.needs) and all("+place" in need for need in rule.needs)
                    found.append(FoundTrigger(token, kind, _ordinal(token), placed))
        before = sentence
    return tuple(_without_doubles(found))


def _ringed_by_things(token: Token) -> bool:
    """Tell whether a place is surrounded by what is no force: hills, shops, fans."""
    if token.lemma_.lower() not in {"surround", "envelop", "surrounded"}:
        return False
    agents = [
        n
        for c in token.children
        if c.dep_ in {"agent", "prep"} and c.lower_ in {"by", "with"}
        for n in c.children
    ]
    armed = load_taxonomy().words["troops"]
    return any(
        n.dep_ == "pobj"
        and not any(
            d.lemma_.lower() in armed or d.lower_ in armed or d.ent_type_ in {"NORP", "GPE", "ORG"}
            for d in n.subtree
        )
        for n in agents
    )


def _ringed_by_crowds(token: Token) -> bool:
    """Tell whether those who surround are people without arms: "fans surrounded the bus"."""
    if token.lemma_.lower() not in {"surround", "encircle", "block"}:
        return False
    armed = load_taxonomy().words["troops"]
    subjects = [c for c in token.children if c.dep_ == "nsubj" and c.pos_ == "NOUN"]
    return any(
        not any(
            t.lemma_.lower() in armed or t.ent_type_ in {"NORP", "GPE", "ORG"}
            for t in subject.subtree
        )
        for subject in subjects
    )


def _blocked(text: str, kind: EventType) -> list[tuple[int, int]]:
    return [m.span() for pattern in kind.counters for m in pattern.finditer(text)]


def _rule(token: Token, kind: EventType) -> TriggerRule | None:
    lemma, lower = token.lemma_.lower(), token.lower_
    for rule in kind.triggers:
        if (lemma in rule.lemmas or lower in rule.lemmas) and token.pos_ in rule.pos:
            if token.pos_ in {"ADJ", "ADV"} and token.dep_ == "amod":
                # "besieged Mariupol" names the city, it reports nothing new.
                continue
            if (
                rule.plural
                and token.tag_ not in {"NNS", "NNPS"}
                and lower not in {"summit", "negotiations", "talks"}
            ):
                continue
            return rule
    return None


def _holds(need: str, scene: _Scene) -> bool:
    return all(_CONDITIONS[part](scene) for part in need.split("+"))


def _tied(scene: _Scene, *, literal: bool) -> bool:
    """Tell whether a toponym hangs below the trigger or beside it under one verb."""
    token = scene.token
    near = set(token.subtree)
    if token.head.pos_ in {"VERB", "AUX"} or token.dep_ in {"pobj", "relcl", "acl"}:
        near |= set(token.head.subtree)
        if token.dep_ == "pobj":
            # "the third round of negotiations will take place in X": the round's verb.
            governor = token.head.head
            governor = governor.head if governor.pos_ == "NOUN" else governor
            if governor.pos_ in {"VERB", "AUX"}:
                near |= set(governor.subtree)
    return any(
        (span.root in near or is_object_by_order(token, span))
        and (not literal or toponym.reading != "metonymic")
        for span, toponym in scene.places
    )


def _has_target(scene: _Scene) -> bool:
    """Tell whether a building, town word or place is the object, passive subject or aim."""
    token = scene.token
    words = load_taxonomy().words["target"]
    named = {span.root.i for span, toponym in scene.places if toponym.reading != "metonymic"}
    nouns = [c for c in token.children if c.dep_ in {"dobj", "nsubjpass"}]
    if token.dep_ in {"acl", "relcl"}:
        nouns.append(token.head)
    for child in token.children:
        if child.dep_ in {"prep", "agent"} and child.lower_ in _TARGET_PREPOSITIONS:
            nouns += [c for c in child.children if c.dep_ == "pobj"]
    heads = [t for noun in nouns for t in (noun, *noun.conjuncts)]
    return any(
        t.lemma_.lower() in words or t.lower_ in words or t.i in named
        or any(d.i in named or d.lower_ in words for d in t.subtree if d.i < token.i or t.i > token.i)
        for t in heads
    )  # fmt: skip


def _place_object(scene: _Scene) -> bool:
    named = {span.root.i for span, toponym in scene.places if toponym.reading == "literal"}
    return any(c.dep_ in {"dobj", "nsubjpass"} and c.i in named for c in scene.token.children) and (
        scene.token.lemma_ != "target" or scene.says("troops")
    )


def _target_passive(scene: _Scene) -> bool:
    """Tell whether a building of war reports was hit: "the airport was hit"."""
    words = load_taxonomy().words["target"]
    passive = [c for c in scene.token.children if c.dep_ == "nsubjpass"]
    return any(c.lemma_.lower() in words for c in passive) and _tied(scene, literal=True)


def _weapon_argument(scene: _Scene) -> bool:
    words = load_taxonomy().words["weapon"]
    arguments = [c for c in scene.token.children if c.dep_ in {"dobj", "nsubjpass", "nsubj"}]
    return any(
        d.lemma_.lower() in words and d.pos_ in {"NOUN", "PROPN"}
        for c in arguments
        for d in (c, *c.conjuncts, *(x for x in c.children if x.dep_ in {"compound", "amod"}))
    )


def _weapon_modifier(scene: _Scene) -> bool:
    words = load_taxonomy().words["weapon"] - {"tank", "precision"}
    return any(
        d.lemma_.lower() in words or d.lower_ in words
        for d in scene.token.lefts
        if d.dep_ in {"compound", "amod", "nmod"}
    )


def _impact_verb(scene: _Scene) -> bool:
    words = load_taxonomy().words["impact"]
    token = scene.token
    head = token.head
    other = any(
        t.lemma_.lower()
        in {"strike", "hit", "fire", "launch", "drop", "attack", "airstrike", "shelling"}
        for t in scene.sentence
        if t.i != token.i and t.head.i == token.i
    )
    return (
        token.dep_ in {"nsubj", "nsubjpass"}
        and head.lemma_.lower() in words
        and head.lemma_.lower() not in {"hit", "strike"}
        and not other
    )


def _parties(scene: _Scene) -> bool:
    states = {
        toponym.place.id
        for _, toponym in scene.places
        if toponym.place is not None and toponym.place.feature_code.startswith(("PCL", "PPLC"))
    }
    peoples = {t.lower_ for t in scene.sentence if t.ent_type_ == "NORP"}
    return len(states) + len(peoples) >= _FEWEST_PARTIES or scene.says("parties")


def _delegates(scene: _Scene) -> bool:
    """Tell whether those who meet are officials or delegations."""
    words = load_taxonomy().words["delegates"]
    subjects = [c for c in scene.token.children if c.dep_ in {"nsubj", "dobj", "nsubjpass"}]
    return any(d.lemma_.lower() in words for c in subjects for d in c.subtree)


def _round_of_talks(scene: _Scene) -> bool:
    if _ordinal(scene.token) is None or not scene.article_talks:
        return False
    # "round of negotiations" is found by "negotiations" itself.
    return not any(
        t.lower_ in {"talks", "negotiations", "negotiation"} for t in scene.token.subtree
    )


def _safe_passage(scene: _Scene) -> bool:
    modifiers = {t.lower_ for t in scene.token.lefts}
    return bool(modifiers & {"safe", "humanitarian", "evacuation", "free", "secure", "green"})


def _named_corridor(scene: _Scene) -> bool:
    """Tell whether a road corridor with a name is closed, opened or blocked."""
    token = scene.token
    named = token.pos_ == "PROPN" or any(t.pos_ == "PROPN" for t in token.lefts)
    verbs = {"close", "open", "reopen", "block", "blockade", "shut", "establish"}
    return named and token.head.lemma_ in verbs


def _planned_evacuation(scene: _Scene) -> bool:
    """Tell whether an evacuation is spoken of as an undertaking that works or fails."""
    token = scene.token
    verbs = {
        "fall",
        "fail",
        "collapse",
        "begin",
        "start",
        "postpone",
        "suspend",
        "halt",
        "thwart",
        "disrupt",
        "cancel",
        "delay",
    }
    return (
        token.dep_ in {"nsubj", "nsubjpass"}
        and token.head.lemma_ in verbs
        and not any(t.lower_ in {"corridor", "corridors"} for t in scene.sentence)
    )


_CONDITIONS: Mapping[str, Callable[[_Scene], bool]] = {
    "war": lambda scene: scene.article_war,
    "weapon": lambda scene: scene.says("weapon"),
    "target": _has_target,
    "place": lambda scene: _tied(scene, literal=True),
    "place_object": _place_object,
    "target_passive": _target_passive,
    "people": lambda scene: scene.says("people", also_before=True),
    "parties": _parties,
    "delegates": _delegates,
    "troops": lambda scene: scene.says("troops", also_before=True),
    "talks_before": lambda scene: scene.article_talks,
    "weapon_argument": _weapon_argument,
    "weapon_modifier": _weapon_modifier,
    "impact_verb": _impact_verb,
    "round_of_talks": _round_of_talks,
    "safe_passage": _safe_passage,
    "named_corridor": _named_corridor,
    "planned_evacuation": _planned_evacuation,
}


def _ordinal(token: Token) -> str | None:
    """Give the ordinal of "the second round of talks" or "a third round"."""
    chain = [token]
    if token.dep_ == "pobj" and token.head.lower_ == "of":
        chain.append(token.head.head)
    for noun in chain:
        for left in noun.lefts:
            if left.lower_ in _ORDINALS:
                return left.lower_
    return None


def _without_doubles(found: list[FoundTrigger]) -> Iterator[FoundTrigger]:
    """Keep one trigger where two of one type make one phrase ("missile strike", "shelling hit")."""
    kept: list[FoundTrigger] = []
    for trigger in sorted(found, key=lambda f: f.token.i):
        token = trigger.token
        partner = next(
            (
                k
                for k in kept
                if k.type.name == trigger.type.name
                and k.token.sent.start == token.sent.start
                and _one_phrase(k.token, token)
            ),
            None,
        )
        if partner is None and not any(k.token.i == token.i for k in kept):
            kept.append(trigger)
    yield from kept


def _one_phrase(first: Token, second: Token) -> bool:
    if first.head == second or second.head == first:
        return second.dep_ != "conj" or first.pos_ != second.pos_
    return (
        first.dep_ in {"compound", "amod", "nmod"}
        and first.head == second.head
        and second.dep_ != "conj"
    )
