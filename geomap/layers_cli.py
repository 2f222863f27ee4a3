"""The commands of layers: write them again, and learn from what was edited in them."""

from __future__ import annotations

from pathlib import Path

import click

from geomap.options import PATH, debug_option

__all__ = ["corrections"]

EXTRACTION_FILE = "extraction.jsonl"


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
