"""Find the names in a text that may be places: every gazetteer name and every NER span.

Stock NER calls Mariupol an organisation and Kharkov a person, so its labels
are evidence and never a verdict: a scan of all n-grams against the gazetteer
proposes, a small logistic model over the words around disposes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spacy.tokens import Span

from geomap.errors import InputError
from geomap.gazetteer.normalise import key
from geomap.lexicons import rules, words
from geomap.toponyms.evidence import features_of
from geomap.toponyms.mentions import Mention
from geomap.toponyms.structure import containers_of, lookup_of, settlement_noun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from geomap.gazetteer import Gazetteer
    from geomap.records import Candidate

__all__ = ["Proposal", "mentions_of_spans", "propose", "recognise"]

# The longest name of a place in the built-in gazetteer that news uses has seven
# tokens ("Democratic Republic of the Congo" has five, with apostrophes more).
LONGEST_NAME_TOKENS = 7
# Where precision and recall balance on the development corpora.
THRESHOLD = 0.4
# A name that was accepted once in a text is taken again on weaker evidence (one
# sense per discourse, Gale, Church & Yarowsky 1992).
THRESHOLD_AGAIN = 0.1
# A name of several words that the reviewed overlay holds, or a region with its
# region noun ("Kharkov region"), is no chance: such spans do not occur as other
# names in the development corpora, too seldom as places there to be fitted.
SURE = 0.97
# Of three names in a chain one may be unknown; it is then an honest NIL between two stops.
MOST_KNOWN_OF_THREE = 2
# Between the two: a surname is taken where the text calls it a place elsewhere, and only there.
SURNAME = 0.2
# A city of this size is meant by its name (Dallas, Houston) more often than a person of it.
LARGE_CITY = 1_000_000
# What makes a place of a surname: "in Lincoln", "the town of Lincoln", "Lincoln, Nebraska".
PLACE_CUES = (
    "left_locative", "left_place_noun", "left_comma_capital", "left_bracket", "left_hyphen",
    "right_comma_capital", "right_bracket", "right_geographic", "place_elsewhere",
)  # fmt: skip
REGION_NOUNS = frozenset(
    {
        "region",
        "regions",
        "oblast",
        "oblasts",
        "province",
        "provinces",
        "governorate",
        "krai",
        "voblast",
        "voivodeship",
        "state",
        "county",
    }
)
# What NER may call a place by mistake; dates, numbers and peoples are left out.
NAME_LABELS = frozenset({"GPE", "LOC", "FAC", "ORG", "PERSON", "PRODUCT", "EVENT", "WORK_OF_ART"})
PLACE_LABELS = frozenset({"GPE", "LOC"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span that may be a toponym, with the candidates of its text."""

    span: Span
    candidates: tuple[Candidate, ...]


