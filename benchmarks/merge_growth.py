"""Seconds and memory of merging events of many articles, from 10,000 to a million.

    python benchmarks/merge_growth.py
    python benchmarks/merge_growth.py --sizes 10000 100000 --density news
    python benchmarks/merge_growth.py --sizes 100000 --compare-h3

Reports are made from the places of the built-in gazetteer: an incident has a type, a place, a day,
a side and now and then a kind, and is told by some articles (1 to 30, as a power law), by some with
a neighbouring village or without the side. Two densities: `news`, the days grow with the events
(2,000 reports a day, as of a stream); `one-month`, all of them in 30 days (a corpus of one war).
Each size runs in a process of its own, so that the peak of its memory is its own. Then 1,000
reports of earlier days arrive one article at a time, and the result is held against merging all
at once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.events import clusters
from geomap.events.blocks import blocks_around, blocks_of, days_of
from geomap.events.clusters import Clusters
from geomap.events.merge import merged_from
from geomap.events.reports import Key, Report, Spot
from geomap.gazetteer import open_gazetteer
from geomap.records import Attribution, DateRange

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
FIRST_DAY = dt.date(2022, 2, 24).toordinal()
REPORTS_A_DAY = 2_000
DAYS_OF_A_MONTH = 30
TYPES = ("strike", "explosion", "battle", "encirclement", "corridor", "evacuation", "talks")
WEIGHTS = (50, 10, 20, 5, 5, 5, 5)
SPEAKERS = tuple(
    Attribution(organisation=f"staff {number}", side="UA", verb="say") for number in range(40)
)
LATE = 1_000


@functools.cache
def spots() -> list[list[Spot]]:
    """Give populated places by country, each list in the order of latitude: neighbours are near."""
    with open_gazetteer() as gazetteer:
        found: dict[str, list[Spot]] = {}
        for place in gazetteer.places():
            if place.feature_class == "P" and place.country:
                spot = Spot(place.id, place.name, place.lon, place.lat, place.radius_km, False)  # noqa: FBT003
                found.setdefault(place.country, []).append(spot)
    return [sorted(found[c], key=lambda s: s.lat) for c in ("UA", "SY", "SD", "RU", "IL", "MM")]


def reports(count: int, *, density: str, seed: int = 1) -> Iterator[Report]:
    """Make reports, in no order; the same for one seed."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    places = spots()
    days = DAYS_OF_A_MONTH if density == "one-month" else max(count // REPORTS_A_DAY, 1)
    made = 0
    while made < count:
        country = draw.choices(places, (40, 15, 15, 10, 10, 10))[0]
        # The front and the capital are told of most.
        at = min(int(draw.paretovariate(0.7) * 20), len(country) - 1)
        day, kind = FIRST_DAY + draw.randrange(days), draw.choices(TYPES, WEIGHTS)[0]
        side, subtype = draw.choice((None, "RU", "UA")), draw.choice((None, "missile", "drone"))
        for _ in range(min(int(draw.paretovariate(1.2)), 30)):
            yield _report(made, country, (at, day, kind, side, subtype), draw)
            made += 1
            if made == count:
                return


def _report(number: int, country: list[Spot], incident: Any, draw: random.Random) -> Report:
    at, day, kind, side, subtype = incident
    spot = country[at if draw.random() < 0.8 else max(0, at - draw.randint(1, 3))]  # noqa: PLR2004
    date = dt.date.fromordinal(day)
    late = draw.choice((0, 0, 0, 1, 1, 2))
    return Report(
        # Three events an article, as in the dispatches.
        key=Key(day + late, f"article-{draw.randrange(max(number // 3, 1)):07}", "", number),
        event=f"e{number}",
        source=f"paper {draw.randrange(500)}",
        type=kind,
        subtype=subtype if draw.random() < 0.5 else None,  # noqa: PLR2004
        factuality="denied" if draw.random() < 0.03 else "claimed",  # noqa: PLR2004
        attribution=draw.choice(SPEAKERS) if draw.random() < 0.7 else None,  # noqa: PLR2004
        date=DateRange(start=date, end=date + dt.timedelta(draw.choice((0, 0, 0, 0, 1, 6))),
                       precision="day"),
        places=(("at", spot),),
        doers=frozenset([side] if side and draw.random() < 0.6 else []),  # noqa: PLR2004
        trigger=(number, number + 6),
        geometry={"type": "Point", "coordinates": [spot.lon, spot.lat]},
        uncertainty_km=spot.radius_km,
        confidence=round(draw.uniform(0.2, 0.95), 3),
    )  # fmt: skip


def peak_mb() -> float:
    """Give the peak memory of the process (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(count: int, *, density: str) -> dict[str, Any]:
    """Merge so many reports at once, then a thousand that arrive late, one by one."""
    made = list(reports(count, density=density))
    before = peak_mb()
    start = time.process_time()
    held = Clusters(made)
    clustered = time.process_time() - start
    merged = merged_from(held)
    seconds = time.process_time() - start
    row = {
        "events": count,
        "merged": len(merged),
        "clusters_s": round(clustered, 2),
        "merge_s": round(seconds, 2),
        "us_per_event": round(1e6 * seconds / count, 1),
        "reports_mb": round(before),
        "peak_mb": round(peak_mb()),
    }
    late = list(reports(count + LATE, density=density, seed=2))[-LATE:]
    start = time.process_time()
    for report in late:
        held.add([report])
    row["late_us"] = round(1e6 * (time.process_time() - start) / LATE, 1)
    expected = list(Clusters([*made, *late]))
    row["late_same"] = list(held) == expected
    return row


def compare_h3(count: int, *, density: str) -> None:
    """Cluster the same reports in blocks of the plain grid and of H3 (pip install h3)."""
    made = list(reports(count, density=density))
    h3_of, h3_around = _h3_blocks()
    for name, of, around in (("grid", blocks_of, blocks_around), ("H3", h3_of, h3_around)):
        clusters.blocks_of, clusters.blocks_around = of, around
        asked = sum(1 for report in made for _ in around(report))
        start = time.process_time()
        found = len(Clusters(made))
        seconds = time.process_time() - start
        print(
            f"{name:<5}{asked / count:>7.2f} blocks a report, {1e6 * seconds / count:>6.1f} µs "
            f"a report, {found:,} clusters"
        )


def _h3_blocks() -> tuple[Any, Any]:
    import h3  # noqa: PLC0415 - for this comparison only

    @functools.lru_cache(maxsize=100_000)
    def ring(spot: Spot) -> list[str]:
        # Cells of resolution 3 have edges of 69 km: one ring covers the largest tolerance, 40 km.
        return h3.grid_disk(h3.latlng_to_cell(spot.lat, spot.lon, 3), 1)

    def of(report: Report) -> list[Any]:
        cells = [h3.latlng_to_cell(spot.lat, spot.lon, 3) for _, spot in report.places]
        return [(report.type, day, cell) for day in days_of(report.date) for cell in cells]

    def around(report: Report) -> Iterator[Any]:
        cells = dict.fromkeys(cell for _, spot in report.places for cell in ring(spot))
        return ((report.type, day, cell) for day in days_of(report.date) for cell in cells)

    return of, around


def main() -> None:
    """Run each size in a process of its own and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--density", choices=("news", "one-month"), default="news")
    parser.add_argument("--compare-h3", action="store_true")
    parser.add_argument("--json", type=Path, help="write the rows there")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.compare_h3:
        compare_h3(options.sizes[0], density=options.density)
        return
    if options.one:
        print(json.dumps(measure(options.sizes[0], density=options.density)))
        return
    rows: list[dict[str, Any]] = []
    for size in options.sizes:
        command = [sys.executable, __file__, "--one", "--sizes", str(size),
                   "--density", options.density]  # fmt: skip
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        row = json.loads(done.stdout)
        if not rows:
            print("".join(f"{name:>14}" for name in row))
        rows.append(row)
        print("".join(f"{value!s:>14}" for value in row.values()), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
