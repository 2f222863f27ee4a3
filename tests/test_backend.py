"""Products by numpy: faster, the same but for rounding, on one core."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import spacy
from thinc.api import NumpyOps
from threadpoolctl import threadpool_info

from geomap.backend import multiply_with_numpy, one_core
from geomap.settings import Settings


class OtherOps(NumpyOps):
    """Products of another library."""


def test_products_are_those_of_blis_but_for_rounding() -> None:
    nlp = spacy.load(Settings().model)
    ner = nlp.get_pipe("ner")
    doc = nlp.make_doc("Shells fell on Kharkov, and the mayor of Kyiv spoke.")
    vectors = ner.model.get_ref("tok2vec")
    before = vectors.predict([doc])
    multiply_with_numpy(ner)
    assert {node.ops.use_blis for node in ner.model.walk()} == {False}
    after = vectors.predict([doc])
    np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-4)


def test_other_backends_and_rules_are_left_alone() -> None:
    nlp = spacy.load(Settings().model)
    other = OtherOps()
    tagger = nlp.get_pipe("tagger")
    for node in tagger.model.walk():
        node.ops = other
    multiply_with_numpy(tagger)
    assert all(node.ops is other for node in tagger.model.walk())
    multiply_with_numpy(nlp.get_pipe("lemmatizer"))
    multiply_with_numpy(SimpleNamespace(model=None))


def threads() -> list[int]:
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_one_core_within_the_block_only() -> None:
    np.ones((4, 4)) @ np.ones((4, 4))
    before = threads()
    with one_core():
        assert set(threads()) <= {1}
    assert threads() == before
