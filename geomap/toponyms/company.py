"""The company that a candidate keeps: which other names of the text may be its neighbours.

"Paris and Henry County" are in Tennessee, though neither is the largest of its
name: of all pairs only these two lie together. The likeliest candidates of the
other names, which :mod:`geomap.toponyms.ranking` weighs, do not show that. So
each other name stands here for any of its candidates, the one that suits best
(spatial minimality, Leidner 2007; the county that holds a town, Lieberman &
Samet 2012).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geomap.toponyms.senses import distances_km

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geomap.toponyms.senses import Sense

    Array = NDArray[np.float64]
    Numbers = NDArray[np.int64]
    Marks = NDArray[np.bool_]

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
    """All candidates of all names, one a row; texts are numbered, -1 is none."""

    sense: Numbers
    lookup: Numbers
    lon: Array
    lat: Array
    admin1: Numbers
    admin2: Numbers
    place: Numbers
    is_district: Marks
    is_spot: Marks
    stands: Marks
    weight: Array

    def __getitem__(self, which: slice | Marks) -> _Rows:
        """Give some of the rows."""
        return _Rows(*(getattr(self, field.name)[which] for field in fields(self)))


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
    rows = _rows(senses)
    ends = np.cumsum([0, *map(len, senses)])
    for first in range(0, len(senses), BLOCK):
        last = min(first + BLOCK, len(senses))
        low, high = max(0, first - NAMES_AROUND), min(last + NAMES_AROUND, len(senses))
        around = rows[ends[low] : ends[high]]
        table = _company(rows[ends[first] : ends[last]], around[around.stands])
        for start, end in pairwise(ends[first : last + 1] - ends[first]):
            yield dict(zip(COMPANY, table[:, start:end], strict=True))


def _rows(senses: Sequence[Sense]) -> _Rows:
    sizes = [len(sense) for sense in senses]
    numbers: dict[str, int] = {"": -1}
    found = [c for sense in senses for c in sense.candidates]
    codes = [c.place.feature_code for c in found]
    scores = np.array([c.score for c in found])
    stands, best = np.ones(len(found), dtype=bool), np.zeros(len(found))
    start = 0
    for size in sizes:
        own = scores[start : start + size]
        if size:
            best[start : start + size] = own.max()
        if size > MOST_STANDING:
            stands[start + np.argsort(-own, kind="stable")[MOST_STANDING:]] = False
        start += size
    return _Rows(
        sense=np.repeat(np.arange(len(senses)), sizes),
        lookup=np.repeat(_numbered([s.lookup for s in senses], numbers), sizes),
        lon=np.concatenate([np.zeros(0), *(s.lon for s in senses)]),
        lat=np.concatenate([np.zeros(0), *(s.lat for s in senses)]),
        admin1=_numbered([n for s in senses for n in s.admin1.tolist()], numbers),
        admin2=_numbered([n for s in senses for n in s.admin2.tolist()], numbers),
        place=_numbered([c.place.id for c in found], numbers),
        is_district=np.array([code == "ADM2" for code in codes], dtype=bool),
        is_spot=np.array([_is_spot(code) for code in codes], dtype=bool),
        stands=stands,
        weight=np.exp((scores - best) / PRIOR_SCALE),
    )


def _numbered(texts: Sequence[str], numbers: dict[str, int]) -> Numbers:
    """Give a number for each text: numbers are compared faster."""
    return np.array([numbers.setdefault(t, len(numbers)) for t in texts], dtype=np.int64)


def _is_spot(code: str) -> bool:
    """Tell whether a place is small enough that its point says what is near."""
    return code not in {"ADM1", "CONT"} and not code.startswith("PCL")


def _company(own: _Rows, others: _Rows) -> Array:
    if not len(own.lon) or not len(others.lon):
        return np.zeros((len(COMPANY), len(own.lon)))
    starts = np.flatnonzero(np.r_[True, others.sense[1:] != others.sense[:-1]])
    # A name keeps itself no company, nor does the place itself under another name.
    kept = own.lookup[:, None] != others.lookup[starts]
    weight = np.where(own.place[:, None] == others.place, 0.0, others.weight)
    solid = weight * others.is_spot
    apart = distances_km(own.lon, own.lat, others.lon, others.lat)
    district = weight * _same(own.admin2, others.admin2)
    parts = (
        solid * np.exp(-apart / NEAR_KM),
        solid * np.exp(-apart / AROUND_KM),
        district,
        district * (own.is_district[:, None] | others.is_district),
        weight * _same(own.admin1, others.admin1),
    )
    best = np.maximum.reduceat(np.array(parts), starts, axis=2)
    found: Array = np.minimum((best * kept).sum(axis=2), MOST_COMPANY)
    return found


def _same(names: Numbers, others: Numbers) -> Marks:
    found: Marks = (names[:, None] == others) & (names[:, None] >= 0)
    return found
