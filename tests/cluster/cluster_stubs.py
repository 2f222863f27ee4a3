"""A light pipeline for tests of scheduling: importable by workers, which load no model."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from samples import POLTAVA, SUMY, event, extracted, toponym

from geomap.records import Article, DateRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from geomap.records import ExtractedArticle
    from geomap.settings import Settings

POISON, FAULTY, SLOW = "kills its worker", "cannot be read", "takes its time"
CRASH, HANG = "ends its process", "never ends"


def article(number: int, word: str = "is plain") -> Article:
    day = dt.date(2022, 3, 1) + dt.timedelta(days=number % 3)
    text = f"A corridor opened from Sumy to Poltava on 8 March, Kyiv said. {number} {word}."
    return Article(id=f"a{number}", text=text, published=day if number % 4 else None)


def load_stub(settings: Settings) -> Callable[..., Iterator[ExtractedArticle]]:
    """Give an extractor that dies, fails or waits where the text says so."""

    def extract(
        articles: Iterable[Article], on_fault: Callable[[Article, Exception], None]
    ) -> Iterator[ExtractedArticle]:
        for one in articles:
            if POISON in one.text:
                # Dask's nanny does not restart a worker that dies before it has noted the start.
                time.sleep(1.5)
                # That of Dask, above the process which extracts.
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(60)
            if CRASH in one.text:
                os.kill(os.getpid(), signal.SIGSEGV)
            if HANG in one.text:
                time.sleep(3600)
            if SLOW in one.text:
                time.sleep(0.05)
            if FAULTY in one.text:
                on_fault(one, ValueError("no such\nthing"))
                continue
            yield result_of(one)

    return extract


def load_any(settings: Settings) -> Callable[..., Iterator[ExtractedArticle]]:
    """Give an extractor for articles of any id."""

    def extract(articles: Iterable[Article], _: Any) -> Iterator[ExtractedArticle]:
        return (result_of(one, number=len(one.text)) for one in articles)

    return extract


def result_of(one: Article, *, number: int | None = None) -> ExtractedArticle:
    """Give an event in one of three countries, or of none, on one of two days, or on none."""
    number = int(one.id[1:]) if number is None else number
    country = ("UA", "NA", None, "PL")[number % 4]
    names = (
        toponym(0, "Sumy", replace(SUMY, country=country)),
        toponym(1, "Poltava", POLTAVA if number % 2 else None),
    )
    day = dt.date(2022, 3, 8 + number % 2)
    date = DateRange(start=day, end=day, precision="day", text="8 March") if number % 5 else None
    changes: dict[str, Any] = {} if number % 3 else {"geometry": None, "geometry_method": None}
    return extracted(article=one, toponyms=names, events=(event(date=date, **changes),))
