"""Find who says something: verbs of speech, "according to", direct speech, and their memory."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from geomap.events.quotes import is_quoted
from geomap.events.relations import ancestors_of
from geomap.lexicons import rules
from geomap.records import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Span, Token

__all__ = ["SpeakerFinder", "side_of"]

_PRONOUNS = frozenset({"he", "she", "it", "they", "who", "which"})
_RANKS = frozenset(
    {"rear", "vice", "staff", "marshal", "admiral", "brigadier", "deputy", "senior", "chief"}
)
# What a name and office consist of: "the head of the city council", "governor Serhiy Haidai".
_NAME_PARTS = frozenset({"DET", "ADJ", "NOUN", "PROPN", "ADP", "PART"})
_ACCORDING = re.compile(r"^according to ", re.IGNORECASE)
_TITLE_WORDS = re.compile(r"^(?:the |its |a |an |their |his |her )", re.IGNORECASE)
# A description longer than this is a clause, not the name of an organisation.
LONGEST_ORGANISATION = 80


def side_of(text: str) -> str | None:
    """Give the side that a name or description speaks for.

    Parameters
    ----------
    text
        E.g. "the Russian Ministry of Defense".

    Returns
    -------
    str or None
        A code of ``[sides]`` in ``lexicons/claims.toml``; the word that stands
        first decides. ``None`` when no word of it names a side.

    Examples
    --------
    >>> side_of("the General Staff of Ukraine")
    'UA'
    """
    lower = text.lower()
    best: tuple[int, str] | None = None
    for side, members in rules("claims")["sides"].items():
        for word in members:
            match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", lower)
            if match and word == "us" and text[match.start() : match.end()] != "US":
                continue
            if match and (best is None or match.start() < best[0]):
                best = (match.start(), side)
    return best[1] if best else None


class SpeakerFinder:
    """Attributions of one text, with a memory of who was introduced how.

    Parameters
    ----------
    doc
        A parsed text.
    quotes
        Its direct speech.
    """

    def __init__(self, doc: Doc, quotes: Sequence[tuple[int, int]]) -> None:
        self._doc = doc
        self._quotes = quotes
        verbs = rules("claims")["verbs"]
        self._claim = frozenset(verbs["claim"])
        self._deny = frozenset(verbs["deny"])
        self._heads = frozenset(rules("claims")["organisations"]["heads"])
        self._organisations: dict[str, str] = {}
        self._full_names: dict[str, str] = {}
        self._learn()

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
        for verb in self._speech_above(trigger):
            source = self._source_of(verb)
            if source is not None:
                return source, verb.lemma_.lower() in self._deny
        source = (
            self._according_to(trigger.sent)
            or self._parenthetic(trigger)
            or self._trailing(trigger)
        )
        if source is not None:
            return source, False
        if is_quoted(trigger.idx, self._quotes):
            return self._speaker_of_quote(trigger), False
        return None, False

    def _is_speech(self, token: Token) -> bool:
        lemma = token.lemma_.lower()
        return token.pos_ == "VERB" and (lemma in self._claim or lemma in self._deny)

    def _speech_above(self, trigger: Token) -> Iterator[Token]:
        """Give the verbs of speech that govern the trigger: "said that …", "denied …"."""
        chain = ancestors_of(trigger)
        for below, verb in itertools.pairwise(chain):
            if not self._is_speech(verb) or verb == trigger:
                continue
            that = any(c.dep_ == "mark" and c.lower_ == "that" for c in below.children)
            if (
                below.dep_ in {"ccomp", "parataxis", "csubj"}
                or (below.dep_ == "advcl" and that)
                or (
                    below.dep_ in {"dobj", "nsubjpass", "xcomp"}
                    and (
                        verb.lemma_.lower()
                        in {*self._deny, "report", "announce", "confirm", "claim"}
                    )
                )
            ):
                yield verb

    def _parenthetic(self, trigger: Token) -> Attribution | None:
        """Find ", the council says" or "as X said" beside the trigger, not above it."""
        for token in trigger.sent:
            if not self._is_speech(token) or token == trigger:
                continue
            if not any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children):
                continue
            marked = any(c.dep_ == "mark" and c.lower_ == "as" for c in token.children)
            governed = token in ancestors_of(trigger) or trigger in ancestors_of(token)
            complement = [c for c in token.children if c.dep_ in {"ccomp", "dobj"}]
            if (
                marked
                or (token.dep_ == "parataxis" and not complement)
                or (
                    governed
                    and trigger in ancestors_of(token)
                    and token.dep_ in {"advcl", "parataxis"}
                    and not complement
                )
            ):
                return self._source_of(token)
        return None

    def _trailing(self, trigger: Token) -> Attribution | None:
        """Find ", the council said." at the end of the sentence, however it is parsed.

        Behind a comma that closes what is said, up to the verb of speech, stands only a name.
        """
        for verb in reversed(list(trigger.sent)):
            if verb.i <= trigger.i:
                return None
            if not self._is_speech(verb) or any(
                c.dep_ in {"ccomp", "dobj", "xcomp"} and c.i > verb.i for c in verb.children
            ):
                continue
            start = verb.i
            while start > trigger.i and self._doc[start - 1].pos_ in _NAME_PARTS:
                start -= 1
            nouns = [t for t in self._doc[start : verb.i] if self._can_speak(t)]
            if nouns and self._doc[start - 1].text in {",", "”", '"'}:
                phrase = self._doc[start : verb.i].text
                return self._attribution(nouns[-1], verb=verb.lemma_.lower(), phrase=phrase)
        return None

    def _according_to(self, sentence: Span) -> Attribution | None:
        for token in sentence:
            if token.lower_ == "according" and token.i + 1 < len(self._doc):
                preposition = token.nbor(1)
                nouns = [c for c in preposition.children if c.dep_ == "pobj"] or [
                    t
                    for t in self._doc[preposition.i + 1 : preposition.i + 6]
                    if t.pos_ in {"PROPN", "NOUN"}
                ][-1:]
                if preposition.lower_ == "to" and nouns:
                    # A noun that carries the whole phrase in a bad parse carries these words too.
                    phrase = _ACCORDING.sub("", self._phrase(nouns[0]))
                    return self._attribution(nouns[0], verb="according to", phrase=phrase)
        return None

    def _source_of(self, verb: Token) -> Attribution | None:
        subjects = [c for c in verb.children if c.dep_ == "nsubj"]
        agents = [
            p for c in verb.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"
        ]
        passive = any(c.dep_ == "nsubjpass" for c in verb.children)
        inverted = [
            c for c in verb.children
            if c.dep_ in {"dobj", "attr", "npadvmod"} and c.i > verb.i and self._can_speak(c)
        ]  # fmt: skip
        for subject in [*agents, *subjects, *([] if passive else inverted)]:
            if subject.lower_ in _PRONOUNS:
                return self._antecedent(subject, verb)
            if self._can_speak(subject):
                return self._attribution(subject, verb=verb.lemma_.lower())
        if verb.dep_ == "conj" and verb.head.pos_ == "VERB":
            return self._source_of(verb.head)
        return None

    def _can_speak(self, noun: Token) -> bool:
        if noun.ent_type_ in {"PERSON", "ORG", "GPE", "NORP"} or noun.pos_ == "PROPN":
            return True
        return noun.lemma_.lower() in self._heads or noun.lower_ in self._heads

    def _antecedent(self, pronoun: Token, verb: Token) -> Attribution | None:
        """Resolve "he said", "it says": who spoke last in this paragraph or the one before."""
        if pronoun.lower_ in {"who", "which"} and verb.dep_ == "relcl":
            return self._attribution(verb.head, verb=verb.lemma_.lower())
        floor = self._paragraph_start(pronoun.sent.start)
        for token in reversed(list(self._doc[floor : pronoun.i])):
            if self._is_speech(token):
                subjects = [
                    c
                    for c in token.children
                    if c.dep_ in {"nsubj", "agent"} and c.lower_ not in _PRONOUNS
                ]
                for subject in subjects:
                    if self._can_speak(subject):
                        return self._attribution(subject, verb=verb.lemma_.lower())
        for entity in reversed(self._doc.ents):
            if (
                entity.end <= pronoun.i
                and entity.start >= floor
                and entity.label_ in {"PERSON", "ORG"}
            ):
                return self._attribution(entity.root, verb=verb.lemma_.lower())
        return None

    def _paragraph_start(self, index: int) -> int:
        for token in reversed(list(self._doc[:index])):
            if token.is_space and token.text.count("\n") > 1:
                return token.i + 1
        return 0

    def _paragraph_end(self, index: int) -> int:
        for token in self._doc[index:]:
            if token.is_space and "\n" in token.text:
                return token.i
        return len(self._doc)

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
        return None

    def _is_inner(self, verb: Token) -> bool:
        """Tell whether the verb belongs to the quoted words themselves ("I say")."""
        return any(c.dep_ == "nsubj" and c.lower_ in {"i", "we", "you"} for c in verb.children)

    def _following_name(self, verb: Token) -> Attribution | None:
        """Take the name behind an inverted verb that the parse lost: "– said at a briefing … X"."""
        for entity in self._doc.ents:
            if verb.i < entity.start <= verb.i + 20 and entity.label_ in {"PERSON", "ORG"}:
                return self._attribution(entity.root, verb=verb.lemma_.lower())
        return None

    def _attribution(
        self, noun: Token, *, verb: str, phrase: str | None = None
    ) -> Attribution | None:
        phrase = phrase or self._phrase(noun)
        person = self._person_in(noun, phrase)
        organisation = self._organisation_in(phrase, person)
        if person is not None and organisation is None:
            organisation = self._organisations.get(person.split()[-1])
        if person is None and organisation is None:
            return None
        side = side_of(" ".join(filter(None, (organisation, person)))) or side_of(phrase)
        return Attribution(speaker=person, organisation=organisation, side=side, verb=verb)

    def _phrase(self, noun: Token) -> str:
        """Give the noun with what describes it, relative clauses left out."""
        kept = [
            t for t in noun.subtree
            if not any(a.dep_ in {"relcl", "advcl", "ccomp", "acl", "punct"} and a != noun for a in _up_to(t, noun))
        ]  # fmt: skip
        return " ".join(t.text for t in kept if not t.is_space).strip(' ,–—-"“”')

    def _person_in(self, noun: Token, phrase: str) -> str | None:
        for entity in self._doc.ents:
            if (
                entity.label_ == "PERSON"
                and entity.start >= noun.left_edge.i
                and entity.end <= noun.right_edge.i + 1
            ):
                name = entity.text.removesuffix("’s").removesuffix("'s").strip()
                return self._full_names.get(name.split()[-1], name) if name else None
        words = [w for w in phrase.split() if w in self._full_names]
        return self._full_names[words[-1]] if words else None

    def _organisation_in(self, phrase: str, person: str | None) -> str | None:
        text = phrase
        for part in (person or "").split():
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "", text)
        text = _TITLE_WORDS.sub("", re.sub(r"\s+", " ", text)).strip(" ,–—-")
        words = {w.lower().strip(",.’'s") for w in text.split()} | {w.lower() for w in text.split()}
        titles = rules("toponyms")["context"]["titles"]
        bare = not text.lower().endswith("general staff") and all(
            w.lower().strip(".,") in titles or w.lower() in _RANKS for w in text.split()
        )
        if not text or bare or len(text) > LONGEST_ORGANISATION:
            return None
        if words & self._heads or (person is None and text[:1].isupper()) or side_of(text):
            return text
        return None

    def _learn(self) -> None:
        """Remember full names, and the office that stands beside a name at its first mention."""
        for entity in self._doc.ents:
            if entity.label_ != "PERSON":
                continue
            parts = [t.text for t in entity if t.is_alpha]
            if len(parts) > 1:
                self._full_names.setdefault(parts[-1], " ".join(parts))
        for sentence in self._doc.sents:
            for last, full in self._full_names.items():
                if last in sentence.text and last not in self._organisations:
                    office = self._office_beside(sentence.text, full)
                    if office is not None:
                        self._organisations[last] = office

    def _office_beside(self, sentence: str, full: str) -> str | None:
        """Give the office before or behind a full name: "Ministry of Defense … Igor Konashenkov"."""
        name = re.escape(full)
        head = "|".join(sorted(map(re.escape, self._heads), key=len, reverse=True))
        before = re.search(
            rf"(?i:(?:\b[\w’'-]+ ){{0,4}}\b(?:{head})\b(?: of| for| the| and| [A-Z][\w’'-]+){{0,8}}),? $",
            sentence[: m.start()] if (m := re.search(name, sentence)) else "",
        )
        behind = re.search(
            rf"{name}, (?:the |an? |its )?((?i:[^,.;“”\"]{{0,60}}\b(?:{head})\b[^,.;“”\"]{{0,40}}))",
            sentence,
        )
        found = before.group(0) if before else behind.group(1) if behind else None
        if found is None or len(found) > LONGEST_ORGANISATION * 1.5:
            return None
        return _TITLE_WORDS.sub("", _ACCORDING.sub("", found.strip(" ,"))).strip()


def _up_to(token: Token, top: Token) -> Iterator[Token]:
    while token not in (top, token.head):
        yield token
        token = token.head
