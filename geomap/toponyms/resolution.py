"""Choose the place of each toponym by all that its article says, or none, and say why.

A first guess takes the prior and explicit containment. Boosted trees then
weigh each candidate in the light of the first guesses for the other names. An
answer that the evidence does not carry is an honest NIL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomap.lexicons import rules
from geomap.toponyms.ranking import (
    containers_of_sense,
    features_of_senses,
    held_by,
    surroundings_of,
)
from geomap.toponyms.senses import distances_km, senses_of
from geomap.weights import load_trees

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.records import Candidate, Place
    from geomap.toponyms.mentions import Mention
    from geomap.toponyms.ranking import Surroundings
    from geomap.toponyms.senses import Sense
    from geomap.weights import Trees

    Array = NDArray[np.float64]
    Held = Sequence[Sequence[Place | None]]

__all__ = ["Resolution", "first_guess", "posteriors_of", "resolve"]

# The first guess, in the unit of the gazetteer's prior (0..1): a name that the
# text puts into a place beats every larger namesake outside.
WITHIN_BONUS = 0.8
OUTSIDE_MALUS = 0.35
# What a candidate outside counts where the text puts a name into a region or country ("Portland,
# Maine"): of 64 such names of the development corpora 63 lie inside, none outside only. Too few
# for the trees to learn it against the prior.
OUTSIDE_SHARE = 0.1
# A town called so by another of its names counts as little beside a town of its country whose own
# name it is, unless that is much smaller: "Sloviansk" is a former name of Nikopol, too.
EQUAL_SHARE = 0.3
# Sharpness of the share that the best candidate takes of the evidence.
SOFTMAX_SCALE = 0.08
# Candidates this close are one spot: two sources' rows of a town.
SAME_SPOT_KM = 20.0
# Distance at which another name of the text is told as a reason.
TOLD_NEAR_KM = 100.0
PINNED_CONFIDENCE = 0.99
BEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The place of a mention, or none, with the reason and the best candidates."""

    place: Place | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...]


def resolve(
    mentions: Sequence[Mention],
    candidates: Mapping[str, tuple[Candidate, ...]],
    *,
    min_confidence: float = 0.0,
) -> tuple[Resolution, ...]:
    """Resolve all mentions of one article together.

    Parameters
    ----------
    mentions
        In the order of the text.
    candidates
        For each :attr:`Mention.lookup` and each text in :attr:`Mention.within`,
        what the gazetteer gives, the best first.
    min_confidence
        A resolution below it becomes NIL.

    Returns
    -------
    tuple of Resolution
        One a mention, in the same order. A correction of the user's ("pinned")
        is taken whatever the text says.
    """
    senses = senses_of(mentions, candidates)
    held = [held_by(sense, containers_of_sense(sense, candidates)) for sense in senses]
    posteriors = [first_guess(s, h) for s, h in zip(senses, held, strict=True)]
    posteriors = posteriors_of(senses, held, posteriors, trees=load_trees("resolver"))
    around = surroundings_of(senses, posteriors)
    found: dict[int, Resolution] = {}
    for number, sense in enumerate(senses):
        decided = _decide(number, sense, posteriors[number], held[number], around)
        for mention in sense.mentions:
            found[mention] = _sure_enough(decided, mentions[mention], min_confidence)
    return tuple(found[number] for number in range(len(mentions)))


def first_guess(sense: Sense, held: Sequence[Place | None]) -> Array:
    """Give the probabilities of a name's candidates by prior and containment alone.

    Parameters
    ----------
    sense
        The name.
    held
        For each candidate the container that holds it.
    """
    if not len(sense):
        return np.zeros(0)
    inside = np.array([box is not None for box in held], dtype=float)
    score = np.array([c.score for c in sense.candidates]) + WITHIN_BONUS * inside
    score -= OUTSIDE_MALUS * (inside.max() - inside)
    share = np.exp((score - score.max()) / SOFTMAX_SCALE)
    guess: Array = share / share.sum()
    return guess


def posteriors_of(
    senses: Sequence[Sense], held: Held, posteriors: Sequence[Array], *, trees: Trees
) -> list[Array]:
    """Weigh the candidates of all names in the light of earlier probabilities.

    Parameters
    ----------
    senses
        The names of the article.
    held
        For each name and candidate the container that holds it.
    posteriors
        The earlier probabilities.
    trees
        The model.

    Returns
    -------
    list of NDArray
        For each name the probabilities of its candidates; their sum is at most
        1, and less where none convinces.
    """
    around = surroundings_of(senses, posteriors)
    features = features_of_senses(senses, held, around)
    if not features:
        return [np.zeros(0) for _ in senses]
    fitted = trees.probabilities(trees.columns(features, sum(map(len, senses))))
    result, used = [], 0
    for sense, boxes in zip(senses, held, strict=True):
        own = fitted[used : used + len(sense)]
        used += len(sense)
        shared = own * _told_shares(boxes) * _named_shares(sense)
        # What a rule takes from one candidate goes to the others.
        whole = min(1.0, float(own.sum()))
        result.append(shared * (whole / max(float(shared.sum()), 1e-9)))
    return result


