"""Reading: the lossless formats come back as the tables, and as the articles, they were.

Lossless are GeoPackage and GeoParquet with all layers, GeoJSON and JSON-FG but for
decimals after the fifth, FlatGeobuf but for what has no place.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely.geometry import mapping, shape

from geomap.contract import from_dict
from geomap.endings import LAYER_ENDINGS
from geomap.errors import GeomapError, InputError
from geomap.files import leaving_no_notes
from geomap.frames import CRS, EVENT_COLUMNS, TOPONYM_COLUMNS
from geomap.layers.cleaning import clean
from geomap.layers.tables import ARTICLE_COLUMNS, PROVENANCE, Tables, claims_of
from geomap.map_frame import MapFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from geomap.records import ExtractedArticle

__all__ = ["extractions_of", "read_layers", "read_tables", "tables_from"]

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "events": EVENT_COLUMNS,
    "toponyms": TOPONYM_COLUMNS,
    "articles": ARTICLE_COLUMNS,
}
_KEYS = {"events": "event_id", "toponyms": "toponym_id"}
_NO_PROVENANCE = "unknown"
# A row of a file that somebody made may say that its sentence ends at 10^12. No article is longer
# than this (settings: max_article_chars).
LONGEST_ARTICLE = 1_000_000


def read_layers(path: str | Path) -> list[ExtractedArticle]:
    """Read the articles that layers were written from.

    Parameters
    ----------
    path
        ``geomap.gpkg``, or the ``events`` file of GeoParquet, FlatGeobuf, GeoJSON or
        JSON-FG, beside which the other layers are looked for.

    Returns
    -------
    list of ExtractedArticle
        As :func:`~geomap.layers.write_layers` got them, but for the articles' texts:
        the layers hold only sentences that tell events, and names. They stand at their
        offsets, with blanks between. Multi-geometries of one part are that part.

    Raises
    ------
    InputError
        When the file cannot be read or holds no layers of geomap.

    Examples
    --------
    >>> import tempfile
    >>> from geomap.layers import write_layers
    >>> written = write_layers([], tempfile.mkdtemp(), formats=["gpkg"])
    >>> read_layers(written["gpkg"])
    []
    """
    tables = read_tables(path)
    with _as_input(path):
        return extractions_of(tables, where=str(path))


def read_tables(path: str | Path) -> Tables:
    """Read layers as frames.

    Parameters
    ----------
    path
        As for :func:`read_layers`.

    Returns
    -------
    Tables
        Equal to :func:`~geomap.layers.tables.tables_of` of the articles; EPSG:4326.

    Raises
    ------
    InputError
        When the file cannot be read or holds no layers of geomap.
    """
    file = Path(path)
    if not file.is_file():
        msg = f"{file}: there is no such file; give layers that geomap layers wrote"
        raise InputError(msg)
    ending = next((one for one in LAYER_ENDINGS if file.name.endswith(one)), None)
    if ending is None:
        msg = f"{file}: cannot be read back; expected a file ending in {', '.join(LAYER_ENDINGS)}"
        raise InputError(msg)
    with _as_input(file), leaving_no_notes():
        frames = _read_geopackage(file) if ending == ".gpkg" else _read_files(file, ending)
        return tables_from(frames)


@contextlib.contextmanager
def _as_input(file: str | Path) -> Iterator[None]:
    """Tell what goes wrong within as a fault of the file."""
    try:
        yield
    except GeomapError:
        raise
    # Of spoilt files GDAL, Arrow, pandas, GEOS and Python raised nine kinds of error that have
    # nothing in common (tests/fuzz); what they say stands in ours.
    except Exception as err:
        msg = f"{file}: cannot be read as layers ({err}); write them again with geomap layers"
        raise InputError(msg) from err


def _read_geopackage(file: Path) -> dict[str, Any]:
    names = {name for name, _ in pyogrio.list_layers(file)}
    parts = [
        pyogrio.read_dataframe(file, layer=name)
        for name in sorted(names)
        if name.startswith("events_")
    ]
    frames: dict[str, Any] = {
        name: pyogrio.read_dataframe(file, layer=name)
        for name in ("toponyms", "articles")
        if name in names
    }
    if parts:
        frames["events"] = _stacked(parts)
    return frames


def _stacked(parts: Sequence[Any]) -> gpd.GeoDataFrame:
    """Put the layers of events together again."""
    crs = next((part.crs for part in parts if isinstance(part, gpd.GeoDataFrame)), CRS)
    plain, shapes = [], []
    for part in parts:
        plain.append(pd.DataFrame(part.drop(columns="geometry", errors="ignore")).astype(object))
        has_shapes = isinstance(part, gpd.GeoDataFrame)
        shapes += list(part.geometry) if has_shapes else [None] * len(part)
    rows = pd.concat(plain, ignore_index=True)
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs=crs), crs=crs)


def _read_files(file: Path, ending: str) -> dict[str, Any]:
    readers: dict[str, Callable[[Path], Any]] = {
        ".parquet": _read_parquet,
        ".geojson": _read_geojson,
        ".fg.json": _read_jsonfg,
    }
    read = readers.get(ending, pyogrio.read_dataframe)
    name = file.name.removesuffix(ending)
    kind = name if name in _COLUMNS else "events"
    frames = {kind: read(file)}
    if kind == "events":
        # JSON-FG has events only; its places stand in the GeoJSON beside it.
        other = ".geojson" if ending == ".fg.json" else ending
        beside = {one: file.with_name(f"{one}{other}") for one in _COLUMNS if one != "events"}
        frames |= {one: read(path) for one, path in beside.items() if path.is_file()}
    return frames


def _read_geojson(path: Path) -> Any:
    # What looks like a date stays the text it is.
    return pyogrio.read_dataframe(path, DATE_AS_STRING="YES")


def _read_jsonfg(path: Path) -> gpd.GeoDataFrame:
    """Read JSON-FG as the GeoJSON it is: GDAL's driver finds no layer where no feature is."""
    features = json.loads(path.read_bytes())["features"]
    rows = [{"id": one["id"], **one["properties"]} for one in features]
    shapes = [one["geometry"] and shape(one["geometry"]) for one in features]
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)


