"""Parts of speech and lemmas of words that were seen before, from memory.

spaCy's attribute ruler and rule lemmatiser match some 180 patterns at every
token, which costs as much as the parser. All but a few patterns look at one
token: at its text, tag and dependency. What they give for these three is
remembered; the components themselves are asked about what is new, and about
the few patterns of two words ("there is", "let's"). The patterns name some
hundred words: all others of one tag and dependency are one to the ruler.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from spacy.lookups import Lookups
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.strings import StringStore

    Key = tuple[int, int, int]
    # Without the word where no pattern names it.
    Kind = tuple[int | None, int, int]
    Forms = tuple[int, ...]

__all__ = ["Morphology", "is_by_word"]

_ASKED: list[int | str] = ["ORTH", "TAG", "DEP"]
_GIVEN: list[int | str] = ["TAG", "POS", "LEMMA", "DEP"]
_RULED: list[int | str] = [*_GIVEN, "MORPH"]
# What a pattern may look at so that text, tag and dependency decide it.
_DECIDED = frozenset({"TEXT", "ORTH", "LOWER", "NORM", "SHAPE", "IS_SPACE", "TAG", "DEP"})
# What is looked at to see whether a text may hold a pattern of several words.
_TOLD = ("LOWER", "TAG", "DEP")
# So many words with tags take 10 MB. Then memory starts anew.
MOST_REMEMBERED = 30_000
# Stands between two words in question, so that no pattern of two words meets them as neighbours.
_FILLER = ("\u241f", "SYM", "punct")
# The table of the rule lemmatiser that it searches from its start for each form it tries.
_SEARCHED = "lemma_index"


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
        self._lemmatizer = _sooner(lemmatizer)
        self._neighbours = AttributeRuler(ruler.vocab)
        self._neighbours.add_patterns(_of_neighbours(ruler.patterns))
        self._asked_for = _asked_for(self._neighbours.patterns, ruler.vocab.strings)
        self._named = _named_words(ruler.patterns)
        self._known: dict[Key, Forms] = {}
        self._kinds: dict[Kind, Forms] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set parts of speech and lemmas of a tagged and parsed text."""
        keys: list[Key] = [tuple(row) for row in doc.to_array(_ASKED).tolist()]
        new = dict.fromkeys(key for key in keys if key not in self._known)
        known = self._known
        if doc.vocab.in_memory_zone:  # type: ignore[attr-defined]
            # Words that spaCy lets go after the text: their numbers stand for nothing then.
            if new:
                kinds = dict(self._kinds)
                known = {**self._looked_up(doc, list(new)), **self._of(keys)}
                self._kinds = kinds
        else:
            if len(known) + len(new) > MOST_REMEMBERED:
                known.clear()
                self._kinds.clear()
                new = dict.fromkeys(keys)
            if new:
                known.update(self._looked_up(doc, list(new)))
        forms = np.array([known[key] for key in keys], dtype=np.uint64)
        for _, _, start, end in self._matches(doc, keys):
            forms[start:end] = self._asked(doc, keys[start:end])
        if len(doc):
            doc.from_array(_GIVEN, forms)  # type: ignore[arg-type]
        return doc

    def _of(self, keys: Iterable[Key]) -> Mapping[Key, Forms]:
        return {key: self._known[key] for key in keys if key in self._known}

    def _matches(self, doc: Doc, keys: Sequence[Key]) -> list[tuple[int, int, int, int]]:
        """Look for the patterns of several words where a text may hold one."""
        if not self._asked_for:
            return []
        lowers = doc.to_array(["LOWER"]).ravel().tolist()
        _, tags, deps = zip(*keys, strict=True) if keys else ((), (), ())
        held = dict(zip(_TOLD, map(set, (lowers, tags, deps)), strict=True))
        possible = any(
            all(not held[name].isdisjoint(wanted) for name, wanted in pattern)
            for pattern in self._asked_for
        )
        return self._neighbours.match(doc) if possible else []

    def _looked_up(self, doc: Doc, keys: Sequence[Key]) -> Mapping[Key, Forms]:
        """Give the forms of new words: what the ruler says of their kinds, and their lemmas."""
        kinds = [self._kind(doc, key) for key in keys]
        new = {kind: key for kind, key in zip(kinds, keys, strict=True) if kind not in self._kinds}
        if new:
            self._kinds.update(zip(new, self._ruled_apart(doc, list(new.values())), strict=True))
        part = _made(doc, keys, _RULED, [self._kinds[kind] for kind in kinds])
        return dict(zip(keys, self._lemmatised(part), strict=True))

    def _kind(self, doc: Doc, key: Key) -> Kind:
        """Give what the ruler looks at: a word only where a pattern may name it."""
        orth, tag, dep = key
        if self._named is None:
            return key
        lexeme = doc.vocab[orth]
        if lexeme.is_space or lexeme.lower_ in self._named:
            return key
        return None, tag, dep

    def _ruled_apart(self, doc: Doc, keys: Sequence[Key]) -> list[Forms]:
        """Ask the ruler about words that are no neighbours."""
        strings = doc.vocab.strings
        word, tag, dep = (strings.add(text) for text in _FILLER)
        apart = [row for key in keys for row in (key, (word, tag, dep))]
        part = self._ruler(_made(doc, apart, ["TAG", "DEP"], [row[1:] for row in apart]))
        return _rows(part, _RULED)[::2]

    def _asked(self, doc: Doc, keys: Sequence[Key]) -> list[Forms]:
        """Ask the components themselves about words in this order."""
        part = _made(doc, keys, ["TAG", "DEP"], [key[1:] for key in keys])
        return self._lemmatised(self._ruler(part))

    def _lemmatised(self, part: Doc) -> list[Forms]:
        rows = _rows(self._lemmatizer(part), _GIVEN)
        # It remembers every word it was asked about, without an end; here that is done already.
        self._lemmatizer.cache.clear()
        return rows


