"""Who says it, and which rule found that out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomap.events.quotes import quoted_ranges
from geomap.events.speech import SpeechFinder, Spoken
from tests.pipelines import read_for

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
     "goes on", "mayor of Sumy Oleksandr Lysenko", "say"),
    ("struck", f"{HARD} Drones struck a depot in Sumy. Petro Petrenko added that nobody was hurt.", "none", "", None),
    ("struck", f"{HARD}\n\nDrones struck a depot in Sumy. Lysenko added that nobody was hurt.", "none", "", None),
    ("struck", f"{HARD} Drones struck a depot in Sumy.", "none", "", None),
    ("struck", f"{NIGHT} Drones struck what he called “a large and empty depot” in Sumy.",
     "goes on quoting", "mayor Oleksandr Lysenko", "say"),
    ("struck", f"{NIGHT} Drones struck a “depot” in Sumy.", "none", "", None),
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
