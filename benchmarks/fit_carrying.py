"""Fit and measure the model that gives an event the place its sentence does not name.

    python benchmarks/fit_carrying.py [--write]

Each trigger of the gold (of wires and briefs two in three) and of the marked dispatches
(four in five) whose own sentence gives it no place, or a wrong one, is a case: the places
named so far are right or wrong by the matching of geomap evaluate, or by the mark. The
figures are from tenths of the articles left out in turn; the table is fitted on all of
them. Needs scikit-learn, for development only.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import marked_triggers
import numpy as np
from gold_triggers import is_right, texts, triggers_of
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from weight_tables import weights_of, write_weights

from geomap.events.arguments import find_places
from geomap.events.focus import Focus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.tokens import Doc, Span

    from geomap.events.triggers import FoundTrigger
    from geomap.records import Toponym
    from geomap.score.gold import GoldPlace

LEXICON = Path(__file__).parents[1] / "geomap" / "lexicons" / "carrying.toml"
PARTS = 10
LEAST_WEIGHT = 0.005
# What a case of the gold weighs beside one of the marks. With fifths of both left out F1 of all events
# on the gold with 3 is .624 (.625 with 6, .610 without the marks); on the marks .631 (.629 with 6, .592 without).
TRUST_OF_GOLD = 4.5


@dataclass(frozen=True, slots=True)
class Case:
    """A trigger without a place of its own: features of each place, and whether it is right."""

    doc: str
    options: tuple[tuple[dict[str, float], bool], ...]
    carried: bool
    trust: float


def cases() -> list[Case]:
    """Collect the triggers whose sentence gives no right place."""
    found: list[Case] = []
    for text in texts():
        told = [(t.found, _is_at(t.places)) for t in triggers_of(text)]
        found += _cases_of(text.gold.doc, text.doc, text.places, told, TRUST_OF_GOLD)
    for marked in marked_triggers.parsed(measured_on=False):
        told = [(t.found, _is_one_of(t.keys)) for t in marked_triggers.triggers_of(marked)]
        found += _cases_of(marked.marked.id, marked.doc, marked.places, told, 1.0)
    return found


def _is_at(places: Sequence[GoldPlace]) -> Callable[[Toponym], bool]:
    return lambda toponym: is_right(toponym, places)


def _is_one_of(keys: frozenset[str]) -> Callable[[Toponym], bool]:
    return lambda toponym: toponym.place_key in keys


def _cases_of(
    name: str,
    doc: Doc,
    places: Sequence[tuple[Span, Toponym]],
    told: Sequence[tuple[FoundTrigger, Callable[[Toponym], bool]]],
    trust: float,
) -> Iterator[Case]:
    """Give the cases of one text, which remembers the places that are found."""
    focus = Focus(doc, places)
    by_id = {t.id: t for _, t in places}
    for trigger, is_place in told:
        arguments = find_places(trigger, places, doc, focus)
        taken = [by_id[a.toponym] for group in arguments.groups for a in group]
        tied = bool(taken) and arguments.carried is None
        if not (tied and any(map(is_place, taken))):
            options = tuple((f, is_place(t)) for f, t in focus.options(trigger.token))
            yield Case(name, options, not tied, trust)
        focus.note(trigger.token, taken)


def fitted(rows: list[Case]) -> tuple[DictVectorizer, LogisticRegression]:
    """Fit the regression."""
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([f for case in rows for f, _ in case.options])
    model = LogisticRegression(C=0.3, fit_intercept=False, max_iter=3000)
    right = [right for case in rows for _, right in case.options]
    model.fit(matrix, right, [case.trust for case in rows for _ in case.options])
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
            "Fitted on the seeds, development dispatches, two of three of wires and briefs, and four",
            "of five of the marked dispatches.",
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
