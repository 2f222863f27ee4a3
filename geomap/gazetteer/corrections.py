"""What the user knows better: pins, aliases, and words that are never a place.

A small file that lives in the user's project and is reviewed like code:

.. code-block:: toml

    [[pin]]                       # in this project the name means one place
    name = "Andriivka"
    place = "katottg:UA14020090010039036"
    note = "the one south of Bakhmut"

    [[alias]]                     # one more name of a place
    name = "Grad"
    place = "geonames:703448"

    [[never]]                     # no place, whatever the gazetteer says
    name = "Marianna"

or CSV with the columns ``action,name,place,lat,lon,radius_km,note``. A pin or an
alias may give ``lat``, ``lon`` and ``radius_km`` instead of a place.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.errors import GazetteerError
from geomap.gazetteer.incoming import checked_point
from geomap.gazetteer.normalise import key
from geomap.records import Candidate, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Correction", "Corrections", "Pins", "read_corrections"]

ACTIONS = ("pin", "alias", "never")
COLUMNS = ("action", "name", "place", "lat", "lon", "radius_km", "note")
# An alias is as good as an attested other name of a middling town.
_ALIAS_SCORE = 0.6
_POINT_RADIUS_KM = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One row.

    Parameters
    ----------
    where
        File and row, for messages and reasons.
    action
        ``"pin"``, ``"alias"`` or ``"never"``.
    name
        As texts have it; matched by its key.
    place
        Identifier of a place, or ``None``.
    lon, lat, radius_km
        A place of the user's own, EPSG:4326 degrees; ``None`` without.
    note
        Why, or ``None``.
    """

    where: str
    action: str
    name: str
    place: str | None = None
    lon: float | None = None
    lat: float | None = None
    radius_km: float | None = None
    note: str | None = None


class Corrections:
    """The rows of a corrections file; false when there is none.

    Parameters
    ----------
    rows
        Checked rows.
    digest
        SHA-256 of the file, which goes into outputs.
    """

    def __init__(self, rows: tuple[Correction, ...] = (), *, digest: str = "") -> None:
        self.rows = rows
        self.digest = digest
        self._never = {key(row.name) for row in rows if row.action == "never"}

    def __bool__(self) -> bool:
        """Tell whether there is any row."""
        return bool(self.rows)

    def is_never(self, found: str) -> bool:
        """Tell whether a key is never a place."""
        return found in self._never

    def bind(self, place_of: Callable[[str], Place | None]) -> Pins:
        """Look the identifiers up.

        Parameters
        ----------
        place_of
            Gives the place of an identifier, or ``None``.

        Returns
        -------
        Pins
            Places by key.

        Raises
        ------
        GazetteerError
            Naming every row whose place is in no gazetteer file.
        """
        pins: dict[str, tuple[Correction, Place]] = {}
        aliases: dict[str, list[tuple[Correction, Place]]] = {}
        stale: list[str] = []
        for row in self.rows:
            if row.action == "never":
                continue
            place = place_of(row.place) if row.place else _own(row)
            if place is None:
                stale.append(f"{row.where}: {row.name!r} names {row.place!r}")
            elif row.action == "pin":
                pins[key(row.name)] = (row, place)
            else:
                aliases.setdefault(key(row.name), []).append((row, place))
        if stale:
            msg = (
                f"corrections name places that no gazetteer file has ({'; '.join(stale)}); look "
                "the identifier up with `geomap geocode NAME`, or add the gazetteer that has it"
            )
            raise GazetteerError(msg)
        return Pins(pins, aliases)


