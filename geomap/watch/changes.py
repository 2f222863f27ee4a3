"""Changes: files that inputs give, when they changed, and when they have come to rest."""

from __future__ import annotations

import threading
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from geomap.articles import find_sources
from geomap.errors import InputError
from geomap.records import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver

    from geomap.articles import Source

__all__ = ["Alarm", "Snapshot", "apart_from", "check_inputs", "is_empty", "settled", "snapshot"]

# Files by their absolute path, with size and time of change.
Snapshot = dict[str, tuple[int | None, int | None]]

# Between two looks at a file that has just changed: twice what a slow copy pauses for.
QUIET_S = 1.0
# A file that grows for longer always grows, as a log does: it is read as it is, and again.
PATIENCE_S = 60.0
# Kinds of event that change nothing.
IDLE = frozenset({"opened", "closed_no_write"})


def snapshot(inputs: Sequence[str], *, columns: Mapping[str, str] | None = None) -> Snapshot:
    """List the files of inputs with what tells whether they changed.

    Parameters
    ----------
    inputs
        Files and folders.
    columns
        As of :func:`geomap.articles.find_sources`.

    Returns
    -------
    dict
        Size in bytes and time of change in ns by absolute path; an input that cannot be
        listed, or an empty folder, has no files.
    """
    listed = find_sources(inputs, columns=columns)
    found = (one for one in listed if not isinstance(one, Failure))
    return {one.origin: _state(one) for one in found}


def is_empty(given: str) -> bool:
    """Tell whether an input is a folder that holds no articles yet, which is no fault here.

    Parameters
    ----------
    given
        A file or folder.
    """
    # Of a folder that cannot be read there are two failures.
    found = list(islice(find_sources([given]), 2))
    return Path(given).is_dir() and len(found) == 1 and isinstance(found[0], Failure)


def _state(one: Source) -> tuple[int | None, int | None]:
    return one.size_bytes, one.modified_ns


def settled(
    look: Callable[[], Snapshot],
    *,
    quiet_s: float = QUIET_S,
    patience_s: float = PATIENCE_S,
    wait: Callable[[float], object] = time.sleep,
) -> tuple[Snapshot, tuple[str, ...]]:
    """Wait until no file grows or changes any more.

    Parameters
    ----------
    look
        Gives the files as they are.
    quiet_s
        How long nothing may change, seconds.
    patience_s
        After which time files that still change are taken as they are.
    wait
        Sleeps for so many seconds.

    Returns
    -------
    tuple of (Snapshot, tuple of str)
        The files at rest, and those that were not waited for to the end.
    """
    before, waited = look(), 0.0
    while True:
        wait(quiet_s)
        waited += quiet_s
        now = look()
        moving = tuple(name for name in now if now[name] != before.get(name))
        if not moving or waited >= patience_s:
            return now, moving
        before = now


def check_inputs(inputs: Sequence[str]) -> None:
    """Refuse what cannot be watched.

    Parameters
    ----------
    inputs
        Files and folders.

    Raises
    ------
    InputError
        When one does not exist; naming the first.
    """
    for given in inputs:
        if not Path(given).exists():
            msg = f"{given}: is not there; make the folder, or give one that exists"
            raise InputError(msg)


def apart_from(inputs: Sequence[str], *folders: Path) -> None:
    """Refuse to write where it is read: what comes out would come in again.

    Parameters
    ----------
    inputs
        Files and folders that are watched.
    folders
        Where something is written; files too.

    Raises
    ------
    InputError
        When a folder is one of the inputs, or lies in it.
    """
    for given in inputs:
        watched = Path(given).resolve()
        for folder in folders:
            if folder.resolve().is_relative_to(watched):
                msg = f"{folder}: lies in {given}, which is watched; choose a folder beside it"
                raise InputError(msg)


class Alarm:
    """Rings when something changes in folders, or when it is told to.

    Parameters
    ----------
    inputs
        Files and folders that exist.
    """

    def __init__(self, inputs: Sequence[str]) -> None:
        self._inputs = inputs
        self._rang = threading.Event()
        self._observer: BaseObserver | None = None

    def __enter__(self) -> Self:
        """Begin to listen.

        Raises
        ------
        OSError
            When the system can watch no more folders.
        """
        from watchdog.events import FileSystemEventHandler  # noqa: PLC0415 - with the first watch
        from watchdog.observers import Observer  # noqa: PLC0415 - same

        class Handler(FileSystemEventHandler):
            def on_any_event(_self, event: FileSystemEvent) -> None:  # noqa: N805 - within
                if event.event_type not in IDLE:
                    self._rang.set()

        observer = Observer()
        handler = Handler()
        for given in self._inputs:
            path = Path(given)
            is_folder = path.is_dir()
            observer.schedule(handler, str(path if is_folder else path.parent), recursive=is_folder)
        observer.start()
        self._observer = observer
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()

    def ring(self) -> None:
        """Ring now."""
        self._rang.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it rings, at most so long.

        Returns
        -------
        bool
            Whether it rang.
        """
        rang = self._rang.wait(seconds)
        self._rang.clear()
        return rang
