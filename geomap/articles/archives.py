"""Archives: the members of ZIP and tar files, read one at a time and never written by name."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from geomap.articles.budgets import Metered
from geomap.articles.entries import CHUNK, safe_path
from geomap.articles.failures import SourceError, parse_error
from geomap.articles.kinds import is_article_name, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.articles.entries import Draft, Entry, Job
    from geomap.records import Failure

__all__ = ["PACKED_ERRORS", "open_zip", "read_tar", "read_zip"]

ENCRYPTED_FLAG = 0x1

# A member takes 46 bytes in the directory of a ZIP, its name up to 65,535 more;
# as many as this on average is more than any real archive has.
DIRECTORY_BYTES_A_MEMBER = 1_000

# The end of a ZIP's directory: 22 bytes and a comment (APPNOTE.TXT 4.3.16).
END_BYTES = 22 + 65_535
END_MARK = b"PK\x05\x06"
DIRECTORY_SIZE_AT = slice(12, 16)
COUNT_AT = slice(10, 12)
ZIP64_MARK = b"PK\x06\x06"
ZIP64_SIZE_AT = slice(40, 48)

# What a header of a tar may hold at most: long names and their like.
TAR_HEADER_BYTES = 2_097_152

PACKED_ERRORS = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError,
    NotImplementedError, RuntimeError, IndexError, KeyError, OverflowError,
)  # fmt: skip


def read_zip(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the articles of a ZIP archive, in its order.

    Parameters
    ----------
    entry
        The archive.
    job
        Its limits.

    Yields
    ------
    Draft or Failure
        Of each member that is an article by its name, or a failure for it.

    Raises
    ------
    SourceError
        When the archive is damaged, a bomb, or holds no articles.
    """
    with open_zip(entry, job) as archive:
        found = False
        for info in archive.infolist():
            if info.is_dir() or not _is_wanted(info.filename):
                continue
            for item in _member(archive, info, entry, job):
                found = True
                yield item
        if not found:
            raise _no_articles(entry)


@contextmanager
def open_zip(entry: Entry, job: Job, *, most_bytes: int | None = None) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP archive after a look at what it says it holds.

    ``zipfile`` gives no more bytes of a member than its directory declares, so
    that the declared sizes can be relied on.

    Parameters
    ----------
    entry
        The archive.
    job
        Its limits.
    most_bytes
        Most bytes of all members together; ``max_unpacked_bytes`` when left out.

    Yields
    ------
    zipfile.ZipFile
        Open until the end.

    Raises
    ------
    SourceError
        When it is damaged, or unpacks to too much.
    """
    most = job.limits.max_unpacked_bytes
    with entry.seekable(most, setting="max_unpacked_bytes") as stream:
        _check_directory(stream, entry, job)
        try:
            archive = zipfile.ZipFile(stream)
        except PACKED_ERRORS as err:
            raise parse_error(entry.shown, err, kind="a ZIP archive") from err
        with archive:
            _check_zip(archive, stream, entry, job, most_bytes=most_bytes)
            yield archive


def read_tar(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the articles of a tar archive, in its order, from front to back.

    Parameters
    ----------
    entry
        The archive, unpacked if it was compressed.
    job
        Its limits.

    Yields
    ------
    Draft or Failure
        Of each regular member that is an article by its name.

    Raises
    ------
    SourceError
        When the archive is damaged or holds no articles.
    """
    found = False
    count = 0
    try:
        stream: Any = _Forward(entry)
        archive = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115 - closed below
    except PACKED_ERRORS as err:
        raise parse_error(entry.shown, err, kind="a tar archive") from err
    with archive:
        while True:
            try:
                info = archive.next()
            except PACKED_ERRORS as err:
                raise parse_error(entry.shown, err, kind="a tar archive") from err
            if info is None:
                break
            archive.members = []  # type: ignore[attr-defined] # else it remembers each
            count += 1
            if count > job.limits.max_members:
                raise _too_many(entry, job)
            # Links and devices are never followed.
            if not info.isreg() or info.issparse() or not _is_wanted(info.name):
                continue
            member = archive.extractfile(info)
            if member is None:
                continue
            inner = entry.inner(info.name, cast("BinaryIO", member))
            for item in job.read(inner, job) if _may_hold_articles(inner, job) else ():
                found = True
                yield item
    if not found:
        raise _no_articles(entry)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Entry, job: Job
) -> Iterator[Draft | Failure]:
    shown = f"{entry.shown}!/{safe_path(info.filename)}"
    if info.flag_bits & ENCRYPTED_FLAG:
        hint = "unpack it with its password first"
        yield SourceError(shown, "is encrypted", hint, stage="unpack").failure
        return
    try:
        job.budget.check_ratio(info.compress_size, info.file_size, shown)
        stream = archive.open(info)
    except PACKED_ERRORS as err:
        yield parse_error(shown, err, kind="a member of a ZIP archive").failure
        return
    with stream:
        metered = Metered(cast("BinaryIO", stream), lambda size: job.budget.spend(size, shown))
        try:
            inner = entry.inner(info.filename, cast("BinaryIO", io.BufferedReader(metered, CHUNK)))
        except PACKED_ERRORS as err:
            yield parse_error(shown, err, kind="a member of a ZIP archive").failure
            return
        if _may_hold_articles(inner, job):
            yield from job.read(inner, job)


