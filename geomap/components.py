"""spaCy components of geomap: the only place where factories are registered.

``geomap_sentences_v1`` goes before the parser, ``geomap_toponyms_v1`` and
``geomap_events_v1`` after it. ``geomap_analysis_v1`` takes the place of the
pipeline's own components and runs them where they are needed. The gazetteer is
opened at the first text, never in a constructor.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING

from spacy.language import Language

from geomap.analysis import Analysis
from geomap.errors import OnlineError
from geomap.events.annotations import ANCHOR, annotate_events
from geomap.events.assemble import assemble_events
from geomap.events.dating import anchor_date
from geomap.events.extraction import find_event_mentions
from geomap.events.taxonomy import load_taxonomy
from geomap.gazetteer import Gazetteer, data_folder, key, open_gazetteer
from geomap.records import Event, Toponym
from geomap.sentences import mark_sentence_starts, text_of
from geomap.toponyms.annotations import (
    annotate_relative_places,
    annotate_toponyms,
    relative_places_of,
    toponyms_of,
)
from geomap.toponyms.candidates import candidates_for, with_remembered_regions
from geomap.toponyms.reading import needs_parse, reading_of
from geomap.toponyms.recognise import mentions_of_spans, recognise
from geomap.toponyms.relative import find_relative_places
from geomap.toponyms.resolution import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from spacy.tokens import Doc

    from geomap.online import OnlineGeocoder
    from geomap.records import Candidate, Reading
    from geomap.toponyms.mentions import Mention
    from geomap.toponyms.resolution import Resolution

__all__ = [
    "PUBLISHED",
    "WARNINGS",
    "AnalysisPart",
    "EventFinder",
    "ToponymFinder",
    "make_analysis",
    "make_events",
    "make_sentences",
    "make_toponyms",
]

# So many texts go through a component together: NER and the parser take 16 dispatches in four
# fifths of the time that one after the other takes, more gain nothing.
BATCH_SIZE = 16
# Where a caller puts (ISO date of publication or None, name of the article)
# into ``doc.user_data`` before the events are found.
PUBLISHED = "geomap_published"
# Where the toponyms' finder puts what went wrong on the way, sentences for the reader.
WARNINGS = "geomap_warnings"


@Language.component("geomap_sentences_v1", assigns=["token.is_sent_start"])
def make_sentences(doc: Doc) -> Doc:
    """Preset sentence starts from the layout; goes before the parser."""
    return mark_sentence_starts(doc)


@Language.factory(
    "geomap_analysis_v1",
    assigns=[
        "token.is_sent_start", "token.tag", "token.pos", "token.lemma", "token.dep", "token.head",
        "doc.ents", "doc.sents",
    ],
    default_config={"taxonomy": None},
)  # fmt: skip
def make_analysis(nlp: Language, name: str, *, taxonomy: str | None) -> AnalysisPart:  # noqa: ARG001
    """Make the component that runs the pipeline's own components where they are needed."""
    return AnalysisPart(nlp, taxonomy=taxonomy)


