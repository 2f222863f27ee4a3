"""Dumps of GeoNames, GNS and Wikidata as they arrive damaged: which row, and what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geomap.gazetteer.formats.faults import checked_name, checked_number, decoded
from geomap.gazetteer.formats.geonames import (
    read_admin1_codes,
    read_alternate_names,
    read_geonames,
)
from geomap.gazetteer.formats.gns import read_gns
from geomap.gazetteer.formats.joining import read_json
from geomap.gazetteer.formats.wikidata import read_wikidata
from geomap.gazetteer.incoming import RowFault

if TYPE_CHECKING:
    from collections.abc import Callable

KYIV = (
    "703448", "Kyiv", "Kyiv", "Kiev,Київ,,Kyiv", "50.45", "30.52", "P", "PPLC", "UA", "", "12",
    "", "", "", "2797553", "", "187", "Europe/Kyiv", "2024-01-01",
)  # fmt: skip


def place_line(**changes: str) -> str:
    cells = list(KYIV)
    for column, value in changes.items():
        cells[int(column[1:])] = value
    return "\t".join(cells) + "\n"


def test_a_place_of_geonames() -> None:
    (place,) = read_geonames([place_line()], source="UA.txt")
    assert (place.id, place.name, place.population) == ("geonames:703448", "Kyiv", 2_797_553)
    assert [name.text for name in place.names] == ["Kiev", "Київ"]
    (other,) = read_geonames([place_line(c1="Kiev", c10="00", c8="", c14="")], source="UA.txt")
    assert [name.text for name in other.names] == ["Kyiv", "Київ"]
    assert (other.admin1, other.country, other.population) == (None, None, 0)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (place_line(c0="x"), "geonameid 'x' is no number"),
        (place_line(c1=" "), "the name of 703448 is empty"),
        (place_line(c14="-1"), "population '-1' is no whole number"),
        (place_line(c4="95"), "row 1"),
        ("703448\tKyiv\n", "2 columns"),
        (place_line().encode("cp1251"), "is not UTF-8; this looks like a file in a one-byte"),
        (place_line().encode("utf-16"), "this looks like UTF-16"),
        (place_line(c1="K\0yiv"), "NUL byte at character"),
    ],
)
def test_a_faulty_place_of_geonames(line: str | bytes, fault: str) -> None:
    with pytest.raises(RowFault, match=fault):
        list(read_geonames([line], source="UA.txt"))
    left_out: list[RowFault] = []
    found = list(read_geonames([line, place_line()], source="UA.txt", on_fault=left_out.append))
    assert [place.name for place in found] == ["Kyiv"]
    assert [one.row for one in left_out] == [1]


@pytest.mark.parametrize(
    ("reader", "line", "fault"),
    [
        (read_alternate_names, "1\tx\tru\tКиев" + "\t" * 6, "geonameid 'x'"),
        (read_alternate_names, "1\t703448\tru\t " + "\t" * 6, "empty; expected it in column 4"),
        (read_alternate_names, "1\t703448\tru", "3 columns"),
        (read_admin1_codes, "Kyiv\tKyiv Oblast\tKyiv\t703446", "no first-level code"),
        (read_admin1_codes, "UA.13\t \tKyiv\t703446", "name of UA.13 is empty"),
        (read_admin1_codes, "UA.13\tKyiv\tKyiv\tx", "geonameid 'x'"),
    ],
)
def test_faulty_names_and_codes(reader: Callable[..., object], line: str, fault: str) -> None:
    with pytest.raises(RowFault, match=fault):
        list(reader([line], source="names.txt"))  # type: ignore[call-overload]


def test_links_are_no_names_and_some_names_are_of_the_past() -> None:
    rows = [
        "1\t703448\tlink\thttps://x" + "\t" * 6,
        "2\t703448\tru\tКиев\t\t\t\t1\t\t",
        "3\t703448\tzh-Hant\t基輔" + "\t" * 6,
    ]
    found = list(read_alternate_names(rows, source="names.txt"))
    assert [(number, name.text, name.language, name.historic) for _, number, name in found] == [
        (703448, "Киев", "ru", True), (703448, "基輔", "zh", False),
    ]  # fmt: skip
    (code,) = read_admin1_codes(["UA.13\tKyiv\tKyiv\t\n"], source="codes.txt")
    assert code == (1, "UA.13", "Kyiv", "Kyiv", None)


HEADER = "ufi\tfull_name\tnt\tlat_dd\tlong_dd\tfc\tdesig_cd\tcc_ft\tlang_cd\tadm1\n"
ROW = "-1\tKyiv\tN\t50.43\t30.52\tP\tPPLC\tUKR\tukr\t12\n"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["ufi\tname\n"], "no column full_name, .* in the header"),
        ([HEADER, ROW.replace("-1", "x")], "ufi 'x' is no number"),
        ([HEADER, ROW.replace("\tN\t", "\tQ\t")], "name type nt 'Q' is not known"),
        ([HEADER, ROW.replace("Kyiv", " ")], "the name is empty"),
        ([HEADER, "-1\tKyiv\n"], "2 columns"),
    ],
)
def test_faulty_gns(lines: list[str], fault: str) -> None:
    with pytest.raises(RowFault, match=fault):
        list(read_gns(lines, source="Ukraine.txt"))


def test_a_place_of_gns_has_a_country_and_region_where_they_are_codes() -> None:
    rows = [HEADER, ROW, "-2\tSumy\tV\t50.9\t34.8\t\t\tUA,RU\t\t00\n"]
    kyiv, sumy = read_gns(rows, source="Ukraine.txt", countries={"UKR": "UA"})
    assert (kyiv.country, kyiv.admin1, kyiv.names) == ("UA", "12", ())
    assert (sumy.id, sumy.country, sumy.admin1) == ("gns:-2", "UA", None)
    assert (sumy.feature_class, sumy.feature_code) == ("P", "PPL")
    (unknown,) = read_gns([HEADER, ROW], source="Ukraine.txt")
    assert unknown.country is None


CELLS = {"item": "http://www.wikidata.org/entity/Q1899", "coord": "Point(30.5 50.4)"}


def sparql(**changes: str) -> str:
    row = {name: {"value": value} for name, value in {**CELLS, **changes}.items()}
    return json.dumps({"results": {"bindings": [row]}})


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"item,coord\nQ1,\xd0", "not UTF-8"),
        ('{"results": {"bindings": [', "no SPARQL results in JSON"),
        ('{"results": 3}', "no SPARQL results"),
        (sparql(item="Kyiv"), "item .* is no entity"),
        (sparql(coord="50.4"), "coord .* is no point"),
        ("item,coord\nQ1899,50.4\n", "is no point"),
    ],
)
def test_faulty_wikidata(data: str | bytes, fault: str) -> None:
    with pytest.raises(RowFault, match=fault):
        list(read_wikidata(data, source="query.json"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": [1,', "looks truncated"),
        ('{"a" 1}', "export it again"),
        ("[" * 100_000, "not usable JSON"),
    ],
)
def test_faulty_json(text: str, fault: str) -> None:
    with pytest.raises(RowFault, match=fault):
        read_json([text], source="o.json")


def test_cells_that_are_no_names_or_numbers() -> None:
    with pytest.raises(RowFault, match="half a surrogate pair"):
        checked_name("a.csv", 2, "Ky\ud800iv")
    with pytest.raises(RowFault, match=r"population .* is no whole number"):
        checked_number("a.csv", 2, "population", "9" * 19)
    assert checked_number("a.csv", 2, "population", "9" * 18) == 10**18 - 1
    assert decoded("a.csv", 2, "\ufeffKyiv") == "\ufeffKyiv"
