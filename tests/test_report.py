from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from samples import event, extracted, toponym

from geomap.records import Article, Attribution
from geomap.report import plain, report


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kyiv — «Київ»", "Kyiv — «Київ»"),
        ("a\x1b[2J\x07b", "a\\x1b[2J\\x07b"),
        ("two\r\nlines\u2028here", "two lines here"),
        ("\u202eabc\u200b", "\\u202eabc\\u200b"),
        ("\x9b31m", "\\x9b31m"),
        ("", ""),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_report_says_what_was_placed_and_what_not() -> None:
    events = (
        event(),
        event(places=(), geometry=None, geometry_method=None, date=None, attribution=None,
              factuality="planned", reason="the text names no place"),
        event(factuality="negated", attribution=None),
    )  # fmt: skip
    lost = toponym(3, "Grocery", None, reason="no such place")
    record = extracted(events=events, warnings=("one warning",))
    record = extracted(events=events, toponyms=(*record.toponyms, lost), warnings=("Look twice",))
    text = report([record], files=[Path("out/map.html")], refused=2)
    lines = text.splitlines()
    on_map, not_drawn = text.split("Not drawn:")
    assert "corridor: Sumy → Poltava; 2022-03-08; claimed by Kyiv" in on_map
    assert "corridor: no place; planned; the text names no place" in " ".join(not_drawn.split())
    assert "negated; drawn with --draw-negated" in " ".join(not_drawn.split())
    assert "  Not found: Grocery" in lines
    assert "  No place meant: Kyiv" in lines
    assert "  Warning: Look twice" in lines
    assert "1 article, 1 event on the map, 2 listed only, 2 inputs refused, see above" in lines
    assert lines[-1] == "  out/map.html"
    assert max(map(len, lines)) <= 80


def test_warning_that_repeats_a_reason_is_left_out() -> None:
    unplaced = event(geometry=None, places=(), reason="the text names no place")
    warnings = ("corridor “corridor” is listed, not drawn: the text names no place", "Look twice")
    text = report([extracted(events=(unplaced,), warnings=warnings)])
    assert text.count("the text names no place") == 1
    assert "Warning: Look twice" in text


def test_negated_events_count_as_drawn_when_asked() -> None:
    record = extracted(events=(event(factuality="denied"),))
    assert "1 event on the map, 0 listed only" in report([record], draw_negated=True)
    assert "0 events on the map, 1 listed only" in report([record])


def test_report_shows_no_control_characters() -> None:
    evil = "\x1b]0;owned\x07\u202e"
    record = extracted(
        article=Article(id=f"x{evil}", text="x", title=f"Title {evil}"),
        toponyms=(toponym(0, f"Sumy{evil}", None),),
        events=(
            event(type=f"strike{evil}", places=(), geometry=None, reason=evil,
                  attribution=Attribution(speaker=evil)),
        ),
        warnings=(evil,),
    )  # fmt: skip
    text = report([record], files=[Path(f"out{evil}/map.html")])
    assert not set(text) & set("\x1b\x07\u202e")
    assert "\\x1b]0;owned" in text


def test_many_articles_give_totals() -> None:
    records = [extracted(f"a{number}") for number in range(25)]
    text = report(records)
    assert "… and 15 more articles, see the files" in text
    assert "25 articles, 25 events on the map, 0 listed only" in text
    assert "corridor 25" in text
    assert "a10" not in text


def test_article_without_anything() -> None:
    text = report([extracted(article=Article(id="empty", text="x"), toponyms=(), events=())])
    assert text.startswith("empty\n  On the map: nothing\n  Places: 0 mentions found")


def test_range_of_days_and_title() -> None:
    article = Article(id="a", text="x", title="T" * 200, published=dt.date(2022, 3, 3))
    first = report([extracted(article=article)]).splitlines()[0]
    assert first.startswith("a (2022-03-03)")
    assert len(first) <= 80
