"""Seconds and memory per 1,000 articles, from the first to the last: both must stay as they are.

    python benchmarks/growth_articles.py --articles 20000 --paragraphs 2 --json build/growth.json
    python benchmarks/growth_articles.py articles.jsonl --every 100
    python benchmarks/growth_articles.py --words 300000

Articles are generated while it runs (benchmarks/generate_articles.py) or read from files, go
through geomap.extract_many one after the other, and are let go. A row for each 1,000: processor
seconds per 1,000 words of the process (other work on the machine disturbs them least), the
resident memory after it, and what may grow: spaCy's strings and lexemes. With --words: what a word
that spaCy never met costs in memory.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap import extract_many, load_pipeline, read_articles

sys.path.insert(0, str(Path(__file__).parent))
from generate_articles import generate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geomap.records import Article

_PAGE_KB = 4


def resident_mb() -> float:
    """Give the memory that the process holds now, from /proc (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_KB / 1024


class Counted:
    """Articles as they pass, and their words."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles, self.words = articles, 0

    def __iter__(self) -> Iterator[Article]:
        """Give the articles, counting."""
        for article in self.articles:
            self.words += len(article.text.split())
            yield article


def measure(articles: Iterable[Article], *, every: int) -> Iterator[dict[str, Any]]:
    """Extract from articles and give a row for each so many."""
    nlp = load_pipeline()
    counted = Counted(articles)
    start, wall, words, events = time.process_time(), time.perf_counter(), 0, 0
    faults: list[str] = []
    found = extract_many(counted, nlp=nlp, on_fault=lambda a, err: faults.append(f"{a.id}: {err}"))
    for number, extracted in enumerate(found, 1):
        events += len(extracted.events)
        if number % every:
            continue
        seconds = time.process_time() - start
        yield {
            "articles": number,
            "words": counted.words - words,
            "events": events,
            "cpu_s": round(seconds, 2),
            "wall_s": round(time.perf_counter() - wall, 2),
            "cpu_s_per_1000_words": round(1000 * seconds / (counted.words - words), 4),
            "resident_mb": round(resident_mb(), 1),
            "strings": len(nlp.vocab.strings),
            "lexemes": len(nlp.vocab),
            "objects": len(gc.get_objects()),
            "faults": len(faults),
        }
        start, wall, words, events = time.process_time(), time.perf_counter(), counted.words, 0


def bytes_a_word(count: int) -> float:
    """Give what a new word takes in spaCy's vocabulary, by making so many."""
    nlp = load_pipeline()
    before, known = resident_mb(), len(nlp.vocab)
    for start in range(0, count, 1000):
        nlp.make_doc(" ".join(f"w{number}x" for number in range(start, start + 1000)))
    return (resident_mb() - before) * 1024**2 / (len(nlp.vocab) - known)


def verdict(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Compare the last quarter with the second: the first one warms up.

    Returns
    -------
    dict
        ``cost`` is the ratio of processor seconds per word; ``mb_per_1000_articles``
        the slope of the resident memory between the two.
    """
    quarter = max(len(rows) // 4, 1)
    second, last = rows[quarter : 2 * quarter] or rows[-1:], rows[-quarter:]

    def middle(part: list[dict[str, Any]], name: str) -> float:
        return statistics.median(row[name] for row in part)

    apart = middle(last, "articles") - middle(second, "articles")
    grown = middle(last, "resident_mb") - middle(second, "resident_mb")
    cost = middle(last, "cpu_s_per_1000_words") / middle(second, "cpu_s_per_1000_words")
    return {
        "cost": round(cost, 3),
        "mb_per_1000_articles": round(1000 * grown / apart, 3) if apart else 0.0,
    }


def main() -> None:
    """Run and print the table as it grows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", nargs="*", help="files, as for geomap extract; else generated")
    parser.add_argument("--articles", type=int, default=20_000, help="how many to generate")
    parser.add_argument("--paragraphs", type=int, default=2, help="of a generated one")
    parser.add_argument("--every", type=int, default=1_000)
    parser.add_argument("--json", type=Path, help="write the rows there")
    parser.add_argument("--words", type=int, help="measure the memory of so many new words only")
    options = parser.parse_args()
    if options.words:
        print(f"{bytes_a_word(options.words):.0f} bytes a word")
        return
    articles = (
        read_articles(options.inputs, on_fault=lambda _fault: None)
        if options.inputs
        else generate(options.articles, paragraphs=options.paragraphs)
    )
    rows: list[dict[str, Any]] = []
    for row in measure(articles, every=options.every):
        if not rows:
            print("".join(f"{name:>22}" for name in row))
        rows.append(row)
        print("".join(f"{value:>22,}" for value in row.values()), flush=True)
    result = verdict(rows)
    print(
        f"last quarter against the second: cost {result['cost']:.3f}x, "
        f"memory {result['mb_per_1000_articles']:+.2f} MB per 1,000 articles"
    )
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({"rows": rows, **result}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
