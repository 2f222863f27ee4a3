"""Relative places: phrases such as "20 km east of Kharkiv" as areas with a radius.

:func:`find_relative_places` reads them from the text beside its toponyms and
draws each; the toponyms stay what they are and are referred to as anchors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.records import RelativePlace
from geomap.toponyms.ground import Scene
from geomap.toponyms.phrases import find_phrases
from geomap.toponyms.relative_edges import draw_bank, draw_border, draw_coast, is_river
from geomap.toponyms.relative_shapes import (
    draw_bearing,
    draw_between,
    draw_countryside,
    draw_distance,
    draw_offset,
    draw_outskirts,
    draw_part,
    draw_toward,
    draw_within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geomap.records import Place, Relation, Toponym
    from geomap.toponyms.ground import Drawn, Ground
    from geomap.toponyms.phrases import Phrase

__all__ = ["find_relative_places"]

_DRAW: Mapping[Relation, Callable[[Scene], Drawn | None]] = {
    "offset": draw_offset,
    "distance": draw_distance,
    "within": draw_within,
    "bearing": draw_bearing,
    "part": draw_part,
    "outskirts": draw_outskirts,
    "countryside": draw_countryside,
    "between": draw_between,
    "line": draw_between,
    "border": draw_border,
    "bank": draw_bank,
    "coast": draw_coast,
    "toward": draw_toward,
}
# Between a name and a phrase that tells its place: "Chuhuiv, 35 km east of", "Schastia
# (north of", "X, a village 5 km from", "X is about 20 km from".
_TELLS = re.compile(
    r"^(?:,|\s?\(|,? (?:which |that )?(?:is|was|lies|stands|sits)(?: located| situated)?,?"
    r"|,? (?:located|situated|lying)|,? an? [\w -]{2,40}?)"
    r"(?: (?:just|only|some|about|located|situated|lying))?\s?(?:in |at |on |to )?(?:the )?\Z"
)
# "Manbij city north of Aleppo": no comma is needed before a direction or a distance.
_CLOSE = re.compile(r"^(?: (?:city|town|village|district|airport))?,? \Z")
_FROM_PLACE = frozenset({"offset", "distance", "within", "bearing"})
_NEVER_TELLS = frozenset({"toward", "line"})
_AREAS = frozenset({"A"})


def find_relative_places(
    text: str, toponyms: Sequence[Toponym], *, ground: Ground
) -> tuple[RelativePlace, ...]:
    """Find the places that a text tells by others.

    Parameters
    ----------
    text
        The text of the article.
    toponyms
        Its toponyms; those without a place still anchor a phrase, which then has
        no geometry.
    ground
        Gives boundaries and countries: a gazetteer.

    Returns
    -------
    tuple of RelativePlace
        In the order of the text; empty when there is none.

    Examples
    --------
    >>> from geomap.gazetteer import open_gazetteer
    >>> from geomap.records import Toponym
    >>> gazetteer = open_gazetteer()
    >>> kharkiv = Toponym(
    ...     id=0, start=14, end=21, text="Kharkiv", reading="literal", confidence=1.0,
    ...     place=gazetteer.find("Kharkiv")[0].place, reason="",
    ... )
    >>> found = find_relative_places("20 km east of Kharkiv", [kharkiv], ground=gazetteer)
    >>> [(r.text, r.relation, r.distance_km, r.bearing_deg, r.method) for r in found]
    [('20 km east of Kharkiv', 'offset', 20.0, 90.0, 'offset')]
    """
    by_id = {toponym.id: toponym for toponym in toponyms}
    return tuple(
        _relative_place(text, phrase, by_id, toponyms, ground)
        for phrase in find_phrases(text, toponyms)
    )


def _relative_place(
    text: str, phrase: Phrase, by_id: Mapping[int, Toponym], toponyms: Sequence[Toponym],
    ground: Ground,
) -> RelativePlace:  # fmt: skip
    found = [by_id[anchor] for anchor in phrase.anchors]
    places = [toponym.place for toponym in found if toponym.place is not None]
    locates = _located(text, phrase, toponyms)
    if phrase.relation == "line" and len(places) >= len(("from", "to")):
        # A road of many villages holds even when one of them is not known.
        found = [toponym for toponym in found if toponym.place is not None]
    if len(places) < len(found):
        missing = next(toponym.text for toponym in found if toponym.place is None)
        drawn, reason = None, f"“{missing}” has no place"
    else:
        drawn, reason = _drawn(phrase, tuple(places), found, by_id, toponyms, ground)
    bearings = phrase.bearings_deg
    return RelativePlace(
        start=phrase.start,
        end=phrase.end,
        text=text[phrase.start : phrase.end],
        anchors=phrase.anchors,
        relation=phrase.relation,
        distance_km=phrase.distance.km if phrase.distance else None,
        bearing_deg=bearings[0] if len(bearings) == 1 else None,
        geometry=drawn.geometry if drawn else None,
        method=drawn.method if drawn else None,
        lon=drawn.lon if drawn else None,
        lat=drawn.lat if drawn else None,
        uncertainty_km=drawn.uncertainty_km if drawn else None,
        reason=reason,
        locates=locates,
    )


def _drawn(
    phrase: Phrase, places: tuple[Place, ...], found: Sequence[Toponym],
    by_id: Mapping[int, Toponym], toponyms: Sequence[Toponym], ground: Ground,
) -> tuple[Drawn | None, str]:  # fmt: skip
    names = tuple(toponym.text for toponym in found)
    origin = by_id[phrase.origin].place if phrase.origin is not None else None
    scene = Scene(phrase, places, names, toponyms, origin, ground)
    draw = _DRAW[phrase.relation]
    if phrase.relation == "part" and is_river(places[0], names[0]):
        draw = draw_bank  # "the east side of the Dnipro"
    elif phrase.relation == "bearing" and _is_inside(scene):
        draw = draw_part  # "Aleppo, north of Syria"
    elif phrase.relation == "distance" and ground.boundary(places[0].id) is not None:
        draw = draw_border  # "50 km from Belarus" counts from its border
    drawn = draw(scene)
    if drawn is None:
        return None, f"the text says too little of where by {' and '.join(names) or 'the border'}"
    return drawn, drawn.reason


def _is_inside(scene: Scene) -> bool:
    """Tell whether "north of" a country means its north: the text names a place in it beside."""
    country = scene.places[0]
    beside = next((p for p in scene.beside() if not p.feature_code.startswith("PCL")), None)
    return (
        country.feature_code.startswith("PCL")
        and beside is not None
        and beside.country == country.country
    )


def _located(text: str, phrase: Phrase, toponyms: Sequence[Toponym]) -> int | None:
    """Give the toponym that a phrase tells the place of, or ``None``.

    In "Korosten (Zhytomyr region, north of Kyiv)" it is Korosten: what contains
    it may stand between.
    """
    before = [t for t in toponyms if t.end <= phrase.start and t.id not in phrase.anchors]
    if not before or phrase.relation in _NEVER_TELLS:
        return None
    nearest = max(before, key=lambda t: t.end)
    between = text[nearest.end : phrase.start]
    close = phrase.relation in _FROM_PLACE and _CLOSE.match(between)
    if not close and not _TELLS.match(between):
        return None
    if nearest.place is not None and nearest.place.feature_code.startswith("PCL"):
        return None
    inner = [t for t in before if t.end <= nearest.start]
    if inner and nearest.place is not None and nearest.place.feature_class in _AREAS:
        previous = max(inner, key=lambda t: t.end)
        if re.fullmatch(r",? ?\(?(?:in )?(?:the )?", text[previous.end : nearest.start]):
            return previous.id
    return nearest.id
