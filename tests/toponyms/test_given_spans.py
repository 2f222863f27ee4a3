"""Resolution of spans that are given, apart from recognition."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.errors import InputError


def resolve(text: str, spans: list[tuple[int, int]], nlp: Any) -> Any:
    return nlp.get_pipe("geomap_toponyms").predict(nlp(text), spans=spans)


def test_exactly_the_given_names_are_resolved(nlp: Any) -> None:
    text = "Shells fell on Kharkov. The Reading festival was far from Kyiv."
    (reading,) = resolve(text, [(28, 35)], nlp)
    assert (reading.text, reading.start, reading.end) == ("Reading", 28, 35)
    assert reading.place is not None
    assert resolve(text, [], nlp) == ()


def test_given_names_come_in_the_order_of_the_text_and_keep_their_context(nlp: Any) -> None:
    text = "The enemy stopped near Korosten (Zhytomyr region)."
    korosten, region = resolve(text, [(33, 48), (23, 31)], nlp)
    assert (korosten.text, region.text) == ("Korosten", "Zhytomyr region")
    assert "the text places it in" in korosten.reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Aid for Kharkiv2022 arrived.", "Kharkiv"),
        ("The trans-Kyiv route is closed.", "Kyiv"),
        ("#Mariupol fell.", "Mariupol"),
        ("They saw KyivLviv there.", "Lviv"),
    ],
)
def test_spans_inside_tokens_keep_their_offsets(text: str, name: str, nlp: Any) -> None:
    start = text.index(name)
    (found,) = resolve(text, [(start, start + len(name))], nlp)
    assert (found.text, text[found.start : found.end]) == (name, name)
    assert found.place is not None
    assert found.place.country == "UA"


@pytest.mark.parametrize("span", [(0, 0), (3, 2), (-1, 2), (0, 99), (99, 120)])
def test_spans_outside_the_text_are_refused(span: tuple[int, int], nlp: Any) -> None:
    with pytest.raises(InputError, match="is no span of a text of 4 characters"):
        resolve("Kyiv", [span], nlp)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), text=st.text("Kyiv Lvo.,-()’\n\u0301\U0001f4a5", min_size=1, max_size=60))
def test_any_span_keeps_its_text(data: st.DataObject, text: str, nlp: Any) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    try:
        (found,) = resolve(text, [(start, end)], nlp)
    except InputError:
        assert not text[start:end].strip()
    else:
        assert found.text == text[start:end]
