"""Seconds for merging one more article into a store, against merging all of it anew.

    python benchmarks/merge_increments.py
    python benchmarks/merge_increments.py --sizes 2500 20000 --density one-month --rounds 40

Events are those of merge_growth.py, three an article, put into a store without extraction. Each
size runs in a process of its own. `anew` is what every run cost before the store kept its clusters:
reading all articles back, clustering, writing. Then articles come one at a time (`late`: of any day
of the store; `latest`: of its last day, as news does), each with a `finish()` in a store opened anew,
and go again (`gone`); medians. `copies` is the search for copies in that call, for `late`. In the end
the store is merged anew, and nothing in it may change.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.append(str(Path(__file__).parent))

from merge_growth import reports

from geomap.records import (
    Actor,
    Article,
    Event,
    ExtractedArticle,
    Place,
    PlaceArgument,
    Provenance,
    Sentence,
    Toponym,
    Trigger,
)
from geomap.store import merging, open_store, pack
from geomap.store.adding import add_article, drop_articles, source_key
from geomap.store.copies import find_copies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomap.events.reports import Report, Spot
    from geomap.store import Store
    from geomap.store.packing import Packed

SIZES = (2_500, 5_000, 10_000, 20_000)
EVENTS_AN_ARTICLE = 3
LATE_SEED = 2
MADE = Provenance(version="0", gazetteer="", model="", settings_sha256="0" * 64, worldview="")
TABLES = ("stored_merges", "stored_merge_claims", "stored_merge_members", "stored_blocks",
          "stored_reports")  # fmt: skip


def articles(count: int, *, density: str, seed: int = 1) -> Iterator[ExtractedArticle]:
    """Make articles with three events each; the same for one seed."""
    made = sorted(
        reports(count * EVENTS_AN_ARTICLE, density=density, seed=seed),
        key=lambda one: one.key.published,
    )
    number = 0
    for day, told in groupby(made, key=lambda one: one.key.published):
        while group := list(islice(told, EVENTS_AN_ARTICLE)):
            yield _article(f"s{seed}-{number:07}", dt.date.fromordinal(day), group)
            number += 1


def _article(name: str, day: dt.date, told: Sequence[Report]) -> ExtractedArticle:
    # Texts of their own: no article is a copy of another.
    text = " ".join(f"{name}-{word}" for word in range(40))
    spots = list(dict.fromkeys(spot for one in told for _, spot in one.places))
    return ExtractedArticle(
        article=Article(id=name, text=text, source=told[0].source, published=day, language="en"),
        toponyms=tuple(_toponym(number, spot) for number, spot in enumerate(spots)),
        events=tuple(_event(number, one, spots, text) for number, one in enumerate(told)),
        provenance=MADE,
        warnings=(),
    )


def _toponym(number: int, spot: Spot) -> Toponym:
    place = Place(id=spot.id, name=spot.name, country=None, admin1=None, lon=spot.lon, lat=spot.lat,
                  feature_class="P", feature_code="PPL", radius_km=spot.radius_km)  # fmt: skip
    return Toponym(id=number, start=0, end=5, text="Place", reading="literal", place=place,
                   confidence=0.9, reason="made", candidates=())  # fmt: skip


def _event(number: int, one: Report, spots: list[Spot], text: str) -> Event:
    return Event(
        id=f"e{number}", type=one.type, subtype=one.subtype,
        trigger=Trigger(start=number, end=number + 1, text="x"),
        sentence=Sentence(start=0, end=len(text), text=text),
        places=tuple(PlaceArgument(role=role, toponym=spots.index(s)) for role, s in one.places),
        geometry=one.geometry, geometry_method="point", uncertainty_km=one.uncertainty_km,
        date=one.date, actors=tuple(Actor(text=s, role="by", side=s) for s in one.doers),
        factuality=one.factuality, attribution=one.attribution, codes={},
        confidence=one.confidence, reason="made",
    )  # fmt: skip


def put(store: Store, packed: Sequence[Packed]) -> None:
    """Add articles in one transaction."""
    with store.transaction() as base:
        for one in packed:
            key = source_key(base, one.origin, run=1)
            add_article(base, one, source=key, run=1)


def finished(folder: str) -> tuple[float, float]:
    """Bring a store up to date; give processor seconds for copies and for merging."""
    with open_store(folder, write=True) as store:
        start = time.process_time()
        find_copies(store)
        between = time.process_time()
        merging.bring_up_to_date(store)
        return between - start, time.process_time() - between


def measure(count: int, *, density: str, rounds: int) -> dict[str, Any]:
    """Fill a store with so many articles, merge it, then let articles come and go."""
    with tempfile.TemporaryDirectory() as folder:
        coming = (
            pack(one, origin=f"/{one.article.id}") for one in articles(count, density=density)
        )
        with open_store(folder, write=True) as store:
            while chunk := list(islice(coming, 1000)):
                put(store, chunk)
        finished(folder)
        anew_s = merged_anew(folder)
        late = list(articles(count, density=density, seed=LATE_SEED))
        chosen = [late[n * len(late) // rounds] for n in range(rounds)]
        seconds: dict[str, list[float]] = {"late": [], "latest": [], "gone": [], "copies": []}
        for kind, some in (("late", chosen), ("latest", late[-rounds:])):
            for one in some:
                with open_store(folder, write=True) as store:
                    put(store, [pack(one, origin=f"/{kind}-{one.article.id}")])
                copies_s, merge_s = finished(folder)
                seconds[kind].append(merge_s)
                if kind == "late":
                    seconds["copies"].append(copies_s)
        for one in chosen:
            with open_store(folder, write=True) as store, store.transaction() as base:
                drop_articles(base, "origin = ?", (f"/late-{one.article.id}",))
            seconds["gone"].append(finished(folder)[1])
        before = contents(folder)
        merged_anew(folder)
        medians = {name: statistics.median(times) for name, times in seconds.items()}
        return {
            "articles": count,
            "events": count * EVENTS_AN_ARTICLE,
            "anew_s": round(anew_s, 2),
            **{f"{name}_ms": round(1000 * value, 2) for name, value in medians.items()},
            "late_max_ms": round(1000 * max(seconds["late"]), 1),
            "anew/late": round(anew_s / medians["late"]),
            "same": contents(folder) == before,
        }


def merged_anew(folder: str) -> float:
    """Merge all, as though nothing were kept; give processor seconds."""
    with open_store(folder, write=True) as store, store.transaction() as base:
        base.execute("DELETE FROM stored_rules")
    return finished(folder)[1]


def contents(folder: str) -> dict[str, list[Any]]:
    """Give all that merging wrote."""
    with open_store(folder) as store:
        return {
            name: sorted(map(repr, store.query(f"SELECT * FROM {name}")))  # noqa: S608 - constants
            for name in TABLES
        }


def main() -> None:
    """Run each size in a process of its own and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of articles")
    parser.add_argument("--density", choices=("news", "one-month"), default="news")
    parser.add_argument("--rounds", type=int, default=40, help="articles that come and go")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        row = measure(options.sizes[0], density=options.density, rounds=options.rounds)
        print(json.dumps(row))
        return
    for size in options.sizes:
        command = [sys.executable, __file__, "--one", "--sizes", str(size), "--density",
                   options.density, "--rounds", str(options.rounds)]  # fmt: skip
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        row = json.loads(done.stdout)
        if size == options.sizes[0]:
            print("".join(f"{name:>13}" for name in row))
        print("".join(f"{value!s:>13}" for value in row.values()), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
