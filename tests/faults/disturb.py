"""Run the command line in a process of its own, disturbed at a chosen step.

Forked from a server that has loaded the libraries once, so that a run costs its work only.
A step is what Python is about to do to a file below a folder (open for writing, move, remove,
make a folder), or a statement of SQLite.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import signal
import sqlite3
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fork_server import server
from tqdm import tqdm

if TYPE_CHECKING:
    from pathlib import Path

LOADED = [
    "geomap.cli", "geomap.outputs", "geomap.layers", "geomap.maps", "geomap.report_page",
    "geomap.contract", "geomap.gazetteer.sourcing", "geomap.articles", "pyogrio",
    "geomap.pipeline", "geomap.report", "geomap.selection", "tqdm", "requests", "platformdirs",
    "geomap.report_cli", "geomap.gazetteer.store", "geomap.layers.reading", "pyarrow.parquet",
]  # fmt: skip
SERVER = server(*LOADED)

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "shutil.copyfile")
REMOVALS = ("os.remove", "os.rmdir")
DONE_MARK = b"steps "
MOST_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What befalls a run.

    ``at`` counts steps from 0. ``kind`` is ``kill`` (SIGKILL at the step), ``denied`` (the step
    fails), ``full`` (and so do all later ones; removals never do), ``short`` or ``cut`` (no file
    grows beyond ``at`` bytes: a write fails, or kills in the midst of it).
    """

    kind: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    code: int
    steps: int
    said: str


def run(arguments: list[str], *, below: Path, talk: Path, fault: Fault | None = None) -> Outcome:
    """Run a command; its words go to a file."""
    assert SERVER is not None
    data = {"GEOMAP_DATA": os.environ["GEOMAP_DATA"]}
    process = SERVER.Process(target=_work, args=(arguments, str(below), str(talk), fault, data))
    process.start()
    process.join(MOST_S)
    assert process.exitcode is not None, f"{arguments} did not end in {MOST_S} s"
    said, mark, steps = talk.read_bytes().rpartition(DONE_MARK)
    return Outcome(
        code=process.exitcode, steps=int(steps) if mark else 0,
        said=(said if mark else steps).decode(),
    )  # fmt: skip


def _work(
    arguments: list[str], below: str, talk: str, fault: Fault | None, environment: dict[str, str]
) -> None:
    out = os.open(talk, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.environ |= environment
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    # Else it makes a semaphore that a killed process leaves behind.
    tqdm.set_lock(threading.RLock())
    stub_pipeline()
    steps = Steps(below, fault)
    sys.addaudithook(steps.audit)
    connect = sqlite3.connect
    counted = steps.connection()
    sqlite3.connect = lambda *a, **k: connect(*a, **k, factory=counted)  # type: ignore[assignment]
    if fault is not None and fault.kind in {"short", "cut"}:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if fault.kind == "cut" else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.at, resource.RLIM_INFINITY))
    from geomap.cli import main  # noqa: PLC0415

    code = 0
    try:
        main(arguments)
    except SystemExit as err:
        code = int(err.code or 0)
    sys.stdout.flush()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    os.write(1, DONE_MARK + str(steps.count).encode())
    os._exit(code)


def stub_pipeline() -> None:
    """Let articles be the sample's, so that no model is loaded."""
    from samples import extracted  # noqa: PLC0415

    from geomap import pipeline  # noqa: PLC0415

    pipeline.load_pipeline = lambda *_: None  # type: ignore[assignment]
    pipeline.extract_many = lambda articles, **_: (  # type: ignore[assignment]
        extracted(one.id) for one in articles
    )


class Steps:
    """Counts steps and disturbs one."""

    def __init__(self, below: str, fault: Fault | None) -> None:
        self.count = 0
        self._below = below
        self._fault = fault

    def audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if not flags or not flags & WRITES:
                return
        elif event in CHANGES:
            path = args[0]
        else:
            return
        if event in REMOVALS and args[1] != -1:
            # shutil.rmtree names what is in its folder by the folder's handle.
            self._step(event)
            return
        with contextlib.suppress(TypeError, ValueError):
            if os.fspath(path).startswith(self._below):
                self._step(event)

    def _step(self, event: str) -> None:
        number, self.count = self.count, self.count + 1
        fault = self._fault
        if fault is None or number < fault.at:
            return
        if fault.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if event in REMOVALS or (fault.kind == "denied" and number > fault.at):
            return
        if fault.kind in {"full", "denied"}:
            if event == "sqlite3":
                raise sqlite3.OperationalError("database or disk is full")
            raised = errno.ENOSPC if fault.kind == "full" else errno.EACCES
            raise OSError(raised, os.strerror(raised))

    def connection(self) -> type[sqlite3.Connection]:
        """Give connections whose statements are steps."""
        step = self._step

        class Connection(sqlite3.Connection):
            def executemany(self, *args: Any) -> Any:
                step("sqlite3")
                return super().executemany(*args)

            def executescript(self, *args: Any) -> Any:
                step("sqlite3")
                return super().executescript(*args)

            def execute(self, *args: Any) -> Any:
                if not args[0].startswith(("SELECT", "PRAGMA")):
                    step("sqlite3")
                return super().execute(*args)

            def commit(self) -> None:
                step("sqlite3")
                super().commit()

        return Connection
