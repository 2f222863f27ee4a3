"""Fine-tune the named-entity recogniser on toponyms and write ``geomap/weights/ner``.

Run from the root of the checkout::

    python benchmarks/train_ner.py CORPUS.jsonl [CORPUS.jsonl …] [--cross-fit FOLDER]

The recogniser starts as the one of the default spaCy pipeline (OntoNotes) and
learns the toponyms of the corpora as GPE, LOC and FAC, and as persons the speakers of
the marked dispatches that are some; what the pipeline itself calls persons, organisations,
dates … is kept as it is, so that nothing is forgotten. Names are exchanged for others of the gazetteer and sentences written
in capitals at random, so that the model reads the words around a name. Labels that nothing reads (numbers, money, laws) are taken out at the
end: each costs four outputs at every word. With ``--cross-fit`` it also trains one model a fold and writes what each finds in the
fold it has not seen, for ``fit_recogniser.py``. Deterministic on one machine.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy
import srsly
from corpora import FOLDS, ROOT, fold_of, is_partial, rows_to_fit
from marked import marked_texts
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

from geomap.gazetteer import open_gazetteer
from geomap.settings import Settings
from geomap.weights.digests import record_digests

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = ROOT / "geomap" / "weights" / "ner"
# F1 on held-out folds stops to rise at the sixth pass; rates above 1e-3 forget persons.
EPOCHS = 6
LEARN_RATE = 5e-4
DROP = 0.2
BATCH = 16
SENTENCES = 4
PLACES = {"GPE", "LOC", "FAC"}
PERSON_WORDS, SHORTEST_SURNAME = (2, 4), 4
ROAD = re.compile(
    r"\b(?:street|st\.|avenue|ave\.?|road|rd\.?|lane|drive|boulevard|highway|interstate|airport|"
    r"bridge|park|stadium|square|station)(?: \w+)?$|^(?:I|M|A|E)-?\d+$", re.IGNORECASE
)  # fmt: skip
WATER = re.compile(
    r"\b(?:river|sea|lake|bay|ocean|valley|mountains?|island|gulf|creek)$", re.IGNORECASE
)
# Without these eight of eighteen the recogniser takes two thirds of the time, and of 7,352 entities
# of other labels in development texts 9 change.
UNREAD = {"MONEY", "CARDINAL", "PERCENT", "TIME", "QUANTITY", "ORDINAL", "LAW", "LANGUAGE"}
SWAPPED, CAPITALS = 0.3, 0.06
COUNTRIES = ("UA", "SY", "SD", "PS", "AZ", "AM", "MM", "YE", "ML", "IQ", "RU", "LB", "CD", "ET")

Words = list[tuple[str, bool]]


def gold_of(row: dict[str, Any], doc: Doc) -> list[Span]:
    """Give the entities to learn: annotated toponyms, and what NER found beside them."""
    taken: set[int] = set()
    entities = []
    for toponym in row["toponyms"]:
        span = doc.char_span(toponym["start"], toponym["end"], alignment_mode="expand")
        if span is None or not taken.isdisjoint(range(span.start, span.end)):
            continue
        people = any(t.ent_type_ == "NORP" for t in span)
        if people and span[-1].tag_ in {"JJ", "NNPS", "NNS"}:
            continue  # "Georgian" is a people to us, whatever the corpus says
        taken.update(range(span.start, span.end))
        entities.append(Span(doc, span.start, span.end, label=label_of(span)))
    for start, end in row.get("persons", ()):
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is not None and taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            entities.append(Span(doc, span.start, span.end, label="PERSON"))
    for entity in doc.ents:
        place = entity.label_ in PLACES and not is_partial(row)
        if not place and taken.isdisjoint(range(entity.start, entity.end)):
            entities.append(entity)
    return sorted(entities, key=lambda e: e.start)


def add_persons(rows: list[dict[str, Any]], docs: list[Doc]) -> None:
    """Tell where the marked dispatches name persons: those of their speakers that are some.

    The pipeline takes "Oleh Kiper" for an organisation here and a person there. A speaker is a
    person when it does so anywhere, or when it finds nothing and none of the words is a plain one.
    """
    speakers = {m.id: {e.speaker for e in m.marks if e.speaker} for m in marked_texts()}
    labels: dict[str, set[str]] = {}
    for doc in docs:
        for entity in doc.ents:
            labels.setdefault(entity.text, set()).add(entity.label_)
    plain = {t.text for doc in docs for t in doc if t.is_lower}
    for row in rows:
        names = {n for n in speakers.get(row["id"], ()) if _is_person(n, labels, plain)}
        names |= {n.split()[-1] for n in names if len(n.split()[-1]) >= SHORTEST_SURNAME}
        found = [
            m.span()
            for name in sorted(names, key=len, reverse=True)
            for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", row["text"])
        ]
        row["persons"] = [
            one for n, one in enumerate(found)
            if not any(one[0] < b and a < one[1] for a, b in found[:n])
        ]  # fmt: skip


def _is_person(name: str, labels: dict[str, set[str]], plain: set[str]) -> bool:
    words = name.split()
    if not PERSON_WORDS[0] <= len(words) <= PERSON_WORDS[1] or not all(w.istitle() for w in words):
        return False
    known = labels.get(name, set())
    return "PERSON" in known or (not known and plain.isdisjoint(w.lower() for w in words))


def label_of(span: Span) -> str:
    """Give a toponym NER's own kind of place, or the one its name shows."""
    if ROAD.search(span.text):
        return "FAC"
    if WATER.search(span.text):
        return "LOC"
    kinds = [t.ent_type_ for t in span if t.ent_type_ in PLACES]
    return kinds[0] if kinds else "GPE"


