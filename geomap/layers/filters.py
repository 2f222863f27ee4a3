"""Filters: conditions on the columns of events, as one writes them on the command line."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geomap.errors import InputError
from geomap.frames import EVENT_COLUMNS
from geomap.layers.cleaning import is_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

__all__ = ["Condition", "parse_filters"]

_FORM = re.compile(r"\s*(\w+)\s*(!=|>=|<=|=|~|>|<)\s*(.*?)\s*", re.DOTALL)
_ORDERS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition.

    Parameters
    ----------
    column
        Of :data:`~geomap.frames.EVENT_COLUMNS`.
    sign
        ``=``, ``!=`` (one of the values, none of them), ``~`` (contains one of them,
        whatever the case), ``>=``, ``<=``, ``>``, ``<``.
    values
        What is compared with; an empty one stands for what is absent.
    """

    column: str
    sign: str
    values: tuple[str, ...]

    def holds(self, events: gpd.GeoDataFrame) -> pd.Series:
        """Tell for each event whether the condition holds; what is absent has no order."""
        cells = events[self.column]
        if self.sign in _ORDERS:
            return self._ordered(cells)
        texts = cells.map(_text)
        if self.sign == "~":
            parts = [value.casefold() for value in self.values]
            held = [any(part in text.casefold() for part in parts) for text in texts]
            return pd.Series(held, index=texts.index, dtype=bool)
        found = [(text in self.values) != (self.sign == "!=") for text in texts]
        return pd.Series(found, index=texts.index, dtype=bool)

    def _ordered(self, cells: pd.Series) -> pd.Series:
        order, bound = _ORDERS[self.sign], self.values[0]
        if pd.api.types.is_numeric_dtype(cells):
            numbers = cells.astype("float64").to_numpy(dtype="float64", na_value=np.nan)
            return pd.Series(order(numbers, float(bound)), index=cells.index)
        present = cells.notna()
        kept = [order(str(cell), bound) for cell in cells[present]]
        return present & pd.Series(kept, index=cells.index[present]).reindex(
            cells.index, fill_value=False
        )


def parse_filters(texts: Iterable[str]) -> tuple[Condition, ...]:
    """Read conditions, all of which must hold.

    Parameters
    ----------
    texts
        Such as ``"type=strike|assault"``, ``"confidence>=0.7"``, ``"places~kharkiv"``,
        ``"date_start<2022-04"``, ``"killed!="`` (some were killed).

    Raises
    ------
    InputError
        When one is not of that form, or its column is not in the schema.

    Examples
    --------
    >>> parse_filters(["type=strike|assault"])[0].values
    ('strike', 'assault')
    """
    return tuple(_condition(text) for text in texts)


def _condition(text: str) -> Condition:
    found = _FORM.fullmatch(text)
    if found is None:
        msg = f"{text!r} is no filter; expected COLUMN=VALUE, also with != ~ >= <= > <"
        raise InputError(msg)
    column, sign, rest = found.groups()
    if column not in EVENT_COLUMNS or column == "geometry":
        msg = f"{column!r} is no column of events; expected one of docs/schema.md, such as type"
        raise InputError(msg)
    if sign in _ORDERS and is_number(column):
        try:
            float(rest)
        except ValueError as err:
            msg = f"{text!r}: {rest!r} is no number; {column} is compared with one"
            raise InputError(msg) from err
    return Condition(column=column, sign=sign, values=tuple(rest.split("|")))


def _text(cell: object) -> str:
    if cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell)):  # type: ignore[call-overload]
        return ""
    return str(cell)
