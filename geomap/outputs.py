"""Outputs: the files that one run of ``geomap map`` leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geomap.records import ExtractedArticle

__all__ = ["MAP_FILE", "write_outputs"]

MAP_FILE = "map.html"
EXTRACTION_FILE = "extraction.jsonl"
LAYER_FORMATS = ("geojson", "gpkg")


def write_outputs(
    extractions: Sequence[ExtractedArticle],
    folder: Path,
    *,
    title: str | None = None,
    draw_negated: bool = False,
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

    Returns
    -------
    tuple of str
        Names of the files written: ``map.html``, ``events.geojson``,
        ``geomap.gpkg`` (and what else the layers consist of),
        ``extraction.jsonl``.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    # folium and geopandas take a second to load; reading faulty input needs neither.
    from geomap.contract import write_extractions  # noqa: PLC0415
    from geomap.layers import write_layers  # noqa: PLC0415
    from geomap.maps import draw_map, write_map  # noqa: PLC0415

    drawn = draw_map(extractions, title=title, draw_negated=draw_negated)
    write_map(drawn, folder / MAP_FILE)
    layers = write_layers(extractions, folder, formats=LAYER_FORMATS)
    write_extractions(extractions, folder / EXTRACTION_FILE)
    names = (MAP_FILE, *(path.name for path in layers.values()), EXTRACTION_FILE)
    return tuple(dict.fromkeys(names))
