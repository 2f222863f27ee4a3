"""Measure what a cluster costs: dispatch per article, memory per worker, share of writing.

    python benchmarks/cluster.py [--articles 60] [--workers 2]

Starts a cluster of processes on this machine, and compares with the same work in one process.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

sys.path.insert(0, str(Path(__file__).resolve().parent))

import psutil
from distributed import LocalCluster

import geomap
from geomap.cluster import (
    RunOptions,
    connect,
    extract_on_cluster,
    extract_to_partitions,
)
from geomap.cluster.partitions import parts_of
from geomap.records import ExtractedArticle, Provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from geomap.records import Article

MB = 1024 * 1024
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def load_nothing(_settings: geomap.Settings) -> Callable[..., Iterator[ExtractedArticle]]:
    """Give an extractor that finds nothing in no time: what is left is the cluster's cost."""
    made = Provenance(version="0", gazetteer="", model="", settings_sha256="", worldview="")

    def extract(articles: Iterable[Article], _fault: Any) -> Iterator[ExtractedArticle]:
        for one in articles:
            yield ExtractedArticle(article=one, toponyms=(), events=(), provenance=made)

    return extract


def many(count: int) -> list[Article]:
    """Give the seeds again and again, each time under another id."""
    seeds = list(geomap.read_articles([SEEDS]))
    return [replace(seeds[n % len(seeds)], id=f"n{n}") for n in range(count)]


class Watched:
    """The most that a worker and the process below it held alone, MB, while this is open."""

    def __init__(self, workers: Iterable[int]) -> None:
        self.workers = [psutil.Process(one) for one in workers]
        self.first = self.most = max(map(held_mb, self.workers))
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def __enter__(self) -> Self:
        """Begin."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self.is_over.set()
        self.thread.join()

    def look(self) -> None:
        """Look now and then."""
        while not self.is_over.wait(0.5):
            self.most = max(self.most, *map(held_mb, self.workers))


def held_mb(process: psutil.Process) -> float:
    """Give what a process and those below it hold alone, MB: what they share is left out."""
    size = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            size += one.memory_full_info().uss / MB
    return size


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    # Equal articles under other ids: nothing is passed over.
    articles = many(asked.articles)
    words = sum(len(one.text.split()) for one in articles)
    with (
        LocalCluster(
            n_workers=asked.workers, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
        connect(cluster.scheduler_address) as client,
        tempfile.TemporaryDirectory() as scratch,
    ):
        for size in (1, 16, 64):
            options = RunOptions(most_articles=size, loader=load_nothing)
            count = min(100 * size, 1000)
            begun = time.process_time()
            out = extract_on_cluster(
                client, many(count), Path(scratch) / f"n{size}", options=options
            )
            spent = 1000 * (time.process_time() - begun) / count
            each = 1000 * out.seconds / count
            print(
                f"batches of {size:2}, nothing to extract: {each:.2f} ms an article, of which the "
                f"client's and the scheduler's processor time {spent:.2f}"
            )
        options = RunOptions(most_articles=16)
        with Watched(client.run(os.getpid).values()) as memory:
            crowd = extract_on_cluster(client, articles, Path(scratch) / "crowd", options=options)
        print(
            f"memory of a worker with its process: {memory.first:.0f} MB, then at most "
            f"{memory.most:.0f} MB"
        )
    with tempfile.TemporaryDirectory() as scratch:
        alone = extract_to_partitions(articles, Path(scratch) / "alone", options=options)
        files = list(Path(scratch).rglob("*.parquet"))
        size = sum(p.stat().st_size for p in files)
        print(
            f"{alone.events / len(articles):.1f} events an article; {len(files)} files, "
            f"{size / alone.events / 1024:.1f} KB an event"
        )
    for name, out in (("one process", alone), (f"{asked.workers} workers", crowd)):
        print(f"{name}: {out.seconds:.1f} s with loading, {words / out.seconds:,.0f} words/s")
    done = list(geomap.extract_many(articles[:64], nlp=geomap.load_pipeline()))
    begun = time.process_time()
    count = len(list(parts_of(done, digest="0" * 16)))
    print(f"files of 64 articles: {1000 * (time.process_time() - begun):.0f} ms, {count} files")


if __name__ == "__main__":
    # As a module: workers import the extractor by its name.
    importlib.import_module("cluster").main()
