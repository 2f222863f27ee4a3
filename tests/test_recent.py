"""What was looked up lately: at most so many, those asked for stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geomap.recent import Recent


@given(
    st.lists(st.lists(st.integers(0, 30), max_size=8), max_size=40),
    st.integers(1, 20),
)
def test_values_are_right_and_few(batches: list[list[int]], most: int) -> None:
    recent: Recent[int, int] = Recent(most=most)
    for batch in batches:
        found = recent.known(batch)
        assert all(value == key * key for key, value in found.items())
        recent.update({key: key * key for key in batch if key not in found})
        assert len(recent) <= max(2, most)


def test_what_is_asked_for_stays() -> None:
    recent: Recent[str, bool] = Recent(most=10)
    recent.update({"Kyiv": False})
    for number in range(100):
        recent.update({f"n{number}": True})
        assert recent.get("Kyiv") is False
        assert recent.known(["Kyiv"]) == {"Kyiv": False}
    assert recent.get("n0") is None
    assert recent.get("n99") is True
    assert recent.known(["n0", "n99"]) == {"n99": True}
