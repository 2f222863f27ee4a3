"""Install geomap as its users do, in clean environments, and run the first things they run.

    python benchmarks/installs.py [--python PATH …] [--work FOLDER]

Builds sdist and wheel; installs the wheel with each Python from 3.11 on that is found; the sdist,
an editable checkout and ``uv tool install`` with the first. In each: ``geomap --help``, ``geomap
doctor``, the first map of the README from another folder, and tests that need no model. Every run
has a home of its own, empty and then looked through: nothing may be in it, in the folder the
command stands in but its output, or in the installed package. Needs uv and the package index.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
TESTS = (
    "test_contract.py", "test_escape.py", "test_errors.py", "test_frames.py", "test_settings.py",
    "gazetteer/test_search.py", "layers/test_edits.py", "test_public_names.py",
)  # fmt: skip
TEST_PACKAGES = ("pytest", "pytest-socket", "hypothesis")
OUTPUTS = ("map.html", "events.geojson", "geomap.gpkg", "geomap.qgz", "extraction.jsonl")


def run(*command: str | Path, cwd: Path | None = None, **variables: str) -> str:
    """Run a command; its output, or the end of this script."""
    done = subprocess.run(  # noqa: S603 - commands of this script
        [str(part) for part in command], cwd=cwd, env={**os.environ, **variables},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"FAILED {' '.join(map(str, command))}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        sys.exit(1)
    return done.stdout


def files_of(folder: Path) -> dict[str, int]:
    """List files and when they changed; Python's own caches left out."""
    return {
        str(path.relative_to(folder)): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def used(bin_folder: Path, package: Path | None, work: Path) -> float:
    """Run what a new user runs, and see what it leaves; seconds of the first map."""
    home, here, temporary = (work / name for name in ("home", "here", "tmp"))
    for folder in (home, here, temporary):
        folder.mkdir(parents=True)
    shutil.copytree(ROOT / "seeds", here / "seeds")
    variables = {
        "HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    for name in [name for name in os.environ if name.startswith(("XDG_", "GEOMAP_"))]:
        variables[name] = ""
    before = files_of(package) if package else {}
    geomap = bin_folder / "geomap"
    assert "Usage: geomap" in run(geomap, "--help", cwd=here, **variables)
    assert "gazetteer" in run(geomap, "doctor", cwd=here, **variables)
    started = time.monotonic()
    run(geomap, "map", "seeds/", "-o", "output/", cwd=here, **variables)
    seconds = time.monotonic() - started
    assert all((here / "output" / name).stat().st_size for name in OUTPUTS)
    assert {one.name for one in here.iterdir()} == {"seeds", "output"}
    assert files_of(home) == {}, files_of(home)
    assert files_of(temporary) == {}, files_of(temporary)
    assert (files_of(package) if package else {}) == before
    return seconds


def environment(python: str, what: str | Path, work: Path, *options: str) -> Path:
    """Make a clean environment with geomap in it; give its folder of programs."""
    run("uv", "venv", "-q", "--python", python, work / "venv")
    programs = work / "venv" / "bin"
    run("uv", "pip", "install", "-q", "--python", programs / "python", *options, what)
    return programs


def package_of(programs: Path) -> Path:
    """Give the folder of the installed package."""
    code = "import geomap, pathlib; print(pathlib.Path(geomap.__file__).parent)"
    return Path(run(programs / "python", "-c", code, cwd=programs, PYTHONPATH="").strip())


def tested(programs: Path, sdist: Path, work: Path) -> str:
    """Run tests of the sdist against what is installed, not against what lies beside them."""
    with tarfile.open(sdist) as archive:
        archive.extractall(work / "source", filter="data")
    (source,) = (work / "source").iterdir()
    shutil.rmtree(source / "geomap")
    run("uv", "pip", "install", "-q", "--python", programs / "python", *TEST_PACKAGES)
    paths = [f"tests/{name}" for name in TESTS]
    told = run(programs / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths,
               cwd=source, PYTHONPATH="")  # fmt: skip
    return told.strip().splitlines()[-1]


def pythons(given: list[str]) -> dict[str, str]:
    """Find the Pythons to try, by what they call themselves."""
    found = {}
    for name in given or [f"python{version}" for version in VERSIONS]:
        path = shutil.which(name)
        if path is None:
            continue
        code = "import platform; print(platform.python_version())"
        done = subprocess.run(  # noqa: S603 - commands of this script
            [path, "-c", code], capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            found[done.stdout.strip()] = path
    return found


def main() -> None:
    """Try all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--python", action="append", default=[], help="path; may be repeated")
    parser.add_argument("--work", type=Path, help="folder to work in; a new one by default")
    given = parser.parse_args()
    work = (given.work or Path(tempfile.mkdtemp(prefix="geomap-installs-"))).resolve()
    found = pythons(given.python)
    if not found:
        sys.exit("no Python from 3.11 on; give --python PATH")
    run("uv", "build", "-q", "--out-dir", work / "dist", ROOT)
    (wheel,), (sdist,) = (list((work / "dist").glob(kind)) for kind in ("*.whl", "*.tar.gz"))
    print(f"wheel {wheel.stat().st_size / 1e6:.0f} MB, sdist {sdist.stat().st_size / 1e6:.0f} MB")
    for version, python in found.items():
        folder = work / version
        programs = environment(python, wheel, folder)
        seconds = used(programs, package_of(programs), folder)
        print(
            f"{version}: wheel, first map {seconds:.0f} s; {tested(programs, sdist, folder)}",
            flush=True,
        )
    python, first = next(iter(found.values())), work / "first"
    tools = {"UV_TOOL_DIR": str(first / "tools"), "UV_TOOL_BIN_DIR": str(first / "bin")}
    run("uv", "tool", "install", "-q", "--python", python, wheel, **tools)
    print(
        f"uv tool install: first map {used(first / 'bin', None, first / 'tool'):.0f} s", flush=True
    )
    programs = environment(python, ROOT, work / "editable", "-e")
    assert package_of(programs) == ROOT / "geomap"
    print(f"editable: first map {used(programs, None, work / 'editable'):.0f} s", flush=True)
    programs = environment(python, sdist, work / "sdist")
    print(
        f"sdist: first map {used(programs, package_of(programs), work / 'sdist'):.0f} s", flush=True
    )
    if given.work is None:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
