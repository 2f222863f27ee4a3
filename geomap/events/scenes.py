"""A word that may be a trigger and what stands around it, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from spacy import symbols

from geomap.events.arcs import arcs_of, modifiers_of, objects_of, phrases_behind, subjects_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from spacy.strings import StringStore
    from spacy.tokens import Doc, Span, Token

    from geomap.events.focus import Focus
    from geomap.events.taxonomy import Taxonomy
    from geomap.records import Toponym

__all__ = ["Scene", "Setting", "forms_in", "kinds_in", "near_in"]


_PLACES = frozenset({"GPE", "LOC", "FAC"})
_OTHERS = frozenset({"PERSON", "ORG", "NORP", "DATE"})
# Forms by spaCy's numbers, hashes that are the same in all vocabularies. So many take 5 MB.
_KNOWN: dict[tuple[int, int, int], tuple[str, ...]] = {}
MOST_KNOWN = 12_000


_Value = TypeVar("_Value")


class _AtFirstUse(Generic[_Value]):
    """``functools.cached_property`` without the lock that Python 3.11 takes, most of its time."""

    def __init__(self, make: Callable[[Any], _Value]) -> None:
        self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

    def __get__(self, instance: Any, owner: type) -> _Value:
        value = instance.__dict__[self._name] = self._make(instance)
        return value


# Without slots: what the conditions ask of a sentence is worked out once for all its words.
@dataclass(frozen=True, eq=False)
class Setting:
    """What the conditions look at, the same for all words of a sentence.

    Parameters
    ----------
    sentence, words
        The sentence, and the lemmas and lower-case forms in it.
    forms
        What :func:`forms_in` gives for the whole text.
    before
        Those of the sentence before; empty at the start.
    article
        Those of the whole text.
    war
        Whether the text is about fighting.
    message
        Whether the text is a message of a sentence or two.
    conflict
        How likely the text tells of an armed conflict.
    places
        The toponyms of the sentence with their spans.
    taxonomy
        The word classes.
    focus
        What the paragraph is about.
    kinds, near
        What :func:`kinds_in` and :func:`near_in` give for the whole text.
    countered
        The types whose counter-patterns were looked for, with what these cover of the sentence.
    """

    sentence: Span
    words: frozenset[str]
    forms: Sequence[tuple[str, ...]]
    before: frozenset[str]
    article: frozenset[str]
    war: bool
    message: bool
    conflict: float
    places: Sequence[tuple[Span, Toponym]]
    taxonomy: Taxonomy
    focus: Focus
    kinds: Sequence[str]
    near: Sequence[str | None]
    countered: dict[str, list[tuple[int, int]]] = field(
        default_factory=dict, init=False, repr=False
    )

    @_AtFirstUse
    def literal(self) -> frozenset[int]:
        """Give the roots of the literal toponyms of the sentence, by index."""
        return frozenset(span.root.i for span, t in self.places if t.reading == "literal")

    @_AtFirstUse
    def acted_on(self) -> tuple[tuple[Span, Token], ...]:
        """Give the toponyms that are places, not who acts for them, each with its root."""
        return tuple((span, span.root) for span, t in self.places if t.reading != "metonymic")

    @_AtFirstUse
    def start(self) -> int:
        """Give the index of the first token of the sentence."""
        return self.sentence.start

    @_AtFirstUse
    def end(self) -> int:
        """Give the index behind the last token of the sentence."""
        return self.sentence.end

    @_AtFirstUse
    def tokens(self) -> tuple[Token, ...]:
        """Give the tokens of the sentence."""
        return tuple(self.sentence)

    @_AtFirstUse
    def text(self) -> str:
        """Give the sentence; spaCy builds it anew each time."""
        return self.sentence.text

    @_AtFirstUse
    def of_war(self) -> tuple[tuple[int, str, str], ...]:
        """Give the tokens with a lemma of war, by index, each with its form and its lemma."""
        wanted = self.taxonomy.war_words
        inside = enumerate(self.forms[self.start : self.end], self.start)
        return tuple((i, forms[0], forms[1]) for i, forms in inside if forms[1] in wanted)

    @_AtFirstUse
    def other_matter(self) -> bool:
        """Whether the text has a word of another matter than fighting."""
        return self.taxonomy.peaceful_words(self.article) > 0

    @_AtFirstUse
    def of_peace(self) -> tuple[frozenset[str], ...]:
        """Give the words of the sentence that are of each other matter, where there are some."""
        found = (self.words & domain for domain in self.taxonomy.domains.values())
        return tuple(words for words in found if words)


@dataclass(frozen=True, eq=False)
class Scene:
    """What the conditions look at: a word and its surroundings.

    Parameters
    ----------
    token
        The trigger.
    setting
        What it shares with the other words of its sentence.
    known
        The conditions that were asked before, with what holds.
    """

    token: Token
    setting: Setting
    known: dict[str, bool] = field(default_factory=dict, init=False, repr=False)

    @property
    def taxonomy(self) -> Taxonomy:
        """The word classes."""
        return self.setting.taxonomy

    @property
    def war(self) -> bool:
        """Whether the text is about fighting."""
        return self.setting.war

    @property
    def places(self) -> Sequence[tuple[Span, Toponym]]:
        """The toponyms of the sentence with their spans."""
        return self.setting.places

    @property
    def literal(self) -> frozenset[int]:
        """The roots of the literal toponyms of the sentence, by index."""
        return self.setting.literal

    @property
    def own(self) -> tuple[str, ...]:
        """Form and lemma of the trigger in lower case."""
        return self.setting.forms[self.token.i][:2]

    @_AtFirstUse
    def arcs(self) -> list[tuple[Token, str]]:
        """Give what hangs on the trigger, each with its dependency."""
        return arcs_of(self.token)

    @_AtFirstUse
    def subjects(self) -> list[Token]:
        """Who does it."""
        return subjects_of(self.token, self.arcs)

    @_AtFirstUse
    def objects(self) -> list[Token]:
        """To whom or what it is done."""
        return objects_of(self.token, self.arcs)

    @_AtFirstUse
    def modifiers(self) -> list[Token]:
        """Give the words before a noun that belong to it."""
        return modifiers_of(self.token)

    @_AtFirstUse
    def behind(self) -> list[Token]:
        """Give the nouns of the phrases behind it."""
        return phrases_behind(self.token, self.arcs)

    def has(self, tokens: Iterable[Token], kind: str) -> bool:
        """Tell whether one of the tokens, other than the trigger, is of a word class."""
        words, forms, own = self.taxonomy.words[kind], self.setting.forms, self.token.i
        return any(t.i != own and not words.isdisjoint(forms[t.i]) for t in tokens)


def forms_in(doc: Doc) -> list[tuple[str, ...]]:
    """Give for each token of a text its form and its lemma in lower case."""
    # Read at once, and each word once: a token's own properties take five times as long.
    columns: Any = doc.to_array(["LOWER", "LEMMA", "POS"]).T.tolist()
    rows: list[tuple[int, int, int]] = list(zip(*columns, strict=True))
    new = set(rows).difference(_KNOWN)
    if new:
        if len(_KNOWN) > MOST_KNOWN:
            _KNOWN.clear()
            new = set(rows)
        strings = doc.vocab.strings
        _KNOWN.update((row, _forms(strings, *row)) for row in new)
    return [_KNOWN[row] for row in rows]


def _forms(strings: StringStore, word: int, base: int, part: int) -> tuple[str, ...]:
    """Give form and lemma; a plural that is tagged a name, at a sentence start, cut as well."""
    lower, lemma = strings[word], strings[base].lower()
    if part == symbols.PROPN and lower.endswith("s"):
        return lower, lemma, lower[:-1]
    return lower, lemma


def kinds_in(
    doc: Doc, forms: Sequence[tuple[str, ...]], places: Iterable[tuple[Span, Toponym]]
) -> list[str]:
    """Give for each token of a text what it is: its lemma, or the kind of name or number.

    Parameters
    ----------
    doc, places
        A parsed text and its toponyms with their spans.
    forms
        What :func:`forms_in` gives for it.
    """
    columns: Any = doc.to_array(["ENT_TYPE", "IS_SPACE", "LIKE_NUM"]).T.tolist()
    names = {entity: _kind_of_name(doc.vocab.strings[entity]) for entity in set(columns[0])}
    kinds = [
        names[entity] or ("<space>" if space else "<number>" if number else own[1])
        for entity, space, number, own in zip(*columns, forms, strict=True)
    ]
    for span, toponym in places:
        if toponym.reading == "literal":
            kinds[span.root.i] = "<place>"
    return kinds


def near_in(doc: Doc, kinds: Sequence[str]) -> list[str | None]:
    """Give the sign that each token is for those around it; ``None`` for marks and white space."""
    bare: Any = doc.to_array(["IS_PUNCT", "IS_SPACE"]).any(axis=1).tolist()
    return [None if b else f"near={kind}" for kind, b in zip(kinds, bare, strict=True)]


def _kind_of_name(label: str) -> str | None:
    if label in _PLACES:
        return "<name>"
    return f"<{label.lower()}>" if label in _OTHERS else None
