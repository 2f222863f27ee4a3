"""Fit the trees that look again at what the model of triggers says of the words of a text.

    python benchmarks/fit_tellings.py [--write]

Learns from the texts of ``fit_triggers.py`` and is to be run after it. What the trees see of a
text comes from models of triggers that were not fitted on it (five folds), and what is printed
from trees that were not either: precision, recall and F1 at the words for the rules, for the model
of triggers alone, and for the trees. A message of a sentence or three tells little else: trees of
their own learn from the texts cut so, each about what its own words say. ``--write``
writes ``tellings.json`` and ``messages.json`` to ``geomap/weights``. Needs scikit-learn, for
development only. Deterministic; takes ten minutes.
"""

from __future__ import annotations

import argparse
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import boosting
import numpy as np
from fit_matters import unseeing
from fit_triggers import Sample, fitted, samples
from marked import FIFTHS, TOLD, fold_of

from geomap.events.forms import has_war_words
from geomap.events.matters import is_of_conflict, likelihood_by
from geomap.events.signs import about_war
from geomap.events.taxonomy import CORE_TYPES, load_taxonomy
from geomap.events.tellings import FARTHEST, NO_EVENT, Word, word_features

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from geomap.events.tellings import Standing
    from geomap.weights.wide import Wide

WEIGHTS = Path(__file__).parents[1] / "geomap" / "weights"
# Small steps: the same features fitted in larger ones, or four ensembles averaged, find as much (log
# loss .3628, .3627, here .3623), but a little more or less of other texts moves single words less.
PASSES, RATE, LEAVES, COLUMNS = 400, 0.025, 12, 0.4
# A feature that fewer words have is chance.
FEWEST = 20
# Sentences in a row that stand as a message.
EXCERPTS = (1, 3)
THRESHOLDS = (0.35, 0.4, 0.42, 0.45, 0.5)
ABOUT = "fitted by benchmarks/fit_tellings.py on the project's marked dispatches"


class Case(NamedTuple):
    """A type that is looked at again at a word, with what the trees see of it.

    ``whole`` says that they see the whole text, not a few sentences of it.
    """

    row: int
    type: str
    features: dict[str, float]
    whole: bool


class Readers:
    """Models of signs, one for each fold that was not fitted on it."""

    def __init__(self, rows: Sequence[Sample]) -> None:
        self._rows = rows
        self._folds = [fold_of(row.text, folds=FIFTHS) for row in rows]
        self._models = [
            fitted([row for row, own in zip(rows, self._folds, strict=True) if own != fold])
            for fold in range(FIFTHS)
        ]

    def chances(self) -> list[Mapping[str, float] | None]:
        """Give what is said of all words; ``None`` of unknown ones."""
        found: list[Mapping[str, float] | None] = [None] * len(self._rows)
        for fold, model in enumerate(self._models):
            asked = [
                number
                for number, (row, own) in enumerate(zip(self._rows, self._folds, strict=True))
                if own == fold and row.lemma in model.words and row.is_asked
            ]
            signs = [self._rows[number].signs for number in asked]
            for number, said in zip(asked, _said(model, signs), strict=True):
                found[number] = said
        return found

    def in_message(self, numbers: Sequence[int], *, war: bool) -> list[dict[str, float]]:
        """Give what is said of words of one text, were they those of a message."""
        model = self._models[self._folds[numbers[0]]]
        return _said(model, [_in_message(self._rows[number], war=war) for number in numbers])


def _said(model: Wide, signs: Sequence[Collection[str]]) -> list[dict[str, float]]:
    return model.chances([("", own, (), ()) for own in signs])


def _in_message(row: Sample, *, war: bool) -> list[str]:
    """Give the signs of a word, with what its message seems to be about."""
    whole = {"war=True", "war=False", f"{row.lemma}|war=True", f"{row.lemma}|war=False"}
    about = list(about_war(war=war, message=True))
    own = [sign for sign in row.signs if sign not in whole]
    return [*own, *about, *(f"{row.lemma}|{sign}" for sign in about)]


