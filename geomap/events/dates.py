"""Expressions of time in news text.

On top of single dates come the rules of news: a weekday is the last one unless
the sentence looks ahead, "the beginning of the week" is a week, a day of a war
counts from its first. The types follow TimeML's TIMEX3 (Pustejovsky et al.
2003): a date, its precision, its words.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.events import days, spells
from geomap.lexicons import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from geomap.records import DateRange

__all__ = ["SENTENCE_ENDS", "DateMention", "find_dates"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """An expression of time in a text; ``range`` is ``None`` when it cannot be resolved.

    ``over`` is what it stands for when the clause looks ahead and yet tells of what is over,
    ``others`` all that it may stand for besides ``range``: counted from the article's day, or on
    the other side of it. ``kind`` is the name of its rule.
    """

    start: int
    end: int
    text: str
    range: DateRange | None
    over: DateRange | None = None
    others: tuple[DateRange, ...] = ()
    kind: str = ""


# In order: an earlier rule takes its characters from the later ones.
# Characters to either side that may be one clause: without marks a whole article would be.
LONGEST_CLAUSE = 400

_UNITS = ("day", "days", "week", "weeks", "month", "months", "year", "years")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHICH = ("this", "last", "next", "past", "coming", "previous", "the")


def _pairs(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(pair) for pair in itertools.product(first, second))


_SPELL_OF = _pairs(
    ("day", "night", "week", "month", "year", "days", "nights", "weeks", "months", "years"), ("of",)
)
_DAY_BESIDE = (
    "on the eve", "same ", "previous ", "next ", "following ", "day after",
    *_pairs(("day", "evening", "morning", "night", "eve"), ("before",)),
    *_pairs(("that",), ("morning", "evening", "night")),
    *_pairs(("a day",), ("before", "earlier", "later")),
)  # fmt: skip

# Each with words, in lower case, of which a line without any need not be searched for it.
_RULES: tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str], days.Context], DateRange | None]], ...] = (
    (_SPELL_OF, re.compile(rf"\b(?P<n>{spells.NTH}) (?P<unit>day|night|week|month|year) of (?=(?:the |its |a )?(?:\w+ )?(?:fighting|siege|blockade|clashes|shelling|bombardment|protests?|demonstrations?|truce|ceasefire|talks)\b)", re.IGNORECASE), spells.nth_of),
    (("day of", *(f"day {digit}" for digit in "0123456789")), days.WAR_DAY, days.war_day),
    (("night ",), re.compile(rf"\b(?:the )?night (?:of|from)(?: the)? \d{{1,2}}(?:st|nd|rd|th)?(?: (?:to|on|into)(?: the)? |[-–/]| and )(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{days.MONTH})\b", re.IGNORECASE), spells.night_to_date),
    (("night",), re.compile(rf"\b(?:the )?night (?:of|from) {days.DAY} (?:to|on|into) (?P<which>)(?P<day>{days.DAY})\b", re.IGNORECASE), spells.night_to_weekday),
    (_MONTHS, re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: and |[-–]| to )(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{days.MONTH})\b(?! {days.YEAR})"), spells.days_of_month),
    (("christmas", "new year"), re.compile(r"\b(?:Christmas (?:Eve|Day)|New Year[’']s (?:Eve|Day))\b", re.IGNORECASE), spells.holiday),
    (("year",), re.compile(rf"\b(?i:in|since|of|by|until|from|early|late|during) ?(?P<m>{days.MONTH})(?: of)? (?P<which>last|this|next) year\b"), spells.month_of_year),
    (("19", "20"), re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"), days.numeric),
    (("19", "20"), re.compile(r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>(?:19|20)\d\d)\b"), days.numeric),
    (("19", "20"), re.compile(rf"\b(?:{days.DAY},? )?(?P<date>(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {days.MONTH},? {days.YEAR})\b", re.IGNORECASE), days.absolute),
    (("19", "20"), re.compile(rf"\b(?:{days.DAY},? )?(?P<date>{days.MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {days.YEAR})\b"), days.absolute),
    (_MONTHS, re.compile(rf"\b(?:{days.DAY},? )?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{days.MONTH})|(?P<m2>{days.MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)(?!\d|:\d)\b(?! [Mm]ovement)"), days.yearless),
    (("early", "mid", "late", "end of", "start of", "beginning of", "middle of", "last days of"), re.compile(rf"\b(?P<part>(?i:early|mid|late|(?:the )?(?:end|last days|start|beginning|middle) of))(?: in |[ -])(?P<m>{days.MONTH})(?:,? (?P<y>{days.YEAR}))?\b(?! \d)"), days.part_of_month),
    (("19", "20"), re.compile(rf"\b(?P<m>{days.MONTH}),? (?P<y>{days.YEAR})\b"), days.month_and_year),
    (_DAYS, re.compile(rf"\b(?:(?:the )?(?P<which>last|next|this|past|coming) )?(?P<day>{days.DAY}){days.PART}\b", re.IGNORECASE), days.weekday),
    (("night before last",), re.compile(r"\b(?:the )?night before last\b", re.IGNORECASE), spells.day_before_last),
    (("to the day",), re.compile(rf"\b(?P<n>{days.NUMBER}) (?P<unit>weeks?|months?|years?) to the day\b", re.IGNORECASE), spells.to_the_day),
    (_SPELL_OF, re.compile(rf"\bafter (?:some |about |over |more than |nearly |almost |at least )?(?P<n>{days.NUMBER}) (?P<unit>days?|nights?|weeks?|months?|years?) of\b", re.IGNORECASE), spells.after_days_of),
    (_pairs((*_UNITS, "hours"), ("after",)), re.compile(rf"\b(?P<n>24|{days.NUMBER}) (?P<unit>hours|days?|weeks?|months?|years?) after\b(?= (?!his |her |their |being )(?:\S+ ){{1,8}}?(?:had|have|has|was|were|\w+ed|began|fell|took|left|hit|struck|shot)\b)", re.IGNORECASE), spells.after_that),
    (("past", "last"), re.compile(rf"\b(?:in|over|during|within|for|throughout) the (?:past|last) (?P<n>{days.NUMBER}) (?P<unit>days?|nights?|weeks?|fortnight|months?|years?)\b", re.IGNORECASE), spells.last_spell),
    (("day before yesterday",), re.compile(r"\b(?:the )?(?:day before yesterday)\b", re.IGNORECASE), days.shifted_by(-2)),
    (("yesterday", "last night"), re.compile(r"\byesterday(?: (?:morning|afternoon|evening|night))?\b|\blast night\b", re.IGNORECASE), days.shifted_by(-1)),
    (("today", "tonight", "overnight", "this "), re.compile(r"\b(?:today|tonight|overnight|this (?:morning|afternoon|evening))\b", re.IGNORECASE), days.shifted_by(0)),
    # A bulletin of the morning tells of the day before.
    (("hours", "past day", "last day"), re.compile(r"\b(?:past|last) (?:24|twenty[- ]four) hours\b|\b(?:over|in|during|within|on) the (?:past|last) day\b(?! of)", re.IGNORECASE), days.shifted_by(-1)),
    (("tomorrow",), re.compile(r"\btomorrow(?: (?:morning|afternoon|evening|night))?\b", re.IGNORECASE), days.shifted_by(1)),
    (_DAY_BESIDE, re.compile(r"\b(?:the |that )(?:same (?:day|evening|morning|night|afternoon)|(?:day|evening|morning|night|eve) before|previous (?:day|evening|night|afternoon|morning)|(?:next|following) (?:day|morning)|day after)\b(?! yesterday)|\bon the eve\b(?! of)|\b(?:that|the same) (?:morning|evening|night|afternoon)\b|\ba day (?:before|earlier|later)\b(?! than)", re.IGNORECASE), days.from_previous),
    (_pairs(_WHICH, ("week", "month")), re.compile(r"\b(?:at |in )?(?:the )?(?:(?:beginning|start|end|middle) of |earlier |later |early |late )?(?:(?P<which>this|last|next|past|coming|previous|the) )(?P<unit>week|weekend|month)\b(?! (?:ago|before|later))", re.IGNORECASE), days.week_or_month),
    (_pairs(_UNITS, ("ago", "earlier", "before")), re.compile(rf"\b(?:a )?(?P<n>{days.NUMBER}) (?P<unit>days?|weeks?|months?|years?) (?:ago|earlier|before)\b", re.IGNORECASE), days.ago),
    (_pairs(("the",), (*"0123456789", *days.ORDINALS[3:])), re.compile(rf"\b(?:on|by|until|since|before|from|of|between|and) the (?:(?P<d>(?:[12]?\d|3[01]))(?:st|nd|rd|th)\b(?! (?:century|floor|day|round|time|anniversary|brigade|division|regiment|battalion|minute|parallel|street|army|corps))|(?P<o>{'|'.join(days.ORDINALS[3:])})\b(?=[.,;:!?]| and | that ))", re.IGNORECASE), days.day_of_month),
    (_pairs(_UNITS, ("later",)), re.compile(rf"\b(?P<n>a|one|{'|'.join(days.NUMBERS)}|\d{{1,2}}) (?P<unit>days?|weeks?) later\b", re.IGNORECASE), days.later),
    (("of the year",), re.compile(r"\b(?:since|from|at) the (?:beginning|start|turn) of (?P<which>the|this|last) year\b", re.IGNORECASE), spells.turn_of_year),
    (("for ",), re.compile(rf"\bfor (?:some |about |over |more than |nearly |almost |at least |the (?:last|past) )*(?P<n>{days.NUMBER}) (?P<unit>days?|weeks?|fortnight|months?|years?)\b", re.IGNORECASE), days.since_for),
    (_MONTHS, re.compile(rf"\b(?i:in|since|of|by|until|from|early|mid-|late|last|this|during) ?(?P<m>{days.MONTH})\b(?! \d)"), days.month_alone),
    (("spring", "summer", "autumn", "winter"), re.compile(rf"\b(?i:in|since|by|until|last|this|next)(?: the)?(?: early| late)? (?P<season>spring|summer|autumn|winter)\b(?:(?: of)? (?P<y>{days.YEAR}))?(?! offensive| camp| school)"), spells.season),
    (("year",), re.compile(r"\b(?P<which>last|previous) year\b(?!['’]s)"), spells.year_beside),
    (("19", "20"), re.compile(rf"\b(?i:in|since|of|by|until|from|during) (?P<y>{days.YEAR})\b(?![-/.]\d)"), days.year_alone),
    (("now", "currently", "at present", "at the"), re.compile(r"\b(?:now|currently|at present|at the moment|at this hour)\b(?! that)", re.IGNORECASE), days.shifted_by(0)),
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
    >>> import datetime as dt
    >>> [m.range.start.isoformat() for m in find_dates("on Thursday", anchor=dt.date(2022, 3, 4))]
    ['2022-03-03']
    """
    spans: list[tuple[int, int, int, re.Match[str]]] = []
    taken = bytearray(len(text))
    lines = list(_lines(text))
    whole = "\n".join(lower for _, _, lower in lines)
    for number, (words, pattern, _) in enumerate(_RULES):
        said = [word for word in words if word in whole]
        for first, last, lower in lines if said else ():
            if not any(word in lower for word in said):
                continue
            for match in pattern.finditer(text, first, last):
                start, end = match.span()
                if not any(taken[start:end]):
                    taken[start:end] = b"\x01" * (end - start)
                    spans.append((start, end, number, match))
    mentions: list[DateMention] = []
    previous: DateRange | None = None
    last = 0
    for start, end, number, match in sorted(spans, key=lambda s: s[0]):
        near = SENTENCE_ENDS.search(text, last, start) is None
        context = days.Context(text, anchor, previous, _looks_ahead(text, start, end), near)
        mention = _mention(_RULES[number][2], match, context)
        if mention.range is not None and mention.range.precision == "day":
            previous, last = mention.range, end
        mentions.append(mention)
    return tuple(mentions)


