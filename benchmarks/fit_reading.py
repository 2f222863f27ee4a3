"""Fit the model that tells literal, metonymic and modifying toponyms apart.

Run from the root of the checkout, with scikit-learn installed::

    python benchmarks/fit_reading.py

Writes ``geomap/weights/reading.json``. The texts are the project's own
dispatches (``seeds/``, ``tests/quality/development/`` and the marked ones), annotated by
the categories of GeoWebNews (Gritta et al. 2020). Prints accuracy across five folds
by document, beside that of the rules alone.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from corpora import FOLDS, ROOT, fold_of, rows_to_fit
from marked_toponyms import CORPUS
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from geomap.pipeline import load_pipeline
from geomap.toponyms.reading import SURE, reading_features, ruled_reading
from geomap.weights.digests import record_digests

if TYPE_CHECKING:
    from spacy.tokens import Span

TARGET = ROOT / "geomap" / "weights" / "reading.json"
# The best of .03, .1, .3, 1 across folds.
STRENGTH = 0.3
# A feature seen less often is chance.
FEWEST = 4
DECIMALS = 3
# The marked dispatches call a place before a noun a modifier ("Misrata port") where the gold has
# it literal: these are left out, and the gold weighs more.
SHARE_OF_GOLD = 5.0
ABOUT = "fitted by benchmarks/fit_reading.py on the project's own dispatches and its marked ones"


def samples() -> tuple[Any, ...]:
    """Give features, readings, folds, what the rules say, and weights."""
    nlp = load_pipeline()
    finder = nlp.get_pipe("geomap_toponyms")
    analysis = nlp.get_pipe("geomap_analysis").analysis
    features, readings, folds, ruled, shares = [], [], [], [], []
    for row in rows_to_fit([]):
        doc = nlp.make_doc(row["text"])
        analysis.find_names([doc])
        gold = {(t["start"], t["end"]): t["reading"] for t in row["toponyms"]}
        toponyms = finder.predict(doc, spans=gold)
        everything = range(len(doc))
        analysis.parse([doc], [everything], [everything])
        for toponym in toponyms:
            span = doc.char_span(toponym.start, toponym.end, alignment_mode="expand")
            reading = gold[toponym.start, toponym.end]
            if row["corpus"] == CORPUS and reading == "modifier" and is_before_noun(span):
                continue
            rule, _ = ruled_reading(span, toponym.place)
            features.append(reading_features(span, toponym.place, rule))
            readings.append(reading)
            shares.append(1.0 if row["corpus"] == CORPUS else SHARE_OF_GOLD)
            folds.append(fold_of(row))
            ruled.append(rule)
    return features, *(np.array(column) for column in (readings, folds, ruled, shares))


def is_before_noun(span: Span) -> bool:
    """Tell whether a name stands right before a noun: "Misrata port"."""
    return span.end < len(span.doc) and span.doc[span.end].pos_ == "NOUN"


def main() -> None:
    """Fit, write, measure across folds."""
    features, readings, folds, ruled, shares = samples()
    counts = Counter(name for row in features for name in row)
    features = [{n: v for n, v in row.items() if counts[n] >= FEWEST} for row in features]
    vectors = DictVectorizer(sparse=False)
    table = vectors.fit_transform(features)
    found = np.empty(len(readings), dtype=object)
    for fold in range(FOLDS):
        model = LogisticRegression(C=STRENGTH, max_iter=3000)
        model.fit(table[folds != fold], readings[folds != fold], shares[folds != fold])
        chances = model.predict_proba(table[folds == fold])
        best = model.classes_[chances.argmax(axis=1)]
        sure = chances.max(axis=1) >= SURE
        found[folds == fold] = np.where(sure, best, ruled[folds == fold])
    print(f"{len(readings)} mentions: rules {np.mean(ruled == readings):.3f},", end=" ")
    print(f"model {np.mean(found == readings):.3f}")
    for name in sorted(set(readings)):
        right = np.sum((found == name) & (readings == name))
        precision, recall = right / max(1, np.sum(found == name)), right / np.sum(readings == name)
        print(f"{name:10} P {precision:.3f} R {recall:.3f}")
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(table, readings, shares)
    stored = {
        "about": ABOUT,
        "classes": list(model.classes_),
        "intercepts": [round(float(v), DECIMALS) for v in model.intercept_],
        "weights": {
            name: [round(float(v), DECIMALS) for v in model.coef_[:, number]]
            for number, name in enumerate(vectors.feature_names_)
        },
    }
    TARGET.write_text(json.dumps(stored, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    record_digests(TARGET.parent)


if __name__ == "__main__":
    main()
