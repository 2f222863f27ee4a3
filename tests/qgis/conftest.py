from __future__ import annotations

import os
import subprocess

import pytest


@pytest.fixture(scope="session")
def qgis_python() -> str:
    """Give a Python that has QGIS."""
    python = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
    try:
        done = subprocess.run(
            [python, "-c", "import qgis.core"], capture_output=True, check=False, timeout=60
        )
        found = done.returncode == 0
    except OSError:
        found = False
    if not found:
        pytest.skip("QGIS is not here: apt-get install qgis python3-qgis, or set QGIS_PYTHON")
    return python
