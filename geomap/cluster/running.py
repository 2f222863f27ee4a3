"""Running: articles to partitions, on a Dask cluster or in this process, with one ledger.

The client holds a few batches and commits what comes back; workers hold one batch each.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geomap.batch import MEMORY_MB, TIMEOUT_S
from geomap.cluster.batches import BATCH_ARTICLES, BATCH_CHARS, Keys, batches_of
from geomap.cluster.files import Files
from geomap.cluster.identity import identity_of
from geomap.cluster.ledger import Ledger
from geomap.cluster.worker import Job, load_extract, release, run_batch
from geomap.errors import SettingsError
from geomap.records import Failure
from geomap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from distributed import Client

    from geomap.batch.apart import Loader
    from geomap.cluster.batches import Batch, Listed
    from geomap.cluster.worker import Done
    from geomap.records import Article

__all__ = ["Outcome", "RunOptions", "extract_on_cluster", "extract_to_partitions"]

# Long enough for a nanny to start a worker anew and load the pipeline (10 s).
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run did.

    Parameters
    ----------
    articles, events
        Extracted by this run.
    known
        Articles that were passed over: they were in, or came twice.
    failures
        All articles of the folder that are not in, with reasons.
    batches
        Brought in by this run.
    deaths
        How often a batch was given up because workers died of it, and cut in two.
    seconds
        From the first article to the last batch.
    """

    articles: int
    events: int
    known: int
    failures: tuple[Failure, ...]
    batches: int
    deaths: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is done; none of it changes what comes out but for ``loader``.

    Parameters
    ----------
    most_articles, most_chars
        What ends a batch.
    in_flight
        Most batches that are out at once; ``None`` for two a worker, at least two.
    collect
        Whether the files travel to the client, who writes them: no common disk is needed.
    retry_failures
        Whether articles that failed in an earlier run are tried again.
    progress
        Whether a bar is shown on standard error.
    patience_s
        How long to wait for a worker when there is none.
    timeout_s
        Seconds that one article may take on a worker; then the process that extracts it there
        is ended, and another one started.
    memory_mb
        Memory that this process may take for itself, megabytes (held on Linux); ``None`` for any.
    loader
        Loads the pipeline; for tests and for pipelines of one's own.
    """

    most_articles: int = BATCH_ARTICLES
    most_chars: int = BATCH_CHARS
    in_flight: int | None = None
    collect: bool = False
    retry_failures: bool = False
    progress: bool = False
    patience_s: float = PATIENCE_S
    timeout_s: float = TIMEOUT_S
    memory_mb: int | None = MEMORY_MB
    loader: Loader = load_extract

    def __post_init__(self) -> None:
        """Refuse sizes that make no batch, all of them in one message."""
        faults = [
            f"{name} is {value!r}; expected 1 or more"
            for name, value in (
                ("most_articles", self.most_articles),
                ("most_chars", self.most_chars),
                ("in_flight", self.in_flight),
            )
            if value is not None and value < 1
        ]
        if faults:
            raise SettingsError("; ".join(faults))


DEFAULTS = RunOptions()


def extract_on_cluster(
    client: Client,
    articles: Iterable[Article | Failure] | Files,
    output: str | Path,
    *,
    settings: Settings | None = None,
    options: RunOptions = DEFAULTS,
) -> Outcome:
    """Extract articles on a Dask cluster into Parquet files by day and country.

    Every article comes out once, whatever dies: batches of workers that die are given to
    others; a batch of which workers die again and again (Dask's ``allowed-failures``) is cut
    in two, down to the article at fault, which becomes a failure. A run that was broken off
    is gone on with by the same call.

    Parameters
    ----------
    client
        A connected ``distributed.Client``, e.g. of :func:`geomap.cluster.connect`.
    articles
        Any iterable; read on only as far as the next few batches, and sent to the workers.
        Failures of reading among them are listed with the others. :class:`Files` are read by
        the workers.
    output
        The folder, on a disk that client and workers share, unless ``options.collect``.
    settings
        Which model and gazetteer; files that they name must be on every worker.
    options
        How it is done.

    Returns
    -------
    Outcome
        Counts and failures.

    Raises
    ------
    ClusterError
        When there is no worker, a worker is not what the client is (version, weights,
        gazetteer, settings), does not see the output folder, or the cluster is lost.
    OutputError
        When the folder cannot be written to, or is another run's.
    GeomapError
        When no article at all can be extracted.

    Examples
    --------
    >>> import geomap
    >>> from geomap.cluster import connect, extract_on_cluster
    >>> with connect("tcp://127.0.0.1:8786") as client:  # doctest: +SKIP
    ...     extract_on_cluster(client, geomap.read_articles(["news/"]), "output/")
    """
    from geomap.cluster.scheduling import Crew, check_workers  # noqa: PLC0415 - loads Dask

    settings = settings or Settings()
    files = articles if isinstance(articles, Files) else Files()

    def drive(job: Job, batches: Iterator[Batch], tally: _Tally) -> None:
        check_workers(client, job, patience_s=options.patience_s)
        job = replace(job, timeout_s=options.timeout_s, memory_mb=options.memory_mb, files=files)
        crew = Crew(client, job, in_flight=options.in_flight, patience_s=options.patience_s)
        crew.run(batches, on_done=tally.add, on_death=tally.add_death)

    read = articles.read_by(client, settings) if isinstance(articles, Files) else articles
    return _run(read, output, settings, options, drive)


def extract_to_partitions(
    articles: Iterable[Article | Failure],
    output: str | Path,
    *,
    settings: Settings | None = None,
    options: RunOptions = DEFAULTS,
) -> Outcome:
    """Extract articles in this process into the same files that a cluster writes.

    Parameters
    ----------
    articles, output, settings, options
        As for :func:`extract_on_cluster`; what concerns workers has no effect.

    Returns
    -------
    Outcome
        Counts and failures.

    Raises
    ------
    GeomapError
        As :func:`extract_on_cluster`, but for what only a cluster can lack.
    """

    def drive(job: Job, batches: Iterator[Batch], tally: _Tally) -> None:
        try:
            for batch in batches:
                tally.add(batch, run_batch(batch, job))
        finally:
            release(job)

    return _run(articles, output, settings or Settings(), options, drive)


def _run(
    articles: Iterable[Article | Listed | Failure],
    output: str | Path,
    settings: Settings,
    options: RunOptions,
    drive: Callable[[Job, Iterator[Batch], _Tally], None],
) -> Outcome:
    """Open the ledger, cut batches, and let ``drive`` take them through."""
    from tqdm import tqdm  # noqa: PLC0415

    begun = time.perf_counter()
    identity = identity_of(settings)
    with Ledger(output, identity=identity) as ledger:
        job = Job(
            output=str(ledger.output), run=ledger.run, settings=settings, identity=identity,
            loader=options.loader, collect=options.collect,
        )  # fmt: skip
        hidden = not options.progress
        with tqdm(unit=" articles", file=sys.stderr, leave=False, disable=hidden) as bar:
            tally = _Tally(ledger=ledger, bar=bar)
            batches = batches_of(
                tally.count(articles),
                done=Keys(ledger.keys(failures=not options.retry_failures)),
                most_articles=options.most_articles,
                most_chars=options.most_chars,
            )
            drive(job, batches, tally)
        return tally.outcome(time.perf_counter() - begun)


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What came back, counted and committed."""

    ledger: Ledger
    bar: Any
    read: int = 0
    articles: int = 0
    events: int = 0
    taken: int = 0
    batches: int = 0
    deaths: int = 0

    def count(self, articles: Iterable[Article | Listed | Failure]) -> Iterator[Article | Listed]:
        """Count what is read, and put aside what could not be."""
        for article in articles:
            if isinstance(article, Failure):
                self.ledger.unread.append(article)
                continue
            self.read += 1
            yield article

    def add(self, batch: Batch, done: Done) -> None:
        """Bring a batch in."""
        self.ledger.commit(done.digest, keys=batch.keys, parts=done.parts, failures=done.failures)
        self.articles += done.articles
        self.events += done.events
        self.taken += len(batch.keys)
        self.batches += 1
        self.bar.update(len(batch.keys))

    def add_death(self) -> None:
        """Note that a batch is cut in two."""
        self.deaths += 1

    def outcome(self, seconds: float) -> Outcome:
        """Sum up."""
        return Outcome(
            articles=self.articles, events=self.events, known=self.read - self.taken,
            failures=tuple(self.ledger.failures()), batches=self.batches, deaths=self.deaths,
            seconds=seconds,
        )  # fmt: skip
