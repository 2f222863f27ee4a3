"""Whose a verb of speech or a noun for an account is: subjects, agents, owners, antecedents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.events.spoken import PRONOUNS

if TYPE_CHECKING:
    from spacy.tokens import Token

    from geomap.events.spoken import SpokenText
    from geomap.records import Attribution

__all__ = ["Sources"]

# How many words behind an inverted verb a lost name may stand.
_LOST_WITHIN = 20


class Sources:
    """Who speaks by the verbs and nouns of one text.

    Parameters
    ----------
    text
        The text.
    """

    def __init__(self, text: SpokenText) -> None:
        self._text = text

    def source_of(self, verb: Token) -> Attribution | None:
        """Give the subject or agent of a verb of speech; ``None`` for "we" and "I"."""
        subjects = [c for c in verb.children if c.dep_ == "nsubj"]
        agents = [
            p for c in verb.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"
        ]
        passive = any(c.dep_ == "nsubjpass" for c in verb.children)
        inverted = [
            c for c in verb.children
            if c.dep_ in {"dobj", "attr", "npadvmod"} and c.i > verb.i and self._text.names.can_speak(c)
        ]  # fmt: skip
        for subject in [*agents, *subjects, *([] if passive else inverted)]:
            if subject.lower_ in {"we", "i"}:
                # The author outside quotations, and whoever is quoted inside them.
                return None
            if subject.lower_ in PRONOUNS:
                return self.antecedent(subject, verb)
            if self._text.names.in_dateline(subject):
                return self._behind_dateline(verb)
            if self._is_plain_body(subject):
                body = self._body_meant(subject)
                if body is not None:
                    return self._text.names.attribution(body, verb=verb.lemma_.lower())
            if subject.pos_ in {"NOUN", "PROPN"} and self._text.is_somebody(subject):
                return self._text.names.attribution(subject, verb=verb.lemma_.lower())
        if verb.dep_ == "conj" and verb.head.pos_ == "VERB":
            return self.source_of(verb.head)
        return None

    def _behind_dateline(self, verb: Token) -> Attribution | None:
        """Give who stands between a dateline and a verb that the parse has given it as subject."""
        start = self._text.name_start(verb.i, verb.sent.start - 1)
        start = start if start < verb.i else self._text.names.behind_dateline(verb)
        nouns = [
            t for t in self._text.doc[start : verb.i]
            if t.pos_ in {"NOUN", "PROPN"} and t.dep_ != "poss" and not self._text.names.in_dateline(t)
        ]  # fmt: skip
        if not nouns:
            return None
        phrase = self._text.doc[start : verb.i].text.strip(" ,-–—")
        return self._text.names.attribution(
            self._text.head_of(nouns), verb=verb.lemma_.lower(), phrase=phrase
        )

    def _is_plain_body(self, noun: Token) -> bool:
        """Tell whether it is "the organisation", "the same agency": named before."""
        return (
            noun.lower_ in self._text.lexicon.plain_bodies
            and noun.left_edge.lower_ in {"the", "this", "that"}
            and all(c.lower_ == "same" or c.dep_ == "det" for c in noun.children)
        )

    def _body_meant(self, noun: Token) -> Token | None:
        """Give the last body named before "the organisation", in this paragraph or the one before."""
        floor = self._text.paragraph_start(max(0, self._text.paragraph_start(noun.i) - 1))
        for entity in reversed(self._text.ents):
            if floor <= entity.start < noun.i and entity.label_ == "ORG":
                return entity.root if not self._text.names.in_dateline(entity.root) else None
        return None

    def antecedent(self, pronoun: Token, verb: Token) -> Attribution | None:
        """Resolve "he said", "it says": who spoke last in this paragraph or the one before."""
        if pronoun.lower_ in {"who", "which"} and verb.dep_ == "relcl":
            return self._text.names.attribution(verb.head, verb=verb.lemma_.lower())
        floor = self._text.paragraph_start(pronoun.sent.start)
        for token in reversed(self._text.doc[floor : pronoun.i]):
            if self._text.is_speech(token) or (
                token.pos_ == "VERB" and token.lemma_.lower() in self._text.lexicon.stated
            ):
                for subject in token.children:
                    spoke = subject.dep_ in {"nsubj", "agent"} and subject.lower_ not in PRONOUNS
                    if spoke and self._text.names.can_speak(subject):
                        return self._text.names.attribution(subject, verb=verb.lemma_.lower())
        body = self._body_before(pronoun, floor)
        if body is not None:
            return self._text.names.attribution(body, verb=verb.lemma_.lower())
        wanted = (
            {"PERSON"}
            if pronoun.lower_ in {"he", "she", "his", "her", "him"}
            else {"PERSON", "ORG"}
        )
        for entity in reversed(self._text.ents):
            if entity.end <= pronoun.i and entity.start >= floor and entity.label_ in wanted:
                return self._text.names.attribution(entity.root, verb=verb.lemma_.lower())
        return None

    def _body_before(self, pronoun: Token, floor: int) -> Token | None:
        """Give the body that "it" and "they" mean: the last "ministry", "council" that did something."""
        if pronoun.lower_ not in {"it", "its", "they", "their"}:
            return None
        for token in reversed(self._text.doc[floor : pronoun.i]):
            subject = token.dep_ in {"nsubj", "nsubjpass"} and token.lower_ not in PRONOUNS
            if subject and self._text.names.is_body(token):
                return token
        return None

    # Paragraphs, quotations, bulletins

    def owner_of(self, noun: Token) -> Token | None:
        """Give whose a noun is: "the UN's count", "claims by the ministry"."""
        for child in noun.children:
            if child.dep_ == "poss" and self._text.names.can_speak(child):
                return child
            if child.dep_ in {"prep", "agent"} and child.lower_ in {"of", "by", "from"}:
                for below in child.children:
                    if below.dep_ == "pobj" and self._text.names.can_speak(below):
                        return below
            if child.dep_ == "acl" and child.tag_ == "VBN":
                for agent in (g for g in child.children if g.dep_ in {"agent", "prep"}):
                    for below in agent.children:
                        if below.dep_ == "pobj" and self._text.names.can_speak(below):
                            return below
        return None

    def agent_of(self, verb: Token) -> Attribution | None:
        """Give who did it behind "by": "promised by the UN"."""
        for child in verb.children:
            if child.dep_ == "agent" or child.lower_ == "by":
                for noun in child.children:
                    if noun.dep_ == "pobj" and self._text.names.can_speak(noun):
                        return self._text.names.attribution(noun, verb=verb.lemma_.lower())
        return None

    def following_name(self, verb: Token) -> Attribution | None:
        """Take the name behind an inverted verb that the parse lost: "– said at a briefing … X"."""
        for entity in self._text.ents:
            if verb.i < entity.start <= verb.i + _LOST_WITHIN and entity.label_ in {
                "PERSON",
                "ORG",
            }:
                return self._text.names.attribution(entity.root, verb=verb.lemma_.lower())
        return None
