"""Where somebody else's words begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.events.quotes import FEWEST_CHARACTERS, is_quoted, quoted_ranges

LONG = "the whole city is surrounded by troops"


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_ranges(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"He said: “{LONG}.” Then", [f"“{LONG}.”"]),
        (f"He said: «{LONG}» and „{LONG}”", [f"«{LONG}»", f"„{LONG}”"]),
        (f'He said: "{LONG}" and "{LONG}" too', [f'"{LONG}"', f'"{LONG}"']),
        # One within the other is one.
        (f"“{LONG}, as «they» say, “so” on” he", [f"“{LONG}, as «they» say, “so” on”"]),
        (f'“{LONG} "or so" on” he said', [f'“{LONG} "or so" on”']),
        (f'"{LONG} «or so» on" he said', [f'"{LONG} «or so» on"']),
        # Not closed: it ends with its paragraph.
        (f"“{LONG}\nThe road is open", [f"“{LONG}"]),
        (f'"{LONG}\nThe road is open', [f'"{LONG}']),
        (f"He: “{LONG}", [f"“{LONG}"]),
        (f'He: "{LONG}', [f'"{LONG}']),
        (f"“{LONG}\n“{LONG}” he", [f"“{LONG}", f"“{LONG}”"]),
        # Closed and never opened.
        (f"{LONG}” he said. “{LONG}”", [f"“{LONG}”"]),
        # Short ones are names, unless they end as speech does.
        ("the “special operation” goes on", []),
        ("“We have the sea,” says he", ["“We have the sea,”"]),
        ("“Where are you?” and “Come!”", ["“Where are you?”", "“Come!”"]),
        ("“Stop.” he said", []),
        ("", []),
    ],
)  # fmt: skip
def test_quotations(text: str, found: list[str]) -> None:
    assert quoted(text) == found


def test_a_quotation_of_thirty_characters_counts() -> None:
    words = "x" * (FEWEST_CHARACTERS - 2)
    assert quoted(f"“{words}”") == [f"“{words}”"]
    assert quoted(f"“{words[1:]}”") == []


def test_an_offset_is_quoted_from_the_opening_mark_to_the_closing_one() -> None:
    ranges = ((2, 5), (9, 10))
    assert [is_quoted(offset, ranges) for offset in range(11)] == [
        offset in {2, 3, 4, 9} for offset in range(11)
    ]


@given(st.text(alphabet="ab.,\n“”«»„\"'", max_size=200))
def test_quotations_are_in_order_and_never_overlap(text: str) -> None:
    ranges = quoted_ranges(text)
    flat = [offset for pair in ranges for offset in pair]
    assert flat == sorted(flat)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert not any("\n" in text[start:end] for start, end in ranges)
