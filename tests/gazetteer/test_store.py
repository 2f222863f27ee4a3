from __future__ import annotations

import pickle
import shutil
import sqlite3
import statistics
import time
from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer import Gazetteer, key, open_gazetteer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["Kharkov region", "Kharkiv oblast", "Oblast of Kharkov"])
def test_a_region_is_named_by_any_name_of_its_seat(name: str, small: Gazetteer) -> None:
    best = small.find(name)[0]
    assert best.place.id == "geonames:706482"
    assert best.match in {"alias", "normalised"}


def test_bare_seat_name_gives_the_region_as_stem(small: Gazetteer) -> None:
    found = {c.place.id: c.match for c in small.find("Kharkov")}
    assert found == {"geonames:706483": "alias", "geonames:706482": "stem"}
    assert small.find("Kharkiv")[0].match == "exact"


def test_machine_translation_says_so(small: Gazetteer) -> None:
    (candidate,) = small.find("Grocery")
    assert candidate.match == "mt"
    assert candidate.place.name == "Kharkiv"
    assert "machine-translation" in candidate.reason
    # An error for the town is never an error for its region.
    assert small.find("Grocery region") == ()


@pytest.mark.parametrize(
    ("name", "count"), [("DNR", 1), ("dnr", 0), ("Dnr", 0), ("Us", 0), ("US", 0), ("UKR", 1)]
)
def test_codes_match_in_capitals_only(name: str, count: int, small: Gazetteer) -> None:
    assert len(small.find(name)) == count


@pytest.mark.parametrize("name", ["", " ", "…", "Nowhereville", "zzz", "region", "oblast of"])
def test_unknown_names_give_nothing(name: str, small: Gazetteer) -> None:
    assert small.find(name) == ()
    assert small.find_many([name]) == {name: ()}


def test_transliteration_only_when_nothing_else(small: Gazetteer) -> None:
    (candidate,) = small.find("Kupyjansk")
    assert candidate.match == "transliterated"
    assert candidate.place.name == "Kupiansk"
    assert small.find_many(["Kupyjansk"]) == {"Kupyjansk": ()}
    assert small.find("Kupyansk")[0].match == "normalised"


def test_knows_follows_find_many(small: Gazetteer) -> None:
    names = ["Kharkov", "Kharkov region", "Kupyansk region", "Lysaya Gora", "Nowhere", ""]
    known = small.knows(key(name) for name in names)
    assert known == {key(name) for name, found in small.find_many(names).items() if found}


def test_country_filter_and_limit(small: Gazetteer) -> None:
    assert small.find("Kharkov", country="PL") == ()
    assert len(small.find("Kharkov", limit=1)) == 1


def test_place_boundary_reverse(small: Gazetteer) -> None:
    assert small.place("geonames:5") is None
    assert small.place("overlay:none") is None
    assert small.place("nonsense") is None
    boundary = small.boundary("geonames:706482")
    assert boundary is not None
    assert boundary["type"] == "Polygon"
    assert small.boundary("geonames:706483") is None
    ((place, distance),) = small.reverse(36.3, 50.0)
    assert place.name == "Kharkiv"
    assert distance == pytest.approx(4.2, abs=0.3)
    assert small.reverse(0.0, 0.0) == ()


def test_info(small: Gazetteer, small_path: Path) -> None:
    info = small.info()
    assert (info.places, info.boundaries, info.worldview) == (6, 1, "un-68-262")
    assert info.version == small.version == info.inputs[:12]
    assert "GeoNames" in info.attribution
    assert info.path == str(small_path)
    assert len(info.sha256) == 64


def test_pickle_goes_by_path(small: Gazetteer) -> None:
    with pickle.loads(pickle.dumps(small)) as other:  # noqa: S301 (our own bytes)
        assert other.find("Kharkiv") == small.find("Kharkiv")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="no gazetteer file here; build it"):
        open_gazetteer(tmp_path / "none.sqlite")


@pytest.mark.parametrize("content", [b"", b"plain text, no database\n" * 50])
def test_corrupt_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.sqlite"
    path.write_bytes(content)
    with pytest.raises(GazetteerError, match="not a geomap gazetteer"):
        open_gazetteer(path)


def test_truncated_file(small_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.sqlite"
    path.write_bytes(small_path.read_bytes()[:6000])
    with pytest.raises(GazetteerError):
        open_gazetteer(path).find("Kharkiv")


def test_foreign_database(tmp_path: Path) -> None:
    path = tmp_path / "foreign.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    connection.close()
    with pytest.raises(GazetteerError, match="application id 0x0"):
        open_gazetteer(path)


def test_file_of_another_version(small_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "later.sqlite"
    shutil.copy(small_path, path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(GazetteerError, match="schema 99"):
        open_gazetteer(path)


def test_closed_gazetteer_says_so(small_path: Path) -> None:
    gazetteer = Gazetteer(small_path)
    gazetteer.close()
    with pytest.raises(GazetteerError, match="cannot be read"):
        gazetteer.find("Kharkiv")


def test_exact_lookup_is_fast(installed: Gazetteer) -> None:
    names = ["Kyiv", "Kharkov", "Mariupol", "Lyman", "Kharkov region", "Odesa"] * 30
    times = []
    for name in names:
        start = time.perf_counter()
        installed.find(name)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 200e-6  # measured 29 microseconds on two shared cores
