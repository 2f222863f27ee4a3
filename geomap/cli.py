"""The command line: arguments become one public call and an exit code.

Data goes to standard output, talk to standard error. Exit code 0 is good, 1 one
or more one-line errors (what could be done is done), 2 a usage error.
"""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING

import click

from geomap import __version__
from geomap.batch_cli import batch
from geomap.errors import GeomapError
from geomap.evaluate_cli import evaluate
from geomap.gazetteer_cli import gazetteer, gazetteer_lines, geocode
from geomap.inputs import articles_from, extracted_from
from geomap.layers_cli import corrections, draw, layers, picture
from geomap.options import (
    PATH,
    Inputs,
    debug_option,
    draw_negated_option,
    language_option,
    output_option,
    reading_options,
    settings_option,
    title_option,
)
from geomap.report_cli import report
from geomap.store_cli import store
from geomap.terminal import Faults, Group
from geomap.watch_cli import watch

# All else loads at first use: `geomap --help` answers in a fraction of a second.

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.settings import Settings

__all__ = ["main"]


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: geomap map article.txt -o output/",
)
@click.version_option(__version__, prog_name="geomap")
@debug_option
def main() -> None:
    """Read news text about conflict and map what happened where, and who says so."""


@main.command("map", epilog="Example: geomap map seeds/ -o output/")
@reading_options
@output_option
@settings_option
@title_option
@draw_negated_option
@language_option
@debug_option
def map_(
    inputs: Inputs,
    output: Path,
    settings: Settings,
    title: str | None,
    draw_negated: bool,  # noqa: FBT001 - click passes it by name
    language: str | None,
) -> None:
    """Read articles and write map.html, events.geojson, geomap.gpkg, extraction.jsonl.

    INPUT is a text, HTML, PDF, DOCX, ODT, RTF, EPUB, e-mail, JSON lines, CSV,
    Parquet, feed or WARC file, a ZIP or tar of such files, a folder or pattern
    of them, or - for standard input.
    """
    from geomap.files import staging  # noqa: PLC0415
    from geomap.outputs import write_outputs  # noqa: PLC0415
    from geomap.report import report as run_report  # noqa: PLC0415

    faults = Faults()
    negated = draw_negated or settings.draw_negated
    names: tuple[str, ...] = ()
    with staging(output) as stage:
        articles = articles_from(inputs, settings=settings, faults=faults)
        done = list(extracted_from(articles, settings=settings, faults=faults))
        if done:
            names = write_outputs(done, stage, title=title, draw_negated=negated, language=language)
    if done:
        files = [output / name for name in names]
        click.echo(run_report(done, files=files, refused=faults.count, draw_negated=negated))
    faults.exit()


@main.command(epilog="Example: geomap extract article.txt | jq .events")
@reading_options
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Instead of standard output.")
@settings_option
@debug_option
def extract(inputs: Inputs, output: Path | None, settings: Settings) -> None:
    """Write what articles say as JSON lines, one line per article."""
    from geomap.contract import to_line, write_extractions  # noqa: PLC0415
    from geomap.files import output_folder  # noqa: PLC0415

    faults = Faults()
    if output is not None:
        output_folder(output.parent)
    articles = articles_from(inputs, settings=settings, faults=faults)
    done = extracted_from(articles, settings=settings, faults=faults)
    if output is None:
        # Bytes: the contract is UTF-8 whatever the terminal is.
        stream = sys.stdout.buffer
        for extracted in done:
            stream.write(to_line(extracted).encode())
            stream.flush()
    elif (first := next(done, None)) is not None:
        write_extractions(chain([first], done), output)
    faults.exit()


for _command in (
    batch, store, draw, picture, layers, report, corrections, geocode, gazetteer, evaluate, watch,
):  # fmt: skip
    main.add_command(_command)


@main.command(epilog="Example: geomap doctor")
@settings_option
@debug_option
def doctor(settings: Settings) -> None:
    """Check the install: versions, model, weights, gazetteer."""
    from importlib.metadata import version  # noqa: PLC0415

    faults = Faults()
    packages = ("spacy", "folium", "geopandas", "pyogrio", "shapely", "pyproj", "numpy")
    click.echo(f"geomap {__version__}, Python {sys.version.split()[0]}")
    click.echo(", ".join(f"{package} {version(package)}" for package in packages))
    for check in (_model_lines, _weight_lines, _gazetteer_check_lines):
        try:
            for line in check(settings):
                click.echo(line)
        except GeomapError as err:
            faults.add(err)
    faults.exit()


def _gazetteer_check_lines(settings: Settings) -> list[str]:
    from geomap.gazetteer import open_gazetteer  # noqa: PLC0415

    with open_gazetteer(settings.gazetteer) as opened:
        return gazetteer_lines(opened.info())


def _model_lines(settings: Settings) -> list[str]:
    from geomap.model import check_model  # noqa: PLC0415

    digest = check_model(settings)
    return [f"model {settings.model}", f"  SHA-256 {digest}"]


def _weight_lines(_settings: Settings) -> list[str]:
    from geomap.weights import check_weights  # noqa: PLC0415 - loads numpy

    return ["weights", *(f"  {name} SHA-256 {digest}" for name, digest in check_weights().items())]
