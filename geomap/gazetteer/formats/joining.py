"""Join the lines of a JSON file and parse them."""

from __future__ import annotations

import json
from typing import Any

from geomap.gazetteer.formats.faults import Lines, decoded
from geomap.gazetteer.incoming import RowFault

__all__ = ["read_json"]


def read_json(lines: Lines, *, source: str) -> Any:
    """Parse a JSON file.

    Parameters
    ----------
    lines
        Its lines, ``str`` or UTF-8 bytes.
    source
        Name of the file, for the fault.

    Returns
    -------
    object
        What the file holds.

    Raises
    ------
    RowFault
        When it is no UTF-8, no JSON, nested too deeply, or cut.

    Examples
    --------
    >>> read_json(['{"elements":', " []}"], source="kyiv.json")
    {'elements': []}
    """
    text = "\n".join([decoded(source, row, line) for row, line in enumerate(lines, 1)])
    try:
        return json.loads(text)
    except json.JSONDecodeError as err:
        cut = err.pos >= len(text.rstrip()) or err.msg.startswith("Unterminated string")
        hint = "the file looks truncated; fetch it again" if cut else "export it again"
        msg = f"not JSON at column {err.colno} ({err.msg}); expected one whole value; {hint}"
        raise RowFault(source, err.lineno, msg) from None
    except (RecursionError, ValueError) as err:
        # Thousands of brackets, or a number of thousands of digits.
        msg = f"not usable JSON ({err}); expected what the service writes; export it again"
        raise RowFault(source, 1, msg) from None
