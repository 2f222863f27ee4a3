"""Running: files are read, articles handed out, and what comes back is kept at once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.articles import Source
from geomap.articles.sources import STDIN
from geomap.batch.worker import Order
from geomap.records import Article, Failure
from geomap.store.packing import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geomap.batch.crew import Crew, Worker
    from geomap.batch.log import Log
    from geomap.batch.progress import Progress
    from geomap.store.base import Store
    from geomap.store.packing import Packed
    from geomap.store.sources import OpenSource, Sources

__all__ = ["Running", "Tally"]

# Articles that a worker has in hand, by number and characters. Sixteen together take .88 of the
# time of two times eight: benchmarks/batch_speed.py --groups. What is in hand is lost when all is
# killed: two thirds of a second of work.
GROUP, GROUP_CHARS = 16, 30_000
# What waits for a worker, each: enough to fill its hands twice, and 0.5 MB of text.
WAITING, WAITING_CHARS = 2 * GROUP, 500_000
LOOK_UP_S = 0.5


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run did.

    Parameters
    ----------
    articles
        Extracted and kept.
    known
        Found in files that were read again, and kept as they were.
    failures
        Could not be read or extracted.
    same
        Files that did not change, not opened.
    removed
        Articles that are found no more.
    workers_lost
        Processes that ended, or were ended because they were late.
    """

    articles: int = 0
    known: int = 0
    failures: int = 0
    same: int = 0
    removed: int = 0
    workers_lost: int = 0


@dataclass(slots=True, eq=False)
class _Reading:
    """A file that is being read: what was had of it, and what is still worked on."""

    source: OpenSource
    had: int = 0
    left: int = 0
    shown: int = 0
    is_end: bool = False
    is_whole: bool = True


@dataclass(slots=True, eq=False)
class _Task:
    reading: _Reading
    article: Article


