"""Stored: the figures of a store, with the copies, merges and failures that it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.events.merge import merge_events
from geomap.report_page.figures import figures_of
from geomap.store.asking import asks
from geomap.store.copies import as_one_source, originals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    copy_of = originals(store.base)
    if keep is None and not asks(selection):
        merged = tuple(store.merged())
    else:
        # Of the events that are kept alone: a claim that was left out contests nothing.
        rows = keep(rows) if keep is not None else rows
        merged = merge_events(as_one_source(one, copy_of.get(one.article.id)) for one in rows)
    return figures_of(
        rows,
        merged=merged,
        failures=store.failures(),
        copies=sum(one.article.id in copy_of for one in rows),
    )
