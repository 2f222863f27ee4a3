"""E-mail: a message, a box of messages, and the documents attached to them."""

from __future__ import annotations

import email
import email.errors
import email.policy
import email.utils
import io
import re
from typing import TYPE_CHECKING, BinaryIO

from geomap.articles.decoding import declared_in_markup, decode
from geomap.articles.entries import Draft
from geomap.articles.failures import SourceError, one_line, parse_error
from geomap.articles.kinds import is_article_name
from geomap.articles.metadata import date_in_name, written_date
from geomap.articles.pages import fragment_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from email.message import Message

    from geomap.articles.entries import Entry, Job
    from geomap.records import Failure

__all__ = ["read_email", "read_mbox"]

# RFC 4155: a message starts with such a line after an empty one.
STARTS = b"From "
# RFC 5322 allows 998 characters; a box may hold whole paragraphs on a line.
LONGEST_LINE = 1_000_000
QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)

# What the email package raises on hostile headers and parts.
MAIL_ERRORS = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError,
    UnicodeError, email.errors.MessageError,
)  # fmt: skip

HTML_TYPE = "text/html"
PLAIN_TYPE = "text/plain"


def read_email(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read an e-mail (``.eml``): its text, then the documents attached to it.

    Parameters
    ----------
    entry
        The message.
    job
        Its limits; ``max_pages`` bounds the parts.

    Yields
    ------
    Draft or Failure
        The text first: the plain one, else that of the HTML. Then what the
        attachments give that are articles by their names; pictures and their
        like are passed over.

    Raises
    ------
    SourceError
        When the message cannot be parsed, or holds neither.
    """
    yield from _message(job.whole(entry), entry, job, ordinal=None)


def read_mbox(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read a box of e-mails (mbox), one message at a time.

    Parameters
    ----------
    entry
        The box, of any size.
    job
        Its limits; ``max_document_bytes`` bounds each message.

    Yields
    ------
    Draft or Failure
        As :func:`read_email`, message by message.
    """
    for ordinal, data in enumerate(_messages(entry, job), start=1):
        if isinstance(data, SourceError):
            yield data.failure
            continue
        try:
            yield from _message(data, entry, job, ordinal=ordinal)
        except SourceError as err:
            yield err.failure


def _messages(entry: Entry, job: Job) -> Iterator[bytes | SourceError]:
    most = job.limits.max_document_bytes
    lines: list[bytes] = []
    size = ordinal = 0
    after_blank = True
    while line := entry.stream.readline(LONGEST_LINE):
        if after_blank and line.startswith(STARTS):
            if lines or size:
                yield _boxed(lines, size, most, f"{entry.shown}:{ordinal}")
            lines, size = [], 0
            ordinal += 1
        else:
            size += len(line)
            if size > most:
                lines = []
            else:
                lines.append(line)
        after_blank = line in (b"\n", b"\r\n")
    if lines or size:
        yield _boxed(lines, size, most, f"{entry.shown}:{ordinal}")


def _boxed(lines: list[bytes], size: int, most: int, where: str) -> bytes | SourceError:
    if size > most:
        hint = "take it out, or raise max_document_bytes under [reading] in the settings"
        return SourceError(where, f"is a message of more than {most:,} bytes", hint, stage="open")
    return QUOTED_FROM.sub(rb"\1", b"".join(lines))


def _message(
    data: bytes, entry: Entry, job: Job, *, ordinal: int | None
) -> Iterator[Draft | Failure]:
    number = "" if ordinal is None else f":{ordinal}"
    shown = entry.shown + number
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        parts = list(_parts(message, job, shown))
    except MAIL_ERRORS as err:
        raise parse_error(shown, err, kind="an e-mail") from err
    text = _body(parts, shown)
    found = bool(text)
    if text:
        subject = _header(message, "Subject")
        identity = _header(message, "Message-ID")
        stem = entry.stem if ordinal is None else identity or f"{entry.stem}-{ordinal}"
        yield Draft(
            text=text, origin=entry.origin + number, id=stem.strip("<>"),
            title=subject, source=_sender(message) or entry.source or entry.label,
            published=entry.published or _date(message) or date_in_name(entry.stem),
        )  # fmt: skip
    for name, payload in _attached(parts):
        found = True
        yield from job.read(_attachment(name, payload, entry, number), job)
    if not found:
        raise SourceError(shown, "is an e-mail without text", "leave it out", stage="parse")


def _parts(message: Message, job: Job, shown: str) -> Iterator[Message]:
    for count, part in enumerate(message.walk(), start=1):
        if count > job.limits.max_pages:
            reason = f"has more than {job.limits.max_pages:,} parts"
            hint = "leave it out, or raise max_pages under [reading] in the settings"
            raise SourceError(shown, reason, hint, stage="parse")
        if not part.is_multipart():
            yield part


def _body(parts: list[Message], shown: str) -> str:
    """Give the plain text of the first text parts, else that of the HTML."""
    for kind in (PLAIN_TYPE, HTML_TYPE):
        texts = [
            _text(part, shown)
            for part in parts
            if part.get_content_type() == kind and _filename(part) is None
        ]
        text = "\n\n".join(text for text in texts if text)
        if text:
            return text
    return ""


def _text(part: Message, shown: str) -> str:
    try:
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset()
    except MAIL_ERRORS as err:
        raise parse_error(shown, err, kind="an e-mail") from err
    if not isinstance(payload, bytes):
        return ""
    is_html = part.get_content_type() == HTML_TYPE
    if is_html:
        charset = charset or declared_in_markup(payload[:2048])
    text = decode(payload, name=shown, declared=charset).replace("\r\n", "\n")
    return fragment_text(text) if is_html else text.strip()


def _attached(parts: list[Message]) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        name = _filename(part)
        if name is None or not is_article_name(name.replace("\\", "/").rpartition("/")[2]):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield name, payload


def _attachment(name: str, payload: bytes, entry: Entry, number: str) -> Entry:
    stream: BinaryIO = io.BytesIO(payload)
    return entry.inner(name, stream, part=number.lstrip(":") or None)


def _filename(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except MAIL_ERRORS:
        return None
    return one_line(str(name)) if name else None


def _header(message: Message, key: str) -> str | None:
    """Give a header in words: RFC 2047 decoded, on one line."""
    from email.header import decode_header, make_header  # noqa: PLC0415 - with the first mail

    value = message.get(key)
    if value is None:
        return None
    try:
        words = str(make_header(decode_header(str(value))))
    except MAIL_ERRORS:
        words = str(value)
    return one_line(words.encode("utf-8", errors="replace").decode()).strip() or None


def _sender(message: Message) -> str | None:
    value = _header(message, "From")
    if value is None:
        return None
    try:
        name, address = email.utils.parseaddr(value)
    except MAIL_ERRORS:
        return value
    return name or address or value


def _date(message: Message) -> dt.date | None:
    value = message.get("Date")
    if value is None:
        return None
    try:
        return written_date(str(value))
    except ValueError:
        return None
