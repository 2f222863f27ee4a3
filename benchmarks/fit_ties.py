"""Fit and measure the model that ties places to verbs.

    python benchmarks/fit_ties.py PATH/halterman-event-location-dev.jsonl [--write]

The sentences (Halterman 2019, arXiv:1905.12713; MIT) each mark the place of one
verb. They are split by the SHA-256 of their id: three of four to fit on, one to
measure on. The table compares with taking the nearest place and all places.
Needs scikit-learn, for development only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from gold_triggers import is_right as is_gold
from gold_triggers import texts, triggers_of
from weight_tables import write_weights

from geomap.events.arguments import FEWEST_TIE
from geomap.events.relations import preposition_of
from geomap.events.ties import tie_features, tied_places
from geomap.pipeline import load_pipeline
from geomap.records import Toponym
from geomap.toponyms.annotations import toponyms_of

LEXICON = Path(__file__).parents[1] / "geomap" / "lexicons" / "ties.toml"
# Weights smaller than this change no answer in the second digit.
LEAST_WEIGHT = 0.005
# A feature seen less often tells nothing that holds elsewhere.
FEWEST_SEEN = 6
# Members of one list have the same tie; others as firm are taken with them.
SAME_TIE = 0.15
# What a place at a trigger of the gold weighs beside one of the sentences (1, or 3 where
# read with care): with each tenth of the dispatches left out, more gains little.
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


def rows_of_gold() -> list[tuple[dict[str, float], bool]]:
    """Give the features of the places around the triggers of the gold, with right or wrong."""
    rows = []
    for text in texts():
        for trigger in triggers_of(text):
            token = trigger.found.token
            sentence = token.sent
            inside = [p for p in text.places if sentence.start <= p[0].start < sentence.end]
            rows += [
                (
                    tie_features(token, t.span, t.toponym, t.preposition, inside),
                    is_gold(t.toponym, trigger.places),
                )
                for t in tied_places(token, inside)
                if t.toponym.place is not None
            ]
    return rows


def fit(found: list[dict[str, Any]]) -> dict[str, float]:
    """Fit the weights on the sentences that are not held out."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - development only
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    features, right, trust = [], [], []
    for case in found:
        if held_out(case["row"]):
            continue
        for span, toponym in case["places"]:
            if toponym.reading == "metonymic":
                continue
            features.append(
                tie_features(case["trigger"], span, toponym, preposition_of(span), case["places"])
            )
            right.append(is_right(toponym, case["row"]))
            trust.append(3.0 if case["row"]["gold"] else 1.0)
    for row, is_there in rows_of_gold():
        features.append(row)
        right.append(is_there)
        trust.append(TRUST_OF_GOLD)
    counts = Counter(name for row in features for name in row)
    features = [{n: v for n, v in row.items() if counts[n] >= FEWEST_SEEN} for row in features]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(features)
    model = LogisticRegression(C=0.3, max_iter=2000, fit_intercept=False)
    model.fit(matrix, np.array(right), sample_weight=np.array(trust))
    print(f"fitted on {len(right)} places, {sum(right)} right")
    names = vectorizer.get_feature_names_out()
    return {
        name: round(float(w), 3)
        for name, w in zip(names, model.coef_[0], strict=True)
        if abs(w) >= LEAST_WEIGHT
    }


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
    tied = [t for t in tied_places(trigger, case["places"]) if t.tie >= FEWEST_TIE]
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


def write(weights: dict[str, float]) -> None:
    """Write the lexicon of weights."""
    write_weights(
        LEXICON,
        comments=[
            "Weights of the model that ties places to triggers (geomap/events/ties.py).",
            "Made by: python benchmarks/fit_ties.py halterman-event-location-dev.jsonl --write",
            "Fitted on three of four of Halterman's event-location sentences (arXiv:1905.12713, MIT),",
            "and on the gold of the seeds and dispatches (benchmarks/gold_triggers.py).",
        ],
        weights=dict(sorted(weights.items())),
    )


def main() -> None:
    """Fit, write when asked, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--write", action="store_true", help="write geomap/lexicons/ties.toml")
    options = parser.parse_args()
    found = cases(options.corpus)
    if options.write:
        write(fit(found))
    measure(found)


if __name__ == "__main__":
    main()
