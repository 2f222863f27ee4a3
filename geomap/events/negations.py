"""What says that it did not happen: negation and its scope, failure, rumours called false.

Governing predicates and polarity over the parse, after FactBank (Saurí & Pustejovsky
2009). Words live in ``lexicons/claims.toml``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from geomap.events.relations import ancestors_of
from geomap.lexicons import rules

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["Negations", "is_participle"]

_GOVERNING = frozenset(
    {
        "ccomp",
        "xcomp",
        "acl",
        "advcl",
        "dobj",
        "pobj",
        "prep",
        "nsubj",
        "nsubjpass",
        "attr",
        "pcomp",
        "conj",
        "appos",
        "compound",
        "agent",
        "relcl",
        "oprd",
        "csubj",
    }
)
# "FAKE: …" at the start of a line; a longer opening is a clause.
_LONGEST_LABEL = 20
_OBJECTS = frozenset({"dobj", "nsubjpass", "xcomp", "pcomp"})
_PARTICLES = frozenset({"off", "back", "away", "out", "down"})
_ONLY = frozenset({"only", "just", "merely", "simply", "solely"})
_ABLE = frozenset({"able", "capable", "position"})
_UNABLE = frozenset({"unable", "powerless", "incapable"})
_CLAUSES = frozenset({"ccomp", "csubj", "acl", "advcl", "xcomp"})
_NOUGHT = frozenset({"nothing", "none", "neither"})


class Negations:
    """What one text says did not happen.

    Parameters
    ----------
    text
        The article.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        lexicon = rules("claims")
        self._verbs = {name: frozenset(words) for name, words in lexicon["verbs"].items()}
        self._false = frozenset(lexicon["words"]["false"])
        self._negations = frozenset(lexicon["words"]["negated"])
        self._claims = frozenset(lexicon["nouns"]["claim"])

    def hold(self, trigger: Token, *, tried: bool) -> bool:
        """Tell whether the words say that it did not happen.

        Parameters
        ----------
        trigger
            The trigger.
        tried
            Whether the attempt itself is the event.
        """
        return self._is_called_false(trigger) or self._is_negated(trigger, tried=tried)

    def scope(self, trigger: Token) -> list[Token]:
        """Give the trigger and the verbs that only carry it, up to its clause."""
        scope = [trigger]
        light = self._verbs["light"]
        token = trigger
        while token.head != token and token.dep_ in _GOVERNING:
            if token.dep_ in {"relcl", "advcl", "ccomp", "appos"} and token.pos_ in {"VERB", "AUX"}:
                break
            if token.dep_ == "conj" and token.pos_ in {"VERB", "AUX"}:
                break
            if is_participle(token) or token.lemma_.lower() in self._claims:
                # "The fighters, cut off since May, want …", "claims that it fell are …".
                break
            token = token.head
            if token.pos_ in {"VERB", "AUX"}:
                scope.append(token)
                if token.lemma_.lower() not in light:
                    break
            elif token.pos_ == "NOUN":
                scope.append(token)
        return scope

    def _is_negated(self, trigger: Token, *, tried: bool) -> bool:
        verbs = self._verbs
        negations = self._negations
        odd = trigger.pos_ == "VERB" and _phrase(trigger) in self._verbs["off"]
        for token in self.scope(trigger):
            below = [
                c
                for c in token.children
                if c.dep_ in {"neg", "det", "preconj", "advmod"}
                and c.lower_ in negations
                and not _is_not_only(c)
            ]
            if token != trigger and token.pos_ in {"VERB", "AUX"}:
                lemma = token.lemma_.lower()
                if (
                    lemma not in verbs["light"]
                    and lemma not in verbs["implicative"]
                    and lemma not in verbs["fail"]
                ):
                    below = (
                        []
                        if trigger.pos_ == "NOUN" and trigger.dep_ not in {"dobj", "nsubjpass"}
                        else below
                    )
                failed = lemma in verbs["fail"] and not (tried and lemma in verbs["repel"])
                called_off = trigger.head == token and trigger.dep_ in _OBJECTS
                failed = failed or (called_off and _phrase(token) in self._verbs["off"])
                if failed and trigger.i != token.i:
                    odd = not odd
                if below and lemma in verbs["implicative"]:
                    below = []
            if below:
                odd = not odd
            if self._has_empty_subject(token, trigger, negations) or _is_ruled_out(token):
                odd = not odd
        odd = odd or _is_yet_to(trigger) or _is_none(trigger) or _is_without(trigger)
        return odd or (not tried and self._came_to_nothing(trigger))

    def _came_to_nothing(self, trigger: Token) -> bool:
        """Tell whether they could not do it, or it was called off."""
        return self._fell_through(trigger) or any(map(_is_beyond_them, self.scope(trigger)))

    def _has_empty_subject(self, token: Token, trigger: Token, negations: frozenset[str]) -> bool:
        """Tell whether the subject is nobody, or no one of many: "not one village has been taken"."""
        for subject in token.children:
            if subject.dep_ in {"nsubj", "nsubjpass"} and trigger not in subject.subtree:
                first = subject.left_edge
                if subject.lower_ in negations or first.lower_ in negations:
                    return True
        return False

    def _is_called_false(self, trigger: Token) -> bool:
        """Tell whether it is a rumour called false: "reports of a storming are untrue", "FAKE: …"."""
        false = self._false
        for noun in ancestors_of(trigger):
            verb = noun.head
            if noun.dep_ in _CLAUSES and noun.i > verb.i and self._is_false(verb):
                return True
            subject = noun.dep_ in {"nsubj", "nsubjpass"} and verb.lemma_ == "be"
            if subject and any(c.lower_ in false for c in verb.children):
                return True
            named = noun.dep_ in {"dobj", "nsubj"} and verb.lemma_ in self._verbs["branding"]
            if named and any(t.lower_ in false for t in verb.subtree):
                return True
        line = self._text.rfind("\n", 0, trigger.idx) + 1
        opening = self._text[line : trigger.idx].lower().split(":")[0]
        return len(opening) < _LONGEST_LABEL and any(word in opening.split() for word in false)

    def _is_false(self, head: Token) -> bool:
        """Tell whether a clause hangs on "it is false", "it is a lie"."""
        words = [head, *(c for c in head.children if c.dep_ in {"acomp", "attr", "oprd"})]
        found = [word for word in words if word.lower_ in self._false]
        verb = head if head.lemma_ == "be" else head.head
        return (
            bool(found) and verb.lemma_ == "be" and not any(c.dep_ == "neg" for c in verb.children)
        )

    def _fell_through(self, trigger: Token) -> bool:
        """Tell whether the verb of a noun trigger says that it came to nothing."""
        if trigger.pos_ == "VERB" or trigger.dep_ not in {"nsubj", "nsubjpass", "compound"}:
            return False
        verb = trigger.head
        if trigger.dep_ == "nsubjpass" and verb.lemma_ in self._verbs["rejected"]:
            return True
        if _phrase(verb) in self._verbs["off"] or verb.lemma_ in self._verbs["failed"]:
            return True
        return verb.lemma_ == "fall" and any(
            c.lower_ in {"through", "apart"} for c in verb.children
        )


