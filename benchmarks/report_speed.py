"""Time the report: merging, counting, the page, its size, peak memory, at 1,000 to 100,000 events.

``python benchmarks/report_speed.py [--sizes 1000 10000 100000]``. The events are those of
``map_speed.py``: ten an article, each with a sentence, a place, a day and a speaker. Seconds are
processor time, of one core. Each size runs in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

from map_speed import extractions

from geomap.events.merge import merge_events
from geomap.report_page import figures_of, report_html


def measure(count: int) -> None:
    """Print one row."""
    rows = extractions(count)
    start = time.process_time()
    merged = merge_events(rows)
    merging = time.process_time() - start
    figures = figures_of(rows, merged=merged)
    counting = time.process_time() - start - merging
    html = report_html(figures)
    writing = time.process_time() - start - merging - counting
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"| {count:,} | {merging:.1f} | {counting:.1f} | {writing:.1f} | "
        f"{len(html.encode()) / 1e6:.2f} | {peak:.2f} |",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--one", type=int, help="One size, in this process.")
    wanted = parser.parse_args()
    if wanted.one:
        measure(wanted.one)
        return
    print(
        "| events | merging s | counting s | page s | MB | peak GB |\n|---|---|---|---|---|---|",
        flush=True,
    )
    for size in wanted.sizes:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)  # noqa: S603 - itself


if __name__ == "__main__":
    main()
