"""Of which types a word tells, by the models, the rules, and what its text is about."""

from __future__ import annotations

from typing import Any

import pytest

from geomap.events.signs import about_war
from geomap.events.triggers import types_likely
from geomap.pipeline import extract
from geomap.records import Article

MATCH = (
    "The visitors laid siege to Kharkiv's goal after the break, their captain fired twice "
    "from the edge of the box, and a barrage of crosses hit the near post. The keeper beat "
    "away the last of them, limped off and was surrounded by photographers. It was the fourth "
    "defeat in a row for the home side, which had sold its best scorer to a club in Turin "
    "during the summer and had not won a match since. Their coach said after the whistle that "
    "nobody in the dressing room had any excuse, and that he would speak with the chairman on "
    "Monday about the January window, the wages of the younger players and the state of the "
    "pitch, which had been relaid only in May."
)


def test_a_rule_lowers_what_is_asked_of_the_models() -> None:
    assert types_likely({"strike": 0.3}, []) == []
    assert types_likely({"strike": 0.3}, ["strike"]) == ["strike"]
    assert types_likely({"strike": 0.1}, ["strike"]) == []


def test_a_word_may_tell_of_two_events() -> None:
    likely = {"strike": 0.8, "civilian_casualties": 0.7, "assault": 0.1}
    assert types_likely(likely, []) == ["strike", "civilian_casualties"]
    assert types_likely(likely, [], untold=True) == ["strike", "civilian_casualties"]
    assert types_likely({}, ["strike"]) == []


def test_in_a_message_that_does_not_tell_the_models_must_be_surer() -> None:
    assert types_likely({"strike": 0.5}, ["strike"], untold=True) == []
    assert types_likely({"strike": 0.7}, [], untold=True) == ["strike"]


def test_a_message_is_not_held_to_be_about_another_matter() -> None:
    assert list(about_war(war=False, message=False)) == ["war=False"]
    assert list(about_war(war=False, message=True)) == []
    assert list(about_war(war=True, message=True)) == ["war=True"]


@pytest.mark.slow
def test_what_a_text_is_about_decides_of_its_words(nlp: Any) -> None:
    shelled = "Shells fell on Kharkiv."
    alone = extract(Article(id="alone", text=shelled), nlp=nlp)
    assert [one.type for one in alone.events] == ["strike"]
    match = extract(Article(id="match", text=MATCH), nlp=nlp)
    assert not match.events
