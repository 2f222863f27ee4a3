"""The examples in the docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import geomap

PACKAGE = Path(geomap.__file__).parent
WITH_EXAMPLES = sorted(
    path.relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if ">>>" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "name",
    [
        # These two load models.
        pytest.param(n, marks=pytest.mark.slow)
        if n in {"geomap.pipeline", "geomap.entities"}
        else n
        for n in WITH_EXAMPLES
    ],
)
def test_examples_of_docstrings(name: str) -> None:
    module = importlib.import_module(name.removesuffix(".__init__"))
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0
