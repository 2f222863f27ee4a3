from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cluster_stubs import article, result_of

from geomap.cluster.ledger import write_whole
from geomap.cluster.partitions import LAYERS, UNKNOWN, Part, parts_of
from geomap.frames import EVENT_COLUMNS, TOPONYM_COLUMNS
from geomap.layers import tables_of
from geomap.layers.tables import ARTICLE_COLUMNS, CLAIM_COLUMNS

RESULTS = [result_of(article(number)) for number in range(24)]
COLUMNS = {
    "events": EVENT_COLUMNS, "toponyms": TOPONYM_COLUMNS,
    "claims": CLAIM_COLUMNS, "articles": ARTICLE_COLUMNS,
}  # fmt: skip


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return list(parts_of(RESULTS, digest="d" * 16))


@pytest.fixture(scope="module")
def folder(parts: list[Part], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("parts")
    for part in parts:
        assert part.content is not None
        write_whole(root / part.path, part.content)
    # Two batches: readers must find one schema in all files.
    for part in parts_of([result_of(article(40))], digest="e" * 16):
        write_whole(root / part.path, part.content or b"")
    return root


def test_names_say_day_and_country(parts: list[Part]) -> None:
    paths = {part.path for part in parts}
    assert f"events/day=2022-03-09/country=NA/part-{'d' * 16}.parquet" in paths
    assert f"events/day={UNKNOWN}/country=UA/part-{'d' * 16}.parquet" in paths
    assert f"toponyms/day={UNKNOWN}/country={UNKNOWN}/part-{'d' * 16}.parquet" in paths
    assert f"articles/day=2022-03-02/part-{'d' * 16}.parquet" in paths
    assert {path.split("/")[0] for path in paths} == set(LAYERS)


def test_same_batch_same_bytes(parts: list[Part]) -> None:
    assert list(parts_of(RESULTS, digest="d" * 16)) == parts


def test_no_rows_no_files() -> None:
    assert list(parts_of([], digest="d" * 16)) == []


def test_a_country_cannot_lead_out_of_the_folder() -> None:
    from dataclasses import replace  # noqa: PLC0415

    one = result_of(article(0))
    place = replace(one.toponyms[0].place, country="../../x y")  # type: ignore[type-var]
    strange = replace(one, toponyms=(replace(one.toponyms[0], place=place), one.toponyms[1]))
    paths = [part.path for part in parts_of([strange], digest="d" * 16)]
    assert any("country=..%2F..%2Fx%20y/" in path for path in paths)
    assert all(len(path.split("/")) <= 4 for path in paths)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_file_has_the_same_columns_and_types(folder: Path, layer: str) -> None:
    schemas = [pq.read_schema(path) for path in (folder / layer).rglob("*.parquet")]
    assert len(schemas) > 1
    assert all(schema.equals(schemas[0]) for schema in schemas)
    told = set(schemas[0].names) - {"bbox"}
    assert told == set(COLUMNS[layer]) - {"country"}
    assert not any(pa.types.is_null(field.type) for field in schemas[0])
    assert json.loads(schemas[0].metadata[b"geomap"])["schema"] == "2"


def expected(name: str) -> pd.DataFrame:
    whole = tables_of([*RESULTS, result_of(article(40))])
    return pd.DataFrame(getattr(whole, name))


def test_geopandas_reads_them_as_one(folder: Path) -> None:
    for name, key in (("events", "event_id"), ("toponyms", "toponym_id")):
        frame = gpd.read_parquet(folder / name)
        whole = expected(name).set_index(key).sort_index()
        read = frame.set_index(key).sort_index()
        assert frame.crs.to_epsg() == 4326
        assert list(read.index) == list(whole.index)
        assert [str(one) for one in read.geometry] == [str(one) for one in whole.geometry]
        assert list(read["country"].astype(object)) == [
            value or UNKNOWN for value in whole["country"]
        ]
        for column in set(whole.columns) - {"geometry", "country"}:
            ours, theirs = whole[column].astype(object), read[column].astype(object)
            same = (ours == theirs) | (ours.isna() & theirs.isna())
            assert same.all(), column


def test_duckdb_reads_them_by_partition(folder: Path) -> None:
    with duckdb.connect() as base:
        asked = "SELECT count(*), count(DISTINCT event_id) FROM read_parquet(?) WHERE country = ?"
        where = str(folder / "events" / "**" / "*.parquet")
        namibia = [one for one in RESULTS if one.toponyms[0].place.country == "NA"]  # type: ignore[union-attr]
        assert base.execute(asked, [where, "NA"]).fetchone() == (len(namibia), len(namibia))
        dated = "SELECT count(*) FROM read_parquet(?) WHERE day = '2022-03-09'"
        found = base.execute(dated, [where]).fetchone()
        assert found == (sum(expected("events")["date_start"] == "2022-03-09"),)
        # What has no place has no box.
        boxed = "SELECT count(*) FROM read_parquet(?) WHERE (geometry IS NULL) <> (bbox IS NULL)"
        assert base.execute(boxed, [where]).fetchone() == (0,)


@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # Dask's own
def test_dask_geopandas_reads_them(folder: Path) -> None:
    import dask_geopandas  # noqa: PLC0415

    frame = dask_geopandas.read_parquet(str(folder / "events"))
    assert frame.crs.to_epsg() == 4326
    read = frame.compute(scheduler="synchronous")
    assert sorted(read["event_id"]) == sorted(expected("events")["event_id"])
    assert read.geometry.notna().sum() == expected("events")["geometry"].notna().sum()
    chosen = dask_geopandas.read_parquet(
        str(folder / "events"), filters=[("country", "==", "PL")]
    ).compute(scheduler="synchronous")
    assert len(chosen) == 6


@pytest.mark.parametrize("layer", ["events", "toponyms"])
def test_files_are_valid_geoparquet(folder: Path, layer: str) -> None:
    judge = shutil.which("geoparquet-validator", path=str(Path(sys.executable).parent))
    if judge is None:
        pytest.skip("pip install geoparquet-validator")
    # One whose rows are placed, and one of which none is: it has no statistics to judge.
    for place, kinds in (("country=UA", ("all",)), (f"country={UNKNOWN}", ("core", "covering"))):
        path = next(p for p in sorted((folder / layer).rglob("*.parquet")) if place in p.parts)
        for kind in kinds:
            command = [judge, "check", str(path), "--class", kind]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
