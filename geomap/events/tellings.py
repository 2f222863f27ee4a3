"""Whether a word tells of an event, in the light of the other words of its text that may.

A model of signs (``weights/triggers.npz``) reads each word alone. What it says of a word's head,
its neighbours, the sentences beside, and the same word elsewhere tells more: "the attack" behind
"attacked" tells nothing new, a third siege in a text about sieges is one. Boosted trees over such
features look again at each likely type of each word (``weights/tellings.json``, and
``messages.json`` for texts of a few sentences, where little else is told;
``benchmarks/fit_tellings.py`` fits and measures them): stacking (Wolpert 1992, "Stacked
generalization"), as Liao & Grishman 2010 ("Using document level cross-event inference to improve
event extraction") did it for the events of a document. No feature grows with the length of a text:
those that they were fitted on are short.
"""

from __future__ import annotations

import bisect
import heapq
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from geomap.events.matters import MESSAGE_TOKENS
from geomap.weights import load_trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomap.events.verdicts import Verdicts

__all__ = ["NO_EVENT", "Standing", "Word", "likelihoods", "types_asked", "word_features"]

# The class of the model of signs for a word that tells of no event.
NO_EVENT = "none"
# A type is looked at again when it is one of the likeliest, or a rule says so: of 10,700 words and
# types between .01 and this chance 246 were right, across folds of the marked dispatches and gold.
LIKELIEST = 2
LEAST_CHANCE = 0.03
# Words that hardly tell of any event do not count for how many do: a paragraph on another matter
# changes nothing.
LEAST_TELLING = 0.1
# "Close by", in tokens.
CLOSE = 4
# Further words of a sentence or paragraph are not looked at: a text may lack full stops.
REACH = 64
# How surely a text tells of an armed conflict counts up to here: a paragraph on another matter,
# read together with a short one, takes a little away. Across folds at the words core F1 is .81 on
# the marks and .75 on the gold with .9, .95 and 1.
MOST_CERTAIN = 0.9
# What stands for no such place: further than any in the same sentence, or worth telling.
FAR, FARTHEST = 99, 200
# What the chance of any type is called, and what stands for the chance where no word is alike.
_EVENT = "event"
_NONE = -1.0
_PARTS = ("VERB", "NOUN", "ADJ", "PROPN")
_DEPENDENCIES = {
    "ROOT": "root", "conj": "conj", "compound": "modifier", "amod": "modifier", "pobj": "pobj",
    "nsubj": "subject", "nsubjpass": "subject", "dobj": "object", "ccomp": "clause",
    "xcomp": "clause", "advcl": "clause", "acl": "clause", "relcl": "clause",
}  # fmt: skip


class Standing(NamedTuple):
    """Where a word stands; everything is counted in tokens of its text.

    ``head`` is ``None`` for the root of a sentence. ``places`` and ``literal`` hold how far the
    last toponym before it and the next one behind it in its sentence stand (``FAR``: none), and
    how many are in it, of all and of the literal ones; ``last`` how far the last literal one of
    the text stands before it, at most ``FARTHEST``.
    """

    token: int
    head: int | None
    children: tuple[int, ...]
    conjuncts: tuple[int, ...]
    part: str
    dependency: str
    sentence: int
    start: int
    end: int
    paragraph: int
    places: tuple[int, int, int]
    literal: tuple[int, int, int]
    last: int


class Word(NamedTuple):
    """A word in question: where it stands, what the model of signs and the rules say of it.

    ``war`` and ``other_matter`` say what its text is about, ``conflict`` how likely it tells of an
    armed conflict.
    """

    lemma: str
    standing: Standing
    chances: Mapping[str, float]
    verdicts: Verdicts
    war: bool
    other_matter: bool
    conflict: float


def types_asked(word: Word) -> list[str]:
    """Give the types that are looked at again, in the order of the chances.

    Examples
    --------
    >>> from geomap.events.verdicts import Verdicts
    >>> standing = Standing(0, None, (), (), "NOUN", "ROOT", 0, 0, 9, 0, (99,) * 3, (99,) * 3, 200)
    >>> chances = {"none": 0.5, "strike": 0.3, "talks": 0.01, "corridor": 0.19}
    >>> verdicts = Verdicts(fulfilled={"talks": False})
    >>> types_asked(Word("hit", standing, chances, verdicts, True, False, 0.9))
    ['strike', 'talks', 'corridor']
    """
    types = {name: chance for name, chance in word.chances.items() if name != NO_EVENT}
    best = sorted(types, key=lambda name: -types[name])[:LIKELIEST]
    return [
        name
        for name, chance in types.items()
        if name in word.verdicts.fulfilled or (name in best and chance >= LEAST_CHANCE)
    ]


