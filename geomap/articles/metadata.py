"""Metadata: title and date of an article, from its file's name, its row, its first line."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["date_in_name", "iso_date", "title_of"]

# Measured on the development news corpora: headlines have 20 to 118 characters.
LONGEST_TITLE = 120

DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")

# A line that ends so is a sentence, a dateline, or goes on.
NOT_AFTER_TITLE = (".", ",", ";", ":", "—", "\u2013", "-")


def title_of(text: str) -> str | None:
    r"""Give the first line if it stands as a headline.

    Parameters
    ----------
    text
        The article.

    Returns
    -------
    str or None
        The first line that is not blank, when it has at most 120 characters,
        no full stop at its end, and a blank line or an unbroken paragraph
        after it (the first line of a hard-wrapped text is no headline). The
        ``#`` of a Markdown heading is left out.

    Examples
    --------
    >>> title_of("Corridors agreed\n\nRussia and Ukraine agreed …")
    'Corridors agreed'
    >>> title_of("Russia and Ukraine agreed to\nopen corridors.") is None
    True
    """
    lines = text.lstrip("\ufeff \t\r\n").split("\n", 2)
    first = lines[0].strip()
    if len(lines) == 1 or not 0 < len(first) <= LONGEST_TITLE or first.endswith(NOT_AFTER_TITLE):
        return None
    following = lines[1].strip()
    has_more = any(line.strip() for line in lines[1:])
    heading = first.startswith("#")
    if not has_more or not (heading or not following or len(following) > LONGEST_TITLE):
        return None
    return first.lstrip("#").strip() or None


def date_in_name(name: str) -> dt.date | None:
    """Find a date in the name of a file.

    Parameters
    ----------
    name
        Such as ``"2022-03-03-mariupol.txt"`` or ``"tass_20220303.txt"``.

    Returns
    -------
    datetime.date or None
        The first ``YYYY-MM-DD`` or ``YYYYMMDD`` that is a date.

    Examples
    --------
    >>> date_in_name("2022-03-03-mariupol.txt")
    datetime.date(2022, 3, 3)
    """
    for match in DATE_IN_NAME.finditer(name):
        year, _, month, day = match.groups()
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def iso_date(value: str) -> dt.date:
    """Read an ISO 8601 date, or the date of an ISO 8601 time as it is written.

    Parameters
    ----------
    value
        Such as ``"2022-03-03"`` or ``"2022-03-03T21:15:00+02:00"``.

    Returns
    -------
    datetime.date
        The day.

    Raises
    ------
    ValueError
        When the value is neither.
    """
    return dt.datetime.fromisoformat(value.strip()).date()
