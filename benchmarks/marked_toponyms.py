"""The names of places in the marked dispatches: ``benchmarks/dispatches/toponyms.txt``.

A block a text: ``=== id``, then a line a name as it stands in the text, with its readings behind
`` = ``: one for all its occurrences, or one for each in their order. ``l`` literal, ``m`` metonymic,
``q`` modifier, ``x`` for an occurrence that names no place; without a reading all are literal. Behind
`` @ `` its point from memory, ``lat lon``, where its annotator knew it. An occurrence is a whole word,
or several, that does not lie inside a longer name of the block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from marked import FOLDER, marked_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["CORPUS", "NAMES", "marked_rows", "spans_of"]

NAMES = FOLDER / "toponyms.txt"
CORPUS = "marked"
READINGS = {"l": "literal", "m": "metonymic", "q": "modifier"}
NO_PLACE = "x"
_LINE = re.compile(
    r"(?P<name>.+?)(?: = (?P<codes>[lmqx](?: [lmqx])*))?(?: @ (?P<lat>-?[\d.]+) (?P<lon>-?[\d.]+))?"
)


def marked_rows(path: Path = NAMES) -> list[dict[str, Any]]:
    """Give the marked dispatches as rows of a corpus; a name without a point has ``None``.

    Raises
    ------
    ValueError
        When a block is of no text, or a name or its readings do not fit the text.
    """
    texts = {told.id: told.text for told in marked_texts()}
    rows = []
    for identifier, names in _blocks(path):
        try:
            text = texts[identifier]
            codes = {name: line["codes"] or "l" for name, line in names.items()}
            spans = spans_of(text, codes)
        except (KeyError, ValueError) as err:
            msg = f"{path}, {identifier}: {err}"
            raise ValueError(msg) from err
        toponyms = [
            {"start": start, "end": end, "text": text[start:end], "reading": reading}
            | _point(names[text[start:end]])
            for start, end, reading in spans
        ]
        rows.append({"id": identifier, "corpus": CORPUS, "text": text, "toponyms": toponyms})
    return rows


def _blocks(path: Path) -> Iterator[tuple[str, dict[str, re.Match[str]]]]:
    for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
        identifier, *lines = block.rstrip("\n").split("\n")
        found = [match for line in lines if (match := _LINE.fullmatch(line))]
        yield identifier, {match["name"]: match for match in found}


def _point(line: re.Match[str]) -> dict[str, float | None]:
    known = line["lat"] is not None
    return {name: float(line[name]) if known else None for name in ("lat", "lon")}


def spans_of(text: str, names: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Find the occurrences of names in a text, the longest first.

    Parameters
    ----------
    text
        The text.
    names
        Codes of readings by name, as in the file.

    Returns
    -------
    list
        Half-open character offsets and the reading, in the order of the text.

    Raises
    ------
    ValueError
        When a name does not occur, or not as often as it has readings.

    Examples
    --------
    >>> spans_of("Kyiv said Kyiv region was hit.", {"Kyiv": "m", "Kyiv region": "l"})
    [(0, 4, 'metonymic'), (10, 21, 'literal')]
    """
    found: list[tuple[int, int, str]] = []
    taken: list[range] = []
    for name in sorted(names, key=len, reverse=True):
        spans = [
            match.span()
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
            if not any(match.start() < r.stop and r.start < match.end() for r in taken)
        ]
        taken += [range(*span) for span in spans]
        codes = names[name].split()
        codes = codes * len(spans) if len(codes) == 1 else codes
        if not spans or len(codes) != len(spans):
            msg = f"{name!r} occurs {len(spans)} times, its readings are {names[name]!r}"
            raise ValueError(msg)
        pairs = zip(spans, codes, strict=True)
        found += [(*span, READINGS[code]) for span, code in pairs if code != NO_PLACE]
    return sorted(found)
