"""Ukraine's register of settlements joined with GeoNames' points, and Russian forms of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer.katottg import (
    HROMADA_RADIUS_KM,
    RAION_RADIUS_KM,
    _stem,
    import_katottg,
    units_of,
)
from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import Gathering, PlaceRow
from geomap.gazetteer.schema import PRIMARY, SPELLED
from geomap.gazetteer.spellings import Spellings, read_spellings

if TYPE_CHECKING:
    from pathlib import Path

# Five columns of codes, category and name, as in the register; two rows above the table.
RAION, HROMADA, FAR = "UA59080000000001", "UA59080270000002", "UA59080310000003"
ROWS = [
    ("Кодифікатор", None, None, None, None, None, None),
    ("Перший рівень", "Другий рівень", None, None, None, "Категорія", "Назва"),
    ("UA59000000000000", None, None, None, None, "O", "Сумська"),
    ("UA59000000000000", RAION, None, None, None, "P", "Сумський"),
    ("UA59000000000000", RAION, HROMADA, None, None, "H", "Лісна"),
    ("UA59000000000000", RAION, HROMADA, "UA59080270010001", None, "M", "Лісне"),
    ("UA59000000000000", RAION, HROMADA, "UA59080270020002", None, "C", "Піски"),
    ("UA59000000000000", RAION, HROMADA, "UA59080270030003", None, "C", "Куп`янка"),
    ("UA59000000000000", RAION, FAR, "UA59080310010004", None, "C", "Піски"),
    ("UA59000000000000", RAION, FAR, "UA59080310020005", None, "C", "Нове"),
    ("UA99000000000000", None, None, "UA99080310020005", None, "C", "Зникле"),
]
UKRAINIAN = Spellings(
    root=(("ліс", "лес"), ("піск", "песк")), end=(("ський", "ский"), ("не", "ное")),
    first=(("на", "ная"),), letter=(("і", "и"), ("и", "ы"), ("е", "э"), ("'", "ъ")),
)  # fmt: skip


def town(number: int, name: str, lon: float, people: int = 500, **changes: object) -> PlaceRow:
    values = {"admin1": 1, **changes}
    return PlaceRow(number, name, "UA", 50.0, lon, "P", "PPL", 2.0, population=people, **values)  # type: ignore[arg-type]


@pytest.fixture
def gathering() -> Gathering:
    """Give a region with a town, and two villages of one name far from each other."""
    found = Gathering()
    found.add_place(PlaceRow(1, "Sumy Oblast", "UA", 51, 34, "A", "ADM1", 90, iso="UA-59"))
    rows = (town(2, "Lisne", 34.0, 9000), town(3, "Pisky", 34.1), town(4, "Pisky", 39.0))
    for row in rows:
        found.add_place(row)
        found.add_name(row.id, row.name, PRIMARY)
    return found


def test_the_sheet_is_read_from_its_table_on() -> None:
    units = list(units_of(ROWS))
    assert [unit.name for unit in units[:3]] == ["Сумський", "Лісна", "Лісне"]
    assert units[4].name == "Куп'янка"
    last = units[3]
    assert (last.code, last.category, last.oblast) == ("UA59080270020002", "C", "59")
    assert (last.raion, last.hromada) == (RAION, HROMADA)
    assert (units[0].raion, units[0].hromada) == (RAION, None)


def test_a_settlement_that_geonames_has_keeps_its_row(gathering: Gathering) -> None:
    import_katottg(gathering, units_of(ROWS), UKRAINIAN)
    raion, hromada = (gathering.refs[f"katottg:{code}"] for code in (RAION, HROMADA))
    lisne = gathering.places[2]
    assert (lisne.admin2, lisne.admin3) == (raion, hromada)
    assert gathering.codes["katottg:UA59080270010001"] == 2
    # Of two of one name the one near its hromada; the other is too far from anywhere.
    assert gathering.codes["katottg:UA59080270020002"] == 3
    assert gathering.places[4].admin2 is None
    # Names: as the register has it, romanised, and as Russian has it.
    assert gathering.names["лісне", 2] < SPELLED
    assert gathering.names["лесное", 2] == SPELLED


def test_one_that_geonames_lacks_stands_amid_its_hromada_or_its_raion(gathering: Gathering) -> None:
    import_katottg(gathering, units_of(ROWS), UKRAINIAN)
    near = gathering.places[gathering.refs["katottg:UA59080270030003"]]
    assert (near.name, near.approximate, near.radius_km) == ("Kupianka", True, HROMADA_RADIUS_KM)
    assert (near.lon, near.lat, near.admin1) == (34.05, 50.0, 1)
    assert near.note == "placed at the median point of its hromada"
    far = gathering.places[gathering.refs["katottg:UA59080310020005"]]
    assert (far.radius_km, far.note) == (RAION_RADIUS_KM, "placed at the median point of its raion")
    # What lies in no region that is known is left out.
    assert "katottg:UA99080310020005" not in gathering.refs


def test_areas_stand_amid_their_settlements(gathering: Gathering) -> None:
    import_katottg(gathering, units_of(ROWS), UKRAINIAN)
    raion = gathering.places[gathering.refs[f"katottg:{RAION}"]]
    hromada = gathering.places[gathering.refs[f"katottg:{HROMADA}"]]
    assert (raion.name, raion.feature_code, raion.admin2) == ("Sumskyi Raion", "ADM2", None)
    assert (hromada.name, hromada.feature_code) == ("Lisna Hromada", "ADM3")
    assert hromada.admin2 == raion.id
    assert (hromada.lon, hromada.lat, hromada.approximate) == (34.05, 50.0, True)
    names = {name for name, number in gathering.names if number == raion.id}
    assert {"sumskyi raion", "sumskyi district", "sum district", key("Сумський район")} <= names
    # A hromada without any located settlement has no place.
    assert f"katottg:{FAR}" not in gathering.refs


def test_what_lies_in_areas_without_any_point_is_left_out(gathering: Gathering) -> None:
    gathering.add_name(1, "Sumy Oblast", PRIMARY)
    other = "UA59090000000009"
    rows = [
        ("UA59000000000000", other, None, None, None, "P", "Далекий"),
        ("UA59000000000000", other, None, "UA59090310030006", None, "C", "Далеке"),
    ]
    import_katottg(gathering, units_of([*ROWS, *rows]), UKRAINIAN)
    assert f"katottg:{other}" not in gathering.refs
    assert "katottg:UA59090310030006" not in gathering.refs


def test_two_that_claim_one_row_by_its_other_names_both_lose_it(gathering: Gathering) -> None:
    for name in ("Хутір", "Слобода"):
        gathering.add_name(3, name, PRIMARY)
    codes = ("UA59080270040007", "UA59080270050008")
    rows = [
        ("UA59000000000000", RAION, HROMADA, code, None, "C", name)
        for code, name in zip(codes, ("Хутір", "Слобода"), strict=True)
    ]
    import_katottg(gathering, units_of([*ROWS[:4], ROWS[5], *rows]), UKRAINIAN)
    # The nearest by its hromada may have it in the end; not both.
    assert len([code for code in codes if f"katottg:{code}" in gathering.codes]) == 1


def test_a_village_does_not_take_the_town_of_its_name(gathering: Gathering) -> None:
    village = ("UA59000000000000", RAION, FAR, "UA59080310030006", None, "C", "Лісне")
    import_katottg(gathering, units_of([*ROWS, village]), UKRAINIAN)
    assert gathering.codes["katottg:UA59080270010001"] == 2
    assert "katottg:UA59080310030006" not in gathering.codes
    assert gathering.places[gathering.refs["katottg:UA59080310030006"]].approximate


def test_the_stem_of_an_adjective() -> None:
    assert [_stem(name) for name in ("Бахмутський", "Лисичанська", "Нове")] == [
        "Бахмут", "Лисичан", "",
    ]  # fmt: skip


def test_a_table_says_how_russian_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "uk_ru.csv"
    path.write_text(
        "where,ukrainian,russian,example,source\nroot,ліс,лес,,\nend,не,ное,,\nend,ське,ское,,\n"
        "first,на,ная,,\nletter,і,и,,\nletter,и,ы,,\n",
        "utf-8",
    )
    found = read_spellings(path)
    assert found.end == (("ське", "ское"), ("не", "ное"))
    assert found.russian("Лісне") == "Лесное"
    assert found.russian("Лісна Гирка") == "Лесная Гирка"
    assert found.russian("Лиман-Лісне") == "Лыман-Лесное"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("where,ukrainian\n", "columns are"),
        ("where,ukrainian,russian,example,source\nnowhere,і,и,,\n", "line 2: 'where' is 'nowhere'"),
        ("where,ukrainian,russian,example,source\nend,,и,,\n", "line 2"),
    ],
)
def test_a_faulty_table_stops_the_build(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "uk_ru.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(GazetteerError, match=fault):
        read_spellings(path)


@pytest.mark.parametrize(
    ("ukrainian", "russian"),
    [
        ("Білогорівка", "Белогоровка"), ("Сіверськ", "Северск"), ("Світлодарськ", "Светлодарск"),
        ("Піски", "Пески"), ("Підгірне", "Подгорное"), ("Хлібодарне", "Хлебодарное"),
    ],
)  # fmt: skip
def test_the_examples_of_the_table_come_out(root_dir: Path, ukrainian: str, russian: str) -> None:
    table = read_spellings(root_dir / "gazetteers" / "spellings" / "uk_ru.csv")
    assert table.russian(ukrainian) == russian
