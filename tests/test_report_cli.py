"""``geomap report``: a page, or its numbers; filters as of draw and layers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from samples import event, extracted

from geomap.cli import main
from geomap.contract import write_extractions
from geomap.records import Failure
from geomap.store import open_store, pack

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "extraction.jsonl"
    rows = [
        extracted("a"),
        extracted("b", events=(event(id="b1", type="strike", confidence=0.3), event(id="b2"))),
    ]
    write_extractions(rows, path)
    return path


def test_it_writes_the_page(saved: Path, tmp_path: Path) -> None:
    page = tmp_path / "new" / "page.html"
    result = run(saved, "-o", page, "--title", "A week", "--language", "uk")
    assert (result.exit_code, result.stdout) == (0, f"{page}\n")
    html = page.read_text("utf-8")
    assert "<title>A week</title>" in html
    assert '<html lang="uk">' in html


def test_json_gives_the_numbers_and_writes_nothing(saved: Path, tmp_path: Path) -> None:
    result = run(saved, "--json", "-o", tmp_path / "page.html")
    numbers = json.loads(result.stdout)
    assert (numbers["articles"], numbers["reports"], numbers["events"]) == (2, 3, 2)
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    ("options", "reports"),
    [
        (["--type", "strike"], 1),
        (["--min-confidence", "0.5"], 2),
        (["--since", "2022-03-09"], 0),
        (["--filter", "type=corridor"], 2),
        (["--filter", "confidence<0.5", "--filter", "places~sumy"], 1),
        (["--bbox", "34,49,35,51"], 3),
    ],
)
def test_filters_choose_the_events(saved: Path, options: list[str], reports: int) -> None:
    result = run(saved, "--json", *options)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["reports"] == reports


def test_the_page_says_what_was_chosen(saved: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run(saved, "-o", page, "--type", "strike", "--since", "2022-03-01", "--filter", "killed>1")
    html = page.read_text("utf-8")
    for option in ("--type strike", "--since 2022-03-01", "--filter killed&gt;1"):
        assert f"<code>{option}</code>" in html


def test_faults_are_one_line(saved: Path, tmp_path: Path) -> None:
    result = run(saved, tmp_path / "none.jsonl", "-o", tmp_path / "page.html")
    assert result.exit_code == 1
    assert result.stderr.startswith("geomap: ")
    assert (tmp_path / "page.html").exists()
    result = run(saved, "--filter", "nothing", "-o", tmp_path / "other.html")
    assert result.exit_code == 1
    assert "no filter" in result.stderr
    assert not (tmp_path / "other.html").exists()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "news.store"
    rows = [
        extracted("a"),
        extracted("b"),
        extracted("c", events=(event(id="c1", type="strike", factuality="denied"),)),
    ]
    with open_store(folder, write=True) as opened:
        for one in rows:
            opened.add(pack(one, origin=f"/news/{one.article.id}.txt"))
        opened.fail(Failure(origin="/x.pdf", stage="parse", reason="is damaged", hint="mend it"))
        opened.finish()
    return folder


def test_a_store_knows_copies_merges_and_failures(store: Path, tmp_path: Path) -> None:
    numbers = json.loads(run("--store", store, "--json").stdout)
    heads = {name: numbers[name] for name in ("articles", "copies", "reports", "events", "failed")}
    assert heads == {"articles": 3, "copies": 2, "reports": 3, "events": 2, "failed": 1}
    # Copies are one source, however many there are.
    assert {row["independent"] for row in numbers["told_by"]} == {1}
    assert numbers["failures"][0]["origin"] == "/x.pdf"
    page = tmp_path / "page.html"
    assert run("--store", store, "-o", page).exit_code == 0
    assert "/x.pdf" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "articles", "reports"),
    [
        (["--type", "strike"], 1, 1),
        (["--filter", "factuality=claimed"], 3, 2),
        (["--since", "2030-01-01"], 0, 0),
    ],
)
def test_a_store_is_filtered(store: Path, options: list[str], articles: int, reports: int) -> None:
    numbers = json.loads(run("--store", store, "--json", *options).stdout)
    assert (numbers["articles"], numbers["reports"], numbers["failed"]) == (articles, reports, 1)


def test_files_or_a_store(saved: Path, store: Path, tmp_path: Path) -> None:
    assert run().exit_code == run(saved, "--store", store).exit_code == 2
    result = run("--store", tmp_path / "none")
    assert result.exit_code == 1
    assert "none" in result.stderr
