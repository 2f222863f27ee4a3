from __future__ import annotations

import datetime as dt

import pytest

from geomap.articles.metadata import date_in_name, iso_date, title_of

LONG = "Russia and Ukraine agreed to create corridors for the population of besieged cities. " * 2


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Corridors agreed\n\nText.", "Corridors agreed"),
        ("\ufeff\r\nCorridors agreed?\r\n\r\nText.", "Corridors agreed?"),
        ("# Corridors\nText.", "Corridors"),
        (f"Corridors agreed\n{LONG}", "Corridors agreed"),
        ("Corridors agreed", None),
        ("Corridors agreed\n\n  \n", None),
        ("They agreed on Thursday to\nopen corridors.", None),
        ("They agreed.\n\nMore.", None),
        ("KYIV, 3 March 2022 —\n\nThey agreed.", None),
        (f"{LONG}\n\nMore.", None),
        ("", None),
    ],
)
def test_title(text: str, title: str | None) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2022-03-03-mariupol", dt.date(2022, 3, 3)),
        ("tass_20220303_2115", dt.date(2022, 3, 3)),
        ("a 2022_03_03", dt.date(2022, 3, 3)),
        ("2022-13-03 or 2022-03-04", dt.date(2022, 3, 4)),
        ("202203031", None),
        ("2022-0303", None),
        ("article", None),
    ],
)
def test_date_in_name(name: str, date: dt.date | None) -> None:
    assert date_in_name(name) == date


def test_iso_date() -> None:
    assert iso_date("2022-03-03T23:30:00Z") == dt.date(2022, 3, 3)
    with pytest.raises(ValueError, match="Invalid isoformat"):
        iso_date("3 March 2022")
