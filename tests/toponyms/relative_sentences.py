"""Sentences with relative places, written for this project, and how they are scored."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.records import Toponym
from geomap.toponyms.phrases import Phrase, find_phrases

FILE = Path(__file__).parent / "data" / "relative.jsonl"


@dataclass(frozen=True)
class Scores:
    right: int
    found: int
    expected: int
    faults: tuple[str, ...]

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.expected


def marked(text: str) -> tuple[str, list[Toponym]]:
    """Read "near [Kharkiv]": the text without brackets and the toponyms they mark."""
    plain, toponyms = "", []
    for part in re.split(r"(\[[^\]]*\])", text):
        if part.startswith("["):
            name = part[1:-1]
            toponyms.append(
                Toponym(
                    id=len(toponyms), start=len(plain), end=len(plain) + len(name), text=name,
                    reading="literal", place=None, confidence=1.0, reason="",
                )
            )  # fmt: skip
            plain += name
        else:
            plain += part
    return plain, toponyms


def rows(which: str) -> list[dict[str, Any]]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [row for line in lines if (row := json.loads(line))["set"] == which]


def _found(phrase: Phrase, toponyms: list[Toponym]) -> dict[str, Any]:
    relation = phrase.relation
    if relation == "distance" and phrase.distance and phrase.distance.bound == "at most":
        relation = "within"
    bearings = phrase.bearings_deg
    return {
        "relation": relation,
        "anchors": [toponyms[a].text for a in phrase.anchors],
        "distance_km": round(phrase.distance.km, 3) if phrase.distance else None,
        "bearing_deg": bearings[0] if len(bearings) == 1 else None,
        "countries": list(phrase.countries),
    }


def score(which: str) -> Scores:
    """Score exact agreement of relation, anchors, distance, bearing and countries."""
    right = found = expected = 0
    faults = []
    for row in rows(which):
        text, toponyms = marked(row["text"])
        got = [_found(p, toponyms) for p in find_phrases(text, toponyms)]
        good = [one for one in got if one in row["expected"]]
        right, found = right + len(good), found + len(got)
        expected += len(row["expected"])
        if got != row["expected"]:
            faults.append(f"{row['text']}\n  found {got}\n  not   {row['expected']}")
    return Scores(right, found, expected, tuple(faults))
