"""Sentences with words of war and no event of war: whatever is found there is false."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.errors import GoldError
from geomap.events.taxonomy import CORE_TYPES
from geomap.records import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.records import ExtractedArticle

__all__ = ["FalseEvents", "read_sentences", "score_sentences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseEvents:
    """Events found in sentences that hold none.

    Parameters
    ----------
    sentences
        How many sentences were read.
    core, all
        How many events were found: of the four core types, of all types.
    found
        Type, trigger and sentence of each.
    """

    sentences: int
    core: int
    all: int
    found: tuple[str, ...]

    @property
    def core_per_100(self) -> float | None:
        """False events of core types on a hundred sentences; ``None`` without sentences."""
        return round(100 * self.core / self.sentences, 2) if self.sentences else None

    def to_dict(self) -> dict[str, Any]:
        """Give the figures as plain values."""
        return {
            "sentences": self.sentences,
            "core": self.core,
            "all": self.all,
            "core_per_100": self.core_per_100,
            "found": list(self.found),
        }

    def lines(self) -> list[str]:
        """Set the figures as lines of text."""
        share = "-" if self.core_per_100 is None else f"{self.core_per_100:.1f}"
        head = (
            f"{'false core events':<26} {share} on 100 sentences  "
            f"({self.core} core, {self.all} of all types, {self.sentences} sentences)"
        )
        return [head, *(f"  {row}" for row in self.found)]


def read_sentences(path: str | Path) -> tuple[Article, ...]:
    """Read a file of sentences, one a line; lines that begin with ``#`` are comments.

    Parameters
    ----------
    path
        UTF-8 text.

    Returns
    -------
    tuple of Article
        One a sentence, named by file and line.

    Raises
    ------
    GoldError
        When the file cannot be read.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        msg = f"{path}: cannot be read ({err}); give a UTF-8 file, one sentence a line"
        raise GoldError(msg) from err
    return tuple(
        Article(id=f"{path.stem}:{number}", text=line.strip(), language="en")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    )


def score_sentences(predictions: Sequence[ExtractedArticle]) -> FalseEvents:
    """Count the events found in sentences that hold none.

    Parameters
    ----------
    predictions
        What :func:`geomap.extract` gave for each sentence.
    """
    events = [(one.article, event) for one in predictions for event in one.events]
    return FalseEvents(
        sentences=len(predictions),
        core=sum(event.type in CORE_TYPES for _, event in events),
        all=len(events),
        found=tuple(f"{e.type} “{e.trigger.text}”: {a.text}" for a, e in events),
    )
