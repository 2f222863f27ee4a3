"""From users' files to added gazetteers: exact formats, bad rows, interrupted builds."""

from __future__ import annotations

import gzip
import itertools
import json
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer import added_files, open_gazetteer
from geomap.gazetteer import sourcing as sourcing_module
from geomap.gazetteer.formats.detecting import detect_format
from geomap.gazetteer.library import added_path, data_folder, remove_added
from geomap.gazetteer.sourcing import add_from

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.gazetteer.incoming import RowFault


def geonames_row(number: int, name: str, lat: float, lon: float, *, others: str = "") -> str:
    cells = [
        str(number), name, name, others, str(lat), str(lon), "P", "PPL", "UA", "", "07", "", "",
        "", "120", "", "110", "Europe/Kyiv", "2024-01-01",
    ]  # fmt: skip
    return "\t".join(cells) + "\n"


DUMP = (
    geonames_row(90000001, "Qwertivka", 49.9, 36.2, others="Qwertovka,Квертівка")
    + geonames_row(90000002, "Asdfivka", 50.1, 36.4)
    + geonames_row(706483, "Kharkiv", 49.98, 36.25, others="Zxcvharkiv")
)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOMAP_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "UA.txt"
    path.write_text(DUMP, encoding="utf-8")
    return path


def find(name: str) -> list[tuple[str, str | None]]:
    with open_gazetteer(added=added_files()) as gazetteer:
        return [(c.place.id, c.place.admin1) for c in gazetteer.find(name)]


def test_a_geonames_dump(dump: Path) -> None:
    added = add_from(str(dump))
    assert (added.path.name, added.places, added.resumed_at) == ("UA.sqlite", 3, 0)
    assert find("Qwertivka") == [("geonames:90000001", "Kharkiv Oblast")]
    assert find("Квертівка") == [("geonames:90000001", "Kharkiv Oblast")]
    # One place under two files: the built-in row with the added names.
    assert find("Zxcvharkiv") == [("geonames:706483", "Kharkiv Oblast")]
    assert [path.name for path in added.path.parent.iterdir()] == ["UA.sqlite"]


@pytest.mark.parametrize("packed", ["zip", "gz"])
def test_packed_dumps(dump: Path, tmp_path: Path, packed: str) -> None:
    if packed == "zip":
        path = tmp_path / "XX.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "GeoNames")
            archive.write(dump, "XX.txt")
    else:
        path = tmp_path / "XX.txt.gz"
        path.write_bytes(gzip.compress(dump.read_bytes()))
    assert add_from(str(path)).path.name == "XX.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(GazetteerError, match="truncated"):
        add_from(str(path))


def test_alternate_names_join_by_id(dump: Path, tmp_path: Path) -> None:
    names = tmp_path / "alternateNamesV2.txt"
    names.write_text(
        "1\t90000002\tde\tAsdfdorf\t1\t\t\t\t\t\n"
        "2\t90000002\tlink\thttps://example.org/A\t\t\t\t\t\t\n"
        "3\t12345678\ten\tElsewhere\t\t\t\t\t\t\n",
        encoding="utf-8",
    )
    added = add_from(str(dump), alternate_names=names)
    assert find("Asdfdorf") == [("geonames:90000002", "Kharkiv Oblast")]
    with sqlite3.connect(added.path) as connection:
        assert connection.execute("SELECT 1 FROM name WHERE key = 'elsewhere'").fetchone() is None


