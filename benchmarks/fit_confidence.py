"""Fit and measure the confidence of events.

    python benchmarks/fit_confidence.py [--write]

An event is right when the gold of the seeds and dispatches (of wires and
briefs two in three) has one of its type at its place (the matching of geomap evaluate). The model of
triggers, and the trees that look at its answers again, know too well the texts that they were fitted
on, so each half of the gold is extracted with some that were fitted without it. A logistic
regression over what the confidence hangs on (geomap/events/confidence.py) is
fitted with each article left out in turn for the figures, then on all of them
for the table. Needs scikit-learn, for development only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boosting
import fit_tellings
import fit_triggers
import numpy as np
from gold_triggers import FOLDERS, is_held_out
from marked import fold_of
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from weight_tables import weights_of, write_weights

from geomap.events import forms as events_forms
from geomap.events import tellings as events_tellings
from geomap.events import triggers as events_triggers
from geomap.events.assemble import assemble_events
from geomap.events.bundles import bundle_mentions
from geomap.events.confidence import confidence_features
from geomap.events.dating import anchor_date
from geomap.events.extraction import find_event_mentions
from geomap.pipeline import extract, load_pipeline
from geomap.records import Article
from geomap.score import read_gold
from geomap.score.events import match_events
from geomap.toponyms.annotations import toponyms_of
from geomap.weights.trees import trees_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geomap.weights import Trees
    from geomap.weights.wide import Wide

ROOT = Path(__file__).parents[1]
LEXICON = ROOT / "geomap" / "lexicons" / "confidence.toml"
BINS = 5
HALVES = 2


def cases() -> list[tuple[str, dict[str, float], bool]]:
    """Give article, features and rightness of each event found."""
    words = fit_triggers.samples()
    readers = fit_tellings.Readers(words)
    tables = fit_tellings.tables(words, readers, readers.chances())
    nlp = load_pipeline()
    found: list[tuple[str, dict[str, float], bool]] = []
    for half in range(HALVES):
        kept = [not (w.gold and fold_of(w.text, folds=HALVES) == half) for w in words]
        model = fit_triggers.fitted([w for w, keep in zip(words, kept, strict=True) if keep])
        trees = {
            name: trees_from(table.fit(np.array([kept[c.row] for c in table.cases])), table.names)
            for name, table in tables.items()
        }
        with triggers_by(model, trees):
            found += _cases(nlp, half)
    return found


def trees_from(model: Any, names: list[str]) -> Trees:
    """Give fitted trees as they are used."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trees.json"
        boosting.store(model, names, path, about="")
        return trees_of(json.loads(path.read_text("utf-8")))


@contextmanager
def triggers_by(model: Wide, trees: Mapping[str, Trees]) -> Iterator[None]:
    """Let a model of triggers, and trees that look again, decide within a ``with`` block."""
    modules = (events_forms, events_triggers)
    shipped, shipped_trees = events_triggers.load_wide, events_tellings.load_trees
    for module in modules:
        module.load_wide = lambda _: model
    events_tellings.load_trees = trees.__getitem__
    events_triggers._known_words.cache_clear()  # noqa: SLF001 - the words of the other model
    try:
        yield
    finally:
        for module in modules:
            module.load_wide = shipped
        events_tellings.load_trees = shipped_trees
        events_triggers._known_words.cache_clear()  # noqa: SLF001 - same


def _cases(nlp: Any, half: int) -> list[tuple[str, dict[str, float], bool]]:
    found: list[tuple[str, dict[str, float], bool]] = []
    for folder in FOLDERS:
        gold = {d.doc: d for d in read_gold(folder / "gold").documents}
        for path in sorted(folder.glob("*.txt")):
            name = f"{folder.name}/{path.stem}"
            if is_held_out(folder.name, path.stem) or fold_of(name, folds=HALVES) != half:
                continue
            text = path.read_bytes().decode("utf-8")
            day = dt.date.fromisoformat(path.stem[:10])
            article = Article(id=path.stem, text=text, published=day, language="en")
            extracted = extract(article, nlp=nlp)
            right: set[str] = set()
            if path.stem in gold:
                pairs = match_events(gold[path.stem], extracted)
                right = {m.found.id for m in pairs if m.gold and m.found}
            found += _features(nlp, article, right)
    return found


def _features(
    nlp: Any, article: Article, right: set[str]
) -> list[tuple[str, dict[str, float], bool]]:
    with nlp.select_pipes(disable=["geomap_events"]):
        doc = nlp(article.text)
    toponyms = toponyms_of(doc)
    day, _ = anchor_date(doc.text, published=article.published, name=article.id)
    mentions = find_event_mentions(doc, toponyms, anchor=day)
    by_id = {t.id: t for t in toponyms}
    bundles = bundle_mentions(mentions, by_id)
    events = assemble_events(mentions, toponyms, boundary=lambda _: None)
    return [
        (article.id, confidence_features(b, by_id), e.id in right)
        for b, e in zip(bundles, events, strict=True)
    ]


def fitted(
    rows: list[tuple[str, dict[str, float], bool]],
) -> tuple[DictVectorizer, LogisticRegression]:
    """Fit the regression."""
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([features for _, features, _ in rows])
    model = LogisticRegression(C=0.5, fit_intercept=False, max_iter=1000)
    model.fit(matrix, [right for _, _, right in rows])
    return vectorizer, model


def measure(rows: list[tuple[str, dict[str, float], bool]]) -> None:
    """Print the calibration with each article left out in turn."""
    said, true = [], []
    for article in sorted({a for a, _, _ in rows}):
        vectorizer, model = fitted([r for r in rows if r[0] != article])
        own = [r for r in rows if r[0] == article]
        said += list(model.predict_proba(vectorizer.transform([f for _, f, _ in own]))[:, 1])
        true += [right for _, _, right in own]
    confidence, right = np.array(said), np.array(true)
    error = 0.0
    print(f"{'said':>12} {'right':>7} {'events':>7}")
    for low in np.linspace(0, 1, BINS, endpoint=False):
        inside = (confidence >= low) & (confidence < low + 1 / BINS)
        if inside.any():
            gap = abs(confidence[inside].mean() - right[inside].mean())
            error += gap * inside.mean()
            print(
                f"{confidence[inside].mean():12.3f} {right[inside].mean():7.3f} {inside.sum():7d}"
            )
    brier = float(((confidence - right) ** 2).mean())
    print(f"expected calibration error {error:.3f}, Brier score {brier:.3f}, {len(right)} events")


def write(rows: list[tuple[str, dict[str, float], bool]]) -> None:
    """Write the table."""
    write_weights(
        LEXICON,
        comments=[
            "Weights of the confidence of events (geomap/events/confidence.py).",
            "Made by: python benchmarks/fit_confidence.py --write",
            "Fitted on the seeds, development dispatches, and two of three of wires and briefs: the share",
            "of events whose type and place are right.",
        ],
        weights=weights_of(*fitted(rows)),
    )


def main() -> None:
    """Fit, measure, write when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="write geomap/lexicons/confidence.toml"
    )
    options = parser.parse_args()
    rows = cases()
    measure(rows)
    if options.write:
        write(rows)


if __name__ == "__main__":
    main()
