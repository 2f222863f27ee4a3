"""Articles a second of geomap batch beside plain spaCy, and what its processes take of memory.

    python benchmarks/batch_speed.py [--articles 1500] [--rounds 3] [--workers 1 2]
    python benchmarks/batch_speed.py --memory
    python benchmarks/batch_speed.py --groups

The articles are the project's own dispatches, repeated until there are enough. In each round plain
``nlp.pipe`` of the same spaCy pipeline runs in this process, and the batch with each number of
workers into a new store, taking turns; ratios are made within a round, medians over the rounds.
``steady`` counts from the first article that is kept to the last, as a long run goes; ``whole``
counts from the start of the first process to the merged store. On a machine that others use, too,
look at ``processor``: the time that all processes together took for an article, loading left out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DISPATCHES = ROOT / "benchmarks" / "dispatches"
PLAIN_BATCH = 16
LONGEST = 1_000_000
GROUPS = (1, 2, 4, 8, 16)


def texts(count: int) -> list[str]:
    """Give so many dispatches, from the first again when all were given."""
    files = sorted(DISPATCHES.rglob("*.txt"))
    found = [text for f in files if len(text := f.read_text(encoding="utf-8")) > 200]  # noqa: PLR2004
    return [found[number % len(found)] for number in range(count)]


def written(articles: list[str], folder: Path) -> Path:
    """Write the articles as JSON lines."""
    file = folder / "articles.jsonl"
    rows = ({"id": f"a{n:06}", "text": text} for n, text in enumerate(articles))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def processor_s(whose: int) -> float:
    """Give the processor time of this process, or of all children that have ended."""
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def plain(articles: list[str], nlp: Any) -> dict[str, float]:
    """Run plain spaCy."""
    begun, used = time.perf_counter(), processor_s(resource.RUSAGE_SELF)
    for _ in nlp.pipe(articles, batch_size=PLAIN_BATCH):
        pass
    seconds = time.perf_counter() - begun
    spent = processor_s(resource.RUSAGE_SELF) - used
    rate = len(articles) / seconds
    return {"steady": rate, "whole": rate, "processor": spent / len(articles)}


def batch(file: Path, *, workers: int) -> dict[str, float]:
    """Run the batch as a user does."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "geomap", "batch", str(file), "--workers", str(workers)]
        command += ["--store", str(Path(folder) / "store"), "--log", str(log)]
        begun, used = time.perf_counter(), processor_s(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        seconds = time.perf_counter() - begun
        spent = processor_s(resource.RUSAGE_CHILDREN) - used
        rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    times = [dt.datetime.fromisoformat(r["time"]) for r in rows if r["event"] == "article"]
    steady = (len(times) - 1) / (times[-1] - times[0]).total_seconds()
    return {"steady": steady, "whole": len(times) / seconds, "processor": spent / len(times)}


def loading_s(folder: Path, *, workers: int) -> float:
    """Give the processor time of a batch of one article: what loading takes."""
    one = folder / "one.txt"
    one.write_text(texts(1)[0], encoding="utf-8")
    return batch_of_one(one, workers=workers)


def batch_of_one(file: Path, *, workers: int) -> float:
    """Run a batch of one article and give its processor time."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "geomap", "batch", str(file), "--workers", str(workers)]
        used = processor_s(resource.RUSAGE_CHILDREN)
        subprocess.run([*command, "--store", folder], check=True, capture_output=True)  # noqa: S603
        return processor_s(resource.RUSAGE_CHILDREN) - used


def speed(count: int, *, rounds: int, workers: list[int]) -> None:
    """Print articles a second, and ratios to plain spaCy."""
    import spacy  # noqa: PLC0415 - not for --memory

    from geomap.settings import Settings  # noqa: PLC0415

    nlp = spacy.load(Settings().model)
    articles = texts(count)
    plain(articles[:50], nlp)
    with tempfile.TemporaryDirectory() as name:
        file = written(articles, Path(name))
        loading = {n: loading_s(Path(name), workers=n) for n in workers}
        results: dict[str, list[dict[str, float]]] = {}
        for number in range(rounds):
            results.setdefault("plain", []).append(plain(articles, nlp))
            for n in workers:
                found = batch(file, workers=n)
                found["processor"] -= loading[n] / count
                results.setdefault(f"batch, {n}", []).append(found)
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    words = sum(len(text.split()) for text in articles)
    print(f"{count} articles, {words:,} words, median of {rounds} rounds; articles/s (ratio)")
    print(f"{'':12}{'steady':>18}{'whole':>18}{'processor ms/article':>28}")
    for name, rows in results.items():
        print(f"{name:12}" + "".join(_cell(results["plain"], rows, key) for key in rows[0]))


def _cell(base: list[dict[str, float]], rows: list[dict[str, float]], key: str) -> str:
    ratio = statistics.median(r[key] / b[key] for r, b in zip(rows, base, strict=True))
    value = statistics.median(row[key] for row in rows)
    shown = (
        f"{value * 1000:.1f} ({ratio:.2f})" if key == "processor" else f"{value:.1f} ({ratio:.2f})"
    )
    return f"{shown:>{28 if key == 'processor' else 18}}"


def memory() -> None:
    """Print the most memory that a worker and the process above it take."""
    from geomap.batch import BatchOptions, run_batch  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, some in (
            ("100 dispatches", texts(100)),
            ("400 dispatches", texts(400)),
            ("one of a million characters", ["\n\n".join(texts(1200))[:LONGEST]]),
        ):
            file = written(some, folder)
            run_batch([str(file)], folder / what, options=BatchOptions(workers=1, memory_mb=None))
            # The most of any child so far: from the smallest task to the largest.
            child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
            own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
            print(
                f"{what:30} a worker {child:,.0f} MB, the process above {own:,.0f} MB", flush=True
            )


def groups() -> None:
    """Print what extracting so many together takes, of the time of one by one."""
    from geomap import Article, load_pipeline, pipeline  # noqa: PLC0415

    articles = [Article(id=str(n), text=text) for n, text in enumerate(texts(200))]
    nlp = load_pipeline()
    list(pipeline.extract_many(articles[:20], nlp=nlp))
    spent = {}
    for size in GROUPS:
        used = time.process_time()
        for first in range(0, len(articles), size):
            list(pipeline.extract_many(articles[first : first + size], nlp=nlp))
        spent[size] = time.process_time() - used
    for size, seconds in spent.items():
        print(f"{size:3} together: {seconds / len(articles) * 1000:.1f} ms an article, "
              f"{seconds / spent[1]:.2f} of one by one")  # fmt: skip


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--groups", action="store_true")
    options = parser.parse_args()
    if options.memory:
        memory()
    elif options.groups:
        groups()
    else:
        speed(options.articles, rounds=options.rounds, workers=options.workers)


if __name__ == "__main__":
    main()
