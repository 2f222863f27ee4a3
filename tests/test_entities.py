"""Entities decided side by side are those that spaCy decides one text at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.backend import multiply_with_numpy
from geomap.entities import EntityTagger, is_taggable
from geomap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.tokens import Doc

ANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.sampled_from(
    ["Kyiv", "the", "Red", "Cross", "of", "New", "York", " ", "\n\n", "fell", ".", "(", "5", "ÄÖ😀"]
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join)


@pytest.fixture(scope="module", params=["stock", "ours"])
def nlp(request: Any) -> Any:
    """Give stock spaCy, whose recogniser has eighteen labels, or ours with ten."""
    from geomap.pipeline import load_pipeline  # noqa: PLC0415 - loads spaCy

    return spacy.load(Settings().model) if request.param == "stock" else load_pipeline()


@pytest.fixture(scope="module")
def ner(nlp: Any) -> Any:
    pipe = nlp.get_pipe("ner")
    multiply_with_numpy(pipe)
    return pipe


def entities(doc: Doc) -> list[tuple[int, int, str, int]]:
    found = [(e.start, e.end, e.label_, 0) for e in doc.ents]
    return found + [(t.i, t.i + 1, t.ent_type_, t.ent_iob) for t in doc]


def test_they_are_those_of_spacy(nlp: Any, ner: Any, root_dir: Path) -> None:
    paths = [*(root_dir / "seeds").glob("*.txt"), *root_dir.glob("tests/quality/wires/*.txt")]
    texts = [path.read_bytes().decode() for path in sorted(paths)]
    made = list(EntityTagger(ner).pipe([nlp.make_doc(t) for t in texts], batch_size=9))
    plain = list(ner.pipe([nlp.make_doc(t) for t in texts]))
    assert sum(len(doc.ents) for doc in made) > 500
    assert [entities(doc) for doc in made] == [entities(doc) for doc in plain]


@ANY
@given(texts=st.lists(TEXTS, max_size=5), data=st.data())
def test_whatever_the_words_and_the_sentences(
    texts: list[str], data: st.DataObject, nlp: Any, ner: Any
) -> None:
    made, plain = ([nlp.make_doc(text) for text in texts] for _ in range(2))
    for one, two in zip(made, plain, strict=True):
        for place in range(1, len(one)):
            start = data.draw(st.sampled_from([True, False, None]))
            one[place].is_sent_start = two[place].is_sent_start = start
    made = list(EntityTagger(ner).pipe(made, batch_size=2))
    assert [entities(doc) for doc in made] == [entities(ner(doc)) for doc in plain]


def test_nothing_to_read(ner: Any, nlp: Any) -> None:
    assert list(EntityTagger(ner).pipe([], batch_size=1)) == []
    [doc] = EntityTagger(ner).pipe([nlp.make_doc("")], batch_size=1)
    assert doc.ents == ()


def test_other_recognisers_are_run_as_they_are(nlp: Any) -> None:
    assert is_taggable(nlp.get_pipe("ner"))
    assert not is_taggable(nlp.get_pipe("parser"))
    blank = spacy.blank("en")
    assert not is_taggable(blank.add_pipe("entity_ruler"))
    assert not is_taggable(blank.add_pipe("beam_ner"))
