"""The command of the report: saved extractions as one page of numbers, or as the numbers alone."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.collecting import collecting_later
from geomap.inputs import either, kept_from
from geomap.options import (
    PATH,
    debug_option,
    files_argument,
    filter_option,
    json_option,
    language_option,
    selection_from,
    selection_options,
    store_option,
)
from geomap.terminal import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomap.records import ExtractedArticle
    from geomap.report_page.figures import Figures

__all__ = ["report"]

REPORT_FILE = "report.html"


@click.command(
    epilog="Example: geomap report output/extraction.jsonl --type strike -o strikes.html"
)
@files_argument
@store_option()
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
    title: str | None,
    language: str | None,
    as_json: bool,  # noqa: FBT001 - click passes it by name
    **wanted: Any,
) -> None:
    """Write one page of what articles tell: by type, place, day, source, claim.

    The articles are those of saved extractions, or of a store. With --json the numbers go
    to standard output, and no page is written.
    """
    from geomap.files import output_folder  # noqa: PLC0415

    either(files, wanted["store"])
    faults = Faults()
    if not as_json:
        output_folder(output.parent)
    # A hundred thousand events are millions of objects, none of them garbage before the end: all
    # are let go before the search for cycles begins again, which would go through them.
    with collecting_later():
        file = None if as_json else output
        _write(files, wanted, faults, output=file, title=title, language=language)
    faults.exit()


def _write(
    files: Sequence[str],
    wanted: Mapping[str, Any],
    faults: Faults,
    *,
    output: Path | None,
    title: str | None,
    language: str | None,
) -> None:
    """Write the page, or the numbers to standard output where no file is named."""
    from geomap.report_page import report_html, save_page  # noqa: PLC0415

    figures = _figures(files, wanted, faults)
    if figures is None:
        return
    if output is None:
        click.echo(json.dumps(figures.to_dict(), ensure_ascii=False, indent=2))
        return
    page = report_html(figures, title=title, language=language or "en", scope=list(_scope(wanted)))
    click.echo(save_page(page, output))


def _figures(files: Sequence[str], wanted: Mapping[str, Any], faults: Faults) -> Figures | None:
    """Count what the files or the store tell; ``None`` when there is nothing to count."""
    from geomap.outputs import filtered  # noqa: PLC0415
    from geomap.report_page import figures_of, figures_of_store  # noqa: PLC0415

    selection = selection_from(dict(wanted))
    keep = partial(filtered, filters=wanted["filters"]) if wanted["filters"] else None
    if wanted["store"] is None:
        kept: Sequence[ExtractedArticle] = kept_from(files, selection, faults)
        kept = keep(kept) if keep is not None else kept
        return figures_of(kept) if kept else None
    from geomap.store import open_store  # noqa: PLC0415

    with open_store(wanted["store"]) as store:
        return figures_of_store(store, selection=selection, keep=keep)


def _scope(wanted: Mapping[str, Any]) -> Iterator[str]:
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
    yield from (f"--filter {one}" for one in wanted["filters"])
