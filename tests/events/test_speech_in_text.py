"""Who says it, and which rule found that out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.events.quotes import quoted_ranges
from geomap.events.speech import SpeechFinder, Spoken
from tests.pipelines import read, read_for

if TYPE_CHECKING:
    from spacy.tokens import Token

HARD = "The mayor of Sumy, Oleksandr Lysenko, said that the night was hard."
NIGHT = "The mayor, Oleksandr Lysenko, said it was a hard night."
SPEECH = [
    # The verb above.
    ("hit", "Officials said that a missile hit Odesa.", "above", "Officials", "say"),
    ("hit", "A missile hit Odesa, officials said.", "above", "officials", "say"),
    ("shelled", "Police told reporters in Geneva on Sunday that rebels shelled Kadugli.", "above", "Police", "tell"),
    ("hit", "Reuters, citing officials, reported that a missile hit Odesa.", "above", "Reuters", "report"),
    ("shelled", "The governor told how they shelled Nikopol.", "above", "governor", "tell"),
    ("hit", "The mayor said that it was quiet; that a missile hit the station.", "above", "mayor", "say"),
    ("hit", "Ihor Terekhov was at the site. He said a missile hit Kharkiv.", "above", "Ihor Terekhov", "say"),
    ("hit", "“A missile hit the port of Odesa and two ships burned,” the mayor said.", "above", "mayor", "say"),
    # A noun that some of these verbs have for their object, and not others.
    ("shelling", "The governor reported shelling of Nikopol.", "above", "governor", "report"),
    ("shelling", "The governor saw shelling of Nikopol.", "none", "", None),
    ("wounded", "The number of wounded was put at 12 by the health ministry.", "above", "health ministry", "put"),
    # What some of them speak of.
    ("fighting", "The mayor spoke of fighting in Bakhmut.", "above", "mayor", "speak"),
    ("strikes", "The mayor warned of strikes on Odesa.", "above", "mayor", "warn"),
    ("strike", "The army wrote to the strike group in Odesa.", "none", "", None),
    # Denials.
    ("shelling", "The ministry denied the shelling of Odesa.", "above denied", "ministry", "deny"),
    ("bombed", "The Kremlin denied that its jets bombed Idlib.", "above denied", "Kremlin", "deny"),
    ("denied", "Moscow denied the strike on Idlib.", "itself denied", "Moscow", "deny"),
    ("evacuation", "The evacuation was rejected by the rebels.", "above denied", "rebels", "reject"),
    # Beside the clause.
    ("hit", "A missile, the mayor said, hit Odesa.", "inserted", "mayor", "say"),
    ("hit", "As the mayor said, a missile hit Odesa.", "parenthetic", "mayor", "say"),
    ("hit", "According to the mayor, a missile hit Odesa.", "according", "mayor", "according to"),
    ("hit", "By the UN's count a missile hit Odesa three times.", "account", "UN", "according to"),
    ("hit", "Claims by the ministry that a missile hit Odesa could not be checked.", "claim", "ministry", "claim"),
    ("hit", "The ministry summed up: a missile hit Odesa.", "colon", "ministry", "sum"),
    ("hit", "Governor Igor Artamonov: two drones hit a depot in Lipetsk.", "colon", "Igor Artamonov / Governor", None),
    ("evacuate", "The army wants to evacuate Kupiansk.", "wish", "army", "want"),
    ("withdrawal", "The UN demanded a withdrawal from Sumy.", "wish", "UN", "demand"),
    # A part of the sentence that goes on telling, and one that does not.
    ("hit", "Mayor Oleksandr Lysenko said that buses had left Sumy; a missile had hit the station.",
     "continued", "Oleksandr Lysenko / Mayor", "say"),
    ("hit", "It was quiet, the mayor said; a missile hit the station.", "none", "", None),
    # Quotations.
    ("hit", "Hennadii Trukhanov spoke on Sunday. “A missile hit the port of Odesa and two ships burned.”",
     "quote", "Hennadii Trukhanov", "speak"),
    ("hit", "“We say that a missile hit the port of Odesa,” Hennadii Trukhanov said on Sunday.",
     "above", "Hennadii Trukhanov", "say"),
    ("hit", "“A missile hit the port of Odesa and two ships burned all night long.”", "quoted", "", None),
    # The sentences around.
    ("struck", f"{HARD} Drones struck a depot in Sumy. Lysenko added that nobody was hurt.",
     "goes on", "Oleksandr Lysenko / mayor of Sumy", "say"),
    ("struck", f"{HARD} Drones struck a depot in Sumy. Petro Petrenko added that nobody was hurt.", "none", "", None),
    ("struck", f"{HARD}\n\nDrones struck a depot in Sumy. Lysenko added that nobody was hurt.", "none", "", None),
    ("struck", f"{HARD} Drones struck a depot in Sumy.", "none", "", None),
    ("struck", f"{NIGHT} Drones struck what he called “a large and empty depot” in Sumy.",
     "goes on quoting", "Oleksandr Lysenko / mayor", "say"),
    ("struck", f"{NIGHT} Drones struck a “depot” in Sumy.", "none", "", None),
    # Who "it", "he" and "the organisation" are.
    ("hit", "The Red Crescent works in Rafah. The organisation said a shell hit its depot in Rafah.",
     "above", "Red Crescent", "say"),
    ("hit", "Oleh Kiper came to Odesa. A missile hit Odesa, he said.", "above", "Oleh Kiper", "say"),
    ("hit", "The ministry met on Sunday. It said that a missile hit Odesa.", "above", "ministry", "say"),
    ("hit", "Oleh Kiper, who leads the region, said a missile hit the port.", "above", "Oleh Kiper", "say"),
    ("hit", "The council, which met in Odesa, said a missile hit the port.", "above", "council", "say"),
    ("hit", "A missile hit Odesa, he said.", "none", "", None),
    ("hit", "A missile hit Odesa, we said.", "none", "", None),
    ("hit", "I said that a missile hit Odesa.", "none", "", None),
    ("hit", "The video says that a missile hit Odesa.", "none", "", None),
    ("hit", "It was said by officials that a missile hit Odesa.", "above", "officials", "say"),
    ("hit", "KYIV, May 5 (Agency) - The SBU says drones hit a depot in Bryansk.", "above", "SBU", "say"),
    # Office and name, in either order; the verb before its speaker.
    ("hit", "A missile hit Odesa, the governor of the region, Oleh Kiper, said.",
     "closing", "Oleh Kiper / governor of the region", "say"),
    ("hit", "A missile hit Odesa – writes the Institute for the Study of War.",
     "above", "Institute for the Study of War", "write"),
    ("hit", "A missile hit Odesa, wrote Oleh Kiper on Telegram.", "above", "Oleh Kiper", "write"),
    ("hit", "A missile, Kyiv says, hit Odesa.", "inserted", "Kyiv", "say"),
    ("hit", "A missile hit Odesa, as Kyiv said.", "parenthetic", "Kyiv", "say"),
    ("hit", "As the mayor puts it, a missile hit Odesa.", "parenthetic", "mayor", "put"),
    # Accounts and claims, and whose they are.
    ("hit", "In the words of Oleh Kiper, a missile hit the port.", "account", "Oleh Kiper", "according to"),
    ("hit", "By data of the ministry, a missile hit the port.", "account", "ministry", "according to"),
    ("hit", "The ministry's claim that a missile hit the port is new.", "claim", "ministry", "claim"),
    ("hit", "Its claim that a missile hit the port is new.", "none", "", None),
    ("evacuation", "An evacuation promised by the UN began in Gaza City.", "claim", "UN", "promise"),
    ("evacuation", "The evacuation was promised by the UN.", "claim", "UN", "promise"),
    ("hit", "A missile hit Odesa according to the Southern Command.", "according", "Southern Command", "according to"),
    ("hit", "Accordingly, a missile hit Odesa.", "none", "", None),
    ("hit", "The mayor fears that a missile hit Odesa.", "wish", "mayor", "fear"),
    # Colons.
    ("hit", "A spokesman ruled it out: no missile hit Odesa.", "colon", "spokesman", "rule"),
    ("hit", "UNHCR: a missile hit Odesa.", "colon", "UNHCR", None),
    ("hit", "Kyiv: a missile hit Odesa.", "none", "", None),
    ("hit", "The news of the day in short for all of our readers in the whole wide world: a missile hit Odesa.",
     "none", "", None),
    # What some verbs have for an object, and others not.
    ("strike", "The mayor confirmed a strike on Odesa.", "above", "mayor", "confirm"),
    ("strike", "The mayor condemned a strike on Odesa.", "none", "", None),
    ("strikes", "The mayor complained of strikes on Odesa.", "above", "mayor", "complain"),
    ("strike", "The mayor accused Moscow of a strike on Odesa.", "above", "mayor", "accuse"),
    ("hit", "The mayor did not deny that a missile hit Odesa.", "none", "", None),
    # The quotation's paragraph.
    ("hit", "According to Oleh Kiper, it was a long night. “A missile hit the port of Odesa and two ships burned.”",
     "quote", "Oleh Kiper", "according to"),
    ("hit", "It was a hard night, said Oleh Kiper. “A missile hit the port of Odesa and two ships burned.”",
     "quote", "Oleh Kiper", "say"),
    ("hit", "“A missile hit the port of Odesa and two ships burned.” The mayor spoke on Sunday.",
     "quote", "mayor", "speak"),
    # "I say" within it is the quotation's own.
    ("hit", "The mayor spoke on Sunday. “A missile hit the port of Odesa. I say that two ships burned.” It was night.",
     "quote", "mayor", "speak"),
    # An office that is told twice without a name is the same.
    ("struck", "The mayor said that the night was hard. Drones struck a depot in Sumy. The mayor added that nobody was hurt.",
     "goes on", "mayor", "say"),
    ("struck", "Sumy is calm. Drones struck a depot in Sumy. The mayor added that nobody was hurt.", "none", "", None),
    ("shelled", "The mayor said that the buses had left; the rebels had shelled the road.", "continued", "mayor", "say"),
    ("shelled", "The mayor said that the buses had left; the rebels shelled the road.", "none", "", None),
    ("shelled", "The buses had left; the rebels had shelled the road.", "none", "", None),
    ("strike", "The mayor attributed the fire to a strike on Odesa.", "above", "mayor", "attribute"),
    ("strikes", "The mayor told of strikes on Odesa.", "above", "mayor", "tell"),
    ("withdrawal", "The army announced the withdrawal from Sumy.", "above", "army", "announce"),
    ("strike", "The army conceded a strike on Odesa.", "above", "army", "concede"),
    ("strikes", "The army recorded 12 strikes on Odesa.", "above", "army", "record"),
    ("hit", "Officials said on Sunday evening, after a long night, that a missile hit Odesa.", "above", "Officials", "say"),
    ("hit", "“A missile hit the port of Odesa and two ships burned.” Nobody would say more than Oleh Kiper did.",
     "quote", "Oleh Kiper", "say"),
    ("strikes", "The claim made by the ministry that strikes on Odesa ended is new.", "claim", "ministry", "claim"),
    ("hit", "A claim spread by the ministry that a missile hit Odesa is new.", "claim", "ministry", "claim"),
    ("hit", "The ministry is calm; a missile hit Odesa, in the version given by the ministry.", "account", "ministry", "according to"),
    ("evacuation", "The evacuation demanded by many began in Gaza City.", "none", "", None),
    ("evacuation", "An evacuation demanded on Sunday began in Gaza City.", "none", "", None),
    ("hit", "KYIV, May 5 (Reuters) - Ukraine's air force said a missile hit Odesa.", "above", "Ukraine's air force", "say"),
    ("hit", "The organisation said a shell hit its depot in Rafah.", "above", "organisation", "say"),
    ("hit", "According to them, a missile hit Odesa.", "none", "", None),
    ("hit", "A missile hit Odesa according", "none", "", None),
    # Nobody.
    ("hit", "A missile hit Odesa.", "none", "", None),
    ("hit", "He said a missile hit Odesa.", "none", "", None),
    ("surrounded", "It was announced that Bakhmut was surrounded.", "none", "", None),
]  # fmt: skip


def spoken_of(trigger: Token) -> Spoken:
    text = trigger.doc.text
    return SpeechFinder(trigger.doc, quoted_ranges(text)).attribution_of(trigger)


@pytest.mark.parametrize(
    ("word", "sentence", "way", "speaker", "verb"),
    [pytest.param(*row, id=f"{row[0]}: {row[1]}") for row in SPEECH],
)
def test_who_says_it(word: str, sentence: str, way: str, speaker: str, verb: str | None) -> None:
    spoken = spoken_of(read_for(word, sentence))
    assert spoken.way + " denied" * spoken.denied == way
    said = spoken.by
    names = " / ".join(filter(None, (said.speaker, said.organisation))) if said else ""
    assert (names, said.verb if said else None) == (speaker, verb)


@pytest.mark.parametrize(
    ("opening", "speaker"),
    [
        ("Iryna Vereshchuk: We have a hard night\n\nWe were in Odesa.", "Iryna Vereshchuk"),
        ("What the committee told us\n\nIt was a hard night.", "committee"),
        ("The Ministry of Defence reports: losses\n\nIt was a hard night.", "Ministry of Defence"),
        ("Odesa region: no news\n\nIt was a hard night.", None),
        # A diary, by nobody who is named.
        ("We live in Odesa: a diary\n\nWe were in Odesa.", None),
        ("Iryna Vereshchuk: a hard night\n\nIt was in Odesa.", None),
    ],
)
def test_whose_the_whole_text_is(opening: str, speaker: str | None) -> None:
    doc = read(f"{opening} Tanks and artillery were in action. A missile hit the port of Odesa.")
    spoken = spoken_of([t for t in doc if t.lower_ == "hit"][-1])
    assert spoken.way == ("none" if speaker is None else "bulletin")
    if speaker is not None:
        assert speaker in {spoken.by.speaker, spoken.by.organisation}


def test_a_bulletin_may_end_with_its_first_line() -> None:
    # Nothing stands behind the line that says whose it is, where its person is looked for.
    doc = read("The Ministry of Defence: a missile hit the port of Odesa.")
    spoken = spoken_of(next(t for t in doc if t.lower_ == "hit"))
    assert spoken.by is not None
    assert spoken.by.organisation == "Ministry of Defence"
