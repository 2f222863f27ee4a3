from __future__ import annotations

import hashlib
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer.building import build, fingerprint, is_current
from geomap.gazetteer.overlays import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.gazetteer import Gazetteer
    from geomap.gazetteer.sources import Sources

HEADER = ",".join(COLUMNS) + "\n"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_same_inputs_give_same_bytes(
    folder: Path, sources: Sources, small_path: Path, tmp_path: Path
) -> None:
    again = build(folder, tmp_path / "again.sqlite", sources=sources)
    assert _digest(again) == _digest(small_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "again.sqlite",
        "basemap_detail.json",
    ]


def test_fingerprint_follows_overlays(folder: Path, tmp_path: Path, small_path: Path) -> None:
    copy = tmp_path / "gazetteers"
    shutil.copytree(folder, copy)
    assert fingerprint(copy) == fingerprint(folder)
    assert is_current(small_path, fingerprint(copy))
    overlay = copy / "overlays" / "test.csv"
    overlay.write_text(overlay.read_text("utf-8").replace("hill", "height"), encoding="utf-8")
    assert not is_current(small_path, fingerprint(copy))


def test_up_to_date_file_is_left_alone(folder: Path, small_path: Path, tmp_path: Path) -> None:
    target = tmp_path / "gazetteer.sqlite"
    shutil.copy(small_path, target)
    before = target.stat().st_mtime_ns
    build(folder, target)  # would read 80 MB of sources if it built
    assert target.stat().st_mtime_ns == before


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 99])
def test_a_broken_file_is_never_current(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite"
    path.write_bytes(content)
    assert not is_current(path, "x")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("overlay:x,X,,,UA,,50,30,P,PPL,3,,,", "has no source"),
        ("overlay:x,,,,UA,,50,30,P,PPL,3,s,,", "name missing"),
        ("overlay:x,X,,,UA,,95,30,P,PPL,3,s,,", "out of range"),
        ("overlay:x,X,,,UA,,50,30,P,PPL,0,s,,", "out of range"),
        ("overlay:x,X,,,UA,,50,thirty,P,PPL,3,s,,", "could not convert"),
        ("overlay:x,X,,,UA,UA-99,50,30,P,PPL,3,s,,", "no ISO 3166-2"),
        ("overlay:x,X,more,,,,,,,,,s,,", "no such place"),
        ("geonames:999,,more,,,,,,,,,s,,", "no such place"),
        ("overlay:x,X,,,UA,,50,30,P", "columns"),
    ],
)
def test_faulty_overlay_rows_are_named(
    row: str, fault: str, sources: Sources, tmp_path: Path
) -> None:
    (tmp_path / "overlays").mkdir()
    (tmp_path / "overlays" / "bad.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    target = tmp_path / "out.sqlite"
    with pytest.raises(GazetteerError, match=fault):
        build(tmp_path, target, sources=sources)
    assert not target.exists()


def test_an_id_is_used_once(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "overlays").mkdir()
    row = "overlay:x,X,,,UA,,50,30,P,PPL,3,s,,\n"
    (tmp_path / "overlays" / "bad.csv").write_text(HEADER + row + row, encoding="utf-8")
    with pytest.raises(GazetteerError, match="used twice"):
        build(tmp_path, tmp_path / "out.sqlite", sources=sources)


def test_foreign_columns_are_refused(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "overlays").mkdir()
    (tmp_path / "overlays" / "bad.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match="columns are"):
        build(tmp_path, tmp_path / "out.sqlite", sources=sources)


def test_what_the_bulk_names_leave_out(small_path: Path) -> None:
    connection = sqlite3.connect(small_path)
    keys = {row[0] for row in connection.execute("SELECT key FROM name")}
    connection.close()
    assert {"kharkov", "харків", "kupiansk", "слобода"} <= keys
    # IATA code, machine romanisation, URL, digits, two letters.
    assert not {"hrk", "khrkyf", "http x", "usa 7", "us"} & keys


def test_ukrainian_names_are_modern(small: Gazetteer) -> None:
    place = small.place("geonames:703656")
    assert place is not None
    assert place.name == "Kupiansk"
    assert place.admin1 == "Kharkiv Oblast"


def test_region_takes_radius_from_polygon_and_seat_from_name(small: Gazetteer) -> None:
    region = small.place("geonames:706482")
    assert region is not None
    # 3 by 1 degrees at 49.4 N: 24,130 km2, 1.3 times its equal-area radius.
    assert region.radius_km == pytest.approx(113.9, abs=2)
    seat = small.place("geonames:706483")
    assert seat is not None
    assert seat.feature_code == "PPLA"


def test_overlay_extends_by_id_and_by_iso(small: Gazetteer) -> None:
    assert small.find("Charkow")[0].place.id == "geonames:706483"
    ukraine = small.find("The Ukraine")[0].place
    assert (ukraine.lat, ukraine.lon, ukraine.radius_km) == (49, 32, 650)


def test_basemap_is_copied(folder: Path, sources: Sources, tmp_path: Path) -> None:
    copy = tmp_path / "gazetteers"
    shutil.copytree(folder, copy)
    (copy / "boundaries" / "countries.geojson").write_text(
        '{"type":"FeatureCollection","features":[]}', encoding="utf-8"
    )
    build(copy, tmp_path / "out" / "g.sqlite", sources=sources)
    assert (tmp_path / "out" / "basemap.geojson").read_text("utf-8").startswith('{"type"')


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("no space left")])
def test_interrupted_build_leaves_the_old_file(
    error: BaseException | type[BaseException],
    folder: Path,
    sources: Sources,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "out.sqlite"
    target.write_bytes(b"the old one")

    def fail(path: Path, *_: object) -> None:
        path.write_bytes(b"half")
        raise error

    monkeypatch.setattr("geomap.gazetteer.building._write", fail)
    with pytest.raises((KeyboardInterrupt, OSError)):
        build(folder, target, sources=sources)
    assert target.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.glob(".*.part")] == []
