"""Sources: which files an input stands for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.articles.jsonl import holds_articles
from geomap.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["STDIN", "find_sources"]

STDIN = "-"

# What is taken from a folder; a file that is named is read whatever its suffix.
ARTICLE_SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".jsonl"})

# Folders that lie beside articles and hold no articles.
SKIPPED_FOLDERS = frozenset({"gold", "lexicons"})


def find_sources(given: str | Path, *, on_fault: Callable[[InputError], None]) -> Iterator[str]:
    """List the files that one input stands for.

    Parameters
    ----------
    given
        A file, a folder, or ``"-"`` for standard input.
    on_fault
        Called with the error of an input that does not exist, cannot be
        opened, or is a folder without articles.

    Yields
    ------
    str
        ``"-"`` or the path of a file. From a folder: its ``.txt``, ``.md``,
        ``.html`` and ``.jsonl`` files, those of its subfolders too, sorted by
        path. Hidden files and folders, folders called ``gold`` or
        ``lexicons``, ``README.*``, ``*.expected.*`` and JSON lines that hold
        no articles are passed over.
    """
    if str(given) == STDIN:
        yield STDIN
        return
    path = Path(given)
    try:
        is_folder = path.is_dir()
        path.stat()
    except (OSError, ValueError) as err:
        reason = getattr(err, "strerror", None) or str(err)
        remedy = "give the path of an article or of a folder of articles"
        on_fault(InputError(f"{path}: cannot be opened ({reason}); {remedy}"))
        return
    if not is_folder:
        yield str(path)
        return
    yield from _in_folder(path, on_fault)


def _in_folder(folder: Path, on_fault: Callable[[InputError], None]) -> Iterator[str]:
    def unreadable(err: OSError) -> None:
        reason = err.strerror or err
        remedy = "give yourself the permission (chmod u+rx) or leave it out"
        on_fault(InputError(f"{err.filename}: folder cannot be read ({reason}); {remedy}"))

    found = False
    for parent, folders, files in os.walk(folder, onerror=unreadable):
        # In place: os.walk goes down into what is left.
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS
        )
        for name in sorted(files):
            if _is_article(Path(parent, name)):
                found = True
                yield str(Path(parent, name))
    if not found:
        kinds = ", ".join(sorted(ARTICLE_SUFFIXES))
        on_fault(InputError(f"{folder}: folder holds no articles; expected files of {kinds}"))


def _is_article(path: Path) -> bool:
    name = path.name.lower()
    if name.startswith((".", "readme.")) or ".expected." in name:
        return False
    suffix = path.suffix.lower()
    return suffix in ARTICLE_SUFFIXES and (suffix != ".jsonl" or holds_articles(path))
