"""Decoding: bytes become text, unchanged where they are UTF-8, or a fault that names the remedy."""

from __future__ import annotations

import codecs
import re
import unicodedata

from geomap.articles.failures import SourceError

__all__ = ["check_text", "declared_in_markup", "decode", "encoding_of"]

# Text holds none or a stray few; compressed data about one in eight.
MOST_CONTROL_SHARE = 0.02

# UTF-32 first: its little-endian mark starts with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What English news of the region is written in besides UTF-8. Measured on the seed
# dispatches with curly quotes, accents or Cyrillic names in brackets: of these three
# geomap tells 83 of 84; charset-normalizer left to choose among all 40
# (benchmarks/reading.py encodings).
LEGACY = ("cp1252", "cp1251", "koi8_u")

# Three letters of a Cyrillic word, in either encoding; in cp1252 as many accented
# letters in a row are no word. A short text has too little for statistics.
CYRILLIC_WORD = re.compile(rb"[\xc0-\xff]{3}")

# An answer does not change after some ten thousand bytes.
SAMPLE_BYTES = 65_536

HTML_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE
)
XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")


def decode(data: bytes, *, name: str, declared: str | None = None) -> str:
    r"""Decode the bytes of an article, and change nothing in what is UTF-8.

    A byte order mark of UTF-8 stays as ``"\ufeff"`` and ``"\r\n"`` stays two
    characters, because the offsets of the contract count in the file decoded
    as UTF-8.

    Parameters
    ----------
    data
        The whole file, or a sample that ends with a whole character.
    name
        What to call it in an error.
    declared
        The encoding its surroundings declare. UTF-8 is tried before.

    Returns
    -------
    str
        The text.

    Raises
    ------
    SourceError
        When the bytes are no text.

    Examples
    --------
    >>> decode(b"Kyiv\r\n", name="a.txt")
    'Kyiv\r\n'
    >>> decode(b"caf\xe9 in Kyiv", name="a.txt")
    'café in Kyiv'
    """
    encoding = encoding_of(data, name=name, declared=declared)
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        # A stray byte in the part behind the sample.
        return data.decode(encoding if encoding in LEGACY else "utf-8", errors="replace")


def encoding_of(data: bytes, *, name: str, declared: str | None = None) -> str:
    """Tell the encoding of a text.

    Parameters
    ----------
    data, name, declared
        As of :func:`decode`.

    Returns
    -------
    str
        A codec of Python: ``"utf-8"`` when the bytes are that, that of a byte
        order mark, the declared one, or what charset-normalizer finds most
        likely among :data:`LEGACY`.

    Raises
    ------
    SourceError
        When the bytes are no text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    wide = _wide(data)
    if wide:
        return wide
    if b"\x00" in data:
        reason = "is binary (it holds NUL bytes)"
        raise SourceError(name, reason, "expected an article as text", stage="decode")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _known(declared) or _guessed(data)
    return "utf-8"


def declared_in_markup(head: bytes) -> str | None:
    """Find the encoding that an HTML or XML document declares in its first bytes.

    Parameters
    ----------
    head
        Some thousand bytes.

    Returns
    -------
    str or None
        As declared, known to Python or not.
    """
    match = XML_CHARSET.search(head) or HTML_CHARSET.search(head)
    return match[1].decode("ascii", errors="ignore") if match else None


def check_text(text: str, *, name: str, most: int) -> None:
    """Refuse a text that holds nothing, is no text, or is too long.

    Parameters
    ----------
    text
        The decoded article.
    name
        What to call it in an error.
    most
        The largest number of characters allowed.

    Raises
    ------
    SourceError
        With the fault and its remedy.
    """
    if not text.strip("\ufeff \t\r\n\f\v\xa0\u200b"):
        raise SourceError(name, "is empty", "expected the text of an article", stage="check")
    if len(text) > most:
        reason = f"is longer than {most:,} characters"
        hint = "cut it into articles, or raise max_article_chars in the settings"
        raise SourceError(name, reason, hint, stage="check")
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f\v" for char in text)
    if controls > MOST_CONTROL_SHARE * len(text):
        reason = f"is binary ({controls} control characters)"
        raise SourceError(name, reason, "expected an article as text", stage="check")
    if any("\ud800" <= char <= "\udfff" for char in text):
        reason = "holds half a surrogate pair"
        raise SourceError(name, reason, "expected Unicode text; export it again", stage="check")


def _wide(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: in English every second byte is zero."""
    sample = data[:1000]
    zeros = [sample[::2].count(0), sample[1::2].count(0)]
    is_wide = len(sample) > 1 and max(zeros) > 0.4 * len(sample) and sum(zeros) < 0.6 * len(sample)
    if not is_wide:
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _known(declared: str | None) -> str | None:
    """Give a declared encoding if Python has it and it is one of text."""
    if not declared:
        return None
    try:
        info = codecs.lookup(declared)
        b"a".decode(declared)
    except (LookupError, ValueError, TypeError):
        return None
    # "utf-8" was tried; latin-1 on the web means cp1252 (https://encoding.spec.whatwg.org/).
    if info.name in ("utf-8", "utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"):
        return None
    return "cp1252" if info.name in ("iso8859-1", "ascii") else info.name


def _guessed(data: bytes) -> str:
    if not CYRILLIC_WORD.search(data[:SAMPLE_BYTES]):
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few articles need it

    best = from_bytes(data[:SAMPLE_BYTES], cp_isolation=list(LEGACY)).best()
    return best.encoding if best is not None else "cp1252"
