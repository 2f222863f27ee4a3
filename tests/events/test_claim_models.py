"""Rules and models of claims side by side: whose answer stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.events.acts import family_of
from geomap.events.claimants import Claimant, decided
from geomap.events.claims import chosen, factuality_of, mood_by
from geomap.records import Attribution
from geomap.weights.wide import Wide, load_wide

if TYPE_CHECKING:
    from geomap.events.moods import Mood
    from geomap.records import Factuality

SOMEBODY = Attribution(speaker="Oleh Kiper", organisation=None, side=None, verb="say")


def _model(classes: tuple[str, ...], **weights: list[float]) -> Wide:
    return Wide(
        classes=classes,
        words=frozenset(),
        intercepts=np.zeros(len(classes), np.float32),
        rows={name: place for place, name in enumerate(weights)},
        table=np.array(list(weights.values()), np.float32),
    )


@pytest.mark.parametrize(("weight", "place"), [(0.0, 0), (0.3, 0), (0.5, 1)])
def test_the_speaker_of_the_rules_stands_unless_it_is_unlikely(weight: float, place: int) -> None:
    itself = Claimant(None, ["plain"], by_rule=True)
    other = Claimant(SOMEBODY, ["told", "told", "unknown"])
    assert chosen([itself, other], _model(("speaker",), told=[weight])) == place


def test_a_claimant_alone_is_believed() -> None:
    assert chosen([Claimant(None, [], by_rule=True)], _model(("speaker",), told=[9.0])) == 0


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
def test_somebody_speaks_when_that_is_likelier(chances: list[float]) -> None:
    place = decided(chances)
    assert (place > 0) == (sum(chances[1:]) > chances[0])
    assert place == 0 or chances[place] == max(chances[1:])


@pytest.mark.parametrize(("weight", "mood"), [(0.0, "real"), (0.3, "real"), (0.5, "planned")])
def test_the_mood_of_the_rules_stands_unless_it_is_unlikely(weight: float, mood: Mood) -> None:
    model = _model(("real", "planned"), due=[0.0, weight])
    assert mood_by(["due", "due"], "real", model) == mood


@pytest.mark.parametrize(
    ("mood", "said", "quoted", "factuality"),
    [
        ("real", None, False, "asserted"),
        ("real", None, True, "claimed"),
        ("real", SOMEBODY, False, "claimed"),
        ("not", None, True, "negated"),
        ("not", SOMEBODY, False, "denied"),
        ("planned", SOMEBODY, False, "planned"),
        ("possible", None, False, "possible"),
    ],
)
def test_mood_and_speaker_make_the_factuality(
    mood: Mood, said: Attribution | None, *, quoted: bool, factuality: Factuality
) -> None:
    assert factuality_of(mood, said, quoted=quoted) == factuality


def test_the_models_are_of_the_form() -> None:
    assert load_wide("speakers").classes == ("speaker",)
    assert set(load_wide("moods").classes) == {"real", "not", "planned", "possible"}
    assert not any("\n" in sign for sign in load_wide("moods").rows)


def test_all_mentions_of_a_speaker_are_one_family() -> None:
    body = Attribution(speaker=None, organisation="General Staff", side="UA", verb=None)
    assert (family_of(SOMEBODY), family_of(body), family_of(None)) == ("Kiper", "general staff", "")
