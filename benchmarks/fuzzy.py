"""Measure the guard of near spellings: misspelt towns found, words and surnames not.

    python benchmarks/fuzzy.py

Towns are those of the built-in gazetteer with 20,000 inhabitants and more, each with one letter
left out, doubled or replaced; the words are English words and surnames that no file lists.
"""

from __future__ import annotations

import random
import time

from geomap.gazetteer import key, open_gazetteer
from geomap.lexicons import words

TOWN = 20_000  # inhabitants


def misspelt(name: str, draw: random.Random) -> str:
    """Change one letter behind the first."""
    at = draw.randrange(1, len(name))
    change = draw.choice(("", name[at] * 2, draw.choice("aeioulnrst")))
    return name[:at] + change + name[at + 1 :]


def main() -> None:
    """Run and print the table."""
    draw = random.Random(3)  # noqa: S311 - no secret
    with open_gazetteer() as gazetteer:
        towns = [p.name for p in gazetteer.places() if p.population >= TOWN and p.name.isascii()]
        sample = draw.sample([t for t in towns if len(t) > 5], 1000)  # noqa: PLR2004 - the guard's
        found, right, times = 0, 0, []
        for name in sample:
            wrong = misspelt(name, draw)
            if gazetteer.find(wrong):
                continue
            start = time.perf_counter()
            guesses = gazetteer.find(wrong, fuzzy=True)
            times.append((time.perf_counter() - start) * 1e3)
            found += bool(guesses)
            right += any(key(g.place.name) == key(name) for g in guesses)
        times.sort()
        print(f"misspelt towns: {len(times)}, guessed {found / len(times):.3f}, ", end="")
        print(f"the town among the guesses {right / len(times):.3f}")
        print(f"p50 {times[len(times) // 2]:.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms")
        listed = sorted(words("english_words"))
        plain = [w.capitalize() for w in draw.sample(listed, 2000)]
        guessed = sum(
            any(c.match == "fuzzy" for c in gazetteer.find(word, fuzzy=True)) for word in plain
        )
        print(f"English words guessed to be a place: {guessed} of {len(plain)}")


if __name__ == "__main__":
    main()
