"""EPUB: each chapter is an article, as in the e-book of a newspaper."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from geomap.articles.archives import PACKED_ERRORS, open_zip
from geomap.articles.decoding import declared_in_markup, decode
from geomap.articles.entries import Draft
from geomap.articles.failures import SourceError, parse_error
from geomap.articles.markup import zipped_xml
from geomap.articles.metadata import date_in_name, iso_date, title_of
from geomap.articles.pages import fragment_text

if TYPE_CHECKING:
    import datetime as dt
    import zipfile
    from collections.abc import Iterator

    from geomap.articles.entries import Entry, Job
    from geomap.records import Failure

__all__ = ["read_epub"]

CONTAINER = "META-INF/container.xml"
ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"

# Covers, title pages and imprints have fewer words than any dispatch.
FEWEST_WORDS = 40


def read_epub(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the chapters of an EPUB.

    ebooklib, the library for it, has the licence AGPL; the package document
    is read here (EPUB 3.3, 5).

    Parameters
    ----------
    entry
        The book.
    job
        Its limits; ``max_pages`` bounds the chapters.

    Yields
    ------
    Draft or Failure
        One for each chapter of 40 words or more, in reading order; the table
        of contents is left out.

    Raises
    ------
    SourceError
        When the book is damaged, unpacks to too much, or has no such chapter.
    """
    most = job.limits.max_xml_bytes
    with open_zip(entry, job, most_bytes=job.limits.max_document_bytes) as archive:
        package_at = _package_path(
            zipped_xml(archive, CONTAINER, name=entry.shown, most_bytes=most)
        )
        package = zipped_xml(archive, package_at, name=entry.shown, most_bytes=most)
        if package is None:
            hint = "it may be damaged; get it again"
            raise SourceError(entry.shown, "is an EPUB without contents", hint, stage="parse")
        book = _first(package, f"{DC}title")
        published = (
            entry.published or date_in_name(entry.stem) or _day(_first(package, f"{DC}date"))
        )
        found = False
        deadline = job.deadline(entry)
        for number, path in enumerate(_chapters(package, package_at), start=1):
            deadline.check()
            if number > job.limits.max_pages:
                raise _too_many(entry, job)
            text = _chapter(archive, path, entry, job)
            if text is None or len(text.split()) < FEWEST_WORDS:
                continue
            found = True
            yield Draft(
                text=text, origin=f"{entry.origin}!/{path}", id=f"{entry.stem}-{number}",
                title=title_of(text) or book, source=book or entry.label, url=entry.url,
                published=published,
            )  # fmt: skip
            deadline = job.deadline(entry)
    if not found:
        hint = f"expected a chapter of {FEWEST_WORDS} words or more"
        raise SourceError(entry.shown, "is an EPUB without text", hint, stage="parse")


def _package_path(container: Any) -> str:
    rootfile = None if container is None else container.find(f".//{ROOTFILE}")
    return "" if rootfile is None else rootfile.get("full-path", "")


def _chapters(package: Any, package_at: str) -> Iterator[str]:
    """Give the paths of the chapters in reading order, each once."""
    folder = posixpath.dirname(package_at)
    items = {}
    for item in package.iter(f"{OPF}item"):
        is_page = item.get("media-type") in ("application/xhtml+xml", "text/html")
        if is_page and "nav" not in (item.get("properties") or "").split():
            href = unquote(item.get("href") or "")
            items[item.get("id")] = posixpath.normpath(posixpath.join(folder, href))
    for reference in package.iter(f"{OPF}itemref"):
        path = items.pop(reference.get("idref"), None)
        if path is not None:
            yield path


def _chapter(archive: zipfile.ZipFile, path: str, entry: Entry, job: Job) -> str | None:
    try:
        info = archive.getinfo(path)
    except KeyError:
        return None
    if info.file_size > job.limits.max_html_bytes:
        reason = f"has a chapter of {info.file_size:,} bytes"
        hint = "cut it, or raise max_html_bytes under [reading] in the settings"
        raise SourceError(entry.shown, reason, hint, stage="parse")
    try:
        data = archive.read(info)
    except PACKED_ERRORS as err:
        raise parse_error(entry.shown, err, kind="an EPUB") from err
    return fragment_text(decode(data, name=entry.shown, declared=declared_in_markup(data[:2048])))


def _first(package: Any, tag: str) -> str | None:
    found = package.find(f".//{tag}")
    return found.text.strip() or None if found is not None and found.text else None


def _day(value: str | None) -> dt.date | None:
    try:
        return iso_date(value) if value else None
    except ValueError:
        return None


def _too_many(entry: Entry, job: Job) -> SourceError:
    reason = f"has more than {job.limits.max_pages:,} chapters"
    hint = "cut it, or raise max_pages under [reading] in the settings"
    return SourceError(entry.shown, reason, hint, stage="parse")
