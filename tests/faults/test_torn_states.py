"""Killed, without room or without right at any step, a command leaves the old or the new."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from disturb import Fault, Outcome, run
from samples import TEXT, extracted

from geomap.contract import write_extractions
from geomap.layers import FORMATS
from geomap.stages import STAGE, WHOLE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and limits sizes of files")

TABLE = "id,name,lat,lon\nown:1,Verkhnii Khutir,49.1,36.2\nown:2,Nyzhnii Khutir,49.2,36.3\n"
MOVED = TABLE.replace("49.1", "48.1")
# Bytes at which no file may grow: within the header, within each file, and beyond most.
SIZES = (0, 700, 5_000, 40_000, 120_000)
State = dict[str, bytes]
# Every step with every fault; else, of commands of many steps, some and all of the last ones,
# among them the moves.
EVERY = bool(os.environ.get("GEOMAP_EVERY_FAULT"))
MANY, LAST = 40, 14


@dataclass(slots=True)
class Bench:
    """A command, the folder it writes, and the states before and after it."""

    command: list[str]
    folder: Path
    talk: Path
    old: State = field(default_factory=dict)
    new: State = field(default_factory=dict)
    before: Path | None = None
    steps: int = 0
    faults: int = 0
    pending: int = 0
    settled: set[int] = field(default_factory=set)

    def go(self, fault: Fault | None = None) -> Outcome:
        return run(self.command, below=self.folder, talk=self.talk, fault=fault)

    def reset(self) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(self.before, self.folder)

    def learn(self) -> None:
        """Keep the state before, and what an undisturbed run makes of it."""
        self.before = self.folder.with_name("before")
        shutil.copytree(self.folder, self.before)
        self.old = state(self.folder)
        done = self.go()
        assert done.code == 0, done.said
        self.steps = done.steps
        self.new = state(self.folder)
        assert self.new != self.old
        assert not hidden(self.folder)

    def is_whole(self, found: State) -> bool:
        """Tell whether all is old, or all new; of layers each format, for one may fail alone."""
        if found in (self.old, self.new):
            return True
        groups = [set(one.files) for one in FORMATS.values()]
        names = found.keys() | self.old.keys() | self.new.keys()
        if self.command[0] != "layers" or not names <= set().union(*groups):
            return False
        return all(
            part(found, group) in (part(self.old, group), part(self.new, group)) for group in groups
        )

    def disturb(self, fault: Fault) -> None:
        self.reset()
        done = self.go(fault)
        self.faults += 1
        dies = fault.kind in {"kill", "cut"}
        died = done.code in {-signal.SIGKILL, -signal.SIGXFSZ}
        assert died or done.code in {0, 1}, (fault, done)
        assert died <= dies
        if done.code == 1:
            assert "internal error" not in done.said, (fault, done.said)
            assert "Traceback" not in done.said, (fault, done.said)
        found = state(self.folder)
        if done.code == 0:
            assert found == self.new, (fault, done.said)
        is_pending = bool(list(self.folder.glob(f"{WHOLE}*")))
        self.pending += is_pending
        if done.code == 1:
            # Where the disk refuses for good between two moves, it is as for a killed run.
            may_wait = is_pending and fault.kind == "full"
            is_old = found == self.old or (self.command[0] == "layers" and self.is_whole(found))
            assert is_old or may_wait, (fault, done.said, sorted(found))
            assert may_wait or not is_pending
        # Killed among the moves, all is there and whole, and the next run finishes it.
        assert is_pending or self.is_whole(found), (fault, sorted(found))
        self.check_goes_on(fault)

    def check_goes_on(self, fault: Fault) -> None:
        # Once for each state that can be met: what is there, hidden files too.
        met = hash(tuple(sorted((depersonalised(p), size) for p, size in sizes(self.folder))))
        if met in self.settled:
            return
        self.settled.add(met)
        done = self.go()
        assert done.code == 0, (fault, done.said)
        assert state(self.folder) == self.new, fault
        assert not hidden(self.folder), fault


def state(folder: Path) -> State:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not str(path.relative_to(folder)).startswith(".")
        and "/." not in str(path.relative_to(folder))
    }  # fmt: skip


def part(found: State, names: set[str]) -> State:
    return {name: content for name, content in found.items() if name in names}


def hidden(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob(".*")]


def sizes(folder: Path) -> list[tuple[str, int]]:
    return [
        (str(path.relative_to(folder)), path.stat().st_size if path.is_file() else -1)
        for path in folder.rglob("*")
    ]


def depersonalised(path: str) -> str:
    """Leave the random part out of a stage's name."""
    parts = path.split("/")
    return "/".join(next((m for m in (STAGE, WHOLE) if p.startswith(m)), p) for p in parts)


@pytest.fixture(params=["map", "layers", "report", "gazetteer"])
def bench(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    folder, talk = tmp_path / "out", tmp_path / "talk"
    folder.mkdir()
    source = tmp_path / ("source.csv" if request.param == "gazetteer" else "a.txt")
    saved = tmp_path / "saved.jsonl"
    command = {
        "map": ["map", str(source), "--published", "2022-03-08", "-o", str(folder)],
        "layers": ["layers", str(saved), "-o", str(folder)],
        "report": ["report", str(saved), "-o", str(folder / "report.html")],
        "gazetteer": ["gazetteer", "add", str(source)],
    }[request.param]
    made = Bench(command, folder, talk)
    source.write_text(TEXT if request.param != "gazetteer" else TABLE)
    write_extractions([extracted("before")], saved)
    if request.param == "gazetteer":
        monkeypatch.setenv("GEOMAP_DATA", str(folder))
    first = made.go()
    assert first.code == 0, first.said
    # The second run makes something else of it.
    write_extractions([extracted("after")], saved)
    source.write_text(MOVED)
    if request.param == "map":
        source = source.rename(tmp_path / "b.txt")
        source.write_text(TEXT)
        made.command[1] = str(source)
    made.learn()
    return made


@pytest.mark.slow
def test_old_or_new_never_between(bench: Bench) -> None:
    stride = 1 if EVERY or bench.steps < MANY else 16
    steps = [at for at in range(bench.steps + 1) if at % stride == 0 or bench.steps - at < LAST]
    for number, at in enumerate(steps):
        bench.disturb(Fault(kind="kill", at=at))
        for kind in ("full", "denied") if EVERY else (("full", "denied")[number % 2],):
            bench.disturb(Fault(kind=kind, at=at))
    for kind in ("short", "cut"):
        for at in SIZES:
            bench.disturb(Fault(kind=kind, at=at))
    print(*bench.command[:1], "faults", bench.faults, "pending", bench.pending)  # noqa: T201
    assert bench.faults == (3 if EVERY else 2) * len(steps) + 2 * len(SIZES)
