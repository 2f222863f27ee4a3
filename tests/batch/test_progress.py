from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from geomap.batch.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TQDM_NCOLS", "120")
    monkeypatch.setenv("TQDM_MININTERVAL", "0")
    return


def test_the_bar_shows_rate_and_remaining_time(
    wide: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(is_shown=True) as bar:
        bar.begin(1000)
        for _ in range(5):
            bar.count(articles=1)
            bar.advance(100)
        bar.count(failures=2)
        bar.advance(100)
        bar.say("merging")
    shown = capsys.readouterr().err
    assert re.search(r"50%\|.*\| 500/1.00kB \[\d\d:\d\d<\d\d:\d\d, 5 articles, [\d,.]+/s\]", shown)
    assert ", 2 failed]" in shown
    assert "merging]" in shown


def test_no_bar_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(is_shown=False) as bar:
        bar.begin(1000)
        bar.count(articles=1)
        bar.advance(100)
        bar.say("merging")
    assert capsys.readouterr().err == ""
