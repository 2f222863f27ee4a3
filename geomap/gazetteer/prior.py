"""How likely a place is meant by its name before any context is read.

``prior = weight of the match x (0.25 + 0.75 x importance)``, where importance
is the logarithm of the population for settlements and is set by feature class
elsewhere. The numbers order known traps rightly and carry no more meaning than
that: Sloviansk before Nikopol (which has it as an alternate name), Kyiv before
Kiev in Wisconsin, Moscow before Moscow in Idaho, Georgia the country beside
Georgia the state.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geomap.records import MatchKind, Place

__all__ = ["importance", "prior", "reason"]

_WEIGHT: Final[dict[str, float]] = {
    "exact": 1.0,
    "normalised": 0.98,
    # Between two traps: Odesa (1.0 M) is "Odessa" before the one in Texas (0.1 M), and
    # Sloviansk is "Sloviansk" before Nikopol, which is as large and has it as an alternate.
    "alias": 0.92,
    "transliterated": 0.7,
    "stem": 0.6,
    # A guess about the writer's hand, below every attested or rule-made spelling.
    "fuzzy": 0.5,
    # The user says so.
    "pinned": 1.0,
    "online": 0.6,
    "mt": 0.4,
}
# log10 of 32 million: the largest settlement of GeoNames (Shanghai, 24.9 M) comes to 0.98.
_LARGEST: Final = 7.5
_CAPITAL_BONUS: Final = 0.1
# Overlay rows are there because texts on conflict name them.
_BY_CLASS: Final[dict[str, float]] = {
    "L": 0.75, "H": 0.7, "T": 0.6, "S": 0.65, "R": 0.55, "V": 0.55, "U": 0.55,
}  # fmt: skip
_COUNTRY: Final = 1.0
_REGION_FACTOR: Final = 0.85
_UNKNOWN_POPULATION: Final = 300
# Overlay rows of villages are there because texts name them: before their many namesakes.
_REVIEWED_POPULATION: Final = 3000
_BASE: Final = 0.25

_WORDS: Final[dict[str, str]] = {
    "exact": "is its name",
    "normalised": "is its name in another spelling",
    "alias": "is one of its other names",
    "transliterated": "is its name by another transliteration",
    "stem": "is the name of its seat",
    "fuzzy": "is one or two letters from its name",
    "pinned": "is pinned to it",
    "online": "was found online",
    "mt": "is a known machine-translation error for it",
}


def importance(place: Place) -> float:
    """Rate a place from 0 to 1 by what it is and how many live there.

    Countries 1; other areas and features by class (``L`` 0.75, ``H`` 0.7, …);
    first-level regions 0.85 times a settlement of their population; settlements
    ``log10(population) / 7.5``, and 0.1 more for a capital.
    """
    if place.feature_code.startswith("PCL"):
        return _COUNTRY
    if place.feature_class in _BY_CLASS:
        return _BY_CLASS[place.feature_class]
    least = _REVIEWED_POPULATION if place.reviewed else _UNKNOWN_POPULATION
    size = math.log10(max(place.population, least)) / _LARGEST
    if place.feature_class == "A":
        return min(1.0, size * _REGION_FACTOR)
    return min(1.0, size + (_CAPITAL_BONUS if place.feature_code == "PPLC" else 0.0))


def prior(place: Place, match: MatchKind) -> float:
    """Score a candidate from 0 to 1 from its match and its importance.

    Parameters
    ----------
    place
        The candidate.
    match
        How the name matched.

    Returns
    -------
    float
        Comparable among the candidates of one name only.
    """
    return round(_WEIGHT[match] * (_BASE + (1 - _BASE) * importance(place)), 4)


def reason(
    name: str, place: Place, match: MatchKind, *, generic: bool = False, via: str | None = None
) -> str:
    """Say in a few words how a name matched a place."""
    words = _WORDS[match]
    if generic:
        words = "names the region by its seat or by itself"
    if via is not None:
        words += f" ({via})"
    where = (
        f"{place.admin1}, {place.country}"
        if place.admin1 and place.country
        else place.admin1 or place.country
    )
    size = f", population {place.population:,}" if place.population else ""
    # Why the name is another than the place's: an error of translation, a renaming.
    told = place.note is not None and (match == "mt" or (match == "alias" and name in place.note))
    note = f"; {place.note}" if told else ""
    return f"“{name}” {words}: {place.name}" + (f" ({where}{size})" if where else "") + note
