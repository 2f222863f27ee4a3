from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_builders import lost

from geomap.gazetteer.corrections import COLUMNS, read_corrections
from geomap.gazetteer.normalise import key
from geomap.report_page.lost import correction_lines, excerpt_at, lost_names

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "It began early. They left Krasne, the old one, at dawn. Nobody came."


def test_names_are_counted_whatever_their_case_and_metonyms_are_not() -> None:
    rows = [
        lost(TEXT, "Krasne", article="a"),
        lost(TEXT.replace("Krasne", "KRASNE"), "KRASNE", article="b"),
        lost(TEXT, "Krasne", article="c"),
        lost("Off to Zzyzx.", "Zzyzx", article="d"),
    ]
    first, second = lost_names(rows)
    assert (first.name, first.mentions, first.articles) == ("Krasne", 3, 3)
    assert (second.name, second.mentions) == ("Zzyzx", 1)
    assert first.reason == "no place of that name is known"


def test_the_example_is_the_sentence() -> None:
    (one,) = lost_names([lost(TEXT, "Krasne")])
    assert one.example is not None
    assert one.example.before + one.example.words + one.example.after == (
        "They left Krasne, the old one, at dawn."
    )


def test_a_text_without_sentences_is_cut_at_words() -> None:
    text = "word " * 100 + "Krasne" + " word" * 100
    (one,) = lost_names([lost(text, "Krasne")])
    assert one.example is not None
    assert one.example.before.startswith("…word ")
    assert one.example.after.endswith(" word…")
    assert len(one.example.before) < 170


def test_without_a_text_there_is_no_example() -> None:
    row = lost(TEXT, "Krasne")
    bare = type(row)(
        article=type(row.article)(id="a", text=""), toponyms=row.toponyms, events=(),
        provenance=row.provenance,
    )  # fmt: skip
    (one,) = lost_names([bare])
    assert one.example is None


@given(st.text(max_size=400), st.integers(0, 400), st.integers(0, 400))
def test_an_excerpt_holds_its_words_on_one_line(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    extracted = lost(text + "X", "X")
    found = excerpt_at(extracted, start, end)
    whole = found.before + found.words + found.after
    assert "\n" not in whole
    assert found.words == " ".join(text[start:end].split(" ")) or "".join(
        found.words.split()
    ) == "".join(text[start:end].split())


@pytest.mark.parametrize("name", ["Krasne", 'The "Grad", north', "Łódź;Х", "New\nYork", "=1+1"])
@pytest.mark.parametrize("choice", [0, 1, 2, 3, 4])
def test_every_line_is_valid_when_completed(tmp_path: Path, name: str, choice: int) -> None:
    (one,) = lost_names([lost(f"They left {name} at dawn", name, candidates=3)])
    lines = correction_lines(one)
    assert len(lines) == 5
    file = tmp_path / "corrections.csv"
    line = lines[choice].replace("LAT", "50.1").replace("LON", "30.2")
    file.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8")
    (row,) = read_corrections(file).rows
    assert key(row.name) == key(name)
    assert row.action == ("never" if choice == 4 else "pin")
    if choice < 3:
        assert row.place == f"geonames:{choice}"
        assert row.note == f"Place, “{choice}”, Kyiv City, UA"
    if choice == 3:
        assert (row.lon, row.lat, row.radius_km) == (30.2, 50.1, 5.0)


def test_a_file_of_all_names_is_valid(tmp_path: Path) -> None:
    names = lost_names([lost(f"In {n}.", n, article=n, candidates=1) for n in ("Aa", "Bb", "Cc")])
    file = tmp_path / "corrections.csv"
    rows = [",".join(COLUMNS), *(correction_lines(one)[0] for one in names)]
    file.write_text("\n".join(rows), encoding="utf-8")
    assert [row.name for row in read_corrections(file).rows] == ["Aa", "Bb", "Cc"]
