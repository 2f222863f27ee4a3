"""Turn rows of the gazetteer file into ranked candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.gazetteer.normalise import is_written_as_code
from geomap.gazetteer.prior import prior, reason
from geomap.gazetteer.schema import (
    ABBREVIATION,
    ALIAS,
    BARE,
    CODE,
    DISTRICT_WORDS,
    GENERIC_WORDS,
    KIND_MASK,
    MT,
    PRIMARY,
    SPELLED,
    STEM,
)
from geomap.records import Candidate, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.records import MatchKind

__all__ = [
    "COLUMNS",
    "FIRST_LEVEL",
    "FROM",
    "NUMBERED",
    "REGION_COLUMNS",
    "Hit",
    "levels_of",
    "named_hits",
    "place_of",
    "ranked",
    "region_hits",
    "stem_of",
]

# What a query selects for place_of; the table alias of the place is p.
COLUMNS = (
    "p.id, p.ref, p.name, p.country, a.name, p.lat / 100000.0, p.lon / 100000.0, p.feature_class,"
    " p.feature_code, p.radius / 10.0, p.population, p.approximate, p.note, b.name, c.name,"
    " p.reviewed"
)
# The same with the numbers of the regions that hold it: their names cost a look-up each.
NUMBERED = (
    COLUMNS.replace("a.name", "p.admin1")
    .replace("b.name", "p.admin2")
    .replace("c.name", "p.admin3")
)
REGION_COLUMNS = (4, 13, 14)  # where the regions stand among the columns
FROM = (
    "place p LEFT JOIN place a ON a.id = p.admin1"
    " LEFT JOIN place b ON b.id = p.admin2 LEFT JOIN place c ON c.id = p.admin3"
)
_FEATURE_CODE = 9  # in a row of (kind, *COLUMNS)
# Springfield has 60 places in GeoNames, San Antonio 1,700: nobody reads so many.
MOST_CANDIDATES = 500
_BY_KIND: dict[int, MatchKind] = {SPELLED: "transliterated", STEM: "stem", MT: "mt"}
_SHORT = 3  # a name of up to three letters must begin with a capital

FIRST_LEVEL = ("ADM1",)
_GENERIC = GENERIC_WORDS | DISTRICT_WORDS
# Not "district of": that of Columbia is no county of that name.
_BEFORE_OF = GENERIC_WORDS | {"county", "parish", "municipality"}

_PLAIN = frozenset({PRIMARY, ALIAS, STEM, MT, SPELLED})  # kinds that match any name
_PLACE_SLOTS = tuple(
    getattr(Place, field).__set__
    for field in (
        "id", "name", "country", "admin1", "lat", "lon", "feature_class", "feature_code",
        "radius_km", "population", "approximate", "note", "admin2", "admin3", "reviewed",
    )
)  # fmt: skip
_CANDIDATE_SLOTS = tuple(
    getattr(Candidate, field).__set__ for field in ("place", "score", "match", "reason")
)

# Kind of name, whether a generic word ("region") named the place with it, columns of the place.
Hit = tuple[int, bool, tuple[Any, ...]]


def stem_of(found: str) -> str:
    """Give a key without its generic word, or ``""`` where it has none.

    Examples
    --------
    >>> stem_of("kharkov region"), stem_of("province of idlib"), stem_of("kharkov")
    ('kharkov', 'idlib', '')
    >>> stem_of("rapides parish"), stem_of("county cork")
    ('rapides', 'cork')
    """
    if " " not in found:
        return ""
    words = found.split()
    if len(words) > 1 and words[-1] in _GENERIC:
        return " ".join(words[:-1])
    if len(words) > 2 and words[0] in _BEFORE_OF and words[1] == "of":  # noqa: PLR2004
        return " ".join(words[2:])
    if len(words) > 1 and words[0] in DISTRICT_WORDS:
        return " ".join(words[1:])
    return ""


def levels_of(found: str) -> tuple[str, ...]:
    """Give the feature codes that a key's generic word may stand for, the likeliest first.

    Examples
    --------
    >>> levels_of("kharkov region"), levels_of("rapides parish")
    (('ADM1',), ('ADM2', 'ADM3'))
    """
    words = found.split()
    if words and (words[-1] in DISTRICT_WORDS or words[0] in DISTRICT_WORDS):
        return ("ADM2", "ADM3")
    return FIRST_LEVEL


def named_hits(name: str, rows: Iterable[tuple[Any, ...]]) -> list[Hit]:
    """Keep the rows that a name of these capitals may stand for.

    Codes match in capitals only, and then alone; a name of up to three letters
    must begin with a capital.
    """
    letters = sum(c.isalpha() for c in name)
    capital = any(c.isalpha() and c.isupper() for c in name[:2])
    rows = list(rows)
    kinds = {row[0] for row in rows}
    if capital and kinds <= _PLAIN and not name.endswith("."):
        return [(row[0], False, row[1:]) for row in rows]
    if any(kind & CODE for kind in kinds):
        # "US" is the country alone, not the village of Us; "Us" is the village, or no place.
        as_code = is_written_as_code(name)
        rows = [row for row in rows if bool(row[0] & CODE) == as_code]
    if letters <= _SHORT and not capital:
        return []
    if name.endswith("."):
        # "Kan." is Kansas alone, "Kan" never is.
        rows = [row for row in rows if row[0] & KIND_MASK == ABBREVIATION] or rows
    else:
        rows = [row for row in rows if row[0] & KIND_MASK != ABBREVIATION]
    return [(row[0] & KIND_MASK, False, row[1:]) for row in rows if row[0] & KIND_MASK != BARE]


def region_hits(
    rows: Iterable[tuple[Any, ...]], levels: tuple[str, ...] = FIRST_LEVEL
) -> list[Hit]:
    """Keep the regions of these levels among the rows of a stem."""
    return [
        (ALIAS, True, row[1:])
        for row in rows
        if row[_FEATURE_CODE] in levels and row[0] & KIND_MASK != MT and not row[0] & CODE
    ]


def ranked(
    name: str, hits: list[Hit], *, via: str | None = None, match: MatchKind | None = None
) -> tuple[Candidate, ...]:
    """Make candidates of hits, one per place, the best first.

    Parameters
    ----------
    name
        The name as the text has it.
    hits
        Rows that matched.
    via
        The key that matched when the name's own did not.
    match
        How it matched, where the rows do not say.
    """
    best: dict[str, tuple[float, Place, MatchKind, bool]] = {}
    for kind, generic, row in hits:
        place = place_of(row)
        how = _match(name, kind, place, via=via, match=match)
        score = prior(place, how)
        if place.id not in best or score > best[place.id][0]:
            best[place.id] = (score, place, how, generic)
    ordered = sorted(best.values(), key=lambda found: (-found[0], found[1].id))
    return tuple(
        _candidate(place, score, how, reason(name, place, how, generic=generic, via=via))
        for score, place, how, generic in ordered[:MOST_CANDIDATES]
    )


def _candidate(place: Place, score: float, match: MatchKind, why: str) -> Candidate:
    """Make a candidate by its slots: a third of the time of its own constructor."""
    candidate = Candidate.__new__(Candidate)
    for store, value in zip(_CANDIDATE_SLOTS, (place, score, match, why), strict=True):
        store(candidate, value)
    return candidate


def _match(
    name: str, kind: int, place: Place, *, via: str | None, match: MatchKind | None
) -> MatchKind:
    if match is not None:
        return match
    if via is not None:
        return "transliterated"
    if kind not in _BY_KIND and name == place.name:
        return "exact"
    return "normalised" if kind == PRIMARY else _BY_KIND.get(kind, "alias")


def place_of(row: tuple[Any, ...]) -> Place:
    """Make a place of the columns :data:`COLUMNS`."""
    (number, ref, name, country, admin1, lat, lon, feature_class, feature_code, radius,
     population, approximate, note, admin2, admin3, reviewed) = row  # fmt: skip
    own = ref if isinstance(ref, str) else f"geonames:{ref or number}"
    values = (
        own, name, country, admin1, lat, lon, feature_class, feature_code, radius, population,
        approximate == 1, note, admin2, admin3, reviewed == 1,
    )  # fmt: skip
    # By its slots, half the time of a frozen dataclass's own constructor: a name has up to 500.
    place = Place.__new__(Place)
    for store, value in zip(_PLACE_SLOTS, values, strict=True):
        store(place, value)
    return place
