"""What the quality gate measures: each gold of floors.toml, its figures, and whether they hold."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.evaluation import evaluate_corpora, read_corpora
from geomap.pipeline import extract
from geomap.records import Article
from geomap.score import confusion_lines, confusions, corpora_table, evaluate, read_gold

if TYPE_CHECKING:
    from pathlib import Path

LISTED = 10


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one gold, its digest, and what to read when they do not hold."""

    gold_sha256: str
    figures: dict[str, Any]
    report: str

    def figure(self, path: str) -> float | None:
        """Give the figure at a path such as ``given.accuracy_km.161``."""
        value: Any = self.figures
        for key in path.split("."):
            value = value[key]
        return value


def read_floors(root: Path) -> dict[str, dict[str, Any]]:
    """Read floors.toml, one entry a gold: ``seeds``, ``corpora.lgl-dev`` …"""
    tables = tomllib.loads((root / "tests" / "quality" / "floors.toml").read_text(encoding="utf-8"))
    corpora = tables.pop("corpora", {})
    return tables | {f"corpora.{name}": table for name, table in corpora.items()}


def measure(name: str, *, root: Path, shared: Path, nlp: Any) -> Measured:
    """Run the pipeline over the gold of that name and score it."""
    if name == "seeds":
        seeds = root / "seeds"
        return _articles(sorted(seeds.glob("*.txt")), seeds / "gold", nlp)
    if name == "seed_article":
        return _articles([shared / "seed" / "article.txt"], shared / "seed" / "gold", nlp)
    corpus = shared / "corpora" / f"{name.removeprefix('corpora.')}.jsonl"
    scores = evaluate_corpora(read_corpora([corpus]), nlp=nlp)
    (only,) = scores.corpora
    errors = confusion_lines(confusions(scores.corpora), limit=LISTED)
    report = "\n".join([corpora_table(scores), *errors])
    return Measured(only.gold_sha256 or "", only.to_dict(), report)


def faults(measured: Measured, expected: dict[str, Any]) -> list[str]:
    """Say which figures are below their floor or above their ceiling."""
    found = []
    for path, floor in expected.get("floors", {}).items():
        value = measured.figure(path)
        if value is None or value < floor:
            found.append(f"{path} is {value}, floor {floor}")
    for path, ceiling in expected.get("ceilings", {}).items():
        value = measured.figure(path)
        if value is None or value > ceiling:
            found.append(f"{path} is {value}, ceiling {ceiling}")
    return found


def _articles(files: list[Path], gold_dir: Path, nlp: Any) -> Measured:
    articles = [
        Article(id=f.stem, text=f.read_bytes().decode("utf-8"), published=_day(f), language="en")
        for f in files
    ]
    scores = evaluate([extract(article, nlp=nlp) for article in articles], read_gold(gold_dir))
    return Measured(scores.gold_sha256, scores.to_dict(), scores.table())


def _day(file: Path) -> dt.date | None:
    try:
        return dt.date.fromisoformat(file.stem[:10])
    except ValueError:
        return None
