"""What runs on a worker: one pipeline a process, and the task that takes a batch through it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from geomap.cluster.identity import check_same, identity_of
from geomap.cluster.ledger import stage_of, staged, write_whole
from geomap.cluster.partitions import Part, parts_of
from geomap.errors import GazetteerError, GeomapError, ModelError, SettingsError
from geomap.records import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from geomap.cluster.batches import Batch
    from geomap.records import Article, ExtractedArticle
    from geomap.settings import Settings

    OnFault = Callable[[Article, Exception], None]
    Extract = Callable[[Iterable[Article], OnFault], Iterator[ExtractedArticle]]
    Loader = Callable[[Settings], Extract]

__all__ = ["Done", "Job", "load_extract", "prepare", "release", "run_batch"]

REMEDY = "install the same geomap, gazetteers and files on the client and on every worker"
# Without these no article at all can be extracted.
FATAL = (ModelError, GazetteerError, SettingsError)


def load_extract(settings: Settings) -> Extract:
    """Load the pipeline, and give what takes articles through it.

    Parameters
    ----------
    settings
        Which model and gazetteer.

    Returns
    -------
    callable
        Takes articles and a function for those that fail; gives extracted articles.
    """
    from geomap.pipeline import extract_many, load_pipeline  # noqa: PLC0415 - loads spaCy

    nlp = load_pipeline(settings)

    def extract(articles: Iterable[Article], on_fault: OnFault) -> Iterator[ExtractedArticle]:
        return extract_many(articles, nlp=nlp, settings=settings, on_fault=on_fault)

    return extract


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
    """

    output: str
    run: str
    settings: Settings
    identity: Mapping[str, str]
    loader: Loader = load_extract
    collect: bool = False


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


class _Engine:
    """One pipeline in one thread of its own: SQLite's connections belong to their thread.

    A worker with several threads takes its batches one after another; more processes are
    what makes it faster, for Python runs one thread at a time.
    """

    def __init__(self, job: Job) -> None:
        self.identity = identity_of(job.settings)
        check_same(job.identity, self.identity, who="this worker", remedy=REMEDY)
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="geomap")
        self.extract = self.thread.submit(job.loader, job.settings).result()
        self.runs: set[str] = set()

    def run(self, batch: Batch, job: Job) -> Done:
        """Extract a batch in the engine's thread."""
        return self.thread.submit(_extracted, batch, job, self.extract).result()


_engines: dict[tuple[str, str], _Engine] = {}
_loading = Lock()


def _engine(job: Job) -> _Engine:
    name = (job.settings.sha256, f"{job.loader.__module__}.{job.loader.__qualname__}")
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
                engine.thread.shutdown(wait=False)
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


def _extracted(batch: Batch, job: Job, extract: Extract) -> Done:
    begun = time.perf_counter()
    keys = dict(zip(map(id, batch.articles), batch.keys, strict=True))
    failures: list[tuple[str, Failure]] = []

    def add(article: Article, err: Exception) -> None:
        if isinstance(err, FATAL):
            raise err
        failures.append((keys[id(article)], failure_of(article, err)))

    extractions = list(extract(batch.articles, add))
    parts = parts_of(extractions, digest=batch.digest)
    kept = tuple(parts) if job.collect else tuple(_written(parts, batch.digest, job))
    return Done(
        digest=batch.digest,
        parts=kept,
        failures=tuple(failures),
        articles=len(extractions),
        events=sum(len(extracted.events) for extracted in extractions),
        seconds=time.perf_counter() - begun,
    )


def _written(parts: Iterable[Part], digest: str, job: Job) -> Iterator[Part]:
    folder = stage_of(job.output, job.run) / digest
    for part in parts:
        write_whole(staged(folder, part), part.content or b"")
        yield replace(part, content=None)


def failure_of(article: Article, err: Exception) -> Failure:
    """Say why an article failed.

    Parameters
    ----------
    article
        The article.
    err
        What was raised.
    """
    ours = isinstance(err, GeomapError)
    reason = str(err) if ours else f"{type(err).__name__}: {err}"
    hint = "see the message" if ours else "report it with the article, if you may"
    return Failure(
        origin=article.origin or article.id,
        stage="extract",
        reason=" ".join(reason.split()),
        hint=hint,
        id=article.id,
    )
