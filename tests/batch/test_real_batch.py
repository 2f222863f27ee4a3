from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from geomap.articles import read_sources
from geomap.batch import default_workers
from geomap.cli import main
from geomap.contract import to_line
from geomap.pipeline import extract_many
from geomap.records import Failure
from geomap.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("2022-03-08-sumy.txt", "2022-03-16-mariupol.txt", "2023-11-10-gaza.txt")


@pytest.mark.slow
def test_a_batch_extracts_what_extract_does(root_dir: Path, tmp_path: Path, nlp: Any) -> None:
    files = [str(root_dir / "seeds" / name) for name in FILES]
    arguments = ["--store", str(tmp_path / "s"), "--workers", "1", "--log", str(tmp_path / "log")]
    done = CliRunner().invoke(main, ["batch", *files, *arguments])
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("3 articles extracted, 0 known, 0 files unchanged, 0 articles")
    expected = sorted(to_line(one) for one in extract_many(read_sources(files), nlp=nlp))
    with open_store(tmp_path / "s") as store:
        assert [to_line(one) for one in store.extractions()] == expected
    rows = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [row["event"] for row in rows].count("article") == 3
    again = CliRunner().invoke(main, ["batch", *files, *arguments])
    assert again.stdout.startswith("0 articles extracted, 0 known, 3 files unchanged")


def test_failures_are_said_and_make_the_exit_code(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["batch", str(tmp_path / "none.txt"), "--store", str(tmp_path)])
    assert done.exit_code == 1
    assert "1 failures" in done.stdout
    assert "cannot be opened (No such file or directory)" in done.stdout


def test_failures_told_are_those_of_this_run(tmp_path: Path) -> None:
    store = tmp_path / "s"
    with open_store(store, write=True) as opened:
        opened.base.execute("INSERT INTO runs (started, inputs, settings) VALUES ('', '', '')")
        opened.run = 1
        opened.fail(Failure(origin="old.pdf", stage="parse", reason="is damaged", hint="leave it"))
    done = CliRunner().invoke(main, ["batch", str(tmp_path / "*.txt"), "--store", str(store)])
    assert done.exit_code == 1
    *_, count, told, earlier = done.stdout.splitlines()
    assert count.startswith("1 failures ")
    assert "matches no file" in told
    assert earlier == "1 failures of earlier runs; --retry reads their files again"


def test_a_store_is_required() -> None:
    done = CliRunner().invoke(main, ["batch", "x.txt"])
    assert done.exit_code == 2
    assert "--store" in done.stderr


def test_there_is_a_worker_a_core() -> None:
    assert default_workers() >= 1
