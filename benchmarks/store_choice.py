"""SQLite beside DuckDB as the file of a store: what decided docs/decisions/016.

    python benchmarks/store_choice.py [--articles 2000]

The same rows (of the seeds, extracted once and repeated under other names) go into the same
tables, each article in a transaction of its own, as a batch does it. Measured: articles a second,
bytes an event when all is closed, whether another process can read meanwhile, what is left after
kill -9 (DuckDB: its own log), size of the library.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from geomap import extract_many, load_pipeline, read_articles
from geomap.store import Packed, pack
from geomap.store.adding import PARTS
from geomap.store.schema import COPIES_AND_MERGES, INDEXES, TABLES

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = (
    "INSERT INTO stored_articles (article_key, name, article_id, origin, source_key, kept, run, "
    "input_digest, title, source, url, published, language, text_sha256, warnings, "
    "provenance_key, text, record) VALUES (?, ?, ?, ?, 1, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)"
)


def packed(count: int) -> list[Packed]:
    """Extract the seeds, and repeat them."""
    done = list(extract_many(read_articles([ROOT / "seeds"]), nlp=load_pipeline()))
    once = [pack(one, origin=f"/{one.article.id}.txt") for one in done]
    made = []
    for number in range(count):
        one = once[number % len(once)]
        name = f"{one.name}-{number}"
        made.append(dataclasses.replace(one, name=name, origin=f"/{name}.txt"))
    return made


def statements() -> list[str]:
    """Give the schema in SQL that both read; DuckDB has no partial indexes and no WITHOUT ROWID."""
    text = (TABLES + COPIES_AND_MERGES + INDEXES).replace(" WITHOUT ROWID", "")
    parts = [part.strip() for part in text.split(";\n") if part.strip()]
    return [part.split(" WHERE ")[0] if part.startswith("CREATE INDEX") else part for part in parts]


def opened(kind: str, file: Path) -> Any:
    """Open a new file of a kind, with the tables."""
    if kind == "duckdb":
        base: Any = duckdb.connect(str(file))
        made = [" ".join(p.replace("REFERENCES stored_sources", "").split()) for p in statements()]
        made = [p.replace("REFERENCES provenance", "") for p in made]
    else:
        base = sqlite3.connect(file, isolation_level=None)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        made = statements()
    for part in made:
        base.execute(part)
    return base


def add(base: Any, key: int, one: Packed) -> None:
    """Put one article in, in one transaction."""
    base.execute("BEGIN")
    values = (key, one.name, one.name, one.origin, one.digest, *one.meta, one.text, one.record)
    base.execute(ARTICLE, values)
    rows = (one.toponyms, one.events, one.event_places, one.actors)
    for table, some in zip(PARTS, rows, strict=True):
        if some:
            marks = ", ".join("?" * (len(some[0]) + 1))
            base.executemany(f"INSERT INTO {table} VALUES ({marks})", [(key, *r) for r in some])  # noqa: S608
    base.execute("COMMIT")


def rate_and_size(kind: str, articles: list[Packed]) -> dict[str, float]:
    """Measure articles a second and bytes an event."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store"
        base = opened(kind, file)
        start = time.perf_counter()
        for key, one in enumerate(articles):
            add(base, key, one)
        seconds = time.perf_counter() - start
        base.close()
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    events = sum(len(one.events) for one in articles)
    return {"articles_per_s": len(articles) / seconds, "bytes_per_event": size / events}


READ = {
    "duckdb": "import duckdb, sys; b = duckdb.connect(sys.argv[1], read_only=True)",
    "sqlite": "import sqlite3, sys; b = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)",
}
COUNT = "print(b.execute('SELECT count(*) FROM stored_articles').fetchone()[0])"
WRITE = """
import os, signal, sys
sys.path.insert(0, {here!r})
import pathlib, pickle, store_choice
articles = pickle.loads(pathlib.Path(sys.argv[2]).read_bytes())
base = store_choice.opened({kind!r}, pathlib.Path(sys.argv[1]))
for key, one in enumerate(articles):
    store_choice.add(base, key, one)
print("written", flush=True)
sys.stdin.readline()
base.execute("BEGIN"); base.execute("DELETE FROM stored_events")
os.kill(os.getpid(), signal.SIGKILL)
"""


def read_and_kill(kind: str, articles: list[Packed]) -> dict[str, str]:
    """Read from another process while one has the file open, then kill that one."""
    import pickle  # noqa: PLC0415 - between two processes of ours

    with tempfile.TemporaryDirectory() as folder:
        file, given = Path(folder) / "store", Path(folder) / "articles"
        given.write_bytes(pickle.dumps(articles))
        here = str(Path(__file__).parent)
        code = WRITE.format(here=here, kind=kind)
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", code, str(file), str(given)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout.readline() == "written\n"  # noqa: S101
        reader = [sys.executable, "-c", f"{READ[kind]}; {COUNT}", str(file)]
        meanwhile = subprocess.run(reader, check=False, capture_output=True, text=True)  # noqa: S603
        process.communicate("go\n")
        assert process.returncode == -signal.SIGKILL  # noqa: S101
        after = subprocess.run(reader, check=False, capture_output=True, text=True)  # noqa: S603
    return {
        "read_meanwhile": meanwhile.stdout.strip()
        or meanwhile.stderr.strip().splitlines()[-1][:60],
        "left_after_kill": after.stdout.strip() or after.stderr.strip().splitlines()[-1][:60],
    }


def library_mb(name: str) -> float:
    """Give the size of what a library installs."""
    if name == "sqlite":
        return 0.0  # In Python.
    folder = Path(importlib.util.find_spec("duckdb").origin).parents[1]
    files = [p for p in folder.glob("*duckdb*") if not p.is_dir()]
    files += [p for d in folder.glob("*duckdb*") if d.is_dir() for p in d.rglob("*") if p.is_file()]
    return sum(path.stat().st_size for path in files) / 1e6


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=2000)
    articles = packed(parser.parse_args().articles)
    print(f"{len(articles)} articles, {sum(len(one.events) for one in articles)} events")
    for kind in ("sqlite", "duckdb"):
        row: dict[str, Any] = {
            **rate_and_size(kind, articles),
            **read_and_kill(kind, articles[:50]),
            "library_mb": library_mb(kind),
        }
        shown = (f"{k} {v:,.0f}" if isinstance(v, float) else f"{k} {v!r}" for k, v in row.items())
        print(f"{kind:8}", "  ".join(shown))


if __name__ == "__main__":
    main()
