"""Text as documents of any kind, heads of files, identifiers: what is read stands as it is."""

from __future__ import annotations

from pathlib import Path

from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st
from targets import document

from geomap.articles.dispatch import READERS
from geomap.articles.ids import safe_id
from geomap.articles.kinds import kind_of
from geomap.articles.pages import fragment_text

FUZZ = fuzz(examples=25)


@FUZZ
@given(text=st.text(max_size=500), name=st.sampled_from(["a.html", "a.rtf", "a.rss", "a.eml", "a.csv", "a.mbox"]))  # fmt: skip
def test_any_text(text: str, name: str) -> None:
    start = {"a.html": "<html>", "a.rtf": "{\\rtf1 ", "a.rss": "<rss><channel><item><title>"}
    document(name)((start.get(name, "") + text).encode("utf-8", errors="surrogatepass"))


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
