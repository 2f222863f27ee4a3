"""Options of the command line: each defined once, checked, and turned into what calls take."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from geomap.batch import BatchOptions
    from geomap.selection import Selection
    from geomap.settings import Settings

__all__ = [
    "DEBUG_KEY",
    "FORMATS",
    "PATH",
    "Inputs",
    "bbox_option",
    "crs_option",
    "debug_option",
    "draw_negated_option",
    "files_argument",
    "filter_option",
    "formats_option",
    "json_option",
    "language_option",
    "layer_files_argument",
    "output_option",
    "published_option",
    "reading_options",
    "selection_from",
    "selection_options",
    "settings_option",
    "store_option",
    "tiles_option",
    "title_option",
    "work_options",
    "work_options_from",
]

# Where a context remembers that tracebacks are wanted.
DEBUG_KEY = "geomap.debug"

# Those of geomap.layers, whose import takes a second; a test holds them together.
FORMATS = (
    "geojson", "gpkg", "jsonfg", "parquet", "flatgeobuf", "kml", "csv", "acled", "hxl",
)  # fmt: skip
DEFAULT_FORMATS = ("geojson", "gpkg")
DEFAULT_OUTPUT = "output"
FACTUALITIES = ("asserted", "claimed", "denied", "planned", "possible", "negated")
LANGUAGES = ("en", "uk", "ru")
# As of geomap.articles, which is not loaded for the help.
FIELDS = ("text", "id", "title", "source", "url", "published")
# Those of geomap.batch, likewise.
TIMEOUT_S, MEMORY_MB = 180.0, 2048
BBOX_SIDES = 4
BBOX_LIMITS = (180, 90, 180, 90)

PATH = click.Path(path_type=Path)
DAY = click.DateTime(formats=["%Y-%m-%d"])


def _remember_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value:
        ctx.meta[DEBUG_KEY] = True


def _settings(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Settings:
    from geomap.settings import Settings, load_settings  # noqa: PLC0415

    return load_settings(value) if value else Settings()


def _day(_ctx: click.Context, _param: click.Parameter, value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


def _bbox(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[float, ...] | None:
    if value is None:
        return None
    try:
        sides = tuple(float(side) for side in value.split(","))
    except ValueError:
        sides = ()
    good = len(sides) == BBOX_SIDES and sides[1] <= sides[3]
    if not good or not all(
        abs(side) <= limit for side, limit in zip(sides, BBOX_LIMITS, strict=True)
    ):
        msg = f"{value!r} is no box; expected W,S,E,N in degrees, e.g. 22,44,41,53"
        raise click.BadParameter(msg)
    return sides


def _columns(
    _ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]
) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in value]
    for meaning, _, name in pairs:
        if meaning not in FIELDS or not name:
            msg = f"{meaning!r} names no column; expected FIELD=NAME, FIELD of {', '.join(FIELDS)}"
            raise click.BadParameter(msg)
    return {meaning: name for meaning, _, name in pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the options of :func:`reading_options` ask to be read."""

    paths: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    published: dt.date | None = None


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what is to be read and how; the command gets one ``inputs``."""

    @functools.wraps(command)
    def wrapped(*args: Any, paths: tuple[str, ...], urls: tuple[str, ...], **rest: Any) -> Any:
        if not paths and not urls:
            msg = "Missing argument 'INPUT...'."
            raise click.UsageError(msg)
        inputs = Inputs(
            paths=paths, urls=urls, columns=rest.pop("columns"), published=rest.pop("published")
        )
        return command(*args, inputs=inputs, **rest)

    return paths_argument(column_option(url_option(published_option(wrapped))))


def debug_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the hidden ``--debug``, which may stand before or after the command's name."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        hidden=True,
        callback=_remember_debug,
        help="Show the traceback of an error.",
    )(command)


paths_argument = click.argument("paths", nargs=-1, metavar="INPUT...")
files_argument = click.argument("files", nargs=-1, metavar="[EXTRACTION...]")
output_option = click.option(
    "-o", "--output", type=PATH, default=DEFAULT_OUTPUT, show_default=True, help="Output folder."
)
layer_files_argument = click.argument("files", nargs=-1, metavar="[INPUT...]")
formats_option = click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    default=DEFAULT_FORMATS,
    show_default=True,
    help="Format; may be repeated.",
)
filter_option = click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="CONDITION",
    help="Condition on a column of events, e.g. 'places~kharkiv'; all must hold.",
)
crs_option = click.option(
    "--crs",
    default="EPSG:4326",
    show_default=True,
    help="CRS of the geometries: gpkg, parquet, flatgeobuf and csv.",
)
bbox_option = click.option("--bbox", callback=_bbox, metavar="W,S,E,N", help="Box in degrees.")
settings_option = click.option(
    "--settings", type=PATH, callback=_settings, metavar="FILE", help="Settings in TOML."
)
column_option = click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_columns,
    metavar="FIELD=NAME",
    help="Name of a column of CSV, Parquet or JSON rows, e.g. text=body; may be repeated.",
)
url_option = click.option(
    "--url",
    "urls",
    multiple=True,
    metavar="URL",
    help="Fetch this page, feed or document too (goes online); may be repeated.",
)
published_option = click.option(
    "--published",
    type=DAY,
    callback=_day,
    metavar="YYYY-MM-DD",
    help="Date of publication of all inputs; else taken from JSON rows and file names.",
)
title_option = click.option("--title", help="Title of the map.")
draw_negated_option = click.option(
    "--draw-negated", is_flag=True, help="Draw negated and denied events too, in their own style."
)
language_option = click.option(
    "--language", type=click.Choice(LANGUAGES), help="Language of the page; a reader can change it."
)
tiles_option = click.option(
    "--tiles", metavar="NAME", help="Online background, e.g. OpenStreetMap; none by default."
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")


def store_option(*, required: bool = False) -> Callable[..., Any]:
    """Add ``--store``."""
    return click.option(
        "--store", type=PATH, required=required, metavar="DIR", help="Folder of the store."
    )


def work_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add how articles are extracted in processes; see :func:`work_options_from`."""
    options = [
        click.option("--workers", type=click.IntRange(1), help="Processes; one a core by default."),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            default=TIMEOUT_S,
            show_default=True,
            metavar="SECONDS",
            help="Longest time for one article.",
        ),
        click.option(
            "--memory",
            type=click.IntRange(512),
            default=MEMORY_MB,
            show_default=True,
            metavar="MB",
            help="Most memory for one process (Linux).",
        ),
        click.option(
            "--log", type=PATH, metavar="FILE", help="Add a line of JSON an event to FILE."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def work_options_from(
    wanted: dict[str, Any], *, is_shown: bool, retry: bool = False
) -> BatchOptions:
    """Give what the options of :func:`work_options` ask for.

    Parameters
    ----------
    wanted
        The values by option, as click gives them.
    is_shown, retry
        As of :class:`geomap.batch.BatchOptions`.

    Returns
    -------
    BatchOptions
        For :func:`geomap.batch.run_batch`.
    """
    from geomap.batch import BatchOptions  # noqa: PLC0415 - loads what workers need

    return BatchOptions(
        workers=wanted["workers"],
        timeout_s=wanted["timeout"],
        memory_mb=wanted["memory"],
        log=wanted["log"],
        retry=retry,
        is_shown=is_shown,
    )


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose events; the command gets one ``selection``."""
    options = [
        click.option("--type", "types", multiple=True, help="Keep this type; may be repeated."),
        click.option(
            "--factuality",
            multiple=True,
            type=click.Choice(FACTUALITIES),
            help="Keep this factuality; may be repeated.",
        ),
        click.option("--since", type=DAY, callback=_day, metavar="YYYY-MM-DD", help="First day."),
        click.option("--until", type=DAY, callback=_day, metavar="YYYY-MM-DD", help="Last day."),
        bbox_option,
        click.option(
            "--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Least confidence."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def selection_from(wanted: dict[str, Any]) -> Selection:
    """Make the selection that the options of :func:`selection_options` ask for.

    Parameters
    ----------
    wanted
        The values by option, as click gives them.

    Returns
    -------
    Selection
        For :func:`geomap.selection.select_events`.
    """
    from geomap.selection import Selection  # noqa: PLC0415

    return Selection(
        types=frozenset(wanted["types"]),
        factuality=frozenset(wanted["factuality"]),
        since=wanted["since"],
        until=wanted["until"],
        bbox=wanted["bbox"],
        min_confidence=wanted["min_confidence"],
    )
