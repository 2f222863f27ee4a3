"""The command of many articles: extract them into a store, on all cores."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from geomap.cluster_cli import cluster_options, run_on_cluster
from geomap.options import (
    PATH,
    debug_option,
    reading_options,
    settings_option,
    store_option,
    work_options,
    work_options_from,
)
from geomap.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geomap.batch import Tally
    from geomap.options import Inputs
    from geomap.settings import Settings

__all__ = ["batch"]

# Those of a shell for a process that was ended by a signal: 128 and its number.
STOPPED, TERMINATED = 130, 143
MOST_TOLD = 10


@click.command(epilog="Example: geomap batch articles/ --store news.store")
@reading_options
@store_option(required=False)
@work_options
@click.option("--retry", is_flag=True, help="Read files with failures again.")
@cluster_options
@click.option(
    "-o", "--output", type=PATH, metavar="DIR", help="With --scheduler: the folder of GeoParquet."
)
@settings_option
@debug_option
def batch(
    inputs: Inputs,
    store: Path | None,
    settings: Settings,
    **wanted: Any,
) -> None:
    """Extract from many articles into a store; run again to go on or to bring it up to date.

    INPUT is what geomap map reads: files of many kinds, archives, folders, patterns, or -.
    Each article is kept as soon as it is done. Files that did not change are not read again.
    With --scheduler a Dask cluster does the work, and -o names the folder that it fills.
    """
    context = click.get_current_context()
    if wanted["scheduler"]:
        with _stoppable(wanted["output"]):
            code = _on_cluster(inputs, store, wanted, settings=settings)
        context.exit(code)
    if store is None or wanted["output"]:
        msg = "Give --store DIR, or --scheduler ADDRESS with -o DIR."
        raise click.UsageError(msg)
    from geomap.batch import run_batch  # noqa: PLC0415 - loads what workers need

    # No data goes to standard output meanwhile.
    options = work_options_from(wanted, is_shown=sys.stderr.isatty(), retry=wanted["retry"])
    with _stoppable(store):
        tally = run_batch(
            inputs.paths,
            store,
            urls=inputs.urls,
            columns=inputs.columns,
            published=inputs.published,
            settings=settings,
            options=options,
        )
    for line in _told(tally, store):
        click.echo(line)
    context.exit(1 if tally.failures else 0)


def _on_cluster(
    inputs: Inputs, store: Path | None, wanted: dict[str, Any], *, settings: Settings
) -> int:
    """Hand the articles to a cluster."""
    if store is not None or not wanted["output"]:
        msg = "With --scheduler give -o DIR, a folder of GeoParquet, and no --store."
        raise click.UsageError(msg)
    from geomap.cluster import Files  # noqa: PLC0415 - not for --help

    files = Files(
        inputs=inputs.paths, urls=inputs.urls, published=inputs.published, columns=inputs.columns
    )
    articles = files if wanted["shared_input"] else files.articles(settings)
    return run_on_cluster(
        articles,
        wanted["output"],
        wanted,
        settings=settings,
        timeout_s=wanted["timeout"],
        memory_mb=wanted["memory"],
        retry_failures=wanted["retry"],
    )


@contextlib.contextmanager
def _stoppable(kept: Path | None) -> Iterator[None]:
    """End clean, and say so, when Ctrl-C or a signal stops what goes on here."""
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except KeyboardInterrupt:
        say(f"stopped; what was done is kept in {kept}, and the same command goes on")
        click.get_current_context().exit(STOPPED)
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: Any) -> NoReturn:
    raise SystemExit(TERMINATED)


def _told(tally: Tally, store: Path) -> list[str]:
    """Say what was done, in a few lines."""
    from geomap.store import open_store  # noqa: PLC0415 - same

    with open_store(store) as opened:
        held = opened.counts()
        failures = [
            failure.message for failure in opened.failures_of_run(tally.run, most=MOST_TOLD)
        ]
    done = (
        f"{tally.articles:,} articles extracted, {tally.known:,} known, "
        f"{tally.same:,} files unchanged, {tally.removed:,} articles removed"
    )
    kept = (
        f"{store}: {held.articles:,} articles ({held.copies:,} copies), {held.events:,} events, "
        f"{held.merged:,} after merging"
    )
    lines = [done, kept]
    if tally.failures:
        lines.append(f"{tally.failures:,} failures (geomap store failures lists them all):")
        lines += [f"  {message}" for message in failures]
    if (earlier := held.failures - tally.failures) > 0:
        lines.append(f"{earlier:,} failures of earlier runs; --retry reads their files again")
    return lines
