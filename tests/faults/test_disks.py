"""Disks that are full or read-only, and files cut short: told in one line, the old stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from samples import extracted
from small_disks import mounted, remount

from geomap.cli import main
from geomap.contract import write_extractions
from geomap.gazetteer.library import added_path
from geomap.layers import FORMATS, write_layers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TABLE = "id,name,lat,lon\nown:1,Verkhnii Khutir,49.1,36.2\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def told(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert "internal error" not in result.stderr
    assert "Traceback" not in result.stderr
    (line,) = [one for one in result.stderr.splitlines() if one.startswith("geomap: ")]
    return line


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved.jsonl"
    write_extractions([extracted("a"), extracted("b")], path)
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "disk", size="64k") as disk:
        yield disk


def command_for(name: str, saved: Path, disk: Path) -> list[object]:
    if name == "gazetteer":
        source = saved.with_name("own.csv")
        source.write_text(TABLE)
        return ["gazetteer", "add", source]
    return [name, saved, "-o", disk / "report.html" if name == "report" else disk / "out"]


@pytest.mark.parametrize("name", ["layers", "draw", "report", "gazetteer"])
@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_real_disk(
    name: str, fault: str, saved: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOMAP_DATA", str(small_disk))
    if fault == "full":
        remount(small_disk, "size=8k")
    else:
        remount(small_disk, "ro")
    line = told(run(*command_for(name, saved, small_disk)))
    assert str(small_disk) in line
    shown = [path for path in small_disk.rglob("*") if path.is_file()]
    seen = {path.name for path in shown if not path.name.startswith(".")}
    # A format that found room is there, all of it; the one that did not is not.
    groups = [set(one.files) for one in FORMATS.values()] if name == "layers" else []
    assert seen in (set(), *groups)
    remount(small_disk, "rw,size=20m")
    result = run(*command_for(name, saved, small_disk))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("name", ["geomap.gpkg", "events.geojson", "events.parquet", "events.fgb"])
def test_layers_cut_short(name: str, share: float, saved: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    write_layers([extracted()], made, formats=["gpkg", "geojson", "parquet", "flatgeobuf"])
    whole = (made / name).read_bytes()
    (made / name).write_bytes(whole[: int(len(whole) * share)])
    out = tmp_path / "out"
    assert run("layers", saved, "-o", out, "--format", "csv").exit_code == 0
    old = {path.name: path.read_bytes() for path in out.iterdir()}
    line = told(run("layers", made / name, "-o", out, "--format", "csv"))
    assert str(made / name) in line
    assert {path.name: path.read_bytes() for path in out.iterdir()} == old


@pytest.mark.parametrize("command", ["layers", "draw", "report"])
def test_an_extraction_cut_short(command: str, saved: Path, tmp_path: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:-200])
    out = tmp_path / "out" / ("report.html" if command == "report" else "")
    line = told(run(command, saved, "-o", out))
    assert line.startswith(f"geomap: {saved}:2: ")
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("kept_bytes", [0, 10, 100, 5_000, 20_000])
def test_a_draft_of_a_gazetteer_cut_short(
    kept_bytes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOMAP_DATA", str(tmp_path / "data"))
    source = tmp_path / "own.csv"
    source.write_text(TABLE)
    assert run("gazetteer", "add", source).exit_code == 0
    target = added_path("own")
    whole = target.read_bytes()
    target.with_name(".own.draft").write_bytes(whole[:kept_bytes])
    target.with_name(".own.draft-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(kept_bytes))
    assert run("gazetteer", "add", source).exit_code == 0
    assert target.read_bytes() == whole
    assert [path.name for path in target.parent.iterdir()] == ["own.sqlite"]
