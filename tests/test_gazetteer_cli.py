"""The gazetteer's commands, against the real gazetteer."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOMAP_DATA", str(tmp_path / "data"))


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


def test_geocode_on_a_pipe_is_json_one_name_a_line() -> None:
    result = run("geocode", "Kharkov", "Qqqxyz")
    known, unknown = map(json.loads, result.stdout.splitlines())
    assert known["candidates"][0]["name"] == "Kharkiv"
    assert unknown == {"name": "Qqqxyz", "candidates": []}
    assert "'Qqqxyz' not in the gazetteer" in result.stderr
    assert result.exit_code == 1


def test_geocode_on_a_terminal_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geomap.gazetteer_cli._is_terminal", lambda: True)
    result = run("geocode", "Kharkov")
    assert "Kharkiv, Kharkiv Oblast, UA  lat 49.98" in result.stdout


def test_geocode_limits() -> None:
    result = run(
        "geocode", "Andriivka", "--region", "Kharkiv Oblast", "--feature", "P", "--limit", "100"
    )
    rows = json.loads(result.stdout)["candidates"]
    assert {row["admin1"] for row in rows} == {"Kharkiv Oblast"}
    assert run("geocode", "Kyiv", "--near", "200,10").exit_code == 2
    assert run("geocode", "Kyiv", "--max-km", "5").exit_code == 1


def test_geocode_with_corrections(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("action,name,place\npin,Nowhereville,geonames:703448\n", encoding="utf-8")
    result = run("geocode", "Nowhereville", "--corrections", str(path))
    (row,) = json.loads(result.stdout)["candidates"]
    assert (row["match"], row["id"]) == ("pinned", "geonames:703448")
    assert "c.csv line 2" in row["reason"]


def test_online_needs_to_know_who_asks() -> None:
    result = run("geocode", "Qqqxyz", "--online", "nominatim")
    assert "does not say who asks" in result.stderr


def test_add_list_export_remove(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("title;y;x\nVbnivka;49.2;36.1\n", encoding="utf-8")
    result = run("gazetteer", "add", str(path), "--map", "name=title")
    assert "mine.sqlite: 1 places, 1 names" in result.stdout
    rows = [json.loads(line) for line in run("gazetteer", "list").stdout.splitlines()]
    assert [row["name"] for row in rows] == ["gazetteer", "mine"]
    infos = [json.loads(line) for line in run("gazetteer", "info").stdout.splitlines()]
    assert infos[0]["places"] > 250_000
    assert json.loads(run("geocode", "Vbnivka").stdout)["candidates"][0]["lat"] == 49.2
    out = tmp_path / "out.csv"
    result = run("gazetteer", "export", "--bbox", "36.09,49.19,36.11,49.21", "-o", str(out))
    with out.open(encoding="utf-8", newline="") as handle:
        assert "Vbnivka" in {row["name"] for row in csv.DictReader(handle)}
    assert run("gazetteer", "remove", "mine").exit_code == 0
    assert json.loads(run("geocode", "Vbnivka").stdout)["candidates"] == []


@pytest.mark.parametrize("suffix", [".geojson", ".jsonl"])
def test_export_formats(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    run("gazetteer", "export", "--country", "AD", "-o", str(out))
    text = out.read_text(encoding="utf-8")
    if suffix == ".geojson":
        names = {f["properties"]["name"] for f in json.loads(text)["features"]}
    else:
        names = {json.loads(line)["name"] for line in text.splitlines()}
    assert "Andorra la Vella" in names
    assert "is no format" in run("gazetteer", "export", "-o", str(tmp_path / "x.xls")).stderr


def test_bad_rows_are_listed_when_skipped(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name,lat,lon\nVbnivka,49.2,36.1\nBad,x,y\n", encoding="utf-8")
    stopped = run("gazetteer", "add", str(path))
    assert (stopped.exit_code, "p.csv row 3" in stopped.stderr) == (1, True)
    skipped = run("gazetteer", "add", str(path), "--skip-bad-rows")
    assert "1 rows left out" in skipped.stdout
    assert "row 3" in skipped.stderr


def test_info_and_list_are_tables_on_a_terminal_and_json_on_a_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    about = json.loads(run("gazetteer", "info").stdout)
    assert about["worldview"] == "un-68-262"
    assert about["places"] > 300_000
    listed = json.loads(run("gazetteer", "list").stdout)
    assert listed["places"] == about["places"]
    monkeypatch.setattr("geomap.gazetteer_cli._is_terminal", lambda: True)
    table = run("gazetteer", "info").stdout
    assert f"{about['places']:,} places" in table
    assert "GeoNames (geonames.org), CC BY 4.0" in " ".join(table.split())
    assert "{" not in run("gazetteer", "list").stdout


def test_answers_for_counties_and_former_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geomap.gazetteer_cli._is_terminal", lambda: True)
    table = run("geocode", "Otter Tail County", "Artemivsk", "--limit", "1").stdout
    assert "Otter Tail County, Minnesota, US" in table
    assert "until 4 February 2016" in table


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 cut short", b"\0" * 5000])
def test_corrupt_gazetteer_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.sqlite"
    path.write_bytes(content)
    settings = tmp_path / "s.toml"
    settings.write_text(f'gazetteer = "{path}"\n', encoding="utf-8")
    result = run("geocode", "Kyiv", "--settings", str(settings))
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "broken.sqlite" in result.stderr
