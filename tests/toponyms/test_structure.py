"""Lists, brackets and containers around a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.toponyms.structure import LONGEST_LIST, containers_of, lookup_of, settlement_noun


def spans_of(text: str, names: list[str]) -> list[tuple[int, int]]:
    spans, after = [], 0
    for name in names:
        start = text.index(name, after)
        after = start + len(name)
        spans.append((start, after))
    return spans


@pytest.mark.parametrize(
    ("text", "names", "lookups"),
    [
        ("the Donetsk and Luhansk regions", ["Donetsk", "Luhansk"],
         ["Donetsk region", "Luhansk region"]),
        ("the Donetsk and Luhansk regions", ["Donetsk", "Luhansk regions"],
         ["Donetsk region", "Luhansk regions"]),
        ("the Kharkiv, Sumy and Chernihiv oblasts", ["Kharkiv", "Sumy", "Chernihiv"],
         ["Kharkiv oblast", "Sumy oblast", "Chernihiv oblast"]),
        ("Cook, Lake, and Will Counties", ["Cook", "Lake", "Will"],
         ["Cook county", "Lake county", "Will county"]),
        ("Idlib as well as Hama governorates", ["Idlib", "Hama"],
         ["Idlib governorate", "Hama governorate"]),
        ("Donetsk and Luhansk", ["Donetsk", "Luhansk"], ["Donetsk", "Luhansk"]),
        ("Donetsk and Luhansk; regions fell", ["Donetsk", "Luhansk"], ["Donetsk", "Luhansk"]),
        ("Kyiv. Donetsk regions", ["Kyiv", "Donetsk"], ["Kyiv", "Donetsk"]),
        ("the Donetsk and Luhansk People’s Republics", ["Donetsk", "Luhansk"],
         ["Donetsk People’s Republic", "Luhansk People’s Republic"]),
        ("the Donetsk People's Republic", ["Donetsk"], ["Donetsk People's Republic"]),
    ],
)  # fmt: skip
def test_a_noun_at_the_end_reaches_back_over_a_list(
    text: str, names: list[str], lookups: list[str]
) -> None:
    spans = spans_of(text, names)
    assert [lookup_of(text, spans, n) for n in range(len(spans))] == lookups


def test_a_list_reaches_back_so_far_and_no_farther() -> None:
    names = [f"Name{number:02}" for number in range(LONGEST_LIST + 5)]
    text = ", ".join(names[:-1]) + f" and {names[-1]} regions"
    found = [lookup_of(text, spans_of(text, names), n) for n in range(len(names))]
    assert found[:5] == names[:5]
    assert found[5:] == [f"{name} region" for name in names[5:]]


@pytest.mark.parametrize(
    ("text", "names", "containers"),
    [
        ("Korosten (Zhytomyr region, north of Kiev)", ["Korosten", "Zhytomyr region", "Kiev"],
         ("Zhytomyr region",)),
        ("Springfield, Illinois", ["Springfield", "Illinois"], ("Illinois",)),
        ("Paris, Lamar County, Texas", ["Paris", "Lamar County", "Texas"], ("Texas",)),
        ("Bakhmut in the Donetsk region", ["Bakhmut", "Donetsk region"], ("Donetsk region",)),
        ("Bakhmut, in eastern Ukraine", ["Bakhmut", "Ukraine"], ("Ukraine",)),
        ("the Lysa Hora area in Kyiv", ["Lysa Hora", "Kyiv"], ("Kyiv",)),
        ("Saltivka district of Kharkiv", ["Saltivka", "Kharkiv"], ("Kharkiv",)),
        ("Sumy, Poltava and Lubny", ["Sumy", "Poltava", "Lubny"], ()),
        ("Sumy and Poltava", ["Sumy", "Poltava"], ()),
        ("Paris, Texas, and Paris, France", ["Paris", "Texas", "Paris", "France"], ("Texas",)),
        ("Sumy. Poltava", ["Sumy", "Poltava"], ()),
        ("Sumy", ["Sumy"], ()),
    ],
)  # fmt: skip
def test_what_contains_the_first_name(
    text: str, names: list[str], containers: tuple[str, ...]
) -> None:
    assert containers_of(text, spans_of(text, names), 0) == containers


def test_what_owns_a_name_contains_it() -> None:
    text = "Kyiv’s Lysa Hora"
    assert containers_of(text, spans_of(text, ["Kyiv", "Lysa Hora"]), 1) == ("Kyiv",)
    assert containers_of(text, spans_of(text, ["Kyiv", "Lysa Hora"]), 0) == ()


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("the city of ", True),
        ("The Village ", True),
        ("near the settlement of ", True),
        ("the capacity of ", False),
        ("the city council of ", False),
        ("", False),
    ],
)
def test_words_that_make_a_settlement(before: str, *, says: bool) -> None:
    assert settlement_noun(f"{before}Sumy", len(before)) is says


@given(
    st.text("Kyiv Sumy,()’s\n and regions of in", min_size=1, max_size=80),
    st.data(),
)
def test_any_spans_of_any_text_are_read(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=8)))
    spans = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    names = {text[a:b] for a, b in spans}
    for number, (start, end) in enumerate(spans):
        assert lookup_of(text, spans, number).startswith(text[start:end])
        assert set(containers_of(text, spans, number)) <= names
        assert settlement_noun(text, start) in {True, False}
