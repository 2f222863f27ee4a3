"""Feeds: asked whether they changed, and each entry kept, also when the feed drops it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from geomap.articles import Source, read_source
from geomap.articles.failures import SourceError
from geomap.articles.feeds import is_feed
from geomap.articles.fetching import Fetcher
from geomap.errors import InputError
from geomap.files import output_folder, replacing
from geomap.records import Article, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geomap.settings import Settings

__all__ = ["FEED_SCHEMES", "Feed", "is_address"]

FEED_SCHEMES = ("http://", "https://")
# Hidden: no article, and passed over where the folder is read.
STATE_FILE, ANSWER_FILE = ".asked.json", ".feed.xml"
DIGITS = 16
# What reading adds to the feed's own word for an entry, and adds again.
DIGEST = re.compile(r"-[0-9a-f]{12}$")


def is_address(given: str) -> bool:
    """Tell whether an input is an address of the web."""
    return given.lower().startswith(FEED_SCHEMES)


@dataclass(slots=True, kw_only=True)
class Feed:
    """A feed with its folder, which holds each entry as a file of one JSON line.

    Parameters
    ----------
    url
        ``http`` or ``https``.
    folder
        Where the entries of all feeds lie, each feed's in a folder of its own.
    settings
        ``reading`` in it bounds time and size, and refuses private addresses.
    """

    url: str
    folder: Path
    settings: Settings

    def __post_init__(self) -> None:
        """Name the folder after the host and the address."""
        try:
            host = urlsplit(self.url).hostname or ""
        except ValueError as err:
            msg = f"{self.url}: is no URL ({err}); expected https://…"
            raise InputError(msg) from err
        name = re.sub(r"[^a-z0-9.-]+", "-", host.lower()).strip("-.") or "feed"
        self.folder = self.folder / f"{name}-{_digest(self.url)}"

    def has_entries(self) -> bool:
        """Tell whether anything was kept of it."""
        return next(self.folder.glob("*.jsonl"), None) is not None

    def ask(self) -> list[Failure]:
        """Fetch the feed if it changed, and keep the entries that are new or changed.

        Returns
        -------
        list of Failure
            The feed, when it cannot be fetched or is none, or entries that cannot be read.

        Raises
        ------
        OutputError
            When an entry cannot be written.
        """
        output_folder(self.folder)
        # Anew each time: a watch lives for weeks, and robots.txt changes.
        fetcher = Fetcher(self.settings.reading)
        try:
            answer = fetcher.fetch_changed(self.url, known=self._state())
        except SourceError as err:
            return [err.failure]
        finally:
            fetcher.close()
        if answer is None:
            return []
        entry, state = answer
        file = self.folder / ANSWER_FILE
        with replacing(file) as draft:
            draft.write_bytes(entry.stream.read())
        if not is_feed(file):
            hint = "give the address of an RSS or Atom feed; geomap map --url reads a page"
            return [Failure(origin=self.url, stage="parse", reason="is no feed", hint=hint)]
        failures = list(self._keep(file))
        # Last: what was not kept is asked for again.
        _write(self.folder / STATE_FILE, state)
        return failures

    def _keep(self, file: Path) -> Iterator[Failure]:
        source = Source(name=str(file), origin=self.url)
        for one in read_source(source, settings=self.settings):
            if isinstance(one, Failure):
                yield one
                continue
            row = _row(one)
            # Not of the text: an entry that is corrected is the same one.
            name = _digest(f"{row['id']} {one.url}")
            _write(self.folder / f"{name}.jsonl", row)

    def _state(self) -> dict[str, str]:
        try:
            known = json.loads((self.folder / STATE_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _row(article: Article) -> dict[str, Any]:
    return {
        "id": DIGEST.sub("", article.id),
        "text": article.text,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
    }


def _write(file: Path, value: dict[str, Any]) -> None:
    """Write a line of JSON, unless it stands there: a file that is written again is read again."""
    line = json.dumps({name: one for name, one in value.items() if one is not None}) + "\n"
    if file.is_file() and file.read_text(encoding="utf-8") == line:
        return
    with replacing(file) as draft:
        draft.write_text(line, encoding="utf-8", newline="\n")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
