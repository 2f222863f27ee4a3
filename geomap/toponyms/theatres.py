"""Where texts on conflict are set: a prior of the resolver for places of one name.

News of a war names the villages of its front, not their namesakes elsewhere in the same
country. ``geomap/weights/theatres.json`` counts in how many of the project's marked dispatches
a place of each cell of 0.2 degrees is named (``benchmarks/fit_resolver.py`` writes it).
Conflict databases show the same clustering in space (Raleigh et al. 2010, "Introducing ACLED").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.weights.stored import read_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["CELL_DEG", "Theatres", "cells_of", "load_theatres"]

# 22 km from south to north: with the eight around it, about what a front-line report spans.
CELL_DEG = 0.2
# More columns than there are on a parallel, so that a cell has one number.
_STRIDE = 4_096


@dataclass(frozen=True, slots=True)
class Theatres:
    """In how many texts a place of each cell is named.

    Parameters
    ----------
    cells
        Numbers of cells (:func:`cells_of`), ascending.
    texts
        Number of texts for each.
    """

    cells: NDArray[np.int64]
    texts: NDArray[np.float64]

    def near(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the base-2 logarithm of one more than the texts in a point's cell and those around.

        Parameters
        ----------
        lon, lat
            EPSG:4326 degrees.

        Examples
        --------
        >>> import numpy as np
        >>> told = Theatres(cells_of(np.array([37.7]), np.array([48.1])), np.array([3.0]))
        >>> told.near(np.array([37.7, 10.0]), np.array([48.3, 50.0])).tolist()
        [2.0, 0.0]
        """
        found = np.zeros(len(lon))
        if len(self.cells):
            own = cells_of(lon, lat)
            for step in (-1, 0, 1):
                for cell in (own - _STRIDE + step, own + step, own + _STRIDE + step):
                    place = np.minimum(np.searchsorted(self.cells, cell), len(self.cells) - 1)
                    found += np.where(self.cells[place] == cell, self.texts[place], 0.0)
        return np.log2(1.0 + found)

    def without(self, cells: Iterable[int]) -> Theatres:
        """Leave out one text that names places of these cells, for what is fitted on it."""
        own = np.isin(self.cells, list(cells))
        return Theatres(self.cells, self.texts - own)


def cells_of(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the numbers of the cells in which points (EPSG:4326 degrees) lie."""
    rows, columns = np.floor(lat / CELL_DEG), np.floor(lon / CELL_DEG)
    numbers: NDArray[np.int64] = ((rows + _STRIDE) * _STRIDE + columns).astype(np.int64)
    return numbers


def _made(stored: Mapping[str, Any]) -> Theatres:
    return Theatres(
        np.array(stored["cells"], dtype=np.int64), np.array(stored["texts"], dtype=np.float64)
    )


@lru_cache(maxsize=1)
def load_theatres() -> Theatres:
    """Read the table that ships with the package once.

    Raises
    ------
    ModelError
        When the file is missing or not of the format.
    """
    return read_stored("theatres", _made)
