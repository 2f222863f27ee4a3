"""Symbols: how each event type and each factuality looks, in one table each."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geomap.palette import EVENT_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import Factuality

__all__ = ["FACTUALITIES", "Look", "Symbol", "colour_of", "style_of", "symbol_of"]

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Symbol:
    """The sign of an event type: an SVG path in a box of 24 by 24, stroked."""

    path: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a factuality is drawn, and what it means in plain words."""

    dash: str | None
    opacity: float
    fill_opacity: float
    label: str
    meaning: str


# A type without a row here is drawn with the neutral sign.
SYMBOLS: Mapping[str, Symbol] = MappingProxyType(
    {
        "encirclement": Symbol(
            "M12 4a8 8 0 1 1-.1 0M12 10.5a1.5 1.5 0 1 1-.1 0", "ring around the place, or a sector"
        ),
        "corridor": Symbol("M3 12h17M14 6l6 6-6 6", "line with an arrow in its direction"),
        "strike": Symbol(
            "M12 2l2 6 5-4-2.500 5.500 5.500 1-5 3 3.500 5-6-2-1.500 5.500-3-5-5.500 3 2-6-5-2.500"
            " 5.500-1.500-3-5.500 5.500 3z",
            "burst at the place",
        ),
        "talks": Symbol("M4 4h16v11h-9l-5 5v-5H4zM8 8h8M8 11h5", "speech bubble at the place"),
        OTHER: Symbol("M12 4l8 8-8 8-8-8z", "diamond at the place"),
    }
)

FACTUALITIES: Mapping[Factuality, Look] = MappingProxyType(
    {
        "asserted": Look(None, 1.0, 0.28, "Asserted", "the article itself says so"),
        "claimed": Look("9 5", 1.0, 0.20, "Claimed", "somebody says so, named in the evidence"),
        "planned": Look("2 6", 0.95, 0.10, "Planned", "agreed, announced or due, not yet done"),
        "possible": Look("2 6", 0.95, 0.10, "Possible", "said to be possible or feared"),
        "denied": Look("9 5 2 5", 0.6, 0.04, "Denied", "somebody says that it did not happen"),
        "negated": Look("9 5 2 5", 0.6, 0.04, "Negated", "the article says it did not happen"),
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


def style_of(event_type: str, factuality: Factuality) -> dict[str, Any]:
    """Give Leaflet's path options for a shape.

    Parameters
    ----------
    event_type
        Any word.
    factuality
        How the text commits itself.

    Returns
    -------
    dict
        Path options; the dash pattern tells the factuality.
    """
    look = FACTUALITIES[factuality]
    style: dict[str, Any] = {
        "color": colour_of(event_type),
        "weight": 3,
        "opacity": look.opacity,
        "fillOpacity": look.fill_opacity,
    }
    if look.dash:
        style["dashArray"] = look.dash
    return style
