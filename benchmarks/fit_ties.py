"""Fit and measure the model that ties places to verbs.

    python benchmarks/fit_ties.py PATH/halterman-event-location-dev.jsonl [--write]

The sentences (Halterman 2019, arXiv:1905.12713; MIT) each mark the place of one
verb. They are split by the SHA-256 of their id: three of four to fit on, one to
measure on. It is fitted as well on the gold (of wires and briefs two in three) and on the
marked dispatches (four in five). The tables compare with taking the nearest place and all
places. Needs scikit-learn, for development only. Deterministic.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boosting
import marked_triggers
import numpy as np
from gold_triggers import is_right as is_gold
from gold_triggers import texts, triggers_of

from geomap.events.arguments import FEWEST_TIE
from geomap.events.ties import Asked, tie_features, ties_of
from geomap.pipeline import load_pipeline
from geomap.records import Toponym
from geomap.toponyms.annotations import toponyms_of
from geomap.weights import load_trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TARGET = Path(__file__).parents[1] / "geomap" / "weights" / "ties.json"
# A feature seen less often tells nothing that holds elsewhere.
FEWEST_SEEN = 10
PASSES, RATE, LEAVES = 120, 0.1, 15
# Members of one list have the same tie; others as firm are taken with them.
SAME_TIE = 0.15
# What a place of the gold, or of a sentence that was read with care, weighs beside the others.
TRUST_OF_GOLD = 3.0


def held_out(row: dict[str, Any]) -> bool:
    """Tell whether a sentence is measured on, by the hash of its id."""
    # The corpus itself is the half whose hash is even: look at other bits.
    return (int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) >> 8) % 4 == 0


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Read the sentences with one verb, each text once."""
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    first = {row["text"]: row for row in reversed(rows) if len(row["verbs"]) == 1}
    return list(first.values())


def cases(path: Path) -> list[dict[str, Any]]:
    """Parse the sentences and collect the places of each, with right or wrong."""
    nlp = load_pipeline()
    nlp.disable_pipe("geomap_events")
    found = []
    for row in rows_of(path):
        doc = nlp(row["text"])
        verb = row["verbs"][0]
        span = doc.char_span(verb["start"], verb["end"], alignment_mode="expand")
        if span is None or not len(span):
            continue
        trigger = span.root
        places = [
            (s, t)
            for t in toponyms_of(doc)
            if (s := doc.char_span(t.start, t.end)) is not None and s.sent == trigger.sent
        ]
        found.append({"row": row, "trigger": trigger, "places": places, "doc": doc})
    return found


def with_given_names(case: dict[str, Any]) -> dict[str, Any]:
    """Give a case in which the marked places are among the names, found or not."""
    places = list(case["places"])
    for number, marked in enumerate(case["row"]["toponyms"]):
        if any(t.start < marked["end"] and marked["start"] < t.end for _, t in places):
            continue
        span = case["doc"].char_span(marked["start"], marked["end"], alignment_mode="expand")
        if span is not None and len(span) and span.sent == case["trigger"].sent:
            made = Toponym(
                id=1000 + number, start=span.start_char, end=span.end_char, text=span.text,
                reading="literal", place=None, confidence=1.0, reason="marked",
            )  # fmt: skip
            places.append((span, made))
    return {**case, "places": sorted(places, key=lambda p: p[0].start)}


def is_right(toponym: Any, row: dict[str, Any]) -> bool:
    """Tell whether a name overlaps a marked place."""
    return any(g["start"] < toponym.end and toponym.start < g["end"] for g in row["toponyms"])


# Features of a place, whether it is right, and what it weighs.
Row = tuple[dict[str, float], bool, float]


def rows_of_gold() -> Iterator[Row]:
    """Give the places around the triggers of the gold."""
    for text in texts():
        for trigger in triggers_of(text):
            token, places = trigger.found.token, trigger.places
            asked = Asked(token, trigger.found.type, _in_sentence(token, text.places))
            yield from _rows(asked, lambda t, p=places: is_gold(t, p), TRUST_OF_GOLD)


def rows_of_marks() -> Iterator[Row]:
    """Give the places around the triggers of the marked dispatches that are fitted on."""
    for text in marked_triggers.parsed(measured_on=False):
        for trigger in marked_triggers.triggers_of(text):
            token, keys = trigger.found.token, trigger.keys
            asked = Asked(token, trigger.found.type, _in_sentence(token, text.places))
            yield from _rows(asked, lambda t, k=keys: t.place_key in k, 1.0)


