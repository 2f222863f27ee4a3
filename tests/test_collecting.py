"""The search for garbage waits while articles are read, and is left as it was found."""

from __future__ import annotations

import gc

import pytest

from geomap.collecting import collecting_later


@pytest.mark.parametrize("searched", [True, False])
def test_the_search_is_left_as_it_was(searched: bool) -> None:  # noqa: FBT001 - parametrised
    before = gc.isenabled()
    (gc.enable if searched else gc.disable)()
    try:
        with collecting_later():
            assert not gc.isenabled()
        assert gc.isenabled() is searched
    finally:
        (gc.enable if before else gc.disable)()


def test_the_search_goes_on_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="oh"), collecting_later():
        raise ValueError("oh")
    assert gc.isenabled()
