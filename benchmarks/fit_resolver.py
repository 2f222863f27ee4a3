"""Fit the resolver's trees and its calibration.

Run from the root of the checkout, with scikit-learn installed::

    OMP_NUM_THREADS=1 python benchmarks/fit_resolver.py CORPUS.jsonl [CORPUS.jsonl …]

Writes ``resolver.json`` and ``theatres.json`` to ``geomap/weights`` and
``geomap/lexicons/calibration.toml``. The
names are the annotated ones. What is measured and calibrated comes from ensembles
that were not fitted on the document (five folds). Of light use for a second
ensemble in the light of the first's answers: it was measured and gave nothing.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import spacy
from boosting import fit, store
from corpora import FOLDS, ROOT, fold_of, is_set_aside, rows_to_fit
from marked_toponyms import CORPUS, marked_rows
from sklearn.isotonic import IsotonicRegression

from geomap.gazetteer import open_gazetteer
from geomap.toponyms.candidates import candidates_for, with_remembered_regions
from geomap.toponyms.ranking import (
    containers_of_sense,
    features_of_senses,
    held_by,
    surroundings_of,
)
from geomap.toponyms.recognise import mentions_of_spans
from geomap.toponyms.resolution import SAME_SPOT_KM, first_guess
from geomap.toponyms.senses import Sense, distances_km, senses_of
from geomap.toponyms.theatres import cells_of, load_theatres

if TYPE_CHECKING:
    from geomap.records import Place

TARGET = ROOT / "geomap" / "weights" / "resolver.json"
THEATRES = ROOT / "geomap" / "weights" / "theatres.json"
CALIBRATION = ROOT / "geomap" / "lexicons" / "calibration.toml"
# The field's customary threshold, 100 miles.
RIGHT_KM = 161.0
# A name whose place the gazetteer lacks teaches only what is wrong.
LACKING_SHARE = 0.3
# The marked dispatches name four times as many places as all others together, most of them plain.
SHARES = {CORPUS: 0.1}
ABOUT = (
    "fitted by benchmarks/fit_resolver.py on the development halves of LGL, GeoVirus and CIR, "
    "the project's own dispatches and its marked ones"
)
POINTS = 12
# Each split sees so many of the features. Log loss across folds (two splits): .0604 with all of
# them, .0594 with .3, .0591 with .3 and 20 leaves for 15.
COLUMNS = 0.4
LEAVES = 20
# No answer is called surely wrong.
LEAST = 0.02


@dataclass
class Document:
    """The senses of one document, with what is right."""

    row: dict[str, Any]
    senses: tuple[Sense, ...]
    held: list[list[Place | None]]
    gold: list[list[dict[str, Any]]]
    labels: list[np.ndarray]


def right_candidates(sense: Sense, gold: list[dict[str, Any]]) -> np.ndarray:
    """Mark the candidate that the annotation means: by identifier, else the nearest one."""
    labels = np.zeros(len(sense))
    ids = [c.place.id for c in sense.candidates]
    for toponym in gold:
        if toponym["lat"] is None or not ids:
            continue
        known = f"geonames:{toponym.get('geonameid')}"
        if known in ids:
            labels[ids.index(known)] = 1
            continue
        apart = apart_km(sense, toponym)
        nearest = int(np.argmin(apart))
        reach = max(RIGHT_KM, sense.candidates[nearest].place.radius_km)
        labels[nearest] = max(labels[nearest], apart[nearest] <= reach)
    return labels


def apart_km(sense: Sense, toponym: dict[str, Any]) -> np.ndarray:
    """Measure all candidates from the annotated point."""
    point = np.radians([toponym["lon"]]), np.radians([toponym["lat"]])
    return distances_km(sense.lon, sense.lat, *point)[:, 0]


def is_counted(row: dict[str, Any]) -> bool:
    """Tell whether a text is one of those that the theatres are counted in."""
    return row["corpus"] == CORPUS and not is_set_aside(row)


def cells_named(row: dict[str, Any]) -> set[int]:
    """Give the cells of the places that a text names."""
    points = [(t["lon"], t["lat"]) for t in row["toponyms"] if t["lat"] is not None]
    lon, lat = np.array(points, dtype=float).reshape(-1, 2).T
    return set(cells_of(lon, lat).tolist())


def count_theatres() -> None:
    """Write in how many of the marked dispatches a place of each cell is named."""
    counts = Counter(cell for row in marked_rows() if is_counted(row) for cell in cells_named(row))
    cells = sorted(counts)
    about = "counted by benchmarks/fit_resolver.py in the project's marked dispatches"
    stored = {"about": about, "cells": cells, "texts": [counts[cell] for cell in cells]}
    THEATRES.write_text(json.dumps(stored) + "\n", encoding="utf-8")


def read(paths: list[str]) -> list[Document]:
    """Read the corpora and look all names up."""
    gazetteer = open_gazetteer()
    blank = spacy.blank("en")
    found: dict[Any, Any] = {}
    documents = []
    for row in rows_to_fit(paths):
        if not row["toponyms"]:
            continue
        gold = {(t["start"], t["end"]): t for t in row["toponyms"]}
        mentions = mentions_of_spans(blank.make_doc(row["text"]), gold)
        candidates = {}
        for mention in mentions:
            key = (mention.lookup, mention.text, mention.settlement)
            if key not in found:
                found[key] = candidates_for(mention, gazetteer=gazetteer)
            candidates[mention.lookup] = found[key]
            for name in mention.within:
                if name not in candidates:
                    candidates[name] = found.setdefault(name, gazetteer.find(name))
        candidates = with_remembered_regions(candidates)
        senses = senses_of(mentions, candidates)
        held = [held_by(s, containers_of_sense(s, candidates)) for s in senses]
        meant = [[gold[mentions[n].start, mentions[n].end] for n in s.mentions] for s in senses]
        labels = [right_candidates(s, g) for s, g in zip(senses, meant, strict=True)]
        documents.append(Document(row, senses, held, meant, labels))
    return documents


def tables(
    documents: list[Document], posteriors: list[list[np.ndarray]]
) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Write all candidates into one table: names of columns, values, labels, shares, folds."""
    blocks, labels, shares, folds = [], [], [], []
    names: list[str] = []
    theatres = load_theatres()
    for document, guess in zip(documents, posteriors, strict=True):
        around = surroundings_of(document.senses, guess)
        seen = theatres.without(cells_named(document.row)) if is_counted(document.row) else theatres
        features = features_of_senses(document.senses, document.held, around, theatres=seen)
        if not features:
            continue
        names = names or sorted(features)
        blocks.append(np.column_stack([features[name] for name in names]))
        for number, sense in enumerate(document.senses):
            if not len(sense):
                continue
            right = document.labels[number]
            known = any(t["lat"] is not None for t in document.gold[number])
            share = known * (1.0 if right.max() else LACKING_SHARE) * min(3, len(sense.mentions))
            labels.append(right)
            share = float(share) ** 0.5 * SHARES.get(document.row["corpus"], 1.0)
            shares.append(np.full(len(sense), share))
            folds.append(np.full(len(sense), fold_of(document.row)))
    return (names, np.vstack(blocks), *(np.concatenate(x) for x in (labels, shares, folds)))


