"""When an article was written, and which of its dates is the date of an event."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.events.dates import DateMention, find_dates
from geomap.events.days import MONTH, YEAR, day_of_war, parsed_date, war_days
from geomap.events.tenses import AHEAD, NOW, OVER
from geomap.records import DateRange

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "anchor_date",
    "clauses_between",
    "date_for",
    "heading_of",
    "is_aside",
    "is_dateline",
    "is_owning",
    "is_reporting",
    "reported_day",
    "span_word",
]

DATELINE_CHARACTERS = 300
# How far back a date holds for the sentences behind it, in characters: a paragraph.
CARRY_CHARACTERS = 600
# A date further from the article's day is background, not the scene of what follows.
CARRIED_DAYS = dt.timedelta(days=7)
_ASIDE = re.compile(r"\b(?:which|who|whose|after|when|where)\b[^.,;]*$")
# An article reports on another day than its own when it names that day at least three
# times and in two of three of its recent dates (development: the seeds; one mention of
# yesterday moves nothing).
REPORTED_DAYS = dt.timedelta(days=2)
FEWEST_NAMED = 3
AGREEING_SHARE = 2 / 3

_DATELINE = re.compile(
    rf"\b(?P<date>\d{{1,2}}(?:st|nd|rd|th)? {MONTH},? {YEAR}|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {YEAR}|{YEAR}-\d\d-\d\d)\b"
)
_CLOCK = re.compile(
    r"\b(?:at|around|by|from) (?:about )?(?:[01]?\d|2[0-3])(?::[0-5]\d)(?: ?[ap]\.?m\.?)?",
    re.IGNORECASE,
)


def anchor_date(
    text: str, *, published: dt.date | None, name: str | None = None
) -> tuple[dt.date | None, str]:
    """Give the day that relative expressions hang on.

    Parameters
    ----------
    text
        The article.
    published
        The day of publication when it is known: it decides.
    name
        Name of the file or article; an ISO date in it comes second.

    Returns
    -------
    tuple of (date or None, source)
        Then a dateline near the start, "the eighth day of the war", the first
        full date of the text; ``(None, "nothing")`` without any.

    Examples
    --------
    >>> anchor_date("On the eighth day of the invasion of Ukraine …", published=None)[0]
    datetime.date(2022, 3, 3)
    """
    if published is not None:
        return published, "published"
    for match in re.finditer(r"(?<!\d)((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)(?!\d)", name or ""):
        try:
            return dt.date(*map(int, match.groups())), "the file name"
        except ValueError:
            continue
    head = _DATELINE.search(text[:DATELINE_CHARACTERS])
    if head and (
        day := parsed_date(re.sub(r"(?<=\d)(?:st|nd|rd|th)|[,.]", " ", head["date"]), None)
    ):
        return day, f"the dateline “{head['date']}”"
    for match in war_days(text):
        if day := day_of_war(match, text):
            return day, f"“{match.group()}”"
    full = [m for m in find_dates(text, anchor=None) if m.range and m.range.precision == "day"]
    if full and full[0].range:
        return full[0].range.start, f"the first full date of the text, “{full[0].text}”"
    return None, "nothing"


def date_for(
    start: int,
    end: int,
    sentence: tuple[int, int],
    mentions: Sequence[DateMention],
    *,
    text: str,
    anchor: dt.date | None,
    tense: str = "none",
) -> DateRange | None:
    """Give the date of an event.

    Parameters
    ----------
    start, end
        The trigger, or the member of a list that the event belongs to.
    sentence
        Its sentence.
    mentions
        All dates of the text.
    text
        The article.
    anchor
        The day the article hangs on.
    tense
        Of the clause of the trigger, from :func:`geomap.events.tenses.tense_at`. Where it speaks
        of what goes on, no date is carried over; where it tells what is over, a month or weekday
        is the last one; where it looks ahead, the next one ("they meet on Friday").

    Returns
    -------
    DateRange or None
        The date nearest to the trigger in its sentence, its own clause first;
        else the last day named shortly before; else the day that the article
        names throughout, or the anchor itself, since news without a date is
        news of the day; ``None`` without an anchor.
    """
    inside = [m for m in mentions if sentence[0] <= m.start < sentence[1] and m.range is not None]
    inside = [m for m in inside if not is_dateline(m, text)]
    inside = [m for m in inside if not is_reporting(m, text)] or inside
    if inside:
        best = min(inside, key=lambda m: _distance(m, start, end, text))
        if tense in OVER and best.over is not None:
            best = replace(best, range=best.over)
        elif tense in AHEAD and anchor is not None:
            best = replace(best, range=_next_day(best, start, end, text, anchor))
        return _with_clock(best, sentence, text)
    head = heading_of(sentence[0], mentions, text)
    if head is not None:
        return head.range
    before = [
        m for m in mentions
        if sentence[0] - CARRY_CHARACTERS <= m.start < sentence[0]
        and m.range is not None and m.range.precision in {"day", "minute"}
        and "\n\n" not in text[m.end : sentence[0]] and not _is_past_of_past(m, text)
        and not is_reporting(m, text) and _carries(m, anchor, text)
    ]  # fmt: skip
    if before and tense not in NOW and not _starts_item(text, sentence[0]):
        return before[-1].range
    if anchor is None:
        return None
    day = reported_day(mentions, anchor)
    return DateRange(start=day, end=day, precision="day", text=None)


# "GOMA, DR Congo, Jan 27 (Agencies) - …", "YEREVAN, 10 November 2020. …".
_BEHIND_DATELINE = re.compile(r"(?:,? \d{4})?(?: ?\([^)\n]*\))? ?(?: [-–—]|[.:]|$)", re.MULTILINE)
_FULL = frozenset({"absolute", "yearless", "numeric"})
# A weekday names the next one too; other expressions tell themselves which is meant.
_BOTH_SIDES = frozenset({"weekday", "day_of_month"})


def is_dateline(mention: DateMention, text: str) -> bool:
    """Tell whether a date says when the article was written, not when anything happened."""
    if mention.kind not in _FULL or mention.start > DATELINE_CHARACTERS:
        return False
    before = text[text.rfind("\n", 0, mention.start) + 1 : mention.start]
    placed = before[:1].isupper() and before.rstrip().endswith(",")
    return placed and _BEHIND_DATELINE.match(text, mention.end) is not None


_BEFORE_HEADING = re.compile(r"^[\s•*>\-–—🔴🔹⚡▪]*(?:on )?(?:the )?$", re.IGNORECASE)
_BEHIND_HEADING = re.compile(r"[ ,]*(?:\d{1,2}[.:]\d\d)?[ ]*(?:[.:|–—-](?:\s|$)|$)", re.MULTILINE)


def heading_of(start: int, mentions: Sequence[DateMention], text: str) -> DateMention | None:
    """Give the date that heads the line of a sentence, as in a chronicle: "Sept 19. Artillery …".

    Parameters
    ----------
    start
        Where the sentence starts.
    mentions
        All dates of the text.
    text
        The article.

    Returns
    -------
    DateMention or None
        The date at the start of its line, set off by a mark; else one that is a line of its
        own right above its paragraph.
    """
    line = text.rfind("\n", 0, start + 1) + 1
    above = text.rfind("\n", 0, max(0, line - 1)) + 1
    for mention in mentions:
        first = text.rfind("\n", 0, mention.start) + 1
        if first not in {line, above} or mention.range is None or mention.start > start:
            continue
        if not _BEFORE_HEADING.match(text[first : mention.start]):
            continue
        found = _BEHIND_HEADING.match(text, mention.end)
        alone = found is not None and text[found.end() - 1 : found.end() + 1].endswith("\n")
        if found is not None and (first == line or alone) and mention.start >= line * (not alone):
            return mention
    return None


def is_owning(mention: DateMention, text: str) -> bool:
    """Tell whether a day has what it names, which is over then: "Sunday's blasts"."""
    return text.startswith(("'s", "’s"), mention.end)


def _next_day(
    mention: DateMention, start: int, end: int, text: str, anchor: dt.date
) -> DateRange | None:
    """Give the next weekday where a clause in the present or future holds one."""
    found = mention.range
    gap = text[end : mention.start] if mention.start >= end else text[mention.end : start]
    last = re.search(r"\blast\b", mention.text, re.IGNORECASE) or is_owning(mention, text)
    if (
        mention.kind not in _BOTH_SIDES or found is None or found.start >= anchor or last
        or clauses_between(gap) or span_word(mention, text) in {"since", "after", "from"}
    ):  # fmt: skip
        return found
    return next((other for other in mention.others if other.start > anchor), found)


def _carries(mention: DateMention, anchor: dt.date | None, text: str) -> bool:
    """Tell whether a date sets the scene: not one of long ago, nor one of an aside ("which fell on …")."""
    if mention.range is None:
        return False
    near = anchor is None or abs(mention.range.start - anchor) <= CARRIED_DAYS
    return near and not is_aside(mention, text)


def is_aside(mention: DateMention, text: str) -> bool:
    """Tell whether a date stands in an aside: "which fell on …"."""
    return _ASIDE.search(text[max(0, mention.start - 80) : mention.start]) is not None


def _starts_item(text: str, start: int) -> bool:
    """Tell whether a sentence opens an item of a list, with matters and a date of its own."""
    line = text[text.rfind("\n", 0, start) + 1 : start + 2].strip()
    return line[:1] in {"-", "•", "*", "–", "—", "🔴", "🔹", "⚡"} and len(line) <= len("- X")


def reported_day(mentions: Sequence[DateMention], anchor: dt.date) -> dt.date:
    """Give the day an article reports on: most of its dates, when they agree; else its own.

    A paper printed on Friday tells of Thursday throughout, and says so often.
    """
    days = [
        m.range.start
        for m in mentions
        if m.range is not None
        and m.range.precision in {"day", "minute"}
        and m.range.start == m.range.end
        and anchor - REPORTED_DAYS <= m.range.start <= anchor
    ]
    best = max(days, key=lambda day: (days.count(day), day), default=anchor)
    agree = days.count(best) >= max(FEWEST_NAMED, AGREEING_SHARE * len(days))
    return best if agree else anchor


# No clause of its own: "after dark on Thursday", "before dawn".
_HOURS = re.compile(
    r" (?:after|before) (?:dark|dawn|midnight|noon|nightfall|sunset|sunrise|daybreak)\b"
)


def _distance(mention: DateMention, start: int, end: int, text: str) -> float:
    """Measure how far a date is from a trigger; a clause boundary between counts as 60 characters."""
    gap = text[end : mention.start] if mention.start >= end else text[mention.end : start]
    gap = _HOURS.sub(" ", gap)
    span = span_word(mention, text) in {"since", "until", "till", "for"}
    return len(gap) + 60 * clauses_between(gap) + (40 if span else 0)


def clauses_between(gap: str) -> int:
    """Count the boundaries of clauses in the words between a date and a trigger."""
    gap = _HOURS.sub(" ", gap)
    return len(re.findall(r"[,;:—–(]| (?:and|but|while|after|before|which|where|who|that) ", gap))


_SPAN = re.compile(r"\b(since|until|till|by|before|after|from|through)(?: the| about| around)? $")


def span_word(mention: DateMention, text: str) -> str:
    """Give the word before or in an expression that makes a span of it: "since"; else ""."""
    if mention.text.lower().startswith(("for ", "since ", "by ", "until ", "from ")):
        return mention.text.split()[0].lower()
    found = _SPAN.search(text[max(0, mention.start - 14) : mention.start].lower())
    return found.group(1) if found else ""


def is_reporting(mention: DateMention, text: str) -> bool:
    """Tell whether the date is that of saying: "…, he said on Thursday"."""
    return re.search(r"\b(?:said|told|reported|announced|wrote|added|stated)(?: (?:in|at|to) (?:\w+ ){1,3}| reporters)? (?:on |late )?$", text[max(0, mention.start - 50) : mention.start]) is not None  # fmt: skip


def _is_past_of_past(mention: DateMention, text: str) -> bool:
    return (
        re.search(r"\b(?:since|until|till) $", text[max(0, mention.start - 7) : mention.start])
        is not None
    )


def _with_clock(mention: DateMention, sentence: tuple[int, int], text: str) -> DateRange | None:
    """Make a day exact to the minute when a clock time stands beside it."""
    found = mention.range
    if found is None or found.precision != "day":
        return found
    for clock in _CLOCK.finditer(text, sentence[0], sentence[1]):
        first, last = min(clock.start(), mention.start), max(clock.end(), mention.end)
        if last - first < len(clock.group()) + len(mention.text) + 12:
            return DateRange(
                start=found.start, end=found.end, precision="minute", text=text[first:last]
            )
    return found
