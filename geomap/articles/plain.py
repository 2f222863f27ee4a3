"""Plain text and Markdown: kept as it is, whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.articles.decoding import decode
from geomap.articles.entries import CHUNK, Draft
from geomap.articles.metadata import date_in_name, title_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.articles.entries import Entry, Job

__all__ = ["read_plain"]

# UTF-8 takes at most four bytes a character; so does UTF-32.
BYTES_A_CHAR = 4


def read_plain(entry: Entry, job: Job) -> Iterator[Draft]:
    """Read a text file as one article, unchanged.

    Parameters
    ----------
    entry
        A file of any size; no more of it is held than an article may be long.
    job
        Its limits.

    Yields
    ------
    Draft
        One. Without a title of its surroundings the first line is taken when
        it stands as a headline.
    """
    most = (job.max_chars + 1) * BYTES_A_CHAR
    parts, size = [], 0
    while size < most and (chunk := entry.stream.read(min(CHUNK * 16, most - size))):
        parts.append(chunk)
        size += len(chunk)
    data = b"".join(parts)
    text = decode(_whole_chars(data) if size >= most else data, name=entry.shown,
                  declared=entry.charset)  # fmt: skip
    yield Draft(
        text=text, origin=entry.origin, id=entry.stem, title=entry.title or title_of(text),
        source=entry.source or entry.label, url=entry.url,
        published=entry.published or date_in_name(entry.stem),
    )  # fmt: skip


def _whole_chars(data: bytes) -> bytes:
    """Cut a character of UTF-8 that the limit cut in two."""
    for back in range(1, BYTES_A_CHAR):
        if data[-back] >= 0xC0:  # noqa: PLR2004 - first byte of a long character
            return data[:-back]
    return data
