"""Whether something happened, did not, may or will: what the rules say, phenomenon by phenomenon."""

from __future__ import annotations

import pytest

from geomap.events.moods import MoodRules
from geomap.events.negations import Negations
from tests.pipelines import read_for

# Trigger, sentence, and the mood where the attempt itself is the event, if that is another.
REAL = [
    ("hit", "A missile hit Odesa.", None),
    ("encircled", "The army has encircled Sumy.", None),
    ("evacuation", "The evacuation continues.", None),
    ("taken", "Hama was taken without the rebels losing a man.", None),
    ("fighting", "Without delay, fighting began in Hama.", None),
    ("surrounded", "Sumy was surrounded but not taken.", None),
    # Who can hear it can do so because it is there.
    ("shooting", "Shooting could be heard in Sumy.", None),
    ("explosions", "Explosions could be heard in Sumy.", None),
    # A name for it is no demand.
    ("withdrawal", "The UN called it a withdrawal.", None),
    # Two negations.
    ("take", "The rebels did not fail to take Hama.", "not"),
    ("attack", "The army did not repel an attack near Sumy.", "not"),
    ("convoy", "The convoy was turned around.", None),
    ("evacuation", "The evacuation went through.", None),
    ("leave", "The army did not refuse to leave Sumy.", None),
    # A participle tells of its noun, whatever that does.
    ("evacuated", "People in Sumy, evacuated in May, want to come back.", None),
    ("shelled", "The town, shelled since May, may fall.", None),
]
NOT = [
    ("hit", "No missile hit Odesa.", None),
    ("hit", "A missile did not hit Odesa.", None),
    ("hit", "Nothing hit Odesa.", None),
    ("hit", "Not one missile hit Odesa.", None),
    ("shelled", "Nobody shelled Sumy.", None),
    ("shelled", "Sumy was never shelled.", None),
    ("reached", "No aid has reached Gaza City.", None),
    ("taken", "Hama has not been taken.", None),
    ("taken", "Not one village has been taken.", None),
    ("taken", "Sumy was surrounded but not taken.", None),
    ("blockade", "Neither the blockade nor the shelling ended.", None),
    ("shelling", "There was no shelling of Odesa.", None),
    ("shelling", "They knew nothing of any shelling of Odesa.", None),
    ("fighting", "Hama was taken without fighting.", None),
    # Rumours.
    ("shelling", "Reports of the shelling are false.", None),
    ("shelling", "The army called reports of the shelling false.", None),
    ("storming", "Reports of a storming of Sumy are untrue.", None),
    ("storming", "The ministry branded reports of a storming of Sumy a lie.", None),
    ("shelling", "FAKE: the shelling of Odesa.", None),
    # It is yet to come, or cannot.
    ("take", "The rebels have yet to take Hama.", None),
    ("taken", "Hama has yet to be taken.", None),
    ("evacuation", "The evacuation has been impossible.", None),
    ("convoy", "Delivering the convoy has been impossible.", None),
    # Failure, which leaves the attempt.
    ("take", "The rebels failed to take Hama.", "real"),
    ("shelling", "The army stopped shelling Odesa.", "real"),
    ("attack", "The army repelled an attack near Sumy.", "real"),
    ("attack", "An attack on Sumy was foiled.", "real"),
    ("evacuation", "The evacuation fell through.", "real"),
    ("evacuation", "The evacuation failed.", "real"),
    ("ceasefire", "The ceasefire fell apart.", "real"),
    ("evacuation", "The evacuation was rejected by the rebels.", "real"),
    # Called off: nothing was tried.
    ("evacuation", "The evacuation was called off.", None),
    ("evacuation", "The army called off the evacuation.", None),
    ("evacuation", "The evacuation was cancelled.", None),
    ("evacuation", "The evacuation was turned down by the rebels.", None),
    ("attack", "The army ruled out an attack on Sumy.", None),
    ("truce", "A truce was ruled out.", None),
    ("ceasefire", "The ceasefire did not hold.", None),
    ("truce", "The truce was vetoed.", "real"),
    ("attack", "The attack was thwarted.", "real"),
    ("attack", "The attack collapsed.", None),
    ("talks", "The talks were postponed.", "real"),
    ("convoy", "The convoy was turned back.", None),
    ("shelling", "The mayor labelled the report of the shelling a lie.", None),
    ("shelling", "The army dubbed the shelling a fake.", None),
    ("shelling", "Not a single shelling was recorded.", None),
    ("truck", "Not a truck got in.", None),
    ("leave", "The army refused to leave Sumy.", None),
    ("besieged", "The army neither besieged nor shelled Sumy.", None),
]
POSSIBLE = [
    ("hit", "A missile may hit Odesa.", None),
    ("take", "The rebels could take Hama.", None),
    ("encircle", "The army could soon encircle Sumy.", None),
    ("encircled", "Russian troops have all but encircled the town of Bakhmut.", None),
    ("taken", "The rebels have all but taken Hama.", None),
    ("meet", "The delegations should meet in Doha.", None),
    ("leave", "The army would leave Sumy.", None),
    ("fall", "Kupiansk can fall.", None),
    ("evacuated", "The mayor said that Kupiansk could be evacuated.", None),
    ("left", "If the army left Sumy, people would come back.", None),
    ("left", "Unless the army left Sumy, people would flee.", None),
    ("withdraw", "Will the army withdraw from Sumy?", None),
    ("offensive", "Residents fear an offensive.", None),
    ("offensive", "Residents left before an expected offensive.", None),
    ("offensive", "An offensive is likely.", None),
    ("offensive", "The possible offensive worries Kyiv.", None),
    ("attack", "The army threatens to attack Sumy.", None),
    ("attacking", "The army is considering attacking Sumy.", None),
    ("withdraw", "The UN called on the army to withdraw from Sumy.", None),
    ("withdrawal", "The UN called for the withdrawal of the army from Sumy.", None),
    ("withdrawal", "The UN demanded a withdrawal from Sumy.", None),
    ("withdraw", "The UN wants the army to withdraw from Sumy.", None),
    ("retreat", "The general called on his men to retreat from Sumy.", None),
    ("attack", "An attack on Sumy is feared.", None),
    ("attack", "There is a risk of an attack on Sumy.", None),
    ("attack", "The threat of an attack on Sumy remains.", None),
    ("leave", "Civilians could leave Sumy by bus.", None),
    ("evacuate", "The army must evacuate Sumy.", None),
    ("evacuated", "Sumy should have been evacuated.", None),
    ("fall", "The town, shelled since May, may fall.", None),
]
PLANNED = [
    ("hit", "A missile will hit Odesa.", None),
    ("meet", "The delegations will meet in Doha.", None),
    ("opened", "A corridor will be opened.", None),
    ("take", "The rebels are to take Hama.", None),
    ("open", "A corridor is to open at noon.", None),
    ("open", "The corridor was to open at noon.", None),
    ("evacuated", "Kupiansk is to be evacuated.", None),
    ("besieged", "Sumy is to be besieged.", None),
    ("evacuated", "The mayor said that Kupiansk would be evacuated.", None),
    ("evacuation", "The army announced the evacuation of Kupiansk.", None),
    ("evacuation", "The planned evacuation of Kupiansk is near.", None),
    ("evacuation", "The army plans the evacuation of Kupiansk.", None),
    ("evacuate", "The army plans to evacuate Kupiansk.", None),
    ("evacuate", "The army agreed to evacuate Kupiansk.", None),
    ("attack", "The army decided to attack Sumy.", None),
    ("attack", "An attack is being prepared.", None),
    ("meet", "The delegations are expected to meet in Doha.", None),
    ("scheduled", "The talks are scheduled for Monday.", None),
    ("strikes", "The army is planning strikes on Odesa.", None),
    ("attack", "An attack on Sumy is planned.", None),
    ("evacuation", "The evacuation of Sumy was ordered.", None),
    ("evacuation", "The mayor ordered the evacuation of Sumy.", None),
    ("evacuation", "The mayor agreed on an evacuation of Sumy.", None),
    ("evacuation", "An agreement on the evacuation of Sumy was reached.", None),
    ("open", "The corridor is now to open at noon.", None),
    ("taken", "Sumy is soon to be taken.", None),
    # Who wants to do it himself plans it.
    ("withdraw", "The army wants to withdraw from Sumy.", None),
]
MOODS = [
    pytest.param(word, sentence, mood, tried or mood, id=sentence)
    for mood, rows in (("real", REAL), ("not", NOT), ("possible", POSSIBLE), ("planned", PLANNED))
    for word, sentence, tried in rows
]


