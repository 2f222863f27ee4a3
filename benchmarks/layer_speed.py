"""Measure how long 100,000 events take in every format of layers, and in how much memory.

    python benchmarks/layer_speed.py [--events 100000]

Events are points, lines and rings in the proportions of news (8 : 1 : 1), ten an article.
Prints a table; exits with 1 when the whole takes over 60 s or 1.5 GB.
"""

from __future__ import annotations

import argparse
import dataclasses
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from samples import event, extracted

from geomap.geometry import point, ring
from geomap.layers import FORMATS, tables_of, write_layers
from geomap.palette import EVENT_COLOURS

MOST_SECONDS, MOST_GB = 60.0, 1.5
PER_ARTICLE = 10


def _articles(count: int) -> list:
    kinds = list(EVENT_COLOURS)
    made = []
    for number in range(count // PER_ARTICLE):
        lon, lat = 22 + number % 180 / 10, 45 + number // 180 % 70 / 10
        shapes = [point(lon + n / 100, lat) for n in range(8)]
        shapes += [ring(lon, lat, radius_km=10), event().geometry]
        told = tuple(
            event(id=f"e{n}", type=kinds[(number + n) % len(kinds)], geometry=shape)
            for n, shape in enumerate(shapes)
        )
        article = dataclasses.replace(extracted().article, id=f"a{number}")
        made.append(extracted(article=article, events=told))
    return made


def _peak_gb() -> float:
    # Kilobytes on Linux.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    count = parser.parse_args().events
    articles = _articles(count)
    print(f"{count} events in {len(articles)} articles, {_peak_gb():.2f} GB before")
    start = time.perf_counter()
    tables = tables_of(articles)
    print(f"{'tables':12} {time.perf_counter() - start:6.1f} s  {_peak_gb():.2f} GB")
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMATS:
            begun = time.perf_counter()
            write_layers(tables, folder, formats=[name])
            took = time.perf_counter() - begun
            size = sum((Path(folder) / file).stat().st_size for file in FORMATS[name].files)
            print(f"{name:12} {took:6.1f} s  {_peak_gb():.2f} GB  {size / 1e6:8.1f} MB written")
    total, peak = time.perf_counter() - start, _peak_gb()
    good = total <= MOST_SECONDS and peak < MOST_GB
    print(f"{'all':12} {total:6.1f} s  {peak:.2f} GB  {'good' if good else 'TOO MUCH'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
