"""The command that keeps map, layers and report up to date with what arrives."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, NoReturn

import click

from geomap.options import (
    debug_option,
    draw_negated_option,
    language_option,
    output_option,
    published_option,
    settings_option,
    store_option,
    title_option,
    work_options,
    work_options_from,
)
from geomap.terminal import is_quiet, say

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from geomap.settings import Settings
    from geomap.watch import Round

__all__ = ["watch"]


@click.command(epilog="Example: geomap watch incoming/ --store news.store -o output/")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@store_option(required=True)
@output_option
@click.option("--once", is_flag=True, help="Do what is there, and end.")
@click.option(
    "--every",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="Fetch feeds, and look through folders that say nothing, this often.",
)
@work_options
@published_option
@settings_option
@title_option
@draw_negated_option
@language_option
@debug_option
def watch(
    inputs: tuple[str, ...],
    store: Path,
    output: Path,
    published: dt.date | None,
    settings: Settings,
    **wanted: Any,
) -> None:
    """Extract what arrives in folders and feeds, and keep map, layers and report up to date.

    INPUT is a folder, a file, or the address of an RSS or Atom feed, which alone goes online.
    Files are read when they have come to rest. It writes the files of geomap map and
    report.html. Ctrl-C ends it; what was done is kept in the store.
    """
    from geomap.watch import WatchOptions  # noqa: PLC0415 - loads what workers need
    from geomap.watch import watch as rounds  # noqa: PLC0415 - same

    options = WatchOptions(
        once=wanted["once"],
        every_s=wanted["every"],
        title=wanted["title"],
        language=wanted["language"] or "en",
        draw_negated=wanted["draw_negated"],
        batch=work_options_from(wanted, is_shown=not is_quiet()),
    )
    signal.signal(signal.SIGTERM, _interrupt)
    context = click.get_current_context()
    is_good = True
    try:
        for done in rounds(
            inputs, store, output, settings=settings, published=published, options=options
        ):
            is_good = _tell(done)
    except KeyboardInterrupt:
        say(f"stopped; what was done is kept in {store}")
        context.exit(0)
    context.exit(0 if is_good else 1)


def _interrupt(_number: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def _tell(done: Round) -> bool:
    """Say what a round did; ``False`` when something went wrong in it."""
    for note in done.notes:
        say(note)
    for failure in done.failures:
        say(failure.message)
    if done.error is not None:
        say(f"{done.error}; the next round tries again")
        return False
    tally = done.tally
    if tally is not None:
        say(
            f"articles extracted: {tally.articles:,}, removed: {tally.removed:,}, "
            f"failures: {tally.failures:,}"
        )
    for path in done.files:
        click.echo(path)
    return not done.failures and (tally is None or not tally.failures)