@pytest.mark.parametrize(("word", "sentence", "mood", "tried"), MOODS)
def test_mood(word: str, sentence: str, mood: str, tried: str) -> None:
    trigger = read_for(word, sentence)
    rules = MoodRules(trigger.doc.text)
    assert rules.of(trigger) == mood
    assert rules.of(trigger, tried=True) == tried
    # Whoever denies it, it is not so.
    assert rules.of(trigger, denied=True) == "not"


@pytest.mark.parametrize(
    ("word", "sentence", "scope"),
    [
        ("hit", "A missile hit Odesa.", "hit"),
        ("shelling", "The army has not stopped shelling Odesa.", "shelling stopped"),
        ("shelling", "Reports of the shelling are false.", "shelling Reports"),
        ("evacuation", "The planned evacuation of Kupiansk is near.", "evacuation is"),
        ("shelled", "The governor told how they shelled Nikopol.", "shelled"),
        ("taken", "Sumy was surrounded but not taken.", "taken"),
        ("strike", "The strike that never was shook Sumy.", "strike"),
        ("wounded", "The number of wounded was put at 12.", "wounded number put"),
    ],
)
def test_the_scope_of_a_trigger_ends_with_its_clause(word: str, sentence: str, scope: str) -> None:
    trigger = read_for(word, sentence)
    found = Negations(trigger.doc.text).scope(trigger)
    assert " ".join(token.text for token in found) == scope


def test_a_rumour_is_that_of_its_line() -> None:
    first = read_for("fighting", "False: there is fighting in Sumy.\nThere is fighting in Lubny.")
    second = [t for t in first.doc if t.lower_ == "fighting"][-1]
    rules = MoodRules(first.doc.text)
    assert (rules.of(first), rules.of(second)) == ("not", "real")
