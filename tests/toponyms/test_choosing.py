"""Which of the proposals are chosen, and what overrules the trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toponym_builders import Lookup, candidate, place, region, tokens, towns

from geomap.toponyms.proposals import Proposal, propose
from geomap.toponyms.recognise import (
    SURE,
    SURNAME,
    THRESHOLD,
    THRESHOLD_AGAIN,
    choose,
    probabilities,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

guards = pytest.mark.usefixtures("trees")


def span(start: int, end: int, text: str = "X") -> Proposal:
    return Proposal(start, end, text, ())


@pytest.fixture
def trees(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the trees give every proposal the same probability, so that guards show alone."""

    def say(chance: float) -> None:
        class Same:
            def table(self, rows: Sequence[object]) -> int:
                return len(rows)

            def probabilities(self, size: int) -> np.ndarray:
                return np.full(size, chance)

        monkeypatch.setattr("geomap.toponyms.recognise.load_trees", lambda _name: Same())

    say(0.5)
    return say


def chances(text: str, gazetteer: Lookup) -> dict[str, float]:
    made = tokens(text)
    proposals = propose(made, gazetteer)  # type: ignore[arg-type]
    found = probabilities(proposals, made)
    return {p.text: chance for p, chance in zip(proposals, found, strict=True)}


def test_the_longer_name_wins_where_both_are_likely() -> None:
    short, long = span(0, 1, "Donetsk"), span(0, 2, "Donetsk region")
    assert choose([short, long], [0.99, 0.5]) == [(0.5, long)]
    assert choose([short, long], [0.99, THRESHOLD - 0.01]) == [(0.99, short)]


def test_of_two_of_one_length_the_likelier_wins() -> None:
    left, right = span(0, 2, "A B"), span(1, 3, "B C")
    assert choose([left, right], [0.6, 0.7]) == [(0.7, right)]


def test_a_name_that_was_accepted_is_taken_again_on_weaker_evidence() -> None:
    first, again, other = span(0, 1, "Sumy"), span(5, 6, "Sumy"), span(8, 9, "Lubny")
    weak = THRESHOLD_AGAIN + 0.01
    assert choose([first, again, other], [0.9, weak, weak]) == [(0.9, first), (weak, again)]
    assert choose([first, again], [weak, weak]) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 4), st.floats(0, 1)), max_size=25))
def test_what_is_chosen_never_overlaps_and_comes_in_order(
    drawn: list[tuple[int, int, float]],
) -> None:
    proposals = [span(start, start + size, f"{size}") for start, size, _ in drawn]
    chosen = choose(proposals, [chance for _, _, chance in drawn])
    assert all(chance >= THRESHOLD_AGAIN for chance, _ in chosen)
    ends = [p.end for _, p in chosen]
    assert all(end <= p.start for end, (_, p) in zip(ends, chosen[1:], strict=False))


@guards
def test_a_region_with_its_noun_is_sure() -> None:
    known = Lookup({"Sumy region": (candidate(region("Sumy Oblast")),)})
    assert chances("He spoke of the Sumy region.", known)["Sumy region"] >= SURE
    stem = Lookup({"Sumy region": (candidate(region("Sumy Oblast"), match="stem"),)})
    assert chances("He spoke of the Sumy region.", stem)["Sumy region"] < SURE


@guards
def test_a_reviewed_name_is_sure_unless_it_is_a_word_or_part_of_a_longer_name() -> None:
    known = towns("Lyman", "Reading", reviewed=True)
    assert chances("They took Lyman at dawn.", known)["Lyman"] >= SURE
    assert chances("They were Reading at dawn.", known)["Reading"] < SURE
    assert chances("They met Ivan Lyman at dawn.", known)["Lyman"] < SURE


@guards
def test_of_three_names_in_a_chain_one_may_be_unknown() -> None:
    text = "the road Sumy-Vyhadka-Lubny was cut"
    found = chances(text, towns("Sumy", "Lubny"))
    assert all(found[name] >= SURE for name in ("Sumy", "Vyhadka", "Lubny"))
    assert chances(text, towns("Sumy")).get("Vyhadka", 0.0) < SURE
    assert chances("the Sumy-Lubny road", towns("Sumy", "Lubny"))["Sumy"] < SURE


@guards
def test_a_bare_surname_is_no_town_unless_the_text_says_so() -> None:
    known = towns("Lincoln")
    bare = chances("They spoke about Lincoln again.", known)["Lincoln"]
    assert bare <= SURNAME
    assert chances("It rained in the town of Lincoln (Nebraska) again.", known)["Lincoln"] > bare
    large = towns("Lincoln", population=2_000_000)
    assert chances("They spoke about Lincoln again.", large)["Lincoln"] >= bare


@guards
def test_a_mistranslation_is_a_place_only_where_the_text_calls_it_one() -> None:
    found = (candidate(place("Balakliia"), match="mt"),)
    known = Lookup({"Grocery": found})
    closed = chances("The Grocery was closed.", known)
    assert closed == {"Grocery": SURNAME}
    assert chances("the city of Grocery fell", known)["Grocery"] >= SURE
    assert chances("It fell: Grocery (Kharkov region)", known)["Grocery"] >= SURE


def test_what_is_sure_is_no_less_sure_than_the_trees_say(trees: Callable[[float], None]) -> None:
    trees(0.999)
    known = Lookup({"Sumy region": (candidate(region("Sumy Oblast")),)})
    assert chances("He spoke of the Sumy region.", known)["Sumy region"] == 0.999
    trees(0.001)
    assert chances("They spoke about Lincoln.", towns("Lincoln"))["Lincoln"] == 0.001


def test_nothing_gives_nothing() -> None:
    assert probabilities((), tokens("")) == []
    assert choose((), ()) == []
