"""The page: its words, its plots, its map, and that it is one inert document."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import pytest
from report_builders import lost, told, war

from geomap.errors import OutputError, SettingsError
from geomap.maps.strings import LANGUAGES
from geomap.report_page import figures_of, report_html, write_report
from geomap.report_page.overview import overview
from geomap.report_page.plots import days_plot, share_bar, steps_of
from geomap.report_page.tallies import Tally
from geomap.report_page.words import Words, own_strings

FOLDER = Path(__file__).resolve().parents[2] / "geomap"


def page_of(rows: Any, **options: Any) -> Any:
    return lxml.html.document_fromstring(report_html(figures_of(rows), **options))


def cells(page: Any, name: str) -> list[list[str]]:
    (table,) = page.cssselect(f".t-{name} table")
    return [
        [cell.text_content() for cell in row.cssselect("th, td")]
        for row in table.cssselect("tbody tr")
    ]


def test_it_is_one_document_that_fetches_nothing() -> None:
    html = report_html(figures_of(war()))
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<script" not in html
    assert "style=" not in html.replace("style-src", "")
    assert re.search(r"\bsrc=|url\(|@import|<link|<img|<iframe", html) is None
    assert set(re.findall(r"https?://[^\"<&]*", html)) == {
        f"https://{one}.example.org/" for one in "abcd"
    }


def test_the_tables_say_what_was_counted() -> None:
    page = page_of(war())
    assert cells(page, "types") == [["Strike", "3", "", "6"]]
    assert cells(page, "places")[0][0].startswith("Kyiv")
    assert cells(page, "speakers")[0] == ["the General Staff", "2", "", "2"]
    assert cells(page, "told_by") == [["4", "3", "1"], ["1", "1", "2"]]
    assert [row[0] for row in cells(page, "days")] == ["3 March 2022", "8 March 2022"]
    assert cells(page, "factuality")[1][:2] == [
        "Claimedsomebody says so, named in the evidence",
        "3",
    ]


def test_claimed_and_contested_events_show_sentences_and_sources() -> None:
    page = page_of(war())
    (card,) = page.cssselect("#claimed .card")
    assert "Strike Kyiv" in card.cssselect("h3")[0].text_content()
    assert "4 reports, 3 independent sources" in card.text_content()
    assert [one.text_content() for one in card.cssselect("blockquote")] == [
        "Missiles hit Kyiv in the morning."
    ] * 3
    assert {one.text_content() for one in card.cssselect("mark")} == {"hit"}
    assert "The Post, 4 March 2022; The Times, 4 March 2022" in card.text_content()
    (opposed,) = page.cssselect("#contested .card")
    yes, no = opposed.cssselect(".side")
    assert "the ministry" in no.text_content()
    assert "Denied" in no.text_content()
    assert "the General Staff" in yes.text_content()


def test_what_is_cut_is_counted() -> None:
    rows = [told(f"a{n}", f"Paper {n}", by=f"speaker {n}") for n in range(9)]
    page = lxml.html.document_fromstring(report_html(figures_of(rows), rows=4))
    assert len(cells(page, "sources")) == 4
    assert [one.text_content() for one in page.cssselect("#sources_part .rest")] == ["and 5 more"]


def test_names_come_with_lines_for_the_corrections_file() -> None:
    page = page_of([lost("They left Krasne at dawn.", "Krasne", candidates=2)])
    lines = [one.text_content() for one in page.cssselect("#names .choices code")]
    assert lines == [
        'pin,Krasne,geonames:0,,,,"Place, “0”, Kyiv City, UA"',
        'pin,Krasne,geonames:1,,,,"Place, “1”, Kyiv City, UA"',
        "pin,Krasne,,LAT,LON,5,",
        "never,Krasne,,,,,",
    ]
    assert page.cssselect("#names blockquote")[0].text_content() == "They left Krasne at dawn."


def test_failures_scope_and_provenance() -> None:
    failed = SimpleNamespace(origin="/b.pdf", stage="parse", reason="no text", hint="scan it")
    figures = figures_of(war(), failures=[failed])
    page = lxml.html.document_fromstring(report_html(figures, scope=["--type strike"]))
    assert cells(page, "failures") == [["/b.pdf", "parse", "no textscan it"]]
    assert "--type strike" in page.cssselect(".scope")[0].text_content()
    assert "resolution 68/262" in page.cssselect(".made")[0].text_content()
    assert "GeoNames" in page.cssselect("footer")[0].text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    words, english = own_strings()[language], own_strings()["en"]
    assert words.keys() == english.keys()
    for key, text in words.items():
        assert text.strip(), key
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key
        if key.endswith("months"):
            assert len(text.split()) == 12


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_it(language: str) -> None:
    rows = [*war(), lost("They left Krasne at dawn.", "Krasne", candidates=1)]
    page = page_of(rows, language=language)
    assert page.get("lang") == language
    assert page.cssselect("h1")[0].text_content() == Words(language).say("report_title")
    assert re.search(r"\{\w+\}", page.text_content()) is None


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("en", 1, "1 report"), ("en", 1234, "1,234 reports"), ("uk", 21, "21 повідомлення"),
        ("ru", 2, "2 сообщения"), ("ru", 11, "11 сообщений"), ("ru", 5, "5 сообщений"),
        ("ru", 1024, "1\u00a0024 сообщения"),
    ],
)  # fmt: skip
def test_nouns_follow_their_numbers(language: str, number: int, expected: str) -> None:
    assert Words(language).counted("report", number) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2022-03-08", "2022-03-08", "8 March 2022"),
        ("2022-03-08", "2022-03-09", "8–9 March 2022"),
        ("2022-02-24", "2022-03-08", "24 February – 8 March 2022"),
        ("2021-12-30", "2022-01-02", "30 December 2021 – 2 January 2022"),
    ],
)
def test_spans_of_days(first: str, last: str, expected: str) -> None:
    assert Words("en").span(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == expected


@pytest.mark.parametrize(
    ("days", "unit", "count"),
    [(1, "day", 1), (120, "day", 120), (121, "week", 18), (900, "month", 30), (9000, "year", 26)],
)
def test_the_plot_has_a_step_for_every_day_or_longer(days: int, unit: str, count: int) -> None:
    first = dt.date(2000, 1, 1)
    tallies = {
        first: Tally(happened=2), first + dt.timedelta(days=days - 1): Tally(happened=1, denied=3)
    }  # fmt: skip
    found, steps = steps_of(tallies)
    total = sum(one.events for one in tallies.values())
    assert (found, sum(step.total for step in steps)) == (unit, total)
    assert abs(len(steps) - count) <= 1
    assert [one.day for one in steps] == sorted({one.day for one in steps})
    assert "<svg" in days_plot(found, steps, Words("en"), title="x")


def test_a_bar_is_cut_in_its_parts() -> None:
    drawn = lxml.html.fragment_fromstring(
        share_bar([("happened", 1), ("ahead", 0), ("denied", 3)], 8)
    )
    assert [(one.get("class"), one.get("x"), one.get("width")) for one in drawn] == [
        ("happened", "0.00%", "12.50%"),
        ("denied", "12.50%", "37.50%"),
    ]


def test_a_few_places_far_away_do_not_set_the_view() -> None:
    from report_builders import KYIV, LVIV  # noqa: PLC0415

    from geomap.report_page.tallies import PlaceTally  # noqa: PLC0415

    far = type(KYIV)(
        **{n: getattr(KYIV, n) for n in KYIV.__dataclass_fields__} | {"lon": -77.0, "lat": 38.9}
    )
    places = [PlaceTally(place=KYIV, happened=80), PlaceTally(place=LVIV, happened=40)]
    svg, beyond = overview(
        [*places, PlaceTally(place=far, happened=1)], Words("en"), title="x"
    ) or ("", -1)
    assert beyond == 1
    assert svg.count("<circle") == 2
    svg, beyond = overview(
        [*places, PlaceTally(place=far, happened=60)], Words("en"), title="x"
    ) or ("", -1)
    assert beyond == 0
    assert overview([], Words("en"), title="x") is None


def test_the_same_articles_write_the_same_bytes(tmp_path: Path) -> None:
    one = write_report(war(), tmp_path / "one.html").read_bytes()
    assert write_report(iter(war()), tmp_path / "two.html").read_bytes() == one


def test_what_cannot_be_done_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'fr'"):
        write_report([], tmp_path / "a.html", language="fr")
    with pytest.raises(OutputError, match="cannot be written"):
        write_report([], tmp_path / "no" / "a.html")


def test_the_palette_is_that_of_the_map() -> None:
    def colours(path: str) -> list[dict[str, str]]:
        css = (FOLDER / path).read_text("utf-8")
        blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
        return [dict(re.findall(r"(--[\w-]+): (#\w+)", block)) for block in blocks]

    for ours, map_ in zip(
        colours("report_page/assets/report.css"), colours("maps/assets/geomap.css"), strict=True
    ):
        shared = ours.keys() & map_.keys()
        assert len(shared) > 8
        assert {name: ours[name] for name in shared} == {name: map_[name] for name in shared}
