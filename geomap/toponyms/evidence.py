"""Evidence that a name is a place: the features of the recogniser's model.

Each feature is a number of about unit size. Weights live in
``lexicons/recogniser.toml`` and are fitted by ``benchmarks/fit_recogniser.py``
on the development corpora.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geomap.lexicons import rules, words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from geomap.records import Candidate

__all__ = ["features_of"]


def features_of(span: Span, candidates: tuple[Candidate, ...], doc: Doc) -> dict[str, float]:
    """Describe a span and the words around it.

    Parameters
    ----------
    span
        The name.
    candidates
        What the gazetteer knows under that name, the best first.
    doc
        The text.

    Returns
    -------
    dict
        Feature name to value; features that do not hold are left out.
    """
    features = {"bias": 1.0}
    features |= _entity_features(span, doc)
    features |= _shape_features(span, doc)
    features |= _gazetteer_features(candidates)
    features |= _left_features(span, doc)
    features |= _right_features(span, doc)
    return {name: float(value) for name, value in features.items() if value}


def _entity_features(span: Span, doc: Doc) -> dict[str, float]:
    entities = {token.ent_type_ for token in span if token.ent_type_}
    if not entities:
        return {"ner_none": 1.0}
    head = next((e for e in doc.ents if e.start <= span.end - 1 < e.end), None)
    if head is None:
        return {"ner_partial": 1.0}
    label = {
        "LOC": "place",
        "GPE": "place",
        "FAC": "fac",
        "PERSON": "person",
        "ORG": "org",
        "NORP": "norp",
    }
    name = label.get(head.label_, "other")
    start = head.start
    while start < head.end and not doc[start].text[0].isupper():
        start += 1
    end = head.end - (doc[head.end - 1].lower_ in {"’s", "'s"})
    whole = (start, end) == (span.start, span.end)
    inside = start <= span.start and span.end <= end
    kind = "whole" if whole else "inside" if inside else "across"
    features = {f"ner_{name}_{kind}": 1.0}
    if name == "person" and whole and len(span) == 1:
        features["ner_person_single"] = 1.0
    return features


def _shape_features(span: Span, doc: Doc) -> dict[str, float]:
    last = span[-1]
    text = span.text
    single = len(span) == 1
    names = words("given_names")
    first_in_sentence = (
        span.start == 0 or bool(span[0].is_sent_start) or doc[span.start - 1].is_space
    )
    common = single and text.lower() in words("common_words")
    return {
        "several_tokens": not single,
        "not_noun": last.pos_ not in {"PROPN", "NOUN"},
        "common_noun": last.pos_ == "NOUN" and single,
        "common_word": common,
        "common_word_first": common and first_in_sentence,
        "common_words_all": (not single)
        and all(t.lower_ in words("common_words") for t in span if t.is_alpha),
        "first_in_sentence": first_in_sentence,
        "given_name": single and text in names,
        "capitals_short": text.isupper() and len(text) <= 4,  # noqa: PLR2004
        "capitals_long": text.isupper() and len(text) > 4,  # noqa: PLR2004
        "person_elsewhere": single and _is_surname(span[0], doc),
        "place_elsewhere": _is_place_elsewhere(span, doc),
    }


def _is_surname(token: Token, doc: Doc) -> bool:
    """Tell whether the word is part of a person's longer name in this text."""
    return any(
        e.label_ == "PERSON" and len(e) > 1 and token.text in {t.text for t in e} for e in doc.ents
    )


def _is_place_elsewhere(span: Span, doc: Doc) -> bool:
    """Tell whether NER calls the same text a place somewhere else in this text."""
    return any(
        e.label_ in {"GPE", "LOC"} and e.text == span.text and e.start != span.start
        for e in doc.ents
    )


def _gazetteer_features(candidates: tuple[Candidate, ...]) -> dict[str, float]:
    if not candidates:
        return {"unknown": 1.0}
    best = candidates[0]
    population = max(c.place.population for c in candidates)
    code = best.place.feature_code
    return {
        "country": code.startswith("PCL"),
        "region": code == "ADM1" and best.match != "stem",
        "capital": code == "PPLC",
        "overlay": best.place.id.startswith("overlay:"),
        "log_population": math.log10(population + 1) / 7,
        "spelled_exactly": best.match == "exact",
        "mistranslation": best.match == "mt",
        "transliterated": best.match == "transliterated",
    }


def _left_features(span: Span, doc: Doc) -> dict[str, float]:
    context = rules("toponyms")["context"]
    before = doc[span.start - 1] if span.start else None
    if before is None or before.is_space:
        return {"left_none": 1.0}
    two = doc[span.start - 2] if span.start > 1 else None
    if before.lower_ == "the" and two is not None:
        before, article = two, True
    else:
        article = False
    lower = before.lower_
    capital = before.text[0].isupper() and not before.is_sent_start
    of = lower == "of" and before.i > 0
    return {
        "left_locative": lower in context["locative"],
        "left_place_noun": lower in context["place_nouns"]
        or (of and doc[before.i - 1].lower_ in context["place_nouns"]),
        "left_of": of,
        "left_title": lower in context["titles"],
        "left_given_name": before.text in words("given_names") and not article,
        "left_capital": capital and before.pos_ == "PROPN" and not article,
        "left_comma_capital": before.text == "," and two is not None and two.text[0].isupper(),
        "left_bracket": before.text == "(",
        "left_hyphen": before.text in {"-", "–", "—"},
        "left_and": lower == "and",
        "article": article,
    }


def _right_features(span: Span, doc: Doc) -> dict[str, float]:
    context = rules("toponyms")["context"]
    behind = doc[span.end] if span.end < len(doc) else None
    if behind is None:
        return {}
    lower = behind.lower_
    second = doc[span.end + 1] if span.end + 1 < len(doc) else None
    capital = behind.text[0].isupper() and behind.pos_ == "PROPN"
    return {
        "right_capital": capital,
        "right_comma_capital": behind.text == ","
        and second is not None
        and second.text[0].isupper(),
        "right_bracket": behind.text == "(",
        "right_geographic": lower in context["geographic_heads"],
        "right_organisation": lower in context["organisation_tails"],
        "right_possessive": lower in {"’s", "'s"},
        "right_hyphen": behind.text in {"-", "–"},
        "right_verb": behind.pos_ in {"VERB", "AUX"},
        "says": span.root.dep_ == "nsubj" and span.root.head.lemma_ in {"say", "tell", "add"},
    }
