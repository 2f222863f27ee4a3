"""The tables of the gazetteer file, and the numbers that stand in their columns."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ABBREVIATION",
    "ALIAS",
    "APPLICATION_ID",
    "BARE",
    "CODE",
    "DDL",
    "DISTRICT_WORDS",
    "GENERIC_WORDS",
    "INDEXES",
    "KIND_MASK",
    "MT",
    "PRIMARY",
    "SCHEMA_VERSION",
    "SPELLED",
    "STEM",
    "WORLDVIEW",
    "cell",
    "stored_point",
    "stored_radius",
]

# "GMAP": tells our file from any other SQLite file before a table is read.
APPLICATION_ID: Final = 0x474D4150
SCHEMA_VERSION: Final = 4
# UN General Assembly resolution 68/262 (27 March 2014): Crimea and Sevastopol in Ukraine.
WORLDVIEW: Final = "un-68-262"

# Kinds of name, the best first.
PRIMARY: Final = 0  # the modern local romanisation
ALIAS: Final = 1  # any other spelling, exonym or former name
STEM: Final = 2  # a region by the bare name of its seat: "Donetsk" for Donetsk Oblast
MT: Final = 3  # a known machine-translation error: "Grocery" for Balakliia
SPELLED: Final = 4  # written down by the rules of spelling, not attested in a source
BARE: Final = 5  # a district without its generic word: matches with one only
ABBREVIATION: Final = 6  # "Pa.", "W.Va.": matches with its period only
KIND_MASK: Final = 7
CODE: Final = 8  # flag: matches only when the text is written in capitals

# Words that make a region of the name before them ("Kharkov region") or, before "of", after
# them ("Province of Idlib"). Keys, in the forms of English-language news on Eastern Europe,
# the Middle East, Africa and Myanmar.
GENERIC_WORDS: Final = frozenset(
    {
        "region", "regions", "oblast", "oblasts", "province", "provinces", "governorate",
        "governorates", "krai", "kray", "voblast", "voblasts", "voivodeship", "voivodeships",
        "state", "states", "prefecture", "division", "republic", "oblys", "obl", "oblysy",
        "область", "области", "край", "обл",
    }
)  # fmt: skip

# Words that make a second-level region of the name before them ("Otter Tail County", "Bakhmut
# district"), or after them ("County Cork"). Keys; English, and the transliterations of news.
DISTRICT_WORDS: Final = frozenset(
    {
        "county", "counties", "parish", "parishes", "district", "districts", "raion", "raions",
        "rayon", "rayons", "borough", "municipality", "department", "canton", "subdistrict",
        "район", "района", "районе", "hromada", "rayonu", "shahrestan", "powiat", "caza",
    }
)  # fmt: skip

DDL: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- ref holds a GeoNames id (a number) or the whole identifier of any other row; where it is NULL,
-- id is the GeoNames id.
CREATE TABLE place (
    id INTEGER PRIMARY KEY, ref BLOB, name TEXT NOT NULL, country TEXT, admin1 INTEGER,
    -- Degrees in hundred-thousandths and kilometres in tenths: half the bytes of floating point.
    lat INTEGER NOT NULL, lon INTEGER NOT NULL,
    feature_class TEXT NOT NULL, feature_code TEXT NOT NULL,
    radius INTEGER NOT NULL, population INTEGER NOT NULL, approximate INTEGER NOT NULL,
    iso TEXT, note TEXT, cell INTEGER NOT NULL,
    -- Second and third level: raion and hromada in Ukraine.
    admin2 INTEGER, admin3 INTEGER,
    -- Whether a row of the overlays describes it.
    reviewed INTEGER NOT NULL);
CREATE TABLE name (
    key TEXT NOT NULL, place INTEGER NOT NULL, kind INTEGER NOT NULL,
    PRIMARY KEY (key, place)) WITHOUT ROWID;
-- Other identifiers: "UA.07" of GeoNames and "UA-63" of ISO 3166-2 for regions, "katottg:…"
-- for settlements that have a GeoNames id.
CREATE TABLE admin_code (code TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE boundary (key TEXT PRIMARY KEY, geojson TEXT NOT NULL) WITHOUT ROWID;
"""
INDEXES: Final = """
CREATE INDEX place_cell ON place (cell) WHERE feature_class = 'P';
CREATE UNIQUE INDEX place_ref ON place (ref) WHERE ref IS NOT NULL;
"""


def cell(lon: float, lat: float) -> int:
    """Give the number of the one-degree cell of a point, for look-ups by place.

    Examples
    --------
    >>> cell(30.5, 50.4), cell(-180, -90)
    (50610, 0)
    """
    column = int((lon + 180) % 360)
    row = min(179, max(0, int(lat + 90)))
    return row * 360 + column


def stored_point(lon: float, lat: float) -> tuple[int, int]:
    """Give a point as table ``place`` holds it: ``lat, lon`` in hundred-thousandths of a degree.

    Examples
    --------
    >>> stored_point(30.52378, 50.45466)
    (5045466, 3052378)
    """
    return round(lat * 100_000), round(lon * 100_000)


def stored_radius(radius_km: float) -> int:
    """Give a radius as table ``place`` holds it: tenths of a kilometre, at least one."""
    return max(1, round(radius_km * 10))
