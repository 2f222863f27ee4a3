"""What a phrase hangs on: its anchors' places, their borders, and what lies beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomap.records import GeometryMethod, Place, Toponym
    from geomap.toponyms.phrases import Phrase

__all__ = ["Drawn", "Ground", "Scene"]

# A place named farther away in the text says nothing of the phrase: about two sentences.
BESIDE_CHARACTERS = 250


class Ground(Protocol):
    """What is asked of a gazetteer; :class:`geomap.gazetteer.Gazetteer` has it all."""

    def boundary(self, place_id: str) -> Mapping[str, Any] | None:
        """Give the polygon of a country or region, or ``None``."""

    def country_place(self, code: str) -> Place | None:
        """Give the place of a country by its ISO alpha-2 code, or ``None``."""

    def regions_at(self, lon: float, lat: float) -> tuple[Place, ...]:
        """Give the country and region that hold a point."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A geometry with its likeliest point, how far the truth may lie from it, and why."""

    geometry: Mapping[str, Any]
    method: GeometryMethod
    lon: float
    lat: float
    uncertainty_km: float
    reason: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A phrase, the places of its anchors, and where to ask for more.

    Parameters
    ----------
    phrase
        The phrase.
    places
        Places of its anchors, in their order; all known.
    names
        The anchors as the text spells them.
    toponyms
        All toponyms of the text.
    origin
        Where a direction is taken from, or ``None``.
    ground
        Where borders are looked up.
    """

    phrase: Phrase
    places: tuple[Place, ...]
    names: tuple[str, ...]
    toponyms: Sequence[Toponym]
    origin: Place | None
    ground: Ground

    def beside(self) -> Iterator[Place]:
        """Give places that the text names beside the phrase, the nearest words first."""
        phrase = self.phrase
        near = []
        for toponym in self.toponyms:
            gap = max(phrase.start - toponym.end, toponym.start - phrase.end, 0)
            if toponym.place is None or toponym.id in phrase.anchors or gap > BESIDE_CHARACTERS:
                continue
            near.append((gap, toponym.start, toponym.place))
        for _, _, place in sorted(near, key=lambda one: one[:2]):
            yield place
