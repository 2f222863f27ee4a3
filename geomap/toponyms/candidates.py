"""What a mention may stand for: look-ups, narrowed by the words of the text."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geomap.gazetteer.candidates import stem_of
from geomap.gazetteer.normalise import key
from geomap.lexicons import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geomap.gazetteer import Gazetteer
    from geomap.records import Candidate, Place
    from geomap.toponyms.mentions import Mention

__all__ = ["candidates_for", "contains", "with_remembered_regions"]

# A town belongs to a city or hill named beside it when it lies within the
# container's radius and a half; representative points are not centroids.
NEAR_FACTOR = 1.5
NEAR_KM = 5.0
# Andriivka has 77 places, Springfield 60, San Antonio 1,700: the rest are as unlikely as small.
MOST_CANDIDATES = 200
# A region called by the bare name of its seat ranks as the gazetteer's own stems do.
REMEMBERED_SHARE = 0.9
MOST_REMEMBERED = 30
# First-level regions are in the gazetteer under their bare names already.
DISTRICTS = frozenset({"ADM2", "ADM3"})


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


def with_remembered_regions(
    candidates: Mapping[str, tuple[Candidate, ...]],
) -> dict[str, tuple[Candidate, ...]]:
    """Let a bare name stand for the region that the text names in full elsewhere.

    Parameters
    ----------
    candidates
        What was found for each name of one article.

    Returns
    -------
    dict
        "DeKalb" gets the candidates of "DeKalb County" too, where both occur,
        as the name of its seat and below the county itself.
    """
    stems = {name: stem_of(key(name)) for name in candidates}
    bare = {key(name): name for name, stem in stems.items() if not stem}
    result = dict(candidates)
    for name, stem in stems.items():
        short = bare.get(stem) if stem else None
        if short is None:
            continue
        known = {c.place.id for c in result[short]}
        regions = [c for c in candidates[name] if c.place.feature_code in DISTRICTS]
        result[short] = (
            *result[short],
            *(
                replace(
                    c,
                    match="stem",
                    score=round(c.score * REMEMBERED_SHARE, 4),
                    reason=f"“{short}” is “{name}”, which the text names: {c.reason}",
                )
                for c in regions[:MOST_REMEMBERED]
                if c.place.id not in known
            ),
        )
    return result


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
