"""Parts of speech and lemmas of words that were seen before, from memory.

spaCy's attribute ruler and rule lemmatiser match some 180 patterns at every
token, which costs as much as the parser. All but a few patterns look at one
token: at its text, tag and dependency. What they give for these three is
remembered; the components themselves are asked about what is new, and about
the few patterns of two words ("there is", "let's").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from spacy import symbols
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Key = tuple[int, int, int]
    Forms = tuple[int, int, int, int]

__all__ = ["Morphology", "is_by_word"]

_ASKED: list[int | str] = ["ORTH", "TAG", "DEP"]
_GIVEN: list[int | str] = ["TAG", "POS", "LEMMA", "DEP"]
# What a pattern may look at so that text, tag and dependency decide it.
_DECIDED = frozenset({"TEXT", "ORTH", "LOWER", "NORM", "SHAPE", "IS_SPACE", "TAG", "DEP"})
# So many words with tags take 20 MB; news needs half of them. Then memory starts anew.
MOST_REMEMBERED = 60_000
# Stands between two words in question, so that no pattern of two words meets them as neighbours.
_FILLER = ("\u241f", "SYM", "punct")


def is_by_word(ruler: object, lemmatizer: object) -> bool:
    """Tell whether a token's text, tag and dependency decide what two components give.

    Parameters
    ----------
    ruler, lemmatizer
        Components of a pipeline; trained lemmatisers look around a word and do not count.
    """
    return (
        type(ruler) is AttributeRuler
        and isinstance(lemmatizer, Lemmatizer)
        and lemmatizer.mode in {"rule", "lookup"}
        and all(
            _DECIDED.issuperset(token)
            for row in ruler.patterns
            for pattern in cast("Iterable[Iterable[Mapping[str, Any]]]", row["patterns"])
            for token in pattern
        )
    )


class Morphology:
    """An attribute ruler and a lemmatiser in one, with a memory.

    Parameters
    ----------
    ruler, lemmatizer
        Components for which :func:`is_by_word` holds.
    """

    name = "morphology"

    def __init__(self, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self._ruler = ruler
        self._lemmatizer = lemmatizer
        self._neighbours = AttributeRuler(ruler.vocab)
        self._neighbours.add_patterns(_of_neighbours(ruler.patterns))
        self._known: dict[Key, Forms] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set parts of speech and lemmas of a tagged and parsed text."""
        keys: list[Key] = [tuple(row) for row in doc.to_array(_ASKED).tolist()]
        new = dict.fromkeys(key for key in keys if key not in self._known)
        if len(self._known) + len(new) > MOST_REMEMBERED:
            self._known.clear()
            new = dict.fromkeys(keys)
        if new:
            self._known.update(self._looked_up(doc, list(new)))
        forms = np.array([self._known[key] for key in keys], dtype=np.uint64)
        for _, _, start, end in self._matches(doc):
            forms[start:end] = self._asked(doc, [(*key, 0) for key in keys[start:end]])
        if len(doc):
            doc.from_array(_GIVEN, forms)  # type: ignore[arg-type]
        return doc

    def _matches(self, doc: Doc) -> list[tuple[int, int, int, int]]:
        return self._neighbours.match(doc) if len(self._neighbours.matcher) else []

    def _looked_up(self, doc: Doc, keys: Sequence[Key]) -> Mapping[Key, Forms]:
        strings = doc.vocab.strings
        word, tag, dep = (strings.add(text) for text in _FILLER)
        # With a part of speech of its own the lemmatiser does not warn that there is none.
        filler = (word, tag, dep, symbols.SYM)
        apart = [row for key in keys for row in ((*key, 0), filler)]
        return dict(zip(keys, self._asked(doc, apart)[::2], strict=True))

    def _asked(self, doc: Doc, rows: Sequence[tuple[int, int, int, int]]) -> list[Forms]:
        """Ask the components themselves about words in this order."""
        strings = doc.vocab.strings
        part = Doc(doc.vocab, words=[strings[orth] for orth, *_ in rows])
        values = np.array([row[1:] for row in rows], dtype=np.uint64)
        part.from_array(["TAG", "DEP", "POS"], values)  # type: ignore[arg-type]
        part = self._lemmatizer(self._ruler(part))
        # It remembers every word it was asked about, without an end; here that is done already.
        self._lemmatizer.cache.clear()
        return [tuple(row) for row in part.to_array(_GIVEN).tolist()]


def _of_neighbours(patterns: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Keep the patterns of several words."""
    kept = []
    for row in patterns:
        long = [pattern for pattern in row["patterns"] if len(pattern) > 1]
        if long:
            kept.append({**row, "patterns": long})
    return kept
