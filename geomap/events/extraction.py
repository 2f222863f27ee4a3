"""From a parsed text with toponyms to event mentions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from geomap.events.actors import find_actors
from geomap.events.arguments import find_places, ties_in
from geomap.events.claims import ClaimReader
from geomap.events.conditions import occurs
from geomap.events.dated import EventDates
from geomap.events.dates import find_dates
from geomap.events.focus import Focus, title_end_of
from geomap.events.locations import as_location
from geomap.events.mentions import PHRASE_CHARACTERS, EventMention
from geomap.events.quantities import counts_in, weapon_of
from geomap.events.quotes import quoted_ranges
from geomap.events.taxonomy import load_taxonomy
from geomap.events.tenses import is_over
from geomap.events.triggers import find_triggers
from geomap.records import Sentence, Trigger
from geomap.sentences import sents_remembered

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from spacy.tokens import Doc, Span, Token

    from geomap.events.arguments import Arguments
    from geomap.events.taxonomy import Taxonomy
    from geomap.events.triggers import FoundTrigger
    from geomap.records import Attribution, DateRange, Factuality, PlaceArgument, Toponym

__all__ = ["find_event_mentions"]

_DETERMINERS = frozenset({"the", "this", "that", "these", "those", "its", "their", "his", "her"})
# Words that belong to a trigger's name: "humanitarian corridor", "missile strike".
_NAME_PARTS = frozenset({"compound", "amod", "nmod"})


def find_event_mentions(
    doc: Doc,
    toponyms: Sequence[Toponym],
    *,
    anchor: dt.date | None,
    taxonomy: Taxonomy | None = None,
) -> tuple[EventMention, ...]:
    """Find what happens in a text.

    Parameters
    ----------
    doc
        A parsed text.
    toponyms
        Its toponyms.
    anchor
        The day that relative dates hang on; ``None`` when it is not known.
    taxonomy
        The event types; the built-in ones when ``None``.

    Returns
    -------
    tuple of EventMention
        In the order of the text; a trigger with several targets gives several.
    """
    with sents_remembered(doc):
        return _mentions(doc, toponyms, anchor, taxonomy or load_taxonomy())


@dataclass(frozen=True, slots=True)
class _Text:
    """What all mentions of one text are read against."""

    text: str
    toponyms: Mapping[int, Toponym]
    dates: EventDates
    anchor: dt.date | None
    taxonomy: Taxonomy
    title_end: int
    # Counts by sentence and type: several triggers share a sentence.
    counted: Callable[[str, str], Mapping[str, int]]
    # The words of the sentences by their starts, read once each.
    worded: dict[int, _Worded] = field(default_factory=dict)


class _Worded(NamedTuple):
    """The words of a sentence: the place, lemma and form of each, and all lemmas and forms."""

    forms: list[tuple[int, str, str]]
    every: frozenset[str]


def _mentions(
    doc: Doc, toponyms: Sequence[Toponym], anchor: dt.date | None, taxonomy: Taxonomy
) -> tuple[EventMention, ...]:
    spans = [(doc.char_span(t.start, t.end), t) for t in toponyms]
    verbs = taxonomy.words["ground_verbs"]
    places = [
        (span, as_location(span, t, ground_verbs=verbs)) for span, t in spans if span is not None
    ]
    focus = Focus(doc, places)
    triggers = find_triggers(doc, places, taxonomy=taxonomy, focus=focus)
    if not triggers:
        return ()
    claims = ClaimReader(doc, quoted_ranges(focus.text))
    told = _Text(
        focus.text,
        {t.id: t for t in toponyms},
        EventDates(doc, focus.text, find_dates(focus.text, anchor=anchor), anchor),
        anchor,
        taxonomy,
        title_end_of(focus.text),
        lru_cache(maxsize=None)(counts_in),
    )
    mentions: list[EventMention] = []
    for found, tied in zip(triggers, ties_in(triggers, places), strict=True):
        arguments = find_places(found, tied, places, doc, focus)
        if found.placed and not arguments.groups and not _lies_between(found.token, places):
            continue
        named = [told.toponyms[a.toponym] for group in arguments.groups for a in group]
        focus.note(found, named)
        claim = claims.read(found.token, found.type)
        mentions += (
            _mention(told, found, arguments, group, claim) for group in arguments.groups or ((),)
        )
    return tuple(mentions)


def _lies_between(trigger: Token, places: Sequence[tuple[Span, Toponym]]) -> bool:
    """Tell whether a trigger is placed between others, which are no places of it by themselves."""
    behind = trigger.doc[trigger.i + 1 : trigger.sent.end]
    phrase = next((token for token in behind if token.lower_ == "between"), None)
    if phrase is None or phrase.idx - trigger.idx > PHRASE_CHARACTERS:
        return False
    return sum(phrase.i < span.start < trigger.sent.end for span, _ in places) > 1


def _mention(
    told: _Text,
    found: FoundTrigger,
    arguments: Arguments,
    group: tuple[PlaceArgument, ...],
    claim: tuple[Factuality, Attribution | None],
) -> EventMention:
    token, taxonomy, kind = found.token, told.taxonomy, found.type.name
    bounds = token.sent.start_char, token.sent.end_char
    past = is_over(token)
    start, end = _dated_span(token, group, told.toponyms, several=len(arguments.groups) > 1)
    date = told.dates.of(token, (start, end), kind)
    return EventMention(
        type=kind,
        subtype=_subtype(found, told.worded),
        trigger=Trigger(start=token.idx, end=token.idx + len(token), text=token.text),
        sentence=_sentence(*bounds, told.text),
        places=group,
        directions=arguments.directions,
        ordinal=found.ordinal,
        definite=_is_definite(token),
        occurs=occurs(token, taxonomy),
        carried=arguments.carried,
        tied=arguments.tied,
        headline=token.idx < told.title_end,
        date=date,
        actors=find_actors(token, taxonomy),
        factuality=_planned_when_ahead(claim[0], date, told.anchor, past=past),
        attribution=claim[1],
        weapon=weapon_of(token, kind, taxonomy),
        counts=dict(told.counted(told.text[slice(*bounds)], kind)),
    )


def _sentence(start: int, end: int, text: str) -> Sentence:
    """Give the sentence without the white space around it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Sentence(start=start, end=end, text=text[start:end])


