"""Stories: the events of articles as they are reported, each told once or several times."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from geomap.events.merge import merge_events
from geomap.maps.drawing import plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomap.events.merge import Claim, MergedEvent
    from geomap.maps.drawing import Listed
    from geomap.records import Article, ExtractedArticle, Factuality, Place

__all__ = ["STANDINGS", "Standing", "Story", "source_of", "standing_of", "stories_of"]

Standing = Literal["happened", "ahead", "denied"]
STANDINGS: tuple[Standing, ...] = ("happened", "ahead", "denied")
_STANDING_OF: Mapping[Factuality, Standing] = MappingProxyType(
    {
        "asserted": "happened",
        "claimed": "happened",
        "planned": "ahead",
        "possible": "ahead",
        "denied": "denied",
        "negated": "denied",
    }
)


@dataclass(frozen=True, slots=True)
class Story:
    """One event with all that tells it.

    Parameters
    ----------
    merged
        As :func:`geomap.merge_events` gives it.
    reports
        Its members, in the same order.
    """

    merged: MergedEvent
    reports: tuple[Listed, ...]

    @property
    def standing(self) -> Standing:
        """``"happened"`` when one report says so, else ``"ahead"`` when one expects it."""
        held = {standing_of(one.event.factuality) for one in self.reports}
        return next(one for one in STANDINGS if one in held)

    @property
    def where(self) -> str:
        """The places in the words of the first report that has some; empty without."""
        return next((where for one in self.reports if (where := one.where())), "")

    def places(self) -> dict[str, tuple[Place, int]]:
        """Give the places by identifier, each with how many of the reports name it."""
        found: dict[str, tuple[Place, int]] = {}
        for one in self.reports:
            for place in {t.place.id: t.place for _, t in one.places() if t.place}.values():
                found[place.id] = (place, found.get(place.id, (place, 0))[1] + 1)
        return found

    def told_in(self, claim: Claim) -> tuple[Listed, ...]:
        """Give the reports that make a claim."""
        wanted = {(member.article, member.event) for member in claim.members}
        return tuple(
            one for one in self.reports if (one.extracted.article.id, one.event.id) in wanted
        )


def standing_of(factuality: Factuality) -> Standing:
    """Say whether something is told as done, as to come, or as not so.

    Parameters
    ----------
    factuality
        Of a report.

    Examples
    --------
    >>> standing_of("claimed"), standing_of("negated")
    ('happened', 'denied')
    """
    return _STANDING_OF[factuality]


def source_of(article: Article) -> str:
    """Name the source of an article: its own word, else the host of its address, else its id.

    Parameters
    ----------
    article
        As read.

    Examples
    --------
    >>> from geomap.records import Article
    >>> source_of(Article(id="a", text="", url="https://www.example.org/news/1"))
    'example.org'
    """
    if article.source:
        return article.source
    try:
        host = urlsplit(article.url or "").hostname
    except ValueError:
        host = None
    return (host or "").removeprefix("www.") or article.url or article.id


def stories_of(
    extractions: Iterable[ExtractedArticle],
    merged: Sequence[MergedEvent] | None = None,
) -> tuple[Story, ...]:
    """Put the reports of articles together by the event they tell.

    Parameters
    ----------
    extractions
        The articles.
    merged
        Their merged events, where they are known already; members that are in no
        article are passed over.

    Returns
    -------
    tuple of Story
        In the order of the merged events. Every event of the articles is in one.
    """
    drawing = plan(extractions)
    known = {(one.extracted.article.id, one.event.id): one for one in drawing.events}
    groups = merge_events(drawing.extractions) if merged is None else merged
    told = []
    for group in groups:
        keys = [(member.article, member.event) for member in group.members]
        reports = tuple(known[key] for key in keys if key in known)
        if reports:
            told.append(Story(group, reports))
    return tuple(told)
