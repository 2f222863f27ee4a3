"""Remembered parts of speech and lemmas are those of the components they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import spacy
from spacy.pipeline import AttributeRuler, EditTreeLemmatizer

from geomap import morphology
from geomap.morphology import Morphology, is_by_word
from geomap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.tokens import Doc

OF_TWO_WORDS = (
    "There are no tanks; let's go, y'all ain't leaving.\n\nIt's gonna rain, and there's more."
)


@pytest.fixture(scope="module")
def stock() -> Any:
    return spacy.load(Settings().model, exclude=["ner"])


@pytest.fixture
def remembering(stock: Any) -> Morphology:
    return Morphology(stock.get_pipe("attribute_ruler"), stock.get_pipe("lemmatizer"))


def parsed(nlp: Any, text: str) -> Doc:
    doc = nlp.make_doc(text)
    for name in ("tok2vec", "tagger", "parser"):
        doc = nlp.get_pipe(name)(doc)
    return doc


def forms(doc: Doc) -> list[tuple[str, str, str, str]]:
    return [(t.tag_, t.pos_, t.lemma_, t.dep_) for t in doc]


def test_they_are_those_of_the_components(
    stock: Any, remembering: Morphology, root_dir: Path
) -> None:
    texts = [f.read_bytes().decode() for f in sorted((root_dir / "seeds").glob("*.txt"))]
    for text in [OF_TWO_WORDS, *texts, OF_TWO_WORDS, texts[0], ""]:
        assert forms(remembering(parsed(stock, text))) == forms(stock(text))


def test_memory_is_bounded(
    stock: Any, remembering: Morphology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(morphology, "MOST_REMEMBERED", 10)
    for text in ("Shells fell on the town.", "Troops left the city at night.", OF_TWO_WORDS):
        assert forms(remembering(parsed(stock, text))) == forms(stock(text))
    assert len(remembering._known) <= len(stock.make_doc(OF_TWO_WORDS))


def test_a_pattern_that_looks_further_is_left_to_the_components(stock: Any) -> None:
    lemmatizer = stock.get_pipe("lemmatizer")
    assert is_by_word(stock.get_pipe("attribute_ruler"), lemmatizer)
    ruler = AttributeRuler(stock.vocab)
    ruler.add([[{"LOWER": "fire"}]], {"POS": "NOUN"})
    assert is_by_word(ruler, lemmatizer)
    ruler.add([[{"LOWER": "fire", "OP": "+"}]], {"POS": "NOUN"})
    assert not is_by_word(ruler, lemmatizer)


def test_a_trained_lemmatizer_is_left_alone(stock: Any) -> None:
    trained = spacy.blank("en").create_pipe("trainable_lemmatizer")
    assert isinstance(trained, EditTreeLemmatizer)
    assert not is_by_word(stock.get_pipe("attribute_ruler"), trained)
    assert not is_by_word(None, stock.get_pipe("lemmatizer"))


def test_a_ruler_without_patterns_of_two_words(stock: Any) -> None:
    ruler = AttributeRuler(stock.vocab)
    ruler.add([[{"TAG": {"NOT_IN": ["NNS"]}}]], {"POS": "X"})
    ruler.add([[{"TAG": "NNS"}]], {"POS": "NOUN"})
    doc = parsed(stock, "The tanks of the army")
    done = Morphology(ruler, stock.get_pipe("lemmatizer"))(doc)
    assert [(t.pos_, t.lemma_) for t in done][:2] == [("X", "the"), ("NOUN", "tank")]
