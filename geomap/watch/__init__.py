"""Watch: what arrives in folders and feeds is extracted, and map, layers and report follow."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.batch import BatchOptions, Tally, run_batch
from geomap.errors import GazetteerError, GeomapError, ModelError, SettingsError
from geomap.settings import Settings
from geomap.store import open_store
from geomap.watch.changes import (
    QUIET_S,
    Alarm,
    Snapshot,
    apart_from,
    check_inputs,
    is_empty,
    settled,
    snapshot,
)
from geomap.watch.feeds import Feed, is_address
from geomap.watch.showing import REPORT_FILE, show

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from geomap.records import Failure

__all__ = ["REPORT_FILE", "Round", "WatchOptions", "watch"]

# Without these no article at all can be read, now or later.
FATAL = (ModelError, GazetteerError, SettingsError)
# Within the store, so that what a feed has dropped goes where the articles go.
FEEDS = "feeds"
# How often folders are looked through although nothing was heard: network disks say nothing.
EVERY_S = 300.0
# While waiting, how often a request to stop is looked for.
LOOK_UP_S = 0.5
# Of articles that fail in a round; the report lists all.
MOST_TOLD = 10
AS_IT_IS = "it is read as it is, and again when it has changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """How to watch.

    Parameters
    ----------
    once
        Whether to do what is there and end.
    every_s
        Seconds after which all inputs are looked through whether or not something was heard.
    quiet_s
        How long a file may not have changed before it is read, seconds.
    title, language
        Of the map and the report.
    draw_negated
        Whether denied and negated events are drawn from the start.
    batch
        How articles are extracted; its log gets what each round that reads something does.
    """

    once: bool = False
    every_s: float = EVERY_S
    quiet_s: float = QUIET_S
    title: str | None = None
    language: str = "en"
    draw_negated: bool = False
    batch: BatchOptions = field(default_factory=BatchOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one look at the inputs did.

    Parameters
    ----------
    tally
        Of the articles; ``None`` where nothing had changed or the round failed.
    files
        What was written anew.
    notes
        What a user should know: files that were read although they still grew, and
        that folders are looked through now and then only.
    failures
        Feeds that could not be fetched, entries of them that cannot be read, and the first ten
        articles that failed.
    error
        Why the round failed; the next one tries again.
    """

    tally: Tally | None = None
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    error: GeomapError | None = None


