"""Shapes of events that no sentence is needed for."""

from __future__ import annotations

from geomap.events.shapes import shape_of
from tests.samples import SUMY, place


def test_a_line_between_two_rows_at_one_point_is_a_point() -> None:
    commune = place("Sumy commune", SUMY.lon, SUMY.lat)
    shape = shape_of(
        "line", [("from", SUMY), ("to", commune)], directions=(), boundary=lambda _id: None
    )
    assert shape.method == "point"
    assert shape.geometry == {"type": "Point", "coordinates": [SUMY.lon, SUMY.lat]}
