"""Measures of resolution, against values computed by hand."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from score_builders import BROVARY, KHARKIV, KYIV, place, toponym

from geomap.score.gold import GoldToponym
from geomap.score.resolution import MAX_ERROR_KM, area_under_error_curve, score_resolution
from geomap.score.toponyms import calibration_error, pair_mention

ERRORS = st.lists(st.floats(0, MAX_ERROR_KM), min_size=1, max_size=30)


def mention(
    answer: tuple[float, float] | None, *, confidence: float = 1.0, **more: object
) -> object:
    gold = GoldToponym(start=0, end=4, text="Kyiv", lon=KYIV[0], lat=KYIV[1], **more)
    at = place("x", *answer) if answer else None
    return pair_mention("a", "Kyiv", gold, toponym(0, "Kyiv", 0, at, confidence=confidence))


def test_hand_computed() -> None:
    # 20 km, 412 km, none; of the three two answers.
    scores = score_resolution([mention(BROVARY), mention(KHARKIV), mention(None)])
    assert (scores.gold, scores.answered) == (3, 2)
    assert scores.accuracy_km == {10: 0.0, 25: 0.3333, 161: 0.3333}
    assert scores.median_km == pytest.approx(216, abs=1)
    assert scores.median_all_km == pytest.approx(412, abs=1)
    assert scores.mean_all_km == pytest.approx((20 + 412 + 20039) / 3, abs=1)
    # Trapezoids over three sorted points: ((a + b) / 2 + (b + c) / 2) / (2 c).
    a, b, c = math.log1p(20.0), math.log1p(411.8), math.log1p(20039)
    assert scores.auc == pytest.approx((a + 2 * b + c) / (4 * c), abs=2e-3)
    assert scores.calibration_error == 0.5


def test_right_depends_on_the_radius_and_ids_are_compared() -> None:
    near = mention(KHARKIV, radius_km=500, geonameid=7)
    scores = score_resolution([near, mention(KYIV)])
    assert (scores.right, scores.accuracy_km[161]) == (1.0, 0.5)
    assert (scores.with_id, scores.same_id) == (1, 0.0)
    assert (scores.calibration_error, scores.calibration_error_161) == (0.0, 0.5)


def test_nothing_to_score() -> None:
    nil = pair_mention("a", "Kyiv", GoldToponym(start=0, end=4, text="Kyiv"), None)
    values = score_resolution([nil]).to_dict()
    assert (values["gold"], values["answered"], values["auc"]) == (0, 0, None)
    assert values["accuracy_km"] == {"10": None, "25": None, "161": None}


@given(ERRORS)
def test_area_lies_between_none_and_all(errors: list[float]) -> None:
    area = area_under_error_curve(errors)
    assert area is not None
    assert 0 <= area <= 1
    assert area == area_under_error_curve(list(reversed(errors)))


@given(ERRORS, st.floats(0, MAX_ERROR_KM))
def test_area_does_not_fall_when_an_error_grows(errors: list[float], more: float) -> None:
    grown = [max(errors[0], more), *errors[1:]]
    assert area_under_error_curve(grown) >= area_under_error_curve(errors)


@pytest.mark.parametrize(("errors", "area"), [([], None), ([0.0], 0.0), ([MAX_ERROR_KM], 1.0)])
def test_area_at_its_ends(errors: list[float], area: float | None) -> None:
    assert area_under_error_curve(errors) == area


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_calibration_error_is_a_share(answers: list[tuple[float, bool]]) -> None:
    error = calibration_error(answers)
    assert error is not None
    assert 0 <= error <= 1


def test_calibration_error_of_the_extremes() -> None:
    assert calibration_error([]) is None
    assert calibration_error([(1.0, True), (0.0, False)]) == 0.0
    assert calibration_error([(1.0, False)]) == 1.0
    overconfident = [calibration_error([(c, False)]) for c in (0.2, 0.5, 0.9)]
    assert all(less < more for less, more in pairwise(overconfident))
