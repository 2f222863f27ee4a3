"""The report: one HTML page of what articles tell, by type, place, day, source and claim.

Not to be taken for :mod:`geomap.report`, the lines that a run of ``geomap map`` prints.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geomap.files import replacing
from geomap.frames import as_list
from geomap.maps.strings import check_language
from geomap.report_page.figures import figures_of
from geomap.report_page.page import Page
from geomap.report_page.stored import figures_of_store
from geomap.report_page.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.events.merge import MergedEvent
    from geomap.records import ExtractedArticle
    from geomap.report_page.figures import Failed, Figures

__all__ = ["figures_of", "figures_of_store", "report_html", "save_page", "write_report"]

# A page of a hundred thousand events stays below 1 MB with these, and can be read.
ROWS, CARDS = 15, 12


def report_html(
    figures: Figures,
    *,
    title: str | None = None,
    language: str = "en",
    scope: Sequence[str] = (),
    rows: int = ROWS,
    cards: int = CARDS,
) -> str:
    """Write figures as one HTML page.

    Parameters
    ----------
    figures
        Of :func:`figures_of`.
    title, language, scope
        As of :func:`write_report`.
    rows, cards
        The most rows of a table; the most events and names of a list. What is left out
        is counted.

    Returns
    -------
    str
        A whole document, which holds no script and fetches nothing.

    Raises
    ------
    SettingsError
        When the page does not speak the language.
    """
    words = Words(check_language(language))
    shown = title or words.say("report_title")
    return Page(figures, words, shown, rows, cards, tuple(scope)).html()


def write_report(
    extractions: ExtractedArticle | Iterable[ExtractedArticle],
    path: str | Path,
    *,
    title: str | None = None,
    language: str = "en",
    merged: Sequence[MergedEvent] | None = None,
    failures: Iterable[Failed] = (),
    copies: int = 0,
    scope: Sequence[str] = (),
) -> Path:
    """Write what articles tell as one HTML page.

    Parameters
    ----------
    extractions
        One extracted article, or many.
    path
        The file; replaced when all is written. The same input writes the same bytes.
    title
        Heading of the page; ``None`` for a general one.
    language
        Of the page's own words: ``"en"``, ``"uk"`` or ``"ru"``.
    merged
        The merged events of the articles, where they are known already, as of a store;
        else :func:`geomap.merge_events` makes them.
    failures
        Articles that could not be read, which the page lists: anything with ``origin``,
        ``stage``, ``reason`` and ``hint``.
    copies
        How many of the articles repeat another.
    scope
        The conditions that the events were chosen by, shown below the heading.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        When it cannot be written.
    SettingsError
        When the page does not speak the language.

    Examples
    --------
    >>> import tempfile
    >>> page = write_report([], Path(tempfile.mkdtemp()) / "report.html")
    >>> "<script" in page.read_text("utf-8")
    False
    """
    check_language(language)
    figures = figures_of(as_list(extractions), merged=merged, failures=failures, copies=copies)
    html = report_html(figures, title=title, language=language, scope=scope)
    return save_page(html, path)


def save_page(html: str, path: str | Path) -> Path:
    """Write a page; a reader of the file finds the old one or the new one.

    Parameters
    ----------
    html
        Of :func:`report_html`.
    path
        The file.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    target = Path(path)
    with replacing(target) as draft:
        draft.write_text(html, encoding="utf-8", newline="\n")
    return target
