"""Score toponyms: whether they were found, read rightly, and placed rightly."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.score.matching import Counts, assign, distance_km, snippet, tolerance_km

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.records import ExtractedArticle, Toponym
    from geomap.score.gold import GoldDocument, GoldToponym

__all__ = [
    "THRESHOLDS_KM",
    "Mention",
    "ToponymScores",
    "calibration_error",
    "count_mentions",
    "match_mentions",
    "match_toponyms",
    "pair_mention",
    "same_span",
    "score_toponyms",
]

# 161 km (100 miles) is the field's customary threshold (Leidner 2007; Gritta et
# al. 2020); 10 and 25 km tell a village from its namesake in the next district.
THRESHOLDS_KM = (10, 25, 161)
CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A gold mention, the toponym matched with it, and how far apart they lie.

    ``gold`` or ``found`` is ``None`` when there is no counterpart; ``error_km``
    is ``None`` unless both have coordinates.
    """

    doc: str
    where: str
    gold: GoldToponym | None
    found: Toponym | None
    error_km: float | None

    @property
    def right(self) -> bool:
        """Whether the place lies within ``max(25 km, radius_km)`` of gold."""
        return (
            self.gold is not None
            and self.error_km is not None
            and self.error_km <= tolerance_km(self.gold.radius_km)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToponymScores:
    """Scores of toponyms over all mentions of all articles.

    Parameters
    ----------
    strict, overlap
        Mentions whose span is the same, or overlaps, one to one.
    names
        Distinct spellings in an article; one counts as found when any of its
        mentions is.
    reading_accuracy
        Share of matched mentions with the right reading.
    placeable, placeable_found, placed_right
        Gold mentions with coordinates; those found; those placed rightly.
    accuracy_km
        Share of gold mentions with coordinates placed within so many
        kilometres; a missing answer counts as wrong.
    median_km, mean_km
        Distance to gold over the mentions that were placed.
    nil_accuracy
        Share of found gold mentions without coordinates that were left
        without a place; ``None`` in a corpus, where it means "not annotated".
    calibration_error
        Expected calibration error of ``confidence`` over ten bins (Guo et al. 2017).
    mentions
        Every gold mention and every spurious one.
    """

    strict: Counts
    overlap: Counts
    names: Counts
    reading_accuracy: float | None
    placeable: int
    placeable_found: int
    placed_right: int
    accuracy_km: dict[int, float | None]
    median_km: float | None
    mean_km: float | None
    nil_accuracy: float | None
    calibration_error: float | None
    mentions: tuple[Mention, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the scores as plain values; see the class for their meaning."""
        return {
            "strict": self.strict.to_dict(),
            "overlap": self.overlap.to_dict(),
            "names": self.names.to_dict(),
            "reading_accuracy": self.reading_accuracy,
            "placed": {
                "gold": self.placeable,
                "found": self.placeable_found,
                "right": self.placed_right,
                "right_of_found": _share(self.placed_right, self.placeable_found),
                "right_of_gold": _share(self.placed_right, self.placeable),
            },
            "accuracy_km": {str(km): share for km, share in self.accuracy_km.items()},
            "median_km": self.median_km,
            "mean_km": self.mean_km,
            "nil_accuracy": self.nil_accuracy,
            "calibration_error": self.calibration_error,
            **self.lists(),
        }

    def lists(self) -> dict[str, list[str]]:
        """List what went wrong, each with its context."""
        lists: dict[str, list[str]] = {
            "missed": [],
            "spurious": [],
            "misplaced": [],
            "misread": [],
        }
        for mention in self.mentions:
            gold, found = mention.gold, mention.found
            if gold is None:
                lists["spurious"].append(mention.where)
            elif found is None:
                lists["missed"].append(mention.where)
            else:
                if gold.lat is not None and not mention.right:
                    lists["misplaced"].append(f"{mention.where}: {_misplacement(mention)}")
                if gold.reading and gold.reading != found.reading:
                    lists["misread"].append(
                        f"{mention.where}: expected {gold.reading}, found {found.reading}"
                    )
        return lists


def _misplacement(mention: Mention) -> str:
    expected = (mention.gold and mention.gold.place) or "the gold point"
    place = mention.found.place if mention.found else None
    if place is None or mention.error_km is None:
        return f"expected {expected}, found no place"
    country = place.country or "-"
    return f"expected {expected}, found {place.name} ({country}), {mention.error_km:.0f} km"


def match_toponyms(document: GoldDocument, prediction: ExtractedArticle) -> list[Mention]:
    """Match the mentions of one article one to one; see :func:`match_mentions`."""
    return match_mentions(
        document.doc, prediction.article.text, document.toponyms, prediction.toponyms
    )


def match_mentions(
    doc: str, text: str, gold: Sequence[GoldToponym], found: Sequence[Toponym]
) -> list[Mention]:
    """Match gold and found mentions one to one by overlapping spans.

    As many as possible are matched; among equals the spans that differ by the
    fewest characters are.

    Parameters
    ----------
    doc, text
        Id and text of the article; the text may be empty.
    gold, found
        Both with half-open character offsets into the text.

    Returns
    -------
    list of Mention
        The gold ones in their order, then what was found beyond them.
    """
    costs = {
        (i, j): abs(g.start - f.start) + abs(g.end - f.end)
        for i, g in enumerate(gold)
        for j, f in enumerate(found)
        if g.start < f.end and f.start < g.end
    }
    pairs = assign(costs)
    mentions = [
        pair_mention(doc, text, g, found[pairs[i]] if i in pairs else None)
        for i, g in enumerate(gold)
    ]
    matched = set(pairs.values())
    mentions += [pair_mention(doc, text, None, f) for j, f in enumerate(found) if j not in matched]
    return mentions


def pair_mention(doc: str, text: str, gold: GoldToponym | None, found: Toponym | None) -> Mention:
    """Put a gold mention and what was found for it side by side, and measure the distance."""
    span = gold or found
    where = snippet(doc, text, span.start, span.end) if span else doc
    error = None
    if gold and found and found.place and gold.lat is not None and gold.lon is not None:
        error = distance_km(found.place.lon, found.place.lat, gold.lon, gold.lat)
    return Mention(doc=doc, where=where, gold=gold, found=found, error_km=error)


def score_toponyms(
    pairs: Iterable[tuple[GoldDocument, ExtractedArticle]], *, complete: bool
) -> ToponymScores:
    """Score the toponyms of all articles.

    Parameters
    ----------
    pairs
        Gold and prediction for each article.
    complete
        Whether every mention is annotated; if not, what is found beyond the
        gold is no error and precision is ``None``.
    """
    mentions = [mention for gold, found in pairs for mention in match_toponyms(gold, found)]
    if not complete:
        mentions = [mention for mention in mentions if mention.gold is not None]
    both = [m for m in mentions if m.gold and m.found]
    placeable = [m for m in mentions if m.gold and m.gold.lat is not None]
    errors = [m.error_km for m in placeable if m.error_km is not None]
    readable = [m for m in both if m.gold and m.gold.reading]
    nils = [m for m in readable if m.gold and m.gold.lat is None]
    return ToponymScores(
        strict=count_mentions(mentions, [m for m in both if same_span(m)], complete=complete),
        overlap=count_mentions(mentions, both, complete=complete),
        names=_name_counts(mentions, complete=complete),
        reading_accuracy=_share(
            sum(m.gold.reading == m.found.reading for m in readable if m.gold and m.found),
            len(readable),
        ),
        placeable=len(placeable),
        placeable_found=sum(m.found is not None for m in placeable),
        placed_right=sum(m.right for m in placeable),
        accuracy_km={
            km: _share(sum(error <= km for error in errors), len(placeable)) for km in THRESHOLDS_KM
        },
        median_km=round(statistics.median(errors), 2) if errors else None,
        mean_km=round(statistics.fmean(errors), 2) if errors else None,
        nil_accuracy=_share(
            sum(m.found is not None and m.found.place is None for m in nils), len(nils)
        ),
        calibration_error=calibration_error(
            [(m.found.confidence, m.right) for m in placeable if m.found and m.found.place]
        ),
        mentions=tuple(mentions),
    )


def count_mentions(
    mentions: Sequence[Mention], matched: Sequence[Mention], *, complete: bool
) -> Counts:
    """Count what matched; ``predicted`` is ``None`` where the gold is not complete."""
    return Counts(
        matched=len(matched),
        predicted=sum(m.found is not None for m in mentions) if complete else None,
        gold=sum(m.gold is not None for m in mentions),
    )


def _name_counts(mentions: Sequence[Mention], *, complete: bool) -> Counts:
    gold = {(m.doc, m.gold.text.casefold()) for m in mentions if m.gold}
    found = {(m.doc, m.found.text.casefold()) for m in mentions if m.found}
    gold_hit = {(m.doc, m.gold.text.casefold()) for m in mentions if m.gold and m.found}
    found_hit = {(m.doc, m.found.text.casefold()) for m in mentions if m.gold and m.found}
    # A gold name may be found under two spellings ("the Kyiv region", "Kyiv"), so
    # the names found in vain, not the matches, decide precision.
    wrong = len(found - found_hit)
    return Counts(
        matched=len(gold_hit),
        predicted=len(gold_hit) + wrong if complete else None,
        gold=len(gold),
    )


def same_span(mention: Mention) -> bool:
    """Tell whether gold and found have the same offsets."""
    gold, found = mention.gold, mention.found
    return bool(gold and found) and (gold.start, gold.end) == (found.start, found.end)  # type: ignore[union-attr]


def calibration_error(answers: Sequence[tuple[float, bool]]) -> float | None:
    """Give the expected calibration error over ten bins of equal width (Guo et al. 2017).

    Parameters
    ----------
    answers
        Confidence 0..1 of each answer, and whether it was right.

    Returns
    -------
    float or None
        The mean gap between confidence and share of right answers, weighted by
        the size of the bins: 0 is perfect. ``None`` without answers.

    Examples
    --------
    >>> calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)])
    0.0
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in answers:
        index = min(int(confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1)
        bins.setdefault(index, []).append((confidence, right))
    if not answers:
        return None
    gaps = (
        abs(sum(c for c, _ in rows) - sum(right for _, right in rows)) for rows in bins.values()
    )
    return round(sum(gaps) / len(answers), 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
