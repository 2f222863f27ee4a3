"""First-level regions: their points, extents, and the names they take from their seats."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import Gathering, PlaceRow, distance_km, keep_name
from geomap.gazetteer.schema import ALIAS, GENERIC_WORDS, PRIMARY, STEM
from geomap.gazetteer.sources import lon_lat

if TYPE_CHECKING:
    from geomap.gazetteer.sources import Sources

__all__ = ["Region", "import_regions", "locate_regions", "name_regions"]

# Former Soviet and neighbouring countries whose region names are adjectives
# ("Kharkivska oblast"): the seat and the generic word read better and are what texts write.
_OBLAST_COUNTRIES = {"UA": "Oblast", "BY": "Region", "RU": "Oblast"}
_GENERIC_TAIL = re.compile(
    r"[ -](oblast|voblast\w*|voblasc\w*|region|governorate|province|state|krai|kray|republic|"
    r"область|вобласць|обласьт|област|край|улос)['’ʼ]?$",
    re.IGNORECASE,
)
_ENGLISH_TAIL = re.compile(r"( (Oblast|Krai|Republic|Okrug|Region)|^Crimea)$")
_TAGGED = re.compile(r"([^,()]+?) \((\w{3})\)")
_TAGGED_LANGUAGES = frozenset({"eng", "ukr", "rus", "bel"})
_SETTLEMENTS_FOR_EXTENT = 3
_COVERED = 0.95
_ISO_BASE = 2_000_000_000


@dataclass(slots=True)
class Region:
    """A first-level region on its way in."""

    id: int
    country: str
    kind: str
    names: list[str]
    iso: str | None
    is_city: bool
    cities: list[int] = field(default_factory=list)


def import_regions(gathering: Gathering, sources: Sources) -> dict[tuple[str, str], Region]:
    """Take the regions in, without points yet where iso3166-2 has none.

    Returns
    -------
    dict
        Regions by country and GeoNames admin-1 code (ISO code where there is none).
    """
    regions: dict[tuple[str, str], Region] = {}
    for number, row in enumerate(sources.subdivisions):
        name, iso, code, geonames_id, kind, aliases = row[:6]
        country = (code or iso).replace("-", ".").split(".")[0]
        point = sources.points.get(country, {}).get(iso)
        names = [name, *filter(None, aliases.split("|")), *_tagged_names(country, point)]
        region = Region(
            id=int(geonames_id) if geonames_id else _ISO_BASE + number,
            country=country,
            kind=kind,
            names=names,
            iso=iso or None,
            is_city="city" in kind.lower(),
        )
        lat, lon = point["latLng"] if point else (91.0, 0.0)  # 91: to be set by its settlements
        gathering.add_place(
            PlaceRow(
                id=region.id, name=name, country=country, lat=lat, lon=lon,
                feature_class="A", feature_code="ADM1", radius_km=0.0, iso=iso or None,
                ref=None if geonames_id else f"iso:{iso}",
            )
        )  # fmt: skip
        regions[(country, code.partition(".")[2] or iso)] = region
    return regions


def _tagged_names(country: str, point: dict[str, Any] | None) -> list[str]:
    """Take names such as ``Kharkivshchyna (eng)`` apart.

    The United States are left out: theirs are nicknames ("The Free State").
    """
    if point is None or country == "US":
        return []
    found = _TAGGED.findall(point.get("localOtherName") or "")
    return [
        name.strip()
        for name, language in found
        if language in _TAGGED_LANGUAGES and not name.strip().startswith("The ")
    ]


def locate_regions(
    gathering: Gathering, sources: Sources, regions: dict[tuple[str, str], Region]
) -> None:
    """Give each region a point and an extent; drop those without either."""
    for region in regions.values():
        row = gathering.places[region.id]
        spots = [lon_lat(sources.cities[str(city)]) for city in region.cities]
        row.population = sum(sources.cities[str(city)]["population"] for city in region.cities)
        if row.lat > 90 and not spots:  # noqa: PLR2004 (no such latitude)
            del gathering.places[region.id]
            continue
        if row.lat > 90:  # noqa: PLR2004
            row.lon = round(sum(lon for lon, _ in spots) / len(spots), 4)
            row.lat = round(sum(lat for _, lat in spots) / len(spots), 4)
            row.approximate = True
        row.radius_km = _extent_km((row.lon, row.lat), spots)


def _extent_km(centre: tuple[float, float], spots: list[tuple[float, float]]) -> float:
    """Give the radius that holds 95 % of a region's settlements; 50 km when it has too few."""
    if len(spots) < _SETTLEMENTS_FOR_EXTENT:
        return 50.0
    distances = sorted(distance_km(centre, spot) for spot in spots)
    return round(max(5.0, distances[int(_COVERED * (len(distances) - 1))]), 1)


