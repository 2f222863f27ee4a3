"""How far a second reader agrees with the gold of the sets that nothing is fitted on.

    python benchmarks/second_reader.py

Somebody who saw neither the gold nor geomap's answers read the locked and the sealed dispatches and
those set aside of wires and briefs, by the guide of ``docs/seeds.md``, and noted their events
(``benchmarks/second_reader``, a file a set, the format of ``events.jsonl`` without points). They
are matched with the gold one to one as ``geomap evaluate`` matches what is extracted: the type is
equal and one place lies within ``max(25 km, radius_km)``; where the gold draws none, the triggers
overlap. A name has the point that the gold gives it in that text. Prints aggregates only.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gold_triggers import is_held_out

from geomap.events.taxonomy import CORE_TYPES
from geomap.score import read_gold
from geomap.score.matching import assign, distance_km, tolerance_km

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geomap.score.gold import GoldDocument, GoldEvent

ROOT = Path(__file__).parents[1]
QUALITY = ROOT / "tests" / "quality"
READ = Path(__file__).parent / "second_reader"
SETS = {"locked": ("locked",), "sealed": ("sealed",), "aside": ("wires", "briefs")}
# Among equals first those whose triggers overlap.
APART = 1_000_000
_ARTICLES = ("the ", "a ", "an ")

Row = dict[str, Any]
Points = dict[str, tuple[float, float]]


def documents(name: str) -> Iterator[tuple[str, GoldDocument]]:
    """Give the documents of a set under the names that the reader had."""
    for folder in SETS[name]:
        for gold in read_gold(QUALITY / folder / "gold").documents:
            if name != "aside":
                yield gold.doc, gold
            elif is_held_out(folder, gold.doc):
                yield f"{gold.doc}-{folder}", gold


def rows_of(name: str) -> dict[str, list[Row]]:
    """Read what the reader noted, by document."""
    found: dict[str, list[Row]] = {}
    for line in (READ / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["doc"], []).append(row)
    return found


def points_of(gold: GoldDocument) -> Points:
    """Give the points of the names in a text, in lower case."""
    points: Points = {}
    for toponym in gold.toponyms or ():
        if toponym.lat is not None and toponym.lon is not None:
            for name in (toponym.text, toponym.place or toponym.text):
                points.setdefault(name.lower(), (toponym.lon, toponym.lat))
    return points


def point_of(name: str, points: Points) -> tuple[float, float] | None:
    """Give the point of a name, else of one that holds it or that it holds."""
    plain = name.lower().removeprefix("the ")
    if plain in points:
        return points[plain]
    return next((at for other, at in points.items() if other in plain or plain in other), None)


def cost(gold: GoldEvent, row: Row, points: Points) -> int | None:
    """Give how badly an event of the gold and one of the reader fit; ``None`` when not at all."""
    if gold.type != row["type"]:
        return None
    overlap = gold.start < row["end"] and row["start"] < gold.end
    if not gold.placed:
        return 0 if overlap else None
    named = [point_of(place["place"], points) for place in row["places"]]
    apart = [
        km
        for at in named
        for place in gold.places
        if at is not None and place.lat is not None and place.lon is not None
        if (km := distance_km(*at, place.lon, place.lat)) <= tolerance_km(place.radius_km)
    ]
    return (not overlap) * APART + round(min(apart) * 1000) if apart else None


def same_speaker(gold: str | None, said: str | None) -> bool:
    """Tell whether two readers name the same speaker: equal, or one name holds the other."""
    one, other = _plain(gold), _plain(said)
    return one == other or bool(one and other and (one in other or other in one))


def _plain(name: str | None) -> str:
    text = (name or "").lower().strip()
    return next((text.removeprefix(a) for a in _ARTICLES if text.startswith(a)), text)


def counted(name: str) -> dict[str, list[int]]:
    """Count the matched events, those noted and those of the gold, and the agreeing attributes."""
    rows, counts = rows_of(name), {"core": [0, 0, 0], "all": [0, 0, 0], "attributes": [0, 0, 0, 0]}
    for doc, gold in documents(name):
        points, noted, events = points_of(gold), rows.get(doc, []), gold.events or ()
        costs = {
            (i, j): value
            for i, event in enumerate(events)
            for j, row in enumerate(noted)
            if (value := cost(event, row, points)) is not None
        }
        pairs = assign(costs)
        for kinds, count in ((set(CORE_TYPES), counts["core"]), (None, counts["all"])):
            count[0] += sum(kinds is None or events[i].type in kinds for i in pairs)
            count[1] += sum(kinds is None or row["type"] in kinds for row in noted)
            count[2] += sum(kinds is None or event.type in kinds for event in events)
        for i, j in pairs.items():
            for place, agrees in enumerate(agreements(events[i], noted[j])):
                counts["attributes"][place] += agrees
    return counts


def agreements(gold: GoldEvent, row: Mapping[str, Any]) -> tuple[bool, bool, bool, bool]:
    """Tell whether factuality, date, speaker and geometry are the same."""
    date = None if row["date"] is None else dt.date.fromisoformat(row["date"])
    return (
        gold.factuality == row["factuality"],
        gold.date == date,
        same_speaker(gold.attribution, row["attribution"]),
        gold.geometry == row["geometry"],
    )


def main() -> None:
    """Print a table."""
    print(
        f"{'':8}{'core F1':>9}{'all F1':>9}{'factual':>9}{'date':>7}{'speaker':>9}{'geometry':>10}"
    )
    for name in SETS:
        counts = counted(name)
        core, everything = (2 * m / (n + g) for m, n, g in (counts["core"], counts["all"]))
        matched = counts["all"][0]
        factual, date, speaker, geometry = (n / matched for n in counts["attributes"])
        print(
            f"{name:8}{core:9.3f}{everything:9.3f}{factual:9.3f}{date:7.3f}{speaker:9.3f}{geometry:10.3f}"
        )


if __name__ == "__main__":
    main()
