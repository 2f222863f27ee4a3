"""Inputs of commands: articles, extractions of them, and extractions that were saved."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING

import click

from geomap.errors import GazetteerError, GeomapError, ModelError, SettingsError
from geomap.terminal import Faults, is_quiet, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from geomap.options import Inputs
    from geomap.records import Article, ExtractedArticle
    from geomap.selection import Selection
    from geomap.settings import Settings

__all__ = ["articles_from", "either", "extracted_from", "kept_from"]

# Without these no article at all can be read.
FATAL = (ModelError, GazetteerError, SettingsError)


def articles_from(inputs: Inputs, *, settings: Settings, faults: Faults) -> Iterator[Article]:
    """Read articles one after another; one that cannot be read is reported and passed over."""
    from geomap.articles import read_articles  # noqa: PLC0415

    return read_articles(
        inputs.paths,
        settings=settings,
        published=inputs.published,
        columns=inputs.columns,
        urls=inputs.urls,
        on_fault=faults.add,
    )


def extracted_from(
    articles: Iterable[Article], *, settings: Settings, faults: Faults
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
    yield from tqdm(found, unit=" articles", file=sys.stderr, disable=is_quiet(), leave=False)


def either(files: Sequence[str], store: Path | None) -> None:
    """Make sure that files are given, or a store, and not both."""
    if bool(files) == (store is not None):
        msg = "give EXTRACTION... or --store DIR"
        raise click.UsageError(msg)


def kept_from(
    files: Sequence[str],
    selection: Selection | None,
    faults: Faults,
    *,
    store: Path | None = None,
) -> list[ExtractedArticle]:
    """Read saved extractions, those that can be read, or a store; keep the events asked for."""
    from geomap.saved import saved_articles  # noqa: PLC0415
    from geomap.selection import select_events  # noqa: PLC0415

    kept: list[ExtractedArticle] = []
    if store is not None:
        from geomap.store import open_store  # noqa: PLC0415

        with open_store(store) as opened:
            kept = list(opened.extractions(selection))
        if not kept:
            say("no event is left with these filters; the result is empty")
        return kept
    for file in files:
        try:
            kept += saved_articles(file)
        except GeomapError as err:
            faults.add(err)
    if selection is None or not kept:
        return kept
    kept = list(select_events(kept, selection))
    if not any(extracted.events for extracted in kept):
        say("no event is left with these filters; the result is empty")
    return kept