def _may_hold_articles(inner: Entry, job: Job) -> bool:
    """Look into a table or XML file of an archive, which may be anything, as in a folder."""
    if inner.suffix in (".xml", ".rdf"):
        return kind_of(inner.head, "") != "text"
    if inner.suffix in (".csv", ".tsv"):
        from geomap.articles.tables import header_holds_articles  # noqa: PLC0415

        line = inner.head.partition(b"\n")[0]
        return header_holds_articles(line, inner.suffix, columns=job.columns)
    return True


class _Forward:
    """A stream for tarfile that only goes forward, and gives no header of any size."""

    def __init__(self, entry: Entry) -> None:
        self._stream, self._shown, self._at = entry.stream, entry.shown, 0

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= TAR_HEADER_BYTES:
            reason = f"has a header of {size:,} bytes"
            raise SourceError(
                self._shown, reason, "it may be harmful; leave it out", stage="unpack"
            )
        data = self._stream.read(size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or to < self._at:
            msg = "a tar archive that points backwards"
            raise tarfile.ReadError(msg)
        while self._at < to and self.read(min(CHUNK, to - self._at)):
            pass
        return self._at

    def close(self) -> None:
        """Leave the stream to its owner."""


def _check_zip(
    archive: zipfile.ZipFile, stream: BinaryIO, entry: Entry, job: Job, *, most_bytes: int | None
) -> None:
    infos = archive.infolist()
    if len(infos) > job.limits.max_members:
        raise _too_many(entry, job)
    unpacked = sum(info.file_size for info in infos)
    # Members that overlap share their packed bytes: the size of the archive tells.
    job.budget.check_ratio(stream.seek(0, io.SEEK_END), unpacked, entry.shown)
    most = job.limits.max_unpacked_bytes if most_bytes is None else most_bytes
    if unpacked > most:
        setting = "max_unpacked_bytes" if most_bytes is None else "max_document_bytes"
        reason = f"unpacks to {unpacked:,} bytes, more than {most:,}"
        hint = f"unpack it yourself, or raise {setting} under [reading] in the settings"
        raise SourceError(entry.shown, reason, hint, stage="unpack")


def _check_directory(stream: BinaryIO, entry: Entry, job: Job) -> None:
    """Refuse a directory that is too large before zipfile reads it whole."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - END_BYTES))
    tail = stream.read(END_BYTES)
    stream.seek(0)
    at = tail.rfind(END_MARK)
    if at < 0:
        return
    directory = int.from_bytes(tail[at:][DIRECTORY_SIZE_AT], "little")
    count = int.from_bytes(tail[at:][COUNT_AT], "little")
    zip64 = tail.rfind(ZIP64_MARK, 0, at)
    if zip64 >= 0:
        directory = int.from_bytes(tail[zip64:][ZIP64_SIZE_AT], "little")
    elif count > job.limits.max_members:
        raise _too_many(entry, job)
    if directory > job.limits.max_members * DIRECTORY_BYTES_A_MEMBER:
        raise _too_many(entry, job)


def _is_wanted(name: str) -> bool:
    """Tell whether a member is an article: as of a folder, hidden ones are passed over."""
    path = PurePosixPath(safe_path(name))
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts[:-1])
    return not hidden and is_article_name(path.name)


def _too_many(entry: Entry, job: Job) -> SourceError:
    reason = f"holds more than {job.limits.max_members:,} members"
    hint = "cut it, or raise max_members under [reading] in the settings"
    return SourceError(entry.shown, reason, hint, stage="unpack")


def _no_articles(entry: Entry) -> SourceError:
    hint = "expected members such as .txt, .html, .pdf, .docx, .jsonl"
    return SourceError(entry.shown, "archive holds no articles", hint, stage="unpack")
