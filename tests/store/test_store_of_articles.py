from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import signal
import sqlite3
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import event, extracted

from geomap.contract import to_line
from geomap.errors import StoreError
from geomap.records import Failure
from geomap.selection import Selection, select_events
from geomap.store import Store, open_store, pack, where
from geomap.store.adding import drop_articles
from geomap.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geomap.records import ExtractedArticle


def filled(folder: Path, articles: Iterable[ExtractedArticle]) -> list[str]:
    with open_store(folder, write=True) as store:
        for one in articles:
            store.add(pack(one, origin=f"/news/{one.article.id}.txt"))
    return lines(folder)


def lines(folder: Path, selection: Selection | None = None) -> list[str]:
    with open_store(folder) as store:
        return [to_line(one) for one in store.extractions(selection)]


def told(number: int, **changes: Any) -> ExtractedArticle:
    return extracted(f"a{number}", events=(event(**changes), event(id="e2", type="talks")))


def test_what_is_added_comes_back_to_the_byte(tmp_path: Path) -> None:
    articles = [told(number) for number in range(5)]
    assert filled(tmp_path, articles) == [to_line(one) for one in articles]


def test_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    articles = [told(number) for number in range(6)]
    shuffled = [articles[place] for place in (3, 0, 5, 1, 4, 2)]
    assert filled(tmp_path / "a", articles) == filled(tmp_path / "b", shuffled)


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_articles_of_one_name_are_numbered_by_their_origins(tmp_path: Path, order: str) -> None:
    with open_store(tmp_path, write=True) as store:
        for folder in order:
            store.add(pack(extracted("x"), origin=f"/{folder}/x.txt"))
        found = [
            (row["origin"], row["article_id"]) for row in store.query("SELECT * FROM articles")
        ]
    assert sorted(found) == [("/a/x.txt", "x"), ("/b/x.txt", "x-2"), ("/c/x.txt", "x-3")]


