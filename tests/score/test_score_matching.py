from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.score.matching import Counts, assign, distance_km, snippet, tolerance_km


@pytest.mark.parametrize(
    ("costs", "pairs"),
    [
        ({}, {}),
        ({(0, 0): 5}, {0: 0}),
        ({(0, 0): 5, (0, 1): 3}, {0: 1}),
        # Two pairs are better than the one cheapest pair.
        ({(0, 0): 0, (0, 1): 9, (1, 0): 9}, {0: 1, 1: 0}),
        # A chain of three has to be turned over.
        ({(0, 0): 0, (0, 1): 1, (1, 1): 0, (1, 2): 1, (2, 0): 0}, {0: 1, 1: 2, 2: 0}),
        # Equal number of pairs: the cheaper sum.
        ({(0, 0): 1, (0, 1): 2, (1, 0): 2, (1, 1): 9}, {0: 1, 1: 0}),
    ],
)
def test_assign(costs: dict[tuple[int, int], int], pairs: dict[int, int]) -> None:
    assert assign(costs) == pairs


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(0, 20), max_size=16
    )
)
def test_assign_agrees_with_trying_everything(costs: dict[tuple[int, int], int]) -> None:
    def best() -> tuple[int, int]:
        found = (0, 0)
        for size in range(1, 5):
            for edges in itertools.combinations(costs, size):
                if len({e[0] for e in edges}) == len({e[1] for e in edges}) == size:
                    found = min(found, (-size, sum(costs[e] for e in edges)))
        return found

    pairs = assign(costs)
    assert len(set(pairs.values())) == len(pairs)
    assert (-len(pairs), sum(costs[pair] for pair in pairs.items())) == best()


def test_distance_is_geodesic_and_lon_first() -> None:
    # One degree of longitude: 111.32 km at the equator, half of it at 60 degrees.
    assert distance_km(0, 0, 1, 0) == pytest.approx(111.32, abs=0.01)
    assert distance_km(30, 60, 31, 60) == pytest.approx(55.8, abs=0.1)
    assert distance_km(179.5, 0, -179.5, 0) == pytest.approx(111.32, abs=0.01)


@pytest.mark.parametrize(("radius", "tolerance"), [(None, 25), (5, 25), (130, 130)])
def test_tolerance(radius: float | None, tolerance: float) -> None:
    assert tolerance_km(radius) == tolerance


def test_counts() -> None:
    counts = Counts(matched=3, predicted=4, gold=6)
    assert (counts.precision, counts.recall, counts.f1) == (0.75, 0.5, 0.6)


def test_counts_of_nothing_are_unknown_not_zero() -> None:
    assert Counts(matched=0, predicted=0, gold=0).f1 is None
    assert Counts(matched=0, predicted=0, gold=2).f1 == 0
    assert Counts(matched=0, predicted=0, gold=2).precision is None
    partial = Counts(matched=1, predicted=None, gold=2)
    assert (partial.precision, partial.recall, partial.f1) == (None, 0.5, None)


def test_snippet_stays_on_one_line() -> None:
    assert snippet("a", "north\nof Kyiv,\nwhere", 9, 13) == 'a 9-13: "north of [Kyiv], where"'
    assert snippet("a", "", 9, 13) == "a 9-13"