def _phrase(verb: Token) -> str | None:
    """Give a verb with its particle: "call off"; ``None`` where it has none."""
    for child in verb.children:
        if child.i > verb.i and (child.dep_ == "prt" or child.lower_ in _PARTICLES):
            return f"{verb.lemma_} {child.lower_}"
    return None


def is_participle(token: Token) -> bool:
    """Tell whether it describes a noun: "the fighters, cut off since May", whatever these do."""
    return token.dep_ in {"acl", "relcl"} and token.tag_ == "VBN"


def _is_ruled_out(verb: Token) -> bool:
    """Tell whether a verb says that it cannot be: "delivering it has been impossible"."""
    return any(
        c.dep_ in {"acomp", "oprd"} and c.lower_ in {"impossible", "unable"} for c in verb.children
    )


def _is_not_only(negation: Token) -> bool:
    """Tell whether it adds and negates nothing: "not only shelled the town", "not just Kyiv"."""
    last = negation.i + 1 >= len(negation.doc)
    return not last and negation.nbor(1).lower_ in _ONLY


def _is_without(trigger: Token) -> bool:
    """Tell whether "without" stands right before it, no comma between."""
    before = [t.lower_ for t in trigger.doc[max(trigger.sent.start, trigger.i - 3) : trigger.i]]
    return "without" in before and "," not in before[before.index("without") :]


def _is_beyond_them(verb: Token) -> bool:
    """Tell whether they could not do it: "were unable to capture", "was not able to take"."""
    able = verb.head
    if verb.dep_ != "xcomp" or able.pos_ not in {"ADJ", "NOUN"}:
        return False
    negated = any(c.dep_ == "neg" for word in (able, able.head) for c in word.children)
    return able.lower_ in _UNABLE or (negated and able.lower_ in _ABLE)


def _is_yet_to(trigger: Token) -> bool:
    """Tell whether it has yet to happen: "who have yet to be got out"."""
    before = trigger.doc[max(trigger.sent.start, trigger.i - 4) : trigger.i]
    words = [t.lower_ for t in before]
    return any(pair == ("yet", "to") for pair in itertools.pairwise(words))


def _is_none(trigger: Token) -> bool:
    """Tell whether there is none of it: "not one truck got in", "knew nothing of any shelling"."""
    first = trigger.left_edge
    if trigger.pos_ == "NOUN" and first != trigger and first.lower_ == "not":
        return first.nbor(1).lower_ in {"one", "a", "an", "single"}
    head = trigger.head
    while trigger.pos_ == "NOUN" and head.dep_ in {"prep", "pobj"} and head.head != head:
        head = head.head
        if head.lower_ in _NOUGHT:
            return True
    return False
