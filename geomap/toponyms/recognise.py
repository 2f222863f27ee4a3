"""Choose among the spans of a text that may be places those that are.

Stock NER calls Mariupol an organisation and Kharkov a person, so its labels
are evidence and never a verdict: the gazetteer, NER and the shape of names
propose, boosted trees over the words around dispose.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.errors import InputError
from geomap.lexicons import rules, words
from geomap.toponyms.abbreviations import declared_abbreviations
from geomap.toponyms.evidence import document_evidence, features_of
from geomap.toponyms.mentions import Mention
from geomap.toponyms.proposals import behind_dash, propose
from geomap.toponyms.structure import containers_of, lookup_of, settlement_noun
from geomap.toponyms.tokens import tokens_of
from geomap.weights import load_trees

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spacy.tokens import Doc

    from geomap.gazetteer import Gazetteer
    from geomap.toponyms.proposals import Proposal
    from geomap.toponyms.structure import Span
    from geomap.toponyms.tokens import Tokens

__all__ = ["choose", "mentions_of_spans", "recognise"]

# Where precision and recall balance on the development corpora (benchmarks/fit_recogniser.py).
THRESHOLD = 0.4
# A name that was accepted once in a text is taken again on weaker evidence (one
# sense per discourse, Gale, Church & Yarowsky 1992).
THRESHOLD_AGAIN = 0.15
# A name of several words that the reviewed overlay holds, or a region with its
# region noun ("Kharkov region"), is no chance: such spans do not occur as other
# names in the development corpora, too seldom as places there to be fitted.
SURE = 0.97
# "US", "UAE", "U.S."
LONGEST_CODE = 4
# Of three names in a chain one may be unknown; it is then an honest NIL between two stops.
MOST_KNOWN_OF_THREE = 2
# Between the two: a surname, or a word that is a place by a mistranslation alone, is taken where
# the text calls it a place elsewhere, and only there.
SURNAME = 0.2
# A city of this size is meant by its name (Dallas, Houston) more often than a person of it.
LARGE_CITY = 1_000_000
# From here on the trees are believed about a name that is a surname and a given name: the floors of
# the corpora and the hundred words of tests/quality/nil_words.txt hold both.
LIKELY = 0.9
# What makes a place of a surname: "in Lincoln", "the town of Lincoln", "Lincoln, Nebraska".
TEXT_CUES = (
    "left_locative", "left_place_noun", "left_comma_capital", "left_bracket", "left_hyphen",
    "right_comma_capital", "right_bracket", "right_geographic",
)  # fmt: skip
PLACE_CUES = (*TEXT_CUES, "labelled_place")


def recognise(doc: Doc, *, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Find the toponyms of a text.

    Parameters
    ----------
    doc
        A text with entities.
    gazetteer
        Where names are looked up.

    Returns
    -------
    tuple of Mention
        In the order of the text, not overlapping; empty when there is none.
    """
    tokens = tokens_of(doc)
    proposals = propose(tokens, gazetteer)
    chosen = choose(proposals, probabilities(proposals, tokens))
    spans = {(tokens.starts[c.start], tokens.ends[c.end - 1]): p for p, c in chosen}
    declared = declared_abbreviations(tokens.text, spans)
    spans |= _abbreviated(tokens, spans, declared)
    mentions = _mentions(tokens.text, [(p, span) for span, p in sorted(spans.items())])
    return tuple(
        replace(m, lookup=tokens.text[slice(*declared[m.text])]) if m.text in declared else m
        for m in mentions
    )


def _abbreviated(
    tokens: Tokens, spans: Mapping[Span, float], declared: Mapping[str, Span]
) -> dict[Span, float]:
    """Give the places of declared abbreviations, as sure as the names they stand for."""
    if not declared:
        return {}
    covered = {offset for start, end in spans for offset in range(start, end)}
    return {
        (start, end): spans[declared[word]]
        for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True)
        if word in declared and start not in covered
    }


def probabilities(proposals: Sequence[Proposal], tokens: Tokens) -> list[float]:
    """Give the probability of each proposal that it is a toponym, 0..1."""
    trees = load_trees("recogniser")
    document = document_evidence(tokens, proposals)
    features = [features_of(proposal, tokens, document) for proposal in proposals]
    fitted = trees.probabilities(trees.table(features)).tolist()
    chained = _chained(proposals, tokens)
    return [
        _guarded(proposal, tokens, row, probability, chained)
        for proposal, row, probability in zip(proposals, features, fitted, strict=True)
    ]


