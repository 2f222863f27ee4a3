"""Scheduling: batches out to the workers of a Dask cluster, results back, and what dies between."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections import deque
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from distributed import KilledWorker
from distributed.client import CancelledError

from geomap.batch.worker import failure_of
from geomap.cluster.identity import check_same, identity_of
from geomap.cluster.ledger import stage_of
from geomap.cluster.plugin import PipelinePlugin
from geomap.cluster.worker import REMEDY, Done, run_batch
from geomap.errors import ClusterError, GeomapError
from geomap.records import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from distributed import Client, Future

    from geomap.cluster.batches import Batch
    from geomap.cluster.worker import Job

__all__ = ["Crew", "check_workers"]

# How often it is looked whether there still are workers, while nothing comes back.
LOOK_S = 1.0
BATCHES_A_WORKER = 2


def check_workers(client: Client, job: Job, *, patience_s: float) -> None:
    """Make sure that there are workers, that they are what the client is, and see the output.

    Parameters
    ----------
    client
        The cluster.
    job
        The run.
    patience_s
        How long to wait for the first worker.

    Raises
    ------
    ClusterError
        Naming the first worker that will not do, and why.
    """
    found: dict[str, Any] = {}
    end = time.monotonic() + patience_s
    # A worker that dies while it is asked is not one; another one takes its place.
    while not found:
        if time.monotonic() > end:
            raise _no_workers(client, patience_s)
        told = _ask(client, job, patience_s)
        found = {who: what for who, what in told.items() if not isinstance(what, OSError)}
    for address, answer in sorted(found.items()):
        if isinstance(answer, Exception):
            reason = f"{type(answer).__name__}: {answer}"
            raise ClusterError(f"{address}: cannot say what it is ({reason}); {REMEDY}")
        identity, sees_output = answer
        check_same(job.identity, identity, who=address, remedy=REMEDY)
        if not (sees_output or job.collect):
            msg = (
                f"{address}: does not see {job.output}; give an output folder on a disk that "
                "all machines share, or let the client write (--collect)"
            )
            raise ClusterError(msg)


def _ask(client: Client, job: Job, patience_s: float) -> dict[str, Any]:
    """Ask every worker what it is; what goes wrong with one is its answer."""
    try:
        client.wait_for_workers(1, timeout=max(patience_s, LOOK_S))
        return dict(client.run(_describe, job, on_error="return"))
    except TimeoutError as err:
        raise _no_workers(client, patience_s) from err
    except OSError:
        return {}
    except (ImportError, AttributeError) as err:
        msg = f"the workers cannot say what they are ({err}); {REMEDY}"
        raise ClusterError(msg) from err


def _describe(job: Job) -> tuple[dict[str, str], bool]:
    """Say what this worker is, and whether it sees the folder that the client made."""
    return identity_of(job.settings), Path(stage_of(job.output, job.run)).is_dir()


class Crew:
    """The workers of a cluster, at work on the batches of one run.

    Parameters
    ----------
    client
        The cluster.
    job
        The run.
    in_flight
        Most batches that are out at once; ``None`` for two a worker.
    patience_s
        How long to wait for a worker when there is none.
    """

    def __init__(
        self, client: Client, job: Job, *, in_flight: int | None, patience_s: float
    ) -> None:
        self.client = client
        self.job = job
        self.in_flight = in_flight
        self.patience_s = patience_s
        self._back: SimpleQueue[Future] = SimpleQueue()
        self._out: dict[str, tuple[Future, Batch]] = {}
        self._again: deque[Batch] = deque()
        # Articles that were alone in their batch, but not on their worker, when it died.
        self._suspects: deque[Batch] = deque()
        self._numbers = itertools.count()
        self._alone: str | None = None

    def run(
        self,
        batches: Iterator[Batch],
        *,
        on_done: Callable[[Batch, Done], None],
        on_death: Callable[[], None],
    ) -> None:
        """Take batches through, each until it is done or down to the article at fault.

        Parameters
        ----------
        batches
            Taken when there is room.
        on_done
            Called with each batch that came back, in any order.
        on_death
            Called when a batch is given up because workers died of it.

        Raises
        ------
        ClusterError
            When the scheduler is lost, or no worker is left.
        GeomapError
            What a worker raised because it can extract nothing at all.
        """
        first = next(batches, None)
        if first is None:
            # Nothing to do: no pipeline is loaded for it.
            return
        batches = itertools.chain([first], batches)
        plugin = PipelinePlugin(self.job)
        try:
            # A worker that dies meanwhile is no matter: the scheduler gives the plugin to all
            # that come, and a task loads what is missing.
            with contextlib.suppress(OSError):
                self.client.register_plugin(plugin)
            self._fill(batches)
            while self._out:
                future = self._next()
                _, batch = self._out.pop(future.key)
                self._take(future, batch, on_done, on_death)
                self._fill(batches)
        finally:
            self._leave(plugin)

    def _fill(self, batches: Iterator[Batch]) -> None:
        room = self.in_flight or max(BATCHES_A_WORKER, BATCHES_A_WORKER * len(self._workers()))
        while len(self._out) < room:
            batch = self._again.popleft() if self._again else next(batches, None)
            if batch is None:
                break
            self._submit(batch)
        if self._suspects and not self._out:
            # One at a time, when all else is done: the scheduler also blames what only waited
            # on a worker that died.
            self._submit(self._suspects.popleft(), alone=True)

    def _submit(self, batch: Batch, *, alone: bool = False) -> None:
        key = f"geomap-{self.job.run[:8]}-{batch.digest}-{next(self._numbers)}"
        self._alone = key if alone else None
        future = self.client.submit(run_batch, batch, self.job, key=key, pure=False)
        self._out[key] = (future, batch)
        future.add_done_callback(self._back.put)

    def _next(self) -> Future:
        """Wait for a batch to come back."""
        alone_since: float | None = None
        while True:
            try:
                return self._back.get(timeout=LOOK_S)
            except Empty:
                if self._workers():
                    alone_since = None
                    continue
            alone_since = alone_since or time.monotonic()
            if time.monotonic() - alone_since > self.patience_s:
                raise _no_workers(self.client, self.patience_s)

    def _take(
        self,
        future: Future,
        batch: Batch,
        on_done: Callable[[Batch, Done], None],
        on_death: Callable[[], None],
    ) -> None:
        if future.status == "finished":
            try:
                done = future.result(timeout=self.patience_s)
            except TimeoutError:
                # The worker that held the result died; another one is at it, or will be.
                self._submit(batch, alone=future.key == self._alone)
                return
            except (OSError, CancelledError) as lost:
                raise self._lost(lost) from lost
            on_done(batch, done)
            return
        if future.status in {"lost", "pending"}:
            # As above, but the scheduler was quicker to say so.
            self._submit(batch, alone=future.key == self._alone)
            return
        if future.status != "error":
            raise self._lost(future.status)
        err = future.exception()
        if isinstance(err, GeomapError):
            raise err
        if isinstance(err, OSError):
            raise self._lost(err) from err
        died = isinstance(err, KilledWorker)
        if died:
            on_death()
        if not self._retried(batch, had_company=died and future.key != self._alone):
            on_done(batch, _failed(batch, err))

    def _retried(self, batch: Batch, *, had_company: bool) -> bool:
        """Put off a batch in which, or beside which, something else may be at fault."""
        if len(batch.articles) > 1:
            # In front of all others: what is at fault is found while it is fresh.
            self._again.extendleft(reversed(batch.halves()))
        elif had_company:
            self._suspects.append(batch)
        else:
            return False
        return True

    def _workers(self) -> Any:
        try:
            return self.client.nthreads()
        except (OSError, TimeoutError) as err:
            raise self._lost(err) from err

    def _lost(self, why: object) -> ClusterError:
        return ClusterError(
            f"{_address(self.client)}: the cluster fails ({why}); set it right and run the same "
            "command again, which goes on"
        )

    def _leave(self, plugin: PipelinePlugin) -> None:
        """Take back what is still out, and free the workers' memory; a lost cluster needs none."""
        futures = [future for future, _ in self._out.values()]
        self._out.clear()
        with contextlib.suppress(OSError, TimeoutError, ValueError, RuntimeError):
            self.client.cancel(futures, force=True)
            self.client.unregister_worker_plugin(plugin.name)


def _failed(batch: Batch, err: Exception) -> Done:
    """Make of the article at fault a failure, and of its batch one that has no files."""
    article = batch.articles[0]
    if isinstance(err, KilledWorker):
        failure = Failure(
            origin=article.origin or article.id,
            stage="worker",
            reason=f"{err.allowed_failures + 1} workers died while they read it",
            hint="read it alone with geomap extract; look at the workers' logs and memory limits",
            id=article.id,
        )
    else:
        failure = failure_of(article, err)
    return Done(
        digest=batch.digest, parts=(), failures=((batch.keys[0], failure),),
        articles=0, events=0, seconds=0.0,
    )  # fmt: skip


def _no_workers(client: Client, patience_s: float) -> ClusterError:
    where = _address(client)
    return ClusterError(
        f"{where}: has no worker since {patience_s:.0f} s; start some with "
        f"`dask worker {where} --nthreads 1`, and run the same command again, which goes on"
    )


def _address(client: Client) -> str:
    return str(client.scheduler.address) if client.scheduler is not None else "the cluster"
