"""JSON lines: one article a line, keyed ``text`` and what is known of its origin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

from geomap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["holds_articles", "read_rows"]

# A character takes at most twelve bytes in JSON (an escaped surrogate pair);
# the rest of a row (ids, annotations) is allowed as much again.
BYTES_A_CHAR = 24
SPARE_BYTES = 65_536

# First line of a file that is only looked at, not read.
PEEK_BYTES = 30_000_000


def read_rows(
    stream: BinaryIO,
    *,
    name: str,
    most_chars: int,
    on_fault: Callable[[InputError], None],
    first: bytes = b"",
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read the rows of a JSON lines file, split at newline characters only.

    Parameters
    ----------
    stream
        The open file.
    name
        What to call it in an error.
    most_chars
        The largest number of characters of an article; a line that cannot be
        within it is passed over without being held in memory.
    on_fault
        Called with the error of a row that cannot be used. A file that is an
        extraction, or whose first row is no article, gives one error for all.
    first
        The first line, if it was read from the stream already.

    Yields
    ------
    tuple
        ``(name of the row, row)``; the row holds a string ``"text"``.
    """
    limit = most_chars * BYTES_A_CHAR + SPARE_BYTES
    any_good = False
    for number, line in enumerate(_lines(stream, first, limit), start=1):
        where = f"{name}:{number}"
        if len(line) == limit and not line.endswith(b"\n"):
            _skip_line(stream, limit)
            on_fault(InputError(f"{where}: line is longer than {limit:,} bytes; cut it"))
            continue
        if not line.strip():
            continue
        try:
            yield where, _row(line, where)
        except InputError as err:
            on_fault(err)
            if not any_good and isinstance(err, NotArticlesError):
                return
        else:
            any_good = True


def holds_articles(path: Path) -> bool:
    """Tell whether the first row of a JSON lines file is an article.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bool
        ``False`` for gold without texts and for saved extractions. A file
        that cannot be read counts as articles, so that reading it says why.
    """
    try:
        with path.open("rb") as stream:
            line = stream.readline(PEEK_BYTES)
        _row(line, str(path))
    except NotArticlesError:
        return False
    except (OSError, InputError):
        return True
    return True


class NotArticlesError(InputError):
    """A row that is JSON, but of something else than an article."""


def _row(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as err:
        msg = f'{where}: is not JSON in UTF-8 ({err}); expected {{"text": "…"}} on one line'
        raise InputError(msg) from err
    if not isinstance(row, dict):
        msg = f"{where}: is a {type(row).__name__}; expected an object with the key text"
        raise InputError(msg)
    if "geomap" in row and "toponyms" in row:
        msg = f"{where}: is a saved extraction, not an article; redraw it with geomap draw"
        raise NotArticlesError(msg)
    if "text" not in row or ("doc" in row and "start" in row):
        msg = f'{where}: has no key "text"; expected one article a line: {{"text": "…"}}'
        raise NotArticlesError(msg)
    if not isinstance(row["text"], str):
        msg = f"{where}: text is a {type(row['text']).__name__}; expected a string"
        raise InputError(msg)
    return row


def _lines(stream: BinaryIO, first: bytes, limit: int) -> Iterator[bytes]:
    if first:
        yield first
    while line := stream.readline(limit):
        yield line


def _skip_line(stream: BinaryIO, limit: int) -> None:
    while (rest := stream.readline(limit)) and not rest.endswith(b"\n"):
        pass
