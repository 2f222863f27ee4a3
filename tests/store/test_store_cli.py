from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from samples import event, extracted

from geomap.cli import main
from geomap.contract import to_line
from geomap.layers import read_layers
from geomap.records import Failure
from geomap.store import open_store, pack
from geomap.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = [
    extracted("a", events=(event(), event(id="e2", type="strike", confidence=0.6))),
    extracted("b", events=(event(type="talks", factuality="denied"),)),
    extracted("c", events=()),
]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    folder = tmp_path / "news.store"
    with open_store(folder, write=True) as store:
        for one in ARTICLES:
            store.add(pack(one, origin=f"/news/{one.article.id}.txt"))
        store.fail(Failure(origin="/news/d.txt", stage="parse", reason="no", hint="leave it"))
        store.finish()
    return folder


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_info(filled: Path) -> None:
    held = json.loads(run("store", "info", filled, "--json").stdout)
    assert (held["articles"], held["events"], held["failures"]) == (3, 3, 1)
    assert held["provenance"][0]["version"] == "0.1.0"
    told = run("store", "info", filled).stdout
    assert re.search(r"^events +3$", told, re.MULTILINE)
    assert "3 articles by geomap 0.1.0, en 3.8.0" in told


def test_failures(filled: Path) -> None:
    assert run("store", "failures", filled).stdout == "/news/d.txt: no; leave it\n"
    assert json.loads(run("store", "failures", filled, "--json").stdout)["stage"] == "parse"


def test_sql(filled: Path) -> None:
    found = run("store", "sql", filled, "SELECT type, confidence FROM events ORDER BY 1 LIMIT 1")
    assert json.loads(found.stdout) == {"type": "corridor", "confidence": 0.8}
    bad = run("store", "sql", filled, "DELETE FROM stored_events")
    assert bad.exit_code == 1
    assert "readonly" in bad.stderr


def test_export(filled: Path, tmp_path: Path) -> None:
    lines = "".join(to_line(one) for one in ARTICLES)
    assert run("store", "export", filled).stdout == lines
    run("store", "export", filled, "--type", "talks", "-o", tmp_path / "talks.jsonl")
    assert (tmp_path / "talks.jsonl").read_text(encoding="utf-8") == to_line(ARTICLES[1])


def test_layers_of_a_store_are_those_of_its_extraction(filled: Path, tmp_path: Path) -> None:
    run("store", "export", filled, "-o", tmp_path / "all.jsonl")
    wanted = ("--format", "geojson", "--format", "gpkg", "--min-confidence", 0.7)
    one = run("layers", "--store", filled, *wanted, "-o", tmp_path / "one")
    other = run("layers", tmp_path / "all.jsonl", *wanted, "-o", tmp_path / "other")
    assert (one.exit_code, other.exit_code) == (0, 0)
    name = "events.geojson"
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    kept = list(read_layers(tmp_path / "one" / "geomap.gpkg"))
    assert sorted(one.article.id for one in kept) == ["a", "b"]


def test_draw_and_picture_take_a_store(filled: Path, tmp_path: Path) -> None:
    done = run("draw", "--store", filled, "--type", "strike", "-o", tmp_path / "o")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'o' / 'map.html'}\n")
    assert "e2" in (tmp_path / "o" / "map.html").read_text(encoding="utf-8")
    none = run("draw", "--store", filled, "--type", "explosion", "-o", tmp_path / "none")
    assert none.exit_code == 0
    assert "no event is left" in none.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("command", ["draw", "layers", "picture"])
@pytest.mark.parametrize("both", [True, False])
def test_files_or_a_store(filled: Path, tmp_path: Path, command: str, *, both: bool) -> None:
    given = ["x.jsonl", "--store", filled] if both else []
    done = run(command, *given, "-o", tmp_path / "o")
    assert done.exit_code == 2
    assert "give EXTRACTION... or --store DIR" in done.stderr


@pytest.mark.parametrize("command", ["info", "failures", "export", "upgrade"])
def test_no_store(tmp_path: Path, command: str) -> None:
    done = run("store", command, tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"geomap: {tmp_path}: no store; expected a folder")
    assert list(tmp_path.iterdir()) == []


def test_upgrade(tmp_path: Path, root_dir: Path) -> None:
    base = sqlite3.connect(tmp_path / "store.sqlite")
    base.executescript((root_dir / "tests/store/schema_1.sql").read_text(encoding="utf-8"))
    base.close()
    assert "geomap store upgrade" in run("store", "info", tmp_path).stderr
    assert run("store", "upgrade", tmp_path).stdout == f"{tmp_path}: up to date\n"
    assert json.loads(run("store", "info", tmp_path, "--json").stdout)["copies"] == 1


def test_every_view_and_column_is_documented(filled: Path, root_dir: Path) -> None:
    text = (root_dir / "docs" / "store.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (`.*?`) \|", text, re.MULTILINE))
    with open_store(filled) as store:
        views = [
            row["name"]
            for row in store.query(
                "SELECT name FROM sqlite_master WHERE type = 'view' "
                "OR name IN ('runs', 'provenance')"
            )
        ]
        for view in views:
            columns = [row["name"] for row in store.query(f"PRAGMA table_info('{view}')")]
            assert re.findall(r"`(\w+)`", rows.get(view, "")) == columns, view
    assert f"is the schema's, {SCHEMA_VERSION})" in text


def examples(root_dir: Path) -> list[str]:
    text = (root_dir / "docs" / "store.md").read_text(encoding="utf-8")
    return re.findall(r"```sql\n(.*?);\n```", text, re.DOTALL)


def test_examples_in_sql_run(filled: Path, root_dir: Path) -> None:
    found = examples(root_dir)
    assert len(found) == 9
    with open_store(filled) as store:
        rows = [list(store.query(sql)) for sql in found]
    # The second article repeats the first.
    assert {row["type"] for row in rows[0]} == {"corridor", "strike"}
    assert rows[1][0]["name"] == "Poltava"
    assert rows[-1] == [{"stage": "parse", "failures": 1, "for_example": "no"}]


def test_the_example_in_python_runs(
    filled: Path, root_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    text = (root_dir / "docs" / "store.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(filled.parent)
    exec(code, {})  # noqa: S102 - what the document shows
    assert capsys.readouterr().out.startswith("a ['corridor']\n")
