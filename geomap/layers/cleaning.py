"""Cleaning: text that every format and its readers can hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from typing import TypeVar

    Frame = TypeVar("Frame", bound=pd.DataFrame)

__all__ = ["clean", "clean_text", "is_number"]

# What XML 1.0 (section 2.2) cannot hold, and with it KML, QML and spreadsheets; lone
# surrogates cannot be written as UTF-8 at all.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_NUMBERS = ("_km", "confidence")
_COUNTS = frozenset({"killed", "injured", "evacuated", "exchanged"})
_OFFSETS = frozenset(
    {
        "start",
        "end",
        "trigger_start",
        "trigger_end",
        "sentence_start",
        "sentence_end",
        "event_number",
    }
)


def clean_text(text: str) -> str:
    r"""Replace characters that files cannot hold by U+FFFD.

    Parameters
    ----------
    text
        Anything.

    Examples
    --------
    >>> clean_text("a\x00b") == "a\ufffdb"
    True
    """
    return _UNWRITABLE.sub("\ufffd", text)


def is_number(column: str) -> bool:
    """Tell whether a column of the schema holds numbers."""
    return column.endswith(_NUMBERS) or column in _COUNTS or column in _OFFSETS


def clean(frame: Frame) -> Frame:
    """Clean all text columns of a frame, and give them one type.

    Parameters
    ----------
    frame
        Events, toponyms or articles.

    Returns
    -------
    DataFrame
        A copy; a column of nothing but ``None`` stays one of text or numbers,
        as its name says.
    """
    cleaned = frame.copy()
    for name in frame.columns:
        if name == "geometry":
            continue
        if name.endswith(_NUMBERS):
            cleaned[name] = pd.to_numeric(frame[name]).astype("float64")
        elif name in _COUNTS:
            cleaned[name] = frame[name].astype("Int64")
        elif name in _OFFSETS:
            cleaned[name] = frame[name].astype("int64")
        elif not pd.api.types.is_datetime64_any_dtype(frame[name]):
            cleaned[name] = pd.Series(
                [clean_text(v) if isinstance(v, str) else None for v in frame[name]],
                index=frame.index,
                dtype=object,
            )
    return cleaned