class Pins:
    """Corrections with their places."""

    def __init__(
        self,
        pins: dict[str, tuple[Correction, Place]],
        aliases: dict[str, list[tuple[Correction, Place]]],
    ) -> None:
        self._pins = pins
        self._aliases = aliases

    def __contains__(self, found: str) -> bool:
        """Tell whether a key is pinned or an alias."""
        return found in self._pins or found in self._aliases

    def apply(self, found: str, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Put the user's word in place of, or before, what the gazetteer says."""
        if found in self._pins:
            row, place = self._pins[found]
            return (_candidate(row, place, score=1.0),)
        extra = [_candidate(row, place, score=_ALIAS_SCORE) for row, place in self._of(found)]
        known = {c.place.id for c in extra}
        if not extra:
            return candidates
        merged = [*extra, *(c for c in candidates if c.place.id not in known)]
        return tuple(sorted(merged, key=lambda c: -c.score))

    def _of(self, found: str) -> list[tuple[Correction, Place]]:
        return self._aliases.get(found, [])


def _candidate(row: Correction, place: Place, *, score: float) -> Candidate:
    words = "is pinned to" if row.action == "pin" else "is an alias of"
    why = f"“{row.name}” {words} {place.name} by {row.where}" + (
        f": {row.note}" if row.note else ""
    )
    match = "pinned" if row.action == "pin" else "alias"
    return Candidate(place=place, score=score, match=match, reason=why)  # type: ignore[arg-type]


def _own(row: Correction) -> Place | None:
    if row.lon is None or row.lat is None:
        return None
    slug = key(row.name).replace(" ", "-")
    return Place(
        id=f"correction:{slug}", name=row.name, country=None, admin1=None,
        lon=row.lon, lat=row.lat, feature_class="P", feature_code="PPL",
        radius_km=row.radius_km or _POINT_RADIUS_KM, note=row.note,
    )  # fmt: skip


def read_corrections(path: Path) -> Corrections:
    """Read a corrections file.

    Parameters
    ----------
    path
        ``.toml`` or ``.csv``, UTF-8.

    Returns
    -------
    Corrections
        Its rows, checked.

    Raises
    ------
    GazetteerError
        When the file cannot be read or a row cannot be used; every faulty row
        is named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        msg = f"{path}: corrections cannot be read ({err}); give a TOML or CSV file in UTF-8"
        raise GazetteerError(msg) from err
    raw = list(_toml_rows(path, text) if path.suffix.lower() == ".toml" else _csv_rows(path, text))
    rows: list[Correction] = []
    faults: list[str] = []
    for where, cells in raw:
        try:
            rows.append(_checked(where, cells))
        except GazetteerError as err:
            faults.append(str(err))
    pinned: dict[str, str] = {}
    for row in rows:
        if row.action == "pin" and key(row.name) in pinned:
            faults.append(f"{row.where}: {row.name!r} is pinned already at {pinned[key(row.name)]}")
        if row.action == "pin":
            pinned.setdefault(key(row.name), row.where)
    if faults:
        raise GazetteerError("corrections: " + "; ".join(faults))
    return Corrections(tuple(rows), digest=hashlib.sha256(text.encode()).hexdigest())


def _toml_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as err:
        raise GazetteerError(f"{path}: no TOML ({err})") from err
    for action, rows in tables.items():
        if action not in ACTIONS or not isinstance(rows, list):
            msg = f"{path}: table {action!r} is unknown; expected [[pin]], [[alias]] or [[never]]"
            raise GazetteerError(msg)
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, dict):
                msg = f"{path}: {action} {number} is {row!r}; expected [[{action}]] with a name"
                raise GazetteerError(msg)
            yield f"{path.name} [[{action}]] {number}", {**row, "action": action}


def _csv_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="(more)")
    missing = [c for c in ("action", "name") if c not in (reader.fieldnames or ())]
    if missing:
        msg = f"{path}: column {missing[0]!r} is missing; expected the columns {', '.join(COLUMNS)}"
        raise GazetteerError(msg)
    try:
        for row in reader:
            yield f"{path.name} line {reader.line_num}", dict(row)
    except csv.Error as err:
        msg = f"{path} line {reader.line_num}: no whole row ({err}); close the quotes"
        raise GazetteerError(msg) from err


def _checked(where: str, row: dict[str, Any]) -> Correction:
    unknown = [column for column in row if column not in COLUMNS]
    if unknown:
        raise GazetteerError(f"{where}: {unknown[0]!r} is unknown; one of {', '.join(COLUMNS)}")
    cells = {name: str(value).strip() for name, value in row.items() if value is not None}
    action, name = cells.get("action", ""), cells.get("name", "")
    if action not in ACTIONS:
        raise GazetteerError(f"{where}: action {action!r} is unknown; one of {', '.join(ACTIONS)}")
    if not key(name):
        raise GazetteerError(f"{where}: name {name!r} has no letters; give the name texts use")
    place, lon, lat = cells.get("place") or None, cells.get("lon"), cells.get("lat")
    point = checked_point(where, 1, lon, lat) if lon and lat else None
    if action != "never" and (place is None) == (point is None):
        raise GazetteerError(f"{where}: {name!r} needs a place, or lat and lon, and not both")
    return Correction(
        where=where, action=action, name=name, place=place,
        lon=point[0] if point else None, lat=point[1] if point else None,
        radius_km=_radius(where, cells.get("radius_km")), note=cells.get("note") or None,
    )  # fmt: skip


def _radius(where: str, text: str | None) -> float | None:
    if not text:
        return None
    try:
        radius = float(text)
    except ValueError:
        radius = -1.0
    if not 0 < radius < 20_000:  # noqa: PLR2004 - half the Earth's girth, km
        raise GazetteerError(f"{where}: radius_km {text!r} is no distance; expected km above 0")
    return radius
