"""A mention: a name in a text that may be a toponym, before it has a place."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Mention"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name found in a text, and what the words around it say of its place.

    Parameters
    ----------
    start, end
        Half-open character offsets.
    text
        ``article.text[start:end]``.
    lookup
        What to look up: the text itself, or with a word from elsewhere
        ("Donetsk" in "Donetsk and Luhansk regions" is looked up as "Donetsk region").
    evidence
        Probability that the name is a toponym at all, 0..1.
    settlement
        Whether a word says that it is a settlement ("the city of X").
    within
        Texts of mentions that contain this one ("X (Y region)", "X, Y", "X area in Y"),
        the strongest first.
    """

    start: int
    end: int
    text: str
    lookup: str
    evidence: float
    settlement: bool = False
    within: tuple[str, ...] = field(default=())
