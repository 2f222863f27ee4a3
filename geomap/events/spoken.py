"""A text as the rules of speech look at it: words, paragraphs, names, verbs of speech."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events.forms import forms_of
from geomap.events.speakers import SpeakerNames
from geomap.lexicons import rules
from geomap.sentences import text_of, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc, Token

__all__ = ["NAMED", "NAME_PARTS", "PRONOUNS", "QUOTES", "SpeechWords", "SpokenText", "speech_words"]

PRONOUNS = frozenset({"he", "she", "it", "they", "who", "which", "we", "i"})
QUOTES = frozenset({"”", '"', "“", "»", "'", "’"})
# What a name and office consist of: "the head of the city council", "governor Serhiy Haidai".
NAMED = frozenset({"PERSON", "ORG"})
NAME_PARTS = frozenset({"DET", "ADJ", "NOUN", "PROPN", "ADP", "PART", "PRON", "NUM", "CCONJ"})
_SEGMENT_MARKS = frozenset({";", "•", "🔹", "🔴"})
# Nouns that no verb of speech has for its subject in the sense of claiming.
_NOBODY = frozenset({"strike", "attack", "shelling", "video", "day", "week", "time", "year"})


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """The words of ``lexicons/claims.toml`` by which somebody is made the speaker, as sets.

    Parameters
    ----------
    claim, deny, spoken, stated, wishes, reported, speaking
        Lemmas of verbs; the file tells what each set holds.
    forms
        Form to lemma of the verbs that may close a clause: "said" to "say".
    accounts, claims, plain_bodies
        Nouns.
    voicing
        Lemmas of all verbs by which somebody says, denies or wants something.
    acting
        Forms, in lower case, that may tell of an act of speech.
    """

    claim: frozenset[str]
    deny: frozenset[str]
    spoken: frozenset[str]
    stated: frozenset[str]
    wishes: frozenset[str]
    reported: frozenset[str]
    speaking: frozenset[str]
    forms: Mapping[str, str]
    accounts: frozenset[str]
    claims: frozenset[str]
    plain_bodies: frozenset[str]
    voicing: frozenset[str]
    acting: frozenset[str]


@lru_cache(maxsize=1)
def speech_words() -> SpeechWords:
    """Read the words once."""
    verbs, nouns = rules("claims")["verbs"], rules("claims")["nouns"]
    deny = frozenset(verbs["deny"])
    spoken = frozenset(verbs["spoken"]) | frozenset(verbs["closing"])
    voicing = frozenset(verbs["claim"]) | frozenset(verbs["wish"]) | deny
    named = frozenset(nouns["account"]) | frozenset(nouns["claim"])
    forms = {form for verb in voicing | spoken for form in forms_of(verb)}
    return SpeechWords(
        claim=frozenset(verbs["claim"]),
        deny=deny,
        spoken=spoken,
        stated=frozenset(verbs["stated"]),
        wishes=frozenset(verbs["wish"]),
        # What they deny or count may be their object as well.
        reported=deny | frozenset(verbs["reported"]) | frozenset(verbs["count"]),
        speaking=frozenset(verbs["speaking"]),
        forms={form: verb for verb in sorted(spoken | deny) for form in forms_of(verb)},
        accounts=frozenset(nouns["account"]),
        claims=frozenset(nouns["claim"]),
        plain_bodies=frozenset(nouns["plain"]),
        voicing=voicing,
        acting=frozenset(forms | named | {f"{noun}s" for noun in named}),
    )


class SpokenText:
    """One text, with what is asked of it again and again.

    Parameters
    ----------
    doc
        A parsed text.
    """

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = text_of(doc)
        # Words are looked at far more often than they are found: lists cost less than tokens.
        words = words_of(doc)
        self.words = words
        lower = {word: word.lower() for word in set(words)}
        self.lowers = [lower[word] for word in words]
        lines = [(place, word.count("\n")) for place, word in enumerate(words) if word.isspace()]
        self._breaks = [place for place, count in lines if count]
        self._blanks = [place for place, count in lines if count > 1]
        self._marks = [place for place, word in enumerate(words) if word in _SEGMENT_MARKS]
        self.ents = doc.ents  # Built anew by spaCy each time.
        self.names = SpeakerNames(doc, text=self.text, ents=self.ents)
        self._segments: dict[int, tuple[int, int]] = {}
        self.lexicon = speech_words()

    def is_speech(self, token: Token) -> bool:
        """Tell whether a word is a verb by which somebody says or denies something."""
        if token.pos_ != "VERB":
            return False
        lemma = token.lemma_.lower()
        if lemma == "put":
            # "Put it", "put the toll at 40", not "put down", "put their names".
            return any(c.lower_ in {"at", "it"} for c in token.children)
        if lemma in self.lexicon.deny:
            return not any(c.dep_ == "neg" for c in token.children)
        return lemma in self.lexicon.claim

    def segment(self, trigger: Token) -> tuple[int, int]:
        """Give the part of the sentence between semicolons that holds the trigger."""
        if trigger.i in self._segments:
            return self._segments[trigger.i]
        sentence = trigger.sent
        place = bisect_left(self._marks, trigger.i)
        before, behind = self._marks[:place], self._marks[bisect_right(self._marks, trigger.i) :]
        start = max(sentence.start, before[-1] + 1) if before else sentence.start
        end = min(sentence.end, behind[0]) if behind else sentence.end
        self._segments[trigger.i] = start, end
        return start, end

    def name_start(self, index: int, floor: int) -> int:
        """Give where the words of a name and office that end before a place begin."""
        start = index
        while start > floor + 1 and self._is_name_part(start - 1):
            start -= 1
        return start

    def _is_name_part(self, place: int) -> bool:
        """Tell whether a word belongs to a name or office, the hyphens of compounds too."""
        token = self.doc[place]
        return (
            token.pos_ in NAME_PARTS
            or token.ent_type_ in NAMED
            or (token.text == "-" and not token.whitespace_ and not self.doc[place - 1].whitespace_)
        )

    def head_of(self, nouns: Sequence[Token]) -> Token:
        """Give the noun before the first preposition: "a hospital in Deir al-Balah"."""
        for noun in nouns:
            following = noun.nbor(1) if noun.i + 1 < len(self.doc) else noun
            if following.pos_ not in {"NOUN", "PROPN", "PART"}:
                return noun
        return nouns[-1]

    def next_word(self, verb: Token) -> str:
        """Give the word behind a verb; "." at the end of the text."""
        return self.words[verb.i + 1] if verb.i + 1 < len(self.words) else "."

    def is_somebody(self, noun: Token) -> bool:
        """Tell whether a noun can have said it: not a day or a thing of war."""
        return noun.ent_type_ not in {"DATE", "TIME", "CARDINAL"} and noun.lemma_.lower() not in (
            _NOBODY
        )

    def paragraph_start(self, index: int) -> int:
        """Give where the paragraph of a token begins, behind the last empty line."""
        place = bisect_left(self._blanks, index)
        return self._blanks[place - 1] + 1 if place else 0

    def paragraph_end(self, index: int) -> int:
        """Give where the line of a token ends."""
        place = bisect_left(self._breaks, index)
        return self._breaks[place] if place < len(self._breaks) else len(self.doc)

    def breaks_between(self, first: int, last: int) -> int:
        """Count the empty lines between two tokens."""
        return bisect_left(self._blanks, last) - bisect_left(self._blanks, first)
