"""The README's blocks: those of Python run, those of shell name real commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from geomap.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def blocks(root: Path, language: str) -> list[str]:
    text = (root / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.slow
def test_the_python_example_runs(
    root_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = blocks(root_dir, "python")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(root_dir / "seeds")
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own README
    assert (tmp_path / "map.html").stat().st_size > 100_000


def test_the_commands_exist(root_dir: Path) -> None:
    text = (root_dir / "README.md").read_text(encoding="utf-8")
    # The lines of the listing: a command, spaces, what it does.
    named = set(re.findall(r"^geomap ([a-z]+)\b(?=.* {2,}\S)", text, re.MULTILINE))
    assert {"extract", "draw", "geocode", "evaluate", "doctor"} <= named <= set(main.commands)


def test_links_lead_somewhere(root_dir: Path) -> None:
    text = (root_dir / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (root_dir / target).exists(), target
