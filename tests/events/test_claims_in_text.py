"""How sure, who says so, and when: sentences of our own, by phenomenon."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from geomap.events.tenses import NOW, is_over, tense_at
from geomap.pipeline import extract
from geomap.records import Article

CONTEXT = "Tanks, artillery and drones of the army were in action as the war went on.\n\n"
SUNDAY = dt.date(2024, 5, 5)
SENTENCES = [
    (
        "strike",
        "claimed",
        "Reznichenko",
        "2024-05-05",
        "Nikopol was shelled overnight, regional governor Valentyn Reznichenko wrote on Telegram.",
    ),
    (
        "strike",
        "claimed",
        "Reuters",
        None,
        "A missile hit the port of Odesa, Reuters reported, citing two officials.",
    ),
    (
        "strike",
        "denied",
        "Kremlin",
        None,
        "The Kremlin dismissed as false the claim that its aircraft bombed Kharkiv.",
    ),
    ("strike", "denied", "Israel", None, "Israel denied it had struck the hospital in Gaza City."),
    ("strike", "possible", None, None, "Kharkiv may come under fire again in the coming days."),
    ("strike", "negated", None, None, "Odesa was not hit last night."),
    (
        "strike",
        "claimed",
        "Syrian Observatory",
        "2024-05-04",
        "The Syrian Observatory for Human Rights said on Sunday that jets bombed Idlib the day before.",
    ),
    ("encirclement", "possible", None, None, "Russian troops could soon encircle Lysychansk."),
    (
        "control_change",
        "claimed",
        "Prigozhin",
        "2024-05-04",
        '"We have taken Soledar," Yevgeny Prigozhin said on Saturday.',
    ),
    (
        "control_change",
        "denied",
        "General Staff",
        None,
        "The General Staff denied the capture of Soledar.",
    ),
    ("control_change", "negated", None, None, "The rebels failed to take Hama."),
    (
        "talks",
        "planned",
        None,
        "2024-05-07",
        "Delegations of the two countries will meet in Doha on Tuesday.",
    ),
    (
        "talks",
        "planned",
        "Blinken",
        None,
        "US Secretary of State Antony Blinken announced that talks would be held in Jeddah.",
    ),
    (
        "withdrawal",
        "planned",
        "Macron",
        None,
        "President Emmanuel Macron announced that French troops would leave Niamey by the end of the year.",
    ),
    (
        "evacuation",
        "planned",
        None,
        "2024-05-06",
        "The evacuation of Kupiansk is to begin on Monday.",
    ),
    (
        "evacuation",
        "claimed",
        "Vereshchuk",
        None,
        "According to Deputy Prime Minister Iryna Vereshchuk, 1,200 civilians were evacuated from Sumy.",
    ),
    (
        "ceasefire",
        "claimed",
        "Hamas",
        None,
        "Israel violated the ceasefire in Rafah, Hamas said in a statement.",
    ),
    (
        "civilian_casualties",
        "claimed",
        "mayor",
        None,
        "Four people were killed in Kherson, the mayor said.",
    ),
    (
        "civilian_casualties",
        "claimed",
        "OCHA",
        "2024-04-01",
        "At least 60 civilians were killed in El Fasher in April, according to OCHA.",
    ),
    (
        "assault",
        "claimed",
        "Ministry",
        None,
        "The Russian Defence Ministry says that attacks near Robotyne were repelled.",
    ),
    ("assault", "claimed", "ISW", None, "Russian forces advanced near Chasiv Yar, ISW assessed."),
    (
        "air_defence",
        "claimed",
        "Air Force",
        None,
        "The Air Force reported shooting down 15 drones over Odesa.",
    ),
    (
        "explosion",
        "asserted",
        None,
        "2024-05-02",
        "On Thursday morning a car bomb exploded in Kabul.",
    ),
    ("strike", "asserted", None, "2024-05-03", "Two days ago a drone hit a depot in Bryansk."),
    ("strike", "asserted", None, "2024-04-29", "Last Monday missiles struck Dnipro."),
    ("strike", "asserted", None, "2024-05-05", "At 04:30 on Sunday a missile struck Dnipro."),
    (
        "strike",
        "asserted",
        None,
        "2023-01-14",
        "On 14 January 2023 a missile hit a block of flats in Dnipro.",
    ),
    ("control_change", "asserted", None, "2014-07-05", "Sloviansk was liberated on 5 July 2014."),
    (
        "encirclement",
        "asserted",
        None,
        "2024-04-01",
        "Since April the rebels have besieged El Fasher.",
    ),
    (
        "strike",
        "claimed",
        "witnesses",
        None,
        "Witnesses told AFP that jets bombed a market in Togoga.",
    ),
    (
        "strike",
        "claimed",
        "Red Crescent",
        None,
        "The Palestinian Red Crescent says its ambulance was hit in Rafah.",
    ),
    ("aid_delivery", "negated", None, None, "No aid has reached Gaza City for a week."),
    (
        "protest",
        "claimed",
        "police",
        None,
        "Police said about 3,000 people demonstrated in Tbilisi on Friday.",
    ),
    (
        "prisoner_exchange",
        "claimed",
        "Zelensky",
        None,
        "Ukraine and Russia have exchanged 100 prisoners in the Chernihiv region, Volodymyr Zelensky announced.",
    ),
    (
        "troop_movement",
        "claimed",
        "intelligence",
        None,
        "British intelligence reported that Russia was moving reserves to Tokmak.",
    ),
    (
        "strike",
        "claimed",
        "Konashenkov",
        None,
        '"High-precision weapons hit an arsenal in Khmelnytskyi," Igor Konashenkov told reporters.',
    ),
    ("strike", "claimed", "UN", None, "Kharkiv was shelled 40 times, by the UN's count."),
    (
        "strike",
        "claimed",
        "analysts",
        None,
        "Shells, analysts remarked, hit the centre of Kharkiv.",
    ),
    (
        "strike",
        "denied",
        "army",
        None,
        "A spokesman for the army ruled it out: no missile had hit Kharkiv.",
    ),
    (
        "control_change",
        "asserted",
        None,
        "2024-03-06",
        "Soledar was captured by Russian troops on March 6.",
    ),
    ("strike", "asserted", None, "2024-04-25", "Odesa was shelled in late April."),
    # Verbs of speech with irregular forms, offices and compounds beside the name.
    (
        "strike",
        "claimed",
        "Kyrylenko",
        None,
        "A missile fell on Kramatorsk on Saturday, the governor of Donetsk region, Pavlo Kyrylenko, said.",
    ),
    (
        "strike",
        "claimed",
        "Zaluzhnyi",
        None,
        "Shells hit Kharkiv on Saturday, commander-in-chief Valerii Zaluzhnyi told the agency.",
    ),
    (
        "strike",
        "claimed",
        "Kamyshin",
        None,
        "A missile hit Sloviansk, Oleksandr Kamyshin said; he urged evacuees not to panic.",
    ),
    (
        "strike",
        "claimed",
        "SBU",
        None,
        "KYIV, May 5 (Agency) - The SBU says drones hit a depot in Bryansk.",
    ),
    ("evacuation", "negated", None, None, "The evacuation of Kupiansk has been called off."),
    ("assault", "possible", None, None, "Residents left Kupiansk before an expected offensive."),
    (
        "talks",
        "planned",
        None,
        "2024-05-17",
        "The delegations of Russia and Ukraine meet again in Minsk on 17 May.",
    ),
]


@pytest.mark.parametrize(("kind", "factuality", "speaker", "day", "sentence"), SENTENCES)
def test_claim(
    kind: str, factuality: str, speaker: str | None, day: str | None, sentence: str, nlp: Any
) -> None:
    article = Article(id="a", text=CONTEXT + sentence, published=SUNDAY)
    events = extract(article, nlp=nlp).events
    event = next(e for e in events if e.type == kind and e.trigger.start >= len(CONTEXT))
    assert event.factuality == factuality
    said = event.attribution
    names = " / ".join(filter(None, (said.speaker, said.organisation))) if said else ""
    assert (speaker or "").lower() in names.lower()
    assert bool(names) == bool(speaker)
    if day is not None:
        assert event.date.start.isoformat() == day


BULLETIN = """General Staff of the Armed Forces of Ukraine: situation at 06:00