def _mention(
    rule: Callable[[re.Match[str], days.Context], DateRange | None],
    match: re.Match[str],
    context: days.Context,
) -> DateMention:
    """Resolve an expression in all ways in which it may be meant."""
    start, end = match.span()
    found = _resolved(rule, match, context)
    over: DateRange | None = None
    others: tuple[DateRange, ...] = ()
    anchor = context.anchor
    if found is not None and anchor is not None:
        if context.ahead and found.start > anchor:
            over = _resolved(rule, match, replace(context, ahead=False))
        ways = (replace(context, ahead=not context.ahead), replace(context, previous=None))
        resolved = (_resolved(rule, match, way) for way in ways)
        others = tuple(dict.fromkeys(r for r in resolved if r is not None and r != found))
    kind = getattr(rule, "__name__", "")
    return DateMention(start, end, match.group(), found, over, others, kind)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Give each line of a text by its ends, in lower case: no expression goes over an end."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line), line.lower()
        start += len(line) + 1


def _resolved(
    rule: Callable[[re.Match[str], days.Context], DateRange | None],
    match: re.Match[str],
    context: days.Context,
) -> DateRange | None:
    try:
        return rule(match, context)
    except (OverflowError, ValueError):
        # A count that leaves the calendar ("900 months ago"): no date.
        return None


