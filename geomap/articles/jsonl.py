"""JSON lines: one article a line, keyed ``text`` and what is known of its origin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, BinaryIO

from geomap.articles.failures import SourceError
from geomap.articles.rows import row_draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geomap.articles.entries import Draft, Entry, Job
    from geomap.records import Failure

__all__ = ["holds_articles", "read_jsonl"]

# A character takes at most twelve bytes in JSON (an escaped surrogate pair);
# the rest of a row (ids, annotations) is allowed as much again.
BYTES_A_CHAR = 24
SPARE_BYTES = 65_536

# First line of a file that is only looked at, not read.
PEEK_BYTES = 30_000_000


def read_jsonl(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the rows of a JSON lines file, split at newline characters only.

    Parameters
    ----------
    entry
        The file, of any size.
    job
        Its limits and columns; a line that cannot be within
        ``max_article_chars`` is passed over without being held in memory.

    Yields
    ------
    Draft or Failure
        One a row. A file that is an extraction, or whose first row is no
        article, gives one failure for all.
    """
    limit = job.max_chars * BYTES_A_CHAR + SPARE_BYTES
    any_good = False
    for number, line in enumerate(_lines(entry.stream, limit), start=1):
        shown = f"{entry.shown}:{number}"
        if len(line) == limit and not line.endswith(b"\n"):
            _skip_line(entry.stream, limit)
            reason = f"line is longer than {limit:,} bytes"
            yield SourceError(shown, reason, "cut it", stage="parse").failure
            continue
        if not line.strip():
            continue
        try:
            row = _row(line, shown, text_key=job.columns.get("text", "text"))
            yield row_draft(row, entry=entry, number=number, columns=job.columns)
        except SourceError as err:
            yield err.failure
            if not any_good and isinstance(err, NotArticlesError):
                return
        else:
            any_good = True


def holds_articles(path: Path, *, text_key: str = "text") -> bool:
    """Tell whether the first row of a JSON lines file is an article.

    Parameters
    ----------
    path
        The file.
    text_key
        Key of the text.

    Returns
    -------
    bool
        ``False`` for gold without texts and for saved extractions. A file
        that cannot be read counts as articles, so that reading it says why.
    """
    try:
        with path.open("rb") as stream:
            line = stream.readline(PEEK_BYTES)
        _row(line, str(path), text_key=text_key)
    except NotArticlesError:
        return False
    except (OSError, SourceError):
        return True
    return True


class NotArticlesError(SourceError):
    """A row that is JSON, but of something else than an article."""


def _row(line: bytes, where: str, *, text_key: str) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as err:
        reason = f"is not JSON in UTF-8 ({err})"
        hint = 'expected {"text": "…"} on one line'
        raise SourceError(where, reason, hint, stage="parse") from err
    if not isinstance(row, dict):
        reason = f"is a {type(row).__name__}"
        hint = f"expected an object with the key {text_key}"
        raise SourceError(where, reason, hint, stage="parse")
    if "geomap" in row and "toponyms" in row:
        reason = "is a saved extraction, not an article"
        hint = "redraw it with geomap draw"
        raise NotArticlesError(where, reason, hint, stage="parse")
    if text_key not in row or ("doc" in row and "start" in row):
        reason = f'has no key "{text_key}"'
        hint = f'expected one article a line: {{"{text_key}": "…"}}'
        raise NotArticlesError(where, reason, hint, stage="parse")
    return row


def _lines(stream: BinaryIO, limit: int) -> Iterator[bytes]:
    while line := stream.readline(limit):
        yield line


def _skip_line(stream: BinaryIO, limit: int) -> None:
    while (rest := stream.readline(limit)) and not rest.endswith(b"\n"):
        pass
