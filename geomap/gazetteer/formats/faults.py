"""What every reader does alike: decode a line, settle a fault, check a name or a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

from geomap.gazetteer.incoming import RowFault

__all__ = [
    "Lines",
    "OnFault",
    "checked_columns",
    "checked_name",
    "checked_number",
    "decoded",
    "each",
]

# Lines with their ends, as a file gives them.
Lines: TypeAlias = Iterable[str | bytes]
# Takes the faults of a reader, which then leaves the rows out instead of stopping.
OnFault: TypeAlias = Callable[[RowFault], None] | None

_Made = TypeVar("_Made")
_Raw = TypeVar("_Raw")
_BOMS_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SHOWN = 60  # characters of a value that a message repeats


def each(
    make: Callable[[str, int, _Raw], _Made],
    raws: Iterable[_Raw],
    source: str,
    on_fault: OnFault,
    first: int = 1,
) -> Iterator[tuple[int, _Made]]:
    """Make something of each row, with its number, and settle the faults.

    Parameters
    ----------
    make
        Called with source, row and what the row holds; may raise :class:`RowFault`.
    raws
        The rows.
    source
        Name of the file, for the faults.
    on_fault
        Takes the faults; ``None`` raises the first.
    first
        Number of the first row: 2 after a header.

    Yields
    ------
    tuple
        ``(row, made)`` for each row without a fault.

    Raises
    ------
    RowFault
        When a row has a fault and nobody takes it.
    """
    for row, raw in enumerate(raws, first):
        try:
            made = make(source, row, raw)
        except RowFault as fault:
            if on_fault is None:
                raise
            on_fault(fault)
        else:
            yield row, made


def decoded(source: str, row: int, line: str | bytes) -> str:
    r"""Decode a line as strict UTF-8, and take off its end and a byte order mark.

    Parameters
    ----------
    source, row
        For the fault.
    line
        One line, with or without its end.

    Returns
    -------
    str
        The text of the line.

    Raises
    ------
    RowFault
        When it is no UTF-8, or holds a NUL byte.

    Examples
    --------
    >>> decoded("UA.txt", 1, b"\xef\xbb\xbfKyiv\r\n")
    'Kyiv'
    """
    if isinstance(line, bytes):
        try:
            text = line.decode()
        except UnicodeDecodeError as err:
            raise RowFault(source, row, _undecodable(line, err.start)) from None
        line = text
    if "\0" in line:
        msg = (
            f"NUL byte at character {line.index(chr(0)) + 1}; expected text; the file is damaged "
            "or UTF-16: fetch it again, or save it as UTF-8"
        )
        raise RowFault(source, row, msg)
    if row == 1:
        line = line.removeprefix("\ufeff")
    return line.rstrip("\r\n")


def _undecodable(line: bytes, start: int) -> str:
    guess = "a file in a one-byte encoding"
    if line.startswith(_BOMS_UTF16):
        guess = "UTF-16"
    return (
        f"byte 0x{line[start]:02x} at position {start + 1} is not UTF-8; this looks like {guess}; "
        "save it as UTF-8 (iconv -f cp1251 -t utf-8, or 'CSV UTF-8' in a spreadsheet)"
    )


def checked_columns(source: str, row: int, cells: list[str], expected: int, line: object) -> None:
    """Hold a row to its number of columns.

    Parameters
    ----------
    source, row
        For the fault.
    cells
        What the row holds.
    expected
        How many the format has, or the header names.
    line
        The line as read: without a line end it is the last of a cut file.

    Raises
    ------
    RowFault
        When there are more or fewer columns.

    Examples
    --------
    >>> checked_columns("a.csv", 2, ["Kyiv", "50.4", "30.5"], 3, "Kyiv,50.4,30.5")
    """
    if len(cells) == expected:
        return
    msg = f"{len(cells)} columns found, {expected} expected, in {_shown(cells[0])}"
    end = line[-1:] if isinstance(line, (str, bytes)) else "\n"
    if end not in ("\n", b"\n") and len(cells) < expected:
        msg += "; the line has no end: the file looks truncated; fetch it again"
    else:
        msg += "; is this the format you named, and are its separators whole?"
    raise RowFault(source, row, msg)


def checked_name(source: str, row: int, name: str) -> str:
    r"""Make the white space of a name single, and refuse an empty or broken one.

    Parameters
    ----------
    source, row
        For the fault.
    name
        As the source has it.

    Returns
    -------
    str
        The name.

    Raises
    ------
    RowFault
        When nothing is left, or it holds half a surrogate pair (``\ud83d`` in JSON).

    Examples
    --------
    >>> checked_name("a.csv", 2, " Bila\nTserkva ")
    'Bila Tserkva'
    """
    name = " ".join(name.split())
    if not name:
        raise RowFault(source, row, "the name is empty; expected a place's name; fill it in")
    if not name.isascii() and any("\ud800" <= char <= "\udfff" for char in name):
        msg = f"name {name!r} holds half a surrogate pair; expected Unicode text; export it again"
        raise RowFault(source, row, msg)
    return name


def checked_number(source: str, row: int, what: str, text: str) -> int:
    """Read a whole number that is not negative; empty is 0.

    Parameters
    ----------
    source, row
        For the fault.
    what
        Name of the column, for the fault.
    text
        The cell.

    Returns
    -------
    int
        The number.

    Raises
    ------
    RowFault
        When it is anything else.

    Examples
    --------
    >>> checked_number("a.csv", 2, "population", "2952301"), checked_number("a.csv", 2, "x", "")
    (2952301, 0)
    """
    if not text:
        return 0
    # SQLite's integers have 64 bits.
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(2**63)) - 1):
        msg = f"{what} {_shown(text)} is no whole number; expected digits only, or nothing"
        raise RowFault(source, row, msg)
    return int(text)


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
