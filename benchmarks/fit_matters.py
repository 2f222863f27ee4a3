"""Fit the model that tells texts of an armed conflict from those that only use its words.

    python benchmarks/fit_matters.py [--write]

Learns from the marked dispatches: in those with marks from the stretches and paragraphs that hold
one, in those without from all. Prints, across folds by text and for the gold (of wires and briefs
two in three), how many of the texts with an event and without one are said to be of a conflict
from a likelihood on, beside what the words of war of the taxonomy say. ``--write`` writes
``geomap/weights/matters.json``. Needs scikit-learn, for development only. Deterministic; takes a
minute.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from gold_triggers import FOLDERS, is_held_out
from marked import FIFTHS, fold_of, marked_texts
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from geomap.events.forms import has_war_words
from geomap.events.matters import (
    CONFLICT,
    likelihood_by,
    matter_features,
    matter_words,
    paragraphs_of,
    reaches_of,
)
from geomap.score import read_gold
from geomap.weights.digests import record_digests
from geomap.weights.linear import Linear

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TARGET = Path(__file__).parents[1] / "geomap" / "weights" / "matters.json"
# Of .9, 2.7, 9 and 27 the least whose area under the curve across folds is within .001 of the best.
STRENGTH = 9.0
# A word that fewer stretches have is chance, and one that weighs less says nothing.
FEWEST, LEAST_WEIGHT = 4, 0.05
DECIMALS = 2
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
ABOUT = "fitted by benchmarks/fit_matters.py on the project's marked dispatches"


class Text(NamedTuple):
    """A text and the character offsets of the events told in it."""

    id: str
    text: str
    told: tuple[int, ...]


def marked() -> list[Text]:
    """Give the marked dispatches."""
    return [Text(m.id, m.text, tuple(mark.start for mark in m.marks)) for m in marked_texts()]


def gold() -> list[Text]:
    """Give the texts of the gold that may be looked at."""
    found = []
    for folder in FOLDERS:
        events = {d.doc: d.events or () for d in read_gold(folder / "gold").documents}
        for path in sorted(folder.glob("*.txt")):
            if not is_held_out(folder.name, path.stem):
                told = tuple(event.start for event in events.get(path.stem, ()))
                text = path.read_bytes().decode("utf-8")
                found.append(Text(f"{folder.name}/{path.stem}", text, told))
    return found


def learnt_from(text: Text) -> list[frozenset[str]]:
    """Give the words of the stretches and paragraphs that are learnt from."""
    spans = paragraphs_of(text.text)
    paragraphs = [text.text[start:end] for start, end in spans]
    words = [matter_words(paragraph) for paragraph in paragraphs]
    alone = [(number, number + 1) for number in range(len(spans))]
    return [
        frozenset().union(*words[first:end])
        for first, end in [*dict.fromkeys(reaches_of(paragraphs)), *alone]
        if not text.told or any(spans[first][0] <= at < spans[end - 1][1] for at in text.told)
    ]


def fitted(texts: Sequence[Text]) -> Linear:
    """Fit the model; each text weighs by the root of what is learnt from it."""
    rows = [
        (words, text, len(own)) for text in texts for own in [learnt_from(text)] for words in own
    ]
    counts = Counter(word for words, _, _ in rows for word in words)
    known = frozenset(word for word, count in counts.items() if count >= FEWEST)
    vectors = DictVectorizer()
    table = vectors.fit_transform([matter_features(words, known) for words, _, _ in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit(
        table, [bool(t.told) for _, t, _ in rows], sample_weight=[n**-0.5 for _, _, n in rows]
    )
    weights = {
        name: (0.0, round(float(weight), DECIMALS))
        for name, weight in zip(vectors.feature_names_, model.coef_[0], strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }
    intercept = round(float(model.intercept_[0]), DECIMALS)
    return Linear(("other", CONFLICT), (0.0, intercept), weights)


def report(name: str, texts: Sequence[Text], likely: Sequence[float]) -> None:
    """Print which share of the texts with events, and of those without, is said to be of war."""
    chances, told = np.array(likely), np.array([bool(t.told) for t in texts])
    worded = np.array([has_war_words(t.text) for t in texts])
    print(
        f"{name}: {told.sum()} with events, {(~told).sum()} without; "
        f"area under the curve {roc_auc_score(told, chances):.3f}"
    )
    print(f"   words of war {worded[told].mean():.3f} {worded[~told].mean():.3f}")
    for least in THRESHOLDS:
        said = chances >= least
        both = said & worded
        print(
            f"   from {least:.2f}     {said[told].mean():.3f} {said[~told].mean():.3f}"
            f"   with words of war {both[told].mean():.3f} {both[~told].mean():.3f}"
        )


@cache
def unseeing() -> Callable[[str], Linear]:
    """Give a way from the id of a text to a model that was not fitted on it."""
    texts = marked()
    ids = {text.id for text in texts}
    models = [
        fitted([t for t in texts if fold_of(t.id, folds=FIFTHS) != fold]) for fold in range(FIFTHS)
    ]
    whole = fitted(texts)
    return lambda text: models[fold_of(text, folds=FIFTHS)] if text in ids else whole


def main() -> None:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write geomap/weights/matters.json")
    options = parser.parse_args()
    texts, others = marked(), gold()
    model_for, model = unseeing(), fitted(texts)
    likely = [likelihood_by(model_for(text.id), text.text) for text in texts]
    report("marked dispatches, across folds", texts, likely)
    report("gold", others, [likelihood_by(model, text.text) for text in others])
    print(f"{len(model.weights)} words")
    if options.write:
        stored = {
            "about": ABOUT,
            "classes": list(model.classes),
            "intercepts": list(model.intercepts),
            "weights": {name: list(own) for name, own in model.weights.items()},
        }
        TARGET.write_text(json.dumps(stored, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        record_digests(TARGET.parent)


if __name__ == "__main__":
    main()
