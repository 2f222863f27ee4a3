"""Where texts on conflict are set."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.errors import ModelError
from geomap.toponyms import theatres
from geomap.toponyms.theatres import CELL_DEG, Theatres, cells_of, load_theatres

DONETSK, DAKOTA = (37.9, 48.1), (-100.1, 48.1)


def points(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = np.array(pairs).T
    return lon, lat


def told(**texts: float) -> Theatres:
    cells = cells_of(*points(DONETSK))
    return Theatres(cells, np.array([texts.get("donetsk", 7.0)]))


def test_texts_of_the_cell_and_of_those_around_count() -> None:
    lon, lat = DONETSK
    steps = [(lon + dx * CELL_DEG, lat + dy * CELL_DEG) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    assert told().near(*points(*steps)).tolist() == [3.0] * 9
    far = [(lon + 2 * CELL_DEG, lat), (lon, lat - 2 * CELL_DEG), DAKOTA]
    assert told().near(*points(*far)).tolist() == [0.0] * 3


def test_cells_have_numbers_of_their_own_south_and_west_too() -> None:
    grid = [(x / 10, y / 10) for x in range(-1799, 1800, 200) for y in range(-899, 900, 200)]
    assert len(set(cells_of(*points(*grid)).tolist())) == len(grid)


def test_a_text_does_not_see_itself() -> None:
    own = cells_of(*points(DONETSK)).tolist()
    assert told(donetsk=1.0).without(own).near(*points(DONETSK)).tolist() == [0.0]
    assert told(donetsk=1.0).without([]).near(*points(DONETSK)).tolist() == [1.0]


def test_an_empty_table_tells_nothing() -> None:
    nothing = Theatres(np.array([], dtype=np.int64), np.array([]))
    assert nothing.near(*points(DONETSK, DAKOTA)).tolist() == [0.0, 0.0]


def test_the_table_knows_fronts_from_quiet_places(monkeypatch: pytest.MonkeyPatch) -> None:
    front, quiet = load_theatres().near(*points(DONETSK, DAKOTA)).tolist()
    assert front > 4
    assert quiet == 0

    def gone(_name: str, _make: object) -> Theatres:
        raise ModelError("the weights 'theatres' cannot be read; reinstall geomap")

    monkeypatch.setattr(theatres, "read_stored", gone)
    load_theatres.cache_clear()
    with pytest.raises(ModelError, match="theatres"):
        load_theatres()
