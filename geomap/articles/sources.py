"""Sources: which files and addresses an input stands for."""

from __future__ import annotations

import glob
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.articles.failures import SourceError
from geomap.articles.jsonl import holds_articles
from geomap.articles.kinds import ARTICLE_SUFFIXES, is_article_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from geomap.records import Failure

__all__ = ["STDIN", "Source", "find_sources"]

STDIN = "-"
STDIN_NAME = "standard input"

# Folders that lie beside articles and hold no articles.
SKIPPED_FOLDERS = frozenset({"gold", "lexicons"})
MAGIC = frozenset("*?[")
WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file, stream or address that articles are read from.

    Parameters
    ----------
    name
        As the user gave it or the folder has it: ``"-"``, a path, a URL.
    origin
        The absolute path, the URL, or ``"standard input"``; the ``origin`` of
        every article of it starts so.
    size_bytes, modified_ns
        Of a file: to see whether it changed; ``None`` of all else.
    is_url
        Whether it is fetched.
    """

    name: str
    origin: str
    size_bytes: int | None = None
    modified_ns: int | None = None
    is_url: bool = False


def find_sources(
    inputs: Iterable[str | Path] | str | Path,
    *,
    urls: Iterable[str] = (),
    columns: Mapping[str, str] | None = None,
) -> Iterator[Source | Failure]:
    """List what some inputs stand for, without reading it.

    Parameters
    ----------
    inputs
        Files, folders, patterns (``"news/**/*.pdf"``), or ``"-"`` for standard
        input.
    urls
        Addresses to fetch.
    columns
        As of :func:`~geomap.articles.read_articles`: tells which tables of a
        folder hold articles.

    Yields
    ------
    Source or Failure
        Each file once. From a folder: the files that are articles or archives
        by their names, those of its subfolders too, sorted by path; links to
        folders are not followed. Hidden files and folders, folders called
        ``gold`` or ``lexicons``, ``README.*``, ``*.expected.*``, and tables and
        XML that hold no articles are passed over. A failure of an input that
        does not exist, cannot be opened, or is a folder without articles.
    """
    given = [inputs] if isinstance(inputs, str | Path) else inputs
    seen: set[int] = set()
    for one in given:
        for found in _expanded(one, dict(columns or {})):
            if isinstance(found, Source):
                # The number of a path: a million of them take 60 MB less than the paths.
                number = hash(os.path.realpath(found.name) if found.name != STDIN else STDIN)
                if number in seen:
                    continue
                seen.add(number)
            yield found
    for url in dict.fromkeys(urls):
        yield Source(name=url, origin=url, is_url=True)


def _expanded(given: str | Path, columns: Mapping[str, str]) -> Iterator[Source | Failure]:
    name = str(given)
    if name == STDIN:
        yield Source(name=STDIN, origin=STDIN_NAME)
        return
    if name.lower().startswith(WEB):
        hint = "give it with --url (in Python: urls=[…]), which goes online"
        yield SourceError(name, "is an address, not a file", hint, stage="find").failure
        return
    try:
        status = Path(name).stat()
    except (OSError, ValueError) as err:
        if isinstance(err, FileNotFoundError) and MAGIC & set(name):
            yield from _matching(name, columns)
            return
        reason = getattr(err, "strerror", None) or str(err)
        hint = "give the path of an article or of a folder of articles"
        yield SourceError(name, f"cannot be opened ({reason})", hint, stage="find").failure
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _in_folder(Path(name), columns)
    else:
        yield _source(name, status)


def _matching(pattern: str, columns: Mapping[str, str]) -> Iterator[Source | Failure]:
    found = sorted(glob.iglob(pattern, recursive=True))  # noqa: PTH207 - a Path cannot be absolute
    if not found:
        hint = "check the pattern"
        yield SourceError(pattern, "matches no file", hint, stage="find").failure
    for name in found:
        # "**" gives folders too, whose files it gives by themselves.
        if "**" in pattern and os.path.isdir(name):  # noqa: PTH112
            continue
        # As in a folder, pipes and devices are not opened unasked.
        if os.path.exists(name) and not (os.path.isdir(name) or os.path.isfile(name)):  # noqa: PTH110, PTH112, PTH113
            yield _irregular(name)
        else:
            yield from _expanded(name, columns)


def _source(name: str, status: os.stat_result) -> Source:
    is_file = stat.S_ISREG(status.st_mode)
    return Source(
        name=name,
        origin=os.path.abspath(name),  # noqa: PTH100 - links stay as they are named
        size_bytes=status.st_size if is_file else None,
        modified_ns=status.st_mtime_ns if is_file else None,
    )


def _in_folder(folder: Path, columns: Mapping[str, str]) -> Iterator[Source | Failure]:
    faults: list[Failure] = []

    def unreadable(err: OSError) -> None:
        hint = "give yourself the permission (chmod u+rx) or leave it out"
        reason = f"folder cannot be read ({err.strerror or err})"
        faults.append(SourceError(str(err.filename), reason, hint, stage="find").failure)

    found = False
    for parent, folders, files in os.walk(folder, onerror=unreadable):
        # In place: os.walk goes down into what is left.
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS
        )
        for name in sorted(files):
            one = _member(Path(parent, name), columns)
            if one is not None:
                found = True
                yield one
        yield from faults
        faults.clear()
    yield from faults
    if not found:
        kinds = ", ".join(sorted(ARTICLE_SUFFIXES))
        hint = f"expected files of {kinds}"
        yield SourceError(str(folder), "folder holds no articles", hint, stage="find").failure


def _member(path: Path, columns: Mapping[str, str]) -> Source | Failure | None:
    """Give a file of a folder if it is an article: a pipe or device in it is never opened."""
    if not is_article_name(path.name):
        return None
    try:
        status = path.stat()
    except OSError as err:
        reason = f"cannot be read ({err.strerror or err})"
        hint = "check that it is a file you may read"
        return SourceError(str(path), reason, hint, stage="find").failure
    if not stat.S_ISREG(status.st_mode):
        return _irregular(str(path))
    return _source(str(path), status) if _holds_articles(path, columns) else None


def _irregular(name: str) -> Failure:
    hint = "name it by itself if it shall be read"
    return SourceError(name, "is no regular file", hint, stage="find").failure


def _holds_articles(path: Path, columns: Mapping[str, str]) -> bool:
    """Look into a table or XML file of a folder, which may be anything."""
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return holds_articles(path, text_key=columns.get("text", "text"))
    if suffix in (".csv", ".tsv"):
        from geomap.articles.tables import csv_holds_articles  # noqa: PLC0415

        return csv_holds_articles(path, columns=columns)
    if suffix == ".parquet":
        from geomap.articles.tables import parquet_holds_articles  # noqa: PLC0415

        return parquet_holds_articles(path, columns=columns)
    if suffix in (".xml", ".rdf"):
        from geomap.articles.feeds import is_feed  # noqa: PLC0415

        return is_feed(path)
    return True
