"""The documentation builds without a network, and every block of code in it runs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# A fence may say why it is not run: ```bash title="asks the network".
FENCE = re.compile(r"^```(bash|python|toml)( [^\n]*)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def runnable(page: Path) -> list[tuple[str, str]]:
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [(kind, code) for kind, note, code in found if kind != "toml" and not note]


PAGES = sorted(page for page in DOCS.rglob("*.md") if runnable(page))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the home page's command leaves."""
    made = tmp_path_factory.mktemp("read")
    (made / "seeds").symlink_to(ROOT / "seeds")
    done = run(["geomap", "map", "seeds/", "-o", "output/"], made)
    assert done.returncode == 0, done.stderr
    return made / "output"


@pytest.fixture
def folder(tmp_path: Path, output: Path) -> Path:
    """A folder as a reader has it: the seeds, and what the home page's command made of them."""
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    shutil.copytree(output, tmp_path / "output")
    return tmp_path


PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
VARIABLES = {**os.environ, "PATH": PATH, "PYTHONPATH": str(ROOT), "PIP_NO_INDEX": "1"}


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=VARIABLES, capture_output=True, text=True, check=False, timeout=300
    )


# Runs each line of its input as a block, and says when it is done: blocks of Python go on where
# the last one ended, as a reader's session does, and the model is loaded once a page.
SESSION = """
import json, sys
names = {"__name__": "__main__"}
for line in sys.stdin:
    exec(compile(json.loads(line), "block", "exec"), names)
    print("\\n%s", flush=True)
"""
DONE = "-- the block is done --"


@contextlib.contextmanager
def session(folder: Path) -> Iterator[tuple[IO[str], IO[str]]]:
    with subprocess.Popen(
        [sys.executable, "-W", "error::FutureWarning", "-c", SESSION % DONE],
        cwd=folder, env=VARIABLES, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdin, process.stdout


def told(python: tuple[IO[str], IO[str]], code: str) -> str | None:
    """Run a block in the session; give what went wrong, or ``None``."""
    python[0].write(json.dumps(code) + "\n")
    python[0].flush()
    said = []
    for line in python[1]:
        if line.strip() == DONE:
            return None
        said.append(line)
    return "".join(said)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(DOCS)) for page in PAGES])
def test_every_block_runs(page: Path, folder: Path) -> None:
    with session(folder) as python:
        for kind, code in runnable(page):
            if kind == "bash":
                done = run(["bash", "-euo", "pipefail", "-c", code], folder)
                assert done.returncode == 0, f"{code}\n{done.stdout}\n{done.stderr}"
            else:
                assert (fault := told(python, code)) is None, f"{code}\n{fault}"


def test_the_site_builds_strictly(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="pip install -e '.[docs]'")
    target = tmp_path / "site"
    done = run([sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(target)], ROOT)
    assert done.returncode == 0, done.stderr
    page = (target / "tutorial.html").read_text(encoding="utf-8")
    assert "geomap doctor" in re.sub(r"<[^>]+>", "", page)
    # Nothing is fetched from elsewhere when a page opens.
    fetched = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?:[^"]+)"', page)
    assert fetched == []
    assert "geomap draw" in (target / "reference" / "commands.html").read_text(encoding="utf-8")
    assert "events_to_gdf" in (target / "reference" / "python.html").read_text(encoding="utf-8")


def test_the_notebook_runs(folder: Path) -> None:
    nbformat = pytest.importorskip("nbformat", reason="pip install -e '.[docs]'")
    nbclient = pytest.importorskip("nbclient", reason="pip install -e '.[docs]'")
    source = shutil.copy(DOCS / "examples" / "first-map.ipynb", folder)
    notebook = nbformat.read(source, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    shown = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    assert any("text/html" in out.get("data", {}) for out in shown)
    assert (folder / "map.html").stat().st_size > 100_000
