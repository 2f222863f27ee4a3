"""Symbols: how each factuality looks, and each event type's colour."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from geomap.palette import EVENT_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import Factuality

__all__ = ["FACTUALITIES", "Look", "colour_of"]

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Look:
    """How a factuality is drawn; ``over`` is an SVG path over the sign, in a box of 24 by 24."""

    dash: str | None
    opacity: float
    fill_opacity: float
    over: str | None


# Told apart without colour: by the line of rim and shape, and by what lies over the sign. The
# words for them stand in assets/strings.toml.
FACTUALITIES: Mapping[Factuality, Look] = MappingProxyType(
    {
        "asserted": Look(None, 1.0, 0.28, None),
        # Quotation marks, a clock, a question mark; a stroke, a cross.
        "claimed": Look("9 5", 1.0, 0.20, "M17 1v5M21.500 1v5"),
        "planned": Look("2 6", 0.95, 0.10, "M19 .5a4.500 4.500 0 1 1-.1 0M19 2.500V5h2"),
        "possible": Look(
            "2 6", 0.95, 0.10, "M17 2.600a2.300 2.300 0 1 1 2.600 2.400v1.800M19.600 9v.2"
        ),
        "denied": Look("9 5 2 5", 0.75, 0.04, "M2 22L22 2"),
        "negated": Look("9 5 2 5", 0.75, 0.04, "M3 3l18 18M21 3L3 21"),
    }
)


def colour_of(event_type: str) -> str:
    """Give the colour of an event type, grey for types without their own.

    Parameters
    ----------
    event_type
        Any word.

    Examples
    --------
    >>> colour_of("talks")
    '#0072B2'
    """
    return EVENT_COLOURS.get(event_type, EVENT_COLOURS[OTHER])
