"""Compare a gold event with the extracted one, attribute by attribute.

Each judge gives a list of answers: none where there is nothing to compare, one
for most attributes, one for each place for the roles.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.score.matching import distance_km, tolerance_km

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from geomap.records import Event, Place
    from geomap.score.gold import GoldEvent, GoldPlace

    Judge: TypeAlias = Callable[[GoldEvent, Event, dict[int, Place]], list[bool]]

__all__ = ["JUDGES", "near_km"]

# Words of an attribution that name no one in particular.
_GENERIC = frozenset(
    {
        "the",
        "of",
        "for",
        "and",
        "a",
        "an",
        "its",
        "ministry",
        "defence",
        "defense",
        "foreign",
        "affairs",
        "general",
        "staff",
        "armed",
        "forces",
        "office",
        "president",
        "presidential",
        "government",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "representative",
        "official",
        "officials",
        "statement",
        "adviser",
        "head",
        "minister",
        "military",
        "army",
    }
)
# "Ukraine's" and "Ukrainian", "Russia" and "Russian" name the same side.
_STEM = 6

# A chain is a line through more than two places, an offset a point beside one.
# Gold knows the plain shapes; the finer ones of relative places stand for them.
_SHAPES = {
    "chain": "line", "offset": "point", "disc": "point", "part": "region", "outskirts": "point",
    "between": "point", "border": "line", "bank": "point", "coast": "point", "direction": "point",
}  # fmt: skip


def near_km(gold: GoldPlace, place: Place | None) -> float | None:
    """Measure how far a place lies from gold, if it lies near enough to be right.

    Returns
    -------
    float or None
        Kilometres; ``None`` beyond ``max(25 km, radius_km)`` or without coordinates.
    """
    if place is None or gold.lat is None or gold.lon is None:
        return None
    distance = distance_km(place.lon, place.lat, gold.lon, gold.lat)
    return distance if distance <= tolerance_km(gold.radius_km) else None


def _factuality(gold: GoldEvent, found: Event, _: dict[int, Place]) -> list[bool]:
    return [gold.factuality == found.factuality]


def _date(gold: GoldEvent, found: Event, _: dict[int, Place]) -> list[bool]:
    if gold.date is None or gold.date_precision == "unknown":
        return []
    if found.date is None:
        return [False]
    start = found.date.start
    if gold.date_precision == "week":
        return [start.isocalendar()[:2] == gold.date.isocalendar()[:2]]
    if gold.date_precision == "month":
        return [(start.year, start.month) == (gold.date.year, gold.date.month)]
    return [start == gold.date]


def _attribution(gold: GoldEvent, found: Event, _: dict[int, Place]) -> list[bool]:
    said = found.attribution
    if gold.attribution is None or said is None:
        return [gold.attribution is None and said is None]
    expected = _names(gold.attribution)
    named = _names(" ".join(part for part in (said.speaker, said.organisation) if part))
    specific = (expected - _GENERIC, named - _GENERIC)
    return [bool(specific[0] & specific[1] if all(specific) else expected & named)]


def _names(text: str) -> set[str]:
    words = re.findall(r"\w+", text.casefold())
    return {word if word in _GENERIC else word[:_STEM] for word in words}


def _roles(gold: GoldEvent, found: Event, places: dict[int, Place]) -> list[bool]:
    if not gold.placed:
        return []
    return [
        any(
            argument.role == place.role and near_km(place, places.get(argument.toponym)) is not None
            for argument in found.places
        )
        for place in gold.places
        if place.lat is not None
    ]


def _geometry(gold: GoldEvent, found: Event, _: dict[int, Place]) -> list[bool]:
    method = found.geometry_method if found.geometry is not None else None
    kind = method or "none"
    return [_SHAPES.get(kind, kind) == _SHAPES.get(gold.geometry, gold.geometry)]


JUDGES: dict[str, Judge] = {
    "factuality": _factuality,
    "date": _date,
    "attribution": _attribution,
    "roles": _roles,
    "geometry": _geometry,
}