def cases_of(
    rows: Sequence[Sample], readers: Readers, chances: Sequence[Mapping[str, float] | None]
) -> Iterator[Case]:
    """Give what the trees look at, text by text, and then in the texts cut.

    What tells of a past war, a stage or an exercise is not cut: a sentence of it may well be news.
    """
    model_for = unseeing()
    for text, group in groupby(range(len(rows)), key=lambda number: rows[number].text):
        numbers = list(group)
        sentences = {rows[n].standing.sentence: rows[n] for n in numbers}
        own = [(n, word_of(rows[n], said)) for n in numbers if (said := chances[n]) is not None]
        yield from _cases(own, whole=True)
        if text.partition("/")[0] in TOLD:
            continue
        for size in EXCERPTS:
            for part, some in groupby(own, key=lambda one: _part(one[1], size)):
                words = list(some)
                numbers_inside = range(part * size + 1, part * size + size + 1)
                inside = [sentences[n] for n in numbers_inside if n in sentences]
                read = " ".join(row.sentence for row in inside)
                likely = likelihood_by(model_for(text), read)
                war = is_of_conflict(likely, worded=has_war_words(read))
                said = readers.in_message([number for number, _ in words], war=war)
                peaceful = any(row.peaceful for row in inside)
                excerpt = excerpt_of(words, said, likely, war=war, other_matter=peaceful)
                yield from _cases(excerpt, whole=False)


def _part(word: Word, size: int) -> int:
    return (word.standing.sentence - 1) // size


def _cases(words: Sequence[tuple[int, Word]], *, whole: bool) -> Iterator[Case]:
    looked_at = word_features([word for _, word in words])
    for (number, _), by_type in zip(words, looked_at, strict=True):
        for name, features in by_type.items():
            yield Case(number, name, features, whole)


def excerpt_of(
    words: Sequence[tuple[int, Word]],
    chances: Sequence[Mapping[str, float]],
    likely: float,
    *,
    war: bool,
    other_matter: bool,
) -> list[tuple[int, Word]]:
    """Give words of a few sentences as they would stand in a text of their own.

    ``likely`` is how likely that text tells of an armed conflict, ``war`` whether it counts as such,
    ``other_matter`` whether it has a word of another matter.
    """
    first = words[0][1].standing
    return [
        (
            number,
            word._replace(
                standing=_moved(word.standing, first),
                chances=said,
                war=war,
                other_matter=other_matter,
                conflict=likely,
            ),
        )
        for (number, word), said in zip(words, chances, strict=True)
    ]


def _moved(at: Standing, first: Standing) -> Standing:
    """Count from the first sentence of an excerpt."""
    start = first.start
    inside = at.token - at.last >= start
    return at._replace(
        token=at.token - start,
        head=None if at.head is None else at.head - start,
        children=tuple(child - start for child in at.children),
        conjuncts=tuple(conjunct - start for conjunct in at.conjuncts),
        sentence=at.sentence - first.sentence + 1,
        start=at.start - start,
        end=at.end - start,
        paragraph=at.paragraph - first.paragraph,
        last=at.last if inside else FARTHEST,
    )


def word_of(row: Sample, chances: Mapping[str, float]) -> Word:
    """Give a word in question as extraction makes it."""
    return Word(
        row.lemma, row.standing, chances, row.verdicts, row.war, row.other_matter, row.conflict
    )


