"""Towns that were renamed: the former name, and until when it held.

A text of 2015 says Artemivsk, one of 2023 Bakhmut; both mean one town, and the
reason of a candidate says which name was whose. Read only when the gazetteer
is built.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import TYPE_CHECKING

from geomap.errors import GazetteerError
from geomap.gazetteer.schema import ALIAS

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.gazetteer.rows import Gathering

__all__ = ["COLUMNS", "apply_renamings"]

COLUMNS = ("id", "modern", "former", "until", "source")
_DAY = re.compile(r"\d{4}(-\d\d-\d\d)?")


def apply_renamings(gathering: Gathering, path: Path) -> int:
    """Add former names, and say in the place's note until when they held.

    Parameters
    ----------
    gathering
        With the places of the table.
    path
        CSV, UTF-8, with the columns :data:`COLUMNS`; ``former`` holds names
        separated by ``|``, ``until`` a year or a day (``2016-02-04``).

    Returns
    -------
    int
        Rows read.

    Raises
    ------
    GazetteerError
        When a row cannot be used; the message lists every faulty row.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            msg = f"{path.name}: columns are {reader.fieldnames}; expected {list(COLUMNS)}"
            raise GazetteerError(msg)
        rows = list(reader)
    faults = [
        f"line {line} ({row['id']}): {fault}"
        for line, row in enumerate(rows, start=2)
        if (fault := _apply(gathering, row))
    ]
    if faults:
        raise GazetteerError(f"{path.name}: " + "; ".join(faults))
    return len(rows)


def _apply(gathering: Gathering, row: dict[str, str]) -> str | None:
    number = gathering.refs.get(row["id"])
    if number is None:
        return "no such place"
    names = [name.strip() for name in row["former"].split("|") if name.strip()]
    if not names or not row["source"]:
        return "former name or source missing"
    if not _DAY.fullmatch(row["until"]):
        return f"until {row['until']!r} is no year and no day; expected e.g. 2016-02-04"
    gathering.add_aliases(number, names, ALIAS)
    place = gathering.places[number]
    told = f"called {', '.join(names)} until {_spoken(row['until'])}"
    place.note = f"{place.note}; {told}" if place.note else told
    return None


def _spoken(day: str) -> str:
    if len(day) == 4:  # noqa: PLR2004 - a year
        return day
    date = dt.date.fromisoformat(day)
    return f"{date.day} {date:%B} {date.year}"
