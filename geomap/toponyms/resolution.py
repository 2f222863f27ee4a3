"""Choose the place of each toponym: prior, admin context, document focus, distance.

The evidence follows the findings of Leidner (2007, "Toponym resolution in
text"): one referent per discourse, spatial minimality, the largest place as
the prior; and of DeLozier et al. (2015) for explicit containment. An answer
that the evidence does not carry is an honest NIL.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.geometry import distance_km
from geomap.toponyms.candidates import contains

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.records import Candidate, Place
    from geomap.toponyms.mentions import Mention

__all__ = ["Resolution", "resolve"]

# Weights in the unit of the gazetteer's prior (0..1), chosen on the development
# halves of LGL and GeoVirus and the project's seeds.
WITHIN_BONUS = 0.8
OUTSIDE_MALUS = 0.35
FOCUS_WEIGHT = 0.3
NEAR_WEIGHT = 0.25
SETTLEMENT_FIRST = 0.05
# Distance at which closeness to the other places of the text counts 1/e.
NEAR_SCALE_KM = 200.0
# A mention with such a prior anchors the others before they are resolved.
ANCHOR_SCORE = 0.75
# Sharpness of the share that the best candidate takes of the evidence.
SOFTMAX_SCALE = 0.08
BEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The place of a mention, or none, with the reason and the best candidates."""

    place: Place | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    candidate: Candidate
    score: float
    because: tuple[str, ...]


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
        One a mention, in the same order.
    """
    anchors = _anchors(mentions, candidates)
    scored: list[list[_Scored]] = []
    for _ in range(2):
        focus = _focus(anchors)
        scored = [
            _score(m, n, candidates.get(m.lookup, ()), candidates, anchors, focus)
            for n, m in enumerate(mentions)
        ]
        scored = _one_sense(mentions, scored)
        anchors = {n: s[0].candidate.place for n, s in enumerate(scored) if s}
    return tuple(
        _decide(m, s, min_confidence=min_confidence) for m, s in zip(mentions, scored, strict=True)
    )


def _anchors(
    mentions: Sequence[Mention], candidates: Mapping[str, tuple[Candidate, ...]]
) -> dict[int, Place]:
    anchors = {}
    for n, mention in enumerate(mentions):
        found = candidates.get(mention.lookup, ())
        if found and found[0].score >= ANCHOR_SCORE and found[0].match != "mt":
            anchors[n] = found[0].place
    return anchors


def _focus(anchors: Mapping[int, Place]) -> dict[str, float]:
    """Give the share of each country among the anchored places."""
    counts: dict[str, float] = {}
    for place in anchors.values():
        if place.country is not None:
            counts[place.country] = counts.get(place.country, 0.0) + 1.0
    total = sum(counts.values()) + 1.0
    return {country: count / total for country, count in counts.items()}


def _score(
    mention: Mention,
    number: int,
    found: Sequence[Candidate],
    candidates: Mapping[str, tuple[Candidate, ...]],
    anchors: Mapping[int, Place],
    focus: Mapping[str, float],
) -> list[_Scored]:
    containers = _containers(mention, candidates, focus)
    others = [p for n, p in anchors.items() if n != number and not p.feature_code.startswith("PCL")]
    scored = []
    for candidate in found:
        inside = next((c for c in containers if _holds(c, candidate.place)), None)
        if candidate.match == "mt" and inside is None:
            continue
        score, because = candidate.score, [candidate.reason]
        if inside is not None:
            score += WITHIN_BONUS
            because.append(f"the text places it in {inside.name}")
        elif containers:
            score -= OUTSIDE_MALUS
        score += FOCUS_WEIGHT * focus.get(candidate.place.country or "", 0.0)
        score += NEAR_WEIGHT * _closeness(candidate.place, others, because)
        score += SETTLEMENT_FIRST * (candidate.place.feature_class == "P")
        scored.append(_Scored(candidate, score, tuple(because)))
    return sorted(scored, key=lambda s: (-s.score, s.candidate.place.id))


def _containers(
    mention: Mention, candidates: Mapping[str, tuple[Candidate, ...]], focus: Mapping[str, float]
) -> list[Place]:
    """Give the places that the text puts around a mention, of each name the likeliest few."""
    containers = []
    for name in mention.within:
        found = sorted(
            candidates.get(name, ()),
            key=lambda c: -(c.score + FOCUS_WEIGHT * focus.get(c.place.country or "", 0.0)),
        )
        containers += [c.place for c in found[:BEST] if c.match != "mt"]
    return containers


def _holds(container: Place, place: Place) -> bool:
    return contains(
        container,
        place,
        distance_km=distance_km(container.lon, container.lat, place.lon, place.lat),
    )


def _closeness(place: Place, others: Sequence[Place], because: list[str]) -> float:
    """Give 0..1: how near the place is to the nearest other places of the text."""
    distances = sorted(
        distance_km(place.lon, place.lat, o.lon, o.lat) for o in others if o.id != place.id
    )[:BEST]
    if not distances:
        return 0.0
    closeness = sum(math.exp(-d / NEAR_SCALE_KM) for d in distances) / len(distances)
    if distances[0] < NEAR_SCALE_KM / 2:
        because.append(f"{distances[0]:.0f} km from another place of the text")
    return closeness


def _one_sense(mentions: Sequence[Mention], scored: Sequence[list[_Scored]]) -> list[list[_Scored]]:
    """Let a mention with explicit containment decide for the same name elsewhere."""
    explicit: dict[str, str] = {}
    for mention, options in zip(mentions, scored, strict=True):
        if (
            options
            and mention.within
            and any("the text places it" in b for b in options[0].because)
        ):
            explicit.setdefault(mention.lookup, options[0].candidate.place.id)
    result = []
    for mention, options in zip(mentions, scored, strict=True):
        wanted = explicit.get(mention.lookup)
        if wanted is not None and not mention.within:
            ranked = sorted(
                (
                    _Scored(
                        s.candidate,
                        s.score + WITHIN_BONUS,
                        (*s.because, "as elsewhere in the article"),
                    )
                    if s.candidate.place.id == wanted
                    else s
                    for s in options
                ),
                key=lambda s: -s.score,
            )
            result.append(ranked)
        else:
            result.append(options)
    return result


def _decide(mention: Mention, scored: Sequence[_Scored], *, min_confidence: float) -> Resolution:
    best = tuple(s.candidate for s in scored[:BEST])
    if not scored:
        reason = f"no place called {mention.lookup!r} is known to the gazetteer"
        return Resolution(place=None, confidence=0.0, reason=reason, candidates=())
    top = scored[0]
    confidence = round(_share(scored) * min(1.0, 0.5 + mention.evidence / 2), 3)
    if confidence < min_confidence:
        reason = (
            f"{len(scored)} places are called {mention.lookup!r} and the text does not say which"
        )
        return Resolution(place=None, confidence=confidence, reason=reason, candidates=best)
    place = top.candidate.place
    reason = "; ".join(top.because)
    if place.note:
        reason = f"{reason}; {place.note}"
    return Resolution(place=place, confidence=confidence, reason=reason, candidates=best)


def _share(scored: Sequence[_Scored]) -> float:
    """Give the share of the best in the softmax; candidates of the same spot count as one."""
    top = scored[0]
    total = 0.0
    for option in scored:
        same = distance_km(
            top.candidate.place.lon, top.candidate.place.lat,
            option.candidate.place.lon, option.candidate.place.lat,
        ) < max(NEAR_SCALE_KM / 10, option.candidate.place.radius_km / 2)  # fmt: skip
        if option is top or not same:
            total += math.exp((option.score - top.score) / SOFTMAX_SCALE)
    return 1.0 / total
