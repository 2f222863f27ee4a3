"""Fields of a saved record, read with a check; an error names line and field."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Mapping
from typing import Any, TypeGuard

from geomap.errors import ContractError

__all__ = ["Fields", "is_number", "is_whole"]

MOST = 2**63


def is_whole(value: Any) -> TypeGuard[int]:
    """Tell whether a value is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> TypeGuard[float]:
    """Tell whether a value is a number that a float can hold."""
    # JSON may hold a whole number of hundreds of digits, which no float is.
    return (is_whole(value) or isinstance(value, float)) and abs(value) <= sys.float_info.max


class Fields:
    """One object of the contract and where it stands.

    Parameters
    ----------
    row
        The decoded JSON object.
    where
        Path to it, such as ``"extraction.jsonl:3:"``; or the object that holds it, its key
        there, and its number where the field is a list.
    """

    # A line holds some hundred objects, and only a fault asks where one stands: kept are what
    # holds it, its key and its number there, of which the path is put together when asked for.
    __slots__ = ("_where", "row")

    def __init__(
        self, row: Mapping[str, Any], where: str | tuple[Fields, str, int | None] = ""
    ) -> None:
        self.row = row
        self._where = where

    @property
    def where(self) -> str:
        """Path to the object, such as ``"extraction.jsonl:3: toponyms[2]"``."""
        if isinstance(self._where, str):
            return self._where
        holder, key, number = self._where
        path = holder.at(key)
        return path if number is None else f"{path}[{number}]"

    def fault(self, key: str, expected: str) -> ContractError:
        """Make the error that names a field, its value, and what was expected."""
        shown = repr(self.row[key])[:60] if key in self.row else "missing"
        msg = f"{self.at(key)} is {shown}; expected {expected}; write it again with geomap extract"
        return ContractError(msg)

    def at(self, key: str) -> str:
        """Give the path of a field."""
        return f"{self.where}.{key}" if "[" in self.where else f"{self.where} {key}".strip()

    def text(self, key: str) -> str:
        """Read a string."""
        value = self.row.get(key)
        if not isinstance(value, str):
            raise self.fault(key, "a string")
        return value

    def maybe_text(self, key: str) -> str | None:
        """Read a string, or ``None`` when it is null or missing."""
        value = self.row.get(key)
        if value is not None and not isinstance(value, str):
            raise self.fault(key, "a string")
        return value

    def choice(self, key: str, options: tuple[str, ...]) -> Any:
        """Read one of the given strings."""
        value = self.row.get(key)
        if value not in options:
            raise self.fault(key, f"one of {', '.join(options)}")
        return value

    def whole(self, key: str, *, least: int = 0) -> int:
        """Read a whole number, which must fit into 64 bits as layers and stores have them."""
        value = self.row.get(key)
        if not is_whole(value) or not least <= value < MOST:
            raise self.fault(key, f"a whole number from {least}")
        return value

    def span(self, text: str) -> tuple[int, int]:
        """Read ``start`` and ``end``, which must lie in the text if there is one."""
        start, end = self.whole("start"), self.whole("end")
        if end < start or (text and end > len(text)):
            limit = f", at most {len(text)}" if text else ""
            raise self.fault("end", f"an offset from {start}{limit}")
        return start, end

    def number(self, key: str, *, least: float = -math.inf, most: float = math.inf) -> float:
        """Read a finite number within bounds."""
        value = self.row.get(key)
        if not is_number(value) or not least <= value <= most:
            bounds = f" from {least} to {most}" if math.isfinite(most) else ""
            raise self.fault(key, f"a number{bounds}")
        return float(value)

    def maybe_number(self, key: str, *, least: float = -math.inf) -> float | None:
        """Read a number, or ``None`` when it is null or missing."""
        return None if self.row.get(key) is None else self.number(key, least=least)

    def maybe_date(self, key: str) -> dt.date | None:
        """Read an ISO date, or ``None`` when it is null or missing."""
        value = self.maybe_text(key)
        if value is None:
            return None
        try:
            return dt.date.fromisoformat(value)
        except ValueError as err:
            raise self.fault(key, "a date such as 2022-03-03") from err

    def fields(self, key: str) -> Fields:
        """Read an object."""
        value = self.row.get(key)
        if not _is_object(value):
            raise self.fault(key, "an object")
        return Fields(value, (self, key, None))

    def maybe_fields(self, key: str) -> Fields | None:
        """Read an object, or ``None`` when it is null or missing."""
        return None if self.row.get(key) is None else self.fields(key)

    def many(self, key: str) -> list[Fields]:
        """Read a list of objects."""
        value = self.row.get(key)
        if not isinstance(value, list) or not all(map(_is_object, value)):
            raise self.fault(key, "a list of objects")
        return [Fields(one, (self, key, number)) for number, one in enumerate(value)]


def _is_object(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether a value is an object, at once where it is what JSON gives."""
    return type(value) is dict or isinstance(value, Mapping)
