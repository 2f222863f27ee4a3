"""The plugin through qgis_process: each algorithm, on dispatches of the project."""

from __future__ import annotations

import configparser
import csv
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest
from shapely.geometry import Point

if TYPE_CHECKING:
    from collections.abc import Callable

QGIS_PROCESS = os.environ.get("QGIS_PROCESS") or shutil.which("qgis_process.bin") or "qgis_process"
SEED = "2022-03-08-sumy.txt"


@pytest.fixture(scope="module")
def zipped(root_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    script = root_dir / "qgis_plugin" / "build.py"
    folder = tmp_path_factory.mktemp("zip")
    subprocess.run([sys.executable, str(script), "-o", str(folder)], check=True, timeout=60)
    return folder / "geomap_events.zip"


def test_the_archive_is_what_the_repository_asks_for(zipped: Path, root_dir: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        names = {name.removeprefix("geomap_events/") for name in archive.namelist()}
        text = archive.read("geomap_events/metadata.txt").decode()
    assert {"__init__.py", "metadata.txt", "LICENSE", "icon.svg"} <= names
    assert all(name.startswith("geomap_events/") for name in zipfile.ZipFile(zipped).namelist())
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    general = parser["general"]
    # https://plugins.qgis.org/docs/publish: what metadata.txt must have.
    for field in ("name", "qgisMinimumVersion", "description", "about", "version", "author"):
        assert general[field], field
    # No address is made up: whoever gives the project a home sets these, as the file says.
    assert {"email", "repository", "tracker"} <= set(general)
    assert "whoever publishes it sets email, homepage, repository and tracker here" in text
    assert general["hasProcessingProvider"] == "yes"
    assert (root_dir / "qgis_plugin/geomap_events" / general["icon"]).is_file()


@pytest.fixture(scope="module")
def process(
    qgis_python: str, zipped: Path, root_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Any]:
    """Run an algorithm in a QGIS whose only plugin is ours, and give what it answers."""
    if shutil.which(QGIS_PROCESS) is None:
        pytest.skip("qgis_process is not here: apt-get install qgis, or set QGIS_PROCESS")
    home = tmp_path_factory.mktemp("home")
    plugins = home / ".local/share/QGIS/QGIS3/profiles/default/python/plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(plugins)
    program = home / "geomap"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={root_dir} exec {sys.executable} -m geomap "$@"\n')
    program.chmod(0o755)
    # Without the environment of these tests: QGIS's Python looks for its home along the PATH.
    own = str(Path(sys.executable).parent)
    path = os.pathsep.join(one for one in os.environ["PATH"].split(os.pathsep) if one != own)
    environment = {
        "PATH": path, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen",
        "GEOMAP_PROGRAM": str(program), "GEOMAP_DATA": str(home / "data"),
        # What a QGIS of Windows sets, and geomap must not get.
        "VIRTUAL_ENV": "/nowhere",
    }  # fmt: skip

    def run(*arguments: Any, **changes: str) -> Any:
        return subprocess.run(
            [QGIS_PROCESS, *map(str, arguments)],
            capture_output=True, text=True, timeout=300, check=False,
            env={**environment, **changes},
        )  # fmt: skip

    run("plugins", "enable", "geomap_events")
    return run


def results(done: Any) -> dict[str, Any]:
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    start = done.stdout.index("{")
    found: dict[str, Any] = json.loads(done.stdout[start:])["results"]
    return found


pytestmark = pytest.mark.slow


@pytest.mark.qgis
def test_map_edit_correct_and_map_again(process: Any, root_dir: Path, tmp_path: Path) -> None:
    seed, first = root_dir / "seeds" / SEED, tmp_path / "1"
    found = results(
        process("--json", "run", "geomap:mapevents", "--", f"FILE={seed}", f"OUTPUT={first}")
    )
    assert found["EVENTS"] > 3
    file = Path(found["GEOPACKAGE"])
    assert (first / "geomap.qgz").is_file()
    # An analyst moves Sumy.
    names = pyogrio.read_dataframe(file, layer="toponyms")
    name = names[(names["name"] == "Sumy") & (names["text"] == "Sumy")].iloc[0]
    move(file, name["toponym_id"], Point(35.5, 51.5))
    csv_file = tmp_path / "c.csv"
    found = results(
        process("--json", "run", "geomap:updatecorrections", "--", f"GEOPACKAGE={file}",
                f"OUTPUT={csv_file}")
    )  # fmt: skip
    assert found["CORRECTED"] == 1
    (row,) = csv.DictReader(csv_file.read_text(encoding="utf-8").splitlines())
    assert (row["action"], row["name"], row["lon"], row["lat"]) == ("pin", "Sumy", "35.5", "51.5")
    # The next run obeys, also on pasted text.
    again = results(
        process("--json", "run", "geomap:mapevents", "--", "TEXT=A missile hit Sumy on 3 March.",
                f"CORRECTIONS={csv_file}", f"OUTPUT={tmp_path / '2'}")
    )  # fmt: skip
    after = pyogrio.read_dataframe(again["GEOPACKAGE"], layer="toponyms")
    assert [(p.x, p.y) for p in after.geometry] == [(35.5, 51.5)]


def move(file: Path, toponym_id: str, to: Point) -> None:
    frame = pyogrio.read_dataframe(file, layer="toponyms")
    frame.loc[frame["toponym_id"] == toponym_id, "geometry"] = to
    # A layer of its own takes the place of the first, as an edit in QGIS would.
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM layer_styles WHERE f_table_name = 'toponyms'")
    pyogrio.write_dataframe(frame, file, layer="toponyms", driver="GPKG", append=False)


@pytest.mark.qgis
def test_geocode(process: Any, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text('id,town\n1,Kharkiv\n2,\n3,Nowherehereville-on-X\n4,"-odd"\n5,Kharkiv\n')
    out = tmp_path / "o.gpkg"
    found = results(
        process("--json", "run", "geomap:geocodefield", "--", f"INPUT={table}", "FIELD=town",
                "COUNTRY=UA", f"OUTPUT={out}")
    )  # fmt: skip
    frame = pyogrio.read_dataframe(out)
    assert len(frame) == 5
    kharkiv = frame[frame["geo_name"] == "Kharkiv"]
    assert list(kharkiv["id"].astype(str)) == ["1", "5"]
    assert found["FOUND"] >= 2
    assert frame.geometry.iloc[1] is None or frame.geometry.iloc[1].is_empty
    assert kharkiv.geometry.iloc[0].distance(Point(36.25, 50.0)) < 0.2


@pytest.mark.qgis
@pytest.mark.parametrize(
    ("given", "changes", "told"),
    [
        (["TEXT="], {}, "Nothing to read"),
        (["TEXT=x"], {"GEOMAP_PROGRAM": "/nowhere/geomap"}, "is not there. Install it"),
        (["FILE=/nowhere.txt"], {}, "No article could be read"),
    ],
)
def test_errors_are_told(
    given: list[str], changes: dict[str, str], told: str, process: Any, tmp_path: Path
) -> None:
    done = process("run", "geomap:mapevents", "--", *given, f"OUTPUT={tmp_path / 'o'}", **changes)
    assert told in done.stdout + done.stderr
    assert not (tmp_path / "o" / "geomap.gpkg").exists()


def test_cancelling_ends_the_program(
    root_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without QGIS: its names stand in, the call of the program is the real one."""
    program = tmp_path / "geomap"
    program.write_text("#!/bin/sh\necho $$\nexec sleep 60\n")
    program.chmod(0o755)
    module = load_program(root_dir, monkeypatch)
    monkeypatch.setenv("GEOMAP_PROGRAM", str(program))

    class Feedback:
        """Cancels at the first line."""

        cancelled = False

        def isCanceled(self) -> bool:  # noqa: N802 - QGIS's name
            return self.cancelled

        def pushCommandInfo(self, _text: str) -> None:  # noqa: N802 - QGIS's name
            """Say nothing."""

    feedback, pids = Feedback(), []

    def cancel(line: str) -> None:
        pids.append(int(line))
        feedback.cancelled = True

    assert module.run([], feedback, on_line=cancel) is None
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def load_program(root_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from types import ModuleType, SimpleNamespace  # noqa: PLC0415 - for this test alone

    stands = {
        "qgis": {}, "qgis.core": {"QgsProcessingException": RuntimeError}, "processing": {},
        "processing.core": {},
        "processing.core.ProcessingConfig": {
            "ProcessingConfig": SimpleNamespace(getSetting=lambda _name: None)
        },
    }  # fmt: skip
    for name, held in stands.items():
        module = ModuleType(name)
        vars(module).update(held)
        monkeypatch.setitem(sys.modules, name, module)
    path = root_dir / "qgis_plugin" / "geomap_events" / "program.py"
    spec = importlib.util.spec_from_file_location("geomap_program", path)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
