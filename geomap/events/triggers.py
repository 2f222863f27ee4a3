"""Find the words that say that an event happens, and turn away those that only look alike.

The rules of the taxonomy say what a word may tell of. In an article about fighting a model
that learnt from marked dispatches (``benchmarks/fit_triggers.py``) decides, with those rules
among its signs; of a word or a type that it does not know the rules decide alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from geomap.events.conditions import ordinal_of
from geomap.events.focus import Focus
from geomap.events.forms import is_about_fighting, may_hold_event, trigger_forms
from geomap.events.matters import is_of_conflict, is_quiet
from geomap.events.scenes import Scene, Setting, forms_in, kinds_in, near_in
from geomap.events.signs import PARTS, signs_of
from geomap.events.standings import Standings, line_breaks
from geomap.events.taxonomy import EventType, Taxonomy, load_taxonomy
from geomap.events.tellings import NO_EVENT, Word, likelihoods
from geomap.events.verdicts import phrases_in, verdicts_on
from geomap.weights.wide import load_wide

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.events.verdicts import Verdicts
    from geomap.records import Toponym

__all__ = [
    "FoundTrigger", "find_triggers", "is_about_fighting", "may_hold_event", "scenes_in",
    "types_likely", "types_told",
]  # fmt: skip

# With so many different words of sport, weather or the like, and fewer of war, an article is
# about that: sieges, strikes and shots are figures of speech there.
FEWEST_PEACEFUL_WORDS = 4
# How likely it must be that a word tells of a type: the best F1 at the words of the marked
# dispatches, across folds (benchmarks/fit_tellings.py).
FEWEST_CHANCE = 0.45
# Where a rule says so, too, and of an event without a place: the least that keeps the events of the
# seed article, a long one; on seeds, development, wires and briefs .2 to .3 and .55 to .75 differ
# by .01 of event F1 at most.
FEWEST_CHANCE_AGREED = 0.2
FEWEST_CHANCE_WITHOUT_PLACE = 0.55
# In an article about other matters, where the model saw few events: the rules decide, except
# where it is sure. Where all words speak of something else the model must not think a word
# unlikely: on 640 texts of both kinds, marked or quiet, with likelihoods of models that had not seen
# them, core F1 .32 for .30, all .31 for .295; in the quiet ones a quarter fewer false core events.
FEWEST_CHANCE_AGREED_AT_PEACE = 0.015
FEWEST_CHANCE_AGREED_WHEN_QUIET = 0.3
FEWEST_CHANCE_AT_PEACE = 0.9
# What it must be in any such article. More would lose plain messages: talks of ministers that do
# not say what about have .07.
FEWEST_CHANCE_AT_PEACE_AGAIN = 0.05
# In a text without a word of another matter, a message of one sentence mostly.
FEWEST_CHANCE_OF_NEITHER = 0.6


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
) -> Iterator[tuple[Scene, Verdicts]]:
    """Give each word that may be a trigger, with what stands around it and what the rules say.

    Parameters
    ----------
    doc, places, taxonomy, focus
        As for :func:`find_triggers`.
    known
        Forms and lemmas, in lower case, of the words to look at; the phrases of the taxonomy
        are looked at in any case.
    """
    focus = focus or Focus(doc, places)
    phrases = phrases_in(doc, focus.text, taxonomy)
    forms = forms_in(doc)
    kinds = kinds_in(doc, forms, places)
    near = near_in(doc, kinds)
    article = frozenset(chain.from_iterable(forms))
    worded = taxonomy.has_war_words(list(_paragraphs(doc, forms)))
    war, quiet = is_of_conflict(focus.text, worded=worded), is_quiet(focus.text)
    if not war and taxonomy.peaceful_words(article) >= FEWEST_PEACEFUL_WORDS:
        taxonomy = taxonomy.for_peace
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
            sentence, words, forms, before, article, war, quiet, inside, taxonomy, focus, kinds,
            near,
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
    return Word(scene.own[1], standing, chances, verdicts, scene.war, setting.other_matter)


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
    if scene.war:
        told = types_likely(likely, verdicts.fulfilled)
    else:
        setting = scene.setting
        told = types_told(
            chances, verdicts.fulfilled, at_peace=setting.other_matter, quiet=setting.quiet
        )
        told = [name for name in told if likely.get(name, 0.0) >= FEWEST_CHANCE_AT_PEACE_AGAIN]
    sure = likely if scene.war else chances
    for name in told:
        if name in scene.taxonomy.types:
            alone = not scene.war and verdicts.fulfilled.get(name, False)
            yield name, alone or sure[name] < FEWEST_CHANCE_WITHOUT_PLACE
    for name, placed in verdicts.fulfilled.items():
        if name not in chances:  # a user's own type
            yield name, placed


def types_likely(likely: Mapping[str, float], fulfilled: Collection[str]) -> list[str]:
    """Decide of which types a word tells in an article about fighting.

    Parameters
    ----------
    likely
        How likely it tells of each type.
    fulfilled
        The types whose rules hold.

    Examples
    --------
    >>> types_likely({"strike": 0.7, "explosion": 0.35}, []), types_likely({"talks": 0.35}, ["talks"])
    (['strike'], ['talks'])
    """
    return [
        name
        for name, chance in likely.items()
        if chance >= (FEWEST_CHANCE_AGREED if name in fulfilled else FEWEST_CHANCE)
    ]


def types_told(
    chances: Mapping[str, float],
    fulfilled: Collection[str],
    *,
    at_peace: bool = True,
    quiet: bool = False,
) -> list[str]:
    """Decide of which type a word tells in an article that is not about fighting.

    Parameters
    ----------
    chances
        The model's chance of each of its classes.
    fulfilled
        The types whose rules hold.
    at_peace
        Whether it is about another matter: a message of one sentence may be about neither.
    quiet
        Whether all its words speak of something else.

    Returns
    -------
    list of str
        One type, or none.

    Examples
    --------
    >>> chances = {"none": 0.4, "strike": 0.5, "explosion": 0.1}
    >>> types_told(chances, []), types_told(chances, ["strike"])
    ([], ['strike'])
    """
    types = {name: chance for name, chance in chances.items() if name != NO_EVENT}
    agreed = [name for name in fulfilled if name in types]
    best = max(agreed or types, key=lambda name: types[name])
    alone = FEWEST_CHANCE_AT_PEACE if at_peace else FEWEST_CHANCE_OF_NEITHER
    ruled = FEWEST_CHANCE_AGREED_WHEN_QUIET if quiet else FEWEST_CHANCE_AGREED_AT_PEACE
    least = ruled if agreed else alone
    return [best] if (1.0 - chances[NO_EVENT] if agreed else types[best]) >= least else []


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
