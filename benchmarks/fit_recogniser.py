"""Fit the weights of the toponym recogniser and write ``geomap/lexicons/recogniser.toml``.

Run from the root of the checkout, with scikit-learn installed::

    python benchmarks/fit_recogniser.py CORPUS.jsonl [CORPUS.jsonl …]

A corpus has one JSON object a line: ``{"id", "corpus", "text", "toponyms": [{"start", "end"}]}``.
The dispatches of ``seeds/`` and their gold are always added. Of a corpus whose
name starts with ``ua-`` only the annotated mentions are used, since the others
are not annotated. Two thirds of the documents (by the SHA-256 of their id) are fitted on, one
third is measured on and never fitted. Deterministic.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from geomap.gazetteer import open_gazetteer
from geomap.pipeline import load_pipeline
from geomap.settings import Settings
from geomap.toponyms.evidence import features_of
from geomap.toponyms.recognise import propose, recognise

if TYPE_CHECKING:
    import spacy

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "geomap" / "lexicons" / "recogniser.toml"
# The seeds are the only whole conflict texts; one-sided mentions count less.
SHARES = {"seeds": 4.0, "ua-cir": 0.4}
HEAD = """\
# Weights of the logistic model that tells toponyms from other names.
# Fitted by benchmarks/fit_recogniser.py on the development halves of LGL (Lieberman
# et al. 2010), GeoVirus (Gritta et al. 2018), mentions of Eyes on Russia (CIR), and
# the project's own seeds/.
# A positive weight speaks for a place. Only numbers are kept, no text.
"""


def is_held_out(identifier: str) -> bool:
    """Tell whether a document is measured on, never fitted on."""
    return int(hashlib.sha256(f"split:{identifier}".encode()).hexdigest(), 16) % 3 == 0


def read(paths: list[str]) -> list[dict[str, Any]]:
    """Read all corpora."""
    rows = []
    for path in paths:
        with Path(path).open(encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines if line.strip()]
    return rows + seeds()


def seeds() -> list[dict[str, Any]]:
    """Read the project's own dispatches with their gold."""
    gold = (ROOT / "seeds" / "gold" / "toponyms.jsonl").read_text(encoding="utf-8").splitlines()
    toponyms = [json.loads(line) for line in gold]
    return [
        {
            "id": path.stem,
            "corpus": "seeds",
            "text": path.read_text(encoding="utf-8"),
            "toponyms": [t for t in toponyms if t["doc"] == path.stem],
        }
        for path in sorted((ROOT / "seeds").glob("*.txt"))
    ]


def main() -> None:
    """Fit, write, measure."""
    gazetteer = open_gazetteer()
    nlp = load_pipeline(Settings())
    nlp.select_pipes(
        disable=[name for name in nlp.pipe_names if name.startswith(("geomap_t", "geomap_e"))]
    )
    samples, labels, shares, held = [], [], [], []
    documents = read(sys.argv[1:])
    for row, doc in zip(documents, nlp.pipe(r["text"] for r in documents), strict=True):
        partial = row["corpus"].startswith("ua-")
        if is_held_out(row["id"]) and row["corpus"] != "seeds":
            if not partial:
                held.append((row, doc))
            continue
        gold = {(t["start"], t["end"]) for t in row["toponyms"]}
        for proposal in propose(doc, gazetteer):
            right = (proposal.span.start_char, proposal.span.end_char) in gold
            if partial and not right:
                continue
            samples.append(features_of(proposal.span, proposal.candidates, doc))
            labels.append(right)
            shares.append(SHARES.get(row["corpus"], 1.0))
    vectors = DictVectorizer()
    model = LogisticRegression(C=1.0, max_iter=2000, fit_intercept=False, random_state=0)
    model.fit(vectors.fit_transform(samples), labels, sample_weight=shares)
    weights = dict(zip(vectors.feature_names_, model.coef_[0], strict=True))
    lines = [f"{name} = {weight:.3f}" for name, weight in sorted(weights.items())]
    TARGET.write_text(HEAD + "\n[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(samples)} proposals, {sum(labels)} toponyms -> {TARGET.relative_to(ROOT)}")
    measure(held, gazetteer)


def measure(held: list[tuple[dict[str, Any], spacy.tokens.Doc]], gazetteer: Any) -> None:
    """Print overlap precision, recall and F1 on the held-out documents."""
    right = predicted = gold_count = found = 0
    for row, doc in held:
        gold = [(t["start"], t["end"]) for t in row["toponyms"]]
        spans = [(m.start, m.end) for m in recognise(doc, gazetteer=gazetteer)]
        right += sum(any(s < e2 and s2 < e for s2, e2 in gold) for s, e in spans)
        found += sum(any(s < e2 and s2 < e for s2, e2 in spans) for s, e in gold)
        predicted += len(spans)
        gold_count += len(gold)
    precision, recall = right / max(predicted, 1), found / max(gold_count, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(
        f"held out: {len(held)} documents, P {precision:.3f} R {recall:.3f} F1 {f1:.3f} (overlap)"
    )


if __name__ == "__main__":
    main()
