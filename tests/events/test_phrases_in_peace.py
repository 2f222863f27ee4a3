"""Phrases of war in articles about other matters."""

from __future__ import annotations

from typing import Any

from geomap.events.annotations import events_of


def test_a_phrase_of_war_in_an_article_about_sport(nlp: Any) -> None:
    text = (
        "The coach returned from captivity to the basketball championship in Kharkov. "
        "The champion of boxing praised cricket and chess."
    )
    assert events_of(nlp(text)) == ()
