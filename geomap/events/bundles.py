"""Which mentions of one article speak of the same event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomap.geometry import distance_km
from geomap.toponyms.candidates import contains

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomap.events.mentions import EventMention
    from geomap.records import Actor, DateRange, Place, Toponym

__all__ = ["Bundle", "bundle_mentions"]

_NEGATIVE = frozenset({"negated", "denied"})
# Ordinals that tell one round from another; "next" and "new" tell it from all others.
_VAGUE = frozenset({"latest", "last", "final"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """Mentions of one event, in the order of the text."""

    mentions: tuple[EventMention, ...]

    @property
    def first(self) -> EventMention:
        """The mention that gives trigger, sentence, factuality and attribution."""
        return self.mentions[0]

    @property
    def placed(self) -> EventMention:
        """The mention with the best place; the first one when none has any."""
        return max(self.mentions, key=lambda m: (bool(m.places), not m.carried))

    @property
    def size(self) -> int:
        """How many mentions speak of it, the title among them."""
        return len({m.trigger.start for m in self.mentions})

    @property
    def date(self) -> DateRange | None:
        """The date of the first mention that names one in words, else of the first."""
        named = [m.date for m in self.mentions if m.date is not None and m.date.text is not None]
        return named[0] if named else self.first.date

    @property
    def subtype(self) -> str | None:
        """The first subtype that a mention gives."""
        return next((m.subtype for m in self.mentions if m.subtype is not None), None)

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The actors of the first mention that names any."""
        return next((m.actors for m in self.mentions if m.actors), ())

    @property
    def weapon(self) -> str | None:
        """The first weapon that a mention names."""
        return next((m.weapon for m in self.mentions if m.weapon is not None), None)

    @property
    def counts(self) -> dict[str, int]:
        """Each count at its first telling."""
        found: dict[str, int] = {}
        for mention in self.mentions:
            for name, number in mention.counts.items():
                found.setdefault(name, number)
        return found

    @property
    def ordinal(self) -> str | None:
        """The ordinal that tells it apart, if a mention gives one."""
        return next((m.ordinal for m in self.mentions if m.ordinal is not None), None)


def bundle_mentions(
    mentions: Sequence[EventMention], toponyms: Mapping[int, Toponym]
) -> tuple[Bundle, ...]:
    """Put the mentions of one event together.

    A mention joins an earlier one of its type when both have the same place (or
    one that lies in the other), compatible dates and rounds, and say the same
    of it; a mention without a place joins what it points back to.

    Parameters
    ----------
    mentions
        In the order of the text.
    toponyms
        The toponyms of the article by id.

    Returns
    -------
    tuple of Bundle
        In the order of their first mention.
    """
    bundles: list[Bundle] = []
    body = [m for m in mentions if not m.headline]
    for mention in [m for m in body if m.places]:
        _join(bundles, mention, toponyms)
    for mention in [m for m in body if not m.places]:
        _join_unplaced(bundles, mention)
    for mention in [m for m in mentions if m.headline]:
        _join_headline(bundles, mention, toponyms)
    bundles = [_specific(b, toponyms) for b in bundles]
    return tuple(sorted(bundles, key=lambda b: b.first.trigger.start))


def _add(bundles: list[Bundle], number: int, mention: EventMention) -> None:
    joined = sorted((*bundles[number].mentions, mention), key=lambda m: m.trigger.start)
    bundles[number] = Bundle(tuple(joined))


def _join(bundles: list[Bundle], mention: EventMention, toponyms: Mapping[int, Toponym]) -> None:
    for number, bundle in enumerate(bundles):
        if (
            bundle.first.type == mention.type
            # Several places of one trigger are several events.
            and all(m.trigger != mention.trigger for m in bundle.mentions)
            and _same_round(bundle.ordinal, mention.ordinal)
            and any(_same_event(m, mention, toponyms) for m in bundle.mentions)
            and all(_same_places(m, mention, toponyms) for m in bundle.mentions)
        ):
            _add(bundles, number, mention)
            return
    bundles.append(Bundle((mention,)))


def _join_unplaced(bundles: list[Bundle], mention: EventMention) -> None:
    """Let a mention without a place join; keep it only when it says that something happens."""
    candidates = [
        n for n, b in enumerate(bundles)
        if b.first.type == mention.type
        and _same_round(b.ordinal, mention.ordinal)
        and (_same_date(b.date, mention.date) or _one_round(b.ordinal, mention.ordinal))
    ]  # fmt: skip
    apart = mention.type == "corridor" and not mention.definite
    unplaced = [n for n in candidates if not any(m.places for m in bundles[n].mentions)]
    pool = unplaced if apart else candidates
    pool = [
        n
        for n in pool
        if (bundles[n].first.factuality in _NEGATIVE) == (mention.factuality in _NEGATIVE)
    ] or (pool if mention.definite else [])
    if pool:
        _add(bundles, _nearest(bundles, pool, mention), mention)
    elif mention.occurs and not (mention.definite and mention.ordinal is None):
        bundles.append(Bundle((mention,)))


