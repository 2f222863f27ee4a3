"""What speaks for each candidate of a name: the features of the resolver's model.

The evidence follows the findings of Leidner (2007, "Toponym resolution in
text"): one referent per discourse, spatial minimality, the largest place as
the prior; of Lieberman & Samet (2012, "Adaptive context features") for the
places around; and of DeLozier et al. (2015) for explicit containment. The trees
that weigh it are in ``geomap/weights/resolver.json``, fitted by
``benchmarks/fit_resolver.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geomap.geometry import distance_km
from geomap.toponyms.candidates import contains
from geomap.toponyms.company import COMPANY
from geomap.toponyms.senses import distances_km

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.records import Candidate, Place
    from geomap.toponyms.senses import Sense

    Array = NDArray[np.float64]

__all__ = ["Surroundings", "containers_of_sense", "features_of_sense", "surroundings_of"]

# Of each other name the likeliest few stand for it.
BEST_OF_OTHERS = 3
# Scales on which nearness counts: a town's surroundings, a region, a country.
SCALES_KM = (30.0, 150.0, 800.0)
# Names this close in the text speak for one another (about three sentences).
NEAR_CHARACTERS = 400
# So many names before and behind speak for a name. No article of the development corpora has
# more; in a table of places the time would otherwise grow with the square of its length.
NAMES_AROUND = 150
# Of each containing name the likeliest few may hold.
BEST_CONTAINERS = 5
_FAR_KM = 20_000.0
_CODES = ("PPLC", "PPLA", "ADM1", "ADM2", "CONT")
_KINDS = ("A", "P", "H", "T", "L", "S", "V")
_MATCHES = ("exact", "normalised", "alias", "stem", "transliterated", "mt", "fuzzy", "pinned")
_RELATIVE = (
    "prior", "log_population", "country_share", "admin1_share", "admin2_share", "close_150",
    "close_30", "near_text_150", "alike", *COMPANY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The other names of an article, each by its likeliest candidates."""

    sense: NDArray[np.int64]
    lon: Array
    lat: Array
    weight: Array
    country: NDArray[np.str_]
    admin1: NDArray[np.str_]
    admin2: NDArray[np.str_]
    is_country: NDArray[np.bool_]
    is_region: NDArray[np.bool_]
    is_district: NDArray[np.bool_]
    place: NDArray[np.str_]


def surroundings_of(senses: Sequence[Sense], posteriors: Sequence[Array]) -> Surroundings:
    """Collect the likeliest candidates of all names.

    Parameters
    ----------
    senses
        The names of the article.
    posteriors
        For each the probabilities of its candidates.
    """
    rows: list[tuple[int, int]] = []
    for number, posterior in enumerate(posteriors):
        best = np.argsort(-posterior, kind="stable")[:BEST_OF_OTHERS]
        rows += [(number, int(index)) for index in best]
    places = [senses[n].candidates[i].place for n, i in rows]
    codes = [p.feature_code for p in places]
    return Surroundings(
        sense=np.array([n for n, _ in rows], dtype=np.int64),
        lon=np.array([senses[n].lon[i] for n, i in rows]),
        lat=np.array([senses[n].lat[i] for n, i in rows]),
        weight=np.array([posteriors[n][i] for n, i in rows]),
        country=np.array([senses[n].country[i] for n, i in rows], dtype=np.str_),
        admin1=np.array([senses[n].admin1[i] for n, i in rows], dtype=np.str_),
        admin2=np.array([senses[n].admin2[i] for n, i in rows], dtype=np.str_),
        is_country=np.array([c.startswith("PCL") for c in codes], dtype=bool),
        is_region=np.array([c == "ADM1" for c in codes], dtype=bool),
        is_district=np.array([c == "ADM2" for c in codes], dtype=bool),
        place=np.array([p.id for p in places], dtype=np.str_),
    )


def containers_of_sense(
    sense: Sense, candidates: Mapping[str, tuple[Candidate, ...]]
) -> tuple[Place, ...]:
    """Give the places that the text puts around a name, of each containing name the best few."""
    return tuple(
        c.place
        for name in sense.within
        for c in candidates.get(name, ())[:BEST_CONTAINERS]
        if c.match != "mt"
    )


def held_by(sense: Sense, containers: Sequence[Place]) -> list[Place | None]:
    """Give for each candidate the first container that holds it, or ``None``."""
    return [
        next((box for box in containers if _holds(box, c.place)), None) for c in sense.candidates
    ]


def _holds(container: Place, place: Place) -> bool:
    apart = 0.0
    if container.feature_code != "ADM1" and not container.feature_code.startswith("PCL"):
        apart = distance_km(container.lon, container.lat, place.lon, place.lat)
    return contains(container, place, distance_km=apart)


