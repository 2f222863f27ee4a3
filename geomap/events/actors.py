"""Who does it, to whom, with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.events.speakers import side_of
from geomap.records import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from geomap.events.taxonomy import Taxonomy
    from geomap.records import ActorRole

__all__ = ["find_actors"]

# A longer phrase is a clause, not an actor.
LONGEST_WORDS = 10
_PRONOUNS = frozenset({"it", "he", "she", "they", "we", "i", "you", "who", "which", "that", "this"})


def find_actors(trigger: Token, taxonomy: Taxonomy) -> tuple[Actor, ...]:
    """Find the actors of a trigger.

    Parameters
    ----------
    trigger
        A verb, or a noun under one.
    taxonomy
        Its word classes ``troops`` and ``delegates`` tell who can act.

    Returns
    -------
    tuple of Actor
        Subjects and agents as ``"by"``, partners after "with" and "between" as
        ``"with"``; empty when the sentence names none. Only armed or political
        actors count, not things.
    """
    actors: list[Actor] = []
    for token, role in _phrases(trigger, taxonomy):
        text = _text(token)
        if text is None or any(a.text == text for a in actors):
            continue
        side = side_of(text)
        if side is None and not _is_armed(token, taxonomy):
            continue
        actors.append(Actor(text=text, role=role, side=side))
    return tuple(actors)


def _phrases(trigger: Token, taxonomy: Taxonomy) -> Iterator[tuple[Token, ActorRole]]:
    verb = trigger
    if trigger.pos_ != "VERB":
        verb = trigger.head if trigger.head.pos_ == "VERB" else trigger
        for child in trigger.children:
            if child.dep_ in {"amod", "compound", "poss", "nmod"} and child.ent_type_ in {
                "NORP",
                "GPE",
                "ORG",
            }:
                yield child, "by"
            if child.dep_ == "prep" and child.lower_ in {"between", "with", "by"}:
                role: ActorRole = "by" if child.lower_ == "by" else "with"
                for noun in child.children:
                    if noun.dep_ == "pobj":
                        yield from ((n, role) for n in (noun, *noun.conjuncts))
    for child in verb.children:
        if child.dep_ == "nsubj" and child != trigger:
            yield from ((n, "by") for n in (child, *child.conjuncts))
        elif child.dep_ == "agent":
            yield from ((n, "by") for n in child.children if n.dep_ == "pobj")
        elif (
            child.dep_ in {"dobj", "nsubjpass"} and child != trigger and _is_armed(child, taxonomy)
        ):
            yield child, "against"
        elif child.dep_ == "prep" and child.lower_ == "against":
            yield from ((n, "against") for n in child.children if n.dep_ == "pobj")


def _is_armed(token: Token, taxonomy: Taxonomy) -> bool:
    words = taxonomy.words["troops"] | taxonomy.words["delegates"]
    return any(t.lemma_.lower() in words or t.lower_ in words for t in (token, *token.lefts))


def _text(token: Token) -> str | None:
    if token.lower_ in _PRONOUNS:
        return None
    kept = []
    for word in token.subtree:
        branch = word
        while branch not in (token, branch.head) and branch.dep_ not in {
            "relcl",
            "appos",
            "acl",
            "conj",
            "cc",
            "punct",
            "advcl",
        }:
            branch = branch.head
        if branch == token:
            kept.append(word.text)
    text = " ".join(kept).replace(" ’s", "’s").replace(" 's", "'s").strip(" ,")
    return text if 0 < len(text.split()) <= LONGEST_WORDS else None
