"""Read the users' own tables and layers, by a mapping of columns.

CSV through the standard library; GeoJSON, GeoPackage, FlatGeobuf, Shapefile
and OSM PBF through pyogrio (GDAL).
"""

from __future__ import annotations

import csv
import json
import math
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from geomap.errors import GazetteerError, GeomapError
from geomap.files import leaving_no_notes
from geomap.gazetteer.formats.faults import checked_name, decoded, each
from geomap.gazetteer.formats.osm import osm_feature, osm_names
from geomap.gazetteer.incoming import IncomingName, IncomingPlace, RowFault, checked_point
from geomap.gazetteer.rows import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geomap.gazetteer.formats.faults import Lines, OnFault

__all__ = ["FIELDS", "read_table", "read_vector"]

# Our field -> column names taken for it when no mapping is given, the first that is there.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "fid", "osm_id", "@id", "pcode", "adm4_pcode", "uid"),
    "name": ("name", "name_en", "adm4_en", "settlement", "place", "title", "toponym", "nam"),
    "names": ("names", "alternatenames", "alternate_names", "aliases", "alt_name", "other_names"),
    "lat": ("lat", "latitude", "y", "lat_dd", "point_y"),
    "lon": ("lon", "lng", "long", "longitude", "x", "long_dd", "point_x"),
    "country": ("country", "country_code", "countrycode", "iso2", "cc", "iso_a2"),
    "admin1": ("admin1", "admin1_code", "iso_3166_2", "region_code"),
    "feature_class": ("feature_class", "fclass", "fc"),
    "feature_code": ("feature_code", "fcode", "desig_cd"),
    "population": ("population", "pop", "pop_est"),
    "radius_km": ("radius_km",),
}
_SPLIT = re.compile(r"[|;]")
_TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
_BATCH = 20_000
_OSM_LAYERS = ("points", "multipolygons")


def read_table(
    lines: Lines,
    *,
    source: str,
    mapping: Mapping[str, str] | None = None,
    on_fault: OnFault = None,
) -> Iterator[IncomingPlace]:
    """Read a table of text with a header: CSV, semicolons, tabs or bars.

    Parameters
    ----------
    lines
        The file.
    source
        Name of the file, for faults and identifiers.
    mapping
        Our field -> the file's column; fields left out are found by usual
        names (:data:`FIELDS`).
    on_fault
        Takes the faults; ``None`` raises the first.

    Yields
    ------
    IncomingPlace
        One a row.

    Raises
    ------
    RowFault
        When a row cannot be used.
    GazetteerError
        When the columns for name or point are not there.
    """
    texts = (decoded(source, row, line) + "\n" for row, line in enumerate(lines, 1))
    first = next(texts, "")
    delimiter = max(",;\t|", key=first.count)
    header = next(_csv_rows(csv.reader([first], delimiter=delimiter), source), [])
    columns = _columns(header, mapping, source=source, spatial=False)
    reader = csv.reader(texts, delimiter=delimiter, strict=True)

    def make(_source: str, number: int, cells: list[str]) -> IncomingPlace:
        row = number + 1
        if len(cells) != len(header):
            msg = f"{len(cells)} columns found, {len(header)} expected; is the file truncated?"
            raise RowFault(source, row, msg)
        values = dict(zip(header, cells, strict=True))
        fields = {field: values[column] for field, column in columns.items()}
        point = checked_point(source, row, fields["lon"], fields["lat"])
        return _made(source, row, fields, point, None)

    for _row, place in each(make, _csv_rows(reader, source), source, on_fault):
        yield place


def _csv_rows(reader: Any, source: str) -> Iterator[list[str]]:
    try:
        for cells in reader:
            if cells:
                yield cells
    except csv.Error as err:
        msg = f"no whole table ({err}); a quote is open: the file looks truncated"
        raise RowFault(source, reader.line_num + 1, msg) from None


