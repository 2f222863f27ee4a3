"""The triggers of the marked dispatches with their places, as ``gold_triggers`` gives the gold's.

The marks name places; a toponym that was found is right when it has the marked name, or
stands for the same row of the gazetteer as one that has.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gold_triggers import found_trigger, parser, places_of
from marked import is_measured_on, marked_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from marked import Mark, MarkedText
    from spacy.tokens import Doc, Span

    from geomap.events.triggers import FoundTrigger
    from geomap.records import PlaceRole, Toponym

__all__ = ["MarkedTrigger", "ParsedText", "keys_of", "parsed", "triggers_of"]


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A parsed dispatch and its toponyms as found."""

    doc: Doc
    marked: MarkedText
    places: tuple[tuple[Span, Toponym], ...]


@dataclass(frozen=True, slots=True)
class MarkedTrigger:
    """A trigger and its events.

    Parameters
    ----------
    found
        The trigger.
    events
        For each event its places: role, name, and the keys of the toponyms that are right.
        A name that no toponym has gives an empty set.
    again
        Whether it tells what is marked elsewhere too.
    """

    found: FoundTrigger
    events: tuple[tuple[tuple[PlaceRole, str, frozenset[str]], ...], ...]
    again: bool

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all its places."""
        return frozenset(key for event in self.events for _, _, keys in event for key in keys)


def parsed(*, measured_on: bool | None = None) -> Iterator[ParsedText]:
    """Parse all sentences of the dispatches, without those of ``marked.LATER``.

    Parameters
    ----------
    measured_on
        Only those to measure on, only those to fit on, or all.
    """
    nlp = parser()
    for marked in marked_texts(later=False):
        if measured_on is None or is_measured_on(marked.id) == measured_on:
            doc = nlp(marked.text)
            yield ParsedText(doc, marked, places_of(doc))


def triggers_of(text: ParsedText) -> Iterator[MarkedTrigger]:
    """Give the triggers of a text in order."""
    toponyms = [t for _, t in text.places]
    rows: dict[tuple[int, int, str], list[Mark]] = defaultdict(list)
    for mark in text.marked.marks:
        rows[mark.start, mark.end, mark.type].append(mark)
    for (start, end, name), marks in sorted(rows.items(), key=lambda item: item[0]):
        events = tuple(
            tuple(
                (role, place, keys_of(place, text.marked.text, toponyms)) for role, place in event
            )
            for mark in marks
            for event in mark.events
        )
        again = all(mark.again for mark in marks)
        yield MarkedTrigger(found_trigger(text.doc, start, end, name), events, again)


def keys_of(name: str, text: str, toponyms: Sequence[Toponym]) -> frozenset[str]:
    """Give the keys of the toponyms with a name, else of those that overlap where it stands."""
    same = [t for t in toponyms if _plain(t.text) == _plain(name)]
    return frozenset(t.place_key for t in same or _overlapping(name, text, toponyms))


def _overlapping(name: str, text: str, toponyms: Collection[Toponym]) -> list[Toponym]:
    found, start = [], text.find(name)
    while start >= 0:
        end = start + len(name)
        found += [t for t in toponyms if t.start < end and start < t.end]
        start = text.find(name, end)
    return found


def _plain(name: str) -> str:
    return name.casefold().removeprefix("the ").replace("’", "'").removesuffix("'s")
