"""The command line: arguments become one public call and an exit code.

Data goes to standard output, talk to standard error. Exit code 0 is good, 1 one
or more one-line errors (what could be done is done), 2 a usage error.
"""

from __future__ import annotations

import contextlib
import errno
import json
import sys
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from geomap import __version__
from geomap.errors import GazetteerError, GeomapError, ModelError, SettingsError
from geomap.gazetteer_cli import gazetteer, gazetteer_lines, geocode
from geomap.options import (
    DEBUG_KEY,
    PATH,
    Inputs,
    debug_option,
    draw_negated_option,
    files_argument,
    json_option,
    language_option,
    output_option,
    published_option,
    reading_options,
    selection_from,
    selection_options,
    settings_option,
    tiles_option,
    title_option,
)

# All else loads at first use: `geomap --help` answers in a fraction of a second.

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from geomap.records import Article, ExtractedArticle
    from geomap.score import Gold
    from geomap.selection import Selection
    from geomap.settings import Settings

__all__ = ["main"]

LAYER_FORMATS = ("geojson", "gpkg")
PICTURE_FORMATS = ("png", "svg")

# Without these no article at all can be read.
FATAL = (ModelError, GazetteerError, SettingsError)


class _Group(click.Group):
    """Commands whose errors are one line each, and a traceback only when asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and turn its errors into an exit code."""
        for stream in (sys.stdout, sys.stderr):
            # A terminal of another encoding shows an escape, not a traceback.
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as err:
            is_closed_pipe = isinstance(err, OSError) and err.errno == errno.EPIPE
            if is_closed_pipe or ctx.meta.get(DEBUG_KEY):
                raise
            _say(_line(err))
            ctx.exit(1)


@dataclass(slots=True)
class _Faults:
    """Errors met on the way, each reported as it comes."""

    count: int = 0

    def add(self, err: Exception, *, about: str = "") -> None:
        """Report an error of one input and go on."""
        self.count += 1
        line = _line(err)
        _say(line if not about or line.startswith(f"{about}:") else f"{about}: {line}")
        if click.get_current_context().meta.get(DEBUG_KEY):
            import traceback  # noqa: PLC0415

            traceback.print_exception(err)

    def exit(self) -> NoReturn:
        """End the command: 1 when there were errors."""
        click.get_current_context().exit(1 if self.count else 0)


def _line(err: Exception) -> str:
    if isinstance(err, GeomapError):
        return str(err)
    return f"internal error ({type(err).__name__}: {err}); run with --debug and report it"


def _say(text: str) -> None:
    from tqdm import tqdm  # noqa: PLC0415

    from geomap.report import plain  # noqa: PLC0415

    # Above the progress bar, when there is one.
    tqdm.write(f"geomap: {plain(text)}", file=sys.stderr)


