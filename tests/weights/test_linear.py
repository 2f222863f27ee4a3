"""A logistic model as plain numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import ModelError
from geomap.weights import Linear, load_linear

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODEL = Linear(("dry", "wet"), (0.0, 0.0), {"rain": (-1.0, 1.0), "sun": (2.0, -2.0)})


@given(st.dictionaries(st.sampled_from(["rain", "sun", "snow"]), st.floats(-1e6, 1e6)))
def test_probabilities_sum_to_one(features: dict[str, float]) -> None:
    chances = MODEL.probabilities(features)
    assert set(chances) == {"dry", "wet"}
    assert sum(chances.values()) == pytest.approx(1)
    assert all(0 <= chance <= 1 for chance in chances.values())


def test_unknown_features_weigh_nothing() -> None:
    assert MODEL.probabilities({"snow": 5.0}) == {"dry": 0.5, "wet": 0.5}
    assert MODEL.probabilities({"rain": 1.0})["wet"] > 0.5


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(
        "geomap.weights.stored.resources", SimpleNamespace(files=lambda _package: tmp_path)
    )
    load_linear.cache_clear()
    yield tmp_path
    load_linear.cache_clear()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"classes": ["a"], "intercepts": ["x"]}'])
def test_a_bad_file_is_one_clear_error(folder: Path, content: str) -> None:
    (folder / "bad.json").write_text(content)
    with pytest.raises(ModelError, match="'bad' cannot be read"):
        load_linear("bad")


def test_what_ships_tells_the_three_readings_apart() -> None:
    assert set(load_linear("reading").classes) == {"literal", "metonymic", "modifier"}
