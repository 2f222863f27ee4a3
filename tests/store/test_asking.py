"""Selections as conditions of SQL."""

from __future__ import annotations

import datetime as dt

from geomap.selection import Selection
from geomap.store.asking import where, where_merged


def test_nothing_asked_keeps_all() -> None:
    assert where(Selection()) == where_merged(Selection()) == ("1", [])


def test_every_part_of_a_selection_is_asked_with_parameters() -> None:
    wanted = Selection(
        types=frozenset({"strike", "assault"}), since=dt.date(2022, 3, 1),
        until=dt.date(2022, 3, 9), bbox=(30.0, 49.0, 31.0, 50.0), min_confidence=0.5,
    )  # fmt: skip
    condition, values = where(wanted)
    assert condition == (
        "type IN (?, ?) AND confidence >= ? AND date_end >= ? AND date_start <= ? AND "
        "north >= ? AND south <= ? AND (east >= ? AND west <= ?)"
    )
    assert values == [
        "assault", "strike", 0.5, "2022-03-01", "2022-03-09", 49.0, 50.0, 30.0, 31.0,
    ]  # fmt: skip
    over, _ = where(Selection(bbox=(170.0, 0.0, -170.0, 9.0)))
    assert over.endswith("(east >= ? OR west <= ?)")


def test_a_merged_event_is_kept_for_any_of_its_claims() -> None:
    condition, values = where_merged(Selection(factuality=frozenset({"denied", "claimed"})))
    assert condition == (
        "1 AND number IN (SELECT number FROM stored_merge_claims WHERE factuality IN (?, ?))"
    )
    assert values == ["claimed", "denied"]
