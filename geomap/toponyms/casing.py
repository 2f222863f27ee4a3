"""Give a text in capitals back its small letters, so that names can be told from words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geomap.lexicons import words as word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["truecase"]

# A stretch of so many words, nearly all in capitals, is a heading or a telex and no acronym.
FEWEST_WORDS = 4
CAPITALS_SHARE = 0.9
# So many words in capitals such a stretch holds at least.
FEWEST_CAPITALS = math.ceil(CAPITALS_SHARE * FEWEST_WORDS)
_ENDS = frozenset(".!?…")


def truecase(words: Sequence[str]) -> list[str]:
    """Write the words of sentences in capitals as a text in mixed case would have them.

    Parameters
    ----------
    words
        The tokens of a text.

    Returns
    -------
    list of str
        As many, each as long as before where lower case has the same length:
        English words in small letters, others with a capital; sentences in
        mixed case as they are.

    Examples
    --------
    >>> truecase("SHELLS FELL ON KHARKOV TODAY .".split())
    ['Shells', 'fell', 'on', 'Kharkov', 'today', '.']
    >>> truecase("In the USA".split())
    ['In', 'the', 'USA']
    """
    result = list(words)
    if sum(map(str.isupper, words)) < FEWEST_CAPITALS:
        return result
    start = 0
    for number in range(len(words) + 1):
        if number == len(words) or words[number] in _ENDS or "\n" in words[number]:
            if _is_in_capitals(words[start:number]):
                result[start:number] = _cased(words[start:number])
            start = number + 1
    return result


def _is_in_capitals(words: Sequence[str]) -> bool:
    long = [word for word in words if len(word) > 1 and word.isalpha()]
    return len(long) >= FEWEST_WORDS and sum(map(str.isupper, long)) >= CAPITALS_SHARE * len(long)


def _cased(words: Sequence[str]) -> list[str]:
    english = word_list("english_words") | word_list("short_words")
    cased = []
    for number, word in enumerate(words):
        lower = word.lower()
        if not word.isalpha() or len(lower) != len(word):
            cased.append(word)
        elif lower in english and number:
            cased.append(lower)
        else:
            cased.append(word[0] + lower[1:])
    return cased
