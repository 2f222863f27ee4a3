"""Identifiers of articles: stable, unique where it matters, and harmless as names of files."""

from __future__ import annotations

import hashlib
import re

__all__ = ["safe_id", "stable_id"]

LONGEST = 120
DIGEST_CHARS = 12
SHORT_DIGEST_CHARS = 6

# What leads out of a folder or means something to a shell or file system. What cannot
# be printed (controls, directions, line ends) is left out too.
UNSAFE = frozenset('/\\<>"|?*')


def safe_id(wanted: str) -> str:
    """Make an identifier that no path can be made of.

    Parameters
    ----------
    wanted
        What a document calls itself.

    Returns
    -------
    str
        The same if it is harmless; else with ``_`` for what is not, at most
        120 characters, and six hex digits of the original's SHA-256, so that
        different ones stay different.

    Examples
    --------
    >>> safe_id("2022-03-03-kyiv")
    '2022-03-03-kyiv'
    >>> safe_id("../../etc/passwd")
    'etc_passwd-3754d6'
    """
    flat = "".join(char if char.isprintable() and char not in UNSAFE else "\0" for char in wanted)
    safe = re.sub("\0+", "_", flat).strip().lstrip("._ ")[:LONGEST] or "article"
    if safe == wanted:
        return safe
    digest = hashlib.sha256(wanted.encode("utf-8", errors="surrogatepass")).hexdigest()
    return f"{safe}-{digest[:SHORT_DIGEST_CHARS]}"


def stable_id(wanted: str, text: str) -> str:
    """Make an identifier that is the same for the same article on any machine.

    Parameters
    ----------
    wanted
        Stem of the file, or what the row, feed or mail calls the article.
    text
        Its text.

    Returns
    -------
    str
        :func:`safe_id`, and twelve hex digits of the text's SHA-256.

    Examples
    --------
    >>> stable_id("kyiv", "The shelling went on.")
    'kyiv-8d0e3074afba'
    """
    digest = hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
    return f"{safe_id(wanted)}-{digest[:DIGEST_CHARS]}"
