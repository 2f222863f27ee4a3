"""Python's search for cyclic garbage, put off while a few articles are read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["collecting_later"]


@contextmanager
def collecting_later() -> Iterator[None]:
    """Let Python look for cyclic garbage after a ``with`` block, not within it.

    Reading an article makes some ten thousand small objects, nearly all of which go when
    nothing refers to them. Python counts those that are made, and now and then goes through
    all objects there are, the models' included: .04 of the time of extraction
    (``gc.callbacks``, the articles of ``benchmarks/throughput.py``).

    Where a caller has switched the search off, it stays off.

    Examples
    --------
    >>> import gc
    >>> with collecting_later():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()
