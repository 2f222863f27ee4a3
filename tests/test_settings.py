from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from geomap.errors import SettingsError
from geomap.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path


def toml(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_file_overrides_defaults(tmp_path: Path) -> None:
    file = toml(tmp_path, 'min_confidence = 1\ndraw_negated = true\ngazetteer = "g.sqlite"')
    settings = load_settings(file)
    assert settings == Settings(min_confidence=1, draw_negated=True, gazetteer="g.sqlite")


def test_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load_settings(toml(tmp_path, "")) == Settings()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("colour = 1", "unknown key 'colour'; expected one of"),
        ("model = 5", "model is 5; expected a str"),
        ("draw_negated = 1", "draw_negated is 1; expected a bool"),
        ("max_article_chars = true", "max_article_chars is True; expected a int"),
        ("max_article_chars = 0", "expected 1 to 1,000,000"),
        ("min_confidence = 1.5", "min_confidence is 1.5; expected 0 to 1"),
        ("min_confidence = nan", "min_confidence is nan; expected 0 to 1"),
        ('worldview = "mine"', "worldview is 'mine'; expected one of ('un-68-262',)"),
        ('model = ""', "model is empty"),
        ("= 5", "settings are not TOML"),
    ],
)
def test_faults(text: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(toml(tmp_path, text))
    assert expected in str(caught.value)


def test_all_faults_in_one_message() -> None:
    with pytest.raises(SettingsError, match=r"model .*; worldview .*; min_confidence"):
        Settings(model="", worldview="x", min_confidence=2)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="settings cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_file_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b"\xff\x00")
    with pytest.raises(SettingsError, match="settings are not TOML"):
        load_settings(file)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "other"},
        {"gazetteer": "x"},
        {"max_article_chars": 5},
        {"min_confidence": 0.5},
        {"draw_negated": True},
    ],
)
def test_digest_tells_settings_apart(change: dict[str, Any]) -> None:
    assert Settings(**change).sha256 != Settings().sha256
    assert Settings(**change).sha256 == Settings(**change).sha256


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().model = "x"  # type: ignore[misc]
