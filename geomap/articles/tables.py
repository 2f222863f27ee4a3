"""Tables: CSV, TSV and Parquet, one article a row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from geomap.articles.decoding import encoding_of
from geomap.articles.failures import SourceError, parse_error
from geomap.articles.rows import match_columns, row_draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from geomap.articles.entries import Draft, Entry, Job
    from geomap.records import Failure

__all__ = [
    "csv_holds_articles",
    "header_holds_articles",
    "parquet_holds_articles",
    "read_csv",
    "read_parquet",
]

DELIMITERS = (",", ";", "\t", "|")
PEEK_BYTES = 65_536

# The other columns of a row beside the text.
SPARE_CHARS = 1_000_000

# Rows of a Parquet file that are held together; its pages are read one by one.
BATCH_ROWS = 16
BYTES_A_CHAR = 4


def read_csv(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the rows of a CSV or TSV file.

    Parameters
    ----------
    entry
        The file, of any size, in any encoding that is detected from its
        start; its first row names the columns. Comma, semicolon, tab and bar
        are known as separators.
    job
        Its limits and columns.

    Yields
    ------
    Draft or Failure
        One a row.

    Raises
    ------
    SourceError
        When no column holds texts, or a line is too long.
    """
    most = job.max_chars * 2 + SPARE_CHARS
    # A setting of the whole process, and 131,072 characters at first.
    csv.field_size_limit(max(csv.field_size_limit(), job.max_chars + SPARE_CHARS))
    encoding = encoding_of(_whole_lines(entry.head), name=entry.shown, declared=entry.charset)
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    text = io.TextIOWrapper(entry.stream, encoding=encoding, errors="replace", newline="")
    try:
        lines = _lines(text, most, entry)
        delimiter, header = _header(next(lines, ""), entry.suffix)
        columns = match_columns(header, job.columns)
        if "text" not in columns:
            raise _no_text_column(entry, header)
        rows = csv.reader(lines, delimiter=delimiter)
        yield from _csv_rows(rows, header, columns, entry)
    finally:
        text.detach()


def csv_holds_articles(path: Path, *, columns: Mapping[str, str]) -> bool:
    """Tell whether the header of a CSV file names a column of texts.

    Parameters
    ----------
    path
        The file.
    columns
        As of :func:`~geomap.articles.rows.match_columns`.

    Returns
    -------
    bool
        ``True`` also when it cannot be opened, so that reading it says why.
    """
    try:
        with path.open("rb") as stream:
            line = stream.readline(PEEK_BYTES)
    except OSError:
        return True
    return header_holds_articles(line, path.suffix.lower(), columns=columns)


def header_holds_articles(line: bytes, suffix: str, *, columns: Mapping[str, str]) -> bool:
    """Tell whether the first line of a CSV file names a column of texts.

    Parameters
    ----------
    line
        With or without its end, in any encoding.
    suffix
        Of the file, in small letters with its dot.
    columns
        As of :func:`csv_holds_articles`.

    Returns
    -------
    bool
        ``True`` also for UTF-16, which only reading can tell.
    """
    if b"\x00" in line or line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    _, header = _header(line.decode("utf-8-sig", errors="replace"), suffix)
    return "text" in match_columns(header, columns)


