"""An event mention: a trigger with what its sentence says, before shape and merging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import (
        Actor,
        Attribution,
        DateRange,
        Factuality,
        PlaceArgument,
        Sentence,
        Trigger,
    )

__all__ = ["PHRASE_CHARACTERS", "EventMention"]

# "Struck a column of tanks and trucks halfway between X and Y": an object fits between.
PHRASE_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """One trigger and its arguments.

    Parameters
    ----------
    type, subtype
        From the taxonomy; ``subtype`` may be ``None``.
    trigger, sentence
        Where it stands.
    places
        Toponyms in their roles, in the order of the text; empty when the text gives none.
    directions
        Compass words of a sector ("south", "south-west"); empty for a full ring.
    ordinal
        "first" of "the first round", which tells two talks apart; ``None`` without one.
    definite
        Whether it points back ("the strike", "this route").
    occurs
        Whether the sentence says that it takes place, not only that it is spoken of.
    carried
        How its places were carried over from another sentence: ``"pointer"``
        ("the city"), ``"paragraph"``, ``"article"``, ``"route"``; ``None`` for its own.
    tied
        0..1: how firmly the parse ties the places to the trigger.
    headline
        Whether it stands in the title, which tells in short what the article tells in full.
    date, actors, factuality, attribution, weapon, counts
        As in :class:`geomap.records.Event`.
    """

    type: str
    subtype: str | None
    trigger: Trigger
    sentence: Sentence
    places: tuple[PlaceArgument, ...]
    directions: tuple[str, ...]
    ordinal: str | None
    definite: bool
    occurs: bool
    carried: str | None
    tied: float
    headline: bool
    date: DateRange | None
    actors: tuple[Actor, ...]
    factuality: Factuality
    attribution: Attribution | None
    weapon: str | None
    counts: Mapping[str, int]
