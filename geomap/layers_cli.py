"""The commands of maps and layers: draw them again, and learn from what was edited in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from geomap.inputs import either, kept_from
from geomap.options import (
    PATH,
    crs_option,
    debug_option,
    draw_negated_option,
    files_argument,
    filter_option,
    formats_option,
    language_option,
    layer_files_argument,
    output_option,
    selection_from,
    selection_options,
    store_option,
    tiles_option,
    title_option,
)
from geomap.outputs import EXTRACTION_FILE
from geomap.terminal import Faults, say

__all__ = ["corrections", "draw", "layers", "picture"]

PICTURE_FORMATS = ("png", "svg")


@click.command(epilog="Example: geomap draw output/extraction.jsonl --type corridor -o corridors/")
@files_argument
@store_option()
@output_option
@selection_options
@title_option
@draw_negated_option
@language_option
@tiles_option
@debug_option
def draw(
    files: tuple[str, ...],
    output: Path,
    title: str | None,
    draw_negated: bool,  # noqa: FBT001 - click passes it by name
    language: str | None,
    tiles: str | None,
    **wanted: Any,
) -> None:
    """Draw map.html again from saved extractions, from layers, or from a store."""
    from geomap.files import staging  # noqa: PLC0415
    from geomap.maps import draw_map, write_map  # noqa: PLC0415
    from geomap.outputs import MAP_FILE  # noqa: PLC0415

    either(files, wanted["store"])
    faults = Faults()
    kept = kept_from(files, selection_from(wanted), faults, store=wanted["store"])
    if kept:
        with staging(output) as stage:
            page = {"language": language, "tiles": tiles}
            chosen = {name: value for name, value in page.items() if value is not None}
            drawn = draw_map(kept, title=title, draw_negated=draw_negated, **chosen)
            write_map(drawn, stage / MAP_FILE)
        click.echo(output / MAP_FILE)
    faults.exit()


@click.command(epilog="Example: geomap picture output/extraction.jsonl --format svg -o report/")
@files_argument
@store_option()
@output_option
@click.option(
    "--format",
    "kind",
    type=click.Choice(PICTURE_FORMATS),
    default="png",
    show_default=True,
    help="Format of the picture.",
)
@selection_options
@title_option
@draw_negated_option
@debug_option
def picture(
    files: tuple[str, ...],
    output: Path,
    kind: str,
    title: str | None,
    draw_negated: bool,  # noqa: FBT001 - click passes it by name
    **wanted: Any,
) -> None:
    """Draw a still picture of saved extractions or a store (needs geomap[picture])."""
    from geomap.files import staging  # noqa: PLC0415
    from geomap.maps.picture import draw_picture  # noqa: PLC0415

    either(files, wanted["store"])
    faults = Faults()
    kept = kept_from(files, selection_from(wanted), faults, store=wanted["store"])
    if kept:
        name = f"map.{kind}"
        with staging(output) as stage:
            draw_picture(kept, stage / name, title=title, draw_negated=draw_negated)
        click.echo(output / name)
    faults.exit()


@click.command(epilog="Example: geomap layers output/extraction.jsonl --format kml --format csv")
@layer_files_argument
@store_option()
@output_option
@formats_option
@filter_option
@crs_option
@selection_options
@debug_option
def layers(
    files: tuple[str, ...],
    output: Path,
    formats: tuple[str, ...],
    filters: tuple[str, ...],
    crs: str,
    **wanted: Any,
) -> None:
    """Export layers again from saved extractions, a store, or layers that hold all they need.

    INPUT is a saved extraction (.jsonl), geomap.gpkg, events.parquet, events.geojson,
    events.fg.json, events.fgb, or the folder that geomap batch --scheduler wrote.
    """
    from geomap.layers import write_layers  # noqa: PLC0415
    from geomap.outputs import chosen_tables  # noqa: PLC0415

    either(files, wanted["store"])
    faults = Faults()
    tables = chosen_tables(
        files,
        store=wanted["store"],
        selection=selection_from(wanted),
        filters=filters,
        on_fault=faults.add,
    )
    if tables is not None:
        if not len(tables.events):
            say("no event is left with these filters; the result is empty")
        for path in write_layers(tables, output, formats=formats, crs=crs).values():
            click.echo(path)
    faults.exit()


@click.command(epilog="Example: geomap corrections output/geomap.gpkg -o corrections.csv")
@click.argument("layers", type=PATH, metavar="LAYERS")
@click.option(
    "--against",
    type=PATH,
    metavar="EXTRACTION",
    help="The extraction they were written from; else extraction.jsonl beside them.",
)
@click.option(
    "-o",
    "--output",
    type=PATH,
    default=Path("corrections.csv"),
    show_default=True,
    help="Corrections file (CSV), made or added to.",
)
@debug_option
def corrections(layers: Path, against: Path | None, output: Path) -> None:
    """Turn edits of the layer of names into corrections, which the next run obeys.

    A moved point pins the name there; another place_id pins it to that place; an emptied
    place_id says that the name is no place. Name the file as corrections in the settings.
    """
    from geomap.contract import read_extractions  # noqa: PLC0415
    from geomap.layers import read_tables  # noqa: PLC0415
    from geomap.layers.edits import edits_of, update_corrections  # noqa: PLC0415

    edited = read_tables(layers)
    before = read_extractions(against or layers.with_name(EXTRACTION_FILE))
    edits = edits_of(edited, before)
    if edits:
        update_corrections(output, edits)
    for edit in edits:
        where = edit.place or (f"{edit.lon}, {edit.lat}" if edit.lon is not None else "no place")
        click.echo(f"{edit.name}: {where}")
    changed = "1 name" if len(edits) == 1 else f"{len(edits)} names"
    click.echo(f"{changed} corrected" + (f" in {output}" if edits else ""), err=True)
