"""Wide models: kept in a file and read again, and told by name when they are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomap.errors import ModelError
from geomap.weights.wide import Wide, load_wide

if TYPE_CHECKING:
    from pathlib import Path

MODEL = Wide(
    classes=("real", "planned"), words=frozenset({"due", "soon"}),
    intercepts=np.array([0.5, -0.5], np.float32), rows={"due": 0, "l=soon": 1},
    table=np.array([[0.25, 1.0], [-2.0, 0.0]], np.float32),
)  # fmt: skip


def test_a_model_comes_back_from_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MODEL.write(tmp_path / "mine.npz")
    monkeypatch.setattr("geomap.weights.wide.resources.files", lambda _package: tmp_path)
    load_wide.cache_clear()
    found = load_wide("mine")
    load_wide.cache_clear()
    assert (found.classes, found.words, dict(found.rows)) == (
        MODEL.classes, MODEL.words, dict(MODEL.rows),
    )  # fmt: skip
    assert found.table.tolist() == MODEL.table.tolist()
    assert found.intercepts.tolist() == MODEL.intercepts.tolist()


@pytest.mark.parametrize("content", [None, b"PK damaged"])
def test_a_model_that_is_gone_or_damaged_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "gone.npz").write_bytes(content)
    monkeypatch.setattr("geomap.weights.wide.resources.files", lambda _package: tmp_path)
    with pytest.raises(ModelError, match=r"'gone' cannot be read.*reinstall"):
        load_wide("gone")
