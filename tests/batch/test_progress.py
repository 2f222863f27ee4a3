from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geomap.batch.progress import Progress

if TYPE_CHECKING:
    import pytest


def test_the_bar_shows_rate_and_remaining_time(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(is_shown=True) as bar:
        bar.begin(1000)
        # Drawn at each step, not ten times a second.
        bar._bar.mininterval = bar._bar.miniters = 0
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
