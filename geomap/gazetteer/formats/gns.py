"""Read NGA's GEOnet Names Server files: one row for each name of a place.

Source: https://geonames.nga.mil/geonames/GNSData/ (public domain; the columns
since 2022 are described there under "Country Files"). Tab-separated UTF-8 with
a header; columns are found by name, in any case and order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from geomap.gazetteer.formats.faults import (
    Lines,
    OnFault,
    checked_columns,
    checked_name,
    decoded,
    each,
)
from geomap.gazetteer.incoming import IncomingName, IncomingPlace, RowFault, checked_point

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["read_gns"]

NEEDED: Final = ("ufi", "full_name", "nt", "lat_dd", "long_dd")
WANTED: Final = ("fc", "desig_cd", "cc_ft", "adm1", "lang_cd", "term_dt_n")

# Name types, the best own name first: approved, conventional English, provisional, not verified,
# variant, anglicised variant, historic; then the same in other than Roman script (…S).
# https://geonames.nga.mil/geonames/GNSHome/ "Name Type".
NAME_TYPES: Final = ("N", "C", "P", "D", "V", "VA", "H", "NS", "CS", "PS", "DS", "VS", "HS")
_RANKS: Final = {name_type: rank for rank, name_type in enumerate(NAME_TYPES)}
_HISTORIC: Final = frozenset({"H", "HS"})
_UFI: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_ALPHA2: Final = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """One name, with what its row says of the place."""

    row: int
    ufi: str
    rank: int
    name: IncomingName
    point: tuple[float, float]
    cells: Mapping[str, str]


def read_gns(
    lines: Lines,
    *,
    source: str,
    countries: Mapping[str, str] | None = None,
    on_fault: OnFault = None,
) -> Iterator[IncomingPlace]:
    r"""Read a country file of the GEOnet Names Server, streaming.

    Rows of one place (``ufi``) that follow one another become one place; its
    own name is the approved one (``nt`` = N), else the best of
    :data:`NAME_TYPES`. Where rows of one ``ufi`` stand apart, the place is
    yielded again with the same id, so that memory holds one place at a time:
    whoever stores places merges them by id. Of a place in several countries
    the first is taken.

    Parameters
    ----------
    lines
        Lines with their ends, ``str`` or UTF-8 bytes; the first is the header.
    source
        Name of the file, for the faults.
    countries
        From ISO 3166-1 alpha-3 (GENC) codes to alpha-2, in capitals. A
        three-letter code that is not in it gives no country.
    on_fault
        Takes the faults; their rows are left out. ``None`` raises the first.

    Yields
    ------
    IncomingPlace
        One for each run of rows of one ``ufi``.

    Raises
    ------
    RowFault
        When a row cannot be used and ``on_fault`` is ``None``; always when the
        header lacks a column that is needed.

    Examples
    --------
    >>> file = [
    ...     "ufi\tfull_name\tnt\tlat_dd\tlong_dd\tfc\tdesig_cd\tcc_ft\tlang_cd\n",
    ...     "-1044367\tKiev\tC\t50.43\t30.52\tP\tPPLC\tUKR\teng\n",
    ...     "-1044367\tKyiv\tN\t50.43\t30.52\tP\tPPLC\tUKR\tukr\n",
    ... ]
    >>> [place] = read_gns(file, source="Ukraine.txt", countries={"UKR": "UA"})
    >>> place.id, place.name, place.country, place.names
    ('gns:-1044367', 'Kyiv', 'UA', (IncomingName(text='Kiev', language='eng', historic=False),))
    """
    rows = iter(lines)
    header = _header(source, next(rows, ""))
    group: list[_Row] = []
    for _, found in each(partial(_row, header), rows, source, on_fault, first=2):
        if group and group[0].ufi != found.ufi:
            yield _place(group, countries or {})
            group = []
        group.append(found)
    if group:
        yield _place(group, countries or {})


def _header(source: str, line: str | bytes) -> list[str]:
    header = [cell.strip().casefold() for cell in decoded(source, 1, line).split("\t")]
    lacking = [column for column in NEEDED if column not in header]
    if lacking:
        msg = (
            f"no column {', '.join(lacking)} in the header; found {', '.join(header[:40])}; "
            "expected a GNS file of 2022 or later, tab-separated, with its header"
        )
        raise RowFault(source, 1, msg)
    return header


def _row(header: list[str], source: str, row: int, line: str | bytes) -> _Row:
    values = decoded(source, row, line).split("\t")
    checked_columns(source, row, values, len(header), line)
    cells = dict(zip(header, values, strict=True))
    ufi, name_type = cells["ufi"], cells["nt"].strip().upper()
    if not _UFI.fullmatch(ufi):
        msg = f"ufi {ufi!r} is no number; expected a whole number, as in -1044367"
        raise RowFault(source, row, msg)
    if name_type not in _RANKS:
        known = ", ".join(NAME_TYPES)
        msg = f"name type nt {name_type!r} is not known; expected one of {known}"
        raise RowFault(source, row, msg)
    language = cells.get("lang_cd", "").strip().casefold()
    name = IncomingName(
        checked_name(source, row, cells["full_name"]),
        language if _LANGUAGE.fullmatch(language) else None,
        name_type in _HISTORIC or bool(cells.get("term_dt_n", "").strip()),
    )
    point = checked_point(source, row, cells["long_dd"], cells["lat_dd"])
    kept = {column: cells.get(column, "").strip() for column in WANTED}
    return _Row(row, ufi, _RANKS[name_type], name, point, kept)


def _place(group: list[_Row], countries: Mapping[str, str]) -> IncomingPlace:
    # A name out of use is the own name only where there is no other.
    own = min(group, key=lambda one: (one.name.historic, one.rank, one.row))
    names = dict.fromkeys(one.name for one in group if one.name.text != own.name.text)
    return IncomingPlace(
        row=group[0].row,
        id=f"gns:{int(own.ufi)}",
        name=own.name.text,
        lon=own.point[0],
        lat=own.point[1],
        names=tuple(names),
        country=_country(own.cells["cc_ft"], countries),
        admin1=_admin1(own.cells["adm1"]),
        feature_class=own.cells["fc"].upper() or "P",
        feature_code=own.cells["desig_cd"].upper() or "PPL",
    )


def _country(text: str, countries: Mapping[str, str]) -> str | None:
    code = re.split(r"[,;\s]", text, maxsplit=1)[0].upper()
    if len(code) == _ALPHA2 and code.isascii() and code.isalpha():
        return code
    return countries.get(code)


def _admin1(text: str) -> str | None:
    code = re.split(r"[,;\s]", text, maxsplit=1)[0].upper()
    # "00" is the whole country, "ZZ" and "-" stand for unknown.
    return None if code.strip("0Z-") == "" else code
