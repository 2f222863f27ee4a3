"""The event types as data: triggers, conditions, counter-patterns, geometry, codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.records import PlaceRole

__all__ = ["CORE_TYPES", "EventType", "Taxonomy", "TriggerRule", "load_taxonomy"]

CORE_TYPES = ("encirclement", "corridor", "strike", "talks")


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """Lemmas that start an event when one of the needs holds.

    ``needs`` are names of conditions; ``"a+b"`` asks for both.
    """

    lemmas: frozenset[str]
    pos: frozenset[str]
    needs: tuple[str, ...]
    plural: bool


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event."""

    name: str
    definition: str
    geometry: str
    place_role: PlaceRole
    codes: Mapping[str, str]
    triggers: tuple[TriggerRule, ...]
    counters: tuple[re.Pattern[str], ...]
    subtypes: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All event types and the word classes their conditions use."""

    types: Mapping[str, EventType]
    words: Mapping[str, frozenset[str]]


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """Read the taxonomy that ships with geomap.

    Returns
    -------
    Taxonomy
        In the order of the file.

    Examples
    --------
    >>> list(load_taxonomy().types)
    ['encirclement', 'corridor', 'strike', 'talks']
    """
    data = rules("taxonomy")
    types = {n: _event_type(n, table) for n, table in data.items() if n != "words"}
    classes = {name: frozenset(values) for name, values in data["words"].items()}
    return Taxonomy(types=types, words=classes)


def _event_type(name: str, table: Mapping[str, Any]) -> EventType:
    return EventType(
        name=name,
        definition=table["definition"],
        geometry=table["geometry"],
        place_role=table["place_role"],
        codes=table["codes"],
        triggers=tuple(
            TriggerRule(
                lemmas=frozenset(rule["lemmas"]),
                pos=frozenset(rule["pos"]),
                needs=tuple(rule["needs"]),
                plural=rule.get("plural", False),
            )
            for rule in table["triggers"]
        ),
        counters=tuple(re.compile(rf"\b{c}", re.IGNORECASE) for c in table["counters"]),
        subtypes={key: frozenset(values) for key, values in table["subtypes"].items()},
    )
