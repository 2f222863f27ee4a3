"""RSS and Atom feeds: each entry is an article."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from geomap.articles.entries import Draft
from geomap.articles.failures import SourceError, parse_error
from geomap.articles.metadata import written_date
from geomap.articles.pages import fragment_text, with_headline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from geomap.articles.entries import Entry, Job
    from geomap.records import Failure

__all__ = ["is_feed", "read_feed"]

FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
PEEK_BYTES = 4096
# What an entity of a document type may be: feedparser leaves these two kinds out too late.
ENTITY = re.compile(rb"<!ENTITY[^>]{0,10000}>?", re.IGNORECASE)


def read_feed(entry: Entry, job: Job) -> Iterator[Draft | Failure]:
    """Read the entries of an RSS or Atom feed.

    Parameters
    ----------
    entry
        The feed.
    job
        Its limits; ``max_members`` bounds the entries.

    Yields
    ------
    Draft or Failure
        One an entry: its whole content where the feed has it, else its
        summary. Its ``id`` is what the feed calls it.

    Raises
    ------
    SourceError
        When it is no feed, or has no entries.
    """
    import feedparser  # noqa: PLC0415 - with the first feed

    data = entry.read(job.limits.max_xml_bytes, setting="max_xml_bytes")
    # A stream: given a string, feedparser would open what it names.
    try:
        feed: Any = feedparser.parse(
            io.BytesIO(ENTITY.sub(b"", data)), sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as err:  # feedparser catches what it knows; its loose parser raises others
        raise parse_error(entry.shown, err, kind="a feed") from err
    if not feed.entries:
        reason = "is no feed with entries"
        if feed.get("bozo_exception") is not None:
            reason += f" ({feed.bozo_exception})"
        hint = "expected RSS or Atom"
        raise SourceError(entry.shown, reason, hint, stage="parse")
    publisher = _plain(feed.feed.get("title")) or entry.source or entry.label
    for number, item in enumerate(feed.entries, start=1):
        if number > job.limits.max_members:
            reason = f"has more than {job.limits.max_members:,} entries"
            hint = "cut it, or raise max_members under [reading] in the settings"
            raise SourceError(entry.shown, reason, hint, stage="parse")
        yield _draft(item, number, entry, publisher)


def is_feed(path: Path) -> bool:
    """Tell whether an XML file is a feed.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bool
        ``True`` also when it cannot be opened, so that reading it says why.
    """
    try:
        with path.open("rb") as stream:
            return FEED.search(stream.read(PEEK_BYTES)) is not None
    except OSError:
        return True


def _draft(item: Any, number: int, entry: Entry, publisher: str | None) -> Draft:
    bodies = [one.get("value") or "" for one in item.get("content", [])]
    html = max([*bodies, item.get("summary") or ""], key=len)
    title = _plain(item.get("title"))
    text = with_headline(title, fragment_text(html))
    link = item.get("link")
    identity = item.get("id") or link
    return Draft(
        text=text,
        origin=f"{entry.origin}:{number}",
        id=str(identity) if identity else f"{entry.stem}-{number}",
        title=title,
        source=publisher,
        url=link if isinstance(link, str) and link.startswith(("http://", "https://")) else None,
        published=_day(item),
    )


def _plain(value: Any) -> str | None:
    """Give a title in words: feeds escape the markup of titles too."""
    return " ".join(fragment_text(value).split()) or None if isinstance(value, str) else None


def _day(item: Any) -> dt.date | None:
    for key in ("published", "updated", "created"):
        value = item.get(key)
        try:
            if isinstance(value, str):
                return written_date(value)
        except ValueError:
            continue
    return None
