"""Edits: what an analyst changed in the layer of names becomes rows of a corrections file."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyproj import Geod

from geomap.errors import InputError
from geomap.files import replacing
from geomap.gazetteer.corrections import COLUMNS, read_corrections
from geomap.gazetteer.normalise import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from geomap.layers.tables import Tables
    from geomap.records import ExtractedArticle, Place

__all__ = ["Edit", "edits_of", "update_corrections"]

# Layers keep a point to a metre; a hand on a mouse moves it farther.
_LEAST_M = 10.0
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of a name's place.

    Parameters
    ----------
    action
        ``"pin"``, or ``"never"`` where the place was taken away.
    name
        As the text spells it.
    place
        Identifier of another place; ``None`` where the point was moved.
    lon, lat
        Where the point was moved to, EPSG:4326 degrees; ``None`` otherwise.
    note
        What was changed.
    """

    action: str
    name: str
    place: str | None = None
    lon: float | None = None
    lat: float | None = None
    note: str = ""

    def row(self) -> dict[str, Any]:
        """Give the row of a corrections file."""
        held = {name: getattr(self, name, None) for name in COLUMNS}
        return {name: "" if value is None else value for name, value in held.items()}


def edits_of(edited: Tables, before: Iterable[ExtractedArticle]) -> tuple[Edit, ...]:
    """Find what was changed.

    Parameters
    ----------
    edited
        Layers as the analyst left them.
    before
        The extraction that they were written from.

    Returns
    -------
    tuple of Edit
        One a name: the last change in the order of the layer. A moved point wins over
        a changed ``place_id``. Deleted rows say nothing.
    """
    places = {
        f"{extracted.article.id}/t{toponym.id}": toponym.place
        for extracted in before
        for toponym in extracted.toponyms
    }
    found: dict[str, Edit] = {}
    for row in edited.toponyms.to_dict("records"):
        identifier = row["toponym_id"]
        edit = _edit(row, places[identifier]) if identifier in places else None
        if edit is not None:
            found[key(edit.name)] = edit
    return tuple(found.values())


def update_corrections(path: Path, edits: Iterable[Edit]) -> int:
    """Add edits to a corrections file; a name that it pins already is pinned anew.

    Parameters
    ----------
    path
        A CSV file; made when it is not there.
    edits
        What :func:`edits_of` gave.

    Returns
    -------
    int
        How many rows were added or replaced.

    Raises
    ------
    InputError
        When the file is not CSV.
    GazetteerError
        When the file that is there cannot be read.
    OutputError
        When it cannot be written.
    """
    if path.suffix.lower() != ".csv":
        msg = f"{path}: edits are written as CSV only; give a file ending in .csv"
        raise InputError(msg)
    new = {key(edit.name): edit.row() for edit in edits}
    kept = []
    if path.is_file():
        read_corrections(path)
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            is_replaced = row["action"] in {"pin", "never"} and key(row["name"]) in new
            if not is_replaced:
                kept.append({name: row.get(name) or "" for name in COLUMNS})
    with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows([*kept, *new.values()])
    return len(new)


def _edit(row: Mapping[Any, Any], before: Place | None) -> Edit | None:
    name, point, place_id = row["text"], row["geometry"], row["place_id"]
    if point is not None and _is_moved(point, before):
        note = f"moved in the layer, article {row['article_id']}"
        lon, lat = round(point.x, 5), round(point.y, 5)
        return Edit(action="pin", name=name, lon=lon, lat=lat, note=note)
    if place_id is not None and (before is None or place_id != before.id):
        note = f"another place in the layer, article {row['article_id']}"
        return Edit(action="pin", name=name, place=place_id, note=note)
    if before is not None and place_id is None:
        note = f"no place in the layer, article {row['article_id']}"
        return Edit(action="never", name=name, note=note)
    return None


def _is_moved(point: Any, before: Place | None) -> bool:
    if before is None:
        return True
    _, _, metres = _GEOD.inv(before.lon, before.lat, point.x, point.y)
    return bool(metres > _LEAST_M)
