"""The tense and mood of the clause that a trigger stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["AHEAD", "NOW", "OVER", "helpers_of", "is_over", "tense_at", "verb_above"]

_VERBS = frozenset({"VERB", "AUX"})
_MODALS = frozenset({"will", "would", "may", "might", "can", "could", "shall", "should", "must"})
_FORMS = {"’ll": "will", "'ll": "will", "wo": "will", "ca": "can", "’d": "would", "'d": "would"}
# The first auxiliary decides, and before a participle "has" is another than before a noun.
_BY_HELPER = {
    "had": "pluperfect", "was": "past", "were": "past", "did": "past",
    "is": "present", "are": "present", "am": "present", "do": "present", "does": "present",
    "’re": "present", "'re": "present",
    "has": "perfect", "have": "perfect", "’ve": "perfect", "'ve": "perfect", "’s": "perfect",
    "'s": "perfect",
}  # fmt: skip
_BY_TAG = {
    "VBD": "past", "VBZ": "present", "VBP": "present", "VBG": "ing", "VBN": "bare", "VB": "base",
}  # fmt: skip
# Tenses of what is, has come about or lies ahead, of what may be meant for a day to come, and of
# what is over.
NOW = frozenset({"present", "perfect", *_MODALS}) - {"would", "shall"}
AHEAD = frozenset({"present", "to", *_MODALS})
OVER = frozenset({"past", "pluperfect"})


def verb_above(token: Token) -> Token | None:
    """Give the verb of the clause of a word, the word itself when it is one.

    Parameters
    ----------
    token
        A trigger.

    Returns
    -------
    Token or None
        ``None`` in a sentence without a verb above the word, as in many titles.
    """
    return next((t for t in (token, *token.ancestors) if t.pos_ in _VERBS), None)


def helpers_of(verb: Token) -> list[str]:
    """Give the auxiliaries of a verb, in lower case, the short forms of modals written out.

    Parameters
    ----------
    verb
        A verb.
    """
    return [
        _FORMS.get(child.lower_, child.lower_)
        for child in verb.children
        if child.dep_ in {"aux", "auxpass"}
    ]


def tense_at(token: Token) -> str:
    """Name the tense of the clause of a word.

    Parameters
    ----------
    token
        A trigger.

    Returns
    -------
    str
        A modal ("would"), "to", "perfect", "pluperfect", "past", "present", "ing", "bare"
        for a participle without an auxiliary, "base", or "none" without a verb.
    """
    verb = verb_above(token)
    if verb is None:
        return "none"
    helpers = helpers_of(verb)
    mood = next((helper for helper in helpers if helper in _MODALS or helper == "to"), None)
    if mood is not None:
        return mood
    by_helper = _BY_HELPER.get(helpers[0]) if helpers else None
    if by_helper == "perfect" and verb.tag_ not in {"VBN", "VBD"}:
        # "'s" of "it's burning".
        by_helper = "present"
    return by_helper or _BY_TAG.get(verb.tag_, "none")


def is_over(token: Token) -> bool:
    """Tell whether the clause of a word stands in the past.

    Parameters
    ----------
    token
        A trigger.
    """
    return tense_at(token) in OVER
