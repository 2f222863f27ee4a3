"""A worker: a process that reads files and extracts articles when it is told to.

What goes wrong in it, whatever that is, stays in it: the process that told it
sees it end, or ends it, and starts another.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from itertools import islice
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any, Protocol

from geomap.articles import read_source
from geomap.contract import CONTRACT_VERSION
from geomap.errors import GazetteerError, GeomapError, ModelError, SettingsError
from geomap.records import Failure
from geomap.store.packing import pack

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

    from geomap.articles import Source
    from geomap.records import Article, ExtractedArticle
    from geomap.settings import Settings

__all__ = ["Extractor", "Job", "Order", "failure_of", "load_extractor", "serve"]

# Articles that one answer carries at most, by number and characters; and how long reading goes on
# when there is one, so that a file of slow articles (large PDFs in a ZIP) is not late as a whole.
CHUNK, CHUNK_CHARS, CHUNK_S = 16, 200_000, 2.0
MEGABYTE = 2**20
# <linux/prctl.h>
PR_SET_PDEATHSIG = 1
# Without these no article at all can be read.
FATAL = (ModelError, GazetteerError, SettingsError)


class Extractor(Protocol):
    """What a worker extracts with; loaded once in each."""

    provenance: tuple[Any, ...]

    def extract(self, articles: Sequence[Article], *, on_fault: Any) -> Iterator[ExtractedArticle]:
        """Give each article as soon as it is done, in their order; faults go to ``on_fault``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker is told when it starts; plain values that travel between processes.

    Parameters
    ----------
    settings, published, columns
        Of the run.
    memory_mb
        Memory that a worker may take for itself, megabytes; ``None`` for any.
    load
        Makes what it extracts with.
    pack
        Makes of an extracted article, and its ``origin``, what travels back.
    """

    settings: Settings
    published: dt.date | None
    columns: Mapping[str, str] | None
    memory_mb: int | None
    load: Callable[[Settings], Extractor]
    pack: Callable[..., Any] = pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One thing to do.

    Parameters
    ----------
    do
        ``"read"`` opens a file and reads on to the first articles, ``"more"`` reads on,
        ``"extract"`` extracts.
    source, skip
        File to be opened, and how many of its articles and failures were had before.
    articles
        To be extracted.
    """

    do: str
    source: Source | None = None
    skip: int = 0
    articles: tuple[Article, ...] = ()


class _Pipeline:
    """The real extractor."""

    def __init__(self, settings: Settings) -> None:
        from geomap import pipeline  # noqa: PLC0415 - loads spaCy, in workers only

        self._nlp = pipeline.load_pipeline(settings)
        self._settings = settings
        made = pipeline.provenance_of(self._nlp, settings)
        self.provenance = (
            *(made.version, made.gazetteer, made.model, made.settings_sha256, made.worldview),
            CONTRACT_VERSION,
        )

    def extract(self, articles: Sequence[Article], *, on_fault: Any) -> Iterator[ExtractedArticle]:
        from geomap import pipeline  # noqa: PLC0415 - same

        return pipeline.extract_in_turn(
            articles, nlp=self._nlp, settings=self._settings, on_fault=on_fault
        )


class _Named(Protocol):
    """An article, or what stands for one."""

    @property
    def id(self) -> str: ...
    @property
    def origin(self) -> str | None: ...


def load_extractor(settings: Settings) -> Extractor:
    """Load the pipeline; takes two seconds."""
    return _Pipeline(settings)


def serve(pipe: Connection, job: Job) -> None:
    """Do what is told through a pipe until it closes.

    Parameters
    ----------
    pipe
        Carries an :class:`Order` at a time, and answers: ``("ready", provenance)``,
        ``("refused", error)``, ``("items", articles and failures, whether that was all)``,
        ``("kept", place in the order, Packed, seconds)``, ``("failed", place, Failure)``,
        ``("idle",)``.
    job
        What to work with.
    """
    # Ctrl-C reaches all processes of a terminal: the first one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        _serve(pipe, job)


def _serve(pipe: Connection, job: Job) -> None:
    try:
        extractor = job.load(job.settings)
    except GeomapError as err:
        pipe.send(("refused", type(err), str(err)))
        return
    # What is loaded stays: the collector need not look at it again (1.4 % of the time, then 0.4).
    gc.collect()
    gc.freeze()
    _limit_memory(job.memory_mb)
    pipe.send(("ready", extractor.provenance))
    reading: Iterator[Article | Failure] = iter(())
    while True:
        order: Order = pipe.recv()
        if order.do == "extract":
            _extract(pipe, extractor, order.articles, job.pack)
            continue
        if order.do == "read" and order.source is not None:
            reading = read_source(
                order.source,
                settings=job.settings,
                published=job.published,
                columns=job.columns,
            )
            reading = islice(reading, order.skip, None)
        items, is_end = _next(reading)
        pipe.send(("items", items, is_end))


def _next(reading: Iterator[Article | Failure]) -> tuple[list[Article | Failure], bool]:
    """Read on to the next few articles; what a file is wrong with comes as a failure."""
    items: list[Article | Failure] = []
    chars = 0
    end = time.monotonic() + CHUNK_S
    for item in reading:
        items.append(item)
        chars += len(getattr(item, "text", ""))
        if len(items) == CHUNK or chars > CHUNK_CHARS or time.monotonic() > end:
            return items, False
    return items, True


def _extract(
    pipe: Connection,
    extractor: Extractor,
    articles: tuple[Article, ...],
    packing: Callable[..., Any],
) -> None:
    # One of a group may have failed: what comes is told apart by identity and order.
    coming = iter(enumerate(articles))
    failed: set[int] = set()

    def on_fault(article: Article, err: Exception) -> None:
        if isinstance(err, FATAL):
            raise err
        place = next(n for n, one in enumerate(articles) if one is article)
        failed.add(place)
        pipe.send(("failed", place, failure_of(article, err)))

    start = time.perf_counter()
    for extracted in extractor.extract(articles, on_fault=on_fault):
        place, article = next((n, one) for n, one in coming if n not in failed)
        packed = packing(extracted, origin=article.origin or article.id)
        now = time.perf_counter()
        # At once: what is done is kept, whatever becomes of the rest.
        pipe.send(("kept", place, packed, now - start))
        start = now
    pipe.send(("idle",))


def failure_of(article: _Named, err: Exception) -> Failure:
    """Say why an article failed.

    Parameters
    ----------
    article
        The article.
    err
        What was raised.
    """
    hint, stage = "report it", "extract"
    if isinstance(err, GeomapError):
        text = " ".join(str(err).split())
        reason, _, hint = text.rpartition("; ")
        reason = reason or text
    elif isinstance(err, MemoryError):
        reason, hint, stage = "out of memory", "raise --memory, or split the article", "memory"
    else:
        reason = " ".join(f"internal error ({type(err).__name__}: {err})".split())
    origin = article.origin or article.id
    return Failure(origin=origin, stage=stage, reason=reason, hint=hint, id=article.id)


def _limit_memory(megabytes: int | None) -> None:
    """Let the process take no more memory for itself: an article that would fails alone."""
    if megabytes is None or sys.platform != "linux":
        return  # Other systems have no such limit, or do not hold it.
    import resource  # noqa: PLC0415 - not on Windows

    limit = megabytes * MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    within = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (within, hard))


def _end_with_parent() -> None:
    """End when the process that gives the orders was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _die_with_parent() -> None:
    """Let Linux do the same, also where a library never lets go of Python's lock."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - for this alone

    # When the thread ends that started this process: it lives as long as the crew.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
