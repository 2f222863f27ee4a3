"""Find the words that say that an event happens, and turn away those that only look alike.

The rules of the taxonomy say what a word may tell of. A model that learnt from marked dispatches
(``benchmarks/fit_triggers.py``) decides, with those rules among its signs, and trees that look at
all words of the text (``benchmarks/fit_tellings.py``); of a word or a type that the model does not
know the rules decide alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from geomap.events.conditions import ordinal_of
from geomap.events.focus import Focus
from geomap.events.forms import is_about_fighting, may_hold_event, trigger_forms
from geomap.events.matters import MESSAGE_TOKENS, conflict_likelihood, is_of_conflict
from geomap.events.scenes import Scene, Setting, forms_in, kinds_in, near_in
from geomap.events.signs import PARTS, signs_of
from geomap.events.standings import Standings, line_breaks
from geomap.events.taxonomy import EventType, Taxonomy, load_taxonomy
from geomap.events.tellings import Word, likelihoods
from geomap.events.verdicts import phrases_in, verdicts_on
from geomap.weights.wide import load_wide

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.events.verdicts import Verdicts
    from geomap.records import Toponym

__all__ = [
    "FoundTrigger", "find_triggers", "is_about_fighting", "may_hold_event", "scenes_in",
    "types_likely",
]  # fmt: skip

# With so many different words of sport, weather or the like, and fewer of war, an article is
# about that: sieges, strikes and shots are figures of speech there.
FEWEST_PEACEFUL_WORDS = 4
# How likely it must be that a word tells of a type, where a rule says so too, and for an event
# without a place. The values keep the events of the seed article, a long one. On marked texts that
# the models have not seen .45 finds more (core F1 .59, with .5 .58), on the gold .45 to .5 are one;
# .2 to .3 and .45 to .7 differ by .005 at most on both.
FEWEST_CHANCE = 0.48
FEWEST_CHANCE_AGREED = 0.2
FEWEST_CHANCE_WITHOUT_PLACE = 0.6
# In a message that does not seem to be about fighting, whatever the rules say: more would lose
# plain ones ("Talks between the foreign ministers of Russia and Ukraine took place in Antalya.").
FEWEST_CHANCE_UNTOLD = 0.55


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
        In the order of the text.
    """
    taxonomy = taxonomy or load_taxonomy()
    known = _known_words(taxonomy)
    found = []
    scenes = list(scenes_in(doc, places, known, taxonomy=taxonomy, focus=focus))
    chances = list(_chances(scenes))
    likely = _likelihoods(doc, places, scenes, chances)
    for (scene, verdicts), said, again in zip(scenes, chances, likely, strict=True):
        for name, placed in _decided(scene, verdicts, said, again):
            kind = scene.taxonomy.types[name]
            ordinal = ordinal_of(scene.token, scene.taxonomy)
            found.append(FoundTrigger(scene.token, kind, ordinal, placed))
    return tuple(_without_doubles(found))


def scenes_in(
    doc: Doc,
    places: Sequence[tuple[Span, Toponym]],
    known: frozenset[str],
    *,
    taxonomy: Taxonomy,
    focus: Focus | None = None,
    conflict: float | None = None,
    message: bool | None = None,
) -> Iterator[tuple[Scene, Verdicts]]:
    """Give each word that may be a trigger, with what stands around it and what the rules say.

    Parameters
    ----------
    doc, places, taxonomy, focus
        As for :func:`find_triggers`.
    known
        Forms and lemmas, in lower case, of the words to look at; the phrases of the taxonomy
        are looked at in any case.
    conflict
        How likely the text tells of an armed conflict; what
        :func:`geomap.events.matters.conflict_likelihood` says when ``None``.
    message
        Whether the text is a message of a sentence or two; by its length when ``None``.
    """
    focus = focus or Focus(doc, places)
    phrases = phrases_in(doc, focus.text, taxonomy)
    forms = forms_in(doc)
    kinds = kinds_in(doc, forms, places)
    near = near_in(doc, kinds)
    article = frozenset(chain.from_iterable(forms))
    worded = taxonomy.has_war_words(list(_paragraphs(doc, forms)))
    conflict = conflict_likelihood(focus.text) if conflict is None else conflict
    war = is_of_conflict(conflict, worded=worded)
    if not war and taxonomy.peaceful_words(article) >= FEWEST_PEACEFUL_WORDS:
        taxonomy = taxonomy.for_peace
    message = len(doc) <= MESSAGE_TOKENS if message is None else message
    before: frozenset[str] = frozenset()
    following = 0
    parsed = doc.has_annotation("DEP")
    for sentence in doc.sents:
        if parsed and not sentence.root.dep:  # the fast look has left it out
            before = frozenset()
            continue
        words = frozenset(chain.from_iterable(forms[sentence.start : sentence.end]))
        start = following
        while following < len(places) and places[following][0].start < sentence.end:
            following += 1
        inside = [p for p in places[start:following] if p[0].start >= sentence.start]
        setting = Setting(
            sentence, words, forms, before, article, war, message, conflict, inside, taxonomy,
            focus, kinds, near,
        )  # fmt: skip
        for index in range(sentence.start, sentence.end):
            if index in phrases or not known.isdisjoint(forms[index]):
                scene = Scene(doc[index], setting)
                yield scene, verdicts_on(scene, phrases)
        before = words


