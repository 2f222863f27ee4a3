"""Reports of one event in several articles: merged, explained, reversible."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from geomap.events.merge import Member, merge_events
from geomap.records import Actor, Article, Attribution, DateRange, ExtractedArticle, PlaceArgument
from tests.samples import POLTAVA, SUMY, event, extracted, place, toponym

DAY = dt.date(2022, 3, 8)
NEAR_SUMY = place("Stetskivka", 34.85, 50.97)


def day(number: int = 8) -> DateRange:
    start = dt.date(2022, 3, number)
    return DateRange(start=start, end=start, precision="day")


def strike(article: str, where: Any = SUMY, **changes: Any) -> ExtractedArticle:
    values: dict[str, Any] = {
        "type": "strike",
        "places": (PlaceArgument(role="target", toponym=0),),
        "geometry": {"type": "Point", "coordinates": [where.lon, where.lat]},
        "geometry_method": "point",
        "date": day(),
        "actors": (),
        "attribution": None,
        "factuality": "asserted",
        "confidence": 0.5,
    }
    made = event(**{**values, **changes})
    return extracted(
        article,
        article=Article(id=article, text="", source=f"{article} press"),
        toponyms=(toponym(0, where.name, where),),
        events=(made,),
    )


def test_two_reports_become_one_event() -> None:
    (merged,) = merge_events([strike("a"), strike("b", NEAR_SUMY)])
    assert merged.members == (
        Member(article="a", event="sumy-e1"),
        Member(article="b", event="sumy-e1"),
    )
    assert merged.sources == ("a press", "b press")
    assert merged.independent == 2
    assert merged.confidence == 0.75
    assert "2 reports, 2 independent sources" in merged.reason


def test_who_quotes_the_same_speaker_counts_once() -> None:
    said = Attribution(organisation="General Staff", side="UA", verb="say")
    reports = [strike(a, attribution=said, factuality="claimed") for a in "abc"]
    (merged,) = merge_events([*reports, strike("d")])
    assert (len(merged.members), merged.independent) == (4, 2)


def test_opposing_claims_stand_side_by_side() -> None:
    yes = Attribution(organisation="city council", side="UA", verb="say")
    no = Attribution(organisation="Ministry of Defence", side="RU", verb="deny")
    (merged,) = merge_events(
        [
            strike("a", attribution=yes, factuality="claimed"),
            strike("b", attribution=no, factuality="denied"),
        ]
    )
    assert [c.factuality for c in merged.claims] == ["claimed", "denied"]
    assert merged.contested
    assert "denied in 1 of 2 claims" in merged.reason


@pytest.mark.parametrize(
    "other",
    [
        strike("b", POLTAVA),
        strike("b", date=day(9)),
        strike("b", date=None),
        strike("b", type="explosion"),
        strike("b", geometry=None, places=()),
        strike("b", subtype="drone"),
        strike("b", actors=(Actor(text="Ukraine", role="by", side="UA"),)),
    ],
    ids=["place", "day", "no date", "type", "no place", "subtype", "doer"],
)
def test_what_differs_stays_apart(other: ExtractedArticle) -> None:
    one = strike("a", subtype="missile", actors=(Actor(text="Russia", role="by", side="RU"),))
    assert len(merge_events([one, other])) == 2


def test_a_route_needs_both_ends() -> None:
    other = extracted("poltava", events=(event(places=(PlaceArgument(role="from", toponym=1),)),))
    assert len(merge_events([extracted("a"), extracted("b")])) == 1
    assert len(merge_events([extracted("a"), other])) == 2


def test_nothing_is_lost_and_nothing_is_changed() -> None:
    reports = [strike("a"), strike("b"), strike("c", POLTAVA), extracted("d")]
    merged = merge_events(reports)
    members = [(m.article, m.event) for one in merged for m in one.members]
    assert sorted(members) == sorted((r.article.id, e.id) for r in reports for e in r.events)
    assert merge_events(reports) == merged


def test_across_the_antimeridian() -> None:
    west, east = place("West", -179.99, -17.0), place("East", 179.99, -17.0)
    assert len(merge_events([strike("a", west), strike("b", east)])) == 1


def test_work_grows_with_the_number_of_events() -> None:
    def seconds(count: int) -> float:
        reports = [
            strike(
                f"a{i}", place(f"p{i % 997}", (i * 7 % 3000) / 10 - 150, (i * 3 % 1200) / 10 - 60)
            )
            for i in range(count)
        ]
        start = time.process_time()
        merge_events(reports)
        return time.process_time() - start

    # Processor time and the best of three: a busy machine slows one run, not all.
    small, large = (min(seconds(count) for _ in range(3)) for count in (600, 2_400))
    assert large < 12 * max(small, 0.02)
