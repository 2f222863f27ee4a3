"""Which other names of a text may be the neighbours of a candidate."""

from __future__ import annotations

import pytest
from toponym_builders import candidate, country, mention, place, region

from geomap.toponyms.company import (
    BLOCK,
    COMPANY,
    MOST_COMPANY,
    MOST_STANDING,
    NAMES_AROUND,
    company_of,
)
from geomap.toponyms.resolution import resolve
from geomap.toponyms.senses import senses_of


def town(name: str, lon: float, lat: float, state: str, county: str, population: int = 9000):  # noqa: ANN201
    return place(name, lon, lat, country="US", admin1=state, admin2=county, population=population)


def county(name: str, lon: float, lat: float, state: str):  # noqa: ANN201
    return region(name, lon, lat, country="US", admin1=state, feature_code="ADM2", radius_km=25)


PARIS = (
    candidate(place("Paris", 2.35, 48.85, country="FR", population=2_100_000), 0.9),
    candidate(town("Paris", -95.55, 33.66, "Texas", "Lamar County", 25_000), 0.7),
    candidate(town("Paris", -88.33, 36.3, "Tennessee", "Henry County"), 0.65),
)
HENRY = (
    candidate(county("Henry County", -84.15, 33.45, "Georgia"), 0.6),
    candidate(county("Henry County", -88.3, 36.33, "Tennessee"), 0.5),
)
NAMES = {"Paris": PARIS, "Henry County": HENRY}


def company(*mentions, names=NAMES):  # noqa: ANN002, ANN001, ANN201
    return list(company_of(senses_of(mentions, names)))


def test_the_two_that_lie_together_keep_each_other_company() -> None:
    paris, henry = company(mention("Paris"), mention("Henry County", 10))
    assert set(paris) == set(henry) == set(COMPANY)
    for name in ("may_share_admin2", "may_be_seat", "may_share_admin1"):
        assert paris[name][:2].tolist() == [0, 0]
        assert 0 < paris[name][2] < 1
        assert henry[name][0] == 0 < henry[name][1] < 1
    assert paris["may_be_near"].argmax() == 2
    assert paris["may_be_around"].argmax() == 2


def test_the_larger_namesakes_lose_to_the_pair() -> None:
    found = resolve([mention("Paris"), mention("Henry County", 10)], NAMES)
    assert [r.place.admin1 for r in found if r.place] == ["Tennessee", "Tennessee"]


def test_a_name_keeps_itself_no_company() -> None:
    twice = company(mention("Paris"), mention("Paris", 50, within=("Henry County",)))
    assert all(not values.any() for features in twice for values in features.values())


def test_the_same_place_under_another_name_is_no_company() -> None:
    kyiv = (candidate(place("Kyiv", admin1="Kyiv City", admin2="Kyiv")),)
    both = company(mention("Kyiv"), mention("Kiev", 9), names={"Kyiv": kyiv, "Kiev": kyiv})
    assert all(not values.any() for features in both for values in features.values())


def test_the_point_of_a_country_is_near_nothing() -> None:
    names = {"Kyiv": (candidate(place("Kyiv")),), "Ukraine": (candidate(country("Ukraine", "UA")),)}
    kyiv, _ = company(mention("Kyiv"), mention("Ukraine", 9), names=names)
    assert (kyiv["may_be_near"].tolist(), kyiv["may_be_around"].tolist()) == ([0], [0])


@pytest.mark.parametrize("size", [1, BLOCK, BLOCK + 1, 400])
def test_names_come_in_order_and_only_those_around_count(size: int) -> None:
    names = {f"N{n}": (candidate(place(f"N{n}", 20 + n / 1000)),) for n in range(size)}
    found = company(*(mention(name, 9 * n) for n, name in enumerate(names)), names=names)
    assert len(found) == size
    assert max(f["may_be_around"][0] for f in found) == pytest.approx(
        min(MOST_COMPANY, size - 1), rel=0.2
    )
    far = {name: (candidate(place(name, 20 + n / 1000)),) for n, name in enumerate(names)}
    far[f"N{size - 1}"] = (candidate(place("far", 100)),)
    again = company(*(mention(name, 9 * n) for n, name in enumerate(far)), names=far)
    if size > NAMES_AROUND + 2 * BLOCK:
        assert again[0]["may_be_around"] == found[0]["may_be_around"]


def test_a_name_without_candidates_is_left_out() -> None:
    paris, nothing = company(
        mention("Paris"), mention("Nowhere", 9), names={"Paris": PARIS, "Nowhere": ()}
    )
    assert not paris["may_be_near"].any()
    assert all(len(values) == 0 for values in nothing.values())
    assert list(company_of(())) == []


def test_the_likeliest_twenty_stand_for_a_name() -> None:
    many = tuple(
        candidate(place("Many", 20 + n, feature_code="PPL"), 0.9 - n / 1000) for n in range(40)
    )
    likely = (candidate(place("Near", many[MOST_STANDING - 1].place.lon)),)
    unlikely = (candidate(place("Far", many[MOST_STANDING].place.lon)),)
    _, near, far = company(
        mention("Many"), mention("Near", 9), mention("Far", 19),
        names={"Many": many[::-1], "Near": likely, "Far": unlikely},
    )  # fmt: skip
    # Next to one that stands there; a degree (72 km) from the next that does.
    assert near["may_be_near"][0] > 0.9
    assert far["may_be_near"][0] < 0.5


def test_a_district_keeps_its_town_company_as_its_seat() -> None:
    seat = (candidate(town("Erwin", -82.4, 36.1, "Tennessee", "Unicoi County")),)
    names = {
        "Erwin": seat,
        "Unicoi County": (candidate(county("Unicoi County", -82.4, 36.1, "Tennessee")),),
    }
    both = company(mention("Erwin"), mention("Unicoi County", 9), names=names)
    for features in both:
        assert features["may_be_seat"].tolist() == features["may_share_admin2"].tolist() == [1]
    twins = {
        name: (candidate(town(name, lon, 36.1, "Tennessee", "Unicoi County")),)
        for name, lon in (("Erwin", -82.4), ("Limonite", -82.5))
    }
    for features in company(mention("Erwin"), mention("Limonite", 9), names=twins):
        assert (features["may_share_admin2"], features["may_be_seat"]) == ([1], [0])


def test_what_is_in_no_region_shares_none() -> None:
    names = {name: (candidate(place(name, lon)),) for name, lon in (("Reef", 30.0), ("Cay", 90.0))}
    for features in company(mention("Reef"), mention("Cay", 9), names=names):
        assert features["may_share_admin1"].tolist() == [0]
        assert features["may_share_admin2"].tolist() == [0]


@pytest.mark.parametrize("code", ["CONT", "ADM1", "PCLI", "PCLD"])
def test_what_is_large_is_no_spot(code: str) -> None:
    large = candidate(place("Large", feature_class="L", feature_code=code))
    names = {"Kyiv": (candidate(place("Kyiv")),), "Large": (large,)}
    kyiv, _ = company(mention("Kyiv"), mention("Large", 9), names=names)
    assert kyiv["may_be_near"].tolist() == [0]