def _paragraphs(doc: Doc, forms: Sequence[Iterable[str]]) -> Iterator[frozenset[str]]:
    """Give the forms and lemmas of each paragraph."""
    start = 0
    for end in (*line_breaks(doc), len(doc)):
        yield frozenset(chain.from_iterable(forms[start:end]))
        start = end


@lru_cache(maxsize=8)
def _known_words(taxonomy: Taxonomy) -> frozenset[str]:
    """Give the forms and lemmas that the rules or the model know."""
    return frozenset(trigger_forms(taxonomy)) | load_wide("triggers").words


def _chances(scenes: Sequence[tuple[Scene, Verdicts]]) -> Iterator[Mapping[str, float] | None]:
    """Give what the model says of each word; ``None`` of those that it does not know."""
    model = load_wide("triggers")
    learnt = [
        s.token.pos_ in PARTS and s.own[1] in model.words and _may_tell(s, v) for s, v in scenes
    ]
    asked = [signs_of(*pair) for pair, known in zip(scenes, learnt, strict=True) if known]
    answers = iter(model.chances(asked))
    return (next(answers) if known else None for known in learnt)


def _may_tell(scene: Scene, verdicts: Verdicts) -> bool:
    """Pass over a preposition that no rule knows; one in five of the words in question is one.

    Of 7,000 in the development corpora the model found that none tells of an event.
    """
    return bool(verdicts.possible) or scene.token.pos_ != "ADP"


def _likelihoods(
    doc: Doc,
    places: Sequence[tuple[Span, Toponym]],
    scenes: Sequence[tuple[Scene, Verdicts]],
    chances: Sequence[Mapping[str, float] | None],
) -> Iterator[Mapping[str, float]]:
    """Give what the words are likely to tell of; nothing for those that the model does not know."""
    known = [(*pair, said) for pair, said in zip(scenes, chances, strict=True) if said is not None]
    if not known:
        return iter([{}] * len(scenes))
    standings = Standings(doc, places)
    words = [_word(standings, *one) for one in known]
    answers = iter(likelihoods(words, tokens=len(doc)))
    return (next(answers) if said is not None else {} for said in chances)


def _word(
    standings: Standings, scene: Scene, verdicts: Verdicts, chances: Mapping[str, float]
) -> Word:
    """Give a word in question with all that is said of it."""
    setting = scene.setting
    standing = standings.of(scene.token, setting.start, setting.end)
    return Word(
        scene.own[1], standing, chances, verdicts, scene.war, setting.other_matter,
        setting.conflict,
    )  # fmt: skip


def _decided(
    scene: Scene,
    verdicts: Verdicts,
    chances: Mapping[str, float] | None,
    likely: Mapping[str, float],
) -> Iterator[tuple[str, bool]]:
    """Give the types of which a word tells, each with whether it counts only with a place."""
    if chances is None:
        yield from list(verdicts.fulfilled.items())[:1]
        return
    untold = scene.setting.message and not scene.war
    for name in types_likely(likely, verdicts.fulfilled, untold=untold):
        if name in scene.taxonomy.types:
            alone = not scene.war and verdicts.fulfilled.get(name, False)
            yield name, alone or likely[name] < FEWEST_CHANCE_WITHOUT_PLACE
    for name, placed in verdicts.fulfilled.items():
        if name not in chances:  # a user's own type
            yield name, placed


def types_likely(
    likely: Mapping[str, float], fulfilled: Collection[str], *, untold: bool = False
) -> list[str]:
    """Decide of which types a word tells, in the light of all words of its text.

    Parameters
    ----------
    likely
        How likely it tells of each type.
    fulfilled
        The types whose rules hold.
    untold
        Whether the text is a message that does not seem to be about fighting: it often does not
        tell, and what a word looks like is no proof there.

    Examples
    --------
    >>> types_likely({"strike": 0.7, "explosion": 0.35}, ["explosion"])
    ['strike', 'explosion']
    >>> types_likely({"strike": 0.7, "explosion": 0.35}, ["explosion"], untold=True)
    ['strike']
    """
    agreed = FEWEST_CHANCE_UNTOLD if untold else FEWEST_CHANCE_AGREED
    alone = FEWEST_CHANCE_UNTOLD if untold else FEWEST_CHANCE
    return [
        name
        for name, chance in likely.items()
        if chance >= (agreed if name in fulfilled else alone)
    ]


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
