"""Run the statistical pipeline only where it is needed.

Names are looked for where there are capitals, and what may hold an event or a
place that acts ("Moscow believes") is parsed: parsing costs a thousand times
what looking for words does.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.tokens import Doc, Span

from geomap.backend import multiply_with_numpy, one_core
from geomap.entities import EntityTagger, is_taggable
from geomap.events.forms import is_about_fighting, may_hold_event
from geomap.morphology import Morphology, is_by_word
from geomap.parsing import SentenceParser
from geomap.sentences import mark_sentence_starts, set_sentence_starts, text_of, words_of
from geomap.toponyms.casing import truecase
from geomap.vectors import SharedVectors, is_convolution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spacy.language import Language

    from geomap.events.taxonomy import Taxonomy

    # What spaCy calls a component: made for one text, and perhaps with ``pipe`` for several.
    Pipe = Any

__all__ = ["Analysis", "sentence_ranges"]

_ATTRIBUTES: list[int | str] = ["TAG", "POS", "LEMMA", "DEP", "HEAD"]
_ENDS = frozenset({".", "!", "?", "…", "..."})
_CLOSERS = frozenset("\"'”’»)]") | {"''"}
# Our own components, and the one that only cuts sentences, which a saved pipeline enables at first.
_NOT_RUN = ("geomap", "senter")
# In an article about fighting, who speaks and of which place is told in the sentences around an
# event: with one on either side parsed, the events of the development dispatches are the same
# as with the whole article parsed (core F1 .667), with none F1 is .632. An article about other
# matters holds an event only near a place.
AROUND = 1
# NER learnt from so many sentences at once, and takes such parts of a text side by side.
NER_SENTENCES = 4


class Analysis:
    """The statistical components of a pipeline, to be run on parts of a text.

    Parameters
    ----------
    nlp
        An English pipeline with tagger, parser, lemmatizer and ner; its
        statistical components are disabled in it, for this object runs them.
    taxonomy
        The event types whose words are looked for; the built-in ones when ``None``.
    """

    def __init__(self, nlp: Language, *, taxonomy: Taxonomy | None = None) -> None:
        self.taxonomy = taxonomy
        names = [name for name in nlp.pipe_names if not name.startswith(_NOT_RUN)]
        pipes = {name: nlp.get_pipe(name) for name in names}
        self.whole = _listens(pipes["ner"])
        self._pipes = pipes
        nlp.select_pipes(disable=names)

    # Made at the first text: a saved pipeline is put together before its weights are read.
    @cached_property
    def _parse(self) -> list[Pipe]:
        for pipe in self._pipes.values():
            multiply_with_numpy(pipe)
        return _in_parts(self._pipes)

    @cached_property
    def _ner(self) -> list[Pipe]:
        ner = self._pipes["ner"]
        multiply_with_numpy(ner)
        if self.whole:
            return list(self._pipes.values())
        return [EntityTagger(ner) if is_taggable(ner) else ner]

    def find_names(self, docs: Sequence[Doc]) -> None:
        """Set sentence starts and the entities of the sentences that hold capitals.

        Parameters
        ----------
        docs
            Tokenised texts; starts that are set already are kept.
        """
        ranges = [sentence_ranges(doc) for doc in docs]
        excerpts = []
        for number, (doc, sentences) in enumerate(zip(docs, ranges, strict=True)):
            read = _read(doc)
            named = [r for r in sentences if self.whole or _has_name(doc, read[0][slice(*r)])]
            size = len(named) if self.whole else NER_SENTENCES
            excerpts += [
                (number, *_excerpt(doc, named[first : first + size], read))
                for first in range(0, len(named), size)
            ]
        parts = _run(self._ner, [part for _, part, _ in excerpts])
        found: list[list[Span]] = [[] for _ in docs]
        for part, (number, _, places) in zip(parts, excerpts, strict=True):
            found[number] += _entities(docs[number], part, places)
            if self.whole:
                self._copy(docs[number], part, places, ranges[number])
        for doc, entities, sentences in zip(docs, found, ranges, strict=True):
            doc.ents = entities
            if not self.whole:
                starts = {start for start, _ in sentences}
                set_sentence_starts(doc, [number in starts for number in range(len(doc))])

    def parse(
        self, docs: Sequence[Doc], named: Sequence[Iterable[int]], actors: Sequence[Iterable[int]]
    ) -> None:
        """Parse the sentences that may hold an event, and those of the given tokens.

        Parameters
        ----------
        docs
            Texts that went through :meth:`find_names`.
        named
            For each, indices of the first tokens of all toponyms.
        actors
            Those whose reading hangs on the parse. The sentences get
            tags, lemmas and dependencies, and are cut finer where the parser
            says so; in all others a token's lemma is its lower-case form, and it
            is its own head.
        """
        if self.whole:
            return
        ranges = [[(s.start, s.end) for s in doc.sents] for doc in docs]
        excerpts = []
        for doc, sentences, names, acting in zip(docs, ranges, named, actors, strict=True):
            chosen = self._chosen(doc, sentences, set(names), set(acting))
            part, places = _excerpt(doc, chosen, _read(doc))
            mark_sentence_starts(part)
            firsts = {start for start, _ in chosen}
            marks = part.to_array(["SENT_START"]).ravel().tolist()
            # 0 where nothing is set, 1 where a sentence starts.
            starts = [
                place in firsts or (None if not mark else mark == 1)
                for place, mark in zip(places, marks, strict=True)
            ]
            set_sentence_starts(part, starts)
            excerpts.append((part, places))
        parts = _run(self._parse, [part for part, _ in excerpts])
        for doc, part, (_, places), sentences in zip(docs, parts, excerpts, ranges, strict=True):
            self._copy(doc, part, places, sentences)

    def _chosen(
        self, doc: Doc, sentences: Sequence[tuple[int, int]], named: set[int], actors: set[int]
    ) -> list[tuple[int, int]]:
        """Choose the sentences with an event, those around them, and those of the actors."""
        text = text_of(doc)
        offsets: list[list[Any]] = doc.to_array(["IDX", "LENGTH"]).tolist()
        fighting = is_about_fighting(text, taxonomy=self.taxonomy)
        places = [not named.isdisjoint(range(a, b)) for a, b in sentences]
        eventful = [
            (fighting or any(places[max(0, number - 1) : number + 2]))
            and may_hold_event(
                text[offsets[a][0] : sum(offsets[b - 1])], fighting=fighting, taxonomy=self.taxonomy
            )
            for number, (a, b) in enumerate(sentences)
        ]
        around = AROUND if fighting else 0
        return [
            (start, end)
            for number, (start, end) in enumerate(sentences)
            if any(eventful[max(0, number - around) : number + around + 1])
            or not actors.isdisjoint(range(start, end))
        ]

    @staticmethod
    def _copy(
        doc: Doc, part: Doc, places: Sequence[int], ranges: Sequence[tuple[int, int]]
    ) -> None:
        """Write what an excerpt was found to be into the text."""
        values = np.zeros((len(doc), len(_ATTRIBUTES)), dtype=np.uint64)
        values[:, 2] = doc.to_array(["LOWER"]).ravel()
        if places:
            values[np.asarray(places)] = part.to_array(_ATTRIBUTES)
        doc.from_array(_ATTRIBUTES, values)  # type: ignore[arg-type]
        # spaCy reads sentences off the heads, and finds none where nothing is parsed.
        starts = np.zeros(len(doc), dtype=bool)
        starts[[start for start, _ in ranges]] = True
        found = np.asarray(doc.to_array(["DEP", "SENT_START"]))
        set_sentence_starts(doc, np.where(found[:, 0] > 0, found[:, 1] == 1, starts))


def sentence_ranges(doc: Doc) -> list[tuple[int, int]]:
    """Cut a text into sentences by its marks and its layout.

    Parameters
    ----------
    doc
        A tokenised text; a token whose ``is_sent_start`` is set is believed.

    Returns
    -------
    list of (start, end)
        Half-open token offsets that cover the text.
    """
    if not len(doc):
        return []
    starts = [0]
    ended = False
    words = words_of(doc)
    marks: list[Any] = doc.to_array(["SENT_START"]).ravel().tolist()
    for place, (before, word) in enumerate(pairwise(words), 1):
        ended = before in _ENDS or (ended and (before in _CLOSERS or before.isspace()))
        # 0 where nothing is set.
        begins = marks[place] == 1 or (ended and not marks[place] and _may_begin(word))
        if begins:
            starts.append(place)
            ended = False
    return list(zip(starts, [*starts[1:], len(doc)], strict=True))


def _may_begin(word: str) -> bool:
    return not (word.isspace() or word[0].islower() or word in _CLOSERS or word in _ENDS)


def _has_name(doc: Doc, words: Sequence[str]) -> bool:
    """Tell whether a sentence holds a capitalised word, or begins with one that may be a name."""
    words = [word for word in words if word[0].isalnum()]
    return any(word[0].isupper() for word in words[1:]) or (
        bool(words) and words[0][0].isupper() and not doc.vocab[words[0].lower()].is_stop
    )


def _listens(pipe: Pipe) -> bool:
    """Tell whether a component reads what another computed (a shared tok2vec, a transformer)."""
    model = getattr(pipe, "model", None)
    return model is not None and any("listener" in node.name for node in model.walk())


def _in_parts(pipes: Mapping[str, Any]) -> list[Pipe]:
    """Give what parses, in order: the faster ways where a component is one that has them."""
    names = [name for name in pipes if name != "ner"]
    result: list[Pipe] = []
    for name in names:
        pipe = pipes[name]
        if name == "tok2vec" and is_convolution(getattr(pipe, "model", None)):
            result.append(SharedVectors(pipe))
        elif name == "parser" and "tok2vec" in names and _listens(pipe):
            result.append(SentenceParser(pipe))
        elif name == "attribute_ruler" and is_by_word(pipe, pipes.get("lemmatizer")):
            result.append(Morphology(pipe, pipes["lemmatizer"]))
        elif name != "lemmatizer" or not is_by_word(pipes.get("attribute_ruler"), pipe):
            result.append(pipe)
    return result


def _run(pipes: Iterable[Any], docs: Iterable[Doc]) -> list[Doc]:
    """Run components on texts; those without words are given back as they are."""
    docs = list(docs)
    places = [number for number, doc in enumerate(docs) if len(doc)]
    filled = [docs[number] for number in places]
    with one_core():
        for pipe in pipes if filled else ():
            if hasattr(pipe, "pipe"):
                filled = list(pipe.pipe(filled, batch_size=len(filled)))
            else:
                filled = [pipe(doc) for doc in filled]
    for number, doc in zip(places, filled, strict=True):
        docs[number] = doc
    return docs


def _read(doc: Doc) -> tuple[list[str], list[bool]]:
    """Give the words of a text, and whether a space stands behind each."""
    return words_of(doc), (doc.to_array(["SPACY"]).ravel() > 0).tolist()


def _excerpt(
    doc: Doc, ranges: Sequence[tuple[int, int]], read: tuple[list[str], list[bool]]
) -> tuple[Doc, list[int]]:
    """Make a text of some sentences; give for each of its tokens the place in the whole.

    What is in capitals gets small letters, since no component reads capitals well.
    """
    places = [i for start, end in ranges for i in range(start, end)]
    words, spaces = read
    part = Doc(
        doc.vocab,
        words=truecase([words[i] for i in places]),
        spaces=[spaces[i] for i in places],
    )
    return part, places


def _entities(doc: Doc, part: Doc, places: Sequence[int]) -> list[Span]:
    found = []
    for entity in part.ents:
        start, end = places[entity.start], places[entity.end - 1] + 1
        if end - start == entity.end - entity.start:  # not across sentences left out between
            found.append(Span(doc, start, end, label=entity.label_))
    return found
