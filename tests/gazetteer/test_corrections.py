"""Corrections: pins, aliases, never-words, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.articles import read_articles
from geomap.errors import GazetteerError
from geomap.gazetteer import open_gazetteer, read_corrections
from geomap.pipeline import extract, load_pipeline
from geomap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

TOML = """
[[pin]]
name = "Andriivka"
place = "katottg:UA14020010030085322"
note = "south of Bakhmut"
[[alias]]
name = "Grad Heights"
lat = 48.5
lon = 38.0
radius_km = 3
[[never]]
name = "Marianna"
"""
CSV = """action,name,place,lat,lon,radius_km,note
pin,Andriivka,katottg:UA14020010030085322,,,,south of Bakhmut
alias,Grad Heights,,48.5,38.0,3,
never,Marianna,,,,,
"""


@pytest.fixture(params=["toml", "csv"])
def corrections(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"corrections.{request.param}"
    path.write_text(TOML if request.param == "toml" else CSV, encoding="utf-8")
    return path


def test_corrections_come_first_and_say_so(corrections: Path) -> None:
    with open_gazetteer(corrections=corrections) as gazetteer:
        (pinned,) = gazetteer.find("ANDRIIVKA")
        assert (pinned.match, pinned.score) == ("pinned", 1.0)
        assert pinned.place.id == "katottg:UA14020010030085322"
        assert f"by {corrections.name}" in pinned.reason
        assert "south of Bakhmut" in pinned.reason
        assert gazetteer.find("Marianna") == ()
        assert gazetteer.find("Marianna", fuzzy=True) == ()
        own = gazetteer.find("Grad Heights")[0]
        assert (own.place.lon, own.place.lat, own.place.radius_km) == (38.0, 48.5, 3.0)
        assert gazetteer.knows({"marianna", "grad heights"}) == {"grad heights"}


def test_the_version_tells_corrections(corrections: Path) -> None:
    with open_gazetteer() as plain, open_gazetteer(corrections=corrections) as corrected:
        assert plain.version != corrected.version


def test_a_pin_holds_in_an_extraction(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(
        '[[pin]]\nname = "Odesa"\nplace = "geonames:703448"\n', encoding="utf-8"
    )
    (tmp_path / "a.txt").write_text("A missile struck Odesa on 3 March 2022.", encoding="utf-8")
    settings = Settings(corrections=str(tmp_path / "c.toml"))
    (article,) = read_articles([str(tmp_path / "a.txt")], settings=settings)
    extracted = extract(article, nlp=load_pipeline(settings), settings=settings)
    (toponym,) = extracted.toponyms
    assert toponym.place is not None
    assert toponym.place.id == "geonames:703448"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[pin]]\nname = "X"\nplace = "geonames:999999999"', "names 'geonames:999999999'"),
        ('[[pin]]\nname = "X"', "needs a place, or lat and lon"),
        ('[[pin]]\nname = "."\nplace = "geonames:703448"', "has no letters"),
        ('[[pins]]\nname = "X"', "table 'pins' is unknown"),
        ('[[alias]]\nname = "X"\nlat = 95\nlon = 3', "out of range"),
        ('[[never]]\nname = "X"\nplaec = "y"', "'plaec' is unknown"),
        ('[[alias]]\nname = "X"\nlat = 5\nlon = 3\nradius_km = -1', "is no distance"),
        ("[[pin]\n", "no TOML"),
        (
            '[[pin]]\nname="X"\nplace="geonames:703448"\n[[pin]]\nname="x"\nplace="geonames:1"',
            "is pinned already",
        ),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GazetteerError, match=words):
        open_gazetteer(corrections=path)


def test_csv_without_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("name,place\nX,geonames:1\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match="column 'action' is missing"):
        read_corrections(path)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="cannot be read"):
        read_corrections(tmp_path / "none.toml")
    (tmp_path / "latin.csv").write_bytes("action,name\nnever,Köln".encode("latin-1"))
    with pytest.raises(GazetteerError, match="UTF-8"):
        read_corrections(tmp_path / "latin.csv")
