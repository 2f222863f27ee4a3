"""Notice: whose data the layers hold, and on what terms; written into every format."""

from __future__ import annotations

__all__ = ["ATTRIBUTION", "LICENCE", "TITLE"]

TITLE = "Events from news text"
ATTRIBUTION = (
    "Places: GeoNames (geonames.org), CC BY 4.0. Boundaries: Natural Earth, public domain. "
    "Overlays: the geomap developers, MIT."
)
LICENCE = (
    "Coordinates and names: CC BY 4.0, with the attribution. Sentences: their publishers' own."
)
