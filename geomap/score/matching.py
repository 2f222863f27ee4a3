"""One-to-one matching, geodesic distance, and the counts behind P, R and F1."""

from __future__ import annotations

import functools
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Counts", "assign", "distance_km", "snippet", "tolerance_km"]

# The least distance within which a place counts as right (project plan,
# section 5): representative points of one city differ by that much.
LEAST_TOLERANCE_KM = 25.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many matched, out of how many found and how many there are.

    ``predicted`` is ``None`` where the gold annotates only some of the
    mentions: then only recall has a meaning.

    Examples
    --------
    >>> Counts(matched=3, predicted=4, gold=6).f1
    0.6
    """

    matched: int
    predicted: int | None
    gold: int

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right; ``None`` when nothing was found."""
        return self.matched / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Share of the gold that was found; ``None`` when the gold is empty."""
        return self.matched / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean, ``2 * matched / (predicted + gold)``; ``None`` when both are empty."""
        if self.predicted is None or not self.predicted + self.gold:
            return None
        return 2 * self.matched / (self.predicted + self.gold)

    def to_dict(self) -> dict[str, Any]:
        """Give the counts and the three measures, rounded to four places."""
        measures = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        rounded = {
            name: None if value is None else round(value, 4) for name, value in measures.items()
        }
        return {
            **rounded,
            "matched": self.matched,
            "predicted": self.predicted,
            "gold": self.gold,
        }


def tolerance_km(radius_km: float | None) -> float:
    """Give the distance within which a place counts as right: ``max(25, radius_km)``."""
    return max(LEAST_TOLERANCE_KM, radius_km or 0.0)


def distance_km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Measure the geodesic distance on WGS 84.

    Parameters
    ----------
    lon, lat, other_lon, other_lat
        EPSG:4326 degrees.

    Returns
    -------
    float
        Kilometres.

    Examples
    --------
    >>> round(distance_km(30.5238, 50.4547, 36.2548, 49.9818))  # Kyiv to Kharkiv
    412
    """
    return float(_geod().inv(lon, lat, other_lon, other_lat)[2]) / 1000


@functools.cache
def _geod() -> Any:
    # Loaded at first use: PROJ takes a tenth of a second, and help needs none of it.
    from pyproj import Geod  # noqa: PLC0415

    return Geod(ellps="WGS84")


def assign(costs: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """Match as many as can be matched one to one, at the least total cost.

    Successive cheapest augmenting paths (Edmonds & Karp 1972, section 1.2):
    each path raises the number of pairs by one and keeps the cost least for
    that number. Whole numbers, so that rounding can never make a cycle pay.

    Parameters
    ----------
    costs
        Cost of each admissible pair ``(left, right)``; pairs that are not
        listed cannot be matched.

    Returns
    -------
    dict of int to int
        Left to right; empty when no pair is admissible.

    Examples
    --------
    >>> sorted(assign({(0, 0): 1, (0, 1): 9, (1, 0): 2}).items())  # two pairs beat one cheap one
    [(0, 1), (1, 0)]
    """
    matched: dict[int, int] = {}
    owner: dict[int, int] = {}
    while path := _cheapest_path(costs, matched, owner):
        for left, right in path:
            matched[left] = right
            owner[right] = left
    return matched


def _cheapest_path(
    costs: Mapping[tuple[int, int], int],
    matched: Mapping[int, int],
    owner: Mapping[int, int],
) -> list[tuple[int, int]]:
    edges: dict[int, list[tuple[int, int]]] = {}
    for (left, right), cost in costs.items():
        edges.setdefault(left, []).append((right, cost))
    reached = {left: 0 for left in edges if left not in matched}
    came_by: dict[int, tuple[int, int]] = {}
    goal: tuple[int, int, int] | None = None
    queue = deque(reached)
    while queue:
        left = queue.popleft()
        for right, cost in edges[left]:
            total = reached[left] + cost
            if right not in owner:
                goal = min(goal or (total, left, right), (total, left, right))
                continue
            rival = owner[right]
            total -= costs[rival, right]
            if rival != left and total < reached.get(rival, total + 1):
                reached[rival] = total
                came_by[rival] = (left, right)
                queue.append(rival)
    return [] if goal is None else _walk_back(goal[1], goal[2], came_by)


def _walk_back(
    left: int, right: int, came_by: Mapping[int, tuple[int, int]]
) -> list[tuple[int, int]]:
    path = [(left, right)]
    while left in came_by:
        left, right = came_by[left]
        path.append((left, right))
    return path


def snippet(doc: str, text: str, start: int, end: int, *, width: int = 40) -> str:
    """Show a span in its context, on one line, for the lists of errors.

    Parameters
    ----------
    doc
        Id of the article.
    text
        Text of the article; may be empty, then only the offsets are shown.
    start, end
        The span, half-open character offsets.
    width
        Characters of context on either side.

    Examples
    --------
    >>> snippet("a", "the road to Kyiv is open", 12, 16, width=8)
    'a 12-16: "road to [Kyiv] is open"'
    """
    if not text:
        return f"{doc} {start}-{end}"
    before = " ".join(text[max(0, start - width) : start].split())
    after = " ".join(text[end : end + width].split())
    span = " ".join(text[start:end].split())
    gap = " " if start and text[start - 1 : start].isspace() else ""
    tail = " " if text[end : end + 1].isspace() else ""
    return f'{doc} {start}-{end}: "{before}{gap}[{span}]{tail}{after}"'
