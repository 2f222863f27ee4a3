"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]


# A user's own gazetteers must not change what the tests see.
os.environ["GEOMAP_DATA"] = tempfile.mkdtemp(prefix="geomap-tests-")

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("geomap", deadline=None)
# The same few examples each time: benchmarks/mutants.py asks for it.
hypothesis.settings.register_profile(
    "mutants", deadline=None, derandomize=True, max_examples=40, database=None
)
hypothesis.settings.load_profile("geomap")


# Under pytest-xdist (-n auto --dist loadgroup) the tests of one file run in one process, for what
# they share; those of these files share little and take long, each by itself.
SPLIT = frozenset(
    {
        "test_site.py",
        "test_quality.py",
        "test_bad_input.py",
        "test_torn_states.py",
        "test_targets.py",
    }
)
# One browser for all its tests; what itself runs on all cores, not twice at once.
GROUPS = {"browser": "browser", "batch": "cores", "cluster": "cores", "watch": "cores"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        folder = item.path.parent.name
        if item.path.name not in SPLIT:
            group = GROUPS.get(folder, str(item.path))
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def root_dir() -> Path:
    """Give the root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Give the folder of material that may be measured on but not committed."""
    path = Path(os.environ.get("GEOMAP_SHARED", ROOT.parent / "shared"))
    if not (path / "seed" / "article.txt").is_file():
        pytest.skip(
            "the seed article and corpora have owners and are not in the project; "
            "set GEOMAP_SHARED to the folder that holds seed/ and corpora/"
        )
    return path


@pytest.fixture(scope="session")
def nlp() -> Any:
    """Give the real pipeline, loaded once."""
    from tests.pipelines import pipeline  # noqa: PLC0415 - a module stays, this file is read anew

    return pipeline()
