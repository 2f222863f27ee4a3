"""Watching: in this process with a quick extractor, and as a command with the real one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from feed_texts import rss
from samples import TEXT, extracted
from stubs import Stub

from geomap import watch as watching
from geomap.articles import read_sources
from geomap.batch import BatchOptions, Tally, run_batch
from geomap.contract import read_extractions
from geomap.errors import InputError, ModelError, StoreError
from geomap.limits import ReadingLimits
from geomap.records import Failure
from geomap.store import merging, open_store, pack
from geomap.watch import Round, WatchOptions, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

LONG_S = 90.0
FILES = {"map.html", "report.html", "extraction.jsonl", "events.geojson", "geomap.gpkg"}


class Batch:
    """Stands for ``run_batch``: the articles of the folder, each with one event."""

    def __init__(self) -> None:
        self.runs: list[list[str]] = []
        self.error: Exception | None = None

    def __call__(self, inputs: Any, store: Any, **_: Any) -> Tally:
        if self.error is not None:
            raise self.error
        tally = Tally()
        with open_store(store, write=True) as opened:
            known = {row["origin"] for row in opened.query("SELECT origin FROM articles")}
            read = []
            for one in read_sources(inputs):
                if isinstance(one, Failure):
                    opened.fail(one)
                    tally.failures += 1
                elif one.origin not in known:
                    opened.add(pack(replace(extracted(), article=one), origin=one.origin or ""))
                    read.append(one.id)
            tally.articles = len(read)
            opened.finish()
        self.runs.append(read)
        return tally


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch) -> Batch:
    stand_in = Batch()
    monkeypatch.setattr(watching, "run_batch", stand_in)
    return stand_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def write(folder: Path, name: str, text: str = "") -> None:
    (folder / name).write_text(f"{TEXT} {text}", encoding="utf-8")


def rounds(folder: Path, **options: Any) -> Iterator[Round]:
    how = WatchOptions(**{"every_s": 30.0, "quiet_s": 0.1, **options})
    return watch([str(folder)], folder.parent / "st", folder.parent / "out", options=how)


def ids(folder: Path) -> list[str]:
    # Without the digest of the text.
    return [
        one.article.id[:-13] for one in read_extractions(folder.parent / "out" / "extraction.jsonl")
    ]


def test_once_does_what_is_there(folder: Path, batch: Batch) -> None:
    write(folder, "a.txt")
    (done,) = rounds(folder, once=True)
    assert done.tally == Tally(articles=1)
    assert {path.name for path in done.files} >= FILES
    assert all(path.is_file() for path in done.files)
    assert ids(folder) == ["a"]
    assert not list((folder.parent / "out").glob(".*"))


def test_what_arrives_is_shown(folder: Path, batch: Batch) -> None:
    coming = rounds(folder)
    assert next(coming) == Round(tally=Tally())
    write(folder, "a.txt")
    assert next(coming).tally == Tally(articles=1)
    write(folder, "b.txt", "More.")
    assert next(coming).tally == Tally(articles=1)
    assert ids(folder) == ["a", "b"]
    coming.close()


def test_files_that_come_together_are_one_round(folder: Path, batch: Batch) -> None:
    coming = rounds(folder)
    next(coming)
    for number in range(20):
        write(folder, f"a{number}.txt", f"It was shell {number}.")
    assert next(coming).tally == Tally(articles=20)
    coming.close()


def test_a_half_written_file_is_not_read(folder: Path, batch: Batch) -> None:
    script = (
        "import sys, time\n"
        "with open(sys.argv[1], 'w') as stream:\n"
        "    print(sys.argv[2], file=stream, flush=True)\n"
        "    for number in range(12):\n"
        "        print(f'Missile {number} hit Kyiv on 3 March.', file=stream, flush=True)\n"
        "        time.sleep(0.2)\n"
    )
    coming = rounds(folder, quiet_s=1.5)
    next(coming)
    writer = subprocess.Popen([sys.executable, "-c", script, str(folder / "a.txt"), TEXT])
    assert next(coming).tally == Tally(articles=1)
    assert writer.wait(LONG_S) == 0
    (one,) = read_extractions(folder.parent / "out" / "extraction.jsonl")
    assert "Missile 11 hit" in one.article.text
    assert len(batch.runs) == 1
    coming.close()


def test_a_bad_article_keeps_nothing_else_away(folder: Path, batch: Batch) -> None:
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    write(folder, "good.txt")
    (done,) = rounds(folder, once=True)
    assert done.tally == Tally(articles=1, failures=1)
    assert [one.reason for one in done.failures] == ["is binary (it holds NUL bytes)"]
    assert ids(folder) == ["good"]
    assert "bad.txt" in (folder.parent / "out" / "report.html").read_text("utf-8")


def test_what_comes_back_and_what_no_longer_fails_is_shown(folder: Path) -> None:
    write(folder, "a.txt")
    write(folder, "b.txt", "More.")
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    how = BatchOptions(workers=1)
    report = folder.parent / "out" / "report.html"

    def one_round() -> list[str]:
        next(coming)
        return ids(folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "run_batch", partial(run_batch, load=Stub))
        coming = rounds(folder, batch=how)
        assert one_round() == ["a", "b"]
        (folder / "b.txt").rename(folder.parent / "b.txt")
        assert one_round() == ["a"]
        (folder.parent / "b.txt").rename(folder / "b.txt")
        assert one_round() == ["a", "b"]
        assert "bad.txt" in report.read_text("utf-8")
        (folder / "bad.txt").unlink()
        one_round()
        assert "bad.txt" not in report.read_text("utf-8")
        coming.close()


POISONS = {"CRASH": "crash", "LEAVE": "crash", "HANG": "timeout", "ERROR": "extract"}


def test_a_poisoned_article_fails_alone_as_in_a_batch(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "run_batch", partial(run_batch, load=Stub))
    log = folder.parent / "log.jsonl"
    for name in ("a", "z"):
        write(folder, f"{name}.txt", name)
    for word in POISONS:
        write(folder, f"m-{word}.txt", word)
    how = BatchOptions(workers=1, timeout_s=2.0, log=log)
    coming = rounds(folder, batch=how)
    done = next(coming)
    assert (done.tally.articles, done.tally.failures, done.error) == (2, 4, None)
    assert {one.origin.rpartition("-")[2]: one.stage for one in done.failures} == {
        f"{word}.txt": stage for word, stage in POISONS.items()
    }
    assert ids(folder) == ["a", "z"]
    # Nor is it taken up again with what comes next.
    write(folder, "n.txt", "n")
    done = next(coming)
    assert (done.tally.articles, done.tally.failures, done.failures) == (1, 0, ())
    assert ids(folder) == ["a", "n", "z"]
    coming.close()
    told = [json.loads(line)["event"] for line in log.read_text("utf-8").splitlines()]
    assert [told.count(event) for event in ("start", "article", "failure", "end")] == [2, 3, 4, 2]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_an_article_that_takes_too_much_memory_fails_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "run_batch", partial(run_batch, load=Stub))
    write(folder, "a.txt")
    write(folder, "b.txt", "GREED")
    (done,) = rounds(folder, once=True, batch=BatchOptions(workers=1, memory_mb=1024))
    assert [one.stage for one in done.failures] == ["memory"]
    assert ids(folder) == ["a"]


def test_a_round_merges_what_is_new_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "run_batch", partial(run_batch, load=Stub))
    read: list[Any] = []
    keyed = merging.keyed_extractions
    monkeypatch.setattr(
        merging, "keyed_extractions", lambda base, keys: read.append(keys) or keyed(base, keys)
    )
    for name in "abc":
        write(folder, f"{name}.txt", name)
    coming = rounds(folder, batch=BatchOptions(workers=1))
    next(coming)
    write(folder, "d.txt", "d")
    next(coming)
    coming.close()
    # All once, and then one article.
    assert [keys and len(keys) for keys in read] == [None, 1]


def test_nothing_new_is_no_round(folder: Path, batch: Batch) -> None:
    write(folder, "a.txt")
    is_over = iter([False] * 12 + [True] * 9)
    done = list(
        watch([str(folder)], folder.parent / "st", folder.parent / "out",
              options=WatchOptions(every_s=0.05, quiet_s=0.1), is_over=lambda: next(is_over))
    )  # fmt: skip
    assert len(done) == len(batch.runs) == 1


def test_folders_that_say_nothing_are_looked_through(
    folder: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Any) -> Any:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("geomap.watch.Alarm.__enter__", fail)
    coming = rounds(folder, every_s=0.2)
    assert "now and then" in next(coming).notes[0]
    next(coming)
    write(folder, "a.txt")
    assert next(coming).tally == Tally(articles=1)
    coming.close()


def test_a_round_that_fails_is_tried_again(folder: Path, batch: Batch) -> None:
    write(folder, "a.txt")
    batch.error = StoreError("st: in use by another process; wait")
    coming = rounds(folder, every_s=0.2)
    assert next(coming).error is batch.error
    assert not (folder.parent / "out").exists()
    batch.error = None
    assert next(coming).tally == Tally(articles=1)
    coming.close()


def test_an_output_that_fails_keeps_the_old_one(
    folder: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "a.txt")
    coming = rounds(folder, every_s=0.2)
    next(coming)
    before = (folder.parent / "out" / "map.html").read_bytes()
    with monkeypatch.context() as broken:
        error = StoreError("disk full; free space")
        broken.setattr("geomap.watch.showing.write_outputs", _raising(error))
        write(folder, "b.txt", "More.")
        assert next(coming).error is error
        assert (folder.parent / "out" / "map.html").read_bytes() == before
    # The article is in the store already: only the outputs are made again.
    done = next(coming)
    assert done.tally is None
    assert ids(folder) == ["a", "b"]
    coming.close()


def _raising(error: Exception) -> Callable[..., Any]:
    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise error

    return fail


def test_what_no_round_can_mend_ends_it(folder: Path, batch: Batch) -> None:
    write(folder, "a.txt")
    batch.error = ModelError("no model; install it")
    with pytest.raises(ModelError):
        next(rounds(folder))


def test_it_does_not_write_where_it_reads(folder: Path, batch: Batch) -> None:
    with pytest.raises(InputError, match="which is watched"):
        next(watch([str(folder)], folder / "st", folder.parent / "out"))
    with pytest.raises(InputError, match="is not there"):
        next(watch([str(folder / "none")], folder.parent / "st", folder.parent / "out"))
    how = WatchOptions(batch=BatchOptions(log=folder / "log.jsonl"))
    with pytest.raises(InputError, match="which is watched"):
        next(watch([str(folder)], folder.parent / "st", folder.parent / "out", options=how))


def test_a_feed_is_asked_now_and_then(folder: Path, batch: Batch, site: Any) -> None:
    site.body = rss(("a", TEXT))
    limits = ReadingLimits(allow_private_addresses=True, fetch_delay_seconds=0.0)
    coming = watch(
        [site.url, str(folder)], folder.parent / "st", folder.parent / "out",
        settings=replace(watching.Settings(), reading=limits),
        options=WatchOptions(every_s=0.3, quiet_s=0.1),
    )  # fmt: skip
    assert next(coming).tally == Tally(articles=1)
    site.body, site.etag = rss(("b", f"{TEXT} Later.")), '"2"'
    assert next(coming).tally == Tally(articles=1)
    assert ids(folder) == ["a", "b"]
    site.status = 410
    done = next(coming)
    assert done.tally is None
    assert "410" in done.failures[0].message
    coming.close()


def _read_until(wanted: str, lines: Iterable[str]) -> str:
    told = ""
    for line in lines:
        told += line
        if wanted in line:
            break
    return told


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_command_follows_a_folder_until_it_is_stopped(
    folder: Path, sign: signal.Signals
) -> None:
    write(folder, "a.txt")
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    out = folder.parent / "out"
    command = [sys.executable, "-m", "geomap", "watch", str(folder), "--store",
               str(folder.parent / "st"), "-o", str(out), "--workers", "1"]  # fmt: skip
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        _until((out / "report.html").exists, run)
        if sign is signal.SIGINT:
            write(folder, "b.txt", "Shells hit Lviv on 4 March.")
            _until(lambda: len(ids(folder)) == 2, run)
        # The files are there a moment before they are told.
        told = _read_until(str(out / "map.html"), run.stdout)
        run.send_signal(sign)
        _, errors = run.communicate(timeout=LONG_S)
    finally:
        run.kill()
    assert run.returncode == 0
    assert "stopped; what was done is kept" in errors
    assert "Traceback" not in errors
    assert str(out / "map.html") in told
    assert not list(out.glob(".*"))


def _until(is_so: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    end = time.monotonic() + LONG_S
    while not is_so():
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < end, "too late"
        time.sleep(0.2)
