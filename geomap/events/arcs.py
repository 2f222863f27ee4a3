"""Arcs of a parse: objects, subjects, phrases and governors of a trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Token

    Arcs = Sequence[tuple[Token, str]]

__all__ = [
    "arcs_of",
    "carried_by",
    "governor_of",
    "modifiers_of",
    "objects_of",
    "phrase_of",
    "phrases_behind",
    "subjects_of",
]

# Clauses below a noun say something else of it.
_CLAUSES = frozenset({"relcl", "advcl", "ccomp", "acl", "parataxis"})
_CARRIERS = frozenset({"pobj", "prep", "compound", "conj", "appos", "nmod"})


def arcs_of(token: Token) -> list[tuple[Token, str]]:
    """Give what hangs on a word, each with its dependency: spaCy looks both up anew each time."""
    return [(child, child.dep_) for child in token.children]


def objects_of(token: Token, arcs: Arcs | None = None) -> list[Token]:
    """Give objects and passive subjects of a verb, and the noun it says something of.

    Here as below ``arcs`` is what :func:`arcs_of` gives, where it is known.
    """
    arcs = arcs_of(token) if arcs is None else arcs
    found = [c for c, dep in arcs if dep in {"dobj", "nsubjpass", "oprd"}]
    if token.dep_ == "acl" and token.tag_ == "VBN":
        found.append(token.head)
    if token.dep_ == "relcl" and any(
        dep == "nsubjpass" and c.tag_ in {"WDT", "WP"} for c, dep in arcs
    ):
        found.append(token.head)
    if token.dep_ == "conj" and token.pos_ == "VERB" and not found:
        # "three people were killed and five injured": the second verb shares its subject.
        found += [c for c, dep in arcs if dep == "nsubj" and token.tag_ == "VBN"]
        if token.tag_ == "VBN" and not found:
            found += [c for c in token.head.children if c.dep_ == "nsubjpass"]
    if token.tag_ == "VBN" and token.dep_ == "xcomp" and not found:
        # "peacekeepers are to be stationed": the subject of the verb above.
        found += [c for c in token.head.children if c.dep_ == "nsubj"]
    return [n for c in found for n in (c, *c.conjuncts)]


def subjects_of(token: Token, arcs: Arcs | None = None) -> list[Token]:
    """Give the subjects of an active verb, agents of a passive one, and who it is said of."""
    arcs = arcs_of(token) if arcs is None else arcs
    found = [c for c, dep in arcs if dep == "nsubj"]
    found += [p for c, dep in arcs if dep == "agent" for p in c.children]
    if token.dep_ in {"acl", "relcl"} and token.tag_ != "VBN":
        found.append(token.head)
    if (
        token.dep_ in {"conj", "xcomp", "advcl"}
        and not found
        and token.head.pos_ in {"VERB", "AUX"}
    ):
        found += [c for c in token.head.children if c.dep_ == "nsubj"]
    if not found and token.i and token.tag_ in {"VBD", "VBZ", "VBP"} and not token.is_sent_start:
        # A subject that the parse lost stands right before its verb.
        before = token.nbor(-1)
        found += [before] if before.pos_ in {"NOUN", "PROPN"} else []
    return [n for c in found for n in (c, *c.conjuncts)]


def phrase_of(noun: Token) -> list[Token]:
    """Give a noun with what belongs to it, clauses left out."""
    found, queue = [], [noun]
    while queue:
        token = queue.pop()
        found.append(token)
        queue += [c for c in token.children if c.dep_ not in _CLAUSES]
    return found


def modifiers_of(token: Token) -> list[Token]:
    """Give the words before a noun that belong to it."""
    return [t for t in token.lefts if t.dep_ in {"compound", "amod", "nmod", "poss", "nummod"}]


def phrases_behind(token: Token, arcs: Arcs | None = None) -> list[Token]:
    """Give the nouns of the prepositional phrases of a noun, and those of its compound's head."""
    arcs = arcs_of(token) if arcs is None else arcs
    preps = [c for c, dep in arcs if dep in {"prep", "agent"}]
    return [n for p in preps for c in p.children if c.dep_ == "pobj" for n in (c, *c.conjuncts)]


def carried_by(token: Token) -> list[Token]:
    """Give what a noun is said to carry: "trucks carrying food"."""
    verbs = [c for c in token.children if c.dep_ in {"acl", "relcl"}]
    return [o for v in verbs for o in v.children if o.dep_ == "dobj"]


def governor_of(token: Token) -> Token:
    """Give the verb that a noun hangs on; the token itself when it is a verb."""
    head = token
    while head.pos_ not in {"VERB", "AUX"} and head.head != head:
        if head.dep_ not in _CARRIERS | {"dobj", "nsubj", "nsubjpass", "attr", "oprd"}:
            break
        head = head.head
    return head
