"""Propose the spans of a text that may be toponyms: the gazetteer, NER and the shape of names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from geomap.gazetteer.normalise import key
from geomap.lexicons import rules, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.gazetteer import Gazetteer
    from geomap.records import Candidate
    from geomap.toponyms.tokens import Entity, Tokens

__all__ = ["DASHES", "PLACE_LABELS", "Proposal", "behind_dash", "propose", "starts_name"]

# The longest name of a place in the built-in gazetteer that news uses has seven
# tokens ("Democratic Republic of the Congo" has five, with apostrophes more).
LONGEST_NAME_TOKENS = 7
# What NER may call a place by mistake; dates, numbers and peoples are left out.
NAME_LABELS = frozenset({"GPE", "LOC", "FAC", "ORG", "PERSON", "PRODUCT", "EVENT", "WORK_OF_ART"})
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
DASHES = frozenset({"-", "–", "—", "‑", "→"})
_INSIDE = frozenset("-–‑'’ʼ./&")
_JOINERS = frozenset({"’s", "'s", "-", "‑", "–", "/", "&"})
_BRACKETS = frozenset("()[]\n")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span that may be a toponym: half-open token offsets, with the candidates of its text."""

    start: int
    end: int
    text: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    particles: frozenset[str]
    nouns: frozenset[str]
    never: frozenset[str]
    settlements: frozenset[str]
    roads: frozenset[str]
    numbered_roads: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    context = rules("toponyms")["context"]
    return _Words(
        particles=frozenset(context["particles"]),
        nouns=frozenset(
            word
            for table in ("place_nouns", "plural_regions", "roads", "facility_words")
            for word in context[table]
        ),
        never=frozenset(context["never"]),
        settlements=frozenset(context["settlement_nouns"]),
        roads=frozenset(context["roads"]),
        numbered_roads=frozenset(context["numbered_roads"]),
    )


# At the start of a sentence; "A Coruña" is found by the gazetteer.
_ARTICLES = frozenset({"A", "An"})


@lru_cache(maxsize=1)
def _demonyms() -> frozenset[str]:
    """Give the words for peoples: "Russian", "Syrians"."""
    tables = rules("demonyms").values()
    return frozenset(word for table in tables for words_ in table.values() for word in words_)


def propose(tokens: Tokens, gazetteer: Gazetteer) -> tuple[Proposal, ...]:
    """Propose every span that the gazetteer knows, NER takes for a name, or a road noun ends.

    Parameters
    ----------
    tokens
        A text with entities.
    gazetteer
        Where names are looked up.

    Returns
    -------
    tuple of Proposal
        Overlapping; each span once. Candidates are empty for unknown names.
    """
    spans = {ends: tokens.slice(*ends) for ends in _ngrams(tokens)}
    keys = {text: key(text) for text in set(spans.values())}
    known = gazetteer.knows(set(keys.values()))
    peoples = {
        (e.start, e.end)
        for e in tokens.entities
        if e.label == "NORP" and tokens.slice(e.start, e.end).lower() in _demonyms()
    }
    hits = {
        ends: text
        for ends, text in spans.items()
        if keys[text] in known and (_bare(tokens, ends[0]), ends[1]) not in peoples
    }
    found = gazetteer.find_many(set(hits.values()))
    proposals = {
        ends: Proposal(*ends, text, found[text]) for ends, text in hits.items() if found[text]
    }
    named = [
        (start, end, kept, tokens.slice(start, end))
        for start, end, kept in map(partial(_without_article, tokens), _names(tokens))
        if (start, end) not in proposals and (start, end) not in peoples
    ]
    # Asked for together, they are remembered: one question of the file for all.
    gazetteer.find_many({text for _, _, _, text in named})
    for start, end, kept, text in named:
        if (start, end) not in proposals:
            candidates = gazetteer.find(text)
            if candidates or kept:
                proposals[start, end] = Proposal(start, end, text, candidates)
    return tuple(p for p in proposals.values() if not _has_article(p, tokens))


def _has_article(proposal: Proposal, tokens: Tokens) -> bool:
    """Tell whether a name begins with the article of its sentence, not its own ("The Hague")."""
    if not proposal.candidates or _bare(tokens, proposal.start) == proposal.start:
        return False
    own = proposal.candidates[0].place.name.startswith("The ")
    return tokens.first[proposal.start] and not own


def _without_article(tokens: Tokens, name: tuple[int, int, bool]) -> tuple[int, int, bool]:
    """Leave "A" at a sentence's start out of a name; "A Coruña" the gazetteer knows."""
    start, end, kept = name
    opens = tokens.words[start] in _ARTICLES and end - start > 1
    return start + opens, end, kept


