"""The command of the report: saved extractions as one page of numbers, or as the numbers alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.inputs import kept_from
from geomap.options import (
    PATH,
    debug_option,
    files_argument,
    filter_option,
    json_option,
    language_option,
    selection_from,
    selection_options,
)
from geomap.terminal import Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["report"]

REPORT_FILE = "report.html"


@click.command(
    epilog="Example: geomap report output/extraction.jsonl --type strike -o strikes.html"
)
@files_argument
@click.option(
    "-o",
    "--output",
    type=PATH,
    default=Path(REPORT_FILE),
    show_default=True,
    metavar="FILE",
    help="The page.",
)
@selection_options
@filter_option
@click.option("--title", help="Heading of the page.")
@language_option
@json_option
@debug_option
def report(
    files: tuple[str, ...],
    output: Path,
    filters: tuple[str, ...],
    title: str | None,
    language: str | None,
    as_json: bool,  # noqa: FBT001 - click passes it by name
    **wanted: Any,
) -> None:
    """Write one page of what articles tell: by type, place, day, source, claim.

    With --json the numbers go to standard output, and no page is written.
    """
    from geomap.files import output_folder  # noqa: PLC0415
    from geomap.outputs import filtered  # noqa: PLC0415
    from geomap.report_page import figures_of, write_report  # noqa: PLC0415

    faults = Faults()
    if not as_json:
        output_folder(output.parent)
    kept = filtered(kept_from(files, selection_from(wanted), faults), filters)
    if kept and as_json:
        numbers = figures_of(kept).to_dict()
        click.echo(json.dumps(numbers, ensure_ascii=False, indent=2))
    elif kept:
        scope = list(_scope(wanted, filters))
        write_report(kept, output, title=title, language=language or "en", scope=scope)
        click.echo(output)
    faults.exit()


def _scope(wanted: Mapping[str, Any], filters: Iterable[str]) -> Iterator[str]:
    """Say which options chose the events, as they are written on the command line."""
    for name in ("types", "factuality"):
        for value in wanted[name]:
            yield f"--{name.removesuffix('s')} {value}"
    for name in ("since", "until"):
        if wanted[name] is not None:
            yield f"--{name} {wanted[name]}"
    if wanted["bbox"] is not None:
        yield f"--bbox {','.join(f'{side:g}' for side in wanted['bbox'])}"
    if wanted["min_confidence"]:
        yield f"--min-confidence {wanted['min_confidence']:g}"
    yield from (f"--filter {one}" for one in filters)
