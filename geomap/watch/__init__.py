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
from geomap.watch.changes import (
    QUIET_S,
    Alarm,
    Snapshot,
    apart_from,
    check_inputs,
    settled,
    snapshot,
)
from geomap.watch.showing import REPORT_FILE, show

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["REPORT_FILE", "Round", "WatchOptions", "watch"]

# Without these no article at all can be read, now or later.
FATAL = (ModelError, GazetteerError, SettingsError)
# How often folders are looked through although nothing was heard: network disks say nothing.
EVERY_S = 300.0
# While waiting, how often a request to stop is looked for.
LOOK_UP_S = 0.5
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
        How articles are extracted.
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
    error
        Why the round failed; the next one tries again.
    """

    tally: Tally | None = None
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
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
        Files and folders, as for :func:`geomap.read_articles`; they must exist. Files are
        read when they have come to rest.
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
        When an input does not exist, or store or output lie in one.
    ModelError, GazetteerError, SettingsError
        When no article at all can be extracted.
    """
    how = options or WatchOptions()
    work = _Work(
        inputs=tuple(inputs), store=Path(store), output=Path(output),
        settings=settings or Settings(), published=published, options=how,
    )  # fmt: skip
    check_inputs(work.inputs)
    apart_from(work.inputs, work.store, work.output)
    if how.once:
        yield work.round()
        return
    with contextlib.ExitStack() as stack:
        # Before the first look, so that nothing falls between the two.
        alarm = Alarm(work.inputs)
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

    inputs: tuple[str, ...]
    store: Path
    output: Path
    settings: Settings
    published: dt.date | None
    options: WatchOptions
    _seen: Snapshot | None = None
    _is_shown: bool = False

    def round(self) -> Round:
        """Look, extract what is new, and show it."""
        now = snapshot(self.inputs)
        notes: tuple[str, ...] = ()
        if now == self._seen and self._is_shown:
            return Round()
        tally = None
        try:
            if now != self._seen:
                now, growing = settled(lambda: snapshot(self.inputs), quiet_s=self.options.quiet_s)
                notes = tuple(f"{name} still grows; {AS_IT_IS}" for name in growing)
                tally = self._extract(now)
                self._seen = now
                self._is_shown = self._is_shown and not _has_changed(tally)
            files = () if self._is_shown else self._show()
        except FATAL:
            raise
        except GeomapError as err:
            return Round(error=err, notes=notes)
        return Round(tally=tally, files=files, notes=notes)

    def _extract(self, now: Snapshot) -> Tally:
        if not now and not self._seen and not self.store.exists():
            # An empty folder is no fault here: something will come.
            return Tally()
        return run_batch(
            self.inputs,
            self.store,
            settings=self.settings,
            published=self.published,
            options=self.options.batch,
        )

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


def _has_changed(tally: Tally) -> bool:
    return bool(tally.articles or tally.removed or tally.failures)
