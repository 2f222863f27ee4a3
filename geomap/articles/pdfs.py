"""PDF: the text of its pages, lines joined to paragraphs."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.articles.entries import Draft
from geomap.articles.failures import SourceError, parse_error
from geomap.articles.metadata import LONGEST_TITLE, date_in_name, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.articles.entries import Entry, Job

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
CHILD = Path(__file__).with_name("pdf_child.py")


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
        Its limits; ``max_pages``, ``max_seconds`` and ``max_pdf_memory_bytes``
        among them.

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
    answer = _asked(entry, job)
    text = _text(answer, entry, job)
    info = answer["info"]
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


def _asked(entry: Entry, job: Job) -> dict[str, Any]:
    """Let a process of its own read the PDF, and end it when it takes too long."""
    limits = job.limits
    command = [sys.executable, "-P", str(CHILD), str(limits.max_pages)]
    command += [str(job.max_chars), str(limits.max_pdf_memory_bytes)]
    if entry.on_disk:
        command.append(entry.stream.name)
    data = None if entry.on_disk else job.whole(entry)
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command, input=data, stdin=subprocess.DEVNULL if data is None else None,
            capture_output=True, timeout=limits.max_seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as err:
        reason = f"takes longer than {limits.max_seconds:g} s"
        hint = "cut it, or raise max_seconds under [reading] in the settings"
        raise SourceError(entry.shown, reason, hint, stage="parse") from err
    except OSError as err:
        raise parse_error(entry.shown, err, kind="a PDF") from err
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as err:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        fault = RuntimeError(last or f"its reader ended with {done.returncode}")
        raise parse_error(entry.shown, fault, kind="a PDF") from err
    if answer.get("fault") == "locked":
        hint = "save it without a password first"
        raise SourceError(entry.shown, "is locked with a password", hint, stage="open")
    if "fault" in answer:
        raise parse_error(entry.shown, RuntimeError(answer["fault"]), kind="a PDF")
    return answer


def _text(answer: dict[str, Any], entry: Entry, job: Job) -> str:
    if answer["pages"] > job.limits.max_pages:
        reason = f"has {answer['pages']:,} pages, more than {job.limits.max_pages:,}"
        hint = "cut it, or raise max_pages under [reading] in the settings"
        raise SourceError(entry.shown, reason, hint, stage="parse")
    job.check_chars(sum(map(len, answer["texts"])), entry)
    joined = ""
    for page in answer["texts"]:
        text = joined_lines(page) if page.strip() else ""
        # A sentence goes on across the page.
        gap = "" if not joined or not text else "\n\n" if joined.endswith(SENTENCE_ENDS) else " "
        joined += gap + text
    return joined


def _title(info: dict[str, str]) -> str | None:
    title = info.get("Title", "").strip()
    return title if 0 < len(title) <= LONGEST_TITLE and not NO_TITLE.match(title) else None


def _made(info: dict[str, str]) -> dt.date | None:
    match = PDF_DATE.match(info.get("CreationDate", ""))
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
