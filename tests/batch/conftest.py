from __future__ import annotations

import sys
from pathlib import Path

import pytest

# Workers import what they are told to run by name.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from fork_server import server

from geomap.batch import crew

SERVER = server("geomap.batch", "geomap.pipeline", "samples")


@pytest.fixture(autouse=True)
def quick_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers from a server that has loaded what they need; commands spawn theirs."""
    if SERVER is not None:
        monkeypatch.setattr(crew, "START_METHOD", "forkserver")
