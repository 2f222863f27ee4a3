"""Which speech a trigger stands in: verbs above it, beside it or behind it, quotations, bulletins.

The order of search follows what newsrooms do: the verb that governs the words,
the verb that closes the clause (", the council said."), "according to", the
speaker of the quotation, the speaker before and behind, the voice of a bulletin.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.accounts import Accounts
from geomap.events.acts import Acts
from geomap.events.asides import Asides
from geomap.events.bulletins import voice_of_bulletin
from geomap.events.quotes import is_quoted
from geomap.events.relations import ancestors_of
from geomap.events.sources import Sources
from geomap.events.spoken import SpokenText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.records import Attribution

__all__ = ["SpeechFinder", "Spoken"]

_OF = frozenset({"of", "about"})
# Some words of somebody, more than a name in quotation marks.
_PART_QUOTED = re.compile(r"[“\"«][a-z][^”\"»]* [^”\"»]+[”\"»]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who says something, and how that was found.

    Parameters
    ----------
    by
        The speaker; ``None`` when the article speaks for itself.
    way
        The rule that found it: "above", "closing", "bulletin" …; "quoted" or "none" when none did.
    denied
        Whether the verb of speech denies.
    """

    by: Attribution | None
    way: str
    denied: bool = False


class SpeechFinder:
    """Attributions of one text.

    Parameters
    ----------
    doc
        A parsed text.
    quotes
        Its direct speech.
    """

    def __init__(self, doc: Doc, quotes: Sequence[tuple[int, int]]) -> None:
        self.spoken_text = self._text = SpokenText(doc)
        self.text = self._text.text
        self._quotes = quotes
        self._sources = Sources(self._text)
        self.bulletin = self._bulletin = voice_of_bulletin(doc, self._text.names, text=self.text)
        self._asides = Asides(self._text, self._sources)
        self._accounts = Accounts(self._text, self._sources, bulletin=self._bulletin is not None)
        self.acts = Acts(self._text, self._sources, self._asides)
        self._by_sentence: dict[int, Attribution | None] = {}

    def attribution_of(self, trigger: Token) -> Spoken:
        """Find who says what the trigger says.

        Parameters
        ----------
        trigger
            The trigger.

        Returns
        -------
        Spoken
            By nobody when the article speaks for itself.
        """
        deny = self._text.lexicon.deny
        if trigger.lemma_.lower() in deny and trigger.pos_ == "VERB":
            source = self._sources.source_of(trigger)
            if source is not None:
                return Spoken(source, "itself", denied=True)
        for verb in self._speech_above(trigger):
            source = self._sources.source_of(verb)
            if source is not None:
                return Spoken(source, "above", denied=verb.lemma_.lower() in deny)
        for way, found in self._ways(trigger):
            if found is not None:
                return Spoken(found, way)
        return Spoken(None, "quoted" if is_quoted(trigger.idx, self._quotes) else "none")

    def _ways(self, trigger: Token) -> Iterator[tuple[str, Attribution | None]]:
        """Give what stands beside or around the trigger, by the order of trust, when it is asked for."""
        yield "closing", self._asides.closing(trigger, later=False)
        yield "inserted", self._asides.inserted(trigger)
        yield "parenthetic", self._asides.parenthetic(trigger)
        yield "later", self._asides.closing(trigger, later=True)
        yield "according", self._accounts.according_to(trigger)
        yield "account", self._accounts.by_account_of(trigger)
        yield "claim", self._accounts.in_claim_of(trigger)
        yield "colon", self._accounts.before_colon(trigger)
        yield "wish", self._accounts.wishing(trigger)
        yield "continued", self._continued(trigger)
        if is_quoted(trigger.idx, self._quotes):
            yield "quote", self._speaker_of_quote(trigger)
            return
        yield "goes on", self._goes_on(trigger)
        yield "goes on quoting", self._goes_on_quoting(trigger)
        yield "bulletin", self._bulletin_at(trigger)

    # Verbs of speech in the sentence

    def _speech_above(self, trigger: Token) -> Iterator[Token]:
        """Give the verbs of speech that govern the trigger: "said that …", "denied …"."""
        reported = self._text.lexicon.reported
        told = False
        for below, verb in itertools.pairwise(ancestors_of(trigger)):
            that = any(c.dep_ == "mark" and c.lower_ == "that" for c in below.children)
            # A name has no clause of its own: "told his nation from the Alley of Martyrs that".
            told = told or (that and verb.pos_ == "PROPN")
            if not self._text.is_speech(verb) or verb == trigger:
                continue
            that = that or told
            clause = below.dep_ in {"ccomp", "parataxis", "csubj"}
            behind = below.i > verb.i and self._has_that(verb, below)
            noun = below.dep_ in {"dobj", "nsubjpass", "xcomp"} and verb.lemma_.lower() in reported
            if clause or that or behind or noun or self._speaks_of(below, verb):
                yield verb

    def _has_that(self, verb: Token, below: Token) -> bool:
        between = self._text.doc[verb.i + 1 : below.i]
        return any(t.lower_ == "that" and t.tag_ in {"IN", "SCONJ"} for t in between)

    def _speaks_of(self, below: Token, verb: Token) -> bool:
        """Tell whether it is "spoke of fighting", "warned of strikes"."""
        if below.dep_ != "prep" or verb.lemma_ not in self._text.lexicon.speaking:
            return False
        return below.lower_ in _OF or (below.lower_ == "to" and verb.lemma_ == "attribute")

    def _continued(self, trigger: Token) -> Attribution | None:
        """Find a part that goes on telling: "X said that …; buses would come", "…; that it fell".

        The verb stands a step back in time, as reported speech does.
        """
        start, _ = self._text.segment(trigger)
        sentence = trigger.sent
        if start == sentence.start:
            return None
        told = self._text.lowers[start] == "that" or any(
            t.dep_ == "aux" and t.lower_ in {"would", "had"}
            for a in ancestors_of(trigger)
            if a.i >= start
            for t in a.children
        )
        if not told:
            return None
        for token in reversed(self._text.doc[sentence.start : start]):
            if self._text.is_speech(token):
                source = self._sources.source_of(token)
                if source is not None:
                    return source
        return None

    def _speaker_of_quote(self, trigger: Token) -> Attribution | None:
        """Find who speaks in the paragraph of a quotation: behind it first, then before it."""
        start, end = self._text.paragraph_start(trigger.i), self._text.paragraph_end(trigger.i)
        verbs = [
            t
            for t in self._text.doc[start:end]
            if self._text.is_speech(t) and not self._is_inner(t)
        ]
        behind = [v for v in verbs if v.i > trigger.i]
        before = [v for v in reversed(verbs) if v.i < trigger.i]
        for verb in [*[v for v in behind if v.i < trigger.sent.end], *before, *behind]:
            source = self._sources.source_of(verb) or self._sources.following_name(verb)
            if source is not None:
                return source
        before_it = range(trigger.sent.start - 1, start - 1, -1)
        cited = next((i for i in before_it if self._text.lowers[i] == "according"), None)
        return self._accounts.according_to(self._text.doc[cited]) if cited is not None else None

    def _is_inner(self, verb: Token) -> bool:
        """Tell whether the verb belongs to the quoted words themselves ("I say")."""
        return any(c.dep_ == "nsubj" and c.lower_ in {"i", "we", "you"} for c in verb.children)

    def _goes_on(self, trigger: Token) -> Attribution | None:
        """Give the speaker of the sentences before and behind when they are the same.

        "He said …. The bridge was hit. He added …": the middle is his as well.
        """
        sentence = trigger.sent
        if sentence.start == 0 or sentence.end >= len(self._text.doc):
            return None
        before, behind = self._text.doc[sentence.start - 1].sent, self._text.doc[sentence.end].sent
        start, end = self._text.paragraph_start(trigger.i), self._text.paragraph_end(trigger.i)
        if before.start < start or behind.end > end + 1:
            return None
        first, second = self._speaker_in(before), self._speaker_in(behind)
        if first is None or second is None:
            return None
        return first if _names_in(first) & _names_in(second) else None

    def _goes_on_quoting(self, trigger: Token) -> Attribution | None:
        """Give the speaker of the sentence before when this one still quotes some of his words."""
        sentence = trigger.sent
        if sentence.start <= self._text.paragraph_start(trigger.i):
            return None
        if not _PART_QUOTED.search(sentence.text):
            return None
        return self._speaker_in(self._text.doc[sentence.start - 1].sent)

    def _speaker_in(self, sentence: Span) -> Attribution | None:
        if sentence.start not in self._by_sentence:
            verbs = [
                t
                for t in sentence
                if self._text.is_speech(t) and t.lemma_.lower() in self._text.lexicon.spoken
            ]
            sources = (self._sources.source_of(verb) for verb in verbs)
            self._by_sentence[sentence.start] = next((s for s in sources if s is not None), None)
        return self._by_sentence[sentence.start]

    def _bulletin_at(self, trigger: Token) -> Attribution | None:
        if self._bulletin is None or trigger.idx < self._bulletin[1]:
            return None
        return self._bulletin[0]


def _names_in(said: Attribution) -> set[str]:
    """Give the words with a capital letter of a speaker: the surname is told again, not the office."""
    words = f"{said.speaker or ''} {said.organisation or ''}".split()
    return {word for word in words if word[:1].isupper()} or set(words)