GNS = (
    "rk\tufi\tuni\tfull_name\tnt\tlat_dd\tlong_dd\tefctv_dt\tdesig_cd\tfc\tcc_ft\tadm1\tlang_cd\t"
    "script_cd\n"
    "1\t-1044367\t1\tHjklivka\tN\t49.5\t37.1\t\tPPL\tP\tUA\t07\tukr\tlatn\n"
    "2\t-1044367\t2\tГйклівка\tNS\t49.5\t37.1\t\tPPL\tP\tUA\t07\tukr\tcyrl\n"
)
OVERPASS = {
    "elements": [
        {"type": "node", "id": 5, "lat": 49.4, "lon": 37.0,
         "tags": {"name": "Бнмівка", "name:en": "Bnmivka", "place": "village"}},
        {"type": "way", "id": 6, "center": {"lat": 49.41, "lon": 37.02},
         "tags": {"name": "Zaliznyi Ozerets", "natural": "water"}},
        {"type": "node", "id": 7, "lat": 1, "lon": 1},
    ]
}  # fmt: skip
WIKIDATA = {
    "head": {"vars": ["item", "itemLabel", "coord"]},
    "results": {"bindings": [
        {"item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q99999901"},
         "itemLabel": {"type": "literal", "value": "Tyuivka"},
         "label_uk": {"type": "literal", "value": "Тюївка"},
         "coord": {"type": "literal", "value": "Point(36.5 49.6)"}}]},
}  # fmt: skip
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": "Fghvillage", "pop": 40},
         "geometry": {"type": "Point", "coordinates": [36.6, 49.7]}},
        {"type": "Feature", "properties": {"name": "Fghforest", "pop": None},
         "geometry": {"type": "Polygon", "coordinates":
            [[[36, 49], [36.2, 49], [36.2, 49.2], [36, 49.2], [36, 49]]]}},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "content", "form", "name", "place"),
    [
        ("ua.txt", GNS, "gns", "Гйклівка", "gns:-1044367"),
        ("o.json", json.dumps(OVERPASS), "overpass", "Bnmivka", "osm:node/5"),
        ("w.json", json.dumps(WIKIDATA), "wikidata", "Тюївка", "wikidata:Q99999901"),
        (
            "w.csv",
            "item,itemLabel,coord\nhttp://www.wikidata.org/entity/Q99999902,Rtyivka,Point(36 49)\n",
            "wikidata", "Rtyivka", "wikidata:Q99999902",
        ),
        ("p.csv", "id;name;lat;lon\n7;Vbnivka;49.2;36.1\n", "csv", "Vbnivka", "own:p-7"),
        ("g.geojson", json.dumps(GEOJSON), "vector", "Fghvillage", "own:g-geojson-1"),
    ],
)  # fmt: skip
def test_each_format(
    tmp_path: Path, file: str, content: str, form: str, name: str, place: str
) -> None:
    path = tmp_path / file
    path.write_text(content, encoding="utf-8")
    assert detect_format(path) == form
    add_from(str(path))
    found = [i for i, _ in find(name)]
    assert found
    if form not in {"csv", "vector"}:
        assert found == [place]
    else:
        assert found[0].startswith("own:")


def test_a_polygon_has_a_radius(tmp_path: Path) -> None:
    path = tmp_path / "g.geojson"
    path.write_text(json.dumps(GEOJSON), encoding="utf-8")
    add_from(str(path))
    with open_gazetteer(added=added_files()) as gazetteer:
        forest = gazetteer.find("Fghforest")[0].place
    assert 10 < forest.radius_km < 16
    assert abs(forest.lon - 36.1) < 0.1


def test_a_geopackage_in_another_crs(tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    path = tmp_path / "own.gpkg"
    frame = geopandas.GeoDataFrame(
        {"label": ["Plokivka"]}, geometry=geopandas.points_from_xy([36.3], [49.3]), crs=4326
    )
    frame.to_crs(3857).to_file(path, layer="x", driver="GPKG", dataset_options={"VERSION": "1.2"})
    add_from(str(path), mapping={"name": "label"})
    with open_gazetteer(added=added_files()) as gazetteer:
        place = gazetteer.find("Plokivka")[0].place
    assert (round(place.lon, 4), round(place.lat, 4)) == (36.3, 49.3)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("UA.txt", DUMP[:-30], "row 3: .*truncated"),
        ("UA.txt", DUMP + "1\tx\n", "row 4: 2 columns found, 19 expected"),
        ("UA.txt", DUMP + geonames_row(5, "Far", 95.0, 30.0), "row 4: point .*out of range"),
        ("UA.txt", DUMP + geonames_row(5, "Null", 0, 0), "row 4: point .*out of range or"),
        ("UA.txt", DUMP + geonames_row(90000001, "Twice", 50, 30), "row 4: id .* used twice"),
        ("p.csv", "name,lat,lon\nA,1,2\nB,x,2\n", "row 3: point .*not two numbers"),
        ("p.csv", "name,lat,lon\n,1,2\n", "row 2: the name is empty"),
        ("p.csv", "who,where\nA,B\n", "no column for name, lat, lon among who, where"),
        ("p.csv", "name,lat,lon\nA,1\n", "row 2: 2 columns found, 3 expected"),
        ("o.json", '{"elements": [{"type": "node"', "truncated"),
        ("w.json", '{"head": {}, "results": {"bindings": [{"item": 3}]}}', "no SPARQL results"),
        ("x.json", '{"a": 1}', "JSON of an unknown kind"),
        ("x.dat", "one two three\n", "its format cannot be told"),
    ],
)
def test_bad_input_names_the_row_and_leaves_the_old(
    tmp_path: Path, own_data: Path, file: str, content: str, words: str
) -> None:
    path = tmp_path / file
    target = added_path(path.stem)
    target.parent.mkdir(parents=True)
    target.write_bytes(b"the old one")
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError, match=words):
        add_from(str(path))
    assert target.read_bytes() == b"the old one"