def _made(
    doc: Doc, keys: Sequence[Key], names: list[int | str], values: Sequence[tuple[int, ...]]
) -> Doc:
    """Make a text of some words with attributes."""
    strings = doc.vocab.strings
    part = Doc(doc.vocab, words=[strings[orth] for orth, *_ in keys])
    return part.from_array(names, np.array(values, dtype=np.uint64))  # type: ignore[arg-type]


def _rows(doc: Doc, names: list[int | str]) -> list[Forms]:
    return [tuple(row) for row in doc.to_array(names).tolist()]


def _sooner(lemmatizer: Lemmatizer) -> Lemmatizer:
    """Make a lemmatiser that looks its forms up where the given one searches a list of 50,000."""
    made = type(lemmatizer)(
        lemmatizer.vocab, lemmatizer.model, lemmatizer.name, mode=lemmatizer.mode,
        overwrite=lemmatizer.overwrite,
    )  # fmt: skip
    made.lookups = Lookups()
    for name in lemmatizer.lookups.tables:
        table = dict(lemmatizer.lookups.get_table(name))
        if name == _SEARCHED:
            table = {part: dict.fromkeys(forms) for part, forms in table.items()}
        made.lookups.add_table(name, table)
    return made


def _named_words(patterns: Iterable[Mapping[str, Any]]) -> frozenset[str] | None:
    """Give the words that patterns of one word name, in lower case.

    ``None`` when they may look at a word in more ways than by its name: by its shape, or a
    regular expression.
    """
    asked = [
        (name, value)
        for row in patterns
        for pattern in row["patterns"]
        if len(pattern) == 1
        for name, value in pattern[0].items()
        if name not in {"TAG", "DEP", "IS_SPACE"}
    ]
    named: set[str] = set()
    for name, value in asked:
        by_set = isinstance(value, Mapping) and {"IN", "NOT_IN"}.issuperset(value)
        if name not in {"LOWER", "TEXT", "ORTH"} or not (by_set or isinstance(value, str)):
            return None
        words = [value] if isinstance(value, str) else [w for ws in value.values() for w in ws]
        named.update(word.lower() for word in words)
    return frozenset(named)


def _asked_for(
    patterns: Iterable[Mapping[str, Any]], strings: StringStore
) -> list[list[tuple[str, frozenset[int]]]]:
    """Give for each pattern what a text must hold for it: some attributes, one of some values."""
    found = []
    for row in patterns:
        for pattern in row["patterns"]:
            asked = []
            for name, value in (pair for token in pattern for pair in token.items()):
                values = value.get("IN") if isinstance(value, Mapping) else [value]
                if name in _TOLD and values and all(isinstance(v, str) for v in values):
                    asked.append((name, frozenset(strings.add(v) for v in values)))
            found.append(asked)
    return found


def _of_neighbours(patterns: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Keep the patterns of several words."""
    kept = []
    for row in patterns:
        long = [pattern for pattern in row["patterns"] if len(pattern) > 1]
        if long:
            kept.append({**row, "patterns": long})
    return kept
