"""What the real pipeline makes of sentences, by phenomenon. All sentences are our own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from geomap.events.taxonomy import CORE_TYPES
from geomap.pipeline import extract
from geomap.records import Article

FRIDAY = dt.date(2022, 3, 4)


def read(text: str, nlp: Any, day: dt.date = FRIDAY) -> Any:
    return extract(Article(id="a", text=text, published=day, language="en"), nlp=nlp)


def said(text: str, nlp: Any) -> list[tuple[Any, ...]]:
    """Give type, roles with names, factuality of each event."""
    found = read(text, nlp)
    names = {t.id: t.text for t in found.toponyms}
    return [
        (e.type, tuple((p.role, names[p.toponym]) for p in e.places), e.factuality)
        for e in found.events
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Russian troops have completely encircled Severodonetsk, governor Serhiy Haidai said.",
            [("encirclement", (("target", "Severodonetsk"),), "claimed")],
        ),
        (
            (
                "Fighting went on around Kyiv, Kharkov and Mariupol, three cities that the army "
                "surrounded but did not take."
            ),
            [
                ("encirclement", (("target", name),), "asserted")
                for name in ("Kyiv", "Kharkov", "Mariupol")
            ],
        ),
        (
            "Israeli aircraft bombed the Jabalia refugee camp on Sunday, Palestinian medics said.",
            [("strike", (("target", "Jabalia refugee camp"),), "claimed")],
        ),
        (
            "There were no strikes on Odesa overnight.",
            [("strike", (("target", "Odesa"),), "negated")],
        ),
        (
            "Ukrainian officials denied that Lysychansk was surrounded.",
            [("encirclement", (("target", "Lysychansk"),), "denied")],
        ),
        (
            "The third round of negotiations will take place on Monday in Belarus.",
            [("talks", (("at", "Belarus"),), "planned")],
        ),
        (
            "Talks between the foreign ministers of Russia and Ukraine took place in Antalya.",
            [("talks", (("at", "Antalya"),), "asserted")],
        ),
    ],
)
def test_events(text: str, expected: list[Any], nlp: Any) -> None:
    assert [event for event in said(text, nlp) if event[0] in CORE_TYPES] == expected


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        (
            "A green corridor was opened from Mariupol to Zaporozhye through Nikolske and Polohy.",
            [(("from", "Mariupol"), ("via", "Nikolske"), ("via", "Polohy"), ("to", "Zaporozhye"))],
        ),
        (
            "Moscow proposed humanitarian corridors from Sumy to Poltava and from Kharkov to Orel.",
            [
                (("from", "Sumy"), ("to", "Poltava")),
                (("from", "Kharkov"), ("to", "Orel")),
            ],
        ),
        (
            (
                "Civilians can leave Borodianka by a humanitarian corridor in the direction of "
                "Makariv."
            ),
            [(("from", "Borodianka"), ("toward", "Makariv"))],
        ),
    ],
)
def test_routes_of_corridors(text: str, routes: list[Any], nlp: Any) -> None:
    assert [places for kind, places, _ in said(text, nlp) if kind == "corridor"] == routes


@pytest.mark.parametrize(
    "text",
    [
        "Teachers in Oregon ended a strike on Sunday.",
        "Talks between the company and the union in Detroit collapsed.",
        "Fans surrounded the bus in Buenos Aires.",
        "The Suwalki corridor between Poland and Lithuania worries generals.",
        "The corridor of the hospital in Kyiv was repainted.",
        "Lightning struck a house in Lviv.",
        "The two clubs struck a deal in London.",
        "The village near Innsbruck is surrounded by mountains.",
        "Moscow believes that Kyiv is delaying.",
        "",
    ],
)
def test_what_is_no_event_of_war(text: str, nlp: Any) -> None:
    assert said(text, nlp) == []


@pytest.mark.parametrize(
    ("text", "speaker", "organisation"),
    [
        ("Artillery shelled Izium, the General Staff said.", None, "General Staff"),
        ("A missile hit a school in Dnipro, the city council said.", None, "city council"),
        (
            "According to governor Dmytro Zhyvytskyi, an air strike hit Sumy.",
            "Dmytro Zhyvytskyi",
            "governor",
        ),
        ("An air strike hit Sumy.", None, None),
    ],
)
def test_who_says_so(text: str, speaker: str | None, organisation: str | None, nlp: Any) -> None:
    (event,) = read(text, nlp).events
    found = event.attribution
    assert (found.speaker if found else None) == speaker
    assert (found.organisation if found else None) == organisation


@pytest.mark.parametrize(
    ("when", "start"),
    [
        ("on Thursday", "2022-03-03"),
        ("yesterday", "2022-03-03"),
        ("on 28 February", "2022-02-28"),
        ("two days ago", "2022-03-02"),
        ("", "2022-03-04"),
    ],
)
def test_dates(when: str, start: str, nlp: Any) -> None:
    (event,) = read(f"An air strike hit Sumy {when}.".replace(" .", "."), nlp).events
    assert event.date.start.isoformat() == start


def test_an_article_that_tells_of_one_day_throughout(nlp: Any) -> None:
    text = (
        "On Thursday the parliament sat. On Thursday evening prices rose. The mayor spoke on "
        "Thursday.\n\nShells fell. An air strike hit Sumy."
    )
    dates = {e.date.start for e in read(text, nlp).events if e.places}
    assert dates == {dt.date(2022, 3, 3)}


def test_directions_make_a_sector(nlp: Any) -> None:
    text = "The troops tried to block Kyiv from the south and south-west."
    (event,) = read(text, nlp).events
    assert event.geometry_method == "sector"
    lats = [lat for _, lat in event.geometry["coordinates"][0]]
    assert max(lats) < 50.46  # all of it south of the city


def test_geometry_by_type(nlp: Any) -> None:
    found = read("The army besieged Mariupol. A missile hit Dnipro.", nlp)
    assert [e.geometry_method for e in found.events] == ["ring", "point"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels and soldiers fought. Militants ambushed a convoy near Gao.", ("assault", "Gao")),
        (
            "Missiles fell and troops fled. Artillery fire killed nine people in Omdurman.",
            ("strike", "Omdurman"),
        ),
        ("Jenin remained sealed off by Israeli troops.", ("encirclement", "Jenin")),
        (
            "Tanks and troops massed. The enemy used aviation against Kupiansk.",
            ("strike", "Kupiansk"),
        ),
        (
            "Troops shelled the front. Evacuation buses from Lyman will leave at noon.",
            ("evacuation", "Lyman"),
        ),
    ],
)
def test_more_ways_to_say_it(text: str, expected: tuple[str, str], nlp: Any) -> None:
    assert expected in {(t, name) for t, places, _ in said(text, nlp) for _, name in places}


def test_a_unit_called_assault_is_no_assault(nlp: Any) -> None:
    text = "Troops and tanks moved up. Assault detachments took the town of Toretsk."
    assert {t for t, *_ in said(text, nlp)} == {"control_change"}
