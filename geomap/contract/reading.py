"""Reading the contract: plain values become records, each field checked."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any, cast, get_args

from geomap.contract.fields import Fields, is_number, is_whole
from geomap.contract.writing import CONTRACT_VERSION
from geomap.errors import ContractError
from geomap.records import (
    Actor,
    ActorRole,
    Article,
    Attribution,
    Candidate,
    DatePrecision,
    DateRange,
    Event,
    ExtractedArticle,
    Factuality,
    GeometryMethod,
    Place,
    PlaceArgument,
    PlaceRole,
    Provenance,
    Reading,
    Relation,
    RelativePlace,
    Sentence,
    Toponym,
    Trigger,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["from_dict"]

# How deep the positions of each type lie, and how many belong together at least
# (RFC 7946, section 3.1).
GEOMETRY_TYPES = {
    "Point": (0, 1),
    "MultiPoint": (1, 1),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}

# Positions of a ring, the first again at its end.
RING = 4

_READINGS: tuple[str, ...] = get_args(Reading)
_RELATIONS: tuple[str, ...] = get_args(Relation)
_GEOMETRY_METHODS: tuple[str, ...] = get_args(GeometryMethod)
_ACTOR_ROLES: tuple[str, ...] = get_args(ActorRole)
_FACTUALITIES: tuple[str, ...] = get_args(Factuality)
_PLACE_ROLES: tuple[str, ...] = get_args(PlaceRole)
_DATE_PRECISIONS: tuple[str, ...] = get_args(DatePrecision)

# What a file of the contract without a declared view was made under.
DEFAULT_WORLDVIEW = "un-68-262"


def from_dict(row: Mapping[str, Any], *, where: str = "") -> ExtractedArticle:
    """Read an extracted article from the plain values of the contract.

    Parameters
    ----------
    row
        What :func:`~geomap.contract.to_dict` gave, or an object of the same
        shape from elsewhere. The texts of article and sentences may be missing.
    where
        What to call the row in an error, e.g. ``"extraction.jsonl:3:"``.

    Returns
    -------
    ExtractedArticle
        Equal to what was written but for rounded numbers and shortened lists of
        candidates.

    Raises
    ------
    ContractError
        Naming the field, its value, and what was expected.
    """
    try:
        return _extracted(Fields(row, where))
    except RecursionError as err:
        msg = f"{where} is nested too deeply; expected a line that geomap extract wrote"
        raise ContractError(msg.strip()) from err


def _extracted(fields: Fields) -> ExtractedArticle:
    row = fields.row
    article = _article(fields)
    toponyms = tuple(_toponym(one, article.text) for one in fields.many("toponyms"))
    known = frozenset(toponym.id for toponym in toponyms)
    warnings = row.get("warnings") or []
    if not isinstance(warnings, list) or not all(isinstance(one, str) for one in warnings):
        raise fields.fault("warnings", "a list of strings")
    return ExtractedArticle(
        article=article,
        toponyms=toponyms,
        events=tuple(_event(one, article.text, known) for one in fields.many("events")),
        provenance=_provenance(fields.fields("geomap")),
        warnings=tuple(warnings),
        relative_places=tuple(
            _relative_place(one, article.text, known)
            # Written since relative places are read; older files lack them.
            for one in (fields.many("relative_places") if "relative_places" in row else ())
        ),
    )


def _article(fields: Fields) -> Article:
    return Article(
        id=fields.text("id"),
        text=fields.maybe_text("text") or "",
        title=fields.maybe_text("title"),
        source=fields.maybe_text("source"),
        url=fields.maybe_text("url"),
        published=fields.maybe_date("published"),
        language=fields.maybe_text("language"),
    )


def _provenance(fields: Fields) -> Provenance:
    # The first version did not say which one it was.
    version = fields.whole("contract", least=1) if "contract" in fields.row else 1
    if version > CONTRACT_VERSION:
        msg = (
            f"{fields.at('contract')} is {version}; expected at most {CONTRACT_VERSION}; "
            "read it with the geomap that wrote it, or a newer one"
        )
        raise ContractError(msg)
    return Provenance(
        version=fields.text("version"),
        gazetteer=fields.text("gazetteer"),
        model=fields.text("model"),
        settings_sha256=fields.text("settings_sha256"),
        worldview=fields.maybe_text("worldview") or DEFAULT_WORLDVIEW,
    )


def _toponym(fields: Fields, text: str) -> Toponym:
    start, end = fields.span(text)
    place = fields.maybe_fields("place")
    return Toponym(
        id=fields.whole("id"),
        start=start,
        end=end,
        text=fields.text("text"),
        reading=fields.choice("reading", _READINGS),
        place=_place(place) if place else None,
        confidence=fields.number("confidence", least=0, most=1),
        reason=fields.text("reason"),
        candidates=tuple(_candidate(one) for one in fields.many("candidates")),
    )


def _place(fields: Fields) -> Place:
    return Place(
        id=fields.text("id"),
        name=fields.text("name"),
        country=fields.maybe_text("country"),
        admin1=fields.maybe_text("admin1"),
        lat=fields.number("lat", least=-90, most=90),
        lon=fields.number("lon", least=-180, most=180),
        feature_class=fields.text("feature_class"),
        feature_code=fields.text("feature_code"),
        radius_km=fields.number("radius_km", least=0),
    )


def _candidate(fields: Fields) -> Candidate:
    """Read a candidate; what the contract leaves out of it stands as not known."""
    place = Place(
        id=fields.text("id"),
        name=fields.text("name"),
        country=fields.maybe_text("country"),
        admin1=None,
        lat=fields.number("lat", least=-90, most=90),
        lon=fields.number("lon", least=-180, most=180),
        feature_class="",
        feature_code="",
        radius_km=0.0,
    )
    score = fields.number("score", least=0, most=1)
    return Candidate(place=place, score=score, match="exact", reason="")


def _relative_place(fields: Fields, text: str, toponyms: frozenset[int]) -> RelativePlace:
    start, end = fields.span(text)
    anchors = fields.row.get("anchors")
    if not isinstance(anchors, list) or not all(is_whole(a) and a in toponyms for a in anchors):
        raise fields.fault("anchors", "a list of ids of toponyms of the article")
    locates = fields.row.get("locates")
    if locates is not None and not (is_whole(locates) and locates in toponyms):
        raise fields.fault("locates", "the id of a toponym of the article, or null")
    located = fields.row.get("lat") is not None
    return RelativePlace(
        start=start,
        end=end,
        text=fields.text("text"),
        anchors=tuple(anchors),
        relation=fields.choice("relation", _RELATIONS),
        distance_km=fields.maybe_number("distance_km", least=0),
        bearing_deg=fields.maybe_number("bearing_deg", least=0),
        geometry=_geometry(fields),
        method=_method(fields, "method"),
        lon=fields.number("lon", least=-180, most=180) if located else None,
        lat=fields.number("lat", least=-90, most=90) if located else None,
        uncertainty_km=fields.maybe_number("uncertainty_km", least=0),
        reason=fields.text("reason"),
        locates=locates,
    )


def _event(fields: Fields, text: str, toponyms: frozenset[int]) -> Event:
    date = fields.maybe_fields("date")
    said = fields.maybe_fields("attribution")
    return Event(
        id=fields.text("id"),
        type=fields.text("type"),
        subtype=fields.maybe_text("subtype"),
        trigger=_trigger(fields.fields("trigger"), text),
        sentence=_sentence(fields.fields("sentence"), text),
        places=tuple(_argument(one, toponyms) for one in fields.many("places")),
        geometry=_geometry(fields),
        geometry_method=_method(fields, "geometry_method"),
        uncertainty_km=fields.maybe_number("uncertainty_km", least=0),
        date=_date(date) if date else None,
        actors=tuple(
            Actor(
                text=one.text("text"),
                role=one.choice("role", _ACTOR_ROLES),
                side=one.maybe_text("side"),
            )
            for one in fields.many("actors")
        ),
        factuality=fields.choice("factuality", _FACTUALITIES),
        attribution=_attribution(said) if said else None,
        codes=_codes(fields.fields("codes")),
        confidence=fields.number("confidence", least=0, most=1),
        reason=fields.text("reason"),
        weapon=fields.maybe_text("weapon"),
        counts=_counts(fields.maybe_fields("counts")),
    )


def _method(fields: Fields, key: str) -> GeometryMethod | None:
    if fields.row.get(key) is None:
        return None
    return cast("GeometryMethod", fields.choice(key, _GEOMETRY_METHODS))


def _counts(fields: Fields | None) -> dict[str, int]:
    return {} if fields is None else {key: fields.whole(key) for key in fields.row}


def _trigger(fields: Fields, text: str) -> Trigger:
    start, end = fields.span(text)
    return Trigger(start=start, end=end, text=fields.text("text"))


def _sentence(fields: Fields, text: str) -> Sentence:
    start, end = fields.span(text)
    shown = fields.maybe_text("text")
    return Sentence(start=start, end=end, text=text[start:end] if shown is None else shown)


def _argument(fields: Fields, toponyms: frozenset[int]) -> PlaceArgument:
    toponym = fields.whole("toponym")
    if toponym not in toponyms:
        raise fields.fault("toponym", "the id of a toponym of the article")
    return PlaceArgument(role=fields.choice("role", _PLACE_ROLES), toponym=toponym)


def _date(fields: Fields) -> DateRange:
    start, end = fields.maybe_date("start"), fields.maybe_date("end")
    if start is None:
        raise fields.fault("start", "a date such as 2022-03-03")
    if end is None or end < start:
        raise fields.fault("end", f"a date from {start}")
    return DateRange(
        start=start,
        end=end,
        precision=fields.choice("precision", _DATE_PRECISIONS),
        text=fields.maybe_text("text"),
    )


def _attribution(fields: Fields) -> Attribution:
    return Attribution(
        speaker=fields.maybe_text("speaker"),
        organisation=fields.maybe_text("organisation"),
        side=fields.maybe_text("side"),
        verb=fields.maybe_text("verb"),
    )


def _codes(fields: Fields) -> dict[str, str]:
    return {key: fields.text(key) for key in fields.row if fields.row[key] is not None}


def _geometry(fields: Fields) -> dict[str, Any] | None:
    """Read a GeoJSON geometry: a known type, and positions within the world."""
    geometry = fields.maybe_fields("geometry")
    if geometry is None:
        return None
    kind = geometry.choice("type", (*GEOMETRY_TYPES, "GeometryCollection"))
    if kind == "GeometryCollection":
        for part in geometry.many("geometries"):
            _geometry(Fields({"geometry": part.row}, part.where))
    elif not _size_of(geometry.row.get("coordinates"), *GEOMETRY_TYPES[kind]):
        raise geometry.fault(
            "coordinates", f"the positions of a {kind}, longitude and latitude in degrees"
        )
    return dict(geometry.row)


def _size_of(value: Any, depth: int, least: int) -> int:
    """Give of how many numbers the positions of a geometry are; 0 where one is wrong.

    Positions with and without a height are in no one geometry.
    """
    if not isinstance(value, list) or not value:
        return 0
    if not depth:
        return _size_of_position(value)
    if depth == 1:
        if len(value) < least or (least == RING and value[0] != value[-1]):
            return 0
        if _are_degrees(value):
            return 2
    sizes = {_size_of(part, depth - 1, least) for part in value}
    return sizes.pop() if len(sizes) == 1 else 0


def _size_of_position(value: list[Any]) -> int:
    """Check a position: longitude, latitude, perhaps a height."""
    if len(value) not in {2, 3} or not all(is_number(part) for part in value):
        return 0
    return len(value) if -180 <= value[0] <= 180 and -90 <= value[1] <= 90 else 0  # noqa: PLR2004 - degrees


def _are_degrees(row: list[Any]) -> bool:
    """Tell at a glance of a row that all is well: rings have hundreds of positions.

    A ring takes a tenth of the time of looking at each position. Where the answer is no,
    they are looked at one by one: with a height all may still be well.
    """
    if set(map(type, row)) != {list} or set(map(len, row)) != {2}:
        return False
    numbers = list(chain.from_iterable(row))
    if not {int, float}.issuperset(map(type, numbers)):
        return False
    lons, lats = numbers[::2], numbers[1::2]
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    within = -180 <= west <= east <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004 - degrees
    # What is not a number is neither smaller nor larger.
    return within and math.isfinite(sum(numbers))
