"""How a toponym is meant: the place itself, its government, or a quality of something.

Literal, metonymic and modifier as in GeoWebNews (Gritta et al. 2020). Rules on
the parse and the word classes of ``lexicons/toponyms.toml`` give an answer with
its reason; a small logistic model (``geomap/weights/reading.json``, fitted by
``benchmarks/fit_reading.py``) weighs it with the rest of the sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.lexicons import rules
from geomap.toponyms.syntax import first_of_list, syntax_of
from geomap.weights import load_linear

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Span, Token

    from geomap.records import Place, Reading

__all__ = ["acts", "needs_parse", "reading_features", "reading_of", "ruled_reading"]

# Below it the model does not overrule the rules, which give a reason. Accuracy across folds:
# .937 at 0.5, .935 at 0.6, .926 at 0.7 (benchmarks/fit_reading.py).
SURE = 0.6
# Tokens between a name and the noun it qualifies; what is farther is a bad parse.
LONGEST_COMPOUND = 12
_SUBJECTS = {"nsubj", "agent"}
# How the parser ties the two sides of "Liverpool beat Everton 2-0" to the verb.
_SIDES = frozenset({"nsubj", "dobj", "npadvmod"})
# What even a town does not do unless its people are meant.
_SPEAKING = frozenset({"say", "believe", "accuse"})
_JOINTS = frozenset({"and", "or", "between", "of", "on"})
_READS: dict[str, str] = {
    "literal": "it reads as a location here",
    "metonymic": "it reads as those who act for it here",
    "modifier": "it reads as a quality of something here",
}
_POSSESSIVES = frozenset({"’s", "'s"})


def reading_of(span: Span, place: Place | None) -> tuple[Reading, str]:
    """Decide how a toponym is meant.

    Parameters
    ----------
    span
        The toponym in a parsed text.
    place
        Its place; states, capitals and self-declared republics act, other
        settlements rarely do.

    Returns
    -------
    tuple of (reading, reason)
        ``"literal"`` when nothing speaks against it.
    """
    team = _team_reason(_root(span), rules("toponyms")["reading"])
    if team is not None:  # the texts that the model was fitted on tell of no match
        return "metonymic", team
    ruled, why = ruled_reading(span, place)
    chances = load_linear("reading").probabilities(reading_features(span, place, ruled))
    best = max(chances, key=lambda name: (chances[name], name))
    if best == ruled or chances[best] < SURE:
        return ruled, why
    return best, f"{_READS[best]} (probability {chances[best]:.2f})"  # type: ignore[return-value]


def reading_features(span: Span, place: Place | None, ruled: Reading) -> dict[str, float]:
    """Describe a name for the model of readings: its syntax, and what the rules say.

    Parameters
    ----------
    span
        The toponym in a parsed text.
    place
        Its place.
    ruled
        What :func:`ruled_reading` gave.
    """
    return {**syntax_of(span, place, acts=acts(place)), f"rule_{ruled}": 1.0}


def ruled_reading(span: Span, place: Place | None) -> tuple[Reading, str]:
    """Decide by the rules alone.

    Parameters
    ----------
    span, place
        As for :func:`reading_of`.
    """
    lexicon = rules("toponyms")
    root = _root(span)
    if _is_modifier(span, root, lexicon):
        return "modifier", f"it qualifies “{_modified(root).text}”"
    actor = acts(place)
    reason = _metonymic_reason(first_of_list(root), lexicon, actor=actor, place=place)
    if reason is not None:
        return "metonymic", reason
    return "literal", "it names a location"


def _root(span: Span) -> Token:
    """Give the token that ties the name to the sentence (a bad parse may give several)."""
    return span.root


def acts(place: Place | None) -> bool:
    """Tell whether a place often stands for those who govern it."""
    if place is None:
        return False
    return (
        place.feature_code.startswith(("PCL", "CONT"))
        or place.feature_code in {"PPLC", "GOVL", "AREA"}
        or (place.feature_class == "L" and place.feature_code in {"RGNE", "TERR", "ZN"})
        or place.note == "seat of government"
    )


def needs_parse(span: Span, place: Place | None) -> bool:
    """Tell whether the reading of a name may be another than literal.

    Parameters
    ----------
    span
        The toponym; the text need not be parsed.
    place
        Its place.

    Returns
    -------
    bool
        For places that govern: where a word follows that the name could govern or
        qualify ("Moscow believes", "Kyiv's"), behind "of" and behind a word for a
        party ("with", "between … and"), and at the start of a sentence. For
        others: beside a word for an institution ("the Mariupol council") and beside
        the verb of a match ("Liverpool beat Everton").
    """
    doc, start = span.doc, span.start
    if start and doc[start - 1].lower_ == "the":
        start -= 1
    before = doc[start - 1].lower_ if start else ""
    behind = doc[span.end].lower_ if span.end < len(doc) else ""
    owns = behind in _POSSESSIVES
    if not acts(place):
        reading = rules("toponyms")["reading"]
        institutions, matches = reading["institution_nouns"], reading["match_verbs"]
        second = doc[span.end + 1].lower_ if span.end + 1 < len(doc) else ""
        of = before == "of" and start > 1 and doc[start - 2].lower_ in institutions
        teams = before in matches or behind in matches
        return of or teams or (second if owns else behind) in institutions
    word = behind.isalpha() and not doc.vocab[behind].is_stop
    parties = rules("toponyms")["reading"]["party_prepositions"]
    begins = not start or not (before.isalpha() or before == ",")
    return owns or word or begins or before in parties or before in _JOINTS


def _modified(root: Token) -> Token:
    return root.head if root.dep_ != "pobj" else root.head.head


def _is_modifier(span: Span, root: Token, lexicon: Mapping[str, Mapping[str, list[str]]]) -> bool:
    if _in_chain(span):
        return False
    heads = lexicon["context"]["geographic_heads"]
    institutions = lexicon["reading"]["institution_nouns"]
    near = span.end <= root.head.i < span.end + LONGEST_COMPOUND
    if root.dep_ in {"compound", "amod", "nmod"} and near:
        head = root.head
        while head.dep_ == "compound" and head.i < head.head.i < span.end + LONGEST_COMPOUND:
            head = head.head  # "the Jabalia refugee camp": the camp decides
        if head.i > span.end + LONGEST_COMPOUND:
            return False
        if any(t.is_punct and t.text not in {"-", "–"} for t in span.doc[span.end : head.i]):
            return False
        if head.ent_type_ in {"GPE", "LOC"} and head.pos_ == "PROPN":
            return False
        return (
            head.lower_ not in heads
            and head.lemma_.lower() not in heads
            and head.pos_ in {"NOUN", "PROPN"}
        )
    if root.dep_ == "poss":
        return root.head.lemma_.lower() in institutions
    if root.dep_ == "pobj" and root.head.lower_ == "of":
        return root.head.head.lemma_.lower() in institutions
    return False


def _in_chain(span: Span) -> bool:
    """Tell whether the name is a stop of a route, "A - B - C"."""
    doc = span.doc
    before = doc[span.start - 2 : span.start] if span.start > 1 else None
    behind = doc[span.end : span.end + 2]
    dashes = {"-", "–", "—", "‑"}
    return (before is not None and before[-1].text in dashes and before[0].is_title) or (
        len(behind) > 1 and behind[0].text in dashes and behind[1].is_title
    )


def _metonymic_reason(
    root: Token,
    lexicon: Mapping[str, Mapping[str, list[str]]],
    *,
    actor: bool,
    place: Place | None,
) -> str | None:
    reading = lexicon["reading"]
    reason = _acting_reason(root, reading, actor=actor, place=place)
    if reason is not None or not actor:
        return reason
    if root.dep_ == "poss" and root.head.i > root.i:
        head = root.head.lemma_.lower()
        places = {*lexicon["context"]["geographic_heads"], *lexicon["context"]["place_nouns"]}
        if head in places or root.head.pos_ == "PROPN":
            return None
        return f"it is the one whose “{root.head.text}” it is"
    return _party_reason(root, reading) if root.dep_ == "pobj" else None


def _team_reason(root: Token, reading: Mapping[str, list[str]]) -> str | None:
    """Tell whether a name is a team in a match: "Liverpool beat Everton"."""
    verb = root.head
    if root.dep_ not in _SIDES or verb.lower_ not in reading["match_verbs"]:
        return None
    if any(child.dep_ == "prt" for child in verb.children):
        return None  # "Kharkiv beat off an attack"
    named = any(c.pos_ == "PROPN" and c.i != root.i for c in verb.children if c.dep_ in _SIDES)
    return f"it is a team in “{verb.text}”" if named else None


def _acting_reason(
    root: Token, reading: Mapping[str, list[str]], *, actor: bool, place: Place | None
) -> str | None:
    """Tell whether a name is the subject of what people do."""
    verb = root.head
    if root.dep_ not in _SUBJECTS or verb.pos_ not in {"VERB", "AUX"}:
        return None
    lemma = verb.lemma_.lower()
    agentive, locative = lemma in reading["agentive_verbs"], lemma in reading["locative_verbs"]
    if actor:
        acting = agentive or not locative or any(c.dep_ == "xcomp" for c in verb.children)
    else:
        town = place is not None and place.feature_class == "P"
        acting = agentive and not locative and (not town or lemma in _SPEAKING)
    return f"it is the one who acts in “{verb.text}”" if acting else None


def _party_reason(root: Token, reading: Mapping[str, list[str]]) -> str | None:
    """Tell whether a name behind a preposition is a party to something."""
    preposition = root.head
    governor = preposition.head
    lemma = governor.lemma_.lower()
    if lemma in reading["border_nouns"]:
        return None
    if preposition.lower_ == "on" and lemma in reading["pressure_nouns"]:
        return f"it is the one who bears the “{governor.text}”"
    if preposition.lower_ in reading["party_prepositions"]:
        return f"it is a party in “{preposition.text} {root.text}”"
    parties = lemma in reading["party_nouns"] or governor.lower_ in reading["party_nouns"]
    if preposition.lower_ in {"between", "of"} and parties:
        return f"it is a party to the “{governor.text}”"
    return None
