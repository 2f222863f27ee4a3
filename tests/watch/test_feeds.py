"""Feeds from a server on this machine: asked politely, entries kept."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from feed_texts import LONG, rss

from geomap.articles import read_sources
from geomap.limits import ReadingLimits
from geomap.records import Article
from geomap.settings import Settings
from geomap.watch.feeds import Feed, is_address

if TYPE_CHECKING:
    from pathlib import Path


def settings(**changes: Any) -> Settings:
    limits = {"allow_private_addresses": True, "fetch_delay_seconds": 0.0, "fetch_retries": 0}
    return dataclasses.replace(Settings(), reading=ReadingLimits(**{**limits, **changes}))


@pytest.fixture
def feed(site: Any, tmp_path: Path) -> Feed:
    return Feed(url=site.url, folder=tmp_path / "feeds", settings=settings())


def articles(feed: Feed) -> list[Article]:
    if not feed.has_entries():
        return []
    return [one for one in read_sources([str(feed.folder)]) if isinstance(one, Article)]


def test_entries_become_articles(site: Any, feed: Feed) -> None:
    site.body = rss(("a", LONG), ("b", f"{LONG} More."))
    assert feed.ask() == []
    first, _second = sorted(articles(feed), key=lambda one: one.title or "")
    assert (first.title, first.source, first.url) == ("Item a", "The Wire", "https://example.org/a")
    assert str(first.published) == "2022-03-03"
    assert LONG in first.text
    assert first.id.startswith("a-")
    assert first.id.count("-") == 1


def test_it_asks_only_for_what_is_new(site: Any, feed: Feed) -> None:
    feed.ask()
    times = {file: file.stat().st_mtime_ns for file in feed.folder.iterdir()}
    assert feed.ask() == []
    assert site.asked == [None, '"1"']
    assert site.answered == [200, 304]
    assert {file: file.stat().st_mtime_ns for file in feed.folder.iterdir()} == times


def test_entries_that_the_feed_drops_stay_and_the_same_ones_are_not_written_again(
    site: Any, feed: Feed
) -> None:
    feed.ask()
    (file,) = feed.folder.glob("*.jsonl")
    before = file.stat().st_mtime_ns
    site.body, site.etag = rss(("b", f"{LONG} Later."), ("a", LONG)), '"2"'
    feed.ask()
    assert file.stat().st_mtime_ns == before
    site.body, site.etag = rss(("c", f"{LONG} Last.")), '"3"'
    feed.ask()
    assert sorted(one.title or "" for one in articles(feed)) == ["Item a", "Item b", "Item c"]


def test_an_entry_that_is_corrected_is_the_same_one(site: Any, feed: Feed) -> None:
    feed.ask()
    site.body, site.etag = rss(("a", f"{LONG} It was not so.")), '"2"'
    feed.ask()
    (one,) = articles(feed)
    assert one.text.endswith("It was not so.")


def test_a_server_that_fails_is_a_failure_and_is_asked_again(site: Any, feed: Feed) -> None:
    site.status = 404
    (failure,) = feed.ask()
    assert failure.stage == "fetch"
    assert "404" in failure.message
    site.status = 200
    assert feed.ask() == []
    assert len(articles(feed)) == 1


def test_what_is_no_feed_is_said(site: Any, feed: Feed) -> None:
    site.body = b"<html><body><p>Welcome to our site, dear reader.</p></body></html>"
    (failure,) = feed.ask()
    assert failure.reason == "is no feed"
    assert not feed.has_entries()


def test_a_bad_entry_keeps_no_other_away(site: Any, feed: Feed) -> None:
    site.body = rss(("a", ""), ("b", LONG)).replace(b"<title>Item a</title>", b"")
    failures = feed.ask()
    assert [one.origin.startswith(site.url) for one in failures] == [True]
    assert [one.title for one in articles(feed)] == ["Item b"]


def test_robots_and_private_addresses_are_respected(site: Any, tmp_path: Path) -> None:
    site.robots = b"User-agent: *\nDisallow: /feed.xml\n"
    (failure,) = Feed(url=site.url, folder=tmp_path, settings=settings()).ask()
    assert "robots.txt" in failure.reason
    assert site.asked == []
    inwards = settings(allow_private_addresses=False)
    (failure,) = Feed(url=site.url, folder=tmp_path, settings=inwards).ask()
    assert "not on the internet" in failure.reason


def test_hostile_addresses_lead_to_no_other_folder(tmp_path: Path) -> None:
    for url in ("https://../../etc", "https://a b/x", "http://[::1]/", "https://ex%2f.org"):
        made = Feed(url=url, folder=tmp_path, settings=settings())
        assert made.folder.parent == tmp_path
        assert not made.folder.name.startswith(".")


@pytest.mark.parametrize(
    ("given", "expected"),
    [("https://a.org", True), ("HTTP://a.org", True), ("a.txt", False), ("ftp://a", False)],
)
def test_addresses(given: str, expected: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert is_address(given) is expected
