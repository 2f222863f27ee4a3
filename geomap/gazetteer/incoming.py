"""A place on its way from a user's file into a gazetteer, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geomap.errors import GazetteerError

__all__ = ["IncomingName", "IncomingPlace", "RowFault", "checked_point"]

# Latitudes and longitudes of EPSG:4326, degrees.
MOST_LAT = 90.0
MOST_LON = 180.0


class RowFault(GazetteerError):  # noqa: N818 - the row has the fault, the program no error
    """One row of a source cannot be used.

    Parameters
    ----------
    source
        Name of the file, as the user gave it.
    row
        Number of the row, counted from 1, headers and comments included; the
        number of the feature or element for formats without rows.
    fault
        The value, what was expected, and what to do.
    """

    def __init__(self, source: str, row: int, fault: str) -> None:
        super().__init__(f"{source} row {row}: {fault}")
        self.source = source
        self.row = row
        self.fault = fault


@dataclass(frozen=True, slots=True)
class IncomingName:
    """One name of a place besides its own.

    Parameters
    ----------
    text
        As the source has it.
    language
        ISO 639 code where the source says, else ``None``.
    historic
        Whether the source says that it is no longer used.
    """

    text: str
    language: str | None = None
    historic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPlace:
    """One place as a source gives it.

    Parameters
    ----------
    row
        Row or feature number in the source, from 1.
    id
        Whole identifier with its scheme: ``geonames:703448``, ``gns:-1044367``,
        ``osm:node/337422947``, ``wikidata:Q1899``, or ``own:…`` for a file of
        the user's own.
    name
        Its own name, not empty.
    lon, lat
        EPSG:4326 degrees, checked.
    names
        Other names.
    country
        ISO 3166-1 alpha-2, upper case, or ``None``.
    admin1
        GeoNames first-level code (``"07"``), an ISO 3166-2 code (``"UA-63"``),
        or ``None``.
    feature_class, feature_code
        GeoNames codes (https://www.geonames.org/export/codes.html).
    population
        Inhabitants; 0 when unknown.
    radius_km
        Where the source gives one; ``None`` lets geomap estimate it.
    """

    row: int
    id: str
    name: str
    lon: float
    lat: float
    names: tuple[IncomingName, ...] = ()
    country: str | None = None
    admin1: str | None = None
    feature_class: str = "P"
    feature_code: str = "PPL"
    population: int = 0
    radius_km: float | None = None


def checked_point(source: str, row: int, lon: object, lat: object) -> tuple[float, float]:
    """Read a point.

    Parameters
    ----------
    source, row
        For the error.
    lon, lat
        Numbers or their text, EPSG:4326 degrees.

    Returns
    -------
    tuple of float
        ``(lon, lat)``.

    Raises
    ------
    RowFault
        When either is no finite number in range. Zero for both is refused:
        it is what exporters write for "unknown".

    Examples
    --------
    >>> checked_point("UA.txt", 1, "30.52", "50.45")
    (30.52, 50.45)
    """
    try:
        x, y = float(str(lon)), float(str(lat))
    except ValueError:
        msg = f"point (lon {lon!r}, lat {lat!r}) is not two numbers; expected decimal degrees"
        raise RowFault(source, row, msg) from None
    good = math.isfinite(x) and math.isfinite(y) and abs(x) <= MOST_LON and abs(y) <= MOST_LAT
    if not good or x == y == 0.0:
        msg = (
            f"point (lon {lon}, lat {lat}) is out of range or (0, 0); expected longitude within "
            "±180 and latitude within ±90; are the columns swapped?"
        )
        raise RowFault(source, row, msg)
    return x, y
