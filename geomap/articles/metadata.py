"""Metadata: title and date of an article, from its file's name, its row, its first line."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import re

__all__ = ["date_in_name", "iso_date", "title_of", "written_date"]

# Measured on the development news corpora: headlines have 20 to 118 characters.
LONGEST_TITLE = 120

DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")

# Dates with the month in words, or the year first: no day can be taken for a month.
# "03 March 2022" is how ACLED exports write them.
WRITTEN = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")

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


def written_date(value: str) -> dt.date:
    """Read a date of a table, feed or mail that can be read in one way only.

    Parameters
    ----------
    value
        ISO 8601, ``"Thu, 3 Mar 2022 21:15:00 +0200"`` (RFC 5322), ``"03 March
        2022"``, ``"March 3, 2022"`` or ``"2022/03/03"``.

    Returns
    -------
    datetime.date
        The day as it is written, in its own time zone.

    Raises
    ------
    ValueError
        When it is none of them: ``"03/04/2022"`` may be March or April.

    Examples
    --------
    >>> written_date("03 March 2022"), written_date("Thu, 3 Mar 2022 21:15:00 +0200")
    (datetime.date(2022, 3, 3), datetime.date(2022, 3, 3))
    """
    value = value.strip()
    with contextlib.suppress(ValueError):
        return iso_date(value)
    for form in WRITTEN:
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(value, form).date()  # noqa: DTZ007 - a day has no zone
    try:
        return email.utils.parsedate_to_datetime(value).date()
    except (TypeError, IndexError, OverflowError) as err:
        msg = f"{value!r} is no date"
        raise ValueError(msg) from err
