"""Boosted decision trees as plain arrays: fitted with scikit-learn, used without it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.weights.stored import read_stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Trees", "load_trees"]

# The steps after which samples that have reached their leaf are left out: most leaves are near
# the root, the farthest four times as far. Of eight such sets the fastest, half the time of none.
_SIFTED = frozenset({4, 7, 10})
# Rows that go down the trees together: with 250 trees what is made on the way then stays in a
# cache of 1 MB. Of 16 to 256 rows, and of all, the fastest: half the time of all for 500 rows.
ROWS = 128


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble of binary trees whose leaves add up to a score.

    Parameters
    ----------
    features
        Names of the features, in the order of the columns.
    baseline
        What is added to every score.
    roots
        Numbers of the trees' roots among all nodes.
    feature, threshold, value
        One value a node, tree after tree.
    children
        Two numbers a node: where a sample goes whose feature is at most
        ``threshold``, and where all others go. A leaf points to itself.
    depth
        Steps from a root to the farthest leaf.
    """

    features: tuple[str, ...]
    baseline: float
    roots: NDArray[np.intp]
    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    children: NDArray[np.intp]
    value: NDArray[np.float64]
    depth: int

    def table(self, rows: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """Write feature dicts into a table; what a row lacks is 0, what no tree asks is left out.

        Parameters
        ----------
        rows
            Feature name to value.
        """
        column = {name: number for number, name in enumerate(self.features)}
        table = np.zeros((len(rows), len(self.features)))
        for number, row in enumerate(rows):
            for name, value in row.items():
                place = column.get(name)
                if place is not None:
                    table[number, place] = value
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
        size, trees = len(table), len(self.roots)
        values = np.ascontiguousarray(table).ravel()
        row = np.repeat(np.arange(size) * table.shape[1], trees)
        node = np.tile(self.roots, size)
        reached, place = node.copy(), np.arange(node.size)
        for step in range(self.depth):
            # All numbers are within bounds; "clip" leaves out the check, a third of the time.
            asked = values.take(row + self.feature.take(node, mode="clip"), mode="clip")
            high = asked > self.threshold.take(node, mode="clip")
            node = self.children.take(2 * node + high, mode="clip")
            if step in _SIFTED:
                reached[place] = node
                going = np.flatnonzero(self.children.take(2 * node, mode="clip") != node)
                node, row, place = node.take(going), row.take(going), place.take(going)
        reached[place] = node
        found: NDArray[np.float64] = self.baseline + self.value.take(reached).reshape(
            size, trees
        ).sum(axis=1)
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
    trees = stored["trees"]
    width = max(len(tree) for tree in trees)
    shape = (len(trees), width)
    roots = np.arange(0, len(trees) * width, width, dtype=np.intp)
    feature = np.zeros(shape, dtype=np.intp)
    threshold = np.full(shape, np.inf)
    children = np.zeros((*shape, 2), dtype=np.intp)
    value = np.zeros(shape)
    for row, tree in enumerate(trees):
        for column, (asked, limit, below, above, leaf) in enumerate(tree):
            if asked < 0:
                children[row, column] = column
                value[row, column] = leaf
            else:
                _check_node(column, (below, above), len(tree))
                feature[row, column], threshold[row, column] = asked, limit
                children[row, column] = below, above
    return Trees(
        features=tuple(stored["features"]),
        baseline=float(stored["baseline"]),
        roots=roots,
        feature=feature.ravel(),
        threshold=threshold.ravel(),
        children=(children + roots[:, None, None]).ravel(),
        value=value.ravel(),
        depth=max(_depth(tree) for tree in trees),
    )


def _check_node(number: int, children: tuple[int, int], size: int) -> None:
    """Make sure that children stand behind their node, so that every path ends in a leaf."""
    if not all(number < child < size for child in children):
        msg = f"node {number} of {size} has the children {children}"
        raise ValueError(msg)


def _depth(tree: Sequence[Sequence[float]], node: int = 0) -> int:
    asked, _, below, above, _ = tree[node]
    if asked < 0:
        return 0
    return 1 + max(_depth(tree, int(below)), _depth(tree, int(above)))
