from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from cluster_stubs import article
from hypothesis import given
from hypothesis import strategies as st

from geomap.cluster import batches
from geomap.cluster.batches import Batch, Keys, batches_of, key_of


@given(st.sets(st.integers(0, 2**64 - 1), max_size=40), st.sets(st.integers(0, 2**64 - 1)))
def test_keys_know_what_was_given_and_added(given_: set[int], added: set[int]) -> None:
    keys = Keys(f"{number:016x}" for number in given_)
    for number in added - given_:
        assert f"{number:016x}" not in keys
        keys.add(f"{number:016x}")
    assert all(f"{number:016x}" in keys for number in given_ | added)
    assert len(keys) == len(given_ | added)


def test_recent_keys_join_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_RECENT", 3)
    keys = Keys(["00000000000000ff"])
    for number in range(10):
        keys.add(f"{number:016x}")
    assert len(keys) == 11
    assert all(f"{number:016x}" in keys for number in (0, 9, 255))
    assert keys._sorted.dtype == np.uint64
    assert len(keys._recent) == 1


@pytest.mark.parametrize(
    "changes",
    [{"text": "x"}, {"title": "t"}, {"published": None}, {"id": "b"}, {"text": "half \ud800 pair"}],
)
def test_a_key_changes_with_the_article(changes: dict[str, str | None]) -> None:
    plain = article(1)
    assert key_of(plain) == key_of(article(1))
    assert key_of(replace(plain, **changes)) != key_of(plain)  # type: ignore[arg-type]


@given(count=st.integers(0, 30), most=st.integers(1, 9), chars=st.integers(1, 1000))
def test_batches_hold_each_article_once_in_order(count: int, most: int, chars: int) -> None:
    read = [article(number) for number in range(count)]
    cut = list(batches_of([*read, *read], done=Keys(), most_articles=most, most_chars=chars))
    assert [one for batch in cut for one in batch.articles] == read
    for batch in cut:
        assert 1 <= len(batch.articles) <= most
        assert len(batch.articles) == 1 or sum(len(a.text) for a in batch.articles) <= chars


def test_what_is_done_is_passed_over_and_nothing_is_read_ahead() -> None:
    read: list[int] = []

    def reading() -> object:
        for number in range(100):
            read.append(number)
            yield article(number)

    done = Keys(key_of(article(number)) for number in range(0, 100, 2))
    cut = batches_of(reading(), done=done, most_articles=3)  # type: ignore[arg-type]
    assert [one.id for one in next(cut).articles] == ["a1", "a3", "a5"]
    assert read[-1] == 7


def test_halves_are_the_whole() -> None:
    (whole,) = batches_of(map(article, range(5)), done=Keys(), most_articles=5)
    one, other = whole.halves()
    assert one.articles + other.articles == whole.articles
    assert one.keys + other.keys == whole.keys
    assert len({whole.digest, one.digest, other.digest}) == 3
    assert Batch(articles=(), keys=whole.keys).digest == whole.digest
