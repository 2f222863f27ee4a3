"""Fit and measure the model that gives an event the place its sentence does not name.

    python benchmarks/fit_carrying.py [--write]

Each gold trigger whose own sentence gives it no place, or a wrong one, is a case: the
places named so far are right or wrong by the matching of geomap evaluate. The figures
are from tenths of the articles left out in turn; the table is fitted on all of them
(of wires and briefs two in three). Needs scikit-learn, for development only.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gold_triggers import is_right, texts, triggers_of
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from weight_tables import weights_of, write_weights

from geomap.events.arguments import find_places
from geomap.events.focus import Focus

LEXICON = Path(__file__).parents[1] / "geomap" / "lexicons" / "carrying.toml"
PARTS = 10
LEAST_WEIGHT = 0.005


@dataclass(frozen=True, slots=True)
class Case:
    """A trigger without a place of its own: features of each place, and whether it is right."""

    doc: str
    options: tuple[tuple[dict[str, float], bool], ...]
    carried: bool


def cases() -> list[Case]:
    """Collect the triggers whose sentence gives no right place."""
    found = []
    for text in texts():
        focus = Focus(text.doc, text.places)
        by_id = {t.id: t for _, t in text.places}
        for trigger in triggers_of(text):
            token = trigger.found.token
            arguments = find_places(trigger.found, text.places, text.doc, focus)
            taken = [by_id[a.toponym] for group in arguments.groups for a in group]
            tied = bool(taken) and arguments.carried is None
            if not (tied and any(is_right(t, trigger.places) for t in taken)):
                options = tuple(
                    (features, is_right(toponym, trigger.places))
                    for features, toponym in focus.options(token)
                )
                found.append(Case(text.gold.doc, options, not tied))
            focus.note(token, taken)
    return found


def fitted(rows: list[Case]) -> tuple[DictVectorizer, LogisticRegression]:
    """Fit the regression."""
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([f for case in rows for f, _ in case.options])
    model = LogisticRegression(C=0.3, fit_intercept=False, max_iter=3000)
    model.fit(matrix, [right for case in rows for _, right in case.options])
    return vectorizer, model


def measure(rows: list[Case]) -> None:
    """Print how often the likeliest place is right, by its likelihood."""
    articles = sorted({case.doc for case in rows})
    said: list[tuple[float, bool]] = []
    possible = 0
    for part in range(PARTS):
        out = set(articles[part::PARTS])
        vectorizer, model = fitted([c for c in rows if c.doc not in out])
        for case in rows:
            if case.doc not in out or not case.carried or not case.options:
                continue
            likely: Any = model.predict_proba(
                vectorizer.transform([features for features, _ in case.options])
            )[:, 1]
            best = int(np.argmax(likely))
            said.append((float(likely[best]), case.options[best][1]))
            possible += any(right for _, right in case.options)
    right = sum(ok for _, ok in said)
    print(f"{len(said)} triggers to be given a place, {possible} could be, {right} are")
    for low in np.linspace(0, 1, PARTS, endpoint=False):
        inside = [ok for p, ok in said if low <= p < low + 1 / PARTS]
        if inside:
            print(f"{low:5.1f} {np.mean(inside):6.3f} {len(inside):5d}")


def write(rows: list[Case]) -> None:
    """Write the table."""
    write_weights(
        LEXICON,
        comments=[
            "Weights of the model that carries places over (geomap/events/carrying.py).",
            "Made by: python benchmarks/fit_carrying.py --write",
            "Fitted on the seeds, development dispatches, and two of three of wires and briefs.",
        ],
        weights=weights_of(*fitted(rows), least=LEAST_WEIGHT),
    )


def main() -> None:
    """Fit, measure, write when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write geomap/lexicons/carrying.toml")
    options = parser.parse_args()
    rows = cases()
    measure(rows)
    if options.write:
        write(rows)


if __name__ == "__main__":
    main()
