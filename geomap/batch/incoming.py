"""Incoming: files that inputs stand for, and the articles in a file."""

from __future__ import annotations

import contextlib
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.articles import find_sources
from geomap.articles.sources import STDIN
from geomap.errors import InputError, OutputError
from geomap.records import Failure
from geomap.store.packing import storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomap.articles import Source

__all__ = ["STDIN_NAME", "find", "input_of", "is_stream", "spooled"]

STDIN_NAME = "standard input"


def input_of(given: str) -> str:
    """Give an input the name under which a store remembers it: absolute, whatever the folder."""
    return STDIN_NAME if given == STDIN else storable(str(Path(given).absolute()))


def is_stream(given: str) -> bool:
    """Tell whether an input can be read once, and by this process alone: ``-``, or a pipe."""
    if given == STDIN:
        return True
    try:
        mode = Path(given).stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


@contextlib.contextmanager
def spooled(inputs: Sequence[str]) -> Iterator[Mapping[str, Path]]:
    """Put what comes through standard input and pipes into files, which any process can read.

    Parameters
    ----------
    inputs
        As given.

    Yields
    ------
    Mapping
        From inputs that are streams to their files, which are removed at the end.

    Raises
    ------
    OutputError
        When the folder of temporary files has no room for them.
    InputError
        When one cannot be read.
    """
    streams = [one for one in dict.fromkeys(inputs) if is_stream(one)]
    if not streams:
        yield {}
        return
    with contextlib.ExitStack() as stack:
        files: dict[str, Path] = {}
        try:
            made = tempfile.TemporaryDirectory(prefix="geomap-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(made))
            for number, given in enumerate(streams):
                files[given] = folder / str(number)
                _copy(given, files[given])
        except OSError as err:
            msg = (
                f"{tempfile.gettempdir()}: what comes through a pipe cannot be kept there "
                f"({err.strerror or err}); free space, or name another folder in TMPDIR"
            )
            raise OutputError(msg) from err
        yield files


def _copy(given: str, file: Path) -> None:
    with contextlib.ExitStack() as stack:
        try:
            pipe = (
                sys.stdin.buffer if given == STDIN else stack.enter_context(Path(given).open("rb"))
            )
        except OSError as err:
            msg = f"{given}: cannot be read ({err.strerror}); check that you may read it"
            raise InputError(msg) from err
        shutil.copyfileobj(pipe, stack.enter_context(file.open("wb")))


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
