"""Texts of feeds."""

from __future__ import annotations

__all__ = ["LONG", "rss"]

LONG = "The mayor said that the town had been shelled all night, and that nobody was hurt there."


def rss(*entries: tuple[str, str]) -> bytes:
    items = "".join(
        f"<item><title>Item {name}</title><link>https://example.org/{name}</link>"
        f"<guid>{name}</guid><pubDate>Thu, 03 Mar 2022 10:00:00 GMT</pubDate>"
        f"<description>{text}</description></item>"
        for name, text in entries
    )
    head = "<title>The Wire</title><link>https://example.org/</link>"
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()
    )
