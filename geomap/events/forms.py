"""Which sentences may hold an event: a fast look at the words, before any parse."""

from __future__ import annotations

import re
from functools import lru_cache

from geomap.events.taxonomy import Taxonomy, load_taxonomy
from geomap.lexicons import rules

__all__ = ["may_hold_event"]

_VOWELS = frozenset("aeiou")
# The shortest stem whose last letter may be doubled: "hit", "hitting".
_SHORTEST_DOUBLED = 3


def may_hold_event(sentence_text: str, *, taxonomy: Taxonomy | None = None) -> bool:
    """Tell whether a sentence holds a word that may start an event.

    It looks at word forms only, so it says yes more often than the parse will
    (nothing that :func:`geomap.events.triggers.find_triggers` finds is lost):
    a sentence without such a word need not be parsed for its events.

    Parameters
    ----------
    sentence_text
        One sentence, or any text.
    taxonomy
        The event types; the built-in ones when ``None``.

    Returns
    -------
    bool

    Examples
    --------
    >>> may_hold_event("Shells fell on the town, which troops have encircled.")
    True
    >>> may_hold_event("The minister opened a school for music.")
    False
    """
    return _pattern(taxonomy or load_taxonomy()).search(sentence_text.lower()) is not None


@lru_cache(maxsize=8)
def _pattern(taxonomy: Taxonomy) -> re.Pattern[str]:
    """Join the forms of all lemmas and all phrases into one expression."""
    forms = {form for lemma in taxonomy.by_lemma for form in forms_of(lemma)}
    words = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    phrases = [re.sub(r"\(\?P<\w+>", "(?:", p.pattern) for _, _, p in taxonomy.phrases]
    return re.compile("|".join([rf"\b(?:{words})\b", *phrases]))


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
