"""Read GeoNames' dumps: places, alternate names, first-level codes.

Source: https://download.geonames.org/export/dump/ (CC BY 4.0; the columns are
described in its ``readme.txt``). Tab-separated UTF-8 without header or quoting.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geomap.gazetteer.formats.faults import Lines, OnFault, checked_columns, decoded, each
from geomap.gazetteer.incoming import IncomingName, IncomingPlace, RowFault, checked_point

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NO_NAMES", "read_admin1_codes", "read_alternate_names", "read_geonames"]

PLACE_COLUMNS: Final = 19
NAME_COLUMNS: Final = 10
CODE_COLUMNS: Final = 4
MOST_DIGITS: Final = 18  # what fits SQLite's 64-bit integers

# What stands in ``isolanguage`` for something that no article calls a place by: a web page, a
# Wikidata item, a postal code, the codes of airports (IATA, ICAO, FAA, the TC of Canada), ports
# (UN/LOCODE) and stations (UIC), of statistical units (NUTS, LAU, FIPS), abbreviations, and
# respellings to pronounce by (phonetic, pinyin with tone marks).
NO_NAMES: Final = frozenset(
    {
        "link", "wkdt", "post", "iata", "icao", "faac", "tcid", "unlc", "uicn", "nuts", "lauc",
        "fips", "abbr", "phon", "piny",
    }
)  # fmt: skip
# "fr_1793": names of the French Revolution, given up since.
_REVOLUTION: Final = "fr_1793"
_SUBTAG: Final = re.compile(r"[-_]")
_ADMIN1: Final = re.compile(r"[A-Z]{2}\.[^.\s]+")


def read_geonames(
    lines: Lines, *, source: str, on_fault: OnFault = None
) -> Iterator[IncomingPlace]:
    r"""Read ``XX.txt``, ``allCountries.txt`` or ``citiesN.txt`` (19 columns), streaming.

    The own name is column ``name``; the others are ``asciiname`` and the
    ``alternatenames``, which carry no language. Identifiers met twice are
    yielded twice. Some hundred rows have no feature class: theirs is ``""``.
    The Earth (6295630) stands at (0, 0) and is a fault.

    Parameters
    ----------
    lines
        Lines with their ends, ``str`` or UTF-8 bytes.
    source
        Name of the file, for the faults.
    on_fault
        Takes the faults; their rows are left out. ``None`` raises the first.

    Yields
    ------
    IncomingPlace
        One for each row.

    Raises
    ------
    RowFault
        When a row cannot be used and ``on_fault`` is ``None``.

    Examples
    --------
    >>> row = ["703448", "Kyiv", "Kyiv", "Kiev,Київ", "50.45466", "30.5238", "P", "PPLC", "UA"]
    >>> row += ["", "12", "", "", "", "2952301", "", "187", "Europe/Kyiv", "2024-01-01"]
    >>> [place] = read_geonames(["\t".join(row) + "\n"], source="UA.txt")
    >>> place.id, place.admin1, [name.text for name in place.names]
    ('geonames:703448', '12', ['Kiev', 'Київ'])
    """
    for _, place in each(_place, lines, source, on_fault):
        yield place


def _place(source: str, row: int, line: str | bytes) -> IncomingPlace:
    cells = decoded(source, row, line).split("\t")
    if len(cells) != PLACE_COLUMNS:
        checked_columns(source, row, cells, PLACE_COLUMNS, line)
    (number, name, ascii_name, others, lat, lon, fclass, fcode, country, _, admin1) = cells[:11]
    people = cells[14]
    if not _is_number(number):
        raise RowFault(source, row, _no_id(number))
    if not name.strip():
        raise RowFault(source, row, f"the name of {number} is empty; expected it in column 2")
    if people and not _is_number(people):
        msg = f"population {people!r} is no whole number; expected digits in column 15"
        raise RowFault(source, row, msg)
    x, y = checked_point(source, row, lon, lat)
    texts = dict.fromkeys(others.split(",")) if others else {}
    if ascii_name != name:
        texts = {ascii_name: None, **texts}
    texts.pop(name, None)
    texts.pop("", None)
    return IncomingPlace(
        row=row,
        id=f"geonames:{number}",
        name=name,
        lon=x,
        lat=y,
        names=tuple([IncomingName(text) for text in texts]),
        country=country or None,
        admin1=admin1 if admin1 not in ("", "00") else None,
        feature_class=fclass,
        feature_code=fcode,
        population=int(people or 0),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _no_id(text: str) -> str:
    return (
        f"geonameid {text!r} is no number; expected digits, as in 703448; is this a GeoNames dump "
        "(tab-separated, no header)?"
    )


def read_alternate_names(
    lines: Lines, *, source: str, on_fault: OnFault = None
) -> Iterator[tuple[int, int, IncomingName]]:
    r"""Read ``alternateNamesV2.txt`` (10 columns), streaming.

    Rows that hold no name (:data:`NO_NAMES`) are passed over. Of a language
    with a script or country (``zh-Hant``, ``fr-CA``) the language is kept.

    Parameters
    ----------
    lines
        Lines with their ends, ``str`` or UTF-8 bytes.
    source
        Name of the file, for the faults.
    on_fault
        Takes the faults; their rows are left out. ``None`` raises the first.

    Yields
    ------
    tuple
        ``(row, geonameid, name)``.

    Raises
    ------
    RowFault
        When a row cannot be used and ``on_fault`` is ``None``.

    Examples
    --------
    >>> row = "1618924\t703448\tru\tКиев\t\t\t\t\t\t\n"
    >>> list(read_alternate_names([row], source="alternateNamesV2.txt"))
    [(1, 703448, IncomingName(text='Киев', language='ru', historic=False))]
    """
    for row, found in each(_alternate, lines, source, on_fault):
        if found is not None:
            yield row, *found


def _alternate(source: str, row: int, line: str | bytes) -> tuple[int, IncomingName] | None:
    cells = decoded(source, row, line).split("\t")
    if len(cells) != NAME_COLUMNS:
        checked_columns(source, row, cells, NAME_COLUMNS, line)
    _, number, language, text, _, _, _, historic, _, _ = cells
    if language in NO_NAMES:
        return None
    if not _is_number(number):
        raise RowFault(source, row, _no_id(number))
    if not text.strip():
        raise RowFault(source, row, f"the name of {number} is empty; expected it in column 4")
    past = historic == "1" or language == _REVOLUTION
    return int(number), IncomingName(text, _SUBTAG.split(language)[0] or None, past)


def read_admin1_codes(
    lines: Lines, *, source: str, on_fault: OnFault = None
) -> Iterator[tuple[int, str, str, str, int | None]]:
    r"""Read ``admin1CodesASCII.txt`` (4 columns).

    Parameters
    ----------
    lines
        Lines with their ends, ``str`` or UTF-8 bytes.
    source
        Name of the file, for the faults.
    on_fault
        Takes the faults; their rows are left out. ``None`` raises the first.

    Yields
    ------
    tuple
        ``(row, code, name, asciiname, geonameid)``; the last is ``None`` where
        the file has none.

    Raises
    ------
    RowFault
        When a row cannot be used and ``on_fault`` is ``None``.

    Examples
    --------
    >>> row = "UA.13\tKyiv Oblast\tKyiv Oblast\t703446\n"
    >>> list(read_admin1_codes([row], source="admin1CodesASCII.txt"))
    [(1, 'UA.13', 'Kyiv Oblast', 'Kyiv Oblast', 703446)]
    """
    for row, found in each(_admin1, lines, source, on_fault):
        yield row, *found


def _admin1(source: str, row: int, line: str | bytes) -> tuple[str, str, str, int | None]:
    cells = decoded(source, row, line).split("\t")
    checked_columns(source, row, cells, CODE_COLUMNS, line)
    code, name, ascii_name, number = cells
    if not _ADMIN1.fullmatch(code):
        msg = f"code {code!r} is no first-level code; expected one like 'UA.13'"
        raise RowFault(source, row, msg)
    if not name.strip():
        raise RowFault(source, row, f"the name of {code} is empty; expected it in column 2")
    if number and not _is_number(number):
        raise RowFault(source, row, _no_id(number))
    return code, name, ascii_name, int(number) if number else None
