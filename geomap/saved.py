"""Saved: what earlier runs left is read back, by what its name says it is.

That is an extraction (JSON lines), layers, or a folder of partitions that a cluster wrote.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geomap.endings import LAYER_ENDINGS

if TYPE_CHECKING:
    from geomap.layers import Tables
    from geomap.records import ExtractedArticle
    from geomap.selection import Selection

__all__ = ["saved_articles", "saved_tables"]

# What loads geopandas is loaded for those who have such files.


def saved_articles(file: str) -> list[ExtractedArticle]:
    """Read what was saved as articles: all of it, or nothing.

    Parameters
    ----------
    file
        Path of an extraction (``-`` for standard input), of layers, or of a folder of
        partitions, whose articles are in the order of their ids.

    Returns
    -------
    list of ExtractedArticle
        With the whole text from an extraction; as of :func:`geomap.layers.read_layers` else.

    Raises
    ------
    GeomapError
        When it cannot be read, or is none of these.
    """
    if _is_extraction(file):
        from geomap.contract import read_extractions  # noqa: PLC0415

        return list(read_extractions(file))
    from geomap.layers import extractions_of  # noqa: PLC0415

    return extractions_of(_tables(file), where=file)


def saved_tables(file: str, selection: Selection) -> Tables:
    """Read what was saved as tables, and keep some events of it.

    Parameters
    ----------
    file
        As for :func:`saved_articles`.
    selection
        Which events.

    Returns
    -------
    Tables
        EPSG:4326. The rows of layers and partitions stay as they are, whatever the records
        leave out.

    Raises
    ------
    GeomapError
        As of :func:`saved_articles`.
    """
    from geomap.layers import extractions_of, tables_of  # noqa: PLC0415
    from geomap.selection import select_events  # noqa: PLC0415

    if _is_extraction(file):
        return tables_of(select_events(saved_articles(file), selection))
    tables = _tables(file)
    kept = select_events(extractions_of(tables, where=file), selection)
    return tables.keep([f"{one.article.id}/{event.id}" for one in kept for event in one.events])


def _tables(file: str) -> Tables:
    if not Path(file).is_dir():
        from geomap.layers import read_tables  # noqa: PLC0415

        return read_tables(file)
    from geomap.cluster import read_partitions  # noqa: PLC0415

    return read_partitions(file)


def _is_extraction(file: str) -> bool:
    return not file.endswith(LAYER_ENDINGS) and not Path(file).is_dir()