The enemy shelled Nikopol with artillery. Our troops repelled attacks near Robotyne.
"""


def test_a_bulletin_speaks_throughout(nlp: Any) -> None:
    events = extract(Article(id="a", text=BULLETIN, published=SUNDAY), nlp=nlp).events
    assert events
    for event in events:
        assert event.factuality == "claimed"
        assert "General Staff" in event.attribution.organisation
        assert event.attribution.side == "UA"


@pytest.mark.parametrize(
    ("opening", "speaker"),
    [
        ("Evening bulletin of the Siversk Operational-Tactical Group, May 4\n\n", "Siversk"),
        ("Information as of 08:00 from Oleksandr Prokudin, head of the region.\n\n", "Prokudin"),
        ("Serhiy Haidai / Luhansk region (Telegram)\n\n", "Haidai"),
        ("UNRWA statement on Kharkiv\n\n", "UNRWA"),
        ("Oleh Kiper, head of the Odesa region, on Telegram, 19 November 2024\n\n", "Kiper"),
        ("Kramatorsk city council, official channel, 22 July 2022\n\n", "Kramatorsk city council"),
        ("Twenty villages returned: the General Staff's morning report\n\n", "General Staff"),
        ("Syrian Observatory for Human Rights, 28 September 2016\n\n", "Observatory"),
        ("Gaza: bulletin of the Red Crescent, Sunday\n\n", "Red Crescent"),
        ("Evening address by President Zelensky on day 66\n\n", "Zelensky"),
        ("Army spokesman: the day\n\nStatement by Rear Adm. Daniel Hagari, morning\n\n", "Hagari"),
        ("News\n\nThe Ministry of Interior spreads the following information:\n", "Interior"),
        ("Defence Ministry report on the progress of the operation (1 October)\n\n", "Defence"),
        ("TASS: Defence Ministry, main points of the daily report\n\n", "Defence Ministry"),
        ("ICRC operational update: Kharkiv\n\n", "ICRC"),
        ("Operational information, 18:00 (General Staff of the Armed Forces)\n\n", "General Staff"),
        ("Bulletin. From the headquarters of the militia, 22 January, 20:00\n\n", "headquarters"),
        ("Sumy OVA: the border during August 13\n\n", "Sumy OVA"),
        ("Oleh Kiper, head of Odesa region: morning\n\n", "Kiper"),
        ("Oleh Kiper, Odesa OVA, on Thursday morning\n\n", "Kiper"),
    ],
)
def test_a_bulletin_is_known_by_its_opening(opening: str, speaker: str, nlp: Any) -> None:
    text = opening + "Tanks and artillery were in action. Shells hit Kharkiv on Saturday.\n"
    event = next(
        e for e in extract(Article(id="a", text=text), nlp=nlp).events if e.type == "strike"
    )
    assert event.factuality == "claimed"
    assert speaker in f"{event.attribution.speaker} {event.attribution.organisation}"


@pytest.mark.parametrize(
    "opening",
    [
        "Kharkiv: situation of the civilians is dire\n\n",
        "Summary of fighting around Kharkiv\n\n",
        "UN Security Council statement condemns attack\n\n",
        "Kyiv / Moscow\n\n",
        "OCHA Flash Update on Kharkiv, 17 July\n\n",
        "Kharkiv governor: quiet night\n\nKHARKIV, Sept 11, 2022 - ",
        "Foreign Ministry: missile fell\n\nBAKU, 17 October 2020. ",
    ],
)
def test_a_title_about_something_is_no_bulletin(opening: str, nlp: Any) -> None:
    text = opening + "Tanks and artillery were in action. Shells hit Kharkiv on Saturday.\n"
    event = next(
        e for e in extract(Article(id="a", text=text), nlp=nlp).events
        if e.type == "strike" and e.trigger.start > len(opening)
    )  # fmt: skip
    assert (event.factuality, event.attribution) == ("asserted", None)


def test_the_organisation_is_the_one_named_before(nlp: Any) -> None:
    text = (
        CONTEXT + "A hospital of Médecins Sans Frontières stands in Kunduz. "
        "Bombs hit Kunduz on Saturday, the organisation said."
    )
    event = next(
        e for e in extract(Article(id="a", text=text), nlp=nlp).events if e.type == "strike"
    )
    assert event.factuality == "claimed"


@pytest.mark.parametrize(
    ("sentence", "tense"),
    [
        ("The army shelled the town.", "past"),
        ("The army had shelled the town.", "pluperfect"),
        ("The army has shelled the town.", "perfect"),
        ("The army is shelling the town.", "present"),
        ("The army will shell the town.", "will"),
        ("The army wants to shell the town.", "to"),
    ],
)
def test_tense(sentence: str, tense: str, nlp: Any) -> None:
    doc = nlp(CONTEXT + sentence)
    token = next(t for t in doc if t.lemma_ == "shell")
    assert tense_at(token) == tense
    assert is_over(token) == (tense in {"past", "pluperfect"})
    assert (tense_at(token) in NOW) == (tense in {"perfect", "present", "will"})


def test_a_weekday_told_in_the_past_is_the_last_one(nlp: Any) -> None:
    sentence = "Troops shelled Kharkiv in June and will leave soon."
    article = Article(id="a", text=CONTEXT + sentence, published=SUNDAY)
    event = next(e for e in extract(article, nlp=nlp).events if e.type == "strike")
    assert event.date.start == dt.date(2023, 6, 1)


def test_the_speaker_before_a_colon(nlp: Any) -> None:
    text = CONTEXT + "Governor Igor Artamonov: two drones hit a depot in Lipetsk."
    event = next(
        e for e in extract(Article(id="a", text=text), nlp=nlp).events if e.type == "strike"
    )
    assert event.factuality == "claimed"
    assert event.attribution.speaker == "Igor Artamonov"


def test_the_speaker_of_the_sentences_around(nlp: Any) -> None:
    text = (
        CONTEXT + "The mayor of Sumy, Oleksandr Lysenko, said that the night was hard. "
        "Drones struck a depot in Sumy. Lysenko added that nobody was hurt."
    )
    event = next(
        e for e in extract(Article(id="a", text=text), nlp=nlp).events if e.type == "strike"
    )
    assert event.attribution is not None
    said = event.attribution
    assert "Lysenko" in f"{said.speaker} {said.organisation}"


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        (
            "KYIV, Jan 11 - The head of the Wagner group, Yevgeny Prigozhin, said his fighters had taken Soledar.",
            "Prigozhin",
        ),
        (
            "Kharkiv was shelled, Major General Vladimir Zolotukhin of the centre for reconciliation told journalists.",
            "Zolotukhin",
        ),
        (
            "Governor Oleh Syniehubov came to Kharkiv. The governor said that Kharkiv had been shelled on Saturday.",
            "Syniehubov",
        ),
    ],
)
def test_the_speaker_is_named(sentence: str, speaker: str, nlp: Any) -> None:
    text = CONTEXT + sentence + "\n"
    found = extract(Article(id="a", text=text), nlp=nlp).events
    said = [e.attribution for e in found if e.attribution is not None]
    assert said
    assert all(speaker in f"{one.speaker} {one.organisation}" for one in said)
