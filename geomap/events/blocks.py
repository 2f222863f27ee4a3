"""The blocks that reports of one event meet in: type, day, and cell of a grid or area.

Two reports that may be one share a block, so that each is compared with its
neighbours only and the work grows with the number of reports. No pair that
:func:`apart_km` accepts is lost by it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from geomap.geometry import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.events.reports import Key, Report, Spot
    from geomap.records import DateRange

    # Type, day, then either (is wide, row, column) of the grid or the id of an area.
    Block = tuple[str, int, tuple[bool, int, int] | str]

__all__ = ["Kept", "apart_km", "blocks_around", "blocks_of", "days_of", "put_in", "take_out"]

# Two points within it may stand for one event: the least tolerance of the scorer, less than
# the distance of neighbouring towns in the development corpora.
LEAST_TOLERANCE_KM = 10.0
LARGEST_TOLERANCE_KM = 40.0
# A range of more days than this is told of no day in particular: its first ones count.
LONGEST_RANGE_DAYS = 7
# Half a degree, 56 km from south to north: a look around 10 km meets two cells in the mean. In H3
# the ring that 40 km need has seven of 12,000 km², and merging takes half as long again for the
# same clusters (benchmarks/merge_growth.py --compare-h3).
CELL_DEG = 0.5
_COLUMNS = round(360 / CELL_DEG)
# The least length of a degree of latitude on the WGS 84 ellipsoid, and of one of longitude on
# the equator, rounded down: a look around never falls short.
_KM_A_DEG = 110.5
_ROUTE_ENDS = (("from",), ("to", "toward"))
_OF_ROUTES = frozenset({"from", "to", "toward"})


class Kept(Protocol):
    """Where clusters are kept; each is given once, whole and in order, to who first asks."""

    def with_head_in(self, block: Block) -> Iterable[tuple[Report, ...]]:
        """Give the clusters whose first report stands in a block."""
        ...

    def in_block(self, block: Block) -> Iterable[tuple[Report, ...]]:
        """Give the clusters that have a report in a block."""
        ...

    def of_article(self, article: str) -> Iterable[tuple[Report, ...]]:
        """Give the clusters that have a report of an article, by its id."""
        ...


def days_of(date: DateRange) -> range:
    """Give the days, as ordinals, on which a report may meet another."""
    first = date.start.toordinal()
    return range(first, min(date.end.toordinal(), first + LONGEST_RANGE_DAYS - 1) + 1)


def blocks_of(report: Report) -> tuple[Block, ...]:
    """Give the blocks that a report stands in; none when it joins nothing."""
    if not report.joins or report.date is None:
        return ()
    cells = dict.fromkeys(_cell_of(spot) for _, spot in report.places)
    return tuple((report.type, day, cell) for day in days_of(report.date) for cell in cells)


def blocks_around(report: Report) -> Iterator[Block]:
    """Give the blocks in which those stand that may be one with a report."""
    if not report.joins or report.date is None:
        return
    cells = dict.fromkeys(cell for _, spot in report.places for cell in _cells_around(spot))
    for day in days_of(report.date):
        for cell in cells:
            yield report.type, day, cell


def put_in(keys: list[Key], key: Key) -> int:
    """Put a key where it belongs in a sorted list and give its place."""
    if not keys or keys[-1] < key:
        keys.append(key)
        return len(keys) - 1
    at = bisect_left(keys, key)
    keys.insert(at, key)
    return at


def take_out(blocks: dict[Block, list[Key]], block: Block, key: Key) -> None:
    """Take a key out of a block, and the block away when it was the last."""
    keys = blocks[block]
    del keys[bisect_left(keys, key)]
    if not keys:
        del blocks[block]


def _cell_of(spot: Spot) -> tuple[bool, int, int] | str:
    # Areas are one by their identity alone.
    if spot.is_area:
        return spot.id
    return (
        _is_wide(spot),
        math.floor(spot.lat / CELL_DEG),
        _wrapped(math.floor(spot.lon / CELL_DEG)),
    )


def _wrapped(column: int) -> int:
    """Close the grid at the antimeridian."""
    return (column + _COLUMNS // 2) % _COLUMNS - _COLUMNS // 2


def _is_wide(spot: Spot) -> bool:
    return spot.radius_km > LEAST_TOLERANCE_KM


@lru_cache(maxsize=100_000)
def _cells_around(spot: Spot) -> tuple[tuple[bool, int, int] | str, ...]:
    """Give the cells within the tolerance of two places; a wide one is met from further off."""
    return (spot.id,) if spot.is_area else tuple(_near(spot))


def _near(spot: Spot) -> Iterator[tuple[bool, int, int]]:
    for wide in (False, True):
        reach = LARGEST_TOLERANCE_KM if wide or _is_wide(spot) else LEAST_TOLERANCE_KM
        north = reach / _KM_A_DEG
        # A degree of longitude is shortest where the circle is nearest to a pole.
        shrink = math.cos(math.radians(min(abs(spot.lat) + north, 90.0)))
        east = min(north / shrink, 180.0) if shrink > 0 else 180.0
        first, last = (math.floor((spot.lon + side) / CELL_DEG) for side in (-east, east))
        # Near a pole all columns are close.
        columns = range(first, min(last, first + _COLUMNS - 1) + 1)
        low, high = (math.floor((spot.lat + side) / CELL_DEG) for side in (-north, north))
        for row in range(low, high + 1):
            for column in columns:
                yield wide, row, _wrapped(column)


def apart_km(one: Report, other: Report) -> float | None:
    """Measure how far the places of two reports lie apart.

    Parameters
    ----------
    one, other
        Two reports with places.

    Returns
    -------
    float or None
        Kilometres, 0 for the same row of the gazetteer; of routes the sum over
        the ends that both give. ``None`` when the places are not the same.
    """
    if any(role in _OF_ROUTES for role, _ in (*one.places, *other.places)):
        return _route_apart(one.places, other.places)
    return min(
        (d for _, a in one.places for _, b in other.places if (d := _apart(a, b)) is not None),
        default=None,
    )


def _apart(one: Spot, other: Spot) -> float | None:
    if one.id == other.id:
        return 0.0
    if one.is_area or other.is_area:
        return None
    tolerance = min(max(LEAST_TOLERANCE_KM, one.radius_km, other.radius_km), LARGEST_TOLERANCE_KM)
    if abs(one.lat - other.lat) * _KM_A_DEG > tolerance:
        return None
    apart = distance_km(one.lon, one.lat, other.lon, other.lat)
    return apart if apart <= tolerance else None


def _route_apart(
    one: Sequence[tuple[str, Spot]], other: Sequence[tuple[str, Spot]]
) -> float | None:
    """Compare the ends of two routes; an end that one does not give fits any."""
    total, shared = 0.0, 0
    for ends in _ROUTE_ENDS:
        first = next((spot for role, spot in one if role in ends), None)
        second = next((spot for role, spot in other if role in ends), None)
        if first is None or second is None:
            continue
        apart = _apart(first, second)
        if apart is None:
            return None
        total, shared = total + apart, shared + 1
    return total if shared else None