def name_regions(
    gathering: Gathering, sources: Sources, regions: dict[tuple[str, str], Region]
) -> None:
    """Name each region after its seat, in every spelling that the seat has."""
    by_country: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for found, place in gathering.names:
        row = gathering.places[place]
        if row.feature_class == "P" and row.country:
            by_country[row.country][found].append(place)
    for region in regions.values():
        if region.id in gathering.places:
            seat = None if region.is_city else _seat(gathering, region, by_country[region.country])
            _store_region_names(gathering, sources, region, seat)


def _stem(name: str) -> str:
    return _GENERIC_TAIL.sub("", name)


def _seat(gathering: Gathering, region: Region, cities: dict[str, list[int]]) -> int | None:
    """Find the settlement a region is named after, in the region first, then in the country.

    The seat of Kyiv Oblast is Kyiv, which is no part of the oblast.
    """
    found: set[int] = set()
    for name in region.names:
        found.update(cities.get(key(_stem(name)), ()))
    inside = [city for city in found if gathering.places[city].admin1 == region.id]
    big = [city for city in found if gathering.places[city].population >= 100_000]  # noqa: PLR2004
    pool = inside or big
    return max(pool, key=lambda c: (gathering.places[c].population, -c)) if pool else None


def _store_region_names(
    gathering: Gathering, sources: Sources, region: Region, seat: int | None
) -> None:
    row = gathering.places[region.id]
    seat_keys: set[str] = set()
    if seat is not None:
        city = sources.cities[str(seat)]
        names = [city["name"], *filter(keep_name, city["alternatenames"])]
        seat_keys = {key(name) for name in names}
        gathering.add_aliases(region.id, names, STEM)
        if (
            gathering.places[seat].feature_code == "PPL"
            and gathering.places[seat].admin1 == region.id
        ):
            gathering.places[seat].feature_code = "PPLA"
    row.name = _display_name(gathering, region, seat)
    for name in [row.name, *region.names]:
        if not (name == region.names[0] or keep_name(name)):
            continue
        if region.is_city and gathering.places[region.id].country and _is_city_name(name):
            continue
        stem_only = key(name) in seat_keys
        kind = STEM if stem_only else PRIMARY if name == row.name else ALIAS
        gathering.add_name(region.id, name, kind)


def _is_city_name(name: str) -> bool:
    """Tell whether a city-region's name is the city's own, which the city itself carries."""
    return not re.search(r"\b(city|misto|gorod|horad|город|горад|місто)\b", name, re.IGNORECASE)


def _display_name(gathering: Gathering, region: Region, seat: int | None) -> str:
    """Choose the name to show: "Kharkiv Oblast", "Idlib Governorate", "North Darfur"."""
    name = region.names[0]
    if region.is_city:
        return name
    generic = _OBLAST_COUNTRIES.get(region.country)
    if generic is not None:
        english = [n for n in region.names if n.isascii() and _ENGLISH_TAIL.search(n)]
        if english or seat is None:
            return english[0] if english else name
        return f"{gathering.places[seat].name} {generic}"
    if seat is not None and key(name) == key(gathering.places[seat].name):
        named = [n for n in region.names[1:] if n.isascii() and key(n).split()[-1] in GENERIC_WORDS]
        return named[0] if named else name
    return name