def _columns(
    header: list[str], mapping: Mapping[str, str] | None, *, source: str, spatial: bool
) -> dict[str, str]:
    """Find the column of each field."""
    wrong = [f for f in mapping or {} if f not in FIELDS]
    if wrong:
        msg = f"{wrong[0]!r} is no field; expected one of {', '.join(FIELDS)}"
        raise GazetteerError(msg)
    lost = [column for column in (mapping or {}).values() if column not in header]
    if lost:
        msg = f"{source}: column {lost[0]!r} is not there; the columns are {', '.join(header)}"
        raise GazetteerError(msg)
    lower = {column.strip().lower(): column for column in header}
    found = {
        field: next(lower[usual] for usual in usuals if usual in lower)
        for field, usuals in FIELDS.items()
        if any(usual in lower for usual in usuals)
    }
    found.update(mapping or {})
    missing = [f for f in (("name",) if spatial else ("name", "lat", "lon")) if f not in found]
    if missing:
        msg = (
            f"{source}: no column for {', '.join(missing)} among {', '.join(header)}; "
            f"say which it is: --map {missing[0]}=COLUMN"
        )
        raise GazetteerError(msg)
    return found


def _made(
    source: str,
    row: int,
    fields: Mapping[str, Any],
    point: tuple[float, float],
    radius_km: float | None,
    tags: Mapping[str, str] | None = None,
) -> IncomingPlace:
    text = {name: "" if value is None else str(value).strip() for name, value in fields.items()}
    feature = (osm_feature(tags) or ("S", "SPOT")) if tags else ("P", "PPL")
    names = [IncomingName(n.strip()) for n in _SPLIT.split(text.get("names", "")) if n.strip()]
    return IncomingPlace(
        row=row,
        id=_identifier(source, row, text.get("id", "")),
        name=checked_name(source, row, text["name"]),
        lon=point[0],
        lat=point[1],
        names=(*names, *(osm_names(tags) if tags else ())),
        country=text.get("country", "").upper() or None,
        admin1=text.get("admin1") or None,
        feature_class=text.get("feature_class", "").upper() or feature[0],
        feature_code=text.get("feature_code", "").upper() or feature[1],
        population=_whole(source, row, text.get("population", ""))
        or (_tagged(tags) if tags else 0),
        radius_km=_radius(source, row, text.get("radius_km", "")) or radius_km,
    )


def _identifier(source: str, row: int, text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9]*:\S+", text):
        return text
    if text.startswith(("node/", "way/", "relation/")):
        return f"osm:{text}"
    stem = re.sub(r"[^a-z0-9]+", "-", PurePath(source).stem.lower()).strip("-") or "file"
    return f"own:{stem}-{text or row}"


