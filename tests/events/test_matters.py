"""Whether a text tells of a conflict is told by all its words, not by those of war."""

from __future__ import annotations

import pytest

from geomap.events.matters import (
    FEWEST_WORDS,
    conflict_likelihood,
    is_of_conflict,
    matter_features,
    matter_words,
    paragraphs_of,
    reaches_of,
    stretches,
)

REPORT = (
    "Shells hit the northern districts at dawn, wounding six residents, the regional governor "
    "said. Troops on the ridge had been trying to reach the road since Monday, and soldiers "
    "repelled two attacks near the bridge. Rescuers were pulling bodies from the rubble."
)
MATCH = (
    "The visitors laid siege to the goal after the break. Their captain fired twice from the "
    "edge of the box, the keeper beat away a barrage of crosses, and the home defence, cut off "
    "from its own midfield, surrendered the league title four minutes before the whistle."
)
EXERCISE = (
    "Reservists stormed an empty school during the exercise. A blank shell announced the "
    "attack, cadets played the wounded, and umpires with white armbands decided who had been "
    "captured. The scenario ends on Friday, when visitors may inspect the equipment."
)


def test_words_of_war_do_not_make_a_text_one_of_war() -> None:
    assert is_of_conflict(conflict_likelihood(REPORT), worded=True)
    assert not is_of_conflict(conflict_likelihood(MATCH), worded=True)
    assert not is_of_conflict(conflict_likelihood(EXERCISE), worded=True)


def test_a_long_paragraph_on_another_matter_changes_nothing() -> None:
    report = f"{REPORT} {REPORT}"
    assert len(report.split()) >= FEWEST_WORDS
    likely = conflict_likelihood(report)
    assert conflict_likelihood(f"{report}\n{MATCH} {MATCH}") == likely
    assert conflict_likelihood(f"{MATCH} {MATCH}\n\n{report}") == likely


@pytest.mark.parametrize("text", ["", " \n\t\n", "12 345", "Київ обстріляли вночі."])
def test_what_has_no_english_word_is_of_no_conflict(text: str) -> None:
    assert not is_of_conflict(conflict_likelihood(text), worded=False)


def test_no_name_decides() -> None:
    assert matter_words("Troops left Kherson for Odesa.") == {"troops", "left", "for"}
    assert matter_words("MISSILES HIT A DEPOT") == {"missiles", "hit", "a", "depot"}
    assert matter_words("In 1812 and 1943, not in 1999.") == {"in", "and", "not", "#18", "#194"}


def test_a_short_paragraph_is_read_with_those_around_it() -> None:
    short, long = "Two words.", "word " * FEWEST_WORDS
    assert list(reaches_of([short, long, short])) == [(0, 2), (1, 2), (1, 3)]
    assert list(reaches_of([short, short])) == [(0, 2), (0, 2)]
    assert paragraphs_of("one\n\n two\n") == [(0, 3), (5, 9)]
    assert list(stretches("One two.\n\nThree four.")) == [{"one", "two", "three", "four"}] * 2


def test_unknown_words_change_nothing() -> None:
    known = frozenset("abcdefghi")
    few, many = frozenset("ab"), known | {"unheard"}
    assert matter_features(few, known) == {"a": 8**-0.5, "b": 8**-0.5}
    assert matter_features(many, known) == dict.fromkeys("abcdefghi", 1 / 3)
