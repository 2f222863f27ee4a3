"""Dates of news text: when an article was written, and when its events happened.

Single absolute and counted expressions ("8 April 2022", "two days ago") are
parsed by ``dateparser``; on top come the rules of news: a weekday is the last
one unless the sentence looks ahead, "the beginning of the week" is a week, a
day of a war counts from its first. The types follow TimeML's TIMEX3
(Pustejovsky et al. 2003): a date, its precision, its words.
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

__all__ = ["DateMention", "day_of_war", "find_dates", "parsed_date", "war_days"]

WEEK = dt.timedelta(days=6)
ONE_DAY = dt.timedelta(days=1)
# A count of days of a war that leads further away from the article's day counts something else.
WAR_DAY_SLACK = dt.timedelta(days=3)

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12}  # fmt: skip
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()  # fmt: skip  # noqa: SIM905 - a table
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()  # fmt: skip  # noqa: SIM905 - a table

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PART = r"(?: (?:morning|afternoon|evening|night|midday|noon))?"
_YEAR = r"(?:19|20)\d\d"
_NUMBER = rf"(?:\d{{1,3}}|an?|{'|'.join(_NUMBERS)}|several|few)"


@dataclass(frozen=True, slots=True)
class DateMention:
    """An expression of time in a text; ``range`` is ``None`` when it cannot be resolved."""

    start: int
    end: int
    text: str
    range: DateRange | None


@dataclass(frozen=True, slots=True)
class _Context:
    text: str
    anchor: dt.date | None
    previous: DateRange | None
    ahead: bool


def _range(
    day: dt.date, text: str, *, end: dt.date | None = None, precision: DatePrecision = "day"
) -> DateRange:
    return DateRange(start=day, end=end or day, precision=precision, text=text)


def _month_range(year: int, month: int, text: str) -> DateRange:
    last = calendar.monthrange(year, month)[1]
    return _range(dt.date(year, month, 1), text, end=dt.date(year, month, last), precision="month")


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


def _absolute(match: re.Match[str], _: _Context) -> DateRange | None:
    day = parsed_date(re.sub(r"(?<=\d)(?:st|nd|rd|th)|\bof\b|,|\.(?!\d)", " ", match["date"]), None)
    return _range(day, match.group()) if day else None


def _numeric(match: re.Match[str], _: _Context) -> DateRange | None:
    try:
        return _range(dt.date(int(match["y"]), int(match["m"]), int(match["d"])), match.group())
    except ValueError:
        return None


def _yearless(match: re.Match[str], context: _Context) -> DateRange | None:
    if context.anchor is None:
        return None
    number, name = int(match["d"] or match["d2"]), (match["m"] or match["m2"]).lower().rstrip(".")
    candidates = []
    for year in (context.anchor.year - 1, context.anchor.year, context.anchor.year + 1):
        try:
            candidates.append(dt.date(year, _MONTHS[name], number))
        except ValueError:
            continue
    if not candidates:
        return None
    anchor = context.anchor
    return _range(min(candidates, key=lambda d: abs((d - anchor).days)), match.group())


def _month_year(match: re.Match[str], _: _Context) -> DateRange:
    return _month_range(int(match["y"]), _MONTHS[match["m"].lower().rstrip(".")], match.group())


def _month(match: re.Match[str], context: _Context) -> DateRange | None:
    if context.anchor is None:
        return None
    number = _MONTHS[match["m"].lower().rstrip(".")]
    year = context.anchor.year
    if context.ahead and number < context.anchor.month:
        year += 1
    elif not context.ahead and number > context.anchor.month:
        year -= 1
    return _month_range(year, number, match.group())


def _weekday(match: re.Match[str], context: _Context) -> DateRange | None:
    if context.anchor is None:
        return None
    number = _DAYS[match["day"].lower()]
    which = (match["which"] or "").lower()
    back = (context.anchor.weekday() - number) % 7
    if which == "next" or (context.ahead and which != "last"):
        day = context.anchor + dt.timedelta(days=(-back) % 7 or (7 if which == "next" else 0))
    else:
        day = context.anchor - dt.timedelta(days=back or (7 if which == "last" else 0))
    return _range(day, match.group())


def _shift(days: int) -> Callable[[re.Match[str], _Context], DateRange | None]:
    def shifted(match: re.Match[str], context: _Context) -> DateRange | None:
        if context.anchor is None:
            return None
        return _range(context.anchor + dt.timedelta(days=days), match.group())

    return shifted


def _from_previous(match: re.Match[str], context: _Context) -> DateRange | None:
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
    if step < 0 and not context.previous and context.anchor is None:
        return None
    return _range(base + step * ONE_DAY, match.group())


def _week(match: re.Match[str], context: _Context) -> DateRange | None:
    if context.anchor is None:
        return None
    which = (match["which"] or "the").lower()
    unit = match["unit"].lower()
    step = {"next": 1, "coming": 1, "last": -1, "past": -1, "previous": -1}.get(which, 0)
    if unit == "month":
        month = context.anchor.month - 1 + step
        year, month = context.anchor.year + month // 12, month % 12 + 1
        return _month_range(year, month, match.group())
    monday = context.anchor - dt.timedelta(days=context.anchor.weekday()) + step * 7 * ONE_DAY
    if unit == "weekend":
        saturday = monday + 5 * ONE_DAY
        if step == 0 and not context.ahead and saturday > context.anchor:
            saturday -= 7 * ONE_DAY
        return _range(saturday, match.group(), end=saturday + ONE_DAY)
    return _range(monday, match.group(), end=monday + WEEK, precision="week")


def _ago(match: re.Match[str], context: _Context) -> DateRange | None:
    if context.anchor is None:
        return None
    word = match["n"].lower()
    vague = {"several": "three", "few": "three", "a": "one", "an": "one"}
    day = parsed_date(f"{vague.get(word, word)} {match['unit']} ago", context.anchor)
    if day is None:
        return None
    unit = match["unit"].lower().rstrip("s")
    if unit == "month":
        return _month_range(day.year, day.month, match.group())
    if unit == "week":
        monday = day - dt.timedelta(days=day.weekday())
        return _range(monday, match.group(), end=monday + WEEK, precision="week")
    return _range(day, match.group())


def _war_day(match: re.Match[str], context: _Context) -> DateRange | None:
    day = day_of_war(match, context.text)
    if day is None or (context.anchor and abs(context.anchor - day) > WAR_DAY_SLACK):
        # A day of some other fight, or a count that does not fit the article's own day.
        return None
    return _range(day, match.group())


def _day_of_month(match: re.Match[str], context: _Context) -> DateRange | None:
    """Resolve "on the 21st": this month, or the last, or the next when it lies ahead."""
    if context.anchor is None:
        return None
    number = int(match["d"])
    first = context.anchor.replace(day=1)
    months = [first, (first - ONE_DAY).replace(day=1), (first + 31 * ONE_DAY).replace(day=1)]
    days = [
        m.replace(day=number) for m in months if number <= calendar.monthrange(m.year, m.month)[1]
    ]
    if context.previous is not None and context.previous.start.month not in {d.month for d in days}:
        days.append(context.previous.start.replace(day=min(number, 28)))
    fitting = [d for d in days if (d >= context.anchor) == context.ahead] or days
    return _range(min(fitting, key=lambda d: abs(d - context.anchor)), match.group())  # type: ignore[operator]


def _later(match: re.Match[str], context: _Context) -> DateRange | None:
    """Resolve "two days later" against the date before it."""
    if context.previous is None:
        return None
    word = match["n"].lower()
    count = int(word) if word.isdigit() else _NUMBERS.index(word) + 1 if word in _NUMBERS else 1
    days = count * (7 if match["unit"].lower().startswith("week") else 1)
    return _range(context.previous.start + days * ONE_DAY, match.group())


def _day_after(match: re.Match[str], context: _Context) -> DateRange | None:
    """Resolve "one day after X had fallen", told as the news of the day: X was yesterday."""
    if context.anchor is None:
        return None
    return _range(context.anchor - ONE_DAY, match.group())


def _year(match: re.Match[str], _: _Context) -> DateRange:
    year = int(match["y"])
    return _range(
        dt.date(year, 1, 1), match.group(), end=dt.date(year, 12, 31), precision="unknown"
    )


_WAR_DAY = re.compile(
    rf"\b(?:(?:the|its) )?(?P<n>\d{{1,4}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)}) day of (?:the |its |his |Russia['’]s |this |their )?"
    r"[“\"'«]?(?P<what>[\w-]+(?: [\w-]+){0,2})|\bday (?P<n2>\d{1,4}) of (?:the |its |Russia['’]s )?[“\"'«]?(?P<what2>[\w-]+(?: [\w-]+){0,2})",
    re.IGNORECASE,
)

# In order: an earlier rule takes its characters from the later ones.
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Context], DateRange | None]], ...] = (
    (_WAR_DAY, _war_day),
    (re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"), _numeric),
    (re.compile(r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>(?:19|20)\d\d)\b"), _numeric),
    (re.compile(rf"\b(?:{_DAY},? )?(?P<date>(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR})\b", re.IGNORECASE), _absolute),
    (re.compile(rf"\b(?:{_DAY},? )?(?P<date>{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR})\b"), _absolute),
    (re.compile(rf"\b(?:{_DAY},? )?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)(?![\d:])\b"), _yearless),
    (re.compile(rf"\b(?:early |mid-|late )?(?P<m>{_MONTH}),? (?P<y>{_YEAR})\b"), _month_year),
    (re.compile(rf"\b(?:(?:the )?(?P<which>last|next|this|past|coming) )?(?P<day>{_DAY}){_PART}\b", re.IGNORECASE), _weekday),
    (re.compile(r"\b(?:the )?(?:day before yesterday)\b", re.IGNORECASE), _shift(-2)),
    (re.compile(r"\byesterday(?: (?:morning|afternoon|evening|night))?\b|\blast night\b", re.IGNORECASE), _shift(-1)),
    (re.compile(r"\b(?:today|tonight|overnight|this (?:morning|afternoon|evening))\b", re.IGNORECASE), _shift(0)),
    (re.compile(r"\btomorrow(?: (?:morning|afternoon|evening|night))?\b", re.IGNORECASE), _shift(1)),
    (re.compile(r"\b(?:the |that )(?:same (?:day|evening|morning|night|afternoon)|(?:day|evening|morning|night) before|previous (?:day|evening|night)|(?:next|following) (?:day|morning)|day after)\b(?! yesterday)|\b(?:that|the same) (?:morning|evening|night|afternoon)\b|\ba day (?:before|earlier|later)\b(?! than)", re.IGNORECASE), _from_previous),
    (re.compile(r"\b(?:at |in )?(?:the )?(?:(?:beginning|start|end|middle) of |earlier |later |early |late )?(?:(?P<which>this|last|next|past|coming|previous|the) )(?P<unit>week|weekend|month)\b(?! (?:ago|before|later))", re.IGNORECASE), _week),
    (re.compile(rf"\b(?:a )?(?P<n>{_NUMBER}) (?P<unit>days?|weeks?|months?) (?:ago|earlier|before)\b", re.IGNORECASE), _ago),
    (re.compile(r"\b(?:on|by|until|since|before|from|of) the (?P<d>(?:[12]?\d|3[01]))(?:st|nd|rd|th)\b(?! (?:century|floor|day|round|time|anniversary|brigade|division|regiment|battalion|minute|parallel|street|army|corps))", re.IGNORECASE), _day_of_month),
    (re.compile(rf"\b(?P<n>a|one|{'|'.join(_NUMBERS)}|\d{{1,2}}) (?P<unit>days?|weeks?) later\b", re.IGNORECASE), _later),
    (re.compile(r"\b(?:a|one) day after\b(?= \w+ (?:\w+ ){0,4}(?:had|have|has|\w+ed|fell|took|left)\b)", re.IGNORECASE), _day_after),
    (re.compile(rf"\b(?i:in|since|of|by|until|from|early|mid-|late|last|this|during) ?(?P<m>{_MONTH})\b(?! \d)"), _month),
    (re.compile(rf"\b(?i:in|since|of|by|until|from|during) (?P<y>{_YEAR})\b(?![-/.]\d)"), _year),
    (re.compile(r"\b(?:now|currently|at present|at the moment|at this hour)\b(?! that)", re.IGNORECASE), _shift(0)),
)  # fmt: skip


def find_dates(text: str, *, anchor: dt.date | None) -> tuple[DateMention, ...]:
    """Find the expressions of time in a text.

    Parameters
    ----------
    text
        The article.
    anchor
        The day that relative expressions hang on; without it they stay unresolved.

    Returns
    -------
    tuple of DateMention
        In the order of the text, not overlapping; ``text[start:end] == mention.text``.

    Examples
    --------
    >>> [m.range.start.isoformat() for m in find_dates("on Thursday", anchor=dt.date(2022, 3, 4))]
    ['2022-03-03']
    """
    spans: list[tuple[int, int, int, re.Match[str]]] = []
    taken = bytearray(len(text))
    for number, (pattern, _) in enumerate(_RULES):
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                spans.append((start, end, number, match))
    mentions: list[DateMention] = []
    previous: DateRange | None = None
    for start, end, number, match in sorted(spans, key=lambda s: s[0]):
        context = _Context(text, anchor, previous, _looks_ahead(text, start, end))
        found = _resolved(_RULES[number][1], match, context)
        if found is not None and found.precision == "day":
            previous = found
        mentions.append(DateMention(start, end, text[start:end], found))
    return tuple(mentions)


def _resolved(
    rule: Callable[[re.Match[str], _Context], DateRange | None],
    match: re.Match[str],
    context: _Context,
) -> DateRange | None:
    try:
        return rule(match, context)
    except (OverflowError, ValueError):
        # A count that leaves the calendar ("900 months ago"): no date.
        return None


def _looks_ahead(text: str, start: int, end: int) -> bool:
    """Tell whether the clause around an expression speaks of the future."""
    left = max(text.rfind(mark, 0, start) for mark in ".;\n!?")
    right = min((p for mark in ".;\n!?" if (p := text.find(mark, end)) >= 0), default=len(text))
    clause = text[left + 1 : right].lower()
    if re.search(
        r"\b(?:by|until|before)(?: the)? $", text[max(0, start - 12) : start]
    ) and not re.search(r"\b(?:had|have|has|was|were|did|\w+ed|took|fell|left|held)\b", clause):
        return True
    words = rules("dates")["words"]["future"]
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", clause) for word in words)


def war_days(text: str) -> Iterator[re.Match[str]]:
    """Give the expressions that count the days of a war: "the eighth day of the invasion"."""
    return _WAR_DAY.finditer(text)


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
    number = _ORDINALS.index(raw) + 1 if raw in _ORDINALS else int(re.sub(r"\D", "", raw))
    around = text[max(0, match.start() - 1500) : match.end() + 1500].lower()
    best, votes = None, 0
    for epoch in rules("dates")["epochs"]:
        count = sum(around.count(word) for word in epoch["words"])
        if count > votes:
            best, votes = epoch["day"], count
    if best is None or number < 1:
        return None
    return best + dt.timedelta(days=number - 1)  # type: ignore[no-any-return]
