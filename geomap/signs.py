"""Signs: one shape for each event type, told apart without colour."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EVENT_SIGNS", "sign_of", "sign_svg"]

# SVG paths in a box of 24 by 24, stroked; drawn for this project.
EVENT_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "encirclement": "M12 4a8 8 0 1 1-.1 0M12 10.5a1.5 1.5 0 1 1-.1 0",
        "corridor": "M3 12h17M14 6l6 6-6 6",
        "strike": (
            "M12 2l2 6 5-4-2.500 5.500 5.500 1-5 3 3.500 5-6-2-1.500 5.500-3-5-5.500 3 2-6-5-2.500"
            " 5.500-1.500-3-5.500 5.500 3z"
        ),
        "talks": "M4 4h16v11h-9l-5 5v-5H4zM8 8h8M8 11h5",
        "control_change": "M6 21V3M6 4h13l-3 4 3 4H6",
        "assault": "M3 21L17 7M10 7h7v7M3 14l7-7",
        "withdrawal": "M20 12H5M11 6l-6 6 6 6M20 5v14",
        "evacuation": (
            "M3 16V8h11v8M14 11h4l3 3v2M3 16h18M7 16a2 2 0 1 0 .1 0M17 16a2 2 0 1 0 .1 0"
        ),
        "aid_delivery": "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
        "ceasefire": "M8 4v16M16 4v16",
        "air_defence": "M4 18a8 8 0 0 1 16 0M12 10V3M9 6l3-3 3 3",
        "explosion": "M12 3v5M12 16v5M3 12h5M16 12h5M6 6l3 3M15 15l3 3M6 18l3-3M15 9l3-3",
        "troop_movement": "M3 8h9v8H3zM12 12h9M17 8l4 4-4 4",
        "civilian_casualties": "M12 3v18M6 8h12",
        "infrastructure_damage": "M4 20V9l8-5 8 5v11zM12 4l-3 7 5 3-3 6",
        "prisoner_exchange": "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4",
        "protest": "M4 10v4h4l8 5V5L8 10zM19 9v6",
        "other": "M12 4l8 8-8 8-8-8z",
    }
)


def sign_of(event_type: str) -> str:
    """Give the path of the sign of an event type, the neutral one for types without their own.

    Parameters
    ----------
    event_type
        Any word.

    Examples
    --------
    >>> sign_of("parade") == sign_of("other")
    True
    """
    return EVENT_SIGNS.get(event_type, EVENT_SIGNS["other"])


def sign_svg(event_type: str, *, stroke: str = "#ffffff", width: float = 2.4) -> str:
    """Give the sign of an event type as an SVG picture.

    Parameters
    ----------
    event_type
        Any word; one without a sign of its own gets the neutral one.
    stroke
        Colour.
    width
        Width of the stroke, in units of the box of 24 by 24.

    Examples
    --------
    >>> sign_svg("ceasefire").count("M8 4v16")
    1
    """
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">'
        f'<path d="{sign_of(event_type)}" fill="none" stroke="{stroke}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