def choose(
    proposals: Sequence[Proposal], probabilities: Sequence[float]
) -> list[tuple[float, Proposal]]:
    """Choose proposals that do not overlap: the longer first, then the likelier.

    Parameters
    ----------
    proposals, probabilities
        As :func:`probabilities` gives them.

    Returns
    -------
    list of (probability, Proposal)
        In the order of the text.
    """
    scored = sorted(
        zip(probabilities, proposals, strict=True),
        key=lambda pair: (
            -(pair[1].end - pair[1].start) * (pair[0] >= THRESHOLD),
            -pair[0],
            pair[1].start,
        ),
    )
    taken: set[int] = set()
    chosen: list[tuple[float, Proposal]] = []
    for threshold in (THRESHOLD, THRESHOLD_AGAIN):
        accepted = {proposal.text for _, proposal in chosen}
        for probability, proposal in scored:
            covered = range(proposal.start, proposal.end)
            again = threshold == THRESHOLD or proposal.text in accepted
            if probability >= threshold and again and taken.isdisjoint(covered):
                taken.update(covered)
                chosen.append((probability, proposal))
    return sorted(chosen, key=lambda pair: pair[1].start)


def _guarded(
    proposal: Proposal,
    tokens: Tokens,
    features: Mapping[str, float],
    probability: float,
    chained: set[tuple[int, int]],
) -> float:
    """Let what is certain in texts on conflict, and what is a person's name, overrule the trees."""
    known = _is_sure(proposal, tokens) or _is_code(proposal, tokens)
    if known or (proposal.start, proposal.end) in chained:
        return max(SURE, probability)
    person = _is_bare_surname(proposal, features, probability) or _is_addressed(proposal, tokens)
    if person or _is_mistranslation(proposal) or _opens_state(proposal, tokens):
        return min(probability, SURNAME)
    return probability


def _is_code(proposal: Proposal, tokens: Tokens) -> bool:
    """Tell whether capitals stand for a country before a plain word: "US military intelligence"."""
    behind = proposal.end
    if not (proposal.candidates and proposal.text.isupper() and behind < len(tokens)):
        return False
    country = proposal.candidates[0].place.feature_code == "PCLI"
    return country and len(proposal.text) <= LONGEST_CODE and tokens.words[behind].islower()


def _opens_state(proposal: Proposal, tokens: Tokens) -> bool:
    """Tell whether a longer name goes on behind: "Luhansk" in "Luhansk People's Republics"."""
    behind = tokens.words[proposal.end : proposal.end + 3]
    return len(behind) > 1 and behind[0] == "People" and behind[-1].startswith("Republic")


def _is_mistranslation(proposal: Proposal) -> bool:
    """Tell whether only an error of machine translation makes a place of a word ("Grocery")."""
    return bool(proposal.candidates) and proposal.candidates[0].match == "mt"


def _is_addressed(proposal: Proposal, tokens: Tokens) -> bool:
    """Tell whether a name stands right behind a form of address: "Senator McAllen"."""
    before = proposal.start - 1
    known = rules("toponyms")["context"]["forms_of_address"]
    return before >= 0 and tokens.lowers[before] in known


def _is_bare_surname(proposal: Proposal, features: Mapping[str, float], probability: float) -> bool:
    """Tell whether a name is a person's as likely as a place's, and nothing says "place".

    "They spoke about Lincoln" names no town; "in Lincoln" and "Lincoln, Nebraska" do.
    """
    named = ("surname", "given_name", "public_figure")
    if proposal.end - proposal.start != 1 or not any(features.get(name) for name in named):
        return False
    # Where a name is a given name and a surname, that NER takes it for a place says little.
    doubtful = features.get("surname") and features.get("given_name") and probability < LIKELY
    cues = TEXT_CUES if doubtful else PLACE_CUES
    if any(features.get(name) for name in cues) or not proposal.candidates:
        return False
    best = proposal.candidates[0].place
    large = max(c.place.population for c in proposal.candidates) >= LARGE_CITY
    return not (large or best.reviewed or best.feature_class != "P" or features.get("capital"))


