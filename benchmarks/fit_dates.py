"""Fit the model that decides which of a text's dates is that of an event.

    python benchmarks/fit_dates.py [--folds] [--write]

Learns at the triggers of the gold of the seeds and of the project's dispatches, without those that
are set aside (``gold_triggers.is_held_out``), and of the marked dispatches that
``benchmarks/dispatches/dates.txt`` dates. ``--folds`` measures across folds by dispatch; ``--write``
writes ``dates.npz`` to ``geomap/weights``. Needs SciPy, for development only. Deterministic.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from fit_claims import climbed, wide_of
from gold_triggers import FOLDERS, is_held_out, parser, token_at
from marked import FOLDER, fold_of, marked_texts
from scipy.sparse import csr_matrix

from geomap.events.date_choices import DateChoices
from geomap.events.dated import chosen_date, ruled_date
from geomap.events.dates import find_dates
from geomap.score import read_gold
from geomap.score.attributes import JUDGES
from geomap.sentences import sents_remembered
from geomap.weights.digests import record_digests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc, Token

    from geomap.events.date_choices import DateChoice
    from geomap.records import DateRange
    from geomap.weights.wide import Wide

WEIGHTS = Path(__file__).parents[1] / "geomap" / "weights"
FOLDS = 5
# The best of .03, .1, .2, .3 across folds; a sign seen once is chance.
STRENGTH = 0.1
FEWEST = 2
# What a trigger of the gold weighs beside one of the marked dispatches: of 2, 4 and 8 all within .01
# of each other on gold across folds, the middle.
TRUST_OF_GOLD = 4.0
MARKED = "marked"
_CODE = re.compile(r"(?P<week>w?)(?P<days>[+-]?\d{1,3})|(?P<date>\d{4}(?:-\d\d){0,2})")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed text, its day, its fold and folder, and its marks: trigger, type and dated gold."""

    doc: Doc
    anchor: dt.date
    fold: int
    folder: str
    marks: tuple[tuple[Token, str, Any], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A trigger: the candidates for its date with whether each is right."""

    fold: int
    folder: str
    choices: tuple[DateChoice, ...]
    right: tuple[bool, ...]


def texts() -> list[Text]:
    """Parse all texts to learn from."""
    nlp, found = parser(), []
    for folder in FOLDERS:
        for gold in read_gold(folder / "gold").documents:
            if gold.events is None or is_held_out(folder.name, gold.doc):
                continue
            doc = nlp((folder / f"{gold.doc}.txt").read_bytes().decode("utf-8"))
            rows = sorted({(e.start, e.end, e.type): e for e in gold.events}.items())
            marks = tuple((token_at(doc, *key), key[2], event) for key, event in rows)
            day = dt.date.fromisoformat(gold.doc[:10])
            found.append(Text(doc, day, fold_of(gold.doc, folds=FOLDS), folder.name, marks))
    return [*found, *dispatches(nlp)]


def dispatches(nlp: Language) -> Iterator[Text]:
    """Parse the marked dispatches that have dates."""
    lines = (FOLDER / "dates.txt").read_text(encoding="utf-8").split("\n")
    dated = dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    for marked in marked_texts():
        if marked.id not in dated:
            continue
        kinds = {(m.start, m.end): m.type for m in reversed(marked.marks)}
        doc, day = nlp(marked.text), dt.date.fromisoformat(marked.published)
        rows = zip(sorted(kinds.items()), dated[marked.id].split(), strict=True)
        marks = tuple((token_at(doc, *key, kind), kind, told(c, day)) for (key, kind), c in rows)
        yield Text(doc, day, fold_of(marked.id, folds=FOLDS), MARKED, marks)


def told(code: str, anchor: dt.date) -> Any:
    """Read a code of ``dates.txt``, which tells what they mean, into a date of a gold.

    Raises
    ------
    ValueError
        When it is none.
    """
    found = _CODE.fullmatch("0" if code == "." else code)
    if code == "?":
        return SimpleNamespace(date=None, date_precision="unknown")
    if found is None:
        msg = f"{code!r}: expected ., ?, -2, +1, w-7, 2022, 2022-03 or 2022-03-08"
        raise ValueError(msg)
    if found["date"]:
        year, month, day = ([int(part) for part in code.split("-")] + [1, 1])[:3]
        return SimpleNamespace(
            date=dt.date(year, month, day), date_precision=_PRECISIONS[len(code)]
        )
    date = anchor + dt.timedelta(days=int(found["days"]))
    return SimpleNamespace(date=date, date_precision="week" if found["week"] else "day")


def is_right(gold: Any, date: DateRange | None) -> bool | None:
    """Tell whether a date is right, by the judge of ``geomap evaluate``; ``None`` without gold."""
    if gold.date_precision == "year":
        return date is not None and date.start.year == gold.date.year
    found: Any = SimpleNamespace(date=date)
    judged = JUDGES["date"](gold, found, {})
    return judged[0] if judged else None


def samples(
    found: Sequence[Text], choose: Callable[[Text, Sequence[DateChoice], Sequence[bool]], int]
) -> list[Sample]:
    """Give all triggers; ``choose`` says which date is believed, which those behind it are told."""
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
        ruled = ruled_date(token, span, mentions, text=whole, anchor=text.anchor)
        choices = asked.of(token, span, kind, ruled)
        judged = [is_right(gold, choice.range) for choice in choices]
        right = tuple(map(bool, judged))
        asked.decide(token, kind, choices[choose(text, choices, right)].range)
        if judged[0] is not None:
            yield Sample(text.fold, text.folder, tuple(choices), right)


def the_gold(_: Text, __: Sequence[DateChoice], right: Sequence[bool]) -> int:
    """Choose the right date; that of the rules where none is."""
    return right.index(True) if True in right else 0


def fitted(rows: Sequence[Sample]) -> Wide:
    """Fit a conditional logit: the share of the right ones among the candidates of a trigger."""
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
    trust = np.array([1.0 if row.folder == MARKED else TRUST_OF_GOLD for row in rows])
    weights = climbed(table, np.array(wanted, float), sizes, trust, STRENGTH)
    return wide_of(("date",), np.zeros(1), names, weights[None, :])


def across_folds(rows: Sequence[Sample]) -> dict[int, Wide]:
    """Fit one model for each fold, on the others."""
    return {fold: fitted([row for row in rows if row.fold != fold]) for fold in range(FOLDS)}


def rolled(found: Sequence[Text]) -> tuple[list[Sample], dict[int, Wide]]:
    """Give the triggers as the model meets them, with its own answers before each.

    As in ``fit_claims.rolled``: the first models are told the right dates of the triggers before.
    """
    models = across_folds(samples(found, the_gold))
    rows = samples(found, lambda text, choices, _: chosen_date(choices, models[text.fold]))
    return rows, across_folds(rows)


def measure(rows: Sequence[Sample], models: dict[int, Wide]) -> str:
    """Give the shares of right dates by folder, by the rules and by the models."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counts[row.folder, "rules"] += row.right[0]
        counts[row.folder, "models"] += row.right[chosen_date(row.choices, models[row.fold])]
        counts[row.folder, "any candidate"] += any(row.right)
    total = Counter(row.folder for row in rows)
    return "\n".join(f"{f} {way} {n / total[f]:.4f}" for (f, way), n in sorted(counts.items()))


def main() -> None:
    """Fit, measure, write."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--folds", action="store_true")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    rows, models = rolled(texts())
    print(f"{len(rows)} triggers", flush=True)
    if given.folds:
        print(measure(rows, models), flush=True)
    if given.write:
        model = fitted(rows)
        path = WEIGHTS / "dates.npz"
        model.write(path)
        print(f"dates: {len(model.rows)} signs, {path.stat().st_size} bytes")
        record_digests(WEIGHTS)


if __name__ == "__main__":
    main()
