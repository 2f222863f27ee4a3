"""Palette: one colour for each event type, the same on the map and in the layers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EVENT_COLOURS"]

# Okabe & Ito (2008), "Color Universal Design": told apart also by readers who see
# colours differently (https://jfly.uni-koeln.de/color/). ``other`` is a neutral grey
# for types without a colour of their own.
EVENT_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "encirclement": "#D55E00",
        "corridor": "#009E73",
        "strike": "#CC79A7",
        "talks": "#0072B2",
        "other": "#666666",
    }
)
