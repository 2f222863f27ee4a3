"""Spoil input for a while, and keep what breaks something: the longer run.

    python tests/fuzz/drive.py --seconds 3600 --save output/fuzz [TARGET …]

Each target gets its share of the time. One input is kept for each place in the code that breaks,
under its target; put it into ``tests/fuzz/corpus/TARGET/`` when it is mended. The last line says
how many inputs were tried and how many places broke.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from fuzzing import ODD, ODD_TEXT, mutated, spoilt  # noqa: E402
from targets import TARGETS, Target  # noqa: E402

LONGEST_S = 10.0
BYTE_EDITS = ("overwrite", "cut", "double", "great")
# Brackets in brackets, deeper than Python's stack.
DEEP = (b"[" * 20_000, b'{"a":' * 20_000, b"(" * 20_000, b"a=" + b"[" * 20_000 + b"]" * 20_000)
TREE_KINDS = ("put", "put", "put", "cut", "double", "wrap", "swap", "nest")


def spoil(target: Target, kept: list[bytes], chance: random.Random) -> bytes:
    """Make one input of the seeds, of what was kept, or of nothing."""
    way = chance.random()
    if target.words and way < 0.6:
        words = chance.choices(target.words, k=chance.randint(1, 18))
        return chance.randbytes(1) + " ".join(words).encode()
    if target.write is not None and way < 0.6:
        return target.write(spoilt(target.tree, tree_edits(chance)))
    data = chance.choice([*target.seeds, *kept])
    if way < 0.9:
        edits = [
            (chance.choice(BYTE_EDITS), chance.random(), chance.randint(1, 60), some_bytes(chance))
            for _ in range(chance.randint(1, 6))
        ]
        return mutated(data, edits)
    return data[: chance.randint(0, 64)] + some_bytes(chance, most=300)


def tree_edits(chance: random.Random) -> list[tuple[float, str, object, float]]:
    return [
        (chance.random(), chance.choice(TREE_KINDS), chance.choice(ODD), chance.random())
        for _ in range(chance.randint(1, 4))
    ]


def some_bytes(chance: random.Random, most: int = 8) -> bytes:
    size = chance.randint(1, most)
    if chance.random() < 0.02:
        return chance.choice(DEEP)
    if chance.random() < 0.5:
        return chance.randbytes(size)
    letters = ODD_TEXT + "[]{}\"',:=\n\t\\<>$%"
    return "".join(chance.choices(letters, k=size)).encode("utf-8", "surrogatepass")


def place_of(err: BaseException) -> str:
    """Give what broke, and the last line of ours that it passed."""
    frames = traceback.extract_tb(err.__traceback__)
    ours = [one for one in frames if "/geomap/" in one.filename or "targets" in one.filename]
    last = (ours or frames)[-1]
    return f"{type(err).__name__} at {Path(last.filename).name}:{last.lineno}"


def drive(name: str, *, seconds: float, seed: int, save: Path | None) -> tuple[int, dict[str, str]]:
    """Try inputs on one target for a time; give their number and what broke where."""
    target, chance = TARGETS[name], random.Random(f"{seed} {name}")  # noqa: S311 - no secret
    kept = [path.read_bytes() for path in sorted(HERE.glob(f"corpus/{name}/*"))]
    broken: dict[str, str] = {}
    tried, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        data, tried, started = spoil(target, kept, chance), tried + 1, time.process_time()
        if save is not None:
            # Left when the whole process breaks.
            (save / "last").write_bytes(data)
        try:
            target.run(data)
            assert time.process_time() - started < LONGEST_S, "took too long"
        except Exception as err:  # noqa: BLE001 - whatever it is
            where = place_of(err)
            if where not in broken and save is not None:
                folder = save / name
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{len(broken)}").write_bytes(data)
            broken.setdefault(where, str(err)[:200])
    return tried, broken


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("targets", nargs="*", default=list(TARGETS), metavar="TARGET")
    parser.add_argument("--seconds", type=float, default=600, help="for all of them together")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--save", type=Path, help="folder for what breaks something")
    given = parser.parse_args()
    if given.save is not None:
        given.save.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")  # what GDAL says of broken layers
    total, places = 0, 0
    for name in given.targets:
        share = given.seconds / len(given.targets)
        tried, broken = drive(name, seconds=share, seed=given.seed, save=given.save)
        total, places = total + tried, places + len(broken)
        print(f"{name}: {tried} inputs, {len(broken)} broke", flush=True)
        for where, told in broken.items():
            print(f"    {where}: {told}")
    print(f"{total} inputs tried (seed {given.seed}), {places} places broke")
    return 1 if places else 0


if __name__ == "__main__":
    sys.exit(main())