def _is_sure(proposal: Proposal, tokens: Tokens) -> bool:
    """Tell whether the gazetteer alone decides: a reviewed name, or a region with its noun."""
    if not proposal.candidates:
        return False
    best = proposal.candidates[0]
    if best.match == "mt":
        return _is_explained(proposal, tokens)
    last = tokens.lowers[proposal.end - 1]
    regional = best.place.feature_code == "ADM1" and best.match != "stem"
    reviewed = best.place.reviewed and best.match in {"exact", "alias"}
    if proposal.end - proposal.start == 1:
        return reviewed and not _is_everyday(proposal, tokens)
    return (regional and last in rules("toponyms")["context"]["region_nouns"]) or reviewed


def _is_everyday(proposal: Proposal, tokens: Tokens) -> bool:
    """Tell whether a single word may be a word, a given name or part of a longer name."""
    before, behind = proposal.start - 1, proposal.end
    return (
        proposal.text.lower() in words("common_words")
        or proposal.text in words("given_names")
        or (before >= 0 and _is_title(tokens, before) and not tokens.first[before])
        or (behind < len(tokens) and _is_title(tokens, behind))
    )


def _is_title(tokens: Tokens, number: int) -> bool:
    return tokens.words[number].istitle()


def _is_explained(proposal: Proposal, tokens: Tokens) -> bool:
    """Tell whether a known mistranslation is shown to be a town: "the city of Grocery (…"."""
    behind = tokens.words[proposal.end] if proposal.end < len(tokens) else ""
    return settlement_noun(tokens.text, tokens.starts[proposal.start]) or behind in {"(", ","}


def _chained(proposals: Sequence[Proposal], tokens: Tokens) -> set[tuple[int, int]]:
    """Give the spans of known names one behind the other.

    Three and more with dashes ("Yarova-Lyman-Pryvillia"), or a place and its region.
    """
    starts: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        starts.setdefault(proposal.start, []).append(proposal)
    chained: set[tuple[int, int]] = set()
    for first in proposals:
        for second in starts.get(behind_dash(tokens, first.end), ()):
            for third in starts.get(behind_dash(tokens, second.end), ()):
                known = sum(bool(p.candidates) for p in (first, second, third))
                if known >= MOST_KNOWN_OF_THREE:
                    chained |= {(p.start, p.end) for p in (first, second, third)}
        for behind in starts.get(first.end, ()):
            if _holds(behind, first):
                chained |= {(p.start, p.end) for p in (first, behind)}
    return chained


def _holds(region: Proposal, first: Proposal) -> bool:
    """Tell whether a name is that of the region of the one before it: "near Stepove Donetsk"."""
    if first.text in words("given_names"):
        # "George Washington", "Virginia Beach".
        return False
    regions = {c.place.name for c in region.candidates if c.place.feature_code == "ADM1"}
    return any(c.place.feature_class == "P" and c.place.admin1 in regions for c in first.candidates)


def _mentions(text: str, chosen: Sequence[tuple[float, Span]]) -> tuple[Mention, ...]:
    spans = [span for _, span in chosen]
    return tuple(
        Mention(
            start=span[0],
            end=span[1],
            text=text[slice(*span)],
            lookup=lookup_of(text, spans, number),
            evidence=round(probability, 3),
            settlement=settlement_noun(text, span[0]),
            within=containers_of(text, spans, number),
        )
        for number, (probability, span) in enumerate(chosen)
    )


def mentions_of_spans(doc: Doc, spans: Iterable[tuple[int, int]]) -> tuple[Mention, ...]:
    """Take given spans for toponyms, whatever the recogniser thinks of them.

    That is how resolution is measured apart from recognition ("given gold spans").

    Parameters
    ----------
    doc
        A tokenised text.
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
        whole.append((1.0, (span.start_char, span.end_char)))
    mentions = []
    whole_text = doc.text
    for (start, end), mention in zip(ordered, _mentions(whole_text, whole), strict=True):
        text = whole_text[start:end]
        lookup = text if mention.lookup == mention.text else mention.lookup
        mentions.append(replace(mention, start=start, end=end, text=text, lookup=lookup))
    return tuple(mentions)