def _ngrams(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Give all spans that are shaped like a name."""
    lists = _words()
    for start, word in enumerate(tokens.words):
        if not starts_name(word):
            continue
        for end in range(start + 1, min(start + LONGEST_NAME_TOKENS, len(tokens)) + 1):
            last, lower = tokens.words[end - 1], tokens.lowers[end - 1]
            named = starts_name(last) or last in _JOINERS
            if not named and lower not in lists.particles and lower not in lists.nouns:
                break
            if lower in lists.never and end - _bare(tokens, start) <= 1:
                continue
            if (starts_name(last) or lower in lists.nouns) and not _cuts_word(tokens, start, end):
                yield start, end


def _bare(tokens: Tokens, start: int) -> int:
    """Give the token at which a name starts without the article of a sentence's start."""
    return start + (tokens.words[start] == "The")


def starts_name(text: str) -> bool:
    """Tell whether a word begins with a capital, behind an apostrophe too."""
    return text[0].isupper() or (len(text) > 1 and text[0] in "'’ʼ`" and text[1].isupper())


def _cuts_word(tokens: Tokens, start: int, end: int) -> bool:
    """Tell whether a letter stands directly before or behind, as in "McAllen"."""
    text, first, last = tokens.text, tokens.starts[start], tokens.ends[end - 1]
    before = text[first - 1] if first else " "
    behind = text[last] if last < len(text) else " "
    return before.isalnum() or behind.isalnum()


def _names(tokens: Tokens) -> Iterator[tuple[int, int, bool]]:
    """Give names that NER, a noun or a chain shows, and whether unknown ones are kept."""
    lists, common = _words(), words("common_words")
    for entity in tokens.entities:
        if entity.label in NAME_LABELS:
            for start, end in _pieces(tokens, entity):
                first = tokens.lowers[start]
                if end - start > 1 or not (first in common or first in lists.never):
                    yield start, end, entity.label in PLACE_LABELS
    dashes = [number for number, word in enumerate(tokens.words) if word in DASHES]
    for dash, behind in pairwise(dashes):
        # "Yarova-Lyman-Pryvillia": one word between two dashes, and one behind the second.
        word = tokens.words[dash + 1]
        between = behind == dash + 2 and behind + 1 < len(tokens)
        if between and word.istitle() and word.isalpha():
            yield dash + 1, behind, True
    yield from _called(tokens, lists)
    yield from _roads(tokens, lists)


def _called(tokens: Tokens, lists: _Words) -> Iterator[tuple[int, int, bool]]:
    """Give the names behind "the village of", "town"."""
    for number in range(len(tokens) - 1):
        if tokens.lowers[number] in lists.settlements:
            start = number + (2 if tokens.lowers[number + 1] == "of" else 1)
            end = start
            while end < len(tokens) and tokens.words[end][0].isupper() and _is_word(tokens, end):
                end += 1
            if start < end:
                yield start, end, True


def _roads(tokens: Tokens, lists: _Words) -> Iterator[tuple[int, int, bool]]:
    """Give roads, waters and facilities by their noun: "North Main Street", "Highway 114"."""
    for number, lower in enumerate(tokens.lowers):
        if lower in lists.roads and starts_name(tokens.words[number]):
            start = number
            while start and number - start < LONGEST_NAME_TOKENS and _is_part(tokens, start - 1):
                start -= 1
            if start < number:
                yield start, number + 1, True
        if lower in lists.numbered_roads and number + 1 < len(tokens):
            end = number + 1
            if tokens.lowers[end] == "road" and end + 1 < len(tokens):
                end += 1
            if tokens.words[end][0].isdigit() and tokens.words[number][0].isupper():
                yield number, end + 1, True


def _is_part(tokens: Tokens, number: int) -> bool:
    word = tokens.words[number]
    return (starts_name(word) or word[0].isdigit()) and word[-1] not in ",;:"


def _is_word(tokens: Tokens, number: int) -> bool:
    return tokens.words[number].replace("-", "").replace("’", "").replace("'", "").isalpha()


def behind_dash(tokens: Tokens, end: int) -> int:
    """Give the token behind a dash, or -1 where there is none."""
    return end + 1 if end + 1 < len(tokens) and tokens.words[end] in DASHES else -1


def _pieces(tokens: Tokens, entity: Entity) -> Iterator[tuple[int, int]]:
    """Cut an entity at spaced dashes, which stand between stops of a route, and trim the parts."""
    start = entity.start
    for number in range(entity.start, entity.end + 1):
        inside = number < entity.end
        spaced = number and tokens.ends[number - 1] < tokens.starts[min(number, len(tokens) - 1)]
        if not inside or (tokens.words[number] in DASHES and spaced):
            trimmed = _trimmed(tokens, start, number)
            if trimmed is not None:
                yield trimmed
            start = number + 1


def _trimmed(tokens: Tokens, start: int, end: int) -> tuple[int, int] | None:
    """Cut articles, possessives and marks off a span; ``None`` where nothing is left."""
    while start < end and not starts_name(tokens.words[start]):
        start += 1
    while end > start and not tokens.words[end - 1][0].isalnum():
        end -= 1
    if start >= end:
        return None
    inside = tokens.words[start:end]
    if any(word in _BRACKETS or word.isspace() for word in inside):
        return None
    return start, end
