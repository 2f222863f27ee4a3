"""Days that expressions of time stand for: one resolver for each kind of expression.

Single absolute and counted expressions ("8 April 2022", "two days ago") are
parsed by ``dateparser``; the rest are the rules of news.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules
from geomap.records import DateRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geomap.records import DatePrecision

__all__ = [
    "DAY",
    "MONTH",
    "NUMBER",
    "NUMBERS",
    "ORDINALS",
    "PART",
    "WAR_DAY",
    "YEAR",
    "Context",
    "absolute",
    "ago",
    "day_of_month",
    "day_of_war",
    "from_previous",
    "later",
    "month_alone",
    "month_and_year",
    "nearest_year",
    "numeric",
    "parsed_date",
    "part_of_month",
    "shifted_by",
    "since_for",
    "war_day",
    "war_days",
    "week_or_month",
    "weekday",
    "year_alone",
    "yearless",
]

WEEK = dt.timedelta(days=6)
ONE_DAY = dt.timedelta(days=1)
# A count of days of a war that leads further away from the article's day counts something else.
WAR_DAY_SLACK = dt.timedelta(days=3)
# A day without a year lies on the side its clause does not look to only when it is this
# many times nearer.
AGAINST_THE_GRAIN = 3

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12}  # fmt: skip
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()  # fmt: skip  # noqa: SIM905 - a table
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()  # fmt: skip  # noqa: SIM905 - a table

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
PART = r"(?: (?:morning|afternoon|evening|night|midday|noon))?"
YEAR = r"(?:19|20)\d\d"
NUMBER = rf"(?:\d{{1,3}}|an?|{'|'.join(NUMBERS)}|several|few)"


@dataclass(frozen=True, slots=True)
class Context:
    """What a resolver knows: the text, the article's day, the date before, whether it looks ahead.

    ``near`` tells whether the date before stands in the same sentence.
    """

    text: str
    anchor: dt.date | None
    previous: DateRange | None
    ahead: bool
    near: bool = False


def days_range(
    day: dt.date, text: str, *, end: dt.date | None = None, precision: DatePrecision = "day"
) -> DateRange:
    return DateRange(start=day, end=end or day, precision=precision, text=text)


def month_range(year: int, month: int, text: str) -> DateRange:
    last = calendar.monthrange(year, month)[1]
    return days_range(
        dt.date(year, month, 1), text, end=dt.date(year, month, last), precision="month"
    )


@lru_cache(maxsize=4096)
def parsed_date(expression: str, anchor: dt.date | None) -> dt.date | None:
    """Let dateparser read one expression.

    Parameters
    ----------
    expression
        "8 April 2022", "three days ago".
    anchor
        What relative expressions hang on.

    Returns
    -------
    datetime.date or None
        ``None`` when it cannot.
    """
    with warnings.catch_warnings():
        # dateparser relies on behaviour of strptime and pytz that newer Pythons deprecate.
        warnings.simplefilter("ignore", DeprecationWarning)
        import dateparser  # noqa: PLC0415 - slow to import

        base = dt.datetime.combine(anchor or dt.date(2000, 1, 1), dt.time(12))
        found = dateparser.parse(
            expression,
            languages=["en"],
            settings={
                "RELATIVE_BASE": base,
                "DATE_ORDER": "DMY",
                "PREFER_DAY_OF_MONTH": "first",
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
    return found.date() if found is not None else None


def absolute(match: re.Match[str], _: Context) -> DateRange | None:
    """Resolve "8 April 2022"."""
    day = parsed_date(re.sub(r"(?<=\d)(?:st|nd|rd|th)|\bof\b|,|\.(?!\d)", " ", match["date"]), None)
    return days_range(day, match.group()) if day else None


def numeric(match: re.Match[str], _: Context) -> DateRange | None:
    """Resolve "2022-04-08" and "8.4.2022"."""
    try:
        return days_range(dt.date(int(match["y"]), int(match["m"]), int(match["d"])), match.group())
    except ValueError:
        return None


def yearless(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "8 April" to the year nearest to the anchor."""
    day = nearest_year(int(match["d"] or match["d2"]), match["m"] or match["m2"], context)
    return days_range(day, match.group()) if day else None


def nearest_year(number: int, month: str, context: Context) -> dt.date | None:
    """Give the day of a month without a year that is least far-fetched.

    Parameters
    ----------
    number
        The day.
    month
        The name of the month, or its short form.
    context
        Its anchor decides.

    Returns
    -------
    datetime.date or None
        ``None`` without an anchor or such a day.
    """
    if context.anchor is None:
        return None
    name = month.lower().rstrip(".")
    candidates = []
    for year in (context.anchor.year - 1, context.anchor.year, context.anchor.year + 1):
        try:
            candidates.append(dt.date(year, _MONTHS[name], number))
        except ValueError:
            continue
    return min(candidates, key=lambda d: _strain(d, context), default=None)


