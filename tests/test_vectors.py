"""Vectors computed sooner are those of thinc but for rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.ml import MultiHashEmbed
from spacy.ml.models.tok2vec import MaxoutWindowEncoder, MishWindowEncoder, build_Tok2Vec_model

from geomap.backend import multiply_with_numpy
from geomap.settings import Settings
from geomap.vectors import ContextVectors, SharedVectors, is_convolution

if TYPE_CHECKING:
    from pathlib import Path

ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def stock() -> Any:
    nlp = spacy.load(Settings().model, enable=["tok2vec"])
    multiply_with_numpy(nlp.get_pipe("tok2vec"))
    return nlp


def compare(stock: Any, texts: list[str]) -> None:
    model = stock.get_pipe("tok2vec").model
    docs = [stock.make_doc(text) for text in texts]
    expected = [*model.predict([doc for doc in docs if len(doc)]), np.zeros((0, 96))]
    np.testing.assert_allclose(
        ContextVectors(model)(docs), np.concatenate(expected), rtol=1e-4, atol=2e-5
    )


def test_texts_longer_than_a_block(stock: Any, root_dir: Path) -> None:
    texts = [f.read_bytes().decode() for f in sorted((root_dir / "seeds").glob("*.txt"))]
    compare(stock, [*texts, "", "Kyiv"])


def test_words_are_remembered_and_forgotten(stock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = ContextVectors(stock.get_pipe("tok2vec").model)
    first, second = stock.make_doc("Shells fell on Kharkiv."), stock.make_doc("Kyiv fell.")
    before = vectors([first]), vectors([second])
    assert len(vectors._known) == len(vectors._rows) == 7  # the full stop twice
    monkeypatch.setattr("geomap.vectors.MOST_WORDS", 8)
    forgotten = vectors([stock.make_doc("Two more words")])
    assert forgotten.shape == (3, 96)
    assert len(vectors._known) == len(vectors._rows) == 3
    after = vectors([first]), vectors([second])
    np.testing.assert_allclose(np.concatenate(after), np.concatenate(before), atol=2e-5)


@ANY
@given(texts=st.lists(st.text("Kyiv fell.\n (5)😀", max_size=40), max_size=4))
def test_any_texts(stock: Any, texts: list[str]) -> None:
    if any(texts):
        compare(stock, texts)
    else:
        docs = [stock.make_doc(text) for text in texts]
        assert ContextVectors(stock.get_pipe("tok2vec").model)(docs).shape == (0, 96)


def test_listeners_find_them_in_the_text(stock: Any) -> None:
    pipe = stock.get_pipe("tok2vec")
    texts = ["Shells fell on Kharkiv.", "", "Kyiv spoke."]
    docs = list(SharedVectors(pipe).pipe(map(stock.make_doc, texts), batch_size=3))
    for doc, text in zip(docs, texts, strict=True):
        assert doc.tensor.shape == (len(doc), 96)
        if text:
            expected = pipe(stock.make_doc(text)).tensor
            np.testing.assert_allclose(doc.tensor, expected, rtol=1e-4, atol=2e-5)


@pytest.mark.parametrize(
    ("encoder", "known"),
    [
        (MaxoutWindowEncoder(width=16, window_size=1, maxout_pieces=2, depth=2), True),
        (MaxoutWindowEncoder(width=16, window_size=2, maxout_pieces=3, depth=2), False),
        (MishWindowEncoder(width=16, window_size=1, depth=2), False),
    ],
)
def test_only_networks_of_its_kind(encoder: Any, *, known: bool) -> None:
    embed = MultiHashEmbed(16, ["NORM", "SHAPE"], [200, 100], include_static_vectors=False)
    assert is_convolution(build_Tok2Vec_model(embed, encoder)) is known
    assert not is_convolution(encoder)
    assert not is_convolution(None)
