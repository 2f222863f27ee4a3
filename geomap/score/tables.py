"""The scores of corpora as plain text: one table a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.score.confusions import Confusion
    from geomap.score.corpora import CorporaScores

__all__ = ["confusion_lines", "corpora_table"]

_NAME_WIDTH = 26
_WIDTH = 8
# Heading, path in the figures, decimals.
_Column = tuple[str, str, int]
_RECOGNITION: tuple[_Column, ...] = (
    ("P", "recognition.overlap.precision", 3),
    ("R", "recognition.overlap.recall", 3),
    ("F1", "recognition.overlap.f1", 3),
    ("same P", "recognition.strict.precision", 3),
    ("same R", "recognition.strict.recall", 3),
    ("same F1", "recognition.strict.f1", 3),
    ("gold", "recognition.overlap.gold", 0),
)
_JOINT: tuple[_Column, ...] = (
    ("P@161", "joint.161.precision", 3),
    ("R@161", "joint.161.recall", 3),
    ("F1@161", "joint.161.f1", 3),
    ("F1@25", "joint.25.f1", 3),
    ("F1@10", "joint.10.f1", 3),
    ("R@25", "joint.25.recall", 3),
    ("R@10", "joint.10.recall", 3),
    ("gold", "joint.161.gold", 0),
)


def _resolution(root: str) -> tuple[_Column, ...]:
    columns = (
        ("@161 km", "accuracy_km.161", 3),
        ("@25 km", "accuracy_km.25", 3),
        ("@10 km", "accuracy_km.10", 3),
        ("same id", "same_id", 3),
        ("AUC", "auc", 3),
        ("median", "median_km", 1),
        ("mean", "mean_km", 0),
        ("ECE", "calibration_error", 3),
        ("ECE@161", "calibration_error_161", 3),
        ("placed", "answered", 0),
        ("gold", "gold", 0),
    )
    return tuple((heading, f"{root}.{path}", decimals) for heading, path, decimals in columns)


_TABLES: tuple[tuple[str, tuple[_Column, ...]], ...] = (
    ("names found (overlapping, same span)", _RECOGNITION),
    ("resolution given gold spans", _resolution("given")),
    ("  without countries, continents", _resolution("given_narrow")),
    ("resolution end to end (missed = wrong)", _resolution("end_to_end")),
    ("  without countries, continents", _resolution("end_to_end_narrow")),
    ("found and right within 161 km", _JOINT),
)


def corpora_table(scores: CorporaScores) -> str:
    """Set the scores of corpora as text.

    Parameters
    ----------
    scores
        What :func:`geomap.score.score_corpora` gave.

    Returns
    -------
    str
        One table a question, one line a corpus; ``-`` where a measure has no
        meaning. No newline at the end. Distances are kilometres.
    """
    rows: dict[str, Mapping[str, Any]] = {c.name: c.to_dict() for c in scores.corpora}
    if len(rows) > 1:
        rows |= {"all, by mention (micro)": scores.micro.to_dict()}
        rows |= {"all, by corpus (macro)": scores.macro}
    lines: list[str] = []
    for title, columns in _TABLES:
        if not any(_at(row, columns[-1][1]) for row in rows.values()):
            continue
        lines += ["", title, _line("", [heading for heading, _, _ in columns])]
        for name, row in rows.items():
            figures = [_figure(_at(row, path), decimals) for _, path, decimals in columns]
            lines.append(_line(name, figures))
    failed = sum(corpus.failed for corpus in scores.corpora)
    if failed:
        lines += ["", f"{failed} texts gave an error and were left out"]
    return "\n".join(lines[1:])


def confusion_lines(errors: Sequence[Confusion], *, limit: int) -> list[str]:
    """Set the most frequent errors of each kind as text.

    Parameters
    ----------
    errors
        What :func:`geomap.score.confusions` gave.
    limit
        At most so many of each kind.
    """
    titles = {
        "misplaced": "wrong places",
        "missed": "names missed",
        "spurious": "names found in vain",
    }
    lines = []
    for kind, title in titles.items():
        rows = [error for error in errors if error.kind == kind]
        if rows:
            total = sum(error.count for error in rows)
            lines += ["", f"{title}: {total}, {len(rows)} different", *map(str, rows[:limit])]
    return lines


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for key in path.split("."):
        value = value.get(key) if hasattr(value, "get") else None
    return value


def _figure(value: float | None, decimals: int) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"


def _line(name: str, values: Iterable[str]) -> str:
    cells = "".join(f"{value:>{_WIDTH}}" for value in values)
    return f"{name:<{_NAME_WIDTH}}{cells}".rstrip()