def likelihoods(words: Sequence[Word], *, tokens: int) -> list[dict[str, float]]:
    """Give for each word how likely it tells of each type that is asked for.

    Parameters
    ----------
    words
        The words in question of a whole text, in its order.
    tokens
        How many tokens the text has.

    Returns
    -------
    list of dict
        Type to likelihood, 0..1; a type that is not in it is unlikely. Empty for no words.
    """
    found: list[dict[str, float]] = [{} for _ in words]
    asked = [
        (number, name, features)
        for number, by_type in enumerate(word_features(words))
        for name, features in by_type.items()
    ]
    if asked:
        trees = load_trees("messages" if tokens <= MESSAGE_TOKENS else "tellings")
        likely = trees.probabilities(trees.table([features for _, _, features in asked]))
        for (number, name, _), chance in zip(asked, likely.tolist(), strict=True):
            found[number][name] = chance
    return found


def word_features(words: Sequence[Word]) -> Iterator[dict[str, dict[str, float]]]:
    """Give for each word, by type that is asked for, the features that the trees look at.

    Parameters
    ----------
    words
        As for :func:`likelihoods`.
    """
    text = _Text(words)
    for number, word in enumerate(words):
        asked = types_asked(word)
        if not asked:
            yield {}
            continue
        ranges = text.around(number)
        shared = {**_alone(word), **text.beside(number, ranges)}
        yield {
            name: {**shared, **_of_type(word, name), **text.of(number, name, ranges)}
            for name in asked
        }


def _alone(word: Word) -> dict[str, float]:
    """Give what holds of a word whatever the type."""
    at = word.standing
    features = {
        "none": word.chances[NO_EVENT],
        "rules": float(len(word.verdicts.fulfilled)),
        "war": float(word.war),
        "other_matter": float(word.other_matter),
        "conflict": min(word.conflict, MOST_CERTAIN),
        "place_before": float(at.places[0]),
        "place_behind": float(at.places[1]),
        "places": float(at.places[2]),
        "literal_before": float(at.literal[0]),
        "literal_behind": float(at.literal[1]),
        "literal": float(at.literal[2]),
        "last_place": float(at.last),
        "sentence_length": float(at.end - at.start),
        "in_sentence": float(at.token - at.start),
        "children": float(len(at.children)),
    }
    if at.part in _PARTS:
        features[f"part={at.part}"] = 1.0
    if at.dependency in _DEPENDENCIES:
        features[f"dependency={_DEPENDENCIES[at.dependency]}"] = 1.0
    return features


def _of_type(word: Word, name: str) -> dict[str, float]:
    """Give what model and rules say of a word's telling of a type."""
    types = [kind for kind in word.chances if kind != NO_EVENT]
    rival = max((word.chances[kind] for kind in types if kind != name), default=0.0)
    return {
        "type": float(types.index(name)),
        "chance": word.chances[name],
        "rival": rival,
        "best": float(word.chances[name] > rival),
        "fulfilled": float(name in word.verdicts.fulfilled),
        "possible": float(name in word.verdicts.possible),
        "countered": float(name in word.verdicts.countered),
    }


