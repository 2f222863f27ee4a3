from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from score_builders import (
    BROVARY,
    KHARKIV,
    KYIV,
    event,
    extracted,
    gold_event,
    gold_place,
    place,
    said,
    toponym,
)

from geomap.records import DateRange, PlaceArgument, Sentence
from geomap.score import EventScores, evaluate, read_gold

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geomap.records import Event

TEXT = "x" * 200
TOPONYMS = (
    toponym(0, "Kyiv", 100, place("Kyiv", *KYIV)),
    toponym(1, "Kharkiv", 110, place("Kharkiv", *KHARKIV)),
    toponym(2, "Brovary", 120, place("Brovary", *BROVARY)),
    toponym(3, "Nowhere", 130, None),
)


@pytest.fixture
def score(write_gold: Callable[..., Path]) -> Callable[..., EventScores]:
    def run(gold: list[dict], *found: Event) -> EventScores:
        prediction = extracted(TEXT, TOPONYMS, found)
        scores = evaluate([prediction], read_gold(write_gold(events=gold))).events
        assert scores is not None
        return scores

    return run


def strike(point: tuple[float, float] = KYIV, name: str = "Kyiv", **more: Any) -> dict:
    return gold_event("strike", (10, 16), [gold_place(name, point)], **more)


@pytest.mark.parametrize(
    ("found", "matched"),
    [
        (event("strike", (10, 16), (0,)), 1),
        (event("strike", (10, 16), (2,)), 1),  # 20 km off
        (event("strike", (10, 16), (1,)), 0),  # 412 km off
        (event("strike", (10, 16), (3,)), 0),  # not placed
        (event("strike", (10, 16), (1, 0)), 1),  # one of its places is right
        (event("strike", (90, 96), (0,)), 1),  # another trigger, the right place
        (event("talks", (10, 16), (0,)), 0),  # another type
    ],
)
def test_matching_by_type_and_place(
    score: Callable[..., EventScores], found: Event, matched: int
) -> None:
    scores = score([strike()], found)
    assert (scores.core.matched, scores.core.predicted, scores.core.gold) == (matched, 1, 1)


def test_matching_is_one_to_one_and_complete(score: Callable[..., EventScores]) -> None:
    # Brovary lies near Kyiv and the first find could take either gold event.
    gold = [strike(), strike(BROVARY, "Brovary", start=40, end=46)]
    found = (event("strike", (40, 46), (0,)), event("strike", (70, 76), (0,)))
    assert score(gold, *found).core.matched == 2
    assert score(gold[:1], *found).core.matched == 1
    assert score(gold[:1], *found).core.precision == 0.5


def test_trigger_overlap_is_preferred_over_distance(score: Callable[..., EventScores]) -> None:
    near = event("strike", (60, 66), (0,), sentence=Sentence(start=50, end=99, text=""))
    same = event("strike", (10, 16), (2,), factuality="denied")
    scores = score([strike(factuality="denied")], near, same)
    assert scores.factuality == 1.0


@pytest.mark.parametrize(
    "gold",
    [
        gold_event("corridor", (10, 16), [gold_place("Ukraine", KYIV)], geometry="none"),
        gold_event("corridor", (10, 16), [gold_place("Nowhere", None)]),
        gold_event("corridor", (10, 16), [], geometry="none"),
    ],
)
def test_unplaced_gold_matches_by_trigger(score: Callable[..., EventScores], gold: dict) -> None:
    unplaced = {"geometry": None, "geometry_method": None}
    assert score([gold], event("corridor", (12, 20), (), **unplaced)).core.matched == 1
    assert score([gold], event("corridor", (16, 20), (), **unplaced)).core.matched == 0
    # Drawn though it has no place of its own: wrong.
    assert score([gold], event("corridor", (12, 20), (0,))).core.matched == 0


def test_types_and_core(score: Callable[..., EventScores]) -> None:
    gold = [strike(), gold_event("other", (30, 36), [gold_place("Kharkiv", KHARKIV)])]
    scores = score(gold, event("strike", (10, 16), (0,)), event("advance", (30, 36), (1,)))
    assert scores.core.f1 == 1.0
    assert (scores.core.predicted, scores.core.gold) == (1, 1)
    assert (scores.all.predicted, scores.all.gold) == (2, 1)
    assert scores.types["other"].gold == 1
    assert "talks" not in scores.types


