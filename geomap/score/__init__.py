"""Score extractions against what a trained reader found.

:func:`read_gold` reads the gold, :func:`evaluate` compares, and
:class:`Scores` says how well it went and what went wrong. Corpora of toponyms
are scored by :func:`score_corpora`; :func:`confusions` lists their errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.errors import GoldError
from geomap.score.confusions import Confusion, confusions, most_frequent, to_tsv
from geomap.score.corpora import (
    CorporaScores,
    CorpusRun,
    CorpusScores,
    ScoredText,
    score_corpora,
)
from geomap.score.events import EventScores, score_events
from geomap.score.gold import (
    Gold,
    GoldDocument,
    GoldEvent,
    GoldPlace,
    GoldToponym,
    read_gold,
)
from geomap.score.matching import Counts
from geomap.score.resolution import ResolutionScores
from geomap.score.tables import confusion_lines, corpora_table
from geomap.score.toponyms import ToponymScores, score_toponyms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.records import ExtractedArticle

__all__ = [
    "Confusion",
    "CorporaScores",
    "CorpusRun",
    "CorpusScores",
    "Counts",
    "EventScores",
    "Gold",
    "GoldDocument",
    "GoldEvent",
    "GoldPlace",
    "GoldToponym",
    "ResolutionScores",
    "ScoredText",
    "Scores",
    "ToponymScores",
    "confusion_lines",
    "confusions",
    "corpora_table",
    "evaluate",
    "most_frequent",
    "read_gold",
    "score_corpora",
    "to_tsv",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How well the predictions agree with the gold.

    Parameters
    ----------
    toponyms, events
        The scores; ``events`` is ``None`` when the gold holds none.
    gold_sha256
        Digest of the gold that was scored against.
    documents
        Ids of the gold documents that were scored.
    unscored
        Ids of the predictions that the gold says nothing about.
    """

    toponyms: ToponymScores
    events: EventScores | None
    gold_sha256: str
    documents: tuple[str, ...]
    unscored: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give all scores and lists of errors as plain values, ready for JSON."""
        return {
            "gold_sha256": self.gold_sha256,
            "documents": list(self.documents),
            "unscored": list(self.unscored),
            "toponyms": self.toponyms.to_dict(),
            "events": self.events.to_dict() if self.events else None,
        }

    def table(self, *, lists: bool = True) -> str:
        """Set the scores as plain text.

        Parameters
        ----------
        lists
            Whether the lists of errors follow the figures.

        Returns
        -------
        str
            Several lines, without a newline at the end.
        """
        lines = [*_toponym_lines(self.toponyms), *_event_lines(self.events)]
        if self.unscored:
            lines += ["", f"without gold, not scored: {', '.join(self.unscored)}"]
        if lists:
            lines += _list_lines("toponyms", self.toponyms.lists())
            lines += _list_lines("events", self.events.lists()) if self.events else []
        return "\n".join(lines)


def evaluate(predictions: Sequence[ExtractedArticle], gold: Gold) -> Scores:
    """Score extractions against gold.

    Parameters
    ----------
    predictions
        What :func:`geomap.extract` gave, in any order.
    gold
        What :func:`read_gold` gave. A document is compared with the article of
        that id; a single document and a single prediction are compared
        whatever their ids.

    Returns
    -------
    Scores
        Predictions that the gold does not name are left out and listed.

    Raises
    ------
    GoldError
        When a gold document has no article, or was annotated on another text.
    """
    by_id = {prediction.article.id: prediction for prediction in predictions}
    if len(gold.documents) == 1 and len(predictions) == 1:
        by_id = {gold.documents[0].doc: predictions[0]}
    absent = [document.doc for document in gold.documents if document.doc not in by_id]
    if absent:
        raise GoldError(
            f"no article for the gold of {', '.join(map(repr, absent))}; expected articles "
            f"of those ids, got {', '.join(map(repr, sorted(by_id))) or 'none'}; give the files "
            "that were annotated"
        )
    pairs = [(document, by_id[document.doc]) for document in gold.documents]
    for document, prediction in pairs:
        _check_text(document, prediction)
    named = {document.doc for document in gold.documents}
    return Scores(
        toponyms=score_toponyms(pairs, complete=gold.complete),
        events=score_events(pairs),
        gold_sha256=gold.sha256,
        documents=tuple(document.doc for document in gold.documents),
        unscored=tuple(sorted(by_id.keys() - named)),
    )


def _check_text(document: GoldDocument, prediction: ExtractedArticle) -> None:
    text = prediction.article.text
    if not text:
        # A saved extraction does not hold the text; offsets are then taken on trust.
        return
    for toponym in document.toponyms:
        found = text[toponym.start : toponym.end]
        if toponym.text and found != toponym.text:
            raise GoldError(
                f"{document.doc}: the gold has {toponym.text!r} at {toponym.start}, the article "
                f"has {found!r}; give the very text that was annotated"
            )


def _figure(value: float | None) -> str:
    return "    -" if value is None else f"{value:5.3f}"


def _counts_line(name: str, counts: Counts) -> str:
    predicted = "-" if counts.predicted is None else counts.predicted
    return (
        f"{name:<26} P {_figure(counts.precision)}  R {_figure(counts.recall)}  "
        f"F1 {_figure(counts.f1)}  ({counts.matched} of {predicted} found, {counts.gold} gold)"
    )


def _share_line(name: str, part: int, whole: int) -> str:
    return f"{name:<26} {_figure(part / whole if whole else None)}  ({part} of {whole})"


def _toponym_lines(scores: ToponymScores) -> list[str]:
    values = scores.to_dict()
    placed = values["placed"]
    thresholds = "  ".join(f"@{km} km {_figure(share)}" for km, share in scores.accuracy_km.items())
    error = "-" if scores.median_km is None else f"{scores.median_km:.1f} / {scores.mean_km:.1f} km"
    return [
        _counts_line("toponyms, overlap", scores.overlap),
        _counts_line("toponyms, same span", scores.strict),
        _counts_line("distinct names", scores.names),
        f"{'reading right':<26} {_figure(scores.reading_accuracy)}",
        _share_line("right place, of all gold", placed["right"], placed["gold"]),
        _share_line("right place, of found", placed["right"], placed["found"]),
        f"{'accuracy, of all gold':<26} {thresholds}",
        f"{'error, median / mean':<26} {error}",
        f"{'NIL kept NIL':<26} {_figure(scores.nil_accuracy)}",
        f"{'calibration error':<26} {_figure(scores.calibration_error)}",
    ]


def _event_lines(scores: EventScores | None) -> list[str]:
    if scores is None:
        return []
    attributes = ("factuality", "date", "attribution", "roles", "geometry")
    return [
        "",
        _counts_line("events, four core types", scores.core),
        _counts_line("events, all types", scores.all),
        *(_counts_line(f"  {name}", counts) for name, counts in scores.types.items()),
        *(
            f"  {f'{name} right':<24} {_figure(getattr(scores, name))}  "
            f"(core types {_figure(scores.core_attributes[name])})"
            for name in attributes
        ),
    ]


def _list_lines(heading: str, lists: dict[str, list[str]]) -> list[str]:
    lines = []
    for name, rows in lists.items():
        if rows:
            lines += ["", f"{heading} {name} ({len(rows)})", *(f"  {row}" for row in rows)]
    return lines
