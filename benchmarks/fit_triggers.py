"""Fit the model that decides whether a word tells of an event, and of which type.

    python benchmarks/fit_triggers.py [--folds] [--write]

Learns from the marked dispatches (``benchmarks/dispatches``) and from the gold of the seeds and
of the project's dispatches, without those that are set aside (``gold_triggers.is_held_out``).
``--folds`` measures across folds by dispatch, at the words; ``--write`` writes
``geomap/weights/triggers.npz``. Needs scikit-learn, for development only. Deterministic.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from gold_triggers import FOLDERS, is_held_out, parser, places_of
from marked import fold_of, marked_texts
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from geomap.events.signs import PARTS, signs_of
from geomap.events.taxonomy import CORE_TYPES, load_taxonomy
from geomap.events.triggers import NO_EVENT, scenes_in, types_told
from geomap.score import read_gold
from geomap.weights.digests import record_digests
from geomap.weights.wide import Wide

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from spacy.tokens import Doc, Span

    from geomap.events.verdicts import Verdicts

TARGET = Path(__file__).parents[1] / "geomap" / "weights" / "triggers.npz"
FOLDS = 4
# The best of .1, .2, .5, 1 across folds; a sign seen once is chance; what weighs less decides nothing.
STRENGTH = 0.2
FEWEST = 2
LEAST_WEIGHT = 0.03
# A word that tells of an event more seldom would have nearly every sentence parsed for nothing.
LEAST_SHARE = 0.03
# What a word of the gold weighs beside one of the marked dispatches: the gold was written and
# read more carefully, by the rules that geomap is measured by.
TRUST_OF_GOLD = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """A text with the spans at which it tells of events, by type.

    ``whole`` says that every telling is marked, not only the fullest one of each event.
    """

    id: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    whole: bool


class Everything:
    """A collection that holds every word: all are looked at."""

    def isdisjoint(self, _words: object) -> bool:
        """Tell that words are in it."""
        return False


@dataclass(frozen=True, slots=True)
class Sample:
    """A word with its signs and the types it tells of; none for a word that tells of nothing.

    ``rules`` are the types whose rules hold, ``war`` whether the text is about fighting.
    """

    text: str
    lemma: str
    known: bool
    signs: tuple[str, ...]
    types: tuple[str, ...]
    rules: tuple[str, ...]
    war: bool
    gold: bool


def told_texts() -> Iterator[Told]:
    """Give all texts to learn from."""
    for folder in FOLDERS:
        for gold in read_gold(folder / "gold").documents:
            if gold.events is None or is_held_out(folder.name, gold.doc):
                continue
            text = (folder / f"{gold.doc}.txt").read_bytes().decode("utf-8")
            spans = tuple((e.start, e.end, e.type) for e in gold.events)
            yield Told(f"{folder.name}/{gold.doc}", text, spans, whole=False)
    for marked in marked_texts():
        spans = tuple((m.start, m.end, m.type) for m in marked.marks)
        yield Told(marked.id, marked.text, spans, whole=True)


def samples() -> list[Sample]:
    """Parse all texts and give every word that may be a trigger."""
    nlp, taxonomy = parser(), load_taxonomy()
    found = []
    for told in told_texts():
        doc = nlp(told.text)
        scenes: Any = scenes_in(doc, places_of(doc), Everything(), taxonomy=taxonomy)  # type: ignore[arg-type]
        found += words_of(told, doc, list(scenes))
    return found


def words_of(told: Told, doc: Doc, scenes: Sequence[tuple[Any, Verdicts]]) -> Iterator[Sample]:
    """Give the words of a text; what is marked beside a trigger is left out."""
    verdicts = {scene.token.i: verdict for scene, verdict in scenes}
    types: dict[int, set[str]] = defaultdict(set)
    inside: set[int] = set()
    for start, end, name in told.spans:
        span = doc.char_span(start, end, alignment_mode="expand")
        types[trigger_of(span, name, verdicts)].add(name)
        inside |= {token.i for token in span}
    names = {name for _, _, name in told.spans}
    for scene, verdict in scenes:
        token = scene.token
        if token.pos_ not in PARTS:
            continue
        here = tuple(sorted(types.get(token.i, ())))
        rules = tuple(verdict.fulfilled)
        # A telling that the gold leaves to another row, or a word of a longer trigger.
        doubtful = token.i in inside or (not told.whole and not names.isdisjoint(rules))
        if here or not doubtful:
            lemma = token.lemma_.lower()
            signs = tuple(signs_of(scene, verdict).names())
            known = bool(verdict.possible)
            yield Sample(told.id, lemma, known, signs, here, rules, scene.war, not told.whole)


def trigger_of(span: Span, name: str, verdicts: dict[int, Verdicts]) -> int:
    """Give the word of a marked span that tells: one that a rule knows, else its root."""
    known = [t.i for t in span if t.i in verdicts and name in verdicts[t.i].possible]
    return span.root.i if span.root.i in known or not known else known[0]


def fitted(rows: Sequence[Sample]) -> Wide:
    """Fit on the words that are triggers somewhere, or that the rules know."""
    met = Counter(row.lemma for row in rows)
    telling = Counter(row.lemma for row in rows if row.types)
    words = {lemma for lemma, count in telling.items() if count >= LEAST_SHARE * met[lemma]}
    rows = [row for row in rows if row.known or row.lemma in words]
    counts = Counter(sign for row in rows for sign in set(row.signs))
    tables: list[dict[str, float]] = []
    answers: list[str] = []
    trust: list[float] = []
    for row in rows:
        signs = {sign: 1.0 for sign in row.signs if counts[sign] >= FEWEST}
        for name in row.types or (NO_EVENT,):
            tables.append(signs)
            answers.append(name)
            trust.append(TRUST_OF_GOLD if row.gold else 1.0)
    vectors = DictVectorizer(dtype=np.float32)
    table = vectors.fit_transform(tables)
    model = LogisticRegression(C=STRENGTH, max_iter=200).fit(table, answers, trust)
    names = vectors.get_feature_names_out()
    kept = np.abs(model.coef_).max(axis=0) >= LEAST_WEIGHT
    return Wide(
        classes=tuple(model.classes_),
        words=frozenset(row.lemma for row in rows),
        intercepts=model.intercept_.astype(np.float32),
        rows={name: number for number, name in enumerate(names[kept])},
        table=np.ascontiguousarray(model.coef_[:, kept].T, dtype=np.float32),
    )


def told_by(model: Wide, row: Sample) -> Collection[str]:
    """Give the types that a model finds at a word, as :func:`find_triggers` decides."""
    if row.lemma not in model.words:
        return row.rules[:1]
    [chances] = model.chances([("", row.signs, ())])
    return types_told(chances, row.rules, war=row.war)


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


def across_folds(rows: Sequence[Sample]) -> None:
    """Print what rules and model find in texts that the model has not seen."""
    marked = [row for row in rows if not row.gold]
    print("rules ", measure([(row, row.rules[:1]) for row in marked]), flush=True)
    folds = [fold_of(row.text, folds=FOLDS) for row in rows]
    models = [
        fitted([row for row, other in zip(rows, folds, strict=True) if other != fold])
        for fold in range(FOLDS)
    ]
    pairs = [(row, told_by(models[fold_of(row.text, folds=FOLDS)], row)) for row in marked]
    print("model ", measure(pairs), flush=True)


def main() -> None:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = samples()
    print(f"{len(rows)} words, {sum(bool(row.types) for row in rows)} triggers", flush=True)
    if options.folds:
        across_folds(rows)
    if options.write:
        model = fitted(rows)
        model.write(TARGET)
        record_digests(TARGET.parent)
        print(f"{len(model.rows)} signs, {len(model.words)} words, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
