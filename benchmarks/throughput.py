"""Words per second of geomap beside plain spaCy on the same articles, in one process.

    python benchmarks/throughput.py seeds/
    python benchmarks/throughput.py lgl.jsonl geovirus.jsonl --words 50000 --rounds 5

Three ways, taking turns in each round so that a busy machine slows all alike; ratios are made
within a round, medians over the rounds:

    plain      nlp.pipe of the stock pipeline, all its components
    toponyms   recognition and resolution (geomap.pipeline.read_toponyms), no events
    extract    everything (geomap.extract_many)
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import spacy

from geomap import extract_many, load_pipeline, read_articles
from geomap.pipeline import read_toponyms
from geomap.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from geomap.records import Article

# nlp.pipe's own default (1,000 texts) costs gigabytes on articles and is not faster.
BATCH = 16
WARM_UP = 2


def read(inputs: list[str], *, words: int) -> list[Article]:
    """Read articles until they hold so many words; what cannot be read is passed over."""
    chosen, count = [], 0
    for article in read_articles(inputs, on_fault=lambda _fault: None):
        if count >= words:
            break
        chosen.append(article)
        count += len(article.text.split())
    return chosen


def ways() -> dict[str, Callable[[list[Article]], None]]:
    """Load both pipelines and give what is timed, by name."""
    plain, nlp = spacy.load(Settings().model), load_pipeline()

    def run_plain(articles: list[Article]) -> None:
        _drain(plain.pipe((article.text for article in articles), batch_size=BATCH))

    def run_toponyms(articles: list[Article]) -> None:
        _drain(read_toponyms(article, nlp=nlp) for article in articles)

    def run_extract(articles: list[Article]) -> None:
        _drain(extract_many(articles, nlp=nlp))

    return {"plain": run_plain, "toponyms": run_toponyms, "extract": run_extract}


def _drain(items: Iterable[object]) -> None:
    for _ in items:
        pass


def measure(articles: list[Article], *, rounds: int) -> dict[str, list[float]]:
    """Time each way once a round, each round starting with another."""
    runs = ways()
    for run in runs.values():
        run(articles[:WARM_UP])
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    names = list(runs)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            start = time.perf_counter()
            runs[name](articles)
            seconds[name].append(time.perf_counter() - start)
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return seconds


def figures(seconds: dict[str, list[float]], *, words: int) -> dict[str, dict[str, float]]:
    """Give words a second, and time and speed against plain spaCy within a round."""
    result = {}
    for name, times in seconds.items():
        ratio = statistics.median(t / p for t, p in zip(times, seconds["plain"], strict=True))
        result[name] = {
            "words_per_s": round(words / statistics.median(times)),
            "time_of_plain": round(ratio, 3),
            "speed_of_plain": round(1 / ratio, 3),
        }
    return result


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", nargs="+", help="files or folders, as for geomap extract")
    parser.add_argument("--words", type=int, default=30_000, help="stop reading after so many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    articles = read(options.inputs, words=options.words)
    if not articles:
        parser.error(
            f"{', '.join(options.inputs)}: no article could be read; give text or JSON lines"
        )
    words = sum(len(article.text.split()) for article in articles)
    result = figures(measure(articles, rounds=options.rounds), words=words)
    print(f"{len(articles)} articles, {words:,} words, median of {options.rounds} rounds")
    print(f"{'':<10}{'words/s':>10}{'time / plain':>15}{'speed / plain':>15}")
    for name, row in result.items():
        print(
            f"{name:<10}{row['words_per_s']:>10,}{row['time_of_plain']:>15.2f}"
            f"{row['speed_of_plain']:>15.2f}"
        )
    if options.json:
        values = {"articles": len(articles), "words": words, "rounds": options.rounds, **result}
        options.json.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
