"""Score toponym corpora: recognition, resolution given gold spans, and both end to end."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.score.matching import Counts
from geomap.score.resolution import ResolutionScores, score_resolution
from geomap.score.toponyms import (
    THRESHOLDS_KM,
    count_mentions,
    match_mentions,
    pair_mention,
    same_span,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.records import Toponym
    from geomap.score.gold import GoldToponym
    from geomap.score.toponyms import Mention

__all__ = [
    "WIDE_KINDS",
    "CorporaScores",
    "CorpusRun",
    "CorpusScores",
    "ScoredText",
    "score_corpora",
]

# Names that published figures leave out in their second column: a representative
# point of a country says little, and such names are easy to resolve.
WIDE_KINDS = frozenset({"country", "continent"})
# What a mean over corpora has a meaning for; counts have none.
_COUNTS = frozenset({"matched", "predicted", "gold", "answered", "with_id", "documents", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredText:
    """The gold of one text, what was found in it, and what was made of the gold spans.

    Parameters
    ----------
    doc, text
        Id and text.
    gold
        The annotated mentions.
    found
        Toponyms end to end.
    given
        Toponyms of the gold spans, in the order of the text; ``None`` when
        resolution was not asked for apart from recognition.
    """

    doc: str
    text: str
    gold: tuple[GoldToponym, ...]
    found: tuple[Toponym, ...]
    given: tuple[Toponym, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusScores:
    """The scores of one corpus, or of several pooled.

    Parameters
    ----------
    name, gold_sha256
        What was scored; the digest is ``None`` for a pool.
    complete
        Whether every mention is annotated. Where not, precision is ``None``.
    documents, failed
        Texts scored, and texts that gave an error.
    strict, overlap
        Recognition by same span, and by overlapping span, one to one.
    given, given_narrow
        Resolution given gold spans, of all and without countries and continents;
        ``None`` when it was not asked for.
    end_to_end, end_to_end_narrow
        Resolution of what was recognised; a mention that was missed is wrong.
    joint
        Found *and* within so many kilometres: precision over the toponyms that
        were given a place, recall over the gold mentions with coordinates.
    found_mentions, given_mentions
        The matched mentions that the scores were counted from.
    """

    name: str
    gold_sha256: str | None
    complete: bool
    documents: int
    failed: int
    strict: Counts
    overlap: Counts
    given: ResolutionScores | None
    given_narrow: ResolutionScores | None
    end_to_end: ResolutionScores
    end_to_end_narrow: ResolutionScores
    joint: dict[int, Counts]
    found_mentions: tuple[Mention, ...]
    given_mentions: tuple[Mention, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the scores as plain values; see the class for their meaning."""
        return {
            "gold_sha256": self.gold_sha256,
            "complete": self.complete,
            "documents": self.documents,
            "failed": self.failed,
            "recognition": {"strict": self.strict.to_dict(), "overlap": self.overlap.to_dict()},
            "given": self.given.to_dict() if self.given else None,
            "given_narrow": self.given_narrow.to_dict() if self.given_narrow else None,
            "end_to_end": self.end_to_end.to_dict(),
            "end_to_end_narrow": self.end_to_end_narrow.to_dict(),
            "joint": {str(km): counts.to_dict() for km, counts in self.joint.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporaScores:
    """The scores of several corpora, and over all.

    ``micro`` counts every mention alike (precision over the complete corpora
    only); :attr:`macro` counts every corpus alike.
    """

    corpora: tuple[CorpusScores, ...]
    micro: CorpusScores

    @property
    def macro(self) -> dict[str, Any]:
        """The means of the measures over the corpora that have them."""
        means = _means([corpus.to_dict() for corpus in self.corpora])
        return means if isinstance(means, dict) else {}

    def to_dict(self) -> dict[str, Any]:
        """Give all scores as plain values, ready for JSON."""
        return {
            "corpora": {corpus.name: corpus.to_dict() for corpus in self.corpora},
            "micro": self.micro.to_dict(),
            "macro": self.macro,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusRun:
    """What was made of a corpus, ready to be scored."""

    name: str
    gold_sha256: str
    complete: bool
    texts: tuple[ScoredText, ...]
    failed: int = 0


def score_corpora(runs: Sequence[CorpusRun]) -> CorporaScores:
    """Score corpora one by one and together.

    Parameters
    ----------
    runs
        At least one.

    Returns
    -------
    CorporaScores
        The corpora in the order given.
    """
    corpora = tuple(_score_run(run) for run in runs)
    return CorporaScores(corpora=corpora, micro=_pooled(corpora))


def _score_run(run: CorpusRun) -> CorpusScores:
    found: list[Mention] = []
    given: list[Mention] = []
    for text in run.texts:
        found += match_mentions(text.doc, text.text, text.gold, text.found)
        given += _given_mentions(text)
    if not run.complete:
        # What is found beyond a part of the mentions is no error.
        found = [mention for mention in found if mention.gold is not None]
    return CorpusScores(
        name=run.name,
        gold_sha256=run.gold_sha256,
        complete=run.complete,
        documents=len(run.texts),
        failed=run.failed,
        **_recognition(found, complete=run.complete),
        **_resolution(found, given),
        joint={km: _joint(found, km=km, complete=run.complete) for km in THRESHOLDS_KM},
    )


def _given_mentions(text: ScoredText) -> list[Mention]:
    if text.given is None:
        return []
    ordered = sorted(text.gold, key=lambda gold: (gold.start, gold.end))
    return [
        pair_mention(text.doc, text.text, gold, found)
        for gold, found in zip(ordered, text.given, strict=True)
    ]


def _recognition(mentions: Sequence[Mention], *, complete: bool) -> dict[str, Any]:
    both = [m for m in mentions if m.gold and m.found]
    same = [m for m in both if same_span(m)]
    return {
        "strict": count_mentions(mentions, same, complete=complete),
        "overlap": count_mentions(mentions, both, complete=complete),
    }


def _resolution(found: Sequence[Mention], given: Sequence[Mention]) -> dict[str, Any]:
    return {
        "given": score_resolution(given) if given else None,
        "given_narrow": score_resolution(_narrow(given)) if given else None,
        "end_to_end": score_resolution(found),
        "end_to_end_narrow": score_resolution(_narrow(found)),
        "found_mentions": tuple(found),
        "given_mentions": tuple(given),
    }


def _narrow(mentions: Iterable[Mention]) -> list[Mention]:
    return [m for m in mentions if m.gold is None or m.gold.kind not in WIDE_KINDS]


def _joint(mentions: Sequence[Mention], *, km: int, complete: bool) -> Counts:
    """Count what was found and placed within ``km``; gold without coordinates is left out."""
    scored = [m for m in mentions if m.gold is None or m.gold.lat is not None]
    return Counts(
        matched=sum(m.error_km is not None and m.error_km <= km for m in scored),
        predicted=sum(m.found is not None and m.found.place is not None for m in scored)
        if complete
        else None,
        gold=sum(m.gold is not None for m in scored),
    )


def _pooled(corpora: Sequence[CorpusScores]) -> CorpusScores:
    """Pool all mentions; what needs complete gold comes from the complete corpora, if any."""
    whole = [corpus for corpus in corpora if corpus.complete] or list(corpora)
    complete = whole[0].complete
    annotated = list(itertools.chain.from_iterable(c.found_mentions for c in whole))
    found = list(itertools.chain.from_iterable(c.found_mentions for c in corpora))
    given = list(itertools.chain.from_iterable(c.given_mentions for c in corpora))
    return CorpusScores(
        name="micro",
        gold_sha256=None,
        complete=complete,
        documents=sum(corpus.documents for corpus in corpora),
        failed=sum(corpus.failed for corpus in corpora),
        **_recognition(annotated, complete=complete),
        **_resolution(found, given),
        joint={km: _joint(annotated, km=km, complete=complete) for km in THRESHOLDS_KM},
    )


def _means(values: Sequence[Any]) -> Any:
    """Average equal trees of figures leaf by leaf; counts, texts and flags are left out."""
    trees = [value for value in values if isinstance(value, dict)]
    if trees:
        names = dict.fromkeys(name for tree in trees for name in tree if name not in _COUNTS)
        means = {name: _means([tree.get(name) for tree in trees]) for name in names}
        return {name: mean for name, mean in means.items() if mean is not None}
    figures = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    return round(statistics.fmean(figures), 4) if figures else None
