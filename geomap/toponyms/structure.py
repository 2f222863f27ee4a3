"""What the words around a toponym say of it: lists, brackets, "X, Y", "X area in Y"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Span

__all__ = ["containers_of", "lookup_of", "settlement_noun"]

# Between a name and the one that contains it: "X (Y", "X, Y", "X in the Y", "X district of Y".
_OPEN_BRACKET = re.compile(r"^ ?\((?:in |the |now |of )*$")
_COMMA = re.compile(r"^, (?:in |the |in the )?$")
_IN = re.compile(
    r"^(?:,| area| areas| district| neighbou?rhood| suburb| hill| street| square| airport| village"
    r"| town| city| settlement| community| hromada| raion)?,? (?:in|of|outside|near|inside) (?:the )?"
    r"(?:city of |town of |southern |northern |eastern |western |central |\w+ of |\w+-\w+ of )?$"
)
# Between the members of a list whose last one carries the region noun.
_LIST = re.compile(r"^(?:, (?:and )?| and | & |, as well as )(?:the )?$")
_REPUBLICS = re.compile(r"^ (People[’'ʼ]s Republics?)\b")
_SETTLEMENT_BEFORE = re.compile(
    r"\b(?:city|town|village|settlement|hamlet|port)(?: of)?\s$", re.IGNORECASE
)
_BEFORE_CHARACTERS = 24


def settlement_noun(span: Span) -> bool:
    """Tell whether the words before say that it is a settlement ("the city of X").

    Parameters
    ----------
    span
        The toponym.
    """
    before = span.doc.text[max(0, span.start_char - _BEFORE_CHARACTERS) : span.start_char]
    return _SETTLEMENT_BEFORE.search(before) is not None


def lookup_of(span: Span, spans: Sequence[Span]) -> str:
    """Give what to look up for a toponym, with the region noun its list carries at the end.

    Parameters
    ----------
    span
        The toponym.
    spans
        All toponyms of the text in order.

    Returns
    -------
    str
        "Donetsk region" for the first name of "Donetsk and Luhansk regions";
        the text itself otherwise.
    """
    plurals = rules("toponyms")["context"]["plural_regions"]
    text = span.doc.text
    position = spans.index(span)
    last = span
    for following in spans[position + 1 :]:
        if not _LIST.match(text[last.end_char : following.start_char]):
            break
        last = following
    republics = _REPUBLICS.match(text[last.end_char :])
    if republics and last is not span:
        return f"{span.text} {republics.group(1).removesuffix('s')}"
    if last is span:
        before = _REPUBLICS.match(text[span.end_char :])
        return f"{span.text} {before.group(1).removesuffix('s')}" if before else span.text
    noun = last[-1].lower_ if len(last) > 1 else ""
    if noun not in plurals and last.end < len(span.doc):
        noun = span.doc[last.end].lower_
    if noun in plurals and not span.text.lower().endswith(noun):
        return f"{span.text} {_singular(noun)}"
    return span.text


def _singular(noun: str) -> str:
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


def containers_of(span: Span, spans: Sequence[Span]) -> tuple[str, ...]:
    """Give the names that the text puts around this one.

    Parameters
    ----------
    span
        The toponym.
    spans
        All toponyms of the text in order.

    Returns
    -------
    tuple of str
        E.g. ``("Zhytomyr region",)`` for Korosten in "Korosten (Zhytomyr
        region, north of Kiev)"; empty when the text says nothing.
    """
    text = span.doc.text
    position = spans.index(span)
    found = []
    for following in spans[position + 1 : position + 3]:
        between = text[span.end_char : following.start_char]
        if (
            _OPEN_BRACKET.match(between)
            or _IN.match(between)
            or (_COMMA.match(between) and not _is_list(following, spans))
        ):
            found.append(following.text)
        if not _COMMA.match(between):
            break
    if not found and position:
        # "in the Kyiv region, Borodianka and …" is rare; "Kyiv's Lysa Hora" is not.
        before = spans[position - 1]
        if text[before.end_char : span.start_char] in {"’s ", "'s "}:
            found.append(before.text)
    return tuple(found)


def _is_list(span: Span, spans: Sequence[Span]) -> bool:
    """Tell whether a name after a comma goes on to "and Z": then it is a list, not a container."""
    text = span.doc.text
    position = spans.index(span)
    for following in spans[position + 1 : position + 2]:
        return _LIST.match(text[span.end_char : following.start_char]) is not None
    return False
