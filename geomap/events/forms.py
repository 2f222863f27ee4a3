"""Which sentences may hold an event: a fast look at the words, before any parse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.matters import conflict_likelihood, is_of_conflict
from geomap.events.taxonomy import Taxonomy, any_phrase, load_taxonomy
from geomap.events.taxonomy_file import IN_SENTENCE
from geomap.lexicons import rules
from geomap.weights.wide import load_wide

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "forms_of",
    "has_war_words",
    "is_about_fighting",
    "may_hold_event",
    "trigger_forms",
    "trigger_lemma",
]

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W_]+)*")

_VOWELS = frozenset("aeiou")
# The shortest stem whose last letter may be doubled: "hit", "hitting".
_SHORTEST_DOUBLED = 3


def may_hold_event(
    sentence_text: str, *, fighting: bool = True, taxonomy: Taxonomy | None = None
) -> bool:
    """Tell whether a sentence holds words that may start an event.

    It looks at word forms only, so it says yes more often than the parse will;
    nothing that :func:`geomap.events.triggers.find_triggers` finds is lost. A
    sentence without such words need not be parsed for its events.

    Parameters
    ----------
    sentence_text
        One sentence, or any text.
    fighting
        What :func:`is_about_fighting` says of the article: in one that is not
        about fighting fewer words start an event.
    taxonomy
        The event types; the built-in ones when ``None``.

    Returns
    -------
    bool

    Examples
    --------
    >>> may_hold_event("Shells fell on the town, which troops have encircled.")
    True
    >>> may_hold_event("The minister praised a school for music.")
    False
    """
    look = _look(taxonomy or load_taxonomy())
    text = sentence_text.lower()
    words = _words(text)
    if fighting and not words.isdisjoint(look.learnt):
        return True
    for word in words & look.rows.keys():
        if any(_may_hold(row, words, look, fighting=fighting) for row in look.rows[word]):
            return True
    return look.phrases.search(text) is not None and any(
        any(_may_hold(row, words, look, fighting=fighting) for row in rows)
        and pattern.search(text) is not None
        for pattern, rows in look.phrase_rows
    )


@lru_cache(maxsize=8)
def trigger_forms(taxonomy: Taxonomy) -> Mapping[str, str]:
    """Give the lemma of each form that may start an event, in lower case."""
    return {form: lemma for lemma in taxonomy.by_lemma for form in forms_of(lemma)}


def trigger_lemma(form: str, taxonomy: Taxonomy) -> str | None:
    """Give the lemma of a form that may start an event, for words that the tagger misread.

    Parameters
    ----------
    form
        In lower case, e.g. ``"corridors"`` of a heading in capitals.
    taxonomy
        The event types.

    Returns
    -------
    str or None
        ``None`` for other words.
    """
    return trigger_forms(taxonomy).get(form)


def is_about_fighting(text: str, *, taxonomy: Taxonomy | None = None) -> bool:
    """Tell whether an article is about fighting, by its words.

    Parameters
    ----------
    text
        The article.
    taxonomy
        ``[war]`` says which words of weapons and troops, and how many different ones.

    Examples
    --------
    >>> is_about_fighting("Tanks and artillery of the army shelled the village.")
    True
    """
    worded = has_war_words(text, taxonomy=taxonomy)
    return is_of_conflict(conflict_likelihood(text), worded=worded)


def has_war_words(text: str, *, taxonomy: Taxonomy | None = None) -> bool:
    """Tell whether an article has more words of weapons and troops than of another matter.

    Parameters
    ----------
    text, taxonomy
        As for :func:`is_about_fighting`.
    """
    taxonomy = taxonomy or load_taxonomy()
    look = _look(taxonomy)
    return taxonomy.has_war_words(
        [
            frozenset(w for form in _words(line) for w in (form, look.lemmas.get(form, form)))
            for line in text.lower().split("\n")
        ]
    )


def _words(text: str) -> frozenset[str]:
    """Give the words, and the parts of compounds, at which the tokeniser cuts."""
    words = _WORD.findall(text)
    return frozenset([*words, *(part for w in words if "-" in w for part in w.split("-"))])


@dataclass(frozen=True, slots=True)
class _Look:
    """Forms of trigger words with what their rows ask for, ready to be looked up.

    A row is the word classes of which the sentence must hold a word, and
    whether the article must be about fighting. ``learnt`` are the forms of the
    words that the model of triggers judges, in an article about fighting.
    """

    rows: Mapping[str, tuple[tuple[tuple[str, ...], bool], ...]]
    classes: Mapping[str, frozenset[str]]
    phrases: re.Pattern[str]
    phrase_rows: tuple[tuple[re.Pattern[str], tuple[tuple[tuple[str, ...], bool], ...]], ...]
    lemmas: Mapping[str, str]
    learnt: frozenset[str]


def _may_hold(
    row: tuple[tuple[str, ...], bool], words: frozenset[str], look: _Look, *, fighting: bool
) -> bool:
    classes, needs_war = row
    return (fighting or not needs_war) and all(
        not words.isdisjoint(look.classes[name]) for name in classes
    )


@lru_cache(maxsize=8)
def _look(taxonomy: Taxonomy) -> _Look:
    rows: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for lemma, pairs in taxonomy.by_lemma.items():
        needs = [_asked(need) for _, rule in pairs for need in rule.needs or ((),)]
        for form in forms_of(lemma):
            rows.setdefault(form, []).extend(needs)
    return _Look(
        rows={form: tuple(dict.fromkeys(needs)) for form, needs in rows.items()},
        classes={name: _forms_of_class(words) for name, words in taxonomy.words.items()},
        phrases=re.compile(any_phrase(taxonomy)),
        phrase_rows=tuple(
            (pattern, tuple(_asked(need) for need in rule.needs or ((),)))
            for _, rule, pattern in taxonomy.phrases
        ),
        lemmas={
            form: word
            for word in sorted(taxonomy.war_words | taxonomy.words[taxonomy.further_war_class])
            for form in forms_of(word)
        },
        learnt=_forms_of_class(load_wide("triggers").words),
    )


def _forms_of_class(words: frozenset[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in forms_of(word))


def _asked(need: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    parts = [part.partition(":") for part in need if not part.startswith("no:")]
    classes = tuple(kind for name, _, kind in parts if kind and name in IN_SENTENCE)
    return classes, any(name == "war" for name, _, _ in parts)


@lru_cache(maxsize=4096)
def forms_of(lemma: str) -> tuple[str, ...]:
    """Give the forms of a verb or noun, irregular ones from ``lexicons/forms.toml``.

    Parameters
    ----------
    lemma
        In lower case.

    Returns
    -------
    tuple of str
        The lemma first. Some forms may not exist ("hitted"); none is lacking.

    Examples
    --------
    >>> forms_of("seize")
    ('seize', 'seizes', 'seized', 'seizing')
    """
    irregular = rules("forms")["irregular"].get(lemma, ())
    if lemma.endswith("e"):
        regular = [f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"]
    elif lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        regular = [f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"]
    else:
        plural = f"{lemma}es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else f"{lemma}s"
        stems = [lemma]
        if len(lemma) >= _SHORTEST_DOUBLED and lemma[-1] not in _VOWELS:
            stems.append(lemma + lemma[-1])
        regular = [plural, *(s + ending for s in stems for ending in ("ed", "ing"))]
    return tuple(dict.fromkeys([lemma, *regular, *irregular]))