def read_parquet(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the rows of a Parquet file, sixteen at a time.

    Parameters
    ----------
    entry
        The file.
    job
        Its limits and columns.

    Yields
    ------
    Draft or Failure
        One a row.

    Raises
    ------
    SourceError
        When it is damaged, or no column holds texts.
    """
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - 0.2 s
    except ImportError as err:
        hint = "install it with: pip install pyarrow"
        raise SourceError(entry.shown, "needs pyarrow", hint, stage="open") from err
    most = job.limits.max_document_bytes
    with entry.seekable(most, setting="max_document_bytes") as stream:
        try:
            file = parquet.ParquetFile(stream)
            _check_groups(file.metadata, stream.seek(0, io.SEEK_END), entry, job)
            yield from _parquet_rows(file, entry, job)
        except (ArrowException, OSError, ValueError) as err:
            raise parse_error(entry.shown, err, kind="a Parquet file") from err


def parquet_holds_articles(path: Path, *, columns: Mapping[str, str]) -> bool:
    """Tell whether a Parquet file has a column of texts.

    Parameters
    ----------
    path, columns
        As of :func:`csv_holds_articles`.

    Returns
    -------
    bool
        ``True`` also when that cannot be told.
    """
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415
    except ImportError:
        return True
    try:
        names = parquet.read_schema(path).names
    except (ArrowException, OSError, ValueError):
        return True
    return "text" in match_columns(names, columns)


def _header(line: str, suffix: str) -> tuple[str, list[str]]:
    """Give the separator that cuts the first line into most columns, and these."""
    delimiters = ("\t",) if suffix == ".tsv" else DELIMITERS
    best: tuple[str, list[str]] = (delimiters[0], [])
    for delimiter in delimiters:
        try:
            header = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        if len(header) > len(best[1]):
            best = delimiter, [name.strip() for name in header]
    return best


def _lines(text: io.TextIOWrapper, most: int, entry: Entry) -> Iterator[str]:
    while line := text.readline(most):
        if len(line) == most and not line.endswith(("\n", "\r")):
            reason = f"has a line longer than {most:,} characters"
            raise SourceError(entry.shown, reason, "cut it", stage="parse")
        # A stray NUL is no end of a row.
        yield line.replace("\x00", "\ufffd")


def _csv_rows(
    rows: Any, header: Sequence[str], columns: Mapping[str, str], entry: Entry
) -> Iterator[Draft | Failure]:
    number = 0
    while True:
        try:
            values = next(rows, None)
        except csv.Error as err:
            raise parse_error(entry.shown, err, kind="a CSV file") from err
        if values is None:
            return
        number += 1
        if any(values):
            row = dict(zip(header, values, strict=False))
            row.setdefault(columns["text"], "")
            yield from _checked(row, columns, entry, number)


def _checked(
    row: Mapping[str, Any], columns: Mapping[str, str], entry: Entry, number: int
) -> Iterator[Draft | Failure]:
    try:
        yield row_draft(row, entry=entry, number=number, columns=columns)
    except SourceError as err:
        yield err.failure


def _parquet_rows(file: Any, entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    names = file.schema_arrow.names
    columns = match_columns(names, job.columns)
    if "text" not in columns:
        raise _no_text_column(entry, names)
    wanted = list(dict.fromkeys(columns.values()))
    number = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
        for index in range(batch.num_rows):
            number += 1
            row = _parquet_row(batch, index, columns["text"], job.max_chars)
            yield from _checked(row, columns, entry, number)


def _parquet_row(batch: Any, index: int, text: str, max_chars: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in batch.schema.names:
        cell = batch.column(name)[index]
        buffer = cell.as_buffer() if name == text and hasattr(cell, "as_buffer") else None
        if buffer is not None and buffer.size > max_chars * BYTES_A_CHAR:
            # Long enough to be refused, no longer.
            row[name] = "x" * (max_chars + 1)
            continue
        row[name] = cell.as_py()
    return row


def _check_groups(metadata: Any, packed: int, entry: Entry, job: Job) -> None:
    """Refuse a file that unpacks to suspiciously much."""
    unpacked = 0
    for number in range(metadata.num_row_groups):
        # Of the group, not of its columns: for a spoilt column's metadata Arrow 26 ends the whole
        # process ("Repetition level histogram size mismatch", found by tests/fuzz).
        size = max(0, metadata.row_group(number).total_byte_size)
        job.budget.spend(size, entry.shown)
        unpacked += size
    job.budget.check_ratio(packed, unpacked, entry.shown)


def _whole_lines(head: bytes) -> bytes:
    """Cut a character that the end of the sample cut in two."""
    return head[: head.rfind(b"\n") + 1] or head[:-3] or head


def _no_text_column(entry: Entry, header: Sequence[str]) -> SourceError:
    names = ", ".join(header[:20])
    reason = f"has no column of texts among {names}"
    hint = "name it: --column text=NAME, or columns={'text': NAME}"
    return SourceError(entry.shown, reason, hint, stage="parse")
