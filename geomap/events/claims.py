"""Who says so, and how sure it is: factuality and attribution of a trigger.

Rules find the speaker (:mod:`geomap.events.speech`) and the mood (:mod:`geomap.events.moods`);
where a model that learnt from marked dispatches (``benchmarks/fit_claims.py``) holds their answer
for unlikely, its own stands. Both together make the factuality of the data contract.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from geomap.events.claimants import Claimants, decided
from geomap.events.mood_signs import mood_signs
from geomap.events.moods import MoodRules
from geomap.events.quotes import is_quoted
from geomap.events.speech import SpeechFinder
from geomap.weights.wide import load_wide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from spacy.tokens import Doc, Token

    from geomap.events.claimants import Claimant
    from geomap.events.moods import Mood
    from geomap.events.speech import Spoken
    from geomap.events.taxonomy import EventType
    from geomap.records import Attribution, Factuality
    from geomap.weights.wide import Wide

__all__ = ["ClaimReader", "chosen", "factuality_of", "mood_by"]

# A rule's answer that the model gives less is given up for the model's. Right across folds
# (benchmarks/fit_claims.py), marks and gold: speakers .787 and .865 with .15, .797, .875 with .3,
# .798 and .873 with .4, .796 and .873 with .5; moods .907 and .919 with .3, .909 and .923 with .4,
# .909 and .922 with .5.
LEAST_CHANCE_OF_SPEAKER = 0.4
LEAST_CHANCE_OF_MOOD = 0.4


class ClaimReader:
    """Read the claims of one text, trigger by trigger in its order.

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
        self._moods = MoodRules(self._speech.text)
        self._claimants = Claimants(self._speech)

    def read(self, trigger: Token, kind: EventType) -> tuple[Factuality, Attribution | None]:
        """Decide how sure an event is and who says so.

        Parameters
        ----------
        trigger
            The trigger.
        kind
            Its event type.

        Returns
        -------
        tuple of (factuality, attribution)
            ``("asserted", None)`` when the article itself says it.
        """
        spoken = self._speech.attribution_of(trigger)
        said = self._speaker(trigger, spoken, kind.name)
        mood = self._mood(trigger, spoken, kind)
        quoted = is_quoted(trigger.idx, self._quotes)
        return factuality_of(mood, said, quoted=quoted), said

    def _speaker(self, trigger: Token, spoken: Spoken, kind: str) -> Attribution | None:
        said = spoken.by
        if spoken.way in WEIGHED:
            claimants = self._claimants.of(trigger, spoken, kind)
            said = claimants[chosen(claimants, load_wide("speakers"))].said
        self._claimants.decide(trigger, said)
        return said

    def _mood(self, trigger: Token, spoken: Spoken, kind: EventType) -> Mood:
        ruled = self._moods.of(trigger, tried=kind.tried, denied=spoken.denied)
        if ruled == "possible" and self._moods.is_unsaid(trigger):
            # Too rare for the model to have learnt it.
            return ruled
        signs = mood_signs(trigger, kind=kind.name, ruled=ruled, spoken=spoken)
        return mood_by(signs, ruled, load_wide("moods"))


# How the rules found a speaker, or none, where the model may know better: elsewhere it changes one
# answer in five hundred (benchmarks/fit_claims.py --folds), at half the cost of all claims.
WEIGHED = frozenset({"none", "quoted", "above"})


def chosen(claimants: Sequence[Claimant], model: Wide) -> int:
    """Give the place of the candidate to believe.

    Parameters
    ----------
    claimants
        What :meth:`Claimants.of` gave.
    model
        Its one class is how likely a candidate is beside the others.
    """
    weigh, nothing = model.weights.get, itertools.repeat(0.0)
    scores = [sum(map(weigh, dict.fromkeys(c.signs), nothing)) for c in claimants]
    greatest = max(scores)
    powers = [math.exp(score - greatest) for score in scores]
    total = sum(powers)
    chances = [power / total for power in powers]
    by_rule = next(place for place, claimant in enumerate(claimants) if claimant.by_rule)
    return by_rule if chances[by_rule] >= LEAST_CHANCE_OF_SPEAKER else decided(chances)


def mood_by(signs: Sequence[str], ruled: Mood, model: Wide) -> Mood:
    """Give the mood to believe.

    Parameters
    ----------
    signs
        What :func:`geomap.events.mood_signs.mood_signs` gave.
    ruled
        The mood by the rules.
    model
        Its classes are moods.
    """
    weighs, scores = _rows_of(model), model.intercepts.tolist()
    held = [row for row in map(weighs.get, dict.fromkeys(signs)) if row is not None]
    scores = [sum(column) for column in zip(scores, *held, strict=True)]
    powers = [math.exp(score - max(scores)) for score in scores]
    if powers[model.classes.index(ruled)] >= LEAST_CHANCE_OF_MOOD * sum(powers):
        return ruled
    return cast("Mood", model.classes[powers.index(max(powers))])


@lru_cache(maxsize=8)
def _rows_of(model: Wide) -> Mapping[str, tuple[float, ...]]:
    """Give sign to weights, one a class: for one sample faster than a table."""
    # Tuples of numbers, unlike lists, are nothing that Python's search for garbage goes through.
    return dict(zip(model.rows, map(tuple, model.table.tolist()), strict=True))


def factuality_of(mood: Mood, said: Attribution | None, *, quoted: bool) -> Factuality:
    """Name how sure an event is.

    Parameters
    ----------
    mood
        Whether it is so, not so, due or possible.
    said
        Who says so.
    quoted
        Whether it stands in direct speech, whoever speaks.

    Examples
    --------
    >>> factuality_of("not", None, quoted=False), factuality_of("real", None, quoted=True)
    ('negated', 'claimed')
    """
    if mood == "not":
        return "negated" if said is None else "denied"
    if mood == "real":
        return "claimed" if said is not None or quoted else "asserted"
    return mood
