"""Spells of time: nights between two days, seasons, counted days before or after something.

Resolvers as in :mod:`geomap.events.days`. What is told for a spell is dated by its first day, as
the gold is annotated (``docs/seeds.md``), a season by its middle month.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.days import (
    NUMBERS,
    ONE_DAY,
    ORDINALS,
    WEEK,
    days_range,
    month_range,
    nearest_year,
    weekday,
)

if TYPE_CHECKING:
    import re

    from geomap.events.days import Context
    from geomap.records import DateRange

__all__ = [
    "NTH",
    "after_days_of",
    "after_that",
    "day_before_last",
    "days_of_month",
    "holiday",
    "last_spell",
    "month_of_year",
    "night_to_date",
    "night_to_weekday",
    "nth_of",
    "season",
    "to_the_day",
    "turn_of_year",
    "year_beside",
]

NTH = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)})"
# The middle month of each, on the northern half of the earth.
_SEASONS = {"winter": 1, "spring": 4, "summer": 7, "autumn": 10, "fall": 10}
_HOLIDAYS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
}
# Days that a date before an expression is near enough to be what is counted from.
_DAYS_OF = {"day": 1, "night": 1, "week": 7, "fortnight": 14}


def counted(word: str) -> int:
    """Give the number that a word stands for; "several" and "few" are three, "a" is one."""
    word = word.lower()
    vague = {"a": 1, "an": 1, "several": 3, "few": 3, "couple": 2, "a couple of": 2}
    if word in vague:
        return vague[word]
    return int(word) if word.isdigit() else NUMBERS.index(word) + 1


def _back(base: dt.date, number: int, unit: str, text: str) -> DateRange:
    """Go back from a day: to a day, a week, a month, a year."""
    unit = unit.lower().rstrip("s")
    if unit == "month":
        months = base.year * 12 + base.month - 1 - number
        return month_range(months // 12, months % 12 + 1, text)
    if unit == "year":
        months = base.year * 12 + base.month - 1 - 12 * number
        return month_range(months // 12, months % 12 + 1, text)
    day = base - number * _DAYS_OF[unit] * ONE_DAY
    if _DAYS_OF[unit] == 1:
        return days_range(day, text)
    return days_range(day, text, end=day + WEEK, precision="week")


def night_to_date(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "the night of 3 to 4 March" to its second day, as "the night to Sunday" is."""
    day = nearest_year(int(match["d"]), match["m"], context)
    return days_range(day, match.group()) if day else None


def night_to_weekday(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "the night of Sunday to Monday" to its second day."""
    return weekday(match, context)


def days_of_month(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "on 11 and 12 February", "11-12 February": from the first to the last."""
    first = nearest_year(int(match["d"]), match["m"], context)
    last = nearest_year(int(match["d2"]), match["m"], context)
    if first is None or last is None or last < first:
        return None
    return days_range(first, match.group(), end=last)


def holiday(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "on Christmas Eve"."""
    month, number = _HOLIDAYS[match.group().lower().replace("’", "'")]
    day = nearest_year(number, calendar.month_name[month], context)
    return days_range(day, match.group()) if day else None


def season(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "in spring", "last summer": the last one, or the next when the clause looks ahead."""
    if context.anchor is None and not match["y"]:
        return None
    month = _SEASONS[match["season"].lower()]
    if match["y"]:
        return month_range(int(match["y"]), month, match.group())
    anchor: dt.date = context.anchor  # type: ignore[assignment]
    year = anchor.year
    if context.ahead and month < anchor.month:
        year += 1
    elif not context.ahead and month > anchor.month:
        year -= 1
    return month_range(year, month, match.group())


def month_of_year(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "in March last year"."""
    day = nearest_year(1, match["m"], context)
    if context.anchor is None or day is None:
        return None
    return month_range(_year(match["which"], context.anchor), day.month, match.group())


def year_beside(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "last year"; its precision is not of a day."""
    if context.anchor is None:
        return None
    year = _year(match["which"], context.anchor)
    return days_range(
        dt.date(year, 1, 1), match.group(), end=dt.date(year, 12, 31), precision="unknown"
    )


def turn_of_year(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "since the beginning of the year" to its first month."""
    if context.anchor is None:
        return None
    return month_range(_year(match["which"], context.anchor), 1, match.group())


def _year(which: str, anchor: dt.date) -> int:
    return anchor.year + {"last": -1, "previous": -1, "next": 1}.get(which.lower(), 0)


def day_before_last(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "the night before last"."""
    return days_range(context.anchor - 2 * ONE_DAY, match.group()) if context.anchor else None


def last_spell(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "over the past three days", "in the last two weeks" to the whole of it."""
    if context.anchor is None:
        return None
    found = _back(context.anchor, counted(match["n"]), match["unit"], match.group())
    if found.precision == "month":
        return found
    return replace(found, end=max(found.end, context.anchor))


def after_days_of(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "after three days of shelling" to the beginning of what went on."""
    base = _base(context)
    if base is None:
        return None
    return _back(base, counted(match["n"]), match["unit"], match.group())


def nth_of(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "the fourth day of fighting", "its seventeenth month of siege" to the beginning."""
    if context.anchor is None:
        return None
    word = match["n"].lower()
    number = (
        ORDINALS.index(word) + 1 if word in ORDINALS else int("".join(filter(str.isdigit, word)))
    )
    return _back(context.anchor, number - 1, match["unit"], match.group())


def after_that(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "two days after X had fallen", "nine months after": what lies that far back.

    Counted from the day that the sentence names before, else from the article's own.
    """
    base = _base(context)
    if base is None:
        return None
    if "hours" in match["unit"].lower():
        return days_range(base - counted(match["n"]) // 24 * ONE_DAY, match.group())
    return _back(base, counted(match["n"]), match["unit"], match.group())


def to_the_day(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "six months to the day after the invasion began"."""
    if context.anchor is None:
        return None
    found = _back(context.anchor, counted(match["n"]), match["unit"], match.group())
    if found.precision != "month":
        return found
    last = calendar.monthrange(found.start.year, found.start.month)[1]
    return days_range(found.start.replace(day=min(context.anchor.day, last)), match.group())


def _base(context: Context) -> dt.date | None:
    """Give the day that is counted from: the one just named, else the article's."""
    if context.near and context.previous is not None:
        return context.previous.start
    return context.anchor
