"""Sentences parsed side by side, lock in hand, get what spaCy's parser gives each."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import spacy
from spacy.tokens import Doc

from geomap.parsing import SentenceParser
from geomap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def stock() -> Any:
    return spacy.load(Settings().model, enable=["tok2vec", "parser"])


def read(nlp: Any, text: str) -> Doc:
    """Give a text with its vectors, each line a sentence."""
    doc = nlp.get_pipe("tok2vec")(nlp.make_doc(text))
    for token in doc[1:]:
        token.is_sent_start = doc[token.i - 1].text == "\n"
    return doc


def test_it_is_what_the_parser_says_of_the_whole(stock: Any, root_dir: Path) -> None:
    paths = sorted((root_dir / "seeds").glob("*.txt"))
    texts = [path.read_bytes().decode() for path in paths]
    parser = stock.get_pipe("parser")
    docs = [read(stock, text) for text in texts]
    parts = [
        Doc(doc.vocab, words=[t.text for t in sent], spaces=[bool(t.whitespace_) for t in sent])
        for doc in docs
        for sent in doc.sents
    ]
    for part, sent in zip(parts, (s for doc in docs for s in doc.sents), strict=True):
        part.tensor = sent.doc.tensor[sent.start : sent.end]
        for token in part[1:]:
            token.is_sent_start = False
    parser.set_annotations(parts, parser.predict(parts))
    expected = [(t.head.i - t.i, t.dep_) for part in parts for t in part]
    made = SentenceParser(parser).pipe(docs, batch_size=len(docs))
    assert [(t.head.i - t.i, t.dep_) for doc in made for t in doc] == expected


def test_a_parser_with_a_beam_is_asked_itself() -> None:
    asked: list[list[str]] = []
    parser = SimpleNamespace(
        cfg={"beam_width": 2},
        predict=lambda parts: asked.append([part.text.strip() for part in parts]),
        set_annotations=lambda _parts, _states: None,
    )
    doc = Doc(spacy.blank("en").vocab, words=["Shells", "fell"], sent_starts=[True, True])
    list(SentenceParser(parser).pipe([doc], batch_size=1))
    assert asked == [["Shells", "fell"]]