def watch(
    inputs: Sequence[str],
    store: str | Path,
    output: str | Path,
    *,
    settings: Settings | None = None,
    published: dt.date | None = None,
    options: WatchOptions | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[Round]:
    """Extract what arrives, and keep map, layers and report up to date.

    Parameters
    ----------
    inputs
        Files and folders, as for :func:`geomap.read_articles`, which must exist, and
        addresses of RSS and Atom feeds. Files are read when they have come to rest;
        feeds are fetched every ``every_s`` seconds, within the limits of the settings'
        ``reading``, and their entries kept in the store's folder.
    store
        Folder of the store, made where it is missing.
    output
        Folder for ``map.html``, layers, ``extraction.jsonl`` and ``report.html``. Each file
        is replaced as a whole, and a round that fails leaves all as they were.
    settings, published
        As for :func:`geomap.read_articles` and :func:`geomap.extract`.
    options
        How; the defaults when left out.
    is_over
        Asked now and then whether to end.

    Yields
    ------
    Round
        The first at once, then one for every change. A round that fails says why.

    Raises
    ------
    InputError
        When an input does not exist, or store, output or log lie in one.
    ModelError, GazetteerError, SettingsError
        When no article at all can be extracted.
    """
    how = options or WatchOptions()
    paths = tuple(one for one in inputs if not is_address(one))
    check_inputs(paths)
    log = [how.batch.log] if how.batch.log else []
    apart_from(paths, Path(store), Path(output), *log)
    settings = settings or Settings()
    feeds = tuple(
        Feed(url=one, folder=Path(store) / FEEDS, settings=settings)
        for one in inputs
        if is_address(one)
    )
    work = _Work(
        paths=paths, feeds=feeds, store=Path(store), output=Path(output),
        settings=settings, published=published, options=how,
    )  # fmt: skip
    if how.once:
        yield work.round()
        return
    with contextlib.ExitStack() as stack:
        # Before the first look, so that nothing falls between the two.
        alarm = Alarm(paths)
        try:
            stack.enter_context(alarm)
        except OSError as err:
            # Linux grants a user a number of folders to watch.
            note = f"folders cannot be listened to ({err}); they are looked through now and then"
            yield Round(notes=(note,))
        yield work.round()
        while not is_over():
            _sleep(alarm, how.every_s, is_over)
            if not is_over() and (done := work.round()) != Round():
                yield done


def _sleep(alarm: Alarm, seconds: float, is_over: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not is_over():
        if alarm.wait(min(left, LOOK_UP_S)):
            return


@dataclass(slots=True, kw_only=True)
class _Work:
    """What the rounds share: what was seen, and whether the outputs show it."""

    paths: tuple[str, ...]
    feeds: tuple[Feed, ...]
    store: Path
    output: Path
    settings: Settings
    published: dt.date | None
    options: WatchOptions
    _seen: Snapshot | None = None
    _is_shown: bool = False
    _asked_at: float | None = None

    def round(self) -> Round:
        """Look, extract what is new, and show it."""
        tally: Tally | None = None
        notes: tuple[str, ...] = ()
        failures: tuple[Failure, ...] = ()
        try:
            failures = self._ask()
            now = snapshot(self.inputs())
            if now == self._seen and self._is_shown:
                return Round(failures=failures)
            if now != self._seen:
                now, growing = self._settled()
                notes = tuple(f"{name} still grows; {AS_IT_IS}" for name in growing)
                tally = self._extract()
                failures += self._failed(tally)
                self._seen = now
                # Also when no article is new: one may be back, or a failure be gone.
                self._is_shown = False
            files = () if self._is_shown else self._show()
        except FATAL:
            raise
        except GeomapError as err:
            return Round(error=err, notes=notes, failures=failures)
        return Round(tally=tally, files=files, notes=notes, failures=failures)

    def _settled(self) -> tuple[Snapshot, tuple[str, ...]]:
        return settled(lambda: snapshot(self.inputs()), quiet_s=self.options.quiet_s)

    def inputs(self) -> tuple[str, ...]:
        """Give files and folders, those of the feeds once there is an entry."""
        return (*self.paths, *(str(one.folder) for one in self.feeds if one.has_entries()))

    def _ask(self) -> tuple[Failure, ...]:
        """Ask the feeds when it is time; give what went wrong."""
        now = time.monotonic()
        if self._asked_at is not None and now - self._asked_at < self.options.every_s:
            return ()
        self._asked_at = now
        return tuple(failure for feed in self.feeds for failure in feed.ask())

    def _extract(self) -> Tally:
        # Something will come into an empty folder; articles that were in it stay, as of a disk
        # that is not there.
        inputs = [one for one in self.inputs() if not is_empty(one)]
        if not inputs:
            return Tally()
        return run_batch(
            inputs,
            self.store,
            settings=self.settings,
            published=self.published,
            options=self.options.batch,
        )

    def _failed(self, tally: Tally) -> tuple[Failure, ...]:
        """Give the first articles that failed now."""
        if not tally.failures:
            return ()
        with open_store(self.store) as opened:
            return tuple(opened.failures_of_run(tally.run, most=MOST_TOLD))

    def _show(self) -> tuple[Path, ...]:
        how = self.options
        files = show(
            self.store,
            self.output,
            title=how.title,
            language=how.language,
            draw_negated=how.draw_negated or self.settings.draw_negated,
        )
        self._is_shown = True
        return files
