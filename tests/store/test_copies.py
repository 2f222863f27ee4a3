from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from samples import extracted

from geomap.events.merge import merge_events
from geomap.store import Store, open_store, pack
from geomap.store.minhash import bands, minhash, similarity

if TYPE_CHECKING:
    from pathlib import Path

    from geomap.records import ExtractedArticle

BODY = " ".join(f"Sentence {n} tells of shelling near village number {n * 7}." for n in range(30))
OTHER = " ".join(f"Report {n} of talks in town {n * 3}, which led to nothing." for n in range(30))


def told(name: str, text: str, **changes: Any) -> ExtractedArticle:
    article = dataclasses.replace(extracted(name).article, text=text, **changes)
    return extracted(article=article)


def put(store: Store, *articles: ExtractedArticle) -> None:
    for one in articles:
        store.add(pack(one, origin=f"/news/{one.article.id}.txt"))


def found(store: Store) -> dict[str, tuple[str, str]]:
    return {copy.article: (copy.copy_of, copy.kind) for copy in store.copies()}


FIRST = told("first", BODY, source="Agency", published=dt.date(2022, 3, 1))
NEAR = told("near", BODY + " Reprinted.", source="Paper", published=dt.date(2022, 3, 2))
EXACT = told("exact", BODY, source="Site", published=dt.date(2022, 3, 3))
NEARER = told("nearer", BODY + " Reprinted. All rights.", published=None)
UNLIKE = told("unlike", OTHER, source="Rival", published=dt.date(2022, 3, 1))
ALL = (FIRST, NEAR, EXACT, NEARER, UNLIKE)
EXPECTED = {
    "near": ("first", "near"),
    "exact": ("first", "exact"),
    "nearer": ("first", "near"),
}


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::7])
@pytest.mark.parametrize("at_once", [True, False])
def test_copies_do_not_hang_on_the_order(
    tmp_path: Path, order: tuple[int, ...], *, at_once: bool
) -> None:
    with open_store(tmp_path, write=True) as store:
        for place in order:
            put(store, ALL[place])
            if not at_once:
                store.finish()
        store.finish()
        assert found(store) == EXPECTED


def test_copies_of_what_was_removed_find_another_original(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True) as store:
        put(store, *ALL)
        store.finish()
        put(
            store,
            dataclasses.replace(FIRST, article=dataclasses.replace(FIRST.article, text=OTHER)),
        )
        store.finish()
        # Of the same day, and "first" comes before "unlike".
        assert found(store) == {
            "exact": ("near", "near"),
            "nearer": ("near", "near"),
            "unlike": ("first", "exact"),
        }


def short(one: ExtractedArticle) -> ExtractedArticle:
    return dataclasses.replace(one, toponyms=(), events=())


def test_short_texts_are_copies_only_when_equal(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True) as store:
        put(store, *(short(one) for one in (told("a", "Photo: Reuters"), told("b", "Photo: AP"))))
        put(store, short(told("c", "Photo: Reuters")))
        store.finish()
        assert found(store) == {"c": ("a", "exact")}


def test_copies_count_as_one_source_in_merged_events(tmp_path: Path) -> None:
    plain = dataclasses.replace(extracted().events[0], attribution=None, factuality="asserted")
    articles = [dataclasses.replace(one, events=(plain,)) for one in ALL]
    with open_store(tmp_path, write=True) as store:
        put(store, *articles)
        store.finish()
        (merged,) = store.merged()
        rows = list(store.query("SELECT independent, reports, sources FROM merged_events"))
    assert len(merge_events(articles)[0].sources) == 5
    assert merged.independent == 2
    assert [(row["independent"], row["reports"]) for row in rows] == [(2, 5)]


def test_merges_are_those_of_the_articles(tmp_path: Path) -> None:
    with open_store(tmp_path, write=True) as store:
        put(store, told("a", BODY), told("b", OTHER), told("c", BODY[::-1], published=None))
        store.finish()
        assert tuple(store.merged()) == merge_events(store.extractions())
        put(store, told("b", OTHER[::-1]))
        put(store, dataclasses.replace(told("a", BODY), events=()))
        store.finish()
        again = tuple(store.merged())
        assert again == merge_events(store.extractions())
        store.finish()
        assert tuple(store.merged()) == again
    with open_store(tmp_path, write=True) as store:
        put(store, told("d", OTHER + " And more.", source="Paper"))
        store.finish()
        assert tuple(store.merged()) == merge_events(store.extractions())


def test_similarity_is_the_share_of_word_sequences() -> None:
    words = [f"w{n}" for n in range(400)]
    whole, half = " ".join(words), " ".join(words[:200])
    assert similarity(minhash(whole), minhash(whole.upper())) == 1
    # 196 of 396 sequences are shared; the estimate is off by .044 (one standard error).
    assert similarity(minhash(whole), minhash(half)) == pytest.approx(0.495, abs=0.13)
    assert similarity(minhash(whole), b"") == 0


def test_bands_are_shared_by_similar_texts_only() -> None:
    one, near, other = (set(bands(minhash(text))) for text in (BODY, BODY + " End.", OTHER))
    assert len(one) == 42
    assert one & near
    assert not one & other
    assert bands(b"") == []


def test_signatures_are_those_that_stores_hold() -> None:
    # Kept in stores: another release of the library that gives others must be noticed.
    assert minhash(BODY)[:12].hex() == "d678ab6222ac86047b5c5116"
