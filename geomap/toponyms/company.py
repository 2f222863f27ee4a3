"""The company that a candidate keeps: which other names of the text may be its neighbours.

"Paris and Henry County" are in Tennessee, though neither is the largest of its
name: of all pairs only these two lie together. The likeliest candidates of the
other names, which :mod:`geomap.toponyms.ranking` weighs, do not show that. So
each other name stands here for any of its candidates, the one that suits best
(spatial minimality, Leidner 2007; the county that holds a town, Lieberman &
Samet 2012).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomap.toponyms.senses import distances_km

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geomap.toponyms.senses import Sense

    Array = NDArray[np.float64]
    Names = NDArray[np.str_]

__all__ = ["COMPANY", "company_of"]

COMPANY = ("may_be_near", "may_be_around", "may_share_admin2", "may_be_seat", "may_share_admin1")

# So many candidates stand for another name, those of the highest prior. Of 12, 20 and 40 the
# right places across folds (LGL, three splits): .884, .887, .886.
MOST_STANDING = 20
# What a candidate counts beside the best of its name: exp(-difference of priors / this).
PRIOR_SCALE = 0.25
# Nearness: a town's surroundings, a region.
NEAR_KM, AROUND_KM = 40.0, 150.0
# Names are taken together in blocks; so many before and behind a block keep it company.
BLOCK = 16
NAMES_AROUND = 60
# More company than this tells no more.
MOST_COMPANY = 9.0


@dataclass(frozen=True, slots=True)
class _Rows:
    """Candidates of several names, one a row."""

    sense: NDArray[np.int64]
    lon: Array
    lat: Array
    admin1: Names
    admin2: Names
    place: Names
    is_district: NDArray[np.bool_]
    is_spot: NDArray[np.bool_]
    weight: Array


def company_of(senses: Sequence[Sense]) -> Iterator[dict[str, Array]]:
    """Describe which of the other names may lie with each candidate.

    Parameters
    ----------
    senses
        All names of the article.

    Yields
    ------
    dict
        For each name in turn the features :data:`COMPANY`, one value a candidate:
        how many other names (each up to 1, all up to 9) have a candidate within
        some 40 km, within some 150 km, in the same second-level district, as
        that district itself, in the same first-level region. Zeros where there
        is no other name.
    """
    for first in range(0, len(senses), BLOCK):
        block = senses[first : first + BLOCK]
        low = max(0, first - NAMES_AROUND)
        around = senses[low : first + BLOCK + NAMES_AROUND]
        table = _company(_rows(block), _rows(around, most=MOST_STANDING), _twins(block, around))
        used = 0
        for sense in block:
            own = table[:, used : used + len(sense)]
            used += len(sense)
            yield dict(zip(COMPANY, own, strict=True))


def _twins(block: Sequence[Sense], around: Sequence[Sense]) -> NDArray[np.bool_]:
    """Tell which names are the same: a name keeps itself no company."""
    return np.array([[s.lookup == o.lookup for o in around] for s in block], dtype=bool)


def _rows(senses: Sequence[Sense], *, most: int | None = None) -> _Rows:
    picked = [_picked(sense, most) for sense in senses]
    chosen = list(zip(senses, picked, strict=True))
    places = [s.candidates[i].place for s, rows in chosen for i in rows]
    scores = [np.array([s.candidates[i].score for i in rows]) for s, rows in chosen]
    weights = [np.exp((v - v.max()) / PRIOR_SCALE) for v in scores if len(v)]
    return _Rows(
        sense=np.repeat(np.arange(len(senses)), [len(rows) for rows in picked]),
        lon=np.concatenate([np.zeros(0), *(s.lon[rows] for s, rows in chosen)]),
        lat=np.concatenate([np.zeros(0), *(s.lat[rows] for s, rows in chosen)]),
        admin1=np.array([n for s, rows in chosen for n in s.admin1[rows]], dtype=np.str_),
        admin2=np.array([n for s, rows in chosen for n in s.admin2[rows]], dtype=np.str_),
        place=np.array([p.id for p in places], dtype=np.str_),
        is_district=np.array([p.feature_code == "ADM2" for p in places], dtype=bool),
        is_spot=np.array([_is_spot(p.feature_code) for p in places], dtype=bool),
        weight=np.concatenate([np.zeros(0), *weights]),
    )


def _is_spot(code: str) -> bool:
    """Tell whether a place is small enough that its point says what is near."""
    return code not in {"ADM1", "CONT"} and not code.startswith("PCL")


def _picked(sense: Sense, most: int | None) -> NDArray[np.int64]:
    if most is None or len(sense) <= most:
        return np.arange(len(sense))
    scores = np.array([c.score for c in sense.candidates])
    picked: NDArray[np.int64] = np.argsort(-scores, kind="stable")[:most]
    return picked


def _company(own: _Rows, others: _Rows, twins: NDArray[np.bool_]) -> Array:
    if not len(own.lon) or not len(others.lon):
        return np.zeros((len(COMPANY), len(own.lon)))
    starts = np.flatnonzero(np.r_[True, others.sense[1:] != others.sense[:-1]])
    kept = ~twins[own.sense[:, None], others.sense[starts][None, :]]
    # The place itself under another name says nothing of where it lies.
    weight = np.where(own.place[:, None] == others.place[None, :], 0.0, others.weight[None, :])
    apart = distances_km(own.lon, own.lat, others.lon, others.lat)
    solid = weight * others.is_spot[None, :]
    district = weight * _same(own.admin2, others.admin2)
    seat = own.is_district[:, None] | others.is_district[None, :]
    parts = (
        solid * np.exp(-apart / NEAR_KM),
        solid * np.exp(-apart / AROUND_KM),
        district,
        district * seat,
        weight * _same(own.admin1, others.admin1),
    )
    best = (np.maximum.reduceat(part, starts, axis=1) for part in parts)
    return np.array([np.minimum((part * kept).sum(axis=1), MOST_COMPANY) for part in best])


def _same(names: Names, others: Names) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (names[:, None] == others[None, :]) & (names[:, None] != "")
    return found
