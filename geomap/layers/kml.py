"""KML 2.2: folders by event type, a style for each, time spans, balloons with the sentence.

Written as text, one placemark after the other, every value escaped: GDAL's drivers
write either time spans or styles by type, not both.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
from shapely.geometry import mapping

from geomap.layers.cleaning import clean_text
from geomap.layers.notice import ATTRIBUTION, TITLE
from geomap.palette import EVENT_COLOURS, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geomap.layers.tables import Tables

__all__ = ["write_kml"]

# Shown in the balloon, in this order; all else of the schema stays in the other formats.
_DATA = (
    "event_id", "factuality", "speaker", "organisation", "places", "place_texts", "actors",
    "killed", "injured", "date_text", "geometry_method", "uncertainty_km", "confidence", "reason",
    "title", "source", "url",
)  # fmt: skip
# What is not asserted is fainter: alpha of lines and icons, of areas.
_ALPHA = {"asserted": ("ff", "60"), "claimed": ("ff", "40"), "planned": ("b0", "28"),
          "possible": ("b0", "28"), "denied": ("60", "10"), "negated": ("60", "10")}  # fmt: skip
_OTHER = "other"


def write_kml(tables: Tables, folder: Path, _crs: str) -> None:
    """Write ``events.kml``: the events that have a place.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the file goes.
    """
    events = tables.events[tables.events.geometry.notna()].sort_values("type", kind="stable")
    with (folder / "events.kml").open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
            f"<name>{escape(TITLE)}</name>\n<open>1</open>\n"
            f"<description>{escape(ATTRIBUTION)}</description>\n"
        )
        stream.writelines(_styles())
        for kind, rows in groupby(events.itertuples(index=False), key=attrgetter("type")):
            stream.write(f"<Folder><name>{escape(label_of(kind))}</name>\n")
            stream.writelines(_placemark(row) for row in rows)
            stream.write("</Folder>\n")
        stream.write("</Document>\n</kml>\n")


def _styles() -> Iterator[str]:
    for kind, colour in EVENT_COLOURS.items():
        # KML has aabbggrr.
        bgr = f"{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()
        for factuality, (line, area) in _ALPHA.items():
            yield (
                f'<Style id="{kind}-{factuality}">'
                f"<IconStyle><color>{line}{bgr}</color><scale>1.1</scale></IconStyle>"
                f"<LabelStyle><scale>0.8</scale></LabelStyle>"
                f"<LineStyle><color>{line}{bgr}</color><width>3</width></LineStyle>"
                f"<PolyStyle><color>{area}{bgr}</color></PolyStyle></Style>\n"
            )


def _placemark(row: Any) -> str:
    kind = row.type if row.type in EVENT_COLOURS else _OTHER
    name = row.places or label_of(row.type)
    data = "".join(
        f"<Data name={quoteattr(field)}><value>{escape(clean_text(str(value)))}</value></Data>"
        for field in _DATA
        if (value := getattr(row, field)) is not None and not pd.isna(value)
    )
    # Google Earth reads a description as HTML, so the text is escaped twice.
    shown = escape(escape(row.sentence or ""))
    return (
        f"<Placemark><name>{escape(name)}</name>"
        f"<description>{shown}</description>{_time_span(row.date_start, row.date_end)}"
        f"<styleUrl>#{kind}-{row.factuality}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{_geometry(mapping(row.geometry))}</Placemark>\n"
    )


def _time_span(start: str | None, end: str | None) -> str:
    if start is None:
        return ""
    last = f"<end>{end}</end>" if end else ""
    return f"<TimeSpan><begin>{start}</begin>{last}</TimeSpan>"


def _geometry(shape: dict[str, Any]) -> str:
    kind, parts = shape["type"], shape.get("coordinates", ())
    if kind == "Point":
        return f"<Point><coordinates>{_positions([parts])}</coordinates></Point>"
    if kind == "LineString":
        return (
            "<LineString><tessellate>1</tessellate>"
            f"<coordinates>{_positions(parts)}</coordinates></LineString>"
        )
    if kind == "Polygon":
        outer, *inner = (
            f"<LinearRing><coordinates>{_positions(ring)}</coordinates></LinearRing>"
            for ring in parts
        )
        holes = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in inner)
        return (
            "<Polygon><tessellate>1</tessellate>"
            f"<outerBoundaryIs>{outer}</outerBoundaryIs>{holes}</Polygon>"
        )
    members = (
        shape["geometries"]
        if kind == "GeometryCollection"
        else [{"type": kind.removeprefix("Multi"), "coordinates": part} for part in parts]
    )
    return f"<MultiGeometry>{''.join(map(_geometry, members))}</MultiGeometry>"


def _positions(positions: Sequence[Sequence[float]]) -> str:
    return " ".join(f"{position[0]:.6f},{position[1]:.6f}" for position in positions)
