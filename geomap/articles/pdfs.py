"""PDF: the text of its pages, lines joined to paragraphs."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from geomap.articles.entries import Draft
from geomap.articles.failures import SourceError, parse_error
from geomap.articles.metadata import LONGEST_TITLE, date_in_name, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.articles.entries import Deadline, Entry, Job

__all__ = ["joined_lines", "read_pdf"]

# A word that was parted at the end of a line; pdfium marks it with U+0002 or U+FFFE.
PARTED = re.compile("(?<=[a-z])(?:-|\u00ad|\x02|\ufffe)\r?\n(?=[a-z])")
SOFT = re.compile("[\u00ad\x02\ufffe]")
LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")
# A line this much shorter than the longest, with a full stop at its end, ends a paragraph.
SHORT_LINE = 0.75
SENTENCE_ENDS = (".", "!", "?", ".”", ".»", '."', ":")

# D:20220303211500+02'00' (ISO 32000-1, 7.9.4).
PDF_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")
# Names that programs give a document nobody named.
NO_TITLE = re.compile(r"(?i)untitled|microsoft word|document\d*$|.*\.(?:docx?|pdf|indd|html?)$")
PASSWORD_ERROR = 4


def read_pdf(entry: Entry, job: Job) -> Iterator[Draft]:
    """Read a PDF as one article.

    pdfium (through pypdfium2) gives the words of ten dispatches printed by
    Chromium, half of them in two columns, at a likeness of 0.997 in 2 ms,
    pypdf of 0.975 in 10 ms, pdfminer.six of 0.963 in 20 ms.

    Parameters
    ----------
    entry
        The file.
    job
        Its limits; ``max_pages`` and ``max_seconds`` among them.

    Yields
    ------
    Draft
        One; ``published`` is the day the PDF says it was made only when its
        name holds no date.

    Raises
    ------
    SourceError
        When it is damaged, locked, too long, or holds no text (a scan).
    """
    import pypdfium2  # noqa: PLC0415 - with the first PDF

    stream: Any = entry.stream if entry.on_disk else job.whole(entry)
    try:
        document = pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as err:
        raise _unopened(entry, err) from err
    try:
        text = _text(document, entry, job)
        info = document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as err:
        raise parse_error(entry.shown, err, kind="a PDF") from err
    finally:
        document.close()
    if not text.strip():
        hint = "if it is a scan, recognise its text first (e.g. with ocrmypdf)"
        raise SourceError(entry.shown, "is a PDF without text", hint, stage="parse")
    yield Draft(
        text=text, origin=entry.origin, id=entry.stem,
        title=entry.title or _title(info) or title_of(text),
        source=entry.source or entry.label, url=entry.url,
        published=entry.published or date_in_name(entry.stem) or _made(info),
    )  # fmt: skip


def joined_lines(text: str) -> str:
    r"""Join the lines of a page to paragraphs, parted by blank lines.

    Parameters
    ----------
    text
        Lines as they are printed.

    Returns
    -------
    str
        Words parted at a line's end are whole again. A line that ends a
        sentence and is a quarter shorter than the longest ends its paragraph.

    Examples
    --------
    >>> joined_lines("The shelling of the old town of Khar-\nkiv went on\nall night long.")
    'The shelling of the old town of Kharkiv went on all night long.'
    """
    whole = SOFT.sub("", PARTED.sub("", text))
    lines = LINE_END.sub("\n", whole).strip().split("\n")
    widest = max(map(len, lines))
    parts = []
    for number, line in enumerate(lines):
        is_last = number == len(lines) - 1
        ends = line.endswith(SENTENCE_ENDS) and len(line) < SHORT_LINE * widest
        parts.append(line if is_last else line + ("\n\n" if ends or not line else " "))
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", "".join(parts)).strip()


def _unopened(entry: Entry, err: Any) -> SourceError:
    if getattr(err, "err_code", None) == PASSWORD_ERROR or "password" in str(err).lower():
        hint = "save it without a password first"
        return SourceError(entry.shown, "is locked with a password", hint, stage="open")
    return parse_error(entry.shown, err, kind="a PDF")


def _text(document: Any, entry: Entry, job: Job) -> str:
    pages = len(document)
    if pages > job.limits.max_pages:
        reason = f"has {pages:,} pages, more than {job.limits.max_pages:,}"
        hint = "cut it, or raise max_pages under [reading] in the settings"
        raise SourceError(entry.shown, reason, hint, stage="parse")
    deadline: Deadline = job.deadline(entry)
    texts: list[str] = []
    count = 0
    for number in range(pages):
        deadline.check()
        text = _page_text(document, number)
        count += len(text)
        job.check_chars(count, entry)
        if text:
            texts.append(text)
    joined = ""
    for text in texts:
        # A sentence goes on across the page.
        gap = "" if not joined else "\n\n" if joined.endswith(SENTENCE_ENDS) else " "
        joined += gap + text
    return joined


def _page_text(document: Any, number: int) -> str:
    page = document[number]
    try:
        textpage = page.get_textpage()
        try:
            text: str = textpage.get_text_bounded()
        finally:
            textpage.close()
    finally:
        page.close()
    return joined_lines(text) if text.strip() else ""


def _title(info: dict[str, str]) -> str | None:
    title = info.get("Title", "").strip()
    return title if 0 < len(title) <= LONGEST_TITLE and not NO_TITLE.match(title) else None


def _made(info: dict[str, str]) -> dt.date | None:
    match = PDF_DATE.match(info.get("CreationDate", ""))
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
