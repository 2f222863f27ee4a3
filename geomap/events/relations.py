"""Relations between words of a parsed sentence, shared by arguments and claims."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spacy.tokens import Span, Token

__all__ = [
    "ancestors_of",
    "breaks_of",
    "is_list_joint",
    "is_object_by_order",
    "paths_between",
    "preposition_of",
    "steps_of",
    "text_between",
]

# A date may stand between members of a list: "left X by 15 November, Y by the 20th".
_JOINT = re.compile(
    r"^(?:’s|'s)?(?: \([^()]*\)|, (?:in|inside|near|on|at) [^,;:()]{1,40}(?=,))?"
    r"(?: (?:today|yesterday|(?:on|by|in) (?:the )?\w+(?: \w+)?))?"
    r"(?:,| and|, and| or|,? as well as|/| &)(?: the)?(?: (?:cities|towns|villages) of)?"
    r"(?: \w+(?:ern|-held))?(?: ?(?: near| in| at| on)?| (?:the|an?|its)(?: [\w-]+){1,3} (?:at|in|near|of)"
    r"(?: the)?) ?$"
)
_CLAUSES = frozenset({"relcl", "advcl", "ccomp", "parataxis", "acl", "csubj", "pcomp"})
_LOOK_BACK = 8
# Words of prepositions of several: "in the direction of", "on the way to".
_PARTS_OF_PHRASES = frozenset({"direction", "way", "far", "close", "next", "out", "side", "not"})
# "encircled the city of X": words between a verb and the name that is its object.
_LOOK_AHEAD = 4


def ancestors_of(token: Token) -> list[Token]:
    """Give a token and its heads up to the root of the sentence.

    Parameters
    ----------
    token
        Where to start; it is the first of the list.
    """
    return [token, *token.ancestors]


def paths_between(one: Token, other: Token) -> tuple[list[Token], list[Token]]:
    """Give the tokens below the lowest common ancestor on both sides, upwards.

    Parameters
    ----------
    one, other
        Two tokens of one sentence.
    """
    first, second = ancestors_of(one), ancestors_of(other)
    shared = {t.i for t in first} & {t.i for t in second}
    return (
        [t for t in first if t.i not in shared],
        [t for t in second if t.i not in shared],
    )


def steps_of(path: Iterable[Token]) -> int:
    """Count the arcs of a path; list arcs are free.

    Parameters
    ----------
    path
        Both sides of :func:`paths_between`.
    """
    return sum(t.dep_ != "conj" or t.pos_ == "VERB" for t in path)


def breaks_of(path: Iterable[Token]) -> int:
    """Count the clause boundaries of a path.

    Parameters
    ----------
    path
        Both sides of :func:`paths_between`.
    """
    return sum(t.dep_ in _CLAUSES or (t.dep_ == "conj" and t.pos_ in {"VERB", "AUX"}) for t in path)


def text_between(first: Span, second: Span) -> str:
    """Give the text between two names, white space included.

    Parameters
    ----------
    first, second
        Two spans of one text, in its order; ``Doc.text`` would build the whole text anew.
    """
    gap = first.doc[first.end : second.start]
    return first[-1].whitespace_ + "".join(token.text_with_ws for token in gap)


def is_list_joint(first: Span, second: Span) -> bool:
    """Tell whether only a comma or "and" stands between two names.

    Parameters
    ----------
    first, second
        Two toponyms in the order of the text.
    """
    return _JOINT.match(text_between(first, second)) is not None


def is_object_by_order(verb: Token, span: Span) -> bool:
    """Tell whether a name stands right behind a verb in the perfect or passive: its object.

    A parser of small size takes "have encircled Sievierodonetsk, governor X said" for one
    noun phrase now and then; the order of the words is surer than such a parse.

    Parameters
    ----------
    verb
        A trigger.
    span
        A toponym.
    """
    if verb.pos_ != "VERB" or not 0 < span.start - verb.i <= _LOOK_AHEAD:
        return False
    if span.start == verb.i + 1:
        return True
    between = verb.doc[verb.i + 1 : span.start]
    if any(t.pos_ not in {"DET", "NOUN", "ADP", "ADJ"} or t.is_punct for t in between):
        return False
    if any(t.pos_ == "ADP" and t.lower_ != "of" for t in between):
        return False
    left = verb.i - 1
    while left > verb.sent.start and verb.doc[left].pos_ == "ADV":
        left -= 1
    return left >= verb.sent.start and verb.doc[left].lemma_ in {"have", "be"}


def preposition_of(span: Span) -> str | None:
    """Give the class of the preposition before a name.

    Parameters
    ----------
    span
        A toponym.

    Returns
    -------
    str or None
        A key of ``[prepositions]`` in ``lexicons/roles.toml``; ``None`` for a
        bare object, subject or compound.
    """
    skip = _passed_over()
    words: list[str] = []
    for token in reversed(
        list(span.doc[max(span.sent.start, span.start - _LOOK_BACK) : span.start])
    ):
        words.insert(0, token.lower_)
        joined = " ".join(words)
        found = _classify(joined)
        if found == "near" and token.i and token.nbor(-1).lower_ == "the":
            # "the north of X" is a part of X, "north of X" lies outside it.
            continue
        if found == "of" and _continues(words[0], span, token, skip):
            continue
        if found is not None:
            return found
        if (
            token.lower_ not in skip
            and token.lower_ not in _PARTS_OF_PHRASES
            and token.pos_ not in {"DET", "ADJ"}
            and token.text not in {"“", '"', "("}
        ):
            break
    return None


@lru_cache(maxsize=1)
def _passed_over() -> frozenset[str]:
    return frozenset(rules("roles")["skip"]["words"])


def _continues(word: str, span: Span, token: Token, skip: frozenset[str]) -> bool:
    """Tell whether "of" belongs to "the city of": the role stands further left."""
    del word, span
    before = token.nbor(-1) if token.i else None
    return before is not None and (
        before.lower_ in skip or before.lower_ in {"direction", "out", "way", "side"}
    )


def _classify(text: str) -> str | None:
    """Give the class of the longest preposition that words begin with."""
    classes = _classes()
    while text and text not in classes:
        text = text.rpartition(" ")[0]
    return classes.get(text)


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, str]:
    """Give the class of each preposition; the first where two have it."""
    found: dict[str, str] = {}
    for name, members in rules("roles")["prepositions"].items():
        for member in members:
            found.setdefault(member, name)
    return found