def _strain(day: dt.date, context: Context) -> int:
    """Measure how far-fetched a day is: news looks back unless its clause looks ahead."""
    days = (day - context.anchor).days if context.anchor else 0
    against = days > 0 if not context.ahead else days < 0
    return abs(days) * (AGAINST_THE_GRAIN if against else 1)


def part_of_month(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "mid-June", "late in November", "the end of August" to the days of that part."""
    month = month_alone(match, context) if not match["y"] else month_and_year(match, context)
    if month is None:
        return None
    part = match["part"].lower().removeprefix("the ")
    last = month.end.day
    first, end = (
        (1, 10)
        if part.startswith(("early", "beginning", "start"))
        else (11, 20)
        if part.startswith("mid")
        else (last - 4, last)
        if part.startswith(("end", "last"))
        else (21, last)
    )
    centre = 15 if part.startswith("mid") else 25 if part.startswith("late") else first
    return days_range(
        month.start.replace(day=centre),
        match.group(),
        end=month.start.replace(day=end),
        precision="week",
    )


_PERFECT = re.compile(r"\b(?:has|have|had|[’']s|[’']ve)\b(?![^.;!?\n]* to )[^.;!?\n]*$")
# "For nine months Azerbaijan had sealed off …".
_PERFECT_BEHIND = re.compile(r"[^.;!?\n]{0,60}?\b(?:has|have|had)\b(?! to )")
# Characters between "has" and "for seven weeks".
LONGEST_STATE = 100


def since_for(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "has been besieged for seven weeks" to its beginning; other spans have none."""
    before = context.text[max(0, match.start() - LONGEST_STATE) : match.start()]
    behind = context.text[match.end() : match.end() + LONGEST_STATE]
    opens = match.group()[0] == "F" and _PERFECT_BEHIND.match(behind)
    if context.anchor is None or not (opens or _PERFECT.search(before)):
        return None
    word = match["n"].lower()
    unit = match["unit"].lower().rstrip("s")
    count = {"a": 1, "an": 1, "several": 3, "few": 3}.get(word) or (
        int(word) if word.isdigit() else NUMBERS.index(word) + 1 if word in NUMBERS else 1
    )
    if unit in {"year", "month"}:
        months = context.anchor.year * 12 + context.anchor.month - 1
        months -= count * (12 if unit == "year" else 1)
        return month_range(months // 12, months % 12 + 1, match.group())
    days = count * {"day": 1, "week": 7, "fortnight": 14}[unit]
    start = context.anchor - days * ONE_DAY
    return days_range(
        start, match.group(), end=context.anchor, precision="day" if unit == "day" else "week"
    )


def month_and_year(match: re.Match[str], _: Context) -> DateRange:
    """Resolve "April 2022"."""
    return month_range(int(match["y"]), _MONTHS[match["m"].lower().rstrip(".")], match.group())


def month_alone(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "in April": the last one, or the next when the sentence looks ahead."""
    if context.anchor is None:
        return None
    number = _MONTHS[match["m"].lower().rstrip(".")]
    year = context.anchor.year
    if context.ahead and number < context.anchor.month:
        year += 1
    elif not context.ahead and number > context.anchor.month:
        year -= 1
    return month_range(year, number, match.group())


def weekday(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "on Thursday": the last one, or the next when the sentence looks ahead."""
    if context.anchor is None:
        return None
    number = _DAYS[match["day"].lower()]
    which = (match["which"] or "").lower()
    back = (context.anchor.weekday() - number) % 7
    if which == "next" or (context.ahead and which != "last"):
        day = context.anchor + dt.timedelta(days=(-back) % 7 or (7 if which == "next" else 0))
    else:
        day = context.anchor - dt.timedelta(days=back or (7 if which == "last" else 0))
    return days_range(day, match.group())


def shifted_by(days: int) -> Callable[[re.Match[str], Context], DateRange | None]:
    """Make the resolver of "yesterday", "today", "tomorrow"."""

    def shifted(match: re.Match[str], context: Context) -> DateRange | None:
        if context.anchor is None:
            return None
        return days_range(context.anchor + dt.timedelta(days=days), match.group())

    return shifted


def from_previous(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "the same day", "the next day", "the day before" against the date before them."""
    base = context.previous.start if context.previous else context.anchor
    if base is None:
        return None
    word = match.group().lower()
    step = (
        0
        if "same" in word or "that" in word
        else 1
        if re.search("next|following|after|later", word)
        else -1
    )
    return days_range(base + step * ONE_DAY, match.group())


def week_or_month(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "last week", "at the beginning of the week", "this weekend", "next month"."""
    if context.anchor is None:
        return None
    which = (match["which"] or "the").lower()
    unit = match["unit"].lower()
    step = {"next": 1, "coming": 1, "last": -1, "past": -1, "previous": -1}.get(which, 0)
    if unit == "month":
        month = context.anchor.month - 1 + step
        year, month = context.anchor.year + month // 12, month % 12 + 1
        return month_range(year, month, match.group())
    monday = context.anchor - dt.timedelta(days=context.anchor.weekday()) + step * 7 * ONE_DAY
    if unit == "weekend":
        saturday = monday + 5 * ONE_DAY
        if step == 0 and not context.ahead and saturday > context.anchor:
            saturday -= 7 * ONE_DAY
        return days_range(saturday, match.group(), end=saturday + ONE_DAY)
    return days_range(monday, match.group(), end=monday + WEEK, precision="week")


def ago(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "two days ago", and "several weeks earlier" against the date before it."""
    anchor = context.anchor
    if anchor is None:
        return None
    word = match["n"].lower()
    vague = {"several": "three", "few": "three", "a": "one", "an": "one"}
    if context.previous is not None and not match.group().lower().endswith("ago"):
        anchor = context.previous.start
    day = parsed_date(f"{vague.get(word, word)} {match['unit']} ago", anchor)
    if day is None:
        return None
    unit = match["unit"].lower().rstrip("s")
    if unit in {"month", "year"}:
        return month_range(day.year, day.month, match.group())
    if unit == "week":
        return days_range(day, match.group(), end=day + WEEK, precision="week")
    return days_range(day, match.group())


def war_day(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "on the eighth day of the war"."""
    day = day_of_war(match, context.text)
    if day is None or (context.anchor and abs(context.anchor - day) > WAR_DAY_SLACK):
        # A day of some other fight, or a count that does not fit the article's own day.
        return None
    return days_range(day, match.group())


def day_of_month(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "on the 21st": this month, or the last, or the next when it lies ahead."""
    if context.anchor is None:
        return None
    word = (match["d"] or match["o"]).lower()
    number = int(word) if word.isdigit() else ORDINALS.index(word) + 1
    first = context.anchor.replace(day=1)
    months = [first, (first - ONE_DAY).replace(day=1), (first + 31 * ONE_DAY).replace(day=1)]
    days = [
        m.replace(day=number) for m in months if number <= calendar.monthrange(m.year, m.month)[1]
    ]
    if context.previous is not None and context.previous.start.month not in {d.month for d in days}:
        days.append(context.previous.start.replace(day=min(number, 28)))
    fitting = [d for d in days if (d >= context.anchor) == context.ahead] or days
    return days_range(min(fitting, key=lambda d: abs(d - context.anchor)), match.group())  # type: ignore[operator]


def later(match: re.Match[str], context: Context) -> DateRange | None:
    """Resolve "two days later" against the date before it."""
    if context.previous is None:
        return None
    word = match["n"].lower()
    count = int(word) if word.isdigit() else NUMBERS.index(word) + 1 if word in NUMBERS else 1
    days = count * (7 if match["unit"].lower().startswith("week") else 1)
    return days_range(context.previous.start + days * ONE_DAY, match.group())


def year_alone(match: re.Match[str], _: Context) -> DateRange:
    """Resolve "in 2014"; its precision is not of a day."""
    year = int(match["y"])
    return days_range(
        dt.date(year, 1, 1), match.group(), end=dt.date(year, 12, 31), precision="unknown"
    )


WAR_DAY = re.compile(
    rf"\b(?:(?:the|its) )?(?P<n>\d{{1,4}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)}) day of (?:the |its |his |Russia['’]s |this |their )?"
    r"[“\"'«]?(?P<what>[\w-]+(?: [\w-]+){0,2})|\bday (?P<n2>\d{1,4}) of (?:the |its |Russia['’]s )?[“\"'«]?(?P<what2>[\w-]+(?: [\w-]+){0,2})",
    re.IGNORECASE,
)


def war_days(text: str) -> Iterator[re.Match[str]]:
    """Give the expressions that count the days of a war: "the eighth day of the invasion"."""
    return WAR_DAY.finditer(text)


def day_of_war(match: re.Match[str], text: str) -> dt.date | None:
    """Give the day that a count of days of a war means.

    Parameters
    ----------
    match
        One of :func:`war_days`.
    text
        The article: its words tell which war.

    Returns
    -------
    datetime.date or None
        ``None`` when no known war is meant.
    """
    what = (match["what"] or match["what2"]).lower()
    counted = rules("dates")["words"]["counted"]
    if not any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", what) for word in counted):
        return None
    raw = (match["n"] or match["n2"]).lower()
    number = ORDINALS.index(raw) + 1 if raw in ORDINALS else int(re.sub(r"\D", "", raw))
    around = text[max(0, match.start() - 1500) : match.end() + 1500].lower()
    best, votes = None, 0
    for epoch in rules("dates")["epochs"]:
        count = sum(around.count(word) for word in epoch["words"])
        if count > votes:
            best, votes = epoch["day"], count
    if best is None or number < 1:
        return None
    return best + dt.timedelta(days=number - 1)  # type: ignore[no-any-return]
