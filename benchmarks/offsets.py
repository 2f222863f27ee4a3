"""How far stated distances and directions are from real ones, and whether the radius covers them.

Takes texts in the format of the toponym corpora (JSON lines with "text"), runs
the pipeline, and looks at each "X, 80 km west of Y" whose X and Y both have a
place. Usage: python benchmarks/offsets.py corpus.jsonl…
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from pathlib import Path

from geomap import Article, extract, load_pipeline
from geomap.geometry import bearing_between, distance_km

# Two towns of one name are an error of resolution, not of the text.
MOST_TIMES_OFF = 2.0
MOST_DEG_OFF = 90.0
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
STATED = re.compile(r"\b(?:km|kilomet\w+|miles?)\b")


def sentences(paths: list[str]) -> list[str]:
    """Give the sentences that state a distance, each once."""
    found = {
        sentence
        for path in paths
        for line in Path(path).read_text(encoding="utf-8").split("\n")
        if line
        for sentence in SENTENCE.split(json.loads(line)["text"])
        if STATED.search(sentence)
    }
    return sorted(found)


def main() -> None:
    """Print one line a pair, then the summary."""
    nlp = load_pipeline()
    ratios, angles, covered = [], [], []
    for number, sentence in enumerate(sentences(sys.argv[1:])):
        found = extract(Article(id=str(number), text=sentence), nlp=nlp)
        places = {t.id: t.place for t in found.toponyms}
        for one in found.relative_places:
            told = places.get(one.locates) if one.locates is not None else None
            anchor = places[one.anchors[0]] if one.anchors else None
            if one.method != "offset" or told is None or anchor is None or told == anchor:
                continue
            real = distance_km(anchor.lon, anchor.lat, told.lon, told.lat)
            angle = bearing_between(anchor.lon, anchor.lat, told.lon, told.lat)
            apart = abs((angle - one.bearing_deg + 180) % 360 - 180)
            off = distance_km(one.lon, one.lat, told.lon, told.lat)
            ratio = real / one.distance_km
            if not 1 / MOST_TIMES_OFF < ratio < MOST_TIMES_OFF or apart > MOST_DEG_OFF:
                continue
            ratios.append(ratio - 1)
            angles.append(apart)
            covered.append(off <= one.uncertainty_km + told.radius_km)
            print(
                f"{told.name}: {one.text}: {real:.0f} km, {apart:.0f}° off, {off:.0f} km away "
                f"of ±{one.uncertainty_km:.0f}"
            )
    ranked = sorted(abs(r) for r in ratios)
    print(
        f"{len(ratios)} pairs; distance off by {statistics.median(ranked):.0%} (median), "
        f"{ranked[int(0.9 * len(ranked))]:.0%} (p90); direction by "
        f"{statistics.median(angles):.0f}° (median), {sorted(angles)[int(0.9 * len(angles))]:.0f}°"
        f" (p90); within the radius {sum(covered) / len(covered):.0%}"
    )


if __name__ == "__main__":
    main()
