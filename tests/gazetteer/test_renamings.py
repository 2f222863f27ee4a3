"""Former names and the day until which they held."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer.renamings import apply_renamings
from geomap.gazetteer.rows import Gathering, PlaceRow

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.gazetteer import Gazetteer

HEADER = "id,modern,former,until,source\n"


@pytest.mark.parametrize(
    ("former", "modern", "day"),
    [
        ("Artemivsk", "Bakhmut", "4 February 2016"),
        ("Dnepropetrovsk", "Dnipro", "19 May 2016"),
        ("Krasny Liman", "Lyman", "4 February 2016"),
        ("Kirovograd", "Kropyvnytskyi", "14 July 2016"),
        ("Nur-Sultan", "Astana", "17 September 2022"),
        ("Léopoldville", "Kinshasa", "1966"),
    ],
)
def test_former_name_says_until_when(
    installed: Gazetteer, former: str, modern: str, day: str
) -> None:
    best = next(c for c in installed.find(former) if c.place.feature_class == "P")
    assert best.place.name == modern
    assert f"until {day}" in best.reason


def test_modern_name_says_nothing_of_it(installed: Gazetteer) -> None:
    assert "until" not in installed.find("Bakhmut")[0].reason


def test_every_renaming_is_found_by_both_names(installed: Gazetteer, root_dir: Path) -> None:
    path = root_dir / "gazetteers" / "renamings.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) >= 50
    for row in rows:
        for name in (row["modern"], *row["former"].split("|")):
            assert row["id"] in {c.place.id for c in installed.find(name, limit=100)}, name


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("id,name\n", "columns are"),
        (HEADER + "geonames:2,B,A,2016-02-04,law\n", r"line 2 \(geonames:2\): no such place"),
        (HEADER + "geonames:1,B,A,4.2.2016,law\n", "no year and no day"),
        (HEADER + "geonames:1,B,A,2016,\n", "source missing"),
    ],
)
def test_faulty_rows_stop_the_build(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "renamings.csv"
    path.write_text(text, "utf-8")
    gathering = Gathering()
    gathering.add_place(PlaceRow(1, "B", "XX", 50, 30, "P", "PPL", 2))
    with pytest.raises(GazetteerError, match=fault):
        apply_renamings(gathering, path)


def test_a_former_name_is_kept_with_its_last_day(tmp_path: Path) -> None:
    path = tmp_path / "renamings.csv"
    rows = "geonames:1,B,A|Old A,2016-02-04,law\ngeonames:2,D,C,1966,law\n"
    path.write_text(HEADER + rows, "utf-8")
    gathering = Gathering()
    gathering.add_place(PlaceRow(1, "B", "XX", 50, 30, "P", "PPL", 2))
    gathering.add_place(PlaceRow(2, "D", "XX", 50, 30, "P", "PPL", 2, note="a port"))
    assert apply_renamings(gathering, path) == 2
    assert gathering.places[1].note == "called A, Old A until 4 February 2016"
    assert gathering.places[2].note == "a port; called C until 1966"
    assert ("old a", 1) in gathering.names
