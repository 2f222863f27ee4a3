"""The records that travel through geomap: frozen, plain, free of spaCy and folium.

Offsets are half-open character offsets into :attr:`Article.text`. Coordinates
are EPSG:4326 degrees, ``lon, lat`` in every sequence. What is absent is
``None``, never an empty string and never (0, 0).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

__all__ = [
    "Actor",
    "Article",
    "Attribution",
    "Candidate",
    "DatePrecision",
    "DateRange",
    "Event",
    "ExtractedArticle",
    "Factuality",
    "Failure",
    "GeometryMethod",
    "Place",
    "PlaceArgument",
    "PlaceRole",
    "Provenance",
    "Reading",
    "Relation",
    "RelativePlace",
    "Sentence",
    "Toponym",
    "Trigger",
    "fields_of",
    "made_of",
]

_Record = TypeVar("_Record")

Reading = Literal["literal", "metonymic", "modifier"]
Factuality = Literal["asserted", "claimed", "denied", "planned", "possible", "negated"]
PlaceRole = Literal["at", "target", "from", "to", "toward", "via", "near", "region"]
GeometryMethod = Literal[
    "ring", "sector", "line", "chain", "offset", "point", "region",
    # Places told by others: see RelativePlace.
    "disc", "part", "outskirts", "between", "border", "bank", "coast", "direction",
]  # fmt: skip
Relation = Literal[
    "offset", "distance", "within", "bearing", "part", "outskirts", "countryside",
    "between", "border", "bank", "coast", "toward", "line",
]  # fmt: skip
DatePrecision = Literal["minute", "day", "week", "month", "unknown"]
ActorRole = Literal["by", "against", "with"]
MatchKind = Literal[
    "exact", "normalised", "transliterated", "alias", "stem", "mt", "fuzzy", "pinned", "online"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text as read, with what is known of its origin.

    Parameters
    ----------
    id
        Stable identifier, unique within a run; for a file its stem.
    text
        The text as read; every offset refers to it.
    title, source, url
        Where it comes from; ``None`` when not known.
    published
        Date of publication; relative dates are resolved against it.
    language
        ISO 639-1 code; ``None`` when it was not determined.
    origin
        Where it was read, e.g. ``"/data/news.zip!/b.pdf"``; not part of the
        contract, and no difference between two articles.
    """

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: dt.date | None = None
    language: str | None = None
    origin: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that could not be read or worked on, and why.

    Parameters
    ----------
    origin
        Where it is: a path, ``path:7`` for a row, ``archive.zip!/member``, a URL.
    stage
        ``"find"``, ``"fetch"``, ``"open"``, ``"unpack"``, ``"decode"``,
        ``"parse"``, ``"check"`` or ``"language"``; later stages have their own.
    reason
        What is wrong, on one line.
    hint
        What to do about it, on one line.
    id
        Identifier of the article, where it is known.

    Examples
    --------
    >>> Failure(origin="a.pdf", stage="parse", reason="is damaged", hint="get it again").message
    'a.pdf: is damaged; get it again'
    """

    origin: str
    stage: str
    reason: str
    hint: str
    id: str | None = None

    @property
    def message(self) -> str:
        """The line that a user sees."""
        return f"{self.origin}: {self.reason}; {self.hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row of the gazetteer.

    Parameters
    ----------
    id
        Source-prefixed identifier, e.g. ``"geonames:703448"``, ``"overlay:lysa-hora-kyiv"``.
    name
        Modern local romanisation.
    country
        ISO 3166-1 alpha-2 code under the worldview in force; ``None`` for a
        place that lies in several countries.
    admin1
        Name of the first-level region, or ``None``.
    lat, lon
        Representative point, EPSG:4326 degrees.
    feature_class, feature_code
        GeoNames feature class and code (https://www.geonames.org/export/codes.html).
    radius_km
        Radius within which the true location lies, or half the extent of an area.
    population
        Inhabitants; 0 when not known.
    approximate
        Whether the point stands for a place whose own coordinates are not known.
    note
        Why an overlay row exists (e.g. ``"machine translation of Балаклея"``).
    admin2, admin3
        Names of the second and third level, or ``None``: raion and hromada in
        Ukraine. Known to the gazetteer only; saved extractions leave them out.
    reviewed
        Whether a hand-written overlay row describes it, because texts on
        conflict name it.
    """

    id: str
    name: str
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    feature_class: str
    feature_code: str
    radius_km: float
    population: int = 0
    approximate: bool = False
    note: str | None = None
    admin2: str | None = None
    admin3: str | None = None
    reviewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name may stand for.

    Parameters
    ----------
    place
        The gazetteer row.
    score
        0..1; comparable among candidates of one name only.
    match
        How the name matched.
    reason
        The match and the evidence in a few words.
    """

    place: Place
    score: float
    match: MatchKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A name of a place in an article, its reading and its resolution."""

    id: int
    start: int
    end: int
    text: str
    reading: Reading
    place: Place | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...] = ()

    @property
    def place_key(self) -> str:
        """What two names of one place have in common: its identifier, without a place the text."""
        return self.place.id if self.place is not None else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativePlace:
    """A place told by others: "20 km east of Kharkiv", "between Izium and Sloviansk".

    Parameters
    ----------
    start, end, text
        The whole phrase with its anchors.
    anchors
        :attr:`Toponym.id` of the names it hangs on; empty where only an adjective
        names a country ("near the Polish border").
    relation
        What the phrase says: a distance and a direction (``"offset"``), a distance
        alone (``"distance"``) or at most (``"within"``), a direction alone
        (``"bearing"``), a part or the edge of something, and so on.
    distance_km
        As stated, the middle of a range; ``None`` when the text gives none.
    bearing_deg
        As stated, clockwise from north; ``None`` when the text gives none or several.
    geometry
        GeoJSON (``lon, lat``) of where the place may lie; ``None`` when an anchor
        has no place or the text leaves too much open.
    method
        How the geometry was drawn; ``None`` without one.
    lon, lat
        The likeliest point, EPSG:4326 degrees; ``None`` without a geometry.
    uncertainty_km
        Radius around that point within which the place lies; ``None`` without a geometry.
    reason
        How it was read and drawn, in a few words.
    locates
        :attr:`Toponym.id` of the name that the phrase tells the place of ("Chuhuiv,
        35 km east of Kharkiv"); ``None`` when it stands alone.
    """

    start: int
    end: int
    text: str
    anchors: tuple[int, ...]
    relation: Relation
    distance_km: float | None
    bearing_deg: float | None
    geometry: Mapping[str, Any] | None
    method: GeometryMethod | None
    lon: float | None
    lat: float | None
    uncertainty_km: float | None
    reason: str
    locates: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The word or words that say that an event happens."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The sentence that holds a trigger."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceArgument:
    """A toponym in its role; ``toponym`` is :attr:`Toponym.id`."""

    role: PlaceRole
    toponym: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does it, to whom, with whom; ``side`` is a code such as ``"RU"``, or ``None``."""

    text: str
    role: ActorRole
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says so. All fields may be ``None`` but not all at once."""

    speaker: str | None = None
    organisation: str | None = None
    side: str | None = None
    verb: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """When; ``start`` and ``end`` are both included days."""

    start: dt.date
    end: dt.date
    precision: DatePrecision
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, where, when, and who says so.

    ``geometry`` is a GeoJSON geometry (``lon, lat``) or ``None`` for an event
    without a resolvable place. ``bearings_deg`` of a sector live in the
    geometry itself. ``codes`` holds ``acled``, ``plover`` and ``cameo``.
    ``weapon`` is the word of the text. ``counts`` holds ``killed``, ``injured``,
    ``evacuated`` and ``exchanged`` as whole numbers, where the text gives them;
    files of version 0.1 lack both.
    """

    id: str
    type: str
    subtype: str | None
    trigger: Trigger
    sentence: Sentence
    places: tuple[PlaceArgument, ...]
    geometry: Mapping[str, Any] | None
    geometry_method: GeometryMethod | None
    uncertainty_km: float | None
    date: DateRange | None
    actors: tuple[Actor, ...]
    factuality: Factuality
    attribution: Attribution | None
    codes: Mapping[str, str]
    confidence: float
    reason: str
    weapon: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made a record, so that it can be made again."""

    version: str
    gazetteer: str
    model: str
    settings_sha256: str
    worldview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedArticle:
    """An article with its toponyms, relative places, events, and what could not be decided."""

    article: Article
    toponyms: tuple[Toponym, ...]
    events: tuple[Event, ...]
    provenance: Provenance
    warnings: tuple[str, ...] = field(default=())
    relative_places: tuple[RelativePlace, ...] = field(default=())

    def _repr_html_(self) -> str:
        """Show the map of the article in a notebook."""
        import geomap  # noqa: PLC0415 - the public names, which load the rest at need

        return str(geomap.draw_map(self)._repr_html_())

    def phrase_of(self, event: Event) -> str | None:
        """Give the words that tell where an event is by another place.

        Parameters
        ----------
        event
            One of :attr:`events`.

        Returns
        -------
        str or None
            E.g. ``"20 km east of Kharkiv"`` when the event's geometry is that of
            this relative place; ``None`` when it is that of its places.
        """
        named = {argument.toponym for argument in event.places}
        for place in self.relative_places:
            drawn = place.geometry is not None and place.geometry == event.geometry
            if drawn and named & set(place.anchors):
                return " ".join(place.text.split())
        return None


