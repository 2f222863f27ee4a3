"""A multinomial logistic model over thousands of named signs, as two arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Wide", "load_wide"]


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """A logistic model over signs that hold or do not.

    Parameters
    ----------
    classes
        What it tells apart.
    words
        The words that it was fitted on; of others it knows nothing.
    intercepts
        One a class.
    rows
        Sign to its row in ``table``; other signs weigh nothing.
    table
        One row a sign, one column a class.
    """

    classes: tuple[str, ...]
    words: frozenset[str]
    intercepts: NDArray[np.float32]
    rows: Mapping[str, int]
    table: NDArray[np.float32]

    def probabilities(self, signs: Iterable[str]) -> NDArray[np.float32]:
        """Give the probability of each class, in their order; they sum to 1.

        Parameters
        ----------
        signs
            Those that hold.

        Examples
        --------
        >>> import numpy as np
        >>> table = np.array([[-1.0, 1.0]], dtype=np.float32)
        >>> model = Wide(("no", "yes"), frozenset(), np.zeros(2, np.float32), {"rain": 0}, table)
        >>> [round(float(p), 2) for p in model.probabilities(["rain", "wind"])]
        [0.12, 0.88]
        """
        scores = self.scores(signs)
        shares = np.exp(scores - scores.max())
        found: NDArray[np.float32] = shares / shares.sum()
        return found

    def scores(self, signs: Iterable[str]) -> NDArray[np.float32]:
        """Give the sum of the weights of each class, before they are made probabilities.

        Parameters
        ----------
        signs
            Those that hold.
        """
        places = [row for sign in signs if (row := self.rows.get(sign)) is not None]
        found: NDArray[np.float32] = self.intercepts + self.table.take(places, axis=0).sum(axis=0)
        return found

    def write(self, path: Path) -> None:
        """Write the model; half precision changes no decision.

        Parameters
        ----------
        path
            A file that ends in ``.npz``.
        """
        texts = {
            "classes": "\n".join(self.classes),
            "words": "\n".join(sorted(self.words)),
            "signs": "\n".join(self.rows),
        }
        stored: dict[str, Any] = {k: np.frombuffer(v.encode(), np.uint8) for k, v in texts.items()}
        for name, values in (("intercepts", self.intercepts), ("table", self.table)):
            stored[name] = values.astype(np.float16)
        np.savez_compressed(path, **stored)


@lru_cache(maxsize=4)
def load_wide(name: str) -> Wide:
    """Read a model that ships with the package once.

    Parameters
    ----------
    name
        File name without suffix, e.g. ``"triggers"``.

    Raises
    ------
    ModelError
        When the file is missing or not of the format.
    """
    file = resources.files("geomap.weights").joinpath(f"{name}.npz")
    try:
        with resources.as_file(file) as path, np.load(path, allow_pickle=False) as stored:
            texts = {k: stored[k].tobytes().decode() for k in ("classes", "words", "signs")}
            intercepts, table = (stored[k].astype(np.float32) for k in ("intercepts", "table"))
    except (OSError, KeyError, ValueError) as err:
        msg = f"the weights {name!r} cannot be read ({err}); reinstall geomap with pip"
        raise ModelError(msg) from err
    signs = texts["signs"].split("\n")
    return Wide(
        classes=tuple(texts["classes"].split("\n")),
        words=frozenset(texts["words"].split("\n")),
        intercepts=intercepts,
        rows={sign: row for row, sign in enumerate(signs)},
        table=table,
    )
