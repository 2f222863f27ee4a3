"""Fit the models that decide who says that an event happened, and whether it did.

    python benchmarks/fit_claims.py [--folds] [--write]

Learns at the triggers of the marked dispatches (``benchmarks/dispatches``), without the fifth that
``measure_claims.py --aside`` measures on, and of the gold of the seeds and of the project's
dispatches, without those that are set aside (``gold_triggers.is_held_out``). ``--folds`` measures
across folds by dispatch; ``--write`` writes ``speakers.npz`` and ``moods.npz`` to
``geomap/weights``. Needs scikit-learn, for development only. Deterministic.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from gold_triggers import FOLDERS, is_held_out, parser, token_at
from marked import FIFTHS, fold_of, marked_texts
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from geomap.events.claimants import Claimants
from geomap.events.claims import chosen, factuality_of, mood_by
from geomap.events.mood_signs import mood_signs
from geomap.events.moods import MoodRules
from geomap.events.quotes import is_quoted, quoted_ranges
from geomap.events.speech import SpeechFinder
from geomap.events.taxonomy import load_taxonomy
from geomap.score import read_gold
from geomap.score.attributes import JUDGES
from geomap.sentences import sents_remembered
from geomap.weights.digests import record_digests
from geomap.weights.wide import Wide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from spacy.tokens import Doc

    from geomap.events.claimants import Claimant
    from geomap.events.moods import Mood
    from geomap.records import Attribution

WEIGHTS = Path(__file__).parents[1] / "geomap" / "weights"
FOLDS = (1, 2, 3, 4)
# Of a mark's factuality, what is not a matter of who speaks.
MOODS = {"asserted": "real", "claimed": "real", "denied": "not", "negated": "not"}
# The best of .1, .2, .3, 1 and of .1, .2, .4, 1 across folds; a sign seen once is chance.
STRENGTH_OF_SPEAKERS = 0.2
STRENGTH_OF_MOODS = 0.4
FEWEST = 2
LEAST_WEIGHT = 0.03
# What a mark of the gold weighs beside one of the marked dispatches, as for the triggers.
TRUST_OF_GOLD = 3.0
# Where no candidate is right, any of them is better than the article's own voice.
TRUST_WITHOUT_RIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed text, the fold that is not fitted on when it is measured, and its marks in order."""

    doc: Doc
    fold: int
    gold: bool
    marks: tuple[tuple[int, str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A trigger: its candidates with whether each is right, and its mood with the signs of it."""

    fold: int
    gold: bool
    claimants: tuple[Claimant, ...]
    right: tuple[bool, ...]
    speaker: str | None
    signs: tuple[str, ...]
    ruled: Mood
    mood: str
    factuality: str
    quoted: bool

    @property
    def trust(self) -> float:
        """What it weighs."""
        return TRUST_OF_GOLD if self.gold else 1.0


def texts() -> list[Text]:
    """Parse all texts to learn from."""
    nlp, found = parser(), []
    for marked in marked_texts():
        fold = fold_of(marked.id, folds=FIFTHS)
        if fold:
            marks = [(m.start, m.end, m.type, m.factuality, m.speaker) for m in marked.marks]
            found.append(_text(nlp(marked.text), fold, marks, gold=False))
    for folder in FOLDERS:
        for gold in read_gold(folder / "gold").documents:
            if gold.events is None or is_held_out(folder.name, gold.doc):
                continue
            doc = nlp((folder / f"{gold.doc}.txt").read_bytes().decode("utf-8"))
            marks = [(e.start, e.end, e.type, e.factuality, e.attribution) for e in gold.events]
            found.append(_text(doc, fold_of(gold.doc, folds=len(FOLDS)) + 1, marks, gold=True))
    return found


def _text(doc: Doc, fold: int, marks: Sequence[tuple[Any, ...]], *, gold: bool) -> Text:
    placed = [(token_at(doc, a, b, kind).i, kind, *rest) for a, b, kind, *rest in marks]
    return Text(doc, fold, gold, tuple(sorted(dict.fromkeys(placed), key=lambda mark: mark[0])))


def samples(
    found: Sequence[Text], choose: Callable[[Text, Sequence[Claimant], Sequence[bool]], int]
) -> list[Sample]:
    """Give all triggers; ``choose`` says who is believed, which those behind it are told."""
    rows: list[Sample] = []
    for text in found:
        with sents_remembered(text.doc):
            rows += _of_text(text, choose)
    return rows


def _of_text(text: Text, choose: Callable[..., int]) -> Iterator[Sample]:
    types = load_taxonomy().types
    quotes = quoted_ranges(text.doc.text)
    speech = SpeechFinder(text.doc, quotes)
    rules, claimants = MoodRules(speech.text), Claimants(speech)
    for place, kind, factuality, speaker in text.marks:
        trigger = text.doc[place]
        spoken = speech.attribution_of(trigger)
        found = claimants.of(trigger, spoken, kind)
        right = tuple(is_right(speaker, claimant.said) for claimant in found)
        claimants.decide(trigger, found[choose(text, found, right)].said)
        ruled = rules.of(trigger, tried=types[kind].tried, denied=spoken.denied)
        yield Sample(
            fold=text.fold,
            gold=text.gold,
            claimants=tuple(found),
            right=right,
            speaker=speaker,
            signs=tuple(mood_signs(trigger, kind=kind, ruled=ruled, spoken=spoken)),
            ruled=ruled,
            mood=MOODS.get(factuality, factuality),
            factuality=factuality,
            quoted=is_quoted(trigger.idx, quotes),
        )


def is_right(speaker: str | None, said: Attribution | None) -> bool:
    """Tell whether a speaker is right, by the judge of ``geomap evaluate``."""
    gold: Any = SimpleNamespace(attribution=speaker)
    found: Any = SimpleNamespace(attribution=said)
    return JUDGES["attribution"](gold, found, {}) == [True]


def the_marked(_: Text, claimants: Sequence[Claimant], right: Sequence[bool]) -> int:
    """Choose who is marked; who the rules say where that is no candidate."""
    by_rule = next(n for n, claimant in enumerate(claimants) if claimant.by_rule)
    return right.index(True) if True in right else by_rule


def fitted_speakers(rows: Sequence[Sample]) -> Wide:
    """Fit a conditional logit: the share of the right ones among the candidates of a trigger."""
    rows = [row for row in rows if len(row.claimants) > 1]
    counts = Counter(sign for row in rows for c in row.claimants for sign in set(c.signs))
    names = sorted(sign for sign, count in counts.items() if count >= FEWEST)
    places = {name: place for place, name in enumerate(names)}
    columns: list[int] = []
    ends, wanted, trust = [0], [], []
    for row in rows:
        right = row.right if any(row.right) else tuple(c.said is not None for c in row.claimants)
        for claimant in row.claimants:
            columns += [places[sign] for sign in set(claimant.signs) if sign in places]
            ends.append(len(columns))
        wanted += right
        trust.append(row.trust * (1.0 if any(row.right) else TRUST_WITHOUT_RIGHT))
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(wanted), len(names)))
    sizes = np.array([len(row.claimants) for row in rows])
    told = np.array(wanted, float)
    weights = climbed(table, told, sizes, np.array(trust), STRENGTH_OF_SPEAKERS)
    return wide_of(("speaker",), np.zeros(1), names, weights[None, :])


def climbed(
    table: csr_matrix, wanted: np.ndarray, sizes: np.ndarray, trust: np.ndarray, strength: float
) -> np.ndarray:
    """Give the weights of the greatest likelihood, with a penalty on their squares."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    turned = table.T.tocsr()

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = table @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        total = np.add.reduceat(powers, starts)
        right = np.maximum(np.add.reduceat(powers * wanted, starts), 1e-300)
        missed = powers / np.repeat(total, sizes) - powers * wanted / np.repeat(right, sizes)
        value = -(trust * np.log(right / total)).sum()
        penalty = weights / strength
        return value + 0.5 * weights @ penalty, turned @ (
            missed * np.repeat(trust, sizes)
        ) + penalty

    return minimize(
        loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}
    ).x


def fitted_moods(rows: Sequence[Sample]) -> Wide:
    """Fit a multinomial logistic model of the moods."""
    counts = Counter(sign for row in rows for sign in set(row.signs))
    vectors = DictVectorizer(dtype=np.float32)
    table = vectors.fit_transform(
        [{sign: 1.0 for sign in row.signs if counts[sign] >= FEWEST} for row in rows]
    )
    model = LogisticRegression(C=STRENGTH_OF_MOODS, max_iter=300)
    model.fit(table, [row.mood for row in rows], [row.trust for row in rows])
    names = list(vectors.get_feature_names_out())
    return wide_of(tuple(model.classes_), model.intercept_, names, model.coef_)


def wide_of(
    classes: tuple[str, ...], intercepts: np.ndarray, names: Sequence[str], weights: np.ndarray
) -> Wide:
    """Make a model of what was fitted, without the signs that hardly weigh."""
    kept = np.abs(weights).max(axis=0) >= LEAST_WEIGHT
    return Wide(
        classes=classes,
        words=frozenset(),
        intercepts=intercepts.astype(np.float32),
        rows={name: place for place, name in enumerate(np.array(names)[kept])},
        table=np.ascontiguousarray(weights[:, kept].T, dtype=np.float32),
    )


def across_folds(
    rows: Sequence[Sample], fit: Callable[[Sequence[Sample]], Wide]
) -> dict[int, Wide]:
    """Fit one model for each fold, on the others."""
    return {fold: fit([row for row in rows if row.fold != fold]) for fold in FOLDS}


def rolled(found: Sequence[Text]) -> tuple[list[Sample], dict[int, Wide]]:
    """Give the triggers as the models meet them, with their own answers before each.

    The first models are told the marked speakers of the triggers before, which are surer than what
    a model answers; the second ones learn from texts that the first ones have read (Ross, Gordon &
    Bagnell 2011, "A reduction of imitation learning and structured prediction").
    """
    rows = samples(found, the_marked)
    for _ in range(2):
        models = across_folds(rows, fitted_speakers)

        def choose(text: Text, claimants: Sequence[Claimant], _: Sequence[bool]) -> int:
            return chosen(claimants, models[text.fold])  # noqa: B023 - used within the round

        rows = samples(found, choose)
    return rows, models


def measure(rows: Sequence[Sample], speakers: dict[int, Wide], moods: dict[int, Wide]) -> str:
    """Give the shares of right speakers, moods and factualities, by the rules and the models."""
    counts: Counter[str] = Counter()
    for row in rows:
        by_rule = next(n for n, claimant in enumerate(row.claimants) if claimant.by_rule)
        by_model = chosen(row.claimants, speakers[row.fold])
        mood = mood_by(row.signs, row.ruled, moods[row.fold])
        for name, place, found in (("rules", by_rule, row.ruled), ("models", by_model, mood)):
            said = row.claimants[place].said
            counts[f"{name} speaker"] += row.right[place]
            counts[f"{name} mood"] += found == row.mood
            whole = factuality_of(found, said, quoted=row.quoted)
            counts[f"{name} factuality"] += whole == row.factuality
    return ", ".join(f"{name} {count / len(rows):.4f}" for name, count in counts.items())


def main() -> None:
    """Fit, measure, write."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--folds", action="store_true")
    options.add_argument("--write", action="store_true")
    chosen_options = options.parse_args()
    rows, speakers = rolled(texts())
    print(f"{len(rows)} triggers", flush=True)
    if chosen_options.folds:
        moods = across_folds(rows, fitted_moods)
        for name, gold in (("marked dispatches", False), ("gold", True)):
            chosen_rows = [row for row in rows if row.gold is gold]
            print(f"{name}: {measure(chosen_rows, speakers, moods)}", flush=True)
    if chosen_options.write:
        for name, model in (("speakers", fitted_speakers(rows)), ("moods", fitted_moods(rows))):
            path = WEIGHTS / f"{name}.npz"
            model.write(path)
            print(f"{name}: {len(model.rows)} signs, {path.stat().st_size} bytes")
        record_digests(WEIGHTS)


if __name__ == "__main__":
    main()
