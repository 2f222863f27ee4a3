"""Models of language that are missing, altered or too small: each says what to do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from geomap import model
from geomap.errors import ModelError
from geomap.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["no_such_pipeline_at_all", "no.such.package"])
def test_a_model_that_is_not_installed(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="is not installed; reinstall geomap"):
        model.check_model(Settings(model=name))


def test_an_altered_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "meta.json").write_text("{}", "utf-8")
    settings = Settings(model=str(tmp_path))
    digest = model.check_model(settings)
    monkeypatch.setattr(model, "KNOWN_WEIGHTS", {str(tmp_path): digest})
    assert model.check_model(settings) == digest
    (tmp_path / "meta.json").write_text("{ }", "utf-8")
    with pytest.raises(ModelError, match=f"expected {digest[:12]}…; reinstall it"):
        model.check_model(settings)


def test_a_folder_that_is_no_pipeline(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded as a spaCy pipeline"):
        model.load_model(Settings(model=str(tmp_path)))


def test_a_pipeline_without_a_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = SimpleNamespace(pipe_names=["tagger", "ner"])
    monkeypatch.setattr("spacy.load", lambda _name: small)
    with pytest.raises(ModelError, match="lacks lemmatizer, parser; give an English pipeline"):
        model.load_model(Settings(model=str(tmp_path)))
