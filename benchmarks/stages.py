"""Where geomap's time goes, stage by stage, beside that of plain spaCy on the same articles.

    python benchmarks/stages.py seeds tests/quality/development tests/quality/wires
    python benchmarks/stages.py lgl.jsonl --words 30000 --rounds 8

Processor time in milliseconds per thousand words and as a share of plain spaCy's. Of each stage
it is that of the round in which it was least: other work on the machine only ever adds to it. The
time of a stage that another one calls is not counted in the other.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from throughput import Ways, read

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = "plain nlp.pipe"
REST = "the rest"
# Stage, and what does it: a module, and a function or method there.
STAGES = (
    ("cut into words", "spacy.language", "Language.make_doc"),
    ("names (NER)", "geomap.analysis", "Analysis.find_names"),
    ("recognition", "geomap.components", "recognise"),
    ("candidates (gazetteer)", "geomap.components", "ToponymFinder._candidates"),
    ("resolution", "geomap.components", "resolve"),
    ("which sentences to parse", "geomap.analysis", "Analysis._chosen"),
    ("vectors for tags and parse", "geomap.vectors", "SharedVectors.pipe"),
    ("parse", "geomap.parsing", "SentenceParser.pipe"),
    ("parts of speech, lemmas", "geomap.morphology", "Morphology.__call__"),
    ("tags, excerpts", "geomap.analysis", "Analysis.parse"),
    ("readings", "geomap.components", "_toponyms"),
    ("relative places", "geomap.components", "find_relative_places"),
    ("triggers", "geomap.events.extraction", "find_triggers"),
    ("places of events", "geomap.events.extraction", "find_places"),
    ("claims", "geomap.events.extraction", "ClaimReader"),
    ("claims", "geomap.events.claims", "ClaimReader.read"),
    ("dates", "geomap.events.extraction", "find_dates"),
    ("dates", "geomap.events.dated", "ruled_date"),
    ("other parts of events", "geomap.components", "find_event_mentions"),
    ("shapes, merging", "geomap.components", "assemble_events"),
    ("into and out of spaCy", "geomap.events.annotations", "events_of"),
    ("into and out of spaCy", "geomap.toponyms.annotations", "toponyms_of"),
    ("into and out of spaCy", "geomap.components", "toponyms_of"),
    ("into and out of spaCy", "geomap.components", "annotate_events"),
    ("into and out of spaCy", "geomap.components", "annotate_toponyms"),
)  # fmt: skip


class Clock:
    """Gives each moment to the innermost stage that runs."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._running = [REST]
        self._since = 0.0

    def turn(self) -> None:
        """Give the time since the last turn to the stage that runs."""
        now = time.process_time()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def start(self) -> None:
        """Forget all times."""
        self.seconds.clear()
        self._since = time.process_time()

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Make of a function one that is timed; a generator's work is done at once."""

        @functools.wraps(work)
        def run(*args: Any, **options: Any) -> Any:
            self.turn()
            self._running.append(stage)
            try:
                found = work(*args, **options)
                return iter(list(found)) if hasattr(found, "send") else found
            finally:
                self.turn()
                self._running.pop()

        return run

    def put_on(self, stage: str, module: str, path: str) -> None:
        """Time a function wherever it is called by that name."""
        *owners, name = path.split(".")
        holder: Any = importlib.import_module(module)
        for owner in owners:
            holder = getattr(holder, owner)
        setattr(holder, name, self.timed(stage, getattr(holder, name)))


def measure(ways: Ways, *, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Give the least seconds of each stage, those of plain spaCy first, and of the first round."""
    clock = Clock()
    for stage in STAGES:
        clock.put_on(*stage)
    clock.start()
    ways.run("extract")
    clock.turn()
    first = dict(clock.seconds)
    ways.run("plain", 2)
    least: dict[str, float] = {}
    for number in range(rounds):
        found = {PLAIN: ways.run("plain")}
        clock.start()
        ways.run("extract")
        clock.turn()
        found |= clock.seconds
        for stage, seconds in found.items():
            least[stage] = min(seconds, least.get(stage, seconds))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return least, first


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", nargs="+", help="files or folders, as for geomap extract")
    parser.add_argument("--words", type=int, default=30_000, help="stop reading after so many")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    articles = read(options.inputs, words=options.words)
    words = sum(len(article.text.split()) for article in articles)
    least, first = measure(Ways(articles), rounds=options.rounds)
    plain = least[PLAIN]
    total = sum(seconds for stage, seconds in least.items() if stage != PLAIN)
    print(f"{len(articles)} articles, {words:,} words, least of {options.rounds} rounds")
    print(f"{'':<30}{'ms / 1,000 words':>18}{'share of plain':>16}{'first round':>13}")
    order = [PLAIN, *dict.fromkeys(stage for stage, _, _ in STAGES), REST]
    rows = [(stage, least.get(stage, 0.0), first.get(stage, 0.0)) for stage in order]
    for stage, seconds, before in [*rows, ("geomap, all stages", total, sum(first.values()))]:
        print(
            f"{stage:<30}{1e6 * seconds / words:>18.2f}{seconds / plain:>16.3f}"
            f"{before / plain:>13.3f}"
        )


if __name__ == "__main__":
    main()
