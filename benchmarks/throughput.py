"""Words per second of geomap beside plain spaCy on the same articles, in one process.

    python benchmarks/throughput.py seeds/
    python benchmarks/throughput.py lgl.jsonl geovirus.jsonl --words 50000 --rounds 5

Four ways, taking turns in each round so that a busy machine slows all alike; ratios are made
within a round, medians over the rounds. The gazetteer is opened anew for each, so that no way has
names in memory that it looked up before. Times are the processor's, which other work on the machine
disturbs least; all ways run on one core:

    plain      nlp.pipe of the stock pipeline, all its components
    finding    recognition and resolution alone, on texts whose entities are known (what they add)
    toponyms   the same with the analysis it needs (geomap.pipeline.read_toponyms), no events
    extract    everything (geomap.extract_many)
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
NAMES = ("plain", "finding", "toponyms", "extract")


def read(inputs: list[str], *, words: int) -> list[Article]:
    """Read articles until they hold so many words; what cannot be read is passed over."""
    chosen, count = [], 0
    for article in read_articles(inputs, on_fault=lambda _fault: None):
        if count >= words:
            break
        chosen.append(article)
        count += len(article.text.split())
    return chosen


class Ways:
    """Both pipelines, and what is timed, by name."""

    def __init__(self, articles: list[Article]) -> None:
        self.plain, self.nlp = spacy.load(Settings().model), load_pipeline()
        self.articles = articles
        self.finder: Any = self.nlp.get_pipe("geomap_toponyms")
        first = [self.nlp.get_pipe(name) for name in ("geomap_sentences", "geomap_analysis")]
        self.docs = [self._analysed(article, first) for article in articles]

    def _analysed(self, article: Article, parts: list[Any]) -> Any:
        doc = self.nlp.make_doc(article.text)
        for part in parts:
            doc = part(doc)
        return doc

    def run(self, name: str, most: int | None = None) -> float:
        """Run one way over the first articles and give the seconds it took."""
        articles, docs = self.articles[:most], self.docs[:most]
        self.finder._gazetteer = None  # noqa: SLF001 - so that no look-up is remembered
        work: dict[str, Callable[[], Iterable[object]]] = {
            "plain": lambda: self.plain.pipe((a.text for a in articles), batch_size=BATCH),
            "finding": lambda: (self.finder.predict(doc) for doc in docs),
            "toponyms": lambda: (read_toponyms(a, nlp=self.nlp) for a in articles),
            "extract": lambda: extract_many(articles, nlp=self.nlp),
        }
        start = time.process_time()
        _drain(work[name]())
        return time.process_time() - start


def _drain(items: Iterable[object]) -> None:
    for _ in items:
        pass


def measure(articles: list[Article], *, rounds: int) -> dict[str, list[float]]:
    """Time each way once a round, each round starting with another."""
    ways = Ways(articles)
    for name in NAMES:
        ways.run(name, WARM_UP)
    seconds: dict[str, list[float]] = {name: [] for name in NAMES}
    for number in range(rounds):
        first = number % len(NAMES)
        for name in NAMES[first:] + NAMES[:first]:
            seconds[name].append(ways.run(name))
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
