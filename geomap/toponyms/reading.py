"""How a toponym is meant: the place itself, its government, or a quality of something.

Literal, metonymic and modifier as in GeoWebNews (Gritta et al. 2020), decided
by the parse and the word classes of ``lexicons/toponyms.toml``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Span, Token

    from geomap.records import Place, Reading

__all__ = ["acts", "is_located", "reading_of"]

_SUBJECTS = {"nsubj", "agent"}


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
    lexicon = rules("toponyms")
    root = _root(span)
    if _is_modifier(span, root, lexicon):
        return "modifier", f"it qualifies “{_modified(root).text}”"
    actor = acts(place)
    reason = _metonymic_reason(_first_of_list(root), lexicon, actor=actor, place=place)
    if reason is not None:
        return "metonymic", reason
    return "literal", "it names a location"


def _root(span: Span) -> Token:
    """Give the token that ties the name to the sentence (a bad parse may give several)."""
    return span.root


def _first_of_list(token: Token) -> Token:
    """Climb from a list member to the first member, which carries the relation."""
    while (
        token.dep_ == "conj"
        and token.head.pos_ in {"PROPN", "NOUN", "ADJ"}
        and token.head.i < token.i
    ):
        token = token.head
    return token


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


def is_located(span: Span) -> bool:
    """Tell whether a preposition of place stands directly before a name ("in Kharkiv").

    Parameters
    ----------
    span
        The toponym; the text need not be parsed.
    """
    doc, start = span.doc, span.start
    if start and doc[start - 1].lower_ == "the":
        start -= 1
    behind = doc[span.end] if span.end < len(doc) else None
    ends = behind is None or not (behind.is_alpha or behind.lower_ in {"’s", "'s"})
    ends = ends or (behind is not None and behind.is_lower and behind.is_stop)
    return bool(start) and ends and doc[start - 1].lower_ in _located()


@lru_cache(maxsize=1)
def _located() -> frozenset[str]:
    return frozenset(rules("toponyms")["context"]["locative"])


def _modified(root: Token) -> Token:
    return root.head if root.dep_ != "pobj" else root.head.head


def _is_modifier(span: Span, root: Token, lexicon: Mapping[str, Mapping[str, list[str]]]) -> bool:
    if _in_chain(span):
        return False
    heads = lexicon["context"]["geographic_heads"]
    institutions = lexicon["reading"]["institution_nouns"]
    if root.dep_ in {"compound", "amod", "nmod"} and root.head.i >= span.end:
        head = root.head
        while head.dep_ == "compound" and head.head.i > head.i:
            head = head.head  # "the Jabalia refugee camp": the camp decides
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
    verb = root.head
    if root.dep_ in _SUBJECTS and verb.pos_ in {"VERB", "AUX"}:
        lemma = verb.lemma_.lower()
        if actor and (lemma in reading["agentive_verbs"] or lemma not in reading["locative_verbs"]):
            return f"it is the one who acts in “{verb.text}”"
        if (
            not actor
            and lemma in reading["agentive_verbs"]
            and lemma not in reading["locative_verbs"]
        ):
            town = place is not None and place.feature_class == "P"
            return (
                None
                if town and lemma not in {"say", "believe", "accuse"}
                else (f"it is the one who acts in “{verb.text}”")
            )
        if actor and any(child.dep_ == "xcomp" for child in verb.children):
            return f"it is the one who acts in “{verb.text}”"
    if actor and root.dep_ == "poss" and root.head.i > root.i:
        head = root.head.lemma_.lower()
        places = {*lexicon["context"]["geographic_heads"], *lexicon["context"]["place_nouns"]}
        return (
            None
            if head in places or root.head.pos_ == "PROPN"
            else f"it is the one whose “{root.head.text}” it is"
        )
    if not actor or root.dep_ != "pobj":
        return None
    preposition = root.head
    governor = preposition.head
    if governor.lemma_.lower() in reading["border_nouns"]:
        return None
    if preposition.lower_ == "on" and governor.lemma_.lower() in reading["pressure_nouns"]:
        return f"it is the one who bears the “{governor.text}”"
    if preposition.lower_ in reading["party_prepositions"]:
        return f"it is a party in “{preposition.text} {root.text}”"
    parties = (
        governor.lemma_.lower() in reading["party_nouns"]
        or governor.lower_ in reading["party_nouns"]
    )
    if preposition.lower_ in {"between", "of"} and parties:
        return f"it is a party to the “{governor.text}”"
    return None
