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
