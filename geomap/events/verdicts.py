"""What the rules of the taxonomy say of a word: which types it may tell of, and which it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.events.conditions import holds
from geomap.events.forms import trigger_lemma

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from spacy.tokens import Doc, Token

    from geomap.events.scenes import Scene
    from geomap.events.taxonomy import EventType, Taxonomy, TriggerRule

    Phrases = Mapping[int, list[tuple[EventType, TriggerRule]]]

__all__ = ["Verdicts", "phrases_in", "verdicts_on"]

_ARMED_ENTITIES = frozenset({"NORP", "GPE", "ORG"})


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the rules say of a word.

    Parameters
    ----------
    possible
        Names of the types that a rule gives for the word, in the order of the taxonomy.
    fulfilled
        Those whose conditions hold, each with whether it counts only with a place
        ("the ministers met" alone does not).
    countered
        Those that the word only looks like: a figure of speech, no force, a peaceful text.
    """

    possible: tuple[str, ...] = ()
    fulfilled: Mapping[str, bool] = field(default_factory=dict)
    countered: tuple[str, ...] = ()


def verdicts_on(scene: Scene, phrases: Phrases) -> Verdicts:
    """Ask the rules of a word.

    Parameters
    ----------
    scene
        The word and what stands around it.
    phrases
        What :func:`phrases_in` found.
    """
    possible: dict[str, None] = {}
    fulfilled: dict[str, bool] = {}
    countered: dict[str, None] = {}
    for kind, rule in _rules(scene, phrases):
        possible[kind.name] = None
        if kind.name in fulfilled:
            continue
        rows = [need for need in rule.needs if holds(need, scene)]
        if rule.needs and not rows:
            continue
        if _is_something_else(scene, kind):
            countered[kind.name] = None
            continue
        placed = bool(rows) and all("place" in row and len(row) > 1 for row in rows)
        fulfilled[kind.name] = placed
    return Verdicts(tuple(possible), fulfilled, tuple(countered))


def phrases_in(
    doc: Doc, text: str, taxonomy: Taxonomy
) -> dict[int, list[tuple[EventType, TriggerRule]]]:
    """Give the rules whose phrase the text holds, by the index of the trigger."""
    found: dict[int, list[tuple[EventType, TriggerRule]]] = {}
    # The one letter that grows in lower case would shift what stands behind it.
    lower = text.replace("İ", "i").lower()
    starts = [match.start() for match in taxonomy.phrase_starts.finditer(lower)]
    for kind, rule, pattern in taxonomy.phrases:
        end = 0
        for start in starts:
            match = pattern.match(text, start) if start >= end else None
            if match is None:
                continue
            end = match.end()
            group = match.lastgroup or 0
            span = doc.char_span(*match.span(group), alignment_mode="expand")
            if span is not None and len(span):
                found.setdefault(span[0].i, []).append((kind, rule))
    return found


def _rules(scene: Scene, phrases: Phrases) -> Iterator[tuple[EventType, TriggerRule]]:
    """Give the rules that a token fulfils by lemma and part of speech, or by phrase."""
    token, taxonomy = scene.token, scene.taxonomy
    lower, lemma = scene.own
    if token.pos_ == "PROPN":
        lemma = trigger_lemma(lower, taxonomy) or lemma
    pairs = taxonomy.by_lemma.get(lemma, ())
    if lower != lemma:
        pairs = (*pairs, *taxonomy.by_lemma.get(lower, ()))
    fitting = [pair for pair in pairs if _fits(token, pair[1])]
    # Phrases were looked for with all types; in an article about other matters some do not count.
    fitting += [pair for pair in phrases.get(token.i, ()) if pair[0].name in taxonomy.types]
    if len(fitting) > 1:
        order = {name: number for number, name in enumerate(taxonomy.types)}
        fitting = [pair for pair in fitting if pair[0].name in order]
        fitting.sort(key=lambda pair: order[pair[0].name])
    yield from fitting


def _fits(token: Token, rule: TriggerRule) -> bool:
    if token.pos_ not in rule.pos:
        return False
    if token.pos_ in {"ADJ", "ADV"} and token.dep_ == "amod" and token.head.pos_ != "NUM":
        # "besieged Mariupol" names the city, it reports nothing new; "ten dead" does.
        return False
    return not rule.plural or token.tag_ in {"NNS", "NNPS"} or token.lower_.endswith("s")


def _is_something_else(scene: Scene, kind: EventType) -> bool:
    """Tell whether a word only looks like a trigger: no force, a figure of speech, peace."""
    unarmed = kind.geometry == "ring" and _ringed_unarmed(
        scene.token, scene.taxonomy, war=scene.war
    )
    if unarmed or _is_countered(scene, kind):
        return True
    needs = () if scene.war else kind.peace_needs
    return bool(needs) and not any(holds(need, scene) for need in needs)


def _is_countered(scene: Scene, kind: EventType) -> bool:
    """Tell whether a counter-pattern of the type covers the trigger."""
    setting = scene.setting
    spans = setting.countered.get(kind.name)
    if spans is None:
        any_of_them = setting.taxonomy.any_counter[kind.name]
        patterns = kind.counters if any_of_them.search(setting.text.lower()) else ()
        spans = [m.span() for pattern in patterns for m in pattern.finditer(setting.text)]
        setting.countered[kind.name] = spans
    if not spans:
        return False
    offset = scene.token.idx - setting.sentence.start_char
    return any(start <= offset < end for start, end in spans)


def _ringed_unarmed(token: Token, taxonomy: Taxonomy, *, war: bool) -> bool:
    """Tell whether what surrounds a place is no force: hills, shops, fans."""
    if token.lemma_.lower() not in taxonomy.words["ring_words"]:
        return False
    agents = [
        noun
        for c in token.children
        if c.dep_ in {"agent", "prep"} and c.lower_ in {"by", "with"}
        for noun in c.children
        if noun.dep_ == "pobj"
    ]
    subjects = [c for c in token.children if c.dep_ == "nsubj" and c.pos_ == "NOUN"]
    crowds = [] if war else subjects
    return any(not _is_armed(noun.subtree, taxonomy) for noun in (*agents, *crowds))


def _is_armed(tokens: Iterable[Token], taxonomy: Taxonomy) -> bool:
    armed = taxonomy.words["troops"]
    return any(
        t.lemma_.lower() in armed or t.lower_ in armed or t.ent_type_ in _ARMED_ENTITIES
        for t in tokens
    )
