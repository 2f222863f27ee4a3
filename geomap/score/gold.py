"""What a trained reader found in a text: the gold formats, read and checked.

Two formats are read (they are described in ``docs/seeds.md``):

* a folder with ``toponyms.jsonl`` and ``events.jsonl``, one row each, keyed by
  ``doc``, the id of the article;
* a corpus ``.jsonl``, one text a line with its toponyms.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import GoldError
from geomap.records import Article

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Gold", "GoldDocument", "GoldEvent", "GoldPlace", "GoldToponym", "read_gold"]

# Corpora in which only some of the mentions are annotated: a mention that is
# found but not annotated is no error, so precision cannot be known.
# Half the girth of the Earth: no place is wider.
FARTHEST_KM = 20_040
PARTIAL_CORPORA = ("ua-", "halterman-")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldToponym:
    """A mention of a place as annotated; ``lat`` and ``lon`` are ``None`` for a NIL.

    ``geonameid`` is the identifier in GeoNames where the gold gives one.
    """

    start: int
    end: int
    text: str
    reading: str | None = None
    kind: str | None = None
    place: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    geonameid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPlace:
    """A place of a gold event in its role; EPSG:4326 degrees, or ``None`` twice."""

    role: str
    place: str
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent:
    """An event as annotated; ``geometry`` is ``"none"`` for one listed, not drawn."""

    type: str
    subtype: str | None
    trigger: str
    start: int
    end: int
    places: tuple[GoldPlace, ...]
    date: dt.date | None
    date_precision: str | None
    factuality: str
    attribution: str | None
    geometry: str

    @property
    def placed(self) -> bool:
        """Whether the event is to be drawn, that is, has a place with coordinates."""
        return self.geometry != "none" and any(place.lat is not None for place in self.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """The annotations of one article.

    ``events`` is ``None`` where the gold says nothing about events, which is
    not the same as an article without any.
    """

    doc: str
    toponyms: tuple[GoldToponym, ...]
    events: tuple[GoldEvent, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A gold standard.

    Parameters
    ----------
    documents
        One for each annotated article, in the order of the files.
    complete
        Whether every mention of a place is annotated.
    sha256
        Digest of the gold files, so that a score can say what it was measured on.
    articles
        The texts, where the gold holds them (a corpus); empty for a folder.
    """

    documents: tuple[GoldDocument, ...]
    complete: bool
    sha256: str
    articles: tuple[Article, ...] = ()


def read_gold(path: str | Path) -> Gold:
    """Read a gold standard.

    Parameters
    ----------
    path
        A folder with ``toponyms.jsonl`` and ``events.jsonl`` (either may be
        absent), or a corpus ``.jsonl``.

    Returns
    -------
    Gold
        Checked: offsets are ordered, coordinates are in range.

    Raises
    ------
    GoldError
        When nothing is there, a line is not JSON, or a row is not of the format;
        the message names file, line and fault.
    """
    path = Path(path)
    if path.is_dir():
        return _read_folder(path)
    if path.is_file():
        return _read_corpus(path)
    raise GoldError(
        f"{path}: no gold there; give a folder with toponyms.jsonl and events.jsonl, "
        "or a corpus .jsonl"
    )


def _read_folder(folder: Path) -> Gold:
    files = [folder / name for name in ("toponyms.jsonl", "events.jsonl")]
    if not any(file.is_file() for file in files):
        raise GoldError(f"{folder}: holds neither toponyms.jsonl nor events.jsonl; add one")
    toponyms: dict[str, list[GoldToponym]] = {}
    events: dict[str, list[GoldEvent]] = {}
    for where, row in _rows(files[0]):
        toponyms.setdefault(_doc(row, where), []).append(_toponym(row, where))
    for where, row in _rows(files[1]):
        events.setdefault(_doc(row, where), []).append(_event(row, where))
    documents = tuple(
        GoldDocument(
            doc=doc,
            toponyms=tuple(toponyms.get(doc, ())),
            events=tuple(events.get(doc, ())) if files[1].is_file() else None,
        )
        for doc in dict.fromkeys([*toponyms, *events])
    )
    return Gold(documents=documents, complete=True, sha256=_digest(files))


