from __future__ import annotations

import builtins
import re

import pytest

from geomap import errors


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name != "GeomapError"])
def test_each_error_is_ours_and_a_builtin(name: str) -> None:
    error = getattr(errors, name)
    assert issubclass(error, errors.GeomapError)
    drawn = re.search(rf"─ {name} +\((\w+)\)", errors.__doc__ or "")
    assert drawn, f"{name} is missing from the tree in the docstring"
    assert issubclass(error, getattr(builtins, drawn.group(1)))


def test_message_is_kept() -> None:
    # OSError treats two arguments as errno and text; one is a message.
    assert str(errors.OutputError("a: cannot be written")) == "a: cannot be written"


def test_all_lists_every_error() -> None:
    defined = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.GeomapError)
    }
    assert defined == set(errors.__all__)
