"""What may befall a batch: killed, stopped, a second one, no room, no right to write."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from small_disks import mounted, remount
from stubs import Stub

from geomap.batch import BatchOptions, run_batch
from geomap.contract import to_line
from geomap.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

DRIVE = Path(__file__).with_name("drive.py")
WORDS = (
    "A corridor opened from Sumy to Poltava on 8 March, Kyiv said, and the buses left the "
    "town in the morning with the people who had waited there for a week."
)
COUNT = 40
MOST_S = 180.0


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    for number in range(COUNT):
        # Every fourth repeats the one before it.
        (folder / f"a{number:02}.txt").write_text(f"{WORDS} {WORDS[::-1]} {number - number % 4}")
    return folder


@pytest.fixture(scope="module")
def whole(news: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give what an undisturbed run exports."""
    store = tmp_path_factory.mktemp("whole") / "s"
    run_batch([str(news)], store, options=BatchOptions(workers=2), load=Stub)
    return exported(store)


def exported(store: Path) -> list[str]:
    with open_store(store) as opened:
        return [
            *(to_line(one) for one in opened.extractions()),
            *(repr(one) for one in opened.merged()),
            *(repr(one) for one in opened.copies()),
        ]


def started(news: Path, store: Path, stage: str = "none", *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(DRIVE), stage, "batch", str(news), "--store", str(store)]
    # Two where they are at work when it ends.
    workers = "2" if stage == "none" else "1"
    return subprocess.Popen(
        [*command, "--workers", workers, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kept(store: Path) -> int:
    with contextlib.suppress(sqlite3.Error, Exception), open_store(store) as opened:
        return opened.counts().articles
    return 0


def until(condition: object, what: str) -> None:
    end = time.monotonic() + MOST_S
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, f"waited {MOST_S} s in vain for {what}"
        time.sleep(0.02)


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(entry.parent.name))
    return found


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def check_resumed(news: Path, store: Path, whole: list[str], *, had: int) -> None:
    tally = run_batch([str(news)], store, options=BatchOptions(workers=2), load=Stub)
    assert tally.failures == 0
    # What was kept is not made again.
    assert tally.articles <= COUNT - had
    assert exported(store) == whole


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize(
    "stage", ["loading", "listed", "first", "third", "last", "copies", "merging"]
)
def test_killed_at_any_stage_it_goes_on_to_the_same_bytes(
    news: Path, tmp_path: Path, whole: list[str], stage: str
) -> None:
    store = tmp_path / "s"
    waits = stage in {"listed", "copies", "merging"}
    process = started(news, store, stage if waits else "none")
    if waits:
        assert process.stdout.readline() == "reached\n"
    elif stage == "loading":
        until(lambda: children(process.pid), "a worker")
    else:
        wanted = {"first": 1, "third": COUNT // 3, "last": COUNT - 3}[stage]
        until(lambda: kept(store) >= wanted, f"{wanted} articles")
    workers = children(process.pid)
    had = kept(store)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    process.stderr.close()
    until(lambda: not any(map(is_alive, workers)), "workers to end after their parent")
    assert kept(store) >= had
    check_resumed(news, store, whole, had=had)


@pytest.mark.parametrize("stage", ["copies", "merging"])
def test_killed_before_what_is_new_is_merged_it_goes_on_to_the_same_bytes(
    news: Path, tmp_path: Path, stage: str
) -> None:
    folder, store = tmp_path / "news", tmp_path / "s"
    shutil.copytree(news, folder)
    for late in range(0, COUNT, 5):
        (folder / f"a{late:02}.txt").rename(tmp_path / f"a{late:02}.txt")
    run_batch([str(folder)], store, options=BatchOptions(workers=1), load=Stub)
    # Some come, the first copy of one goes, another is changed.
    for late in range(0, COUNT, 5):
        (tmp_path / f"a{late:02}.txt").rename(folder / f"a{late:02}.txt")
    (folder / "a12.txt").unlink()
    (folder / "a21.txt").write_text(f"{WORDS} {WORDS[::-1]} told anew")
    process = started(folder, store, stage)
    assert process.stdout.readline() == "reached\n"
    process.kill()
    process.communicate()
    run_batch([str(folder)], store, options=BatchOptions(workers=1), load=Stub)
    run_batch([str(folder)], tmp_path / "whole", options=BatchOptions(workers=1), load=Stub)
    assert exported(store) == exported(tmp_path / "whole")


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux to end it")
def test_a_worker_that_spins_ends_with_its_parent(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(f"{WORDS} SPIN")
    process = started(tmp_path / "in", tmp_path / "s", "none", "--log", str(tmp_path / "log"))
    until(lambda: any(busy_s(one) > 3 for one in children(process.pid)), "a worker that spins")
    workers = children(process.pid)
    process.kill()
    process.communicate()
    until(lambda: not any(map(is_alive, workers)), "workers to end after their parent")


def busy_s(process: int) -> float:
    """Give the processor time that a process has used."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_it_keeps_what_is_done_and_goes_on(
    news: Path, tmp_path: Path, whole: list[str], number: int, code: int
) -> None:
    store = tmp_path / "s"
    process = started(news, store)
    until(lambda: kept(store) >= 5, "five articles")
    # As a terminal does it: to all processes of the group.
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    out, err = process.communicate(timeout=MOST_S)
    assert process.returncode == code
    assert out == ""
    assert "Traceback" not in err
    if number == signal.SIGINT:
        assert (
            err
            == f"geomap: stopped; what was done is kept in {store}, and the same command goes on\n"
        )
    had = kept(store)
    assert 5 <= had < COUNT
    check_resumed(news, store, whole, had=had)


def test_a_second_batch_on_one_store_is_refused(news: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    first = started(news, store, "listed")
    assert first.stdout.readline() == "reached\n"
    second = started(news, store)
    out, err = second.communicate(timeout=MOST_S)
    assert (second.returncode, out) == (1, "")
    assert err == (
        f"geomap: {store}: another process writes into this store; "
        "wait until it has ended, or choose another --store\n"
    )
    assert first.poll() is None
    first.kill()
    first.communicate()


def test_standard_input(tmp_path: Path) -> None:
    command = [sys.executable, str(DRIVE), "none", "batch", "-", "--store", str(tmp_path)]
    done = subprocess.run(
        command, input=f"{WORDS} It was a bus.", check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("1 articles extracted")
    with open_store(tmp_path) as store:
        assert [row["origin"] for row in store.query("SELECT * FROM articles")] == [
            "standard input"
        ]


def test_a_full_disk_ends_it_and_what_was_kept_stays(
    news: Path, tmp_path: Path, whole: list[str]
) -> None:
    store = tmp_path / "s"
    process = started(news, store, "full:600000")
    out, err = process.communicate(timeout=MOST_S)
    assert (process.returncode, out) == (1, "")
    assert "what was kept before is safe; free space on its disk" in err
    assert err.count("\n") == 1
    had = kept(store)
    assert 0 < had < COUNT
    check_resumed(news, store, whole, had=had)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "disk", size="1m") as disk:
        yield disk


def test_a_small_disk_that_is_made_larger(news: Path, small_disk: Path, whole: list[str]) -> None:
    store = small_disk / "s"
    process = started(news, store)
    _, err = process.communicate(timeout=MOST_S)
    assert process.returncode == 1
    assert "cannot be written" in err
    assert "Traceback" not in err
    remount(small_disk, "size=20m")
    check_resumed(news, store, whole, had=kept(store))


def test_a_store_on_a_disk_that_is_read_only(
    news: Path, small_disk: Path, whole: list[str]
) -> None:
    remount(small_disk, "size=20m")
    store = small_disk / "s"
    run_batch([str(news)], store, options=BatchOptions(workers=2), load=Stub)
    remount(small_disk, "ro")
    process = started(news, store)
    out, err = process.communicate(timeout=MOST_S)
    assert (process.returncode, out) == (1, "")
    assert err == (
        f"geomap: {store}: cannot write here (Read-only file system); "
        "give a folder you may write to\n"
    )
    assert exported(store) == whole
    remount(small_disk, "rw")


def test_no_room_for_standard_input(small_disk: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(DRIVE), "none", "batch", "-", "--store", str(tmp_path / "s")]
    done = subprocess.run(
        command, input=WORDS * 20_000, check=False, capture_output=True, text=True,
        env={**os.environ, "TMPDIR": str(small_disk)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"geomap: {small_disk}: what comes through a pipe cannot be kept there (No space left on "
        "device); free space, or name another folder in TMPDIR\n"
    )
    assert list(small_disk.iterdir()) == []