def chunks(row: dict[str, Any], doc: Doc) -> Iterator[tuple[Words, list[tuple[int, int, str]]]]:
    """Cut a text into a few sentences each, with the entities in token offsets."""
    entities = gold_of(row, doc)
    starts = [s.start for s in doc.sents][::SENTENCES]
    for start, end in zip(starts, [*starts[1:], len(doc)], strict=True):
        words = [(t.text, bool(t.whitespace_)) for t in doc[start:end]]
        inside = [
            (e.start - start, e.end - start, e.label_)
            for e in entities
            if start <= e.start and e.end <= end
        ]
        yield words, inside


def varied(
    words: Words, entities: list[tuple[int, int, str]], names: list[str], chance: random.Random
) -> tuple[Words, list[tuple[int, int, str]]]:
    """Exchange towns for others and write some texts in capitals."""
    if chance.random() < CAPITALS:
        words = [(w.upper(), s) for w, s in words]
    made: Words = []
    moved = []
    last = 0
    for start, end, label in entities:
        made += words[last:start]
        begin = len(made)
        swap = label == "GPE" and end - start == 1 and chance.random() < SWAPPED
        if swap and words[start][0].istitle():
            parts = chance.choice(names).split(" ")
            made += [(part, True) for part in parts[:-1]] + [(parts[-1], words[end - 1][1])]
        else:
            made += words[start:end]
        moved.append((begin, len(made), label))
        last = end
    return made + words[last:], moved


def example_of(nlp: Any, words: Words, entities: list[tuple[int, int, str]]) -> Example:
    """Make a training example."""
    texts, spaces = [w for w, _ in words], [s for _, s in words]
    reference = Doc(nlp.vocab, words=texts, spaces=spaces)
    reference.ents = [Span(reference, a, b, label=label) for a, b, label in entities]
    return Example(Doc(nlp.vocab, words=texts, spaces=spaces), reference)


def town_names() -> list[str]:
    """Give names of towns of countries that news on conflict writes about."""
    with open_gazetteer() as gazetteer:
        return sorted(
            {
                p.name
                for p in gazetteer.places()
                if p.country in COUNTRIES and p.feature_class == "P" and p.population
            }
        )


def train(rows: list[dict[str, Any]], docs: list[Doc], names: list[str]) -> Any:
    """Fine-tune a fresh pipeline's recogniser on texts."""
    fix_random_seed(0)
    chance = random.Random(0)  # noqa: S311 - repeatable, not secret
    nlp = spacy.load(Settings().model)
    parts = [c for row, doc in zip(rows, docs, strict=True) for c in chunks(row, doc) if c[0]]
    with nlp.select_pipes(enable=["ner"]):
        optimizer = nlp.resume_training()
        for epoch in range(EPOCHS):
            optimizer.learn_rate = LEARN_RATE * (1 - epoch / (EPOCHS + 1))
            chance.shuffle(parts)
            losses: dict[str, float] = {}
            made = (example_of(nlp, *varied(*part, names, chance)) for part in parts)
            for batch in minibatch(made, size=BATCH):
                nlp.update(batch, sgd=optimizer, losses=losses, drop=DROP)
            print(f"  pass {epoch + 1}: loss {losses['ner']:.0f}", flush=True)
    return nlp


def without(nlp: Any, labels: set[str]) -> Any:
    """Give a copy of a pipeline's recogniser that does not know some labels."""
    old = nlp.get_pipe("ner")
    config = {k: v for k, v in nlp.config["components"]["ner"].items() if k != "factory"}
    new = nlp.create_pipe("ner", config=config)
    actions = json.loads(srsly.msgpack_loads(old.moves.to_bytes())["moves"])
    new.moves.initialize_actions(
        {
            int(n): {k: v for k, v in names.items() if k not in labels}
            for n, names in actions.items()
        }
    )
    new.model.get_ref("upper").set_dim("nO", new.moves.n_moves)
    new.model.initialize()
    classes = [old.moves.get_class_name(i) for i in range(old.moves.n_moves)]
    rows = [classes.index(new.moves.get_class_name(i)) for i in range(new.moves.n_moves)]
    for source, target in zip(old.model.walk(), new.model.walk(), strict=True):
        chosen = rows if source is old.model.get_ref("upper") else ...
        for name in source.param_names:
            if source.has_param(name):
                target.set_param(name, source.get_param(name)[chosen].copy())
        target.attrs.update({k: source.attrs[k] for k in ("seed",) if k in source.attrs})
    return new


def main() -> None:
    """Train, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", nargs="+")
    parser.add_argument("--cross-fit", type=Path)
    options = parser.parse_args()
    rows = rows_to_fit(options.corpora)
    stock = spacy.load(Settings().model)
    docs = list(stock.pipe(row["text"] for row in rows))
    add_persons(rows, docs)
    names = town_names()
    if options.cross_fit:
        options.cross_fit.mkdir(parents=True, exist_ok=True)
        for fold in range(FOLDS):
            print(f"fold {fold}")
            kept = [(r, d) for r, d in zip(rows, docs, strict=True) if fold_of(r) != fold]
            nlp = train([r for r, _ in kept], [d for _, d in kept], names)
            unseen = [r for r in rows if fold_of(r) == fold]
            found = DocBin(docs=nlp.pipe(r["text"] for r in unseen))
            found.to_disk(options.cross_fit / f"fold{fold}.spacy")
    print("all")
    nlp = train(rows, docs, names)
    without(nlp, UNREAD).to_disk(TARGET, exclude=["vocab"])
    record_digests(TARGET.parent)
    print(f"wrote {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
