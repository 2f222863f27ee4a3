"""What runs on a worker: one pipeline a process, and the task that takes a batch through it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from geomap.batch.apart import Apart, Results, job_of, load_extract
from geomap.batch.worker import FATAL, failure_of
from geomap.cluster.files import Files, articles_of
from geomap.cluster.identity import check_same, identity_of
from geomap.cluster.ledger import stage_of, staged, write_whole
from geomap.cluster.partitions import Part, parts_of
from geomap.records import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from geomap.batch.apart import Extract, Loader
    from geomap.cluster.batches import Batch
    from geomap.records import Article
    from geomap.settings import Settings

__all__ = ["Done", "Job", "load_extract", "prepare", "release", "run_batch"]

NO_FILES = Files()
REMEDY = "install the same geomap, gazetteers and files on the client and on every worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What all tasks of a run share: small, and plain values but for the loader.

    Parameters
    ----------
    output
        The output folder, absolute.
    run
        Name of the run's folder on the stage.
    settings
        The settings.
    identity
        What the client is; a worker that differs refuses.
    loader
        Loads the pipeline; a function that workers can import.
    collect
        Whether files travel to the client, where workers see no common disk.
    timeout_s
        How long an article may take; ``None`` extracts in this very process, where none is
        ended.
    memory_mb
        Memory that the process which extracts may take for itself, megabytes.
    files
        How files are read, where workers do that.
    """

    output: str
    run: str
    settings: Settings
    identity: Mapping[str, str]
    loader: Loader = load_extract
    collect: bool = False
    timeout_s: float | None = None
    memory_mb: int | None = None
    files: Files = NO_FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a task gives back: the names of its files, not their rows.

    Parameters
    ----------
    digest
        That of the batch.
    parts
        Its files; with content only when they are collected.
    failures
        Key and failure of each article that failed.
    articles, events
        How many were extracted.
    seconds
        That the worker took.
    """

    digest: str
    parts: tuple[Part, ...]
    failures: tuple[tuple[str, Failure], ...]
    articles: int
    events: int
    seconds: float


class _Here:
    """A pipeline in this process."""

    def __init__(self, extract: Extract) -> None:
        self._extract = extract

    def extract(self, articles: Sequence[Article]) -> Results:
        results = Results()
        places = {id(article): place for place, article in enumerate(articles)}

        def add(article: Article, err: Exception) -> None:
            if isinstance(err, FATAL):
                raise err
            results.failures[places[id(article)]] = failure_of(article, err)

        for extracted in self._extract(articles, add):
            results.done[places[id(extracted.article)]] = extracted
        return results

    def close(self) -> None:
        """Leave it to Python."""


def _opened(job: Job) -> Apart | _Here:
    if job.timeout_s is None:
        return _Here(job.loader(job.settings))
    made = job_of(job.settings, job.loader, memory_mb=job.memory_mb)
    return Apart(made, timeout_s=job.timeout_s)


class _Engine:
    """One pipeline, in a process of its own that can be ended, or in a thread of its own.

    A thread, because SQLite's connections belong to theirs. A worker with several threads takes
    its batches one after another; more processes are what makes it faster, for Python runs one
    thread at a time.
    """

    def __init__(self, job: Job) -> None:
        self.identity = identity_of(job.settings)
        check_same(job.identity, self.identity, who="this worker", remedy=REMEDY)
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="geomap")
        self.pipeline = self.thread.submit(_opened, job).result()
        self.runs: set[str] = set()

    def run(self, batch: Batch, job: Job) -> Done:
        """Extract a batch in the engine's thread."""
        return self.thread.submit(_extracted, batch, job, self.pipeline).result()

    def close(self) -> None:
        """Let go of the pipeline, after what is being done."""
        self.thread.submit(self.pipeline.close)
        self.thread.shutdown(wait=False)


_engines: dict[tuple[object, ...], _Engine] = {}
_loading = Lock()


def _engine(job: Job) -> _Engine:
    loader = f"{job.loader.__module__}.{job.loader.__qualname__}"
    name = (job.settings.sha256, loader, job.timeout_s, job.memory_mb)
    with _loading:
        if name not in _engines:
            _engines[name] = _Engine(job)
        engine = _engines[name]
        engine.runs.add(job.run)
    check_same(job.identity, engine.identity, who="this worker", remedy=REMEDY)
    return engine


def prepare(job: Job) -> None:
    """Load the pipeline of this process, if that was not done.

    Parameters
    ----------
    job
        The run.

    Raises
    ------
    ClusterError
        When this process is not what the client is.
    GeomapError
        When the model or the gazetteer is missing.
    """
    _engine(job)


def release(job: Job) -> None:
    """Let go of the pipelines that only this run used, and of their memory.

    Parameters
    ----------
    job
        The run.
    """
    with _loading:
        for name, engine in list(_engines.items()):
            engine.runs.discard(job.run)
            if not engine.runs:
                engine.close()
                del _engines[name]


def run_batch(batch: Batch, job: Job) -> Done:
    """Extract a batch and write its files on the stage: the task of the cluster.

    Doing it again, here or elsewhere, writes the same files with the same bytes.

    Parameters
    ----------
    batch
        Articles.
    job
        The run.

    Returns
    -------
    Done
        With a failure for each article that could not be extracted.

    Raises
    ------
    GeomapError
        When no article at all can be extracted here, or the stage cannot be written to.
    """
    return _engine(job).run(batch, job)


def _extracted(batch: Batch, job: Job, pipeline: Apart | _Here) -> Done:
    begun = time.perf_counter()
    results = _results(batch, job, pipeline)
    extractions = [results.done[place] for place in sorted(results.done)]
    parts = parts_of(extractions, digest=batch.digest)
    kept = tuple(parts) if job.collect else tuple(_written(parts, batch.digest, job))
    return Done(
        digest=batch.digest,
        parts=kept,
        failures=tuple((batch.keys[n], results.failures[n]) for n in sorted(results.failures)),
        articles=len(extractions),
        events=sum(len(extracted.events) for extracted in extractions),
        seconds=time.perf_counter() - begun,
    )


def _results(batch: Batch, job: Job, pipeline: Apart | _Here) -> Results:
    """Read what is still to be read, and extract."""
    read = dict(enumerate(articles_of(batch.articles, job.files, job.settings)))
    there = {place: one for place, one in read.items() if not isinstance(one, Failure)}
    places, found = list(there), pipeline.extract(list(there.values()))
    missing = {place: one for place, one in read.items() if isinstance(one, Failure)}
    return Results(
        done={places[n]: one for n, one in found.done.items()},
        failures={**missing, **{places[n]: one for n, one in found.failures.items()}},
    )


def _written(parts: Iterable[Part], digest: str, job: Job) -> Iterator[Part]:
    folder = stage_of(job.output, job.run) / digest
    for part in parts:
        write_whole(staged(folder, part), part.content or b"")
        yield replace(part, content=None)