def recognise(doc: Doc, *, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Find the toponyms of a parsed text.

    Parameters
    ----------
    doc
        A text with tags, dependencies and entities.
    gazetteer
        Where names are looked up.

    Returns
    -------
    tuple of Mention
        In the order of the text, not overlapping; empty when there is none.
    """
    weights = rules("recogniser")["weights"]
    proposals = propose(doc, gazetteer)
    chained = _chained(proposals, doc)
    scored = sorted(
        (
            (SURE if (p.span.start, p.span.end) in chained else _probability(p, doc, weights), p)
            for p in proposals
        ),
        key=lambda pair: (
            -len(pair[1].span) * (pair[0] >= THRESHOLD),
            -pair[0],
            pair[1].span.start,
        ),
    )
    taken: set[int] = set()
    chosen: list[tuple[float, Span]] = []
    for threshold in (THRESHOLD, THRESHOLD_AGAIN):
        accepted = {span.text for _, span in chosen}
        for probability, proposal in scored:
            tokens = range(proposal.span.start, proposal.span.end)
            again = threshold == THRESHOLD or proposal.span.text in accepted
            if probability >= threshold and again and taken.isdisjoint(tokens):
                taken.update(tokens)
                chosen.append((probability, proposal.span))
    chosen.sort(key=lambda pair: pair[1].start)
    return tuple(_mentions(doc, chosen))


def _probability(proposal: Proposal, doc: Doc, weights: Mapping[str, float]) -> float:
    if _is_sure(proposal):
        return SURE
    features = features_of(proposal.span, proposal.candidates, doc)
    score = sum(weights.get(name, 0.0) * value for name, value in features.items())
    probability = 1.0 / (1.0 + math.exp(-score))
    if _is_bare_surname(proposal, features):
        return min(probability, SURNAME)
    return probability


def _is_bare_surname(proposal: Proposal, features: Mapping[str, float]) -> bool:
    """Tell whether a name is a person's as likely as a place's, and nothing says "place".

    "They spoke about Lincoln" names no town; "in Lincoln" and "Lincoln, Nebraska" do.
    """
    span = proposal.span
    figures = rules("toponyms")["context"]["public_figures"]
    is_name = span.text in words("surnames") or span.text in words("given_names")
    if len(span) != 1 or not (is_name or span.text in figures):
        return False
    if any(features.get(name) for name in PLACE_CUES) or not proposal.candidates:
        return False
    best = proposal.candidates[0].place
    large = max(c.place.population for c in proposal.candidates) >= LARGE_CITY
    return not (large or best.reviewed or best.feature_class != "P" or features.get("capital"))


def _is_sure(proposal: Proposal) -> bool:
    """Tell whether the gazetteer alone decides: a reviewed name, or a region with its noun."""
    if not proposal.candidates:
        return False
    span, best = proposal.span, proposal.candidates[0]
    if best.match == "mt":
        return _is_explained(span)
    regional = best.place.feature_code == "ADM1" and best.match != "stem"
    noun = span[-1].lower_ in REGION_NOUNS
    reviewed = best.place.reviewed and best.match in {"exact", "alias"}
    if len(span) == 1:
        return reviewed and span[0].pos_ in {"PROPN", "NOUN"} and not _is_everyday(span)
    return (regional and noun) or reviewed


def _is_everyday(span: Span) -> bool:
    """Tell whether a single word may be a word, a given name or part of a longer name."""
    before = span.doc[span.start - 1] if span.start else None
    behind = span.doc[span.end] if span.end < len(span.doc) else None
    return (
        span.text.lower() in words("common_words")
        or span.text in words("given_names")
        or (before is not None and before.pos_ == "PROPN" and before.is_title)
        or (behind is not None and behind.pos_ == "PROPN" and behind.is_title)
    )


def _is_explained(span: Span) -> bool:
    """Tell whether a known mistranslation is shown to be a town: "the city of Grocery (…"."""
    behind = span.doc[span.end].text if span.end < len(span.doc) else ""
    return settlement_noun(span) or behind in {"(", ","}


def _chained(proposals: Sequence[Proposal], doc: Doc) -> set[tuple[int, int]]:
    """Give the spans of chains of three and more known names: "Yarova-Lyman-Pryvillia"."""
    starts: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        starts.setdefault(proposal.span.start, []).append(proposal)
    chained: set[tuple[int, int]] = set()
    for first in proposals:
        for second in starts.get(_behind_dash(first.span.end, doc), ()):
            for third in starts.get(_behind_dash(second.span.end, doc), ()):
                known = sum(bool(p.candidates) for p in (first, second, third))
                if known >= MOST_KNOWN_OF_THREE:
                    chained |= {(p.span.start, p.span.end) for p in (first, second, third)}
    return chained


def _behind_dash(end: int, doc: Doc) -> int:
    """Give the token behind a dash, or -1 where there is none."""
    return end + 1 if end + 1 < len(doc) and doc[end].text in {"-", "–", "—", "‑", "→"} else -1


def _mentions(doc: Doc, chosen: list[tuple[float, Span]]) -> Iterator[Mention]:
    spans = [span for _, span in chosen]
    sentence_of = {token.i: n for n, sentence in enumerate(doc.sents) for token in sentence}
    for probability, span in chosen:
        yield Mention(
            start=span.start_char,
            end=span.end_char,
            text=span.text,
            lookup=lookup_of(span, spans),
            evidence=round(probability, 3),
            settlement=settlement_noun(span),
            within=containers_of(span, spans),
            sentence=sentence_of[span.start],
        )


def mentions_of_spans(doc: Doc, spans: Iterable[tuple[int, int]]) -> tuple[Mention, ...]:
    """Take given spans for toponyms, whatever the recogniser thinks of them.

    That is how resolution is measured apart from recognition ("given gold spans").

    Parameters
    ----------
    doc
        A parsed text.
    spans
        Half-open character offsets, in any order. They may start and end inside
        tokens: the words around are read from the whole tokens, offsets and
        text stay as given.

    Returns
    -------
    tuple of Mention
        One a span, in the order of the text, with evidence 1.

    Raises
    ------
    InputError
        When a span holds no token of the text.
    """
    ordered = sorted(spans)
    whole = []
    for start, end in ordered:
        span = doc.char_span(start, end, alignment_mode="expand") if 0 <= start < end else None
        if not span:
            msg = (
                f"({start}, {end}) is no span of a text of {len(doc.text)} characters with a name "
                "in it; expected 0 <= start < end; give offsets into this very text"
            )
            raise InputError(msg)
        whole.append((1.0, span))
    mentions = []
    for (start, end), mention in zip(ordered, _mentions(doc, whole), strict=True):
        text = doc.text[start:end]
        lookup = text if mention.lookup == mention.text else mention.lookup
        mentions.append(replace(mention, start=start, end=end, text=text, lookup=lookup))
    return tuple(mentions)


def propose(doc: Doc, gazetteer: Gazetteer) -> tuple[Proposal, ...]:
    """Propose every span that the gazetteer knows or that NER takes for a place.

    Parameters
    ----------
    doc
        A text with entities.
    gazetteer
        Where names are looked up.

    Returns
    -------
    tuple of Proposal
        Overlapping; each span once.
    """
    spans = {(span.start, span.end): span for span in _ngrams(doc)}
    keys = {ends: key(span.text) for ends, span in spans.items()}
    known = gazetteer.knows(set(keys.values()))
    hits = {ends: spans[ends] for ends, k in keys.items() if k in known}
    found = gazetteer.find_many({span.text for span in hits.values()})
    proposals = {
        ends: Proposal(span, found[span.text]) for ends, span in hits.items() if found[span.text]
    }
    peoples = {
        (e.start, e.end)
        for e in doc.ents
        if e.label_ == "NORP" and (e.root.pos_ == "ADJ" or e.root.tag_ in {"NNPS", "NNS", "JJ"})
    }
    proposals = {ends: p for ends, p in proposals.items() if ends not in peoples}
    for span in _unknown_names(doc):
        ends = (span.start, span.end)
        if ends not in proposals:
            candidates = gazetteer.find(span.text)
            if candidates or span.label_ in {"", *PLACE_LABELS}:
                proposals[ends] = Proposal(span, candidates)
    return tuple(proposals.values())


def _ngrams(doc: Doc) -> Iterator[Span]:
    """Give all spans that are shaped like a name."""
    particles = set(rules("toponyms")["context"]["particles"])
    nouns = set(rules("toponyms")["context"]["place_nouns"]) | set(
        rules("toponyms")["context"]["plural_regions"]
    )
    never = set(rules("toponyms")["context"]["never"])
    for token in doc:
        if not _starts_name(token.text):
            continue
        for end in range(token.i + 1, min(token.i + LONGEST_NAME_TOKENS, len(doc)) + 1):
            last = doc[end - 1]
            if last.is_space or (last.is_punct and last.text not in "-–‑'’ʼ."):
                break
            lower = last.lower_
            named = _starts_name(last.text) or last.text in {"’s", "'s", "-", "‑"}
            if not named and lower not in particles and lower not in nouns:
                break
            span = doc[token.i : end]
            if end - token.i == 1 and lower in never:
                continue
            if (_starts_name(last.text) or lower in nouns) and not _inside_word(span):
                yield span


def _starts_name(text: str) -> bool:
    return text[0].isupper() or (len(text) > 1 and text[0] in "'’ʼ`" and text[1].isupper())


def _inside_word(span: Span) -> bool:
    """Tell whether a letter stands directly before or behind, as in "McAllen"."""
    text, start, end = span.doc.text, span.start_char, span.end_char
    before = text[start - 1] if start else " "
    behind = text[end] if end < len(text) else " "
    return before.isalnum() or behind.isalnum()


def _unknown_names(doc: Doc) -> Iterator[Span]:
    """Give names that NER or a place noun calls a place, known to the gazetteer or not."""
    never = frozenset(rules("toponyms")["context"]["never"])
    nouns = {"city", "town", "village", "settlement", "hamlet", "villages", "towns", "settlements"}
    for entity in doc.ents:
        if entity.label_ in NAME_LABELS:
            span = _trimmed(entity)
            if span is not None and span[0].lower_ not in words("common_words") | never:
                yield span
    for token in doc[1:-1]:
        dashed = _behind_dash(token.i - 1, doc) == token.i and _behind_dash(token.i + 1, doc) > 0
        if dashed and token.is_title and token.is_alpha:
            yield Span(doc, token.i, token.i + 1)
    for token in doc[:-1]:
        if token.lower_ in nouns:
            start = token.i + 2 if doc[token.i + 1].lower_ == "of" else token.i + 1
            end = start
            while end < len(doc) and doc[end].text[0].isupper() and doc[end].is_alpha:
                end += 1
            if start < end:
                yield doc[start:end]


def _trimmed(entity: Span) -> Span | None:
    """Cut articles, possessives and brackets off an entity."""
    start, end = entity.start, entity.end
    doc = entity.doc
    while start < end and not _starts_name(doc[start].text):
        start += 1
    while end > start and (doc[end - 1].is_punct or doc[end - 1].lower_ in {"’s", "'s"}):
        end -= 1
    if start == end or any(t.text in "()[]\n" or t.is_space for t in doc[start:end]):
        return None
    return Span(doc, start, end, label=entity.label_)
