"""Dispatch: each document goes to the reader of its kind, and no fault comes back as an error."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from geomap.articles.failures import SourceError, parse_error
from geomap.articles.kinds import REFUSED, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geomap.articles.entries import Draft, Entry, Job
    from geomap.records import Failure

__all__ = ["READERS", "read_entry"]

# Kind: module, function, what to call it. Modules load when the first such document comes.
READERS = {
    "text": ("plain", "read_plain", "text"),
    "html": ("pages", "read_page", "an HTML page"),
    "pdf": ("pdfs", "read_pdf", "a PDF"),
    "docx": ("office", "read_docx", "a DOCX document"),
    "odt": ("office", "read_odt", "an ODT document"),
    "rtf": ("office", "read_rtf", "an RTF document"),
    "epub": ("books", "read_epub", "an EPUB"),
    "email": ("mail", "read_email", "an e-mail"),
    "mbox": ("mail", "read_mbox", "a box of e-mails"),
    "jsonl": ("jsonl", "read_jsonl", "JSON lines"),
    "csv": ("tables", "read_csv", "a CSV file"),
    "parquet": ("tables", "read_parquet", "a Parquet file"),
    "feed": ("feeds", "read_feed", "a feed"),
    "warc": ("warcs", "read_warc", "a WARC file"),
    "zip": ("archives", "read_zip", "a ZIP archive"),
    "tar": ("archives", "read_tar", "a tar archive"),
    "gzip": ("compressed", "read_compressed", "a gzip file"),
    "bzip2": ("compressed", "read_compressed", "a bzip2 file"),
    "xz": ("compressed", "read_compressed", "an xz file"),
}
NESTING = frozenset({"zip", "tar", "gzip", "bzip2", "xz", "email", "mbox"})

# First member of an EPUB or ODT, uncompressed, as their standards ask.
ZIPPED = ((b"mimetypeapplication/epub+zip", "epub"),
          (b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"))  # fmt: skip


def read_entry(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read one document, whatever it is.

    Parameters
    ----------
    entry
        The document.
    job
        The run it belongs to.

    Yields
    ------
    Draft or Failure
        All that is in it. What a library raises on damaged or hostile input
        becomes a failure too.
    """
    kind = _kind(entry)
    words = READERS[kind][2] if kind in READERS else kind
    try:
        _check(entry, job, kind)
        module, function, _ = READERS[kind]
        reader: Callable[[Entry, Job], Iterator[Draft | Failure]] = getattr(
            importlib.import_module(f"geomap.articles.{module}"), function
        )
        yield from reader(entry, job)
    except SourceError as err:
        yield err.failure
    except MemoryError:
        reason = f"does not fit into memory as {words}"
        yield SourceError(entry.shown, reason, "cut it", stage="parse").failure
    except Exception as err:  # noqa: BLE001 - parsers of strangers' files raise anything
        yield parse_error(entry.shown, err, kind=words).failure


def _kind(entry: Entry) -> str:
    kind = kind_of(entry.head, entry.suffix)
    if kind != "zip":
        return kind
    if entry.suffix in (".docx", ".odt", ".epub"):
        return entry.suffix[1:]
    for mark, inner in ZIPPED:
        if mark in entry.head[:200]:
            return inner
    if b"[Content_Types].xml" in entry.head:
        return "docx" if b"word/" in entry.head else "xlsx"
    return "zip"


def _check(entry: Entry, job: Job, kind: str) -> None:
    if kind in REFUSED:
        name, hint = REFUSED[kind]
        raise SourceError(entry.shown, f"is {name}", hint, stage="open")
    if kind in NESTING and entry.depth > job.limits.max_depth:
        reason = f"lies in more than {job.limits.max_depth} archives"
        hint = "unpack it yourself, or raise max_depth under [reading] in the settings"
        raise SourceError(entry.shown, reason, hint, stage="unpack")
