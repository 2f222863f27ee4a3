"""Find the words that say that an event happens, and turn away those that only look alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from geomap.events.conditions import Scene, forms_in, holds, ordinal_of
from geomap.events.focus import Focus
from geomap.events.forms import is_about_fighting, may_hold_event, trigger_forms, trigger_lemma
from geomap.events.taxonomy import EventType, Taxonomy, TriggerRule, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.records import Toponym

__all__ = ["FoundTrigger", "find_triggers", "is_about_fighting", "may_hold_event"]

# With so many different words of sport, weather or the like, and fewer of war, an article is
# about that: sieges, strikes and shots are figures of speech there.
FEWEST_PEACEFUL_WORDS = 4
_ARMED_ENTITIES = frozenset({"NORP", "GPE", "ORG"})


@dataclass(frozen=True, slots=True)
class FoundTrigger:
    """A trigger, its type, and the ordinal before it ("the second round").

    ``placed`` says that it counts only with a place ("the ministers met" alone does not).
    """

    token: Token
    type: EventType
    ordinal: str | None
    placed: bool


def find_triggers(
    doc: Doc,
    places: Sequence[tuple[Span, Toponym]],
    *,
    taxonomy: Taxonomy | None = None,
    focus: Focus | None = None,
) -> tuple[FoundTrigger, ...]:
    """Find the triggers of all types.

    Parameters
    ----------
    doc
        A parsed text.
    places
        Its toponyms with their spans, in the order of the text.
    taxonomy
        The event types; the built-in ones when ``None``.
    focus
        What each paragraph is about; made from the places when ``None``.

    Returns
    -------
    tuple of FoundTrigger
        In the order of the text; at most one type a token, the first in the
        order of the taxonomy.
    """
    taxonomy = taxonomy or load_taxonomy()
    focus = focus or Focus(doc, places)
    phrases = _phrases(doc, focus.text, taxonomy)
    forms = forms_in(doc)
    article = frozenset(chain.from_iterable(forms))
    war = taxonomy.is_about_fighting(article)
    if not war and taxonomy.peaceful_words(article) >= FEWEST_PEACEFUL_WORDS:
        taxonomy = taxonomy.for_peace
    found: list[FoundTrigger] = []
    before: frozenset[str] = frozenset()
    following = 0
    parsed = doc.has_annotation("DEP")
    known = trigger_forms(taxonomy).keys()
    for sentence in doc.sents:
        if parsed and not sentence.root.dep:  # the fast look has left it out
            before = frozenset()
            continue
        words = frozenset(chain.from_iterable(forms[sentence.start : sentence.end]))
        start = following
        while following < len(places) and places[following][0].start < sentence.end:
            following += 1
        inside = [p for p in places[start:following] if p[0].start >= sentence.start]
        for index in range(sentence.start, sentence.end):
            if index not in phrases and known.isdisjoint(forms[index]):
                continue
            token = doc[index]
            for kind, rule in _rules(token, taxonomy, phrases):
                scene = Scene(
                    token, sentence, words, forms, before, article, war, inside, taxonomy, focus
                )
                rows = [need for need in rule.needs if holds(need, scene)]
                if rule.needs and not rows:
                    continue
                if _is_something_else(scene, kind):
                    continue
                placed = bool(rows) and all("place" in row and len(row) > 1 for row in rows)
                found.append(FoundTrigger(token, kind, ordinal_of(token, taxonomy), placed))
                break
        before = words
    return tuple(_without_doubles(found))


def _phrases(
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


def _rules(
    token: Token,
    taxonomy: Taxonomy,
    phrases: dict[int, list[tuple[EventType, TriggerRule]]],
) -> Iterator[tuple[EventType, TriggerRule]]:
    """Give the rules that a token fulfils by lemma and part of speech, or by phrase."""
    lemma, lower = token.lemma_.lower(), token.lower_
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
    """Tell whether a word only looks like a trigger: no force, a figure of speech, a peaceful text."""
    unarmed = kind.geometry == "ring" and _ringed_unarmed(
        scene.token, scene.taxonomy, war=scene.war
    )
    if unarmed or _is_countered(scene, kind):
        return True
    needs = () if scene.war else kind.peace_needs
    return bool(needs) and not any(holds(need, scene) for need in needs)


def _is_countered(scene: Scene, kind: EventType) -> bool:
    """Tell whether a counter-pattern of the type covers the trigger."""
    offset = scene.token.idx - scene.sentence.start_char
    text = scene.sentence.text
    return scene.taxonomy.any_counter[kind.name].search(text.lower()) is not None and any(
        match.start() <= offset < match.end()
        for pattern in kind.counters
        for match in pattern.finditer(text)
    )


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


def _without_doubles(found: list[FoundTrigger]) -> Iterator[FoundTrigger]:
    """Keep one trigger where two of one type make one phrase ("missile strike", "shelling hit")."""
    kept: list[FoundTrigger] = []
    for trigger in sorted(found, key=lambda f: f.token.i):
        token = trigger.token
        start = token.sent.start
        partner = any(
            k.type.name == trigger.type.name and _one_phrase(k.token, token)
            for k in _from(start, kept)
        )
        if not partner:
            kept.append(trigger)
    yield from kept


def _from(start: int, kept: list[FoundTrigger]) -> Iterator[FoundTrigger]:
    """Give the triggers at and behind a token, the last one first."""
    return takewhile(lambda k: k.token.i >= start, reversed(kept))


def _one_phrase(first: Token, second: Token) -> bool:
    if first.pos_ == second.pos_ == "VERB":
        # Two verbs tell two things: "broke through the fence", "were fighting them".
        return False
    if first.head == second or second.head == first:
        return second.dep_ != "conj" or first.pos_ != second.pos_
    return (
        first.dep_ in {"compound", "amod", "nmod"}
        and first.head == second.head
        and second.dep_ != "conj"
    )
