"""The date of an event: what the rules give, or what the model puts before it."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.events.date_choices import DateChoice
    from geomap.weights.wide import Wide


def chosen_date(choices: Sequence[DateChoice], model: Wide, least: float) -> int:
    weigh = _weights_of(model).get
    scores = [sum(weigh(sign, 0.0) for sign in dict.fromkeys(c.signs)) for c in choices]
    greatest = max(scores)
    powers = [math.exp(score - greatest) for score in scores]
    by_rule = next(place for place, choice in enumerate(choices) if choice.by_rule)
    if least > 0 and powers[by_rule] >= least * sum(powers):
        return by_rule
    return powers.index(max(powers))


@lru_cache(maxsize=8)
def _weights_of(model: Wide) -> Mapping[str, float]:
    return dict(zip(model.rows, model.table[:, 0].tolist(), strict=True))
