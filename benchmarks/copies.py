"""How well MinHash tells reprinted articles from other articles on the same matters.

    python benchmarks/copies.py

Copies are made of the project's own dispatches as newsrooms make them: with a line before and
after, the last third cut, or some of the words exchanged. Others are all pairs of different
dispatches, which tell of the same wars in the same manner. Prints the share called copies at
thresholds of similarity, and what share of those the bands find to be compared.
"""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

from geomap.store.minhash import LEAST_SIMILARITY, bands, minhash, similarity

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("benchmarks/dispatches", "seeds", "tests/quality/development")
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)


def texts() -> list[str]:
    """Give the dispatches, each once."""
    files = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.txt"))
    found = dict.fromkeys(file.read_text(encoding="utf-8") for file in files)
    return [text for text in found if minhash(text)]


def edits(text: str, chance: random.Random) -> dict[str, str]:
    """Give a text as others print it."""
    words = text.split()

    def exchanged(share: float) -> str:
        return " ".join("other" if chance.random() < share else word for word in words)

    return {
        "line before and after": f"KYIV (Agency) - {text}\nReporting by our own correspondents.",
        "last third cut": " ".join(words[: len(words) * 2 // 3]),
        "1 word of 50 changed": exchanged(0.02),
        "1 word of 20 changed": exchanged(0.05),
        "1 word of 5 changed": exchanged(0.2),
    }


def main() -> None:
    """Print the table."""
    chance = random.Random(1)  # noqa: S311 - the same edits in each run
    originals = texts()
    signatures = [minhash(text) for text in originals]
    pairs: dict[str, list[tuple[bytes, bytes]]] = {}
    for text, signature in zip(originals, signatures, strict=True):
        for name, edited in edits(text, chance).items():
            pairs.setdefault(name, []).append((signature, minhash(edited)))
    pairs["other dispatches"] = list(combinations(signatures, 2))
    print(f"{len(originals)} dispatches; share called copies at a similarity of")
    print(
        f"{'':24}" + "".join(f"{least:>9}" for least in THRESHOLDS) + f"{'bands':>10}{'pairs':>10}"
    )
    for name, some in pairs.items():
        alike = [similarity(one, other) for one, other in some]
        shares = [sum(a >= least for a in alike) / len(alike) for least in THRESHOLDS]
        near = [p for p, a in zip(some, alike, strict=True) if a >= LEAST_SIMILARITY]
        found = sum(bool(set(bands(one)) & set(bands(other))) for one, other in near)
        shown = f"{found / len(near):.4f}" if near else "-"
        print(f"{name:24}" + "".join(f"{s:9.4f}" for s in shares) + f"{shown:>10}{len(some):>10}")


if __name__ == "__main__":
    main()
