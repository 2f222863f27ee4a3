"""WARC: the pages of a web archive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote, urlsplit

from geomap.articles.failures import SourceError, parse_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.articles.entries import Draft, Entry, Job
    from geomap.records import Failure

__all__ = ["read_warc"]

# Records that hold documents (WARC 1.1, 6).
RECORDS = frozenset({"response", "resource", "conversion"})
GOOD_STATUS = "200"

SUFFIXES = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt",
    "application/pdf": ".pdf", "application/rss+xml": ".rss", "application/atom+xml": ".atom",
    "application/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}  # fmt: skip
CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
LONGEST_NAME = 80


def read_warc(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the documents of a WARC file, record by record.

    Parameters
    ----------
    entry
        The file, unpacked if it was compressed, of any size.
    job
        Its limits; ``max_document_bytes`` bounds each record.

    Yields
    ------
    Draft or Failure
        Of each answer with status 200, resource or conversion that is a page,
        text, PDF, feed or DOCX; its ``url`` is that of the record. Pictures
        and their like are passed over.

    Raises
    ------
    SourceError
        When the file is damaged (what came before was given) or holds no
        such document.
    """
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - with the first WARC

    records: Any = iter(ArchiveIterator(entry.stream, no_record_parse=False))
    number = 0
    found = False
    while True:
        try:
            record = next(records, None)
        except Exception as err:  # warcio raises its own and much besides on damaged records
            raise parse_error(entry.shown, err, kind="a WARC file") from err
        if record is None:
            break
        number += 1
        suffix, charset = _kind(record)
        if suffix is not None:
            found = True
            yield from _record(record, number, suffix, charset, entry, job)
    if not found:
        hint = "expected answers with status 200 that are pages, texts or PDFs"
        raise SourceError(entry.shown, "holds no pages", hint, stage="parse")


def _kind(record: Any) -> tuple[str | None, str | None]:
    """Give the suffix of what a record holds, ``None`` for nothing to read, and its charset."""
    headers = record.http_headers
    if record.rec_type not in RECORDS:
        return None, None
    if headers is not None and headers.get_statuscode() != GOOD_STATUS:
        return None, None
    declared = (
        headers.get_header("Content-Type")
        if headers is not None
        else record.rec_headers.get_header("Content-Type")
    ) or ""
    charset = CHARSET.search(declared)
    suffix = SUFFIXES.get(declared.partition(";")[0].strip().lower())
    return suffix, charset[1] if charset else None


def _record(
    record: Any, number: int, suffix: str, charset: str | None, entry: Entry, job: Job
) -> Iterator[Draft | Failure]:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    stream: BinaryIO = _Payload(record, job, f"{entry.shown}:{number}")  # type: ignore[assignment]
    try:
        inner = entry.inner(_name(url, number) + suffix, stream, part=str(number))
    except Exception as err:  # noqa: BLE001 - bodies that do not unpack
        yield parse_error(f"{entry.shown}:{number}", err, kind="a record of a WARC file").failure
        return
    inner.origin, inner.shown = f"{entry.origin}:{number}", f"{entry.shown}:{number}"
    inner.charset = charset
    inner.url = url.strip("<>") if url.startswith(("http", "<http")) else None
    inner.source = urlsplit(inner.url).hostname if inner.url else None
    yield from job.read(inner, job)


def _name(url: str, number: int) -> str:
    """Name a page by the end of its address."""
    try:
        path = urlsplit(url.strip("<>")).path
    except ValueError:
        path = ""
    last = unquote(path.rstrip("/").rpartition("/")[2])
    return re.sub(r"\.\w{1,5}$", "", last)[:LONGEST_NAME] or f"record-{number}"


class _Payload:
    """The body of a record, its bytes counted."""

    def __init__(self, record: Any, job: Job, shown: str) -> None:
        self._stream, self._job, self._shown = record.content_stream(), job, shown

    def read(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        self._job.budget.spend(len(data), self._shown)
        return data
