"""Speech beside a clause: what closes it, is put into it, or stands in commas.

", the council said.", ", people in the room recount,", "as the mayor said".
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.relations import ancestors_of
from geomap.events.spoken import NAME_PARTS, NAMED, PRONOUNS, QUOTES

if TYPE_CHECKING:
    from spacy.tokens import Token

    from geomap.events.sources import Sources
    from geomap.events.spoken import SpokenText
    from geomap.records import Attribution

__all__ = ["Asides"]

# Behind ", the council said" the clause ends, whatever the parse takes for its object.
_LISTENERS = frozenset({"reporters", "journalists", "newsmen", "correspondents"})
_PLACE_AND_NAME = 3
_CLOSERS = frozenset({";", ".", ","})


class Asides:
    """Speakers beside the clauses of one text.

    Parameters
    ----------
    text
        The text.
    sources
        Whose its verbs are.
    """

    def __init__(self, text: SpokenText, sources: Sources) -> None:
        self._text = text
        self._sources = sources
        forms = text.lexicon.forms
        self._spoken = [place for place, lower in enumerate(text.lowers) if lower in forms]

    def _spoken_between(self, first: int, last: int) -> list[int]:
        """Give where forms of verbs of speech stand, ``last`` left out, the last one first."""
        start, end = (bisect_left(self._spoken, place) for place in (first, last))
        return self._spoken[start:end][::-1]

    def closing(self, trigger: Token, *, later: bool) -> Attribution | None:
        """Find ", the council said" that closes the clause, however it is parsed.

        Behind a comma or quotation mark, up to the verb of speech, stands only a
        name; behind the verb nothing that it could govern. The speaker of a later
        part of the sentence speaks for the parts before it that have none.
        """
        start, end = self._text.segment(trigger)
        first, last = (end, trigger.sent.end) if later else (start, end)
        # A title that the parse has joined to the first sentence is not what its speaker says.
        last = min(last, self._text.paragraph_end(trigger.i))
        for index in self._spoken_between(max(first, trigger.i) + 1, last):
            source = self.closed_by(index, trigger.i)
            if source is not None:
                return source
        return None

    def inserted(self, trigger: Token) -> Attribution | None:
        """Find ", people in the room recount," and ", he warned," before the trigger."""
        start, _ = self._text.segment(trigger)
        for index in self._spoken_between(start + 1, trigger.i):
            if self._text.words[index + 1] in {",", "–", "—"}:
                source = self.closed_by(index, start)
                if source is not None:
                    return source
        return None

    def closed_by(self, index: int, floor: int) -> Attribution | None:
        """Give who closes a clause with the verb of speech at a place; none from before the floor."""
        lemma = self._text.lexicon.forms.get(self._text.lowers[index])
        if lemma is None:
            return None
        token = self._text.doc[index]
        if self._governs(token):
            return None
        start = self._text.name_start(index, floor)
        if start == index and self._text.words[index - 1] == "," and index - 1 > floor:
            return self._apposed(index, floor, lemma) or self._inverted_behind(token, lemma)
        if start > floor + 1 and self._text.doc[start - 1].text in {"'", "’"}:
            return None
        opener = self._text.doc[start - 1].text
        if start == index:
            return self._inverted_behind(token, lemma)
        nouns = [
            t
            for t in self._text.doc[start:index]
            if (t.pos_ in {"NOUN", "PROPN"} or t.ent_type_ in NAMED) and t.dep_ != "poss"
        ]
        if opener not in {",", *QUOTES, "–"}:
            return None
        if not nouns:
            pronoun = self._text.doc[index - 1]
            return self._sources.antecedent(pronoun, token) if pronoun.lower_ in PRONOUNS else None
        noun = next((t for t in nouns if t.dep_ in {"nsubj", "ROOT"}), None) or self._text.head_of(
            nouns
        )
        if not self._text.is_somebody(noun):
            return None
        phrase = self._text.doc[start:index].text
        possessed = self._possessor(start, index)
        found = self._text.names.attribution(noun, verb=lemma, phrase=phrase)
        if found is not None and possessed is not None and found.speaker is None:
            return self._owned(found, possessed)
        return found

    def _apposed(self, index: int, floor: int, lemma: str) -> Attribution | None:
        """Find ", the governor of the region, Pavlo Kyrylenko, said" and the like, office or name first."""
        inner = self._text.name_start(index - 1, floor)
        if self._text.words[inner - 1] != "," or inner - 1 <= floor:
            return None
        outer = self._text.name_start(inner - 1, floor)
        opener = self._text.words[outer - 1]
        if outer == inner - 1 or opener not in {",", *QUOTES, "–"}:
            return None
        people = [t for t in self._text.doc[outer : index - 1] if t.ent_type_ == "PERSON"]
        offices = [t for t in self._text.doc[outer : index - 1] if self._text.names.is_body(t)]
        if not people or not offices:
            return None
        return self._text.names.attribution(
            people[-1], verb=lemma, phrase=self._text.doc[outer : index - 1].text
        )

    def _inverted_behind(self, verb: Token, lemma: str) -> Attribution | None:
        opener = self._text.words[verb.i - 1]
        return self._inverted(verb, lemma) if opener in {*QUOTES, ",", "–", "-"} else None

    def _possessor(self, start: int, end: int) -> Attribution | None:
        """Resolve "its spokeswoman": whose."""
        pronoun = next(
            (t for t in self._text.doc[start:end] if t.lower_ in {"its", "his", "her", "their"}),
            None,
        )
        return self._sources.antecedent(pronoun, pronoun) if pronoun is not None else None

    def _owned(self, found: Attribution, owner: Attribution) -> Attribution:
        whose = owner.organisation or owner.speaker
        name = f"{found.organisation}, {whose}" if whose else found.organisation
        return replace(found, organisation=name, side=found.side or owner.side)

    def _inverted(self, verb: Token, lemma: str) -> Attribution | None:
        """Find ", said the council" and ", writes the Institute for the Study of War"."""
        nouns = []
        for token in self._text.doc[verb.i + 1 : verb.sent.end]:
            if token.pos_ not in NAME_PARTS:
                break
            nouns.append(token)
        nouns = self._behind_place_and_time(nouns)
        named = [t for t in nouns if t.pos_ in {"NOUN", "PROPN"}]
        if not named or not self._text.is_somebody(self._text.head_of(named)):
            return None
        phrase = self._text.doc[nouns[0].i : nouns[-1].i + 1].text
        return self._text.names.attribution(self._text.head_of(named), verb=lemma, phrase=phrase)

    def _behind_place_and_time(self, words: list[Token]) -> list[Token]:
        """Give the words from the name on: ", said at a briefing in Odesa Oleh Kiper"."""
        if not words or words[0].pos_ != "ADP":
            return words
        first, last = words[0].i, words[-1].i
        people = (e for e in self._text.ents if e.label_ == "PERSON" and first < e.start <= last)
        person = next(people, None)
        if person is not None:
            return [t for t in words if t.i >= person.start]
        # Where the name is not recognised, the place before it is the first of three words.
        start = last
        while start > first and self._text.doc[start - 1].pos_ == "PROPN":
            start -= 1
        longest = last - start + 1
        return words[-longest + 1 :] if longest >= _PLACE_AND_NAME else words

    def _governs(self, verb: Token) -> bool:
        """Tell whether a verb of speech has words of its own behind it, other than when and where."""
        if self._text.next_word(verb) in _CLOSERS:
            return False
        return any(
            c.i > verb.i
            and c.pos_ != "PRON"
            and c.dep_ in {"ccomp", "dobj", "xcomp", "oprd"}
            and c.lower_ not in _LISTENERS
            and not self._text.names.can_speak(c)
            for c in verb.children
        ) or (
            verb.i + 1 < len(self._text.doc) and self._text.doc[verb.i + 1].lower_ in {"that", "of"}
        )

    def parenthetic(self, trigger: Token) -> Attribution | None:
        """Find ", the council says," or "as X said" beside the trigger, not above it."""
        start, end = self._text.segment(trigger)
        acting, lowers = self._text.lexicon.acting, self._text.lowers
        for token in (self._text.doc[i] for i in range(start, end) if lowers[i] in acting):
            if not self._text.is_speech(token) or token == trigger:
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
                return self._sources.source_of(token)
            if not complement and self._in_commas(subjects[0], token):
                return self._sources.source_of(token)
        return None

    def _in_commas(self, subject: Token, verb: Token) -> bool:
        start, end = subject.left_edge.i, verb.i + 1
        if start == 0 or end >= len(self._text.doc):
            return False
        return self._text.doc[start - 1].text in {",", "–", "—"} and self._text.doc[end].text in {
            ",", "–", "—", ".", ";",
        }  # fmt: skip
