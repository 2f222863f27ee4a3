"""Fit boosted trees with scikit-learn and store them as ``geomap.weights`` reads them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from geomap.weights.digests import record_digests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

DECIMALS = 5


def features_of(rows: Iterable[Mapping[str, float]], *, fewest: int) -> list[str]:
    """Give the features that enough rows have: what is rarer is chance."""
    met = Counter(name for row in rows for name, value in row.items() if value)
    return sorted(name for name, count in met.items() if count >= fewest)


def table_of(rows: Iterable[Mapping[str, float]], names: Sequence[str]) -> np.ndarray:
    """Write rows into a table; what a row lacks is 0."""
    return np.array([[row.get(name, 0.0) for name in names] for row in rows])


def fit(
    table: np.ndarray,
    labels: np.ndarray,
    shares: np.ndarray,
    *,
    passes: int = 250,
    leaves: int = 15,
    rate: float = 0.06,
    columns: float = 1.0,
) -> Any:
    """Fit an ensemble; deterministic. Each split chooses from a share of the ``columns``."""
    model = HistGradientBoostingClassifier(
        max_iter=passes,
        learning_rate=rate,
        max_leaf_nodes=leaves,
        min_samples_leaf=15,
        l2_regularization=2.0,
        max_features=columns,
        random_state=0,
        early_stopping=False,
    )
    return model.fit(table, labels, sample_weight=shares)


def store(model: Any, features: Sequence[str], path: Path, *, about: str) -> None:
    """Write an ensemble as JSON: numbers of the trees, no text of any corpus."""
    trees = []
    for (tree,) in model._predictors:  # noqa: SLF001 - scikit-learn offers no other way
        trees.append([
            [-1, 0, 0, 0, round(float(node["value"]), DECIMALS)]
            if node["is_leaf"]
            else [
                int(node["feature_idx"]),
                float(f"{node['num_threshold']:.7g}"),
                int(node["left"]),
                int(node["right"]),
                0,
            ]
            for node in tree.nodes
        ])  # fmt: skip
    stored = {
        "about": about,
        "features": list(features),
        "baseline": round(float(model._baseline_prediction[0][0]), DECIMALS),  # noqa: SLF001
        "trees": trees,
    }
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    record_digests(path.parent)
