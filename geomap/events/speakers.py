"""Who speaks: the side, the person and the organisation that the words for a speaker name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules
from geomap.records import Attribution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

__all__ = ["SpeakerNames", "side_of"]

_RANKS = frozenset(
    {"rear", "vice", "staff", "marshal", "admiral", "brigadier", "deputy", "senior", "chief"}
)
_ACCORDING = re.compile(r"^according to ", re.IGNORECASE)
_TITLE_WORDS = re.compile(r"^(?:the |its |a |an |their |his |her )", re.IGNORECASE)
# A description longer than this is a clause, not the name of an organisation.
LONGEST_ORGANISATION = 80
# "KYIV, June 2 (Reuters) - ", "MOSCOW/KYIV – ": what opens a report is no part of any name.
_DATELINE = re.compile(
    r"^(?:[A-Z]{3,}[^\n–—]{0,70}?|[A-Z][^\n–—]{1,60}?(?:\(\w+\)|\b\d{1,2}(?: \w+| \d{4})?)) (?:-|–|—) ",
    re.MULTILINE,
)
# How far before a name its office may begin, in characters.
LONGEST_OFFICE = 160


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
    for match in _sides_pattern().finditer(lower):
        word = match.group()
        if word != "us" or text[match.start() : match.end()] == "US":
            return _side_by_word()[word]
    return None


@lru_cache(maxsize=1)
def _side_by_word() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for side, members in rules("claims")["sides"].items():
        for word in members:
            found.setdefault(word, side)
    return found


@lru_cache(maxsize=1)
def _sides_pattern() -> re.Pattern[str]:
    words = sorted(map(re.escape, _side_by_word()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


@lru_cache(maxsize=1)
def _office_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Give what stands before a name ("Ministry of Defense …") and behind it (", its mayor")."""
    heads = rules("claims")["organisations"]["heads"]
    head = "|".join(sorted(map(re.escape, heads), key=len, reverse=True))
    return (
        re.compile(
            rf"(?i:(?:\b[\w’'-]+ ){{0,4}}\b(?:{head})\b(?: of| for| the| and| [A-Z][\w’'-]+){{0,8}}),? $"
        ),
        re.compile(
            rf"^, (?:the |an? |its )?((?i:[^,.;“”\"]{{0,60}}\b(?:{head})\b[^,.;“”\"]{{0,40}}))"
        ),
    )


