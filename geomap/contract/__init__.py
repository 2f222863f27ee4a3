"""The contract: one JSON line per article, from which maps, layers and scores are made.

Offsets are half-open character offsets into ``text``. Coordinates are EPSG:4326
degrees, ``lat`` and ``lon`` by name, ``lon, lat`` in geometries.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from geomap.contract.reading import from_dict
from geomap.contract.writing import (
    CONTRACT_VERSION,
    KEPT_CANDIDATES,
    candidate_fields,
    relative_place_fields,
    to_dict,
)
from geomap.errors import ContractError, InputError
from geomap.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from geomap.records import ExtractedArticle

__all__ = [
    "CONTRACT_VERSION",
    "KEPT_CANDIDATES",
    "candidate_fields",
    "from_dict",
    "read_extractions",
    "relative_place_fields",
    "to_dict",
    "to_line",
    "write_extractions",
]

_HALF_PAIR = re.compile("[\ud800-\udfff]")


def to_line(extracted: ExtractedArticle) -> str:
    """Give an extracted article as one line of JSON.

    Parameters
    ----------
    extracted
        What :func:`geomap.extract` gave.

    Returns
    -------
    str
        With a newline at its end and none within.
    """
    line = json.dumps(to_dict(extracted), ensure_ascii=False, allow_nan=False) + "\n"
    # Half a surrogate pair, which only a caller can give, has no UTF-8: JSON escapes it.
    return _HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", line)


def write_extractions(extractions: Iterable[ExtractedArticle], target: str | Path | TextIO) -> None:
    """Write extracted articles as JSON lines.

    Parameters
    ----------
    extractions
        What :func:`geomap.extract_many` gave; taken one by one.
    target
        A path, whose file is replaced when all lines are written; or an open
        text stream, which gets each line as soon as it is done.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    if not isinstance(target, str | Path):
        for extracted in extractions:
            target.write(to_line(extracted))
            target.flush()
        return
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as stream:
        write_extractions(extractions, stream)


def read_extractions(path: str | Path) -> Iterator[ExtractedArticle]:
    """Read the extracted articles of a JSON lines file.

    Parameters
    ----------
    path
        What :func:`write_extractions` wrote; ``"-"`` reads standard input.

    Yields
    ------
    ExtractedArticle
        In the order of the file.

    Raises
    ------
    InputError
        When the file cannot be read.
    ContractError
        Naming the line and the field that does not follow the contract, or
        saying that the file holds no extraction.
    """
    empty = True
    with _open(path) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                empty = False
                yield from_dict(_decoded(line, f"{path}:{number}:"), where=f"{path}:{number}:")
    if empty:
        msg = f"{path}: holds no extraction; expected a file that geomap extract wrote"
        raise ContractError(msg)


def _open(path: str | Path) -> AbstractContextManager[BinaryIO]:
    if str(path) == "-":
        return nullcontext(sys.stdin.buffer)  # Not ours to close.
    try:
        return Path(path).open("rb")
    except OSError as err:
        msg = f"{path}: cannot be read ({err.strerror}); give a file that geomap extract wrote"
        raise InputError(msg) from err


def _decoded(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as err:
        msg = f"{where} is not JSON ({err}); expected a line that geomap extract wrote"
        raise ContractError(msg) from err
    if not isinstance(row, dict):
        msg = f"{where} is a {type(row).__name__}; expected an object that geomap extract wrote"
        raise ContractError(msg)
    return row


def _refuse_constant(name: str) -> None:
    msg = f"{name} is no JSON"
    raise ValueError(msg)
