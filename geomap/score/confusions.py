"""The errors behind the scores, gathered by name, the most frequent first: a list to read."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from geomap.score.resolution import CUSTOMARY_KM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.records import Place
    from geomap.score.corpora import CorpusScores
    from geomap.score.gold import GoldToponym
    from geomap.score.toponyms import Mention

__all__ = ["KINDS", "Confusion", "confusions", "most_frequent", "to_tsv"]

# "misplaced": given the gold span, the wrong place or none; "missed" and
# "spurious": end to end, a name not found, or found where gold has none.
KINDS = ("misplaced", "missed", "spurious")
NO_PLACE = "no place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """One error, and how often it was made.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    corpus, name
        The corpus, and the name as it stands in the texts.
    count
        How often.
    expected, found
        The gold place and the place that was chosen, in words; empty where
        there is none to speak of.
    km
        Median distance between the two, or ``None``.
    where
        The first of them in its context.
    """

    kind: str
    corpus: str
    name: str
    count: int
    expected: str
    found: str
    km: float | None
    where: str

    def __str__(self) -> str:
        """Give the error on one line."""
        shown = {
            "misplaced": f": expected {self.expected}, found {self.found}",
            "missed": f": {self.expected}" if self.expected else "",
            "spurious": f": {self.found}",
        }[self.kind]
        km = "" if self.km is None else f", {self.km:,.0f} km"
        return f"{self.count:>4} × {' '.join(self.name.split())}{shown}{km}   ({self.where})"


def confusions(
    corpora: Iterable[CorpusScores], *, wrong_km: float = CUSTOMARY_KM
) -> tuple[Confusion, ...]:
    """Gather the errors of corpora.

    Parameters
    ----------
    corpora
        The scores of each. Places are judged given gold spans, or end to end
        where resolution was not scored apart.
    wrong_km
        A place further than this from gold is wrong.

    Returns
    -------
    tuple of Confusion
        By kind, then the most frequent first; empty when nothing went wrong.
    """
    gathered: dict[tuple[str, str, str, str, str], list[Mention]] = {}
    for corpus in corpora:
        for kind, mention in _errors(corpus, wrong_km):
            gold, place = mention.gold, mention.found.place if mention.found else None
            name = (mention.gold or mention.found).text  # type: ignore[union-attr]
            found = "" if kind == "missed" else _place(place)
            gathered.setdefault((kind, corpus.name, name, _gold(gold), found), []).append(mention)
    errors = [_confusion(key, mentions) for key, mentions in gathered.items()]
    errors.sort(key=lambda e: (KINDS.index(e.kind), -e.count, e.corpus, e.name, e.found))
    return tuple(errors)


def _errors(corpus: CorpusScores, wrong_km: float) -> Iterable[tuple[str, Mention]]:
    for mention in corpus.given_mentions or corpus.found_mentions:
        if mention.gold is None or mention.gold.lat is None or mention.found is None:
            continue
        if mention.error_km is None or mention.error_km > wrong_km:
            yield "misplaced", mention
    for mention in corpus.found_mentions:
        if mention.found is None:
            yield "missed", mention
        elif mention.gold is None:
            yield "spurious", mention


def _confusion(key: tuple[str, str, str, str, str], mentions: Sequence[Mention]) -> Confusion:
    kind, corpus, name, expected, found = key
    errors = [m.error_km for m in mentions if m.error_km is not None]
    return Confusion(
        kind=kind,
        corpus=corpus,
        name=name,
        count=len(mentions),
        expected=expected,
        found=found,
        km=round(statistics.median(errors), 1) if errors else None,
        where=mentions[0].where,
    )


def _gold(gold: GoldToponym | None) -> str:
    if gold is None or gold.lat is None:
        return ""
    point = f"{gold.lat:.2f} {gold.lon:.2f}"
    return f"{gold.place} ({point})" if gold.place else f"({point})"


def _place(place: Place | None) -> str:
    if place is None:
        return NO_PLACE
    parts = (place.name, place.admin1, place.country, place.feature_code)
    return f"{', '.join(part for part in parts if part)} ({place.id})"


def most_frequent(errors: Sequence[Confusion], *, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Give the most frequent errors of each kind as plain values, ready for JSON.

    Parameters
    ----------
    errors
        What :func:`confusions` gave.
    limit
        At most so many of each kind.
    """
    return {kind: [asdict(e) for e in errors if e.kind == kind][:limit] for kind in KINDS}


def to_tsv(errors: Iterable[Confusion]) -> str:
    """Set errors as tab-separated text, a header and one line each.

    Parameters
    ----------
    errors
        What :func:`confusions` gave.

    Returns
    -------
    str
        Ends with a newline; tabs and line breaks within a value are spaces.
    """
    columns = ("kind", "corpus", "count", "name", "expected", "found", "km", "where")
    lines = ["\t".join(columns)]
    for error in errors:
        values = (getattr(error, column) for column in columns)
        lines.append("\t".join("" if v is None else " ".join(str(v).split()) for v in values))
    return "\n".join(lines) + "\n"
