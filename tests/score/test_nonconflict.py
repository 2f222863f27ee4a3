"""Events found where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.errors import GoldError
from geomap.records import Article
from geomap.score.nonconflict import read_sentences, score_sentences
from tests.samples import event, extracted

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sentence_a_line_without_comments(tmp_path: Path) -> None:
    path = tmp_path / "peace.txt"
    path.write_text("# of peace\nThe team attacked.\n\n  The talks of fans.  \n", "utf-8")
    assert [(a.id, a.text) for a in read_sentences(path)] == [
        ("peace:2", "The team attacked."), ("peace:4", "The talks of fans."),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_what_cannot_be_read_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "peace.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(GoldError, match="one sentence a line"):
        read_sentences(path)


def test_false_events_are_counted_on_a_hundred_sentences() -> None:
    sentence = Article(id="s", text="A corridor opened.")
    found = score_sentences(
        [
            extracted(article=sentence),
            extracted(article=sentence, events=(event(type="protest"),)),
            *(extracted(article=sentence, events=()) for _ in range(6)),
        ]
    )
    assert (found.sentences, found.core, found.all, found.core_per_100) == (8, 1, 2, 12.5)
    head, first, second = found.lines()
    assert "12.5 on 100 sentences  (1 core, 2 of all types, 8 sentences)" in head
    assert first.strip() == "corridor “corridor”: A corridor opened."
    assert second.strip().startswith("protest")
    assert found.to_dict()["found"] == list(found.found)


def test_without_sentences_there_is_no_share() -> None:
    found = score_sentences([])
    assert found.core_per_100 is None
    (head,) = found.lines()
    assert head.endswith(" - on 100 sentences  (0 core, 0 of all types, 0 sentences)")
