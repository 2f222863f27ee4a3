"""Score the dispatches of tests/quality/wires and briefs that no rule or weight has seen.

    python benchmarks/held_out.py            # the third that is set aside
    python benchmarks/held_out.py --others   # the two thirds to work on

Prints what ``geomap evaluate`` prints, without its lists of errors for those set aside, so that
nobody reads them by accident, and how far the confidence of events is off: the expected
calibration error, as for toponyms; an event is right when gold matches it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from gold_triggers import is_held_out

from geomap.pipeline import extract, load_pipeline
from geomap.records import Article
from geomap.score import read_gold
from geomap.score.events import match_events
from geomap.score.toponyms import calibration_error

QUALITY = Path(__file__).resolve().parents[1] / "tests" / "quality"
FOLDERS = ("wires", "briefs")


def gather(target: Path, *, others: bool) -> None:
    """Copy the chosen dispatches, and their gold, under names that tell their folder."""
    (target / "gold").mkdir()
    for folder in FOLDERS:
        chosen = [
            path
            for path in sorted((QUALITY / folder).glob("*.txt"))
            if is_held_out(folder, path.stem) != others
        ]
        for path in chosen:
            (target / f"{path.stem}-{folder}.txt").write_bytes(path.read_bytes())
        names = {path.stem for path in chosen}
        for kind in ("toponyms.jsonl", "events.jsonl"):
            lines = (QUALITY / folder / "gold" / kind).read_bytes().decode().split("\n")
            rows = [json.loads(line) for line in lines if line.strip()]
            kept = [row | {"doc": f"{row['doc']}-{folder}"} for row in rows if row["doc"] in names]
            with (target / "gold" / kind).open("a", encoding="utf-8") as stream:
                stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)


def calibration(folder: Path) -> str:
    """Tell how far confidence is from the share of right events."""
    nlp, said = load_pipeline(), []
    for gold in read_gold(folder / "gold").documents:
        text = (folder / f"{gold.doc}.txt").read_bytes().decode("utf-8")
        day = dt.date.fromisoformat(gold.doc[:10])
        article = Article(id=gold.doc, text=text, published=day, language="en")
        pairs = match_events(gold, extract(article, nlp=nlp))
        said += [(m.found.confidence, m.gold is not None) for m in pairs if m.found]
    return f"confidence of {len(said)} events is off by {calibration_error(said):.3f} (ECE)"


def main() -> None:
    """Gather, score, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--others", action="store_true", help="those to work on, with their errors")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        gather(Path(folder), others=options.others)
        command = [sys.executable, "-m", "geomap", "evaluate", folder]
        result = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
        off = calibration(Path(folder))
    shown, _, _ = result.stdout.partition("\ntoponyms missed")
    print(result.stdout if options.others else shown)
    print(off)


if __name__ == "__main__":
    main()
