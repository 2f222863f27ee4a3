"""Fit the trees that tell toponyms from other names: ``geomap/weights/recogniser.json``.

Run from the root of the checkout, with scikit-learn installed, after
``train_ner.py --cross-fit FOLDER``::

    OMP_NUM_THREADS=1 python benchmarks/fit_recogniser.py FOLDER CORPUS.jsonl [CORPUS.jsonl …]

What NER found in a document comes from a model that was not trained on it, so
that the trees learn how far it can be believed. Of a corpus in which only some
mentions are annotated only those are used. Deterministic.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import spacy
from boosting import fit, store
from corpora import FOLDS, ROOT, fold_of, is_partial, rows_to_fit
from marked_toponyms import CORPUS
from spacy.tokens import Doc, DocBin

from geomap.gazetteer import open_gazetteer
from geomap.gazetteer.building import build
from geomap.toponyms.evidence import document_evidence, features_of
from geomap.toponyms.proposals import Proposal, propose
from geomap.toponyms.recognise import choose
from geomap.toponyms.tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from geomap.gazetteer import Gazetteer

TARGET = ROOT / "geomap" / "weights" / "recogniser.json"
# The project's dispatches are read most carefully. The marked ones are many and of one manner: at a
# full share they cost LGL .005 of F1 across folds, and at a tenth they are found as well.
SHARES = {"own": 4.0, "lgl": 2.0, "geovirus": 1.5, CORPUS: 0.1}
ABOUT = (
    "fitted by benchmarks/fit_recogniser.py on the development halves of LGL, GeoVirus and CIR, "
    "the project's own dispatches and its marked ones"
)
PASSES, LEAVES, RATE = 280, 18, 0.07


def read(folder: Path, rows: list[dict[str, Any]]) -> dict[str, Doc]:
    """Give each text as NER found it without having seen it."""
    blank = spacy.blank("en")
    docs: dict[str, Doc] = {}
    for fold in range(FOLDS):
        docs |= {
            d.text: d
            for d in DocBin().from_disk(folder / f"fold{fold}.spacy").get_docs(blank.vocab)
        }
    lacking = [row["id"] for row in rows if row["text"] not in docs]
    if lacking:
        print(f"left out, not in {folder}: {', '.join(lacking)}")
    return docs


def lesser_gazetteer(folder: Path) -> Gazetteer:
    """Build the gazetteer without what was added for texts like those that are fitted on.

    In texts that it was not made for, more names are lacking than in these: fitted on all of it,
    the trees take a name that it lacks for none.
    """
    shutil.copytree(ROOT / "gazetteers", folder / "gazetteers")
    overlays = folder / "gazetteers" / "overlays"
    for path in (overlays / "fronts_named.csv", *overlays.glob("world_*.csv")):
        path.unlink()
    build(folder / "gazetteers", folder / "lesser.sqlite")
    return open_gazetteer(folder / "lesser.sqlite")


def samples_of(
    row: dict[str, Any], tokens: Tokens, proposals: tuple[Proposal, ...]
) -> tuple[list[dict[str, float]], list[bool]]:
    """Give the features and labels of a document's proposals."""
    gold = {(t["start"], t["end"]) for t in row["toponyms"]}
    # The full stop of "W.Va." is a token of its own to spaCy.
    gold |= {(start, end - 1) for start, end in gold if row["text"][end - 1] == "."}
    document = document_evidence(tokens, proposals)
    features, labels = [], []
    for proposal in proposals:
        span = (tokens.starts[proposal.start], tokens.ends[proposal.end - 1])
        if not is_partial(row) or span in gold:
            features.append(features_of(proposal, tokens, document))
            labels.append(span in gold)
    return features, labels


def main() -> None:
    """Fit, write, measure across folds."""
    rows = rows_to_fit(sys.argv[2:])
    docs = read(Path(sys.argv[1]), rows)
    rows = [row for row in rows if row["text"] in docs]
    texts = [tokens_of(docs[row["text"]]) for row in rows]
    with tempfile.TemporaryDirectory() as folder, lesser_gazetteer(Path(folder)) as gazetteer:
        proposals = [propose(tokens, gazetteer) for tokens in texts]
    samples = [samples_of(*each) for each in zip(rows, texts, proposals, strict=True)]
    names = sorted({name for features, _ in samples for row in features for name in row})
    column = {name: number for number, name in enumerate(names)}
    blocks = []
    for features, _ in samples:
        block = np.zeros((len(features), len(names)))
        for number, row in enumerate(features):
            for name, value in row.items():
                block[number, column[name]] = value
        blocks.append(block)
    table = np.vstack(blocks)
    labels = np.concatenate([np.array(found, dtype=float) for _, found in samples])
    counts = [len(features) for features, _ in samples]
    shares = np.repeat([SHARES.get(row["corpus"], 1.0) for row in rows], counts)
    folds = np.repeat([fold_of(row) for row in rows], counts)
    fitted = np.zeros(len(labels))
    for fold in range(FOLDS):
        seen = folds != fold
        model = fit(
            table[seen], labels[seen], shares[seen], passes=PASSES, leaves=LEAVES, rate=RATE
        )
        fitted[~seen] = model.predict_proba(table[~seen])[:, 1]
    store(
        fit(table, labels, shares, passes=PASSES, leaves=LEAVES, rate=RATE),
        names,
        TARGET,
        about=ABOUT,
    )
    print(f"{len(labels)} proposals, {labels.sum():.0f} toponyms")
    measure(rows, texts, proposals, np.split(fitted, np.cumsum(counts)[:-1]))


def measure(
    rows: list[dict[str, Any]],
    texts: list[Tokens],
    proposals: list[tuple[Proposal, ...]],
    fitted: list[np.ndarray],
) -> None:
    """Print precision, recall and F1 (overlap) across folds, by corpus."""
    counts: dict[str, np.ndarray] = {}
    for row, tokens, proposed, chances in zip(rows, texts, proposals, fitted, strict=True):
        if is_partial(row):
            continue
        gold = [(t["start"], t["end"]) for t in row["toponyms"]]
        chosen = choose(proposed, chances.tolist())
        found = [(tokens.starts[p.start], tokens.ends[p.end - 1]) for _, p in chosen]
        right = sum(any(s < e2 and s2 < e for s2, e2 in gold) for s, e in found)
        met = sum(any(s < e2 and s2 < e for s2, e2 in found) for s, e in gold)
        count = counts.setdefault(row["corpus"], np.zeros(5))
        count += [right, len(found), met, len(gold), len(set(found) & set(gold))]
    for corpus, (right, found, met, gold, same) in counts.items():
        precision, recall = right / found, met / gold
        f1 = 2 * precision * recall / (precision + recall)
        strict = 2 * same / (found + gold)
        print(f"{corpus:10} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} strict {strict:.3f}")


if __name__ == "__main__":
    main()
