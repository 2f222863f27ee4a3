"""Expressions of time, each by itself: which days they stand for, and when they stand for none."""

from __future__ import annotations

import datetime as dt

import pytest

from geomap.events.dates import find_dates
from geomap.events.dating import date_for, heading_of, is_dateline

SUNDAY = dt.date(2024, 5, 5)


def days_of(text: str, anchor: dt.date | None = SUNDAY) -> list[str | None]:
    """Give the ranges of a text as "start/end precision"; a day alone as itself."""
    found = []
    for mention in find_dates(text, anchor=anchor):
        assert text[mention.start : mention.end] == mention.text
        told = mention.range
        if told is None:
            found.append(None)
        elif told.start == told.end:
            found.append(told.start.isoformat() + f" {told.precision}" * (told.precision != "day"))
        else:
            found.append(f"{told.start}/{told.end} {told.precision}")
    return found


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("It fell on 8 April 2022.", "2022-04-08"),
        ("It fell on the 8th of April, 2022.", "2022-04-08"),
        ("It fell on Friday, April 8, 2022.", "2022-04-08"),
        ("It fell on 2022-04-08.", "2022-04-08"),
        ("It fell on 8.4.2022.", "2022-04-08"),
        ("It fell in April 2022.", "2022-04-01/2022-04-30 month"),
        ("It fell in 2014.", "2014-01-01/2014-12-31 unknown"),
        # Without a year: the nearest, looking back.
        ("It fell on 8 April.", "2024-04-08"),
        ("It fell on 8 December.", "2023-12-08"),
        ("It fell on the 21st.", "2024-04-21"),
        ("It will open on 8 December.", "2024-12-08"),
        ("It will open on the 21st.", "2024-05-21"),
        ("It fell on the 31st.", "2024-05-31"),
        # A leap day is in one of the three years.
        ("It fell on 29 February.", "2024-02-29"),
        # Parts of months.
        ("It fell in early April.", "2024-04-01/2024-04-10 week"),
        ("It fell in mid-April.", "2024-04-15/2024-04-20 week"),
        ("It fell in late April.", "2024-04-25/2024-04-30 week"),
        ("It fell at the end of April.", "2024-04-26/2024-04-30 week"),
        ("It fell at the beginning of April 2023.", "2023-04-01/2023-04-10 week"),
        ("It fell in April.", "2024-04-01/2024-04-30 month"),
        ("It fell in June.", "2023-06-01/2023-06-30 month"),
        ("It will open in April.", "2025-04-01/2025-04-30 month"),
        ("It will open in June.", "2024-06-01/2024-06-30 month"),
        # Weekdays.
        ("It fell on Thursday.", "2024-05-02"),
        ("It fell on Sunday.", "2024-05-05"),
        ("It fell last Sunday.", "2024-04-28"),
        ("It will open on Thursday.", "2024-05-09"),
        ("It will open on Sunday.", "2024-05-05"),
        ("It will open next Sunday.", "2024-05-12"),
        ("Last Thursday it was said that it will open.", "2024-05-02"),
        # Beside the article's day.
        ("It fell the day before yesterday.", "2024-05-03"),
        ("It fell yesterday evening.", "2024-05-04"),
        ("It fell last night.", "2024-05-04"),
        ("It fell overnight.", "2024-05-05"),
        ("It fell in the last 24 hours.", "2024-05-04"),
        ("It will open tomorrow.", "2024-05-06"),
        ("It is now under siege.", "2024-05-05"),
        ("It fell three days ago.", "2024-05-02"),
        ("It fell two weeks ago.", "2024-04-21/2024-04-27 week"),
        ("It fell several months ago.", "2024-02-01/2024-02-29 month"),
        ("It fell a day after the town had fallen.", "2024-05-04"),
        # Weeks and months.
        ("It fell last week.", "2024-04-22/2024-04-28 week"),
        ("It fell at the beginning of the week.", "2024-04-29/2024-05-05 week"),
        ("It will open next week.", "2024-05-06/2024-05-12 week"),
        ("It fell last month.", "2024-04-01/2024-04-30 month"),
        ("It will open next month.", "2024-06-01/2024-06-30 month"),
        ("It fell last weekend.", "2024-04-27/2024-04-28 day"),
        ("It fell this weekend.", "2024-05-04/2024-05-05 day"),
        # What goes on since then.
        ("It has been besieged for seven weeks.", "2024-03-17/2024-05-05 week"),
        ("It has been besieged for 40 days.", "2024-03-26/2024-05-05 day"),
        ("It has been besieged for two months.", "2024-03-01/2024-03-31 month"),
        ("It has been besieged for a year.", "2023-05-01/2023-05-31 month"),
        ("It has been besieged for a fortnight.", "2024-04-21/2024-05-05 week"),
        ("It has been besieged for several days.", "2024-05-02/2024-05-05 day"),
        ("It was besieged for seven weeks.", None),
        # Days of wars: only those that fit the article's own day.
        ("Kyiv held on the 802nd day of the war.", "2024-05-05"),
        ("Kyiv held on day 801 of the invasion.", "2024-05-04"),
        ("Kyiv held on the eighth day of the war.", None),
        ("Kyiv held on the eighth day of the festival.", None),
        ("It held on the 802nd day of the war.", None),
        # No such day.
        ("It fell on 2022-13-08.", None),
        ("It fell 900 months ago.", "1949-05-01/1949-05-31 month"),
        ("It fell on 31 June.", None),
    ],
)  # fmt: skip
def test_an_expression_stands_for_its_days(text: str, days: str | None) -> None:
    assert days_of(text) == [days]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("It fell on 3 May. The next day it rained.", ["2024-05-03", "2024-05-04"]),
        ("It fell on 3 May. The day before it rained.", ["2024-05-03", "2024-05-02"]),
        ("It fell on 3 May. On the same day it rained.", ["2024-05-03", "2024-05-03"]),
        ("It fell on 3 May. Two days later it rained.", ["2024-05-03", "2024-05-05"]),
        ("It fell on 3 April. A week later it rained.", ["2024-04-03", "2024-04-10"]),
        ("It fell on 3 January. On the 7th it rained.", ["2024-01-03", "2024-04-07"]),
        # Without a date before it, the article's own day.
        ("The next day it rained.", ["2024-05-06"]),
        ("Two days later it rained.", [None]),
    ],
)
def test_some_hang_on_the_date_before_them(text: str, days: list[str | None]) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "on Thursday", "yesterday", "in April", "on 8 April", "on the 21st", "last week",
        "two days ago", "the next day", "It has been so for two weeks", "late in April",
        "a day after it had fallen",
    ],
)  # fmt: skip
def test_without_a_day_of_the_article_most_say_nothing(text: str) -> None:
    assert days_of(text, anchor=None) == [None]