def _read_parquet(path: Path) -> Any:
    import pyarrow.parquet as pq  # noqa: PLC0415 - a third of a second that others need not wait

    is_spatial = b"geo" in (pq.read_schema(path).metadata or {})
    return gpd.read_parquet(path) if is_spatial else pd.read_parquet(path)


def tables_from(frames: Mapping[str, Any]) -> Tables:
    """Make tables of frames that were read, with the types and order they were written with.

    Parameters
    ----------
    frames
        ``events``, ``toponyms`` and ``articles``; what is missing is empty, or follows
        from the events. Articles are in the order that counts.

    Raises
    ------
    KeyError
        When a column is missing that nothing can stand for.
    """
    found = {name: _conformed(frame, name) for name, frame in frames.items()}
    empty = {name: _empty(columns) for name, columns in _COLUMNS.items()}
    events = found.get("events", empty["events"])
    articles = found["articles"] if "articles" in found else _articles_of(events)
    order = {name: number for number, name in enumerate(articles["article_id"])}
    told = _ordered(events, order, events["event_number"])
    named = found.get("toponyms", empty["toponyms"])
    return Tables(
        events=told,
        toponyms=_ordered(named, order, named["toponym_id"].map(_number)),
        # They follow from the events, and in their order.
        claims=claims_of(told),
        articles=articles,
    )


def _ordered(
    frame: gpd.GeoDataFrame, articles: Mapping[str, int], numbers: pd.Series
) -> gpd.GeoDataFrame:
    """Put rows in the order in which the articles tell them: an index may have changed it."""
    first = frame["article_id"].map(articles).fillna(len(articles)).astype("int64")
    order = np.lexsort((numbers.astype("int64"), first))
    return frame.iloc[order].reset_index(drop=True)


