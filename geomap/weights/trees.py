"""Boosted decision trees as plain arrays: fitted with scikit-learn, used without it.

All questions of all trees are answered at once, and each answer crosses out the leaves that are
out of reach: QuickScorer (Lucchese et al. 2015, "QuickScorer: a fast algorithm to rank documents
with additive ensembles of regression trees"). The leaf of a tree is the leftmost one that is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.weights.stored import read_stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    # The number of a feature and a threshold.
    Question = tuple[int, float]

__all__ = ["Trees", "load_trees"]

# Rows that are scored together: what is made on the way then stays in a cache of 1 MB.
ROWS = 128
# The leaves of a tree are the bits of a number that a float holds exactly.
MOST_LEAVES = 53


# Without slots: what scoring needs besides is worked out at first use.
@dataclass(frozen=True, eq=False)
class Trees:
    """An ensemble of binary trees whose leaves add up to a score.

    Parameters
    ----------
    features
        Names of the features, in the order of the columns.
    baseline
        What is added to every score.
    feature, threshold
        The different questions, in order: whether a feature is more than a threshold.
    left
        A row for no question, then one a question; a column a tree: the leaves in reach when
        it and all lower ones of its feature are answered with yes. The highest bit is the
        leftmost leaf.
    value
        A row a tree: its leaves from right to left.
    """

    features: tuple[str, ...]
    baseline: float
    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    left: NDArray[Any]
    value: NDArray[np.float64]

    @cached_property
    def _column(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.features)}

    @cached_property
    def _next(self) -> NDArray[np.bool_]:
        """Whether the question behind one is of the same feature."""
        same: NDArray[np.bool_] = self.feature[:-1] == self.feature[1:]
        return same

    def table(
        self, rows: Sequence[Mapping[str, float]], shared: Mapping[str, float] | None = None
    ) -> NDArray[np.float64]:
        """Write feature dicts into a table; what a row lacks is 0, what no tree asks is left out.

        Parameters
        ----------
        rows
            Feature name to value.
        shared
            What all rows have besides.
        """
        column = self._column
        table = np.zeros((len(rows), len(self.features)))
        for name, value in (shared or {}).items():
            if name in column:
                table[:, column[name]] = value
        places: list[int] = []
        values: list[float] = []
        for number, row in enumerate(rows):
            first = number * len(self.features)
            known = [name for name in row if name in column]
            places += [first + column[name] for name in known]
            values += [row[name] for name in known]
        table.put(places, values)
        return table

    def columns(
        self, features: Mapping[str, NDArray[np.float64]], size: int
    ) -> NDArray[np.float64]:
        """Write arrays of features into a table of ``size`` rows; what is lacking is 0.

        Parameters
        ----------
        features
            Feature name to one value a row.
        size
            Number of rows.
        """
        table = np.zeros((size, len(self.features)))
        for number, name in enumerate(self.features):
            if name in features:
                table[:, number] = features[name]
        return table

    def scores(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the score of each row: for a classifier, the log-odds.

        Parameters
        ----------
        table
            One row a sample, one column a feature, in the order of ``features``.
        """
        if not len(table):
            return np.zeros(0)
        blocks = [table[start : start + ROWS] for start in range(0, len(table), ROWS)]
        return np.concatenate([self._scores(block) for block in blocks])

    def _scores(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the scores of a few rows, all trees side by side."""
        above = table.take(self.feature, axis=1) > self.threshold
        # Of each feature the highest question with a yes says all. No question stands first.
        told = np.ones((len(table), 1 + len(self.feature)), dtype=bool)
        told[:, 1:] = above
        told[:, 1:-1] &= ~(above[:, 1:] & self._next)
        _, questions = np.nonzero(told)
        bounds = [*np.flatnonzero(questions == 0).tolist(), len(questions)]
        left = np.empty((len(table), len(self.value)), dtype=self.left.dtype)
        for row, (start, end) in enumerate(pairwise(bounds)):
            held = self.left.take(questions[start:end], axis=0)
            np.bitwise_and.reduce(held, axis=0, out=left[row])
        # The exponent of a number is the place of its highest bit, counted from 1.
        trees, leaves = self.value.shape
        reached = np.frexp(left)[1] + np.arange(-1, trees * leaves - 1, leaves)
        found: NDArray[np.float64] = self.baseline + self.value.take(reached).sum(axis=1)
        return found

    def probabilities(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the probability of each row, 0..1.

        Parameters
        ----------
        table
            As for :meth:`scores`.
        """
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-self.scores(table)))
        return found


