"""Entries: one thing to read, with its first bytes, and the run that reads it."""

from __future__ import annotations

import io
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast

from geomap.articles.budgets import Budget, Deadline
from geomap.articles.failures import SourceError, one_line

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from geomap.limits import ReadingLimits
    from geomap.records import Failure

__all__ = ["STDIN_STEM", "Draft", "Entry", "Job", "make_entry", "safe_name", "safe_path"]

# A tar names itself at byte 257; an HTML page after its comments.
HEAD_BYTES = 8192

# What articles of standard input are called.
STDIN_STEM = "stdin"
CHUNK = 65_536

# Small members of archives stay in memory, larger ones go to an unnamed file.
SPOOL_BYTES = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The text of one article before it is checked.

    Parameters
    ----------
    text
        The extracted text.
    origin
        Where it was read.
    id
        What to call it; made safe and unique later.
    title, source, url, published
        What the document says of itself.
    """

    text: str
    origin: str
    id: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: dt.date | None = None


class _Rejoined(io.RawIOBase):
    """First bytes that were read already, then the rest of their stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._head:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


@dataclass(slots=True, kw_only=True)
class Entry:
    """One thing to read: a file, a member of an archive, an attachment, a page.

    Parameters
    ----------
    name
        Name of the file, without folders; tells kind, id and date.
    origin
        Where it is.
    shown
        What to call it in messages: as :attr:`origin`, but as the user gave it.
    stream
        Its bytes from the first on.
    head
        Its first bytes, up to 8,192.
    on_disk
        Whether :attr:`stream` is a file that can be read from any place.
    depth
        How many archives and e-mails it lies in.
    charset
        The encoding that its surroundings declare.
    url, title, source, published
        What its surroundings say of it.
    """

    name: str
    origin: str
    shown: str
    stream: BinaryIO
    head: bytes
    on_disk: bool = False
    depth: int = 0
    charset: str | None = None
    url: str | None = None
    title: str | None = None
    source: str | None = None
    published: dt.date | None = None

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return PurePosixPath(self.name).stem or self.name

    @property
    def label(self) -> str | None:
        """The name as a source of articles; ``None`` for standard input."""
        return None if self.name == STDIN_STEM else self.name

    @property
    def suffix(self) -> str:
        """The last suffix in small letters, with its dot."""
        return PurePosixPath(self.name).suffix.lower()

    def read(self, most: int, *, setting: str) -> bytes:
        """Give all its bytes.

        Parameters
        ----------
        most
            Largest number allowed.
        setting
            Name of that limit.

        Returns
        -------
        bytes
            The whole document.

        Raises
        ------
        SourceError
            When it is larger; no more than the limit was held.
        """
        parts, size = [], 0
        while chunk := self.stream.read(min(CHUNK * 16, most + 1 - size)):
            parts.append(chunk)
            size += len(chunk)
            if size > most:
                hint = f"cut it, or raise {setting} under [reading] in the settings"
                raise SourceError(self.shown, f"is larger than {most:,} bytes", hint, stage="open")
        return b"".join(parts)

    @contextmanager
    def seekable(self, most: int, *, setting: str) -> Iterator[BinaryIO]:
        """Give a stream that can be read from any place.

        Parameters
        ----------
        most
            Largest size allowed of what is not a file on disk.
        setting
            Name of that limit.

        Yields
        ------
        BinaryIO
            The file itself, or an unnamed temporary copy, which vanishes at
            the end.

        Raises
        ------
        SourceError
            When it is larger.
        """
        if self.on_disk:
            self.stream.seek(0)
            yield self.stream
            return
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as copy:
            size = 0
            while chunk := self.stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    hint = f"unpack it yourself, or raise {setting} under [reading] in the settings"
                    reason = f"is larger than {most:,} bytes"
                    raise SourceError(self.shown, reason, hint, stage="unpack")
                copy.write(chunk)
            copy.seek(0)
            yield cast("BinaryIO", copy)

    def inner(self, name: str, stream: BinaryIO, *, part: str | None = None) -> Entry:
        """Make the entry of something that lies in this one.

        Parameters
        ----------
        name
            Its name, as a stranger gave it.
        stream
            Its bytes.
        part
            Number of the row or message it hangs on, if any.

        Returns
        -------
        Entry
            One deeper, with a name that no path can be made of.
        """
        path = safe_path(name)
        where = f":{part}!/{path}" if part else f"!/{path}"
        inner = make_entry(
            safe_name(name), stream, origin=self.origin + where, shown=self.shown + where
        )
        inner.depth = self.depth + 1
        return inner


def make_entry(
    name: str, stream: BinaryIO, *, origin: str, shown: str | None = None, on_disk: bool = False
) -> Entry:
    """Look at the first bytes of a stream.

    Parameters
    ----------
    name, stream, origin, shown, on_disk
        As of :class:`Entry`; the stream stands at its first byte.

    Returns
    -------
    Entry
        Whose stream still gives every byte.
    """
    head = b""
    while len(head) < HEAD_BYTES and (chunk := stream.read(HEAD_BYTES - len(head))):
        head += chunk
    if on_disk:
        stream.seek(0)
        whole = stream
    else:
        whole = cast("BinaryIO", io.BufferedReader(_Rejoined(head, stream), CHUNK))
    return Entry(
        name=name, origin=origin, shown=shown or origin, stream=whole, head=head, on_disk=on_disk
    )


@dataclass(slots=True, kw_only=True)
class Job:
    """The reading of one source: its limits, its options, and how to read what lies in it.

    Parameters
    ----------
    limits
        Of size, number and time.
    max_chars
        Longest article.
    columns
        Names of columns and keys by what they mean.
    read
        Reads an entry that lies in another one.
    budget
        What may still be unpacked.
    """

    limits: ReadingLimits
    max_chars: int
    columns: Mapping[str, str]
    read: Callable[[Entry, Job], Iterator[Draft | Failure]]
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        """Start with nothing unpacked."""
        self.budget = Budget(limits=self.limits)

    def whole(self, entry: Entry) -> bytes:
        """Give all bytes of a document, within ``max_document_bytes``."""
        return entry.read(self.limits.max_document_bytes, setting="max_document_bytes")

    def deadline(self, entry: Entry) -> Deadline:
        """Start the clock for one document."""
        return Deadline(self.limits.max_seconds, entry.shown)

    def check_chars(self, count: int, entry: Entry) -> None:
        """Refuse an article as soon as it is too long."""
        if count > self.max_chars:
            reason = f"is longer than {self.max_chars:,} characters"
            hint = "cut it into articles, or raise max_article_chars in the settings"
            raise SourceError(entry.shown, reason, hint, stage="check")


def safe_path(name: str) -> str:
    """Give the path of a member so that it leads nowhere: no root, no ``..``, one line.

    Parameters
    ----------
    name
        As the archive has it.

    Returns
    -------
    str
        For showing, never for opening.

    Examples
    --------
    >>> safe_path("../../etc/passwd")
    'etc/passwd'
    """
    parts = [part for part in re.split(r"[/\\]", one_line(name)) if part not in ("", ".", "..")]
    return "/".join(parts) or "unnamed"


def safe_name(name: str) -> str:
    """Give the last part of :func:`safe_path`."""
    return safe_path(name).rpartition("/")[2]
