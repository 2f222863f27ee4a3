"""The signs by which the models of claims decide: the weights know them by these very names."""

from __future__ import annotations

import json

import pytest

from geomap.events.quotes import quoted_ranges
from geomap.events.speech import SpeechFinder
from geomap.weights.wide import load_wide
from tests.events.claim_signs import FILE, TEXTS, acts_of, described
from tests.pipelines import read

KNOWN = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEXTS)
def test_a_sign_that_changed_its_name_would_be_lost_on_the_weights(name: str) -> None:
    assert described(TEXTS[name]) == KNOWN[name]["triggers"]


@pytest.mark.parametrize("name", TEXTS)
def test_acts_of_speech(name: str) -> None:
    assert acts_of(TEXTS[name]) == KNOWN[name]["acts"]


def test_most_of_the_signs_are_known_to_the_weights() -> None:
    triggers = [trigger for known in KNOWN.values() for trigger in known["triggers"]]
    moods = {sign for trigger in triggers for sign in trigger["mood"]}
    speakers = {s for t in triggers for speaker in t["speakers"] for s in speaker["signs"]}
    for signs, model in ((moods, load_wide("moods")), (speakers, load_wide("speakers"))):
        assert sum(sign in model.rows for sign in signs) > len(signs) / 2


def test_acts_but_mere_subjects_are_spoken() -> None:
    text = TEXTS["a quotation"]
    acts = SpeechFinder(read(text), quoted_ranges(text)).acts
    every = [act for sentence in read(text).sents for act in acts.within(sentence)]
    assert [act for act in every if act.kind != "subject"] == list(acts.spoken)
    assert [act.place for act in every] == sorted(act.place for act in every)
    assert len(every) > len(acts.spoken)
