"""HTML pages: the main text, title, date, publisher and address."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from geomap.articles.decoding import declared_in_markup, decode
from geomap.articles.entries import Draft
from geomap.articles.failures import parse_error
from geomap.articles.metadata import date_in_name, iso_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from geomap.articles.entries import Entry, Job

__all__ = ["fragment_text", "page_draft", "read_page", "with_headline"]

# trafilatura logs what it cannot find; who wants that sets up logging.
for _library in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_library).addHandler(logging.NullHandler())

# Elements whose text is no text of the page.
SILENT = [
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "math",
    "head",
    "title",
    "select",
    "button",
]

# Elements that start a paragraph.
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)

SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
LINES = re.compile(r"\s*\n\s*")

# Tags up to which a page is looked through for its main text; of one with more all
# text is taken. Measured: 50,000 tags take 2 to 6 s, 600,000 take 20 s; a news page
# has some thousands.
MOST_TAGS = 50_000

# What is longer is no headline; a headline may stand after a line of its section.
LONGEST_HEADLINE = 300
SLACK_CHARS = 100

# Entities and tags that no text has by chance.
MARKUP = re.compile(r"<[a-zA-Z!/][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


def read_page(entry: Entry, job: Job) -> Iterator[Draft]:
    """Read an HTML page as one article.

    Parameters
    ----------
    entry
        The page.
    job
        Its limits; ``max_html_bytes`` among them.

    Yields
    ------
    Draft
        One: the text without navigation, comments and advertising, its
        paragraphs parted by blank lines.
    """
    data = entry.read(job.limits.max_html_bytes, setting="max_html_bytes")
    declared = entry.charset or declared_in_markup(entry.head)
    html = decode(data, name=entry.shown, declared=declared)
    yield page_draft(html, entry=entry)


def page_draft(html: str, *, entry: Entry) -> Draft:
    """Extract the article of a page.

    trafilatura in its precise mode was the best on the fourteen pages in Latin
    script that newspaper4k 0.9.6 is tested with (``benchmarks/reading.py html``):
    word F1 0.965, against 0.964 of readability-lxml (which gives no date), 0.929
    of trafilatura's balanced mode, 0.874 of resiliparse, 0.842 of boilerpy3,
    0.683 of jusText.

    Parameters
    ----------
    html
        The page.
    entry
        Where it comes from, and what its surroundings say of it.

    Returns
    -------
    Draft
        Of all the text of the page when no main text stands out.

    Raises
    ------
    SourceError
        When it cannot be parsed.
    """
    found = _extracted(html, entry)
    text = (getattr(found, "text", None) or "").strip()
    title = _known(found, "title")
    text = with_headline(title, LINES.sub("\n\n", text)) if text else fragment_text(html)
    publisher = _known(found, "sitename") or _known(found, "hostname")
    return Draft(
        text=text, origin=entry.origin, id=entry.stem,
        title=entry.title or title,
        source=publisher or entry.source or entry.label,
        url=entry.url or _known(found, "url"),
        published=entry.published or _day(found) or date_in_name(entry.stem),
    )  # fmt: skip


def fragment_text(html: str) -> str:
    r"""Give all the text of a piece of HTML, for mails, feeds and chapters.

    Parameters
    ----------
    html
        A fragment or a page; a text without any markup comes back as it is.

    Returns
    -------
    str
        Paragraphs parted by blank lines, without scripts and styles.

    Examples
    --------
    >>> fragment_text("<p>Shelling in <b>Kharkiv</b> &amp; Sumy.</p><p>Two wounded.</p>")
    'Shelling in Kharkiv & Sumy.\n\nTwo wounded.'
    """
    if not MARKUP.search(html):
        return html.strip()
    from lxml import etree  # noqa: PLC0415 - with the first page

    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=False)
    root = etree.fromstring(html.encode("utf-8", errors="replace"), parser)
    if root is None:
        return ""
    parts: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        step = 1 if event == "start" else -1 if event == "end" else 0
        if tag in SILENT:
            silent += step
        if tag in BLOCKS:
            parts.append("\n")
        words = element.text if event == "start" else element.tail
        if words and not silent:
            parts.append(SPACES.sub(" ", words.replace("\n", " ")))
    return LINES.sub("\n\n", SPACES.sub(" ", "".join(parts))).strip()


def with_headline(title: str | None, text: str) -> str:
    r"""Set the headline before a text that lacks it.

    A headline often names the place that the text takes for granted; on pages
    it stands outside of the main text, in feeds apart.

    Parameters
    ----------
    title
        The headline, if it is known.
    text
        The text.

    Returns
    -------
    str
        Unchanged when it opens with the headline.

    Examples
    --------
    >>> with_headline("Shelling in Kharkiv", "Two were wounded.")
    'Shelling in Kharkiv\n\nTwo were wounded.'
    """
    if not title or len(title) > LONGEST_HEADLINE or title in text[: 2 * len(title) + SLACK_CHARS]:
        return text
    return f"{title}\n\n{text}".strip()


def _extracted(html: str, entry: Entry) -> Any:
    if html.count("<") > MOST_TAGS:
        return None
    import trafilatura  # noqa: PLC0415 - 0.4 s, with the first page

    try:
        return trafilatura.bare_extraction(
            html,
            url=entry.url,
            favor_precision=True,
            # Its slower fallbacks change none of the pages measured.
            fast=True,
            include_comments=False,
            with_metadata=True,
            # A date that is only guessed from the text would mislead "yesterday".
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except RecursionError as err:
        raise parse_error(entry.shown, err, kind="an HTML page") from err


def _known(found: Any, key: str) -> str | None:
    value = getattr(found, key, None)
    return value.strip() or None if isinstance(value, str) else None


def _day(found: Any) -> dt.date | None:
    value = _known(found, "date")
    try:
        return iso_date(value) if value else None
    except ValueError:
        return None
