"""Texts, names, candidates and gazetteers made by hand: no spaCy, no file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from geomap.gazetteer.normalise import key
from geomap.records import Candidate, Place
from geomap.toponyms.mentions import Mention
from geomap.toponyms.proposals import Proposal, propose
from geomap.toponyms.senses import Sense, senses_of
from geomap.toponyms.tokens import Entity, Tokens, _first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TOKEN = re.compile(r"\n+|(?:[^\W\d_]\.){2,}|\b[A-Z]\.(?= [A-Z])|[’']s\b|\w+(?:[’'](?!s\b)\w+)*|\S")


def tokens(text: str, entities: Iterable[tuple[str, str]] = ()) -> Tokens:
    """Cut a text into words, marks and line breaks; entities are given as (text, label)."""
    spans = [match.span() for match in _TOKEN.finditer(text)]
    starts, ends = [s for s, _ in spans], [e for _, e in spans]
    words = [text[s:e] for s, e in spans]
    found: list[Entity] = []
    after = 0
    for name, label in entities:
        at = text.index(name, after)
        after = at + len(name)
        found.append(Entity(starts.index(at), ends.index(after) + 1, label))
    entity_at = [-1] * len(words)
    for number, entity in enumerate(found):
        entity_at[entity.start : entity.end] = [number] * (entity.end - entity.start)
    return Tokens(
        text=text,
        words=words,
        lowers=[word.lower() for word in words],
        starts=starts,
        ends=ends,
        entities=found,
        entity_at=entity_at,
        first=_first(words),
    )


def place(name: str, lon: float = 30.0, lat: float = 50.0, **changes: Any) -> Place:
    """Make a town of Ukraine."""
    values: dict[str, Any] = {
        "id": f"test:{name}:{lon}:{lat}",
        "name": name,
        "country": "UA",
        "admin1": None,
        "lon": lon,
        "lat": lat,
        "feature_class": "P",
        "feature_code": "PPL",
        "radius_km": 3.0,
        "population": 10_000,
    }
    return Place(**{**values, **changes})


def region(name: str, lon: float = 30.0, lat: float = 50.0, **changes: Any) -> Place:
    """Make a first-level region."""
    values = {"feature_class": "A", "feature_code": "ADM1", "radius_km": 100.0}
    return place(name, lon, lat, **{**values, **changes})


def country(name: str, code: str, lon: float = 30.0, lat: float = 50.0) -> Place:
    """Make a country."""
    return place(
        name, lon, lat, country=code, feature_class="A", feature_code="PCLI", radius_km=400
    )


def candidate(where: Place, score: float = 0.5, match: Any = "exact") -> Candidate:
    """Make a candidate."""
    return Candidate(place=where, score=score, match=match, reason=f"its name is {where.name}")


def mention(text: str, start: int = 0, **changes: Any) -> Mention:
    """Make a mention at an offset."""
    values: dict[str, Any] = {
        "start": start,
        "end": start + len(text),
        "text": text,
        "lookup": text,
        "evidence": 1.0,
    }
    return Mention(**{**values, **changes})


class Lookup:
    """A gazetteer of a few names."""

    def __init__(self, names: Mapping[str, tuple[Candidate, ...]] | None = None) -> None:
        self.names = {key(name): found for name, found in (names or {}).items()}

    def knows(self, keys: Iterable[str]) -> set[str]:
        """Tell which keys have a row."""
        return self.names.keys() & set(keys)

    def find(self, name: str, *, limit: int | None = None) -> tuple[Candidate, ...]:
        """Look one name up."""
        return self.names.get(key(name), ())[:limit]

    def find_many(self, names: Iterable[str]) -> dict[str, tuple[Candidate, ...]]:
        """Look many names up."""
        return {name: self.find(name) for name in names}


def towns(*names: str, **changes: Any) -> Lookup:
    """Make a gazetteer of towns that lie a degree apart."""
    return Lookup(
        {n: (candidate(place(n, 30.0 + i, 50.0, **changes)),) for i, n in enumerate(names)}
    )


def proposed(text: str, gazetteer: Lookup, entities: Iterable[tuple[str, str]] = ()) -> set[str]:
    """Give the texts of all proposals."""
    return {p.text for p in propose(tokens(text, entities), gazetteer)}  # type: ignore[arg-type]


def proposal(text: Tokens, name: str, candidates: tuple[Candidate, ...] = ()) -> Proposal:
    """Make the proposal of a name that stands in a text."""
    at = text.text.index(name)
    start = text.starts.index(at)
    end = text.ends.index(at + len(name)) + 1
    return Proposal(start, end, name, candidates)


def sense(
    text: str, candidates: tuple[Candidate, ...], *, start: int = 0, within: tuple[str, ...] = ()
) -> Sense:
    """Make one sense of one mention."""
    (made,) = senses_of([mention(text, start, within=within)], {text: candidates})
    return made
