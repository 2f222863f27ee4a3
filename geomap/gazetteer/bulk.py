"""Read the bulk tables: small places of the US, airports, lakes, extents of US counties.

Their rows come from permissive packages that no build needs; they are
committed as CSV (``gazetteers/bulk/``), which ``build_bulk.py`` there writes.
Read only when the gazetteer is built.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING

from geomap.errors import GazetteerError
from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import Gathering, PlaceRow, distance_km
from geomap.gazetteer.schema import ALIAS, PRIMARY, cell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["COLUMNS", "COUNTY_COLUMNS", "add_bulk", "read_counties"]

COLUMNS = (
    "id", "name", "aliases", "country", "admin1", "admin2", "lat", "lon", "feature_class",
    "feature_code", "radius_km", "approximate",
)  # fmt: skip
COUNTY_COLUMNS = ("fips", "lat", "lon", "radius_km")
# Above the identifiers of GeoNames (14 million), below those of the overlays.
_BASE = 500_000_000
# A site of the overlays this near to one of a bulk table is the same site.
_SAME_SITE_KM = 4.0
_SITES = frozenset({"AIRB", "AIRP"})
# A site lies in the region of the nearest settlement; a wide lake in several.
_REGION_KM = 60.0
_WIDE_KM = 25.0
# The FIPS codes of the states, https://www.census.gov/library/reference/code-lists/ansi.html
_STATES = (
    "01AL 02AK 04AZ 05AR 06CA 08CO 09CT 10DE 11DC 12FL 13GA 15HI 16ID 17IL 18IN 19IA 20KS 21KY "
    "22LA 23ME 24MD 25MA 26MI 27MN 28MS 29MO 30MT 31NE 32NV 33NH 34NJ 35NM 36NY 37NC 38ND 39OH "
    "40OK 41OR 42PA 44RI 45SC 46SD 47TN 48TX 49UT 50VT 51VA 53WA 54WV 55WI 56WY"
)
STATE_OF_FIPS = {part[:2]: part[2:] for part in _STATES.split()}


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != columns:
            msg = f"{path.name}: columns are {reader.fieldnames}; expected {list(columns)}"
            raise GazetteerError(msg)
        return list(reader)


def read_counties(path: Path) -> dict[str, tuple[float, float, float]]:
    """Read the centre and extent of the counties of the US.

    Parameters
    ----------
    path
        CSV with the columns :data:`COUNTY_COLUMNS`.

    Returns
    -------
    dict
        ``(lon, lat, radius in km)`` by GeoNames code (``"US.MN.111"``).
    """
    found: dict[str, tuple[float, float, float]] = {}
    for row in _rows(path, COUNTY_COLUMNS):
        state = STATE_OF_FIPS.get(row["fips"][:2])
        if state is not None:
            spot = (float(row["lon"]), float(row["lat"]), float(row["radius_km"]))
            found[f"US.{state}.{row['fips'][2:]}"] = spot
    return found


def add_bulk(
    gathering: Gathering, paths: Iterable[Path], *, districts: dict[str, int] | None = None
) -> dict[str, int]:
    """Add the rows of the bulk tables, after the overlays, whose sites win.

    Parameters
    ----------
    gathering
        With all other places.
    paths
        CSV files with the columns :data:`COLUMNS`, UTF-8.
    districts
        Places of second-level regions by GeoNames code.

    Returns
    -------
    dict
        Rows added, by file name.

    Raises
    ------
    GazetteerError
        When a file has other columns or a row cannot be used.
    """
    grid = _Grid(gathering)
    named = {
        found for found, place in gathering.names if gathering.places[place].feature_class != "H"
    }
    number = _BASE
    added: dict[str, int] = {}
    for path in paths:
        added[path.name] = 0
        for line, cells in enumerate(_rows(path, COLUMNS), start=2):
            try:
                place = _place(number, cells, gathering, districts or {})
            except ValueError as err:
                raise GazetteerError(f"{path.name} line {line} ({cells['id']}): {err}") from err
            names = [place.name, *filter(None, cells["aliases"].split("|"))]
            site = grid.site(place) if place.feature_class == "S" else None
            if site is not None:
                gathering.add_aliases(site, names)
                continue
            grid.locate(place)
            gathering.add_place(place)
            gathering.add_name(number, place.name, PRIMARY)
            # "Jackson" alone is a town; the lake of that name is Lake Jackson.
            kept = [n for n in names[1:] if place.feature_class != "H" or key(n) not in named]
            gathering.add_aliases(number, kept, ALIAS)
            added[path.name] += 1
            number += 1
    return added


def _place(
    number: int, cells: dict[str, str], gathering: Gathering, districts: dict[str, int]
) -> PlaceRow:
    lat, lon, radius = (float(cells[column]) for column in ("lat", "lon", "radius_km"))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and radius > 0):  # noqa: PLR2004
        raise ValueError(f"point ({lat}, {lon}) or radius {radius} out of range")
    approximate = bool(cells["approximate"])
    return PlaceRow(
        id=number, name=cells["name"], country=cells["country"] or None, lat=lat, lon=lon,
        feature_class=cells["feature_class"], feature_code=cells["feature_code"],
        radius_km=radius, ref=cells["id"], approximate=approximate,
        admin1=gathering.refs.get(f"iso:{cells['admin1']}"),
        admin2=districts.get(cells["admin2"]),
        note="at the middle of its postal area" if approximate else None,
    )  # fmt: skip


class _Grid:
    """Settlements and sites by cells of a degree, to find what is near a point."""

    def __init__(self, gathering: Gathering) -> None:
        self._cells: dict[int, list[PlaceRow]] = defaultdict(list)
        for place in gathering.places.values():
            if (
                place.feature_class == "P" and not place.approximate
            ) or place.feature_code in _SITES:
                self._cells[cell(place.lon, place.lat)].append(place)

    def _near(self, place: PlaceRow, km: float) -> list[tuple[float, PlaceRow]]:
        found = []
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for other in self._cells.get(cell(place.lon + dx, place.lat + dy), ()):
                    distance = distance_km((place.lon, place.lat), (other.lon, other.lat))
                    if distance <= km:
                        found.append((distance, other))
        return sorted(found, key=lambda pair: (pair[0], pair[1].id))

    def site(self, place: PlaceRow) -> int | None:
        """Give the reviewed airport that a row of a table repeats, or ``None``."""
        near = self._near(place, _SAME_SITE_KM)
        return next((other.id for _, other in near if other.feature_code in _SITES), None)

    def locate(self, place: PlaceRow) -> None:
        """Give a place the country and region of the nearest settlement, where it has none."""
        if place.admin1 is not None or place.radius_km > _WIDE_KM:
            return
        for _, other in self._near(place, _REGION_KM):
            if other.feature_class == "P" and place.country in {None, other.country}:
                place.country, place.admin1 = other.country, other.admin1
                return
