"""Policy: the Content-Security-Policy of a page, which allows what the page was made with.

A script runs only when its hash stands in the policy: what a text might smuggle into the
page has none. Styles in the page are allowed as such: Folium and Leaflet set them on elements,
and a style runs nothing and, without addresses, fetches nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from branca.element import CssLink, JavascriptLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["linked", "policy", "tile_hosts"]

# Scripts as Folium writes them into a page, never with an attribute; data has a type.
_INLINE = re.compile(r"<script(?: type=\"text/javascript\")?>(.*?)</script>", re.DOTALL)


def policy(
    markup: str, script: str, *, links: Iterable[str] = (), tiles: Iterable[str] = ()
) -> str:
    """Write the policy of a page.

    Parameters
    ----------
    markup
        The head and body of the page, with the scripts that stand in it.
    script
        What stands in the page's last script element.
    links
        Addresses of scripts and styles that the page's maker linked.
    tiles
        Origins of tiles that the page's maker chose.

    Returns
    -------
    str
        The value of the header; without links and tiles nothing can be fetched.

    Examples
    --------
    >>> policy("", "").startswith("default-src 'none'; script-src 'sha256-")
    True
    """
    hashes = dict.fromkeys(_hash(text) for text in (*_INLINE.findall(markup), script))
    outside = " ".join(dict.fromkeys(_origin(link) for link in links))
    extra, none = f" {outside}" if outside else "", "'none'"
    images = " ".join(dict.fromkeys(("data:", *tiles)))
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}{extra}; "
        f"style-src 'unsafe-inline'{extra}; font-src {outside or none}; img-src {images}{extra}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    # As a browser reads it: its parser knows one kind of line end.
    read = text.replace("\r\n", "\n").replace("\r", "\n")
    digest = hashlib.sha256(read.encode("utf-8", "surrogatepass")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def linked(elements: Iterable[Any]) -> Iterator[str]:
    """Give the addresses of the scripts and styles among elements of a page's head."""
    for element in elements:
        if isinstance(element, JavascriptLink | CssLink):
            address = str(element.url)
            if urlsplit(address).scheme in {"http", "https"}:
                yield address


def tile_hosts(address: str) -> str:
    """Give the origin of a template of tiles, any subdomain where it has some.

    Examples
    --------
    >>> tile_hosts("https://{s}.tile.example.org/{z}/{x}/{y}.png")
    'https://*.tile.example.org'
    """
    return _origin(address.replace("{s}", "*"))