def features_of_sense(
    number: int,
    senses: Sequence[Sense],
    surroundings: Surroundings,
    held: Sequence[Sequence[Place | None]],
    company: Mapping[str, Array],
) -> dict[str, Array]:
    """Describe all candidates of one name.

    Parameters
    ----------
    number
        Which of the names.
    senses
        All names of the article.
    surroundings
        What :func:`surroundings_of` gave.
    held
        For each name what :func:`held_by` gave.
    company
        For this name what :func:`geomap.toponyms.company.company_of` gave.

    Returns
    -------
    dict
        Feature name to an array, one value a candidate.
    """
    sense = senses[number]
    features = _own_features(sense)
    features |= company
    features |= _containment_features(number, senses, held)
    features |= _context_features(number, senses, surroundings)
    values = np.array([features[name] for name in _RELATIVE])
    gaps = values - _best_of_others(values)
    features |= {f"{name}_gap": gap for name, gap in zip(_RELATIVE, gaps, strict=True)}
    return features


def _best_of_others(values: Array) -> Array:
    """Give for each value the largest of the others in its row; 0 where there is none."""
    if values.shape[1] == 1:
        return np.zeros_like(values)
    order = np.partition(values, -2, axis=1)
    result = np.repeat(order[:, -1:], values.shape[1], axis=1)
    result[np.arange(len(values)), values.argmax(axis=1)] = order[:, -2]
    return result


def _own_features(sense: Sense) -> dict[str, Array]:
    found = sense.candidates
    places = [c.place for c in found]
    size = len(found)
    population = np.array([p.population for p in places], dtype=float)
    codes = [p.feature_code for p in places]
    name = sense.lookup.casefold()
    own_name = np.array([c.match in {"exact", "normalised"} for c in found], dtype=bool)
    log_population = np.log10(population + 1)
    features = {
        "prior": np.array([c.score for c in found]),
        "rank": np.arange(size, dtype=float),
        "log_population": log_population,
        "population_share": population / max(float(population.max()), 1.0),
        "log_radius": np.log10([max(p.radius_km, 0.1) for p in places]),
        "reviewed": np.array([p.reviewed for p in places], dtype=float),
        "approximate": np.array([p.approximate for p in places], dtype=float),
        "country_code": np.array([c.startswith("PCL") for c in codes], dtype=float),
        "candidates": np.full(size, np.log2(size)),
        "mentions": np.full(size, float(min(len(sense.mentions), 9))),
        "settlement_said": np.full(size, float(sense.settlement)),
        "first_offset": np.full(size, np.log10(sense.starts[0] + 10)),
        "same_name": np.array([p.name.casefold() == name for p in places], dtype=float),
        "length": np.full(size, float(len(sense.lookup))),
        "alike": _alike(sense.lookup, [p.name for p in places]),
        # "Berea" is a name of Aleppo, too, and the own name of ten towns.
        "own_names": np.full(size, float(own_name.sum())),
        "larger_than_own": log_population - log_population.max(where=own_name, initial=-1.0),
    }
    features |= _marks("is", codes, _CODES)
    features |= _marks("is", [p.feature_class for p in places], _KINDS)
    return features | _marks("match", [c.match for c in found], _MATCHES)


def _marks(prefix: str, values: Sequence[str], names: Sequence[str]) -> dict[str, Array]:
    """Tell for each name which values it is."""
    table = np.array([[value == name for value in values] for name in names], dtype=float)
    return {f"{prefix}_{name}": row for name, row in zip(names, table, strict=True)}


def _alike(lookup: str, names: Sequence[str]) -> Array:
    """Give the share of letter pairs that a name and each place's own name have in common."""
    own = _pairs(lookup)
    values = {name: len(own & _pairs(name)) / len(own | _pairs(name)) for name in set(names)}
    return np.array([values[name] for name in names])


@lru_cache(maxsize=20_000)
def _pairs(name: str) -> frozenset[str]:
    marked = f"^{name.casefold()}$"
    return frozenset(marked[i : i + 2] for i in range(len(marked) - 1))


def _containment_features(
    number: int, senses: Sequence[Sense], held: Sequence[Sequence[Place | None]]
) -> dict[str, Array]:
    sense, boxes = senses[number], held[number]
    size = len(sense)
    inside = np.array([box is not None for box in boxes], dtype=float)
    elsewhere = np.zeros(size)
    # What a container says of one sense it says of no other that has its own: "Portland, Maine,
    # and Portland, Oregon".
    twins = () if sense.within else enumerate(zip(senses, held, strict=True))
    for other, (twin, other_boxes) in twins:
        if other != number and twin.lookup == sense.lookup and twin.within:
            elsewhere = np.maximum(elsewhere, [box is not None for box in other_boxes])
    return {
        "held": inside,
        "held_by_country": np.array(
            [box is not None and box.feature_code.startswith("PCL") for box in boxes], dtype=float
        ),
        "held_by_region": np.array(
            [box is not None and box.feature_code == "ADM1" for box in boxes], dtype=float
        ),
        "other_is_held": np.full(size, float(inside.max())) - inside,
        "has_container": np.full(size, float(bool(sense.within))),
        "held_elsewhere": elsewhere,
        "other_held_elsewhere": np.full(size, elsewhere.max()) - elsewhere,
    }