def _read_corpus(path: Path) -> Gold:
    documents, articles, complete = [], [], True
    for where, row in _rows(path):
        doc, text = row.get("id"), row.get("text")
        if not isinstance(doc, str) or not isinstance(text, str):
            raise GoldError(f"{where}: expected the strings id and text; see docs/seeds.md")
        mentions = tuple(_toponym(one, where) for one in _objects(row, "toponyms", where))
        documents.append(GoldDocument(doc=doc, toponyms=mentions, events=None))
        articles.append(
            Article(
                id=doc,
                text=text,
                title=_text(row, "title", where),
                published=_date(row.get("date"), where),
            )
        )
        complete = complete and not str(row.get("corpus", "")).startswith(PARTIAL_CORPORA)
    return Gold(
        documents=tuple(documents),
        complete=complete,
        sha256=_digest([path]),
        articles=tuple(articles),
    )


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if not path.is_file():
        return
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise GoldError(f"{path}: gold cannot be read ({err}); expected UTF-8 JSON lines") from err
    # Texts hold other line separators (U+2028, U+0085), so split at newlines only.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as err:
            raise GoldError(f"{where}: not JSON ({err}); expected one object a line") from err
        if not isinstance(row, dict):
            raise GoldError(f"{where}: {type(row).__name__}; expected one JSON object a line")
        yield where, row


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()


def _doc(row: Mapping[str, Any], where: str) -> str:
    doc = row.get("doc")
    if not isinstance(doc, str) or not doc:
        raise GoldError(f"{where}: doc is {doc!r}; expected the id of an article")
    return doc


def _objects(row: Mapping[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    found = row.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise GoldError(f"{where}: {key} is {found!r:.60}; expected a list of objects")
    return found


def _text(row: Mapping[str, Any], key: str, where: str) -> str | None:
    found = row.get(key)
    if found is not None and not isinstance(found, str):
        raise GoldError(f"{where}: {key} is {found!r:.60}; expected a string or null")
    return found


def _radius(row: Mapping[str, Any], where: str) -> float | None:
    found = row.get("radius_km")
    if found is None:
        return None
    if not isinstance(found, int | float) or not 0 <= found < FARTHEST_KM:
        raise GoldError(f"{where}: radius_km is {found!r:.60}; expected km, or null")
    return float(found)


def _span(row: Mapping[str, Any], where: str) -> tuple[int, int]:
    start, end = row.get("start"), row.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        raise GoldError(f"{where}: start, end are {start!r}, {end!r}; expected 0 <= start < end")
    return start, end


def _point(row: Mapping[str, Any], where: str) -> tuple[float | None, float | None]:
    lat, lon = row.get("lat"), row.get("lon")
    if lat is None and lon is None:
        return None, None
    if not (isinstance(lat, (int, float)) and isinstance(lon, (int, float))):
        raise GoldError(f"{where}: lat, lon are {lat!r}, {lon!r}; expected two numbers or two null")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - the range of degrees
        raise GoldError(f"{where}: lat, lon are {lat}, {lon}; expected EPSG:4326 degrees")
    return float(lat), float(lon)


def _toponym(row: Mapping[str, Any], where: str) -> GoldToponym:
    (start, end), (lat, lon) = _span(row, where), _point(row, where)
    return GoldToponym(
        start=start,
        end=end,
        text=str(row.get("text", "")),
        reading=_text(row, "reading", where),
        kind=_text(row, "kind", where),
        place=_text(row, "place", where),
        country=_text(row, "country", where),
        lat=lat,
        lon=lon,
        radius_km=_radius(row, where),
        geonameid=_geonameid(row.get("geonameid"), where),
    )


def _geonameid(value: Any, where: str) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError) as err:
        raise GoldError(
            f"{where}: geonameid is {value!r}; expected a whole number or null"
        ) from err


def _event(row: Mapping[str, Any], where: str) -> GoldEvent:
    start, end = _span(row, where)
    places = []
    for place in _objects(row, "places", where):
        lat, lon = _point(place, where)
        places.append(
            GoldPlace(
                role=str(place.get("role")),
                place=str(place.get("place")),
                lat=lat,
                lon=lon,
                radius_km=_radius(place, where),
            )
        )
    missing = [key for key in ("type", "factuality", "geometry") if not _text(row, key, where)]
    if missing:
        raise GoldError(f"{where}: no {', '.join(missing)}; see docs/seeds.md for the format")
    return GoldEvent(
        type=row["type"],
        subtype=_text(row, "subtype", where),
        trigger=str(row.get("trigger", "")),
        start=start,
        end=end,
        places=tuple(places),
        date=_date(row.get("date"), where),
        date_precision=_text(row, "date_precision", where),
        factuality=row["factuality"],
        attribution=row.get("attribution"),
        geometry=row["geometry"],
    )


def _date(value: Any, where: str) -> dt.date | None:
    if not value:
        return None
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError as err:
        raise GoldError(f"{where}: date is {value!r}; expected YYYY-MM-DD or null") from err
