"""Outputs: the files that one run of ``geomap map`` leaves behind."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from geomap.errors import GeomapError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from geomap.layers import Tables
    from geomap.records import ExtractedArticle
    from geomap.selection import Selection

__all__ = ["EXTRACTION_FILE", "MAP_FILE", "chosen_tables", "filtered", "write_outputs"]

MAP_FILE = "map.html"
EXTRACTION_FILE = "extraction.jsonl"
LAYER_FORMATS = ("geojson", "gpkg")


def write_outputs(
    extractions: Sequence[ExtractedArticle],
    folder: Path,
    *,
    title: str | None = None,
    draw_negated: bool = False,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write the map, the layers and the contract of some articles.

    Parameters
    ----------
    extractions
        The articles, at least one.
    folder
        An existing folder, best one of :func:`geomap.files.staging`.
    title
        Title of the map; ``None`` leaves it to the map.
    draw_negated
        Whether negated and denied events are drawn.
    language
        Of the map's own words, as for :func:`geomap.maps.draw_map`; ``None`` for English.

    Returns
    -------
    tuple of str
        Names of the files written: ``map.html``, the files of GeoJSON and
        GeoPackage with its QGIS project, ``extraction.jsonl``.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    # folium and geopandas take a second to load; reading faulty input needs neither.
    from geomap.contract import write_extractions  # noqa: PLC0415
    from geomap.layers import FORMATS, write_layers  # noqa: PLC0415
    from geomap.maps import draw_map, write_map  # noqa: PLC0415

    drawn = draw_map(extractions, title=title, draw_negated=draw_negated, language=language or "en")
    write_map(drawn, folder / MAP_FILE)
    write_layers(extractions, folder, formats=LAYER_FORMATS)
    write_extractions(extractions, folder / EXTRACTION_FILE)
    layers = (file for name in LAYER_FORMATS for file in FORMATS[name].files)
    return (MAP_FILE, *layers, EXTRACTION_FILE)


def chosen_tables(
    files: Sequence[str],
    *,
    store: str | Path | None = None,
    selection: Selection,
    filters: Iterable[str] = (),
    on_fault: Callable[[GeomapError], None],
) -> Tables | None:
    """Read saved extractions, layers or a store, and keep the events asked for.

    Parameters
    ----------
    files
        As for :func:`geomap.saved.saved_articles`.
    store
        Folder of a store that is read besides; ``None`` for none.
    selection, filters
        What to keep: both must hold. See :func:`geomap.layers.parse_filters`.
    on_fault
        Gets the error of a file that cannot be read; the others are read.

    Returns
    -------
    Tables or None
        ``None`` when no file could be read.

    Raises
    ------
    InputError
        When a filter is not understood, before anything is read.
    """
    from geomap.layers import join, parse_filters  # noqa: PLC0415 - loads geopandas
    from geomap.saved import saved_tables  # noqa: PLC0415 - same

    conditions = parse_filters(filters)
    parts = [] if store is None else [_stored(store, selection)]
    for file in files:
        try:
            parts.append(saved_tables(file, selection))
        except GeomapError as err:
            on_fault(err)
    if not parts:
        return None
    tables = join(parts)
    for condition in conditions:
        tables = tables.keep(tables.events["event_id"][condition.holds(tables.events)])
    return tables


def filtered(
    extractions: Sequence[ExtractedArticle], *, filters: Iterable[str]
) -> Sequence[ExtractedArticle]:
    """Keep the events that fulfil conditions on their columns.

    Parameters
    ----------
    extractions
        The articles.
    filters
        All must hold. See :func:`geomap.layers.parse_filters`.

    Returns
    -------
    sequence of ExtractedArticle
        Every article, perhaps without events; the same when there is no filter.

    Raises
    ------
    InputError
        When a filter is not understood.
    """
    filters = tuple(filters)
    if not filters:
        return extractions
    from geomap.frames import events_to_gdf  # noqa: PLC0415 - loads geopandas
    from geomap.layers import parse_filters  # noqa: PLC0415

    conditions = parse_filters(filters)
    events = events_to_gdf(extractions)
    for condition in conditions:
        events = events[condition.holds(events)]
    kept = set(events["event_id"])
    return [
        dataclasses.replace(
            one,
            events=tuple(event for event in one.events if f"{one.article.id}/{event.id}" in kept),
        )
        for one in extractions
    ]


def _stored(store: str | Path, selection: Selection) -> Tables:
    from geomap.layers import tables_of  # noqa: PLC0415
    from geomap.store import open_store  # noqa: PLC0415

    with open_store(store) as opened:
        return tables_of(opened.extractions(selection))
