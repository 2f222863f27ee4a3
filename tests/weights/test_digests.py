"""The weights that ship are those that were fitted, and an altered file is told."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from geomap.errors import ModelError
from geomap.weights import check_weights
from geomap.weights.digests import RECORD, record_digests

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def copy(root_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "weights"
    shutil.copytree(root_dir / "geomap" / "weights", folder)
    monkeypatch.setattr(
        "geomap.weights.digests.resources", SimpleNamespace(files=lambda _package: folder)
    )
    return folder


def test_every_file_of_weights_is_recorded_as_it_is(root_dir: Path) -> None:
    # When weights were merged by hand: cd geomap/weights; sha256sum ner/* *.json *.npz > SHA256SUMS
    folder = root_dir / "geomap" / "weights"
    files = {
        f.relative_to(folder).as_posix()
        for f in [*folder.glob("*.json"), *folder.glob("*.npz"), *folder.glob("ner/*")]
    }
    assert set(check_weights()) == files


def test_all_altered_and_missing_files_are_named(copy: Path) -> None:
    (copy / "resolver.json").write_text("{}")
    (copy / "ner" / "moves").unlink()
    with pytest.raises(
        ModelError, match=r"ner/moves is missing; resolver.json .* reinstall"
    ) as told:
        check_weights()
    assert "recogniser" not in str(told.value)


def test_what_was_fitted_anew_is_recorded(copy: Path) -> None:
    before = check_weights()
    (copy / "reading.json").write_text("{}")
    record_digests(copy)
    after = check_weights()
    assert {name for name in after if after[name] != before[name]} == {"reading.json"}


@pytest.mark.parametrize("content", [None, "one-column\n"])
def test_a_lost_record_is_one_clear_error(copy: Path, content: str | None) -> None:
    (copy / RECORD).unlink()
    if content is not None:
        (copy / RECORD).write_text(content)
    with pytest.raises(ModelError, match="digests of the weights cannot be read"):
        check_weights()
