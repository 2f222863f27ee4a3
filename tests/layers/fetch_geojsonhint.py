"""Fetch geojsonhint (npm, ISC), which judges GeoJSON.

It is used by tests only and is neither in the repository nor in the package:
``python tests/layers/fetch_geojsonhint.py`` puts it beside this file. Needs npm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).with_name("geojsonhint")
PROGRAM = HOME / "node_modules" / ".bin" / "geojsonhint"
PACKAGE = "geojsonhint@2.0.0"


def fetch() -> Path:
    """Fetch the program, unless it is there."""
    if not PROGRAM.is_file():
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("npm is not here: apt-get install npm")
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(HOME)]
        subprocess.run([npm, "install", *options, PACKAGE], check=True)
    return PROGRAM


if __name__ == "__main__":
    fetch()
