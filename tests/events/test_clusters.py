"""Clusters: the same for any order of arrival, kept up to date as articles come and go."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.events.blocks import apart_km, blocks_around, blocks_of
from geomap.events.clusters import Clusters
from geomap.events.merge import merge_events, merged_from
from geomap.events.reports import reports_of
from geomap.records import (
    Actor,
    Article,
    DateRange,
    ExtractedArticle,
    PlaceArgument,
    Trigger,
)
from tests.samples import event, extracted, place, toponym

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from geomap.events.blocks import Block
    from geomap.events.reports import Key, Report

# A row of towns 6 km apart, each within the tolerance of its neighbours only, one wide place
# that reaches further, an area, and two sides of the antimeridian.
PLACES = (
    *(place(f"Town {i}", 34.5 + i * 0.085, 50.9) for i in range(4)),
    place("Wide", 34.9, 51.1, radius_km=30.0),
    place("Oblast", 34.6, 50.95, feature_class="A", feature_code="ADM1", radius_km=90.0),
    place("West", -179.98, 50.9),
    place("East", 179.99, 50.9),
)


@st.composite
def _events(draw: Any) -> Any:
    start = draw(st.integers(1, 4))
    end = draw(st.integers(start, 5))
    roles = draw(st.sampled_from([("at",), ("at", "at"), ("from", "to")]))
    named = draw(st.lists(st.sampled_from(range(len(PLACES))), min_size=2, max_size=2))
    word = draw(st.integers(0, 1))
    return event(
        id="e",
        type=draw(st.sampled_from(["strike", "corridor"])),
        subtype=draw(st.sampled_from([None, None, "missile", "drone"])),
        trigger=Trigger(start=word, end=word + 1, text="x"),
        places=tuple(
            PlaceArgument(role=role, toponym=n) for role, n in zip(roles, named, strict=False)
        ),
        date=DateRange(
            start=dt.date(2022, 3, start), end=dt.date(2022, 3, end), precision="day"
        ),
        actors=tuple(
            Actor(text=side, role="by", side=side)
            for side in draw(st.sampled_from([(), ("RU",), ("UA",), ("RU", "UA")]))
        ),
        factuality=draw(st.sampled_from(["asserted", "asserted", "denied"])),
        attribution=None,
        confidence=draw(st.sampled_from([0.3, 0.6])),
    )  # fmt: skip


@st.composite
def _articles(draw: Any) -> list[ExtractedArticle]:
    days = draw(st.lists(st.sampled_from([None, 1, 2, 3]), min_size=1, max_size=9))
    return [
        extracted(
            f"a{number}",
            article=Article(
                id=f"a{number}",
                text="",
                source=f"paper {number}",
                published=None if day is None else dt.date(2022, 3, day),
            ),
            toponyms=tuple(toponym(i, where.name, where) for i, where in enumerate(PLACES)),
            events=tuple(draw(st.lists(_events(), max_size=3))),
        )
        for number, day in enumerate(days)
    ]


@given(articles=_articles(), seed=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_the_order_of_arrival_does_not_matter(
    articles: list[ExtractedArticle], seed: int
) -> None:  # fmt: skip
    whole = merge_events(articles)
    shuffled = list(articles)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    assert merge_events(shuffled) == whole
    one_by_one = Clusters()
    for article in shuffled:
        one_by_one.add(reports_of(article))
    assert merged_from(one_by_one) == whole


@given(articles=_articles(), seed=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_what_comes_and_goes_leaves_no_trace(articles: list[ExtractedArticle], seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    clusters = Clusters(r for a in articles for r in reports_of(a))
    present = dict.fromkeys(range(len(articles)))
    for _ in range(2 * len(articles)):
        number = draw.randrange(len(articles))
        if number in present:
            clusters.discard([articles[number].article.id])
            del present[number]
        else:
            clusters.add(reports_of(articles[number]))
            present[number] = None
    expected = merge_events(articles[number] for number in present)
    assert merged_from(clusters) == expected
    clusters.discard([article.article.id for article in articles])
    assert len(clusters) == 0
    # Nothing is held either.
    assert not any((clusters._reports, clusters._standing, clusters._heads, clusters._of_article))


class Shelf:
    """Clusters kept between runs, and which of them a run has asked for."""

    def __init__(self, clusters: Iterable[tuple[Report, ...]] = ()) -> None:
        self.clusters = {cluster[0].key: cluster for cluster in clusters}
        self.given: set[Key] = set()

    def with_head_in(self, block: Block) -> Iterator[tuple[Report, ...]]:
        return self._those(
            lambda report: report.key in self.clusters and block in blocks_of(report)
        )

    def in_block(self, block: Block) -> Iterator[tuple[Report, ...]]:
        return self._those(lambda report: block in blocks_of(report))

    def of_article(self, article: str) -> Iterator[tuple[Report, ...]]:
        return self._those(lambda report: report.key.article == article)

    def _those(self, wanted: Callable[[Report], bool]) -> Iterator[tuple[Report, ...]]:
        for first, cluster in self.clusters.items():
            if first not in self.given and any(map(wanted, cluster)):
                self.given.add(first)
                yield cluster

    def after(self, gone: Iterable[str], come: Iterable[Report]) -> Shelf:
        """Give what is kept after a run in which articles went and reports came."""
        clusters = Clusters(kept=self)
        clusters.discard(gone)
        clusters.add(come)
        left = [one for first, one in self.clusters.items() if first not in self.given]
        return Shelf([*left, *clusters])


@given(articles=_articles(), seed=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_what_is_kept_and_looked_into_here_and_there_is_what_all_would_give(
    articles: list[ExtractedArticle], seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secret
    shelf, present = Shelf(), set[int]()
    for _ in range(2 * len(articles)):
        chosen = set(draw.sample(range(len(articles)), draw.randint(1, min(3, len(articles)))))
        gone, come = chosen & present, chosen - present
        shelf = shelf.after(
            [articles[number].article.id for number in sorted(gone)],
            [report for number in come for report in reports_of(articles[number])],
        )
        present = (present - gone) | come
        expected = merge_events(articles[number] for number in present)
        assert merged_from(shelf.clusters[key] for key in sorted(shelf.clusters)) == expected


def test_what_stands_far_off_is_not_looked_into() -> None:
    here, far = _report(0, PLACES[0]), _report(1, place("Far", 20.0, 40.0))
    shelf = Shelf([(here,), (far,)])
    after = shelf.after([], [_report(2, PLACES[0])])
    assert shelf.given == {here.key}
    assert sorted(map(len, after.clusters.values())) == [1, 2]


@given(articles=_articles())
@settings(max_examples=50, deadline=None)
def test_every_event_is_a_member_of_one(articles: list[ExtractedArticle]) -> None:
    merged = merge_events(articles)
    members = [(m.article, m.event) for one in merged for m in one.members]
    assert sorted(members) == sorted((a.article.id, e.id) for a in articles for e in a.events)
    assert len({one.id for one in merged}) == len(merged)


@given(
    lat=st.floats(-89.9, 89.9),
    lon=st.floats(-180, 180),
    north=st.floats(-0.4, 0.4),
    east=st.floats(-180, 180),
    radii=st.tuples(*[st.sampled_from([1.0, 9.0, 10.0, 11.0, 40.0, 90.0])] * 2),
)
@settings(max_examples=300, deadline=None)
def test_no_pair_that_may_be_one_is_in_different_blocks(
    lat: float, lon: float, north: float, east: float, radii: tuple[float, float]
) -> None:
    # Half of the tries are scaled to lie near: degrees of longitude are short near the poles.
    other = (
        (lon + east * min(1.0, 0.002 / max(0.001, 1 - abs(lat) / 90)) + 180) % 360 - 180,
        max(-90.0, min(90.0, lat + north)),
    )
    spots = (place("a", lon, lat, radius_km=radii[0]), place("b", *other, radius_km=radii[1]))
    first, second = (_report(number, where) for number, where in enumerate(spots))
    if apart_km(first, second) is not None:
        assert set(blocks_of(second)) & set(blocks_around(first))
        assert set(blocks_of(first)) & set(blocks_around(second))


def _report(number: int, *places: Any, **changes: Any) -> Any:
    made = event(
        places=tuple(PlaceArgument(role="at", toponym=i) for i in range(len(places))),
        attribution=None,
        **changes,
    )
    article = extracted(
        f"a{number}",
        toponyms=tuple(toponym(i, where.name, where) for i, where in enumerate(places)),
        events=(made,),
    )
    return reports_of(article)[0]


def test_the_second_place_of_a_report_counts_too() -> None:
    far = place("Far", 20.0, 40.0)
    one, other = _report(0, PLACES[0], far), _report(1, far)
    assert len(Clusters([one, other])) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_earlier_report_takes_the_later_ones_to_it(order: tuple[int, ...]) -> None:
    # 6 km apart: the outer two meet in the middle one, which came first in the paper.
    middle, west, east = _report(0, PLACES[1]), _report(1, PLACES[0]), _report(2, PLACES[2])
    clusters = Clusters()
    for number in order:
        clusters.add([(middle, west, east)[number]])
    assert [len(cluster) for cluster in clusters] == [3]


def test_copies_count_as_one_source() -> None:
    articles = [
        extracted(name, article=Article(id=name, text="", source=f"{name} press"), events=(made,))
        for name in "abc"
        for made in (event(attribution=None),)
    ]
    (merged,) = merge_events(articles, counted_as={"b": "a press"})
    assert (merged.independent, len(merged.members)) == (2, 3)
    assert merged.sources == ("a press", "b press", "c press")
    assert merged.confidence == 0.96


def test_two_articles_of_one_id_stay_two() -> None:
    articles = [
        extracted("a", article=Article(id="a", text=text, source=text)) for text in ("one", "two")
    ]
    (merged,) = merge_events(articles)
    assert len(merged.members) == 2
    assert merge_events(reversed(articles)) == (merged,)


def test_a_report_again_changes_nothing_and_a_new_one_replaces_it() -> None:
    report, other = _report(0, PLACES[0]), _report(1, PLACES[0])
    clusters = Clusters([report, other])
    clusters.add([report])
    assert [len(cluster) for cluster in clusters] == [2]
    clusters.add([_report(0, PLACES[0], type="strike")])
    assert [len(cluster) for cluster in clusters] == [1, 1]


def test_reports_travel_between_processes() -> None:
    report = _report(0, PLACES[0])
    again = pickle.loads(pickle.dumps(report))  # noqa: S301 - made here
    assert again == report


def test_articles_without_events_are_of_no_account() -> None:
    clusters = Clusters(reports_of(extracted("a", events=())))
    clusters.discard(["a", "never seen"])
    assert list(clusters) == []
