"""A multinomial logistic model as plain numbers: fitted with scikit-learn, used without it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomap.weights.stored import read_stored

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Linear", "linear_of", "load_linear"]


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic model over named features.

    Parameters
    ----------
    classes
        What it tells apart.
    intercepts
        One a class.
    weights
        Feature name to one weight a class; other features weigh nothing.
    """

    classes: tuple[str, ...]
    intercepts: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """Give the probability of each class; they sum to 1.

        Parameters
        ----------
        features
            Feature name to value.

        Examples
        --------
        >>> model = Linear(("no", "yes"), (0.0, 0.0), {"rain": (-1.0, 1.0)})
        >>> round(model.probabilities({"rain": 1.0})["yes"], 2)
        0.88
        """
        scores = list(self.intercepts)
        for name, value in features.items():
            for number, weight in enumerate(self.weights.get(name, ())):
                scores[number] += weight * value
        largest = max(scores)
        shares = [math.exp(score - largest) for score in scores]
        total = sum(shares)
        return {name: share / total for name, share in zip(self.classes, shares, strict=True)}


@lru_cache(maxsize=8)
def load_linear(name: str) -> Linear:
    """Read a model once.

    Parameters
    ----------
    name
        File name without suffix, e.g. ``"reading"``.

    Raises
    ------
    ModelError
        When the file is missing or not of the format.
    """
    return read_stored(name, linear_of)


def linear_of(stored: Mapping[str, Any]) -> Linear:
    """Make a model of its stored form.

    Parameters
    ----------
    stored
        ``classes``, ``intercepts`` and ``weights``.
    """
    return Linear(
        classes=tuple(stored["classes"]),
        intercepts=tuple(map(float, stored["intercepts"])),
        weights={name: tuple(map(float, row)) for name, row in stored["weights"].items()},
    )
