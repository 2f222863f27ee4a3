"""What speaks for each candidate of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from toponym_builders import candidate, country, mention, place, region, sense

from geomap.geometry import distance_km
from geomap.toponyms.context import NAMES_AROUND, _gaps
from geomap.toponyms.ranking import (
    containers_of_sense,
    features_of_senses,
    held_by,
    surroundings_of,
)
from geomap.toponyms.resolution import first_guess
from geomap.toponyms.senses import senses_of
from geomap.weights import load_trees

if TYPE_CHECKING:
    from geomap.records import Candidate
    from geomap.toponyms.senses import Sense

ILLINOIS = region("Illinois", -89, 40, country="US")
IN_ILLINOIS = place(
    "Springfield", -89.65, 39.8, country="US", admin1="Illinois", population=114_000
)
IN_MISSOURI = place("Springfield", -93.3, 37.2, country="US", admin1="Missouri", population=170_000)
SPRINGFIELD = (candidate(IN_MISSOURI, 0.6), candidate(IN_ILLINOIS, 0.55))
CHICAGO = place("Chicago", -87.65, 41.85, country="US", admin1="Illinois", population=2_700_000)


def described(senses: tuple[Sense, ...], number: int = 0) -> dict[str, np.ndarray]:
    names = {s.lookup: s.candidates for s in senses}
    held = [held_by(s, containers_of_sense(s, names)) for s in senses]
    guesses = [first_guess(s, h) for s, h in zip(senses, held, strict=True)]
    features = features_of_senses(senses, held, surroundings_of(senses, guesses))
    end = sum(map(len, senses[: number + 1]))
    return {name: values[end - len(senses[number]) : end] for name, values in features.items()}


def senses(
    *names: tuple[str, tuple[Candidate, ...]], within: tuple[str, ...] = ()
) -> tuple[Sense, ...]:
    mentions = [
        mention(name, 20 * number, within=within if not number else ())
        for number, (name, _) in enumerate(names)
    ]
    return senses_of(mentions, dict(names))


def test_a_container_holds_the_candidates_inside_it() -> None:
    found = described(
        senses(("Springfield", SPRINGFIELD), ("Illinois", (candidate(ILLINOIS),)),
               within=("Illinois",))
    )  # fmt: skip
    assert found["held"].tolist() == [0, 1]
    assert found["held_by_region"].tolist() == [0, 1]
    assert found["held_by_country"].tolist() == [0, 0]
    assert found["other_is_held"].tolist() == [1, 0]
    assert found["has_container"].tolist() == [1, 1]


def test_a_mistranslation_contains_nothing() -> None:
    one = sense("Sumy", (candidate(place("Sumy")),), within=("Grocery",))
    balakliia = candidate(place("Balakliia"), match="mt")
    assert containers_of_sense(one, {"Grocery": (balakliia,)}) == ()
    assert containers_of_sense(one, {}) == ()


def test_names_of_the_region_and_country_around_speak_for_a_candidate() -> None:
    found = described(senses(("Springfield", SPRINGFIELD), ("Illinois", (candidate(ILLINOIS),))))
    assert found["admin1_named"].tolist() == [0, 1]
    assert found["admin1_share"][1] > found["admin1_share"][0] == 0
    assert found["country_share"][0] == found["country_share"][1] > 0
    nation = described(
        senses(("Springfield", SPRINGFIELD), ("America", (candidate(country("America", "US")),)))
    )
    assert nation["country_named"].tolist() == [1, 1]
    assert nation["log_nearest"].tolist() == pytest.approx(
        [np.log10(20_001)] * 2
    )  # countries lie nowhere


def test_the_nearer_candidate_is_closer_on_every_scale() -> None:
    found = described(senses(("Springfield", SPRINGFIELD), ("Chicago", (candidate(CHICAGO),))))
    for scale in (30, 150, 800):
        assert found[f"close_{scale}"][1] > found[f"close_{scale}"][0]
    apart = distance_km(IN_ILLINOIS.lon, IN_ILLINOIS.lat, CHICAGO.lon, CHICAGO.lat)
    assert 10 ** found["log_nearest"][1] - 1 == pytest.approx(apart, rel=0.006)
    assert found["close_150_gap"][1] == -found["close_150_gap"][0] > 0


def test_a_town_with_the_name_as_its_own_stands_out_from_a_city_with_it_as_another() -> None:
    berea = place("Berea", -84.3, 37.6, country="US", population=15_000)
    aleppo = place("Aleppo", 37.2, 36.2, country="SY", population=1_500_000)
    found = described(senses(("Berea", (candidate(aleppo, 0.7, "alias"), candidate(berea, 0.6)))))
    assert found["alike"].tolist() == [0.0, 1.0]
    assert found["alike_gap"].tolist() == [-1.0, 1.0]
    assert found["own_names"].tolist() == [1, 1]
    assert found["larger_than_own"].tolist() == pytest.approx([2.0, 0.0], abs=1e-3)


def test_names_far_off_in_the_text_are_not_near_in_it() -> None:
    near = senses_of([mention("Springfield"), mention("Chicago", 300)],
                     {"Springfield": SPRINGFIELD, "Chicago": (candidate(CHICAGO),)})  # fmt: skip
    far = senses_of([mention("Springfield"), mention("Chicago", 3000)],
                    {"Springfield": SPRINGFIELD, "Chicago": (candidate(CHICAGO),)})  # fmt: skip
    assert described(near)["near_text_150"][1] > 0
    assert described(far)["near_text_150"].tolist() == [0, 0]
    assert described(far)["close_150"].tolist() == described(near)["close_150"].tolist()


def test_the_same_place_under_another_name_is_no_neighbour() -> None:
    found = described(senses(("Kiev", (candidate(CHICAGO),)), ("Kyiv", (candidate(CHICAGO),))))
    assert found["close_30"].tolist() == [0]


def test_a_name_that_is_held_elsewhere_in_the_text_tells_its_twin() -> None:
    mentions = [mention("Springfield"), mention("Springfield", 50, within=("Illinois",)),
                mention("Illinois", 63)]  # fmt: skip
    made = senses_of(mentions, {"Springfield": SPRINGFIELD, "Illinois": (candidate(ILLINOIS),)})
    found = described(made, 0)
    assert found["held_elsewhere"].tolist() == [0, 1]
    assert found["other_held_elsewhere"].tolist() == [1, 0]
    assert found["others"][0] == pytest.approx(1)  # the twin is not counted, Illinois is


def test_what_a_candidate_is_by_itself() -> None:
    capital = place("Kyiv", feature_code="PPLC", population=3_000_000, reviewed=True)
    found = described((sense("kyiv", (candidate(capital, 0.9), candidate(place("Kyivka"), 0.1))),))
    assert found["is_PPLC"].tolist() == [1, 0]
    assert found["is_P"].tolist() == [1, 1]
    assert found["same_name"].tolist() == [1, 0]
    assert found["reviewed"].tolist() == [1, 0]
    assert found["rank"].tolist() == [0, 1]
    assert found["population_share"].tolist() == pytest.approx([1, 1 / 300])
    assert found["candidates"].tolist() == [1, 1]
    assert found["prior_gap"].tolist() == pytest.approx([0.8, -0.8])
    assert found["log_nearest"].tolist() == pytest.approx([np.log10(20_000)] * 2, abs=1e-4)


def test_a_table_of_names_looks_so_far_around_and_no_farther() -> None:
    names = [(f"Name{n}", (candidate(place(f"Name{n}", 20 + n / 100)),)) for n in range(400)]
    found = described(senses(*names), 200)
    assert 2 ** found["others"][0] - 1 == pytest.approx(2 * NAMES_AROUND)
    assert 2 ** described(senses(*names[:100]), 50)["others"][0] - 1 == pytest.approx(99)


@pytest.mark.parametrize(
    ("some", "others", "gap"),
    [
        ([5], [9], 4),
        ([9], [5], 4),
        ([0, 100], [40, 99], 1),
        ([7], [1, 7, 9], 0),
        ([50], [1, 2], 48),
    ],
)
def test_the_gap_between_two_names(some: list[int], others: list[int], gap: int) -> None:
    assert _gaps(np.array(some), [others, some]).tolist() == [gap, 0]
    assert _gaps(np.array(others), [others, some]).tolist() == [0, gap]


def test_a_feature_is_told_by_what_the_row_says() -> None:
    near = place("Lysa Hora", approximate=True, feature_class="T", population=0, radius_km=0.01)
    state = country("Georgia", "GE")
    found = described((sense("georgia", (candidate(near), candidate(state, match="alias"))),))
    assert found["approximate"].tolist() == [1, 0]
    assert found["country_code"].tolist() == [0, 1]
    assert found["log_population"].tolist() == pytest.approx([0, np.log10(10_001)])
    assert found["log_radius"].tolist() == pytest.approx([-1, np.log10(400)])
    assert found["match_alias"].tolist() == [0, 1]
    assert found["match_exact"].tolist() == [1, 0]
    assert found["is_T"].tolist() == [1, 0]
    assert found["same_name"].tolist() == [0, 1]


def test_where_no_candidate_has_the_name_as_its_own_all_are_larger() -> None:
    aleppo = place("Aleppo", population=999)
    found = described((sense("Berea", (candidate(aleppo, match="alias"),)),))
    assert found["own_names"].tolist() == [0]
    assert found["larger_than_own"].tolist() == pytest.approx([3 + 1])


def test_what_all_candidates_of_a_name_have_in_common() -> None:
    mentions = [
        mention("Sumy", 90, settlement=True),
        *(mention("Sumy", 100 + n) for n in range(12)),
    ]
    (made,) = senses_of(mentions, {"Sumy": (candidate(place("Sumy")), candidate(place("Suma")))})
    found = described((made,))
    assert found["mentions"].tolist() == [9, 9]
    assert found["settlement_said"].tolist() == [1, 1]
    assert found["first_offset"].tolist() == pytest.approx([2, 2])
    assert found["length"].tolist() == [4, 4]
    assert described((sense("Sumy", (candidate(place("Sumy")),)),))["settlement_said"] == [0]


def test_every_feature_of_the_model_is_given() -> None:
    found = described(senses(("Springfield", SPRINGFIELD), ("Chicago", (candidate(CHICAGO),))))
    assert set(load_trees("resolver").features) <= set(found)


def test_only_so_many_candidates_of_a_name_stand_for_it() -> None:
    many = tuple(candidate(place("A", 20 + n), 0.9 - n / 100) for n in range(6))
    around = surroundings_of(
        senses(("A", many), ("B", (candidate(CHICAGO),))),
        [np.array([0.1, 0.3, 0.05, 0.3, 0.05, 0.2]), np.array([1.0])],
    )
    assert around.sense.tolist() == [0, 0, 0, 1]
    assert around.weight.tolist() == [0.3, 0.3, 0.2, 1.0]
    assert around.place.tolist() == [*(many[n].place.id for n in (1, 3, 5)), CHICAGO.id]


def test_a_container_far_off_holds_by_its_own_list_and_a_hill_by_distance() -> None:
    hill = place("Hill", -89.65, 39.8, country="US", feature_class="T", radius_km=4.0)
    boxes = (ILLINOIS, hill)
    one = sense("Springfield", SPRINGFIELD, within=("Illinois", "Hill"))
    assert held_by(one, boxes) == [None, ILLINOIS]
    assert held_by(one, (hill,)) == [None, hill]


def test_shares_are_of_the_other_names_and_one() -> None:
    home = {"admin1": "Sumy Oblast", "admin2": "Sumy Raion"}
    names = [(f"N{n}", (candidate(place(f"N{n}", 30.0 + n / 1000, **home)),)) for n in range(4)]
    found = described(senses(*names))
    for share in ("country_share", "admin1_share", "admin2_share"):
        assert found[share].tolist() == pytest.approx([3 / 4])
    assert found["others"].tolist() == pytest.approx([2])
    assert found["admin1_count"].tolist() == found["country_count"].tolist() == [3]
    # Three at hand come to one on average, however near.
    assert found["close_800"][0] == found["near_text_800"][0] == pytest.approx(1, abs=0.001)
    assert found["sum_800"][0] == pytest.approx(3, abs=0.001)
    (alone,) = described(senses(*names[:2]))["near_text_800"]
    assert alone == pytest.approx(1, abs=0.001)
