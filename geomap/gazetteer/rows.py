"""The rows an importer makes and the file writer stores."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from geomap.gazetteer.normalise import is_abbreviation, is_code, key
from geomap.gazetteer.schema import ABBREVIATION, ALIAS, CODE, KIND_MASK, MT, PRIMARY

__all__ = [
    "Gathering",
    "PlaceRow",
    "distance_km",
    "equal_area_radius_km",
    "keep_name",
    "settlement_radius_km",
]

_EARTH_KM = 6371.0
# r = c * population ** e, set by hand so that Kyiv comes to 20 km, Mariupol to 10 and a town
# of 10,000 to 4. Not a fit: against 1.2 times the equal-area radius of municipal areas (areas
# from memory) it is -8 % for Mariupol, +4 % Kyiv, +17 % Kramatorsk, +30 % Kharkiv, +46 % Moscow
# inside its ring road, +50 % Korosten.
_RADIUS_FACTOR = 0.27
_RADIUS_EXPONENT = 0.29
_RADIUS_MIN_KM = 2.0
_RADIUS_UNKNOWN_KM = 3.0
# An area is longer than it is wide: 1.3 times the circle of equal area. A choice, not a fit.
_EXTENT = 1.3
_MIN_NAME_LETTERS = 3


@dataclass(slots=True)
class PlaceRow:
    """One row of table ``place`` in the making."""

    id: int
    name: str
    country: str | None
    lat: float
    lon: float
    feature_class: str
    feature_code: str
    radius_km: float
    population: int = 0
    approximate: bool = False
    admin1: int | None = None
    ref: str | None = None
    iso: str | None = None
    note: str | None = None
    admin2: int | None = None
    admin3: int | None = None
    reviewed: bool = False

    @property
    def public_id(self) -> str:
        """The identifier that callers see."""
        return self.ref or f"geonames:{self.id}"


@dataclass(slots=True)
class Gathering:
    """All places and names gathered from the sources so far."""

    places: dict[int, PlaceRow] = field(default_factory=dict)
    names: dict[tuple[str, int], int] = field(default_factory=dict)
    refs: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def add_place(self, row: PlaceRow) -> None:
        """Take a place in, with its own name and its references."""
        self.places[row.id] = row
        self.refs[row.public_id] = row.id
        if row.iso is not None:
            self.refs[f"iso:{row.iso}"] = row.id

    def add_name(self, place: int, name: str, kind: int, *, code: bool = False) -> None:
        """Take a name in; the better kind wins where a place has it twice.

        A one- or two-letter name is taken only as a code: no reader takes the
        word "Us" for the village in Val-d'Oise.
        """
        found = key(name)
        if code:
            kind |= CODE
        elif len(found) < _MIN_NAME_LETTERS:
            return
        if not found:
            return
        old = self.names.get((found, place))
        if old is None or (kind & KIND_MASK, kind) < (old & KIND_MASK, old):
            self.names[(found, place)] = kind

    def add_aliases(self, place: int, names: list[str], kind: int = ALIAS) -> None:
        """Take hand-written names in; codes among them match in capitals only."""
        for name in names:
            if kind == ALIAS and is_abbreviation(name):
                self.names.setdefault((key(name), place), ABBREVIATION)
                continue
            self.add_name(place, name, kind, code=kind in (PRIMARY, ALIAS, MT) and is_code(name))


def keep_name(name: str) -> bool:
    """Tell whether an alternate name of a bulk source may name the place in a text.

    Left out: scripts other than Latin and Cyrillic, codes, anything with a
    digit or a URL, and names without a capital (GeoNames' machine
    romanisations of other scripts, e.g. ``kiyebha`` for Kyiv).

    Examples
    --------
    >>> keep_name("Kiev"), keep_name("Киев"), keep_name("IEV"), keep_name("kiyebha")
    (True, True, False, False)
    """
    if is_code(name) or "/" in name or name == name.lower():
        return False
    return not any(char.isdigit() or (char.isalpha() and not _is_kept(char)) for char in name)


def _is_kept(letter: str) -> bool:
    """Tell Latin (with the double accents of U+1E00) and Cyrillic letters from others."""
    return letter <= "\u02ff" or "\u0400" <= letter <= "\u052f" or "\u1e00" <= letter <= "\u1eff"


def settlement_radius_km(population: int) -> float:
    """Give the radius of a settlement from its population (fit documented above).

    Examples
    --------
    >>> [settlement_radius_km(p) for p in (2_952_301, 230_000, 10_000, 0)]
    [20.3, 9.7, 3.9, 3.0]
    """
    if population <= 0:
        return _RADIUS_UNKNOWN_KM
    return round(max(_RADIUS_MIN_KM, _RADIUS_FACTOR * math.pow(population, _RADIUS_EXPONENT)), 1)


def equal_area_radius_km(area_km2: float) -> float:
    """Give the radius of an area: 1.3 times that of the circle of equal area.

    Examples
    --------
    >>> equal_area_radius_km(31_415)
    130.0
    """
    return round(_EXTENT * math.sqrt(area_km2 / math.pi), 1)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Measure between two ``(lon, lat)`` points on a sphere (haversine; error below 0.6 %).

    Examples
    --------
    >>> round(distance_km((30.5238, 50.4547), (36.2548, 49.9818)))
    411
    """
    lon1, lat1 = math.radians(a[0]), math.radians(a[1])
    lon2, lat2 = math.radians(b[0]), math.radians(b[1])
    across = math.sin((lon2 - lon1) / 2) ** 2 * math.cos(lat1) * math.cos(lat2)
    h = math.sin((lat2 - lat1) / 2) ** 2 + across
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(h)))
