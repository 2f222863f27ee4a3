"""Merging by and by: any sequence of runs comes to what one run over the final set gives."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import event, extracted, place, toponym

from geomap.events.blocks import blocks_of
from geomap.events.merge import merge_events
from geomap.events.reports import reports_of
from geomap.records import Actor, Article, Attribution, DateRange, PlaceArgument, Trigger
from geomap.store import Store, merging, open_store, pack
from geomap.store.adding import drop_articles, mark_changed, number_names
from geomap.store.copies import find_copies
from geomap.store.kept import KeptClusters
from geomap.store.reports import block_number, dump, load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geomap.records import ExtractedArticle
    from geomap.store.packing import Packed

# Hundreds of stores are opened and closed: where there is a disk in memory, there.
QUICK = next((one for one in ("/dev/shm",) if os.access(one, os.W_OK)), None)  # noqa: S108
PLACES = (
    *(place(f"Town {i}", 34.5 + i * 0.085, 50.9) for i in range(3)),
    place("Wide", 34.9, 51.1, radius_km=30.0),
    place("Oblast", 34.6, 50.95, feature_class="A", feature_code="ADM1", radius_km=90.0),
)
SENTENCES = [f"Sentence {n} tells of shelling near village number {n * 7}. " for n in range(42)]
# The second is a near copy of the first, the third one of the second, and not of the first.
CHAIN = tuple("".join(SENTENCES[at : at + 30]) for at in (0, 6, 12))
TEXTS = (*CHAIN, "Talks went on without a result, the ministry said, and nobody expected any.")
# Two of them share a name, so that one's id hangs on whether the other is there.
ORIGINS = ("/a.txt", "/b.txt", "/b/b.txt", "/c.txt", "/d.txt", "/e.txt")


@st.composite
def _events(draw: Any) -> Any:
    start = draw(st.integers(1, 3))
    first, second = (draw(st.integers(0, len(PLACES) - 1)) for _ in range(2))
    roles = draw(st.sampled_from([("at",), ("at", "at"), ("from", "to"), ()]))
    return event(
        id="e",
        type=draw(st.sampled_from(["strike", "strike", "corridor"])),
        subtype=draw(st.sampled_from([None, None, "missile", "drone"])),
        trigger=Trigger(start=0, end=1, text="x"),
        places=tuple(
            PlaceArgument(role=role, toponym=n)
            for role, n in zip(roles, (first, second), strict=False)
        ),
        date=DateRange(
            start=dt.date(2022, 3, start),
            end=dt.date(2022, 3, draw(st.integers(start, 3))),
            precision="day",
        ),
        actors=tuple(
            Actor(text=side, role="by", side=side)
            for side in draw(st.sampled_from([(), (), ("RU",), ("UA",)]))
        ),
        factuality=draw(st.sampled_from(["asserted", "asserted", "denied"])),
        attribution=draw(st.sampled_from([None, None, Attribution(speaker="Kyiv")])),
        geometry=draw(
            st.sampled_from(
                [None, *({"type": "Point", "coordinates": [34.5, n]} for n in (50, 51))]
            )
        ),
        confidence=draw(st.sampled_from([0.3, 0.6])),
    )


@st.composite
def _packed(draw: Any) -> Packed:
    origin = draw(st.sampled_from(ORIGINS))
    day = draw(st.sampled_from([None, 1, 2]))
    article = Article(
        id=Path(origin).stem,
        text=draw(st.sampled_from(TEXTS)),
        source=draw(st.sampled_from([None, "Agency", "Paper"])),
        published=day and dt.date(2022, 3, day),
    )
    made = extracted(
        article=article,
        toponyms=tuple(toponym(i, where.name, where) for i, where in enumerate(PLACES)),
        events=tuple(draw(st.lists(_events(), max_size=2))),
    )
    return pack(made, origin=origin)


STEPS = st.one_of(
    *[_packed()] * 4,
    st.tuples(st.sampled_from(["remove", "restore"]), st.sampled_from(ORIGINS)),
    st.sampled_from(["finish", "finish", "finish", "killed before merging", "killed in merging"]),
)


def _do(store: Store, step: Any, present: dict[str, Packed], gone: dict[str, Packed]) -> None:
    """Do what runs do: what a run finds, and its end, if it comes to it."""
    if step == "finish":
        store.finish()
    elif step == "killed before merging":
        find_copies(store)
    elif step == "killed in merging":
        find_copies(store)
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(ZeroDivisionError):
            patch.setattr(merging, "_write", lambda *_, **__: 1 / 0)
            merging.bring_up_to_date(store)
    elif not isinstance(step, tuple):
        store.add(step)
        present[step.origin] = step
        gone.pop(step.origin, None)
    elif step[0] == "remove" and step[1] in present:
        with store.transaction() as base:
            drop_articles(base, "origin = ?", (step[1],))
        gone[step[1]] = present.pop(step[1])
    elif step[0] == "restore" and step[1] in gone:
        one = present[step[1]] = gone.pop(step[1])
        with store.transaction() as base:
            base.execute("UPDATE stored_articles SET kept = 1 WHERE origin = ?", (one.origin,))
            ((key,),) = base.execute(
                "SELECT article_key FROM stored_articles WHERE origin = ?", (one.origin,)
            )
            mark_changed(base, key)
            number_names(base, one.name, since=one.origin)


WRITTEN = (
    "SELECT * FROM merged_events",
    "SELECT * FROM merge_members",
    "SELECT * FROM merge_claims",
    "SELECT * FROM copies ORDER BY article_id",
    "SELECT * FROM stored_merges ORDER BY number",
    "SELECT * FROM stored_merge_claims ORDER BY number, claim",
    "SELECT * FROM stored_merge_members ORDER BY number, position",
    "SELECT * FROM stored_blocks ORDER BY block, is_head, number",
    "SELECT * FROM stored_rules",
    "SELECT * FROM stored_changes",
    # Keys of articles hang on what came first, and on nothing else.
    (
        "SELECT r.number, r.position, a.origin, r.event_number, r.report FROM stored_reports r "
        "JOIN stored_articles a USING (article_key) ORDER BY r.number, r.position"
    ),
)


def all_of(store: Store) -> dict[str, Any]:
    """Give all that merging writes: what is asked for, and what is kept for the next run."""
    found: dict[str, Any] = {sql: list(store.query(sql)) for sql in WRITTEN}
    found["merged"] = list(store.merged())
    return found


def counted_as(store: Store) -> dict[str, str]:
    articles = {one.article.id: one.article for one in store.extractions()}
    return {
        copy.article: original.source or original.url or original.id
        for copy in store.copies()
        for original in (articles[copy.copy_of],)
    }


def anew(packed: Iterable[Packed]) -> dict[str, Any]:
    """Give what one run over articles gives."""
    with tempfile.TemporaryDirectory(dir=QUICK) as folder, open_store(folder, write=True) as store:
        for one in packed:
            store.add(one)
        store.finish()
        return all_of(store)


@given(steps=st.lists(STEPS, min_size=3, max_size=14))
@settings(max_examples=60, deadline=None)
def test_any_sequence_of_runs_gives_what_one_gives(steps: list[Any]) -> None:
    present: dict[str, Packed] = {}
    gone: dict[str, Packed] = {}
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        for step in steps:
            # Each is a process of its own: nothing is remembered but what is kept.
            with open_store(folder, write=True) as store:
                _do(store, step, present, gone)
        with open_store(folder, write=True) as store:
            store.finish()
            found = all_of(store)
            assert tuple(found["merged"]) == merge_events(
                store.extractions(), counted_as=counted_as(store)
            )
        assert found == anew(present.values())


@given(made=st.lists(_events(), min_size=1, max_size=3), day=st.sampled_from([None, 1]))
@settings(max_examples=60, deadline=None)
def test_reports_come_back_as_they_were(made: list[Any], day: int | None) -> None:
    article = Article(id="a\udcff", text="x", source=None, published=day and dt.date(2022, 3, day))
    whole = extracted(
        article=article,
        toponyms=tuple(toponym(i, where.name, where) for i, where in enumerate(PLACES)),
        events=tuple(made),
    )
    for number, report in enumerate(reports_of(whole)):
        geometry = None if report.geometry is None else '{"type":"Point","coordinates":[1,2]}'
        again = load(dump(report), number=number, geometry=geometry)
        assert again == replace(report, geometry=again.geometry)
        assert (again.geometry is None) == (report.geometry is None)
        # The event that it was of may be gone.
        assert load(dump(report), number=number, geometry=None).joins == report.joins


def test_blocks_keep_their_numbers() -> None:
    # Kept in stores: who changes them raises RULES_VERSION.
    (report,) = reports_of(extracted())
    assert [block_number(block) for block in blocks_of(report)] == [
        6295364085080021826,
        6477484347683121068,
    ]


def told(name: str, where: Any, day: int = 8, **changes: Any) -> ExtractedArticle:
    article = Article(id=name, text=f"{name} " * 40, published=dt.date(2022, 3, day))
    return extracted(
        article=replace(article, **changes),
        toponyms=(toponym(0, where.name, where),),
        events=(
            event(
                type="strike",
                places=(PlaceArgument(role="at", toponym=0),),
                attribution=None,
                geometry={"type": "Point", "coordinates": [where.lon, where.lat]},
            ),
        ),
    )


def put(store: Store, *articles: ExtractedArticle) -> None:
    for one in articles:
        store.add(pack(one, origin=f"/{one.article.id}.txt"))


FAR = place("Far", 20.0, 40.0)
FIRST, NEXT, LAST = (
    told(name, where, day, text=text, source=f"{name} press")
    for name, where, day, text in zip("abc", (*PLACES[:2], FAR), (1, 2, 3), CHAIN, strict=True)
)
# Tells the event of the last one, and names the source of the first.
OTHER = told("d", FAR, 4, source="a press")


def changed(one: ExtractedArticle, **changes: Any) -> ExtractedArticle:
    return replace(one, article=replace(one.article, **changes))


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ((FIRST, NEXT, LAST), (changed(FIRST, source="Another"),), (1, 2)),
        ((FIRST, NEXT, LAST), (changed(FIRST, published=dt.date(2022, 3, 9)),), (1, 2)),
        ((FIRST, NEXT, LAST), (changed(FIRST, text=TEXTS[-1]),), (1, 2)),
        ((FIRST, NEXT, LAST), (changed(NEXT, text=TEXTS[-1]),), (1, 2)),
        ((FIRST, NEXT, LAST), (), (1, 2)),
        ((FIRST, LAST), (NEXT,), (2, 1)),
    ],
    ids=["source", "later", "other text", "link gone", "removed", "link comes"],
)
def test_a_copy_of_a_copy_counts_as_what_the_first_says(
    tmp_path: Path,
    before: tuple[ExtractedArticle, ...],
    after: tuple[ExtractedArticle, ...],
    counts: tuple[int, int],
) -> None:
    def independent() -> int:
        (found,) = (one for one in store.merged() if one.members[0].article == "c")
        return found.independent

    with open_store(tmp_path, write=True) as store:
        put(store, *before, OTHER)
        store.finish()
        assert independent() == counts[0]
        if not after:
            with store.transaction() as base:
                drop_articles(base, "name = 'a'", ())
        put(store, *after)
        store.finish()
        # Nothing that the last one says has changed; what it counts as has.
        assert independent() == counts[1]
        assert all_of(store) == anew(
            pack(one, origin=f"/{one.article.id}.txt") for one in store.extractions()
        )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the ids of articles whose kept reports are read."""
    found: list[str] = []
    read = KeptClusters._cluster

    def told_of(self: KeptClusters, number: int) -> Any:
        for report in read(self, number):
            found.append(report.key.article)
            yield report

    monkeypatch.setattr(KeptClusters, "_cluster", told_of)
    return found