@pytest.mark.parametrize("text", ["8 April 2022", "2022-04-08", "April 8, 2022"])
def test_full_dates_need_no_day_of_the_article(text: str) -> None:
    assert days_of(text, anchor=None) == ["2022-04-08"]


def test_what_lies_ahead_has_the_day_it_would_be_if_it_were_over() -> None:
    (mention,) = find_dates("It will open on Thursday.", anchor=SUNDAY)
    assert (mention.range.start, mention.over.start) == (dt.date(2024, 5, 9), dt.date(2024, 5, 2))
    (mention,) = find_dates("It fell on Thursday.", anchor=SUNDAY)
    assert mention.over is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It fell on the night of 3 to 4 May.", "2024-05-04"),
        ("It fell in the night of 3-4 May.", "2024-05-04"),
        ("It fell on the night of Friday to Saturday.", "2024-05-04"),
        ("They met on 1 and 2 May.", "2024-05-01/2024-05-02 day"),
        ("It fell on Christmas Eve.", "2023-12-24"),
        ("It fell in March last year.", "2023-03-01/2023-03-31 month"),
        ("It fell in spring.", "2024-04-01/2024-04-30 month"),
        ("It fell in the summer of 2022.", "2022-07-01/2022-07-31 month"),
        ("It fell last year.", "2023-01-01/2023-12-31 unknown"),
        ("It fell the night before last.", "2024-05-03"),
        ("It fell six months to the day after the war began.", "2023-11-05"),
        ("It was hit over the past three days.", "2024-05-02/2024-05-05 day"),
        ("It was hit in the last two weeks.", "2024-04-21/2024-05-05 week"),
        ("It fell after three days of shelling.", "2024-05-02"),
        ("It is the fourth day of fighting.", "2024-05-02"),
        ("It has been shut since the beginning of the year.", "2024-01-01/2024-01-31 month"),
        ("For nine months the army had sealed it off.", "2023-08-01/2023-08-31 month"),
        ("It fell a year ago.", "2023-05-01/2023-05-31 month"),
        ("A pause starts on Monday at 6 a.m. and is to last a day.", "2024-05-06"),
    ],
)
def test_spells_and_nights_stand_for_their_days(text: str, day: str) -> None:
    assert days_of(text) == [day]