def _tagged(tags: Mapping[str, str]) -> int:
    text = tags.get("population", "").replace(" ", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0  # noqa: PLR2004


def _whole(source: str, row: int, text: str) -> int:
    if not text:
        return 0
    try:
        number = float(text.replace(" ", ""))
    except ValueError:
        number = -1.0
    if not (math.isfinite(number) and 0 <= number < 1e11):  # noqa: PLR2004 - ten times mankind
        msg = f"population {text!r} is no number; expected digits, or nothing"
        raise RowFault(source, row, msg)
    return int(number)


def _radius(source: str, row: int, text: str) -> float | None:
    if not text:
        return None
    try:
        radius = float(text)
    except ValueError:
        radius = -1.0
    if not 0 < radius < 20_000:  # noqa: PLR2004 - half the Earth's girth, km
        raise RowFault(source, row, f"radius_km {text!r} is no distance; expected km above 0")
    return radius


def read_vector(
    path: Path, *, mapping: Mapping[str, str] | None = None, on_fault: OnFault = None
) -> Iterator[IncomingPlace]:
    """Read a layer through GDAL, in batches, in any CRS it knows.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, FlatGeobuf, Shapefile, OSM PBF.
    mapping
        Our field -> the layer's column.
    on_fault
        Takes the faults; ``None`` raises the first.

    Yields
    ------
    IncomingPlace
        Points as they are; other geometries by a point on them, with half
        their diagonal as radius. Features without a name are left out.

    Raises
    ------
    RowFault
        When a feature cannot be used; the row is its number.
    GazetteerError
        When the file cannot be read, or has no name column or no CRS.
    """
    import pyogrio  # noqa: PLC0415 - GDAL costs 0.2 s

    try:
        with leaving_no_notes():
            layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        wanted = [n for n in layers if n in _OSM_LAYERS] if path.suffix == ".pbf" else layers[:1]
        row = 0
        for layer in wanted:
            for frame in _frames(path, layer):
                columns = _columns(list(frame.columns), mapping, source=path.name, spatial=True)
                records = frame.drop(columns="geometry").to_dict("records")
                raws = [
                    (row + n, record, shape)
                    for n, record, shape in zip(
                        range(1, len(records) + 1), records, frame.geometry, strict=True
                    )
                ]
                row += len(raws)
                yield from _features(path.name, raws, columns, on_fault)
    except GeomapError:
        raise
    # Of spoilt layers GDAL, GEOS and pandas raise errors that have nothing in common (tests/fuzz).
    except Exception as err:
        msg = f"{path}: cannot be read as a layer ({err}); is the file whole?"
        raise GazetteerError(msg) from err


def _frames(path: Path, layer: str) -> Iterator[Any]:
    import pyogrio  # noqa: PLC0415 - GDAL costs 0.2 s

    skipped = 0
    while True:
        with leaving_no_notes():
            frame = pyogrio.read_dataframe(
                path, layer=layer, skip_features=skipped, max_features=_BATCH
            )
        if frame.empty:
            return
        if "geometry" not in frame.columns:
            msg = f"{path}: layer {layer!r} has no geometry; give a table with --format csv"
            raise GazetteerError(msg)
        if frame.crs is None:
            msg = f"{path}: layer {layer!r} has no CRS; set it (EPSG:4326 for degrees) and retry"
            raise GazetteerError(msg)
        yield frame.to_crs(4326)
        skipped += len(frame)
        if len(frame) < _BATCH:
            return


def _features(
    source: str, raws: list[Any], columns: Mapping[str, str], on_fault: OnFault
) -> Iterator[IncomingPlace]:
    def make(_source: str, _row: int, raw: Any) -> IncomingPlace | None:
        row, record, shape = raw
        values = {name: _plain(value) for name, value in record.items()}
        if not str(values.get(columns["name"]) or "").strip():
            return None
        if shape is None or shape.is_empty:
            raise RowFault(source, row, "has no geometry; expected a point or a shape")
        spot = shape if shape.geom_type == "Point" else shape.representative_point()
        point = checked_point(source, row, spot.x, spot.y)
        west, south, east, north = shape.bounds
        radius = round(distance_km((west, south), (east, north)) / 2, 1) or None
        tags = _tags(values)
        fields = {field: values.get(column) for field, column in columns.items()}
        return _made(source, row, fields, point, radius, tags)

    for _row, place in each(make, raws, source, on_fault):
        if place is not None:
            yield place


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _unpacked(packed: str) -> dict[str, str]:
    """Give the tags that GDAL wrote as JSON; none when somebody else wrote something else."""
    try:
        found = json.loads(packed)
    except (ValueError, RecursionError):
        return {}
    return {k: str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _tags(values: Mapping[str, Any]) -> dict[str, str] | None:
    """Give OSM's tags of a feature, where it has any."""
    packed = values.get("other_tags")
    named = {name: str(value) for name, value in values.items() if value is not None}
    if isinstance(packed, str):
        if packed.startswith("{"):
            return {**named, **_unpacked(packed)}
        return {**named, **dict(_TAG.findall(packed))}
    return named if any(name in named for name in ("place", "@id", "waterway", "natural")) else None
