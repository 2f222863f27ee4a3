"""Extractors for tests of batches: no model, and articles that bring a process down."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import time
from typing import TYPE_CHECKING, Any

from samples import extracted

from geomap.articles import read_source
from geomap.batch import worker
from geomap.errors import InputError, ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.articles import Source
    from geomap.records import Article, ExtractedArticle, Failure
    from geomap.settings import Settings

MODEL = "en 3.8.0"


class Stub:
    """Gives each article the same event, and dies on demand."""

    slow_s = 0.0

    def __init__(self, settings: Settings) -> None:
        made = extracted().provenance
        self.made = dataclasses.replace(made, settings_sha256=settings.sha256)
        self.provenance = (
            *(made.version, made.gazetteer, made.model, settings.sha256, made.worldview),
            2,
        )

    def extract(self, articles: Sequence[Article], *, on_fault: Any) -> Iterator[ExtractedArticle]:
        # As the real one: first the work on all, then the answers.
        done = [(one, self._worked_on(one)) for one in articles]
        for one, fault in done:
            if fault is not None:
                on_fault(one, fault)
                continue
            event = extracted().events[0]
            yield extracted(
                article=one,
                provenance=self.made,
                events=(dataclasses.replace(event, trigger=event.trigger),),
            )

    def _worked_on(self, article: Article) -> Exception | None:
        time.sleep(self.slow_s)
        if "CRASH" in article.text:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "LEAVE" in article.text:
            os._exit(3)
        if "DAWDLE" in article.text:
            time.sleep(0.6)
        if "SPIN" in article.text:
            # Never lets go of Python's lock.
            re.match(r"(a+)+$", "a" * 60 + "b")
        if "HANG" in article.text:
            time.sleep(3600)
        if "GREED" in article.text:
            try:
                bytearray(8 * 2**30)
            except MemoryError as err:
                return err
        if "FAULT" in article.text:
            return InputError("no sentence in it; give another text")
        if "ERROR" in article.text:
            return RuntimeError("unforeseen\nthing")
        return None


class FlowingStub(Stub):
    """As the real one: each article comes as soon as it is done."""

    def extract(self, articles: Sequence[Article], *, on_fault: Any) -> Iterator[ExtractedArticle]:
        for one in articles:
            yield from super().extract([one], on_fault=on_fault)


class SlowStub(Stub):
    slow_s = 0.05


def slow(settings: Settings) -> Stub:
    return SlowStub(settings)


def no_model(settings: Settings) -> Stub:
    msg = f"the spaCy pipeline {settings.model!r} is not installed; reinstall geomap"
    raise ModelError(msg)


def no_start(_settings: Settings) -> Stub:
    os._exit(7)


class OtherModel(Stub):
    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.made = dataclasses.replace(self.made, model="en 3.9.0")
        self.provenance = (*self.provenance[:2], "en 3.9.0", *self.provenance[3:])


class BadReader(Stub):
    """Reading a file that is named so ends the process, or never ends, after an article."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        worker.read_source = self._read

    @staticmethod
    def _read(source: Source, **options: Any) -> Iterator[Article | Failure]:
        yield from read_source(source, **options)
        if "leaves" in source.name:
            os._exit(3)
        if "hangs" in source.name:
            time.sleep(3600)


class SlowReader(BadReader):
    """Reading takes a while for each article."""

    @staticmethod
    def _read(source: Source, **options: Any) -> Iterator[Article | Failure]:
        for item in read_source(source, **options):
            time.sleep(0.3)
            yield item
