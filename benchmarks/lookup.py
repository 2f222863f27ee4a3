"""Look-ups and scans: geomap against a pandas table, a dictionary, and Aho-Corasick.

    pip install pyahocorasick pandas && python benchmarks/lookup.py

Each figure is a median in one run of one process, with its ratio to geomap's. Start-up is the
time until the first answer; memory is the growth of the resident set until then.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

ROUNDS = 3000
WORDS = 1_000_000


def resident_mb() -> float:
    """Give the largest resident set so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def names_and_text() -> tuple[list[str], str]:
    """Draw names to look up and a text with one name in sixteen words, the same each time."""
    from geomap.gazetteer import open_gazetteer  # noqa: PLC0415 - measured by the caller
    from geomap.lexicons import words  # noqa: PLC0415 - same

    draw = random.Random(4)  # noqa: S311 - no secret
    with open_gazetteer() as gazetteer:
        names = [p.name for p in gazetteer.places() if p.feature_class == "P"]
    plain = sorted(words("english_words"))
    tokens = [
        draw.choice(names) if n % 16 == 0 else draw.choice(plain) + (". The" if n % 19 == 0 else "")
        for n in range(WORDS)
    ]
    return draw.sample(names, ROUNDS), " ".join(tokens)


def median_us(find: object, names: list[str]) -> float:
    """Give the median time of a warm look-up in microseconds."""
    times = []
    for warm in (False, True):
        for name in names:
            start = time.perf_counter()
            find(name)  # type: ignore[operator]
            if warm:
                times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times)


def run(kind: str) -> None:
    """Measure one of the kinds and print its line."""
    from geomap.gazetteer import key, open_gazetteer, scan  # noqa: PLC0415

    names, text = names_and_text()
    count = len(text.split())
    before, start = resident_mb(), time.perf_counter()
    gazetteer = open_gazetteer()
    speed = None
    if kind == "geomap":
        find = gazetteer.find
        find("Kyiv")
        ready = time.perf_counter() - start
        start = time.perf_counter()
        scan(text, gazetteer=gazetteer)
        speed = count / (time.perf_counter() - start)
    else:
        sql = "SELECT n.key, p.name, p.lat, p.lon FROM name n JOIN place p ON p.id = n.place"
        rows = gazetteer.files[0].execute(sql).fetchall()
        if kind == "pandas":
            import pandas as pd  # noqa: PLC0415 - only where measured

            table = pd.DataFrame(rows, columns=["key", "name", "lat", "lon"])
            groups = table.groupby("key").indices

            def find(name: str) -> object:
                found = groups.get(key(name))
                return None if found is None else table.iloc[found]
        else:
            import ahocorasick  # noqa: PLC0415 - only where measured

            automaton = ahocorasick.Automaton()
            for row in rows:
                automaton.add_word(row[0], row[0])
            automaton.make_automaton()
            find = lambda name: automaton.get(key(name), None)  # noqa: E731 - one line says it
        find("Kyiv")
        ready = time.perf_counter() - start
        if kind == "ahocorasick":
            start = time.perf_counter()
            sum(1 for _ in automaton.iter(text.lower()))
            speed = count / (time.perf_counter() - start)
    figures = {"ready_s": ready, "mb": resident_mb() - before, "us": median_us(find, names)}
    print(json.dumps({"kind": kind, **figures, "words_s": speed}))


def show(figures: dict[str, Any], own: dict[str, Any]) -> None:
    """Print one line, with the ratios to geomap's."""
    line = f"{figures['kind']:12} ready {figures['ready_s']:6.3f} s"
    line += f" ({_ratio(figures, own, 'ready_s')})  {figures['mb']:5.0f} MB"
    line += f"  look-up p50 {figures['us']:6.1f} µs ({_ratio(figures, own, 'us')})"
    if figures["words_s"]:
        ratio = _ratio(figures, own, "words_s")
        line += f"  scan {figures['words_s']:10,.0f} words/s ({ratio})"
    print(line)


def _ratio(figures: dict[str, Any], own: dict[str, Any], name: str) -> str:
    return f"{figures[name] / own[name]:.2f}x"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(sys.argv[1])
    else:
        own: dict[str, Any] = {}
        for one in ("geomap", "pandas", "ahocorasick"):
            # A process each, so that memory and caches are its own.
            said = subprocess.run(  # noqa: S603 - ourselves
                [sys.executable, __file__, one], check=True, capture_output=True, text=True
            ).stdout
            found = json.loads(said)
            own = own or found
            show(found, own)
