"""Dates of events in short passages of many manners, each as a careful reader dates it.

``dated.txt`` was written before the rules and the model saw it. The events are marked
``[word|date]``: a day, a month (2022-03), a week (2022-W10), a year, or ``?`` where nobody can
tell. Passages with odd numbers were worked on, those with even numbers only measured.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geomap.analysis import Analysis
from geomap.events.dated import EventDates
from geomap.events.dates import find_dates
from geomap.pipeline import extract
from geomap.records import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

    from geomap.records import DateRange

_MARK = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")
# Measured, rounded down: what the rules and the model reach now.
LEAST_WORKED_ON = 0.91
LEAST_MEASURED = 0.82


@dataclass(frozen=True)
class Passage:
    """A text, its day, and start, end and date of its marks."""

    published: dt.date
    text: str
    marks: tuple[tuple[int, int, str], ...]


def passages() -> Iterator[Passage]:
    raw = Path(__file__).with_name("dated.txt").read_text(encoding="utf-8")
    for block in raw.removeprefix("== ").split("\n== "):
        head, _, marked = block.partition("\n")
        text, marks, last = "", [], 0
        for match in _MARK.finditer(marked):
            text += marked[last : match.start()]
            marks.append((len(text), len(text) + len(match[1]), match[2]))
            text, last = text + match[1], match.end()
        text += marked[last:].rstrip()
        yield Passage(dt.date.fromisoformat(head.split()[0]), text, tuple(marks))


def is_right(wanted: str, found: DateRange | None) -> bool:
    if found is None:
        return False
    year, week, _ = found.start.isocalendar()
    told = f"{year}-W{week:02}" if "W" in wanted else found.start.isoformat()[: len(wanted)]
    return told == wanted


def rights(nlp: Language, passage: Passage) -> list[bool]:
    doc = nlp(passage.text)
    mentions = find_dates(passage.text, anchor=passage.published)
    dates = EventDates(doc, passage.text, mentions, passage.published)
    found = []
    for start, end, wanted in passage.marks:
        token = doc.char_span(start, end, alignment_mode="expand").root
        date = dates.of(token, (token.idx, token.idx + len(token)), "")
        if wanted != "?":
            found.append(is_right(wanted, date))
    return found


@pytest.mark.parametrize(
    ("half", "least"), [(0, LEAST_WORKED_ON), (1, LEAST_MEASURED)], ids=["worked on", "measured"]
)
def test_events_are_dated_as_a_reader_dates_them(
    nlp: Language, monkeypatch: pytest.MonkeyPatch, half: int, least: float
) -> None:
    # Some of the words are no triggers, and sentences without one are not parsed.
    monkeypatch.setattr(Analysis, "_chosen", lambda _self, _doc, sentences, *_: list(sentences))
    found = [right for passage in list(passages())[half::2] for right in rights(nlp, passage)]
    assert len(found) > 100
    assert sum(found) / len(found) >= least


def test_passages_are_of_many_days_and_texts() -> None:
    found = list(passages())
    assert len({passage.text for passage in found}) == len(found) >= 60
    assert len({passage.published for passage in found}) > 40


# A paper of Friday that tells of Thursday, and says so often.
PAPER = """The battle for Kyiv

The General Staff said on Thursday that Irpin had been shelled. On Thursday evening the mayor of \
Bucha spoke of fires.

Columns of tanks have not given up attempts to block Kharkiv. In Sumy rockets hit a power plant. \
By Thursday night the lights were out.
"""


def test_a_paper_dates_by_the_day_that_it_reports_on(nlp: Language) -> None:
    friday = dt.date(2022, 3, 4)
    events = extract(
        Article(id="paper", text=PAPER, published=friday, language="en"), nlp=nlp
    ).events
    days = {event.trigger.text: event.date and event.date.start for event in events}
    thursday = dt.date(2022, 3, 3)
    assert days["shelled"] == days["block"] == days["hit"] == thursday
