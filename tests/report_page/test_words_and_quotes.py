"""Days in words, counts in three languages, and quotations cut to a length."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from geomap.records import Sentence, Trigger
from geomap.report_page.cards import LONGEST, REACH, _language, _quote
from geomap.report_page.words import Words
from tests.samples import event, extracted

FEB, MAR, LAST_YEAR = dt.date(2022, 2, 24), dt.date(2022, 3, 8), dt.date(2021, 12, 30)


@pytest.mark.parametrize(
    ("first", "last", "span", "short"),
    [
        (None, FEB, "", ""),
        (FEB, None, "", ""),
        (FEB, FEB, "24 February 2022", "24 Feb 2022"),
        (FEB, dt.date(2022, 2, 28), "24–28 February 2022", "24 Feb – 28 Feb 2022"),
        (FEB, MAR, "24 February – 8 March 2022", "24 Feb – 8 Mar 2022"),
        (LAST_YEAR, FEB, "30 December 2021 – 24 February 2022", "30 Dec 2021 – 24 Feb 2022"),
    ],
)
def test_spans_of_days(first: Any, last: Any, span: str, short: str) -> None:
    words = Words("en")
    assert (words.span(first, last), words.short_span(first, last)) == (span, short)


@pytest.mark.parametrize(
    ("number", "form"),
    [(1, "one"), (2, "few"), (5, "many"), (11, "many"), (14, "many"), (21, "one"), (22, "few")],
)  # fmt: skip
def test_plurals_of_ukrainian(number: int, form: str) -> None:
    assert Words("uk")._form(number) == form
    assert Words("en")._form(number) == ("one" if number == 1 else "many")


def quoted(text: str, trigger: tuple[int, int], *, start: int = 0) -> str:
    told = event(
        sentence=Sentence(start=start, end=start + len(text), text=text),
        trigger=Trigger(start=trigger[0], end=trigger[1], text="corridor"),
    )
    return str(_quote(SimpleNamespace(event=told, extracted=extracted())))  # type: ignore[arg-type]


def test_a_sentence_is_quoted_with_its_trigger_marked() -> None:
    assert "A <mark>corridor</mark> opened." in quoted("A corridor opened.", (12, 20), start=10)
    # A trigger outside of its sentence marks nothing, and without a sentence it is all there is.
    assert "<mark>" not in quoted("A corridor opened.", (90, 98))
    assert "<mark>corridor</mark></blockquote>" in quoted("", (2, 10))


def test_a_long_sentence_is_cut_to_what_stands_around_the_trigger() -> None:
    before, after = "word " * 60, " word" * 60
    html = quoted(f"{before}corridor{after}", (len(before), len(before) + 8))
    assert "…word word" in html
    assert "word…" in html
    assert len(html) < 2 * REACH + 100
    short = "word " * 3
    only_behind = quoted(f"{short}corridor{after}{after}", (len(short), len(short) + 8))
    assert f">{short}<mark>" in only_behind
    assert len(short) < REACH < LONGEST


def test_a_language_is_told_when_it_is_a_code() -> None:
    assert _language("uk") == {"lang": "uk", "dir": "auto"}
    assert _language(None) == _language("<script>") == {"lang": None, "dir": "auto"}


def test_the_language_of_an_article_marks_its_quotation() -> None:
    base = extracted()
    ukrainian = replace(base, article=replace(base.article, language="uk"))
    html = str(_quote(SimpleNamespace(event=event(), extracted=ukrainian)))  # type: ignore[arg-type]
    assert 'lang="uk"' in html
