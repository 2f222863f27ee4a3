"""Read a file of fitted numbers that ships with the package."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from geomap.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["read_stored"]


_Model = TypeVar("_Model")


def read_stored(name: str, make: Callable[[Mapping[str, Any]], _Model]) -> _Model:
    """Read ``geomap/weights/NAME.json`` and make a model of it.

    Parameters
    ----------
    name
        File name without suffix, e.g. ``"recogniser"``.
    make
        Makes the model of its stored form.

    Raises
    ------
    ModelError
        When the file is missing or not of the format.
    """
    file = resources.files("geomap.weights").joinpath(f"{name}.json")
    try:
        return make(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError) as err:
        msg = f"the weights {name!r} cannot be read ({err}); reinstall geomap with pip"
        raise ModelError(msg) from err
