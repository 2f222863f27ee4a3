"""Who says so, and how sure it is: factuality and attribution of a trigger.

The scale is that of the data contract; the mechanism (governing predicates,
polarity and modality over the parse) follows FactBank (Saurí & Pustejovsky
2009). Words live in ``lexicons/claims.toml``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from geomap.events.quotes import is_quoted
from geomap.events.relations import ancestors_of
from geomap.events.speech import SpeechFinder
from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from geomap.records import Attribution, Factuality

__all__ = ["ClaimReader"]

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


class ClaimReader:
    """Read the claims of one text.

    Parameters
    ----------
    doc
        A parsed text.
    quotes
        Its direct speech, from :func:`geomap.events.quotes.quoted_ranges`.
    """

    def __init__(self, doc: Doc, quotes: Sequence[tuple[int, int]]) -> None:
        self._quotes = quotes
        self._speech = SpeechFinder(doc, quotes)
        self._text = self._speech.text
        self._lexicon = rules("claims")
        self._claims = frozenset(self._lexicon["nouns"]["claim"])
        self._off = frozenset(self._lexicon["verbs"]["off"])

    def read(self, trigger: Token, *, tried: bool = False) -> tuple[Factuality, Attribution | None]:
        """Decide how sure an event is and who says so.

        Parameters
        ----------
        trigger
            The trigger.
        tried
            Whether the attempt itself is the event, as an assault is that was
            repelled.

        Returns
        -------
        tuple of (factuality, attribution)
            ``("asserted", None)`` when the article itself says it.
        """
        attribution, denied_by = self._speech.attribution_of(trigger)
        if denied_by:
            return "denied", attribution
        if self._is_called_false(trigger):
            return ("denied" if attribution is not None else "negated"), attribution
        negated = self._is_negated(trigger, tried=tried)
        if negated:
            return ("denied" if attribution is not None else "negated"), attribution
        if self._is_possible(trigger):
            return "possible", attribution
        if self._is_planned(trigger):
            return "planned", attribution
        if attribution is not None or is_quoted(trigger.idx, self._quotes):
            return "claimed", attribution
        return "asserted", None

    def _scope(self, trigger: Token) -> list[Token]:
        """Give the trigger and the verbs that only carry it, up to its clause."""
        scope = [trigger]
        light = self._lexicon["verbs"]["light"]
        token = trigger
        while token.head != token and token.dep_ in _GOVERNING:
            if token.dep_ in {"relcl", "advcl", "ccomp", "appos"} and token.pos_ in {"VERB", "AUX"}:
                break
            if token.dep_ == "conj" and token.pos_ in {"VERB", "AUX"}:
                break
            if _is_participle(token) or token.lemma_.lower() in self._claims:
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
        verbs = self._lexicon["verbs"]
        negations = set(self._lexicon["words"]["negated"])
        odd = trigger.pos_ == "VERB" and _phrase(trigger) in self._off
        for token in self._scope(trigger):
            below = [
                c
                for c in token.children
                if c.dep_ in {"neg", "det", "preconj", "advmod"} and c.lower_ in negations
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
                failed = failed or (called_off and _phrase(token) in self._off)
                if failed and trigger.i != token.i:
                    odd = not odd
                if below and lemma in verbs["implicative"]:
                    below = []
            if below:
                odd = not odd
            if self._has_empty_subject(token, trigger, negations) or _is_ruled_out(token):
                odd = not odd
        if not odd and (_is_yet_to(trigger) or _is_none(trigger)):
            odd = True
        before = [t.lower_ for t in trigger.doc[max(trigger.sent.start, trigger.i - 3) : trigger.i]]
        if not odd and "without" in before and "," not in before[before.index("without") :]:
            odd = True
        return odd or (not tried and self._fell_through(trigger))

    def _has_empty_subject(self, token: Token, trigger: Token, negations: set[str]) -> bool:
        """Tell whether the subject is nobody, or no one of many: "not one village has been taken"."""
        for subject in token.children:
            if subject.dep_ in {"nsubj", "nsubjpass"} and trigger not in subject.subtree:
                first = subject.left_edge
                if subject.lower_ in negations or first.lower_ in negations:
                    return True
        return False

    def _is_called_false(self, trigger: Token) -> bool:
        """Tell whether it is a rumour called false: "reports of a storming are untrue", "FAKE: …"."""
        false = set(self._lexicon["words"]["false"])
        for noun in ancestors_of(trigger):
            verb = noun.head
            subject = noun.dep_ in {"nsubj", "nsubjpass"} and verb.lemma_ == "be"
            if subject and any(c.lower_ in false for c in verb.children):
                return True
            named = noun.dep_ in {"dobj", "nsubj"} and verb.lemma_ in {
                "call",
                "brand",
                "label",
                "dub",
            }
            if named and any(t.lower_ in false for t in verb.subtree):
                return True
        line = self._text.rfind("\n", 0, trigger.idx) + 1
        opening = self._text[line : trigger.idx].lower().split(":")[0]
        return len(opening) < _LONGEST_LABEL and any(word in opening.split() for word in false)

    def _fell_through(self, trigger: Token) -> bool:
        """Tell whether the verb of a noun trigger says that it came to nothing."""
        if trigger.pos_ == "VERB" or trigger.dep_ not in {"nsubj", "nsubjpass", "compound"}:
            return False
        verb = trigger.head
        particle = any(c.lower_ in {"through", "apart"} for c in verb.children)
        turned_down = trigger.dep_ == "nsubjpass" and verb.lemma_ in {
            "reject", "refuse", "rebuff", "veto", "shelve", "scrap", "abort", "foil", "avert",
            "turn", "prevent",
        }  # fmt: skip
        if turned_down and (
            verb.lemma_ != "turn" or any(c.lower_ in {"down", "back"} for c in verb.children)
        ):
            return True
        if _phrase(verb) in self._off:
            return True
        return verb.lemma_ in {"fail", "collapse", "thwart", "cancel", "postpone"} or (
            verb.lemma_ == "fall" and particle
        )

    def _is_possible(self, trigger: Token) -> bool:
        modals = self._lexicon["modals"]["possible"]
        words = self._lexicon["words"]["possible"]
        verbs = {*self._lexicon["verbs"]["possible"], *self._lexicon["verbs"]["appeal"]}
        awaited = self._lexicon["words"]["awaited"]
        if any(c.dep_ == "amod" and c.lower_ in awaited for c in trigger.children):
            return True
        for token in self._scope(trigger):
            if token.lemma_.lower() in self._lexicon["verbs"]["perceive"]:
                continue
            if _is_almost(token):
                return True
            free = token.i != trigger.i and self._says_can_leave(token)
            auxiliaries = {c.lower_ for c in token.children if c.dep_ == "aux"} & set(modals)
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
            lambda a: not _is_participle(a) and a.dep_ != "relcl", ancestors_of(trigger)[:3]
        )
        heads = [a.head for a in above if a.head != a]
        appeals = [a for a in heads if a.lemma_.lower() in verbs and not _is_no_appeal(a)]
        return any(not _is_cut_off(trigger, a) for a in appeals) or _is_asked(trigger)

    def _is_announced(self, trigger: Token) -> bool:
        """Tell whether a noun is announced or ordered: "announced the withdrawal", not yet done."""
        return (
            trigger.pos_ in {"NOUN", "PROPN"}
            and trigger.dep_ in {"dobj", "nsubjpass", "npadvmod"}
            and trigger.head.lemma_.lower() in self._lexicon["verbs"]["announced"]
        )

    def _is_reported_future(self, verb: Token, auxiliaries: set[str]) -> bool:
        """Tell whether "would" is the future of reported speech: "announced that X would leave"."""
        spoken = self._lexicon["verbs"]["spoken"]
        return auxiliaries == {"would"} and any(
            a.lemma_.lower() in spoken for a in ancestors_of(verb)[1:3]
        )

    def _says_can_leave(self, verb: Token) -> bool:
        """Tell whether "can" means "are free to": civilians can leave through a corridor."""
        return verb.lemma_ in {
            "leave",
            "exit",
            "evacuate",
            "use",
            "pass",
            "travel",
            "go",
            "move",
        } and any(c.lower_ == "can" for c in verb.children)

    def _is_planned(self, trigger: Token) -> bool:
        planned = self._lexicon["modals"]["planned"]
        words = self._lexicon["words"]["planned"]
        verbs = self._lexicon["verbs"]["plan"]
        scope = self._scope(trigger)
        if self._is_announced(trigger) or trigger.lower_ in {"expected", "scheduled", "planned"}:
            return True
        for token in scope:
            helpers = {c.lower_ for c in token.children if c.dep_ in {"aux", "auxpass"}}
            if helpers & set(planned) or self._is_reported_future(token, helpers & {"would"}):
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


def _is_to_be(token: Token) -> bool:
    """Tell whether it is "is to open", "are to be taken"."""
    return (
        token.dep_ in {"xcomp", "ROOT", "conj", "ccomp"}
        and any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)
        and token.head.lemma_ == "be"
    )


_NOUGHT = frozenset({"nothing", "none", "neither"})
_WOULD_BE = frozenset({"is", "are", "was", "were", "’s", "'s", "’re", "'re"})
# What may stand between "is to" and the verb.
_BETWEEN = frozenset({"be", "been", "also", "then", "now", "first", "soon", "again"})


def _is_cut_off(one: Token, other: Token) -> bool:
    """Tell whether a semicolon stands between two words, whatever the parse makes of them."""
    first, last = sorted((one.i, other.i))
    return any(t.text == ";" for t in one.doc[first:last])


def _phrase(verb: Token) -> str | None:
    """Give a verb with its particle: "call off"; ``None`` where it has none."""
    for child in verb.children:
        if child.i > verb.i and (child.dep_ == "prt" or child.lower_ in _PARTICLES):
            return f"{verb.lemma_} {child.lower_}"
    return None


_OBJECTS = frozenset({"dobj", "nsubjpass", "xcomp", "pcomp"})
_PARTICLES = frozenset({"off", "back", "away", "out", "down"})


def _is_participle(token: Token) -> bool:
    """Tell whether it describes a noun: "the fighters, cut off since May", whatever these do."""
    return token.dep_ in {"acl", "relcl"} and token.tag_ == "VBN"


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


def _is_ruled_out(verb: Token) -> bool:
    """Tell whether a verb says that it cannot be: "delivering it has been impossible"."""
    return any(
        c.dep_ in {"acomp", "oprd"} and c.lower_ in {"impossible", "unable"} for c in verb.children
    )


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


def _is_almost(verb: Token) -> bool:
    """Tell whether it has all but happened: "has all but encircled"."""
    before = verb.doc[max(verb.sent.start, verb.i - 2) : verb.i]
    return verb.pos_ == "VERB" and [t.lower_ for t in before] == ["all", "but"]


def _is_asked(trigger: Token) -> bool:
    """Tell whether the sentence asks whether it happens: "Will a safe exit be offered?"."""
    words = [t for t in trigger.sent if not t.is_space and not t.is_punct]
    last = next((t for t in reversed(trigger.sent) if not t.is_space), None)
    return bool(words) and last is not None and last.text == "?" and words[0].pos_ == "AUX"


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