@click.group(
    cls=_Group,
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
@debug_option
def map_(
    inputs: Inputs,
    output: Path,
    settings: Settings,
    title: str | None,
    draw_negated: bool,  # noqa: FBT001 - click passes it by name
) -> None:
    """Read articles and write map.html, events.geojson, geomap.gpkg, extraction.jsonl.

    INPUT is a text, HTML, PDF, DOCX, ODT, RTF, EPUB, e-mail, JSON lines, CSV,
    Parquet, feed or WARC file, a ZIP or tar of such files, a folder or pattern
    of them, or - for standard input.
    """
    from geomap.files import staging  # noqa: PLC0415
    from geomap.outputs import write_outputs  # noqa: PLC0415
    from geomap.report import report  # noqa: PLC0415

    faults = _Faults()
    negated = draw_negated or settings.draw_negated
    names: tuple[str, ...] = ()
    with staging(output) as stage:
        articles = _articles(inputs, settings=settings, faults=faults)
        done = list(_extracted(articles, settings=settings, faults=faults))
        if done:
            names = write_outputs(done, stage, title=title, draw_negated=negated)
    if done:
        files = [output / name for name in names]
        click.echo(report(done, files=files, refused=faults.count, draw_negated=negated))
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

    faults = _Faults()
    if output is not None:
        output_folder(output.parent)
    articles = _articles(inputs, settings=settings, faults=faults)
    done = _extracted(articles, settings=settings, faults=faults)
    if output is None:
        # Bytes: the contract is UTF-8 whatever the terminal is.
        stream = sys.stdout.buffer
        for extracted in done:
            stream.write(to_line(extracted).encode())
            stream.flush()
    elif (first := next(done, None)) is not None:
        write_extractions(chain([first], done), output)
    faults.exit()


@main.command(epilog="Example: geomap draw output/extraction.jsonl --type corridor -o corridors/")
@files_argument
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
    """Draw map.html again from saved extractions."""
    from geomap.files import staging  # noqa: PLC0415
    from geomap.maps import draw_map, write_map  # noqa: PLC0415
    from geomap.outputs import MAP_FILE  # noqa: PLC0415

    faults = _Faults()
    kept = _kept(files, selection_from(wanted), faults)
    if kept:
        with staging(output) as stage:
            page = {"language": language, "tiles": tiles}
            chosen = {name: value for name, value in page.items() if value is not None}
            drawn = draw_map(kept, title=title, draw_negated=draw_negated, **chosen)
            write_map(drawn, stage / MAP_FILE)
        click.echo(output / MAP_FILE)
    faults.exit()


@main.command(epilog="Example: geomap picture output/extraction.jsonl --format svg -o report/")
@files_argument
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
    """Draw a still picture of saved extractions (needs geomap[picture])."""
    from geomap.files import staging  # noqa: PLC0415
    from geomap.maps.picture import draw_picture  # noqa: PLC0415

    faults = _Faults()
    kept = _kept(files, selection_from(wanted), faults)
    if kept:
        name = f"map.{kind}"
        with staging(output) as stage:
            draw_picture(kept, stage / name, title=title, draw_negated=draw_negated)
        click.echo(output / name)
    faults.exit()


@main.command(epilog="Example: geomap layers output/extraction.jsonl --format gpkg -o layers/")
@files_argument
@output_option
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=LAYER_FORMATS,
    show_default=True,
    help="Format; may be repeated.",
)
@selection_options
@debug_option
def layers(files: tuple[str, ...], output: Path, formats: tuple[str, ...], **wanted: Any) -> None:
    """Export layers again from saved extractions."""
    from geomap.files import staging  # noqa: PLC0415
    from geomap.layers import write_layers  # noqa: PLC0415

    faults = _Faults()
    kept = _kept(files, selection_from(wanted), faults)
    if kept:
        with staging(output) as stage:
            written = write_layers(kept, stage, formats=formats)
        for path in written.values():
            click.echo(output / path.name)
    faults.exit()


main.add_command(geocode)
main.add_command(gazetteer)


@main.command(epilog="Example: geomap evaluate lgl.jsonl geovirus.jsonl --list 20")
@click.argument("inputs", nargs=-1, metavar="[INPUT...]")
@click.option(
    "--gold",
    type=PATH,
    help="Gold folder or corpus .jsonl; else the folder gold beside the inputs.",
)
@click.option("--extraction", type=PATH, help="Score this saved extraction; extract nothing.")
@click.option(
    "--nonconflict",
    type=PATH,
    metavar="FILE",
    help="Also count the events found in these sentences, one a line, that hold none.",
)
@click.option(
    "--list",
    "listed",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Corpora: list the N most frequent errors of each kind.",
)
@click.option(
    "--errors", type=PATH, metavar="FILE", help="Corpora: write all errors, tab-separated."
)
@click.option(
    "--wrong-km",
    type=click.FloatRange(0),
    default=161,
    show_default=True,
    help="Corpora: a place further from gold is listed as an error.",
)
@published_option
@settings_option
@json_option
@debug_option
def evaluate(
    inputs: tuple[str, ...],
    gold: Path | None,
    extraction: Path | None,
    nonconflict: Path | None,
    published: dt.date | None,
    settings: Settings,
    as_json: bool,  # noqa: FBT001 - click passes it by name
    **lists: Any,
) -> None:
    """Score toponyms and events against gold.

    INPUT is a folder or file of articles with gold beside it, or one or several
    corpora of toponyms (.jsonl), which are scored given gold spans and end to end.
    """
    from geomap import score  # noqa: PLC0415

    faults = _Faults()
    corpora = inputs if gold is None else (*inputs, str(gold))
    if corpora and extraction is None and all(one.endswith(".jsonl") for one in corpora):
        from geomap.evaluate_cli import Listing, corpora_report  # noqa: PLC0415

        click.echo(
            corpora_report(
                corpora,
                settings=settings,
                listing=Listing(**lists),
                as_json=as_json,
                on_fault=lambda err, doc: faults.add(err, about=doc),
                quiet=_is_quiet(),
            )
        )
        faults.exit()
    found = score.read_gold(gold or _gold_beside(inputs))
    if extraction is not None:
        predictions = _kept((str(extraction),), None, faults)
    else:
        articles = _scored_articles(
            found, inputs, settings=settings, published=published, faults=faults
        )
        predictions = list(_extracted(articles, settings=settings, faults=faults))
    if predictions:
        scores = score.evaluate(predictions, found)
        values, lines = scores.to_dict(), [scores.table()]
        if nonconflict is not None:
            sentences = score.read_sentences(nonconflict)
            false = score.score_sentences(
                list(_extracted(sentences, settings=settings, faults=faults))
            )
            values["nonconflict"] = false.to_dict()
            lines += ["", *false.lines()]
        click.echo(json.dumps(values, indent=2) if as_json else "\n".join(lines))
    faults.exit()


