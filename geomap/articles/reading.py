"""Reading: every input becomes articles, and what cannot be read a failure that says why."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from geomap.articles.decoding import check_text
from geomap.articles.dispatch import read_entry
from geomap.articles.entries import STDIN_STEM, Job, make_entry
from geomap.articles.failures import SourceError
from geomap.articles.ids import safe_id, stable_id
from geomap.articles.language import check_english
from geomap.articles.rows import check_columns
from geomap.articles.sources import STDIN, Source, find_sources
from geomap.records import Article, Failure
from geomap.settings import Settings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from geomap.articles.entries import Draft, Entry
    from geomap.articles.fetching import Fetcher
    from geomap.errors import InputError

__all__ = ["read_articles", "read_source", "read_sources"]

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def read_articles(
    inputs: Iterable[str | Path] | str | Path = (),
    *,
    settings: Settings | None = None,
    published: dt.date | None = None,
    columns: Mapping[str, str] | None = None,
    urls: Iterable[str] = (),
    on_fault: Callable[[InputError], None] | None = None,
) -> Iterator[Article]:
    """Read articles from files of many kinds, folders, standard input and the web.

    Parameters
    ----------
    inputs
        Files: text and Markdown, HTML, PDF, DOCX, ODT, RTF, EPUB, e-mail
        (``.eml``, ``.mbox``), JSON lines, CSV, TSV, Parquet, RSS and Atom
        feeds, WARC, and ZIP, tar, gzip, bzip2 and xz of these
        (``docs/reading.md``); folders of such files, read to the bottom in the
        order of their names; patterns (``"news/**/*.pdf"``); ``"-"`` for
        standard input. A file that is met twice is read once.
    settings
        Gives ``max_article_chars`` and the limits of ``reading``; the defaults
        when left out.
    published
        Date of publication of all articles. Without it what the document says
        of itself, or the date in the file's name (``2022-03-03-…``,
        ``20220303``).
    columns
        Names of the columns of CSV, TSV and Parquet files and of the keys of
        JSON lines: from ``text``, ``id``, ``title``, ``source``, ``url`` or
        ``published`` to the name.
    urls
        Pages, feeds and documents to fetch. Only these go online.
    on_fault
        Called with an :class:`~geomap.errors.InputError` for each article that
        cannot be used; reading goes on with the next. Without it the first
        fault is raised.

    Yields
    ------
    Article
        One at a time; no more than one is held. Offsets refer to its text. Of
        a text file in UTF-8 that is the file, unchanged: line ends and a byte
        order mark stay. ``id`` is the stem of the file or the ``id`` of the
        row; from the second time on it gets ``-2``, ``-3`` … ``language`` is
        ``"en"``, or ``None`` for a text too short to tell.

    Raises
    ------
    InputError
        Without ``on_fault``: when an input is missing, damaged, empty, beyond
        a limit, or not English; when a folder or archive holds no articles.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "2022-03-03-kyiv.txt"
    >>> _ = file.write_text("The shelling of Kyiv went on, said the mayor.")
    >>> article = next(read_articles([file]))
    >>> article.id, article.published
    ('2022-03-03-kyiv', datetime.date(2022, 3, 3))
    """
    report = on_fault or _raise_fault
    settings = settings or Settings()
    taken: dict[str, int] = {}
    with _Reader(settings, published, columns) as reader:
        for source in find_sources(inputs, urls=urls, columns=columns):
            if isinstance(source, Failure):
                report(SourceError.of(source))
                continue
            shown = source.origin if source.name == STDIN else source.name
            for draft in reader.drafts(source, shown=shown):
                try:
                    article = reader.article(draft, source, shown=shown)
                except SourceError as err:
                    report(err)
                else:
                    yield replace(article, id=_unique(article.id, taken))


def read_sources(
    inputs: Iterable[str | Path] | str | Path = (),
    *,
    settings: Settings | None = None,
    published: dt.date | None = None,
    columns: Mapping[str, str] | None = None,
    urls: Iterable[str] = (),
) -> Iterator[Article | Failure]:
    """Read articles with stable ids, and the failures among them in their order.

    Parameters
    ----------
    inputs, settings, published, columns, urls
        As of :func:`read_articles`.

    Yields
    ------
    Article or Failure
        As of :func:`read_source`.
    """
    with _Reader(settings or Settings(), published, columns) as reader:
        for source in find_sources(inputs, urls=urls, columns=columns):
            if isinstance(source, Failure):
                yield source
            else:
                yield from reader.read(source)


def read_source(
    source: Source,
    *,
    settings: Settings | None = None,
    published: dt.date | None = None,
    columns: Mapping[str, str] | None = None,
) -> Iterator[Article | Failure]:
    """Read all articles of one source; may run in any process, knows of no other source.

    Parameters
    ----------
    source
        One of :func:`~geomap.articles.find_sources`.
    settings, published, columns
        As of :func:`read_articles`.

    Yields
    ------
    Article or Failure
        One at a time. ``id`` is that of the file or row and twelve hex digits
        of the text's SHA-256: the same on every machine and in every run, and
        safe as the name of a file. Two equal files have equal ids, their
        ``origin`` tells them apart.

    Raises
    ------
    InputError
        When ``columns`` holds an unknown field. Nothing that is in a source
        raises an error.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "kyiv.txt"
    >>> _ = file.write_text("The shelling of Kyiv went on, said the mayor.")
    >>> [source] = find_sources(file)
    >>> next(read_source(source)).id
    'kyiv-33fc88d8bed5'
    """
    with _Reader(settings or Settings(), published, columns) as reader:
        yield from reader.read(source)


def _raise_fault(fault: InputError) -> None:
    raise fault


def _whole(value: str | None) -> str | None:
    """Put U+FFFD for halves of surrogate pairs: the name of a file may be no UTF-8."""
    return None if value is None else _HALF_PAIR.sub("\ufffd", value)


def _unique(wanted: str, taken: dict[str, int]) -> str:
    """Give the wanted id, or the first of ``-2``, ``-3`` … that is free."""
    result, count = wanted, taken.get(wanted, 0)
    while result in taken:
        count += 1
        result = f"{wanted}-{count}"
    taken[wanted] = max(count, 1)
    taken[result] = max(taken.get(result, 1), 1)
    return result


class _Reader:
    """Reads sources with the same options, and keeps the connections of the web open."""

    def __init__(
        self, settings: Settings, published: dt.date | None, columns: Mapping[str, str] | None
    ) -> None:
        self._settings, self._published = settings, published
        self._columns = check_columns(columns)
        self._fetcher: Fetcher | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._fetcher is not None:
            self._fetcher.close()

    def read(self, source: Source) -> Iterator[Article | Failure]:
        """Read the articles of a source, with stable ids."""
        for draft in self.drafts(source, shown=source.origin):
            if isinstance(draft, Failure):
                yield draft
                continue
            try:
                article = self.article(draft, source, shown=source.origin)
            except SourceError as err:
                yield replace(err.failure, id=stable_id(draft.id, draft.text))
            else:
                yield replace(article, id=stable_id(draft.id, article.text))

    def drafts(self, source: Source, *, shown: str) -> Iterator[Draft | Failure]:
        """Read what a source holds, unchecked."""
        job = Job(
            limits=self._settings.reading, max_chars=self._settings.max_article_chars,
            columns=self._columns, read=read_entry,
        )  # fmt: skip
        try:
            if source.is_url:
                yield from read_entry(self._fetched(source.name), job)
                return
            with _opened(source, shown) as entry:
                yield from read_entry(entry, job)
        except SourceError as err:
            yield err.failure

    def article(self, draft: Draft | Failure, source: Source, *, shown: str) -> Article:
        """Check a draft and make it an article."""
        if isinstance(draft, Failure):
            raise SourceError.of(draft)
        # The user's name for the source, then where in it.
        shown += draft.origin.removeprefix(source.origin)
        check_text(draft.text, name=shown, most=self._settings.max_article_chars)
        return Article(
            id=safe_id(draft.id), text=draft.text, title=_whole(draft.title),
            source=_whole(draft.source), url=_whole(draft.url),
            published=self._published or draft.published,
            language=check_english(draft.text, name=shown), origin=draft.origin,
        )  # fmt: skip

    def _fetched(self, url: str) -> Entry:
        if self._fetcher is None:
            from geomap.articles.fetching import Fetcher  # noqa: PLC0415 - loads requests

            self._fetcher = Fetcher(self._settings.reading)
        return self._fetcher.fetch(url)


@contextmanager
def _opened(source: Source, shown: str) -> Iterator[Entry]:
    if source.name == STDIN:
        # Not ours to close.
        yield make_entry(STDIN_STEM, cast("BinaryIO", sys.stdin.buffer), origin=source.origin)
        return
    path = PurePath(source.name)
    try:
        opened = open(source.name, "rb")  # noqa: PTH123, SIM115 - closed below
    except (OSError, ValueError) as err:
        reason = f"cannot be read ({getattr(err, 'strerror', None) or err})"
        hint = "check that it is a file you may read"
        raise SourceError(shown, reason, hint, stage="open") from err
    with opened:
        try:
            on_disk = source.size_bytes is not None and opened.seekable()
            entry = make_entry(
                path.name, opened, origin=source.origin, shown=shown, on_disk=on_disk
            )
        except OSError as err:
            reason = f"cannot be read ({err.strerror or err})"
            hint = "check the disk, or copy the file"
            raise SourceError(shown, reason, hint, stage="open") from err
        yield entry