@given(
    st.lists(st.tuples(st.sampled_from(["add", "drop"]), st.integers(0, 5)), max_size=12),
    st.sets(st.integers(0, 5), max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_names_are_numbered_whatever_comes_and_goes(
    steps: list[tuple[str, int]], gone: set[int]
) -> None:
    kept: set[str] = set()
    with tempfile.TemporaryDirectory() as folder, open_store(folder, write=True) as store:
        for what, number in steps:
            origin = f"/{number}/x.txt"
            if what == "add":
                store.add(pack(extracted("x"), origin=origin))
                kept.add(origin)
            else:
                with store.transaction() as base:
                    drop_articles(base, "origin = ?", (origin,))
                kept.discard(origin)
        # Several at once.
        with store.transaction() as base:
            away = [f"/{number}/x.txt" for number in sorted(gone)]
            marks = ", ".join("?" * len(away))
            drop_articles(base, f"origin IN ({marks})", tuple(away))
        found = {row["origin"]: row["article_id"] for row in store.query("SELECT * FROM articles")}
    left = sorted(kept - set(away))
    assert found == {one: "x" if n == 1 else f"x-{n}" for n, one in enumerate(left, start=1)}


def test_the_thousandth_copy_costs_what_the_first_does(tmp_path: Path) -> None:
    packed = pack(extracted("x"), origin="/0/x.txt")
    steps: list[int] = []
    with open_store(tmp_path, write=True) as store:
        for number in range(400):
            steps.append(0)

            def count() -> None:
                steps[-1] += 1

            store.base.set_progress_handler(count, 10)
            store.add(dataclasses.replace(packed, origin=f"/{number:04}/x.txt"))
        # Done again, from the first on, as for a new version.
        again = len(steps)
        for number in range(400):
            steps.append(0)
            store.add(dataclasses.replace(packed, origin=f"/{number:04}/x.txt"))
    for start in (0, again):
        assert sum(steps[start + 300 : start + 400]) < 1.5 * sum(steps[start + 50 : start + 150])


def test_adding_again_changes_nothing(tmp_path: Path) -> None:
    once = filled(tmp_path, [told(1), told(2)])
    assert filled(tmp_path, [told(2), told(1)]) == once
    with open_store(tmp_path) as store:
        assert (store.counts().articles, store.counts().events) == (2, 4)
        assert store.counts().toponyms == 6


def test_adding_anew_replaces_all_parts(tmp_path: Path) -> None:
    filled(tmp_path, [told(1)])
    after = filled(tmp_path, [extracted("a1", events=(), toponyms=())])
    assert after == [to_line(extracted("a1", events=(), toponyms=()))]
    with open_store(tmp_path) as store:
        assert [*store.query("SELECT * FROM events"), *store.query("SELECT * FROM toponyms")] == []
        assert list(store.query("SELECT * FROM event_actors")) == []


SELECTIONS = [
    Selection(types=frozenset({"talks"})),
    Selection(types=frozenset({"corridor", "strike"}), factuality=frozenset({"claimed"})),
    Selection(min_confidence=0.9),
    Selection(since=dt.date(2022, 3, 8)),
    Selection(until=dt.date(2022, 3, 7)),
    Selection(since=dt.date(2022, 3, 1), until=dt.date(2022, 3, 31)),
    Selection(bbox=(34.6, 50, 40, 60)),
    Selection(bbox=(-10, 0, 0, 10)),
    Selection(bbox=(170, 0, -170, 89)),
    Selection(bbox=(34.7, 0, -170, 89)),
]


@pytest.mark.parametrize("selection", SELECTIONS)
def test_selection_means_the_same_as_on_files(tmp_path: Path, selection: Selection) -> None:
    point = {"type": "Point", "coordinates": [-175.2, -21.1]}
    articles = [
        told(1),
        told(2, confidence=0.95, geometry=point),
        told(3, date=None, geometry=None, geometry_method=None),
        told(4, type="strike", factuality="denied"),
    ]
    filled(tmp_path, articles)
    expected = [to_line(one) for one in select_events(articles, selection) if one.events]
    assert lines(tmp_path, selection) == expected


def test_a_selection_that_asks_nothing_keeps_articles_without_events(tmp_path: Path) -> None:
    filled(tmp_path, [extracted("a", events=())])
    assert len(lines(tmp_path, Selection())) == 1
    assert where(Selection()) == ("1", [])


@settings(max_examples=15, deadline=None)
@given(text=st.text(min_size=1, max_size=200))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    article = dataclasses.replace(extracted().article, text=text)
    one = extracted(article=article, toponyms=(), events=())
    assert filled(tmp_path_factory.mktemp("store"), [one]) == [to_line(one)]


def test_half_a_surrogate_pair_comes_back(tmp_path: Path) -> None:
    article = dataclasses.replace(extracted().article, text="x \ud83d y")
    one = extracted(article=article, toponyms=(), events=())
    assert filled(tmp_path, [one]) == [to_line(one)]


def test_failures_are_listed_and_forgotten_when_the_article_is_read(tmp_path: Path) -> None:
    failure = Failure(origin="/news/a1.txt", stage="extract", reason="no", hint="leave it", id="a1")
    with open_store(tmp_path, write=True) as store:
        store.fail(failure)
        store.fail(failure)
        assert list(store.failures()) == [failure]
        store.add(pack(told(1), origin="/news/a1.txt"))
        assert list(store.failures()) == []


def test_views_agree_with_the_record(tmp_path: Path) -> None:
    filled(tmp_path, [told(1, weapon="shell", counts={"killed": 3})])
    with open_store(tmp_path) as store:
        row = next(store.query("SELECT * FROM events WHERE type = 'corridor'"))
        places = list(
            store.query("SELECT name, role FROM event_places ORDER BY event_id, position")
        )
        claims = list(store.query("SELECT event_id, speaker FROM claims ORDER BY 1"))
        nil = list(store.query("SELECT text, reason FROM toponyms WHERE place_id IS NULL"))
    one = told(1).events[0]
    assert (row["event_id"], row["sentence"]) == ("a1/sumy-e1", one.sentence.text)
    assert (row["west"], row["north"], row["killed"]) == (34.55, 50.9, 3)
    assert (row["weapon"], row["country"]) == ("shell", "UA")
    assert {(p["name"], p["role"]) for p in places} == {("Sumy", "from"), ("Poltava", "to")}
    assert claims == [
        {"event_id": "a1/e2", "speaker": "Kyiv"},
        {"event_id": "a1/sumy-e1", "speaker": "Kyiv"},
    ]
    assert nil == [{"text": "Kyiv", "reason": "a government"}]


def test_a_second_writer_is_refused_and_readers_are_not(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True) as store:
        store.add(pack(told(1), origin="/a"))
        with pytest.raises(StoreError, match="another process writes into this store"):
            open_store(tmp_path, write=True)
        assert len(lines(tmp_path)) == 1
    open_store(tmp_path, write=True).close()


KILLED = """
import os, signal, sys
sys.path.insert(0, "tests")
from samples import extracted
from geomap.store import open_store, pack
store = open_store(sys.argv[1], write=True)
store.add(pack(extracted("kept"), origin="/kept"))
store.base.execute("BEGIN")
store.base.execute("DELETE FROM stored_articles")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_the_store_to_the_next(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert run.returncode == -signal.SIGKILL
    with open_store(tmp_path, write=True) as store:
        assert [one.article.id for one in store.extractions()] == ["kept"]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    filled(tmp_path, [told(1)])
    with open_store(tmp_path) as store:
        with pytest.raises(StoreError, match="opened to be read"):
            store.add(pack(told(2), origin="/b"))
        with pytest.raises(StoreError, match="readonly"):
            list(store.query("DELETE FROM stored_articles"))


def test_sql_that_is_not_understood(tmp_path: Path) -> None:
    filled(tmp_path, [])
    with open_store(tmp_path) as store, pytest.raises(StoreError, match="no such table: nowhere"):
        list(store.query("SELECT * FROM nowhere"))


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store; expected a folder that geomap batch"):
        open_store(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("content", [b"not a database, though long enough to be looked at", b""])
def test_a_file_that_is_no_store(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "store.sqlite").write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged or no store|has schema 0"):
        open_store(tmp_path)


def test_a_database_of_others_is_left_alone(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "store.sqlite")
    base.execute("CREATE TABLE theirs (x)")
    base.commit()
    base.close()
    before = (tmp_path / "store.sqlite").read_bytes()
    with pytest.raises(StoreError, match="no store of geomap's"):
        open_store(tmp_path, write=True)
    assert (tmp_path / "store.sqlite").read_bytes() == before


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, [told(1)])
    base = sqlite3.connect(tmp_path / "store.sqlite")
    base.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    base.close()
    for write in (False, True):
        with pytest.raises(StoreError, match="expected at most"):
            open_store(tmp_path, write=write)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("x")
    with pytest.raises(StoreError, match="cannot write here"):
        open_store(tmp_path / "store", write=True)


def test_a_failed_change_is_taken_back(tmp_path: Path) -> None:
    def broken(store: Store) -> None:
        with store.transaction() as base:
            base.execute("DELETE FROM stored_articles")
            raise KeyboardInterrupt

    filled(tmp_path, [told(1)])
    with open_store(tmp_path, write=True) as store:
        with pytest.raises(KeyboardInterrupt):
            broken(store)
        assert store.counts().articles == 1
