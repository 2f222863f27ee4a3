"""The annotated texts that weights are fitted on, and the split that nobody looks at.

A corpus has one JSON object a line: ``{"id", "corpus", "text", "toponyms": [{"start", "end",
"lat", "lon"}]}``. The project's own dispatches (``seeds/`` and
``tests/quality/development/``) with their gold are always added; what weights are fitted on
has the marked dispatches (:mod:`marked_toponyms`) besides.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from marked import is_measured_on
from marked_toponyms import CORPUS as MARKED
from marked_toponyms import marked_rows

ROOT = Path(__file__).resolve().parents[1]
OWN = (ROOT / "seeds", ROOT / "tests" / "quality" / "development")
FOLDS = 5
# One document of seven is set aside: neither fitted on nor read, only measured.
_SET_ASIDE_OF = 7


def _number(identifier: str, salt: str) -> int:
    return int(hashlib.sha256(f"{salt}:{identifier}".encode()).hexdigest(), 16)


def is_set_aside(row: dict[str, Any]) -> bool:
    """Tell whether a document is only measured; the project's own dispatches never are."""
    if row["corpus"] == MARKED:
        return is_measured_on(row["id"])
    return row["corpus"] != "own" and _number(row["id"], "aside") % _SET_ASIDE_OF == 0


def fold_of(row: dict[str, Any]) -> int:
    """Give the fold of a document for cross-fitting, by the SHA-256 of its id."""
    return _number(f"{row['corpus']}:{row['id']}", "fold") % FOLDS


def is_partial(row: dict[str, Any]) -> bool:
    """Tell whether only some of the mentions are annotated."""
    return str(row["corpus"]).startswith(("ua-", "halterman"))


def read_corpora(paths: list[str]) -> list[dict[str, Any]]:
    """Read corpora, and the project's own dispatches with their gold behind them."""
    rows: list[dict[str, Any]] = []
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="\n") as lines:
            rows += [json.loads(line) for line in lines if line.strip()]
    return rows + [row for folder in OWN if folder.is_dir() for row in _own(folder)]


def rows_to_fit(paths: list[str]) -> list[dict[str, Any]]:
    """Read corpora, the project's own dispatches and the marked ones, without what is set aside."""
    rows = [*read_corpora(paths), *marked_rows()]
    return [row for row in rows if not is_set_aside(row)]


def _own(folder: Path) -> list[dict[str, Any]]:
    gold = (folder / "gold" / "toponyms.jsonl").read_text(encoding="utf-8").split("\n")
    toponyms = [json.loads(line) for line in gold if line]
    return [
        {
            "id": path.stem,
            "corpus": "own",
            "text": path.read_bytes().decode("utf-8"),
            "toponyms": [t for t in toponyms if t["doc"] == path.stem],
        }
        for path in sorted(folder.glob("*.txt"))
    ]
