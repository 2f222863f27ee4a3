"""Office documents: DOCX, ODT and RTF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.articles.archives import open_zip
from geomap.articles.decoding import encoding_of
from geomap.articles.entries import Draft
from geomap.articles.failures import SourceError, parse_error
from geomap.articles.markup import zipped_xml
from geomap.articles.metadata import date_in_name, iso_date, title_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from geomap.articles.entries import Entry, Job

__all__ = ["read_docx", "read_odt", "read_rtf"]

TITLE = "{http://purl.org/dc/elements/1.1/}title"
# What was last saved, not what was first begun from an older document.
SAVED = ("{http://purl.org/dc/terms/}modified", "{http://purl.org/dc/elements/1.1/}date")


@dataclass(frozen=True, slots=True)
class _Tags:
    """What the elements of a document mean.

    Only the text of ``words`` counts, or any text where it is ``None``.
    """

    blocks: frozenset[str]
    blanks: dict[str, str]
    skipped: frozenset[str]
    words: str | None


# ECMA-376 part 1, 17.3; what is deleted, moved away, or an older form of the same.
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WORD = _Tags(
    blocks=frozenset({f"{_W}p"}),
    blanks={f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"},
    skipped=frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}pPr", f"{_W}rPr"}),
    words=f"{_W}t",
)

# OpenDocument 1.3 part 3, 5 and 6.
_O = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ODF = _Tags(
    blocks=frozenset({f"{_O}p", f"{_O}h"}),
    blanks={f"{_O}s": " ", f"{_O}tab": " ", f"{_O}line-break": "\n"},
    skipped=frozenset({f"{_O}tracked-changes", f"{_O}note"}),
    words=None,
)


def read_docx(entry: Entry, job: Job) -> Iterator[Draft]:
    """Read a DOCX document as one article.

    Its XML is read here: python-docx leaves out text that was inserted with
    tracked changes or stands in content controls, and mammoth parses with
    ``xml.dom.minidom``, which expands entities and takes some 50 times the size.

    Parameters
    ----------
    entry
        The document.
    job
        Its limits.

    Yields
    ------
    Draft
        One, its paragraphs parted by blank lines: those of tables, text boxes
        and insertions too; deletions, footnotes, headers and footers left out.

    Raises
    ------
    SourceError
        When it is damaged or unpacks to too much.
    """
    yield _zipped(entry, job, text="word/document.xml", about="docProps/core.xml", tags=WORD)


def read_odt(entry: Entry, job: Job) -> Iterator[Draft]:
    """Read an ODT document as one article.

    Parameters
    ----------
    entry, job
        As of :func:`read_docx`.

    Yields
    ------
    Draft
        One, its paragraphs parted by blank lines.

    Raises
    ------
    SourceError
        When it is damaged or unpacks to too much.
    """
    yield _zipped(entry, job, text="content.xml", about="meta.xml", tags=ODF)


def read_rtf(entry: Entry, job: Job) -> Iterator[Draft]:
    """Read an RTF document as one article.

    Parameters
    ----------
    entry
        The document; it may be as large as an HTML page.
    job
        Its limits.

    Yields
    ------
    Draft
        One.

    Raises
    ------
    SourceError
        When it is damaged.
    """
    from striprtf import striprtf  # noqa: PLC0415 - with the first document

    data = entry.read(job.limits.max_html_bytes, setting="max_html_bytes")
    encoding = encoding_of(data, name=entry.shown)
    try:
        convert: Any = striprtf.rtf_to_text
        text = convert(data.decode(encoding, errors="replace"), errors="replace")
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError) as err:
        raise parse_error(entry.shown, err, kind="an RTF document") from err
    yield _draft(text, entry, None)


def _draft(text: str, entry: Entry, about: Any) -> Draft:
    text = text.strip()
    return Draft(
        text=text, origin=entry.origin, id=entry.stem,
        title=entry.title or _value(about, TITLE) or title_of(text),
        source=entry.source or entry.label, url=entry.url,
        published=entry.published or date_in_name(entry.stem) or _saved(about),
    )  # fmt: skip


def _zipped(entry: Entry, job: Job, *, text: str, about: str, tags: _Tags) -> Draft:
    most = job.limits.max_xml_bytes
    with open_zip(entry, job, most_bytes=job.limits.max_document_bytes) as archive:
        root = zipped_xml(archive, text, name=entry.shown, most_bytes=most)
        known = zipped_xml(archive, about, name=entry.shown, most_bytes=most)
    if root is None:
        hint = "it may be damaged; get it again"
        raise SourceError(entry.shown, f"holds no {text}", hint, stage="parse")
    paragraphs = []
    count = 0
    for block in _blocks(root, tags):
        words = "".join(_words(block, tags)).strip()
        count += len(words)
        job.check_chars(count, entry)
        if words:
            paragraphs.append(words)
    return _draft("\n\n".join(paragraphs), entry, known)


def _blocks(element: Any, tags: _Tags) -> Iterator[Any]:
    """Give the paragraphs in their order, those within others too, none that is skipped."""
    for child in element:
        if child.tag in tags.skipped:
            continue
        if child.tag in tags.blocks:
            yield child
        yield from _blocks(child, tags)


def _words(element: Any, tags: _Tags) -> Iterator[str]:
    """Give the text of a paragraph; a paragraph within it has its own turn."""
    if element.text and (tags.words is None or element.tag == tags.words):
        yield element.text
    for child in element:
        if child.tag in tags.blanks:
            yield tags.blanks[child.tag]
        elif child.tag not in tags.skipped and child.tag not in tags.blocks:
            yield from _words(child, tags)
        if child.tail and tags.words is None:
            yield child.tail


def _value(about: Any, tag: str) -> str | None:
    if about is None:
        return None
    found = about.find(f".//{tag}")
    return found.text.strip() or None if found is not None and found.text else None


def _saved(about: Any) -> dt.date | None:
    for tag in SAVED:
        value = _value(about, tag)
        try:
            if value:
                return iso_date(value)
        except ValueError:
            continue
    return None
