"""Packing: an extracted article as the rows and the record of a store.

It is done where the article was extracted, so that the one process that writes
has little to do.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.contract import to_dict
from geomap.store.minhash import minhash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geomap.records import Article, ExtractedArticle

__all__ = ["Packed", "bounds", "digest_of", "pack", "storable", "unpack"]

_HALF_PAIR = re.compile("[\ud800-\udfff]")
_COUNTS = ("killed", "injured", "evacuated", "exchanged")
_META = ("title", "source", "url", "published", "language")
_MADE = ("version", "gazetteer", "model", "settings_sha256", "worldview", "contract")
_DIGEST_BYTES = 16

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What a store keeps of one article; plain values that travel between processes.

    Parameters
    ----------
    name, origin
        Identifier of the article and where it was read; together unique in a store.
    digest
        Of all that was read, see :func:`digest_of`.
    meta, provenance
        Values of the columns of the tables of articles and of provenance.
    text
        The article as columns show it (halves of surrogate pairs are U+FFFD).
    minhash
        What tells near copies, see :mod:`geomap.store.minhash`.
    record
        The contract without the text, compressed; see :func:`unpack`.
    places, toponyms, events, event_places, actors
        Rows without the key of the article.
    """

    name: str
    origin: str
    digest: bytes
    meta: Row
    provenance: Row
    text: str
    minhash: bytes
    record: bytes
    places: tuple[Row, ...]
    toponyms: tuple[Row, ...]
    events: tuple[Row, ...]
    event_places: tuple[Row, ...]
    actors: tuple[Row, ...]


def digest_of(article: Article) -> bytes:
    """Digest all that changes what is extracted from an article, 16 bytes.

    Parameters
    ----------
    article
        As read.

    Returns
    -------
    bytes
        The same for the same text, title, source, address, date and language.
    """
    values = [article.text, *(getattr(article, name) for name in _META)]
    payload = json.dumps([None if v is None else str(v) for v in values])
    return hashlib.sha256(payload.encode()).digest()[:_DIGEST_BYTES]


def pack(extracted: ExtractedArticle, *, origin: str) -> Packed:
    """Make what a store keeps of an extracted article.

    Parameters
    ----------
    extracted
        What :func:`geomap.extract` gave.
    origin
        Where the article was read: a path, with line or member where a file holds many.

    Returns
    -------
    Packed
        For :meth:`geomap.store.Store.add`.
    """
    row = to_dict(extracted)
    text = row.pop("text")
    shown = _HALF_PAIR.sub("\ufffd", text)
    places = {t["id"]: t["place"] for t in row["toponyms"]}
    return Packed(
        name=row["id"],
        origin=storable(origin),
        digest=digest_of(extracted.article),
        meta=(*(row[name] for name in _META), row["text_sha256"], "\n".join(row["warnings"])),
        provenance=tuple(row["geomap"][name] for name in _MADE),
        text=shown,
        minhash=minhash(text),
        record=_compressed(row if shown == text else {**row, "text": text}),
        places=tuple(_place(place) for place in _distinct(places.values())),
        toponyms=tuple(_toponym(one) for one in row["toponyms"]),
        events=tuple(_event(number, one) for number, one in enumerate(row["events"])),
        event_places=tuple(
            (number, position, at["role"], at["toponym"], (places[at["toponym"]] or {}).get("id"))
            for number, one in enumerate(row["events"])
            for position, at in enumerate(one["places"])
        ),
        actors=tuple(
            (number, position, who["text"], who["role"], who["side"])
            for number, one in enumerate(row["events"])
            for position, who in enumerate(one["actors"])
        ),
    )


def storable(name: str) -> str:
    r"""Give the name of a file as text that any program can hold.

    Parameters
    ----------
    name
        As Python has it: a byte that is no UTF-8 is half a surrogate pair in it.

    Examples
    --------
    >>> storable("bad\udcffname.txt")
    'bad\\xffname.txt'
    """
    return _HALF_PAIR.sub(lambda half: f"\\x{ord(half[0]) & 0xFF:02x}", name)


def unpack(record: bytes, *, text: str) -> dict[str, Any]:
    """Give the contract back.

    Parameters
    ----------
    record
        :attr:`Packed.record`.
    text
        :attr:`Packed.text`, which the record leaves out.

    Returns
    -------
    dict
        For :func:`geomap.contract.from_dict`.
    """
    row: dict[str, Any] = json.loads(zlib.decompress(record))
    row.setdefault("text", text)
    return row


def _compressed(row: Mapping[str, Any]) -> bytes:
    # ASCII: half a surrogate pair, which a caller may give, survives as an escape.
    return zlib.compress(json.dumps(row, separators=(",", ":")).encode())


def _distinct(places: Any) -> Iterator[Mapping[str, Any]]:
    yield from {place["id"]: place for place in places if place is not None}.values()


def _place(place: Mapping[str, Any]) -> Row:
    keys = ("id", "name", "country", "admin1", "lon", "lat")
    return (*(place[k] for k in keys), *(place[k] for k in ("feature_class", "feature_code")),
            place["radius_km"])  # fmt: skip


def _toponym(one: Mapping[str, Any]) -> Row:
    place = one["place"]
    return (
        *(one[key] for key in ("id", "start", "end")),
        _HALF_PAIR.sub("\ufffd", one["text"]),
        one["reading"],
        one["confidence"],
        place["id"] if place else None,
        None if place else one["reason"],
    )


def _event(number: int, one: Mapping[str, Any]) -> Row:
    date, said = one["date"] or {}, one["attribution"] or {}
    geometry = one["geometry"]
    drawn = json.dumps(geometry, separators=(",", ":")) if geometry else None
    return (
        number,
        *(one[key] for key in ("id", "type", "subtype")),
        *(date.get(key) for key in ("start", "end", "precision")),
        one["factuality"],
        *(said.get(key) for key in ("speaker", "organisation", "side", "verb")),
        _HALF_PAIR.sub("\ufffd", one["trigger"]["text"]),
        *(one["sentence"][key] for key in ("start", "end")),
        drawn,
        one["geometry_method"],
        one["uncertainty_km"],
        *bounds(geometry),
        one["confidence"],
        one["weapon"],
        *(one["counts"].get(key) for key in _COUNTS),
    )


def bounds(geometry: Mapping[str, Any] | None) -> Row:
    """Give the bounds of a geometry.

    Parameters
    ----------
    geometry
        GeoJSON, EPSG:4326, ``lon, lat``; or ``None``.

    Returns
    -------
    tuple
        West, south, east, north in degrees; four ``None`` where nothing is drawn.
    """
    points = list(_positions(geometry)) if geometry else []
    if not points:
        return (None, None, None, None)
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return (min(lons), min(lats), max(lons), max(lats))


def _positions(part: Any) -> Iterator[Any]:
    if isinstance(part, list | tuple):
        if part and isinstance(part[0], int | float):
            yield part
            return
        for inner in part:
            yield from _positions(inner)
        return
    yield from _positions(part.get("coordinates", ()))
    for inner in part.get("geometries", ()):
        yield from _positions(inner)
