from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest

from geomap.articles.kinds import SUFFIXES
from geomap.articles.rows import ALIASES
from geomap.errors import SettingsError
from geomap.limits import ReadingLimits
from geomap.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def page(root_dir: Path) -> str:
    return (root_dir / "docs" / "reading.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("field", dataclasses.fields(ReadingLimits), ids=lambda one: one.name)
def test_each_limit_is_documented_with_its_default(
    field: dataclasses.Field[object], page: str
) -> None:
    shown = f"{field.default:,}" if type(field.default) is int else str(field.default)
    assert f"| `{field.name}` | {shown} |" in page
    assert re.search(rf"^    {field.name}$", ReadingLimits.__doc__ or "", re.MULTILINE)


def test_each_suffix_and_column_is_documented(page: str) -> None:
    for suffix in SUFFIXES:
        assert re.search(rf"[` ]{re.escape(suffix)}[` ]", page), suffix
    for names in ALIASES.values():
        for name in names:
            assert f"`{name}`" in page


def test_limits_from_a_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[reading]\nmax_pages = 5\nmax_seconds = 2\n")
    settings = load_settings(file)
    assert settings.reading == ReadingLimits(max_pages=5, max_seconds=2)
    assert settings.sha256 != Settings().sha256


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reading = 5", "reading is 5; expected a table"),
        ("[reading]\nmax_page = 5", "reading: unknown key 'max_page'; expected one of"),
        ("[reading]\nmax_pages = '5'", "reading: max_pages is '5'; expected a int"),
        ("[reading]\nmax_pages = 0", "reading.max_pages is 0; expected a number above 0"),
        ("[reading]\nmax_seconds = nan", "reading.max_seconds is nan"),
    ],
)
def test_faulty_limits(text: str, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert expected in str(caught.value)


def test_example_of_the_page_runs(
    page: str, root_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(root_dir)
    exec(code, {})  # noqa: S102 - the code of our own page
    assert "2022-03-16-mariupol" in capsys.readouterr().out
