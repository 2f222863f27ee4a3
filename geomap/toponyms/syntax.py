"""How a toponym stands in its sentence: the features of the model of readings.

The parse gives them, with the word classes of ``lexicons/toponyms.toml``; what
the rules of :mod:`geomap.toponyms.reading` say is one of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Doc, Span, Token

    from geomap.records import Place

__all__ = ["first_of_list", "syntax_of"]

_CONTEXT = (
    "locative", "place_nouns", "geographic_heads", "organisation_tails", "titles",
    "settlement_nouns",
)  # fmt: skip
_POSSESSIVES = frozenset({"’s", "'s"})
# A list that is longer is a table or a misparse: its relation is not looked for.
LONGEST_LIST = 30


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, frozenset[str]]:
    """Give for each word the classes that the model knows it by."""
    lexicon = rules("toponyms")
    chosen = {name: lexicon["context"][name] for name in _CONTEXT} | lexicon["reading"]
    found: dict[str, set[str]] = {}
    for name, words in chosen.items():
        for word in words:
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


def _classes_of(token: Token) -> frozenset[str]:
    classes, none = _classes(), frozenset[str]()
    return classes.get(token.lemma_.lower(), none) | classes.get(token.lower_, none)


def first_of_list(token: Token) -> Token:
    """Climb from a list member to the first member, which carries the relation.

    Parameters
    ----------
    token
        The root of a name.
    """
    for _ in range(LONGEST_LIST):
        head = token.head
        joined = token.dep_ == "conj" and head.pos_ in {"PROPN", "NOUN", "ADJ"}
        if not joined or head.i >= token.i:
            break
        token = head
    return token


def syntax_of(span: Span, place: Place | None, *, acts: bool) -> dict[str, float]:
    """Describe how a name stands in its sentence.

    Parameters
    ----------
    span
        The toponym in a parsed text.
    place
        Its place.
    acts
        Whether the place often stands for those who govern it.

    Returns
    -------
    dict
        Feature name to 1; features that do not hold are left out.
    """
    root = span.root
    names = {
        *_relation("", root),
        *_relation("first_", first_of_list(root)),
        *_neighbours(span),
    }
    if place is not None:
        names |= {f"class_{place.feature_class}", f"code_{place.feature_code[:4]}"}
        names |= {"reviewed"} if place.reviewed else set()
    holds = {
        "acts": acts,
        "first": span[0].is_sent_start is True,
        "title": span.start <= _first_break(span.doc),
        "conj": root.dep_ == "conj",
        "multi": len(span) > 1,
    }
    names |= {name for name, value in holds.items() if value}
    return dict.fromkeys(sorted(names), 1.0)


@lru_cache(maxsize=1)
def _first_break(doc: Doc) -> int:
    """Give the first line break of a text, which is asked for once a name."""
    return next((t.i for t in doc if "\n" in t.text), len(doc))


def _relation(prefix: str, token: Token) -> Iterator[str]:
    head = token.head
    yield f"{prefix}dep_{token.dep_}"
    yield f"{prefix}head_pos_{head.pos_}"
    if head.i < token.i:
        yield f"{prefix}head_before"
    for name in _classes_of(head):
        yield f"{prefix}head_{name}"
    if token.dep_ == "pobj":
        yield f"{prefix}prep_{head.lower_}"
        yield f"{prefix}gov_pos_{head.head.pos_}"
        for name in _classes_of(head.head):
            yield f"{prefix}gov_{name}"


def _neighbours(span: Span) -> Iterator[str]:
    doc = span.doc
    start = span.start
    if start > 1 and doc[start - 1].lower_ == "the":
        start -= 1
    before = doc[start - 1] if start else None
    behind = doc[span.end] if span.end < len(doc) else None
    for prefix, token in (("left_", before), ("right_", behind)):
        if token is None or token.is_space:
            yield f"{prefix}edge"
            continue
        yield f"{prefix}pos_{token.pos_}"
        yield f"{prefix}w_{token.lower_}"
        if token.is_title:
            yield f"{prefix}cap"
        for name in _classes_of(token):
            yield f"{prefix}{name}"
    if behind is not None and behind.lower_ in _POSSESSIVES and span.end + 1 < len(doc):
        owned = doc[span.end + 1]
        yield f"owned_pos_{owned.pos_}"
        for name in _classes_of(owned):
            yield f"owned_{name}"
