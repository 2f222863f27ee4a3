"""Score events: matched by type and place, then compared attribute by attribute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geomap.events.taxonomy import CORE_TYPES, load_taxonomy
from geomap.score.attributes import JUDGES, near_km
from geomap.score.matching import Counts, assign, snippet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomap.records import Event, ExtractedArticle, Place
    from geomap.score.attributes import Judge
    from geomap.score.gold import GoldDocument, GoldEvent

__all__ = ["CORE_TYPES", "EventMatch", "EventScores", "match_events", "score_events"]

# Gold written before the further types were annotated calls them all so.
OTHER = "other"

# Costs of a pair, in metres: any difference in rank outweighs any distance on
# Earth (at most 20,004 km).
_RANK = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMatch:
    """A gold event and the extracted event matched with it; one may be ``None``."""

    doc: str
    text: str = field(repr=False)
    gold: GoldEvent | None
    found: Event | None
    places: dict[int, Place] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScores:
    """Scores of events over all articles.

    Parameters
    ----------
    core, all
        Counts over the four core types and over all types.
    types
        Counts for each type that the gold or the prediction holds, in the
        order of the taxonomy.
    factuality, date, attribution, roles, geometry
        Shares over the matches of all types; ``None`` when there is nothing
        to compare.
    core_attributes
        The same over the matches of core types.
    missed, spurious, misplaced, misjudged
        What went wrong, each with its context. A misplaced event is one whose
        trigger was found but whose place was not; it counts as missed and as
        spurious. A misjudged one has its place right but an attribute wrong.
    """

    core: Counts
    all: Counts
    types: dict[str, Counts]
    factuality: float | None
    date: float | None
    attribution: float | None
    roles: float | None
    geometry: float | None
    core_attributes: dict[str, float | None]
    missed: tuple[str, ...]
    spurious: tuple[str, ...]
    misplaced: tuple[str, ...]
    misjudged: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the scores as plain values; see the class for their meaning."""
        return {
            "core": self.core.to_dict(),
            "all": self.all.to_dict(),
            "types": {name: counts.to_dict() for name, counts in self.types.items()},
            **{name: getattr(self, name) for name in JUDGES},
            "core_attributes": dict(self.core_attributes),
            **self.lists(),
        }

    def lists(self) -> dict[str, list[str]]:
        """List what went wrong, each with its context."""
        return {
            "missed": list(self.missed),
            "spurious": list(self.spurious),
            "misplaced": list(self.misplaced),
            "misjudged": list(self.misjudged),
        }


def score_events(pairs: Iterable[tuple[GoldDocument, ExtractedArticle]]) -> EventScores | None:
    """Score the events of all articles.

    Parameters
    ----------
    pairs
        Gold and prediction for each article.

    Returns
    -------
    EventScores or None
        ``None`` when the gold says nothing about events.
    """
    pairs = [(gold, found) for gold, found in pairs if gold.events is not None]
    if not pairs:
        return None
    matches = [match for gold, found in pairs for match in match_events(gold, found)]
    core = [m for m in matches if _class_of(m) in CORE_TYPES]
    typed = [m for m in matches if _class_of(m) != OTHER]
    known = [*load_taxonomy().types, *sorted({_class_of(m) for m in matches})]
    lists = _error_lists(typed)
    return EventScores(
        core=_counts(core),
        all=_counts(typed),
        types={
            name: _counts(own)
            for name in dict.fromkeys(known)
            if (own := [m for m in matches if _class_of(m) == name])
        },
        factuality=_accuracy(JUDGES["factuality"], typed),
        date=_accuracy(JUDGES["date"], typed),
        attribution=_accuracy(JUDGES["attribution"], typed),
        roles=_accuracy(JUDGES["roles"], typed),
        geometry=_accuracy(JUDGES["geometry"], typed),
        core_attributes={name: _accuracy(judge, core) for name, judge in JUDGES.items()},
        missed=lists["missed"],
        spurious=lists["spurious"],
        misplaced=lists["misplaced"],
        misjudged=lists["misjudged"],
    )


def match_events(document: GoldDocument, prediction: ExtractedArticle) -> list[EventMatch]:
    """Match the events of one article one to one.

    The type must be equal and a place must lie within ``max(25 km, radius_km)``
    of a gold place. A gold event without coordinates, or listed and not drawn,
    matches an event without geometry whose trigger overlaps. As many as
    possible are matched; among equals first those whose triggers overlap, then
    those in the same sentence, then the nearest.
    """
    gold, found = document.events or (), prediction.events
    places = {t.id: t.place for t in prediction.toponyms if t.place is not None}
    costs = {
        (i, j): cost
        for i, g in enumerate(gold)
        for j, f in enumerate(found)
        if (cost := _cost(g, f, places)) is not None
    }
    pairs = assign(costs)
    matched = set(pairs.values())

    def match(g: GoldEvent | None, f: Event | None) -> EventMatch:
        return EventMatch(
            doc=document.doc, text=prediction.article.text, gold=g, found=f, places=places
        )

    matches = [match(g, found[pairs[i]] if i in pairs else None) for i, g in enumerate(gold)]
    return matches + [match(None, f) for j, f in enumerate(found) if j not in matched]


