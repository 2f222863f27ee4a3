"""Change the pure core one place at a time, and count how many changes the tests notice.

    python benchmarks/mutants.py                       # all groups, a sample of each
    python benchmarks/mutants.py geometry --sample 0   # one group, all of its mutants
    python benchmarks/mutants.py claims --show         # with the changes that no test noticed

mutmut makes the mutants (``[tool.mutmut]`` in pyproject.toml says of which modules, and which tests
judge them) and forks a process for each, in which only the tests run that reach the changed function.
A sample is drawn with a fixed seed, so that the next one holds the same mutants while the code is the
same. A mutant that runs into its limit of time counts as noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

GROUPS = {
    "geometry": ("geometry", "areas", "events/shapes", "toponyms/relative_shapes"),
    "claims": (
        "events/claims", "events/speech", "events/moods", "events/negations", "events/mood_signs",
        "events/claimants", "events/acts", "events/quotes",
    ),
    "resolution": (
        "toponyms/ranking", "toponyms/company", "toponyms/context", "toponyms/senses",
        "toponyms/resolution", "toponyms/candidates",
    ),
    "escaper": ("escape",),
}  # fmt: skip
MADE = Path("mutants/geomap")
# What mutmut writes down of a mutant: the exit status of pytest, or its own numbers.
SURVIVED, UNTESTED = 0, (5, 33)


def results_of(module: str) -> dict[str, int | None]:
    """Give the names of a module's mutants, each with what became of it."""
    meta = MADE / f"{module}.py.meta"
    if not meta.is_file():
        return {}
    found: dict[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def run(names: list[str]) -> None:
    """Let mutmut try mutants."""
    # One process at a time, and threads of numpy's would only wait for one another.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - mutmut
    if done.returncode:
        sys.exit(f"mutmut failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def sampled(modules: tuple[str, ...], *, size: int, seed: int) -> list[str]:
    """Draw mutants of some modules; all where there are no more, or ``size`` is 0."""
    names = sorted(name for module in modules for name in results_of(module))
    if not size or size >= len(names):
        return names
    return sorted(random.Random(seed).sample(names, size))  # noqa: S311 - no secret


def print_group(group: str, names: set[str], *, show: bool) -> None:
    """Print a line for each module of a group, and one for all."""
    tried_of_all = noticed_of_all = 0
    left: list[str] = []
    for module in GROUPS[group]:
        results = {name: code for name, code in results_of(module).items() if name in names}
        missed = sorted(n for n, code in results.items() if code == SURVIVED or code in UNTESTED)
        tried, noticed = len(results), len(results) - len(missed)
        print(line(f"{group}: {module}", noticed, tried, len(results_of(module))))
        tried_of_all, noticed_of_all = tried_of_all + tried, noticed_of_all + noticed
        left += missed
    whole = sum(len(results_of(module)) for module in GROUPS[group])
    print(line(f"{group}, all", noticed_of_all, tried_of_all, whole), flush=True)
    for name in left if show else ():
        command = [sys.executable, "-m", "mutmut", "show", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        print(done.stdout)


def line(name: str, noticed: int, tried: int, made: int) -> str:
    """Give one line of the table."""
    share = f"{100 * noticed / tried:.0f} %" if tried else "-"
    return f"{name:36} {share:>6}  {noticed:4} of {tried:4} tried, {made:4} made"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("group", nargs="*", choices=[[], *GROUPS], default=[])
    parser.add_argument("--sample", type=int, default=250, help="mutants a group; 0 for all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what no test noticed")
    wanted = parser.parse_args()
    # mutmut does not see all that has changed, such as data files and tests.
    shutil.rmtree(MADE.parent, ignore_errors=True)
    # The escaper is small; with it mutmut makes the mutants of all modules.
    run(["geomap.escape.*"])
    drawn = {
        group: sampled(GROUPS[group], size=wanted.sample, seed=wanted.seed)
        for group in wanted.group or GROUPS
    }
    run([name for names in drawn.values() for name in names])
    for group, names in drawn.items():
        print_group(group, set(names), show=wanted.show)


if __name__ == "__main__":
    main()
