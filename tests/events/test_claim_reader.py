"""Rules and models together: how sure an event is, and who says so."""

from __future__ import annotations

import pytest

from geomap.events.claims import ClaimReader
from geomap.events.quotes import quoted_ranges
from geomap.events.taxonomy import load_taxonomy
from tests.pipelines import CONTEXT, read

READ = [
    ("strike", "hit", "A missile hit Odesa.", "asserted", ""),
    ("strike", "hit", "A missile hit Odesa, officials said.", "claimed", "officials"),
    ("strike", "hit", "A missile did not hit Odesa.", "negated", ""),
    ("strike", "hit", "A missile will hit Odesa.", "planned", ""),
    ("strike", "hit", "A missile may hit Odesa, the mayor said.", "possible", "mayor"),
    ("strike", "shelling", "The ministry denied the shelling of Odesa.", "denied", "ministry"),
    ("strike", "bombed", "The Kremlin denied that its jets bombed Idlib.", "denied", "Kremlin"),
    # The attempt itself is the event of an assault, not of a change of control.
    ("assault", "attack", "The army repelled an attack near Sumy.", "asserted", ""),
    ("control_change", "take", "The rebels failed to take Hama.", "negated", ""),
    # Words of somebody who is not named.
    ("strike", "hit", "“A missile hit the port of Odesa and two ships burned.”", "claimed", ""),
    # What they could not do, what is called false, what is only added to.
    ("control_change", "take", "The army was unable to take Izium.", "negated", ""),
    ("control_change", "take", "The army was not able to take Izium.", "negated", ""),
    ("control_change", "taken", "It is false that Izium was taken, Kyiv said.", "denied", "Kyiv"),
    ("strike", "shelled", "The army not only shelled Izium but also Sumy.", "asserted", ""),
    # Who does not say it leaves it open.
    ("control_change", "taken", "He did not say that Izium was taken.", "possible", ""),
    ("encirclement", "ringed", "There is no confirmation that Izium was ringed.", "possible", ""),
    # An evacuation that would come is due.
    ("evacuation", "evacuated", "The mayor said that Sumy would be evacuated.", "planned", "mayor"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "word", "sentence", "factuality", "speaker"), READ)
def test_a_claim_is_read(
    kind: str, word: str, sentence: str, factuality: str, speaker: str
) -> None:
    doc = read(CONTEXT + sentence)
    trigger = next(t for t in doc if t.lower_ == word and t.idx >= len(CONTEXT))
    reader = ClaimReader(doc, quoted_ranges(doc.text))
    found, said = reader.read(trigger, load_taxonomy().types[kind])
    assert found == factuality
    assert ((said.organisation or said.speaker) if said else "") == speaker


@pytest.mark.parametrize(
    ("word", "sentence", "speaker"),
    [
        # A name behind the place where it was said.
        (
            "hit",
            "Two drones hit Izmail, said at a briefing in Odesa Natalia Humeniuk, a spokeswoman.",
            "Natalia Humeniuk",
        ),
        # A name has no clause of its own.
        (
            "hit",
            "President Ilham Aliyev told his nation from the Alley of Martyrs that Sumy was hit.",
            "Ilham Aliyev",
        ),
        # A pronoun, and "the official", for who spoke before.
        ("struck", "The mayor said it was hit. According to him, a drone struck Sumy.", "mayor"),
        (
            "killed",
            "The mayor, Roman Mrochko, said shells fell. The official also said two were killed.",
            "Roman Mrochko",
        ),
    ],
)
def test_a_speaker_is_found(word: str, sentence: str, speaker: str) -> None:
    doc = read(CONTEXT + sentence)
    trigger = next(t for t in doc if t.lower_ == word and t.idx >= len(CONTEXT))
    reader = ClaimReader(doc, quoted_ranges(doc.text))
    found, said = reader.read(trigger, load_taxonomy().types["strike"])
    assert found == "claimed"
    assert said is not None
    assert speaker in {said.speaker, said.organisation}


def test_who_spoke_last_weighs_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        CONTEXT + "Oleh Kiper, the governor, said that a missile hit Odesa. A drone struck Sumy. "
        "Shells killed two people."
    )
    doc = read(text)
    reader = ClaimReader(doc, quoted_ranges(text))
    kind = load_taxonomy().types["strike"]
    told: list[tuple[str, object]] = []
    decide = reader._claimants.decide
    monkeypatch.setattr(
        reader._claimants, "decide", lambda t, said: (told.append((t.text, said)), decide(t, said))
    )
    answers = [
        (t.text, reader.read(t, kind)[1]) for t in doc if t.text in {"hit", "struck", "killed"}
    ]
    assert told == answers
    assert answers[0][1].speaker == "Oleh Kiper"