class SpeakerNames:
    """Who the nouns of one text stand for, with a memory of who was introduced how.

    Parameters
    ----------
    doc
        A parsed text.
    text, ents
        Its text and names, which spaCy builds anew each time it is asked.
    """

    def __init__(self, doc: Doc, *, text: str, ents: Sequence[Span]) -> None:
        self._doc = doc
        self._heads = frozenset(rules("claims")["organisations"]["heads"])
        self._offices = frozenset(rules("claims")["organisations"]["offices"])
        self._anybody = frozenset(rules("claims")["organisations"]["anybody"])
        self._organisations: dict[str, str] = {}
        self._full_names: dict[str, str] = {}
        # Whom a noun and the words that describe it name: triggers of a sentence ask for the same.
        self._known: dict[
            tuple[int, str | None], tuple[str | None, str | None, str | None] | None
        ] = {}
        self._people = [e for e in ents if e.label_ == "PERSON"]
        self._datelines = [match.span() for match in _DATELINE.finditer(text)]
        self._learn()

    def can_speak(self, noun: Token) -> bool:
        """Tell whether a noun names somebody who may claim something."""
        if noun.ent_type_ in {"PERSON", "ORG", "GPE", "NORP"} or noun.pos_ == "PROPN":
            return True
        return noun.lemma_.lower() in self._heads or noun.lower_ in self._heads

    def in_dateline(self, noun: Token) -> bool:
        """Tell whether a noun stands in a dateline, and so is no subject of anything."""
        return any(first <= noun.idx < last for first, last in self._datelines)

    def behind_dateline(self, verb: Token) -> int:
        """Give the first token behind the dateline of a verb's sentence, if only names follow.

        "KYIV, Jan 11 - The head of the Wagner group, Yevgeny Prigozhin, said": the place of "The";
        that of the verb itself otherwise.
        """
        first = verb.i
        while first > verb.sent.start and not self.in_dateline(verb.doc[first - 1]):
            first -= 1
        between = verb.doc[first : verb.i]
        clause = any(t.pos_ in {"VERB", "AUX"} and not t.ent_type_ for t in between)
        return verb.i if clause or first == verb.sent.start else first

    def is_body(self, noun: Token) -> bool:
        """Tell whether a noun names a body that speaks by its kind: "ministry", "council"."""
        return noun.lemma_.lower() in self._heads or noun.lower_ in self._heads

    def attribution(
        self, noun: Token, *, verb: str | None, phrase: str | None = None
    ) -> Attribution | None:
        """Give the attribution that a noun makes.

        Parameters
        ----------
        noun
            The subject of a verb of speech, or what stands for it.
        verb
            The lemma of the verb.
        phrase
            The words that describe the speaker; those below the noun when ``None``.

        Returns
        -------
        Attribution or None
            ``None`` when the words name nobody.
        """
        key = noun.i, phrase
        if key not in self._known:
            self._known[key] = self._named_by(noun, phrase or self.phrase(noun))
        found = self._known[key]
        if found is None:
            return None
        person, organisation, side = found
        return Attribution(speaker=person, organisation=organisation, side=side, verb=verb)

    def _named_by(
        self, noun: Token, phrase: str
    ) -> tuple[str | None, str | None, str | None] | None:
        """Give person, organisation and side; ``None`` when the words name nobody."""
        person = self._person_in(noun, phrase)
        organisation = self._organisation_in(phrase, person)
        if person is not None and organisation is None:
            organisation = self._organisations.get(person.split()[-1])
        if person is None and organisation is None:
            organisation = self._plain(noun, phrase)
        if person is None and organisation is None:
            return None
        if person is None and organisation is not None:
            person = self._holder_of(organisation)
        side = side_of(" ".join(filter(None, (organisation, person)))) or side_of(phrase)
        return person, organisation, side

    def _holder_of(self, office: str) -> str | None:
        """Give who holds an office that is named alone, "the governor": the only one introduced."""
        if office.lower() in self._anybody and len(self._organisations) == 1:
            last = next(iter(self._organisations))
            return self._full_names.get(last, last)
        if office.lower() not in self._offices:
            return None
        found = [
            last
            for last, held in self._organisations.items()
            if office.lower() in held.lower().split()
        ]
        return self._full_names.get(found[0], found[0]) if len(found) == 1 else None

    def _plain(self, noun: Token, phrase: str) -> str | None:
        """Take common nouns for what they are: "fishermen", "two security sources"."""
        text = _TITLE_WORDS.sub("", phrase).strip(" ,–—-")
        if noun.pos_ not in {"NOUN", "PROPN"} or not text or len(text) > LONGEST_ORGANISATION:
            return None
        return text

    def phrase(self, noun: Token) -> str:
        """Give the noun with what describes it, relative clauses left out."""
        kept = [
            t for t in noun.subtree
            if not any(a.dep_ in {"relcl", "advcl", "ccomp", "acl", "punct"} and a != noun for a in _up_to(t, noun))
        ]  # fmt: skip
        for first, last in self._datelines:
            if kept and first <= kept[0].idx < last <= noun.idx:
                kept = [t for t in kept if t.idx >= last]
        words = " ".join(t.text for t in kept if not t.is_space).strip(' ,–—-"“”')
        return words.removesuffix(" 's").removesuffix(" ’s")

    def _person_in(self, noun: Token, phrase: str) -> str | None:
        for entity in self._people:
            if entity.start >= noun.left_edge.i and entity.end <= noun.right_edge.i + 1:
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
        for entity in self._people:
            parts = [t.text for t in entity if t.is_alpha]
            if len(parts) > 1:
                self._full_names.setdefault(parts[-1], " ".join(parts))
        for sentence in {e.sent.start: e.sent for e in self._people}.values():
            text = sentence.text
            for last, full in self._full_names.items():
                if last in text and last not in self._organisations:
                    office = self._office_beside(text, full)
                    if office is not None:
                        self._organisations[last] = office

    def _office_beside(self, sentence: str, full: str) -> str | None:
        """Give the office before or behind a full name: "Ministry of Defense … Igor Konashenkov"."""
        before_name, behind_name = _office_patterns()
        start = sentence.find(full)
        if start < 0:
            return None
        before = before_name.search(sentence[max(0, start - LONGEST_OFFICE) : start])
        behind = behind_name.search(sentence[start + len(full) :])
        found = before.group(0) if before else behind.group(1) if behind else None
        if found is None or len(found) > LONGEST_ORGANISATION * 1.5:
            return None
        return _TITLE_WORDS.sub("", _ACCORDING.sub("", found.strip(" ,"))).strip()


def _up_to(token: Token, top: Token) -> Iterator[Token]:
    while token not in (top, token.head):
        yield token
        token = token.head
