"""Names of places on their way into a gazetteer of one's own."""

from __future__ import annotations

import sqlite3

from geomap.gazetteer.adding import _name_rows, add_names
from geomap.gazetteer.incoming import IncomingName, IncomingPlace
from geomap.gazetteer.normalise import key
from geomap.gazetteer.schema import ALIAS, PRIMARY


def place(name: str, *names: str) -> IncomingPlace:
    return IncomingPlace(
        row=1, id="own:1", name=name, lon=30.0, lat=50.0,
        names=tuple(IncomingName(one) for one in names),
    )  # fmt: skip


def test_each_name_once_and_none_that_no_text_means() -> None:
    found = list(_name_rows(place("Kyiv", "Kiev", "kiev", "KYIV", "IEV", "Ky", "K7", "Київ"), 5))
    assert found == [("kyiv", 5, PRIMARY), ("kiev", 5, ALIAS), (key("Київ"), 5, ALIAS)]
    # A place whose own name is a code or too short has only its others.
    assert list(_name_rows(place("Us", "Usa Village"), 6)) == [("usa village", 6, ALIAS)]
    assert list(_name_rows(place("NATO"), 7)) == []


def test_further_names_are_staged_as_they_are_looked_up() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE raw_name (name TEXT, place INTEGER, kind INTEGER)")
    names = ["Kiev", "kiyebha", "Ky", *(f"Name{chr(65 + n % 26)}" for n in range(3))]
    add_names(connection, ((n, 703448, IncomingName(text)) for n, text in enumerate(names)))
    rows = connection.execute("SELECT * FROM raw_name").fetchall()
    assert rows == [
        ("kiev", 703448, ALIAS), ("namea", 703448, ALIAS), ("nameb", 703448, ALIAS),
        ("namec", 703448, ALIAS),
    ]  # fmt: skip


def test_many_names_are_staged_in_batches() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE raw_name (name TEXT, place INTEGER, kind INTEGER)")
    add_names(connection, ((n, n, IncomingName("Kiev")) for n in range(20_001)))
    assert connection.execute("SELECT count(*), max(place) FROM raw_name").fetchone() == (
        20_001,
        20_000,
    )
