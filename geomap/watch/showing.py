"""Showing: map, layers and report of a store, all replaced when all are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.files import staging
from geomap.outputs import write_outputs
from geomap.store import open_store
from geomap.store.opening import STORE_FILE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["REPORT_FILE", "show"]

REPORT_FILE = "report.html"


def show(
    store: Path,
    output: Path,
    *,
    title: str | None = None,
    language: str = "en",
    draw_negated: bool = False,
) -> tuple[Path, ...]:
    """Write what a store holds.

    Parameters
    ----------
    store
        Its folder.
    output
        Folder of the files, made where it is missing.
    title, language, draw_negated
        Of the map; title and language of the report, too.

    Returns
    -------
    tuple of Path
        The files; none while there is no store.

    Raises
    ------
    StoreError, OutputError
        When the store cannot be read, or a file not written; the old files stay.
    """
    if not (store / STORE_FILE).exists():
        return ()
    from geomap.report_page import figures_of_store, report_html, save_page  # noqa: PLC0415 - folium

    with open_store(store) as opened, staging(output) as stage:
        rows = list(opened.extractions())
        names = write_outputs(
            rows, stage, title=title, draw_negated=draw_negated, language=language
        )
        figures = figures_of_store(opened, rows=rows)
        save_page(report_html(figures, title=title, language=language), stage / REPORT_FILE)
    return tuple(output / name for name in (*names, REPORT_FILE))