def test_only_what_stands_around_is_read(tmp_path: Path, asked: list[str]) -> None:
    far = [place(f"Far {n}", 20.0 + n, 40.0) for n in range(9)]
    with open_store(tmp_path, write=True) as store:
        put(store, told("near", PLACES[0]), *(told(f"far{n}", one) for n, one in enumerate(far)))
        store.finish()
    assert asked == []
    with open_store(tmp_path, write=True) as store:
        put(store, told("late", PLACES[1], day=9))
        store.finish()
        assert asked == ["near"]
        assert sorted(len(one.members) for one in store.merged()) == [1] * 9 + [2]
        asked.clear()
        store.finish()
        assert asked == []


def test_other_rules_merge_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path, write=True) as store:
        put(store, told("a", PLACES[0]), told("b", PLACES[0]))
        store.finish()
        assert len(list(store.merged())) == 1

    def apart(*_: Any, **__: Any) -> None:
        return None

    with open_store(tmp_path, write=True) as store:
        monkeypatch.setattr("geomap.events.clusters.apart_km", apart)
        store.finish()
        assert len(list(store.merged())) == 1
        monkeypatch.setattr(merging, "RULES_VERSION", merging.RULES_VERSION + 1)
        store.finish()
        assert len(list(store.merged())) == 2


@pytest.mark.parametrize("version", [1, 2])
def test_a_store_of_a_former_schema_goes_on_as_one_of_today(tmp_path: Path, version: int) -> None:
    base = sqlite3.connect(tmp_path / "store.sqlite")
    script = Path(__file__).with_name(f"schema_{version}.sql").read_text(encoding="utf-8")
    base.executescript(script)
    sql = "SELECT merged_id FROM stored_merges ORDER BY number"
    names = [row[0] for row in base.execute(sql)] if version > 1 else []
    base.close()
    with open_store(tmp_path, write=True) as store:
        # What was merged can be read until it is merged anew.
        assert [one.id for one in store.merged()] == names
        articles = [
            pack(replace(one, article=replace(one.article, id=row["name"])), origin=row["origin"])
            for one, row in zip(
                store.extractions(),
                store.query(
                    "SELECT name, origin FROM stored_articles WHERE kept ORDER BY article_id"
                ),
                strict=True,
            )
        ]
        late = pack(told("late", PLACES[0]), origin="/late.txt")
        store.add(late)
        store.finish()
        assert set(names) <= {one.id for one in store.merged()}
        assert all_of(store) == anew([*articles, late])
