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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.records import Candidate, Place
    from geomap.toponyms.senses import Sense

    Array = NDArray[np.float64]

__all__ = ["Surroundings", "containers_of_sense", "features_of_sense", "surroundings_of"]

# Of each other name the likeliest few stand for it.
BEST_OF_OTHERS = 3
# Of each containing name the likeliest few may hold.
BEST_CONTAINERS = 5
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

    def __getitem__(self, which: slice) -> Surroundings:
        """Give some of the rows."""
        return Surroundings(*(getattr(self, field.name)[which] for field in fields(self)))


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
    held: Sequence[Sequence[Place | None]],
    company: Mapping[str, Array],
    context: Mapping[str, Array],
) -> dict[str, Array]:
    """Describe all candidates of one name.

    Parameters
    ----------
    number
        Which of the names.
    senses
        All names of the article.
    held
        For each name what :func:`held_by` gave.
    company
        For this name what :func:`geomap.toponyms.company.company_of` gave.
    context
        For this name what :func:`geomap.toponyms.context.context_of` gave.

    Returns
    -------
    dict
        Feature name to an array, one value a candidate.
    """
    sense = senses[number]
    features = _own_features(sense)
    features |= company
    features |= _containment_features(number, senses, held)
    features |= context
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
