"""Fit and measure the model that gives an event the place its sentence does not name.

    python benchmarks/fit_carrying.py [--write]

Each trigger of the gold (of wires and briefs two in three) and of the marked dispatches
(four in five) whose own sentence gives it no place, or a wrong one, is a case: the places
named so far are right or wrong by the matching of geomap evaluate, or by the mark. The
figures are from fifths of the articles left out in turn; the trees are fitted on all of
them. Needs scikit-learn, for development only. Deterministic.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boosting
import marked_triggers
import numpy as np
from gold_triggers import is_right, texts, triggers_of

from geomap.events.arguments import find_places, ties_in
from geomap.events.focus import Focus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.tokens import Doc, Span

    from geomap.events.triggers import FoundTrigger
    from geomap.records import Toponym
    from geomap.score.gold import GoldPlace

TARGET = Path(__file__).parents[1] / "geomap" / "weights" / "carrier.json"
PARTS = 5
PASSES, RATE, LEAVES = 120, 0.1, 15
# A feature that fewer places have is chance.
FEWEST = 20
# What a case of the gold weighs beside one of the marks, which are more and less carefully read.
TRUST_OF_GOLD = 4.5


@dataclass(frozen=True, slots=True)
class Case:
    """A trigger without a place of its own: features of each place, and whether it is right.

    ``placed`` says that the event has a place at all, ``sort`` what the threshold is chosen by.
    """

    doc: str
    sort: tuple[str, bool]
    options: tuple[tuple[dict[str, float], bool], ...]
    carried: bool
    placed: bool
    trust: float


def cases() -> list[Case]:
    """Collect the triggers whose sentence gives no right place."""
    found: list[Case] = []
    for text in texts():
        told = [(t.found, _is_at(t.places), bool(t.places)) for t in triggers_of(text)]
        found += _cases_of(text.gold.doc, text.doc, text.places, told, TRUST_OF_GOLD)
    for marked in marked_triggers.parsed(measured_on=False):
        triggers = marked_triggers.triggers_of(marked)
        told = [(t.found, _is_one_of(t.keys), any(t.events)) for t in triggers]
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
    told: Sequence[tuple[FoundTrigger, Callable[[Toponym], bool], bool]],
    trust: float,
) -> Iterator[Case]:
    """Give the cases of one text, which remembers the places that are found."""
    focus = Focus(doc, places)
    by_id = {t.id: t for _, t in places}
    ties = ties_in([trigger for trigger, _, _ in told], places)
    for (trigger, is_place, placed), tied in zip(told, ties, strict=True):
        arguments = find_places(trigger, tied, places, doc, focus)
        taken = [by_id[a.toponym] for group in arguments.groups for a in group]
        own = bool(taken) and arguments.carried is None
        if not (own and any(map(is_place, taken))):
            options = tuple((f, is_place(t)) for f, t in focus.options(trigger))
            sort = (trigger.type.carry, focus.pointer(trigger.token) is not None)
            yield Case(name, sort, options, not own, placed, trust)
        focus.note(trigger, taken)


def options_of(rows: Sequence[Case]) -> list[dict[str, float]]:
    """Give the features of all places of all cases."""
    return [features for case in rows for features, _ in case.options]


def fitted(rows: Sequence[Case], names: Sequence[str]) -> Any:
    """Fit the trees."""
    right = np.array([right for case in rows for _, right in case.options])
    trust = np.array([case.trust for case in rows for _ in case.options])
    table = boosting.table_of(options_of(rows), names)
    return boosting.fit(table, right, trust, passes=PASSES, leaves=LEAVES, rate=RATE)


def part_of(case: Case) -> int:
    """Give the fifth of an article, by the hash of its name."""
    return int(hashlib.sha256(case.doc.encode()).hexdigest(), 16) % PARTS


def measure(rows: Sequence[Case]) -> None:
    """Print how often the likeliest place is right, and from which likelihood on to take it."""
    said: dict[tuple[str, bool], list[tuple[float, bool, Case]]] = defaultdict(list)
    for part in range(PARTS):
        kept = [case for case in rows if part_of(case) != part and case.options]
        out = [c for c in rows if part_of(c) == part and c.options and c.carried]
        names = boosting.features_of(options_of(kept), fewest=FEWEST)
        likely = fitted(kept, names).predict_proba(boosting.table_of(options_of(out), names))[:, 1]
        ends = np.cumsum([len(case.options) for case in out])
        for case, chances in zip(out, np.split(likely, ends[:-1]), strict=True):
            best = int(np.argmax(chances))
            said[case.sort].append((float(chances[best]), case.options[best][1], case))
    every = [one for ones in said.values() for one in ones]
    for name, group in (
        ("gold", [one for one in every if one[2].trust > 1]),
        ("marks", [one for one in every if one[2].trust == 1]),
    ):
        possible = sum(any(right for _, right in case.options) for _, _, case in group)
        right = sum(right for _, right, _ in group)
        print(f"{name}: {len(group)} triggers, {possible} could be placed, {right} are")
    for sort, ones in sorted(said.items()):
        print(sort, *thresholds_of(ones), sep="\n   ")


def thresholds_of(ones: Sequence[tuple[float, bool, Case]]) -> Iterator[str]:
    """Give what comes of each threshold: right places, wrong ones, rightly and wrongly none."""
    for low in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 1.0):
        taken = [(right, case) for chance, right, case in ones if chance >= low]
        left = [case for chance, _, case in ones if chance < low]
        right = sum(right for right, _ in taken) * 1.0
        none = sum(not case.placed for case in left)
        yield (
            f"{low:.2f}: {right:.0f} right, {len(taken) - right:.0f} wrong, "
            f"{none} rightly without, {len(left) - none} wrongly"
        )


def write(rows: Sequence[Case]) -> None:
    """Write the trees."""
    kept = [case for case in rows if case.options]
    names = boosting.features_of(options_of(kept), fewest=FEWEST)
    about = "Which place an event has that its sentence does not place; benchmarks/fit_carrying.py"
    boosting.store(fitted(kept, names), names, TARGET, about=about)


def main() -> None:
    """Fit, measure, write when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write geomap/weights/carrier.json")
    options = parser.parse_args()
    rows = cases()
    measure(rows)
    if options.write:
        write(rows)


if __name__ == "__main__":
    main()
