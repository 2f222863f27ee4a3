"""Many articles: all cores, one store, and nothing that is done is done twice."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from geomap.batch import incoming
from geomap.batch.crew import Crew
from geomap.batch.log import Log
from geomap.batch.progress import Progress
from geomap.batch.running import Running, Tally
from geomap.batch.worker import Job, load_extractor
from geomap.records import Failure, fields_of
from geomap.settings import Settings
from geomap.store import open_store
from geomap.store.packing import storable
from geomap.store.sources import FoundSource, Sources

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from geomap.batch.worker import Extractor
    from geomap.store import Store

__all__ = ["MEMORY_MB", "TIMEOUT_S", "BatchOptions", "Tally", "default_workers", "run_batch"]

# An article of a million characters, the longest, takes a minute on a busy machine.
TIMEOUT_S = 180.0
# What one may take for itself; 320 MB are common, 1.3 GB the longest article
# (benchmarks/batch_speed.py --memory).
MEMORY_MB = 2048


def default_workers() -> int:
    """Give the number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Not on macOS and Windows.
        return os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How a batch is run; none of it changes what is extracted.

    Parameters
    ----------
    workers
        Number of processes; that of the cores when left out.
    timeout_s
        Seconds that one article may take, and reading the next ones of a file.
    memory_mb
        Memory that each process may take for itself, megabytes (held on Linux);
        ``None`` for any.
    retry
        Whether files with failures are read again even though they did not change.
    log
        File that gets a line of JSON an event.
    is_shown
        Whether to show a bar on standard error.
    """

    workers: int | None = None
    timeout_s: float = TIMEOUT_S
    memory_mb: int | None = MEMORY_MB
    retry: bool = False
    log: Path | None = None
    is_shown: bool = False


def run_batch(
    inputs: Sequence[str],
    store: str | Path,
    *,
    urls: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    published: dt.date | None = None,
    settings: Settings | None = None,
    options: BatchOptions | None = None,
    load: Callable[[Settings], Extractor] = load_extractor,
) -> Tally:
    """Extract from many articles into a store, in as many processes as there are cores.

    Each article is kept as soon as it is done. A run that was stopped or killed
    is gone on with by the same call; files that did not change are not opened.
    A script that calls it needs ``if __name__ == "__main__":``, because workers
    import the script.

    Parameters
    ----------
    inputs
        As for :func:`geomap.read_articles`.
    store
        Folder of the store, made where it is missing.
    urls, columns, published, settings
        As for :func:`geomap.read_articles`.
    options
        How; the defaults when left out.
    load
        What a worker extracts with.

    Returns
    -------
    Tally
        What was done.

    Raises
    ------
    StoreError
        When the store is in use, cannot be written, or workers cannot start.
    GeomapError
        When no article can be extracted: no model, no gazetteer, bad settings.
    """
    settings, how = settings or Settings(), options or BatchOptions()
    job = Job(
        settings=settings,
        published=published,
        columns=columns,
        memory_mb=how.memory_mb,
        load=load,
    )
    with (
        open_store(store, write=True) as opened,
        Log(how.log) as told,
        Progress(is_shown=how.is_shown) as bar,
        incoming.spooled(inputs) as spooled,
    ):
        run = _Run(store=opened, log=told, progress=bar, inputs=tuple(inputs), spooled=spooled)
        found = run.files(urls, columns)
        # Nothing is loaded before there is a file to read.
        first = next(found, None)
        if first is not None:
            with Crew(job, size=how.workers or default_workers()) as crew:
                sources = Sources(
                    opened,
                    inputs=(*inputs, *urls),
                    settings=settings,
                    provenance=crew.provenance(),
                    how=json.dumps([published and published.isoformat(), columns or {}]),
                )
                run.tally.run = opened.run
                told.write("start", inputs=list(inputs), run=opened.run, workers=len(crew.workers))
                run.note(chain([first], found), sources, retry=how.retry)
                run.work(crew, sources, timeout_s=how.timeout_s)
            run.finish(sources)
    return run.tally


@dataclass(slots=True, kw_only=True)
class _Run:
    """The steps of a run: list, read and extract, finish."""

    store: Store
    log: Log
    progress: Progress
    inputs: tuple[str, ...]
    spooled: Mapping[str, Path]
    tally: Tally = field(default_factory=Tally)
    _faulty: list[str] = field(default_factory=list)

    def files(
        self, urls: Sequence[str], columns: Mapping[str, str] | None
    ) -> Iterator[FoundSource]:
        """List the files; an input that gives none, or cannot be listed, is a failure."""
        self.store.forget_failures(stage="find")
        for item in incoming.find(self.inputs, urls=urls, columns=columns):
            if isinstance(item, Failure):
                self._faulty.append(item.origin)
                self.tally.failures += 1
                self.store.fail(item)
                self.log.write("failure", **fields_of(item))
            else:
                given, source = item
                yield FoundSource(
                    origin=storable(source.origin),
                    name=source.name,
                    input=given,
                    size_bytes=source.size_bytes,
                    modified_ns=source.modified_ns,
                )

    def note(self, found: Iterable[FoundSource], sources: Sources, *, retry: bool) -> None:
        """Find out which files are to be read."""
        for state in sources.note(found, retry=retry):
            self.tally.same += state == "same"

    def work(self, crew: Crew, sources: Sources, *, timeout_s: float) -> None:
        """Read and extract."""
        self.progress.begin(sources.to_read()[1])
        Running(
            store=self.store,
            sources=sources,
            crew=crew,
            log=self.log,
            progress=self.progress,
            timeout_s=timeout_s,
            tally=self.tally,
            spooled=self.spooled,
        ).run()

    def finish(self, sources: Sources) -> None:
        """Mark what is gone, find copies, merge."""
        self.progress.say("merging")
        # What cannot be listed, as a disk that is not there, says nothing of its files.
        faulty = {incoming.input_of(one) for one in self._faulty}
        named = {incoming.input_of(one) for one in self.inputs} - faulty
        self.tally.removed += sources.remove_missing(sorted(named), beside=faulty)
        self.store.finish()
        sources.end("done")
        self.log.write("end", **fields_of(self.tally))
