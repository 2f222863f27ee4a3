"""Whether the areas drawn for relative places hold the points that were found on the ground.

Takes geolocated descriptions in the format of the toponym corpora, whose
coordinates are those of what is described ("Artillery impacts south of X").
Usage: python benchmarks/covered.py corpus.jsonl…
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from shapely.geometry import Point, shape

from geomap import Article, extract, load_pipeline
from geomap.geometry import distance_km


def main() -> None:
    """Print one line a phrase, then how many areas and radii hold their point."""
    nlp = load_pipeline()
    counts: Counter[str] = Counter()
    rows = [
        json.loads(line)
        for path in sys.argv[1:]
        for line in Path(path).read_text(encoding="utf-8").split("\n")
        if line
    ]
    for row in rows:
        points = [(t["lon"], t["lat"]) for t in row["toponyms"] if t["lat"] is not None]
        found = extract(Article(id=row["id"], text=row["text"]), nlp=nlp).relative_places
        for place in found if points else ():
            counts["phrases"] += 1
            if place.geometry is None:
                continue
            far = distance_km(place.lon, place.lat, *points[0])
            covered = shape(place.geometry).contains(Point(points[0]))
            counts["drawn"] += 1
            counts["in the area"] += covered
            counts["within the radius"] += far <= place.uncertainty_km
            radius = f"±{place.uncertainty_km:.0f} km"
            print(f"{place.text}: {covered}, {far:.0f} km from its middle, {radius}")
    print(dict(counts))


if __name__ == "__main__":
    main()
