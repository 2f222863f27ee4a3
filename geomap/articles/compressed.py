"""Compressed files: gzip, bzip2 and xz, unpacked as a stream that cannot become a bomb."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from typing import TYPE_CHECKING, BinaryIO, cast

from geomap.articles.budgets import Metered
from geomap.articles.entries import CHUNK, make_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.articles.entries import Draft, Entry, Job
    from geomap.records import Failure

__all__ = ["read_compressed"]

SUFFIXES = (".gz", ".bz2", ".xz")


def read_compressed(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Unpack a compressed file and read what is in it.

    Parameters
    ----------
    entry
        A gzip, bzip2 or xz file.
    job
        Its limits.

    Yields
    ------
    Draft or Failure
        Of the one file within.

    Raises
    ------
    SourceError
        When it unpacks to too much; what came before was given.
    """
    packed = unpacked = 0

    def count_packed(size: int) -> None:
        nonlocal packed
        packed += size

    def count_unpacked(size: int) -> None:
        nonlocal unpacked
        unpacked += size
        job.budget.spend(size, entry.shown)
        job.budget.check_ratio(packed, unpacked, entry.shown)

    source = cast("BinaryIO", io.BufferedReader(Metered(entry.stream, count_packed), CHUNK))
    plain = io.BufferedReader(Metered(_opened(entry, source), count_unpacked), CHUNK)
    inner = make_entry(
        _inner_name(entry.name), cast("BinaryIO", plain), origin=entry.origin, shown=entry.shown
    )
    inner.depth = entry.depth + 1
    inner.url, inner.source, inner.published = entry.url, entry.source, entry.published
    yield from job.read(inner, job)


def _opened(entry: Entry, source: BinaryIO) -> BinaryIO:
    if entry.head.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=source))
    if entry.head.startswith(b"BZh"):
        return cast("BinaryIO", bz2.BZ2File(source))
    return cast("BinaryIO", lzma.LZMAFile(source))


def _inner_name(name: str) -> str:
    lowered = name.lower()
    if lowered.endswith(".tgz"):
        return f"{name[:-4]}.tar"
    for suffix in SUFFIXES:
        if lowered.endswith(suffix):
            return name[: -len(suffix)] or name
    return name
