from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from samples import event, extracted

from geomap import draw_picture, events_to_gdf, write_extractions
from geomap.cli import main
from geomap.errors import OutputError
from geomap.geometry import point, ring

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("matplotlib")

RING = ring(34, 50, radius_km=9)
SOME = extracted(
    events=(
        event(),
        event(id="r", type="encirclement", factuality="asserted", geometry=RING),
        event(id="p", type="parade", factuality="planned", geometry=point(34.2, 50.1)),
        event(id="n", type="talks", factuality="negated", geometry=point(34.2, 50.1)),
        event(id="u", type="talks", geometry=None),
    )
)  # fmt: skip


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_same_input_gives_the_same_picture(kind: str, start: bytes, tmp_path: Path) -> None:
    one = draw_picture(SOME, tmp_path / f"one.{kind}").read_bytes()
    assert one.startswith(start)
    assert one == draw_picture(SOME, tmp_path / f"two.{kind}").read_bytes()


def test_a_picture_says_what_it_shows(tmp_path: Path) -> None:
    svg = draw_picture(SOME, tmp_path / "map.svg", title="$x^2$ <b>").read_text("utf-8")
    for words in (
        "Encirclement",
        "Corridor",
        "Claimed",
        "Sumy",
        "Natural Earth",
        "$x^2$ &lt;b&gt;",
    ):
        assert words in svg, words
    assert "Talks" not in svg
    again = draw_picture(SOME, tmp_path / "map.svg", draw_negated=True).read_text("utf-8")
    assert "Talks" in again


def test_a_frame_and_nothing_at_all(tmp_path: Path) -> None:
    assert draw_picture(events_to_gdf(SOME), tmp_path / "frame.png").stat().st_size > 10_000
    assert draw_picture([], tmp_path / "none.png").is_file()


def test_another_ending_and_no_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutputError, match=r"give \.png or \.svg"):
        draw_picture(SOME, tmp_path / "map.pdf")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OutputError, match=r"pip install 'geomap\[picture\]'"):
        draw_picture(SOME, tmp_path / "map.png")


def test_the_command(tmp_path: Path) -> None:
    saved = tmp_path / "extraction.jsonl"
    write_extractions([SOME], saved)
    arguments = [
        "picture",
        str(saved),
        "--format",
        "svg",
        "--type",
        "corridor",
        "-o",
        str(tmp_path),
    ]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert "Encirclement" not in (tmp_path / "map.svg").read_text("utf-8")
