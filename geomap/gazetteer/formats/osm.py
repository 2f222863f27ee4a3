"""Read OpenStreetMap: Overpass JSON, and the tags that every export of OSM carries.

Sources: https://wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL#out:json
and https://wiki.openstreetmap.org/wiki/Names (ODbL 1.0). Ask Overpass for
``out center;`` so that ways and relations have a point.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from geomap.gazetteer.formats.faults import Lines, OnFault, checked_name, each
from geomap.gazetteer.formats.joining import read_json
from geomap.gazetteer.incoming import IncomingName, IncomingPlace, RowFault, checked_point

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["FEATURES", "osm_feature", "osm_names", "osm_place", "read_overpass"]

# Which GeoNames class and code a tag stands for (https://www.geonames.org/export/codes.html,
# https://wiki.openstreetmap.org/wiki/Map_features). The first that fits counts, so that a town
# which is an administrative boundary too is a town. "*" is any other value but "no".
FEATURES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "place": {
        "city": ("P", "PPL"), "town": ("P", "PPL"), "village": ("P", "PPL"),
        "hamlet": ("P", "PPL"), "municipality": ("P", "PPL"), "isolated_dwelling": ("P", "PPL"),
        "allotments": ("P", "PPL"), "suburb": ("P", "PPLX"), "quarter": ("P", "PPLX"),
        "neighbourhood": ("P", "PPLX"), "borough": ("P", "PPLX"), "city_block": ("P", "PPLX"),
        "farm": ("S", "FRM"), "square": ("S", "SQR"), "locality": ("L", "LCTY"),
        "country": ("A", "PCLI"), "state": ("A", "ADM1"), "province": ("A", "ADM1"),
        "region": ("A", "ADM1"), "county": ("A", "ADM2"), "district": ("A", "ADM2"),
        "island": ("T", "ISL"), "islet": ("T", "ISL"), "archipelago": ("T", "ISLS"),
        "continent": ("L", "CONT"), "sea": ("H", "SEA"), "ocean": ("H", "OCN"),
    },
    "natural": {
        "peak": ("T", "PK"), "volcano": ("T", "VLC"), "hill": ("T", "HLL"), "ridge": ("T", "RDGE"),
        "valley": ("T", "VAL"), "cape": ("T", "CAPE"), "peninsula": ("T", "PEN"),
        "beach": ("T", "BCH"), "cliff": ("T", "CLF"), "desert": ("T", "DSRT"),
        "saddle": ("T", "PASS"), "water": ("H", "LK"), "bay": ("H", "BAY"), "strait": ("H", "STRT"),
        "spring": ("H", "SPNG"), "wetland": ("H", "WTLD"), "glacier": ("H", "GLCR"),
        "wood": ("V", "FRST"), "heath": ("V", "HTH"),
    },
    "waterway": {
        "river": ("H", "STM"), "stream": ("H", "STM"), "canal": ("H", "CNL"), "dam": ("S", "DAM"),
        "waterfall": ("H", "FLLS"),
    },
    "aeroway": {"aerodrome": ("S", "AIRP"), "heliport": ("S", "AIRH")},
    "railway": {"station": ("S", "RSTN"), "halt": ("S", "RSTP")},
    "bridge": {"*": ("S", "BDG")},
    "power": {"plant": ("S", "PS")},
    "military": {"airfield": ("S", "AIRB"), "base": ("S", "INSM"), "*": ("S", "MILB")},
    "amenity": {
        "hospital": ("S", "HSP"), "university": ("S", "UNIV"), "prison": ("S", "PRN"),
        "school": ("S", "SCH"), "monastery": ("S", "MSTY"),
    },
    "landuse": {
        "military": ("S", "MILB"), "forest": ("V", "FRST"), "quarry": ("S", "MN"),
        "reservoir": ("H", "RSV"), "industrial": ("L", "INDS"),
    },
    "leisure": {"park": ("L", "PRK"), "nature_reserve": ("L", "RESN"), "stadium": ("S", "STDM")},
    "boundary": {"national_park": ("L", "PRK"), "protected_area": ("L", "RESN")},
}  # fmt: skip
# By ``admin_level`` where ``boundary=administrative``; the levels differ a little by country.
ADMIN_LEVELS: Final[Mapping[str, str]] = {
    "2": "PCLI", "3": "ADM1", "4": "ADM1", "5": "ADM2", "6": "ADM2", "7": "ADM3", "8": "ADM3",
    "9": "ADM4", "10": "ADM5",
}  # fmt: skip
# A named thing of any other kind: GeoNames' "minor area or place of unspecified character".
OTHER: Final = ("L", "LCTY")

# Tags whose values are names; each may carry a language ("name:uk") or, for what it was called
# once, years ("name:1924-1961"). Several names in one value are split at ";".
NAME_TAGS: Final = (
    "name", "int_name", "official_name", "short_name", "alt_name", "loc_name", "nat_name",
    "reg_name", "old_name",
)  # fmt: skip
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?=$|[-_][A-Za-z0-9]+$)")
_YEARS: Final = re.compile(r"[-~.\d]+")
_COUNTRY_TAGS: Final = ("addr:country", "is_in:country_code", "ISO3166-1:alpha2", "ISO3166-1")
_ALPHA2: Final = re.compile(r"[A-Z]{2}")
_REGION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_DIGITS: Final = re.compile(r"\d{1,11}", re.ASCII)
_KINDS: Final = frozenset({"node", "way", "relation"})


def read_overpass(
    lines: Lines, *, source: str, on_fault: OnFault = None
) -> Iterator[IncomingPlace]:
    """Read the answer of Overpass to ``[out:json]``. It is held in memory whole.

    Elements without a ``name`` are passed over.

    Parameters
    ----------
    lines
        Lines of the file, ``str`` or UTF-8 bytes.
    source
        Name of the file, for the faults.
    on_fault
        Takes the faults; their elements are left out. ``None`` raises the first.

    Yields
    ------
    IncomingPlace
        One for each element with a name; ``row`` is the element's number.

    Raises
    ------
    RowFault
        When an element cannot be used, or Overpass says that it ran out of time
        or memory, and ``on_fault`` is ``None``; always when it is not such a file.

    Examples
    --------
    >>> answer = '''{"elements": [{"type": "node", "id": 26150422, "lat": 50.45, "lon": 30.52,
    ...   "tags": {"name": "Київ", "name:en": "Kyiv", "place": "city", "population": "29"}}]}'''
    >>> [place] = read_overpass([answer], source="kyiv.json")
    >>> place.id, place.name, place.names[0], place.population
    ('osm:node/26150422', 'Київ', IncomingName(text='Kyiv', language='en', historic=False), 29)
    """
    answer = read_json(lines, source=source)
    elements = answer.get("elements") if isinstance(answer, dict) else None
    if not isinstance(elements, list):
        msg = 'no list "elements"; expected the answer of Overpass to [out:json]; export it again'
        raise RowFault(source, 1, msg)
    remark = str(answer.get("remark", ""))
    if "error" in remark:
        msg = f"Overpass stopped early ({remark}): places are missing; ask for a smaller area"
        fault = RowFault(source, 1, msg)
        if on_fault is None:
            raise fault
        on_fault(fault)
    for _, place in each(_element, elements, source, on_fault):
        if place is not None:
            yield place


def _element(source: str, row: int, element: Any) -> IncomingPlace | None:
    if not isinstance(element, dict):
        msg = f"element {json.dumps(element)[:60]} is no object; expected a node, way or relation"
        raise RowFault(source, row, msg)
    tags = element.get("tags", {})
    if not isinstance(tags, dict):
        msg = f"tags {json.dumps(tags)[:60]} are no object; expected keys and values"
        raise RowFault(source, row, msg)
    tags = {key: str(value) for key, value in tags.items()}
    if not tags.get("name", "").strip():
        return None
    kind, number = element.get("type"), element.get("id")
    if not isinstance(kind, str) or kind not in _KINDS or type(number) is not int:
        msg = f"id {kind}/{number} of {tags['name']!r}: expected node, way or relation and a number"
        raise RowFault(source, row, msg)
    lon, lat = _point(source, row, element)
    return osm_place(source, row, f"{kind}/{number}", tags, (lon, lat))


def _point(source: str, row: int, element: dict[str, Any]) -> tuple[float, float]:
    holder = element if element["type"] == "node" else element.get("center")
    if not isinstance(holder, dict) or "lat" not in holder or "lon" not in holder:
        msg = f"{element['type']}/{element['id']} has no point; ask Overpass for 'out center;'"
        raise RowFault(source, row, msg)
    return checked_point(source, row, holder["lon"], holder["lat"])


def osm_place(
    source: str,
    row: int,
    osm_id: str,
    tags: Mapping[str, str],
    point: tuple[float, float],
    radius_km: float | None = None,
) -> IncomingPlace:
    """Make a place of an OSM element.

    Parameters
    ----------
    source, row
        For the fault.
    osm_id
        ``node/123``.
    tags
        All tags; ``name`` must be there.
    point
        Checked ``(lon, lat)``.
    radius_km
        Where the geometry gives one.

    Returns
    -------
    IncomingPlace
        With what the tags say; a population or country not written plainly is
        left out, as tags are free text.

    Raises
    ------
    RowFault
        When the name is empty or broken.

    Examples
    --------
    >>> tags = {"name": "Kyiv", "place": "city", "addr:country": "UA"}
    >>> osm_place("a.geojson", 1, "node/26150422", tags, (30.52, 50.45)).country
    'UA'
    """
    codes = [tags[tag].strip().upper() for tag in _COUNTRY_TAGS if tag in tags]
    region = tags.get("ISO3166-2", "").strip().upper()
    people = tags.get("population", "").strip()
    feature_class, feature_code = osm_feature(tags) or OTHER
    return IncomingPlace(
        row=row,
        id=f"osm:{osm_id}",
        name=checked_name(source, row, tags.get("name", "")),
        lon=point[0],
        lat=point[1],
        names=osm_names(tags),
        country=next((code for code in codes if _ALPHA2.fullmatch(code)), None),
        admin1=region if _REGION.fullmatch(region) else None,
        feature_class=feature_class,
        feature_code=feature_code,
        population=int(people) if _DIGITS.fullmatch(people) else 0,
        radius_km=radius_km,
    )


def osm_feature(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """Give the GeoNames class and code of an element, ``None`` for a kind not in the table.

    Examples
    --------
    >>> osm_feature({"boundary": "administrative", "admin_level": "4"})
    ('A', 'ADM1')
    >>> osm_feature({"place": "island"}), osm_feature({"shop": "bakery"})
    (('T', 'ISL'), None)
    """
    for key, values in FEATURES.items():
        value = tags.get(key, "no")
        found = values.get(value) or (values.get("*") if value != "no" else None)
        if found is not None:
            return found
    if tags.get("boundary") == "administrative":
        return "A", ADMIN_LEVELS.get(tags.get("admin_level", ""), "ADMD")
    return None


def osm_names(tags: Mapping[str, str]) -> tuple[IncomingName, ...]:
    """Give the names of an element besides ``name``.

    Parameters
    ----------
    tags
        All tags. Keys that only look like names (``name:etymology``) are left out.

    Returns
    -------
    tuple of IncomingName
        In the order of the tags, each once.

    Examples
    --------
    >>> osm_names({"name": "Дніпро", "name:en": "Dnipro", "old_name:en": "Dnepropetrovsk"})[1]
    IncomingName(text='Dnepropetrovsk', language='en', historic=True)
    """
    found: dict[IncomingName, None] = {}
    for key, value in tags.items():
        tag, _, suffix = key.partition(":")
        if tag not in NAME_TAGS or key == "name":
            continue
        language, years = _LANGUAGE.match(suffix), _YEARS.fullmatch(suffix)
        if suffix and not language and not years:
            continue
        historic = tag == "old_name" or years is not None
        for text in value.split(";"):
            cleaned = " ".join(text.split())
            if cleaned and cleaned.isprintable():
                found[IncomingName(cleaned, language and language[0], historic)] = None
    return tuple(found)
