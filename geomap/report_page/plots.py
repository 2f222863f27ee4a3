"""Plots: bars as inline SVG, drawn from tallies; colours and letters come from the page's style.

Positions are percentages and heights are pixels, so that a plot grows with its column while
letters and lines keep their size, on a phone as on paper.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.report_page.markup import el
from geomap.report_page.stories import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.report_page.markup import Markup
    from geomap.report_page.tallies import Tally
    from geomap.report_page.words import Words

__all__ = ["Step", "days_plot", "share_bar", "steps_of"]

HEIGHT, TOP = 190, 14
BAR_HEIGHT = 10
# More bars than this are a comb on a phone: days become weeks, weeks months, months years.
MOST_BARS = 120
WEEK_DAYS = 7
MOST_LABELS = 5
TICKS = 3
# Tops of a scale in tenths of a power of ten: each is cut in two or three round steps.
ROUND = (12, 15, 20, 30, 40, 60, 80, 90, 100)
# The widest bar, percent: one day alone is no wall.
WIDEST = 6.0
GAP = 0.16


@dataclass(slots=True)
class Step:
    """A day, week, month or year of the plot: its first day and its events by standing."""

    day: dt.date
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STANDINGS, 0))

    @property
    def total(self) -> int:
        """All events of it."""
        return sum(self.counts.values())


def share_bar(parts: Iterable[tuple[str, int]], most: int) -> Markup:
    """Draw one bar of stacked parts.

    Parameters
    ----------
    parts
        ``(class of the style, number)``.
    most
        The number that fills the width.
    """
    drawn, left = [], 0.0
    for name, number in parts:
        if number:
            width = 100 * number / max(most, 1)
            drawn.append(
                el("rect", x=_percent(left), y=0, width=_percent(width), height=BAR_HEIGHT,
                   class_=name)
            )  # fmt: skip
            left += width
    # The table's cell beside it says the number.
    return el("svg", *drawn, class_="bar", height=BAR_HEIGHT, aria_hidden="true")


def steps_of(days: Mapping[dt.date, Tally]) -> tuple[str, list[Step]]:
    """Give the steps of the plot without gaps, from the first day to the last.

    Parameters
    ----------
    days
        Events by day, in order.

    Returns
    -------
    tuple of (unit, steps)
        Unit is ``"day"``, ``"week"`` (from Monday), ``"month"`` or ``"year"``: the finest
        with at most 120 steps. No steps without days.
    """
    if not days:
        return "day", []
    first, last = min(days), max(days)
    for unit in ("day", "week", "month", "year"):
        starts = list(_starts(first, last, unit))
        if len(starts) <= MOST_BARS or unit == "year":
            break
    steps = {day: Step(day) for day in starts}
    for day, tally in days.items():
        counts = steps[_start(day, unit)].counts
        for name in STANDINGS:
            counts[name] += getattr(tally, name)
    return unit, list(steps.values())


def _start(day: dt.date, unit: str) -> dt.date:
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _starts(first: dt.date, last: dt.date, unit: str) -> Iterable[dt.date]:
    day = _start(first, unit)
    while day <= last:
        yield day
        if unit in {"day", "week"}:
            day += dt.timedelta(days=WEEK_DAYS if unit == "week" else 1)
        else:
            # From the first of a month, 31 days lead into the next, 366 into the next year.
            day = _start(day + dt.timedelta(days=31 if unit == "month" else 366), unit)


def days_plot(unit: str, steps: Sequence[Step], words: Words, *, title: str) -> Markup:
    """Draw events over time.

    Parameters
    ----------
    unit, steps
        As :func:`steps_of` gave them, at least one.
    words
        For the labels.
    title
        What the plot shows, for those who do not see it.
    """
    top = _nice(max(step.total for step in steps))
    parts = [*_grid(top, words), *_bars(steps, unit, top, words), *_labels(steps, unit, words)]
    return el(
        "svg", el("title", title), *parts,
        class_="plot", height=HEIGHT + 24, role="img", aria_label=title,
    )  # fmt: skip


def _nice(most: int) -> int:
    """Give the least round number that holds a number and is cut in whole steps."""
    if most <= TICKS:
        return TICKS
    power: int = 10 ** (len(str(most)) - 1)
    if power == 1:
        return min(n for n in (4, 6, 9) if n >= most)
    return next(n for n in (power * tenths // 10 for tenths in ROUND) if n >= most)


def _grid(top: int, words: Words) -> Iterable[Markup]:
    steps = TICKS if top % TICKS == 0 else 2 if top % 2 == 0 else 1
    for tick in range(steps + 1):
        y = _y(top * tick / steps, top)
        yield el("line", x1="0", x2="100%", y1=y, y2=y, class_="grid" if tick else "base")
        if tick:
            yield el("text", words.number(int(top * tick / steps)), x="0", y=y - 4, class_="tick")


def _y(number: float, top: float) -> float:
    return round(TOP + (HEIGHT - TOP) * (1 - number / top), 1)


def _bars(steps: Sequence[Step], unit: str, top: int, words: Words) -> Iterable[Markup]:
    # Room at the left for the numbers of the scale.
    room = 94 / len(steps)
    width = min(room * (1 - GAP), WIDEST)
    for number, step in enumerate(steps):
        if not step.total:
            continue
        x = 6 + room * number + (room - width) / 2
        parts, below = [], 0
        for name in STANDINGS:
            count = step.counts[name]
            if count:
                y = _y(below + count, top)
                height = round(_y(below, top) - y, 1)
                parts.append(el("rect", x=_percent(x), y=y, width=_percent(width), height=height,
                                class_=name))  # fmt: skip
                below += count
        said = f"{_step_words(step.day, unit, words)}: {words.counted('event', step.total)}"
        yield el("g", el("title", said), *parts)


def _labels(steps: Sequence[Step], unit: str, words: Words) -> Iterable[Markup]:
    room = 94 / len(steps)
    every = max(1, math.ceil(len(steps) / MOST_LABELS))
    for number in range(0, len(steps), every):
        day = steps[number].day
        x = 6 + room * (number + 0.5)
        yield el("text", _label(day, unit, words), x=_percent(x), y=HEIGHT + 18,
                 class_="label")  # fmt: skip


def _label(day: dt.date, unit: str, words: Words) -> str:
    if unit == "year":
        return str(day.year)
    return words.short_month(day) if unit == "month" else words.short_day(day)


def _step_words(day: dt.date, unit: str, words: Words) -> str:
    if unit == "week":
        return words.span(day, day + dt.timedelta(days=WEEK_DAYS - 1))
    if unit == "month":
        return words.month(day)
    return str(day.year) if unit == "year" else words.day(day)


def _percent(share: float) -> str:
    return f"{share:.2f}%"
