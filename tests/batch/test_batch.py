from __future__ import annotations

import io
import json
import os
import threading
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from stubs import BadReader, FlowingStub, OtherModel, SlowReader, Stub, no_model, no_start, slow

from geomap.batch import BatchOptions, Tally, run_batch
from geomap.contract import to_line
from geomap.errors import ModelError, OutputError, StoreError
from geomap.settings import Settings
from geomap.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

WORDS = (
    "A corridor opened from Sumy to Poltava on 8 March, Kyiv said, and the buses left the "
    "town in the morning with the people who had waited there for a week."
)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(12):
        (folder / f"a{number:02}.txt").write_text(f"{WORDS} It was bus number {number}.")
    return folder


def run(news: Path, store: Path, load: Any = Stub, **options: Any) -> Tally:
    chosen = BatchOptions(**{"workers": 2, "timeout_s": 30.0, "memory_mb": None, **options})
    return run_batch([str(news)], store, options=chosen, load=load)


def lines(store: Path) -> list[str]:
    with open_store(store) as opened:
        return [to_line(one) for one in opened.extractions()]


def told(store: Path) -> dict[str, str]:
    """Give stage by name of file of what failed."""
    with open_store(store) as opened:
        return {one.origin.rpartition("/")[2]: one.stage for one in opened.failures()}


def test_all_articles_are_kept_and_a_second_run_does_nothing(news: Path, tmp_path: Path) -> None:
    tally = run(news, tmp_path / "s")
    assert (tally.articles, tally.failures, tally.same) == (12, 0, 0)
    before = lines(tmp_path / "s")
    assert len(before) == 12
    again = run(news, tmp_path / "s")
    assert (again.articles, again.known, again.same) == (0, 0, 12)
    assert lines(tmp_path / "s") == before


@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_workers_changes_nothing(news: Path, tmp_path: Path, workers: int) -> None:
    run(news, tmp_path / "a", workers=workers)
    run(news, tmp_path / "b", load=slow)
    assert lines(tmp_path / "a") == lines(tmp_path / "b")


