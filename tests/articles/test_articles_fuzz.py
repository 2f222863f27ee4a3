"""Random and mutated documents: each reader gives articles or failures, in bounded time."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from document_builders import SAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.articles import read_sources
from geomap.articles.dispatch import READERS
from geomap.articles.ids import safe_id
from geomap.articles.kinds import kind_of
from geomap.articles.pages import fragment_text
from geomap.limits import ReadingLimits
from geomap.records import Article, Failure
from geomap.settings import Settings

# More by hand: GEOMAP_FUZZ=5000 pytest tests/articles/test_articles_fuzz.py
EXAMPLES = int(os.environ.get("GEOMAP_FUZZ", "25"))
LONGEST_S = 10.0
LIMITS = Settings(
    max_article_chars=100_000,
    reading=ReadingLimits(max_unpacked_bytes=20_000_000, max_members=1000, max_seconds=5),
)
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="GEOMAP_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)


def check(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        started = time.monotonic()
        items = list(read_sources(path, settings=LIMITS))
        assert time.monotonic() - started < LONGEST_S
        assert [one.name for one in Path(folder).iterdir()] == [name]
    for item in items:
        assert isinstance(item, Article | Failure)
        assert (item.origin or "").startswith(str(path))
        assert item.id is None or Path(item.id).name == item.id
        if isinstance(item, Failure):
            assert "\n" not in item.message
            assert item.message.isprintable()
            assert item.hint
        else:
            item.text.encode()


# A piece of the document is overwritten, cut out, doubled, or numbers in it are made great.
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["overwrite", "cut", "double", "great"]),
        st.floats(0, 1),
        st.integers(1, 60),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def mutated(data: bytes, edits: list[tuple[str, float, int, bytes]]) -> bytes:
    for kind, where, size, new in edits:
        at = int(where * len(data))
        if kind == "overwrite":
            data = data[:at] + new + data[at + len(new) :]
        elif kind == "cut":
            data = data[:at] + data[at + size :]
        elif kind == "double":
            data = data[: at + size] + data[at:]
        else:
            data = data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :]
    return data


@pytest.mark.parametrize("name", SAMPLES)
@FUZZ
@given(edits=EDITS)
def test_mutated_document(name: str, edits: list[tuple[str, float, int, bytes]]) -> None:
    check(name, mutated(SAMPLES[name], edits))


@pytest.mark.parametrize("name", SAMPLES)
@FUZZ
@given(data=st.binary(max_size=2000), keep=st.integers(0, 64))
def test_random_bytes(name: str, data: bytes, keep: int) -> None:
    # Behind the true beginning, so that the reader of the kind sees them.
    check(name, SAMPLES[name][:keep] + data)


@FUZZ
@given(text=st.text(max_size=500), name=st.sampled_from(["a.html", "a.rtf", "a.rss", "a.eml", "a.csv", "a.mbox"]))  # fmt: skip
def test_any_text(text: str, name: str) -> None:
    start = {"a.html": "<html>", "a.rtf": "{\\rtf1 ", "a.rss": "<rss><channel><item><title>"}
    check(name, (start.get(name, "") + text).encode("utf-8", errors="surrogatepass"))


@FUZZ
@given(head=st.binary(max_size=300), suffix=st.sampled_from(["", ".txt", ".html", ".xml", ".jsonl"]))  # fmt: skip
def test_every_document_has_a_kind(head: bytes, suffix: str) -> None:
    assert kind_of(head, suffix) in {*READERS, "png", "jpeg", "gif", "ole", "sqlite", "zstd", "7z", "rar"}  # fmt: skip


@FUZZ
@given(st.text())
def test_no_path_can_be_made_of_an_id(wanted: str) -> None:
    made = safe_id(wanted)
    assert Path(made).name == made
    assert made.isprintable()
    assert 0 < len(made) < 140
    assert safe_id(made) == made or made != wanted


@FUZZ
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc"))))
def test_text_without_markup_stays(text: str) -> None:
    if "<" not in text and "&" not in text:
        assert fragment_text(text) == text.strip()
