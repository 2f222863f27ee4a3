from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from geomap.errors import InputError
from geomap.watch.changes import Alarm, apart_from, check_inputs, settled, snapshot

if TYPE_CHECKING:
    from pathlib import Path

LONG_S = 20.0


def test_a_snapshot_tells_what_changed(tmp_path: Path) -> None:
    assert snapshot([str(tmp_path)]) == {}
    file = tmp_path / "a.txt"
    file.write_text("one")
    (tmp_path / ".b.txt").write_text("hidden")
    before = snapshot([str(tmp_path)])
    assert list(before) == [str(file)]
    file.write_text("longer")
    assert snapshot([str(tmp_path)]) != before


def test_it_waits_until_nothing_grows() -> None:
    sizes = iter([1, 2, 3, 3])
    waits: list[float] = []
    found, moving = settled(
        lambda: {"a": (next(sizes), 0), "b": (9, 0)}, quiet_s=2.0, wait=waits.append
    )
    assert (found["a"], moving, waits) == ((3, 0), (), [2.0] * 3)


def test_it_does_not_wait_for_ever() -> None:
    sizes = iter(range(100))
    waits: list[float] = []
    _, moving = settled(
        lambda: {"log": (next(sizes), 0), "b": (9, 0)},
        quiet_s=1.0,
        patience_s=5.0,
        wait=waits.append,
    )
    assert (moving, sum(waits)) == (("log",), 5.0)


@pytest.mark.parametrize("folder", ["in", "in/out", "in/a/b"])
def test_outputs_lie_beside_what_is_watched(tmp_path: Path, folder: str) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError, match="which is watched; choose a folder beside it"):
        apart_from([str(tmp_path / "in")], tmp_path / "out", tmp_path / folder)
    apart_from([str(tmp_path / "in")], tmp_path / "out", tmp_path / "inside")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not there"):
        check_inputs([str(tmp_path), str(tmp_path / "none")])


def test_the_alarm_rings_for_files_in_folders_below(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    with Alarm([str(tmp_path)]) as alarm:
        assert not alarm.wait(0.1)
        (tmp_path / "deep" / "a.txt").write_text("x")
        assert alarm.wait(LONG_S)


def test_the_alarm_rings_for_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("")
    with Alarm([str(file)]) as alarm:
        threading.Timer(0.2, lambda: file.write_text("x")).start()
        assert alarm.wait(LONG_S)


def test_reading_is_no_change(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    with Alarm([str(tmp_path)]) as alarm:
        file.read_text()
        snapshot([str(tmp_path)])
        assert not alarm.wait(0.5)
        alarm.ring()
        assert alarm.wait(0)
