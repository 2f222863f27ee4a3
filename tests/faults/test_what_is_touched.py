"""Nothing is written but into the output folder; added data goes into the data folder alone."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NEWS = "Shelling hit Kharkiv on Tuesday, the mayor said. A corridor opened from Sumy to Poltava."
TABLE = "id,name,lat,lon\nown:1,Verkhnii Khutir,49.1,36.2\n"
# Prints each path opened for writing, made, moved or removed.
WATCHED = """
import os, sys
def note(event, args):
    if event == "open" and not (args[2] and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
        return
    if event in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link"}:
        paths = args[:2] if event in {"os.rename", "os.link"} else args[:1]
        for path in paths:
            # shutil.rmtree names what is in its folder by the folder's handle.
            if not (event in {"os.remove", "os.rmdir"} and args[1] != -1):
                sys.__stderr__.write(f"touched {os.path.abspath(os.fspath(path))}\\n")
sys.addaudithook(note)
sys.argv = ["geomap", *sys.argv[1:]]
from geomap.cli import main
main()
"""


def tree(folder: Path) -> dict[str, tuple[int, int] | None]:
    return {
        str(path.relative_to(folder)): None
        if path.is_dir()
        else (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a new user's home, with an article in a folder of news."""
    (tmp_path / "home" / "news").mkdir(parents=True)
    (tmp_path / "tmp").mkdir()
    (tmp_path / "home" / "news" / "2022-03-08-a.txt").write_text(NEWS)
    (tmp_path / "home" / "news" / "own.csv").write_text(TABLE)
    return tmp_path / "home"


def run(home: Path, *arguments: str) -> tuple[str, list[str]]:
    """Run a command in the home; give what it says and what it touched."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "GEOMAP_", "MPL", "COV"))
    }
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, *arguments],
        cwd=home,
        env={**kept, "HOME": str(home), "TMPDIR": str(home.parent / "tmp")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    return done.stdout, [
        line.removeprefix("touched ") for line in lines if line.startswith("touched ")
    ]


def outside(touched: list[str], *folders: Path) -> list[str]:
    allowed = (os.devnull, *map(str, folders))
    return [path for path in touched if not path.startswith(allowed)]


def test_map_touches_its_output_folder_alone(home: Path) -> None:
    before = tree(home)
    _, touched = run(home, "map", "news/2022-03-08-a.txt", "-o", "maps")
    after = tree(home)
    new = set(after) - set(before)
    assert {path for path in new if not path.startswith("maps")} == set()
    assert {path: after[path] for path in before} == before
    assert sorted(path for path in new if path != "maps") == [
        f"maps/{name}"
        for name in (
            "events.geojson", "extraction.jsonl", "geomap.gpkg", "geomap.qgz", "map.html",
            "toponyms.geojson",
        )
    ]  # fmt: skip
    assert tree(home.parent / "tmp") == {}
    assert touched
    assert outside(touched, home / "maps", home.parent / "tmp") == []


def test_gazetteer_add_touches_the_data_folder_alone(home: Path) -> None:
    before = tree(home)
    _, touched = run(home, "gazetteer", "add", "news/own.csv")
    data = home / ".local" / "share" / "geomap"
    new = {home / path for path in set(tree(home)) - set(before)}
    assert {path for path in new if path.is_file()} == {data / "gazetteers" / "own.sqlite"}
    assert outside(touched, home / ".local", home.parent / "tmp") == []
    assert tree(home.parent / "tmp") == {}


def test_doctor_touches_nothing(home: Path) -> None:
    before = tree(home)
    said, touched = run(home, "doctor")
    assert str(home / ".local" / "share" / "geomap") in said
    assert tree(home) == before
    assert outside(touched) == []