def _empty(columns: Mapping[str, str]) -> Any:
    frame = pd.DataFrame({name: pd.Series(dtype=object) for name in columns if name != "geometry"})
    if "geometry" in columns:
        frame = MapFrame(frame, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)
    return clean(frame)


def _conformed(frame: Any, name: str) -> Any:
    """Give a frame as read the columns, types and CRS of the schema."""
    columns, key = _COLUMNS[name], _KEYS.get(name)
    if not len(frame):
        # GeoJSON without features has no columns.
        return _empty(columns)
    if key is not None and key not in frame.columns and "id" in frame.columns:
        # GeoJSON has the identifier outside the properties.
        frame = frame.rename(columns={"id": key})
    if key is not None and key not in frame.columns:
        msg = f"there is no column {key}"
        raise KeyError(msg)
    plain = {
        column: _values(frame[column]) if column in frame.columns else [None] * len(frame)
        for column in columns
        if column != "geometry"
    }
    made = pd.DataFrame(plain, columns=[one for one in columns if one != "geometry"], dtype=object)
    if "geometry" not in columns:
        return clean(made)
    shapes = _shapes(frame)
    return clean(MapFrame(made, geometry=shapes, crs=CRS))


def _values(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        days = column.dt.strftime("%Y-%m-%d").astype(object)
        return [None if pd.isna(day) else day for day in days]
    return [_plain(value) for value in column.astype(object)]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    return None if value is None or pd.isna(value) else value


def _shapes(frame: Any) -> gpd.GeoSeries:
    if not isinstance(frame, gpd.GeoDataFrame):
        return gpd.GeoSeries([None] * len(frame), crs=CRS)
    geometry = frame.geometry if frame.crs is not None else frame.geometry.set_crs(CRS)
    if geometry.crs.to_epsg() != 4326:  # noqa: PLR2004 - the code itself
        geometry = geometry.to_crs(CRS)
    shapes = geometry.to_numpy()
    single = shapely.get_num_geometries(shapes) == 1
    multi = np.isin(shapely.get_type_id(shapes), (4, 5, 6))
    parts = [
        None
        if one is None or one.is_empty
        else shapely.get_geometry(one, 0)
        if has_one and is_multi
        else one
        for one, has_one, is_multi in zip(shapes, single, multi, strict=True)
    ]
    return gpd.GeoSeries(parts, index=range(len(parts)), crs=CRS)


def _articles_of(events: gpd.GeoDataFrame) -> pd.DataFrame:
    """Make the table of articles from what each event says of its own."""
    rows = pd.DataFrame(events.drop(columns="geometry")).drop_duplicates("article_id")
    return clean(rows.reindex(columns=list(ARTICLE_COLUMNS)).reset_index(drop=True))


def extractions_of(tables: Tables, *, where: str = "layers") -> list[ExtractedArticle]:
    """Give the articles that tables hold.

    Parameters
    ----------
    tables
        What :func:`read_tables` gave.
    where
        What to call them in an error.

    Returns
    -------
    list of ExtractedArticle
        As :func:`read_layers` gives them.

    Raises
    ------
    ContractError
        When a row does not follow the contract, e.g. because somebody edited it.
    """
    events, toponyms = _by_article(tables.events), _by_article(tables.toponyms)
    done = []
    for article in tables.articles.to_dict("records"):
        name = article["article_id"]
        told, named = events.get(name, []), toponyms.get(name, [])
        places = [_toponym(row) for row in named] if named else _implied(told)
        row = {
            "id": name,
            **{key: article[key] for key in ("title", "source", "url", "published", "language")},
            "geomap": _provenance(article),
            "toponyms": places,
            "relative_places": json.loads(article["relative_places"] or "[]"),
            "events": [_event(one, name) for one in told],
            "warnings": (article["warnings"] or "").split("\n") if article["warnings"] else [],
        }
        done.append(from_dict({**row, "text": _known_text(row)}, where=f"{where}: {name}:"))
    return done


def _by_article(frame: gpd.GeoDataFrame) -> dict[str, list[dict[Any, Any]]]:
    found: dict[str, list[dict[Any, Any]]] = {}
    for row in frame.astype(object).to_dict("records"):
        found.setdefault(row["article_id"], []).append(
            {key: None if key != "geometry" and pd.isna(value) else value
             for key, value in row.items()}
        )  # fmt: skip
    return found


def _provenance(article: Mapping[Any, Any]) -> dict[str, Any]:
    made = {name: article[name] or _NO_PROVENANCE for name in PROVENANCE}
    return {"version": made.pop("geomap_version"), **made}


def _number(identifier: str) -> int:
    return int(identifier.rpartition("/t")[2])


def _toponym(row: Mapping[Any, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("start", "end", "text", "reading", "confidence", "reason")}
    place = None
    if row["place_id"] is not None and row["geometry"] is not None:
        names = ("name", "country", "admin1", "feature_class", "feature_code", "radius_km")
        place = {
            "id": row["place_id"], **{name: row[name] for name in names},
            "lon": row["geometry"].x, "lat": row["geometry"].y,
        }  # fmt: skip
    return {
        "id": _number(row["toponym_id"]),
        **kept,
        "place": place,
        "candidates": json.loads(row["candidates"] or "[]"),
    }


def _implied(events: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """Make the names that events hang on, where there is no layer of toponyms."""
    found: dict[int, dict[str, Any]] = {}
    for row in events:
        ids = (row["toponym_ids"] or "").split("; ")
        texts = (row["place_texts"] or "").split("; ")
        for identifier, text in zip(ids, texts, strict=False):
            if identifier:
                found[_number(identifier)] = {
                    "id": _number(identifier), "start": row["sentence_start"],
                    "end": row["sentence_start"], "text": text, "reading": "literal",
                    "place": None, "confidence": row["confidence"],
                    "reason": "named by an event; the layer of toponyms was not there",
                    "candidates": [],
                }  # fmt: skip
    return list(found.values())


def _event(row: Mapping[Any, Any], article: str) -> dict[str, Any]:
    held = json.loads(row["arguments"] or "{}")
    said = {name: row[name] for name in ("speaker", "organisation", "side", "verb")}
    same = (
        "type", "subtype", "factuality", "geometry_method", "uncertainty_km", "confidence",
        "reason", "weapon",
    )  # fmt: skip
    date = None
    if row["date_start"] is not None:
        names = {"start": "date_start", "end": "date_end", "precision": "date_precision",
                 "text": "date_text"}  # fmt: skip
        date = {key: row[column] for key, column in names.items()}
    return {
        "id": row["event_id"].removeprefix(f"{article}/"),
        **{name: row[name] for name in same},
        "trigger": _span(row, "trigger"),
        "sentence": _span(row, "sentence"),
        "places": held.get("places", []),
        "geometry": None if row["geometry"] is None else _geojson(row["geometry"]),
        "date": date,
        "actors": held.get("actors", []),
        "attribution": said if any(said.values()) else None,
        "codes": held.get("codes", {}),
        "counts": held.get("counts", {}),
    }


def _span(row: Mapping[Any, Any], name: str) -> dict[str, Any]:
    return {"start": row[f"{name}_start"], "end": row[f"{name}_end"], "text": row[name]}


def _geojson(geometry: Any) -> Any:
    # Lists, as JSON has them: what mapping gives is tuples.
    return json.loads(json.dumps(mapping(geometry)))


def _known_text(row: Mapping[str, Any]) -> str:
    """Put sentences and names at their offsets, with blanks where the text is not known."""
    spans = [one["sentence"] for one in row["events"]] + [one["trigger"] for one in row["events"]]
    spans += [*row["toponyms"], *row["relative_places"]]
    length = max((span["end"] for span in spans), default=0)
    if length > LONGEST_ARTICLE:
        msg = f"a sentence or name ends at {length}; expected at most {LONGEST_ARTICLE}"
        raise ValueError(msg)
    letters = [" "] * length
    for span in reversed(spans):
        text = span["text"] or ""
        if span["end"] - span["start"] == len(text):
            letters[span["start"] : span["end"]] = text
    return "".join(letters)
