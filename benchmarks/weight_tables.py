"""Write the weights of a small model into a lexicon, one a line, as all its fits do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["weights_of", "write_weights"]


def weights_of(vectorizer: Any, model: Any, *, least: float = 0.0) -> dict[str, float]:
    """Give the weights of a fitted regression by feature; those nearer to 0 than ``least`` are out."""
    names = vectorizer.get_feature_names_out()
    return {
        name: round(float(weight), 3)
        for name, weight in zip(names, model.coef_[0], strict=True)
        if abs(weight) >= least
    }


def write_weights(path: Path, *, comments: Sequence[str], weights: Mapping[str, float]) -> None:
    """Write a table ``[weights]`` behind the comments that say what it is and how it is made."""
    lines = [
        *(f"# {comment}" for comment in comments),
        "",
        "[weights]",
        *(f"{json.dumps(name)} = {weight}" for name, weight in weights.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
