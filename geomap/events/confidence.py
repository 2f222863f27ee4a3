"""How likely an event is right: a fitted table, and the reason in words.

``benchmarks/fit_confidence.py`` fits the weights on the development dispatches:
the share of events of that kind whose type and place the gold confirms.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.events.bundles import Bundle
    from geomap.records import Toponym

__all__ = ["confidence_features", "confidence_of", "reason_of"]

_CARRIED_WORDS = {
    "pointer": "the place is the last one that fits the words pointing back",
    "paragraph": "the place is carried over from the sentences around",
    "article": "the place is the one that the article is about",
    "route": "the route is that of the sentence behind",
}


def confidence_features(bundle: Bundle, toponyms: Mapping[int, Toponym]) -> dict[str, float]:
    """Give what the confidence of an event hangs on.

    Parameters
    ----------
    bundle
        Its mentions.
    toponyms
        The toponyms of the article by id.

    Returns
    -------
    dict
        Name to value; what is not named is 0.
    """
    placed = bundle.placed
    places = [toponyms[a.toponym] for a in placed.places]
    features = {"bias": 1.0, f"type={placed.type}": 1.0, "mentions": math.log(bundle.size)}
    if not places:
        return features | {"no place": 1.0}
    if all(t.place is None for t in places):
        features["unknown place"] = 1.0
    features["tied"] = placed.tied
    features["place"] = min(t.confidence for t in places)
    if placed.carried is not None:
        features[f"carried={placed.carried}"] = 1.0
    return features


def confidence_of(bundle: Bundle, toponyms: Mapping[int, Toponym]) -> float:
    """Give the share of right ones among events like this, 0..1.

    Parameters
    ----------
    bundle, toponyms
        As for :func:`confidence_features`.
    """
    weights = rules("confidence")["weights"]
    score = sum(
        weights.get(name, 0.0) * value
        for name, value in confidence_features(bundle, toponyms).items()
    )
    return round(1.0 / (1.0 + math.exp(-score)), 3)


def reason_of(bundle: Bundle, toponyms: Mapping[int, Toponym], *, has_shape: bool) -> str:
    """Say in a sentence why this is an event, and why there.

    Parameters
    ----------
    bundle, toponyms
        As for :func:`confidence_features`.
    has_shape
        Whether it can be drawn.
    """
    mention, placed = bundle.first, bundle.placed
    parts = [f"“{mention.trigger.text}” says {mention.type.replace('_', ' ')}"]
    if not placed.places:
        parts.append("the text gives it no place")
    else:
        names = ", ".join(f"{a.role} “{toponyms[a.toponym].text}”" for a in placed.places)
        parts.append(f"places: {names}")
        if not has_shape and all(toponyms[a.toponym].place is None for a in placed.places):
            parts.append("none of them is known to the gazetteer")
        elif not has_shape:
            parts.append("a whole country is no place to draw it at")
        if placed.carried is not None:
            parts.append(_CARRIED_WORDS[placed.carried])
        elif placed is not mention:
            parts.append(f"the place is that of “{placed.trigger.text}” elsewhere in the article")
    if bundle.size > 1:
        parts.append(f"{bundle.size} mentions in the article")
    return "; ".join(parts)