def fields_of(record: Any) -> dict[str, Any]:
    """Give the fields of a record by name, as they are.

    ``dataclasses.asdict`` copies every value at every depth, which takes ten
    times as long and is of no use for values that nobody changes.

    Parameters
    ----------
    record
        Any record of this module.

    Returns
    -------
    dict
        In the order of the fields; records in it stay records.

    Examples
    --------
    >>> fields_of(PlaceArgument(role="at", toponym=0))
    {'role': 'at', 'toponym': 0}
    """
    names, read = _fields_of(type(record))  # type: ignore[arg-type]
    return dict(zip(names, read(record), strict=True))


def made_of(kind: type[_Record], values: Mapping[str, Any]) -> _Record:
    """Make a record of the fields that :func:`fields_of` gives.

    By its slots, which takes less than half of the time of a frozen dataclass's own
    constructor; with that where a field is lacking.

    Parameters
    ----------
    kind
        A record of this module.
    values
        Its fields by name.

    Examples
    --------
    >>> made_of(PlaceArgument, {"role": "at", "toponym": 0})
    PlaceArgument(role='at', toponym=0)
    """
    stores = _stores_of(kind)  # type: ignore[arg-type]
    if values.keys() != stores.keys():
        return kind(**values)
    made = kind.__new__(kind)
    for name, value in values.items():
        stores[name](made, value)
    return made


@cache
def _fields_of(kind: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Give the names of a record's fields and what reads all of them at once."""
    names = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    if len(names) == 1:
        return names, lambda record: (getattr(record, names[0]),)
    return names, attrgetter(*names)


@cache
def _stores_of(kind: type) -> Mapping[str, Callable[[Any, Any], None]]:
    """Give what writes each field of a record with slots."""
    fields = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return {name: getattr(kind, name).__set__ for name in fields}
