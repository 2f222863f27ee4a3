"""Look-ups and scans: geomap against a pandas table, a dictionary, and Aho-Corasick.

    pip install pyahocorasick pandas && python benchmarks/lookup.py

Each kind runs in processes of its own, in turns with the others, and each figure is the best of
its turns: on shared cores another program may slow one down, none speeds one up. Times are of the
processor. Start-up is all from an interpreter without geomap until the first answer and the first
scan; memory is the growth of the resident set until after the scan of a million words.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = 3000
WORDS = 1_000_000
TURNS = 3
KINDS = ("geomap", "pandas", "ahocorasick")
SHORT = "Troops left Kryvyi Rih for Odesa."


def resident_mb() -> float:
    """Give the largest resident set so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_task(path: Path) -> None:
    """Draw names to look up and a text with one name in sixteen words, the same each time."""
    from geomap.gazetteer import open_gazetteer  # noqa: PLC0415 - in a process of its own
    from geomap.lexicons import words  # noqa: PLC0415 - same

    draw = random.Random(4)  # noqa: S311 - no secret
    with open_gazetteer() as gazetteer:
        names = [p.name for p in gazetteer.places() if p.feature_class == "P"]
    plain = sorted(words("english_words"))
    tokens = [
        draw.choice(names) if n % 16 == 0 else draw.choice(plain) + (". The" if n % 19 == 0 else "")
        for n in range(WORDS)
    ]
    task = {"names": draw.sample(names, ROUNDS), "text": " ".join(tokens)}
    path.write_text(json.dumps(task), encoding="utf-8")


def median_us(find: Any, names: list[str]) -> float:
    """Give the median time of a warm look-up in microseconds."""
    times = []
    for warm in (False, True):
        for name in names:
            start = time.process_time_ns()
            find(name)
            if warm:
                times.append((time.process_time_ns() - start) / 1000)
    return statistics.median(times)


def measure(kind: str, names: list[str], text: str) -> dict[str, float | None]:
    """Measure one of the kinds in this process."""
    before, start = resident_mb(), time.process_time()
    find, scan = {"geomap": geomap, "pandas": pandas, "ahocorasick": ahocorasick}[kind]()
    find("Kyiv")
    if scan is not None:
        scan(SHORT)
    ready, speed = time.process_time() - start, None
    if scan is not None:
        count, start = len(text.split()), time.process_time()
        scan(text)
        speed = count / (time.process_time() - start)
    grown = resident_mb() - before
    return {"ready_s": ready, "mb": grown, "us": median_us(find, names), "words_s": speed}


def geomap() -> tuple[Any, Any]:
    """Give our own look-up and scan."""
    from geomap.gazetteer import open_gazetteer, scan  # noqa: PLC0415 - measured

    gazetteer = open_gazetteer()
    return gazetteer.find, lambda text: scan(text, gazetteer=gazetteer)


def _rows() -> list[tuple[Any, ...]]:
    from geomap.gazetteer import open_gazetteer  # noqa: PLC0415 - measured

    sql = "SELECT n.key, p.name, p.lat, p.lon FROM name n JOIN place p ON p.id = n.place"
    return open_gazetteer().files[0].execute(sql).fetchall()


def pandas() -> tuple[Any, Any]:
    """Give the look-up in a table with a dictionary of groups; it has no scan."""
    import pandas as pd  # noqa: PLC0415 - measured

    from geomap.gazetteer import key  # noqa: PLC0415 - measured

    table = pd.DataFrame(_rows(), columns=["key", "name", "lat", "lon"])
    groups = table.groupby("key").indices

    def find(name: str) -> object:
        found = groups.get(key(name))
        return None if found is None else table.iloc[found]

    return find, None


def ahocorasick() -> tuple[Any, Any]:
    """Give the look-up and scan of an automaton of all keys, which knows no word boundaries."""
    import ahocorasick as aho  # noqa: PLC0415 - measured

    from geomap.gazetteer import key  # noqa: PLC0415 - measured

    automaton = aho.Automaton()
    for row in _rows():
        automaton.add_word(row[0], row[0])
    automaton.make_automaton()

    def find(name: str) -> object:
        return automaton.get(key(name), None)

    return find, lambda text: sum(1 for _ in automaton.iter(text.lower()))


def best(turns: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the best of each figure: most words a second, least of all others."""
    figures = {name: min(turn[name] for turn in turns) for name in ("ready_s", "mb", "us")}
    speeds = [turn["words_s"] for turn in turns if turn["words_s"]]
    return {**figures, "words_s": max(speeds, default=None)}


def show(kind: str, figures: dict[str, Any], own: dict[str, Any]) -> None:
    """Print one line, with the ratios to geomap's."""
    line = f"{kind:12} ready {figures['ready_s']:6.3f} s"
    line += f" ({_ratio(figures, own, 'ready_s')})  {figures['mb']:5.0f} MB"
    line += f"  look-up p50 {figures['us']:6.1f} µs ({_ratio(figures, own, 'us')})"
    if figures["words_s"]:
        ratio = _ratio(figures, own, "words_s")
        line += f"  scan {figures['words_s']:10,.0f} words/s ({ratio})"
    print(line)


def _ratio(figures: dict[str, Any], own: dict[str, Any], name: str) -> str:
    return f"{figures[name] / own[name]:.2f}x"


def _in_a_process(*arguments: str) -> str:
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - ourselves


def main() -> None:
    """Run all in turns and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        task = str(Path(folder) / "task.json")
        _in_a_process("task", task)
        turns: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
        for _ in range(TURNS):
            for kind in KINDS:
                turns[kind].append(json.loads(_in_a_process(kind, task)))
    own = best(turns["geomap"])
    for kind in KINDS:
        show(kind, best(turns[kind]), own)


if __name__ == "__main__":
    if sys.argv[1:2] == ["task"]:
        write_task(Path(sys.argv[2]))
    elif len(sys.argv) > 1:
        given = json.loads(Path(sys.argv[2]).read_text("utf-8"))
        print(json.dumps(measure(sys.argv[1], given["names"], given["text"])))
    else:
        main()
