"""Escape: the one gate that text from outside passes on its way into a map.

folium renders layer names, popups and GeoJSON a second time as Jinja and puts
some of them into template literals of JavaScript. What leaves this module is
inert in HTML, in attributes in double quotes, in Jinja and in such literals.
"""

from __future__ import annotations

import html
import unicodedata
from urllib.parse import urlsplit

__all__ = ["escape", "visible", "web_address"]

# What Jinja and template literals of JavaScript act on, as numeric entities.
_ACTIVE = str.maketrans({char: f"&#{ord(char)};" for char in "${}\\`%"})
# Control, format (bidi overrides, zero widths) and surrogate characters may hide or
# reorder what a reader sees. Zero-width joiners are kept: some scripts need them.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_KEPT = frozenset("\n\t\u00ad\u200c\u200d")
_SCHEMES = frozenset({"http", "https"})


def escape(text: object) -> str:
    r"""Make a text safe to stand in HTML, in an attribute, or in a folium option.

    Parameters
    ----------
    text
        Anything; ``str`` is taken of it.

    Returns
    -------
    str
        The text as HTML that shows it exactly as it stands. Characters that
        are not to be seen (controls, bidi overrides, lone surrogates) are
        shown by their number.

    Examples
    --------
    >>> escape("<b>{{7*7}}</b>")
    '&lt;b&gt;&#123;&#123;7*7&#125;&#125;&lt;/b&gt;'
    >>> escape("a\u202eb")
    'a[U+202E]b'
    """
    return html.escape(visible(str(text))).translate(_ACTIVE)


def visible(text: str) -> str:
    r"""Show what hides: controls, bidi overrides and lone surrogates by their number.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Plain text, not HTML; line breaks, tabs and joiners stay.

    Examples
    --------
    >>> visible("a\u202eb")
    'a[U+202E]b'
    """
    if all(line.isprintable() for line in text.split("\n")):
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if char in _KEPT or unicodedata.category(char) not in _HIDDEN:
        return char
    return f"[U+{ord(char):04X}]"


def web_address(url: str | None) -> str | None:
    """Give an address when it may be followed, as plain text.

    Parameters
    ----------
    url
        An address from outside.

    Returns
    -------
    str or None
        The address as it came; ``None`` when it is not a plain ``http`` or
        ``https`` address.

    Examples
    --------
    >>> web_address("//host") is None
    True
    """
    # Browsers drop white space and controls inside a scheme; so nothing of that kind passes.
    if url is None or any(_visible(char) != char or char.isspace() for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in _SCHEMES and parts.netloc else None
