"""Which speech a trigger stands in: verbs above it, beside it or behind it, quotations, bulletins.

The order of search follows what newsrooms do: the verb that governs the words,
the verb that closes the clause (", the council said."), "according to", the
speaker of the quotation, the speaker before and behind, the voice of a bulletin.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.bulletins import voice_of_bulletin
from geomap.events.forms import forms_of
from geomap.events.quotes import is_quoted
from geomap.events.relations import ancestors_of
from geomap.events.speakers import SpeakerNames
from geomap.lexicons import rules
from geomap.sentences import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.records import Attribution

__all__ = ["SpeechFinder"]

_PRONOUNS = frozenset({"he", "she", "it", "they", "who", "which", "we", "i"})
# What a name and office consist of: "the head of the city council", "governor Serhiy Haidai".
_NAME_PARTS = frozenset({"DET", "ADJ", "NOUN", "PROPN", "ADP", "PART", "PRON", "NUM", "CCONJ"})
_ACCORDING = re.compile(r"^according to ", re.IGNORECASE)
# What leads to somebody's account: "by the UN's count", "in his phrase".
_LEADS = frozenset({"by", "in", "on", "from", "to"})
_SEGMENT_MARKS = frozenset({";", "•", "🔹", "🔴"})
_QUOTES = frozenset({"”", '"', "“", "»", "'", "’"})
# Behind ", the council said" the clause ends, whatever the parse takes for its object.
_CLOSERS = frozenset({";", ".", ","})
# Some words of somebody, more than a name in quotation marks.
_PART_QUOTED = re.compile(r"[“\"«][a-z][^”\"»]* [^”\"»]+[”\"»]")
# A noun phrase before a colon that is longer is a clause.
LONGEST_COLON_WORDS = 12


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
        self._doc = doc
        self.text = text_of(doc)
        self._quotes = quotes
        # Words are looked at far more often than they are found: lists cost less than tokens.
        words = [token.text for token in doc]
        self._words = words
        self._lowers = [word.lower() for word in words]
        lines = [(place, word.count("\n")) for place, word in enumerate(words) if word.isspace()]
        self._breaks = [place for place, count in lines if count]
        self._blanks = [place for place, count in lines if count > 1]
        self._marks = [place for place, word in enumerate(words) if word in _SEGMENT_MARKS]
        self._names = SpeakerNames(doc)
        verbs = rules("claims")["verbs"]
        self._claim = frozenset(verbs["claim"])
        self._deny = frozenset(verbs["deny"])
        self._spoken = frozenset(verbs["spoken"]) | frozenset(verbs["closing"])
        self._forms = _verbs_of(self._spoken | self._deny)
        self._stated = frozenset(verbs["stated"])
        self._wishes = frozenset(verbs["wish"])
        self._counts = frozenset(verbs["count"])
        nouns = rules("claims")["nouns"]
        self._accounts = frozenset(nouns["account"])
        self._claims = frozenset(nouns["claim"])
        self._plain_bodies = frozenset(nouns["plain"])
        self._by_sentence: dict[int, Attribution | None] = {}
        self._bulletin = voice_of_bulletin(doc, self._names, text=self.text)

    def attribution_of(self, trigger: Token) -> tuple[Attribution | None, bool]:
        """Find who says what the trigger says.

        Parameters
        ----------
        trigger
            The trigger.

        Returns
        -------
        tuple of (attribution, denied)
            ``(None, False)`` when the article speaks for itself.
        """
        if trigger.lemma_.lower() in self._deny and trigger.pos_ == "VERB":
            source = self._source_of(trigger)
            if source is not None:
                return source, True
        for verb in self._speech_above(trigger):
            source = self._source_of(verb)
            if source is not None:
                return source, verb.lemma_.lower() in self._deny
        source = (
            self._closing(trigger, later=False)
            or self._inserted(trigger)
            or self._parenthetic(trigger)
            or self._closing(trigger, later=True)
            or self._according_to(trigger)
            or self._by_account_of(trigger)
            or self._in_claim_of(trigger)
            or self._before_colon(trigger)
            or self._wishing(trigger)
            or self._continued(trigger)
        )
        if source is not None:
            return source, False
        if is_quoted(trigger.idx, self._quotes):
            return self._speaker_of_quote(trigger), False
        source = self._goes_on(trigger) or self._goes_on_quoting(trigger)
        return source or self._bulletin_at(trigger), False

    # Verbs of speech in the sentence

    def _is_speech(self, token: Token) -> bool:
        if token.pos_ != "VERB":
            return False
        lemma = token.lemma_.lower()
        if lemma == "put":
            # "Put it", "put the toll at 40", not "put down", "put their names".
            return any(c.lower_ in {"at", "it"} for c in token.children)
        if lemma in self._deny:
            return not any(c.dep_ == "neg" for c in token.children)
        return lemma in self._claim

    def _speech_above(self, trigger: Token) -> Iterator[Token]:
        """Give the verbs of speech that govern the trigger: "said that …", "denied …"."""
        nominal = {
            *self._deny,
            *self._counts,
            "report",
            "announce",
            "confirm",
            "claim",
            "admit",
            "accuse",
            "acknowledge",
            "concede",
        }
        for below, verb in itertools.pairwise(ancestors_of(trigger)):
            if not self._is_speech(verb) or verb == trigger:
                continue
            that = any(c.dep_ == "mark" and c.lower_ == "that" for c in below.children)
            clause = below.dep_ in {"ccomp", "parataxis", "csubj"}
            behind = below.i > verb.i and self._has_that(verb, below)
            noun = below.dep_ in {"dobj", "nsubjpass", "xcomp"} and verb.lemma_.lower() in nominal
            if clause or that or behind or noun or self._speaks_of(below, verb):
                yield verb

    def _has_that(self, verb: Token, below: Token) -> bool:
        between = self._doc[verb.i + 1 : below.i]
        return any(t.lower_ == "that" and t.tag_ in {"IN", "SCONJ"} for t in between)

    def _speaks_of(self, below: Token, verb: Token) -> bool:
        """Tell whether it is "spoke of fighting", "warned of strikes"."""
        return below.dep_ == "prep" and below.lower_ in {"of", "about", "to"} and verb.lemma_ in {
            "speak", "warn", "tell", "write", "report", "talk", "inform", "accuse", "boast",
            "complain", "attribute",
        } and (below.lower_ != "to" or verb.lemma_ == "attribute")  # fmt: skip

    def _segment(self, trigger: Token) -> tuple[int, int]:
        """Give the part of the sentence between semicolons that holds the trigger."""
        sentence = trigger.sent
        place = bisect_left(self._marks, trigger.i)
        before, behind = self._marks[:place], self._marks[bisect_right(self._marks, trigger.i) :]
        start = max(sentence.start, before[-1] + 1) if before else sentence.start
        end = min(sentence.end, behind[0]) if behind else sentence.end
        return start, end

    def _closing(self, trigger: Token, *, later: bool) -> Attribution | None:
        """Find ", the council said" that closes the clause, however it is parsed.

        Behind a comma or quotation mark, up to the verb of speech, stands only a
        name; behind the verb nothing that it could govern. The speaker of a later
        part of the sentence speaks for the parts before it that have none.
        """
        start, end = self._segment(trigger)
        first, last = (end, trigger.sent.end) if later else (start, end)
        for index in range(last - 1, max(first, trigger.i), -1):
            source = self._closed_by(index, trigger.i)
            if source is not None:
                return source
        return None

    def _inserted(self, trigger: Token) -> Attribution | None:
        """Find ", people in the room recount," and ", he warned," before the trigger."""
        start, _ = self._segment(trigger)
        for index in range(trigger.i - 1, start, -1):
            if self._doc[index + 1].text in {",", "–", "—"}:
                source = self._closed_by(index, start)
                if source is not None:
                    return source
        return None

    def _closed_by(self, index: int, floor: int) -> Attribution | None:
        lemma = self._forms.get(self._lowers[index])
        if lemma is None:
            return None
        token = self._doc[index]
        if self._governs(token):
            return None
        start = self._name_start(index, floor)
        if start == index and self._words[index - 1] == "," and index - 1 > floor:
            return self._apposed(index, floor, lemma) or self._inverted_behind(token, lemma)
        if start > floor + 1 and self._doc[start - 1].text in {"'", "’"}:
            return None
        opener = self._doc[start - 1].text
        if start == index:
            return self._inverted_behind(token, lemma)
        nouns = [
            t for t in self._doc[start:index] if t.pos_ in {"NOUN", "PROPN"} and t.dep_ != "poss"
        ]
        if opener not in {",", *_QUOTES, "–"}:
            return None
        if not nouns:
            pronoun = self._doc[index - 1]
            return self._antecedent(pronoun, token) if pronoun.lower_ in _PRONOUNS else None
        noun = next((t for t in nouns if t.dep_ in {"nsubj", "ROOT"}), None) or self._head_of(nouns)
        if not self._is_somebody(noun):
            return None
        phrase = self._doc[start:index].text
        possessed = self._possessor(start, index)
        found = self._names.attribution(noun, verb=lemma, phrase=phrase)
        if found is not None and possessed is not None and found.speaker is None:
            return self._owned(found, possessed)
        return found

    def _name_start(self, index: int, floor: int) -> int:
        """Give where the words of a name and office that end before a place begin."""
        start = index
        while start > floor + 1 and self._is_name_part(start - 1):
            start -= 1
        return start

    def _is_name_part(self, place: int) -> bool:
        """Tell whether a word belongs to a name or office, the hyphens of compounds too."""
        token = self._doc[place]
        return token.pos_ in _NAME_PARTS or (
            token.text == "-" and not token.whitespace_ and not self._doc[place - 1].whitespace_
        )

    def _apposed(self, index: int, floor: int, lemma: str) -> Attribution | None:
        """Find ", the governor of the region, Pavlo Kyrylenko, said" and the like, office or name first."""
        inner = self._name_start(index - 1, floor)
        if self._words[inner - 1] != "," or inner - 1 <= floor:
            return None
        outer = self._name_start(inner - 1, floor)
        opener = self._words[outer - 1]
        if outer == inner - 1 or opener not in {",", *_QUOTES, "–"}:
            return None
        people = [t for t in self._doc[outer : index - 1] if t.ent_type_ == "PERSON"]
        offices = [t for t in self._doc[outer : index - 1] if self._names.is_body(t)]
        if not people or not offices:
            return None
        return self._names.attribution(
            people[-1], verb=lemma, phrase=self._doc[outer : index - 1].text
        )

    def _inverted_behind(self, verb: Token, lemma: str) -> Attribution | None:
        opener = self._words[verb.i - 1]
        return self._inverted(verb, lemma) if opener in {*_QUOTES, ",", "–", "-"} else None

    def _head_of(self, nouns: Sequence[Token]) -> Token:
        """Give the noun before the first preposition: "a hospital in Deir al-Balah"."""
        for noun in nouns:
            following = noun.nbor(1) if noun.i + 1 < len(self._doc) else noun
            if following.pos_ not in {"NOUN", "PROPN", "PART"}:
                return noun
        return nouns[-1]

    def _possessor(self, start: int, end: int) -> Attribution | None:
        """Resolve "its spokeswoman": whose."""
        pronoun = next(
            (t for t in self._doc[start:end] if t.lower_ in {"its", "his", "her", "their"}), None
        )
        return self._antecedent(pronoun, pronoun) if pronoun is not None else None

    def _owned(self, found: Attribution, owner: Attribution) -> Attribution:
        from dataclasses import replace  # noqa: PLC0415 - used here alone

        whose = owner.organisation or owner.speaker
        name = f"{found.organisation}, {whose}" if whose else found.organisation
        return replace(found, organisation=name, side=found.side or owner.side)

    def _inverted(self, verb: Token, lemma: str) -> Attribution | None:
        """Find ", said the council" and ", writes the Institute for the Study of War"."""
        nouns = []
        for token in self._doc[verb.i + 1 : verb.sent.end]:
            if token.pos_ not in _NAME_PARTS:
                break
            nouns.append(token)
        named = [t for t in nouns if t.pos_ in {"NOUN", "PROPN"}]
        if not named or not self._is_somebody(self._head_of(named)):
            return None
        phrase = self._doc[verb.i + 1 : nouns[-1].i + 1].text
        return self._names.attribution(self._head_of(named), verb=lemma, phrase=phrase)

    def _governs(self, verb: Token) -> bool:
        """Tell whether a verb of speech has words of its own behind it, other than when and where."""
        if self._next_word(verb) in _CLOSERS:
            return False
        return any(
            c.i > verb.i
            and c.pos_ != "PRON"
            and c.dep_ in {"ccomp", "dobj", "xcomp", "oprd"}
            and not self._names.can_speak(c)
            for c in verb.children
        ) or (verb.i + 1 < len(self._doc) and self._doc[verb.i + 1].lower_ in {"that", "of"})

    def _next_word(self, verb: Token) -> str:
        return self._words[verb.i + 1] if verb.i + 1 < len(self._words) else "."

    def _is_somebody(self, noun: Token) -> bool:
        """Tell whether a noun can have said it: not a day or a thing of war."""
        return noun.ent_type_ not in {"DATE", "TIME", "CARDINAL"} and noun.lemma_.lower() not in (
            _NOBODY
        )

    def _parenthetic(self, trigger: Token) -> Attribution | None:
        """Find ", the council says," or "as X said" beside the trigger, not above it."""
        start, end = self._segment(trigger)
        for token in self._doc[start:end]:
            if not self._is_speech(token) or token == trigger:
                continue
            subjects = [c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}]
            if not subjects:
                continue
            marked = any(c.dep_ == "mark" and c.lower_ == "as" for c in token.children)
            above = trigger in ancestors_of(token) and token.dep_ in {"advcl", "parataxis", "ccomp"}
            complement = any(
                c.dep_ in {"ccomp", "dobj"} and c.pos_ != "PRON" for c in token.children
            )
            if marked or (not complement and (token.dep_ == "parataxis" or above)):
                return self._source_of(token)
            if not complement and self._in_commas(subjects[0], token):
                return self._source_of(token)
        return None

    def _in_commas(self, subject: Token, verb: Token) -> bool:
        start, end = subject.left_edge.i, verb.i + 1
        if start == 0 or end >= len(self._doc):
            return False
        return self._doc[start - 1].text in {",", "–", "—"} and self._doc[end].text in {
            ",", "–", "—", ".", ";",
        }  # fmt: skip

    def _according_to(self, trigger: Token) -> Attribution | None:
        start, end = self._segment(trigger)
        for place in range(start, end):
            if self._lowers[place] == "according":
                cited = self._cited_at(self._doc[place])
                if cited is not None:
                    return cited
        return None

    def _cited_at(self, token: Token) -> Attribution | None:
        """Give who is named behind the word "according"."""
        if token.i + 1 >= len(self._doc):
            return None
        preposition = token.nbor(1)
        nouns = [c for c in preposition.children if c.dep_ == "pobj"] or [
            t
            for t in self._doc[preposition.i + 1 : preposition.i + 6]
            if t.pos_ in {"PROPN", "NOUN"}
        ][-1:]
        if preposition.lower_ != "to" or not nouns:
            return None
        # A noun that carries the whole phrase in a bad parse carries these words too.
        phrase = _ACCORDING.sub("", self._names.phrase(nouns[0]))
        return self._names.attribution(nouns[0], verb="according to", phrase=phrase)

    def _by_account_of(self, trigger: Token) -> Attribution | None:
        """Find "by the UN's count", "in Rubio's phrase", "by data of the ministry"."""
        start, end = self._segment(trigger)
        for place in range(start, end):
            if self._lowers[place] not in self._accounts:
                continue
            noun = self._doc[place]
            lead = self._doc[max(start, noun.left_edge.i - 1)]
            if lead.lower_ not in _LEADS and noun.left_edge.lower_ not in _LEADS:
                continue
            owner = self._owner_of(noun)
            if owner is not None:
                phrase = self._names.phrase(owner)
                return self._names.attribution(owner, verb="according to", phrase=phrase)
        return None

    def _owner_of(self, noun: Token) -> Token | None:
        """Give whose a noun is: "the UN's count", "claims by the ministry"."""
        for child in noun.children:
            if child.dep_ == "poss" and self._names.can_speak(child):
                return child
            if child.dep_ in {"prep", "agent"} and child.lower_ in {"of", "by", "from"}:
                for below in child.children:
                    if below.dep_ == "pobj" and self._names.can_speak(below):
                        return below
            if child.dep_ == "acl" and child.tag_ == "VBN":
                for agent in (g for g in child.children if g.dep_ in {"agent", "prep"}):
                    for below in agent.children:
                        if below.dep_ == "pobj" and self._names.can_speak(below):
                            return below
        return None

    def _in_claim_of(self, trigger: Token) -> Attribution | None:
        """Find "claims by the ministry that …", "its report of fighting", "promised by the UN"."""
        for below, noun in itertools.pairwise(ancestors_of(trigger)):
            if below.dep_ in {"acl", "ccomp", "relcl", "prep", "pobj"} and (
                noun.lemma_.lower() in self._claims
            ):
                owner = self._owner_of(noun)
                if owner is not None:
                    return self._names.attribution(owner, verb="claim")
        for child in trigger.children:
            if child.dep_ == "acl" and child.lemma_.lower() in self._wishes:
                return self._agent_of(child)
        head = trigger.head
        if trigger.dep_ == "nsubjpass" and head.lemma_.lower() in self._wishes | self._claim:
            return self._agent_of(head)
        return None

    def _agent_of(self, verb: Token) -> Attribution | None:
        for child in verb.children:
            if child.dep_ == "agent" or child.lower_ == "by":
                for noun in child.children:
                    if noun.dep_ == "pobj" and self._names.can_speak(noun):
                        return self._names.attribution(noun, verb=verb.lemma_.lower())
        return None

    def _continued(self, trigger: Token) -> Attribution | None:
        """Find a part that goes on telling: "X said that …; buses would come", "…; that it fell".

        The verb stands a step back in time, as reported speech does.
        """
        start, _ = self._segment(trigger)
        sentence = trigger.sent
        if start == sentence.start:
            return None
        told = self._lowers[start] == "that" or any(
            t.dep_ == "aux" and t.lower_ in {"would", "had"}
            for a in ancestors_of(trigger)
            if a.i >= start
            for t in a.children
        )
        if not told:
            return None
        for token in reversed(self._doc[sentence.start : start]):
            if self._is_speech(token):
                source = self._source_of(token)
                if source is not None:
                    return source
        return None

    def _before_colon(self, trigger: Token) -> Attribution | None:
        """Find "Governor Igor Artamonov: a massive attack"; it holds to the end of the line."""
        text = self.text
        line = text.rfind("\n", 0, trigger.idx) + 1
        head, colon, _ = text[line : trigger.idx].rpartition(": ")
        words = re.split(r"(?<=[.!?])\s+", head)[-1]
        if not colon or not words or len(words.split()) > LONGEST_COLON_WORDS:
            return None
        start = line + len(head) - len(words)
        span = self._doc.char_span(start, line + len(head), alignment_mode="contract")
        if span is None:
            return None
        if any(t.pos_ in {"VERB", "AUX"} for t in span):
            told = re.search(r"[.!?]\s", text[line + len(head) : trigger.idx])
            return None if told else self._stating(span)
        nouns = [t for t in span if t.pos_ in {"NOUN", "PROPN"} and t.ent_type_ != "GPE"]
        people = [t for t in nouns if t.ent_type_ == "PERSON"]
        offices = [t for t in nouns if t.lower_ in rules("claims")["organisations"]["heads"]]
        if not people and not offices:
            return None
        if self._bulletin is not None and not offices:
            # Names of places that pass for a person: the bulletin's own headings.
            return None
        return self._names.attribution((people or offices)[0], verb=None, phrase=span.text)

    def _stating(self, span: Span) -> Attribution | None:
        """Find "The ministry summed up: …", "A spokesman ruled it out: …"."""
        for token in span:
            stating = token.lemma_.lower() in self._stated and token.pos_ == "VERB"
            if (stating or self._is_speech(token)) and token.dep_ in {"ROOT", "ccomp", "conj"}:
                return self._source_of(token)
        return None

    def _wishing(self, trigger: Token) -> Attribution | None:
        """Find who wants, fears or demands it: "The army wants to evacuate all places"."""
        for below, verb in itertools.pairwise(ancestors_of(trigger)):
            if verb.lemma_.lower() in self._wishes and below.dep_ in {
                "xcomp",
                "ccomp",
                "dobj",
                "advcl",
                "prep",
            }:
                return self._source_of(verb)
        return None

    def _source_of(self, verb: Token) -> Attribution | None:
        subjects = [c for c in verb.children if c.dep_ == "nsubj"]
        agents = [
            p for c in verb.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"
        ]
        passive = any(c.dep_ == "nsubjpass" for c in verb.children)
        inverted = [
            c for c in verb.children
            if c.dep_ in {"dobj", "attr", "npadvmod"} and c.i > verb.i and self._names.can_speak(c)
        ]  # fmt: skip
        for subject in [*agents, *subjects, *([] if passive else inverted)]:
            if subject.lower_ in {"we", "i"}:
                # The author outside quotations, and whoever is quoted inside them.
                return None
            if subject.lower_ in _PRONOUNS:
                return self._antecedent(subject, verb)
            if self._names.in_dateline(subject):
                return self._behind_dateline(verb)
            if self._is_plain_body(subject):
                body = self._body_meant(subject)
                if body is not None:
                    return self._names.attribution(body, verb=verb.lemma_.lower())
            if subject.pos_ in {"NOUN", "PROPN"} and self._is_somebody(subject):
                return self._names.attribution(subject, verb=verb.lemma_.lower())
        if verb.dep_ == "conj" and verb.head.pos_ == "VERB":
            return self._source_of(verb.head)
        return None

    def _behind_dateline(self, verb: Token) -> Attribution | None:
        """Give who stands between a dateline and a verb that the parse has given it as subject."""
        start = self._name_start(verb.i, verb.sent.start - 1)
        nouns = [
            t for t in self._doc[start : verb.i]
            if t.pos_ in {"NOUN", "PROPN"} and t.dep_ != "poss" and not self._names.in_dateline(t)
        ]  # fmt: skip
        if not nouns:
            return None
        phrase = self._doc[start : verb.i].text.strip(" -–—")
        return self._names.attribution(
            self._head_of(nouns), verb=verb.lemma_.lower(), phrase=phrase
        )

    def _is_plain_body(self, noun: Token) -> bool:
        """Tell whether it is "the organisation", "the same agency": named before."""
        return (
            noun.lower_ in self._plain_bodies
            and noun.left_edge.lower_ in {"the", "this", "that"}
            and all(c.lower_ == "same" or c.dep_ == "det" for c in noun.children)
        )

    def _body_meant(self, noun: Token) -> Token | None:
        """Give the last body named before "the organisation", in this paragraph or the one before."""
        floor = self._paragraph_start(max(0, self._paragraph_start(noun.i) - 1))
        for entity in reversed(self._doc.ents):
            if floor <= entity.start < noun.i and entity.label_ == "ORG":
                return entity.root if not self._names.in_dateline(entity.root) else None
        return None

    def _antecedent(self, pronoun: Token, verb: Token) -> Attribution | None:
        """Resolve "he said", "it says": who spoke last in this paragraph or the one before."""
        if pronoun.lower_ in {"who", "which"} and verb.dep_ == "relcl":
            return self._names.attribution(verb.head, verb=verb.lemma_.lower())
        floor = self._paragraph_start(pronoun.sent.start)
        for token in reversed(self._doc[floor : pronoun.i]):
            if self._is_speech(token) or (
                token.pos_ == "VERB" and token.lemma_.lower() in self._stated
            ):
                for subject in token.children:
                    spoke = subject.dep_ in {"nsubj", "agent"} and subject.lower_ not in _PRONOUNS
                    if spoke and self._names.can_speak(subject):
                        return self._names.attribution(subject, verb=verb.lemma_.lower())
        body = self._body_before(pronoun, floor)
        if body is not None:
            return self._names.attribution(body, verb=verb.lemma_.lower())
        wanted = {"PERSON"} if pronoun.lower_ in {"he", "she", "his", "her"} else {"PERSON", "ORG"}
        for entity in reversed(self._doc.ents):
            if entity.end <= pronoun.i and entity.start >= floor and entity.label_ in wanted:
                return self._names.attribution(entity.root, verb=verb.lemma_.lower())
        return None

    def _body_before(self, pronoun: Token, floor: int) -> Token | None:
        """Give the body that "it" and "they" mean: the last "ministry", "council" that did something."""
        if pronoun.lower_ not in {"it", "its", "they", "their"}:
            return None
        for token in reversed(self._doc[floor : pronoun.i]):
            subject = token.dep_ in {"nsubj", "nsubjpass"} and token.lower_ not in _PRONOUNS
            if subject and self._names.is_body(token):
                return token
        return None

    # Paragraphs, quotations, bulletins

    def _paragraph_start(self, index: int) -> int:
        place = bisect_left(self._blanks, index)
        return self._blanks[place - 1] + 1 if place else 0

    def _paragraph_end(self, index: int) -> int:
        place = bisect_left(self._breaks, index)
        return self._breaks[place] if place < len(self._breaks) else len(self._doc)

    def _speaker_of_quote(self, trigger: Token) -> Attribution | None:
        """Find who speaks in the paragraph of a quotation: behind it first, then before it."""
        start, end = self._paragraph_start(trigger.i), self._paragraph_end(trigger.i)
        verbs = [t for t in self._doc[start:end] if self._is_speech(t) and not self._is_inner(t)]
        behind = [v for v in verbs if v.i > trigger.i]
        before = [v for v in reversed(verbs) if v.i < trigger.i]
        for verb in [*[v for v in behind if v.sent == trigger.sent], *before, *behind]:
            source = self._source_of(verb) or self._following_name(verb)
            if source is not None:
                return source
        before_it = range(trigger.sent.start - 1, start - 1, -1)
        cited = next((i for i in before_it if self._lowers[i] == "according"), None)
        return self._according_to(self._doc[cited]) if cited is not None else None

    def _is_inner(self, verb: Token) -> bool:
        """Tell whether the verb belongs to the quoted words themselves ("I say")."""
        return any(c.dep_ == "nsubj" and c.lower_ in {"i", "we", "you"} for c in verb.children)

    def _following_name(self, verb: Token) -> Attribution | None:
        """Take the name behind an inverted verb that the parse lost: "– said at a briefing … X"."""
        for entity in self._doc.ents:
            if verb.i < entity.start <= verb.i + 20 and entity.label_ in {"PERSON", "ORG"}:
                return self._names.attribution(entity.root, verb=verb.lemma_.lower())
        return None

    def _goes_on(self, trigger: Token) -> Attribution | None:
        """Give the speaker of the sentences before and behind when they are the same.

        "He said …. The bridge was hit. He added …": the middle is his as well.
        """
        sentence = trigger.sent
        if sentence.start == 0 or sentence.end >= len(self._doc):
            return None
        before, behind = self._doc[sentence.start - 1].sent, self._doc[sentence.end].sent
        start, end = self._paragraph_start(trigger.i), self._paragraph_end(trigger.i)
        if before.start < start or behind.end > end + 1:
            return None
        first, second = self._speaker_in(before), self._speaker_in(behind)
        if first is None or second is None:
            return None
        return first if _names_in(first) & _names_in(second) else None

    def _goes_on_quoting(self, trigger: Token) -> Attribution | None:
        """Give the speaker of the sentence before when this one still quotes some of his words."""
        sentence = trigger.sent
        if sentence.start <= self._paragraph_start(trigger.i):
            return None
        if not _PART_QUOTED.search(sentence.text):
            return None
        return self._speaker_in(self._doc[sentence.start - 1].sent)

    def _speaker_in(self, sentence: Span) -> Attribution | None:
        if sentence.start not in self._by_sentence:
            verbs = [t for t in sentence if self._is_speech(t) and t.lemma_.lower() in self._spoken]
            sources = (self._source_of(verb) for verb in verbs)
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


# Nouns that no verb of speech has for its subject in the sense of claiming.
_NOBODY = frozenset({"strike", "attack", "shelling", "video", "day", "week", "time", "year"})


@lru_cache(maxsize=1)
def _verbs_of(verbs: frozenset[str]) -> Mapping[str, str]:
    """Give the verb of each form; the same for all texts."""
    return {form: verb for verb in sorted(verbs) for form in forms_of(verb)}
