"""Our gazetteer as a geopy geocoder, for code that speaks geopy.

geopy speaks ``(lat, lon)``; this is the one module of geomap that does, and
only inside geopy's own objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from geomap.gazetteer import open_gazetteer

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.records import Place

__all__ = ["GazetteerGeocoder"]


class GazetteerGeocoder(Geocoder):  # type: ignore[misc]  # geopy is untyped
    """Geocode by the gazetteer of the install: no network, no key, no rate limit.

    Parameters
    ----------
    path
        A gazetteer file; ``None`` takes the one in the install. It is opened
        at the first query.

    Examples
    --------
    >>> location = GazetteerGeocoder().geocode("Kharkov")
    >>> location.address, round(location.latitude, 2), round(location.longitude, 2)
    ('Kharkiv, Kharkiv Oblast, UA', 49.98, 36.25)
    """

    def __init__(self, path: str | Path | None = None) -> None:
        super().__init__(scheme="https")
        self._path = path
        self._gazetteer: Any = None

    def _open(self) -> Any:
        if self._gazetteer is None:
            self._gazetteer = open_gazetteer(self._path)
        return self._gazetteer

    def close(self) -> None:
        """Close the gazetteer file, if it was opened."""
        if self._gazetteer is not None:
            self._gazetteer.close()
            self._gazetteer = None

    def geocode(
        self, query: str, *, exactly_one: bool = True, limit: int = 10, country: str | None = None
    ) -> Location | list[Location] | None:
        """Look a name up.

        Parameters
        ----------
        query
            A place name. Machine-translation errors are never matched here:
            they need the context of a text.
        exactly_one
            Whether to give the best location or a list.
        limit
            Most locations in the list.
        country
            ISO alpha-2 code; others are left out.

        Returns
        -------
        Location, list of Location, or None
            ``None`` for an unknown name.

        Raises
        ------
        GazetteerError
            When the gazetteer file cannot be read.
        """
        found = self._open().find(query, limit=limit, country=country)
        locations = [_location(c.place, score=c.score) for c in found if c.match != "mt"]
        if not locations:
            return None
        return locations[0] if exactly_one else locations

    def reverse(
        self, query: Any, *, exactly_one: bool = True, limit: int = 10, max_km: float = 50.0
    ) -> Location | list[Location] | None:
        """Find the settlements nearest to a point.

        Parameters
        ----------
        query
            A geopy point: ``(lat, lon)``, :class:`geopy.point.Point` or a string.
        exactly_one
            Whether to give the nearest location or a list.
        limit
            Most locations in the list.
        max_km
            Farther settlements are left out.

        Returns
        -------
        Location, list of Location, or None
            ``None`` where no settlement lies within ``max_km``.

        Raises
        ------
        GeocoderQueryError
            When ``query`` is no point.
        """
        try:
            # geopy reads None as (0, 0), a place in the Gulf of Guinea.
            point = Point(query if query is not None else "None")
        except (TypeError, ValueError) as err:
            msg = f"{query!r} is no point ({err}); give (lat, lon)"
            raise GeocoderQueryError(msg) from err
        count = 1 if exactly_one else limit
        near = self._open().reverse(point.longitude, point.latitude, max_km=max_km, limit=count)
        locations = [_location(place, distance_km=distance) for place, distance in near]
        if not locations:
            return None
        return locations[0] if exactly_one else locations


def _location(place: Place, **more: float) -> Location:
    address = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
    raw = {"id": place.id, "feature_code": place.feature_code, "radius_km": place.radius_km, **more}
    return Location(address, Point(place.lat, place.lon), raw)
