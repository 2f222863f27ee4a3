"""What the other names of a text say for each candidate: shared regions, nearness.

All candidates of some names are weighed in one table, for small arrays cost
more to make than to fill.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geomap.toponyms.senses import distances_km

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geomap.toponyms.ranking import Surroundings
    from geomap.toponyms.senses import Sense

    Array = NDArray[np.float64]
    Marks = NDArray[np.bool_]

__all__ = ["NAMES_AROUND", "context_of"]

# Scales on which nearness counts: a town's surroundings, a region, a country.
SCALES_KM = (30.0, 150.0, 800.0)
# Names this close in the text speak for one another (about three sentences).
NEAR_CHARACTERS = 400
# So many names before and behind speak for a name. No article of the development corpora has
# more; in a table of places the time would otherwise grow with the square of its length.
NAMES_AROUND = 150
# Names are taken together in blocks: with more the tables outgrow the processor's cache.
BLOCK = 32
_FAR_KM = 20_000.0
# A candidate that is more likely than this counts as a known place of the text.
_LIKELY = 0.3
# More names in the same region than this tell no more.
_MOST = 9.0


def context_of(senses: Sequence[Sense], around: Surroundings) -> Iterator[dict[str, Array]]:
    """Describe what the other names of an article say for each candidate.

    Parameters
    ----------
    senses
        All names of the article.
    around
        The likeliest candidates of each, in the order of the names.

    Yields
    ------
    dict
        For each name in turn the features, one value a candidate.
    """
    numbers: dict[str, int] = {}
    lookups = np.array([numbers.setdefault(s.lookup, len(numbers)) for s in senses])
    for first in range(0, len(senses), BLOCK):
        last = min(first + BLOCK, len(senses))
        low, high = max(0, first - NAMES_AROUND), min(last + NAMES_AROUND, len(senses))
        others = around[slice(*np.searchsorted(around.sense, [low, high]))]
        heard = lookups[first:last, None] != lookups[others.sense]
        heard &= np.abs(np.arange(first, last)[:, None] - others.sense) <= NAMES_AROUND
        near = np.array([_near_in_text(s, senses[low:high]) for s in senses[first:last]])
        near = near[:, others.sense - low]
        table = _table(senses[first:last], others, heard, near)
        ends = np.cumsum([0, *(len(sense) for sense in senses[first:last])])
        for start, end in pairwise(ends):
            yield {name: values[start:end] for name, values in table.items()}


def _table(
    senses: Sequence[Sense], around: Surroundings, heard: Marks, near: Marks
) -> dict[str, Array]:
    """Give the features of all candidates of a block of names, one after the other."""
    own = np.repeat(np.arange(len(senses)), [len(sense) for sense in senses])
    weight = (around.weight * heard)[own]
    total = weight.sum(axis=1)
    country, admin1, admin2 = (
        weight * _same([getattr(sense, level) for sense in senses], getattr(around, level))
        for level in ("country", "admin1", "admin2")
    )
    counts = {"country": country.sum(axis=1), "admin1": admin1.sum(axis=1)}
    features = {
        "others": np.log2(1 + total),
        "country_share": counts["country"] / (total + 1),
        "admin1_share": counts["admin1"] / (total + 1),
        "admin2_share": admin2.sum(axis=1) / (total + 1),
        "country_named": (country * around.is_country).max(axis=1, initial=0.0),
        "admin1_named": (admin1 * around.is_region).max(axis=1, initial=0.0),
        "admin2_named": (admin2 * around.is_district).max(axis=1, initial=0.0),
        "admin1_count": np.minimum(counts["admin1"], _MOST),
        "country_count": np.minimum(counts["country"], _MOST),
    }
    # The place itself under another name says nothing of where it lies.
    itself = np.array([c.place.id for s in senses for c in s.candidates], dtype=np.str_)
    solid = weight * ~(around.is_country | around.is_region)
    solid[itself[:, None] == around.place] = 0.0
    lon, lat = (_joined([getattr(sense, name) for sense in senses]) for name in ("lon", "lat"))
    apart = distances_km(lon, lat, around.lon, around.lat)
    return features | _nearness(apart, solid, solid * near[own])


def _nearness(apart: Array, solid: Array, near_text: Array) -> dict[str, Array]:
    features = {}
    sums, near_sums = (np.maximum(w.sum(axis=1), 1.0) for w in (solid, near_text))
    for scale in SCALES_KM:
        closeness = np.exp(-apart / scale)
        close = (closeness * solid).sum(axis=1)
        features[f"close_{scale:.0f}"] = close / sums
        features[f"sum_{scale:.0f}"] = np.minimum(close, _MOST)
        features[f"near_text_{scale:.0f}"] = (closeness * near_text).sum(axis=1) / near_sums
    likely = np.where(solid > _LIKELY, apart, _FAR_KM)
    features["log_nearest"] = np.log10(likely.min(axis=1, initial=_FAR_KM) + 1)
    return features


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.zeros(0), *arrays])


def _same(names: Sequence[NDArray[np.str_]], others: NDArray[np.str_]) -> Marks:
    """Tell which texts are equal, and not empty; as numbers they are compared faster."""
    numbers: dict[str, int] = {"": -1}
    rows = [numbers.setdefault(n, len(numbers)) for part in names for n in part.tolist()]
    columns = [numbers.setdefault(n, len(numbers)) for n in others.tolist()]
    own = np.array(rows, dtype=np.int64)[:, None]
    found: Marks = (own == np.array(columns, dtype=np.int64)) & (own >= 0)
    return found


def _near_in_text(sense: Sense, others: Sequence[Sense]) -> Marks:
    """Tell which other names have a mention near one of this name."""
    found: Marks = _gaps(np.array(sense.starts), [o.starts for o in others]) <= NEAR_CHARACTERS
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
