"""Stored: the figures of a store, with the copies, merges and failures that it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.events.merge import merge_events
from geomap.report_page.figures import figures_of
from geomap.store.asking import asks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geomap.records import ExtractedArticle
    from geomap.report_page.figures import Figures
    from geomap.selection import Selection
    from geomap.store import Store

__all__ = ["figures_of_store"]


def figures_of_store(
    store: Store,
    *,
    selection: Selection | None = None,
    keep: Callable[[Sequence[ExtractedArticle]], Sequence[ExtractedArticle]] | None = None,
    rows: Sequence[ExtractedArticle] | None = None,
) -> Figures:
    """Count what a store tells.

    Parameters
    ----------
    store
        Opened to be read.
    selection
        Which events; with one that leaves something out, only articles that have such
        events count.
    keep
        Keeps some of the events that were read; ``None`` keeps all.
    rows
        What the store gives for the selection, where it was read already.

    Returns
    -------
    Figures
        A copy of an article counts as one source with its original. Failures are those of
        the whole store, whatever was selected.
    """
    rows = list(store.extractions(selection)) if rows is None else rows
    sources = dict(_originals(store))
    if keep is None and not asks(selection):
        merged = tuple(store.merged())
    else:
        # Of the events that are kept alone: a claim that was left out contests nothing.
        rows = keep(rows) if keep is not None else rows
        merged = merge_events(rows, counted_as=sources)
    return figures_of(
        rows,
        merged=merged,
        failures=store.failures(),
        copies=sum(one.article.id in sources for one in rows),
    )


def _originals(store: Store) -> Iterator[tuple[str, str]]:
    """Give the source of the original by the identifier of the copy."""
    for row in store.query(
        "SELECT c.article_id AS copy, coalesce(o.source, o.url, o.article_id) AS source "
        "FROM articles c JOIN articles o ON o.article_id = c.copy_of"
    ):
        yield row["copy"], row["source"]
