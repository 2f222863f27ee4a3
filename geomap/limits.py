"""Limits: what reading may cost, all of it in one place."""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["ReadingLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLimits:
    """Bounds of size, number and time that keep hostile input from harming the reader.

    They stand in the table ``[reading]`` of a settings file. What goes beyond
    one is refused with a message that names it. The length of one article is
    ``max_article_chars`` of :class:`~geomap.settings.Settings`.

    Parameters
    ----------
    max_document_bytes
        Largest document that must be held whole: an e-mail, a record of a WARC,
        a PDF within an archive; and what a DOCX, ODT or EPUB unpacks to. A PDF
        on disk, files read row by row (text, JSON lines, CSV, Parquet, mbox,
        WARC) and archives may be larger.
    max_xml_bytes
        Largest XML document: a feed, the text of a DOCX or ODT.
    max_html_bytes
        Largest HTML page or RTF document. Measured: a news page of 0.2 MB takes 0.04 s, the
        worst of 4 MB that was tried 7 s.
    max_unpacked_bytes
        Most bytes that one archive or compressed file may unpack to, the
        archives in it included.
    max_ratio
        Most bytes that one compressed byte may become, after the first
        megabyte. Measured: English text packs 3 to 4 times, JSON lines 5 to 20
        times, deflate never more than 1,032 times.
    max_members
        Most members of an archive.
    max_depth
        Most archives, compressed files and e-mails within one another.
    max_pages
        Most pages of a PDF, chapters of an EPUB, or parts of an e-mail.
    max_pdf_memory_bytes
        Most memory for the process that reads a PDF (not on Windows).
    max_seconds
        Longest time for one document, looked at between chapters; a PDF is read
        in a process of its own, which is ended; another call into a library is
        not broken off.
    fetch_timeout_seconds
        Longest wait for a server's next bytes; a whole fetch takes at most
        ``max_seconds``.
    max_fetch_bytes
        Largest page fetched with ``--url``.
    max_redirects
        Most redirections followed.
    fetch_retries
        How often a failed fetch is tried again.
    fetch_delay_seconds
        Least time between two fetches from one server.
    allow_private_addresses
        Whether ``--url`` may reach this machine and the local network. Never
        when URLs come from others.

    Examples
    --------
    >>> ReadingLimits().max_pages
    2000
    """

    max_document_bytes: int = 50_000_000
    max_xml_bytes: int = 20_000_000
    max_html_bytes: int = 4_000_000
    max_unpacked_bytes: int = 20_000_000_000
    max_ratio: int = 200
    max_members: int = 100_000
    max_depth: int = 3
    max_pages: int = 2_000
    max_pdf_memory_bytes: int = 2_000_000_000
    max_seconds: float = 60.0
    fetch_timeout_seconds: float = 20.0
    max_fetch_bytes: int = 20_000_000
    max_redirects: int = 5
    fetch_retries: int = 2
    fetch_delay_seconds: float = 1.0
    allow_private_addresses: bool = False

    def faults(self) -> list[str]:
        """List the values that cannot be used.

        Returns
        -------
        list of str
            Empty when all can.
        """
        may_be_zero = {"max_depth", "max_redirects", "fetch_retries", "fetch_delay_seconds"}
        return [
            f"reading.{one.name} is {value!r}; expected a number above 0"
            for one in fields(self)
            if one.name != "allow_private_addresses"
            and not (
                (value := getattr(self, one.name)) > 0 or (value == 0 and one.name in may_be_zero)
            )
        ]