class _Text:
    """The words in question of a text, with what the model says of them, by type.

    Of a type the chances of all words stand in one list; that of any type is called ``_EVENT``.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._tokens = [word.standing.token for word in words]
        self._number = {token: number for number, token in enumerate(self._tokens)}
        self._bounds: dict[int, tuple[int, int]] = {}
        self._paragraphs: dict[int, int] = {}
        self._alike: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            first, _ = self._bounds.get(word.standing.sentence, (number, number))
            self._bounds[word.standing.sentence] = first, number + 1
            self._paragraphs.setdefault(word.standing.paragraph, number)
            self._alike[word.lemma].append(number)
        events = [1.0 - word.chances[NO_EVENT] for word in words]
        self._columns = {_EVENT: events}
        self._telling = [number for number, chance in enumerate(events) if chance >= LEAST_TELLING]
        self._told: dict[str, float] = {}
        self._sums: dict[tuple[str, str | None], tuple[float, float, float]] = {}

    def around(self, number: int) -> dict[str, tuple[int, int]]:
        """Give the words around one, as half-open ranges of their numbers."""
        at, tokens = self._words[number].standing, self._tokens
        first, end = self._bounds[at.sentence]
        near, far = max(first, number - REACH), min(end, number + 1 + REACH)
        earlier, before = self._bounds.get(at.sentence - 1, (0, 0))
        behind, later = self._bounds.get(at.sentence + 1, (0, 0))
        close = bisect.bisect_left(tokens, at.token - CLOSE, near, number)
        closed = bisect.bisect_right(tokens, at.token + CLOSE, number + 1, far)
        return {
            "before": (near, number),
            "behind": (number + 1, far),
            "close_before": (close, number),
            "close_behind": (number + 1, closed),
            "sentence_before": (max(earlier, before - REACH), before),
            "sentence_behind": (behind, min(later, behind + REACH)),
            "paragraph_before": (max(self._paragraphs[at.paragraph], first - REACH), first),
        }

    def beside(self, number: int, ranges: Mapping[str, tuple[int, int]]) -> dict[str, float]:
        """Give how likely the words around one tell of any event."""
        column = self._columns[_EVENT]
        sides = ("before", "behind", "close_before", "close_behind")
        return {
            **{f"event_{side}": _highest(column, *ranges[side]) for side in sides},
            **self._by_parse(number, column, "event"),
            "events_elsewhere": self._mean_elsewhere(number, _EVENT),
        }

    def of(self, number: int, name: str, ranges: Mapping[str, tuple[int, int]]) -> dict[str, float]:
        """Give how likely the words around one, and those like it, tell of a type."""
        column, own = self._column(name), self._column(name)[number]
        lemma = self._words[number].lemma
        others = len(self._alike[lemma]) - 1
        _, highest, second = self._summed(name)
        alike, most, next_most = self._summed(name, lemma)
        return {
            **{f"type_{side}": _highest(column, *bounds) for side, bounds in ranges.items()},
            **self._by_parse(number, column, "type"),
            "type_elsewhere": self._mean_elsewhere(number, name),
            "type_highest": second if own == highest else highest,
            "type_alike": (alike - own) / others if others else _NONE,
            "type_alike_highest": _NONE if not others else next_most if own == most else most,
        }

    def _mean_elsewhere(self, number: int, name: str) -> float:
        """Give the mean chance for a type over the other words that may well tell of an event."""
        column = self._column(name)
        if name not in self._told:
            self._told[name] = sum(column[n] for n in self._telling)
        counts = self._columns[_EVENT][number] >= LEAST_TELLING
        others = len(self._telling) - counts
        own = column[number] if counts else 0.0
        return (self._told[name] - own) / others if others else 0.0

    def _column(self, name: str) -> list[float]:
        """Give the chances of all words for a type."""
        if name not in self._columns:
            self._columns[name] = [word.chances.get(name, 0.0) for word in self._words]
        return self._columns[name]

    def _summed(self, name: str, lemma: str | None = None) -> tuple[float, float, float]:
        """Give the sum of the chances for a type, the highest, the second; of all or of a lemma."""
        if (name, lemma) not in self._sums:
            column = self._column(name)
            values = column if lemma is None else [column[n] for n in self._alike[lemma]]
            highest, second = (*heapq.nlargest(2, values), 0.0)[:2]
            self._sums[name, lemma] = sum(values), highest, second
        return self._sums[name, lemma]

    def _by_parse(self, number: int, column: Sequence[float], what: str) -> dict[str, float]:
        """Give how likely the words tell that a word hangs on, that hang on it, its conjuncts."""
        at = self._words[number].standing
        sides = {
            "head": () if at.head is None else (at.head,),
            "children": at.children,
            "conjuncts": at.conjuncts,
        }
        return {
            f"{what}_{side}": max(
                (column[self._number[token]] for token in tokens if token in self._number),
                default=0.0,
            )
            for side, tokens in sides.items()
        }


def _highest(column: Sequence[float], start: int, end: int) -> float:
    return max(column[start:end], default=0.0)
