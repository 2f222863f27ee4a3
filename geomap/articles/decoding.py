"""Decoding: bytes become text, unchanged, or a fault that names the remedy."""

from __future__ import annotations

import unicodedata

from geomap.errors import InputError

__all__ = ["check_text", "decode"]

# First bytes of what people hand in by mistake.
SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP, DOCX or ODT file",
    b"\x1f\x8b": "a gzip file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLite format 3": "a SQLite or GeoPackage file",
}

# Text holds none or a stray few; compressed data about one in eight.
MOST_CONTROL_SHARE = 0.02

# In cp1251 Cyrillic stands at 0xC0-0xFF, letter after letter; in cp1252 English
# the high bytes are single quotes, dashes and accents.
FIRST_CYRILLIC_BYTE = 0xC0
CYRILLIC_SHARE = 0.2

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, *, name: str) -> str:
    r"""Decode the bytes of an article as UTF-8, and change nothing.

    A byte order mark stays as ``"\ufeff"`` and ``"\r\n"`` stays two
    characters, because the offsets of the contract count in the file decoded
    as UTF-8.

    Parameters
    ----------
    data
        The whole file.
    name
        What to call it in an error.

    Returns
    -------
    str
        The text.

    Raises
    ------
    InputError
        When the bytes are not UTF-8, or are no text at all.

    Examples
    --------
    >>> decode(b"Kyiv\r\n", name="a.txt")
    'Kyiv\r\n'
    """
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            msg = f"{name}: is {kind}; expected plain text; save the article as UTF-8 text"
            raise InputError(msg)
    if _is_utf16(data):
        raise InputError(_not_utf8(name, "it looks like UTF-16", "utf-16"))
    if b"\x00" in data:
        msg = f"{name}: is binary (it holds NUL bytes); expected an article as UTF-8 text"
        raise InputError(msg)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as err:
        where = f"byte 0x{data[err.start]:02x} at {err.start}"
        raise InputError(_not_utf8(name, where, _likely_encoding(data))) from err


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
    InputError
        With the fault and its remedy.
    """
    if not text.strip("\ufeff \t\r\n\f\v\xa0\u200b"):
        msg = f"{name}: is empty; expected the text of an article"
        raise InputError(msg)
    if len(text) > most:
        msg = (
            f"{name}: is longer than {most:,} characters; "
            "cut it into articles, or raise max_article_chars in the settings"
        )
        raise InputError(msg)
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f\v" for char in text)
    if controls > MOST_CONTROL_SHARE * len(text):
        msg = f"{name}: is binary ({controls} control characters); expected an article as text"
        raise InputError(msg)
    if any("\ud800" <= char <= "\udfff" for char in text):
        msg = f"{name}: holds half a surrogate pair; expected Unicode text; export it again"
        raise InputError(msg)


def _is_utf16(data: bytes) -> bool:
    if data.startswith(UTF16_MARKS):
        return True
    # English in UTF-16 without a mark: every second byte is zero.
    sample = data[:1000]
    zeros = max(sample[::2].count(0), sample[1::2].count(0))
    return len(sample) > 1 and zeros > 0.4 * len(sample) and sample.count(0) < 0.6 * len(sample)


def _likely_encoding(data: bytes) -> str:
    cyrillic = sum(byte >= FIRST_CYRILLIC_BYTE for byte in data)
    return "cp1251" if cyrillic > CYRILLIC_SHARE * len(data) else "cp1252"


def _not_utf8(name: str, why: str, encoding: str) -> str:
    return (
        f"{name}: is not UTF-8 ({why}); convert it, "
        f"probably with: iconv -f {encoding} -t utf-8 OLD > NEW"
    )
