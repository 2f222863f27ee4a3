"""Rows of two sources that describe one place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geomap.gazetteer.rows import distance_km

if TYPE_CHECKING:
    from geomap.records import Candidate, Place

__all__ = ["without_twins"]

# Two sources' rows of one settlement of one name: GeoNames, GNS and OSM put their points of a
# town within this distance of one another (measured on Ukraine's in GeoNames and KATOTTG).
_TWIN_KM = 5.0
_LEAST_KM_PER_DEGREE = 110.5  # of latitude; the least is at the equator
_BAND_DEG = 0.25  # of latitude; some five times a twin's distance


def without_twins(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Keep one source's row of each place, those with a known point first.

    One source's rows, told by the scheme of their identifiers, are never each
    other's twins. Rows are compared with those of their band of latitude and
    its neighbours only, since a name may have hundreds.
    """
    bands: dict[int, list[tuple[str, Place]]] = {}
    kept: list[Candidate] = []
    for candidate in sorted(found, key=lambda c: c.place.approximate):
        place = candidate.place
        own = place.id.partition(":")[0]
        reach = max(_TWIN_KM, place.radius_km if place.approximate else 0.0)
        reach_deg = reach / _LEAST_KM_PER_DEGREE
        low, high = (math.floor((place.lat + d) / _BAND_DEG) for d in (-reach_deg, reach_deg))
        near = (other for band in range(low, high + 1) for other in bands.get(band, ()))
        if not any(
            scheme != own and _are_twins(place, other, reach_km=reach) for scheme, other in near
        ):
            kept.append(candidate)
            bands.setdefault(math.floor(place.lat / _BAND_DEG), []).append((own, place))
    return tuple(sorted(kept, key=lambda c: (-c.score, c.place.id)))


def _are_twins(place: Place, other: Place, *, reach_km: float) -> bool:
    """Tell whether rows of two sources describe one place: same class, points near each other."""
    if place.feature_class != other.feature_class:
        return False
    return distance_km((place.lon, place.lat), (other.lon, other.lat)) <= reach_km
