"""What a mention may stand for: look-ups, narrowed by the words of the text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.gazetteer import Gazetteer
    from geomap.records import Candidate, Place
    from geomap.toponyms.mentions import Mention

__all__ = ["candidates_for", "contains"]

# A town belongs to a city or hill named beside it when it lies within the
# container's radius and a half; representative points are not centroids.
NEAR_FACTOR = 1.5
NEAR_KM = 5.0
# Andriivka has 77 places, Springfield 60, San Antonio 1,700: the rest are as unlikely as small.
MOST_CANDIDATES = 200


def candidates_for(mention: Mention, *, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Look a mention up.

    Parameters
    ----------
    mention
        The mention; its ``lookup`` is what is searched.
    gazetteer
        Where to look.

    Returns
    -------
    tuple of Candidate
        The best first. A name that carries a region noun finds regions only,
        "the city of X" finds no region, a word for a people ("Georgian") finds
        its country. Empty for an unknown name.
    """
    found = _of_people(mention.lookup, gazetteer)
    if not found:
        found = gazetteer.find(mention.lookup, limit=MOST_CANDIDATES)
    if not found and mention.lookup != mention.text:
        found = gazetteer.find(mention.text, limit=MOST_CANDIDATES)
    if mention.settlement:
        towns = tuple(c for c in found if c.place.feature_class == "P")
        return towns or found
    return found


def _of_people(word: str, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Find the country or area of a word for its people."""
    name = _named_by_people().get(word.lower())
    if name is None:
        return ()
    country = gazetteer.country_place(name)
    return gazetteer.find(country.name if country else name, limit=MOST_CANDIDATES)


@lru_cache(maxsize=1)
def _named_by_people() -> Mapping[str, str]:
    """Give the ISO code or the name for each demonym."""
    tables = rules("demonyms")
    return {
        word: name
        for table in (tables["areas"], tables["countries"])
        for name, words in table.items()
        for word in words
    }


def contains(container: Place, place: Place, *, distance_km: float) -> bool:
    """Tell whether one place holds another.

    Parameters
    ----------
    container
        A country, a region, or a settlement or area with a radius.
    place
        The place that may lie in it.
    distance_km
        Geodesic distance of their points.

    Returns
    -------
    bool
        Countries hold by country code; regions of the first and second level
        by the place's own regions, or by radius for areas of the overlay and
        where a place's second level is not known; others by distance.
    """
    if container.id == place.id:
        return False
    code = container.feature_code
    if code.startswith("PCL"):
        return container.country == place.country
    if code == "ADM1":
        return container.country == place.country and place.admin1 == container.name
    if code == "ADM2" and place.admin2 is not None:
        regions = (container.country, container.admin1, container.name)
        return (place.country, place.admin1, place.admin2) == regions
    if container.feature_class == "P" and place.feature_class == "A":
        return False
    return distance_km <= max(container.radius_km * NEAR_FACTOR, NEAR_KM)
