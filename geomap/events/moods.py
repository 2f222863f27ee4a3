"""Whether something happened, by rules: negations, modality and plans over the parse.

The scale is that of the data contract; the mechanism (governing predicates,
polarity and modality over the parse) follows FactBank (Saurí & Pustejovsky
2009). Words live in ``lexicons/claims.toml``.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from geomap.events.negations import Negations, is_participle
from geomap.events.relations import ancestors_of
from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Token

__all__ = ["Mood", "MoodRules"]

# What is said to be so, not so, due, or no more than possible, whoever says it.
Mood: TypeAlias = Literal["real", "not", "planned", "possible"]
_NOT = frozenset({"not", "n't", "n’t", "never", "no", "nor"})
# What may stand between "is to" and the verb.
_BETWEEN = frozenset({"be", "been", "also", "then", "now", "first", "soon", "again"})
_WOULD_BE = frozenset({"is", "are", "was", "were", "’s", "'s", "’re", "'re"})


class MoodRules:
    """The moods of one text.

    Parameters
    ----------
    text
        The article.
    """

    def __init__(self, text: str) -> None:
        self._negations = Negations(text)
        self._sets = _word_sets()

    def of(self, trigger: Token, *, tried: bool = False, denied: bool = False) -> Mood:
        """Tell the mood of a trigger.

        Parameters
        ----------
        trigger
            The trigger.
        tried
            Whether the attempt itself is the event, as an assault is that was
            repelled.
        denied
            Whether a verb of speech denies it.
        """
        if not denied and self.is_unsaid(trigger):
            return "possible"
        if denied or self._negations.hold(trigger, tried=tried):
            return "not"
        if self._is_possible(trigger):
            return "possible"
        return "planned" if self._is_planned(trigger) else "real"

    def is_unsaid(self, trigger: Token) -> bool:
        """Tell whether somebody only did not say it: "did not confirm that", "no confirmation that".

        Who does not say that something is so leaves it open (FactBank's "uncommitted").

        Parameters
        ----------
        trigger
            The trigger.
        """
        verbs, nouns = self._sets["verbs stating"], self._sets["nouns claim"]
        chain = ancestors_of(trigger)
        for below, above in itertools.pairwise(chain):
            if below.dep_ not in {"ccomp", "acl", "relcl"} or below.i < above.i:
                continue
            no = any(c.dep_ in {"neg", "det"} and c.lower_ in _NOT for c in above.children)
            clause = any(c.dep_ == "mark" for c in below.children)
            verb = above.pos_ == "VERB" and above.lemma_.lower() in verbs
            noun = above.pos_ == "NOUN" and above.lemma_.lower() in nouns
            if no and clause and (verb or noun):
                return True
        return False

    def _is_possible(self, trigger: Token) -> bool:
        modals = self._sets["modals possible"]
        words = self._sets["words possible"]
        verbs = self._sets["verbs possible"] | self._sets["verbs appeal"]
        awaited = self._sets["words awaited"]
        if any(c.dep_ == "amod" and c.lower_ in awaited for c in trigger.children):
            return True
        for token in self._negations.scope(trigger):
            if token.lemma_.lower() in self._sets["verbs perceive"]:
                continue
            if _is_almost(token):
                return True
            free = token.i != trigger.i and self._says_can_leave(token)
            auxiliaries = {c.lower_ for c in token.children if c.dep_ == "aux"} & modals
            if auxiliaries and not free and not self._is_reported_future(token, auxiliaries):
                return True
            if any(
                c.lower_ in words
                for c in token.children
                if c.dep_ in {"amod", "acomp", "advmod", "mark"}
            ):
                return True
            wanted = token.lemma_.lower() in verbs and not _is_no_appeal(token)
            if token.i != trigger.i and (wanted or token.lower_ in words):
                return True
        above = itertools.takewhile(
            lambda a: not is_participle(a) and a.dep_ != "relcl", ancestors_of(trigger)[:3]
        )
        heads = [a.head for a in above if a.head != a]
        appeals = [a for a in heads if a.lemma_.lower() in verbs and not _is_no_appeal(a)]
        return any(not _is_cut_off(trigger, a) for a in appeals) or _is_asked(trigger)

    def _is_announced(self, trigger: Token) -> bool:
        """Tell whether a noun is announced or ordered: "announced the withdrawal", not yet done."""
        return (
            trigger.pos_ in {"NOUN", "PROPN"}
            and trigger.dep_ in {"dobj", "nsubjpass", "npadvmod"}
            and trigger.head.lemma_.lower() in self._sets["verbs announced"]
        )

    def _is_reported_future(self, verb: Token, auxiliaries: set[str]) -> bool:
        """Tell whether "would" is the future of reported speech: "announced that X would leave"."""
        spoken = self._sets["verbs spoken"]
        return auxiliaries == {"would"} and any(
            a.lemma_.lower() in spoken for a in ancestors_of(verb)[1:3]
        )

    def _says_can_leave(self, verb: Token) -> bool:
        """Tell whether "can" means "are free to": civilians can leave through a corridor."""
        return verb.lemma_ in self._sets["verbs passing"] and any(
            c.lower_ == "can" for c in verb.children
        )

    def _is_planned(self, trigger: Token) -> bool:
        planned = self._sets["modals planned"]
        words = self._sets["words planned"]
        verbs = self._sets["verbs plan"]
        scope = self._negations.scope(trigger)
        if self._is_announced(trigger) or trigger.lower_ in {"expected", "scheduled", "planned"}:
            return True
        for token in scope:
            helpers = {c.lower_ for c in token.children if c.dep_ in {"aux", "auxpass"}}
            if helpers & planned or self._is_reported_future(token, helpers & {"would"}):
                return True
            if _is_due(token) or _is_to_be(token) or any(_is_to_be(c) for c in token.children):
                return True
            if any(c.lower_ in words for c in token.children if c.dep_ in {"amod", "acomp"}):
                return True
            if token.i != trigger.i and token.lower_ in words:
                return True
            if token.i != trigger.i and token.lemma_.lower() in verbs and token.pos_ == "VERB":
                return True
        return any(
            a.lemma_.lower() in verbs and below.dep_ == "xcomp"
            for below, a in zip(ancestors_of(trigger), ancestors_of(trigger)[1:], strict=False)
        )


@lru_cache(maxsize=1)
def _word_sets() -> Mapping[str, frozenset[str]]:
    """Give the lists of the lexicon as sets, under "modals possible" and the like."""
    lexicon = rules("claims")
    return {
        f"{table} {name}": frozenset(words)
        for table in ("modals", "words", "verbs", "nouns")
        for name, words in lexicon[table].items()
    }


def _is_to_be(token: Token) -> bool:
    """Tell whether it is "is to open", "are to be taken"."""
    return (
        token.dep_ in {"xcomp", "ROOT", "conj", "ccomp"}
        and any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)
        and token.head.lemma_ == "be"
    )


def _is_cut_off(one: Token, other: Token) -> bool:
    """Tell whether a semicolon stands between two words, whatever the parse makes of them."""
    first, last = sorted((one.i, other.i))
    return any(t.text == ";" for t in one.doc[first:last])


def _is_no_appeal(verb: Token) -> bool:
    """Tell whether a verb of demand demands nothing: "called it a retreat", "wants to withdraw"."""
    if verb.lemma_ == "want":
        return any(
            c.dep_ == "xcomp" and not any(g.dep_ == "nsubj" for g in c.children)
            for c in verb.children
        )
    return verb.lemma_ == "call" and not any(
        c.lower_ in {"for", "on", "upon"} for c in verb.children
    )


def _is_almost(verb: Token) -> bool:
    """Tell whether it has all but happened: "has all but encircled"."""
    if verb.pos_ != "VERB":
        return False
    before = verb.doc[max(verb.sent.start, verb.i - 2) : verb.i]
    return [t.lower_ for t in before] == ["all", "but"]


def _is_asked(trigger: Token) -> bool:
    """Tell whether the sentence asks whether it happens: "Will a safe exit be offered?"."""
    sentence = trigger.sent
    last = next((t for t in reversed(sentence) if not t.is_space), None)
    if last is None or last.text != "?":
        return False
    first = next((t for t in sentence if not t.is_space and not t.is_punct), None)
    return first is not None and first.pos_ == "AUX"


def _is_due(verb: Token) -> bool:
    """Tell whether "is to" stands before a verb, or "to" with a subject of its own, however parsed."""
    if verb.pos_ not in {"VERB", "AUX"}:
        return False
    place = verb.i - 1
    while place > verb.sent.start and verb.doc[place].lower_ in _BETWEEN:
        place -= 1
    if place <= verb.sent.start or verb.doc[place].lower_ != "to":
        return False
    return verb.doc[place - 1].lower_ in _WOULD_BE or (
        verb.dep_ == "ROOT" and any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children)
    )
