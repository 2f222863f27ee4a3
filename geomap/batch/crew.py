"""The crew: worker processes, started, told what to do, ended and replaced."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Self

from geomap.batch.worker import serve
from geomap.errors import GeomapError, StoreError
from geomap.records import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess

    from geomap.batch.worker import Job, Order

__all__ = ["Crew", "Worker", "loss_of"]

# A worker that ends so often before it is ready will not get ready.
MOST_STARTS = 3
# Loading takes two seconds on an idle machine.
START_S = 300.0
# Not fork: what the parent has open (its store, its lock) stays its own.
START_METHOD = "spawn"
END_S = 5.0


@contextlib.contextmanager
def _ignored(number: signal.Signals) -> Iterator[None]:
    """Ignore a signal; only the main thread may say so, in others nothing is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(number, before)


@contextlib.contextmanager
def _may_have_children() -> Iterator[None]:
    """Let a process that Python takes for a daemon, as a worker of Dask is, start one.

    Python refuses, because it would not end with its parent; ours do (geomap.batch.worker).
    """
    config: dict[str, Any] = multiprocessing.process.current_process()._config  # type: ignore[attr-defined]  # noqa: SLF001
    before = config.get("daemon")
    config["daemon"] = False
    try:
        yield
    finally:
        config["daemon"] = before


@dataclass(slots=True, eq=False)
class Worker:
    """One process, and what it was told last.

    Parameters
    ----------
    process, pipe
        It, and the way to it.
    order
        What it is doing; ``None`` when it waits.
    deadline
        When it will be ended, by ``time.monotonic``; ``None`` while it waits.
    is_ready, has_left
        Whether it has loaded, and whether it has ended by itself.
    note
        For the one who gives the orders.
    """

    process: BaseProcess
    pipe: Connection
    order: Order | None = None
    deadline: float | None = None
    is_ready: bool = False
    has_left: bool = False
    note: dict[str, Any] = field(default_factory=dict)

    def tell(self, order: Order, *, within_s: float) -> bool:
        """Give an order; ``False`` when the worker has ended."""
        try:
            self.pipe.send(order)
        except OSError:
            self.has_left = True
            return False
        self.order = order
        self.deadline = time.monotonic() + within_s
        return True

    def wait_anew(self, within_s: float) -> None:
        """Note that a part of the order is done, and start the clock for the next one."""
        self.deadline = time.monotonic() + within_s

    def rest(self) -> None:
        """Note that the order is done."""
        self.order = None
        self.deadline = None


class Crew:
    """Worker processes that live as long as the ``with`` block.

    Parameters
    ----------
    job
        What they work with.
    size
        How many.
    """

    def __init__(self, job: Job, *, size: int) -> None:
        self._job = job
        self._size = size
        self._bad_starts = 0
        self._context: Any = multiprocessing.get_context(START_METHOD)
        self.workers: list[Worker] = []

    def __enter__(self) -> Self:
        """Start the workers; they load meanwhile."""
        for _ in range(self._size):
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End them, whatever they are doing."""
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.join(END_S)
            worker.pipe.close()
        self.workers.clear()

    def start(self) -> None:
        """Start one more."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self._job), daemon=True)
        # A child starts with Ctrl-C ignored, so that it does not die while it loads.
        with _ignored(signal.SIGINT), _may_have_children():
            process.start()
        theirs.close()
        deadline = time.monotonic() + START_S
        self.workers.append(Worker(process=process, pipe=ours, deadline=deadline))

    def provenance(self) -> tuple[Any, ...]:
        """Wait for the first worker that is ready; give what it makes records with.

        Returns
        -------
        tuple
            Values of the table of provenance.

        Raises
        ------
        GeomapError
            When workers cannot load what all of them need.
        """
        while True:
            for worker, answer in self.answers(most_s=START_S):
                if answer is None:
                    self.replace(worker)
                elif answer[0] == "ready":
                    values: tuple[Any, ...] = answer[1]
                    return values

    def replace(self, worker: Worker) -> int | None:
        """End a worker and start another in its place.

        Returns
        -------
        int or None
            How it had ended by itself: a negative number is that of a signal;
            ``None`` when it was still at work.

        Raises
        ------
        StoreError
            When workers end again and again before they are ready.
        """
        if worker.has_left:
            worker.process.join(END_S)
        code = worker.process.exitcode
        worker.process.kill()
        worker.process.join(END_S)
        worker.pipe.close()
        self.workers.remove(worker)
        self._bad_starts = 0 if worker.is_ready else self._bad_starts + 1
        if self._bad_starts == MOST_STARTS:
            msg = (
                f"worker processes end before they are ready (exit code {code}); "
                "give them more memory, or use fewer (--workers)"
            )
            raise StoreError(msg)
        self.start()
        return code

    def answers(self, *, most_s: float) -> Iterator[tuple[Worker, tuple[Any, ...] | None]]:
        """Wait until some workers answer, end, or are late.

        Parameters
        ----------
        most_s
            Wait no longer.

        Yields
        ------
        tuple of (worker, answer)
            The answer is ``None`` when the worker has ended or is late.

        Raises
        ------
        GeomapError
            When a worker cannot load what all of them need.
        """
        now = time.monotonic()
        soonest = min((w.deadline for w in self.workers if w.deadline is not None), default=None)
        left = most_s if soonest is None else max(0.0, min(most_s, soonest - now))
        by_pipe = {worker.pipe: worker for worker in self.workers}
        heard = wait(list(by_pipe), timeout=left)
        for pipe in heard:
            worker = by_pipe[pipe]  # type: ignore[index]
            yield worker, self._received(worker)
        now = time.monotonic()
        for pipe, worker in by_pipe.items():
            is_late = worker.deadline is not None and worker.deadline < now
            # What was heard may have taken long to work on, and an answer be there by now.
            if pipe not in heard and is_late and not pipe.poll():
                yield worker, None

    def _received(self, worker: Worker) -> tuple[Any, ...] | None:
        try:
            answer: tuple[Any, ...] = worker.pipe.recv()
        except (EOFError, OSError):
            worker.has_left = True
            return None
        if answer[0] == "refused":
            _, kind, text = answer
            raise (kind if issubclass(kind, GeomapError) else GeomapError)(text)
        if answer[0] == "ready":
            worker.is_ready = True
            self._bad_starts = 0
            worker.rest()
        return answer


def loss_of(origin: str, code: int | None, *, timeout_s: float, name: str | None = None) -> Failure:
    """Say why something was not done by a worker that ended, or was late.

    Parameters
    ----------
    origin, name
        What it worked on, and the identifier of the article, if it is one.
    code
        What :meth:`Crew.replace` gave.
    timeout_s
        How long it was given.
    """
    if code is None:
        reason = f"took longer than {timeout_s:g} s"
        hint = "raise --timeout, or leave it out"
        return Failure(origin=origin, stage="timeout", reason=reason, hint=hint, id=name)
    ended = f"signal {-code}" if code < 0 else f"exit code {code}"
    reason = f"the process that worked on it ended ({ended})"
    hint = "try again with --retry; if it ends again, leave it out and report it"
    return Failure(origin=origin, stage="crash", reason=reason, hint=hint, id=name)