def _join_headline(
    bundles: list[Bundle], mention: EventMention, toponyms: Mapping[int, Toponym]
) -> None:
    """Let what a title says join what the article tells; keep it when it tells nothing of it."""
    told = [n for n, b in enumerate(bundles) if b.first.type == mention.type]
    same = [
        n
        for n in told
        if any(_same_places(m, mention, toponyms) for m in bundles[n].mentions if m.places)
    ]
    vague = not mention.places or all(_is_vague(toponyms[a.toponym].place) for a in mention.places)
    pool = same or (told if vague else [])
    if pool:
        joined = bundles[pool[0]]
        bundles[pool[0]] = Bundle((*joined.mentions, mention))
    elif mention.places:
        bundles.append(Bundle((mention,)))


def _is_vague(place: Place | None) -> bool:
    return place is None or place.feature_code.startswith(("PCL", "ADM1", "RGN", "CONT"))


def _nearest(bundles: Sequence[Bundle], pool: Sequence[int], mention: EventMention) -> int:
    return min(
        pool,
        key=lambda n: min(
            abs(m.trigger.start - mention.trigger.start) for m in bundles[n].mentions
        ),
    )


def _same_round(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other or one in _VAGUE or other in _VAGUE


def _one_round(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _same_event(one: EventMention, other: EventMention, toponyms: Mapping[int, Toponym]) -> bool:
    if not _same_places(one, other, toponyms) or not _same_date(one.date, other.date):
        return False
    if (one.factuality in _NEGATIVE) != (other.factuality in _NEGATIVE):
        return False
    pointing = other.definite and None in {one.attribution, other.attribution}
    return pointing or other.type == "talks" or _same_claim(one, other)


def _same_claim(one: EventMention, other: EventMention) -> bool:
    if one.factuality != other.factuality:
        return False
    return one.attribution == other.attribution or (
        one.attribution is not None
        and other.attribution is not None
        and one.attribution.side == other.attribution.side
        and one.attribution.speaker == other.attribution.speaker
    )


def _same_places(one: EventMention, other: EventMention, toponyms: Mapping[int, Toponym]) -> bool:
    first = [toponyms[a.toponym] for a in one.places]
    second = [toponyms[a.toponym] for a in other.places]
    if one.type == "corridor" or (_is_way(one) and _is_way(other)):
        return _same_route(one, other, toponyms)
    return any(
        a.place_key == b.place_key or _nested(a.place, b.place, one.type)
        for a in first
        for b in second
    )


def _is_way(mention: EventMention) -> bool:
    """Tell whether a mention leads from one place to another."""
    roles = {a.role for a in mention.places}
    return "from" in roles and not roles.isdisjoint({"to", "toward"})


def _same_route(one: EventMention, other: EventMention, toponyms: Mapping[int, Toponym]) -> bool:
    """Tell whether two corridors share their start, and their end where both give one."""
    ends = []
    for mention in (one, other):
        stops = {a.role: toponyms[a.toponym].place_key for a in reversed(mention.places)}
        start = stops.get("from") or stops.get("at") or stops.get("via")
        ends.append((start, stops.get("to") or stops.get("toward")))
    (start, end), (other_start, other_end) = ends
    same_end = end is None or other_end is None or end == other_end
    same_start = start is None or other_start is None or start == other_start
    return same_end and same_start and (start == other_start or end == other_end)


def _nested(one: Place | None, other: Place | None, kind: str) -> bool:
    """Tell whether one venue lies in the other: talks in Belarus, at a forest there."""
    if kind != "talks" or one is None or other is None:
        return False
    apart = distance_km(one.lon, one.lat, other.lon, other.lat)
    for outer, inner in ((one, other), (other, one)):
        if contains(outer, inner, distance_km=apart):
            return True
    return False


def _same_date(one: DateRange | None, other: DateRange | None) -> bool:
    if one is None or other is None or one.text is None or other.text is None:
        return True
    return one.start <= other.end and other.start <= one.end


def _specific(bundle: Bundle, toponyms: Mapping[int, Toponym]) -> Bundle:
    """Put the most exact place of merged talks first in line for drawing."""
    if bundle.first.type != "talks" or bundle.size == 1:
        return bundle
    best = min(
        (m for m in bundle.mentions if m.places),
        key=lambda m: min(_radius(toponyms[a.toponym].place) for a in m.places),
        default=None,
    )
    if best is None:
        return bundle
    return Bundle(
        tuple(replace(m, places=best.places, tied=best.tied, carried=best.carried)
              if m is bundle.first else replace(m, places=()) for m in bundle.mentions)
    )  # fmt: skip


def _radius(place: Place | None) -> float:
    return place.radius_km if place is not None else float("inf")
