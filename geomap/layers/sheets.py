"""Sheets: CSV with WKT, and the tables that humanitarian and conflict data users expect."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from geomap.layers.tables import Tables

__all__ = ["ACLED_COLUMNS", "HXL_COLUMNS", "safe_cell", "write_acled", "write_csv", "write_hxl"]

# What spreadsheets take as the start of a formula (OWASP, "CSV Injection", also the
# full-width signs), and the quote that makes it text, so that the quote can be taken off again.
# Spreadsheets skip blanks before a formula.
_FORMULA = re.compile("[ \u00a0]*[-=+@\t\r\n＝＋－＠'|%]")

# ACLED codebook, January 2024, "Columns"; without those that only ACLED can fill.
ACLED_COLUMNS: Mapping[str, str] = {
    "event_id_cnty": "event_id",
    "event_date": "first day",
    "year": "of the first day",
    "time_precision": "1 day, 2 week, 3 month",
    "event_type": "ACLED event type",
    "sub_event_type": "ACLED sub-event type",
    "actor1": "who does it",
    "actor2": "to whom, or with whom",
    "country": "ISO 3166-1 alpha-2 code (ACLED: the name)",
    "admin1": "first-level region",
    "location": "places",
    "latitude": "of the representative point, EPSG:4326",
    "longitude": "of the representative point, EPSG:4326",
    "geo_precision": "1 town, 2 part of a region, 3 region, by uncertainty_km",
    "source": "source of the article, else its title or id",
    "notes": "the sentence",
    "fatalities": "killed, 0 where the text gives none, as ACLED has it",
    "tags": "factuality, and our own event type",
}
# ACLED codebook, "Geo-precision codes": the exact town; near it, or a part of the region;
# a larger region. The borders in km are ours: half the extent of a town, of a district.
_TOWN_KM, _PART_KM = 10.0, 50.0
_TIME_PRECISION = {"minute": 1, "day": 1, "week": 2, "month": 3}

# HXL 1.1 hashtags and attributes (https://hxlstandard.org/standard/1-1final/dictionary/).
HXL_COLUMNS: Mapping[str, str] = {
    "event_id": "#event+id",
    "type": "#event+type",
    "factuality": "#status+factuality",
    "date_start": "#date+start",
    "date_end": "#date+end",
    "places": "#loc+name",
    "country": "#country+code+iso2",
    "admin1": "#adm1+name",
    "lat": "#geo+lat",
    "lon": "#geo+lon",
    "uncertainty_km": "#geo+precision+km",
    "actors": "#org+name+actors",
    "killed": "#affected+killed",
    "injured": "#affected+injured",
    "evacuated": "#affected+evacuated",
    "exchanged": "#affected+exchanged",
    "sentence": "#description+sentence",
    "organisation": "#meta+source+organisation",
    "title": "#meta+title",
    "url": "#meta+url",
    "published": "#date+published",
}


def safe_cell(value: Any) -> Any:
    """Make text that a spreadsheet would run as a formula plain text.

    Parameters
    ----------
    value
        A cell; only text changes: a quote is put before it.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-1.5), safe_cell("plain")
    ("'=HYPERLINK(1)", -1.5, 'plain')
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def write_csv(tables: Tables, folder: Path, crs: str) -> None:
    """Write ``events``, ``toponyms``, ``claims`` and ``articles`` as CSV.

    UTF-8 with a byte order mark, which spreadsheets need to see it; geometries as WKT
    in the column ``wkt``; absent values empty.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the files go.
    crs
        CRS of the geometries.
    """
    for name in ("events", "toponyms"):
        frame = getattr(tables, name).to_crs(crs)
        shapes = frame.geometry.to_numpy()
        flat = pd.DataFrame(frame.drop(columns="geometry"))
        # Seven decimals of a degree are a centimetre.
        flat["wkt"] = shapely.to_wkt(shapes, rounding_precision=7)
        _write(folder / f"{name}.csv", flat)
    for name in ("claims", "articles"):
        _write(folder / f"{name}.csv", getattr(tables, name))


def write_acled(tables: Tables, folder: Path, _crs: str) -> None:
    """Write ``acled.csv``: the placed events in the columns of ACLED's exports.

    Not ACLED's data: no actor codes and no coder's judgement. Only what is asserted
    or claimed is written, because an export of ACLED holds what happened.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the file goes.
    """
    events = tables.events
    told = events[events.geometry.notna() & events["factuality"].isin(["asserted", "claimed"])]
    points = told.geometry.representative_point()
    # By attribute: a tuple a row costs a tenth of a dict of all columns.
    rows = [
        _acled_row(row, x, y)
        for row, x, y in zip(told.itertuples(index=False), points.x, points.y, strict=True)
    ]
    _write(folder / "acled.csv", pd.DataFrame(rows, columns=list(ACLED_COLUMNS), dtype=object))


def write_hxl(tables: Tables, folder: Path, _crs: str) -> None:
    """Write ``hxl.csv``: the events, with a row of HXL hashtags under the headings.

    Parameters
    ----------
    tables
        The articles.
    folder
        Where the file goes.
    """
    frame = _with_point(tables.events)
    _write(folder / "hxl.csv", frame[list(HXL_COLUMNS)], tags=list(HXL_COLUMNS.values()))


def _with_point(events: gpd.GeoDataFrame) -> pd.DataFrame:
    points = events.geometry.representative_point()
    frame = pd.DataFrame(events.drop(columns="geometry"))
    return frame.assign(lat=points.y.round(5), lon=points.x.round(5))


def _acled_row(row: Any, lon: float, lat: float) -> list[Any]:
    kind, _, sub_kind = (row.acled or "").partition("/")
    first, other = _actors(row.arguments)
    day, killed = row.date_start, row.killed
    return [
        row.event_id, day, day[:4] if day else None, _TIME_PRECISION.get(row.date_precision),
        kind or None, sub_kind or None, first, other, row.country, row.admin1, row.places,
        round(lat, 5), round(lon, 5), _geo_precision(row.uncertainty_km),
        row.source or row.title or row.article_id, row.sentence, 0 if pd.isna(killed) else killed,
        f"factuality={row.factuality}; type={row.type}",
    ]  # fmt: skip


def _actors(arguments: str | None) -> tuple[str | None, str | None]:
    """Give who does it, and to whom or with whom."""
    held = json.loads(arguments).get("actors", ()) if arguments else ()

    def named(*roles: str) -> str | None:
        return "; ".join(one["text"] for one in held if one["role"] in roles) or None

    return named("by"), named("against", "with")


def _geo_precision(uncertainty_km: float | None) -> int:
    if uncertainty_km is None or pd.isna(uncertainty_km):
        return 3
    return 1 if uncertainty_km <= _TOWN_KM else 2 if uncertainty_km <= _PART_KM else 3


def _write(path: Path, frame: pd.DataFrame, *, tags: Sequence[str] | None = None) -> None:
    columns = [_cells(frame[name]) for name in frame.columns]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(frame.columns)
        if tags is not None:
            writer.writerow(tags)
        writer.writerows(zip(*columns, strict=True))


def _cells(column: pd.Series) -> list[Any]:
    """Give the cells of a column: absent ones as ``None``, formulas as text."""
    cells = column.astype(object)
    return [safe_cell(cell) for cell in cells.where(cells.notna(), None)]
