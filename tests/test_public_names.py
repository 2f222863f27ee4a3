from __future__ import annotations

import subprocess
import sys

import pytest

import geomap


@pytest.mark.parametrize("name", geomap.__all__)
def test_public_name_is_there(name: str) -> None:
    assert getattr(geomap, name) is not None
    assert name in dir(geomap)


def test_names_are_sorted_and_each_has_a_home() -> None:
    assert geomap.__all__ == sorted(geomap.__all__)
    assert set(geomap.__all__) == {*geomap._HOMES, "__version__"}


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        geomap.nothing  # noqa: B018


def loaded_by(code: str) -> set[str]:
    listing = f"{code}\nimport sys; print(*sorted(sys.modules))"
    command = [sys.executable, "-c", listing]
    return set(subprocess.check_output(command, text=True).split())


HEAVY = {
    "spacy", "folium", "geopandas", "numpy", "shapely", "pyproj", "py3langid",
    "trafilatura", "lxml", "pypdfium2", "feedparser", "warcio", "requests", "pyarrow",
}  # fmt: skip


@pytest.mark.parametrize(
    "code",
    [
        "import geomap",
        "from geomap import read_articles, read_extractions, GeomapError, Settings, Article",
        "import geomap.cli",
        "import geomap.report, geomap.selection, geomap.outputs",
    ],
)
def test_light_imports_stay_light(code: str) -> None:
    assert not loaded_by(code) & HEAVY
