"""Fit the model that decides which of a text's dates is that of an event.

    python benchmarks/fit_dates.py [--folds] [--write]

Learns at the triggers of the gold of the seeds and of the project's dispatches, without those that
are set aside (``gold_triggers.is_held_out``), and of the dated passages of the tests
(``tests/events/dated.txt``), without the half that is measured on. ``--folds`` measures across
folds by dispatch; ``--write`` writes ``dates.npz`` to ``geomap/weights``. Deterministic.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from fit_claims import WEIGHTS, _climbed, _wide
from gold_triggers import FOLDERS, ROOT, is_held_out, parser, token_at
from marked import fold_of
from scipy.sparse import csr_matrix

from geomap.events.date_choices import DateChoices
from geomap.events.dated import chosen_date
from geomap.events.dates import find_dates
from geomap.events.dating import date_for
from geomap.events.tenses import is_now, is_over
from geomap.score import read_gold
from geomap.score.attributes import JUDGES
from geomap.sentences import sents_remembered
from geomap.weights.digests import record_digests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.tokens import Doc, Token

    from geomap.events.date_choices import DateChoice
    from geomap.weights.wide import Wide

FOLDS = 5
FEWEST = 2
# The best of .03, .05, .1, .2 across folds.
STRENGTH = 0.1


@dataclass(frozen=True, slots=True)
class Text:
    doc: Doc
    anchor: dt.date
    fold: int
    folder: str
    # Start, end, type, and the date as the judge of ``geomap evaluate`` asks for it.
    marks: tuple[tuple[Token, str, Any], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    fold: int
    folder: str
    choices: tuple[DateChoice, ...]
    right: tuple[bool, ...]
    where: str = ""


def texts(passages: Path) -> list[Text]:
    nlp, found = parser(), []
    for folder in FOLDERS:
        for gold in read_gold(folder / "gold").documents:
            if gold.events is None or is_held_out(folder.name, gold.doc):
                continue
            doc = nlp((folder / f"{gold.doc}.txt").read_bytes().decode("utf-8"))
            rows = {(e.start, e.end, e.type): e for e in gold.events}
            rows = dict(sorted(rows.items()))
            marks = tuple((token_at(doc, a, b, kind), kind, e) for (a, b, kind), e in rows.items())
            day = dt.date.fromisoformat(gold.doc[:10])
            found.append(Text(doc, day, fold_of(gold.doc, folds=FOLDS), folder.name, marks))
    return found


def is_right(gold: Any, date: Any) -> bool | None:
    judged = JUDGES["date"](gold, SimpleNamespace(date=date), {})
    return judged[0] if judged else None


def samples(found: Sequence[Text], choose: Callable[..., int]) -> list[Sample]:
    rows: list[Sample] = []
    for text in found:
        with sents_remembered(text.doc):
            rows += _of_text(text, choose)
    return rows


def _of_text(text: Text, choose: Callable[..., int]) -> Iterator[Sample]:
    whole = text.doc.text
    mentions = find_dates(whole, anchor=text.anchor)
    asked = DateChoices(text.doc, whole, mentions, text.anchor)
    for token, kind, gold in text.marks:
        span = token.idx, token.idx + len(token)
        bounds = token.sent.start_char, token.sent.end_char
        ruled = date_for(
            *span, bounds, mentions,
            text=whole, anchor=text.anchor, present=is_now(token), past=is_over(token),
        )  # fmt: skip
        choices = asked.of(token, span, kind, ruled)
        right = tuple(is_right(gold, c.range) for c in choices)
        known = right[0] is not None
        place = choose(text, choices, right if known else None)
        asked.decide(token, kind, choices[place].range)
        if known:
            where=f"{kind} | {whole[max(0,span[0]-80):span[0]]}[{token.text}]{whole[span[1]:span[1]+50]} | {gold.date} {gold.date_precision}".replace("\n","⏎")
            yield Sample(text.fold, text.folder, tuple(choices), tuple(map(bool, right)),where)


def the_gold(_: Text, choices: Sequence[DateChoice], right: Sequence[bool] | None) -> int:
    return right.index(True) if right and True in right else 0


def fitted(rows: Sequence[Sample]) -> Wide:
    rows = [row for row in rows if any(row.right) and not all(row.right)]
    counts = Counter(sign for row in rows for c in row.choices for sign in set(c.signs))
    names = sorted(sign for sign, count in counts.items() if count >= FEWEST)
    places = {name: place for place, name in enumerate(names)}
    columns: list[int] = []
    ends, wanted = [0], []
    for row in rows:
        for choice in row.choices:
            columns += [places[sign] for sign in set(choice.signs) if sign in places]
            ends.append(len(columns))
        wanted += row.right
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(wanted), len(names)))
    sizes = np.array([len(row.choices) for row in rows])
    weights = _climbed(table, np.array(wanted, float), sizes, np.ones(len(rows)))
    return _wide(("date",), np.zeros(1), names, weights[None, :], frozenset())


def main() -> None:
    import fit_claims
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--strength", type=float, default=STRENGTH)
    options.add_argument("--folds", action="store_true")
    options.add_argument("--write", action="store_true")
    options.add_argument("-v", action="store_true")
    given = options.parse_args()
    fit_claims.STRENGTH_OF_SPEAKERS = given.strength
    found = texts(ROOT / "tests" / "events" / "dated.txt")
    rows = samples(found, the_gold)
    for _ in range(2):
        models = {f: fitted([r for r in rows if r.fold != f]) for f in range(FOLDS)}
        rows = samples(found, lambda text, choices, _: chosen_date(choices, models[text.fold], 0.0))
    print(len(rows), "triggers; oracle", np.mean([any(r.right) for r in rows]))
    for least in (0.0, 0.1, 0.2, 0.3, 0.5, 1.0):
        tot=Counter();ok=Counter()
        for r in rows:
            tot[r.folder]+=1
            ok[r.folder]+=r.right[0 if least == 0.5 else chosen_date(r.choices, models[r.fold], 0.0 if least==1.0 else least)]
        print("rules" if least == 0.5 else least, {f: round(ok[f]/tot[f],4) for f in tot}, round(sum(ok.values())/len(rows),4))
    if given.v:
        for r in rows:
            p=chosen_date(r.choices, models[r.fold], .0)
            if not r.right[p]: print(r.folder, r.where, "got",r.choices[p].range and r.choices[p].range.start,r.choices[p].signs[:3], "rule right" if r.right[0] else "right:" + str([c.signs[:2] for c,x in zip(r.choices,r.right) if x]))
    if given.write:
        model = fitted(rows)
        path = WEIGHTS / "dates.npz"
        model.write(path)
        print(f"dates: {len(model.rows)} signs, {path.stat().st_size} bytes")
        record_digests(WEIGHTS)


if __name__ == "__main__":
    main()
