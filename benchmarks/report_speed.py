"""Time the report: reading, merging, counting, the page, its size, peak memory, to 100,000 events.

``python benchmarks/report_speed.py [--sizes 1000 10000 100000]``. The events are those of
``map_speed.py``: ten an article, each with a sentence, a place, a day and a speaker, saved as JSON
lines. Seconds are processor time, of one core; ``all`` and the memory are those of ``geomap
report`` on that file. Each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from map_speed import extractions

from geomap.collecting import collecting_later
from geomap.contract import read_extractions, write_extractions
from geomap.events.merge import merge_events
from geomap.report_page import figures_of, report_html


def measure(count: int) -> None:
    """Print one row."""
    with tempfile.TemporaryDirectory() as folder:
        file, page = Path(folder) / "extraction.jsonl", Path(folder) / "report.html"
        write_extractions(extractions(count), file)
        with collecting_later():
            stages = staged(file)
        command = [sys.executable, "-m", "geomap", "report", str(file), "-o", str(page)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = page.stat().st_size / 1e6
    shown = " | ".join(f"{seconds:.1f}" for seconds in (*stages, used.ru_utime + used.ru_stime))
    print(f"| {count:,} | {shown} | {size:.2f} | {used.ru_maxrss / 1e6:.2f} |", flush=True)


def staged(file: Path) -> list[float]:
    """Give the seconds of each stage."""
    moments = [time.process_time()]
    rows = list(read_extractions(file))
    moments.append(time.process_time())
    merged = merge_events(rows)
    moments.append(time.process_time())
    figures = figures_of(rows, merged=merged)
    moments.append(time.process_time())
    report_html(figures)
    moments.append(time.process_time())
    return [end - start for start, end in pairwise(moments)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--one", type=int, help="One size, in this process.")
    wanted = parser.parse_args()
    if wanted.one:
        measure(wanted.one)
        return
    heads = ("events", "reading s", "merging s", "counting s", "page s", "all s", "MB", "peak GB")
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|", flush=True)
    for size in wanted.sizes:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)  # noqa: S603 - itself


if __name__ == "__main__":
    main()
