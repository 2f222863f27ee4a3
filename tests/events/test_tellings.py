"""Words that are looked at again in the light of the others of their text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.events.tellings import (
    CLOSE,
    FAR,
    FARTHEST,
    LEAST_CHANCE,
    REACH,
    Standing,
    Word,
    likelihoods,
    types_asked,
    word_features,
)
from geomap.events.verdicts import Verdicts


def standing(token: int, *, sentence: int = 0, paragraph: int = 0, **more: Any) -> Standing:
    at: dict[str, Any] = {
        "head": None, "children": (), "conjuncts": (), "part": "VERB", "dependency": "ROOT",
        "start": token, "end": token + 9, "places": (FAR, FAR, 0), "literal": (FAR, FAR, 0),
        "last": FARTHEST,
    }  # fmt: skip
    return Standing(token=token, sentence=sentence, paragraph=paragraph, **(at | more))


def word(
    at: Standing, *, strike: float = 0.0, talks: float = 0.0, lemma: str = "hit", ruled: str = ""
) -> Word:
    chances = {"none": 1.0 - strike - talks, "strike": strike, "talks": talks}
    rules = tuple(ruled.split())
    verdicts = Verdicts(possible=rules, fulfilled=dict.fromkeys(rules, False))
    return Word(lemma, at, chances, verdicts, war=True, other_matter=False, conflict=0.9)


def features(words: list[Word]) -> list[dict[str, dict[str, float]]]:
    return list(word_features(words))


def test_only_likely_types_and_those_of_the_rules_are_asked_for() -> None:
    assert types_asked(word(standing(0), strike=0.4, talks=LEAST_CHANCE)) == ["strike", "talks"]
    assert types_asked(word(standing(0), strike=LEAST_CHANCE / 2)) == []
    assert types_asked(word(standing(0), strike=0.001, ruled="talks")) == ["talks"]
    # A user's own type, which no model knows, stays with the rules.
    assert types_asked(word(standing(0), strike=0.4, ruled="piracy")) == ["strike"]


def test_the_words_of_the_sentence_and_of_those_beside_it_are_seen() -> None:
    words = [
        word(standing(3, sentence=0), strike=0.1),
        word(standing(20, sentence=1), strike=0.2),
        word(standing(30, sentence=1), strike=0.9),
        word(standing(33, sentence=1), strike=0.5),
        word(standing(50, sentence=2), strike=0.3),
        word(standing(70, sentence=3), strike=0.8),
    ]
    seen = features(words)[2]["strike"]
    assert seen["chance"] == 0.9
    assert (seen["type_before"], seen["type_behind"]) == (0.2, 0.5)
    assert (seen["type_close_before"], seen["type_close_behind"]) == (0.0, 0.5)
    assert (seen["type_sentence_before"], seen["type_sentence_behind"]) == (0.1, 0.3)
    assert seen["type_highest"] == 0.8


def test_the_paragraph_before_the_sentence_is_seen() -> None:
    words = [
        word(standing(3, sentence=0, paragraph=0), strike=0.9),
        word(standing(20, sentence=1, paragraph=1), strike=0.4),
        word(standing(30, sentence=2, paragraph=1), strike=0.1),
        word(standing(40, sentence=3, paragraph=1), strike=0.5),
    ]
    assert features(words)[3]["strike"]["type_paragraph_before"] == 0.4


def test_what_hangs_on_a_word_and_what_it_hangs_on_is_seen() -> None:
    words = [
        word(standing(2), strike=0.6),
        word(standing(5, head=2, children=(7, 8), conjuncts=(8,)), strike=0.5, talks=0.1),
        word(standing(8, head=5), strike=0.2, talks=0.3),
    ]
    seen = features(words)[1]
    assert seen["strike"]["type_head"] == 0.6
    assert seen["strike"]["type_children"] == 0.2  # token 7 is no word in question
    assert seen["talks"]["type_conjuncts"] == 0.3
    assert seen["talks"]["event_children"] == pytest.approx(0.5)


def test_the_same_word_elsewhere_is_seen() -> None:
    words = [
        word(standing(2), strike=0.6),
        word(standing(30, sentence=1), strike=0.4),
        word(standing(60, sentence=2), strike=0.9, lemma="shell"),
        word(standing(90, sentence=3), strike=0.2),
    ]
    seen = features(words)
    assert seen[0]["strike"]["type_alike"] == pytest.approx(0.3)
    assert seen[0]["strike"]["type_alike_highest"] == 0.4
    assert seen[2]["strike"]["type_alike"] == -1.0


def test_nothing_grows_with_the_length_of_a_text() -> None:
    paragraph = [
        (3, 0, "hit", 0.8), (20, 1, "shell", 0.1), (30, 1, "burn", 0.4), (45, 2, "hit", 0.6)
    ]  # fmt: skip
    words = [
        word(standing(token + 60 * n, sentence=s + 3 * n, paragraph=n), strike=p, lemma=lemma)
        for n in range(40)
        for token, s, lemma, p in paragraph
    ]
    short, long = features(words[:40])[21]["strike"], features(words)[21]["strike"]
    assert short.keys() == long.keys()
    assert all(long[name] == pytest.approx(short[name], abs=0.02) for name in long)


def test_words_of_another_matter_change_nothing() -> None:
    words = [
        word(standing(2), strike=0.6),
        word(standing(30, sentence=1), strike=0.4, lemma="shell"),
    ]
    idle = [
        word(standing(300 + n, sentence=9 + n, paragraph=5), strike=0.01, lemma=f"play{n}")
        for n in range(20)
    ]
    assert features([*words, *idle])[0] == features(words)[0]


def test_likelihoods_are_given_for_what_is_asked_alone() -> None:
    words = [word(standing(2), strike=0.9, ruled="strike"), word(standing(5), strike=0.001)]
    likely, unlikely = likelihoods(words, tokens=400)
    assert likely.keys() == {"strike"}
    assert 0.0 < likely["strike"] < 1.0
    assert unlikely == {}
    assert likelihoods([], tokens=400) == []


def test_what_the_model_is_sure_of_is_likelier() -> None:
    at = standing(2, places=(FAR, 3, 1), literal=(FAR, 3, 1))
    [sure] = likelihoods([word(at, strike=0.95, ruled="strike")], tokens=400)
    [unsure] = likelihoods([word(at, strike=0.05, ruled="")], tokens=400)
    assert sure["strike"] > unsure["strike"]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 6),  # tokens from the word before
            st.booleans(),  # whether a sentence begins
            st.booleans(),  # whether a paragraph begins with it
            st.sampled_from([0.0, 0.1, 0.2, 0.4, 0.7]),
            st.sampled_from(["hit", "shell"]),
        ),
        max_size=2 * REACH,
    )
)
def test_neighbours_are_those_of_a_plain_search(
    rows: list[tuple[int, bool, bool, float, str]],
) -> None:
    words: list[Word] = []
    token = sentence = paragraph = 0
    for step, opens, begins, chance, lemma in rows:
        token += step
        sentence += opens
        paragraph += opens and begins
        at = standing(token, sentence=sentence, paragraph=paragraph)
        words.append(word(at, strike=chance, lemma=lemma, ruled="strike"))
    for number, seen in enumerate(features(words)):
        own = words[number].standing
        expected = {
            "type_before": [n for n in range(number) if _beside(words, n, own, 0)],
            "type_close_behind": [
                n
                for n in range(number + 1, len(words))
                if _beside(words, n, own, 0) and words[n].standing.token <= own.token + CLOSE
            ],
            "type_sentence_before": [n for n in range(number) if _beside(words, n, own, -1)],
        }
        for name, numbers in expected.items():
            near = numbers[-REACH:] if name != "type_close_behind" else numbers[:REACH]
            highest = max((words[n].chances["strike"] for n in near), default=0.0)
            assert seen["strike"][name] == highest, name


def _beside(words: list[Word], number: int, own: Standing, step: int) -> bool:
    return words[number].standing.sentence == own.sentence + step