class Table:
    """Cases as a table, with what is right.

    Nothing is learnt here of the gold, which marks one telling of an event: trees that see the others
    would learn that what is told again is untold.
    """

    def __init__(self, rows: Sequence[Sample], cases: Sequence[Case]) -> None:
        self.cases = cases
        self.names = boosting.features_of((case.features for case in cases), fewest=FEWEST)
        self.values = boosting.table_of((case.features for case in cases), self.names)
        of = [rows[case.row] for case in cases]
        self.right = np.array([c.type in row.types for c, row in zip(cases, of, strict=True)])
        self.learnt = np.array([row.sure and not row.gold for row in of])
        self.folds = np.array([fold_of(row.text, folds=FIFTHS) for row in of])

    def fit(self, seen: np.ndarray | None = None) -> Any:
        """Fit the trees on what is to be learnt from, or on those that ``seen`` marks of it."""
        seen = self.learnt if seen is None else self.learnt & seen
        return boosting.fit(
            self.values[seen], self.right[seen], np.ones(seen.sum()),
            passes=PASSES, rate=RATE, leaves=LEAVES, columns=COLUMNS,
        )  # fmt: skip

    def likelihoods(self) -> np.ndarray:
        """Give what trees say of the fifths that they were not fitted on."""
        found = np.zeros(len(self.right))
        for fold in range(FIFTHS):
            out = self.folds == fold
            found[out] = self.fit(~out).predict_proba(self.values[out])[:, 1]
        return found

    def told(self, size: int, least: float) -> list[list[str]]:
        """Give the types that are told at each word by what trees say of unseen texts."""
        found: list[list[str]] = [[] for _ in range(size)]
        for case, chance in zip(self.cases, self._likely, strict=True):
            if chance >= least and case.type not in found[case.row]:
                found[case.row].append(case.type)
        return found

    @cached_property
    def _likely(self) -> list[float]:
        likely: list[float] = self.likelihoods().tolist()
        return likely


def tables(
    rows: Sequence[Sample], readers: Readers, chances: Sequence[Mapping[str, float] | None]
) -> dict[str, Table]:
    """Give the cases of whole texts and those of messages, by the name of their trees."""
    cases = list(cases_of(rows, readers, chances))
    return {
        "tellings": Table(rows, [case for case in cases if case.whole]),
        "messages": Table(rows, [case for case in cases if not case.whole]),
    }


def measure(pairs: Sequence[tuple[Sample, Collection[str]]]) -> str:
    """Give precision, recall and F1 at the words, over the core types and over all."""
    lines = []
    for label, kinds in (("core", set(CORE_TYPES)), ("all", set(load_taxonomy().types))):
        gold = sum(len(kinds & set(row.types)) for row, _ in pairs)
        found = sum(len(kinds & set(types)) for _, types in pairs)
        right = sum(len(kinds & set(row.types) & set(types)) for row, types in pairs)
        p, r = right / max(1, found), right / max(1, gold)
        lines.append(f"{label} P {p:.3f} R {r:.3f} F1 {2 * right / max(1, found + gold):.3f}")
    return "; ".join(lines)


def report(title: str, rows: Sequence[Sample], told: Sequence[Collection[str]]) -> None:
    """Print how right the types are that are told at the words, in marks and gold apart."""
    pairs = [(row, types) for row, types in zip(rows, told, strict=True) if row.sure]
    for name, gold in (("marks", False), ("gold", True)):
        print(f"{title:12} {name:5}", measure([p for p in pairs if p[0].gold == gold]), flush=True)


def main() -> None:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = samples()
    readers = Readers(rows)
    chances = readers.chances()
    found = tables(rows, readers, chances)
    ruled = [list(row.verdicts.fulfilled)[:1] for row in rows]
    report("rules", rows, ruled)
    alone = [
        [name for name, chance in said.items() if chance >= max(THRESHOLDS) and name != NO_EVENT]
        for said in (said or {} for said in chances)
    ]
    report("signs", rows, with_rules(alone, ruled, chances))
    for name, table in found.items():
        print(f"{name}: {len(table.cases)} cases, {table.right.sum()} right", flush=True)
        for least in THRESHOLDS:
            told = with_rules(table.told(len(rows), least), ruled, chances)
            report(f"{name} {least}", rows, told)
    if options.write:
        for name, table in found.items():
            path = WEIGHTS / f"{name}.json"
            boosting.store(table.fit(), table.names, path, about=ABOUT)


def with_rules(
    told: Sequence[Collection[str]],
    ruled: Sequence[Collection[str]],
    chances: Sequence[Mapping[str, float] | None],
) -> list[Collection[str]]:
    """Let the rules decide of words that no model knows, as extraction does."""
    return [
        by_rule if said is None else by_model
        for by_model, by_rule, said in zip(told, ruled, chances, strict=True)
    ]


if __name__ == "__main__":
    main()
