"""The words spaCy keeps: so many for good, and those of a text for as long as it is read.

spaCy stores every word that it ever met, 385 bytes each
(``benchmarks/growth_articles.py --words``). In a stream of articles new names never
end, so a process that reads for days grows for days. Once the vocabulary is
large enough for nearly all words of a text, the others are let go after it.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

__all__ = ["MOST_WORDS", "words_in_passing"]

# Words kept for good: 6 MB. The memory of lemmas (geomap.morphology) has room for them with their
# tags, and it stops learning when words begin to pass.
MOST_WORDS = 15_000

_LOCKS: WeakKeyDictionary[Language, RLock] = WeakKeyDictionary()


@contextmanager
def words_in_passing(nlp: Language) -> Iterator[None]:
    """Let go of the words that texts bring while this is open, when many are known.

    No :class:`~spacy.tokens.Doc` made in it may be used after it: read the
    records first. Threads that share a pipeline take turns, because none may
    meet a word that another one lets go.

    Parameters
    ----------
    nlp
        The pipeline that reads the texts.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> with words_in_passing(nlp):
    ...     len(nlp("Shells fell on Sumy."))
    5
    """
    with _LOCKS.setdefault(nlp, RLock()):
        if len(nlp.vocab) < MOST_WORDS or nlp.vocab.in_memory_zone:  # type: ignore[attr-defined]
            yield
        else:
            with nlp.memory_zone():
                yield
