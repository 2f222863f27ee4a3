"""The options of a cluster, and what a command does that was given one.

``geomap batch --scheduler ADDRESS -o DIR`` is the command; it adds :func:`cluster_options`
and, where a scheduler is given, hands its articles to :func:`run_on_cluster`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from geomap.options import PATH
from geomap.terminal import is_quiet, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from geomap.cluster import Files
    from geomap.records import Article, Failure
    from geomap.settings import Settings

__all__ = ["cluster_options", "run_on_cluster"]

MOST_TOLD = 10

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "--scheduler",
        {
            "metavar": "ADDRESS",
            "help": "Dask scheduler, e.g. tcp://10.0.0.1:8786, or its file (geomap[cluster]).",
        },
    ),
    ("--tls-ca", {"type": PATH, "metavar": "FILE", "help": "Authority of the cluster (PEM)."}),
    ("--tls-cert", {"type": PATH, "metavar": "FILE", "help": "Certificate for it (PEM)."}),
    ("--tls-key", {"type": PATH, "metavar": "FILE", "help": "Key of the certificate (PEM)."}),
    (
        "--batch-size",
        {
            "type": click.IntRange(1),
            "default": 64,
            "show_default": True,
            "help": "Articles a task of the cluster.",
        },
    ),
    (
        "--in-flight",
        {"type": click.IntRange(1), "help": "Most tasks at once; two a worker by default."},
    ),
    (
        "--shared-input",
        {"is_flag": True, "help": "Workers see the files under the same paths, and read them."},
    ),
    ("--collect", {"is_flag": True, "help": "Let the client write: no common disk is needed."}),
)


def cluster_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a cluster to a command, which gets them by name.

    Parameters
    ----------
    command
        Takes ``scheduler``, ``tls_ca``, ``tls_cert``, ``tls_key``, ``batch_size``,
        ``in_flight``, ``shared_input`` and ``collect``, e.g. as keywords that it passes on.
    """
    for name, about in reversed(_OPTIONS):
        command = click.option(name, **about)(command)
    return command


def run_on_cluster(
    articles: Iterable[Article | Failure] | Files,
    output: Path,
    wanted: Mapping[str, Any],
    *,
    settings: Settings,
    timeout_s: float,
    memory_mb: int,
    retry_failures: bool = False,
) -> int:
    """Extract articles on the cluster that the options name, and say what came of it.

    Parameters
    ----------
    articles
        What is to be extracted, and what could not be read; or files that workers read.
    output
        The folder of the partitions.
    wanted
        The values of :func:`cluster_options`.
    settings
        Which model and gazetteer.
    timeout_s, memory_mb
        What one article may take.
    retry_failures
        Whether articles that failed in an earlier run are tried again.

    Returns
    -------
    int
        The exit code: 0, or 1 when an article failed.

    Raises
    ------
    GeomapError
        As :func:`geomap.cluster.connect` and :func:`geomap.cluster.extract_on_cluster` do.
    """
    from geomap.cluster import RunOptions, connect, extract_on_cluster  # noqa: PLC0415

    options = RunOptions(
        most_articles=wanted["batch_size"],
        in_flight=wanted["in_flight"],
        collect=wanted["collect"],
        retry_failures=retry_failures,
        timeout_s=timeout_s,
        memory_mb=memory_mb,
        progress=not is_quiet(),
    )
    tls = {name: wanted[name] for name in ("tls_ca", "tls_cert", "tls_key")}
    with connect(wanted["scheduler"], **tls) as client:
        outcome = extract_on_cluster(client, articles, output, settings=settings, options=options)
    click.echo(
        f"{output}: {outcome.articles:,} articles extracted, {outcome.known:,} known, "
        f"{outcome.events:,} events, {outcome.seconds:,.0f} s"
    )
    for failure in outcome.failures[:MOST_TOLD]:
        say(failure.message)
    if len(outcome.failures) > MOST_TOLD:
        say(f"{len(outcome.failures):,} failures; all are in {output}/_geomap/failures.jsonl")
    return 1 if outcome.failures else 0
