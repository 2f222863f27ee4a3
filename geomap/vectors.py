"""Vectors of words in their context: what spaCy's small networks compute, sooner.

spaCy embeds each word anew, and lays each layer of the network over all words at
once. Here what a word is by itself is remembered, and a layer goes over few enough
words that what it makes stays in the processor's cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from thinc.api import Model, NumpyOps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    Floats = NDArray[np.float32]

__all__ = ["ContextVectors", "SharedVectors", "is_convolution"]

_EMBEDDING = ("extract_features", "list2ragged", "with_array", "with_array", "ragged2list")
_LAYER = ("expand_window", "maxout", "layernorm")
# Rows that a layer takes at once: window, products and result are then half a megabyte. Of 64,
# 128, 256, 512 and 1,024 on an AVX-512 core with 1 MB of second-level cache: 256 and 512 are best.
ROWS = 256
# Different words that are remembered, 600 bytes each, before all are forgotten.
MOST_WORDS = 10_000
# As in thinc's layer normalisation.
_LEAST_VARIANCE = np.float32(1e-8)


def is_convolution(model: object) -> bool:
    """Tell whether a model is spaCy's ``Tok2Vec``: hashed words under residual convolutions.

    Parameters
    ----------
    model
        Of a component, or its ``tok2vec`` part without what turns vectors into others.
    """
    if not isinstance(model, Model) or not model.name.startswith("extract_features"):
        return False
    if len(model.layers) != 2 or type(model.ops) is not NumpyOps:  # noqa: PLR2004
        return False
    embed, encode = model.layers
    parts = tuple(layer.name.split("(")[0] for layer in embed.layers)
    if parts != _EMBEDDING or not encode.name.startswith("with_array(residual"):
        return False
    return all(_is_layer(layer) for layer in encode.layers[0].layers)


def _is_layer(layer: Model[Any, Any]) -> bool:
    if not layer.name.startswith("residual"):
        return False
    nodes = {node.name: node for node in layer.walk()}
    known = all(name in nodes for name in _LAYER)
    return known and nodes["expand_window"].attrs["window_size"] == 1


class ContextVectors:
    """The network, to be asked for the vectors of texts.

    Parameters
    ----------
    model
        One for which :func:`is_convolution` holds.
    """

    def __init__(self, model: Any) -> None:
        embed, encode = model.layers
        features, _, hashed, mixed, _ = embed.layers
        self._columns = list(features.attrs["columns"])
        self._hashed, self._mixed = hashed.layers[0], mixed.layers[0]
        self._apart = int(encode.attrs["pad"])
        self._layers = [_Layer(layer) for layer in encode.layers[0].layers]
        # What words are without their neighbours: the row of each, by its features.
        self._known: dict[bytes, int] = {}
        self._rows = np.zeros((0, self._layers[0].width), dtype=np.float32)

    def __call__(self, docs: Sequence[Doc]) -> Floats:
        """Give the vectors of the tokens of all texts, one text after the other.

        Parameters
        ----------
        docs
            Tokenised texts. What stands in one says nothing of the next.

        Returns
        -------
        NDArray
            A row a token; the same as thinc's, but for rounding.
        """
        lengths = [len(doc) for doc in docs]
        if not sum(lengths):
            return np.zeros((0, self._layers[0].width), dtype=np.float32)
        words = np.concatenate([_columns(doc, self._columns) for doc in docs if len(doc)])
        places = _places(lengths, self._apart)
        rows = np.zeros((int(places[-1]) + 1 + self._apart, self._layers[0].width), np.float32)
        rows[places] = self._embedded(words)
        for layer in self._layers:
            rows = layer(rows)
        return rows[places]

    def _embedded(self, words: NDArray[np.uint64]) -> Floats:
        """Give what each word is without its neighbours."""
        width = words.itemsize * words.shape[1]
        keys = np.ascontiguousarray(words).view(f"V{width}").ravel().tolist()
        new = {key: place for place, key in enumerate(keys) if key not in self._known}
        if len(self._known) + len(new) > MOST_WORDS:
            self._known.clear()
            self._rows = self._rows[:0]
            new = {key: place for place, key in enumerate(keys)}
        if new:
            made = self._mixed.predict(self._hashed.predict(words[list(new.values())]))
            self._known.update((key, row) for row, key in enumerate(new, len(self._rows)))
            self._rows = np.concatenate([self._rows, made])
        found: Floats = self._rows[[self._known[key] for key in keys]]
        return found


class SharedVectors:
    """A component that computes the vectors which others of a pipeline listen to.

    Parameters
    ----------
    pipe
        spaCy's ``Tok2Vec``, with a model for which :func:`is_convolution` holds.
    """

    name = "tok2vec"

    def __init__(self, pipe: Any) -> None:
        self._vectors = ContextVectors(pipe.model)

    def pipe(self, docs: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:  # noqa: ARG002
        """Set the tensors of texts; as many at once as there are."""
        docs = list(docs)
        rows = self._vectors(docs)
        start = 0
        for doc in docs:
            tensor: Any = rows[start : start + len(doc)]
            doc.tensor = tensor
            start += len(doc)
            yield doc


class _Layer:
    """A convolution over three words: products, the largest of some, normalised, added."""

    def __init__(self, layer: Any) -> None:
        nodes = {node.name: node for node in layer.walk()}
        maxout, norm = nodes["maxout"], nodes["layernorm"]
        weights = maxout.get_param("W")
        self.width, self._pieces, inputs = weights.shape
        # Piece after piece, so that the largest is one of whole rows.
        by_piece = weights.transpose(1, 0, 2).reshape(-1, inputs)
        self._weights = np.ascontiguousarray(by_piece.T)
        self._bias = maxout.get_param("b").T.ravel()
        self._scale, self._shift = norm.get_param("G"), norm.get_param("b")

    def __call__(self, rows: Floats) -> Floats:
        """Give the next layer of some rows; beyond both ends are zeros."""
        size, width = rows.shape
        edged = np.zeros((size + 2, width), dtype=np.float32)
        edged[1:-1] = rows
        window = np.empty((ROWS, 3 * width), dtype=np.float32)
        products = np.empty((ROWS, self._weights.shape[1]), dtype=np.float32)
        for start in range(0, size, ROWS):
            count = min(ROWS, size - start)
            for place in range(3):
                window[:count, place * width : (place + 1) * width] = edged[
                    start + place : start + place + count
                ]
            made = np.matmul(window[:count], self._weights, out=products[:count])
            made += self._bias
            self._finish(made, rows[start : start + count])
        return rows

    def _finish(self, made: Floats, into: Floats) -> None:
        """Take the largest piece, normalise and add it to the rows it was made from."""
        width = into.shape[1]
        best = made[:, :width]
        for piece in range(1, self._pieces):
            np.maximum(best, made[:, piece * width : (piece + 1) * width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / np.float32(width) + _LEAST_VARIANCE
        best *= (1 / np.sqrt(variance))[:, None]
        best *= self._scale
        best += self._shift
        into += best


def _columns(doc: Doc, names: list[Any]) -> NDArray[np.uint64]:
    return np.asarray(doc.to_array(names), dtype=np.uint64).reshape(len(doc), -1)


def _places(lengths: Sequence[int], apart: int) -> NDArray[np.intp]:
    """Give the rows of all tokens where so many empty rows stand around each text."""
    sizes = np.array(lengths, dtype=np.intp)
    return np.arange(sizes.sum()) + np.repeat(apart * (1 + np.arange(len(sizes))), sizes)
