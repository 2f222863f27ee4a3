"""Incoming: files that inputs stand for, and the articles in a file."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.articles import find_sources
from geomap.articles.sources import STDIN
from geomap.errors import OutputError
from geomap.records import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomap.articles import Source

__all__ = ["STDIN_NAME", "find", "input_of", "spooled"]

STDIN_NAME = "standard input"


def input_of(given: str) -> str:
    """Give an input the name under which a store remembers it: absolute, whatever the folder."""
    return STDIN_NAME if given == STDIN else str(Path(given).absolute())


@contextlib.contextmanager
def spooled(inputs: Sequence[str]) -> Iterator[Path | None]:
    """Put what comes through standard input into a file, which any process can read.

    Parameters
    ----------
    inputs
        As given.

    Yields
    ------
    Path or None
        The file, removed at the end; ``None`` when standard input is not asked for.

    Raises
    ------
    OutputError
        When the folder of temporary files has no room for it.
    """
    if STDIN not in inputs:
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            made = tempfile.TemporaryDirectory(prefix="geomap-", ignore_cleanup_errors=True)
            file = Path(stack.enter_context(made)) / "stdin"
            with file.open("wb") as stream:
                shutil.copyfileobj(sys.stdin.buffer, stream)
        except OSError as err:
            msg = (
                f"{tempfile.gettempdir()}: standard input cannot be kept there "
                f"({err.strerror or err}); free space, or name another folder in TMPDIR"
            )
            raise OutputError(msg) from err
        yield file


def find(
    inputs: Sequence[str],
    *,
    urls: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, Source] | Failure]:
    """List the files that inputs stand for.

    Parameters
    ----------
    inputs, urls, columns
        As for :func:`geomap.articles.find_sources`.

    Yields
    ------
    tuple of (input, Source), or Failure
        In the order of the inputs; a file that two inputs give comes twice.
    """
    for given in inputs:
        for item in find_sources([given], columns=columns):
            yield item if isinstance(item, Failure) else (input_of(given), item)
    for item in find_sources([], urls=urls):
        yield item if isinstance(item, Failure) else (item.origin, item)
