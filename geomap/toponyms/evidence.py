"""Evidence that a name is a place: the features of the recogniser's model.

Each feature is a number. The trees that weigh them are in
``geomap/weights/recogniser.json``, fitted by ``benchmarks/fit_recogniser.py`` on
the development corpora.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules, words
from geomap.toponyms.proposals import PLACE_LABELS, starts_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.records import Candidate
    from geomap.toponyms.proposals import Proposal
    from geomap.toponyms.tokens import Tokens

__all__ = ["DocumentEvidence", "document_evidence", "features_of"]

_LABELS = {"LOC": "loc", "GPE": "gpe", "FAC": "fac", "PERSON": "person", "ORG": "org"}
_POSSESSIVES = frozenset({"’s", "'s"})
_SHORT_CAPITALS = 4


@dataclass(frozen=True, slots=True)
class DocumentEvidence:
    """What a whole text says of its names.

    Parameters
    ----------
    labels
        For each spelling, how often NER gives it each label.
    counts
        How often each word occurs.
    person_parts
        Words that are part of a person's longer name.
    known
        Token offsets of all spans the gazetteer knows: start to end, end to start.
    capitals
        Share of the longer words that are written in capitals.
    """

    labels: Mapping[str, Counter[str]]
    counts: Mapping[str, int]
    person_parts: frozenset[str]
    starts: frozenset[int]
    ends: frozenset[int]
    regions: frozenset[int]
    capitals: float


def document_evidence(tokens: Tokens, proposals: Sequence[Proposal]) -> DocumentEvidence:
    """Collect what the whole text says.

    Parameters
    ----------
    tokens
        The text.
    proposals
        All of its proposals.
    """
    labels: dict[str, Counter[str]] = {}
    person_parts: set[str] = set()
    for entity in tokens.entities:
        labels.setdefault(tokens.slice(entity.start, entity.end), Counter())[entity.label] += 1
        if entity.label == "PERSON" and entity.end - entity.start > 1:
            person_parts.update(tokens.words[entity.start : entity.end])
    known = [p for p in proposals if p.candidates]
    long = [word for word in tokens.words if len(word) > _SHORT_CAPITALS and word.isalpha()]
    return DocumentEvidence(
        labels=labels,
        counts=Counter(tokens.words),
        person_parts=frozenset(person_parts),
        starts=frozenset(p.start for p in known),
        ends=frozenset(p.end for p in known),
        regions=frozenset(p.start for p in known if _is_region(p.candidates)),
        capitals=sum(map(str.isupper, long)) / max(len(long), 1),
    )


def _is_region(candidates: Iterable[Candidate]) -> bool:
    best = next(iter(candidates)).place
    return best.feature_code.startswith("PCL") or best.feature_code == "ADM1"


def features_of(
    proposal: Proposal, tokens: Tokens, document: DocumentEvidence
) -> dict[str, float]:
    """Describe a span and the words around it.

    Parameters
    ----------
    proposal
        The span.
    tokens
        The text.
    document
        What :func:`document_evidence` gave for it.

    Returns
    -------
    dict
        Feature name to value; features that do not hold are left out.
    """
    features: dict[str, float] = {}
    features |= _entity_features(proposal, tokens)
    features |= _document_features(proposal, tokens, document)
    features |= _shape_features(proposal, tokens)
    features |= _gazetteer_features(proposal.candidates)
    features |= _left_features(proposal, tokens, document)
    features |= _right_features(proposal, tokens, document)
    features |= _run_features(proposal, tokens)
    return {name: float(value) for name, value in features.items() if value}


def _entity_features(proposal: Proposal, tokens: Tokens) -> dict[str, float]:
    number = tokens.entity_at[proposal.end - 1]
    if number < 0:
        partial = any(n >= 0 for n in tokens.entity_at[proposal.start : proposal.end])
        return {"ner_partial" if partial else "ner_none": 1.0}
    entity = tokens.entities[number]
    name = _LABELS.get(entity.label, "norp" if entity.label == "NORP" else "other")
    start, end = entity.start, entity.end
    while start < end and not starts_name(tokens.words[start]):
        start += 1
    end -= tokens.words[end - 1] in _POSSESSIVES
    whole = (start, end) == (proposal.start, proposal.end)
    inside = start <= proposal.start and proposal.end <= end
    kind = "whole" if whole else "inside" if inside else "across"
    return {
        f"ner_{name}_{kind}": 1.0,
        f"ner_{kind}": 1.0,
        "ner_longer": max(0, (end - start) - (proposal.end - proposal.start)),
        "ner_starts_it": start == proposal.start and not whole,
        "ner_ends_it": end == proposal.end and not whole,
    }


def _document_features(
    proposal: Proposal, tokens: Tokens, document: DocumentEvidence
) -> dict[str, float]:
    labels = document.labels.get(proposal.text, Counter())
    total = sum(labels.values())
    single = proposal.end - proposal.start == 1
    features: dict[str, float] = {
        "person_part": single and tokens.words[proposal.start] in document.person_parts,
        "upper_document": document.capitals,
        "lower_elsewhere": single and document.counts.get(tokens.lowers[proposal.start], 0) > 0,
        "repeated": min(document.counts.get(tokens.words[proposal.start], 0), 9),
    }
    if total:
        features["labelled"] = min(total, 9)
        features["labelled_place"] = sum(labels[label] for label in PLACE_LABELS) / total
        features["labelled_person"] = labels["PERSON"] / total
        features["labelled_org"] = labels["ORG"] / total
    return features


@lru_cache(maxsize=4096)
def _word_features(text: str) -> Mapping[str, float]:
    """Describe a name by itself."""
    lower = text.lower()
    parts = text.split()
    context = _context()
    return {
        "common_word": lower in words("common_words"),
        "english_word": lower in words("english_words"),
        "given_name": text in words("given_names"),
        "surname": text in words("surnames"),
        "given_name_first": len(parts) > 1 and parts[0] in words("given_names"),
        "surname_last": len(parts) > 1 and parts[-1] in words("surnames"),
        "english_words_all": len(parts) > 1
        and all(part.lower() in words("english_words") for part in parts),
        "title_first": len(parts) > 1 and parts[0].lower() in context["titles"],
        "public_figure": text in context["public_figures"],
        "capitals_short": text.isupper() and len(text) <= _SHORT_CAPITALS,
        "capitals_long": text.isupper() and len(text) > _SHORT_CAPITALS,
        "digits": any(c.isdigit() for c in text),
        "hyphen": "-" in text or "–" in text,
        "stop": text.endswith("."),
        "ends_in_road": len(parts) > 1 and parts[-1].lower() in context["roads"],
        "ends_in_place_noun": len(parts) > 1 and parts[-1].lower() in context["place_nouns"],
        "ends_in_organisation": len(parts) > 1
        and parts[-1].lower() in context["organisation_tails"],
        "length": len(text),
        "foreign": any(not c.isascii() for c in text),
    }


def _shape_features(proposal: Proposal, tokens: Tokens) -> dict[str, float]:
    return {
        **_word_features(proposal.text),
        "tokens": proposal.end - proposal.start,
        "first_in_sentence": tokens.first[proposal.start],
    }


def _gazetteer_features(candidates: tuple[Candidate, ...]) -> dict[str, float]:
    if not candidates:
        return {"unknown": 1.0}
    best = candidates[0]
    places = [c.place for c in candidates]
    code = best.place.feature_code
    return {
        "country": code.startswith("PCL"),
        "region": code == "ADM1" and best.match != "stem",
        "county": any(p.feature_code == "ADM2" for p in places),
        "capital": code == "PPLC",
        "continent": code == "CONT",
        "settlement": best.place.feature_class == "P",
        "water": best.place.feature_class == "H",
        "overlay": best.place.id.startswith("overlay:"),
        "reviewed": best.place.reviewed,
        "prior": best.score,
        "log_population": math.log10(max(p.population for p in places) + 1),
        "log_candidates": math.log2(len(candidates)),
        "spelled_exactly": best.match == "exact",
        "alias": best.match == "alias",
        "stem": best.match == "stem",
        "mistranslation": best.match == "mt",
        "transliterated": best.match == "transliterated",
        "approximate": best.place.approximate,
    }


@lru_cache(maxsize=1)
def _context() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in rules("toponyms")["context"].items()}


def _left_features(
    proposal: Proposal, tokens: Tokens, document: DocumentEvidence
) -> dict[str, float]:
    context = _context()
    place = proposal.start - 1
    if place < 0 or tokens.words[place].isspace():
        return {"left_none": 1.0}
    article = tokens.lowers[place] == "the" and place > 0
    place -= article
    word, lower = tokens.words[place], tokens.lowers[place]
    before = tokens.lowers[place - 1] if place else ""
    capital = word[0].isupper() and not tokens.first[place]
    return {
        "article": article,
        "left_locative": lower in context["locative"],
        "left_in": lower in {"in", "near", "from", "at"},
        "left_to": lower == "to",
        "left_of": lower == "of",
        "left_place_noun": lower in context["place_nouns"]
        or (lower == "of" and before in context["place_nouns"]),
        "left_institution": lower == "of" and before in _institutions(),
        "left_title": lower in context["titles"],
        "left_given_name": word in words("given_names") and not article,
        "left_capital": capital and word[0].isalpha() and not article,
        "left_initial": len(word) <= 2 and word.endswith(".") and word[0].isupper(),  # noqa: PLR2004
        "left_comma_capital": word == "," and place > 0 and tokens.words[place - 1][0].isupper(),
        "left_comma_known": word == "," and place in document.ends,
        "left_and_known": lower == "and" and place in document.ends,
        "left_and": lower == "and",
        "left_bracket": word in {"(", "["},
        "left_hyphen": word in {"-", "–", "—"},
        "left_number": word[0].isdigit(),
        "left_lower": word[0].islower(),
        "left_quote": word in {'"', "“", "«", "'", "‘"},
        "left_by": lower == "by",
        "left_reported": before in {"said", "says", "told"},
    }


@lru_cache(maxsize=1)
def _institutions() -> frozenset[str]:
    return frozenset(rules("toponyms")["reading"]["institution_nouns"])


def _right_features(
    proposal: Proposal, tokens: Tokens, document: DocumentEvidence
) -> dict[str, float]:
    context = _context()
    place = proposal.end
    if place >= len(tokens):
        return {"right_none": 1.0}
    word, lower = tokens.words[place], tokens.lowers[place]
    second = tokens.words[place + 1] if place + 1 < len(tokens) else " "
    speech = rules("toponyms")["context"]["speech_verbs"]
    return {
        "right_capital": word[0].isupper() and not word.isupper(),
        "right_comma_capital": word == "," and second[0].isupper(),
        "right_comma_region": word == "," and place + 1 in document.regions,
        "right_comma_known": word == "," and place + 1 in document.starts,
        "right_comma_number": word == "," and second[0].isdigit(),
        "right_and_known": lower == "and" and place + 1 in document.starts,
        "right_known": place in document.starts,
        "right_region": place in document.regions,
        "right_bracket": word in {"(", "["},
        "right_dash": word in {"—", "–", "-", "--"} and tokens.first[proposal.start],
        "right_geographic": lower in context["geographic_heads"],
        "right_place_noun": lower in context["place_nouns"],
        "right_organisation": lower in context["organisation_tails"],
        "right_institution": lower in _institutions(),
        "right_possessive": lower in _POSSESSIVES,
        "right_hyphen": word in {"-", "–"},
        "right_stop": word in {".", "!", "?", ";", ":"},
        "right_speech": lower in speech,
        "right_number": word[0].isdigit(),
        "right_locative": lower in {"in", "on", "at", "near", "where"},
        "right_who": lower in {"who", "whose", "himself", "herself"},
        "right_age": word == "," and second.isdigit(),
    }


def _run_features(proposal: Proposal, tokens: Tokens) -> dict[str, float]:
    """Describe the run of capitalised words that the span stands in."""
    start, end = proposal.start, proposal.end
    while start and _continues(tokens, start - 1):
        start -= 1
    while end < len(tokens) and _continues(tokens, end):
        end += 1
    if (start, end) == (proposal.start, proposal.end):
        return {"run_whole": 1.0}
    context = _context()
    first, last = tokens.lowers[start], tokens.lowers[end - 1]
    return {
        "run_longer": (end - start) - (proposal.end - proposal.start),
        "run_begins": start == proposal.start,
        "run_ends": end == proposal.end,
        "run_title": first in context["titles"],
        "run_given_name": tokens.words[start] in words("given_names"),
        "run_organisation": last in context["organisation_tails"],
        "run_road": last in context["roads"],
        "run_geographic": last in context["geographic_heads"],
    }


def _continues(tokens: Tokens, number: int) -> bool:
    word = tokens.words[number]
    return word[0].isupper() or word == "&"
