"""geomap doctor: what is installed, where data lies, what is missing, and nothing is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from geomap import __version__, doctor_cli
from geomap.cli import main
from geomap.gazetteer.library import added_path
from geomap.gazetteer.sourcing import add_from

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("GEOMAP_DATA", str(folder))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["doctor", *map(str, arguments)])


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(p): (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*")}


def test_a_whole_install(data: Path, tmp_path: Path) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"geomap {__version__}, Python 3.")
    assert lines[-1] == "nothing is missing"
    assert f"data {data} (set by GEOMAP_DATA); not there yet, made when it is needed" in lines
    assert "  downloads: none" in lines
    assert list(tmp_path.iterdir()) == []


def test_as_json(data: Path) -> None:
    result = run("--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["geomap"] == __version__
    assert set(found["extras"]) == {"picture", "cluster", "docs"}
    (builtin,) = found["gazetteers"]
    assert builtin["added"] is False
    assert builtin["bytes"] > 1_000_000
    assert found["folders"]["data"] == str(data)
    assert found["folders"]["chosen_by"] == "GEOMAP_DATA"
    assert found["faults"] == []


def test_an_added_gazetteer_and_its_size(data: Path, tmp_path: Path) -> None:
    source = tmp_path / "own.csv"
    source.write_text("id,name,lat,lon\nown:1,Verkhnii Khutir,49.1,36.2\n")
    added = add_from(str(source))
    before = tree(tmp_path)
    found = json.loads(run("--json").stdout)
    assert tree(tmp_path) == before
    own = found["gazetteers"][1]
    assert (own["path"], own["added"], own["places"]) == (str(added.path), True, 1)
    assert own["bytes"] == added.path.stat().st_size
    assert found["folders"]["parts"]["added gazetteers"]["bytes"] == own["bytes"]
    assert f"gazetteer {added.path} (added)" in run().stdout.splitlines()


@pytest.mark.parametrize("kept_bytes", [0, 60, 5_000])
def test_an_added_gazetteer_cut_short(data: Path, tmp_path: Path, kept_bytes: int) -> None:
    path = added_path("own")
    path.parent.mkdir(parents=True)
    source = tmp_path / "own.csv"
    source.write_text("id,name,lat,lon\nown:1,Verkhnii Khutir,49.1,36.2\n")
    whole = add_from(str(source)).path.read_bytes()
    path.write_bytes(whole[:kept_bytes])
    result = run()
    assert result.exit_code == 1
    (line,) = [one for one in result.stderr.splitlines() if one.startswith("geomap: ")]
    assert str(path) in line
    assert line.endswith("or geomap gazetteer remove own")
    assert "internal error" not in result.output


def test_a_missing_extra_is_no_fault(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has = doctor_cli._version
    monkeypatch.setattr(
        doctor_cli, "_version", lambda name: None if name == "matplotlib" else has(name)
    )
    monkeypatch.setattr(
        doctor_cli.metadata, "requires",
        lambda _: ["click>=8.1", "matplotlib>=3.8; extra == 'picture'"],
    )  # fmt: skip
    result = run()
    assert result.exit_code == 0, result.output
    assert (
        "extra picture: not installed (pip install 'geomap[picture]'); for geomap picture"
        in result.stdout.splitlines()
    )


def test_a_missing_package_is_a_fault(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_cli.metadata, "requires", lambda _: ["click>=8.1", "gone-away>=1"])
    result = run()
    assert result.exit_code == 1
    assert "geomap: gone-away: not installed; pip install gone-away" in result.stderr
    assert result.stdout.splitlines()[-1] == "to put right: 1 (above, in one line each)"


def test_a_gazetteer_that_is_not_there(data: Path, tmp_path: Path) -> None:
    settings = tmp_path / "s.toml"
    settings.write_text(f'gazetteer = "{tmp_path}/none.sqlite"\n')
    result = run("--settings", settings, "--json")
    assert result.exit_code == 1
    (fault,) = json.loads(result.stdout)["faults"]
    assert "there is no gazetteer file here" in fault
    assert not data.exists()