def _told_shares(held: Sequence[Place | None]) -> Array:
    """Give for each candidate what it counts by the region or country that the text names."""
    inside = [box is not None and _is_area(box) for box in held]
    # Without any, as most names are, all count alike.
    return np.where(inside, 1.0, OUTSIDE_SHARE) if any(inside) else np.ones(len(held))


def _named_shares(sense: Sense) -> Array:
    """Give for each candidate what it counts beside a town whose own name this is."""
    if not any(c.match == "alias" for c in sense.candidates):
        return np.ones(len(sense))
    own = [
        c.place
        for c in sense.candidates
        if c.match in {"exact", "normalised"} and c.place.feature_class == "P"
    ]
    return np.array(
        [
            OUTSIDE_SHARE
            if c.match == "alias"
            and c.place.feature_class == "P"
            and any(
                p.country == c.place.country and p.population >= c.place.population * EQUAL_SHARE
                for p in own
            )
            else 1.0
            for c in sense.candidates
        ]
    )


def _is_area(box: Place) -> bool:
    return box.feature_code == "ADM1" or box.feature_code.startswith("PCL")


def _decide(
    number: int,
    sense: Sense,
    posterior: Array,
    held: Sequence[Place | None],
    around: Surroundings,
) -> Resolution:
    if not len(sense):
        reason = f"no place called {sense.lookup!r} is known to the gazetteer"
        return Resolution(place=None, confidence=0.0, reason=reason, candidates=())
    order = np.argsort(-posterior, kind="stable")
    best = tuple(sense.candidates[int(i)] for i in order[:BEST])
    pinned = next((c for c in sense.candidates if c.match == "pinned"), None)
    if pinned is not None:
        return Resolution(
            place=pinned.place,
            confidence=PINNED_CONFIDENCE,
            reason=pinned.reason,
            candidates=(pinned, *(c for c in best if c is not pinned))[:BEST],
        )
    top = int(order[0])
    if sense.candidates[top].match == "mt" and held[top] is None:
        reason = f"{sense.lookup!r} is no place unless the text puts it where the error is known"
        return Resolution(place=None, confidence=0.0, reason=reason, candidates=best)
    because = [sense.candidates[top].reason, *_because(number, sense, top, held, around)]
    return Resolution(
        place=sense.candidates[top].place,
        confidence=_calibrated(_spot_share(sense, posterior, top)),
        reason="; ".join(because),
        candidates=best,
    )


def _because(
    number: int,
    sense: Sense,
    top: int,
    held: Sequence[Place | None],
    around: Surroundings,
) -> list[str]:
    """Say in words which evidence of the text speaks for a candidate."""
    because = []
    box = held[top]
    if box is not None:
        because.append(f"the text places it in {box.name}")
    other = around.sense != number
    if sense.admin1[top] != "" and around.is_region.any():
        same = other & around.is_region & (around.admin1 == sense.admin1[top])
        if same.any():
            because.append("the text names its region")
    solid = other & around.solid & (around.place != _id(sense, top))
    if solid.any():
        nearest = distances_km(
            sense.lon[[top]], sense.lat[[top]], around.lon[solid], around.lat[solid]
        ).min()
        if nearest < TOLD_NEAR_KM:
            because.append(f"{nearest:.0f} km from another place of the text")
    candidate = sense.candidates[top]
    note = candidate.place.note
    return [*because, note] if note and note not in candidate.reason else because


def _id(sense: Sense, number: int) -> str:
    return sense.candidates[number].place.id


def _spot_share(sense: Sense, posterior: Array, top: int) -> float:
    """Add up the probabilities of the candidates at the spot of the best."""
    apart = distances_km(sense.lon[[top]], sense.lat[[top]], sense.lon, sense.lat)[0]
    reach = max(SAME_SPOT_KM, sense.candidates[top].place.radius_km / 2)
    return float(min(1.0, posterior[apart <= reach].sum()))


def _calibrated(share: float) -> float:
    """Turn the model's share into how often such an answer is right."""
    table = rules("calibration")["resolution"]
    return round(float(np.interp(share, table["share"], table["right"])), 3)


def _sure_enough(found: Resolution, mention: Mention, min_confidence: float) -> Resolution:
    """Weigh the evidence of a mention in; give NIL below the limit."""
    if found.place is None:
        return found
    confidence = round(found.confidence * mention.evidence, 3)
    if found.confidence >= min_confidence:
        return Resolution(
            place=found.place,
            confidence=confidence,
            reason=found.reason,
            candidates=found.candidates,
        )
    reason = (
        f"places are called {mention.lookup!r} but the text does not say which; "
        f"the likeliest would be {found.place.name}"
    )
    return Resolution(place=None, confidence=confidence, reason=reason, candidates=found.candidates)
