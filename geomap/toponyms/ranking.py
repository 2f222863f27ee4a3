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
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.geometry import distance_km
from geomap.toponyms.candidates import contains
from geomap.toponyms.company import COMPANY, company_of
from geomap.toponyms.context import context_of
from geomap.toponyms.theatres import load_theatres

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from geomap.records import Candidate, Place
    from geomap.toponyms.senses import Sense
    from geomap.toponyms.theatres import Theatres

    Array = NDArray[np.float64]
    Numbers = NDArray[np.int64]

__all__ = ["Surroundings", "containers_of_sense", "features_of_senses", "surroundings_of"]

# Of each other name the likeliest few stand for it.
BEST_OF_OTHERS = 3
EVEN = 0.5
# Of each containing name the likeliest few may hold.
BEST_CONTAINERS = 5
_CODES = ("PPLC", "PPLA", "ADM1", "ADM2", "CONT")
_KINDS = ("A", "P", "H", "T", "L", "S", "V")
_MATCHES = ("exact", "normalised", "alias", "stem", "transliterated", "mt", "fuzzy", "pinned")
_OWN = frozenset({"exact", "normalised"})
_RELATIVE = (
    "prior", "log_population", "country_share", "admin1_share", "admin2_share", "close_150",
    "close_30", "near_text_150", "alike", "told_near", *COMPANY,
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

    @property
    def solid(self) -> NDArray[np.bool_]:
        """Which are places smaller than a region and more likely than not."""
        found: NDArray[np.bool_] = ~(self.is_country | self.is_region) & (self.weight > EVEN)
        return found

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


def features_of_senses(
    senses: Sequence[Sense],
    held: Sequence[Sequence[Place | None]],
    around: Surroundings,
    *,
    theatres: Theatres | None = None,
) -> dict[str, Array]:
    """Describe all candidates of all names of an article.

    Parameters
    ----------
    senses
        The names.
    held
        For each what :func:`held_by` gave.
    around
        What :func:`surroundings_of` gave for all of them.
    theatres
        Where texts on conflict are set; ``None`` takes the table that ships with the package.

    Returns
    -------
    dict
        Feature name to an array: the candidates of the first name, those of the second and
        so on. Empty where no name has a candidate.
    """
    sizes = np.array([len(sense) for sense in senses], dtype=np.int64)
    if not sizes.any():
        return {}
    firsts = (np.cumsum(sizes) - sizes)[sizes > 0]
    filled = [sense for sense in senses if len(sense)]
    features = _own_features(filled, sizes[sizes > 0], firsts)
    features["told_near"] = (theatres or load_theatres()).near(
        np.degrees(np.concatenate([sense.lon for sense in filled])),
        np.degrees(np.concatenate([sense.lat for sense in filled])),
    )
    features |= _joined(company_of(senses))
    features |= _containment_features(senses, held, sizes)
    features |= _joined(context_of(senses, around))
    values = np.array([features[name] for name in _RELATIVE])
    gaps = values - np.hstack(
        [_best_of_others(part) for part in np.split(values, firsts[1:], axis=1)]
    )
    return features | {f"{name}_gap": gap for name, gap in zip(_RELATIVE, gaps, strict=True)}


def _joined(parts: Iterable[Mapping[str, Array]]) -> dict[str, Array]:
    tables = list(parts)
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _best_of_others(values: Array) -> Array:
    """Give for each value the largest of the others in its row; 0 where there is none."""
    if values.shape[1] == 1:
        return np.zeros_like(values)
    order = np.partition(values, -2, axis=1)
    result = np.repeat(order[:, -1:], values.shape[1], axis=1)
    result[np.arange(len(values)), values.argmax(axis=1)] = order[:, -2]
    return result


def _own_features(senses: Sequence[Sense], sizes: Numbers, firsts: Numbers) -> dict[str, Array]:
    """Describe the candidates by themselves; every name has some."""
    found = [c for sense in senses for c in sense.candidates]
    places = [c.place for c in found]
    population = np.array([p.population for p in places], dtype=float)
    codes = [p.feature_code for p in places]
    names = np.repeat([sense.lookup.casefold() for sense in senses], sizes).tolist()
    own_name = np.array([c.match in _OWN for c in found], dtype=float)
    log_population = np.log10(population + 1)
    most, own_names, largest_own = (
        np.repeat(taken.reduceat(values, firsts), sizes)
        for taken, values in (
            (np.maximum, population),
            (np.add, own_name),
            (np.maximum, np.where(own_name > 0, log_population, -1.0)),
        )
    )
    features = {
        "prior": np.array([c.score for c in found]),
        "rank": np.arange(len(found)) - np.repeat(firsts, sizes).astype(float),
        "log_population": log_population,
        "population_share": population / np.maximum(most, 1.0),
        "log_radius": np.log10([max(p.radius_km, 0.1) for p in places]),
        "reviewed": np.array([p.reviewed for p in places], dtype=float),
        "approximate": np.array([p.approximate for p in places], dtype=float),
        "country_code": np.array([c.startswith("PCL") for c in codes], dtype=float),
        "same_name": np.array(
            [p.name.casefold() == name for p, name in zip(places, names, strict=True)], dtype=float
        ),
        "alike": np.concatenate([_alike(sense) for sense in senses]),
        # "Berea" is a name of Aleppo, too, and the own name of ten towns.
        "own_names": own_names,
        "larger_than_own": log_population - largest_own,
    }
    features |= _features_of_names(senses, sizes)
    features |= _marks("is", codes, _CODES)
    features |= _marks("is", [p.feature_class for p in places], _KINDS)
    return features | _marks("match", [c.match for c in found], _MATCHES)


def _features_of_names(senses: Sequence[Sense], sizes: Numbers) -> dict[str, Array]:
    """Describe what all candidates of a name have in common."""
    values: dict[str, Any] = {
        "candidates": np.log2(sizes),
        "mentions": [float(min(len(sense.mentions), 9)) for sense in senses],
        "settlement_said": [float(sense.settlement) for sense in senses],
        "first_offset": np.log10([sense.starts[0] + 10 for sense in senses]),
        "length": [float(len(sense.lookup)) for sense in senses],
    }
    return {name: np.repeat(value, sizes) for name, value in values.items()}


def _marks(prefix: str, values: Sequence[str], names: Sequence[str]) -> dict[str, Array]:
    """Tell for each name which values it is."""
    numbers = {name: number for number, name in enumerate(names)}
    found = np.array([numbers.get(value, -1) for value in values])
    table = (found == np.arange(len(names))[:, None]).astype(float)
    return {f"{prefix}_{name}": row for name, row in zip(names, table, strict=True)}


def _alike(sense: Sense) -> Array:
    """Give the share of letter pairs that a name and each place's own name have in common."""
    own = _pairs(sense.lookup)
    names = [c.place.name for c in sense.candidates]
    values = {name: len(own & _pairs(name)) / len(own | _pairs(name)) for name in set(names)}
    return np.array([values[name] for name in names])


@lru_cache(maxsize=4096)
def _pairs(name: str) -> frozenset[str]:
    marked = f"^{name.casefold()}$"
    return frozenset(marked[i : i + 2] for i in range(len(marked) - 1))


def _containment_features(
    senses: Sequence[Sense], held: Sequence[Sequence[Place | None]], sizes: Numbers
) -> dict[str, Array]:
    boxes = [box for own in held for box in own]
    inside = np.array([box is not None for box in boxes], dtype=float)
    elsewhere = _held_elsewhere(senses, held)
    return {
        "held": inside,
        "held_by_country": np.array(
            [box is not None and box.feature_code.startswith("PCL") for box in boxes], dtype=float
        ),
        "held_by_region": np.array(
            [box is not None and box.feature_code == "ADM1" for box in boxes], dtype=float
        ),
        "other_is_held": _largest(inside, sizes) - inside,
        "has_container": np.repeat([float(bool(sense.within)) for sense in senses], sizes),
        "held_elsewhere": elsewhere,
        "other_held_elsewhere": _largest(elsewhere, sizes) - elsewhere,
    }


def _largest(values: Array, sizes: Numbers) -> Array:
    """Give for each value the largest of those of its name."""
    firsts = (np.cumsum(sizes) - sizes)[sizes > 0]
    found: Array = np.repeat(np.maximum.reduceat(values, firsts), sizes[sizes > 0])
    return found


def _held_elsewhere(senses: Sequence[Sense], held: Sequence[Sequence[Place | None]]) -> Array:
    """Tell which candidates of a name without container a container of its twin holds.

    What a container says of one sense it says of no other that has its own: "Portland, Maine,
    and Portland, Oregon".
    """
    told: dict[str, Array] = {}
    for sense, boxes in zip(senses, held, strict=True):
        if sense.within:
            inside = np.array([box is not None for box in boxes], dtype=float)
            told[sense.lookup] = np.maximum(told.get(sense.lookup, 0.0), inside)
    return np.concatenate(
        [
            np.zeros(len(sense)) if sense.within else told.get(sense.lookup, np.zeros(len(sense)))
            for sense in senses
        ]
    )