def _subtype(found: FoundTrigger, worded: dict[int, _Worded]) -> str | None:
    """Give the subtype whose words stand nearest to the trigger; for talks the round too.

    ``worded`` keeps the words of the sentences by their starts, which are read once each.
    """
    token = found.token
    best: tuple[int, str] | None = None
    subtypes = found.type.subtypes
    if subtypes:
        words = _words_of(token.sent, worded)
        for name, own in subtypes.items():
            if words.every.isdisjoint(own):
                continue
            for place, lemma, lower in words.forms:
                if lemma in own or lower in own:
                    distance = abs(place - token.i)
                    if best is None or distance < best[0]:
                        best = (distance, name)
    if found.type.name == "talks" and found.ordinal is not None:
        return f"{found.ordinal} round"
    return best[1] if best else None


def _words_of(sentence: Span, worded: dict[int, _Worded]) -> _Worded:
    words = worded.get(sentence.start)
    if words is None:
        forms = [(t.i, t.lemma_.lower(), t.lower_) for t in sentence]
        every = frozenset(form for _, *own in forms for form in own)
        words = worded[sentence.start] = _Worded(forms, every)
    return words


def _planned_when_ahead(
    factuality: Factuality, date: DateRange | None, anchor: dt.date | None, *, past: bool
) -> Factuality:
    """Make a plan of what is told for a day to come: "they meet again on 17 January"."""
    ahead = date is not None and anchor is not None and date.start > anchor
    return "planned" if ahead and not past and factuality in _TOLD else factuality


_TOLD = frozenset({"asserted", "claimed"})


def _is_definite(token: Token) -> bool:
    return token.pos_ in {"NOUN", "PROPN"} and any(
        child.lower_ in _DETERMINERS for child in token.lefts
    )


def _dated_span(
    trigger: Token,
    group: Sequence[PlaceArgument],
    toponyms: Mapping[int, Toponym],
    *,
    several: bool,
) -> tuple[int, int]:
    """Give the span whose nearest date counts: in a list, that of the member itself."""
    if several and group:
        toponym = toponyms[group[0].toponym]
        if toponym.start > trigger.idx and toponym.start < trigger.sent.end_char:
            return toponym.start, toponym.end
    return trigger.idx, trigger.idx + len(trigger)
