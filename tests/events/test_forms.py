"""The fast look at a sentence loses nothing that the trigger finder would find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geomap.events.forms import forms_of
from geomap.events.triggers import find_triggers, is_about_fighting, may_hold_event
from geomap.toponyms.annotations import toponyms_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("lemma", "form"),
    [
        ("shell", "shelled"),
        ("hit", "hitting"),
        ("seize", "seizing"),
        ("deny", "denied"),
        ("clash", "clashes"),
        ("strike", "struck"),
        ("withdraw", "withdrew"),
        ("casualty", "casualties"),
    ],
)
def test_forms(lemma: str, form: str) -> None:
    assert form in forms_of(lemma)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Troops SURROUNDED the town.", True),
        ("A cease-fire took hold.", True),
        ("Their flag was raised; they raised the flag over the town hall.", True),
        ("The minister praised a school for music.", False),
        ("First, the firm confirmed it.", False),
        ("", False),
    ],
)
def test_may_hold_event(sentence: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert may_hold_event(sentence) is expected


def test_no_trigger_is_lost(root_dir: Path, nlp: Any) -> None:
    for path in sorted((root_dir / "seeds").glob("*.txt")):
        fighting = is_about_fighting(path.read_text(encoding="utf-8"))
        doc = nlp(path.read_text(encoding="utf-8"))
        places = [
            (span, t)
            for t in toponyms_of(doc)
            if (span := doc.char_span(t.start, t.end)) is not None
        ]
        for found in find_triggers(doc, places):
            text = found.token.sent.text
            assert may_hold_event(text, fighting=fighting), text
