"""The names of an article, each with its candidates as arrays: what resolution works on.

All mentions of one name are one sense (one referent per discourse, Leidner
2007), unless the text puts them into different containers: "Springfield, Ill."
and "Springfield, Mo." are two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.records import Candidate, Place
    from geomap.toponyms.mentions import Mention

__all__ = ["Sense", "distances_km", "district_path", "region_path", "senses_of"]

# Mean radius of the Earth (IUGG 1980): on a sphere distances are good to 0.5 %,
# which is enough to weigh candidates; what is drawn is measured on the ellipsoid.
EARTH_RADIUS_KM = 6371.0088
# The arrays of so many names take some 15 MB: names recur from article to article.
MOST_KNOWN = 2_000
_KNOWN: dict[int, tuple[tuple[Candidate, ...], dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One name in one sense.

    Parameters
    ----------
    lookup
        What was looked up.
    within
        Texts of the names around it.
    mentions
        Indices of its mentions.
    starts
        Character offsets of its mentions.
    settlement
        Whether the text calls it a town.
    evidence
        The largest probability of its mentions that it is a toponym.
    candidates
        What the gazetteer gave, the best first.
    lon, lat
        Of the candidates, in radians.
    country, admin1, admin2
        Of the candidates; ``""`` where there is none. A region carries the country
        before it, a district its region.
    """

    lookup: str
    within: tuple[str, ...]
    mentions: tuple[int, ...]
    starts: tuple[int, ...]
    settlement: bool
    evidence: float
    candidates: tuple[Candidate, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    country: NDArray[np.str_]
    admin1: NDArray[np.str_]
    admin2: NDArray[np.str_]

    def __len__(self) -> int:
        """Give the number of candidates."""
        return len(self.candidates)


def senses_of(
    mentions: Sequence[Mention], candidates: Mapping[str, tuple[Candidate, ...]]
) -> tuple[Sense, ...]:
    """Gather the mentions of each sense.

    Parameters
    ----------
    mentions
        In the order of the text.
    candidates
        For each :attr:`Mention.lookup`, what the gazetteer gives.

    Returns
    -------
    tuple of Sense
        In the order of their first mentions.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for number, mention in enumerate(mentions):
        groups.setdefault((mention.lookup, mention.within), []).append(number)
    return tuple(
        _sense(key, numbers, mentions, candidates.get(key[0], ()))
        for key, numbers in groups.items()
    )


def _sense(
    key: tuple[str, tuple[str, ...]],
    numbers: Sequence[int],
    mentions: Sequence[Mention],
    found: tuple[Candidate, ...],
) -> Sense:
    return Sense(
        lookup=key[0],
        within=key[1],
        mentions=tuple(numbers),
        starts=tuple(mentions[n].start for n in numbers),
        settlement=any(mentions[n].settlement for n in numbers),
        evidence=max(mentions[n].evidence for n in numbers),
        candidates=found,
        **_columns(found),
    )


def _columns(found: tuple[Candidate, ...]) -> dict[str, Any]:
    """Give the arrays of some candidates, from memory where a name was met before.

    A gazetteer gives the same object for the same name, and the memory keeps hold of it.
    """
    known = _KNOWN.get(id(found))
    if known is not None:
        return known[1]
    places = [c.place for c in found]
    columns = {
        "lon": np.radians([p.lon for p in places]),
        "lat": np.radians([p.lat for p in places]),
        "country": np.array([p.country or "" for p in places], dtype=np.str_),
        "admin1": np.array([region_path(p) for p in places], dtype=np.str_),
        "admin2": np.array([district_path(p) for p in places], dtype=np.str_),
    }
    if len(_KNOWN) >= MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[id(found)] = (found, columns)
    return columns


def region_path(place: Place) -> str:
    """Give the first-level region of a place behind its country, or ``""``.

    A first-level region is its own.
    """
    name = place.name if place.feature_code == "ADM1" else place.admin1
    return f"{place.country or ''}:{name}" if name else ""


def district_path(place: Place) -> str:
    """Give the second-level district of a place behind its region, or ``""``.

    A district is its own.
    """
    name = place.name if place.feature_code == "ADM2" else place.admin2
    return f"{place.country or ''}:{place.admin1 or ''}:{name}" if name else ""


def distances_km(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    other_lon: NDArray[np.float64],
    other_lat: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the great-circle distances between two sets of points.

    Parameters
    ----------
    lon, lat, other_lon, other_lat
        Radians.

    Returns
    -------
    NDArray
        Kilometres; a row a point of the first set, a column one of the second.
    """
    half = (
        np.sin((lat[:, None] - other_lat[None, :]) / 2) ** 2
        + np.cos(lat)[:, None]
        * np.cos(other_lat)[None, :]
        * np.sin((lon[:, None] - other_lon[None, :]) / 2) ** 2
    )
    found: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return found