def _context_features(
    number: int, senses: Sequence[Sense], around: Surroundings
) -> dict[str, Array]:
    sense = senses[number]
    size = len(sense)
    first = max(0, number - NAMES_AROUND)
    senses = senses[first : number + NAMES_AROUND + 1]
    around = _window(around, first, first + len(senses))
    twins = np.array([s.lookup == sense.lookup for s in senses], dtype=bool)
    other = ~twins[around.sense] if len(around.sense) else np.zeros(0, dtype=bool)
    weight = around.weight * other
    total = float(weight.sum())
    same_country = _same(sense.country, around.country)
    same_admin1 = _same(sense.admin1, around.admin1)
    same_admin2 = _same(sense.admin2, around.admin2)
    small = weight * ~(around.is_country | around.is_region)
    features = {
        "others": np.full(size, np.log2(1 + total)),
        "country_share": same_country @ weight / (total + 1),
        "admin1_share": same_admin1 @ weight / (total + 1),
        "admin2_share": same_admin2 @ weight / (total + 1),
        "country_named": _largest(same_country * (weight * around.is_country)),
        "admin1_named": _largest(same_admin1 * (weight * around.is_region)),
        "admin2_named": _largest(same_admin2 * (weight * around.is_district)),
        "admin1_count": np.minimum(same_admin1 @ weight, 9.0),
        "country_count": np.minimum(same_country @ weight, 9.0),
    }
    # The place itself under another name says nothing of where it lies.
    itself = np.array([c.place.id for c in sense.candidates])[:, None] == around.place[None, :]
    apart = distances_km(sense.lon, sense.lat, around.lon, around.lat)
    solid = np.where(itself, 0.0, small[None, :])
    near_text = solid * _near_in_text(sense, senses, around)[None, :]
    for scale in SCALES_KM:
        closeness = np.exp(-apart / scale)
        features[f"close_{scale:.0f}"] = _mean(closeness, solid)
        features[f"sum_{scale:.0f}"] = np.minimum((closeness * solid).sum(axis=1), 9.0)
        features[f"near_text_{scale:.0f}"] = _mean(closeness, near_text)
    likely = np.where(solid > 0.3, apart, _FAR_KM)  # noqa: PLR2004 - more likely than not
    features["log_nearest"] = (
        np.log10(likely.min(axis=1) + 1) if likely.shape[1] else np.full(size, np.log10(_FAR_KM))
    )
    return features


def _window(around: Surroundings, first: int, last: int) -> Surroundings:
    """Cut out the names ``first`` to ``last``, half-open, and number them from 0."""
    low, high = np.searchsorted(around.sense, [first, last])
    parts = {f.name: getattr(around, f.name)[low:high] for f in fields(Surroundings)}
    return Surroundings(**parts | {"sense": parts["sense"] - first})


def _same(names: NDArray[np.str_], others: NDArray[np.str_]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (names[:, None] == others[None, :]) & (names[:, None] != "")
    return found


def _near_in_text(sense: Sense, senses: Sequence[Sense], around: Surroundings) -> Array:
    if not len(around.sense):
        return np.zeros(0)
    close = _gaps(np.array(sense.starts), [other.starts for other in senses]) <= NEAR_CHARACTERS
    found: Array = close[around.sense].astype(float)
    return found


def _gaps(starts: NDArray[np.int64], others: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Give the smallest distance of ascending offsets to each of some lists of offsets."""
    every = np.concatenate(others)
    places = np.searchsorted(starts, every)
    behind = starts[np.minimum(places, len(starts) - 1)]
    before = starts[np.maximum(places - 1, 0)]
    apart = np.minimum(np.abs(behind - every), np.abs(every - before))
    sizes = [len(other) for other in others]
    found: NDArray[np.int64] = np.minimum.reduceat(apart, np.cumsum([0, *sizes[:-1]]))
    return found


def _largest(values: Array) -> Array:
    found: Array = values.max(axis=1) if values.shape[1] else np.zeros(len(values))
    return found


def _mean(values: Array, weights: Array) -> Array:
    total = weights.sum(axis=1)
    found: Array = (values * weights).sum(axis=1) / np.maximum(total, 1.0)
    return found