def dated(year: int, month: int, day: int) -> DateRange:
    start = dt.date(year, month, day)
    return DateRange(start=start, end=start, precision="day")


@pytest.mark.parametrize(
    ("gold", "found", "share"),
    [
        ({}, {}, 1.0),
        ({}, {"date": dated(2022, 3, 4)}, 0.0),
        ({}, {"date": None}, 0.0),
        ({"date_precision": "week"}, {"date": dated(2022, 2, 28)}, 1.0),  # Monday of that week
        ({"date_precision": "week"}, {"date": dated(2022, 3, 7)}, 0.0),
        ({"date_precision": "month"}, {"date": dated(2022, 3, 31)}, 1.0),
        ({"date_precision": "unknown"}, {"date": None}, None),
        ({"date": None}, {}, None),
    ],
)
def test_date(
    score: Callable[..., EventScores], gold: dict, found: dict, share: float | None
) -> None:
    assert score([strike(**gold)], event("strike", (10, 16), (0,), **found)).date == share


@pytest.mark.parametrize(
    ("gold", "found", "share"),
    [
        (None, None, 1.0),
        (None, said("Konashenkov"), 0.0),
        ("Igor Konashenkov, Russian Ministry of Defence", None, 0.0),
        ("Igor Konashenkov, Russian Ministry of Defence", said("Igor Konashenkov"), 1.0),
        ("Russian Ministry of Defence", said(None, "Russia's Defense Ministry"), 1.0),
        ("Russian Ministry of Defence", said(None, "Ukrainian Ministry of Defence"), 0.0),
        ("Ukrainian General Staff", said(None, "General Staff"), 1.0),
    ],
)
def test_attribution(
    score: Callable[..., EventScores], gold: str | None, found: Any, share: float
) -> None:
    scores = score([strike(attribution=gold)], event("strike", (10, 16), (0,), attribution=found))
    assert scores.attribution == share


def test_roles_are_counted_place_by_place(score: Callable[..., EventScores]) -> None:
    gold = gold_event(
        "corridor",
        (10, 16),
        [gold_place("Kyiv", KYIV, role="from"), gold_place("Kharkiv", KHARKIV, role="to")],
    )
    arguments = (PlaceArgument(role="from", toponym=0), PlaceArgument(role="via", toponym=1))
    scores = score([gold], event("corridor", (10, 16), (0, 1), places=arguments))
    assert scores.roles == 0.5
    assert (
        "roles expected from Kyiv, to Kharkiv, found from Kyiv, via Kharkiv"
        in (scores.misjudged[0])
    )


@pytest.mark.parametrize(
    ("gold", "found", "share"),
    [("line", "chain", 1.0), ("point", "offset", 1.0), ("ring", "point", 0.0)],
)
def test_geometry_kind(
    score: Callable[..., EventScores], gold: str, found: str, share: float
) -> None:
    scores = score([strike(geometry=gold)], event("strike", (10, 16), (0,), geometry_method=found))
    assert scores.geometry == share


def test_errors_are_told_apart(score: Callable[..., EventScores]) -> None:
    gold = [strike(), gold_event("talks", (50, 55), [gold_place("Kyiv", KYIV)])]
    scores = score(gold, event("strike", (10, 16), (1,)), event("corridor", (70, 78), (0,)))
    assert len(scores.misplaced) == 1
    assert "strike (Kyiv)" in scores.misplaced[0]
    assert "found target Kharkiv" in scores.misplaced[0]
    assert len(scores.missed) == 1
    assert scores.missed[0].startswith("talks (Kyiv)")
    assert len(scores.spurious) == 1
    assert scores.spurious[0].startswith("corridor (target Kyiv)")
    # A misplaced event is both missed and spurious in the counts.
    assert (scores.core.matched, scores.core.predicted, scores.core.gold) == (0, 2, 2)


def test_scores_travel_as_json_and_as_text(write_gold: Callable[..., Path]) -> None:
    gold = read_gold(write_gold(events=[strike()]))
    scores = evaluate([extracted(TEXT, TOPONYMS, (event("strike", (10, 16), (0,)),))], gold)
    values = json.loads(json.dumps(scores.to_dict()))
    assert values["events"]["core"]["f1"] == 1.0
    assert values["gold_sha256"] == gold.sha256
    table = scores.table()
    assert "events, four core types" in table
    assert "toponyms spurious (4)" in table
    assert "spurious" not in scores.table(lists=False)
