"""Mentions gathered into senses, and distances between their candidates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toponym_builders import candidate, country, mention, place, region

from geomap.geometry import distance_km
from geomap.toponyms.senses import distances_km, district_path, region_path, senses_of

POINT = st.tuples(st.floats(-180, 180), st.floats(-89.9, 89.9))


def test_all_mentions_of_a_name_are_one_sense() -> None:
    found = {"Sumy": (candidate(place("Sumy")),)}
    (only,) = senses_of([mention("Sumy", 0), mention("Sumy", 90, evidence=0.5)], found)
    assert (only.lookup, only.mentions, only.starts) == ("Sumy", (0, 1), (0, 90))
    assert only.evidence == 1.0
    assert len(only) == 1


def test_different_containers_part_senses() -> None:
    mentions = [
        mention("Springfield", 0, within=("Ill.",)),
        mention("Springfield", 40, within=("Mo.",)),
        mention("Springfield", 80, within=("Ill.",)),
    ]
    assert [s.mentions for s in senses_of(mentions, {})] == [(0, 2), (1,)]


def test_senses_come_in_the_order_of_the_text_and_may_be_empty() -> None:
    senses = senses_of([mention("B", 0), mention("A", 5), mention("B", 9)], {})
    assert [s.lookup for s in senses] == ["B", "A"]
    assert [len(s) for s in senses] == [0, 0]
    assert senses[0].lon.shape == (0,)
    assert senses_of([], {}) == ()


def test_a_noun_at_one_mention_counts_for_the_sense() -> None:
    (only,) = senses_of([mention("Sumy"), mention("Sumy", 9, settlement=True)], {})
    assert only.settlement


@pytest.mark.parametrize(
    ("where", "first", "second"),
    [
        (place("Sumy", admin1="Sumy Oblast", admin2="Sumy raion"),
         "UA:Sumy Oblast", "UA:Sumy Oblast:Sumy raion"),
        (region("Sumy Oblast"), "UA:Sumy Oblast", ""),
        (place("Sumy raion", admin1="Sumy Oblast", feature_code="ADM2"),
         "UA:Sumy Oblast", "UA:Sumy Oblast:Sumy raion"),
        (country("Ukraine", "UA"), "", ""),
        (place("Black Sea", country=None), "", ""),
        (place("Reef", country=None, admin1="Reefs", admin2="East"), ":Reefs", ":Reefs:East"),
        (place("Lone", admin2="East"), "", "UA::East"),
    ],
)  # fmt: skip
def test_paths_of_regions(where: object, first: str, second: str) -> None:
    assert region_path(where) == first  # type: ignore[arg-type]
    assert district_path(where) == second  # type: ignore[arg-type]


@given(st.lists(POINT, min_size=1, max_size=4), st.lists(POINT, min_size=1, max_size=4))
def test_distances_are_those_of_the_ellipsoid_within_a_half_percent(
    some: list[tuple[float, float]], others: list[tuple[float, float]]
) -> None:
    one, two = np.radians(np.array(some)), np.radians(np.array(others))
    found = distances_km(one[:, 0], one[:, 1], two[:, 0], two[:, 1])
    assert found.shape == (len(some), len(others))
    for row, (lon, lat) in enumerate(some):
        for column, (other_lon, other_lat) in enumerate(others):
            exact = distance_km(lon, lat, other_lon, other_lat)
            assert found[row, column] == pytest.approx(exact, rel=0.006, abs=0.001)