def ensemble(
    documents: list[Document], posteriors: list[list[np.ndarray]]
) -> list[list[np.ndarray]]:
    """Fit and store an ensemble; give the probabilities by ensembles that saw other folds."""
    names, table, labels, shares, folds = tables(documents, posteriors)
    fitted = np.zeros(len(labels))
    for fold in range(FOLDS):
        seen = (folds != fold) & (shares > 0)
        model = fit(table[seen], labels[seen], shares[seen], columns=COLUMNS, leaves=LEAVES)
        fitted[folds == fold] = model.predict_proba(table[folds == fold])[:, 1]
    store(
        fit(
            table[shares > 0],
            labels[shares > 0],
            shares[shares > 0],
            columns=COLUMNS,
            leaves=LEAVES,
        ),
        names,
        TARGET,
        about=ABOUT,
    )
    result, used = [], 0
    for document in documents:
        own = []
        for sense in document.senses:
            values = fitted[used : used + len(sense)]
            used += len(sense)
            own.append(values / max(1.0, values.sum()) if len(sense) else np.zeros(0))
        result.append(own)
    return result


def measure(documents: list[Document], posteriors: list[list[np.ndarray]], title: str) -> None:
    """Print accuracy at 161 and 25 km by corpus; a name without candidates is wrong."""
    counts: dict[str, list[int]] = {}
    for document, guess in zip(documents, posteriors, strict=True):
        for number, sense in enumerate(document.senses):
            for toponym in document.gold[number]:
                if toponym["lat"] is None:
                    continue
                count = counts.setdefault(document.row["corpus"], [0, 0, 0])
                count[0] += 1
                if len(sense):
                    apart = apart_km(sense, toponym)[int(np.argmax(guess[number]))]
                    count[1] += apart <= RIGHT_KM
                    count[2] += apart <= 25  # noqa: PLR2004 - kilometres
    for corpus, (all_, far, near) in counts.items():
        print(f"{title:15} {corpus:12} @161 {far / all_:.3f} @25 {near / all_:.3f} of {all_}")


