"""Overpass, tables, layers and OSM PBF, in the exact formats, whole and broken."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer.formats.osm import osm_feature, osm_names, read_overpass
from geomap.gazetteer.formats.tables import read_table, read_vector
from geomap.gazetteer.incoming import RowFault

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.gazetteer.incoming import IncomingPlace

# As overpass-api.de answers "[out:json]; ( … ); out center;" (header fields and all).
OVERPASS = {
    "version": 0.6,
    "generator": "Overpass API 0.7.62.1 084b4234",
    "osm3s": {
        "timestamp_osm_base": "2024-01-01T00:00:00Z",
        "copyright": "The data included in this document is from www.openstreetmap.org. …",
    },
    "elements": [
        {"type": "node", "id": 26150422, "lat": 50.4500336, "lon": 30.5241361, "tags": {
            "name": "Київ", "name:en": "Kyiv", "name:ru": "Киев", "old_name:en": "Kiev;Kieff",
            "name:etymology": "Кий", "place": "city", "capital": "yes", "population": "2952301",
            "addr:country": "UA", "wikidata": "Q1899"}},
        {"type": "way", "id": 5, "center": {"lat": 50.6, "lon": 30.2}, "nodes": [1, 2],
         "tags": {"name": "Гостомель", "aeroway": "aerodrome", "military": "airfield"}},
        {"type": "relation", "id": 71248, "center": {"lat": 49.7, "lon": 36.6}, "tags": {
            "name": "Харківська область", "boundary": "administrative", "admin_level": "4",
            "ISO3166-2": "UA-63", "population": "about 2.6 million"}},
        {"type": "node", "id": 9, "lat": 1.0, "lon": 1.0, "tags": {"highway": "crossing"}},
    ],
}  # fmt: skip


def overpass(answer: object, **more: Any) -> list[IncomingPlace]:
    return list(read_overpass([json.dumps(answer)], source="o.json", **more))


def test_overpass_answer() -> None:
    city, airport, region = overpass(OVERPASS)
    assert (city.id, city.name, city.country, city.population) == (
        "osm:node/26150422", "Київ", "UA", 2_952_301,
    )  # fmt: skip
    assert (city.lon, city.lat, city.feature_code) == (30.5241361, 50.4500336, "PPL")
    assert [(n.text, n.language, n.historic) for n in city.names] == [
        ("Kyiv", "en", False), ("Киев", "ru", False), ("Kiev", "en", True), ("Kieff", "en", True),
    ]  # fmt: skip
    assert (airport.lon, airport.lat, airport.feature_code) == (30.2, 50.6, "AIRP")
    assert (region.feature_code, region.admin1, region.population) == ("ADM1", "UA-63", 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"elements": None}, 'no list "elements"'),
        ({"elements": [3]}, "row 1: element 3 is no object"),
        ({"elements": [{"type": "node", "id": 1, "tags": 4}]}, "row 1: tags 4 are no object"),
        ({"elements": [{"type": "area", "id": 1, "tags": {"name": "A"}}]}, "id area/1 of 'A'"),
        ({"elements": [{"type": "node", "id": "1", "tags": {"name": "A"}}]}, "id node/1 of 'A'"),
        ({"elements": [{"type": "way", "id": 2, "tags": {"name": "A"}}]}, "'out center;'"),
        (
            {"elements": [{"type": "node", "id": 2, "lat": 91, "lon": 0, "tags": {"name": "A"}}]},
            "row 1: point .*out of range",
        ),
        ({"remark": "runtime error: Query timed out"}, "Overpass stopped early"),
    ],
)
def test_faulty_overpass(change: dict[str, object], words: str) -> None:
    with pytest.raises(RowFault, match=words):
        overpass({**OVERPASS, **change})


def test_faulty_elements_can_be_left_out() -> None:
    faults: list[RowFault] = []
    answer = {**OVERPASS, "elements": [3, *OVERPASS["elements"]]}  # type: ignore[misc]
    assert len(overpass(answer, on_fault=faults.append)) == 3
    assert [fault.row for fault in faults] == [1]


@pytest.mark.parametrize(
    ("tags", "feature"),
    [
        ({"place": "town", "boundary": "administrative"}, ("P", "PPL")),
        ({"waterway": "river"}, ("H", "STM")), ({"power": "plant"}, ("S", "PS")),
        ({"bridge": "yes"}, ("S", "BDG")), ({"bridge": "no"}, None),
        ({"boundary": "administrative", "admin_level": "6"}, ("A", "ADM2")),
        ({"boundary": "administrative", "admin_level": "x"}, ("A", "ADMD")),
        ({"landuse": "military"}, ("S", "MILB")), ({"shop": "bakery"}, None),
    ],
)  # fmt: skip
def test_features_of_tags(tags: dict[str, str], feature: tuple[str, str] | None) -> None:
    assert osm_feature(tags) == feature


def test_names_of_years_are_historic() -> None:
    found = osm_names({"name": "Бахмут", "name:1924-2016": "Артемівськ", "alt_name": "A; B"})
    assert [(n.text, n.historic) for n in found] == [
        ("Артемівськ", True), ("A", False), ("B", False),
    ]  # fmt: skip


TABLE = (
    "ADM4_PCODE,ADM4_EN,names,latitude,longitude,ISO2,pop,radius_km\n"
    'UA1,"Village, The",Selo|Derevnia,49.5,36.5,ua,1 200,2.5\n'
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_table_with_usual_columns(delimiter: str) -> None:
    lines = [
        delimiter.join(("adm4_pcode", "adm4_en", "lat", "lon", "iso2", "pop")),
        delimiter.join(("UA1", "Selo", "49.5", "36.5", "ua", "1 200")),
    ]
    (place,) = read_table(lines, source="hdx.csv")
    assert (place.id, place.name, place.country, place.population) == (
        "own:hdx-UA1", "Selo", "UA", 1200,
    )  # fmt: skip
    assert (place.lon, place.lat, place.row) == (36.5, 49.5, 2)


def test_table_with_quotes_names_and_radius() -> None:
    (place,) = read_table(TABLE.splitlines(), source="t.csv")
    assert place.name == "Village, The"
    assert [name.text for name in place.names] == ["Selo", "Derevnia"]
    assert place.radius_km == 2.5


def test_table_by_mapping() -> None:
    lines = ["wer;wo_y;wo_x", "Dorf;49,5;36", "Dorf;49.5;36.5"]
    mapping = {"name": "wer", "lat": "wo_y", "lon": "wo_x"}
    faults: list[RowFault] = []
    places = list(read_table(lines, source="t.csv", mapping=mapping, on_fault=faults.append))
    assert [(p.lon, p.lat) for p in places] == [(36.5, 49.5)]
    assert [fault.row for fault in faults] == [2]


@pytest.mark.parametrize(
    ("text", "mapping", "words"),
    [
        ("name,lat,lon\nA,1\n", None, "row 2: 2 columns found, 3 expected"),
        ('name,lat,lon\n"A,1,2\n', None, "a quote is open"),
        ("name,lat,lon,pop\nA,1,2,many\n", None, "population 'many' is no number"),
        ("name,lat,lon,radius_km\nA,1,2,-3\n", None, "radius_km '-3' is no distance"),
        ("name,lat,lon\nA,inf,2\n", None, "row 2: point"),
        ("name,lat,lon\nA,1,2\n", {"nom": "name"}, "'nom' is no field"),
        ("name,lat,lon\nA,1,2\n", {"name": "nom"}, "column 'nom' is not there"),
        ("", None, "no column for name, lat, lon"),
    ],
)
def test_faulty_tables(text: str, mapping: dict[str, str] | None, words: str) -> None:
    with pytest.raises(GazetteerError, match=words):
        list(read_table(text.splitlines(), source="t.csv", mapping=mapping))


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "fgb", "shp"])
def test_layers_of_each_driver(tmp_path: Path, suffix: str) -> None:
    geopandas = pytest.importorskip("geopandas")
    path = tmp_path / f"own.{suffix}"
    frame = geopandas.GeoDataFrame(
        {"name": ["Selo", ""], "pop": [120, 1]},
        geometry=geopandas.points_from_xy([36.5, 0.0], [49.5, 0.0]),
        crs=4326,
    )
    more = {"dataset_options": {"VERSION": "1.2"}} if suffix == "gpkg" else {}
    frame.to_file(path, **more)
    (place,) = read_vector(path)
    assert (place.name, place.population) == ("Selo", 120)
    assert (round(place.lon, 6), round(place.lat, 6)) == (36.5, 49.5)


def test_layer_without_crs_or_name(tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    point = geopandas.points_from_xy([36.5], [49.5])
    bare = tmp_path / "bare.shp"
    with pytest.warns(UserWarning, match="crs"):
        geopandas.GeoDataFrame({"name": ["A"]}, geometry=point).to_file(bare)
    with pytest.raises(GazetteerError, match="has no CRS"):
        list(read_vector(bare))
    other = tmp_path / "other.geojson"
    geopandas.GeoDataFrame({"wer": ["A"]}, geometry=point, crs=4326).to_file(other)
    with pytest.raises(GazetteerError, match="no column for name among wer"):
        list(read_vector(other))


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "pbf"])
def test_damaged_layer(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"broken.{suffix}"
    path.write_bytes(b"neither one nor the other")
    with pytest.raises(GazetteerError, match="cannot be read as a layer"):
        list(read_vector(path))


# A PBF of two nodes by hand, field by field of fileformat.proto and osmformat.proto
# (https://wiki.openstreetmap.org/wiki/PBF_Format): no library writes one here.
def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _int(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _blob(kind: str, content: bytes) -> bytes:
    blob = _int(2, len(content)) + _bytes(3, zlib.compress(content))
    header = _bytes(1, kind.encode()) + _int(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def pbf(nodes: list[tuple[int, float, float, dict[str, str]]]) -> bytes:
    words = [""]
    packed = b""
    for number, lon, lat, tags in nodes:
        keys, values = b"", b""
        for k, v in tags.items():
            words += [k, v]
            keys += _varint(len(words) - 2)
            values += _varint(len(words) - 1)
        node = _int(1, _zigzag(number)) + _bytes(2, keys) + _bytes(3, values)
        node += _int(8, _zigzag(round(lat * 1e7))) + _int(9, _zigzag(round(lon * 1e7)))
        packed += _bytes(1, node)
    table = b"".join(_bytes(1, word.encode()) for word in words)
    block = _bytes(1, table) + _bytes(2, packed)
    return _blob("OSMHeader", _bytes(4, b"OsmSchema-V0.6")) + _blob("OSMData", block)


def test_osm_pbf(tmp_path: Path) -> None:
    path = tmp_path / "ua.osm.pbf"
    tags = {"name": "Бнмівка", "name:en": "Bnmivka", "place": "village", "population": "120"}
    path.write_bytes(pbf([(5, 37.0, 49.4, tags), (6, -1.5, -2.25, {"highway": "crossing"})]))
    (place,) = read_vector(path)
    assert (place.name, place.feature_code, place.population) == ("Бнмівка", "PPL", 120)
    assert (round(place.lon, 6), round(place.lat, 6)) == (37.0, 49.4)
    assert "Bnmivka" in {name.text for name in place.names}
