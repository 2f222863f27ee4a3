"""What speaks for the mood and the speakers of triggers, of a few texts of our own.

    PYTHONPATH=. python -m tests.events.claim_signs     # write them down anew

Needed when the signs are changed on purpose, which takes new weights (benchmarks/fit_claims.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.events.claimants import Claimants
from geomap.events.mood_signs import mood_signs
from geomap.events.moods import MoodRules
from geomap.events.quotes import quoted_ranges
from geomap.events.speech import SpeechFinder
from tests.pipelines import CONTEXT, read

if TYPE_CHECKING:
    from geomap.records import Attribution

FILE = Path(__file__).with_name("claim_signs.json")
TEXTS = {
    "two speakers": (
        CONTEXT + "The mayor of Sumy, Oleksandr Lysenko, said on Sunday that drones had struck a "
        "depot in Sumy, but the governor denied it. Police reported that two people were wounded."
        "\n\n"
        "Was the bridge hit? Lysenko did not say. Troops are expected to leave Sumy soon, he added."
    ),
    "a bulletin": (
        "Evening bulletin of the Siversk Operational-Tactical Group, May 4\n\n"
        "• Our troops repelled attacks near Robotyne; I saw it.\n"
        "• The enemy did not shell Sumy, according to Serhiy Haidai. Shells hit Kharkiv.\n"
    ),
    "a quotation": (
        "Kharkiv shelled again\n\nTanks and artillery were in action.\n\n"
        "“A missile hit the port of Odesa and two ships burned,” Hennadii Trukhanov told Reuters. "
        "“They shelled the town, too: nobody was killed.”\n\nTrukhanov wants a ceasefire. "
        "By the UN's count 12 missiles struck Odesa.\n\nThe army withdrew on 5 May, Kyiv said."
    ),
    "many speakers": (
        "Kyiv and Moscow speak: the day\n\nBy data of the ministry a missile hit Odesa; by his account, "
        "the mayor said, nobody was killed. The army: the enemy withdrew, the General Staff said.\n\n"
        "Oleh Kiper said it was quiet. Petro Petrenko said, while it rained, that rebels had shelled "
        "Sumy. Anna Bilyk denied it. Ivan Franko counted 12 strikes.\n\n"
        "Nothing is known.\n\nIt is quiet.\n\nIt rains.\n\n"
        "Kiper said a drone struck Lubny. Did it? Kiper said so, and Kiper hopes that troops leave.\n"
        "Officials said it was over. Residents said it was not. Nobody knows what hit the port."
    ),
}
KINDS = {
    "struck": "strike", "wounded": "civilian_casualties", "hit": "strike", "leave": "withdrawal",
    "attacks": "assault", "shell": "strike", "shelled": "strike", "killed": "civilian_casualties",
    "ceasefire": "ceasefire", "withdrew": "withdrawal",
}  # fmt: skip


def name_of(said: Attribution | None) -> list[str | None]:
    return [said.speaker, said.organisation] if said else []


def described(text: str) -> list[dict[str, Any]]:
    """Give for each trigger of a text, in its order, all that speaks for moods and speakers."""
    doc = read(text)
    speech = SpeechFinder(doc, quoted_ranges(text))
    moods, claimants = MoodRules(text), Claimants(speech)
    found = []
    for trigger in (token for token in doc if token.text in KINDS):
        kind = KINDS[trigger.text]
        spoken = speech.attribution_of(trigger)
        ruled = moods.of(trigger, denied=spoken.denied)
        signs = mood_signs(trigger, kind=kind, ruled=ruled, spoken=spoken)
        those = claimants.of(trigger, spoken, kind)
        claimants.decide(trigger, spoken.by)
        found.append(
            {
                "trigger": trigger.text,
                "mood": sorted(signs),
                "speakers": [
                    {"who": name_of(one.said), "rule": one.by_rule, "signs": sorted(one.signs)}
                    for one in those
                ],
            }
        )
    return found


def acts_of(text: str) -> list[list[Any]]:
    """Give the acts of speech of a text, those at its top first."""
    acts = SpeechFinder(read(text), quoted_ranges(text)).acts
    every = (act for sentence in read(text).sents for act in acts.within(sentence))
    return [[a.place, a.kind, a.word, *name_of(a.said)] for a in (*acts.at_top, *every)]


def main() -> None:
    """Write the file."""
    table = {n: {"acts": acts_of(t), "triggers": described(t)} for n, t in TEXTS.items()}
    FILE.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
