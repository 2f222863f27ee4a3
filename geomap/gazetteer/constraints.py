"""What a search may be limited to: country, region, box, feature class, distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.errors import GazetteerError
from geomap.gazetteer.normalise import key
from geomap.gazetteer.rows import distance_km

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.records import Candidate, Place

__all__ = ["Constraints"]

_BOX_SIDES = 4
_CLASSES = frozenset("AHLPRSTUV")  # https://www.geonames.org/export/codes.html
# A candidate at this distance from the point asked for counts half.
_HALF_KM = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """Limits of a search; a field left at ``None`` limits nothing.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code.
    region
        Name of a first-level region, of a raion or of a hromada, in any
        spelling of its key ("Kharkiv Oblast").
    bbox
        West, south, east, north, EPSG:4326 degrees; a west beyond the east
        crosses the antimeridian.
    feature
        GeoNames classes ("P") or codes ("PPLC"); any of them.
    near
        ``(lon, lat)``: nearer candidates come first.
    max_km
        With ``near``: farther ones are left out.

    Raises
    ------
    GazetteerError
        When a value cannot be a limit.
    """

    country: str | None = None
    region: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    feature: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    max_km: float | None = None

    def __post_init__(self) -> None:
        """Check what can be checked without a gazetteer."""
        if self.bbox is not None and (len(self.bbox) != _BOX_SIDES or self.bbox[1] > self.bbox[3]):
            raise GazetteerError(f"{self.bbox} is no box; expected west, south, east, north")
        wrong = [f for f in self.feature if not f or f[0].upper() not in _CLASSES]
        if wrong:
            msg = f"feature {wrong[0]!r} is unknown; expected a GeoNames class such as P or a code"
            raise GazetteerError(msg)
        if self.max_km is not None and self.near is None:
            raise GazetteerError(f"max_km {self.max_km} needs a point to be near; give near")

    def select(self, found: Iterable[Candidate]) -> tuple[Candidate, ...]:
        """Keep the candidates within the limits, in their order or by distance."""
        if self == _NONE:
            return tuple(found)
        kept = [c for c in found if self.holds(c.place)]
        if self.near is not None:
            kept.sort(key=lambda c: -c.score / (1 + self._km(c.place) / _HALF_KM))
        return tuple(kept)

    def _km(self, place: Place) -> float:
        assert self.near is not None  # noqa: S101 - for the type checker; callers have checked
        return distance_km(self.near, (place.lon, place.lat))

    def holds(self, place: Place) -> bool:
        """Tell whether a place lies within the limits."""
        kinds = (place.feature_class, place.feature_code)
        return (
            (self.country is None or place.country == self.country.upper())
            and (self.region is None or self._in_region(place))
            and (self.bbox is None or _in_box(place, self.bbox))
            and (not self.feature or any(f.upper() in kinds for f in self.feature))
            and (self.max_km is None or self._km(place) <= self.max_km)
        )

    def _in_region(self, place: Place) -> bool:
        names = {key(n) for n in (place.admin1, place.admin2, place.admin3) if n}
        wanted = key(self.region or "")
        return wanted in names or any(n.startswith(f"{wanted} ") for n in names)


_NONE = Constraints()


def _in_box(place: Place, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    if not south <= place.lat <= north:
        return False
    if west <= east:
        return west <= place.lon <= east
    return place.lon >= west or place.lon <= east