@dataclass(slots=True, kw_only=True)
class Running:
    """One run: who works on what, and what waits.

    Parameters
    ----------
    store, sources
        Where everything is kept.
    crew
        Who does it.
    log, progress
        Who is told.
    timeout_s
        How long an article may take alone.
    tally
        Is counted up.
    stdin
        File that holds what came through standard input, which workers do not have.
    """

    store: Store
    sources: Sources
    crew: Crew
    log: Log
    progress: Progress
    timeout_s: float
    tally: Tally
    stdin: Path | None = None
    _coming: Iterator[OpenSource] = field(init=False)
    _again: deque[_Reading] = field(default_factory=deque)
    _queue: deque[_Task] = field(default_factory=deque)
    _suspects: deque[_Task] = field(default_factory=deque)
    _open: set[_Reading] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Start with the first file."""
        self._coming = self.sources.opened()

    def run(self) -> None:
        """Work until nothing is left to do."""
        while True:
            for worker in self.crew.workers:
                if worker.is_ready and worker.order is None:
                    self._employ(worker)
            if not self._open and all(worker.order is None for worker in self.crew.workers):
                return
            for worker, answer in self.crew.answers(most_s=LOOK_UP_S):
                if answer is None:
                    self._lost(worker)
                else:
                    self._hear(worker, answer)

    def _employ(self, worker: Worker) -> None:
        """Give an idle worker something to do, if there is something."""
        if self._suspects:
            self._extract(worker, [self._suspects.popleft()])
        elif self._may_read() and (reading := self._next_reading(worker)) is not None:
            self._read(worker, reading)
        elif self._queue:
            self._extract(worker, self._group())

    def _may_read(self) -> bool:
        chars = sum(len(task.article.text) for task in self._queue)
        size = len(self.crew.workers)
        return len(self._queue) < WAITING * size and chars < WAITING_CHARS * size

    def _next_reading(self, worker: Worker) -> _Reading | None:
        """Give the file that the worker has open, or the next one."""
        if (reading := worker.note.get("reading")) is not None:
            return reading  # type: ignore[no-any-return]
        if self._again:
            return self._again.popleft()
        source = next(self._coming, None)
        if source is None:
            return None
        reading = _Reading(source)
        self._open.add(reading)
        return reading

    def _read(self, worker: Worker, reading: _Reading) -> None:
        is_open = worker.note.get("reading") is reading
        order = Order(do="more")
        if not is_open:
            order = Order(do="read", source=self._source(reading.source), skip=reading.had)
        worker.note["reading"] = reading
        if not worker.tell(order, within_s=self.timeout_s):
            # It has ended before it was told: nobody is to blame.
            self._forget(worker)

    def _source(self, known: OpenSource) -> Source:
        """Give a file as a worker opens it."""
        if known.name == STDIN and self.stdin is not None:
            return Source(
                name=str(self.stdin), origin=known.origin, size_bytes=self.stdin.stat().st_size
            )
        # What has no size is an address.
        is_url = known.size_bytes is None
        return Source(
            name=known.name, origin=known.origin, size_bytes=known.size_bytes, is_url=is_url
        )

    def _group(self) -> list[_Task]:
        group = [self._queue.popleft()]
        chars = len(group[0].article.text)
        while self._queue and len(group) < GROUP:
            chars += len(self._queue[0].article.text)
            if chars > GROUP_CHARS:
                break
            group.append(self._queue.popleft())
        return group

    def _extract(self, worker: Worker, group: list[_Task]) -> None:
        worker.note["tasks"] = dict(enumerate(group))
        order = Order(do="extract", articles=tuple(task.article for task in group))
        if not worker.tell(order, within_s=self.timeout_s):
            self._queue.extendleft(reversed(group))
            self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        """Replace a worker that ended while it had nothing to do."""
        self.tally.workers_lost += 1
        if (reading := worker.note.get("reading")) is not None:
            self._again.append(reading)
        self.crew.replace(worker)

    def _hear(self, worker: Worker, answer: tuple[Any, ...]) -> None:
        kind, *values = answer
        if kind == "items":
            worker.rest()
            self._take(worker, *values)
        elif kind == "kept":
            self._keep(worker.note["tasks"].pop(values[0]), *values[1:])
        elif kind == "failed":
            worker.note["is_full"] = values[1].stage == "memory" or worker.note.get("is_full")
            self._fail(worker.note["tasks"].pop(values[0]), values[1])
        elif kind == "idle":
            worker.rest()
            if worker.note.get("is_full"):
                # What ran out of memory may not be whole.
                self._forget(worker)

    def _take(self, worker: Worker, items: list[Article | Failure], is_end: bool) -> None:  # noqa: FBT001 - a message
        """Take articles that were read: those that are kept already are done."""
        reading: _Reading = worker.note["reading"]
        for item in items:
            reading.had += 1
            if isinstance(item, Failure):
                self._note_failure(item, reading)
            elif self.sources.is_kept(
                name=item.id, origin=item.origin or item.id, digest=digest_of(item)
            ):
                self.tally.known += 1
                self._show(reading, len(item.text))
            else:
                reading.left += 1
                self._queue.append(_Task(reading, item))
        if is_end:
            reading.is_end = True
            del worker.note["reading"]
        self._close(reading)

    def _keep(self, task: _Task, packed: Packed, seconds: float) -> None:
        self.store.add(packed, source=task.reading.source.origin)
        self.tally.articles += 1
        self.progress.count(articles=1)
        self.log.write(
            "article",
            id=packed.name,
            origin=packed.origin,
            chars=len(packed.text),
            events=len(packed.events),
            toponyms=len(packed.toponyms),
            seconds=round(seconds, 3),
        )
        self._done(task)

    def _fail(self, task: _Task, failure: Failure) -> None:
        self._note_failure(failure, task.reading)
        self._done(task)

    def _note_failure(self, failure: Failure, reading: _Reading) -> None:
        self.store.fail(failure, source=reading.source.origin)
        self.tally.failures += 1
        self.progress.count(failures=1)
        self.log.write(
            "failure",
            origin=failure.origin,
            stage=failure.stage,
            reason=failure.reason,
            hint=failure.hint,
            id=failure.id,
        )

    def _done(self, task: _Task) -> None:
        task.reading.left -= 1
        self._show(task.reading, len(task.article.text))
        self._close(task.reading)

    def _show(self, reading: _Reading, size: int) -> None:
        """Move the bar on by an article, within the bytes of its file."""
        step = max(0, min(size, (reading.source.size_bytes or 0) - reading.shown))
        reading.shown += step
        self.progress.advance(step)

    def _close(self, reading: _Reading) -> None:
        """Note that a file is done, when it is."""
        if not reading.is_end or reading.left:
            return
        self._open.discard(reading)
        self._show(reading, reading.source.size_bytes or 0)
        removed = self.sources.finish(reading.source.key, whole=reading.is_whole)
        self.tally.removed += removed
        self.log.write("source", origin=reading.source.origin, items=reading.had, removed=removed)

    def _lost(self, worker: Worker) -> None:
        """Find out what a worker that ended, or is late, was doing; the rest goes on."""
        order, reading = worker.order, worker.note.get("reading")
        tasks: list[_Task] = list(worker.note.get("tasks", {}).values())
        was_ready = worker.is_ready
        code = self.crew.replace(worker)
        self.tally.workers_lost += 1
        self.log.write("worker", exit_code=code, doing=order.do if order else "start")
        if not was_ready or order is None:
            self._again.extend([reading] if reading else [])
        elif order.do == "extract":
            self._again.extend([reading] if reading else [])
            if len(order.articles) == 1 and tasks:
                article = tasks[0].article
                where = article.origin or article.id
                self._fail(tasks[0], self._loss(where, code, name=article.id))
            else:
                # One of them is to blame: each gets a worker of its own.
                self._suspects.extend(tasks)
        elif reading is not None:
            reading.is_end, reading.is_whole = True, False
            self._note_failure(self._loss(reading.source.origin, code), reading)
            self._close(reading)

    def _loss(self, origin: str, code: int | None, *, name: str | None = None) -> Failure:
        if code is None:
            reason = f"took longer than {self.timeout_s:g} s"
            hint = "raise --timeout, or leave it out"
            return Failure(origin=origin, stage="timeout", reason=reason, hint=hint, id=name)
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        reason = f"the process that worked on it ended ({ended})"
        hint = "try again with --retry; if it ends again, leave it out and report it"
        return Failure(origin=origin, stage="crash", reason=reason, hint=hint, id=name)
