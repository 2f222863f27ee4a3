"""Show what the quality gate measures now, beside its floors; raise them, never lower one.

    python benchmarks/measure_floors.py                       # all gold that is here
    python benchmarks/measure_floors.py corpora.lgl-dev       # some
    python benchmarks/measure_floors.py --raise               # write the figures that rose

Figures are rounded down to two decimals (ceilings up). The exit code is 1 when a figure is worse
than its floor. Corpora are read from GEOMAP_SHARED (default: the folder shared beside the
checkout).
"""

from __future__ import annotations

import argparse
import math
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "quality"))

from gate import faults, measure, read_floors  # noqa: E402 - after the path

if TYPE_CHECKING:
    from gate import Measured

FILE = ROOT / "tests" / "quality" / "floors.toml"
SHARED = Path(os.environ.get("GEOMAP_SHARED", ROOT.parent / "shared"))
_HEADER = re.compile(r"^\[(?P<name>[^\]]+)\.(?P<kind>floors|ceilings)\]$")
_VALUE = re.compile(r'^"(?P<path>[^"]+)" = (?P<value>[0-9.]+)$')


def rounded_down(value: float) -> float:
    """Round down to two decimals, forgiving the error of binary fractions."""
    return math.floor(value * 100 + 1e-6) / 100


def rounded_up(value: float) -> float:
    """Round up to two decimals, forgiving the error of binary fractions."""
    return math.ceil(value * 100 - 1e-6) / 100


def raised(toml: str, name: str, measured: Measured) -> str:
    """Give floors.toml with the bounds of one gold tightened where the figures allow it."""
    lines, kind = [], None
    for line in toml.split("\n"):
        header, value = _HEADER.match(line), _VALUE.match(line)
        if line.startswith("["):
            kind = header["kind"] if header and header["name"] == name else None
        if kind and value:
            figure, bound = measured.figure(value["path"]), float(value["value"])
            if figure is not None and kind == "floors":
                bound = max(bound, rounded_down(figure))
            elif figure is not None:
                bound = min(bound, rounded_up(figure))
            lines.append(f'"{value["path"]}" = {bound:.2f}')
        else:
            lines.append(line)
    return "\n".join(lines)


def _show(name: str, measured: Measured, expected: dict) -> None:
    print(f"\n{name}")
    for kind in ("floors", "ceilings"):
        for path, bound in expected.get(kind, {}).items():
            value = measured.figure(path)
            better = value is not None and (value >= bound if kind == "floors" else value <= bound)
            shown = "     -" if value is None else f"{value:.4f}"
            note = "" if better else "   WORSE"
            print(f"  {path:<34} {shown}   {kind[:-1]} {bound:.2f}{note}", flush=True)


def _is_here(name: str, expected: dict) -> bool:
    if "floors" not in expected:
        return False
    if name == "seeds":
        return True
    if name == "seed_article":
        return (SHARED / "seed" / "article.txt").is_file()
    return (SHARED / "corpora" / f"{name.removeprefix('corpora.')}.jsonl").is_file()


def main() -> int:
    """Measure, show, and raise when asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="*", help="names as in floors.toml; all when left out")
    parser.add_argument("--raise", dest="write", action="store_true", help="write what rose")
    options = parser.parse_args()
    floors = read_floors(ROOT)
    unknown = set(options.gold) - floors.keys()
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: not in floors.toml; {', '.join(floors)} are")
    from geomap.pipeline import load_pipeline  # noqa: PLC0415 - loads spaCy

    nlp, worse = load_pipeline(), 0
    for name, expected in floors.items():
        if options.gold and name not in options.gold:
            continue
        if not _is_here(name, expected):
            if "floors" in expected:
                print(f"\n{name}: not here; set GEOMAP_SHARED")
            continue
        measured = measure(name, root=ROOT, shared=SHARED, nlp=nlp)
        if measured.gold_sha256 != expected["gold_sha256"]:
            print(f"\n{name}: the gold is another ({measured.gold_sha256}); nothing is written")
            worse += 1
            continue
        _show(name, measured, expected)
        worse += len(faults(measured, expected))
        if options.write:
            text = FILE.read_text(encoding="utf-8")
            FILE.write_text(raised(text, name, measured), encoding="utf-8")
    if worse:
        print(f"\n{worse} worse than the floors, which stay as they are")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
