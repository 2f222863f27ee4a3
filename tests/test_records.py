"""Records from their fields and back, however they are made."""

from __future__ import annotations

import pytest

from geomap.records import Actor, Place, PlaceArgument, Trigger, fields_of, made_of

PLACE = Place(
    id="geonames:1", name="Sumy", country="UA", admin1=None, lat=50.9, lon=34.8,
    feature_class="P", feature_code="PPLA", radius_km=4.0, reviewed=True,
)  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [
        PLACE,
        Actor(text="troops", role="by", side=None),
        PlaceArgument(role="at", toponym=3),
        Trigger(start=1, end=4, text="hit"),
    ],
)
def test_a_record_comes_back_from_its_fields(record: object) -> None:
    made = made_of(type(record), fields_of(record))
    assert made == record
    assert hash(made) == hash(record)


def test_fields_in_another_order_make_the_same_record() -> None:
    fields = dict(reversed(fields_of(PLACE).items()))
    assert made_of(Place, fields) == PLACE


def test_what_is_left_out_gets_its_default() -> None:
    fields = fields_of(PLACE)
    del fields["population"], fields["note"]
    assert made_of(Place, fields) == PLACE


def test_a_field_that_is_none_of_a_record_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        made_of(Trigger, {**fields_of(Trigger(start=1, end=4, text="hit")), "colour": "red"})
