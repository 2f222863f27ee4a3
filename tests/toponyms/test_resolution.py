"""Which place a name gets, and why, or why none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toponym_builders import candidate, country, mention, place, region

from geomap.lexicons import rules
from geomap.toponyms.resolution import (
    BEST,
    OUTSIDE_SHARE,
    _calibrated,
    _named_shares,
    _spot_share,
    _told_shares,
    first_guess,
    posteriors_of,
    resolve,
)
from geomap.toponyms.senses import senses_of

if TYPE_CHECKING:
    from geomap.records import Candidate
    from geomap.toponyms.resolution import Resolution

ILLINOIS = region("Illinois", -89, 40, country="US", population=12_000_000)
IN_ILLINOIS = place(
    "Springfield", -89.65, 39.8, country="US", admin1="Illinois", population=100_000
)
IN_MISSOURI = place("Springfield", -93.3, 37.2, country="US", admin1="Missouri", population=170_000)
SPRINGFIELD = (candidate(IN_MISSOURI, 0.6), candidate(IN_ILLINOIS, 0.5))
STATES = (candidate(country("United States", "US", -98, 39)),)
FOUND = {"Springfield": SPRINGFIELD, "Illinois": (candidate(ILLINOIS, 0.9),), "America": STATES}


def one(name: str, candidates: tuple[Candidate, ...], **options: Any) -> Resolution:
    (found,) = resolve([mention(name)], {name: candidates}, **options)
    return found


def test_containment_beats_population() -> None:
    springfield, _ = resolve(
        [mention("Springfield", within=("Illinois",)), mention("Illinois", 13)], FOUND
    )
    assert springfield.place == IN_ILLINOIS
    assert "the text places it in Illinois" in springfield.reason
    assert "the text names its region" in springfield.reason


def test_without_evidence_the_larger_place_is_likelier() -> None:
    assert one("Springfield", SPRINGFIELD).place == IN_MISSOURI


def test_the_same_name_may_have_two_senses_in_one_text() -> None:
    missouri = region("Missouri", -92, 38, country="US")
    names = FOUND | {"Missouri": (candidate(missouri, 0.9),)}
    mentions = [
        mention("Springfield", 0, within=("Illinois",)), mention("Illinois", 13),
        mention("Springfield", 50, within=("Missouri",)), mention("Missouri", 63),
    ]  # fmt: skip
    found = resolve(mentions, names)
    assert [r.place for r in found] == [IN_ILLINOIS, ILLINOIS, IN_MISSOURI, missouri]


def test_a_correction_is_taken_whatever_the_text_says() -> None:
    pinned = candidate(place("Springfield", 150, -33, country="AU"), 0.1, "pinned")
    (found, _) = resolve(
        [mention("Springfield", within=("Illinois",)), mention("Illinois", 13)],
        FOUND | {"Springfield": (*SPRINGFIELD, pinned)},
    )
    assert found.place == pinned.place
    assert found.candidates[0] is pinned
    assert found.confidence == 0.99


def test_an_unknown_name_has_no_place_and_says_so() -> None:
    found = one("Vyhadka", ())
    assert (found.place, found.confidence, found.candidates) == (None, 0.0, ())
    assert "no place called 'Vyhadka' is known" in found.reason


def test_below_the_limit_the_best_candidates_are_kept_without_a_place() -> None:
    sure = one("Springfield", SPRINGFIELD)
    found = one("Springfield", SPRINGFIELD, min_confidence=1.0)
    assert found.place is None
    assert found.candidates == sure.candidates
    assert found.confidence == sure.confidence
    assert "the likeliest would be Springfield" in found.reason


def test_the_limit_is_on_the_place_not_on_whether_it_is_a_name() -> None:
    (found,) = resolve([mention("Springfield", evidence=0.1)], FOUND, min_confidence=0.01)
    assert found.place == IN_MISSOURI
    assert found.confidence == pytest.approx(
        0.1 * one("Springfield", SPRINGFIELD).confidence, abs=1e-3
    )


def test_a_mistranslation_needs_a_container() -> None:
    kharkiv = region("Kharkiv Oblast", 36, 49.6)
    grocery = (candidate(place("Balakliia", 36.8, 49.5, admin1="Kharkiv Oblast"), 0.4, "mt"),)
    names = {"Grocery": grocery, "Kharkov region": (candidate(kharkiv, 0.9, "stem"),)}
    assert one("Grocery", grocery).place is None
    assert "unless the text puts it where" in one("Grocery", grocery).reason
    found, _ = resolve(
        [mention("Grocery", within=("Kharkov region",)), mention("Kharkov region", 9)], names
    )
    assert found.place == grocery[0].place


def test_a_note_is_told_once() -> None:
    noted = place("Lyman", note="called Krasnyi Lyman until 2016")
    assert one("Lyman", (candidate(noted),)).reason.endswith("; called Krasnyi Lyman until 2016")
    told = candidate(noted)
    twice = type(told)(place=noted, score=0.5, match="mt", reason=f"a mistake; {noted.note}")
    assert one("Lyman", (twice,)).reason.count("2016") <= 1


def test_no_more_than_the_best_few_are_told() -> None:
    many = tuple(candidate(place("Andriivka", 30 + n), 0.5 - n / 100) for n in range(9))
    found = one("Andriivka", many)
    assert len(found.candidates) == BEST
    assert found.place == found.candidates[0].place


def test_a_place_near_another_of_the_text_says_how_far() -> None:
    names = {
        "Sumy": (candidate(place("Sumy", 34.8, 50.9, population=260_000), 0.9),),
        "Trostianets": (candidate(place("Trostianets", 34.97, 50.48, population=20_000), 0.9),),
    }
    found, _ = resolve([mention("Sumy"), mention("Trostianets", 10)], names)
    assert "km from another place of the text" in found.reason


def test_every_mention_gets_an_answer_in_its_order() -> None:
    mentions = [mention("Illinois"), mention("Vyhadka", 10), mention("Illinois", 20)]
    found = resolve(mentions, FOUND)
    assert [r.place for r in found] == [ILLINOIS, None, ILLINOIS]
    assert resolve([], {}) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.integers(0, 5))
def test_the_first_guess_is_a_distribution_that_containment_leads(
    scores: list[float], which: int
) -> None:
    found = tuple(candidate(place("X", 30 + n), score) for n, score in enumerate(scores))
    (made,) = senses_of([mention("X")], {"X": found})
    guess = first_guess(made, [None] * len(found))
    assert guess.sum() == pytest.approx(1)
    assert guess[int(np.argmax(scores))] == guess.max()
    box = region("Box")
    held = [box if n == which else None for n in range(len(found))]
    if which < len(found):
        assert int(np.argmax(first_guess(made, held))) == which
    assert first_guess(senses_of([mention("Y")], {})[0], []).shape == (0,)


def test_confidence_grows_with_the_share_of_the_evidence() -> None:
    values = [_calibrated(share) for share in np.linspace(0, 1, 101)]
    assert values == sorted(values)
    assert 0 <= values[0] < 0.1
    assert values[-1] > 0.95
    table = rules("calibration")["resolution"]
    assert table["share"] == sorted(set(table["share"]))
    assert table["right"] == sorted(table["right"])


def test_a_name_is_no_evidence_for_itself() -> None:
    assert "names its region" not in one("Illinois", (candidate(ILLINOIS),)).reason
    twins = (candidate(place("Sumy", 34.8, 50.9), 0.6), candidate(place("Sumy", 34.9, 50.9), 0.6))
    assert "another place" not in one("Sumy", twins).reason


def test_the_point_of_a_country_or_region_is_not_near() -> None:
    here = (candidate(place("Sumy", 30.1, 50.0, admin1="Sumy Oblast")),)
    for name, other in (
        ("Ukraine", country("Ukraine", "UA")),
        ("Kyiv Oblast", region("Kyiv Oblast")),
    ):
        found, _ = resolve(
            [mention("Sumy"), mention(name, 9)], {"Sumy": here, name: (candidate(other, 0.9),)}
        )
        assert "another place" not in found.reason


@pytest.mark.parametrize(("lon", "told"), [(36.1, True), (36.3, False)])
def test_only_a_place_within_a_hundred_kilometres_is_told(lon: float, *, told: bool) -> None:
    names = {
        "Sumy": (candidate(place("Sumy", 34.8, 50.9)),),
        "Far": (candidate(place("Far", lon, 50.9)),),
    }
    found, _ = resolve([mention("Sumy"), mention("Far", 9)], names)
    assert ("km from another place" in found.reason) == told


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({}, OUTSIDE_SHARE),
        ({"country": "PL"}, 1.0),
        ({"population": 2_999}, 1.0),
        ({"population": 3_000}, OUTSIDE_SHARE),
        ({"feature_class": "H"}, 1.0),
    ],
)
def test_an_alias_counts_little_beside_a_town_of_that_name(
    changes: dict[str, Any], share: float
) -> None:
    values = {"population": 10_000, **changes}
    found = (
        candidate(place("Nikopol", population=10_000), match="alias"),
        candidate(place("Sloviansk", 31.0, **values)),
    )
    (made,) = senses_of([mention("Sloviansk")], {"Sloviansk": found})
    assert _named_shares(made).tolist() == [share, 1.0]


def test_what_the_text_places_in_a_region_counts_little_outside_and_in_a_city_as_before() -> None:
    city = place("Kyiv")
    assert _told_shares([None, ILLINOIS, None]).tolist() == [OUTSIDE_SHARE, 1, OUTSIDE_SHARE]
    assert _told_shares([None, country("Ukraine", "UA")]).tolist() == [OUTSIDE_SHARE, 1]
    assert _told_shares([None, city]).tolist() == [1, 1]
    assert _told_shares([None, None]).tolist() == [1, 1]


class Even:
    """Trees that give every candidate the same probability."""

    def columns(self, features: dict[str, np.ndarray], count: int) -> int:
        assert all(len(values) == count for values in features.values())
        return count

    def probabilities(self, count: int) -> np.ndarray:
        return np.arange(1, count + 1) / 10


def test_every_name_gets_the_probabilities_of_its_own_candidates() -> None:
    names = {
        "A": (candidate(place("A1", 20)), candidate(place("A2", 25))),
        "B": (candidate(place("B", 30)),),
        "C": (candidate(place("C", 35)),),
    }
    senses = senses_of([mention("A"), mention("B", 5), mention("C", 9)], names)
    held: list[list[None]] = [[None] * len(s) for s in senses]
    guesses = [first_guess(s, h) for s, h in zip(senses, held, strict=True)]
    found = posteriors_of(senses, held, guesses, trees=Even())  # type: ignore[arg-type]
    assert [values.tolist() for values in found] == [pytest.approx([0.1, 0.2]), [0.3], [0.4]]


def test_what_a_rule_takes_from_one_candidate_goes_to_the_others() -> None:
    (made,) = senses_of([mention("Springfield", within=("Illinois",))], FOUND)
    held = [None, ILLINOIS]
    (found,) = posteriors_of([made], [held], [first_guess(made, held)], trees=Even())  # type: ignore[arg-type]
    assert found.sum() == pytest.approx(0.3)
    assert found[0] / found[1] == pytest.approx(OUTSIDE_SHARE / 2)


def test_candidates_at_one_spot_are_sure_together() -> None:
    (made,) = senses_of(
        [mention("A")],
        {
            "A": tuple(
                candidate(place("A", lon, radius_km=r))
                for lon, r in ((30, 60), (30.4, 1), (30.6, 1))
            )
        },
    )
    share = np.array([0.4, 0.3, 0.2])
    # 28 km lie within half of its radius, 43 km do not; from the second only 14 km are near.
    assert _spot_share(made, share, 0) == pytest.approx(0.7)
    assert _spot_share(made, share, 1) == pytest.approx(0.5)
    assert _spot_share(made, np.array([0.9, 0.3, 0.2]), 0) == 1.0
