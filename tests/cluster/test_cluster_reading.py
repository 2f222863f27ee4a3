from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cluster_stubs import article, load_stub, result_of
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from geomap.cli import main
from geomap.cluster import RunOptions, extract_to_partitions, read_partitions
from geomap.errors import InputError
from geomap.layers import extractions_of, tables_of, write_layers

ARTICLES = sorted((article(number) for number in range(24)), key=lambda one: one.id)
OPTIONS = RunOptions(most_articles=5, loader=load_stub)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("parts")
    extract_to_partitions(reversed(ARTICLES), root, options=OPTIONS)
    return root


def test_partitions_are_the_tables_they_were_made_of(folder: Path) -> None:
    whole = tables_of(map(result_of, ARTICLES))
    read = read_partitions(folder)
    # Arrow's way to hold text is no difference.
    same = {"check_dtype": False, "check_column_type": False}
    assert_geodataframe_equal(read.events, whole.events, check_dtype=False)
    assert_geodataframe_equal(read.toponyms, whole.toponyms, check_dtype=False)
    for name in ("claims", "articles"):
        assert_frame_equal(getattr(read, name), getattr(whole, name), **same)  # type: ignore[arg-type]


def test_layers_and_articles_are_made_of_them(folder: Path, tmp_path: Path) -> None:
    read = read_partitions(folder)
    written = write_layers(read, tmp_path, formats=["geojson"])
    assert written["geojson"].stat().st_size > 1000
    again = extractions_of(read, where=str(folder))
    assert [one.article.id for one in again] == [one.id for one in ARTICLES]
    assert [len(one.events) for one in again] == [1] * len(ARTICLES)


def test_what_is_no_folder_of_partitions_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder without partitions; give a file in it"):
        read_partitions(tmp_path)
    extract_to_partitions(ARTICLES[:1], tmp_path, options=OPTIONS)
    next((tmp_path / "events").rglob("*.parquet")).write_bytes(b"no")
    with pytest.raises(InputError, match="cannot be read as partitions"):
        read_partitions(tmp_path)


@pytest.mark.parametrize("command", ["draw", "layers", "report"])
def test_commands_read_the_folder(command: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / ("r.html" if command == "report" else "out")
    chosen = ["--since", "2022-03-09"]
    done = CliRunner().invoke(main, [command, str(folder), *chosen, "-o", str(out)])
    assert done.exit_code == 0, done.output
    late = [one for one in map(result_of, ARTICLES) if one.events[0].date is not None]
    late = [one for one in late if one.events[0].date.start == dt.date(2022, 3, 9)]
    if command == "layers":
        (made,) = [path for path in map(Path, done.stdout.split()) if path.name == "events.geojson"]
        found = {
            one["properties"]["article_id"] for one in json.loads(made.read_text())["features"]
        }
        assert found == {one.article.id for one in late}
    refused = CliRunner().invoke(main, [command, str(tmp_path), "-o", str(out)])
    assert refused.exit_code == 1
    assert "a folder without partitions" in refused.stderr