def test_changed_files_are_redone_and_missing_ones_marked(news: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    run(news, store)
    (news / "a00.txt").write_text(f"{WORDS} It was another bus.")
    (news / "a01.txt").unlink()
    os.utime(news / "a02.txt", ns=(1, 1))
    (news / "new.txt").write_text(f"{WORDS} It was a new bus.")
    tally = run(news, store)
    # The text of a02 is the same: it is read again and kept as it is.
    assert (tally.articles, tally.known, tally.same, tally.removed) == (2, 1, 9, 2)
    run(news, tmp_path / "fresh")
    assert lines(store) == lines(tmp_path / "fresh")
    with open_store(store) as opened:
        assert opened.counts().removed == 2


def test_a_file_that_comes_back_stands_again(news: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    run(news, store)
    before = lines(store)
    (news / "a01.txt").rename(tmp_path / "aside")
    assert run(news, store).removed == 1
    (tmp_path / "aside").rename(news / "a01.txt")
    tally = run(news, store)
    assert (tally.articles, tally.known) == (0, 1)
    assert lines(store) == before


def test_a_file_that_cannot_be_read_any_more_removes_nothing(tmp_path: Path) -> None:
    def packed(names: str) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name in names:
                archive.writestr(f"{name}.txt", f"{WORDS} It was bus {name}.")
        return stream.getvalue()

    file, store = tmp_path / "news.zip", tmp_path / "s"
    file.write_bytes(packed("abc"))
    assert run(file, store).articles == 3
    # Half of it, as while it is being copied.
    file.write_bytes(packed("abc")[:-30])
    tally = run(file, store)
    assert (tally.removed, tally.failures) == (0, 1)
    assert len(lines(store)) == 3
    file.write_bytes(packed("bcd"))
    tally = run(file, store)
    assert (tally.articles, tally.known, tally.removed, tally.failures) == (1, 2, 1, 0)
    assert told(store) == {}
    # A name of a column that is not there is a fault of the command.
    table = tmp_path / "rows.csv"
    table.write_text(f'body\n"{WORDS}"\n')
    assert run(table, store).articles == 1
    tally = run_batch([str(table)], store, columns={"text": "bdoy"}, load=Stub)
    assert (tally.removed, tally.failures) == (0, 1)


@pytest.mark.skipif("linux" not in __import__("sys").platform, reason="names of files are bytes")
def test_names_of_any_kind(news: Path, tmp_path: Path) -> None:
    odd = [b"bad\xffname.txt", b"new\nline.txt", b"[1].txt", b"a b.txt", b"-.txt"]
    for number, name in enumerate(odd):
        file = os.path.join(os.fsencode(news), name)  # noqa: PTH118 - bytes
        with open(file, "w") as stream:  # noqa: PTH123 - same
            stream.write(f"{WORDS} It was an odd bus {number}.")
    os.symlink("nowhere", os.path.join(os.fsencode(news), b"\xfe.txt"))  # noqa: PTH118, PTH211
    tally = run(news, tmp_path / "s")
    assert (tally.articles, tally.failures) == (17, 1)
    assert run(news, tmp_path / "s").same == 17
    with open_store(tmp_path / "s") as opened:
        (row,) = opened.query("SELECT * FROM articles WHERE origin LIKE '%bad%'")
        assert [one.origin for one in opened.failures()] == [f"{news}/\ufffd.txt"]
    assert row["origin"] == f"{news}/bad\\xffname.txt"
    assert row["source"] == "bad\ufffdname.txt"
    # By its own name, too.
    bad = os.fsdecode(os.path.join(os.fsencode(news), odd[0]))  # noqa: PTH118
    assert run_batch([bad], tmp_path / "s", load=Stub).same == 1
    os.unlink(bad)  # noqa: PTH108
    assert run(news, tmp_path / "s").removed == 1


@pytest.mark.skipif("linux" not in __import__("sys").platform, reason="makes a pipe")
def test_what_cannot_be_listed_keeps_its_articles_alone(news: Path, tmp_path: Path) -> None:
    (news / "sub").mkdir()
    (news / "sub" / "b.txt").write_text(f"{WORDS} It was the last bus.")
    run(news, tmp_path / "s")
    # A link that leads nowhere now; a file that is gone.
    (news / "sub").rename(tmp_path / "sub")
    (news / "a03.txt").unlink()
    (news / "a03.txt").symlink_to(tmp_path / "away.txt")
    (news / "a04.txt").unlink()
    tally = run(news, tmp_path / "s")
    assert (tally.failures, tally.removed) == (1, 2)
    with open_store(tmp_path / "s") as opened:
        kept = {row["origin"] for row in opened.query("SELECT origin FROM articles")}
    assert str(news / "a03.txt") in kept
    assert not kept & {str(news / "a04.txt"), str(news / "sub" / "b.txt")}


def test_a_pipe_is_read_when_it_is_named(news: Path, tmp_path: Path) -> None:
    pipe = news / "pipe.txt"
    os.mkfifo(pipe)
    # Not from a folder or a pattern.
    for given in (news, news / "p*.txt"):
        assert told_run(given, tmp_path / "s") == {"pipe.txt": "find"}
    writer = threading.Thread(target=pipe.write_text, args=(f"{WORDS} It was a long bus.",))
    writer.start()
    tally = run(pipe, tmp_path / "s")
    writer.join()
    assert (tally.articles, tally.failures) == (1, 0)
    with open_store(tmp_path / "s") as opened:
        assert list(opened.query("SELECT 1 FROM articles WHERE origin = ?", (str(pipe),)))


def told_run(given: Path, store: Path) -> dict[str, str]:
    run(given, store)
    return told(store)


def test_other_inputs_are_left_alone(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "s")
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text(f"{WORDS} It was the last bus.")
    assert run(other, tmp_path / "s").removed == 0
    assert len(lines(tmp_path / "s")) == 13


def test_a_file_that_was_also_given_by_name_is_removed_with_its_folder(
    news: Path, tmp_path: Path
) -> None:
    run(news, tmp_path / "s")
    # By its own name, and by a pattern that gives all.
    run(news / "a01.txt", tmp_path / "s")
    run(news / "a0*.txt", tmp_path / "s")
    (news / "a01.txt").unlink()
    assert run(news, tmp_path / "s").removed == 1
    # What is there, but is not given by a folder, stays.
    hidden = news / "gold"
    hidden.mkdir()
    (hidden / "g.txt").write_text(f"{WORDS} It was a golden bus.")
    run(hidden / "g.txt", tmp_path / "s")
    assert run(news, tmp_path / "s").removed == 0
    assert len(lines(tmp_path / "s")) == 12


def test_an_input_that_is_gone_removes_nothing(news: Path, tmp_path: Path) -> None:
    run(news, tmp_path / "s")
    news.rename(tmp_path / "away")
    tally = run(news, tmp_path / "s")
    assert (tally.failures, tally.removed) == (1, 0)
    assert len(lines(tmp_path / "s")) == 12


@pytest.mark.parametrize("changed", ["settings", "model"])
def test_what_was_made_otherwise_is_made_again(news: Path, tmp_path: Path, changed: str) -> None:
    run(news, tmp_path / "s")
    settings = Settings(min_confidence=0.5) if changed == "settings" else Settings()
    load = OtherModel if changed == "model" else Stub
    tally = run_batch(
        [str(news)], tmp_path / "s", settings=settings, options=BatchOptions(workers=1), load=load
    )
    assert (tally.articles, tally.same, tally.removed) == (12, 0, 0)


POISONS = {
    "CRASH": "crash", "LEAVE": "crash", "HANG": "timeout", "FAULT": "extract", "ERROR": "extract",
}  # fmt: skip


def test_poisoned_articles_fail_alone(news: Path, tmp_path: Path) -> None:
    for word in POISONS:
        (news / f"a05-{word}.txt").write_text(f"{WORDS} {word}")
    tally = run(news, tmp_path / "s", timeout_s=2.0, log=tmp_path / "log")
    assert told(tmp_path / "s") == {f"a05-{word}.txt": stage for word, stage in POISONS.items()}
    assert (tally.articles, tally.failures) == (12, 5)
    assert tally.workers_lost >= 3
    for word in POISONS:
        (news / f"a05-{word}.txt").unlink()
    run(news, tmp_path / "clean", load=slow)
    with open_store(tmp_path / "s") as opened:
        reasons = {one.stage: one.reason for one in opened.failures()}
    assert reasons["timeout"] == "took longer than 2 s"
    assert "signal 11" in reasons["crash"] or "exit code 3" in reasons["crash"]
    assert "\n" not in reasons["extract"]
    assert lines(tmp_path / "s") == lines(tmp_path / "clean")


def test_what_is_done_is_kept_before_the_rest_of_its_group(news: Path, tmp_path: Path) -> None:
    (news / "a02.txt").write_text(f"{WORDS} CRASH")
    run(news, tmp_path / "s", load=FlowingStub, workers=1, log=tmp_path / "log")
    rows = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    told = [one.get("id", "-").partition("-")[0] or one["event"] for one in rows]
    # The four of a group were begun together.
    at = [told.index(what) for what in ("a00", "a01", "worker", "a03")]
    assert at == sorted(at)


def test_a_group_may_take_longer_than_one_article(news: Path, tmp_path: Path) -> None:
    for number in range(4):
        (news / f"a{number:02}.txt").write_text(f"{WORDS} {number} DAWDLE")
    tally = run(news, tmp_path / "s", load=FlowingStub, workers=1, timeout_s=1.5)
    assert (tally.articles, tally.workers_lost) == (12, 0)


def test_a_file_of_slow_articles_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "slow.jsonl"
    rows = ({"id": f"r{n}", "text": f"{WORDS} {n}"} for n in range(12))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    # Twelve take 3.6 s: more than one may, less than all.
    tally = run(file, tmp_path / "s", load=SlowReader, workers=1, timeout_s=3.0)
    assert (tally.articles, tally.failures) == (12, 0)


def test_a_file_whose_reading_ends_the_process_fails_alone(news: Path, tmp_path: Path) -> None:
    (news / "a05-leaves.txt").write_text(f"{WORDS} It leaves.")
    (news / "a06-hangs.txt").write_text(f"{WORDS} It hangs.")
    tally = run(news, tmp_path / "s", load=BadReader, timeout_s=2.0)
    assert told(tmp_path / "s") == {"a05-leaves.txt": "crash", "a06-hangs.txt": "timeout"}
    assert (tally.articles, tally.failures) == (12, 2)
    assert run(news, tmp_path / "s").same == 14
    assert run(news, tmp_path / "s", retry=True).articles == 2


def test_failures_are_tried_again_only_when_asked(news: Path, tmp_path: Path) -> None:
    (news / "bad.txt").write_text(f"{WORDS} FAULT")
    run(news, tmp_path / "s")
    assert run(news, tmp_path / "s").same == 13
    tally = run(news, tmp_path / "s", retry=True)
    assert (tally.same, tally.failures, tally.articles) == (12, 1, 0)
    assert told(tmp_path / "s") == {"bad.txt": "extract"}
    (news / "bad.txt").write_text(f"{WORDS} Good.")
    assert run(news, tmp_path / "s").articles == 1
    assert told(tmp_path / "s") == {}


@pytest.mark.skipif("linux" not in __import__("sys").platform, reason="memory is limited on Linux")
def test_an_article_that_takes_too_much_memory_fails_alone(news: Path, tmp_path: Path) -> None:
    (news / "a05-greed.txt").write_text(f"{WORDS} GREED")
    tally = run(news, tmp_path / "s", memory_mb=1024)
    assert (tally.articles, tally.failures) == (12, 1)
    assert told(tmp_path / "s") == {"a05-greed.txt": "memory"}


def test_many_articles_of_one_file(tmp_path: Path) -> None:
    rows = [{"id": f"r{n:03}", "text": f"{WORDS} It was bus {n}."} for n in range(60)]
    rows[33]["text"] += " CRASH"
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    tally = run(file, tmp_path / "s", workers=3)
    assert (tally.articles, tally.failures) == (59, 1)
    assert told(tmp_path / "s") == {"rows.jsonl:34": "crash"}
    # A row less, a row more: the rest is not made again.
    file.write_text("".join(json.dumps(row) + "\n" for row in [*rows[:33], rows[59]]))
    tally = run(file, tmp_path / "s")
    assert (tally.known, tally.articles, tally.removed) == (33, 1, 26)


def test_no_model_ends_the_run_with_its_own_error(news: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not installed"):
        run(news, tmp_path / "s", load=no_model)


def test_workers_that_do_not_start_end_the_run(news: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"end before they are ready \(exit code 7\)"):
        run(news, tmp_path / "s", load=no_start)


def test_the_log_tells_what_happened(news: Path, tmp_path: Path) -> None:
    (news / "bad.txt").write_text(f"{WORDS} FAULT")
    run(news, tmp_path / "s", log=tmp_path / "log")
    rows = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    kinds = [row["event"] for row in rows]
    assert (kinds[0], kinds[-1]) == ("start", "end")
    assert (kinds.count("article"), kinds.count("failure"), kinds.count("source")) == (12, 1, 13)
    article = next(row for row in rows if row["event"] == "article")
    assert (article["events"], article["toponyms"]) == (1, 3)
    assert article["time"].endswith("+00:00")
    assert rows[-1]["articles"] == 12


def test_a_log_that_cannot_be_written(news: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="log cannot be written"):
        run(news, tmp_path / "s", log=tmp_path / "none" / "log")


def test_nothing_to_read_loads_nothing(tmp_path: Path) -> None:
    tally = run(tmp_path / "none", tmp_path / "s", load=no_model)
    assert (tally.failures, tally.articles) == (1, 0)
