"""Read results of the Wikidata query service: SPARQL JSON, and its CSV and TSV downloads.

Columns: ``item``, ``coord`` and a label; ``itemAltLabel``, ``countryCode``,
``population`` and further labels (``label_uk``) where the query has them.

Sources
-------
https://www.w3.org/TR/sparql11-results-json/, https://www.wikidata.org/wiki/Wikidata:SPARQL_tutorial
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from geomap.gazetteer.formats.faults import checked_name, each
from geomap.gazetteer.incoming import IncomingName, IncomingPlace, RowFault, checked_point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomap.gazetteer.formats.faults import OnFault

__all__ = ["read_wikidata"]

_ENTITY = re.compile(r"<?(?:https?://www\.wikidata\.org/entity/)?(Q\d+)>?")
# Only the Earth: another globe has its URL before the point.
_POINT = re.compile(r'"?Point\(\s*(\S+)\s+(\S+?)\s*\)')
# As many as fit; more is no number of people.
_PEOPLE = re.compile(r"\d{1,11}", re.ASCII)
_LABEL = re.compile(r"(?:item)?(?:alt)?label", re.IGNORECASE)


def read_wikidata(
    data: str | bytes, *, source: str, on_fault: OnFault = None
) -> Iterator[IncomingPlace]:
    """Read the results of a query.

    Parameters
    ----------
    data
        The whole text: SPARQL JSON, CSV or TSV with a header.
    source
        Name of the file, for the faults.
    on_fault
        Takes the faults; ``None`` raises the first.

    Yields
    ------
    IncomingPlace
        One a row; rows of one item carry the same identifier.

    Raises
    ------
    RowFault
        When the text has another shape, or a row cannot be used.
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    except UnicodeDecodeError as err:
        row = data[: err.start].count(b"\n") + 1  # type: ignore[arg-type]
        raise RowFault(source, row, f"not UTF-8 ({err.reason}); download it again") from None
    rows = _json_rows(text, source) if text.lstrip().startswith("{") else _table(text, source)
    for _row, place in each(_place, rows, source, on_fault):
        yield place


def _json_rows(text: str, source: str) -> list[dict[str, str]]:
    try:
        found = json.loads(text)["results"]["bindings"]
        return [{name: str(cell["value"]) for name, cell in row.items()} for row in found]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as err:
        msg = f"no SPARQL results in JSON ({err}); the file looks truncated: run the query again"
        raise RowFault(source, 1, msg) from None


def _table(text: str, source: str) -> Iterator[dict[str, str]]:
    header = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in header else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield {str(k).lstrip("?"): str(v or "") for k, v in row.items()}
    except csv.Error as err:
        msg = f"no whole table ({err}); the file looks damaged: run the query again"
        raise RowFault(source, reader.line_num + 1, msg) from None


def _place(source: str, row: int, cells: dict[str, Any]) -> IncomingPlace:
    entity = _ENTITY.fullmatch(cells.get("item", "").strip())
    if entity is None:
        msg = f"item {cells.get('item')!r} is no entity; expected a column 'item' with Q-ids"
        raise RowFault(source, row, msg)
    point = _POINT.match(cells.get("coord", "").strip())
    if point is None:
        msg = f"coord {cells.get('coord')!r} is no point; expected 'Point(30.5 50.4)'"
        raise RowFault(source, row, msg)
    lon, lat = checked_point(source, row, point[1], point[2])
    labels = {name: value for name, value in cells.items() if value and _LABEL.match(name)}
    name = labels.get("itemLabel") or next(iter(labels.values()), "")
    others = [
        text.strip()
        for column, value in labels.items()
        for text in (value.split(", ") if "alt" in column.lower() else [value])
    ]
    country = cells.get("countryCode", "").strip().upper()
    population = cells.get("population", "").partition(".")[0]
    return IncomingPlace(
        row=row,
        id=f"wikidata:{entity[1]}",
        name=checked_name(source, row, name),
        lon=lon,
        lat=lat,
        names=tuple(IncomingName(text) for text in dict.fromkeys(others) if text and text != name),
        country=country or None,
        population=int(population) if _PEOPLE.fullmatch(population) else 0,
    )
