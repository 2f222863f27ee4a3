"""Reading: every input becomes articles or one clear fault."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from geomap.articles.decoding import check_text, decode
from geomap.articles.jsonl import read_rows
from geomap.articles.language import check_english
from geomap.articles.metadata import date_in_name, iso_date, title_of
from geomap.articles.sources import STDIN, find_sources
from geomap.errors import InputError
from geomap.records import Article
from geomap.settings import Settings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

__all__ = ["read_articles"]

# UTF-8 takes at most four bytes a character.
BYTES_A_CHAR = 4

# Longer than a line of JSON that holds the longest article allowed.
MOST_FIRST_LINE = 30_000_000

REFUSED_SUFFIXES = {
    ".htm": "HTML",
    ".html": "HTML",
    ".pdf": "PDF",
    ".docx": "DOCX",
    ".odt": "ODT",
    ".rtf": "RTF",
}


def read_articles(
    inputs: Iterable[str | Path] | str | Path,
    *,
    settings: Settings | None = None,
    published: dt.date | None = None,
    on_fault: Callable[[InputError], None] | None = None,
) -> Iterator[Article]:
    """Read articles from files, folders and standard input.

    Parameters
    ----------
    inputs
        Text or Markdown files in UTF-8; JSON lines files (``.jsonl``) with the
        keys ``text`` and, when known, ``id``, ``title``, ``source``, ``url``,
        ``published`` or ``date`` (ISO 8601); folders of such files, read to
        the bottom in the order of their names; ``"-"`` for standard
        input (text, or JSON lines). A file that is met twice is read once.
    settings
        Gives ``max_article_chars``; the defaults when left out.
    published
        Date of publication of all articles. Without it the date of the row or
        the one in the file's name (``2022-03-03-…``, ``20220303``) is taken.
    on_fault
        Called with an :class:`~geomap.errors.InputError` for each article that
        cannot be used; reading goes on with the next. Without it the first
        fault is raised.

    Yields
    ------
    Article
        The text is the file decoded as UTF-8, unchanged: line ends and a byte
        order mark stay. ``id`` is the stem of the file or the ``id`` of the row;
        from the second time on it gets ``-2``, ``-3`` … ``language`` is
        ``"en"``, or ``None`` for a text too short to tell.

    Raises
    ------
    InputError
        Without ``on_fault``: when an input is missing, unreadable, empty,
        binary, not UTF-8, longer than ``settings.max_article_chars``, or not
        English; when a folder holds no articles.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "2022-03-03-kyiv.txt"
    >>> _ = file.write_text("The shelling of Kyiv went on, said the mayor.")
    >>> article = next(read_articles([file]))
    >>> article.id, article.published
    ('2022-03-03-kyiv', datetime.date(2022, 3, 3))
    """
    given = [inputs] if isinstance(inputs, str | Path) else inputs
    run = _Run(
        settings=settings or Settings(), published=published, on_fault=on_fault or _raise_fault
    )
    for item in given:
        for source in find_sources(item, on_fault=run.on_fault):
            if run.is_new(source):
                yield from run.read(source)


def _raise_fault(fault: InputError) -> None:
    raise fault


@dataclass(slots=True, kw_only=True)
class _Run:
    """One call of :func:`read_articles`: what it was asked, and what it has seen."""

    settings: Settings
    published: dt.date | None
    on_fault: Callable[[InputError], None]
    seen: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def is_new(self, source: str) -> bool:
        """Tell whether the source is met for the first time."""
        key = source if source == STDIN else str(Path(source).resolve())
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def read(self, source: str) -> Iterator[Article]:
        """Read all articles of one file."""
        suffix = Path(source).suffix.lower()
        if suffix in REFUSED_SUFFIXES:
            kind = REFUSED_SUFFIXES[suffix]
            msg = f"{source}: {kind} is not read; save the article as plain text (.txt, UTF-8)"
            self.on_fault(InputError(msg))
            return
        try:
            with _open(source) as stream:
                yield from self.read_stream(stream, source)
        except InputError as err:
            self.on_fault(err)

    def read_stream(self, stream: BinaryIO, source: str) -> Iterator[Article]:
        """Read the articles of an open file: one of a text, many of JSON lines."""
        name = "standard input" if source == STDIN else source
        # Standard input has no suffix: its first line says what it is.
        first = stream.readline(MOST_FIRST_LINE) if source == STDIN else b""
        if Path(source).suffix.lower() == ".jsonl" or first.lstrip().startswith(b'{"'):
            yield from self.read_jsonl(stream, name, first=first)
            return
        # What cannot be within the limit is not held in memory whole.
        most = (self.settings.max_article_chars + 1) * BYTES_A_CHAR
        data = first + _read(stream, name, most)
        text = decode(_whole_chars(data) if len(data) >= most else data, name=name)
        stem = "stdin" if source == STDIN else Path(source).stem
        yield self.article(
            text,
            name=name,
            known={
                "id": stem,
                "title": title_of(text),
                "source": None if source == STDIN else Path(source).name,
                "published": date_in_name(stem),
            },
        )

    def read_jsonl(self, stream: BinaryIO, name: str, *, first: bytes) -> Iterator[Article]:
        """Read the articles of JSON lines; ``first`` was read already."""
        stem = "stdin" if first else Path(name).stem
        rows = read_rows(
            stream,
            first=first,
            name=name,
            most_chars=self.settings.max_article_chars,
            on_fault=self.on_fault,
        )
        for where, row in rows:
            try:
                known = _known(row, where=where, stem=stem)
                article = self.article(row["text"], name=where, known=known)
            except InputError as err:
                self.on_fault(err)
            else:
                yield article

    def article(self, text: str, *, name: str, known: dict[str, Any]) -> Article:
        """Check the text and give the article an id of its own."""
        check_text(text, name=name, most=self.settings.max_article_chars)
        language = check_english(text, name=name)
        known = {**known, "id": self.unique(known["id"])}
        if self.published is not None:
            known["published"] = self.published
        return Article(text=text, language=language, **known)

    def unique(self, wanted: str) -> str:
        """Give the wanted id, or the first of ``-2``, ``-3`` … that is free."""
        result, count = wanted, 1
        while result in self.ids:
            count += 1
            result = f"{wanted}-{count}"
        self.ids.add(result)
        return result


def _open(source: str) -> AbstractContextManager[BinaryIO]:
    if source == STDIN:
        return nullcontext(sys.stdin.buffer)  # Not ours to close.
    try:
        return Path(source).open("rb")
    except OSError as err:
        msg = f"{source}: cannot be read ({err.strerror}); check that it is a file you may read"
        raise InputError(msg) from err


def _whole_chars(data: bytes) -> bytes:
    """Cut a character of UTF-8 that the limit cut in two."""
    for back in range(1, BYTES_A_CHAR):
        if data[-back] >= 0xC0:  # noqa: PLR2004 - first byte of a long character
            return data[:-back]
    return data


def _read(stream: BinaryIO, name: str, most: int) -> bytes:
    try:
        return stream.read(most)
    except OSError as err:
        msg = f"{name}: cannot be read ({err.strerror}); check the disk, or copy the file"
        raise InputError(msg) from err


def _known(row: dict[str, Any], *, where: str, stem: str) -> dict[str, Any]:
    """Take what a row says of an article, checked."""
    known: dict[str, Any] = {key: _string(row, key, where) for key in ("title", "source", "url")}
    number = where.rpartition(":")[2]
    known["id"] = str(row["id"]) if row.get("id") not in (None, "") else f"{stem}-{number}"
    known["published"] = _published(row, where)
    return known


def _string(row: dict[str, Any], key: str, where: str) -> str | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        msg = f"{where}: {key} is {value!r}; expected a string or null"
        raise InputError(msg)
    return value


def _published(row: dict[str, Any], where: str) -> dt.date | None:
    key = "published" if row.get("published") is not None else "date"
    value = _string(row, key, where)
    if value is None:
        return None
    try:
        return iso_date(value)
    except ValueError as err:
        msg = f"{where}: {key} is {value!r}; expected an ISO date such as 2022-03-03"
        raise InputError(msg) from err
