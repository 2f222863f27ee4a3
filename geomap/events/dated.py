"""The date of an event: what the rules give, unless the model prefers another of the text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geomap.events.date_choices import DateChoices
from geomap.events.dating import date_for
from geomap.events.tenses import tense_at
from geomap.weights.wide import load_wide

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from geomap.events.date_choices import DateChoice
    from geomap.events.dates import DateMention
    from geomap.records import DateRange
    from geomap.weights.wide import Wide

__all__ = ["EventDates", "chosen_date", "ruled_date"]


# A date that hangs on the trigger's own verb is right for 93 of 100: the model knows no better, nor
# where there is no verb.
# A newspaper tells of the day before; the model learnt from dispatches, which tell of their own.
SURE = frozenset({"inside same", "inside on it", "inside no verb", "paper"})
# The rules stand unless the model gives them less. Across folds of the gold lower ones gain less
# (.1 nothing, .3 half as much), 0 one in eight hundred more; on the passages of the tests, which
# are plainer than the gold, each step down loses one in a hundred.
LEAST_CHANCE_OF_RULES = 0.4


class EventDates:
    """The dates of the triggers of one text, which are asked for in its order.

    Parameters
    ----------
    doc
        A parsed text.
    text
        Its text.
    mentions
        Its expressions of time, from :func:`geomap.events.dates.find_dates`.
    anchor
        The day that it hangs on; ``None`` when it is not known: then rules decide alone.
    """

    def __init__(
        self, doc: Doc, text: str, mentions: Sequence[DateMention], anchor: dt.date | None
    ) -> None:
        self._text, self._mentions, self._anchor = text, mentions, anchor
        self._choices = DateChoices(doc, text, mentions, anchor)

    def of(self, trigger: Token, span: tuple[int, int], kind: str) -> DateRange | None:
        """Give the date of an event.

        Parameters
        ----------
        trigger
            Its trigger.
        span
            The characters whose nearest date counts, half-open: the trigger, or the member
            of a list that the event belongs to.
        kind
            Name of its type.

        Returns
        -------
        DateRange or None
            ``None`` without an anchor where the text names no day.
        """
        ruled = ruled_date(trigger, span, self._mentions, text=self._text, anchor=self._anchor)
        if self._anchor is None:
            return ruled
        choices = self._choices.of(trigger, span, kind, ruled, sure=SURE)
        found = choices[chosen_date(choices, load_wide("dates"))].range
        self._choices.decide(trigger, kind, found)
        return found


def ruled_date(
    trigger: Token,
    span: tuple[int, int],
    mentions: Sequence[DateMention],
    *,
    text: str,
    anchor: dt.date | None,
) -> DateRange | None:
    """Give the date of an event by the rules alone.

    Parameters
    ----------
    trigger, span
        As for :meth:`EventDates.of`.
    mentions, text, anchor
        The expressions of time of the text, the text, the day it hangs on.

    Returns
    -------
    DateRange or None
        What :func:`geomap.events.dating.date_for` gives.
    """
    sentence = trigger.sent
    return date_for(
        *span, (sentence.start_char, sentence.end_char), mentions, text=text, anchor=anchor,
        tense=tense_at(trigger),
    )  # fmt: skip


def chosen_date(choices: Sequence[DateChoice], model: Wide) -> int:
    """Give the place of the date to believe.

    Parameters
    ----------
    choices
        What :meth:`DateChoices.of` gave.
    model
        Its one class is how likely a candidate is beside the others.
    """
    if choices[0].way in SURE:
        return 0
    weights = model.weights
    known = weights.keys()
    scores = [math.fsum(map(weights.__getitem__, known & c.signs)) for c in choices]
    greatest = max(scores)
    powers = [math.exp(score - greatest) for score in scores]
    if powers[0] >= LEAST_CHANCE_OF_RULES * math.fsum(powers):
        return 0
    return scores.index(greatest)