def calibrate(documents: list[Document], posteriors: list[list[np.ndarray]]) -> None:
    """Fit how often an answer of a given share is right, and write the table."""
    shares, right, weights = [], [], []
    for document, guess in zip(documents, posteriors, strict=True):
        for number, sense in enumerate(document.senses):
            if not len(sense):
                continue
            top = int(np.argmax(guess[number]))
            apart = distances_km(sense.lon[[top]], sense.lat[[top]], sense.lon, sense.lat)[0]
            spot = apart <= max(SAME_SPOT_KM, sense.candidates[top].place.radius_km / 2)
            for toponym in document.gold[number]:
                if toponym["lat"] is not None:
                    reach = max(RIGHT_KM, sense.candidates[top].place.radius_km)
                    shares.append(min(1.0, guess[number][spot].sum()))
                    right.append(apart_km(sense, toponym)[top] <= reach)
                    weights.append(SHARES.get(document.row["corpus"], 1.0))
    curve = IsotonicRegression(y_min=LEAST, y_max=0.99, out_of_bounds="clip")
    curve.fit(shares, right, weights)
    grid = np.unique(np.round(np.quantile(shares, np.linspace(0, 1, POINTS)), 3))
    grid = np.unique(np.concatenate([np.linspace(0, 1, 11), grid]))
    values = curve.predict(grid)
    values[0] = LEAST  # no evidence at all, which hardly occurs
    CALIBRATION.write_text(
        "# How often the resolver is right (within 161 km, or the radius of the place) at a given\n"
        "# share of the evidence; straight lines between. Isotonic regression over documents that\n"
        "# the ensemble was not fitted on. Written by benchmarks/fit_resolver.py.\n\n"
        f"[resolution]\nshare = [{', '.join(f'{v:.3f}' for v in grid)}]\n"
        f"right = [{', '.join(f'{v:.3f}' for v in values)}]\n",
        encoding="utf-8",
    )


def main() -> None:
    """Fit, write, measure across folds."""
    count_theatres()
    documents = read(sys.argv[1:])
    posteriors = [
        [first_guess(s, h) for s, h in zip(d.senses, d.held, strict=True)] for d in documents
    ]
    measure(documents, posteriors, "first guess")
    posteriors = ensemble(documents, posteriors)
    measure(documents, posteriors, "trees")
    calibrate(documents, posteriors)


if __name__ == "__main__":
    main()
