"""Acts of speech: where in a text somebody is said to say, deny, count or want something."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geomap.events.headings import named_in_head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Span, Token

    from geomap.events.asides import Asides
    from geomap.events.sources import Sources
    from geomap.events.spoken import SpokenText
    from geomap.records import Attribution

__all__ = ["Act", "Acts", "family_of"]

_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


@dataclass(frozen=True, slots=True)
class Act:
    """One act of speech.

    Parameters
    ----------
    place
        Index of the token that tells of it.
    kind
        "closing" for ", the council said"; "verb", "wish", "account"; "subject" for
        somebody who does anything at all; "title" and "second" for who is named at the top.
    word
        The verb in its base form, or the noun; at the top what stands around the name.
    said
        Who speaks.
    """

    place: int
    kind: str
    word: str
    said: Attribution

    @property
    def family(self) -> str:
        """What all acts of one speaker share."""
        return family_of(self.said)


def family_of(said: Attribution | None) -> str:
    """Give what all mentions of a speaker share: the surname, or the organisation.

    Parameters
    ----------
    said
        A speaker; "" for ``None``.

    Examples
    --------
    >>> from geomap.records import Attribution
    >>> family_of(Attribution(speaker="Oleh Kiper", organisation=None, side=None, verb="say"))
    'Kiper'
    """
    if said is None:
        return ""
    return said.speaker.split()[-1] if said.speaker else (said.organisation or "").lower()


class Acts:
    """The acts of speech of one text, looked for sentence by sentence.

    Parameters
    ----------
    text, sources, asides
        The text and what finds its speakers.
    """

    def __init__(self, text: SpokenText, sources: Sources, asides: Asides) -> None:
        self._text = text
        self._sources = sources
        self._asides = asides
        self._found: dict[int, tuple[Act, ...]] = {}

    @cached_property
    def at_top(self) -> tuple[Act, ...]:
        """Who is named in the title and in a short line below it."""
        return tuple(Act(*named) for named in named_in_head(self._text))

    @cached_property
    def spoken(self) -> tuple[Act, ...]:
        """All acts of the text but mere subjects, in its order."""
        found = (act for sentence in self._text.doc.sents for act in self.within(sentence))
        return tuple(act for act in found if act.kind != "subject")

    @cached_property
    def _subjects(self) -> frozenset[int]:
        """The words that are subjects, by index: read at once, which is faster than one by one."""
        labels = [self._text.doc.vocab.strings[name] for name in _SUBJECTS]
        found = np.isin(self._text.doc.to_array(["DEP"]).ravel(), labels)
        return frozenset(np.flatnonzero(found).tolist())

    def within(self, sentence: Span) -> tuple[Act, ...]:
        """Give the acts of a sentence, in its order.

        Parameters
        ----------
        sentence
            A sentence of the text; one that is not parsed has hardly any.
        """
        start = sentence.start
        if start not in self._found:
            self._found[start] = tuple(self._in_words(start, sentence.end))
        return self._found[start]

    def _in_words(self, start: int, end: int) -> Iterator[Act]:
        text, words = self._text, self._text.lexicon
        for index in range(start, end):
            lower = text.lowers[index]
            if lower in words.acting:
                yield from self._of_word(index, lower, start)
            elif index in self._subjects and self._may_be_meant(token := text.doc[index]):
                said = text.names.attribution(token, verb=None)
                yield from _act(index, "subject", token.head.lemma_.lower(), said)

    def _of_word(self, index: int, lower: str, floor: int) -> Iterator[Act]:
        """Give the act of a form that may be a verb of speech or a noun for an account."""
        words, token = self._text.lexicon, self._text.doc[index]
        lemma = token.lemma_.lower()
        if lower in words.forms or (token.pos_ == "VERB" and lemma in words.voicing):
            said = self._asides.closed_by(index, floor)
            if said is not None:
                yield Act(index, "closing", lemma, said)
            elif token.pos_ == "VERB":
                kind = "verb" if self._text.is_speech(token) else "wish"
                yield from _act(index, kind, lemma, self._sources.source_of(token))
        elif lower in words.accounts or lemma in words.claims:
            owner = self._sources.owner_of(token)
            if owner is not None:
                said = self._text.names.attribution(owner, verb="according to")
                yield from _act(index, "account", lemma, said)

    def _may_be_meant(self, noun: Token) -> bool:
        known = noun.head.lemma_.lower() in self._text.lexicon.voicing
        return not known and self._text.names.can_speak(noun) and self._text.is_somebody(noun)


def _act(place: int, kind: str, word: str, said: Attribution | None) -> Iterator[Act]:
    if said is not None:
        yield Act(place, kind, word, said)
