"""Rows: which column or key of a table holds what of an article."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from geomap.articles.entries import Draft
from geomap.articles.failures import SourceError
from geomap.articles.metadata import written_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geomap.articles.entries import Entry

__all__ = ["FIELDS", "check_columns", "match_columns", "row_draft"]

FIELDS = ("text", "id", "title", "source", "url", "published")

# Names of columns in the headers of the open news tables (All the News, CC-News,
# GDELT's, ACLED's and Kaggle's exports), the likeliest first.
ALIASES = {
    "text": (
        "text", "body", "content", "article", "article_text", "full_text", "maintext", "notes",
    ),
    "id": ("id", "doc_id", "article_id", "event_id_cnty"),
    "title": ("title", "headline"),
    "source": ("source", "publication", "publisher", "outlet", "source_domain", "domain"),
    "url": ("url", "link", "source_url"),
    "published": (
        "published", "date", "date_publish", "published_at", "publish_date", "publication_date",
        "event_date",
    ),
}  # fmt: skip


def check_columns(columns: Mapping[str, str] | None) -> dict[str, str]:
    """Check a mapping of columns.

    Parameters
    ----------
    columns
        From what it means (:data:`FIELDS`) to the name of the column or key.

    Returns
    -------
    dict
        The same; empty for ``None``.

    Raises
    ------
    SourceError
        When a key is not one of them.

    Examples
    --------
    >>> check_columns({"text": "body"})
    {'text': 'body'}
    """
    given = dict(columns or {})
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        hint = f"expected one of {', '.join(FIELDS)}"
        raise SourceError("columns", f"unknown field {unknown[0]!r}", hint, stage="find")
    return given


def match_columns(names: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Find the columns of a table.

    Parameters
    ----------
    names
        Of its header.
    columns
        What the user said; else usual names are looked for, in any case.

    Returns
    -------
    dict
        From field to name as in the header; without ``"text"`` when none is
        likely to hold it.

    Examples
    --------
    >>> match_columns(["Headline", "Body", "x"], {})
    {'text': 'Body', 'title': 'Headline'}
    """
    header = list(names)
    lowered = {name.strip().lower(): name for name in reversed(header)}
    found = {}
    for meaning in FIELDS:
        wanted = columns.get(meaning)
        if wanted is not None:
            if wanted in header:
                found[meaning] = wanted
            continue
        for alias in ALIASES[meaning]:
            if alias in lowered:
                found[meaning] = lowered[alias]
                break
    return found


def row_draft(
    row: Mapping[str, Any], *, entry: Entry, number: int, columns: Mapping[str, str]
) -> Draft:
    """Make the draft of a row.

    Parameters
    ----------
    row
        Its values by column or key.
    entry
        The table.
    number
        Of the row, from 1.
    columns
        Names of the columns; a field that is not in it has its own name, the
        day of publication also ``"date"``.

    Returns
    -------
    Draft
        Numbered ``stem-number`` unless the row has an id.

    Raises
    ------
    SourceError
        When a value is not of its kind.
    """
    shown = f"{entry.shown}:{number}"
    text = row.get(columns.get("text", "text"))
    if not isinstance(text, str):
        reason = f"{columns.get('text', 'text')} is a {type(text).__name__}"
        raise SourceError(shown, reason, "expected a string", stage="parse")
    known = {key: _string(row, columns.get(key, key), shown) for key in ("title", "source", "url")}
    given = row.get(columns.get("id", "id"))
    return Draft(
        text=text,
        origin=f"{entry.origin}:{number}",
        id=str(given) if given not in (None, "") else f"{entry.stem}-{number}",
        published=_published(row, columns, shown) or entry.published,
        **known,
    )


def _string(row: Mapping[str, Any], key: str, shown: str) -> str | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        reason = f"{key} is {value!r}"
        raise SourceError(shown, reason, "expected a string or null", stage="parse")
    return value


def _published(row: Mapping[str, Any], columns: Mapping[str, str], shown: str) -> dt.date | None:
    key = columns.get("published", "published")
    if "published" not in columns and row.get(key) is None:
        key = "date"
    value = row.get(key)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    day = _string(row, key, shown)
    if day is None:
        return None
    try:
        return written_date(day)
    except ValueError as err:
        reason = f"{key} is {day!r}"
        hint = "expected an ISO date such as 2022-03-03"
        raise SourceError(shown, reason, hint, stage="parse") from err
