"""Symbols: how each event type and each factuality looks, in one table each."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from geomap.palette import EVENT_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import Factuality

__all__ = ["FACTUALITIES", "Look", "Symbol", "colour_of", "symbol_of"]

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Symbol:
    """The sign of an event type: an SVG path in a box of 24 by 24, stroked."""

    path: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a factuality is drawn; ``over`` is an SVG path over the sign, in a box of 24 by 24."""

    dash: str | None
    opacity: float
    fill_opacity: float
    over: str | None


# A type without a row here is drawn with the neutral sign.
SYMBOLS: Mapping[str, Symbol] = MappingProxyType(
    {
        "encirclement": Symbol("M12 4a8 8 0 1 1-.1 0M12 10.5a1.5 1.5 0 1 1-.1 0"),
        "corridor": Symbol("M3 12h17M14 6l6 6-6 6"),
        "strike": Symbol(
            "M12 2l2 6 5-4-2.500 5.500 5.500 1-5 3 3.500 5-6-2-1.500 5.500-3-5-5.500 3 2-6-5-2.500"
            " 5.500-1.500-3-5.500 5.500 3z"
        ),
        "talks": Symbol("M4 4h16v11h-9l-5 5v-5H4zM8 8h8M8 11h5"),
        "control_change": Symbol("M6 21V3M6 4h13l-3 4 3 4H6"),
        "assault": Symbol("M3 21L17 7M10 7h7v7M3 14l7-7"),
        "withdrawal": Symbol("M20 12H5M11 6l-6 6 6 6M20 5v14"),
        "evacuation": Symbol(
            "M3 16V8h11v8M14 11h4l3 3v2M3 16h18M7 16a2 2 0 1 0 .1 0M17 16a2 2 0 1 0 .1 0"
        ),
        "aid_delivery": Symbol("M9 3h6v6h6v6h-6v6H9v-6H3V9h6z"),
        "ceasefire": Symbol("M8 4v16M16 4v16"),
        "air_defence": Symbol("M4 18a8 8 0 0 1 16 0M12 10V3M9 6l3-3 3 3"),
        "explosion": Symbol("M12 3v5M12 16v5M3 12h5M16 12h5M6 6l3 3M15 15l3 3M6 18l3-3M15 9l3-3"),
        "troop_movement": Symbol("M3 8h9v8H3zM12 12h9M17 8l4 4-4 4"),
        "civilian_casualties": Symbol("M12 3v18M6 8h12"),
        "infrastructure_damage": Symbol("M4 20V9l8-5 8 5v11zM12 4l-3 7 5 3-3 6"),
        "prisoner_exchange": Symbol("M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4"),
        "protest": Symbol("M4 10v4h4l8 5V5L8 10zM19 9v6"),
        OTHER: Symbol("M12 4l8 8-8 8-8-8z"),
    }
)

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


def symbol_of(event_type: str) -> Symbol:
    """Give the sign of an event type, the neutral one for types without their own.

    Parameters
    ----------
    event_type
        Any word.

    Examples
    --------
    >>> symbol_of("parade") == symbol_of("other")
    True
    """
    return SYMBOLS.get(event_type, SYMBOLS[OTHER])


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
