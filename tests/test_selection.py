from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from samples import event, extracted

from geomap.selection import Selection, select_events

CASES: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"types": frozenset({"corridor"})}, True),
    ({"types": frozenset({"strike"})}, False),
    ({"factuality": frozenset({"claimed", "asserted"})}, True),
    ({"factuality": frozenset({"denied"})}, False),
    ({"since": dt.date(2022, 3, 8)}, True),
    ({"since": dt.date(2022, 3, 9)}, False),
    ({"until": dt.date(2022, 3, 8)}, True),
    ({"until": dt.date(2022, 3, 7)}, False),
    ({"min_confidence": 0.8}, True),
    ({"min_confidence": 0.81}, False),
    ({"bbox": (34.0, 50.0, 35.0, 51.0)}, True),
    ({"bbox": (34.0, 51.0, 35.0, 52.0)}, False),
    ({"bbox": (35.0, 49.0, 36.0, 51.0)}, False),
    ({"bbox": (170.0, 49.0, -170.0, 51.0)}, False),
    ({"bbox": (30.0, 49.0, -170.0, 51.0)}, True),
]


@pytest.mark.parametrize(("wanted", "kept"), CASES)
def test_selection(wanted: dict[str, Any], kept: bool) -> None:  # noqa: FBT001
    (record,) = select_events([extracted()], Selection(**wanted))
    assert bool(record.events) is kept
    assert record.toponyms == extracted().toponyms


@pytest.mark.parametrize(
    "wanted", [{"since": dt.date(2000, 1, 1)}, {"bbox": (-180.0, -90.0, 180.0, 90.0)}]
)
def test_what_is_not_known_is_left_out_when_asked_for(wanted: dict[str, Any]) -> None:
    unknown = extracted(events=(event(date=None, geometry=None),))
    (record,) = select_events([unknown], Selection(**wanted))
    assert record.events == ()


def test_collections_and_polygons_have_bounds() -> None:
    ring = [[[10.0, 10.0], [12.0, 10.0], [12.0, 12.0], [10.0, 10.0]]]
    geometry = {"type": "GeometryCollection", "geometries": [
        {"type": "Point", "coordinates": [0.0, 0.0]}, {"type": "Polygon", "coordinates": ring},
    ]}  # fmt: skip
    record = extracted(events=(event(geometry=geometry),))
    (kept,) = select_events([record], Selection(bbox=(11.0, 11.0, 20.0, 20.0)))
    assert len(kept.events) == 1
