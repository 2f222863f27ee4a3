"""Build an allCountries-shaped gazetteer of N million rows; time, memory, and look-ups against it.

    python benchmarks/growth.py --rows 13000000 --folder /tmp/growth

Rows are the built-in gazetteer's names, most with new endings, so that they share prefixes and
lengths with real ones; one in ten is a homonym of a real place. Figures: seconds and peak memory
of the build, median look-up in the built-in file alone and with the added one, and their ratio.
To see the effect of many homonyms without the wait: --rows 2000000 --homonyms 0.65.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
import statistics
import time
from pathlib import Path

from geomap.gazetteer import Gazetteer, open_gazetteer


def write_dump(path: Path, rows: int, *, homonyms: float) -> None:
    """Write a file in the format of allCountries.txt."""
    draw = random.Random(1)  # noqa: S311 - no secret
    with open_gazetteer() as gazetteer:
        names = [place.name for place in gazetteer.places() if place.feature_class == "P"]
    # In GeoNames about every second name is unique; here one name in ten is a known one's homonym
    # and the others end in one of 8,000 ways.
    parts = ("ka", "lo", "mi", "ren", "dov", "sha", "tur", "bel", "gan", "os", "vik", "zar", "ul",
             "pet", "na", "hor", "est", "ij", "qua", "fe")  # fmt: skip
    endings = ["".join(three) for three in itertools.product(parts, repeat=3)]
    with path.open("w", encoding="utf-8") as handle:
        for number in range(rows):
            ending = draw.choice(endings) if draw.random() >= homonyms else ""
            name = f"{draw.choice(names)}{ending}"
            other = f"{draw.choice(names)}{draw.choice(endings)},{name}a" if number % 2 else ""
            lat, lon = draw.uniform(-60, 75), draw.uniform(-180, 180)
            handle.write(
                f"{20_000_000 + number}\t{name}\t{name}\t{other}\t{lat:.5f}\t{lon:.5f}\t"
                f"P\tPPL\tUA\t\t{draw.randrange(1, 27):02}\t\t\t\t{draw.randrange(5000)}\t\t"
                "100\tEurope/Kyiv\t2024-01-01\n"
            )


def medians_us(gazetteers: list[Gazetteer], names: list[str]) -> list[float]:
    """Give each gazetteer's median over the names of the best of five look-ups, warm.

    Microseconds of processor time, the gazetteers in turns within each name: on shared cores
    another process may stand in between, and clocks change their pace.
    """
    best = [dict.fromkeys(names, float("inf")) for _ in gazetteers]
    for _ in range(5):
        for name in names:
            for gazetteer, times in zip(gazetteers, best, strict=True):
                start = time.process_time_ns()
                gazetteer.find(name)
                times[name] = min(times[name], (time.process_time_ns() - start) / 1000)
    return [statistics.median(times.values()) for times in best]


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=13_000_000)
    parser.add_argument("--homonyms", type=float, default=0.1, help="share of known names")
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["GEOMAP_DATA"] = str(options.folder)
    from geomap.gazetteer.library import added_files  # noqa: PLC0415 - reads the variable
    from geomap.gazetteer.sourcing import add_from  # noqa: PLC0415 - same

    dump = options.folder / "allCountries.txt"
    if not dump.exists():
        write_dump(dump, options.rows, homonyms=options.homonyms)
    start = time.perf_counter()
    added = add_from(str(dump), on_rows=lambda rows: print(f"{rows:,}", end="\r"))
    built = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"built {added.places:,} places, {added.names:,} names in {built:.0f} s, {memory:.0f} MB")
    print(f"file {added.path.stat().st_size / 1e9:.2f} GB")
    with open_gazetteer() as small, open_gazetteer(added=added_files()) as large:
        names = [place.name for place in small.places() if place.feature_class == "P"]
        names = random.Random(2).sample(names, 3000)  # noqa: S311 - no secret
        rows = statistics.mean(len(large.find(name, limit=500)) for name in names)
        before, after = medians_us([small, large], names)
    print(f"{rows:.0f} candidates a name with it")
    print(
        f"look-up p50 {before:.0f} µs built-in alone, {after:.0f} µs with it: {after / before:.2f}x"
    )


if __name__ == "__main__":
    main()
