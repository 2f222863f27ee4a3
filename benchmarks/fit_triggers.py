"""Fit the model that decides whether a word tells of an event, and of which type.

    python benchmarks/fit_triggers.py [--write]

Learns from the marked dispatches (``benchmarks/dispatches``) and from the gold of the seeds and
of the project's dispatches, without those that are set aside (``gold_triggers.is_held_out``).
What a text is about is told by models that were not fitted on it (``fit_matters.py``).
``--write`` writes ``geomap/weights/triggers.npz``. ``fit_tellings.py``, which looks at its answers
again, measures both and is to be run after it. Needs scikit-learn, for development only.
Deterministic.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from fit_matters import unseeing
from gold_triggers import FOLDERS, is_held_out, parser, places_of
from marked import QUIET, marked_texts
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from geomap.events.matters import likelihood_by
from geomap.events.signs import PARTS, signs_of
from geomap.events.standings import Standings
from geomap.events.taxonomy import load_taxonomy
from geomap.events.tellings import NO_EVENT
from geomap.events.triggers import scenes_in
from geomap.score import read_gold
from geomap.weights.digests import record_digests
from geomap.weights.wide import Wide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc, Span

    from geomap.events.tellings import Standing
    from geomap.events.verdicts import Verdicts

TARGET = Path(__file__).parents[1] / "geomap" / "weights" / "triggers.npz"
# The best of .1, .2, .5, 1 across folds; a sign seen once is chance; what weighs less decides nothing.
STRENGTH = 0.2
FEWEST = 2
LEAST_WEIGHT = 0.03
# A word that tells of an event more seldom would have nearly every sentence parsed for nothing.
LEAST_SHARE = 0.03
# What a word of the gold weighs beside one of the marked dispatches: the gold was written and
# read more carefully, by the rules that geomap is measured by.
TRUST_OF_GOLD = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """A text with the spans at which it tells of events, by type.

    ``whole`` says that every telling is marked, not only the fullest one of each event.
    """

    id: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    whole: bool


class Everything:
    """A collection that holds every word: all are looked at."""

    def isdisjoint(self, _words: object) -> bool:
        """Tell that words are in it."""
        return False


@dataclass(frozen=True, slots=True)
class Sample:
    """A word with its signs and the types it tells of; none for a word that tells of nothing.

    ``sure`` says whether it is known what it tells of: not of a telling that the gold leaves to
    another row, nor of a word beside the root of a longer trigger. ``conflict`` is how likely its
    text tells of an armed conflict; ``peaceful`` says whether its sentence has a word of another
    matter.
    """

    text: str
    lemma: str
    signs: tuple[str, ...]
    types: tuple[str, ...]
    sure: bool
    verdicts: Verdicts
    standing: Standing
    war: bool
    other_matter: bool
    conflict: float
    sentence: str
    peaceful: bool
    gold: bool

    @property
    def known(self) -> bool:
        """Whether the rules know the word."""
        return bool(self.verdicts.possible)

    @property
    def quiet(self) -> bool:
        """Whether its text is one of those in which nothing of a war happens."""
        return self.text.startswith(QUIET)

    @property
    def is_asked(self) -> bool:
        """Whether the model is asked of a word that it knows, as extraction does."""
        return self.known or self.standing.part != "ADP"


def told_texts() -> Iterator[Told]:
    """Give all texts to learn from."""
    for folder in FOLDERS:
        for gold in read_gold(folder / "gold").documents:
            if gold.events is None or is_held_out(folder.name, gold.doc):
                continue
            text = (folder / f"{gold.doc}.txt").read_bytes().decode("utf-8")
            spans = tuple((e.start, e.end, e.type) for e in gold.events)
            yield Told(f"{folder.name}/{gold.doc}", text, spans, whole=False)
    for marked in marked_texts(later=False, quiet=True):
        spans = tuple((m.start, m.end, m.type) for m in marked.marks)
        yield Told(marked.id, marked.text, spans, whole=True)


def samples() -> list[Sample]:
    """Parse all texts and give every word that may be a trigger."""
    nlp, taxonomy = parser(), load_taxonomy()
    model_for = unseeing()
    found = []
    for told in told_texts():
        doc = nlp(told.text)
        places = places_of(doc)
        conflict = likelihood_by(model_for(told.id), told.text)
        scenes: Any = scenes_in(
            doc, places, Everything(), taxonomy=taxonomy, conflict=conflict, message=False,  # type: ignore[arg-type]
        )  # fmt: skip
        found += words_of(told, doc, list(scenes), Standings(doc, places))
    return found


def words_of(
    told: Told, doc: Doc, scenes: Sequence[tuple[Any, Verdicts]], standings: Standings
) -> Iterator[Sample]:
    """Give the words of a text."""
    verdicts = {scene.token.i: verdict for scene, verdict in scenes}
    types: dict[int, set[str]] = defaultdict(set)
    inside: set[int] = set()
    for start, end, name in told.spans:
        span = doc.char_span(start, end, alignment_mode="expand")
        types[trigger_of(span, name, verdicts)].add(name)
        inside |= {token.i for token in span}
    names = {name for _, _, name in told.spans}
    for scene, verdict in scenes:
        token = scene.token
        if token.pos_ not in PARTS:
            continue
        here = tuple(sorted(types.get(token.i, ())))
        doubtful = token.i in inside or (not told.whole and not names.isdisjoint(verdict.fulfilled))
        yield Sample(
            text=told.id,
            lemma=token.lemma_.lower(),
            signs=tuple(signs_of(scene, verdict).names()),
            types=here,
            sure=bool(here) or not doubtful,
            verdicts=verdict,
            standing=standings.of(token, scene.setting.start, scene.setting.end),
            war=scene.war,
            other_matter=scene.setting.other_matter,
            conflict=scene.setting.conflict,
            sentence=scene.setting.text,
            peaceful=scene.taxonomy.peaceful_words(scene.setting.words) > 0,
            gold=not told.whole,
        )


def trigger_of(span: Span, name: str, verdicts: dict[int, Verdicts]) -> int:
    """Give the word of a marked span that tells: one that a rule knows, else its root."""
    known = [t.i for t in span if t.i in verdicts and name in verdicts[t.i].possible]
    return span.root.i if span.root.i in known or not known else known[0]


def fitted(rows: Sequence[Sample]) -> Wide:
    """Fit on the words that are triggers somewhere, or that the rules know.

    Nothing is learnt here of the quiet texts, which changes nothing that the trees make of it.
    """
    rows = [row for row in rows if row.sure and not row.quiet]
    met = Counter(row.lemma for row in rows)
    telling = Counter(row.lemma for row in rows if row.types)
    words = {lemma for lemma, count in telling.items() if count >= LEAST_SHARE * met[lemma]}
    rows = [row for row in rows if row.known or row.lemma in words]
    counts = Counter(sign for row in rows for sign in set(row.signs))
    tables: list[dict[str, float]] = []
    answers: list[str] = []
    trust: list[float] = []
    for row in rows:
        signs = {sign: 1.0 for sign in row.signs if counts[sign] >= FEWEST}
        for name in row.types or (NO_EVENT,):
            tables.append(signs)
            answers.append(name)
            trust.append(TRUST_OF_GOLD if row.gold else 1.0)
    vectors = DictVectorizer(dtype=np.float32)
    table = vectors.fit_transform(tables)
    model = LogisticRegression(C=STRENGTH, max_iter=200).fit(table, answers, trust)
    names = vectors.get_feature_names_out()
    kept = np.abs(model.coef_).max(axis=0) >= LEAST_WEIGHT
    return Wide(
        classes=tuple(model.classes_),
        words=frozenset(row.lemma for row in rows),
        intercepts=model.intercept_.astype(np.float32),
        rows={name: number for number, name in enumerate(names[kept])},
        table=np.ascontiguousarray(model.coef_[:, kept].T, dtype=np.float32),
    )


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = samples()
    print(f"{len(rows)} words, {sum(bool(row.types) for row in rows)} triggers", flush=True)
    if options.write:
        model = fitted(rows)
        model.write(TARGET)
        record_digests(TARGET.parent)
        print(f"{len(model.rows)} signs, {len(model.words)} words, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
