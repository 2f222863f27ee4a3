"""Which places hold which, as the context of a text uses it."""

from __future__ import annotations

import pytest

from geomap.records import Place
from geomap.toponyms.candidates import contains


def place(name: str, code: str, *, lon: float = -86.0, **regions: str) -> Place:
    """Make a place of a feature code in regions."""
    return Place(
        id=f"x:{name}-{regions.get('admin1')}", name=name, country="US", lat=38.6, lon=lon,
        feature_class={"ADM": "A", "PCL": "A"}.get(code[:3], code[0]), feature_code=code,
        radius_km=30.0, admin1=regions.get("admin1"), admin2=regions.get("admin2"),
    )  # fmt: skip


PEKIN = place("Pekin", "PPL", admin1="Indiana", admin2="Washington County")


@pytest.mark.parametrize(
    ("container", "distance_km", "held"),
    [
        (place("Washington County", "ADM2", admin1="Indiana"), 300.0, True),
        (place("Washington County", "ADM2", admin1="Iowa"), 5.0, False),
        (place("Clark County", "ADM2", admin1="Indiana"), 5.0, False),
        (place("Indiana", "ADM1"), 300.0, True),
        (place("Iowa", "ADM1"), 5.0, False),
        (place("United States", "PCLI"), 3000.0, True),
        (PEKIN, 0.0, False),
    ],
)
def test_regions_hold_what_is_listed_in_them(
    container: Place, distance_km: float, *, held: bool
) -> None:
    assert contains(container, PEKIN, distance_km=distance_km) is held


@pytest.mark.parametrize(("distance_km", "held"), [(20.0, True), (200.0, False)])
def test_a_place_of_unknown_county_is_held_by_distance(distance_km: float, *, held: bool) -> None:
    county = place("Washington County", "ADM2", admin1="Indiana")
    hill = place("Knob", "THLL", admin1="Indiana")
    assert contains(county, hill, distance_km=distance_km) is held