def rows_of_sentences(found: list[dict[str, Any]]) -> Iterator[Row]:
    """Give the places around the verbs of the sentences that are not held out."""
    for case in found:
        if not held_out(case["row"]):
            row = case["row"]
            asked = Asked(case["trigger"], None, case["places"])
            yield from _rows(
                asked, lambda t, r=row: is_right(t, r), TRUST_OF_GOLD if row["gold"] else 1.0
            )


def _in_sentence(token: Any, places: Any) -> list[Any]:
    return [p for p in places if token.sent.start <= p[0].start < token.sent.end]


def _rows(asked: Asked, is_there: Callable[[Toponym], bool], trust: float) -> Iterator[Row]:
    """Give the places that ties_of weighs, as it sees them."""
    for tied in ties_of([asked])[0]:
        if not tied.span.start <= asked.trigger.i < tied.span.end:
            features = tie_features(asked, tied.span, tied.toponym, tied.preposition)
            yield features, is_there(tied.toponym), trust


def write(found: list[dict[str, Any]]) -> None:
    """Fit the trees and write them."""
    rows = [*rows_of_sentences(found), *rows_of_gold(), *rows_of_marks()]
    features, right, trust = zip(*rows, strict=True)
    names = boosting.features_of(features, fewest=FEWEST_SEEN)
    table = boosting.table_of(features, names)
    model = boosting.fit(
        table, np.array(right), np.array(trust), passes=PASSES, leaves=LEAVES, rate=RATE
    )
    print(f"fitted on {len(right)} places, {sum(right)} right")
    about = "How firmly a place is tied to a trigger; benchmarks/fit_ties.py"
    boosting.store(model, names, TARGET, about=about)
    load_trees.cache_clear()


def answers(case: dict[str, Any], method: str) -> list[Any]:
    """Give the places that a method takes."""
    places = [p for p in case["places"] if p[1].reading != "metonymic"]
    trigger = case["trigger"]
    if method == "all places":
        return [t for _, t in case["places"]]
    if method == "nearest place":
        return (
            [min(case["places"], key=lambda p: abs(p[0].root.i - trigger.i))[1]]
            if case["places"]
            else []
        )
    if method == "nearest literal place":
        return [min(places, key=lambda p: abs(p[0].root.i - trigger.i))[1]] if places else []
    [own] = ties_of([Asked(trigger, None, case["places"])])
    tied = [t for t in own if t.tie >= FEWEST_TIE]
    best = max((t.tie for t in tied), default=0.0)
    return [t.toponym for t in tied if t.tie >= best - SAME_TIE]


def measure(found: list[dict[str, Any]]) -> None:
    """Print the table over the sentences held out, and over the careful ones of them."""
    out = [c for c in found if held_out(c["row"])]
    subsets = {
        "held out": out,
        "held out, given the names": [with_given_names(c) for c in out],
        "held out, careful": [c for c in found if held_out(c["row"]) and c["row"]["gold"]],
    }
    for name, subset in subsets.items():
        print(f"\n{name}: {len(subset)} sentences")
        print(f"{'method':<24} {'P':>6} {'R':>6} {'F1':>6} {'exact':>6}")
        for method in ("all places", "nearest place", "nearest literal place", "geomap"):
            matched = predicted = gold = exact = 0
            for case in subset:
                taken = answers(case, method)
                marked = case["row"]["toponyms"]
                hit = {
                    i
                    for i, g in enumerate(marked)
                    for t in taken
                    if g["start"] < t.end and t.start < g["end"]
                }
                matched, predicted, gold = (
                    matched + len(hit),
                    predicted + len(taken),
                    gold + len(marked),
                )
                exact += len(hit) == len(taken) == len(marked)
            precision, recall = matched / max(predicted, 1), matched / max(gold, 1)
            f1 = 2 * matched / max(predicted + gold, 1)
            print(
                f"{method:<24} {precision:6.3f} {recall:6.3f} {f1:6.3f} {exact / len(subset):6.3f}"
            )


def main() -> None:
    """Fit, write when asked, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--write", action="store_true", help="write geomap/weights/ties.json")
    options = parser.parse_args()
    found = cases(options.corpus)
    if options.write:
        write(found)
    measure(found)


if __name__ == "__main__":
    main()
