"""The command ``geomap evaluate``: articles with gold, or corpora of toponyms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.inputs import articles_from, extracted_from, kept_from
from geomap.options import (
    PATH,
    Inputs,
    debug_option,
    json_option,
    published_option,
    settings_option,
)
from geomap.terminal import Faults, is_quiet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from geomap.records import Article
    from geomap.score import Gold
    from geomap.settings import Settings

__all__ = ["evaluate"]


@click.command(epilog="Example: geomap evaluate lgl.jsonl geovirus.jsonl --list 20")
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

    faults = Faults()
    corpora = inputs if gold is None else (*inputs, str(gold))
    if corpora and extraction is None and all(one.endswith(".jsonl") for one in corpora):
        from geomap.corpora_report import Listing, corpora_report  # noqa: PLC0415

        click.echo(
            corpora_report(
                corpora,
                settings=settings,
                listing=Listing(**lists),
                as_json=as_json,
                on_fault=lambda err, doc: faults.add(err, about=doc),
                quiet=is_quiet(),
            )
        )
        faults.exit()
    found = score.read_gold(gold or _gold_beside(inputs))
    if extraction is not None:
        predictions = kept_from((str(extraction),), None, faults)
    else:
        articles = _scored_articles(
            found, inputs, settings=settings, published=published, faults=faults
        )
        predictions = list(extracted_from(articles, settings=settings, faults=faults))
    if predictions:
        scores = score.evaluate(predictions, found)
        values, lines = scores.to_dict(), [scores.table()]
        if nonconflict is not None:
            sentences = score.read_sentences(nonconflict)
            false = score.score_sentences(
                list(extracted_from(sentences, settings=settings, faults=faults))
            )
            values["nonconflict"] = false.to_dict()
            lines += ["", *false.lines()]
        click.echo(json.dumps(values, indent=2) if as_json else "\n".join(lines))
    faults.exit()


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
    faults: Faults,
) -> Iterable[Article]:
    if gold.articles:
        return gold.articles
    if not inputs:
        msg = "This gold holds no texts: give the INPUT articles, or --extraction."
        raise click.UsageError(msg)
    given = Inputs(paths=tuple(inputs), published=published)
    return articles_from(given, settings=settings, faults=faults)
