"""Articles that tell one event in several ways, for tests of the report."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from samples import PROVENANCE, event, place, toponym

from geomap.geometry import point
from geomap.records import (
    Article,
    Attribution,
    Candidate,
    DateRange,
    ExtractedArticle,
    PlaceArgument,
    Sentence,
    Trigger,
)

if TYPE_CHECKING:
    from geomap.records import Factuality

__all__ = ["KYIV", "lost", "told", "war"]

KYIV = place("Kyiv", 30.52, 50.45, admin1="Kyiv City")
LVIV = place("Lviv", 24.03, 49.84, admin1="Lviv Oblast")
KYIV_OBLAST = place("Kyiv Oblast", 30.5, 50.3, feature_class="A", feature_code="ADM1")


def day(number: int, *, last: int | None = None) -> DateRange:
    start, end = dt.date(2022, 3, number), dt.date(2022, 3, last or number)
    return DateRange(start=start, end=end, precision="day", text=None)


def told(
    article: str,
    source: str,
    *,
    factuality: Factuality = "claimed",
    by: str | None = "the mayor",
    where: Any = KYIV,
    date: DateRange | None = None,
    **changes: Any,
) -> ExtractedArticle:
    """Give an article with one strike."""
    text = f"Missiles hit {where.name if where else 'Nowhere'} in the morning. It was loud."
    end = text.index(".") + 1
    name = toponym(0, where.name if where else "Nowhere", where, start=13, end=end - 16)
    attack = event(
        id="e0", type="strike", trigger=Trigger(start=9, end=12, text="hit"), actors=(),
        sentence=Sentence(start=0, end=end, text=text[:end]), factuality=factuality,
        attribution=Attribution(speaker=by, verb="said") if by else None,
        places=(PlaceArgument(role="at", toponym=0),), date=date or day(3),
        geometry=point(where.lon, where.lat) if where else None, geometry_method="point", **changes,
    )  # fmt: skip
    return ExtractedArticle(
        article=Article(id=article, text=text, source=source, published=dt.date(2022, 3, 4),
                        url=f"https://{article}.example.org/", language="en"),
        toponyms=(name,), events=(attack,), provenance=PROVENANCE,
    )  # fmt: skip


def war() -> list[ExtractedArticle]:
    """Give a strike on Kyiv that three tell and a fourth denies, and two other events."""
    return [
        told("a", "The Paper"),
        told("b", "The Post", by="the General Staff"),
        told("c", "The Times", by="the General Staff"),
        told("d", "The Wire", by="the ministry", factuality="denied"),
        told("e", "The Paper", where=LVIV, factuality="planned", date=day(8)),
        told("f", "The Paper", where=None, factuality="negated", by=None, date=day(5, last=9)),
    ]


def lost(text: str, name: str, *, article: str = "x", candidates: int = 0) -> ExtractedArticle:
    """Give an article with a name that has no place, but candidates."""
    start = text.index(name)
    found = tuple(
        Candidate(
            place=replace(KYIV, id=f"geonames:{number}", name=f"Place, “{number}”"),
            score=0.5 - number / 10, match="exact", reason="its name",
        )
        for number in range(candidates)
    )  # fmt: skip
    names = (
        toponym(0, name, None, start=start, end=start + len(name), candidates=found,
                reason="no place of that name is known"),
        toponym(1, name, None, start=start, end=start + len(name), reading="metonymic"),
    )  # fmt: skip
    return ExtractedArticle(
        article=Article(id=article, text=text, language="en"),
        toponyms=names, events=(), provenance=PROVENANCE,
    )  # fmt: skip