@main.command(epilog="Example: geomap doctor")
@settings_option
@debug_option
def doctor(settings: Settings) -> None:
    """Check the install: versions, model, weights, gazetteer."""
    from importlib.metadata import version  # noqa: PLC0415

    faults = _Faults()
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


def _articles(inputs: Inputs, *, settings: Settings, faults: _Faults) -> Iterator[Article]:
    from geomap.articles import read_articles  # noqa: PLC0415

    return read_articles(
        inputs.paths,
        settings=settings,
        published=inputs.published,
        columns=inputs.columns,
        urls=inputs.urls,
        on_fault=faults.add,
    )


def _extracted(
    articles: Iterable[Article], *, settings: Settings, faults: _Faults
) -> Iterator[ExtractedArticle]:
    """Extract some at a time; an article that fails is reported and passed over."""
    from tqdm import tqdm  # noqa: PLC0415

    # Nothing is loaded before there is an article to read.
    coming = iter(articles)
    first = next(coming, None)
    if first is None:
        return
    from geomap import pipeline  # noqa: PLC0415

    def add_fault(article: Article, err: Exception) -> None:
        if isinstance(err, FATAL):
            raise err
        faults.add(err, about=article.id)

    nlp = pipeline.load_pipeline(settings)
    found = pipeline.extract_many(
        chain([first], coming), nlp=nlp, settings=settings, on_fault=add_fault
    )
    yield from tqdm(found, unit=" articles", file=sys.stderr, disable=_is_quiet(), leave=False)


def _is_quiet() -> bool:
    """Tell whether no bar is wanted: where nobody looks, and between lines of data."""
    return not sys.stderr.isatty() or sys.stdout.isatty()


def _kept(
    files: Sequence[str], selection: Selection | None, faults: _Faults
) -> list[ExtractedArticle]:
    """Read saved extractions, those that can be read, and keep the events asked for."""
    from geomap.contract import read_extractions  # noqa: PLC0415
    from geomap.selection import select_events  # noqa: PLC0415

    kept: list[ExtractedArticle] = []
    for file in files:
        try:
            kept += read_extractions(file)
        except GeomapError as err:
            faults.add(err)
    if selection is None or not kept:
        return kept
    kept = list(select_events(kept, selection))
    if not any(extracted.events for extracted in kept):
        _say("no event is left with these filters; the result is empty")
    return kept


def _gold_beside(inputs: Sequence[str]) -> Path:
    """Find the gold of inputs: the folder gold, or the corpus file itself."""
    if not inputs:
        msg = "Give an INPUT with gold beside it, or --gold."
        raise click.UsageError(msg)
    first = Path(inputs[0])
    if first.suffix == ".jsonl":
        return first
    folder = first if first.is_dir() else first.parent
    return folder / "gold" if (folder / "gold").is_dir() else folder


def _scored_articles(
    gold: Gold,
    inputs: Sequence[str],
    *,
    settings: Settings,
    published: dt.date | None,
    faults: _Faults,
) -> Iterable[Article]:
    if gold.articles:
        return gold.articles
    if not inputs:
        msg = "This gold holds no texts: give the INPUT articles, or --extraction."
        raise click.UsageError(msg)
    given = Inputs(paths=tuple(inputs), published=published)
    return _articles(given, settings=settings, faults=faults)


def _gazetteer_check_lines(settings: Settings) -> list[str]:
    from geomap.gazetteer import open_gazetteer  # noqa: PLC0415

    with open_gazetteer(settings.gazetteer) as opened:
        return gazetteer_lines(opened.info())


def _model_lines(settings: Settings) -> list[str]:
    from geomap import pipeline  # noqa: PLC0415

    digest = pipeline.check_model(settings)
    return [f"model {settings.model}", f"  SHA-256 {digest}"]


def _weight_lines(_settings: Settings) -> list[str]:
    from geomap.weights import check_weights  # noqa: PLC0415 - loads numpy

    return ["weights", *(f"  {name} SHA-256 {digest}" for name, digest in check_weights().items())]