def _class_of(match: EventMatch) -> str:
    event = match.gold or match.found
    return event.type if event else OTHER


def _cost(gold: GoldEvent, found: Event, places: dict[int, Place]) -> int | None:
    if gold.type != found.type:
        return None
    rank = _trigger_rank(gold, found)
    if not gold.placed:
        return 0 if found.geometry is None and rank == 0 else None
    distances = [
        distance
        for place in gold.places
        for argument in found.places
        if (distance := near_km(place, places.get(argument.toponym))) is not None
    ]
    return rank * _RANK + round(min(distances) * 1000) if distances else None


def _trigger_rank(gold: GoldEvent, found: Event) -> int:
    if gold.start < found.trigger.end and found.trigger.start < gold.end:
        return 0
    return 1 if found.sentence.start <= gold.start < found.sentence.end else 2


def _counts(matches: Sequence[EventMatch]) -> Counts:
    return Counts(
        matched=sum(m.gold is not None and m.found is not None for m in matches),
        predicted=sum(m.found is not None for m in matches),
        gold=sum(m.gold is not None for m in matches),
    )


def _accuracy(judge: Judge, matches: Sequence[EventMatch]) -> float | None:
    answers = [
        answer for m in matches if m.gold and m.found for answer in judge(m.gold, m.found, m.places)
    ]
    return round(sum(answers) / len(answers), 4) if answers else None


def _error_lists(matches: Sequence[EventMatch]) -> dict[str, tuple[str, ...]]:
    lost = [m for m in matches if m.found is None]
    extra = [m for m in matches if m.gold is None]
    misplaced = []
    for miss in list(lost):
        twin = next((m for m in extra if _same_trigger(miss, m)), None)
        if twin is not None:
            misplaced.append(f"{_show_gold(miss)}; found {_where_found(twin)}")
            lost.remove(miss)
            extra.remove(twin)
    return {
        "missed": tuple(map(_show_gold, lost)),
        "spurious": tuple(map(_show_found, extra)),
        "misplaced": tuple(misplaced),
        "misjudged": tuple(line for m in matches for line in _misjudged(m)),
    }


def _same_trigger(miss: EventMatch, extra: EventMatch) -> bool:
    if miss.gold is None or extra.found is None or miss.doc != extra.doc:
        return False
    same_type = miss.gold.type == extra.found.type
    return same_type and _trigger_rank(miss.gold, extra.found) == 0


def _misjudged(match: EventMatch) -> list[str]:
    if match.gold is None or match.found is None:
        return []
    wrong = [
        f"{name} expected {_expected(match.gold, name)}, found {_got(match, name)}"
        for name, judge in JUDGES.items()
        if not all(judge(match.gold, match.found, match.places))
    ]
    return [f"{_show_gold(match)}: {'; '.join(wrong)}"] if wrong else []


def _expected(gold: GoldEvent, name: str) -> str:
    if name == "roles":
        return ", ".join(f"{place.role} {place.place}" for place in gold.places) or "none"
    return str(getattr(gold, name))


def _got(match: EventMatch, name: str) -> str:
    found = match.found
    if found is None:
        return "nothing"
    if name == "roles":
        return _where_found(match)
    if name == "date":
        return str(found.date.start) if found.date else "None"
    if name == "attribution":
        said = found.attribution
        return " / ".join(p for p in (said.speaker, said.organisation) if p) if said else "None"
    return str(found.geometry_method if name == "geometry" else getattr(found, name))


def _show_gold(match: EventMatch) -> str:
    gold = match.gold
    if gold is None:
        return match.doc
    places = ", ".join(place.place for place in gold.places) or "no place"
    return f"{gold.type} ({places}) {snippet(match.doc, match.text, gold.start, gold.end)}"


def _show_found(match: EventMatch) -> str:
    found = match.found
    if found is None:
        return match.doc
    trigger = snippet(match.doc, match.text, found.trigger.start, found.trigger.end)
    return f"{found.type} ({_where_found(match)}) {trigger}"


def _where_found(match: EventMatch) -> str:
    arguments = match.found.places if match.found else ()
    shown = [
        f"{argument.role} {place.name}"
        for argument in arguments
        if (place := match.places.get(argument.toponym)) is not None
    ]
    return ", ".join(shown) or "no place"
