"""Kinds: what a document is, by its first bytes, then by its name."""

from __future__ import annotations

import re

__all__ = ["ARTICLE_SUFFIXES", "PACKED_SUFFIXES", "REFUSED", "is_article_name", "kind_of"]

# By suffix; the first bytes are asked before.
SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".docx": "docx", ".odt": "odt", ".epub": "epub", ".rtf": "rtf",
    ".eml": "email", ".mbox": "mbox",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet",
    ".rss": "feed", ".atom": "feed", ".xml": "feed", ".rdf": "feed",
    ".warc": "warc", ".wet": "warc",
    ".zip": "zip", ".tar": "tar", ".gz": "gzip", ".tgz": "gzip", ".bz2": "bzip2", ".xz": "xz",
}  # fmt: skip

ARTICLE_SUFFIXES = frozenset(SUFFIXES)
PACKED_SUFFIXES = frozenset({".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz"})

# First bytes (https://www.garykessler.net/library/file_sigs.html and the formats' own texts).
SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh91AY&SY", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
    (b"{\\rtf", "rtf"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"SQLite format 3", "sqlite"),
)

# What is known but not read: name and remedy.
REFUSED = {
    "zstd": ("zstd-compressed", "unpack it first (zstd -d)"),
    "7z": ("a 7z archive", "unpack it first"),
    "rar": ("a RAR archive", "unpack it first"),
    "png": ("a PNG picture", "recognise its text first (e.g. with Tesseract)"),
    "jpeg": ("a JPEG picture", "recognise its text first (e.g. with Tesseract)"),
    "gif": ("a GIF picture", "recognise its text first (e.g. with Tesseract)"),
    "ole": ("an old Office document", "save it as DOCX or text"),
    "sqlite": ("a SQLite or GeoPackage file", "export its articles as CSV or JSON lines"),
    "xlsx": ("an Office document other than DOCX", "save it as DOCX, CSV or text"),
}

TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257
MARKUP_WITHIN = 2048
FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
MAIL = re.compile(
    rb"(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to):"
    rb"[^\n]*\n(?:[ \t][^\n]*\n)*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2}",
    re.IGNORECASE,
)
MBOX = re.compile(rb"From [^\n]{1,200}\d\d:\d\d[^\n]{0,60}\r?\n[\w-]+:")


def kind_of(head: bytes, suffix: str) -> str:
    """Tell what a document is.

    Parameters
    ----------
    head
        Its first bytes, some thousands.
    suffix
        Of its name, in small letters with the dot, or ``""``.

    Returns
    -------
    str
        A key of the readers, or of :data:`REFUSED`; ``"text"`` when nothing
        speaks for anything else.

    Examples
    --------
    >>> kind_of(b"%PDF-1.7", ".txt"), kind_of(b"Kyiv is quiet.", "")
    ('pdf', 'text')
    """
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[TAR_MAGIC_AT : TAR_MAGIC_AT + len(TAR_MAGIC)] == TAR_MAGIC:
        return "tar"
    by_name = SUFFIXES.get(suffix, "")
    # A text file is kept as it is, whatever it tells of.
    return by_name if by_name == "text" else _by_content(head, by_name) or by_name or "text"


def _by_content(head: bytes, by_name: str) -> str | None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b'{"'):
        return "jsonl"
    is_markup = start.startswith(b"<")
    if is_markup and FEED.search(start[:MARKUP_WITHIN]):
        return "feed"
    if by_name not in ("", "feed"):
        return None
    if is_markup and HTML.search(start[:MARKUP_WITHIN]):
        return "html"
    if MBOX.match(start):
        return "mbox"
    return "email" if MAIL.match(start) else None


def is_article_name(name: str) -> bool:
    """Tell whether a file of a folder or archive may be an article by its name.

    Parameters
    ----------
    name
        Without folders.

    Returns
    -------
    bool
        ``False`` for hidden files, ``README.*``, ``*.expected.*`` and other
        suffixes.
    """
    name = name.lower()
    if name.startswith((".", "readme.")) or ".expected." in name:
        return False
    return any(name.endswith(suffix) for suffix in ARTICLE_SUFFIXES)
