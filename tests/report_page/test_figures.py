from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace

import pytest
from report_builders import KYIV, KYIV_OBLAST, day, told, war

from geomap.events.merge import merge_events
from geomap.records import Article
from geomap.report_page import figures_of
from geomap.report_page.stories import source_of


def test_the_heads_count_events_reports_and_claims() -> None:
    figures = figures_of(war())
    heads = {
        name: getattr(figures, name)
        for name in ("articles", "events", "reports", "retold", "contested", "placed", "longer",
                     "undated", "own_word", "claims", "copies")
    }  # fmt: skip
    assert heads == {
        "articles": 6, "events": 3, "reports": 6, "retold": 1, "contested": 1, "placed": 2,
        "longer": 1, "undated": 0, "own_word": 1, "claims": 5, "copies": 0,
    }  # fmt: skip
    assert (figures.first, figures.last) == (dt.date(2022, 3, 3), dt.date(2022, 3, 9))


def test_an_event_counts_once_whoever_denies_it() -> None:
    figures = figures_of(war())
    strikes = figures.types["strike"]
    assert (strikes.happened, strikes.ahead, strikes.denied) == (1, 1, 1)
    assert (strikes.events, strikes.reports) == (3, 6)
    kyiv = figures.places[KYIV.id]
    assert (kyiv.events, kyiv.happened, kyiv.reports) == (1, 1, 4)
    assert list(figures.places) == [KYIV.id, "geonames:lviv"]
    assert figures.regions["UA", "Kyiv City"].reports == 4


def test_days_are_those_of_one_day_only_and_in_order() -> None:
    figures = figures_of(war()[::-1])
    assert {day.isoformat(): one.events for day, one in figures.days.items()} == {
        "2022-03-03": 1,
        "2022-03-08": 1,
    }
    assert list(figures.days) == sorted(figures.days)


def test_sources_and_speakers() -> None:
    figures = figures_of(war())
    assert list(figures.sources) == ["The Paper", "The Post", "The Times", "The Wire"]
    paper = figures.sources["The Paper"]
    assert (paper.articles, paper.reports, paper.attributed) == (3, 3, 2)
    assert (paper.first, paper.last) == (dt.date(2022, 3, 4),) * 2
    staff = figures.speakers["the general staff"]
    assert (staff.reports, staff.happened, len(staff.sources)) == (2, 2, 2)
    assert figures.speakers["the ministry"].denied == 1


def test_told_by_says_how_many_are_independent() -> None:
    # Four reports, of which two go back to one General Staff.
    assert figures_of(war()).told_by == {(1, 1): 2, (4, 3): 1}


def test_a_place_of_two_reports_counts_once() -> None:
    rows = [told("a", "A"), told("b", "B", by="another")]
    figures = figures_of(rows)
    assert figures.events == 1
    assert figures.places[KYIV.id].events == 1
    assert figures.places[KYIV.id].reports == 2


def test_merged_events_that_are_known_are_taken() -> None:
    rows = war()
    merged = merge_events(rows)
    assert figures_of(rows, merged=merged).to_dict() == figures_of(rows).to_dict()
    # Members that the selection left out are passed over.
    some = figures_of(rows[:2], merged=merged)
    assert (some.events, some.reports) == (1, 2)


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"source": "The Paper", "url": "https://a.org"}, "The Paper"),
        ({"url": "https://www.a.org/b"}, "a.org"),
        ({"url": "https://[broken"}, "https://[broken"),
        ({"url": "file:///tmp/a"}, "file:///tmp/a"),
        ({}, "id"),
    ],
)
def test_a_source_has_a_name(known: dict[str, str], name: str) -> None:
    assert source_of(Article(id="id", text="", **known)) == name


def test_nothing_counts_nothing() -> None:
    figures = figures_of([])
    assert figures.events == figures.articles == 0
    assert figures.first is None
    assert figures.to_dict()["by_type"] == []


def test_the_numbers_are_json() -> None:
    failed = SimpleNamespace(origin="/a", stage="parse", reason="broken", hint="mend it")
    rows = [*war(), told("g", "G", where=KYIV_OBLAST, date=day(20))]
    numbers = figures_of(rows, failures=[failed], copies=2).to_dict()
    assert json.loads(json.dumps(numbers)) == numbers
    assert numbers["failures"] == [
        {"origin": "/a", "stage": "parse", "reason": "broken", "hint": "mend it"}
    ]
    assert numbers["copies"] == 2
    assert numbers["by_place"][0]["name"] == "Kyiv"
    assert numbers["by_place"][0]["types"] == {"strike": 1}
    assert sum(row["events"] for row in numbers["by_type"]) == numbers["events"]
    assert sum(row["reports"] for row in numbers["by_source"]) == numbers["reports"]
    assert sum(numbers["factuality"].values()) == numbers["reports"]