def test_wrong_encoding_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes("name,lat,lon\nХарків,50,36\n".encode("cp1251"))
    with pytest.raises(GazetteerError, match=r"row 2: byte 0x\w\w .*not UTF-8"):
        add_from(str(path))


def test_rows_of_one_name_lie_side_by_side_and_keep_their_identifiers(tmp_path: Path) -> None:
    names = ["Qwertivka", "Asdfivka", "Zxcvivka"]
    path = tmp_path / "UA.txt"
    rows = [geonames_row(90000000 + n, names[n % 3], 48 + n / 100, 36.2) for n in range(30)]
    path.write_text("".join(rows), encoding="utf-8")
    add_from(str(path))
    with open_gazetteer(added=added_files()) as gazetteer:
        sql = "SELECT p.name FROM place p WHERE ref IS NOT NULL ORDER BY p.id"
        stored = [row[0] for row in gazetteer.files[1].execute(sql)]
        assert stored == sorted(stored)
        assert len(stored) == 30
        found = {c.place.id: c.place.lat for c in gazetteer.find("Qwertivka", limit=99)}
        assert found == {f"geonames:{90000000 + n}": 48 + n / 100 for n in range(0, 30, 3)}
        place = gazetteer.place("geonames:90000003")
        assert place is not None
        assert (place.name, place.lat) == ("Qwertivka", 48.03)


def test_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "UA.txt"
    path.write_text(DUMP + "1\tx\n" + geonames_row(90000001, "Twice", 50, 30), encoding="utf-8")
    faults: list[RowFault] = []
    added = add_from(str(path), on_fault=faults.append)
    assert added.places == 3
    assert sorted(fault.row for fault in faults) == [4, 5]


def test_an_interrupted_build_goes_on_where_it_stopped(
    dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geomap.gazetteer.adding._COMMIT_ROWS", 1)
    real = sourcing_module.read_geonames
    reads = itertools.count()

    def broken(*args: object, **more: object) -> object:
        for number, place in enumerate(real(*args, **more)):  # type: ignore[arg-type]
            if number == 2 and next(reads) == 0:
                raise KeyboardInterrupt
            yield place

    monkeypatch.setattr(sourcing_module, "read_geonames", broken)
    with pytest.raises(KeyboardInterrupt):
        add_from(str(dump))
    assert added_files() == ()
    added = add_from(str(dump))
    assert (added.resumed_at, added.places) == (2, 3)
    assert find("Qwertivka") == [("geonames:90000001", "Kharkiv Oblast")]


def test_a_changed_file_begins_anew(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geomap.gazetteer.adding._COMMIT_ROWS", 1)
    dump.write_text(DUMP + "1\tx\n", encoding="utf-8")
    with pytest.raises(GazetteerError):
        add_from(str(dump))
    dump.write_text(DUMP, encoding="utf-8")
    assert add_from(str(dump)).resumed_at == 0


def test_an_exact_point_replaces_an_approximate_one(tmp_path: Path) -> None:
    with open_gazetteer() as gazetteer:
        guessed = gazetteer.place("katottg:UA14020010040033862")
    assert guessed is not None
    path = tmp_path / "own.csv"
    path.write_text(
        f"id,name,lat,lon,country\n1,Berkhivka,{guessed.lat + 0.05},{guessed.lon},UA\n",
        encoding="utf-8",
    )
    add_from(str(path))
    places = [i for i, _ in find("Berkhivka")]
    assert "own:own-csv-1" in places or "own:own-1" in places
    assert guessed.id not in places


def test_foreign_file_among_the_added(own_data: Path) -> None:
    (own_data / "gazetteers").mkdir(parents=True)
    (own_data / "gazetteers" / "x.sqlite").write_bytes(b"SQLite format 3\0 no")
    with pytest.raises(GazetteerError, match="not a geomap gazetteer"):
        open_gazetteer(added=added_files())


def test_names_are_plain(dump: Path) -> None:
    with pytest.raises(GazetteerError, match="is no name of a gazetteer"):
        add_from(str(dump), name="../up")
    with pytest.raises(GazetteerError, match="no such file"):
        add_from("nowhere.txt")
    with pytest.raises(GazetteerError, match="format 'xls' is unknown"):
        add_from(str(dump), form="xls")
    with pytest.raises(GazetteerError, match="fixed columns"):
        add_from(str(dump), mapping={"name": "x"})
    with pytest.raises(GazetteerError, match="is no added gazetteer"):
        remove_added("none")


def test_removal(dump: Path) -> None:
    path = add_from(str(dump), name="mine").path
    assert added_files() == (path,)
    remove_added("mine")
    assert added_files() == ()
    assert data_folder().is_dir()
