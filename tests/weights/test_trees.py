"""Boosted trees as plain arrays."""

from __future__ import annotations

import importlib.util
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import ModelError
from geomap.weights import Trees, load_trees
from geomap.weights.trees import trees_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAF = -1
# Two trees: one asks height, then width; the other is a single leaf.
STORED: dict[str, Any] = {
    "features": ["height", "width"],
    "baseline": 0.5,
    "trees": [
        [
            [0, 10.0, 1, 2, 0],
            [LEAF, 0, 0, 0, -1.0],
            [1, 3.0, 3, 4, 0],
            [LEAF, 0, 0, 0, 2.0],
            [LEAF, 0, 0, 0, 4.0],
        ],
        [[LEAF, 0, 0, 0, 0.25]],
    ],
}


def chain(steps: int) -> list[list[float]]:
    """Give a tree of questions, "more than 0?", "more than 1?" …, each answered by a leaf."""
    nodes: list[list[float]] = []
    for step in range(steps):
        nodes += [[0, float(step), 2 * step + 1, 2 * step + 2, 0], [LEAF, 0, 0, 0, float(step)]]
    return [*nodes, [LEAF, 0, 0, 0, float(steps)]]


@pytest.mark.parametrize(
    ("height", "width", "score"),
    [
        (10.0, 9.0, -1.0),  # at most the threshold: left
        (10.1, 3.0, 2.0),
        (11.0, 3.5, 4.0),
        (-5.0, 0.0, -1.0),
    ],
)
def test_scores_add_up_leaves_and_baseline(height: float, width: float, score: float) -> None:
    found = trees_of(STORED).scores(np.array([[height, width]]))
    assert found.tolist() == [score + 0.25 + 0.5]


def test_many_rows_score_as_each_alone() -> None:
    trees = trees_of(STORED)
    rows = [{"height": h, "width": w} for h in (0.0, 10.0, 20.0) for w in (1.0, 5.0)]
    together = trees.scores(trees.table(rows))
    alone = [float(trees.scores(trees.table([row]))[0]) for row in rows]
    assert together.tolist() == alone


@pytest.mark.parametrize("steps", [2, 15, 16, 20, 33, 52])
def test_leaves_near_and_far_from_the_root_count_alike(steps: int) -> None:
    stored = {**STORED, "trees": [chain(steps), STORED["trees"][0]]}
    heights = np.arange(-1.0, steps + 2)
    found = trees_of(stored).scores(np.column_stack([heights, np.zeros_like(heights)]))
    expected = [
        min(max(height, 0.0), steps) + (2.0 if height > 10 else -1.0) + 0.5 for height in heights
    ]
    assert found.tolist() == expected


def test_nothing_to_score_gives_nothing() -> None:
    trees = trees_of(STORED)
    assert trees.scores(trees.table([])).shape == (0,)
    assert trees.probabilities(trees.table([])).shape == (0,)


def test_unknown_features_are_left_out_and_missing_ones_are_nought() -> None:
    trees = trees_of(STORED)
    assert trees.table([{"colour": 7.0, "width": 2.0}]).tolist() == [[0.0, 2.0]]
    shared = trees.table([{"width": 2.0}, {"colour": 7.0}], {"height": 1.0, "colour": 2.0})
    assert shared.tolist() == [[1.0, 2.0], [1.0, 0.0]]
    assert trees.columns({"width": np.array([1.0, 2.0])}, 2).tolist() == [[0.0, 1.0], [0.0, 2.0]]


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=1, max_size=20))
def test_probabilities_grow_with_scores_and_stay_within_bounds(
    rows: list[tuple[float, float]],
) -> None:
    trees = trees_of(STORED)
    scores, chances = trees.scores(np.array(rows)), trees.probabilities(np.array(rows))
    assert ((chances > 0) & (chances < 1)).all()
    assert (np.argsort(scores, kind="stable") == np.argsort(chances, kind="stable")).all()


@pytest.mark.slow
def test_what_is_stored_predicts_as_scikit_learn_does(root_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="only who fits the weights needs scikit-learn")
    spec = importlib.util.spec_from_file_location(
        "boosting", root_dir / "benchmarks" / "boosting.py"
    )
    boosting = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(boosting)
    chance = np.random.default_rng(7)
    table = chance.normal(size=(400, 5))
    labels = (table[:, 0] * table[:, 1] + table[:, 2] > 0).astype(float)
    model = boosting.fit(table, labels, np.ones(400), passes=30)
    names = [f"f{number}" for number in range(5)]
    boosting.store(model, names, tmp_path / "trees.json", about="random numbers")
    trees = trees_of(json.loads((tmp_path / "trees.json").read_text()))
    fresh = chance.normal(size=(300, 5))
    # Stored leaves have five decimals; thirty trees add up their roundings.
    assert np.allclose(trees.probabilities(fresh), model.predict_proba(fresh)[:, 1], atol=1e-4)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(
        "geomap.weights.stored.resources", SimpleNamespace(files=lambda _package: tmp_path)
    )
    load_trees.cache_clear()
    yield tmp_path
    load_trees.cache_clear()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"features": [], "baseline": 0, "trees": []}',
        '{"features": ["a"], "baseline": "high", "trees": [[[-1, 0, 0, 0, 1]]]}',
        '{"features": ["a"], "baseline": 0, "trees": [[[-1, 0, 0]]]}',
        '{"features": ["a"], "baseline": 0, "trees": [[[0, 1, 5, 6, 0]]]}',
        '{"features": ["a"], "baseline": 0, "trees": [[[0, 1, 0, 0, 0]]]}',
        json.dumps({"features": ["a"], "baseline": 0, "trees": [chain(53)]}),
    ],
)
def test_a_bad_file_is_one_clear_error(folder: Path, content: str) -> None:
    (folder / "bad.json").write_text(content)
    with pytest.raises(ModelError, match=r"'bad' cannot be read .* reinstall geomap"):
        load_trees("bad")


def test_a_missing_file_is_one_clear_error(folder: Path) -> None:
    with pytest.raises(ModelError, match="'none'"):
        load_trees("none")


@pytest.mark.parametrize("name", ["recogniser", "resolver"])
def test_what_ships_is_sound(name: str) -> None:
    trees = load_trees(name)
    assert isinstance(trees, Trees)
    assert len(set(trees.features)) == len(trees.features)
    assert ((trees.feature >= 0) & (trees.feature < len(trees.features))).all()
    assert np.isfinite(trees.value).all()
    assert (trees.left > 0).all()
    assert load_trees(name) is trees
