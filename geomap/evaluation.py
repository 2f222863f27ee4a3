"""Evaluate toponym corpora: run the pipeline over their texts, and score what it makes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geomap import pipeline
from geomap.errors import GazetteerError, GoldError, ModelError
from geomap.geometry import distance_km
from geomap.score import CorpusRun, ScoredText, read_gold, score_corpora

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.language import Language

    from geomap.gazetteer import Gazetteer
    from geomap.records import Article, Place
    from geomap.score import CorporaScores, Gold, GoldDocument, GoldToponym

__all__ = ["described", "evaluate_corpora", "read_corpora"]

# Without these no text can be evaluated.
_FATAL = (ModelError, GazetteerError)


def read_corpora(paths: Sequence[str | Path]) -> dict[str, Gold]:
    """Read corpora, each under the name of its file.

    Parameters
    ----------
    paths
        Corpus files, one text a line (``docs/seeds.md``).

    Returns
    -------
    dict of str to Gold
        By the stem of the file, or by its path where two have the same stem.

    Raises
    ------
    GoldError
        When a file is no corpus, or none of its texts has a toponym.
    """
    corpora: dict[str, Gold] = {}
    stems = [Path(path).stem for path in paths]
    for path, stem in zip(paths, stems, strict=True):
        gold = read_gold(path)
        if not any(document.toponyms for document in gold.documents) or not gold.articles:
            msg = f"{path}: no text with toponyms in it; give a corpus as in docs/seeds.md"
            raise GoldError(msg)
        corpora[stem if stems.count(stem) == 1 else str(path)] = gold
    return corpora


def evaluate_corpora(
    corpora: dict[str, Gold],
    *,
    nlp: Language,
    on_fault: Callable[[Exception, str], None] | None = None,
    on_text: Callable[[], object] | None = None,
) -> CorporaScores:
    """Find and resolve the toponyms of corpora, given gold spans and end to end, and score them.

    Parameters
    ----------
    corpora
        What :func:`read_corpora` gave.
    nlp
        What :func:`geomap.load_pipeline` gave.
    on_fault
        Called with an error and the id of its text, which is then left out;
        when ``None`` the error is raised.
    on_text
        Called after each text, for a progress bar.

    Returns
    -------
    CorporaScores
        See :mod:`geomap.score.corpora`.

    Raises
    ------
    GoldError
        When a span of the gold is not in its text.
    """
    runs = []
    for name, gold in corpora.items():
        texts = []
        for document, article in zip(gold.documents, gold.articles, strict=True):
            try:
                texts.append(_scored(document, article, nlp, complete=gold.complete))
            except _FATAL:
                raise
            except Exception as err:
                if on_fault is None:
                    raise
                on_fault(err, document.doc)
            if on_text is not None:
                on_text()
        run = CorpusRun(
            name=name,
            gold_sha256=gold.sha256,
            complete=gold.complete,
            texts=tuple(texts),
            failed=len(gold.documents) - len(texts),
        )
        runs.append(run)
    return score_corpora(runs)


def _scored(
    document: GoldDocument, article: Article, nlp: Language, *, complete: bool
) -> ScoredText:
    for toponym in document.toponyms:
        there = article.text[toponym.start : toponym.end]
        if toponym.text and there != toponym.text:
            msg = (
                f"{document.doc}: the gold has {toponym.text!r} at {toponym.start}, the text has "
                f"{there!r}; expected half-open character offsets; put the corpus right"
            )
            raise GoldError(msg)
    spans = [(toponym.start, toponym.end) for toponym in document.toponyms]
    # Where one name of a text is annotated, the others are still there to be read.
    found, given = pipeline.read_toponyms(article, nlp=nlp, given=spans, given_only=complete)
    gazetteer = nlp.get_pipe("geomap_toponyms").gazetteer  # type: ignore[attr-defined]
    return ScoredText(
        doc=document.doc,
        text=article.text,
        gold=tuple(described(toponym, gazetteer) for toponym in document.toponyms),
        found=found,
        given=given,
    )


def described(gold: GoldToponym, gazetteer: Gazetteer) -> GoldToponym:
    """Say of a gold mention which place it is and whether it is a country or continent.

    Parameters
    ----------
    gold
        Where it says so itself it is left as it is.
    gazetteer
        The place is that of the GeoNames id, else the nearest to the gold point
        of those that bear the name. So "Georgia" at Atlanta is no country.

    Returns
    -------
    GoldToponym
        With ``place`` and ``kind`` filled in where they can be.
    """
    if gold.lat is None or gold.lon is None:
        return gold
    place = _nearest(gold, gazetteer)
    if place is None:
        return gold
    kind = "country" if place.feature_code.startswith("PCL") else None
    kind = "continent" if place.feature_code == "CONT" else kind
    name = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
    return replace(gold, place=gold.place or name, kind=gold.kind or kind)


def _nearest(gold: GoldToponym, gazetteer: Gazetteer) -> Place | None:
    if gold.geonameid is not None:
        place = gazetteer.place(f"geonames:{gold.geonameid}")
        if place is not None:
            return place
    lon, lat = gold.lon or 0.0, gold.lat or 0.0
    return min(
        (candidate.place for candidate in gazetteer.find(gold.text)),
        key=lambda place: distance_km(lon, lat, place.lon, place.lat),
        default=None,
    )
