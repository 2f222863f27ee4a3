from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geomap.gazetteer.normalise import is_code, key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kharkiv", "kharkiv"),
        ("Kup’yans’k", "kupyansk"),
        ("Slov'yans'k", "slovyansk"),
        ("Ivano-Frankivsk", "ivano frankivsk"),
        ("Ivano–Frankivsk", "ivano frankivsk"),
        ("  The   Hague ", "hague"),
        ("St. Petersburg", "saint petersburg"),
        ("St Petersburg", "saint petersburg"),
        ("U.S.", "us"),
        ("U.S.A.", "usa"),
        ("Washington, D.C.", "washington dc"),
        ("Łódź", "lodz"),
        ("Ḩimş", "hims"),
        ("Київ", "киів"),
        ("Харьков", "харков"),
        ("Luhansk People’s Republic", "luhansk peoples republic"),
        ("the", "the"),
        ("…", ""),
        ("", ""),
    ],
)
def test_key(text: str, expected: str) -> None:
    assert key(text) == expected


@given(st.text(max_size=40))
@example("the the x")
@example("\u017ft. \u0130zmir")
@example("U.S.")
@example("a.b.c")
def test_key_of_key_is_key(text: str) -> None:
    assert key(key(text)) == key(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz' -", max_size=30))
def test_key_ignores_capitals_and_apostrophes(text: str) -> None:
    assert key(text.upper()) == key(text.lower())
    assert key(text.replace("'", "\u02bc")) == key(text)


@pytest.mark.parametrize("name", ["DNR", "US", "U.K.", "DPRK"])
def test_codes(name: str) -> None:
    assert is_code(name)


@pytest.mark.parametrize("name", ["Us", "USSRS", "A", "Kyiv", "T4", ""])
def test_no_codes(name: str) -> None:
    assert not is_code(name)
