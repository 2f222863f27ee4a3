"""What is looked up for a mention, and what the words beside it leave of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from toponym_builders import Lookup, candidate, country, mention, place, region

from geomap.toponyms.candidates import (
    MOST_CANDIDATES,
    MOST_REMEMBERED,
    candidates_for,
    contains,
    with_remembered_regions,
)

if TYPE_CHECKING:
    from geomap.records import Candidate, Place

SUMY = candidate(place("Sumy"))
OBLAST = candidate(region("Sumy Oblast"), 0.8)
GEORGIA = country("Georgia", "GE")
STATE = candidate(region("Georgia", country="US"), 0.9)


class Atlas(Lookup):
    """A gazetteer that knows one country by its code, and remembers what was asked of it."""

    asked: list[tuple[str, int | None]]

    def __init__(self, names: dict[str, tuple[Candidate, ...]]) -> None:
        super().__init__(names)
        self.asked = []

    def find(self, name: str, *, limit: int | None = None) -> tuple[Candidate, ...]:
        """Look one name up."""
        self.asked.append((name, limit))
        return super().find(name, limit=limit)

    def country_place(self, code: str) -> Place | None:
        """Give Georgia."""
        return GEORGIA if code == "GE" else None


def found(gazetteer: Lookup, text: str, **changes: Any) -> tuple[Candidate, ...]:
    return candidates_for(mention(text, **changes), gazetteer=gazetteer)  # type: ignore[arg-type]


def test_a_mention_is_looked_up_by_its_look_up_then_by_its_text() -> None:
    atlas = Atlas({"Sumy": (SUMY,), "Sumy region": (OBLAST,)})
    assert found(atlas, "Sumy", lookup="Sumy region") == (OBLAST,)
    assert found(atlas, "Sumy", lookup="Sumy landing") == (SUMY,)
    assert found(atlas, "Nowhere") == ()
    # What was looked for once is not looked for again.
    assert [name for name, _ in atlas.asked] == ["Sumy region", "Sumy landing", "Sumy", "Nowhere"]
    assert {limit for _, limit in atlas.asked} == {MOST_CANDIDATES}


def test_the_town_of_that_name_is_no_region_unless_there_is_no_town() -> None:
    atlas = Atlas({"Sumy": (OBLAST, SUMY), "Crimea": (OBLAST,)})
    assert found(atlas, "Sumy") == (OBLAST, SUMY)
    assert found(atlas, "Sumy", settlement=True) == (SUMY,)
    assert found(atlas, "Crimea", settlement=True) == (OBLAST,)


def test_a_people_stands_for_its_country_and_not_for_a_namesake() -> None:
    atlas = Atlas({"Georgia": (candidate(GEORGIA), STATE), "Georgian": (STATE,)})
    assert [c.place for c in found(atlas, "Georgian")] == [GEORGIA, STATE.place]
    assert atlas.asked == [("Georgia", MOST_CANDIDATES)]


def test_a_people_of_an_area_is_found_under_the_name_of_the_area() -> None:
    crimea = candidate(region("Crimea"))
    atlas = Atlas({"Crimea": (crimea,)})
    assert found(atlas, "Crimean") == (crimea,)
    assert atlas.asked == [("Crimea", MOST_CANDIDATES)]


def county(name: str, lon: float = -88.0, *, code: str = "ADM2", score: float = 0.5) -> Candidate:
    return candidate(region(name, lon, country="US", feature_code=code), score)


SEAT = candidate(place("DeKalb", -88.7, country="US"), 0.7)


def test_a_bare_name_may_be_the_county_that_the_text_names() -> None:
    whole = county("DeKalb County")
    names = {"DeKalb": (SEAT,), "DeKalb County": (whole,)}
    remembered = with_remembered_regions(names)
    assert remembered["DeKalb County"] == (whole,)
    seat, other = remembered["DeKalb"]
    assert seat == SEAT
    reason = f"“DeKalb” is “DeKalb County”, which the text names: {whole.reason}"
    assert other == replace(whole, match="stem", score=0.45, reason=reason)
    assert names["DeKalb"] == (SEAT,)  # what was given is as it was


@pytest.mark.parametrize(
    "names",
    [
        {"DeKalb": (SEAT,)},
        {"DeKalb County": (county("DeKalb County"),)},
        {"Lubny": (SEAT,), "DeKalb County": (county("DeKalb County"),)},
        {"DeKalb": (SEAT,), "DeKalb region": (county("DeKalb", code="ADM1"),)},
        {"DeKalb": (SEAT,), "DeKalb district": (SEAT,)},
    ],
)
def test_a_bare_name_stays_what_it_is_otherwise(names: dict[str, tuple[Candidate, ...]]) -> None:
    assert with_remembered_regions(names) == names


def test_a_county_is_remembered_once_and_only_so_many() -> None:
    many = tuple(county("DeKalb County", -60.0 - n) for n in range(MOST_REMEMBERED + 5))
    remembered = with_remembered_regions({"DeKalb": (SEAT,), "DeKalb County": many})
    assert len(remembered["DeKalb"]) == 1 + MOST_REMEMBERED
    known = with_remembered_regions({"DeKalb": (SEAT, many[0]), "DeKalb County": many[:2]})
    assert [c.place.lon for c in known["DeKalb"]] == [-88.7, -60, -61]


def test_the_names_behind_one_that_has_no_bare_form_are_read_too() -> None:
    whole = county("DeKalb County")
    names = {"Knox County": (county("Knox County"),), "DeKalb": (SEAT,), "DeKalb County": (whole,)}
    assert len(with_remembered_regions(names)["DeKalb"]) == 2


@pytest.mark.parametrize(
    ("radius", "distance", "held"),
    [(10.0, 15.0, True), (10.0, 15.1, False), (1.0, 5.0, True), (1.0, 5.1, False)],
)
def test_a_city_holds_what_lies_within_its_radius_and_a_half(
    radius: float, distance: float, *, held: bool
) -> None:
    city = place("Sumy", radius_km=radius)
    assert contains(city, place("Stare Selo", 30.1), distance_km=distance) is held
    # A town holds no region, a hill or a bay may lie in one.
    assert not contains(city, region("Sumy Oblast"), distance_km=0)
    assert contains(city, place("Hill", 30.1, feature_class="T"), distance_km=distance) is held


def test_a_region_of_another_country_holds_nothing_here() -> None:
    here = place("Springfield", country="US", admin1="Missouri", admin2="Greene County")
    assert not contains(region("Missouri", country="CA"), here, distance_km=0)
    assert not contains(country("Canada", "CA"), here, distance_km=0)
    greene = county("Greene County").place
    for changes in ({"country": "CA", "admin1": "Missouri"}, {"admin1": "Iowa"}):
        assert not contains(replace(greene, **changes), here, distance_km=0)
    assert contains(replace(greene, admin1="Missouri"), here, distance_km=900)
