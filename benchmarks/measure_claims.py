"""Measure factuality and speakers at the triggers of the marked dispatches.

    python benchmarks/measure_claims.py           # four texts of five, those to work on
    python benchmarks/measure_claims.py --aside   # the fifth that nobody reads

All sentences are parsed and every trigger is given (benchmarks/dispatches/README.md), so that what
is measured is the claims alone. A speaker is right by the judge of ``geomap evaluate``: the names
share a word, or neither names anybody. Rows of the table are the marks, columns what was found.
"""

from __future__ import annotations

import argparse
from collections import Counter
from types import SimpleNamespace
from typing import Any, get_args

from gold_triggers import parser, token_at
from marked import is_measured_on, marked_texts

from geomap.events.claims import ClaimReader
from geomap.events.quotes import quoted_ranges
from geomap.events.taxonomy import load_taxonomy
from geomap.records import Factuality
from geomap.score.attributes import JUDGES


def measure(*, aside: bool) -> tuple[Counter[tuple[str, str]], int]:
    """Count the pairs of marked and found factuality, and the right speakers."""
    nlp, types = parser(), load_taxonomy().types
    pairs: Counter[tuple[str, str]] = Counter()
    right = 0
    for text in marked_texts():
        if is_measured_on(text.id) != aside:
            continue
        doc = nlp(text.text)
        reader = ClaimReader(doc, quoted_ranges(text.text))
        for mark in text.marks:
            token = token_at(doc, mark.start, mark.end, mark.type)
            factuality, said = reader.read(token, types[mark.type])
            pairs[mark.factuality, factuality] += 1
            gold: Any = SimpleNamespace(attribution=mark.speaker)
            found: Any = SimpleNamespace(attribution=said)
            right += JUDGES["attribution"](gold, found, {}) == [True]
    return pairs, right


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--aside", action="store_true", help="the fifth that nobody reads")
    pairs, right = measure(aside=parser.parse_args().aside)
    total = pairs.total()
    same = sum(number for (gold, found), number in pairs.items() if gold == found)
    print(f"{total} triggers: factuality {same / total:.3f}, speaker {right / total:.3f}\n")
    names = get_args(Factuality)
    print(f"{'':<10}" + "".join(f"{name:>10}" for name in names))
    for gold in names:
        print(f"{gold:<10}" + "".join(f"{pairs[gold, found]:>10}" for found in names))


if __name__ == "__main__":
    main()
