"""Speech without a verb above it: "according to", "by the UN's count", a colon, a wish."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from geomap.events.relations import ancestors_of
from geomap.lexicons import rules

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from geomap.events.sources import Sources
    from geomap.events.spoken import SpokenText
    from geomap.records import Attribution

__all__ = ["Accounts"]

_ACCORDING = re.compile(r"^according to ", re.IGNORECASE)
# What leads to somebody's account: "by the UN's count", "in his phrase".
_LEADS = frozenset({"by", "in", "on", "from", "to"})
_PRONOUNS = frozenset({"him", "her", "them"})
# A noun phrase before a colon that is longer is a clause.
LONGEST_COLON_WORDS = 12


class Accounts:
    """Whose accounts one text gives.

    Parameters
    ----------
    text
        The text.
    sources
        Whose its verbs are.
    bulletin
        Whether the whole text is somebody's; its own headings name nobody then.
    """

    def __init__(self, text: SpokenText, sources: Sources, *, bulletin: bool) -> None:
        self._text = text
        self._sources = sources
        self._bulletin = bulletin

    def according_to(self, trigger: Token) -> Attribution | None:
        """Find "according to X" in the part of the sentence that holds the trigger."""
        start, end = self._text.segment(trigger)
        for place in range(start, end):
            if self._text.lowers[place] == "according":
                cited = self.cited_at(self._text.doc[place])
                if cited is not None:
                    return cited
        return None

    def cited_at(self, token: Token) -> Attribution | None:
        """Give who is named behind the word "according"."""
        if token.i + 1 >= len(self._text.doc):
            return None
        preposition = token.nbor(1)
        nouns = [c for c in preposition.children if c.dep_ == "pobj"] or [
            t
            for t in self._text.doc[preposition.i + 1 : preposition.i + 6]
            if t.pos_ in {"PROPN", "NOUN"}
        ][-1:]
        if preposition.lower_ != "to":
            return None
        pronoun = next((c for c in preposition.children if c.lower_ in _PRONOUNS), None)
        if pronoun is not None:
            return self._sources.antecedent(pronoun, token)
        if not nouns:
            return None
        # A noun that carries the whole phrase in a bad parse carries these words too.
        phrase = _ACCORDING.sub("", self._text.names.phrase(nouns[0]))
        return self._text.names.attribution(nouns[0], verb="according to", phrase=phrase)

    def by_account_of(self, trigger: Token) -> Attribution | None:
        """Find "by the UN's count", "in Rubio's phrase", "by data of the ministry"."""
        start, end = self._text.segment(trigger)
        for place in range(start, end):
            if self._text.lowers[place] not in self._text.lexicon.accounts:
                continue
            noun = self._text.doc[place]
            lead = self._text.doc[max(start, noun.left_edge.i - 1)]
            if lead.lower_ not in _LEADS and noun.left_edge.lower_ not in _LEADS:
                continue
            owner = self._sources.owner_of(noun)
            if owner is not None:
                phrase = self._text.names.phrase(owner)
                return self._text.names.attribution(owner, verb="according to", phrase=phrase)
        return None

    def in_claim_of(self, trigger: Token) -> Attribution | None:
        """Find "claims by the ministry that …", "its report of fighting", "promised by the UN"."""
        for below, noun in itertools.pairwise(ancestors_of(trigger)):
            if below.dep_ in {"acl", "ccomp", "relcl", "prep", "pobj"} and (
                noun.lemma_.lower() in self._text.lexicon.claims
            ):
                owner = self._sources.owner_of(noun)
                if owner is not None:
                    return self._text.names.attribution(owner, verb="claim")
        for child in trigger.children:
            if child.dep_ == "acl" and child.lemma_.lower() in self._text.lexicon.wishes:
                return self._sources.agent_of(child)
        head = trigger.head
        if (
            trigger.dep_ == "nsubjpass"
            and head.lemma_.lower() in self._text.lexicon.wishes | self._text.lexicon.claim
        ):
            return self._sources.agent_of(head)
        return None

    def before_colon(self, trigger: Token) -> Attribution | None:
        """Find "Governor Igor Artamonov: a massive attack"; it holds to the end of the line."""
        text = self._text.text
        line = text.rfind("\n", 0, trigger.idx) + 1
        head, colon, _ = text[line : trigger.idx].rpartition(": ")
        words = re.split(r"(?<=[.!?])\s+", head)[-1]
        if not colon or not words or len(words.split()) > LONGEST_COLON_WORDS:
            return None
        start = line + len(head) - len(words)
        span = self._text.doc.char_span(start, line + len(head), alignment_mode="contract")
        if span is None:
            return None
        if any(t.pos_ in {"VERB", "AUX"} for t in span):
            told = re.search(r"[.!?]\s", text[line + len(head) : trigger.idx])
            return None if told else self._stating(span)
        nouns = [t for t in span if t.pos_ in {"NOUN", "PROPN"} and t.ent_type_ != "GPE"]
        people = [t for t in nouns if t.ent_type_ == "PERSON"]
        offices = [t for t in nouns if t.lower_ in rules("claims")["organisations"]["heads"]]
        bodies = [t for t in nouns if t.ent_type_ == "ORG"]
        if not people and not offices and not bodies:
            return None
        if self._bulletin and not offices:
            # Names of places that pass for a person: the bulletin's own headings.
            return None
        named = (people or offices or bodies)[0]
        return self._text.names.attribution(named, verb=None, phrase=span.text)

    def _stating(self, span: Span) -> Attribution | None:
        """Find "The ministry summed up: …", "A spokesman ruled it out: …"."""
        for token in span:
            stating = token.lemma_.lower() in self._text.lexicon.stated and token.pos_ == "VERB"
            if (stating or self._text.is_speech(token)) and token.dep_ in {"ROOT", "ccomp", "conj"}:
                return self._sources.source_of(token)
        return None

    def wishing(self, trigger: Token) -> Attribution | None:
        """Find who wants, fears or demands it: "The army wants to evacuate all places"."""
        for below, verb in itertools.pairwise(ancestors_of(trigger)):
            if verb.lemma_.lower() in self._text.lexicon.wishes and below.dep_ in {
                "xcomp",
                "ccomp",
                "dobj",
                "advcl",
                "prep",
            }:
                return self._sources.source_of(verb)
        return None
