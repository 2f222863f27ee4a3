"""Incoming: files that inputs stand for, and the articles in a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.articles import read_articles
from geomap.articles.sources import STDIN, find_sources
from geomap.records import Article, Failure
from geomap.store.sources import FoundSource

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from geomap.errors import InputError
    from geomap.settings import Settings

__all__ = ["find", "input_of", "read"]

STDIN_NAME = "standard input"


def input_of(given: str) -> str:
    """Give an input the name under which a store remembers it: absolute, whatever the folder."""
    return STDIN_NAME if given == STDIN else str(Path(given).absolute())


def find(inputs: Sequence[str]) -> Iterator[FoundSource | Failure]:
    """List the files that inputs stand for.

    Parameters
    ----------
    inputs
        Files and folders, and ``"-"``.

    Yields
    ------
    FoundSource or Failure
        In the order of the inputs; a file that two inputs give comes twice.
    """
    for given in inputs:
        faults: list[InputError] = []
        for name in find_sources(given, on_fault=faults.append):
            yield _found(name, given)
        for fault in faults:
            yield _failure(fault, origin=input_of(given), stage="find")


def _found(name: str, given: str) -> FoundSource:
    size = modified = None
    if name != STDIN:
        try:
            stat = Path(name).stat()
            size, modified = stat.st_size, stat.st_mtime_ns
        except OSError:  # It is gone already: reading it will say so.
            pass
    return FoundSource(
        origin=input_of(name),
        name=name,
        input=input_of(given),
        size_bytes=size,
        modified_ns=modified,
    )


def read(
    name: str, *, settings: Settings, published: dt.date | None = None
) -> Iterator[Article | Failure]:
    """Read the articles of one file.

    Parameters
    ----------
    name
        As :func:`find` gave it.
    settings, published
        As for :func:`geomap.read_articles`.

    Yields
    ------
    Article or Failure
        In the order of the file; an article has its ``origin``.
    """
    faults: list[InputError] = []
    origin = input_of(name)
    articles = read_articles([name], settings=settings, published=published, on_fault=faults.append)
    for article in articles:
        yield from (_failure(fault, origin=origin, stage="parse") for fault in faults)
        faults.clear()
        yield replace(article, origin=origin)
    yield from (_failure(fault, origin=origin, stage="parse") for fault in faults)


def _failure(fault: InputError, *, origin: str, stage: str) -> Failure:
    reason, _, hint = " ".join(str(fault).split()).rpartition("; ")
    return Failure(
        origin=origin, stage=stage, reason=reason or str(fault), hint=hint or "see the reason"
    )
