"""Each type in the ways in which wire copy, bulletins and relief agencies tell it. Our own sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from geomap.pipeline import extract
from geomap.records import Article

# What makes an article one about fighting.
CONTEXT = "Tanks, artillery and drones of the army were in action as the war went on.\n\n"
SENTENCES = [
    (
        "strike",
        "Kharkiv",
        "A Shahed drone slammed into a nine-storey block in Kharkiv before dawn.",
    ),
    (
        "strike",
        "Odesa",
        "Two ballistic missiles were fired at Odesa overnight, the air force reported.",
    ),
    ("strike", "Kherson", "Kherson came under heavy shelling again on Sunday."),
    ("strike", "Homs", "Warplanes carried out six raids on Homs, activists said."),
    ("strike", "Pokrovsk", "Guided aerial bombs were dropped on Pokrovsk on Monday."),
    ("strike", "Nikopol", "Nikopol was shelled four times during the night."),
    ("strike", "Rafah", "An Israeli air strike on a house in Rafah killed a family of six."),
    ("strike", "Zaporizhzhia", "The Russians hit Zaporizhzhia with S-300 missiles."),
    ("strike", "Belgorod", "The governor said that Belgorod was attacked by drones."),
    ("strike", "Sumy", "A kamikaze drone struck a petrol station in Sumy."),
    ("strike", "Stepanakert", "Rockets rained down on Stepanakert throughout the day."),
    ("strike", "Omdurman", "A shell landed in a market in Omdurman."),
    ("strike", "Mykolaiv", "Missiles targeted port infrastructure in Mykolaiv."),
    ("strike", "Saada", "Saada was hit by at least five air raids."),
    ("strike", "Huliaipole", "The enemy carried out an air strike near Huliaipole."),
    ("strike", "Dnipro", "There was a missile attack on Dnipro."),
    ("strike", "Taiz", "Mortar fire hit the eastern districts of Taiz."),
    ("strike", "Bryansk", "The military denies having struck Bryansk."),
    ("encirclement", "Mariupol", "The city of Mariupol remains under siege."),
    ("encirclement", "Bakhmut", "The ring around Bakhmut is closing, the institute wrote."),
    ("encirclement", "El Fasher", "RSF units encircled El Fasher from three sides."),
    ("corridor", "Sumy", "A humanitarian corridor from Sumy to Poltava will open at nine."),
    ("corridor", "Energodar", "The green corridor from Energodar to Zaporizhzhia did not work."),
    ("talks", "Istanbul", "Delegations of Russia and Ukraine met in Istanbul."),
    ("talks", "Cairo", "Mediators will resume ceasefire negotiations in Cairo on Sunday."),
    ("talks", "Geneva", "A new round of peace talks opened in Geneva."),
    ("talks", "Doha", "Envoys of the Taliban held talks with the Americans in Doha."),
    ("talks", "Astana", "The next meeting of the delegations is to be held in Astana."),
    ("talks", "Jeddah", "Representatives of the army and the RSF sat down in Jeddah."),
    (
        "control_change",
        "Robotyne",
        "Ukraine's army recaptured Robotyne, the General Staff announced.",
    ),
    ("control_change", "Kherson", "Kherson was liberated on 11 November."),
    ("control_change", "Wad Madani", "The paramilitaries seized Wad Madani."),
    ("control_change", "Palmyra", "Palmyra fell to Islamic State in May."),
    ("control_change", "Soledar", "Wagner took full control of Soledar, Prigozhin said."),
    ("control_change", "Hama", "Rebels entered Hama after the army left."),
    ("control_change", "Myawaddy", "Myawaddy is now in the hands of the Karen fighters."),
    ("control_change", "Vuhledar", "Russian soldiers raised their flag over Vuhledar."),
    ("control_change", "Kupiansk", "The army lost Kupiansk."),
    ("control_change", "Severodonetsk", "The troops failed to capture Severodonetsk."),
    ("control_change", "Urozhaine", "Urozhaine has been cleared of the enemy."),
    ("assault", "Avdiivka", "Russian infantry stormed Avdiivka from the north."),
    ("assault", "Marinka", "Heavy fighting continues in Marinka."),
    ("assault", "Bilohorivka", "Attacks near Bilohorivka were repelled."),
    (
        "assault",
        "Kobani",
        "Clashes between Kurdish fighters and Turkish-backed rebels broke out near Kobani.",
    ),
    ("assault", "Khan Younis", "Israeli ground troops pushed into Khan Younis."),
    ("assault", "Chasiv Yar", "The enemy is advancing towards Chasiv Yar."),
    ("assault", "Robotyne", "Ukrainian units launched a counteroffensive near Robotyne."),
    ("assault", "Bukavu", "Shooting was heard in Bukavu at night."),
    ("withdrawal", "Kherson", "Russia announced the withdrawal of its troops from Kherson."),
    ("withdrawal", "Kidal", "The peacekeepers left Kidal on Tuesday."),
    ("withdrawal", "Lysychansk", "Ukrainian troops retreated from Lysychansk."),
    ("withdrawal", "Kreminna", "The garrison abandoned Kreminna."),
    ("evacuation", "Bakhmut", "More than 300 civilians were evacuated from Bakhmut."),
    ("evacuation", "Azovstal", "Some fifty women and children were taken out of Azovstal."),
    ("evacuation", "Khartoum", "France flew 388 people out of Khartoum."),
    ("evacuation", "Kupiansk", "Authorities ordered the mandatory evacuation of Kupiansk."),
    (
        "evacuation",
        "Kharkiv",
        "Volunteers brought eleven elderly people out of Vovchansk to Kharkiv.",
    ),
    ("aid_delivery", "Gaza", "Twenty trucks with aid entered Gaza through Rafah."),
    ("aid_delivery", "Mekele", "A convoy with food reached Mekele."),
    ("aid_delivery", "Izium", "The Red Cross delivered 12 tonnes of medicine to Izium."),
    ("aid_delivery", "Jabalia", "Planes dropped food parcels over Jabalia."),
    ("aid_delivery", "Stepanakert", "No humanitarian convoy has been allowed into Stepanakert."),
    ("ceasefire", "Gaza", "A ceasefire took effect in Gaza at seven in the morning."),
    (
        "ceasefire",
        "Nagorno-Karabakh",
        "The sides agreed on a cessation of hostilities in Nagorno-Karabakh.",
    ),
    ("ceasefire", "Idlib", "The truce in Idlib was violated eleven times."),
    ("air_defence", "Kyiv", "Air defences shot down twelve missiles over Kyiv."),
    ("air_defence", "Odesa", "Eight Shahed drones were destroyed in the sky over Odesa."),
    ("air_defence", "Crimea", "Russia said it intercepted 17 drones over Crimea."),
    ("air_defence", "Belgorod", "Air defence was at work in Belgorod."),
    ("explosion", "Sevastopol", "Explosions were heard in Sevastopol."),
    ("explosion", "Kabul", "A suicide bomber blew himself up at a checkpoint in Kabul."),
    ("explosion", "Mogadishu", "A car bomb exploded in Mogadishu."),
    ("explosion", "Melitopol", "Partisans blew up a railway line near Melitopol."),
    ("explosion", "Kharkiv", "A tractor hit a mine near Kharkiv and its driver was injured."),
    ("troop_movement", "Tokmak", "The enemy is moving reserves to Tokmak."),
    ("troop_movement", "Valuyki", "A column of forty tanks was seen near Valuyki."),
    ("troop_movement", "Belarus", "Battalions are massing on the border with Ukraine in Belarus."),
    (
        "civilian_casualties",
        "Kramatorsk",
        "Three people were killed and eleven wounded in Kramatorsk.",
    ),
    ("civilian_casualties", "Donetsk", "The shelling of Donetsk claimed five lives."),
    (
        "civilian_casualties",
        "Zaporizhzhia",
        "A woman died in Zaporizhzhia when a missile hit her house.",
    ),
    ("civilian_casualties", "Toretsk", "Two civilians lost their lives in Toretsk."),
    ("infrastructure_damage", "Kharkiv", "A power substation was destroyed in Kharkiv."),
    (
        "infrastructure_damage",
        "Chernihiv",
        "Strikes damaged a hospital and two schools in Chernihiv.",
    ),
    ("infrastructure_damage", "Odesa", "Odesa was left without electricity after the attack."),
    (
        "prisoner_exchange",
        "Belgorod",
        "Ukraine and Russia exchanged 95 prisoners each on the border of the Belgorod region.",
    ),
    ("prisoner_exchange", "Sanaa", "The Houthis released 153 detainees in Sanaa."),
    ("prisoner_exchange", "Rafah", "Hamas handed over three hostages in Rafah."),
    ("protest", "Tbilisi", "Thousands rallied in Tbilisi against the law."),
    ("protest", "Kherson", "Residents of Kherson took to the streets against the occupation."),
    ("protest", "Tel Aviv", "Relatives of the hostages demonstrated in Tel Aviv."),
    ("protest", "Port Sudan", "Police dispersed a demonstration in Port Sudan."),
]


@pytest.mark.parametrize(("kind", "place", "sentence"), SENTENCES)
def test_type_and_place(kind: str, place: str, sentence: str, nlp: Any) -> None:
    article = Article(id="a", text=CONTEXT + sentence, published=dt.date(2024, 5, 5))
    found = extract(article, nlp=nlp)
    names = {t.id: t.text for t in found.toponyms}
    told = [
        (e.type, [names[a.toponym] for a in e.places])
        for e in found.events
        if e.trigger.start >= len(CONTEXT)
    ]
    assert any(
        t == kind and any(place in name or name in place for name in places) for t, places in told
    ), told


@pytest.mark.parametrize(
    ("sentence", "weapon", "counts"),
    [
        ("An air strike on Sumy killed 21 people and wounded at least thirty.", None, (21, 30)),
        ("Two missiles hit Dnipro; 5 were killed.", "missiles", (5, None)),
        ("A drone slammed into a house in Kharkiv.", "drone", (None, None)),
    ],
)
def test_weapon_and_counts(
    sentence: str, weapon: str | None, counts: tuple[int | None, int | None], nlp: Any
) -> None:
    events = extract(Article(id="a", text=CONTEXT + sentence), nlp=nlp).events
    (strike,) = [e for e in events if e.type == "strike"]
    assert strike.weapon == weapon
    assert (strike.counts.get("killed"), strike.counts.get("injured")) == counts


def test_places_are_carried_over_and_flagged(nlp: Any) -> None:
    text = CONTEXT + "Russian troops entered Lysychansk. The city was shelled by artillery."
    events = extract(Article(id="a", text=text), nlp=nlp).events
    strike = next(e for e in events if e.type == "strike")
    assert strike.places
    assert "pointing back" in strike.reason


def test_a_list_of_corridors(nlp: Any) -> None:
    text = (
        "Humanitarian corridors for today:\n"
        "• Kherson - Mykolaiv\n• Mariupol - Berdiansk - Zaporizhzhia\n\nStay at home."
    )
    found = extract(Article(id="a", text=text), nlp=nlp)
    names = {t.id: t.text for t in found.toponyms}
    routes = [[names[a.toponym] for a in e.places] for e in found.events if e.type == "corridor"]
    assert routes == [["Kherson", "Mykolaiv"], ["Mariupol", "Berdiansk", "Zaporizhzhia"]]


def test_an_assault_that_is_repelled_took_place(nlp: Any) -> None:
    text = CONTEXT + "Attacks near Bilohorivka were repelled. The enemy failed to take Robotyne."
    told = {e.type: e.factuality for e in extract(Article(id="a", text=text), nlp=nlp).events}
    assert told["assault"] == "asserted"
    assert told["control_change"] == "negated"
