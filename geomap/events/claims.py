"""Who says so, and how sure it is: factuality and attribution of a trigger.

The scale is that of the data contract; the mechanism (governing predicates,
polarity and modality over the parse) follows FactBank (Saurí & Pustejovsky
2009). Words live in ``lexicons/claims.toml``.
"""

from __future__ import annotations

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
        odd = False
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
                if failed and trigger.i != token.i:
                    odd = not odd
                if below and lemma in verbs["implicative"]:
                    below = []
            if below:
                odd = not odd
            if self._has_empty_subject(token, trigger, negations):
                odd = not odd
        before = trigger.doc[max(trigger.sent.start, trigger.i - 3) : trigger.i]
        if not odd and any(t.lower_ == "without" for t in before):
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
        line = self._text.rfind("\n", 0, trigger.idx) + 1
        opening = self._text[line : trigger.idx].lower().split(":")[0]
        return len(opening) < _LONGEST_LABEL and any(word in opening.split() for word in false)

    def _fell_through(self, trigger: Token) -> bool:
        """Tell whether the verb of a noun trigger says that it came to nothing."""
        if trigger.pos_ == "VERB" or trigger.dep_ not in {"nsubj", "nsubjpass", "compound"}:
            return False
        verb = trigger.head
        particle = any(c.lower_ in {"through", "apart"} for c in verb.children)
        return verb.lemma_ in {"fail", "collapse", "thwart", "cancel", "postpone"} or (
            verb.lemma_ == "fall" and particle
        )

    def _is_possible(self, trigger: Token) -> bool:
        modals = self._lexicon["modals"]["possible"]
        words = self._lexicon["words"]["possible"]
        verbs = {*self._lexicon["verbs"]["possible"], *self._lexicon["verbs"]["appeal"]}
        for token in self._scope(trigger):
            if token.lemma_.lower() in self._lexicon["verbs"]["perceive"]:
                continue
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
            if token.i != trigger.i and (token.lemma_.lower() in verbs or token.lower_ in words):
                return True
        return any(a.lemma_.lower() in verbs for a in ancestors_of(trigger)[1:4])

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
        if self._is_announced(trigger):
            return True
        for token in scope:
            helpers = {c.lower_ for c in token.children if c.dep_ in {"aux", "auxpass"}}
            if helpers & set(planned) or self._is_reported_future(token, helpers & {"would"}):
                return True
            if _is_to_be(token) or any(_is_to_be(c) for c in token.children):
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
