"""Rows of two sources that describe one place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer.rows import distance_km
from geomap.gazetteer.twins import without_twins
from geomap.records import Candidate, Place


def candidate(number: int, scheme: str, lon: float, lat: float, *, approximate: bool) -> Candidate:
    place = Place(
        id=f"{scheme}:{number}", name="Andriivka", country="UA", admin1=None, lon=lon, lat=lat,
        feature_class="P", feature_code="PPL", radius_km=18.0 if approximate else 3.0,
        approximate=approximate,
    )  # fmt: skip
    return Candidate(place=place, score=0.5, match="exact", reason="")


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["geonames", "osm", "katottg"]),
        st.floats(30, 30.6), st.floats(49.8, 50.4), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@given(ROWS)
def test_bands_of_latitude_change_nothing(rows: list[tuple[str, float, float, bool]]) -> None:
    found = tuple(
        candidate(n, scheme, lon, lat, approximate=approximate)
        for n, (scheme, lon, lat, approximate) in enumerate(rows)
    )
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda c: c.place.approximate):
        reach = 18.0 if one.place.approximate else 5.0
        if not any(
            one.place.id.partition(":")[0] != other.place.id.partition(":")[0]
            and distance_km((one.place.lon, one.place.lat), (other.place.lon, other.place.lat))
            <= reach
            for other in kept
        ):
            kept.append(one)
    assert {c.place.id for c in without_twins(found)} == {c.place.id for c in kept}


def test_a_guessed_point_gives_way_to_a_known_one() -> None:
    guessed = candidate(1, "katottg", 30.0, 50.0, approximate=True)
    known = candidate(2, "osm", 30.1, 50.1, approximate=False)
    assert without_twins((guessed, known)) == (known,)
