"""Score resolution: how far from gold each answer lies, in the field's customary measures.

The measures and their names follow Gritta, Pilehvar & Collier (2020, "A
pragmatic guide to geoparsing evaluation"); see ``docs/quality.md``.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.score.toponyms import THRESHOLDS_KM, calibration_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomap.score.toponyms import Mention

__all__ = [
    "CUSTOMARY_KM",
    "MAX_ERROR_KM",
    "ResolutionScores",
    "area_under_error_curve",
    "score_resolution",
]

# Half the circumference of the Earth, the largest error there can be; the figure
# of Gritta et al. 2020. An answer that is missing counts as one so far off.
MAX_ERROR_KM = 20039.0
# 161 km (100 miles), the field's threshold for "right" (Leidner 2007).
CUSTOMARY_KM = 161


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionScores:
    """How well gold mentions with coordinates were placed.

    Parameters
    ----------
    gold, answered
        Gold mentions with coordinates, and those that got a place.
    accuracy_km
        Share of ``gold`` placed within so many kilometres (10, 25, 161);
        a missing answer is wrong.
    right
        Share of ``gold`` placed within ``max(25 km, radius_km)``.
    same_id, with_id
        Share of the gold mentions with a GeoNames id that got this very id,
        and how many have one.
    median_km, mean_km
        Distance to gold over the answers.
    median_all_km, mean_all_km
        The same over all of ``gold``; a missing answer counts as 20,039 km.
    auc
        Area under the curve of log errors, 0..1, **less is better**; a missing
        answer counts as 20,039 km.
    calibration_error, calibration_error_161
        Expected calibration error of the answers' confidence, where right means
        within ``max(25 km, radius_km)``, or within 161 km.
    """

    gold: int
    answered: int
    accuracy_km: dict[int, float | None]
    right: float | None
    same_id: float | None
    with_id: int
    median_km: float | None
    mean_km: float | None
    median_all_km: float | None
    mean_all_km: float | None
    auc: float | None
    calibration_error: float | None
    calibration_error_161: float | None

    def to_dict(self) -> dict[str, Any]:
        """Give the scores as plain values; see the class for their meaning."""
        names = (
            "gold", "answered", "right", "same_id", "with_id", "median_km", "mean_km",
            "median_all_km", "mean_all_km", "auc", "calibration_error", "calibration_error_161",
        )  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        return {**values, "accuracy_km": {str(km): v for km, v in self.accuracy_km.items()}}


def area_under_error_curve(errors_km: Sequence[float]) -> float | None:
    """Give the area under the curve of log errors, as a share of the worst possible.

    The errors are sorted, ``ln(1 + km)`` is integrated by the trapezoid rule and
    divided by what it would be with every error at 20,039 km (Jurgens et al. 2015;
    Gritta et al. 2020).

    Parameters
    ----------
    errors_km
        One error a mention, a missing answer as :data:`MAX_ERROR_KM`.

    Returns
    -------
    float or None
        0 when every answer is exact, 1 when every one is as wrong as can be;
        ``None`` without mentions.

    Examples
    --------
    >>> area_under_error_curve([0.0, 0.0, 0.0])
    0.0
    >>> area_under_error_curve([0.0, 20039.0])
    0.5
    """
    if not errors_km:
        return None
    worst = math.log1p(MAX_ERROR_KM)
    logs = [math.log1p(min(error, MAX_ERROR_KM)) for error in sorted(errors_km)]
    if len(logs) == 1:
        return round(logs[0] / worst, 4)
    area = sum(logs) - (logs[0] + logs[-1]) / 2
    return round(area / (worst * (len(logs) - 1)), 4)


def score_resolution(mentions: Sequence[Mention]) -> ResolutionScores:
    """Score the answers to gold mentions.

    Parameters
    ----------
    mentions
        Those without gold coordinates are left out.

    Returns
    -------
    ResolutionScores
        With ``None`` for each measure that has no mention to stand on.
    """
    placeable = [m for m in mentions if m.gold is not None and m.gold.lat is not None]
    errors = [m.error_km for m in placeable if m.error_km is not None]
    every = [*errors, *[MAX_ERROR_KM] * (len(placeable) - len(errors))]
    answers = [
        (m.found.confidence, m.right, m.error_km)
        for m in placeable
        if m.found is not None and m.error_km is not None
    ]
    with_id = [m for m in placeable if m.gold is not None and m.gold.geonameid is not None]
    return ResolutionScores(
        gold=len(placeable),
        answered=len(errors),
        accuracy_km={
            km: _share(sum(error <= km for error in errors), len(placeable)) for km in THRESHOLDS_KM
        },
        right=_share(sum(m.right for m in placeable), len(placeable)),
        same_id=_share(sum(_same_id(m) for m in with_id), len(with_id)),
        with_id=len(with_id),
        median_km=round(statistics.median(errors), 2) if errors else None,
        mean_km=round(statistics.fmean(errors), 2) if errors else None,
        median_all_km=round(statistics.median(every), 2) if every else None,
        mean_all_km=round(statistics.fmean(every), 2) if every else None,
        auc=area_under_error_curve(every),
        calibration_error=calibration_error([(c, right) for c, right, _ in answers]),
        calibration_error_161=calibration_error([(c, km <= CUSTOMARY_KM) for c, _, km in answers]),
    )


def _same_id(mention: Mention) -> bool:
    gold, found = mention.gold, mention.found
    return bool(gold and found and found.place and found.place.id == f"geonames:{gold.geonameid}")


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