def test_a_movement_is_no_date() -> None:
    assert days_of("Rebels of the March 23 Movement entered Goma.") == []


def test_what_is_counted_from_another_day_has_both_readings() -> None:
    first, second = find_dates("It fell on Friday. Two days earlier it was hit.", anchor=SUNDAY)
    assert first.range is not None
    assert first.range.start == dt.date(2024, 5, 3)
    assert second.range is not None
    assert second.range.start == dt.date(2024, 5, 1)
    assert [other.start for other in second.others] == [dt.date(2024, 5, 3)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GOMA, DR Congo, May 5 (Agencies) - Rebels came.", True),
        ("YEREVAN, 10 November 2020. The guns fell silent.", True),
        ("On 5 May rebels came to Goma.", False),
        ("The army, which on May 5, 2024 left, is back.", False),
    ],
)
def test_a_dateline_is_no_date_of_an_event(text: str, found: bool) -> None:  # noqa: FBT001 - a case
    [mention] = find_dates(text, anchor=SUNDAY)
    assert is_dateline(mention, text) is found


@pytest.mark.parametrize(
    ("text", "start", "day"),
    [
        ("Sept 19. Artillery fires. It stops.\nSept 20. A halt.", "It stops", 19),
        ("Sept 19. Artillery fires.\nSept 20. A halt.", "A halt", 20),
        ("- 19 September: shells fell.\nMore fell.", "shells", 19),
        ("19 September\nShells fell.", "Shells", 19),
        ("On 19 September shells fell. More fell.", "More", None),
    ],
)
def test_a_date_at_the_head_of_a_line_dates_it(text: str, start: str, day: int | None) -> None:
    mentions = find_dates(text, anchor=dt.date(2023, 9, 26))
    head = heading_of(text.index(start), mentions, text)
    assert (head.range.start.day if head and head.range else None) == day


@pytest.mark.parametrize(
    ("text", "word", "tense", "day"),
    [
        ("They meet on Friday.", "meet", "present", "2024-05-10"),
        ("They met on Friday.", "met", "past", "2024-05-03"),
        ("Friday's blasts are sabotage.", "blasts", "present", "2024-05-03"),
        ("It goes on since Friday.", "goes", "present", "2024-05-03"),
        ("They meet on last Friday's terms.", "meet", "present", "2024-05-03"),
        ("GOMA, May 5 - They met on Friday.", "met", "past", "2024-05-03"),
    ],
)
def test_a_weekday_lies_ahead_of_what_is_told_in_the_present(
    text: str, word: str, tense: str, day: str
) -> None:
    start = text.index(word)
    found = date_for(
        start, start + len(word), (0, len(text)), find_dates(text, anchor=SUNDAY),
        text=text, anchor=SUNDAY, tense=tense,
    )  # fmt: skip
    assert found is not None
    assert found.start.isoformat() == day