class AnalysisPart:
    """Find the names now; parse when the toponyms are known.

    Parameters
    ----------
    nlp
        A pipeline whose own components it takes over.
    taxonomy
        Path of a taxonomy file, or ``None``.
    """

    def __init__(self, nlp: Language, *, taxonomy: str | None) -> None:
        self.analysis = Analysis(nlp, taxonomy=load_taxonomy(taxonomy))

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentences and entities of a text."""
        self.analysis.find_names([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_SIZE) -> Iterator[Doc]:
        """Set those of many texts, some at a time."""
        for docs in _batches(stream, batch_size):
            self.analysis.find_names(docs)
            yield from docs


class ToponymFinder:
    """Find, read and resolve the toponyms of a parsed text.

    Parameters
    ----------
    gazetteer
        Path of a gazetteer file; ``None`` for the one in the install.
    min_confidence
        A resolution below it becomes NIL.
    added
        Paths of further gazetteer files.
    corrections
        Path of a corrections file, or ``None``.
    online
        ``service``, ``user_agent`` and what the service needs, to ask it for
        names that no file has; ``None`` keeps off the network.
    analysis
        What parses the sentences that need it, where the pipeline is not parsed
        before (``geomap_analysis_v1``).
    """

    def __init__(
        self,
        *,
        gazetteer: str | None,
        min_confidence: float,
        added: Sequence[str] = (),
        corrections: str | None = None,
        online: Mapping[str, str] | None = None,
        analysis: Analysis | None = None,
    ) -> None:
        self._path = gazetteer
        self._online = dict(online) if online else None
        self._added = tuple(added)
        self._corrections = corrections
        self._min_confidence = min_confidence
        self._gazetteer: Gazetteer | None = None
        self._geocoder: OnlineGeocoder | None = None
        self._unanswered: str | None = None
        self._analysis = analysis

    @property
    def gazetteer(self) -> Gazetteer:
        """The gazetteer, opened at first use."""
        if self._gazetteer is None:
            self._gazetteer = open_gazetteer(
                self._path, added=self._added, corrections=self._corrections
            )
        return self._gazetteer

    def __call__(self, doc: Doc) -> Doc:
        """Annotate ``doc.spans["toponyms"]`` and ``doc.spans["relative_places"]``."""
        [doc] = self._annotated([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_SIZE) -> Iterator[Doc]:
        """Annotate many texts, some at a time."""
        for docs in _batches(stream, batch_size):
            yield from self._annotated(docs)

    def _annotated(self, docs: list[Doc]) -> list[Doc]:
        found = [self._found(doc) for doc in docs]
        if self._analysis is not None:
            named = [
                _named(doc, mentions, resolutions)
                for doc, (mentions, resolutions) in zip(docs, found, strict=True)
            ]
            self._analysis.parse(docs, [names for names, _ in named], [who for _, who in named])
        for doc, (mentions, resolutions) in zip(docs, found, strict=True):
            toponyms = _toponyms(doc, mentions, resolutions)
            annotate_toponyms(doc, toponyms)
            places = find_relative_places(text_of(doc), toponyms, ground=self.gazetteer)
            annotate_relative_places(doc, places)
        return docs

    def _found(self, doc: Doc) -> tuple[tuple[Mention, ...], tuple[Resolution, ...]]:
        mentions = recognise(doc, gazetteer=self.gazetteer)
        self._unanswered = None
        resolutions = self._resolutions(mentions)
        if self._unanswered is not None:
            doc.user_data[WARNINGS] = [f"names were not looked up online: {self._unanswered}"]
        return mentions, resolutions

    def predict(
        self, doc: Doc, *, spans: Iterable[tuple[int, int]] | None = None
    ) -> tuple[Toponym, ...]:
        """Give the toponyms of a text without changing it.

        Parameters
        ----------
        doc
            A text with entities; where it is not parsed every reading is literal.
        spans
            Half-open character offsets of the names, when they are known (gold
            spans): exactly these are read and resolved. ``None`` to recognise them.

        Returns
        -------
        tuple of Toponym
            In the order of the text; without a place where none can be chosen.
        """
        if spans is None:
            mentions = recognise(doc, gazetteer=self.gazetteer)
        else:
            mentions = mentions_of_spans(doc, spans)
        return _toponyms(doc, mentions, self._resolutions(mentions))

    def _resolutions(self, mentions: tuple[Mention, ...]) -> tuple[Resolution, ...]:
        return resolve(mentions, self._candidates(mentions), min_confidence=self._min_confidence)

    def _candidates(self, mentions: Iterable[Mention]) -> dict[str, tuple[Candidate, ...]]:
        found: dict[str, tuple[Candidate, ...]] = {}
        for mention in mentions:
            found[mention.lookup] = candidates_for(
                mention, gazetteer=self.gazetteer
            ) or self._asked(mention.lookup)
            for name in mention.within:
                if name not in found:
                    found[name] = self.gazetteer.find(name)
        return with_remembered_regions(found)

    def _asked(self, name: str) -> tuple[Candidate, ...]:
        """Ask online for a name that no file has; only what is found to be a toponym is sent."""
        if self._online is None or self.gazetteer.corrections.is_never(key(name)):
            return ()
        if self._geocoder is None:
            self._geocoder = _make_geocoder(self._online)
        try:
            return self._geocoder.find(name)
        except OnlineError as err:
            # A service that fails must not fail the article; once is enough said.
            self._unanswered = self._unanswered or str(err)
            return ()


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    docs = iter(stream)
    while batch := list(islice(docs, size)):
        yield batch


def _named(
    doc: Doc, mentions: Iterable[Mention], resolutions: Iterable[Resolution]
) -> tuple[list[int], list[int]]:
    """Give the tokens of all names, and of those that may stand for more than a location."""
    named, actors = [], []
    for mention, found in zip(mentions, resolutions, strict=True):
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if span is not None:
            named.append(span.start)
            if needs_parse(span, found.place):
                actors.append(span.start)
    return named, actors


def _toponyms(
    doc: Doc, mentions: Iterable[Mention], resolutions: Iterable[Resolution]
) -> tuple[Toponym, ...]:
    toponyms = []
    parsed = doc.has_annotation("DEP")
    for number, (mention, found) in enumerate(zip(mentions, resolutions, strict=True)):
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        reading: Reading = "literal"
        why = ""
        if span is not None and parsed:
            reading, why = reading_of(span, found.place)
        toponyms.append(
            Toponym(
                id=number,
                start=mention.start,
                end=mention.end,
                text=mention.text,
                reading=reading,
                place=found.place,
                confidence=found.confidence,
                reason=found.reason if reading == "literal" else f"{found.reason}; {why}",
                candidates=found.candidates,
            )
        )
    return tuple(toponyms)


def _make_geocoder(online: Mapping[str, str]) -> OnlineGeocoder:
    from geomap.online import make_online_geocoder  # noqa: PLC0415 - only who goes online

    options = {k: v for k, v in online.items() if k not in {"service", "user_agent"}}
    return make_online_geocoder(
        online["service"],
        user_agent=online["user_agent"],
        options=options,
        cache=data_folder() / "online.sqlite",
    )


@Language.factory(
    "geomap_toponyms_v1",
    requires=["token.dep", "token.tag", "doc.ents", "doc.sents"],
    assigns=["doc.spans"],
    default_config={
        "gazetteer": None,
        "min_confidence": 0.2,
        "added": [],
        "corrections": None,
        "online": None,
    },
)
def make_toponyms(
    nlp: Language,
    name: str,  # noqa: ARG001 - spaCy's signature
    *,
    gazetteer: str | None,
    min_confidence: float,
    added: list[str],
    corrections: str | None,
    online: dict[str, str] | None,
) -> ToponymFinder:
    """Make the component that writes ``doc.spans["toponyms"]`` and ``["relative_places"]``."""
    parts = (part for _, part in nlp.components if isinstance(part, AnalysisPart))
    return ToponymFinder(
        gazetteer=gazetteer,
        min_confidence=min_confidence,
        added=added,
        corrections=corrections,
        online=online,
        analysis=next((part.analysis for part in parts), None),
    )


class EventFinder:
    """Find the events of a text with toponyms.

    Parameters
    ----------
    gazetteer
        Path of a gazetteer file, for the boundaries of regions; ``None`` for
        the one in the install.
    taxonomy
        Path of a taxonomy file that is merged over the built-in event types, or
        ``None``; read at once, so that its faults show before the first text.
    """

    def __init__(self, *, gazetteer: str | None, taxonomy: str | None = None) -> None:
        self._path = gazetteer
        self._gazetteer: Gazetteer | None = None
        self.taxonomy = load_taxonomy(taxonomy)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate ``doc.spans["event:…"]``."""
        published, name = doc.user_data.get(PUBLISHED, (None, None))
        day, why = anchor_date(
            text_of(doc),
            published=dt.date.fromisoformat(published) if published else None,
            name=name,
        )
        doc.user_data[ANCHOR] = (day.isoformat() if day else None, why)
        toponyms = toponyms_of(doc)
        annotate_events(doc, self.predict(doc, toponyms, anchor=day), toponyms)
        return doc

    def predict(
        self, doc: Doc, toponyms: tuple[Toponym, ...], *, anchor: dt.date | None
    ) -> tuple[Event, ...]:
        """Give the events of a text without changing it."""
        if self._gazetteer is None:
            self._gazetteer = open_gazetteer(self._path)
        mentions = find_event_mentions(doc, toponyms, anchor=anchor, taxonomy=self.taxonomy)
        return assemble_events(
            mentions,
            toponyms,
            boundary=self._gazetteer.boundary,
            relative_places=relative_places_of(doc),
            taxonomy=self.taxonomy,
        )


@Language.factory(
    "geomap_events_v1",
    requires=["token.dep", "token.tag", "token.lemma", "doc.ents", "doc.sents", "doc.spans"],
    assigns=["doc.spans"],
    default_config={"gazetteer": None, "taxonomy": None},
)
def make_events(
    nlp: Language,  # noqa: ARG001 - spaCy's signature
    name: str,  # noqa: ARG001 - spaCy's signature
    *,
    gazetteer: str | None,
    taxonomy: str | None,
) -> EventFinder:
    """Make the component that writes ``doc.spans["event:…"]``."""
    return EventFinder(gazetteer=gazetteer, taxonomy=taxonomy)