@lru_cache(maxsize=8)
def load_trees(name: str) -> Trees:
    """Read an ensemble once.

    Parameters
    ----------
    name
        File name without suffix, e.g. ``"recogniser"``.

    Returns
    -------
    Trees
        Ready to score.

    Raises
    ------
    ModelError
        When the file is missing or not of the format.
    """
    return read_stored(name, trees_of)


def trees_of(stored: Mapping[str, Any]) -> Trees:
    """Make an ensemble of its stored form: a list of ``[feature, threshold, left, right, value]``.

    Parameters
    ----------
    stored
        ``features``, ``baseline`` and ``trees``; a leaf has the feature -1.

    Raises
    ------
    KeyError, TypeError, ValueError
        When it is not of that form.
    """
    trees = [_Tree(nodes) for nodes in stored["trees"]]
    leaves = max(len(tree.leaves) for tree in trees)
    if leaves > MOST_LEAVES:
        msg = f"a tree has {leaves} leaves; at most {MOST_LEAVES} can be told apart"
        raise ValueError(msg)
    value = np.zeros((len(trees), leaves))
    asked: dict[Question, list[tuple[int, int]]] = {}
    for number, tree in enumerate(trees):
        # Bits and leaves count from the right; a shorter tree lacks leaves on the right.
        value[number, leaves - len(tree.leaves) :] = tree.leaves[::-1]
        for question, first, behind in tree.asked:
            crossed = (1 << (leaves - first)) - (1 << (leaves - behind))
            asked.setdefault(question, []).append((number, crossed))
    questions = sorted(asked)
    return Trees(
        features=tuple(stored["features"]),
        baseline=float(stored["baseline"]),
        feature=np.array([feature for feature, _ in questions], dtype=np.intp),
        threshold=np.array([limit for _, limit in questions], dtype=np.float64),
        left=_left_after(questions, asked, value.shape),
        value=value,
    )


def _left_after(
    questions: Sequence[Question],
    asked: Mapping[Question, Sequence[tuple[int, int]]],
    shape: tuple[int, int],
) -> NDArray[Any]:
    """Give the leaves in reach after each question, from those that it crosses out, by tree."""
    trees, leaves = shape
    every = (1 << leaves) - 1
    left = np.full((1 + len(questions), trees), every, dtype=np.min_scalar_type(every))
    for row, question in enumerate(questions, 1):
        if row > 1 and questions[row - 2][0] == question[0]:
            left[row] = left[row - 1]
        for tree, crossed in asked[question]:
            left[row, tree] &= every ^ crossed
    return left


class _Tree:
    """A stored tree: its leaves from left to right, and its questions.

    Each question comes with the leaves, first and behind the last, that a yes crosses out.
    """

    def __init__(self, nodes: Sequence[Sequence[float]]) -> None:
        self.leaves: list[float] = []
        self.asked: list[tuple[Question, int, int]] = []
        self._nodes = nodes
        self._walk(0)

    def _walk(self, number: int) -> None:
        asked, limit, below, above, value = self._nodes[number]
        if asked < 0:
            self.leaves.append(float(value))
            return
        if not all(number < child < len(self._nodes) for child in (below, above)):
            msg = f"node {number} of {len(self._nodes)} has the children {below} and {above}"
            raise ValueError(msg)
        first = len(self.leaves)
        self._walk(int(below))
        self.asked.append(((int(asked), float(limit)), first, len(self.leaves)))
        self._walk(int(above))
