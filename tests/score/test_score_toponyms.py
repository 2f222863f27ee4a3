from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from score_builders import BROVARY, KHARKIV, KYIV, extracted, gold_toponym, place, toponym

from geomap.errors import GoldError
from geomap.score import evaluate, read_gold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "Kyiv and the Kharkiv region fight on, Moscow believes. The West watches Kyiv."
K2 = TEXT.rindex("Kyiv")
GOLD = [
    gold_toponym("Kyiv", 0, KYIV, place="Kyiv"),
    gold_toponym("Kharkiv region", 13, KHARKIV, place="Kharkiv Oblast", radius_km=130),
    gold_toponym("Moscow", 38, (37.6156, 55.7522), reading="metonymic"),
    gold_toponym("West", 59, None, reading="metonymic"),
    gold_toponym("Kyiv", K2, KYIV, place="Kyiv"),
]
FOUND = (
    toponym(0, "Kyiv", 0, place("Brovary", *BROVARY)),  # 20 km off: right
    toponym(1, "Kharkiv", 13, place("Kyiv", *KYIV)),  # overlaps; 412 km off: wrong
    toponym(2, "Moscow", 38, None),  # found, read wrongly, not placed
    toponym(3, "West", 59, None, reading="metonymic"),  # NIL kept NIL
    toponym(4, "believes", 45, place("Kyiv", *KYIV)),  # spurious
)


def test_hand_computed(write_gold: Callable[..., Path]) -> None:
    scores = evaluate([extracted(TEXT, FOUND)], read_gold(write_gold(GOLD))).toponyms
    assert scores.overlap.to_dict() == {
        "precision": 0.8,
        "recall": 0.8,
        "f1": 0.8,
        "matched": 4,
        "predicted": 5,
        "gold": 5,
    }
    assert scores.strict.matched == 3
    assert scores.reading_accuracy == 0.75
    assert (scores.placeable, scores.placeable_found, scores.placed_right) == (4, 3, 1)
    assert scores.accuracy_km == {10: 0, 25: 0.25, 161: 0.25}
    assert scores.median_km == pytest.approx((20 + 411.8) / 2, abs=0.5)
    assert scores.nil_accuracy == 1.0
    # Two placed mentions, both with confidence 1, one right.
    assert scores.calibration_error == 0.5
    # Names: Kyiv, Kharkiv region, Moscow, West found; "believes" found in vain.
    assert (scores.names.precision, scores.names.recall) == (0.8, 1.0)


def test_lists_say_what_went_wrong(write_gold: Callable[..., Path]) -> None:
    lists = evaluate([extracted(TEXT, FOUND)], read_gold(write_gold(GOLD))).toponyms.lists()
    assert len(lists["missed"]) == 1
    assert lists["missed"][0].startswith(f"a {K2}-{K2 + 4}: ")
    assert "watches [Kyiv]." in lists["missed"][0]
    assert len(lists["spurious"]) == 1
    assert "[believes]" in lists["spurious"][0]
    assert any("expected Kharkiv Oblast, found Kyiv (UA), 412 km" in s for s in lists["misplaced"])
    assert any("found no place" in s for s in lists["misplaced"])
    assert any("expected metonymic, found literal" in s for s in lists["misread"])


def test_two_finds_on_one_mention_match_once(write_gold: Callable[..., Path]) -> None:
    found = (
        toponym(0, "Kharkiv", 13, place("Kharkiv", *KHARKIV)),
        toponym(1, "Kharkiv region", 13, place("Kharkiv Oblast", *KHARKIV)),
        toponym(2, "region", 21, None),
    )
    scores = evaluate([extracted(TEXT, found)], read_gold(write_gold(GOLD[1:2]))).toponyms
    assert (scores.overlap.matched, scores.overlap.predicted) == (1, 3)
    # The same span is preferred, and the region's own radius holds.
    assert (scores.strict.matched, scores.placed_right) == (1, 1)


def test_corpus_that_annotates_some_mentions_has_no_precision(
    write_gold: Callable[..., Path],
) -> None:
    gold = replace(read_gold(write_gold(GOLD[:1])), complete=False)
    scores = evaluate([extracted(TEXT, FOUND)], gold).toponyms
    assert scores.overlap.predicted is None
    assert scores.overlap.precision is None
    assert scores.overlap.recall == 1
    assert scores.lists()["spurious"] == []


def test_gold_without_an_article_is_an_error(write_gold: Callable[..., Path]) -> None:
    gold = read_gold(write_gold([*GOLD[:1], gold_toponym("Kyiv", 0, KYIV, doc="b")]))
    with pytest.raises(GoldError, match=r"no article for the gold of 'b'.*got 'a'"):
        evaluate([extracted(TEXT)], gold)


def test_one_document_and_one_prediction_are_paired(write_gold: Callable[..., Path]) -> None:
    gold = read_gold(write_gold(GOLD))
    assert evaluate([extracted(TEXT, FOUND, id_="article")], gold).toponyms.overlap.matched == 4


def test_another_text_is_an_error(write_gold: Callable[..., Path]) -> None:
    gold = read_gold(write_gold(GOLD))
    with pytest.raises(GoldError, match="the very text"):
        evaluate([extracted(" " + TEXT)], gold)


def test_predictions_without_gold_are_listed_not_scored(write_gold: Callable[..., Path]) -> None:
    gold = read_gold(write_gold(GOLD))
    scores = evaluate([extracted(TEXT, FOUND), extracted("Kyiv", FOUND[:1], id_="z")], gold)
    assert scores.unscored == ("z",)
    assert scores.toponyms.overlap.predicted == 5
    assert "not scored: z" in scores.table()
