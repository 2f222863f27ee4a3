from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from samples import POLTAVA, SUMY, extracted, toponym
from shapely.geometry import Point

from geomap.cli import main
from geomap.contract import write_extractions
from geomap.errors import InputError
from geomap.gazetteer.corrections import read_corrections
from geomap.layers import Tables, tables_of, write_layers
from geomap.layers.cleaning import clean
from geomap.layers.edits import Edit, edits_of, update_corrections

if TYPE_CHECKING:
    from pathlib import Path


def edited(row: int, **changes: Any) -> Tables:
    tables = tables_of([extracted()])
    names = tables.toponyms.copy()
    for column, value in changes.items():
        names[column] = [value if n == row else old for n, old in enumerate(names[column])]
    return dataclasses.replace(tables, toponyms=clean(names))


@pytest.mark.parametrize(
    ("tables", "found"),
    [
        (edited(0), None),
        (edited(0, geometry=Point(34.80001, 50.9)), None),
        (edited(0, geometry=Point(31.5, 50.25)), ("pin", "Sumy", None, 31.5, 50.25)),
        (edited(1, place_id="geonames:1"), ("pin", "Poltava", "geonames:1", None, None)),
        (edited(1, place_id=None), ("never", "Poltava", None, None, None)),
        (edited(2, place_id="geonames:2"), ("pin", "Kyiv", "geonames:2", None, None)),
        (edited(2, toponym_id="elsewhere/t9", place_id="geonames:2"), None),
    ],
)
def test_edits(tables: Tables, found: Any) -> None:
    edits = [(e.action, e.name, e.place, e.lon, e.lat) for e in edits_of(tables, [extracted()])]
    assert edits == ([] if found is None else [found])


def test_a_name_is_pinned_once(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "action,name,place,lat,lon,radius_km,note\nalias,Grad,x:1,,,,\npin,sumy,x:2,,,,\n"
    )
    assert update_corrections(path, [Edit(action="pin", name="Sumy", lon=1.0, lat=2.0)]) == 1
    rows = read_corrections(path).rows
    assert [(r.action, r.name, r.place, r.lon) for r in rows] == [
        ("alias", "Grad", "x:1", None),
        ("pin", "Sumy", None, 1.0),
    ]


def test_only_csv_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="as CSV only"):
        update_corrections(tmp_path / "c.toml", [])


def test_command(tmp_path: Path) -> None:
    moved = extracted(
        toponyms=(
            toponym(0, "Sumy", dataclasses.replace(SUMY, lon=35.5)),
            toponym(1, "Poltava", POLTAVA),
            toponym(2, "Kyiv", None),
        )
    )
    path = write_layers([moved], tmp_path, formats=["gpkg"])["gpkg"]
    write_extractions([extracted()], tmp_path / "extraction.jsonl")
    target = tmp_path / "c.csv"
    done = CliRunner().invoke(main, ["corrections", str(path), "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert done.stdout == "Sumy: 35.5, 50.9\n"
    (row,) = read_corrections(target).rows
    assert (row.action, row.name, row.lon) == ("pin", "Sumy", 35.5)
