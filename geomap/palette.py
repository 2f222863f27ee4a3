"""Palette: one colour for each event type, the same on the map and in the layers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EVENT_COLOURS"]

# The core types: Okabe & Ito (2008), "Color Universal Design", told apart also by readers
# who see colours differently (https://jfly.uni-koeln.de/color/). Seventeen types cannot all
# have a colour of their own that such readers can tell: the further types share the hues
# of Paul Tol's schemes (2021, "Colour Schemes", SRON/EPS/TN/09-002, bright and muted) by
# kinship, and each has a sign of its own. ``other`` is a neutral grey for users' types.
EVENT_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "encirclement": "#D55E00",
        "corridor": "#009E73",
        "strike": "#CC79A7",
        "talks": "#0072B2",
        "control_change": "#882255",
        "assault": "#AA3377",
        "withdrawal": "#999933",
        "evacuation": "#117733",
        "aid_delivery": "#44AA99",
        "ceasefire": "#4477AA",
        "air_defence": "#332288",
        "explosion": "#CC6677",
        "troop_movement": "#8C6D1F",
        "civilian_casualties": "#B2182B",
        "infrastructure_damage": "#7A5C58",
        "prisoner_exchange": "#66669C",
        "protest": "#E69F00",
        "other": "#666666",
    }
)