# "Beginning on Saturday", "from Saturday on" lie ahead; "which on Monday were dropped" does not.
_OPENING = re.compile(r"\b(?:beginning|starting|effective|as of|as from)(?: on| from)? (?:the )?$")
_TOLD = re.compile(r"\b(?:was|were|had|did)\b[^.;,]{0,30}$")
_TOLD_BEHIND = re.compile(r"(?:,)? (?:was|were|had|did)\b(?! to\b)")


# A full stop ends a sentence unless the line goes on in lower case or with a figure: "at 6 a.m. on".
SENTENCE_ENDS = re.compile(r"[;\n!?]|\.(?![\w.])(?!,? [a-z\d])")


def _looks_ahead(text: str, start: int, end: int) -> bool:
    """Tell whether the clause around an expression speaks of the future."""
    first, last = max(0, start - LONGEST_CLAUSE), min(len(text), end + LONGEST_CLAUSE)
    left = max((m.end() - 1 for m in SENTENCE_ENDS.finditer(text, first, start)), default=first - 1)
    behind = SENTENCE_ENDS.search(text, end, last)
    right = behind.start() if behind else last
    # "May" is a month here, not the verb of the lexicon; so is the expression itself no sign.
    clause = (text[left + 1 : start] + " " + text[end:right]).replace("May", "").lower()
    if _OPENING.search(text[max(0, start - 20) : start]):
        return True
    if _TOLD.search(text[max(left + 1, start - 30) : start]) or _TOLD_BEHIND.match(text, end):
        return False
    if re.search(
        r"\b(?:by|until|before)(?: the)? $", text[max(0, start - 12) : start]
    ) and not re.search(r"\b(?:had|have|has|was|were|did|\w+ed|took|fell|left|held)\b", clause):
        return True
    return _future().search(clause) is not None


@lru_cache(maxsize=1)
def _future() -> re.Pattern[str]:
    words = "|".join(map(re.escape, rules("dates")["words"]["future"]))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")
